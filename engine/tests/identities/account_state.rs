//! What an account has against what it needs: published figures, figures by hand, and what must hold for every account.

use margin_engine::account::{Account, Balance, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, BookShift, ExpiredPositions};
use margin_engine::collateral::{CollateralSchedule, SCHEDULES, default_for, find_schedule};
use margin_engine::contract::Request;
use margin_engine::insight::{AccountState, Standing, account_state};
use margin_engine::instrument::{Instrument, Kind, Product};
use margin_engine::market::{Market, MarketDraft, Source, UnderlyingClass, UnderlyingDraft};
use margin_engine::methodology::{METHODOLOGIES, Pair, assess, find};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{self, CALM, any_currency, any_market, any_positions, close, coins, market};

fn asset(ticker: &str) -> Asset {
    ticker.parse().expect("a ticker")
}

fn book(currency: &str, positions: &[Position], balances: &[Balance], market: &Market) -> Book {
    let account = Account::new(asset(currency), positions.to_vec(), balances.to_vec()).expect("a valid account");
    Book::resolve(&account, market, ExpiredPositions::Refuse).expect("the market has them")
}

fn schedule(id: &str) -> CollateralSchedule {
    find_schedule(id).expect("registered").configure(None).expect("a preset")
}

/// The state under a methodology, with its venue's haircuts unless others are given.
fn state(id: &str, haircuts: Option<&CollateralSchedule>, book: &Book) -> AccountState {
    let entry = find(id).expect("registered");
    let methodology = entry.configure(None).expect("a preset");
    let own = default_for(entry).configure(None).expect("a preset");
    let assessment = assess(entry, methodology.as_ref(), book).expect("it has rules for the book");
    account_state(methodology.as_ref(), haircuts.unwrap_or(&own), book, assessment.pair())
}

/// Derive's worked accounts at its live parameters: ether and its forward as given, options at their marks.
fn derive_account(index: f64, forward: f64, options: &[(&str, f64, f64)], cash: f64) -> AccountState {
    let positions: Vec<Position> = options.iter().map(|(name, amount, _)| coins(name, *amount)).collect();
    let mut book = book("USDC", &positions, &[Balance::new(Asset::USDC, cash)], &market(CALM));
    book.underlyings[0].index = index;
    book.expiries[0].forward = forward;
    for (leg, (.., mark)) in book.legs.iter_mut().zip(options) {
        leg.sensitivities.price = *mark;
    }
    state("derive-standard", None, &book)
}

#[test]
fn the_standard_managers_worked_accounts() {
    let calls = derive_account(1_900.0, 1_900.0, &[("ETH_USDC-25SEP26-1800-C", -3.0, 120.0)], 2_000.0);
    assert!(close(calls.free.initial, 785.0, 1e-12, 785.0), "{calls:?}");
    assert!(close(calls.free.maintenance, 1_127.0, 1e-12, 1_127.0), "{calls:?}");
    // What would be left if all were closed is more: the calls cost 360.
    assert_eq!(calls.equity, 1_640.0);
    assert_eq!(calls.margin_ratio, Some(873.0 / 2_000.0));
    assert_eq!(calls.standing, Standing::Healthy);
    let spread = [("ETH_USDC-25SEP26-1700-C", -8.0, 425.0), ("ETH_USDC-25SEP26-1900-C", 8.0, 262.0)];
    let spreads = derive_account(2_100.0, 2_105.0, &spread, 0.0);
    assert_eq!(spreads.free, Pair::both(-1_600.0));
}

/// Every schedule serves the methodologies of its venue.
#[test]
fn venues_find_their_haircuts() {
    for (methodology, haircuts) in [
        ("deribit-standard", "deribit"),
        ("deribit-portfolio", "deribit"),
        ("derive-standard", "derive"),
        ("derive-pm2", "derive"),
        ("okx-portfolio", "okx"),
        ("regulation-t", "us"),
        ("tims", "us"),
        ("span", "general"),
        ("custom", "general"),
    ] {
        assert_eq!(default_for(find(methodology).expect("registered")).id, haircuts, "{methodology}");
    }
    for entry in SCHEDULES {
        let schedule = entry.configure(None).unwrap_or_else(|error| panic!("{}: {error}", entry.id));
        let preset = &schedule.configured().preset;
        for text in [&preset.id, &preset.title, &preset.date, &preset.source, &preset.mark_note] {
            assert!(!text.is_empty(), "{}", entry.id);
        }
        let is_used = METHODOLOGIES.iter().any(|methodology| default_for(methodology).id == entry.id);
        assert!(is_used || entry.id == "par", "no methodology has {}", entry.id);
    }
}

