//! Delta and gamma in normal moves: the tail of a quadratic P&L, by its moments and the expansion of Cornish and Fisher.
//!
//! Moves are simple returns of a day with the EWMA covariances of their joint history, about zero; longer horizons go by
//! the square root. A leg's P&L is Δ·F·x + ½·Γ·F²·x² for a move x of its underlying, so nothing is priced. The mean and
//! the standard deviation are shared by the legs as they make them: a leg's share of the standard deviation is its
//! covariance with the book over it.

use std::rc::Rc;

use super::{Measure, TailParameters};
use crate::asset::Asset;
use crate::book::{Book, Leg};
use crate::instrument::Settlement;
use crate::json::{Fields, JsonError};
use crate::market::History;
use crate::methodology::past::{Shared, history_of, joint_returns, price_move, reach, unusable};
use crate::methodology::preset::{CheckParameters, ReadParameters};
use crate::methodology::{Configured, Edited, Memo, MemoUnit, Methodology, MethodologyError, Requirement, Workings};
use crate::slide::{Revaluation, SlideGrid};
use crate::statistics::cornish_fisher::{cornish_fisher, mean_of_lower_tail};
use crate::statistics::delta_gamma::DeltaGamma;
use crate::statistics::ewma::ewma_covariances;
use crate::statistics::{StatisticsError, normal};

/// Parameters of parametric value at risk: none but those that all have.
pub struct Parameters(TailParameters);

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        TailParameters::read(fields).map(Parameters)
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        self.0.check()
    }
}

/// Covariances of the moves over the horizon, and how far the history goes.
struct Covariances {
    matrix: Vec<f64>,
    days: Vec<jiff::Timestamp>,
}

/// Parametric value at risk.
pub struct Parametric {
    configured: Configured<Parameters>,
    covariances: Shared<Covariances>,
}

impl Parametric {
    /// From a preset and edits.
    pub fn new(configured: Configured<Parameters>) -> Parametric {
        Parametric { configured, covariances: Shared::new() }
    }

    fn covariances(&self, book: &Book) -> Result<Rc<Covariances>, MethodologyError> {
        let (history, assets) = history_of(book)?;
        let parameters = &self.configured.parameters.0;
        self.covariances.get(history, &assets, || covariances(history, &assets, parameters).map(Rc::new))
    }
}

fn covariances(
    history: &History,
    assets: &[Asset],
    parameters: &TailParameters,
) -> Result<Covariances, MethodologyError> {
    let mut joint = joint_returns(history, assets, 0, parameters.window_days)?;
    joint.returns.iter_mut().flatten().for_each(|step| *step = price_move(*step));
    let mut matrix = ewma_covariances(&joint.returns, parameters.ewma_lambda).map_err(unusable)?;
    matrix.iter_mut().for_each(|covariance| *covariance *= parameters.horizon_days as f64);
    Ok(Covariances { matrix, days: joint.days })
}

/// First and second derivative of a leg's P&L by the relative move of its underlying, in the account currency.
fn derivatives(book: &Book, leg: &Leg) -> (f64, f64) {
    let size = leg.coins * leg.account_per_quote;
    // A coin-settled future is worth dollars that were fixed, so that it moves with the index.
    if leg.is_future() && leg.settlement == Settlement::Inverse {
        return (size * book.index_of(leg), 0.0);
    }
    let forward = book.expiries[leg.expiry].forward;
    let sensitivities = &leg.sensitivities;
    (size * sensitivities.delta_forward * forward, size * sensitivities.gamma_forward * forward * forward)
}

/// How many standard deviations from the mean the measure lies, a negative number for a usual tail.
fn multiple(measure: Measure, z: f64, skewness: f64, excess_kurtosis: f64) -> Result<f64, StatisticsError> {
    match measure {
        Measure::ValueAtRisk => cornish_fisher(z, skewness, excess_kurtosis),
        Measure::ExpectedShortfall => mean_of_lower_tail(z, skewness, excess_kurtosis),
    }
}

