//! Daily closes of several underlyings, side by side.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{MarketError, MarketFault};
use crate::asset::Asset;
use crate::pricing::numeric::ln;
use crate::rfc3339::{self, Day};

const DAY_SECONDS: i64 = 86_400;

/// Daily closes as JSON: one row for each calendar day from `start` on, `null` where a market was closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HistoryDocument {
    /// Who recorded what, and what was done to it.
    #[serde(default)]
    pub source: String,
    /// The day of the first close: `2020-01-01`.
    pub start: String,
    /// Closes by ticker; all lists are equally long.
    pub closes: BTreeMap<String, Vec<Option<f64>>>,
}

/// Daily closes, valid by construction: positive prices, equally long columns.
#[derive(Clone, PartialEq)]
pub struct History {
    source: String,
    start: Timestamp,
    columns: Vec<(Asset, Vec<Option<f64>>)>,
}

/// Log returns of some underlyings over the days on which all of them have closes.
#[derive(Debug, Clone, PartialEq)]
pub struct JointReturns {
    /// The day of each return, at midnight UTC.
    pub days: Vec<Timestamp>,
    /// For each underlying asked for, its log returns, oldest first.
    pub returns: Vec<Vec<f64>>,
}

impl History {
    /// The underlyings that it has.
    pub fn assets(&self) -> impl Iterator<Item = Asset> + '_ {
        self.columns.iter().map(|(asset, _)| *asset)
    }

    /// Who recorded what.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Midnight UTC, so many days after the first. A history does not reach the end of time.
    fn day(&self, days: usize) -> Timestamp {
        Timestamp::from_second(self.start.as_second() + days as i64 * DAY_SECONDS).unwrap_or(Timestamp::MAX)
    }

    /// The same history as somebody at `instant` knew it: of days that were over by then. Itself where that is all.
    pub fn until(self: Arc<History>, instant: Timestamp) -> Arc<History> {
        let over = (instant.as_second() - self.start.as_second()).max(0) / DAY_SECONDS;
        let over = usize::try_from(over).unwrap_or(usize::MAX);
        if self.columns.iter().all(|(_, closes)| closes.len() <= over) {
            return self;
        }
        let columns = self.columns.iter().map(|(asset, closes)| (*asset, closes[..over].to_vec())).collect();
        Arc::new(History { source: self.source.clone(), start: self.start, columns })
    }

    /// The close of an underlying on the day that begins at `day`; none where there is none.
    pub fn close_on(&self, asset: Asset, day: Timestamp) -> Option<f64> {
        let (_, closes) = self.columns.iter().find(|(known, _)| *known == asset)?;
        let days = (day.as_second() - self.start.as_second()).div_euclid(DAY_SECONDS);
        closes.get(usize::try_from(days).ok()?).copied().flatten()
    }

    /// Log returns of `assets` over the days on which all of them have closes, at most the last `window` of them.
    ///
    /// Days without a close of one of them are passed over, so that a return may span a weekend.
    ///
    /// # Errors
    /// It has no closes of one of them.
    pub fn joint_returns(&self, assets: &[Asset], window: usize) -> Result<JointReturns, MarketError> {
        let columns = assets
            .iter()
            .map(|asset| {
                let found = self.columns.iter().find(|(known, _)| known == asset);
                let known = || MarketFault::NoHistory { known: self.assets().collect() }.of(*asset);
                found.map(|(_, closes)| closes.as_slice()).ok_or_else(known)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let days = columns.first().map_or(0, |column| column.len());
        let mut joint = JointReturns { days: Vec::new(), returns: vec![Vec::new(); assets.len()] };
        let mut before: Option<Vec<f64>> = None;
        for day in 0..days {
            let Some(closes) = columns.iter().map(|column| column[day]).collect::<Option<Vec<f64>>>() else { continue };
            if let Some(before) = &before {
                for ((list, from), to) in joint.returns.iter_mut().zip(before).zip(&closes) {
                    list.push(ln(to / from));
                }
                joint.days.push(self.day(day));
            }
            before = Some(closes);
        }
        let surplus = joint.days.len().saturating_sub(window);
        joint.days.drain(..surplus);
        joint.returns.iter_mut().for_each(|list| drop(list.drain(..surplus)));
        Ok(joint)
    }
}

impl fmt::Debug for History {
    /// Without thousands of closes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History").field("source", &self.source).field("start", &self.start).finish_non_exhaustive()
    }
}