/// Bitcoin stands behind options that settle in dollars, less its haircut.
#[test]
fn coins_are_collateral_for_what_settles_in_dollars() {
    let positions = [coins("ETH_USDC-25SEP26-2400-P", -20.0)];
    let balances = [Balance::new(Asset::BTC, 0.5), Balance::new(asset("STETH"), 2.0)];
    let market = market(CALM);
    let of_puts = book("USD", &positions, &[], &market).worth().short_options;
    let held = state("deribit-portfolio", None, &book("USD", &positions, &balances, &market));
    // 0.5 bitcoin at 80,000 and two staked ethers at 2,400; 5 % and 7.5 % off against the initial requirement only.
    assert!(close(held.equity, 40_000.0 + 4_800.0 + of_puts, 1e-12, 4e4), "{held:?}");
    assert!(close(held.margin_balance.initial, 38_000.0 + 4_440.0 + of_puts, 1e-12, 4e4), "{held:?}");
    assert!(close(held.margin_balance.maintenance, held.equity, 1e-12, 4e4), "{held:?}");
    // In dollars or in bitcoin, it is the same account.
    let in_coin = state("deribit-portfolio", None, &book("BTC", &positions, &balances, &market));
    assert!(close(in_coin.free.initial * 80_000.0, held.free.initial, 1e-9, held.equity), "{in_coin:?}");
    assert_eq!(in_coin.standing, held.standing);
    // When bitcoin falls by half, so does what it covers, though ether stays.
    let fall = BookShift { asset_moves: vec![(Asset::BTC, -0.5)], ..BookShift::default() };
    let fallen = book("USD", &positions, &balances, &market).shifted(&fall).expect("a valid move");
    let fallen = state("deribit-portfolio", None, &fallen);
    assert!(close(held.free.initial - fallen.free.initial, 19_000.0, 1e-9, 2e4), "{fallen:?}");
    assert_eq!(fallen.requirement, held.requirement);
}

#[test]
fn each_part_of_a_balance_has_the_haircut_of_its_band() {
    let market = market(CALM);
    let counted = |id: &str, balances: &[Balance]| {
        let book = book("USD", &[], balances, &market);
        let counted = schedule(id).count(&book);
        counted.iter().fold(Pair::default(), |sum, balance| sum.plus(balance.counted))
    };
    let bitcoin = |amount: f64| Balance::new(Asset::BTC, amount);
    // 800 bitcoin are 64 million: 10 at 10 %, 40 at 15 %, 14 at 20 %; maintenance at 5, 10 and 15 %.
    let large = counted("general", &[bitcoin(800.0)]);
    assert!(close(large.initial, 9e6 + 34e6 + 11.2e6, 1e-12, 6e7), "{large:?}");
    assert!(close(large.maintenance, 9.5e6 + 36e6 + 11.9e6, 1e-12, 6e7), "{large:?}");
    // However it is split into rows, it is one balance.
    let split = counted("general", &[bitcoin(500.0), Balance::new(Asset::USDC, 5.0), bitcoin(300.0)]);
    assert!(close(split.initial, large.initial + 5.0, 1e-12, 6e7), "{split:?}");
    // Where the band ends, nothing jumps.
    let [below, above] =
        [1_249.999_99, 1_250.000_01].map(|amount| counted("general", &[bitcoin(amount / 10.0)]).initial);
    assert!(above > below && above - below < 1.0, "{below} {above}");
    // A debt has its margin, and what is owed and what is held of one asset net first.
    assert!(close(counted("general", &[bitcoin(-1.0)]).initial, -88_000.0, 1e-12, 1e5));
    assert!(close(counted("general", &[bitcoin(3.0), bitcoin(-1.0)]).initial, 144_000.0, 1e-12, 1e5));
    // What a venue does not name it does not take.
    let unknown = Balance { usd_per_unit: Some(9.0), ..Balance::new(asset("PEPPER"), 100.0) };
    assert_eq!(counted("general", &[unknown]), Pair::default());
    assert_eq!(counted("par", &[unknown]), Pair::both(900.0));
}

