//! How a price range would have followed the regime, as a document.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ContractError;
use super::session::{self, Asked};
use crate::asset::Asset;
use crate::insight::{RangeTrack, RegimeTrack, TrackError, loss_track, regime_track};
use crate::market::History;
use crate::methodology::{MethodologyError, RegimeRule, regime_of};
use crate::progress::Progress;

const DAY_SECONDS: i64 = 86_400;

/// The range of an underlying day by day, by the rule that follows the regime and two plain ones. Lists have one entry
/// for each day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RangeHistoryDocument {
    /// The underlying.
    pub asset: String,
    /// The account currency.
    pub currency: String,
    /// Who recorded the closes.
    pub source: String,
    /// The days, ascending, counted from 1 January 1970.
    pub days: Vec<i64>,
    /// The move of each day, a simple return.
    pub returns: Vec<f64>,
    /// The range that follows the regime, then EWMA with the normal quantile, then the one that stands.
    pub rules: Vec<RangeRuleDocument>,
    /// What today's account would have needed; absent where it does not hold the underlying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub losses: Option<RangeLossesDocument>,
}

/// One rule, and how it did. Ranges are fractions of the price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RangeRuleDocument {
    /// What it is called.
    pub name: String,
    /// The range of each day, known the day before.
    pub ranges: Vec<f64>,
    /// The range of the day after the last.
    pub today: f64,
    /// The days on which the price left the range, by their places in `days` from 0.
    pub breaches: Vec<usize>,
    /// How many of them were falls.
    pub breaches_down: usize,
    /// How many there should have been.
    pub expected_breaches: f64,
    /// Whether their number is as expected: Kupiec's p-value.
    pub kupiec_p: f64,
    /// Whether one does not follow another: Christoffersen's p-value of independence.
    pub independence_p: f64,
    /// Both together.
    pub conditional_p: f64,
    /// The mean range.
    pub average: f64,
    /// The widest range over the tightest.
    pub peak_to_trough: f64,
    /// The greatest rise within five days, as a fraction.
    pub greatest_rise: f64,
}

/// The worst loss of today's account within ranges of one underlying alone, in the account currency, not negative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RangeLossesDocument {
    /// Within each day's range by the rule that follows the regime.
    pub adaptive: Vec<f64>,
    /// Within the range that stands.
    pub fixed: f64,
}

/// The record that was worked out last: an account changes more often than the history that it is set against.
#[derive(Default)]
pub(super) struct KeptTrack(RefCell<Option<Known>>);

struct Known {
    history: Arc<History>,
    asset: Asset,
    regime: RegimeRule,
    track: Rc<RegimeTrack>,
}

impl KeptTrack {
    fn get(
        &self,
        history: &Arc<History>,
        asset: Asset,
        regime: &RegimeRule,
        progress: Progress<'_>,
    ) -> Result<Rc<RegimeTrack>, TrackError> {
        let is_it =
            |known: &&Known| Arc::ptr_eq(&known.history, history) && known.asset == asset && known.regime == *regime;
        if let Some(known) = self.0.borrow().as_ref().filter(is_it) {
            return Ok(Rc::clone(&known.track));
        }
        let track = Rc::new(regime_track(history, asset, regime, progress)?);
        let (history, regime) = (Arc::clone(history), regime.clone());
        self.0.replace(Some(Known { history, asset, regime, track: Rc::clone(&track) }));
        Ok(track)
    }
}

/// Answers the question `range_history`.
///
/// # Errors
/// A methodology without a regime, an underlying without a history, one that is too short.
pub(super) fn answer(asked: &Asked, options: &Value, progress: Progress<'_>) -> Result<Value, ContractError> {
    let Options { underlying } = session::options(options)?;
    let asset: Asset = underlying.parse().map_err(|error: crate::asset::AssetError| ContractError::Shape {
        path: "options.underlying".to_owned(),
        reason: error.to_string(),
    })?;
    let regime = regime_of(asked.methodology()?.configured()).map_err(|reason| asked.failed(reason))?;
    let failed = |reason: String| asked.failed(MethodologyError::NotApplicable(reason));
    let history = asked.market.history().ok_or_else(|| failed("the market has no daily closes".to_owned()))?;
    let track = asked.tracks.get(history, asset, &regime, progress).map_err(|error| failed(error.to_string()))?;
    session::written(&RangeHistoryDocument {
        asset: asset.to_string(),
        currency: asked.book.currency.to_string(),
        source: history.source().to_owned(),
        days: track.days.iter().map(|day| day.as_second().div_euclid(DAY_SECONDS)).collect(),
        returns: track.returns.clone(),
        rules: track.rules.iter().map(RangeRuleDocument::from).collect(),
        losses: losses(asked, &track),
    })
}

/// The losses within the first rule's ranges and the last one's; asked for together, so that the book is repriced once.
fn losses(asked: &Asked, track: &RegimeTrack) -> Option<RangeLossesDocument> {
    let [adaptive, _, fixed] = &track.rules;
    let mut ranges = adaptive.ranges.clone();
    ranges.push(fixed.today);
    let mut adaptive = loss_track(&asked.book, track.asset, &ranges)?;
    let fixed = adaptive.pop()?;
    Some(RangeLossesDocument { adaptive, fixed })
}

impl From<&RangeTrack> for RangeRuleDocument {
    fn from(rule: &RangeTrack) -> RangeRuleDocument {
        let breaches = rule.breaches.iter().enumerate().filter(|(_, breach)| **breach);
        let coverage = &rule.coverage;
        RangeRuleDocument {
            name: rule.name.to_owned(),
            ranges: rule.ranges.clone(),
            today: rule.today,
            breaches: breaches.map(|(place, _)| place).collect(),
            breaches_down: rule.breaches_down,
            expected_breaches: coverage.expected_breaches,
            kupiec_p: coverage.unconditional.p_value,
            independence_p: coverage.independence.p_value,
            conditional_p: coverage.conditional.p_value,
            average: rule.average,
            peak_to_trough: rule.peak_to_trough,
            greatest_rise: rule.greatest_rise,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    underlying: String,
}
