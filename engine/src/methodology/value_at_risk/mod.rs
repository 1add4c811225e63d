//! Value at risk and expected shortfall: what the days of the past would do to the book today.
//!
//! | | what happened | what is made of it |
//! |---|---|---|
//! | [`historical`] | each day's moves of all underlyings together, as they were or rescaled to today's vol | the book repriced under each, and the tail of the P&L |
//! | [`parametric`] | the covariances of those moves | a quadratic P&L in normal moves, and its tail by Cornish and Fisher |
//!
//! P&L is that of an instant move of so many days: no time passes, vols stay or follow the price, and rates stay.
//! History is of closes, so joint days are those on which all underlyings have one.

pub(super) mod historical;
pub(super) mod parametric;

use super::charge::Contributions;
use super::preset::check;
use super::{Component, MethodologyError, Pair, charge::Charge};
use crate::book::Book;
use crate::json::{Fields, JsonError};

/// What is taken of a tail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// The loss that is not exceeded with the confidence asked for.
    ValueAtRisk,
    /// The mean of the losses beyond.
    ExpectedShortfall,
}

impl Measure {
    fn name(self) -> &'static str {
        match self {
            Measure::ValueAtRisk => "value at risk",
            Measure::ExpectedShortfall => "expected shortfall",
        }
    }

    fn explanation(self) -> &'static str {
        match self {
            Measure::ValueAtRisk => "the loss that is not exceeded with this confidence, times the factor",
            Measure::ExpectedShortfall => "the mean of the losses beyond this confidence, times the factor",
        }
    }
}

/// What all of them are told.
#[derive(Debug, Clone, PartialEq)]
pub struct TailParameters {
    /// What is taken of the tail.
    pub measure: Measure,
    /// The confidence, from above 0.5 to below 1.
    pub confidence: f64,
    /// How many days a move takes, a whole number from 1 to 30.
    pub horizon_days: usize,
    /// How many moves of the past count, a whole number from 60 to 10,000.
    pub window_days: usize,
    /// λ of the exponentially weighted vol, 0.5 to 1. With 1 every day counts alike, and none is rescaled.
    pub ewma_lambda: f64,
    /// The initial requirement's multiple of the measure.
    pub initial_factor: f64,
    /// The maintenance requirement's multiple of it.
    pub maintenance_factor: f64,
}

impl TailParameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        let measures = [Measure::ValueAtRisk, Measure::ExpectedShortfall];
        let words = ["value-at-risk", "expected-shortfall"];
        Ok(TailParameters {
            measure: fields.choice("measure", &[(words[0], measures[0]), (words[1], measures[1])])?,
            confidence: fields.number("confidence")?,
            horizon_days: fields.count("horizon_days")?,
            window_days: fields.count("window_days")?,
            ewma_lambda: fields.number("ewma_lambda")?,
            initial_factor: fields.number("initial_factor")?,
            maintenance_factor: fields.number("maintenance_factor")?,
        })
    }

    fn check(&self) -> Result<(), MethodologyError> {
        check("confidence", self.confidence, 0.501..=0.999_999)?;
        check("horizon_days", self.horizon_days as f64, 1.0..=30.0)?;
        check("window_days", self.window_days as f64, 60.0..=10_000.0)?;
        check("ewma_lambda", self.ewma_lambda, 0.5..=1.0)?;
        check("initial_factor", self.initial_factor, 0.0..=10.0)?;
        check("maintenance_factor", self.maintenance_factor, 0.0..=10.0)
    }

    fn factors(&self) -> Pair {
        Pair { initial: self.initial_factor, maintenance: self.maintenance_factor }
    }

    /// The component for a measure of this size; nothing where even the tail gains. `by_leg` says what a leg adds to it.
    fn component(&self, book: &Book, size: f64, by_leg: impl Fn(usize) -> f64) -> Component {
        let mut charge = Charge::new(self.measure.name(), book);
        // No number goes through, to be refused.
        if size > 0.0 || size.is_nan() {
            let shares: Contributions =
                (0..book.legs.len()).map(|leg| (leg, by_leg(leg) * self.initial_factor)).collect();
            charge.add(self.factors().times(size), &shares);
        }
        charge.into_component(self.measure.explanation())
    }
}
