//! How a price range would have followed the regime, beside two plain rules, and what today's book would have needed.

use jiff::Timestamp;

use crate::asset::Asset;
use crate::book::Book;
use crate::market::{History, MarketError};
use crate::methodology::RegimeRule;
use crate::pricing::numeric::exp;
use crate::progress::Progress;
use crate::slide::{Slide, SlideGrid, Stress, VolMove, revalue};
use crate::statistics::StatisticsError;
use crate::statistics::backtest::{CoverageTest, Side, breaches, coverage};
use crate::statistics::procyclicality::{average, largest_rise, peak_to_trough};
use crate::statistics::regime::{RegimeDay, ending_with_a_fit, ewma_normal_ranges, walk_forward_telling};

/// The range that does not move.
pub const STATIC_RANGE: f64 = 0.15;

/// Price moves on each side of zero at which the book is repriced.
const STEPS: usize = 20;

/// Why there is no track.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TrackError {
    /// No history of the underlying.
    #[error("{0}")]
    Market(#[from] MarketError),
    /// Its history does not serve.
    #[error("{0}")]
    Statistics(#[from] StatisticsError),
}

/// One rule day by day.
#[derive(Debug, Clone, PartialEq)]
pub struct RangeTrack {
    /// What it is called.
    pub name: &'static str,
    /// The range of each day as a fraction, known the day before.
    pub ranges: Vec<f64>,
    /// The range of the day after the last.
    pub today: f64,
    /// On which days the price left the range.
    pub breaches: Vec<bool>,
    /// Days on which it fell through.
    pub breaches_down: usize,
    /// Breaches against their expected number, and whether they come at random.
    pub coverage: CoverageTest,
    /// The mean range.
    pub average: f64,
    /// The widest range over the tightest.
    pub peak_to_trough: f64,
    /// The greatest rise within five days, as a fraction.
    pub greatest_rise: f64,
}

/// The record of three rules on one underlying. All lists have one entry for each day.
#[derive(Debug, Clone, PartialEq)]
pub struct RegimeTrack {
    /// The underlying.
    pub asset: Asset,
    /// The days, at midnight UTC, oldest first.
    pub days: Vec<Timestamp>,
    /// Simple returns.
    pub returns: Vec<f64>,
    /// The range that follows the regime, EWMA with the normal quantile, and ±15 %.
    pub rules: [RangeTrack; 3],
    /// What the first is made of.
    pub forecasts: Vec<RegimeDay>,
    /// The forecast for the day after the last: the range of the methodology.
    pub today: RegimeDay,
}

/// Walks the model through the last days of the underlying's history, beside EWMA with the normal quantile (same λ,
/// confidence and horizon) and ±15 %. The first days teach, and have no forecast.
///
/// # Errors
/// No history of the underlying, one that is too short or stands still, or parameters out of their domain.
pub fn regime_track(
    history: &History,
    asset: Asset,
    regime: &RegimeRule,
    progress: Progress<'_>,
) -> Result<RegimeTrack, TrackError> {
    let model = &regime.model;
    let joint = history.joint_returns(&[asset], regime.depth())?;
    let all: Vec<f64> = joint.returns.iter().flatten().map(|step| exp(*step) - 1.0).collect();
    let all = ending_with_a_fit(&all, model);
    let walked = walk_forward_telling(all, model, progress)?;
    let returns = all[walked.first_day..].to_vec();
    let plain = ewma_normal_ranges(all, walked.first_day, model.ewma_lambda, model.confidence, model.horizon_days)?;
    let mut adaptive = walked.ranges();
    adaptive.push(walked.today.range);
    let fixed = vec![STATIC_RANGE; adaptive.len()];
    let rule = |name, ranges| rule(name, ranges, &returns, model.confidence);
    Ok(RegimeTrack {
        asset,
        days: joint.days[joint.days.len() - returns.len()..].to_vec(),
        rules: [rule("regime-adaptive", adaptive)?, rule("EWMA and normal", plain)?, rule("static ±15 %", fixed)?],
        forecasts: walked.days,
        today: walked.today,
        returns,
    })
}

/// `ranges` has one entry more than `returns`: today's.
fn rule(
    name: &'static str,
    mut ranges: Vec<f64>,
    returns: &[f64],
    confidence: f64,
) -> Result<RangeTrack, StatisticsError> {
    let too_short = StatisticsError::TooShort { needed: 2, given: returns.len() };
    let today = ranges.pop().ok_or(too_short.clone())?;
    let breached = breaches(returns, &ranges, Side::Both)?;
    Ok(RangeTrack {
        name,
        today,
        breaches_down: breached.iter().zip(returns).filter(|(breach, step)| **breach && **step < 0.0).count(),
        coverage: coverage(&breached, 1.0 - confidence)?,
        average: average(&ranges).ok_or(too_short.clone())?,
        peak_to_trough: peak_to_trough(&ranges).ok_or(too_short)?,
        greatest_rise: largest_rise(&ranges, 5).unwrap_or(0.0),
        breaches: breached,
        ranges,
    })
}

/// What today's book would lose at worst within each range of one underlying, in the account currency, not negative.
///
/// An approximation of its margin through time: the book is repriced at forty moves of that underlying alone, vols,
/// rates and all else as they are today, and interpolated between them. Nothing for an underlying that it does not have.
pub fn loss_track(book: &Book, asset: Asset, ranges: &[f64]) -> Option<Vec<f64>> {
    let moved = book.underlyings.iter().position(|underlying| underlying.asset == asset)?;
    // The price cannot fall by all of it.
    let widest = ranges.iter().copied().fold(0.0, f64::max).min(0.99);
    let width = widest / STEPS as f64;
    let slides = [-1.0, 1.0].iter().flat_map(|sign| (0..=STEPS).map(move |step| sign * width * step as f64));
    let slides = slides.map(|spot_move| {
        let mut slide = Slide::uniform(Stress::NONE, book.underlyings.len(), String::new());
        slide.stresses[moved] = Stress::new(spot_move, VolMove::Unchanged);
        slide
    });
    let pnl = revalue(book, &SlideGrid::new(slides.collect())).totals();
    let (down, up) = pnl.split_at(STEPS + 1);
    let loss = |range: f64| worst_within(down, range / width).max(worst_within(up, range / width));
    Some(ranges.iter().map(|range| loss(*range)).collect())
}

/// The greatest loss on the way from no move to `place` steps, the last of them in part; not negative.
fn worst_within(pnl: &[f64], place: f64) -> f64 {
    // With no width at all, 0/0, nothing moves.
    let place = if place > 0.0 { place.min((pnl.len() - 1) as f64) } else { 0.0 };
    let whole = place as usize;
    let passed = pnl[..=whole].iter().fold(0.0, |worst: f64, pnl| worst.max(-pnl));
    let next = pnl[(whole + 1).min(pnl.len() - 1)];
    let end = pnl[whole] + (place - whole as f64) * (next - pnl[whole]);
    passed.max(-end)
}
