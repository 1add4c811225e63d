//! A live assessment is the cold one, to the bit, under every methodology and after any sequence of edits.

use std::rc::Rc;
use std::sync::Arc;

use margin_engine::account::{Account, Balance, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::insight::savings;
use margin_engine::live::LiveAssessment;
use margin_engine::market::{Market, Shift};
use margin_engine::methodology::{Assessment, ConfiguredMethodology, METHODOLOGIES, assess};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{CALM, Shape, any_position, coins, market, quote};

/// American and European options on what is listed, futures on an index and on a bond, bonds, and a coin beside.
const LISTED: &str = r#"{"version":1,"time":"2026-11-15T21:00:00Z","underlyings":[
    {"asset":"UST","class":"bond","yields":[[1,0.035],[2,0.036],[10,0.042],[20,0.047]]},
    {"asset":"ZN","class":"bond","index":112,"contract_size":1000,"deliverable":{"coupon_annual":0.06,"years":10},
     "expiries":[{"expiry":"19MAR27","forward":112.5,"rate":0.036,"smile":[[112,0.06]]}]},
    {"asset":"AAPL","class":"stock","index":230,"expiries":[
     {"expiry":"18DEC26","forward":230.5,"rate":0.04,"smile":[[200,0.4],[260,0.3]]},
     {"expiry":"19MAR27","forward":232,"rate":0.04,"smile":[[200,0.38],[260,0.31]]}]},
    {"asset":"SPX","class":"index","index":6700,"expiries":[
     {"expiry":"18DEC26","forward":6720,"rate":0.04,"smile":[[6000,0.2],[7000,0.15]]}]},
    {"asset":"BTC","index":77000,"expiries":[{"expiry":"25DEC26","forward":77800,"smile":[[80000,0.5]]}]}
]}"#;

const LISTED_NAMES: [&str; 13] = [
    "AAPL",
    "AAPL261218C00230000",
    "AAPL261218P00210000",
    "AAPL270319C00250000",
    "SPX261218C06800000",
    "SPX261218P06500000",
    "UST-4.25%-12NOV36",
    "UST-3.5%-14NOV28",
    "/ZN-19MAR27",
    "BTC-PERPETUAL",
    "BTC-25DEC26-80000-C",
    "BTC-SPOT",
    "ETH-PERPETUAL",
];

/// One change of what is assessed. Places are taken from the end of the list on, round and round.
#[derive(Debug, Clone)]
enum Edit {
    Add(usize, Position),
    Remove(usize),
    Swap(usize, usize),
    /// So many; told beforehand to the leg itself, or found by comparing accounts.
    Resize(usize, f64, bool),
    Entry(usize, Option<f64>),
    Become(usize, Position),
    /// The same instrument, counted in something else.
    Unit(usize),
    Balances(Vec<Balance>),
    Currency(Asset),
    /// One of the markets.
    Market(usize),
    /// Methodologies read anew, the custom one with other parameters.
    Parameters(u8),
}

fn any_listed() -> impl Strategy<Value = Position> {
    (prop::sample::select(&LISTED_NAMES[..]), -20.0..20.0_f64, any::<bool>()).prop_map(|(name, size, in_quote)| {
        if in_quote && coins(name, 1.0).instrument.option_terms().is_none() {
            quote(name, (size * 500.0).round())
        } else {
            coins(name, size.round())
        }
    })
}

fn any_edit(position: BoxedStrategy<Position>) -> impl Strategy<Value = Edit> {
    let place = || 0..12_usize;
    let amount = prop_oneof![4 => -50.0..50.0_f64, 1 => Just(0.0), 1 => Just(-0.0), 1 => Just(1e15)];
    let asset = prop::sample::select(&[Asset::USD, Asset::USDC, Asset::BTC, Asset::ETH][..]);
    let balance = (asset.clone(), -5.0..2e4_f64, prop::option::of(0.5..2.0_f64));
    let balance = balance.prop_map(|(asset, amount, usd_per_unit)| Balance { asset, amount, usd_per_unit });
    prop_oneof![
        6 => (place(), amount, any::<bool>()).prop_map(|(leg, amount, told)| Edit::Resize(leg, amount, told)),
        3 => (place(), position.clone()).prop_map(|(leg, position)| Edit::Become(leg, position)),
        2 => (place(), position).prop_map(|(leg, position)| Edit::Add(leg, position)),
        2 => place().prop_map(Edit::Remove),
        1 => (place(), place()).prop_map(|(one, other)| Edit::Swap(one, other)),
        1 => (place(), prop::option::of(1.0..1e5_f64)).prop_map(|(leg, price)| Edit::Entry(leg, price)),
        1 => place().prop_map(Edit::Unit),
        1 => prop::collection::vec(balance, 0..3).prop_map(Edit::Balances),
        1 => asset.prop_map(Edit::Currency),
        1 => place().prop_map(Edit::Market),
        1 => (1..4_u8).prop_map(Edit::Parameters),
    ]
}

