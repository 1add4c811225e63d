//! Orders before they are sent: what is accepted really fits, the largest size is the largest, and some orders by hand.

use margin_engine::account::{Account, Balance, Position, Quantity, QuantityUnit};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::collateral::{CollateralSchedule, default_for};
use margin_engine::insight::pre_trade::{Order, PreTrade, Verdict, pre_trade};
use margin_engine::insight::{AccountState, account_state};
use margin_engine::market::Market;
use margin_engine::methodology::{Methodology, assess, find};
use proptest::prelude::*;

use crate::support::{CALM, METHODOLOGIES, any_market, any_position, any_positions, close, coins, market, quote};

/// A methodology, haircuts and an account, which is asked about.
struct Desk {
    id: &'static str,
    methodology: Box<dyn Methodology>,
    schedule: CollateralSchedule,
    market: Market,
}

impl Desk {
    fn new(id: &'static str, market: Market) -> Desk {
        let entry = find(id).expect("registered");
        let methodology = entry.configure(None).expect("its preset is valid");
        let schedule = default_for(entry).configure(None).expect("its preset is valid");
        Desk { id, methodology, schedule, market }
    }

    fn book(&self, account: &Account) -> Book {
        Book::resolve(account, &self.market, ExpiredPositions::Refuse).expect("the market has them")
    }

    /// None where the methodology has no rules for something.
    fn check(&self, account: &Account, orders: &[Order], with_sizes: bool) -> Option<PreTrade> {
        let book = self.book(account);
        pre_trade(self.methodology.as_ref(), &self.schedule, account, (&book, &self.market), orders, with_sizes).ok()
    }

    /// The state of an account, the long way.
    fn state(&self, account: &Account) -> AccountState {
        let book = self.book(account);
        let entry = find(self.id).expect("registered");
        let assessment = assess(entry, self.methodology.as_ref(), &book).expect("it has rules for the book");
        account_state(self.methodology.as_ref(), &self.schedule, &book, assessment.pair())
    }
}

fn account(positions: Vec<Position>, dollars: f64, bitcoin: f64) -> Account {
    let balances = vec![Balance::new(Asset::USDC, dollars), Balance::new(Asset::BTC, bitcoin)];
    Account::new(Asset::USD, positions, balances).expect("a valid account")
}

fn order(position: Position) -> Order {
    Order { position, fee: 0.0, tick: None }
}

fn sized(mut order: Order, quantity: Quantity) -> Order {
    order.position.quantity = quantity;
    order
}

/// The account that the answer says there would be.
fn booked(account: &Account, answer: &PreTrade) -> Account {
    Account::new(account.currency(), answer.positions.clone(), answer.balances.clone()).expect("a valid account")
}

fn same(left: &AccountState, right: &AccountState, scale: f64) -> bool {
    let near = |left: f64, right: f64| close(left, right, 1e-9, scale);
    near(left.equity, right.equity)
        && near(left.requirement.initial, right.requirement.initial)
        && near(left.requirement.maintenance, right.requirement.maintenance)
        && near(left.free.initial, right.free.initial)
        && near(left.free.maintenance, right.free.maintenance)
}

/// What figures of an account are measured by.
fn scale(desk: &Desk, account: &Account) -> f64 {
    let book = desk.book(account);
    let legs = book.legs.iter().map(|leg| (leg.coins * book.index_of(leg)).abs()).sum::<f64>();
    legs + book.balances.iter().map(|balance| balance.value().abs()).sum::<f64>() + 1.0
}

