//! A price range that adapts to the regime: wide when markets are turbulent and tails are fat, tight when calm.
//!
//! The model is our own; no venue uses it. The range of a day is
//!
//! ```text
//! range = √horizon · σ · s · t⁻¹_ν(½ + ½·confidence)        then the tools against procyclicality, then the bounds
//! σ²    = (1 − regime_weight)·σ²_EWMA + regime_weight·σ²_regime
//! ```
//!
//! σ_EWMA is the exponentially weighted vol, and σ_regime what a hidden Markov model expects of the day, each state by
//! its probability. ν and s are degrees of freedom and scale of Student's t fitted to the returns of the window in units
//! of σ: so what σ does not foresee is in the tails. The fits are renewed every so often; between, their parameters stand
//! and only σ moves.
//!
//! Nothing of a day enters its forecast. The *confidence* is two-sided: a move either way beyond the range has the
//! probability 1 − confidence, so a loss of a long or a short position alone about half of that. The range is a fraction
//! of the price if the returns are simple returns. Longer horizons go by the square root, with the tails of a day, which is
//! on the wide side.
//!
//! The vol shifts go from today's σ to where regimes have been: up to the vol of the turbulent state, down to that of the
//! calm one, within their bounds. They are greatest upwards on calm days, when there is most to lose by it. Without
//! states, the 95 % and 5 % quantiles of σ_EWMA over the window stand for the two.

mod parameters;
#[cfg(test)]
mod tests;

use super::StatisticsError;
use super::error::check_series;
use super::ewma::ewma_vols;
use super::hidden_markov::{ByState, FitLimits, HiddenMarkov};
use super::moments::root_mean_square;
use super::procyclicality::{bounded, buffered, floored, look_back_vols, weighted_with_stress};
use super::student_t::StudentT;
use super::{normal, tail};
use crate::progress::Progress;

pub use parameters::{AntiProcyclicality, RegimeParameters};

/// Fits start from the last ones, so few rounds do.
const FIT_LIMITS: FitLimits = FitLimits { iterations: 100, tolerance: 0.01 };

/// The forecast for one day and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegimeDay {
    /// The price range, as a fraction: the answer.
    pub range: f64,
    /// The range before tools against procyclicality and bounds.
    pub model_range: f64,
    /// The vol that the range is a multiple of, a day's.
    pub vol: f64,
    /// Its part that remembers.
    pub vol_ewma: f64,
    /// Its part from the states; equal to `vol_ewma` without states.
    pub vol_regime: f64,
    /// ν: few are fat tails, 1,000 is normal.
    pub degrees_of_freedom: f64,
    /// The scale of the fitted distribution in units of `vol`.
    pub scale: f64,
    /// The probability that the day is one of the most turbulent state; 0 without states.
    pub turbulent_probability: f64,
    /// How far vols are stressed up, as a fraction of themselves.
    pub vol_shift_up: f64,
    /// How far vols are stressed down, as a positive fraction of themselves.
    pub vol_shift_down: f64,
}

/// The forecasts for every day of a history.
#[derive(Debug, Clone, PartialEq)]
pub struct RegimeHistory {
    /// The first return that there is a forecast for, counted from 0.
    pub first_day: usize,
    /// The forecasts for the returns from `first_day` to the last, each made the day before.
    pub days: Vec<RegimeDay>,
    /// The forecast for the day after the last return.
    pub today: RegimeDay,
}

impl RegimeHistory {
    /// The ranges of the days that have been: to be set against the returns from `first_day` on.
    pub fn ranges(&self) -> Vec<f64> {
        self.days.iter().map(|day| day.range).collect()
    }
}

/// Forecasts for each day from what was known the day before, from the first day with enough history to today.
///
/// # Errors
/// Parameters outside their domain, no more returns than the shortest history, a return that is not finite, or a window
/// that does not move enough.
pub fn walk_forward(returns: &[f64], parameters: &RegimeParameters) -> Result<RegimeHistory, StatisticsError> {
    walk_forward_telling(returns, parameters, Progress::UNHEARD)
}

