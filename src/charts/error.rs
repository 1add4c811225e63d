//! What can go wrong while drawing.

use plotters::drawing::DrawingAreaErrorKind;
use std::error::Error;
use std::fmt;

/// A drawing backend refused to draw; the sentence says what it reported. Charts never fail on their input: what
/// cannot be drawn (an empty table, an area of ten pixels) leaves the area as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartError(String);

impl fmt::Display for ChartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the chart could not be drawn: {}", self.0)
    }
}

impl Error for ChartError {}

impl<E: Error + Send + Sync> From<DrawingAreaErrorKind<E>> for ChartError {
    fn from(error: DrawingAreaErrorKind<E>) -> Self {
        Self(error.to_string())
    }
}