proptest! {
    #![proptest_config(crate::cases())]

    /// The answer's account, resolved and assessed by itself, stands as the answer says; and its equity has changed by
    /// what the orders were dearer or cheaper than the marks, and by their fees.
    #[test]
    fn the_account_after_is_the_account_with_the_orders(
        market in any_market(),
        positions in any_positions(),
        traded in prop::collection::vec((any_position(), 0.7..1.4_f64, -5.0..50.0_f64), 1..4),
        id in prop::sample::select(&METHODOLOGIES[..]),
    ) {
        let desk = Desk::new(id, market);
        let before = account(positions, 50_000.0, 1.0);
        let orders: Vec<Order> = traded.iter().map(|(position, premium, fee)| {
            let book = Book::resolve(&account(vec![*position], 0.0, 0.0), &desk.market, ExpiredPositions::Refuse).expect("valid");
            let mark = book.quoted_mark(&book.legs[0]);
            let entry_price = (mark > 0.0).then_some(mark * premium);
            Order { fee: *fee, ..order(Position { entry_price, ..*position }) }
        }).collect();
        let Some(answer) = desk.check(&before, &orders, false) else { return Ok(()) };
        let after = booked(&before, &answer);
        let scale = scale(&desk, &before) + scale(&desk, &after);
        let state = desk.state(&after);
        prop_assert!(same(&answer.after, &state, scale), "{id}: {:?} {state:?}", answer.after);
        prop_assert!(same(&answer.before, &desk.state(&before), scale));
        if answer.verdict == Verdict::Accepted {
            prop_assert!(state.free.initial >= -1e-9 * scale, "{id}: {}", state.free.initial);
        }
        // One after the other comes to the same as all at once, where none is refused.
        if answer.orders.iter().all(|order| order.verdict.is_accepted()) {
            let last = &answer.orders.last().expect("not empty").after;
            prop_assert!(same(last, &answer.after, scale), "{id}: {last:?} {:?}", answer.after);
        }
        // Booked one by one, each on the account that the one before left.
        let mut account = before.clone();
        for order in &orders {
            let Some(step) = desk.check(&account, &[*order], false) else { return Ok(()) };
            account = booked(&account, &step);
        }
        prop_assert!(same(&desk.state(&account), &state, scale), "{id}");
    }

    #[test]
    fn an_order_of_nothing_changes_nothing(
        positions in any_positions(),
        traded in any_position(),
        id in prop::sample::select(&METHODOLOGIES[..]),
    ) {
        let desk = Desk::new(id, market(CALM));
        let before = account(positions, 50_000.0, 1.0);
        let nothing = sized(Order { fee: 7.0, ..order(traded) }, Quantity::coins(0.0));
        let Some(answer) = desk.check(&before, &[nothing], false) else { return Ok(()) };
        prop_assert_eq!(&answer.before, &answer.after);
        prop_assert_eq!(&booked(&before, &answer), &before);
        prop_assert!(answer.verdict.is_accepted());
    }

    /// The largest size would be accepted, and one tick more would not: asked as orders of their own.
    #[test]
    fn the_largest_size_fits_and_one_tick_more_does_not(
        market in any_market(),
        positions in any_positions(),
        traded in any_position(),
        dollars in -20_000.0..400_000.0_f64,
        id in prop::sample::select(&METHODOLOGIES[..]),
    ) {
        let desk = Desk::new(id, market);
        let account = account(positions, dollars, 1.0);
        let Some(answer) = desk.check(&account, &[order(traded)], true) else { return Ok(()) };
        let largest = answer.orders[0].largest.expect("asked for");
        let fits = |amount: f64| {
            let answer = desk.check(&account, &[sized(order(traded), Quantity { amount, ..largest.tick })], false);
            answer.expect("it has rules for the instrument").verdict.is_accepted()
        };
        for (side, size) in [(1.0, largest.buy), (-1.0, largest.sell)] {
            if let Some(size) = size {
                prop_assert!(fits(side * size), "{id} {side} {largest:?}");
                prop_assert!(!fits(side * (size + largest.tick.amount)), "{id} {side} {largest:?}");
            }
        }
    }

    /// Ticks so coarse that every size can be tried.
    #[test]
    fn no_smaller_size_is_refused(
        positions in any_positions(),
        traded in any_position(),
        dollars in -20_000.0..400_000.0_f64,
        id in prop::sample::select(&METHODOLOGIES[..]),
    ) {
        let desk = Desk::new(id, market(CALM));
        let account = account(positions, dollars, 1.0);
        let tick = if traded.quantity.unit == QuantityUnit::Quote { 10_000.0 } else { 0.25 };
        let coarse = Order { tick: Some(tick), ..order(traded) };
        let Some(answer) = desk.check(&account, &[coarse], true) else { return Ok(()) };
        let largest = answer.orders[0].largest.expect("asked for");
        for (side, size) in [(1.0, largest.buy), (-1.0, largest.sell)] {
            let fits = |ticks: u32| {
                let quantity = Quantity { amount: side * f64::from(ticks) * tick, ..traded.quantity };
                let answer = desk.check(&account, &[sized(coarse, quantity)], false);
                answer.expect("it has rules for the instrument").verdict.is_accepted()
            };
            let tried = (1..400).find(|ticks| !fits(*ticks)).map(|refused| f64::from(refused - 1) * tick);
            match tried {
                Some(expected) => prop_assert_eq!(size, Some(expected), "{} {}", id, side),
                None => prop_assert!(size.is_none_or(|size| size >= 399.0 * tick), "{id} {side} {size:?}"),
            }
        }
    }
}

