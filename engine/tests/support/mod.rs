//! Markets, accounts and strategies that the tests of the engine share.

use std::collections::BTreeMap;
use std::sync::Arc;

use margin_engine::account::{Account, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::insight::{Savings, savings};
use margin_engine::instrument::{Expiry, Instrument};
use margin_engine::market::{ExpiryDraft, History, HistoryDocument, Market, MarketDraft, Source, UnderlyingDraft};
use margin_engine::methodology::{Assessment, assess, find};
use proptest::prelude::*;
use serde_json::Value;

/// Every methodology there is, by its identifier.
pub const METHODOLOGIES: [&str; 16] = [
    "isolated",
    "cross",
    "deribit-standard",
    "derive-standard",
    "bybit-standard",
    "deribit-portfolio",
    "derive-pm2",
    "okx-portfolio",
    "paradex-portfolio",
    "aevo-portfolio",
    "span",
    "var-historical",
    "var-filtered",
    "var-parametric",
    "regime-adaptive",
    "custom",
];

/// The time of every market here.
pub const NOW: &str = "2026-08-22T08:00:00Z";

/// What may be held in [`market`].
const NAMES: [&str; 28] = [
    "BTC-PERPETUAL",
    "BTC-25SEP26",
    "BTC-25DEC26",
    "BTC-SPOT",
    "BTC-25SEP26-60000-P",
    "BTC-25SEP26-80000-C",
    "BTC-25SEP26-80000-P",
    "BTC-25SEP26-100000-C",
    "BTC-25DEC26-40000-P",
    "BTC-25DEC26-80000-C",
    "BTC-25DEC26-120000-C",
    "BTC-30OCT26-90000-C",
    "BTC_USDC-PERPETUAL",
    "BTC_USDC-25SEP26",
    "BTC_USDC-25SEP26-80000-P",
    "BTC_USDC-25DEC26-100000-C",
    "BTC_USDC-SPOT",
    "ETH-PERPETUAL",
    "ETH-25SEP26",
    "ETH-SPOT",
    "ETH-25SEP26-2400-C",
    "ETH-25SEP26-2000-P",
    "ETH-25DEC26-3000-C",
    "ETH-25DEC26-1d5-P",
    "ETH_USDC-PERPETUAL",
    "ETH_USDC-25SEP26-2400-P",
    "ETH_USDC-25DEC26-2800-C",
    "ETH_USDC-25DEC26",
];

/// An instrument by its name.
pub fn instrument(name: &str) -> Instrument {
    name.parse().expect("a valid name")
}

/// An expiry by its date.
pub fn expiry(text: &str) -> Expiry {
    Expiry::parse(text).expect("a valid date")
}

/// So many coins of an instrument.
pub fn coins(name: &str, amount: f64) -> Position {
    Position { instrument: instrument(name), quantity: Quantity::coins(amount), entry_price: None }
}

/// So much of the quote currency in an instrument.
pub fn quote(name: &str, amount: f64) -> Position {
    Position { quantity: Quantity::quote(amount), ..coins(name, 0.0) }
}

/// An account without collateral.
pub fn account(currency: &str, positions: Vec<Position>) -> Account {
    Account::new(currency.parse().expect("a ticker"), positions, vec![]).expect("a valid account")
}

/// What shapes a market.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Multiplies the indices of 80,000 and 2,400.
    pub level: f64,
    /// At the money.
    pub vol_annual: f64,
    /// Of the forwards, per year.
    pub carry: f64,
    /// Of discounting, per year.
    pub discount_rate: f64,
}

/// A quiet day.
pub const CALM: Shape = Shape { level: 1.0, vol_annual: 0.5, carry: 0.05, discount_rate: 0.0 };

