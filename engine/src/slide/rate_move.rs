//! What a slide does to rates.

/// A change of discount rates and yields by maturity, per year: 0.01 is 100 basis points.
///
/// Linear in the time to maturity from `short` at once to `long` at thirty years and beyond. Both equal is a parallel
/// shift; `long` above `short` steepens the curve.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RateMove {
    /// At no maturity.
    pub short: f64,
    /// At thirty years.
    pub long: f64,
}

/// Where the long end of the curve is.
const LONG_YEARS: f64 = 30.0;

impl RateMove {
    /// Rates stay.
    pub const NONE: RateMove = RateMove { short: 0.0, long: 0.0 };

    /// The same at every maturity.
    pub fn parallel(change: f64) -> RateMove {
        RateMove { short: change, long: change }
    }

    /// The change at a maturity, in years from today.
    pub fn at(&self, maturity_years: f64) -> f64 {
        self.short + (self.long - self.short) * (maturity_years / LONG_YEARS).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steepener_is_linear_up_to_thirty_years() {
        let steepener = RateMove { short: -0.002, long: 0.004 };
        assert!((steepener.at(0.0) + 0.002).abs() < 1e-18);
        assert!((steepener.at(15.0) - 0.001).abs() < 1e-18);
        assert!((steepener.at(50.0) - 0.004).abs() < 1e-18);
        assert_eq!(RateMove::parallel(0.01).at(7.3), 0.01);
    }
}