/// Cross margin at ten times leverage, the index at 80,000, the perpetual at 80,056: 10,000 dollars carry 12,500 of a
/// coin, so 1.25 linear coins at the mark. A price ten dollars above the mark costs its loss at once.
#[test]
fn futures_by_hand() {
    let desk = Desk::new("cross", market(CALM));
    let cash = account(vec![], 10_000.0, 0.0);
    let perpetual = |size: f64, price: Option<f64>| Order {
        tick: Some(0.001),
        ..order(Position { entry_price: price, ..coins("BTC_USDC-PERPETUAL", size) })
    };
    let answer = desk.check(&cash, &[perpetual(1.0, None)], true).expect("it has rules");
    assert_eq!(answer.verdict, Verdict::Accepted);
    let largest = answer.orders[0].largest.expect("asked for");
    assert_eq!((largest.buy, largest.sell), (Some(1.25), Some(1.25)));
    assert!(close(answer.after.free.initial, 2_000.0, 1e-12, 2_000.0));
    assert_eq!(answer.orders[0].payment.amount, 0.0, "a future costs nothing when it is entered");
    let mark = answer.orders[0].payment.price;
    // (8,000 + 10) a coin, and 8,000 less 10 on the other side.
    let dear = desk.check(&cash, &[perpetual(1.0, Some(mark + 10.0))], true).expect("it has rules");
    let largest = dear.orders[0].largest.expect("asked for");
    assert_eq!((largest.buy, largest.sell), (Some(1.248), Some(1.251)));
    assert!(close(dear.after.equity, 9_990.0, 1e-12, 1e4), "{}", dear.after.equity);
    // Refused by 2,000.
    let answer = desk.check(&cash, &[perpetual(1.5, None)], false).expect("it has rules");
    assert_eq!(answer.verdict, Verdict::Refused);
    assert!(close(answer.after.free.initial, -2_000.0, 1e-12, 2_000.0));
}

/// In a margin call only what reduces risk goes through: closing does, up to the whole position; adding does not.
#[test]
fn whoever_is_called_may_close() {
    for id in ["isolated", "cross", "deribit-portfolio"] {
        let desk = Desk::new(id, market(CALM));
        let held = quote("BTC-PERPETUAL", 400_000.0);
        let short = account(vec![held], 1_000.0, 0.0);
        let check =
            |dollars: f64| desk.check(&short, &[order(quote("BTC-PERPETUAL", dollars))], true).expect("it has rules");
        let answer = check(-100_000.0);
        assert!(answer.before.free.initial < 0.0, "{id}");
        assert_eq!(answer.verdict, Verdict::AcceptedAsReducing, "{id}");
        assert_eq!(answer.positions.len(), 1, "closing opens nothing");
        assert!(close(answer.positions[0].quantity.amount, 300_000.0, 1e-12, 300_000.0), "{:?}", answer.positions);
        assert_eq!(check(10.0).verdict, Verdict::Refused, "{id}");
        let largest = answer.orders[0].largest.expect("asked for");
        assert_eq!(largest.buy, Some(0.0), "{id}");
        assert!(largest.sell.is_some_and(|sell| sell >= 400_000.0), "{id} {largest:?}");
        // All of it: the position is gone, and so is the requirement.
        let closed = check(-400_000.0);
        assert_eq!((closed.verdict, closed.positions.len()), (Verdict::Accepted, 0), "{id}");
        assert_eq!(closed.after.requirement.initial, 0.0, "{id}");
    }
}

