//! The markets that the page brings, and those that the user loads.

use std::sync::Arc;

use margin_engine::contract::{MarketChoice, MarketDocument};
use margin_engine::market::Market;

/// A market that the page brings.
pub struct Bundled {
    /// Its name in links and requests; never changes.
    pub name: &'static str,
    /// What the menu calls it.
    pub title: &'static str,
    text: &'static str,
}

/// Where no market is asked for, the first.
pub const BUNDLED: &[Bundled] = &[
    Bundled {
        name: "deribit-2026-08-22",
        title: "Deribit chain, 22 Aug 2026",
        text: include_str!("../../assets/markets/deribit-2026-08-22.json"),
    },
    Bundled {
        name: "deribit-2026-02-06",
        title: "Crash morning, 6 Feb 2026",
        text: include_str!("../../assets/markets/deribit-2026-02-06.json"),
    },
];

/// A market in use.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedMarket {
    /// How links name it: by name, or whole.
    pub choice: MarketChoice,
    /// The market.
    pub market: Arc<Market>,
}

impl LoadedMarket {
    /// A bundled market.
    pub fn bundled(name: &str) -> Option<LoadedMarket> {
        let market = named(name)?;
        Some(LoadedMarket { choice: MarketChoice::Named(name.to_owned()), market: Arc::new(market) })
    }

    /// A market that the user brought; links carry it whole.
    pub fn own(market: Market) -> LoadedMarket {
        let document = MarketDocument::from(&market);
        LoadedMarket { choice: MarketChoice::Whole(Box::new(document)), market: Arc::new(market) }
    }

    /// The name of a bundled one.
    pub fn name(&self) -> Option<&str> {
        match &self.choice {
            MarketChoice::Named(name) => Some(name),
            MarketChoice::Whole(_) => None,
        }
    }
}

/// The bundled market of this name.
pub fn named(name: &str) -> Option<Market> {
    let bundled = BUNDLED.iter().find(|bundled| bundled.name == name)?;
    // That the bundled files read is tested below.
    Market::from_json(bundled.text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_market_reads_and_says_where_it_is_from() {
        for bundled in BUNDLED {
            let market = Market::from_json(bundled.text).expect(bundled.name);
            assert!(!market.source().title.is_empty() && !market.source().description.is_empty(), "{}", bundled.name);
        }
    }

    #[test]
    fn bundled_markets_are_small() {
        let bytes: usize = BUNDLED.iter().map(|bundled| bundled.text.len()).sum();
        assert!(bytes <= 40 * 1024, "{bytes} bytes");
    }
}