#[test]
fn stress_raises_haircuts_but_not_those_of_zero() {
    let balances = [Balance::new(Asset::USDC, 1_000.0), Balance::new(Asset::ETH, 1.0)];
    let book = book("USD", &[coins("ETH_USDC-PERPETUAL", -1.0)], &balances, &market(CALM));
    let usual = schedule("deribit");
    let stressed = usual.stressed(0.25).expect("a fraction");
    let counted = |schedule: &CollateralSchedule| schedule.count(&book).iter().map(|it| it.counted).collect::<Vec<_>>();
    assert_eq!(counted(&usual), [Pair::both(1_000.0), Pair { initial: 2_280.0, maintenance: 2_400.0 }]);
    assert_eq!(counted(&stressed), [Pair::both(1_000.0), Pair { initial: 1_680.0, maintenance: 2_400.0 }]);
    assert_eq!(stressed.usual(), usual);
    assert_eq!(counted(&usual.stressed(1.0).expect("all of it"))[1].initial, 0.0);
    for bad in [f64::NAN, -0.1, 1.1] {
        let error = usual.stressed(bad).expect_err("out of its domain").to_string();
        assert!(error.starts_with("parameters: haircut_added is "), "{error}");
    }
    // Where the requirement holds the haircuts, the balance loses what stress adds to them.
    let derive = schedule("derive");
    let before = state("derive-pm2", Some(&derive), &book);
    let after = state("derive-pm2", Some(&derive.stressed(0.25).expect("a fraction")), &book);
    assert_eq!(before.margin_balance, Pair::both(3_400.0));
    assert_eq!(before.requirement, after.requirement);
    assert!(close(before.free.initial - after.free.initial, 600.0, 1e-12, 600.0), "{after:?}");
    assert!(close(before.free.maintenance - after.free.maintenance, 600.0, 1e-12, 600.0), "{after:?}");
}

/// A stablecoin that loses its peg takes what is held in it along, and nothing else.
#[test]
fn a_lost_peg_is_a_move_of_the_balance() {
    let balances = [Balance::new(asset("USDT"), 10_000.0), Balance::new(Asset::USD, 10_000.0)];
    let book = book("USD", &[coins("BTC-PERPETUAL", -0.5)], &balances, &market(CALM));
    let depeg = BookShift { asset_moves: vec![(asset("USDT"), -0.12)], ..BookShift::default() };
    let moved = book.shifted(&depeg).expect("a valid move");
    let [before, after] = [&book, &moved].map(|book| state("deribit-standard", None, book));
    assert!(close(before.equity - after.equity, 1_200.0, 1e-12, 1_200.0));
    assert!(close(before.free.initial - after.free.initial, 0.98 * 1_200.0, 1e-9, 1_200.0));
}

/// A price of the holder's own moves with its coin, by a what-if as in a moved book; money with one stays.
#[test]
fn a_price_of_ones_own_moves_with_its_coin() {
    let own = |ticker: &str, usd: f64| Balance { usd_per_unit: Some(usd), ..Balance::new(asset(ticker), 2.0) };
    let balances = [own("WSTETH", 3_000.0), own("EUR", 1.1)];
    let request: Request = Request::from_value(json!({
        "version": 1,
        "account": {
            "positions": [],
            "balances": [
                { "asset": "WSTETH", "amount": 2, "price_usd": 3000 },
                { "asset": "EUR", "amount": 2, "price_usd": 1.1 },
            ],
        },
        "market": "calm",
        "methodology": { "id": "custom" },
        "what_if": { "spot_move": -0.3 },
    }))
    .expect("a request");
    let resolved = request.resolve(|_| Some(market(CALM))).expect("valid");
    let shifted = book("USD", &[], &balances, &market(CALM)).shifted(&BookShift::spot(-0.3)).expect("a valid move");
    for book in [resolved.book, shifted] {
        let values: Vec<f64> = book.balances.iter().map(|balance| balance.value()).collect();
        assert!(close(values[0], 4_200.0, 1e-12, 4_200.0) && close(values[1], 2.2, 1e-12, 2.2), "{values:?}");
    }
}

/// Stock sold short at 100 dollars with 50 % of one's own money: Regulation T asks for 150 %, the proceeds among it.
#[test]
fn short_stock_is_counted_once() {
    let stock = asset("ACME");
    let mut draft = UnderlyingDraft::new(stock, 100.0);
    draft.terms.class = UnderlyingClass::Stock;
    let time = support::NOW.parse().expect("a valid time");
    let market = Market::new(MarketDraft::new(time, Source::default()).with(draft)).expect("a valid market");
    let shares = |amount: f64| Position {
        instrument: Instrument::coin(Product::inverse(stock), Kind::Spot),
        quantity: Quantity::coins(amount),
        entry_price: None,
    };
    let with_cash = |amount: f64, cash: f64| {
        state("regulation-t", None, &book("USD", &[shares(amount)], &[Balance::new(Asset::USD, cash)], &market))
    };
    let short = with_cash(-100.0, 15_000.0);
    assert_eq!((short.equity, short.free), (5_000.0, Pair { initial: 0.0, maintenance: 2_000.0 }));
    // Bought with half of it borrowed.
    let long = with_cash(100.0, -5_000.0);
    assert_eq!((long.equity, long.free), (5_000.0, Pair { initial: 0.0, maintenance: 2_500.0 }));
}