impl Methodology for Parametric {
    fn configured(&self) -> &Edited {
        &self.configured.edited
    }

    fn slides(&self, book: &Book) -> Result<SlideGrid, MethodologyError> {
        if !book.underlyings.is_empty() {
            self.covariances(book)?;
        }
        Ok(SlideGrid::default())
    }

    fn requirement(
        &self,
        book: &Book,
        _revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        if book.underlyings.is_empty() {
            return Ok(Requirement::default());
        }
        let parameters = &self.configured.parameters.0;
        let covariances = self.covariances(book)?;
        let by_leg: Vec<(f64, f64)> = book.legs.iter().map(|leg| derivatives(book, leg)).collect();
        let mut exposures = vec![0.0; book.underlyings.len()];
        let mut gammas = exposures.clone();
        for (leg, (exposure, gamma)) in book.legs.iter().zip(&by_leg) {
            exposures[leg.underlying] += exposure;
            gammas[leg.underlying] += gamma;
        }
        let not_a_number = |_| MethodologyError::NotANumber("a sensitivity");
        let pnl = DeltaGamma::new(&exposures, &gammas, &covariances.matrix).map_err(not_a_number)?;

        let mut notes: Vec<String> = reach(book, &covariances.days).into_iter().collect();
        if book.legs.iter().any(Leg::is_option) {
            notes.push(
                "Of options only delta and gamma count: moves of vol, and what lies beyond the second order, do not."
                    .into(),
            );
        }
        let z = normal::quantile(1.0 - parameters.confidence).map_err(unusable)?;
        let multiple_of = |skewness, kurtosis| multiple(parameters.measure, z, skewness, kurtosis);
        let (quantile, kind) = match multiple_of(pnl.skewness, pnl.excess_kurtosis) {
            Ok(quantile) => (quantile, "Cornish-Fisher"),
            Err(reason) => {
                let likely = if pnl.skewness < 0.0 { "too little" } else { "too much" };
                notes.push(format!("{reason}; the normal quantile stands in for it, which is likely {likely}."));
                (multiple_of(0.0, 0.0).map_err(unusable)?, "normal")
            }
        };

        let deviation = pnl.standard_deviation;
        let component = parameters.component(book, -(pnl.mean + quantile * deviation), |leg| {
            let ((exposure, gamma), u) = (by_leg[leg], book.legs[leg].underlying);
            let covariance = exposure * pnl.variance_by_exposure[u] + gamma * pnl.variance_by_gamma[u];
            let of_deviation = if deviation > 0.0 { covariance / deviation } else { 0.0 };
            -(gamma * pnl.mean_by_gamma[u] + quantile * of_deviation)
        });
        let values =
            [("factor", parameters.initial_factor), ("mean", pnl.mean), ("quantile", quantile), ("σ", deviation)];
        workings.note(component.name, "factor·max(0, −(mean + quantile·σ))", &values, component.initial);
        if parameters.measure == Measure::ValueAtRisk && kind != "normal" {
            let values = [("z", z), ("S", pnl.skewness), ("K", pnl.excess_kurtosis)];
            let formula = "z + (z^2 − 1)·S/6 + (z^3 − 3·z)·K/24 − (2·z^3 − 5·z)·S^2/36";
            workings.note("quantile", formula, &values, quantile);
        }
        let number = |name, explanation, value| Memo { name, explanation, value, unit: MemoUnit::Number };
        Ok(Requirement {
            components: vec![component],
            memos: vec![
                Memo {
                    unit: MemoUnit::Money,
                    ..number("standard deviation", "of the P&L over the horizon", deviation)
                },
                number("skewness", "of the P&L; negative where large losses are likelier than gains", pnl.skewness),
                number("excess kurtosis", "of the P&L; 0 where it is normal", pnl.excess_kurtosis),
                number("quantile", "standard deviations from the mean to the measure", quantile),
            ],
            reason: format!("{:.2} standard deviations of delta and gamma ({kind})", -quantile),
            notes,
            ..Requirement::default()
        })
    }
}
