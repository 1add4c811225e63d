//! The parameters of the regime model, their domains and where to start.

use crate::statistics::StatisticsError;
use crate::statistics::error::{check, check_confidence};
use crate::statistics::hidden_markov::MAX_STATES;

/// Parameters of the regime model.
#[derive(Debug, Clone, PartialEq)]
pub struct RegimeParameters {
    /// The probability that a day's move, up or down, stays within the range; 0.5 to 1.
    pub confidence: f64,
    /// How many days the range is to hold, by the square root; 0.01 to 365.
    pub horizon_days: f64,
    /// λ of the exponentially weighted vol, 0.5 to 1.
    pub ewma_lambda: f64,
    /// How many days back states and tails are fitted; at least the shortest history.
    pub window_days: usize,
    /// How many returns there must be before the first forecast; 60 to 100,000.
    pub shortest_history_days: usize,
    /// After how many days states and tails are fitted anew; 1 to 100,000.
    pub refit_days: usize,
    /// States of the hidden Markov model: 2, 3, or 0 for none.
    pub states: usize,
    /// How much of the variance comes from the states rather than from the weighted average; 0 to 1.
    pub regime_weight: f64,
    /// The range is never tighter, 0 to 10.
    pub minimum_range: f64,
    /// The range is never wider, up to 10 and not below the minimum.
    pub maximum_range: f64,
    /// The least shift of vols up and down, a fraction from 0 to 0.99.
    pub minimum_vol_shift: f64,
    /// The greatest, from the least to 10. Down it is below 1 in any case: no regime is without vol.
    pub maximum_vol_shift: f64,
    /// What keeps the range from jumping.
    pub anti_procyclicality: AntiProcyclicality,
}

/// The tools of [`procyclicality`](crate::statistics::procyclicality) and how strong each is.
#[derive(Debug, Clone, PartialEq)]
pub struct AntiProcyclicality {
    /// The buffer as a fraction of the range; 0 for none, 0.25 for the regulation's least.
    pub buffer: f64,
    /// The fraction of a missing buffer that is put back each day.
    pub buffer_rebuild: f64,
    /// The weight of the greatest range of the look-back; 0 for none, 0.25 for the regulation's least.
    pub stressed_weight: f64,
    /// Whether the range is never below the one at the vol of the look-back.
    pub look_back_floor: bool,
    /// How far back stress and floor reach, 1 to 100,000: ten years are 3,650 days of coins, 2,520 of exchanges.
    pub look_back_days: usize,
    /// The greatest rise a day, as a fraction; 1,000 for no bound.
    pub greatest_rise: f64,
    /// The greatest fall a day, as a fraction; 1 for no bound.
    pub greatest_fall: f64,
}

impl Default for RegimeParameters {
    /// A confidence of 99 %, a day, the λ = 0.94 of RiskMetrics, fits to a year of days renewed every 60, two states with
    /// a quarter of the variance, ranges from 1 % to 60 %, no tools against procyclicality. Round numbers chosen with the
    /// histories of `docs/regime.md` in sight.
    fn default() -> Self {
        RegimeParameters {
            confidence: 0.99,
            horizon_days: 1.0,
            ewma_lambda: 0.94,
            window_days: 365,
            shortest_history_days: 250,
            refit_days: 60,
            states: 2,
            regime_weight: 0.25,
            minimum_range: 0.01,
            maximum_range: 0.6,
            minimum_vol_shift: 0.25,
            maximum_vol_shift: 1.0,
            anti_procyclicality: AntiProcyclicality::none(),
        }
    }
}

impl AntiProcyclicality {
    /// No tool at all; the look-back is ten years of days.
    pub fn none() -> Self {
        AntiProcyclicality {
            buffer: 0.0,
            buffer_rebuild: 0.0,
            stressed_weight: 0.0,
            look_back_floor: false,
            look_back_days: 3_650,
            greatest_rise: 1_000.0,
            greatest_fall: 1.0,
        }
    }
}

impl RegimeParameters {
    /// Whether each parameter lies in its domain.
    ///
    /// # Errors
    /// The first that does not.
    pub fn check(&self) -> Result<(), StatisticsError> {
        let tools = &self.anti_procyclicality;
        check_confidence(self.confidence)?;
        let shortest = self.shortest_history_days as f64;
        for (name, value, domain) in [
            ("horizon_days", self.horizon_days, 0.01..=365.0),
            ("ewma_lambda", self.ewma_lambda, 0.5..=1.0),
            ("shortest_history_days", shortest, 60.0..=1e5),
            ("window_days", self.window_days as f64, shortest..=1e6),
            ("refit_days", self.refit_days as f64, 1.0..=1e5),
            // One state is none.
            ("states", self.states as f64, if self.states == 0 { 0.0 } else { 2.0 }..=MAX_STATES as f64),
            ("regime_weight", self.regime_weight, 0.0..=1.0),
            ("minimum_range", self.minimum_range, 0.0..=10.0),
            ("maximum_range", self.maximum_range, self.minimum_range..=10.0),
            ("minimum_vol_shift", self.minimum_vol_shift, 0.0..=0.99),
            ("maximum_vol_shift", self.maximum_vol_shift, self.minimum_vol_shift..=10.0),
            ("buffer", tools.buffer, 0.0..=10.0),
            ("buffer_rebuild", tools.buffer_rebuild, 0.0..=1.0),
            ("stressed_weight", tools.stressed_weight, 0.0..=1.0),
            ("look_back_days", tools.look_back_days as f64, 1.0..=1e5),
            ("greatest_rise", tools.greatest_rise, 0.0..=1_000.0),
            ("greatest_fall", tools.greatest_fall, 0.0..=1.0),
        ] {
            check(name, value, domain)?;
        }
        Ok(())
    }
}
