//! Random markets of two coins, and positions in all that can be held on them.

use std::collections::BTreeMap;
use std::sync::Arc;

use margin_engine::account::{Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::instrument::{Expiry, Instrument};
use margin_engine::market::{
    ExpiryDraft, History, HistoryDocument, Market, MarketDraft, Shift, Source, UnderlyingDraft,
};

use super::random::Random;

const EXPIRIES: [&str; 4] = ["23AUG26", "25SEP26", "25DEC26", "25JUN27"];

fn expiry(text: &str) -> Expiry {
    Expiry::parse(text).expect("a valid date")
}

/// Prices, smiles and rates, with a history of closes.
pub fn market(random: &mut Random, history: &Arc<History>) -> Market {
    let mut draft = MarketDraft::new("2026-08-22T15:33:51.123Z".parse().expect("a valid time"), Source::default());
    for (asset, around) in [(Asset::BTC, 80_000.0), (Asset::ETH, 2_400.0)] {
        let index = around * random.between(0.5, 2.0);
        let mut coin = UnderlyingDraft::new(asset, index).with_perpetual(index * random.between(0.999, 1.001));
        for date in EXPIRIES {
            let smile: Vec<(f64, f64)> = (1..8)
                .map(|knot| (index * (0.3 * f64::from(knot) + random.between(0.0, 0.1)), random.between(0.2, 1.5)))
                .collect();
            let forward = index * random.between(0.97, 1.08);
            coin =
                coin.with(ExpiryDraft::new(expiry(date), forward, smile).with_discount_rate(random.between(0.0, 0.1)));
        }
        draft = draft.with(coin);
    }
    draft = draft.with_usd_per(Asset::USDC, random.between(0.99, 1.01));
    Market::new(MarketDraft { history: Some(Arc::clone(history)), ..draft }).expect("a valid market")
}

/// Three hundred days that end before the market's time, the same for each.
pub fn history() -> Arc<History> {
    let mut random = Random(300);
    let mut closes = || -> Vec<Option<f64>> {
        let mut price = 1_000.0;
        let step = |day| {
            let size = if day % 100 < 20 { 0.06 } else { 0.02 };
            price *= 1.0 + size * (random.between(-1.0, 1.0) + random.between(-1.0, 1.0));
            Some(price)
        };
        (0..300).map(step).collect()
    };
    let closes = BTreeMap::from([("BTC".to_owned(), closes()), ("ETH".to_owned(), closes())]);
    let document = HistoryDocument { source: String::new(), start: "2025-10-01".to_owned(), closes };
    document.try_into().expect("a valid history")
}

/// An option more often than not, else a future, a perpetual or coins; settled in coin or in dollars.
pub fn position(random: &mut Random) -> Position {
    let (coin, around) = if random.flip() { ("BTC", 80_000) } else { ("ETH", 2_400) };
    let quote = if random.below(3) == 0 { "_USDC" } else { "" };
    let date = EXPIRIES[random.below(EXPIRIES.len())];
    let name = match random.below(8) {
        0 => format!("{coin}{quote}-PERPETUAL"),
        1 => format!("{coin}{quote}-{date}"),
        2 => format!("{coin}{quote}-SPOT"),
        _ => {
            let strike = around / 20 * (4 + random.below(40));
            let right = if random.flip() { "C" } else { "P" };
            format!("{coin}{quote}-{date}-{strike}-{right}")
        }
    };
    let instrument: Instrument = name.parse().expect("a valid name");
    let size = random.between(-25.0, 25.0);
    let in_quote = random.flip() && instrument.option_terms().is_none();
    let quantity = if in_quote { Quantity::quote(size * 10_000.0) } else { Quantity::coins(size) };
    Position { instrument, quantity, entry_price: None }
}

/// A move of prices, vols and time.
pub fn shift(random: &mut Random) -> Shift {
    Shift {
        spot_move: random.between(-0.4, 0.6),
        vol_points: random.between(-0.2, 0.4),
        days_forward: random.between(0.0, 60.0),
    }
}