/// What a closed future has gained is paid into its settlement currency: 100,000 dollars bought at 50,000 and sold at
/// 80,000 are 2 − 1.25 = 0.75 coins; a linear coin bought at 50,000 and sold at 81,000 pays 31,000 dollars.
#[test]
fn gains_are_paid_out() {
    let desk = Desk::new("cross", market(CALM));
    let held = vec![
        Position { entry_price: Some(50_000.0), ..quote("BTC-PERPETUAL", 100_000.0) },
        Position { entry_price: Some(50_000.0), ..coins("BTC_USDC-PERPETUAL", 1.0) },
    ];
    let before = account(held, 0.0, 0.5);
    let orders = [
        order(Position { entry_price: Some(80_000.0), ..quote("BTC-PERPETUAL", -100_000.0) }),
        Order { fee: 40.0, ..order(Position { entry_price: Some(81_000.0), ..coins("BTC_USDC-PERPETUAL", -1.0) }) },
    ];
    let answer = desk.check(&before, &orders, false).expect("it has rules");
    assert!(answer.positions.is_empty());
    let amounts: Vec<f64> = answer.balances.iter().map(|balance| balance.amount).collect();
    assert!(close(amounts[0], 30_960.0, 1e-12, 3e4) && close(amounts[1], 1.25, 1e-12, 1.0), "{amounts:?}");
}

/// Premiums: a coin-settled option is paid in coin, one settled in dollars in dollars, a coin in dollars.
#[test]
fn premiums_are_paid_from_the_settlement_currency() {
    let desk = Desk::new("deribit-portfolio", market(CALM));
    let before = account(vec![], 100_000.0, 2.0);
    let price = |name: &str, size: f64, price: f64| order(Position { entry_price: Some(price), ..coins(name, size) });
    let orders = [
        Order { fee: 0.0003, ..price("BTC-25SEP26-80000-C", 2.0, 0.05) },
        price("BTC_USDC-25SEP26-80000-P", -1.0, 4_000.0),
    ];
    let answer = desk.check(&before, &orders, false).expect("it has rules");
    let amounts: Vec<f64> = answer.balances.iter().map(|balance| balance.amount).collect();
    assert!(close(amounts[0], 104_000.0, 1e-12, 1e5) && close(amounts[1], 1.8997, 1e-12, 1.0), "{amounts:?}");
    assert_eq!(answer.orders[0].payment.asset, Asset::BTC);
    assert_eq!(answer.orders[1].payment.asset, Asset::USDC);
    // A currency that the account does not hold is owed.
    let spot =
        desk.check(&account(vec![], 0.0, 2.0), &[price("BTC-SPOT", 0.5, 80_000.0)], false).expect("it has rules");
    let dollars = spot.balances.iter().find(|balance| balance.asset == Asset::USD).expect("opened");
    assert_eq!(dollars.amount, -40_000.0);
}

/// A hedge frees margin, in a list the order that is refused first is named, and what is refused is not there for those
/// after it.
#[test]
fn a_list_is_checked_as_it_would_arrive() {
    let desk = Desk::new("deribit-portfolio", market(CALM));
    let before = account(vec![coins("BTC-25SEP26-100000-C", -10.0)], 30_000.0, 0.0);
    let hedge = order(coins("BTC-PERPETUAL", 1.0));
    let naked = order(coins("BTC-25SEP26-80000-C", -50.0));
    let answer = desk.check(&before, &[hedge, naked, hedge], false).expect("it has rules");
    assert!(answer.orders[0].after.free.initial > answer.orders[0].before.free.initial);
    let verdicts: Vec<bool> = answer.orders.iter().map(|order| order.verdict.is_accepted()).collect();
    assert_eq!(verdicts, [true, false, true]);
    assert_eq!(answer.orders[2].before, answer.orders[0].after);
    assert_eq!(answer.verdict, Verdict::Refused, "all together do not fit");
}