/// As [`walk_forward`], and tells how far it is.
///
/// # Errors
/// As of [`walk_forward`].
pub fn walk_forward_telling(
    returns: &[f64],
    parameters: &RegimeParameters,
    progress: Progress<'_>,
) -> Result<RegimeHistory, StatisticsError> {
    parameters.check()?;
    let first_day = parameters.shortest_history_days;
    check_series(returns, first_day)?;
    let ewma = ewma_from(returns, first_day, parameters.ewma_lambda)?;
    let mut fitted: Option<Fitted> = None;
    let mut days = Vec::with_capacity(returns.len() + 1 - first_day);
    for day in first_day..=returns.len() {
        progress.steps(days.len(), returns.len() + 1 - first_day);
        let fit = match fitted.take() {
            Some(fit) if !(day - first_day).is_multiple_of(parameters.refit_days) => fit.next(returns[day - 1])?,
            last => Fitted::new(returns, &ewma, day, last, parameters)?,
        };
        days.push(fit.forecast(ewma[day], parameters));
        fitted = Some(fit);
    }
    apply_tools(returns, first_day, &mut days, &parameters.anti_procyclicality, parameters)?;
    let today = days.pop().ok_or(StatisticsError::TooShort { needed: first_day, given: returns.len() })?;
    Ok(RegimeHistory { first_day, days, today })
}

/// The returns without some of the oldest, fewer than `refit_days`: so that a fit falls on today, and today's forecast
/// is the same however far back the history goes, but for what the tools against procyclicality remember.
pub fn ending_with_a_fit<'a>(returns: &'a [f64], parameters: &RegimeParameters) -> &'a [f64] {
    let forecasts = returns.len().saturating_sub(parameters.shortest_history_days);
    &returns[forecasts % parameters.refit_days.max(1)..]
}

/// The plain alternative: σ_EWMA times the normal quantile, for the returns from `first_day` on and one more for today.
///
/// # Errors
/// Parameters outside their domain, fewer returns than `first_day`, one that is not finite, or a history that stands
/// still.
pub fn ewma_normal_ranges(
    returns: &[f64],
    first_day: usize,
    lambda: f64,
    confidence: f64,
    horizon_days: f64,
) -> Result<Vec<f64>, StatisticsError> {
    check_series(returns, first_day.max(1))?;
    let multiple = normal::quantile(0.5 + 0.5 * confidence)? * horizon_days.sqrt();
    Ok(ewma_from(returns, first_day, lambda)?[first_day..].iter().map(|vol| multiple * vol).collect())
}

/// EWMA vols that start at the vol of the history before the first forecast.
fn ewma_from(returns: &[f64], first_day: usize, lambda: f64) -> Result<Vec<f64>, StatisticsError> {
    let initial = root_mean_square(&returns[..first_day]);
    if initial <= 0.0 {
        return Err(StatisticsError::Still);
    }
    ewma_vols(returns, initial, lambda)
}

/// What stands between two fits, and what is expected of the next day.
struct Fitted {
    states: Option<(HiddenMarkov, ByState)>,
    distribution: StudentT,
    multiple: f64,
    calm_vol: f64,
    turbulent_vol: f64,
}

impl Fitted {
    /// Fits to the window before `day`, starting from the last fit.
    fn new(
        returns: &[f64],
        ewma: &[f64],
        day: usize,
        last: Option<Fitted>,
        parameters: &RegimeParameters,
    ) -> Result<Fitted, StatisticsError> {
        let from = day.saturating_sub(parameters.window_days);
        let window = &returns[from..day];
        let mut vols = ewma[from..day].to_vec();
        let (mut calm_vol, mut turbulent_vol) = (tail::quantile(&vols, 0.05)?, tail::quantile(&vols, 0.95)?);
        let mut states = None;
        if parameters.states > 0 {
            let model = match last.and_then(|last| last.states) {
                Some((model, _)) => model.refit(window, FIT_LIMITS)?.model,
                None => HiddenMarkov::fit(window, parameters.states, FIT_LIMITS)?.model,
            };
            let mut expected = model.start();
            for (vol, seen) in vols.iter_mut().zip(model.filter(window)?.probabilities) {
                *vol = mixed_vol(*vol, model.vol(&expected), parameters.regime_weight);
                expected = model.predict(&seen);
            }
            (calm_vol, turbulent_vol) = (model.vols()[0], model.vols()[parameters.states - 1]);
            states = Some((model, expected));
        }
        let unforeseen: Vec<f64> = window.iter().zip(&vols).map(|(step, vol)| step / vol).collect();
        let distribution = StudentT::fit_about(0.0, &unforeseen)?.distribution;
        let multiple = distribution.quantile(0.5 + 0.5 * parameters.confidence)? * parameters.horizon_days.sqrt();
        Ok(Fitted { states, distribution, multiple, calm_vol, turbulent_vol })
    }

