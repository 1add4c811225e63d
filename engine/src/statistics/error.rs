//! What can be wrong with a series or a question about it, in sentences.

use std::ops::RangeInclusive;

/// What is wrong with a series or with a question about it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StatisticsError {
    /// Too few figures.
    #[error("the series has {given} figures; {needed} are needed")]
    TooShort {
        /// How many are needed.
        needed: usize,
        /// How many there are.
        given: usize,
    },
    /// An infinity or no number.
    #[error("figure {} of the series is {value}, which is no number to reckon with", index + 1)]
    NotANumber {
        /// Which, counted from 0.
        index: usize,
        /// What it is.
        value: f64,
    },
    /// A close that is not a positive price.
    #[error("close {} of the series must be a positive price, not {value}", index + 1)]
    Price {
        /// Which, counted from 0.
        index: usize,
        /// What it is.
        value: f64,
    },
    /// Series that belong together and differ in length.
    #[error("the series must be of one length; one has {first} figures and another {second}")]
    Lengths {
        /// The length of the first.
        first: usize,
        /// The length of one that differs.
        second: usize,
    },
    /// A series that never moves, or hardly: it has no distribution to speak of.
    #[error("the series does not move enough to have a distribution")]
    Still,
    /// A parameter outside its domain.
    #[error("{name} is {value}; it must lie between {least} and {greatest}")]
    Parameter {
        /// Its name.
        name: &'static str,
        /// What it is.
        value: f64,
        /// The least that it may be.
        least: f64,
        /// The greatest that it may be.
        greatest: f64,
    },
    /// A Cornish–Fisher expansion that turns back at the level asked for or further out.
    #[error(
        "the Cornish-Fisher expansion is no quantile for skewness {skewness} and excess kurtosis {excess_kurtosis}"
    )]
    NotMonotone {
        /// The skewness.
        skewness: f64,
        /// The excess kurtosis.
        excess_kurtosis: f64,
    },
}

/// Whether the series has `needed` figures at least, all of them finite.
pub(super) fn check_series(series: &[f64], needed: usize) -> Result<(), StatisticsError> {
    if let Some(index) = series.iter().position(|figure| !figure.is_finite()) {
        return Err(StatisticsError::NotANumber { index, value: series[index] });
    }
    if series.len() < needed {
        return Err(StatisticsError::TooShort { needed, given: series.len() });
    }
    Ok(())
}

/// Whether two series are equally long.
pub(super) fn check_lengths(first: &[f64], second: &[f64]) -> Result<(), StatisticsError> {
    if first.len() != second.len() {
        return Err(StatisticsError::Lengths { first: first.len(), second: second.len() });
    }
    Ok(())
}

/// Whether a parameter lies in its domain.
pub(super) fn check(name: &'static str, value: f64, domain: RangeInclusive<f64>) -> Result<(), StatisticsError> {
    if domain.contains(&value) {
        return Ok(());
    }
    Err(StatisticsError::Parameter { name, value, least: *domain.start(), greatest: *domain.end() })
}

/// The domain of a confidence: a half to one, without the ends. A confidence of 1 − 1e-9 asks of a distribution what
/// no history can confirm; beyond it the digits of 1 − confidence run out.
pub(super) fn check_confidence(confidence: f64) -> Result<(), StatisticsError> {
    check("confidence", confidence, 0.500_001..=0.999_999_999)
}
