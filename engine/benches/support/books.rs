//! Accounts and books of options on one coin, any number of legs, the same in each run. Criterion's benches and the crate
//! `margin-bench` share them.

use margin_engine::account::{Account, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::instrument::{Expiry, Kind};
use margin_engine::market::{ExpiryDraft, Market, MarketDraft, Source, UnderlyingDraft};

const EXPIRIES: [&str; 12] = [
    "23AUG26", "24AUG26", "28AUG26", "4SEP26", "11SEP26", "25SEP26", "30OCT26", "27NOV26", "25DEC26", "26MAR27",
    "25JUN27", "24SEP27",
];
const INDEX: f64 = 80_000.0;

/// Options in no order, some at the strike of another or in the same instrument, as accounts have them: ten thousand
/// are on four thousand strikes.
pub fn options(legs: usize) -> Book {
    resolved(&account(legs), &market())
}

/// No two of these options have strike and expiry in common.
pub fn unlike_options(legs: usize) -> Book {
    let size = |leg: usize| (leg % 41) as f64 - 20.5;
    let strike = |leg: usize| 20_000 + 100 * (leg as u64 / 12);
    let positions = (0..legs).map(|leg| option(leg % 12, strike(leg), leg.is_multiple_of(2), size(leg)));
    resolved(&of_positions(positions), &market())
}

/// The account of [`options`].
pub fn account(legs: usize) -> Account {
    let mut state = 2026_u64;
    // Knuth's generator, as in the tests of bits.
    let mut below = move |count: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % count
    };
    of_positions((0..legs).map(|_| {
        let strike = 20_000 + 250 * below(400);
        option(below(12) as usize, strike, below(2) == 0, below(41) as f64 - 20.5)
    }))
}

/// Two accounts that differ in the leg in the middle alone: of another size.
pub fn resized(legs: usize) -> [Account; 2] {
    edited(legs, |position, is_other| position.quantity = Quantity::coins(if is_other { -7.5 } else { 3.0 }))
}

/// The same, of another strike in an expiry that is held.
pub fn restruck(legs: usize) -> [Account; 2] {
    edited(legs, |position, is_other| {
        if let Kind::Option { strike, .. } = &mut position.instrument.kind {
            *strike = if is_other { 81_010.0 } else { 79_020.0 };
        }
    })
}

fn edited(legs: usize, edit: fn(&mut Position, bool)) -> [Account; 2] {
    [false, true].map(|is_other| {
        let mut positions = account(legs).positions().to_vec();
        edit(&mut positions[legs / 2], is_other);
        of_positions(positions.into_iter())
    })
}

/// What the account is resolved against.
pub fn market() -> Market {
    let mut coin = UnderlyingDraft::new(Asset::BTC, INDEX).with_perpetual(INDEX * 1.0007);
    for (number, date) in EXPIRIES.iter().enumerate() {
        let smile = [(0.5, 0.65), (0.8, 0.53), (1.0, 0.5), (1.3, 0.55), (2.0, 0.7)];
        let smile: Vec<_> = smile.iter().map(|(moneyness, vol)| (moneyness * INDEX, *vol)).collect();
        let expiry = Expiry::parse(date).expect("a valid date");
        coin = coin.with(ExpiryDraft::new(expiry, INDEX * (1.0 + 0.004 * number as f64), smile));
    }
    let time = "2026-08-22T08:00:00Z".parse().expect("a valid time");
    Market::new(MarketDraft::new(time, Source::default()).with(coin)).expect("a valid market")
}

/// Everything that an assessment starts from.
pub fn resolved(account: &Account, market: &Market) -> Book {
    Book::resolve(account, market, ExpiredPositions::Refuse).expect("the market has them")
}

fn of_positions(positions: impl Iterator<Item = Position>) -> Account {
    Account::new(Asset::USD, positions.collect(), vec![]).expect("a valid account")
}

fn option(expiry: usize, strike: u64, is_call: bool, coins: f64) -> Position {
    let name = format!("BTC-{}-{strike}-{}", EXPIRIES[expiry], if is_call { 'C' } else { 'P' });
    Position { instrument: name.parse().expect("a valid name"), quantity: Quantity::coins(coins), entry_price: None }
}