/// Everything that an assessment depends on.
struct Held {
    positions: Vec<Position>,
    balances: Vec<Balance>,
    currency: Asset,
    markets: Vec<Arc<Market>>,
    market: usize,
    expired: ExpiredPositions,
    methodologies: Vec<Rc<ConfiguredMethodology>>,
}

fn methodologies(steps: u8) -> Vec<Rc<ConfiguredMethodology>> {
    let edits = json!({ "price_steps": steps });
    let configure = METHODOLOGIES.iter().map(|entry| entry.configure((entry.id == "custom").then_some(&edits)));
    configure.map(Rc::new).collect()
}

impl Held {
    fn new(positions: Vec<Position>, today: Market, other: Market, expired: ExpiredPositions) -> Held {
        let shift = Shift { days_forward: 40.0, ..Shift::default() };
        let later = today.shifted(&shift).expect("a valid move");
        let markets = [today.clone(), other, later, today].map(Arc::new).to_vec();
        let (balances, methodologies) = (Vec::new(), methodologies(3));
        Held { positions, balances, currency: Asset::USD, markets, market: 0, expired, methodologies }
    }

    /// The account; none where the last edit made it one that cannot be.
    fn account(&self) -> Option<Account> {
        Account::new(self.currency, self.positions.clone(), self.balances.clone()).ok()
    }

    fn apply(&mut self, edit: &Edit) {
        let count = self.positions.len();
        let at = |place: usize| place % count.max(1);
        let change = |positions: &mut Vec<Position>, place: usize, change: &dyn Fn(&mut Position)| {
            positions.get_mut(at(place)).into_iter().for_each(change);
        };
        let positions = &mut self.positions;
        match edit {
            Edit::Add(place, position) => positions.insert(place % (count + 1), *position),
            Edit::Remove(_) | Edit::Swap(..) if count == 0 => {}
            Edit::Remove(place) => {
                positions.remove(at(*place));
            }
            Edit::Swap(one, other) => positions.swap(at(*one), at(*other)),
            Edit::Resize(place, amount, _) => change(positions, *place, &|it| it.quantity.amount = *amount),
            Edit::Entry(place, price) => change(positions, *place, &|it| it.entry_price = *price),
            Edit::Become(place, position) => change(positions, *place, &|it| *it = *position),
            Edit::Unit(place) => change(positions, *place, &|it| {
                if it.instrument.option_terms().is_none() {
                    it.quantity = Quantity::quote(it.quantity.amount);
                }
            }),
            Edit::Balances(balances) => self.balances.clone_from(balances),
            Edit::Currency(currency) => self.currency = *currency,
            Edit::Market(market) => self.market = market % self.markets.len(),
            Edit::Parameters(steps) => self.methodologies = methodologies(*steps),
        }
    }
}

/// All figures of an assessment by their bits: zeros of either sign are told apart.
fn bits(assessment: &Assessment, legs: usize) -> Vec<u64> {
    let mut figures = vec![assessment.initial, assessment.maintenance];
    figures.extend(&assessment.leg_shares);
    (0..legs).for_each(|leg| figures.extend(assessment.revaluation.leg(leg)));
    assessment.pots.iter().for_each(|pot| figures.extend(&pot.counted_pnl));
    for component in &assessment.components {
        figures.extend([component.initial, component.maintenance]);
        figures.extend(&component.initial_by_leg);
    }
    figures.extend(assessment.memos.iter().map(|memo| memo.value));
    figures.iter().map(|figure| figure.to_bits()).collect()
}