/// BTC and ETH with two smiles each.
pub fn market(shape: Shape) -> Market {
    let coin = |asset: Asset, index: f64| {
        let vol = shape.vol_annual;
        let smile = [(0.5, 1.3 * vol), (0.8, 1.05 * vol), (1.0, vol), (1.3, 1.1 * vol), (2.0, 1.4 * vol)];
        let smile: Vec<(f64, f64)> = smile.iter().map(|(moneyness, vol)| (moneyness * index, *vol)).collect();
        let listed = |date: &str, years: f64| {
            ExpiryDraft::new(expiry(date), index * (1.0 + shape.carry * years), smile.clone())
                .with_discount_rate(shape.discount_rate)
        };
        UnderlyingDraft::new(asset, index)
            .with_perpetual(index * 1.0007)
            .with(listed("25SEP26", 0.093))
            .with(listed("25DEC26", 0.342))
    };
    let source = Source { title: "test market".to_owned(), description: String::new() };
    let draft = MarketDraft::new(NOW.parse().expect("a valid time"), source)
        .with(coin(Asset::BTC, 80_000.0 * shape.level))
        .with(coin(Asset::ETH, 2_400.0 * shape.level));
    Market::new(MarketDraft { history: Some(history()), ..draft }).expect("a valid market")
}

/// A year of closes of BTC and ETH, by sines of frequencies that do not meet: calm and turbulent, and partly together.
fn history() -> Arc<History> {
    let closes = |own: f64| -> Vec<Option<f64>> {
        let mut price = 1_000.0;
        let step = |day: i32| {
            let day = f64::from(day);
            let size = 0.02 + 0.015 * (0.05 * day).sin();
            price *= 1.0 + size * ((1.7 * day * day).sin() + 0.7 * (own * day * day).sin());
            Some(price)
        };
        (0..320).map(step).collect()
    };
    let closes = BTreeMap::from([("BTC".to_owned(), closes(0.9)), ("ETH".to_owned(), closes(1.3))]);
    let document = HistoryDocument { source: String::new(), start: "2025-08-01".to_owned(), closes };
    document.try_into().expect("a valid history")
}

/// The positions in the market.
pub fn book(currency: &str, positions: &[Position], market: &Market) -> Book {
    let account = account(currency, positions.to_vec());
    Book::resolve(&account, market, ExpiredPositions::Refuse).expect("the market has them")
}

/// The book under a methodology, with edits or without, and what its hedges save.
pub fn assessed(id: &str, edits: Option<&Value>, book: &Book) -> (Assessment, Savings) {
    let entry = find(id).expect("registered");
    let methodology = entry.configure(edits).expect("valid edits");
    let assessment = assess(entry, methodology.as_ref(), book).expect("it has rules for the book");
    let savings = savings(methodology.as_ref(), book, &assessment).expect("it has rules for each leg");
    (assessment, savings)
}

/// Initial and maintenance requirement of the book under a methodology.
pub fn requirement(id: &str, edits: Option<&Value>, book: &Book) -> (f64, f64) {
    let (assessment, _) = assessed(id, edits, book);
    (assessment.initial, assessment.maintenance)
}

/// Whether two figures agree to `relative` of `scale`; NaN agrees with nothing.
pub fn close(left: f64, right: f64, relative: f64, scale: f64) -> bool {
    (left - right).abs() <= relative * scale.abs()
}

/// Markets calm and wild.
pub fn any_market() -> impl Strategy<Value = Market> {
    (0.3..3.0, 0.05..2.5, -0.2..0.3, -0.1..0.2)
        .prop_map(|(level, vol_annual, carry, discount_rate)| market(Shape { level, vol_annual, carry, discount_rate }))
}

/// One to eight positions, an instrument perhaps twice, long and short.
pub fn any_positions() -> impl Strategy<Value = Vec<Position>> {
    prop::collection::vec(any_position(), 1..9)
}

/// One position, of up to 200,000 dollars or 20 coins.
pub fn any_position() -> impl Strategy<Value = Position> {
    (prop::sample::select(&NAMES[..]), -20.0..20.0_f64, any::<bool>()).prop_map(|(name, size, in_quote)| {
        if in_quote && instrument(name).option_terms().is_none() {
            quote(name, size * 10_000.0)
        } else {
            coins(name, size)
        }
    })
}

/// An account currency.
pub fn any_currency() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["USD", "USDC", "BTC", "ETH"][..])
}
