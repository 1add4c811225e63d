//! Hidden Markov models fitted by the algorithm of Baum and Welch.

use super::{ByState, Filtered, HiddenMarkov, MAX_STATES};
use crate::order::ascending;
use crate::statistics::StatisticsError;
use crate::statistics::error::{check, check_series};
use crate::statistics::moments::moments;

/// The least probability of a transition or a start. At exactly zero a state could never be entered again, and a return
/// that only it explains would have no likelihood.
const LEAST_PROBABILITY: f64 = 1e-8;
/// The least vol of a state, as a fraction of the series': else a state shrinks onto repeated figures, where the
/// likelihood has no bound.
const LEAST_VOL: f64 = 0.01;
/// Days for each state.
const FEWEST_FOR_EACH: usize = 20;
/// How many days before and after a day say how turbulent it was, before anything is known.
const START_DAYS: usize = 5;
/// The chance of staying in a state before anything is known of it.
const FIRST_STAY: f64 = 0.95;

/// When a fit stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitLimits {
    /// After this many rounds at the latest.
    pub iterations: usize,
    /// When a round adds less than this to the logarithm of the likelihood.
    pub tolerance: f64,
}

/// A fitted model, and how the fit ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HiddenMarkovFit {
    /// The model.
    pub model: HiddenMarkov,
    /// The logarithm of the likelihood of the series under it.
    pub log_likelihood: f64,
    /// How many rounds it took.
    pub iterations: usize,
    /// Whether the tolerance was reached, rather than the limit of rounds.
    pub converged: bool,
}

impl HiddenMarkov {
    /// A model of two or three states. The start is fixed: days sorted by how far from the mean they and those around them are, cut into as
    /// many equal parts as there are states. Each round raises the likelihood; the peak found is one near the start.
    ///
    /// # Errors
    /// Another number of states, fewer than twenty returns for each, a return that is not finite, or a series that does
    /// not move enough.
    pub fn fit(returns: &[f64], states: usize, limits: FitLimits) -> Result<HiddenMarkovFit, StatisticsError> {
        check("states", states as f64, 2.0..=MAX_STATES as f64)?;
        check_series(returns, states * FEWEST_FOR_EACH)?;
        HiddenMarkov::at_start(returns, states)?.refit(returns, limits)
    }

    /// As [`HiddenMarkov::fit`], starting from this model, as when a few days have been added to its series.
    ///
    /// # Errors
    /// As [`HiddenMarkov::fit`].
    pub fn refit(&self, returns: &[f64], limits: FitLimits) -> Result<HiddenMarkovFit, StatisticsError> {
        check_series(returns, self.states * FEWEST_FOR_EACH)?;
        let least_vol = LEAST_VOL * moments(returns)?.standard_deviation;
        let mut model = *self;
        let mut filtered = model.filter(returns)?;
        let (mut iterations, mut converged) = (0, false);
        while iterations < limits.iterations && !converged {
            model = model.round(returns, &filtered, least_vol);
            let better = model.filter(returns)?;
            converged = better.log_likelihood - filtered.log_likelihood < limits.tolerance;
            filtered = better;
            iterations += 1;
        }
        if !filtered.log_likelihood.is_finite() {
            return Err(StatisticsError::Still);
        }
        Ok(HiddenMarkovFit { model: model.sorted(), log_likelihood: filtered.log_likelihood, iterations, converged })
    }