/// Compares a live assessment with one made from nothing.
fn check(live: &mut LiveAssessment, held: &Held, number: usize, asks_savings: bool) -> Result<(), TestCaseError> {
    let Some(account) = held.account() else { return Ok(()) };
    let (entry, configured) = (&METHODOLOGIES[number], &held.methodologies[number]);
    let market = &held.markets[held.market];
    let outcome = live.update(&account, market, held.expired, entry, configured).map_err(|error| error.to_string());
    let book = match Book::resolve(&account, market, held.expired) {
        Ok(book) => book,
        Err(error) => {
            prop_assert_eq!(outcome, Err(error.to_string()));
            return Ok(());
        }
    };
    prop_assert!(live.book() == Some(&book), "another book");
    let methodology = configured.as_ref().as_ref().expect("valid parameters").as_ref();
    let cold = match assess(entry, methodology, &book) {
        Ok(cold) => cold,
        Err(error) => {
            prop_assert_eq!(outcome, Err(error.to_string()));
            prop_assert!(live.assessment().is_none());
            return Ok(());
        }
    };
    prop_assert_eq!(outcome, Ok(()));
    same(live, &cold, entry.id)?;
    if asks_savings {
        let cold = savings(methodology, &book, &cold).map_err(|error| error.to_string());
        let ours = live.savings().map_err(|error| error.to_string());
        prop_assert_eq!(ours, cold.map(Some));
    }
    Ok(())
}

fn same(live: &LiveAssessment, cold: &Assessment, id: &str) -> Result<(), TestCaseError> {
    let legs = live.book().map_or(0, |book| book.legs.len());
    let ours = live.assessment().expect("there is a cold one");
    // Without the figures: they would fill pages.
    prop_assert!(ours == cold, "{} has other figures", id);
    prop_assert!(bits(ours, legs) == bits(cold, legs), "{} differs in the sign of a zero", id);
    Ok(())
}

/// Runs edits past one live assessment of each methodology.
fn run(mut held: Held, edits: &[(Edit, bool)]) -> Result<(), TestCaseError> {
    let mut lives: Vec<LiveAssessment> = METHODOLOGIES.iter().map(|_| LiveAssessment::default()).collect();
    // And past one that goes from one methodology to the next.
    let mut wandering = LiveAssessment::default();
    for (number, live) in lives.iter_mut().enumerate() {
        check(live, &held, number, true)?;
    }
    for (step, (edit, asks_savings)) in edits.iter().enumerate() {
        held.apply(edit);
        for (number, live) in lives.iter_mut().enumerate() {
            if let (Edit::Resize(place, _, true), Some(account)) = (edit, held.account()) {
                told(live, &held, number, &account, place % held.positions.len().max(1))?;
            }
            check(live, &held, number, *asks_savings)?;
        }
        check(&mut wandering, &held, (7 * step / 2) % METHODOLOGIES.len(), *asks_savings)?;
    }
    Ok(())
}

/// The shorter way of a quantity: the leg itself is told.
fn told(
    live: &mut LiveAssessment,
    held: &Held,
    number: usize,
    account: &Account,
    leg: usize,
) -> Result<(), TestCaseError> {
    let Some(position) = held.positions.get(leg) else { return Ok(()) };
    let Ok(true) = live.resize(leg, position.quantity) else { return Ok(()) };
    let book = Book::resolve(account, &held.markets[held.market], held.expired).expect("it was held before");
    let methodology = held.methodologies[number].as_ref().as_ref().expect("valid parameters").as_ref();
    let entry = &METHODOLOGIES[number];
    same(live, &assess(entry, methodology, &book).expect("there is a live one"), entry.id)
}

fn any_edits(position: BoxedStrategy<Position>) -> impl Strategy<Value = Vec<(Edit, bool)>> {
    prop::collection::vec((any_edit(position), any::<bool>()), 1..9)
}

fn any_expired() -> impl Strategy<Value = ExpiredPositions> {
    prop::sample::select(&[ExpiredPositions::Refuse, ExpiredPositions::Settle][..])
}

proptest! {
    #![proptest_config(crate::cases())]

    #[test]
    fn edits_of_an_account_of_coins(
        positions in prop::collection::vec(any_position(), 0..9),
        edits in any_edits(any_position().boxed()),
        expired in any_expired(),
    ) {
        let other = market(Shape { level: 0.7, vol_annual: 0.9, carry: -0.1, discount_rate: 0.05 });
        run(Held::new(positions, market(CALM), other, expired), &edits)?;
    }
}

proptest! {
    // American prices take their time.
    #![proptest_config(ProptestConfig { cases: crate::cases().cases / 8, ..crate::cases() })]

    #[test]
    fn edits_of_an_account_of_what_is_listed(
        positions in prop::collection::vec(any_listed(), 0..7),
        edits in any_edits(any_listed().boxed()),
        expired in any_expired(),
    ) {
        let listed = Market::from_json(LISTED).expect("a valid market");
        let shift = Shift { spot_move: -0.1, vol_points: 0.05, days_forward: 0.0 };
        let other = listed.shifted(&shift).expect("a valid move");
        run(Held::new(positions, listed, other, expired), &edits)?;
    }
}
