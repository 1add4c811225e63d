//! Days of different turbulence, told apart: a hidden Markov chain of two or three states, normal returns in each.
//!
//! Which state a day is in is not seen; its probability is, from the returns. [`fit`](HiddenMarkov::fit) finds the
//! model, [`filter`](HiddenMarkov::filter) what was known on each day, [`smooth`](HiddenMarkov::smooth) what is known
//! of it in hindsight, [`predict`](HiddenMarkov::predict) what to expect tomorrow. States are in ascending order of
//! their vol: the first is calm, the last turbulent. Source: Rabiner (1989), with his scaling.

mod fit;
#[cfg(test)]
mod tests;

use std::f64::consts::PI;

use super::StatisticsError;
use super::error::check_series;
use crate::pricing::numeric::{exp, ln};

pub use fit::{FitLimits, HiddenMarkovFit};

/// The most states that a model may have.
pub const MAX_STATES: usize = 3;

/// One figure for each state, calm first; those that a model does not have are zero.
pub type ByState = [f64; MAX_STATES];

/// A chain of states, each with its own mean and vol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HiddenMarkov {
    states: usize,
    means: ByState,
    vols: ByState,
    transitions: [ByState; MAX_STATES],
    start: ByState,
}

/// What was known of each day on the day.
#[derive(Debug, Clone, PartialEq)]
pub struct Filtered {
    /// The probability of each state after the day's return was seen; one entry a day.
    pub probabilities: Vec<ByState>,
    /// The logarithm of the likelihood of the whole series.
    pub log_likelihood: f64,
    /// The density of each day's return in each state, up to a factor that the states share.
    densities: Vec<ByState>,
    /// What the probabilities of each day were divided by to sum to one.
    norms: Vec<f64>,
}

impl HiddenMarkov {
    /// How many states there are.
    pub fn states(&self) -> usize {
        self.states
    }

    /// The mean return in each state.
    pub fn means(&self) -> &[f64] {
        &self.means[..self.states]
    }

    /// The vol in each state, ascending: the standard deviation about the state's mean.
    pub fn vols(&self) -> &[f64] {
        &self.vols[..self.states]
    }

    /// The probability of each state tomorrow for one who is in `state` today.
    pub fn transitions(&self, state: usize) -> &[f64] {
        self.transitions.get(state).map_or(&[], |row| &row[..self.states])
    }

    /// The probability of each state on the first day.
    pub fn start(&self) -> ByState {
        self.start
    }

    /// What was known of each day when its return had been seen, from the first day on.
    ///
    /// # Errors
    /// A return that is not finite.
    pub fn filter(&self, returns: &[f64]) -> Result<Filtered, StatisticsError> {
        check_series(returns, 0)?;
        let mut filtered = Filtered {
            probabilities: Vec::with_capacity(returns.len()),
            log_likelihood: 0.0,
            densities: Vec::with_capacity(returns.len()),
            norms: Vec::with_capacity(returns.len()),
        };
        let log_vols = self.log_vols();
        let mut expected = self.start;
        for &step in returns {
            let (densities, exponent) = self.densities(step, &log_vols);
            let (probabilities, norm) = self.weigh(&expected, &densities);
            filtered.log_likelihood += ln(norm) + exponent;
            filtered.densities.push(densities);
            filtered.norms.push(norm);
            filtered.probabilities.push(probabilities);
            expected = self.predict(&probabilities);
        }
        filtered.log_likelihood -= 0.5 * ln(2.0 * PI) * returns.len() as f64;
        Ok(filtered)
    }

    /// The probability of each state on each day, given the whole series: for looking back, never for a forecast.
    ///
    /// # Errors
    /// A return that is not finite.
    pub fn smooth(&self, returns: &[f64]) -> Result<Vec<ByState>, StatisticsError> {
        let filtered = self.filter(returns)?;
        let mut smoothed = filtered.probabilities.clone();
        let mut backward = [1.0; MAX_STATES];
        for day in (0..returns.len().saturating_sub(1)).rev() {
            backward = self.step_back(&self.evidence(&filtered, day + 1, &backward));
            for (probability, factor) in smoothed[day].iter_mut().zip(backward) {
                *probability *= factor;
            }
        }
        Ok(smoothed)
    }

    /// The probability of each state one day after a day with these.
    pub fn predict(&self, probabilities: &ByState) -> ByState {
        let mut next = [0.0; MAX_STATES];
        for (probability, row) in probabilities.iter().zip(&self.transitions) {
            for (sum, transition) in next.iter_mut().zip(row) {
                *sum += probability * transition;
            }
        }
        next
    }

    /// What was expected of a day, once its return is seen.
    ///
    /// # Errors
    /// A return that is not finite.
    pub fn update(&self, expected: &ByState, step: f64) -> Result<ByState, StatisticsError> {
        check_series(&[step], 0)?;
        Ok(self.weigh(expected, &self.densities(step, &self.log_vols()).0).0)
    }

    /// The vol of a return whose state has these probabilities, about zero: √Σ p(σ² + μ²).
    pub fn vol(&self, probabilities: &ByState) -> f64 {
        let squares = self.means.iter().zip(&self.vols).map(|(mean, vol)| vol * vol + mean * mean);
        squares.zip(probabilities).map(|(square, probability)| square * probability).sum::<f64>().sqrt()
    }

    /// The logarithms of the vols; nothing for states that the model does not have.
    fn log_vols(&self) -> ByState {
        self.vols.map(|vol| if vol > 0.0 { ln(vol) } else { 0.0 })
    }

    /// The density of a return in each state, divided by the greatest of them times √(2π), and the logarithm of what
    /// it was divided by: so that a return that is far out in every state does not come out as zero in all.
    fn densities(&self, step: f64, log_vols: &ByState) -> (ByState, f64) {
        let mut exponents = [f64::NEG_INFINITY; MAX_STATES];
        let mut greatest = f64::NEG_INFINITY;
        for state in 0..self.states {
            let distance = (step - self.means[state]) / self.vols[state];
            exponents[state] = -0.5 * distance * distance - log_vols[state];
            greatest = exponents[state].max(greatest);
        }
        let mut densities = [0.0; MAX_STATES];
        for state in 0..self.states {
            let below = exponents[state] - greatest;
            densities[state] = if below == 0.0 { 1.0 } else { exp(below) };
        }
        (densities, greatest)
    }

    /// Expectation times density, made to sum to one, and what that took.
    fn weigh(&self, expected: &ByState, densities: &ByState) -> (ByState, f64) {
        let mut weighed = [0.0; MAX_STATES];
        let mut norm = 0.0;
        for state in 0..self.states {
            weighed[state] = expected[state] * densities[state];
            norm += weighed[state];
        }
        (weighed.map(|weight| weight / norm), norm)
    }

    /// What a day and all after it say for each state of that day, in the scale of the filter.
    fn evidence(&self, filtered: &Filtered, day: usize, backward: &ByState) -> ByState {
        let mut evidence = [0.0; MAX_STATES];
        for state in 0..self.states {
            evidence[state] = filtered.densities[day][state] * backward[state] / filtered.norms[day];
        }
        evidence
    }

    /// What the days after a day say for each state of that day.
    fn step_back(&self, evidence: &ByState) -> ByState {
        let mut backward = [0.0; MAX_STATES];
        for (sum, row) in backward.iter_mut().zip(&self.transitions) {
            for (transition, weight) in row.iter().zip(evidence) {
                *sum += transition * weight;
            }
        }
        backward
    }
}