fn any_balances() -> impl Strategy<Value = Vec<Balance>> {
    let one = (prop::sample::select(&["USD", "USDC", "USDT", "BTC", "ETH", "WSTETH"][..]), -50.0..100.0_f64);
    prop::collection::vec(one, 0..5).prop_map(|rows| {
        let balance = |(ticker, amount)| Balance::new(asset(ticker), amount);
        rows.into_iter().map(balance).collect()
    })
}

proptest! {
    #![proptest_config(crate::cases())]

    /// Twice the account is twice of everything, and none of an asset is nothing.
    #[test]
    fn states_scale_with_the_account_and_pass_over_nothing(
        market in any_market(),
        positions in any_positions(),
        balances in any_balances(),
        currency in any_currency(),
        factor in 0.1..3.0_f64,
    ) {
        let scaled: Vec<Position> = positions.iter().map(|position| {
            let Quantity { amount, unit } = position.quantity;
            Position { quantity: Quantity { amount: factor * amount, unit }, ..*position }
        }).collect();
        let more: Vec<Balance> =
            balances.iter().map(|balance| Balance { amount: factor * balance.amount, ..*balance }).collect();
        let with_nothing: Vec<Balance> = balances.iter().copied().chain([Balance::new(Asset::BTC, 0.0)]).collect();
        let one = book(currency, &positions, &balances, &market);
        let other = book(currency, &scaled, &more, &market);
        let same = book(currency, &positions, &with_nothing, &market);
        // Rules that are linear in size for one book; haircuts without tiers.
        for (id, haircuts) in [("cross", "par"), ("isolated", "deribit"), ("cross", "derive")] {
            let haircuts = schedule(haircuts);
            let [one, other, same] = [&one, &other, &same].map(|book| state(id, Some(&haircuts), book));
            let scale = one.equity.abs() + one.requirement.initial + one.margin_balance.initial.abs()
                + one.balances.iter().map(|balance| balance.value.abs()).sum::<f64>();
            for (mine, theirs) in [
                (one.equity, other.equity),
                (one.margin_balance.initial, other.margin_balance.initial),
                (one.free.initial, other.free.initial),
                (one.free.maintenance, other.free.maintenance),
            ] {
                prop_assert!(close(factor * mine, theirs, 1e-9, factor * scale), "{id}: {mine} {theirs}");
            }
            if one.free.maintenance.abs() > 1e-6 * scale && one.equity.abs() > 1e-6 * scale
                && one.free.initial.abs() > 1e-6 * scale
                && one.margin_ratio.is_none_or(|ratio| (ratio - 0.7).abs() > 1e-6)
            {
                prop_assert_eq!(one.standing, other.standing);
            }
            prop_assert_eq!(one.equity, same.equity);
            prop_assert_eq!(one.free, same.free);
            prop_assert_eq!(one.standing, same.standing);
        }
    }

    /// A haircut only takes away, debts only cost more, and stress takes more; what is free falls with it.
    #[test]
    fn no_haircut_adds(market in any_market(), balances in any_balances(), added in 0.0..1.0_f64) {
        let book = book("USD", &[], &balances, &market);
        for entry in SCHEDULES {
            let haircuts = entry.configure(None).expect("a preset");
            let stressed = haircuts.stressed(added).expect("a fraction");
            let total = |schedule: &CollateralSchedule| {
                schedule.count(&book).iter().fold(Pair::default(), |sum, balance| sum.plus(balance.counted))
            };
            let value: f64 = book.balances.iter().map(|balance| balance.value()).sum();
            let scale: f64 = book.balances.iter().map(|balance| balance.value().abs()).sum();
            let (usual, stressed) = (total(&haircuts), total(&stressed));
            let slack = 1e-12 * scale;
            prop_assert!(usual.initial <= usual.maintenance + slack && usual.maintenance <= value + slack, "{}", entry.id);
            prop_assert!(stressed.initial <= usual.initial + slack && stressed.maintenance <= usual.maintenance + slack);
        }
    }
}

#[test]
fn edited_haircuts_are_marked() {
    let edits = json!({ "assets": { "BTC": { "haircut": { "initial": 0.2 } } } });
    let edited = find_schedule("deribit").expect("registered").configure(Some(&edits)).expect("valid");
    assert!(edited.configured().is_edited);
    assert_eq!(edited.terms(Asset::BTC).haircut, Pair { initial: 0.2, maintenance: 0.0 });
}
