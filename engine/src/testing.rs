//! A market and books for unit tests.

use crate::account::{Account, Position, Quantity};
use crate::book::{Book, ExpiredPositions};
use crate::instrument::Expiry;
use crate::market::{ExpiryDraft, Market, MarketDraft, Source, UnderlyingDraft};

/// BTC at 80,000 with a September 2026 smile, ETH at 2,400 likewise; 2026-08-22 08:00 UTC.
pub(crate) fn market() -> Market {
    let expiry = |text| Expiry::parse(text).expect("a valid date");
    let source = Source { title: "test market".to_owned(), description: String::new() };
    let time = "2026-08-22T08:00:00Z".parse().expect("a valid time");
    let coin = |ticker: &str, index: f64, vol: f64| {
        let smile = [(0.5, vol + 0.15), (0.8, vol + 0.03), (1.0, vol), (1.3, vol + 0.05), (2.0, vol + 0.2)];
        let smile: Vec<(f64, f64)> = smile.iter().map(|(moneyness, vol)| (moneyness * index, *vol)).collect();
        UnderlyingDraft::new(ticker.parse().expect("a ticker"), index)
            .with_perpetual(index * 1.0005)
            .with(ExpiryDraft::new(expiry("25SEP26"), index * 1.004, smile.clone()))
            .with(ExpiryDraft::new(expiry("25DEC26"), index * 1.016, smile))
    };
    let draft = MarketDraft::new(time, source).with(coin("BTC", 80_000.0, 0.42)).with(coin("ETH", 2_400.0, 0.55));
    Market::new(draft).expect("a valid market")
}

/// Positions in coins, without collateral.
pub(crate) fn account(currency: &str, positions: &[(&str, f64)]) -> Account {
    let positions = positions
        .iter()
        .map(|(name, coins)| Position {
            instrument: name.parse().expect("a valid name"),
            quantity: Quantity::coins(*coins),
            entry_price: None,
        })
        .collect();
    Account::new(currency.parse().expect("a ticker"), positions, vec![]).expect("a valid account")
}

/// Positions in coins, resolved against [`market`].
pub(crate) fn book(currency: &str, positions: &[(&str, f64)]) -> Book {
    Book::resolve(&account(currency, positions), &market(), ExpiredPositions::Refuse).expect("the market has them")
}