#[test]
fn what_is_no_order_is_refused() {
    let desk = Desk::new("cross", market(CALM));
    let account = account(vec![], 1_000.0, 0.0);
    let book = desk.book(&account);
    let check = |order: Order| {
        let orders = [super::pre_trade::order(coins("BTC-PERPETUAL", 1.0)), order];
        let answer =
            pre_trade(desk.methodology.as_ref(), &desk.schedule, &account, (&book, &desk.market), &orders, false);
        answer.expect_err("refused").to_string()
    };
    let perpetual = order(coins("BTC-PERPETUAL", 1.0));
    assert!(
        check(sized(perpetual, Quantity::coins(f64::NAN))).starts_with("order 1: the quantity of BTC-PERPETUAL is NaN")
    );
    let priced = |price| Order { position: Position { entry_price: Some(price), ..perpetual.position }, ..perpetual };
    assert!(check(priced(-1.0)).contains("price"));
    assert!(check(Order { fee: f64::INFINITY, ..perpetual }).contains("the fee is inf"));
    assert!(check(Order { tick: Some(0.0), ..perpetual }).contains("the tick is 0"));
    assert!(check(order(coins("BTC-26JUN26", 1.0))).contains("expired"));
    assert!(check(order(coins("SOL-PERPETUAL", 1.0))).contains("no such underlying"));
}

/// Listed options and shares, whose sizes count contracts and shares: every size tried.
#[test]
fn listed_products_fit_as_far_as_it_is_said() {
    for id in ["regulation-t", "tims"] {
        let desk = Desk::new(id, super::shares::market());
        let held = vec![coins("AAPL", 300.0), coins("AAPL261218C00250000", -2.0)];
        let balances = vec![Balance::new(Asset::USD, 20_000.0)];
        let account = Account::new(Asset::USD, held, balances).expect("a valid account");
        for name in ["AAPL", "AAPL261218C00250000", "AAPL261218P00220000"] {
            let traded = Order { tick: Some(if name == "AAPL" { 10.0 } else { 1.0 }), ..order(coins(name, 1.0)) };
            let answer = desk.check(&account, &[traded], true).expect("it has rules");
            let largest = answer.orders[0].largest.expect("asked for");
            for (side, size) in [(1.0, largest.buy), (-1.0, largest.sell)] {
                let fits = |ticks: u32| {
                    let quantity = Quantity::coins(side * f64::from(ticks) * largest.tick.amount);
                    let answer = desk.check(&account, &[sized(traded, quantity)], false).expect("it has rules");
                    answer.verdict.is_accepted()
                };
                let tick = largest.tick.amount;
                match (1..200).find(|ticks| !fits(*ticks)) {
                    Some(refused) => assert_eq!(size, Some(f64::from(refused - 1) * tick), "{id} {name} {side}"),
                    None => assert!(size.is_none_or(|size| size >= 199.0 * tick), "{id} {name} {side} {size:?}"),
                }
            }
        }
    }
    // By hand: half of 230 a share, from 20,000 dollars and no position.
    let desk = Desk::new("regulation-t", super::shares::market());
    let account = Account::new(Asset::USD, vec![], vec![Balance::new(Asset::USD, 20_000.0)]).expect("valid");
    let answer = desk.check(&account, &[order(coins("AAPL", 100.0))], true).expect("it has rules");
    let largest = answer.orders[0].largest.expect("asked for");
    assert_eq!((largest.tick.amount, largest.buy), (1.0, Some((20_000.0_f64 / 115.0).floor())));
}