impl TryFrom<HistoryDocument> for Arc<History> {
    type Error = MarketError;

    fn try_from(document: HistoryDocument) -> Result<Arc<History>, MarketError> {
        let midnight = format!("{}T00:00:00Z", document.start);
        let start = rfc3339::parse(&midnight).ok_or(MarketFault::Time(document.start))?;
        let mut columns: Vec<(Asset, Vec<Option<f64>>)> = Vec::with_capacity(document.closes.len());
        for (ticker, closes) in document.closes {
            let asset: Asset = ticker.parse().map_err(MarketFault::Asset)?;
            for close in closes.iter().flatten() {
                super::error::price("close", *close).map_err(|fault| fault.of(asset))?;
            }
            if columns.first().is_some_and(|(_, first)| first.len() != closes.len()) {
                return Err(MarketFault::UnevenHistory.of(asset));
            }
            columns.push((asset, closes));
        }
        Ok(Arc::new(History { source: document.source, start, columns }))
    }
}

impl From<&History> for HistoryDocument {
    fn from(history: &History) -> HistoryDocument {
        let mut document = HistoryDocument {
            source: history.source.clone(),
            start: Day::of(history.start).to_string(),
            closes: BTreeMap::new(),
        };
        for (asset, closes) in &history.columns {
            document.closes.insert(asset.to_string(), closes.clone());
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(json: &str) -> Result<Arc<History>, MarketError> {
        let document: HistoryDocument = serde_json::from_str(json).expect("of its shape");
        document.try_into()
    }

    #[test]
    fn returns_span_days_without_a_close() {
        let history =
            history(r#"{"start": "2024-02-28", "closes": {"BTC": [100, 110, 121, 100], "SPX": [50, null, 55, 44]}}"#)
                .expect("valid");
        let joint = history.joint_returns(&[Asset::BTC, "SPX".parse().expect("a ticker")], 1000).expect("known");
        assert_eq!(
            joint.days.iter().map(|day| Day::of(*day).to_string()).collect::<Vec<_>>(),
            ["2024-03-01", "2024-03-02"]
        );
        assert!((joint.returns[0][0] - 1.21_f64.ln()).abs() < 1e-15);
        assert!((joint.returns[1][1] - 0.8_f64.ln()).abs() < 1e-15);
        let alone = history.joint_returns(&[Asset::BTC], 2).expect("known");
        assert_eq!(alone.returns[0].len(), 2);
        let close = |ticker: &str, day: &str| {
            let asset = ticker.parse().expect("a ticker");
            history.close_on(asset, format!("{day}T00:00:00Z").parse().expect("a time"))
        };
        assert_eq!(close("BTC", "2024-02-29"), Some(110.0));
        assert_eq!(["2024-02-27", "2024-02-29", "2024-03-03"].map(|day| close("SPX", day)), [None; 3]);
        let error = history.joint_returns(&[Asset::ETH], 2).expect_err("unknown").to_string();
        assert!(error.contains("ETH") && error.contains("BTC, SPX"), "{error}");
    }

    #[test]
    fn nobody_knows_the_close_of_a_day_before_it_is_over() {
        let history = history(r#"{"start": "2024-02-28", "closes": {"BTC": [100, 110, 121]}}"#).expect("valid");
        let known = |time: &str| {
            let known = Arc::clone(&history).until(time.parse().expect("a time"));
            (HistoryDocument::from(known.as_ref()).closes["BTC"].len(), Arc::ptr_eq(&known, &history))
        };
        assert_eq!(known("2024-02-01T00:00:00Z"), (0, false));
        assert_eq!(known("2024-03-01T23:59:59Z"), (2, false));
        assert_eq!(known("2024-03-02T00:00:00Z"), (3, true));
        assert_eq!(known("2026-03-02T00:00:00Z"), (3, true));
    }

    #[test]
    fn bad_closes_are_refused() {
        for bad in [
            r#"{"start": "2024-02-28", "closes": {"BTC": [0]}}"#,
            r#"{"start": "yesterday", "closes": {"BTC": [1]}}"#,
            r#"{"start": "2024-02-28", "closes": {"BTC": [1], "ETH": [1, 2]}}"#,
        ] {
            assert!(history(bad).is_err(), "{bad}");
        }
    }
}