    /// The same fits one day on.
    fn next(mut self, step: f64) -> Result<Fitted, StatisticsError> {
        if let Some((model, expected)) = &mut self.states {
            *expected = model.predict(&model.update(expected, step)?);
        }
        Ok(self)
    }

    fn forecast(&self, vol_ewma: f64, parameters: &RegimeParameters) -> RegimeDay {
        let (vol_regime, turbulent_probability) = match &self.states {
            Some((model, expected)) => (model.vol(expected), expected[model.states() - 1]),
            None => (vol_ewma, 0.0),
        };
        let vol = mixed_vol(vol_ewma, vol_regime, parameters.regime_weight);
        let model_range = self.multiple * vol;
        let shift = |shift: f64| shift.clamp(parameters.minimum_vol_shift, parameters.maximum_vol_shift);
        RegimeDay {
            range: model_range,
            model_range,
            vol,
            vol_ewma,
            vol_regime,
            degrees_of_freedom: self.distribution.degrees_of_freedom(),
            scale: self.distribution.scale(),
            turbulent_probability,
            vol_shift_up: shift(self.turbulent_vol / vol - 1.0),
            vol_shift_down: shift(1.0 - self.calm_vol / vol),
        }
    }
}

fn mixed_vol(ewma: f64, regime: f64, weight: f64) -> f64 {
    ((1.0 - weight) * ewma * ewma + weight * regime * regime).sqrt()
}

/// Weight on stress, then the floor, then the buffer, then the bound on changes, then least and greatest range.
fn apply_tools(
    returns: &[f64],
    first_day: usize,
    days: &mut [RegimeDay],
    tools: &AntiProcyclicality,
    parameters: &RegimeParameters,
) -> Result<(), StatisticsError> {
    let mut ranges: Vec<f64> = days.iter().map(|day| day.model_range).collect();
    if tools.stressed_weight > 0.0 {
        let stressed = greatest_so_far(&ranges, tools.look_back_days);
        ranges = weighted_with_stress(&ranges, &stressed, tools.stressed_weight)?;
    }
    if tools.look_back_floor {
        let long_run = look_back_vols(returns, tools.look_back_days, first_day)?;
        let floors: Vec<f64> = days.iter().zip(long_run).map(|(day, vol)| day.model_range / day.vol * vol).collect();
        ranges = floored(&ranges, &floors)?;
    }
    if tools.buffer > 0.0 {
        ranges = buffered(&ranges, tools.buffer, tools.buffer_rebuild)?;
    }
    ranges = bounded(&ranges, tools.greatest_rise, tools.greatest_fall)?;
    for (day, range) in days.iter_mut().zip(ranges) {
        day.range = range.clamp(parameters.minimum_range, parameters.maximum_range);
    }
    Ok(())
}

/// The greatest of each figure and those before it, at most `days` of them.
fn greatest_so_far(figures: &[f64], days: usize) -> Vec<f64> {
    let mut greatest = Vec::with_capacity(figures.len());
    // Where the greatest within the last days stands.
    let mut at = 0;
    for (day, &figure) in figures.iter().enumerate() {
        let from = (day + 1).saturating_sub(days);
        if at < from {
            at = (from..day).rev().fold(day, |best, other| if figures[other] > figures[best] { other } else { best });
        } else if figure >= figures[at] {
            at = day;
        }
        greatest.push(figures[at]);
    }
    greatest
}
