//! The markets that come with the page, and those that the user loads.

use std::sync::{Arc, OnceLock};

use margin_engine::contract::{MarketChoice, MarketDocument};
use margin_engine::market::{History, Market};

/// A market that comes with the page.
pub struct Bundled {
    /// Its name in links and requests, and that of its file; never changes.
    pub name: &'static str,
    /// What the menu calls it.
    pub title: &'static str,
}

/// The market of US stocks, funds, indexes, futures and bonds.
pub const US: &str = "us-2025-10-06";

/// Where no market is asked for, the first.
pub const BUNDLED: &[Bundled] = &[
    Bundled { name: "deribit-2026-08-22", title: "Deribit chain, 22 Aug 2026" },
    Bundled { name: "deribit-2026-02-06", title: "Crash morning, 6 Feb 2026" },
    Bundled { name: US, title: "US markets, 6 Oct 2025" },
];

/// The daily closes that come with the page, for markets that bring none of their own.
#[cfg(any(test, target_arch = "wasm32"))]
const HISTORY: &str = "history/daily-2020-2026.json";

/// The bundled markets, in their order. Read once, before the page is shown.
static MARKETS: OnceLock<Vec<Arc<Market>>> = OnceLock::new();

/// The same with the bundled history, which follows after.
static MARKETS_WITH_CLOSES: OnceLock<Vec<Arc<Market>>> = OnceLock::new();

/// The bundled history.
static DAILY_CLOSES: OnceLock<Arc<History>> = OnceLock::new();

#[cfg(any(test, target_arch = "wasm32"))]
fn read_history(text: &str) -> Result<Arc<History>, String> {
    let document: margin_engine::contract::HistoryDocument =
        margin_engine::json::from_text(text).map_err(|error| error.to_string())?;
    Arc::<History>::try_from(document).map_err(|error| error.to_string())
}

/// The market with the bundled closes, if they are there and unless it brings its own.
fn with_closes(market: Market) -> Arc<Market> {
    let closes = DAILY_CLOSES.get().filter(|_| market.history().is_none());
    Arc::new(match closes {
        Some(closes) => market.with_history(Arc::clone(closes)),
        None => market,
    })
}

/// Fetches and reads the bundled markets, which lie beside the page.
///
/// # Errors
/// A sentence, where a file is missing or no market.
#[cfg(target_arch = "wasm32")]
pub async fn load() -> Result<(), String> {
    let mut markets = Vec::with_capacity(BUNDLED.len());
    // Asked for together, read in order.
    let texts: Vec<_> =
        BUNDLED.iter().map(|bundled| crate::app::fetch_text(&format!("markets/{}.json", bundled.name))).collect();
    for (bundled, text) in BUNDLED.iter().zip(texts) {
        let text =
            text.await.map_err(|reason| format!("The market \"{}\" could not be loaded: {reason}.", bundled.title))?;
        let market = Market::from_json(&text)
            .map_err(|error| format!("The market \"{}\" is damaged: {error}.", bundled.title))?;
        markets.push(Arc::new(market));
    }
    let _ = MARKETS.set(markets);
    Ok(())
}

/// Fetches and reads the history. Few methodologies go by it, so the page is shown before.
///
/// # Errors
/// A sentence, where the file is missing or no history.
#[cfg(target_arch = "wasm32")]
pub async fn load_closes() -> Result<(), String> {
    let history = crate::app::fetch_text(HISTORY).await.and_then(|text| read_history(&text));
    keep_closes(history.map_err(|reason| format!("The history of daily closes could not be loaded: {reason}."))?);
    Ok(())
}

#[cfg(any(test, target_arch = "wasm32"))]
fn keep_closes(history: Arc<History>) {
    let _ = DAILY_CLOSES.set(history);
    let markets = MARKETS.get().into_iter().flatten();
    let _ = MARKETS_WITH_CLOSES.set(markets.map(|market| with_closes(market.as_ref().clone())).collect());
}

/// The bundled market of this name.
pub fn named(name: &str) -> Option<Arc<Market>> {
    let index = BUNDLED.iter().position(|bundled| bundled.name == name)?;
    #[cfg(all(test, not(target_arch = "wasm32")))]
    tests::read_files();
    MARKETS_WITH_CLOSES.get().or_else(|| MARKETS.get())?.get(index).map(Arc::clone)
}

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
        Some(LoadedMarket { choice: MarketChoice::Named(name.to_owned()), market: named(name)? })
    }

    /// A market that the user brought; links carry it whole.
    pub fn own(market: Market) -> LoadedMarket {
        let document = MarketDocument::from(&market);
        LoadedMarket { choice: MarketChoice::Whole(Box::new(document)), market: with_closes(market) }
    }

    /// The same with the bundled closes, now that they are there.
    pub fn with_closes(&self) -> LoadedMarket {
        LoadedMarket { choice: self.choice.clone(), market: with_closes(self.market.as_ref().clone()) }
    }

    /// The name of a bundled one.
    pub fn name(&self) -> Option<&str> {
        match &self.choice {
            MarketChoice::Named(name) => Some(name),
            MarketChoice::Whole(_) => None,
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn text(path: &str) -> String {
        let file = format!("{}/assets/{path}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// What the page fetches, from the folder.
    pub(super) fn read_files() {
        let file = |bundled: &Bundled| text(&format!("markets/{}.json", bundled.name));
        let read = |bundled: &Bundled| Arc::new(Market::from_json(&file(bundled)).expect(bundled.name));
        MARKETS.get_or_init(|| BUNDLED.iter().map(read).collect());
        if MARKETS_WITH_CLOSES.get().is_none() {
            keep_closes(read_history(&text(HISTORY)).expect("a history"));
        }
    }

    #[test]
    fn every_bundled_market_reads_and_says_where_it_is_from() {
        for bundled in BUNDLED {
            let market = named(bundled.name).expect(bundled.name);
            assert!(!market.source().title.is_empty() && !market.source().description.is_empty());
            assert!(market.history().is_some_and(|history| !history.source().is_empty()));
        }
    }

    #[test]
    fn bundled_markets_are_small() {
        let bytes: usize = BUNDLED.iter().map(|bundled| text(&format!("markets/{}.json", bundled.name)).len()).sum();
        assert!(bytes <= 40_000, "{bytes} bytes");
    }
}
