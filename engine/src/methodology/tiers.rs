//! Multiples that grow with size: what is large is harder to close.

use super::MethodologyError;
use super::preset::{ReadParameters, check};
use crate::json::{Fields, JsonError};

/// Bands of size, each with its multiple. As with an income tax, each multiple holds for the part within its band, so
/// that a requirement does not jump where a band ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Tiers {
    /// Where the bands end, ascending, not negative; the last band has no end.
    pub thresholds: Vec<f64>,
    /// One multiple for each band, so one more than there are thresholds; at least 1.
    pub multiples: Vec<f64>,
}

impl ReadParameters for Tiers {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Tiers { thresholds: fields.numbers("thresholds")?, multiples: fields.numbers("multiples")? })
    }
}

impl Tiers {
    /// Checks the domains; `owner` names the tiers in an error.
    ///
    /// # Errors
    /// Thresholds that do not ascend, a multiple out of its domain, or not one multiple more than thresholds.
    pub(super) fn check(&self, owner: &str) -> Result<(), MethodologyError> {
        check_thresholds(&format!("{owner}.thresholds"), &self.thresholds)?;
        for &multiple in &self.multiples {
            check(&format!("{owner}.multiples"), multiple, 1.0..=1e3)?;
        }
        check_count(&format!("{owner}.multiples"), self.multiples.len(), self.thresholds.len() + 1)
    }

    /// A size with each part of it times the multiple of its band; for a size that is not negative.
    pub(super) fn scaled(&self, size: f64) -> f64 {
        in_bands(&self.thresholds, &self.multiples, size)
    }

    /// The multiple of the whole size: [`Tiers::scaled`] over it, and that of the first band for nothing.
    pub(super) fn multiple(&self, size: f64) -> f64 {
        if size > 0.0 { self.scaled(size) / size } else { self.multiples.first().copied().unwrap_or(1.0) }
    }
}

/// A size with each part of it times the figure of its band: what stands behind [`Tiers`] and behind haircuts that grow
/// with a balance. Bands end at the thresholds, the last has no end; for a size that is not negative.
pub(crate) fn in_bands(thresholds: &[f64], figures: &[f64], size: f64) -> f64 {
    let mut scaled = 0.0;
    let mut start = 0.0;
    for (band, figure) in figures.iter().enumerate() {
        let end = thresholds.get(band).copied().unwrap_or(f64::INFINITY);
        scaled += (size.min(end) - start).max(0.0) * figure;
        start = end;
    }
    scaled
}

/// Checks that bands end one after the other.
///
/// # Errors
/// A threshold that is negative, beyond 1e15 or below the one before it.
pub(crate) fn check_thresholds(name: &str, thresholds: &[f64]) -> Result<(), MethodologyError> {
    let mut least = 0.0;
    for &threshold in thresholds {
        check(name, threshold, least..=1e15)?;
        least = threshold;
    }
    Ok(())
}

/// Checks that there is a figure for each band.
///
/// # Errors
/// There are more or fewer.
pub(crate) fn check_count(name: &str, given: usize, bands: usize) -> Result<(), MethodologyError> {
    if given == bands {
        return Ok(());
    }
    let reason = format!("{name} has {given} entries; there must be {bands}, one for each band");
    Err(MethodologyError::Parameters(reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OKX's announcement of January 2025: the minimum charge of a risk unit.
    fn okx() -> Tiers {
        Tiers {
            thresholds: vec![250e3, 500e3, 1e6, 2e6, 3e6, 4e6],
            multiples: vec![1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0],
        }
    }

    #[test]
    fn each_part_has_the_multiple_of_its_band() {
        for (size, scaled) in [
            (0.0, 0.0),
            (100e3, 100e3),
            (250e3, 250e3),
            (400e3, 250e3 + 300e3),
            (1e6, 250e3 + 500e3 + 2e6),
            (2.5e6, 2.75e6 + 6e6 + 4e6),
            (5e6, 2.75e6 + 6e6 + 8e6 + 10e6 + 12e6),
        ] {
            assert_eq!(okx().scaled(size), scaled, "{size}");
        }
        assert_eq!(okx().multiple(400e3), 1.375);
        assert_eq!(okx().multiple(0.0), 1.0);
    }

    #[test]
    fn bands_and_multiples_must_match_and_ascend() {
        assert!(okx().check("tiers").is_ok());
        let tiers = |thresholds: &[f64], multiples: &[f64]| Tiers {
            thresholds: thresholds.to_vec(),
            multiples: multiples.to_vec(),
        };
        for bad in [
            tiers(&[], &[]),
            tiers(&[1.0], &[1.0]),
            tiers(&[2.0, 1.0], &[1.0, 2.0, 3.0]),
            tiers(&[-1.0], &[1.0, 2.0]),
            tiers(&[1.0], &[1.0, 0.5]),
            tiers(&[f64::NAN], &[1.0, 2.0]),
        ] {
            assert!(bad.check("tiers").is_err(), "{bad:?}");
        }
    }
}