    fn at_start(returns: &[f64], states: usize) -> Result<HiddenMarkov, StatisticsError> {
        let moments = moments(returns)?;
        let distances: Vec<f64> = returns.iter().map(|step| (step - moments.mean).abs()).collect();
        // A single quiet day amid large moves is no calm one.
        let around = |day: usize| {
            let near = &distances[day.saturating_sub(START_DAYS)..(day + START_DAYS + 1).min(distances.len())];
            near.iter().sum::<f64>() / near.len() as f64
        };
        let order = ascending(&(0..distances.len()).map(around).collect::<Vec<f64>>());
        let mut model = HiddenMarkov {
            states,
            means: [0.0; MAX_STATES],
            vols: [0.0; MAX_STATES],
            transitions: [[0.0; MAX_STATES]; MAX_STATES],
            start: [0.0; MAX_STATES],
        };
        for state in 0..states {
            let part = &order[state * order.len() / states..(state + 1) * order.len() / states];
            let square: f64 = part.iter().map(|&day| distances[day] * distances[day]).sum();
            model.means[state] = moments.mean;
            model.vols[state] = (square / part.len() as f64).sqrt().max(LEAST_VOL * moments.standard_deviation);
            model.start[state] = 1.0 / states as f64;
            for next in 0..states {
                let leave = (1.0 - FIRST_STAY) / (states - 1) as f64;
                model.transitions[state][next] = if next == state { FIRST_STAY } else { leave };
            }
        }
        Ok(model)
    }

    /// One round: how much of each day belongs to each state, and the model that fits that best.
    fn round(&self, returns: &[f64], filtered: &Filtered, least_vol: f64) -> HiddenMarkov {
        let (mut weights, mut first, mut second) = ([0.0; MAX_STATES], [0.0; MAX_STATES], [0.0; MAX_STATES]);
        let mut moves = [[0.0; MAX_STATES]; MAX_STATES];
        let mut backward = [1.0; MAX_STATES];
        let mut start = [0.0; MAX_STATES];
        for day in (0..returns.len()).rev() {
            let here = &filtered.probabilities[day];
            if day + 1 < returns.len() {
                let evidence = self.evidence(filtered, day + 1, &backward);
                for state in 0..self.states {
                    for next in 0..self.states {
                        moves[state][next] += here[state] * evidence[next];
                    }
                }
                backward = self.step_back(&evidence);
            }
            let step = returns[day];
            for state in 0..self.states {
                let weight = here[state] * backward[state];
                start[state] = weight;
                weights[state] += weight;
                // About the mean of the last round, so that the variance is no difference of large numbers.
                let deviation = step - self.means[state];
                first[state] += weight * deviation;
                second[state] += weight * deviation * deviation;
            }
        }
        let mut next = *self;
        next.start = probabilities(start, self.states);
        for state in 0..self.states {
            for (sum, transition) in moves[state].iter_mut().zip(self.transitions[state]) {
                *sum *= transition;
            }
            next.transitions[state] = probabilities(moves[state], self.states);
            // A state that no day belongs to stays as it is.
            if weights[state] > 0.0 {
                let shift = first[state] / weights[state];
                next.means[state] = self.means[state] + shift;
                let variance = second[state] / weights[state] - shift * shift;
                next.vols[state] = variance.max(0.0).sqrt().max(least_vol);
            }
        }
        next
    }

    /// The same model with its states in ascending order of vol.
    fn sorted(&self) -> HiddenMarkov {
        let order = ascending(self.vols());
        let mut sorted = *self;
        for (state, &old) in order.iter().enumerate() {
            sorted.means[state] = self.means[old];
            sorted.vols[state] = self.vols[old];
            sorted.start[state] = self.start[old];
            for (next, &old_next) in order.iter().enumerate() {
                sorted.transitions[state][next] = self.transitions[old][old_next];
            }
        }
        sorted
    }
}

/// Weights as probabilities, none of them below the least.
fn probabilities(weights: ByState, states: usize) -> ByState {
    let sum: f64 = weights[..states].iter().sum();
    let mut result = [0.0; MAX_STATES];
    let mut total = 0.0;
    for state in 0..states {
        let share = if sum > 0.0 { weights[state] / sum } else { 1.0 / states as f64 };
        result[state] = share.max(LEAST_PROBABILITY);
        total += result[state];
    }
    result.map(|probability| probability / total)
}
