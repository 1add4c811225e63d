//! How an asset counts: its haircuts, and the bands in which they grow with the size of the balance.

use crate::json::{Fields, JsonError};
use crate::methodology::{MethodologyError, Pair, ReadParameters, check, check_count, check_thresholds, in_bands};

/// How one asset counts.
#[derive(Debug, Clone, PartialEq)]
pub struct CollateralTerms {
    /// What it counts less than its price, as a fraction, against the initial and the maintenance requirement; 1 where
    /// it does not count at all. Where there are tiers, up to the first threshold.
    pub haircut: Pair,
    /// Haircuts of what lies beyond; none where size does not matter.
    pub tiers: Option<HaircutTiers>,
}

/// Haircuts that grow with a balance: much of one asset is hard to sell at its price. As with an income tax, each holds
/// for the part of the balance within its band.
#[derive(Debug, Clone, PartialEq)]
pub struct HaircutTiers {
    /// Where the haircuts begin, in US dollars of the whole balance, ascending.
    pub thresholds_usd: Vec<f64>,
    /// The haircut beyond each threshold, against the initial requirement; not falling.
    pub initial: Vec<f64>,
    /// The same against the maintenance requirement; no greater than `initial`.
    pub maintenance: Vec<f64>,
}

impl ReadParameters for CollateralTerms {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        let haircut = fields.object("haircut", Pair::read)?;
        Ok(CollateralTerms { haircut, tiers: fields.object_if_any("tiers", HaircutTiers::read)? })
    }
}

impl ReadParameters for HaircutTiers {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(HaircutTiers {
            thresholds_usd: fields.numbers("thresholds_usd")?,
            initial: fields.numbers("initial")?,
            maintenance: fields.numbers("maintenance")?,
        })
    }
}

impl CollateralTerms {
    /// Checks the domains; `owner` names the asset in an error.
    ///
    /// # Errors
    /// A haircut that is negative, above 1, less than that of the band before it, or greater for maintenance than for
    /// initial; thresholds that do not ascend; not one haircut for each threshold.
    pub(super) fn check(&self, owner: &str) -> Result<(), MethodologyError> {
        let mut below = self.haircut;
        check(&format!("{owner}.haircut.initial"), below.initial, 0.0..=1.0)?;
        check(&format!("{owner}.haircut.maintenance"), below.maintenance, 0.0..=below.initial)?;
        let Some(HaircutTiers { thresholds_usd, initial, maintenance }) = &self.tiers else { return Ok(()) };
        check_thresholds(&format!("{owner}.tiers.thresholds_usd"), thresholds_usd)?;
        let [first, second] = ["initial", "maintenance"].map(|name| format!("{owner}.tiers.{name}"));
        check_count(&first, initial.len(), thresholds_usd.len())?;
        check_count(&second, maintenance.len(), thresholds_usd.len())?;
        for (&initial, &maintenance) in initial.iter().zip(maintenance) {
            check(&first, initial, below.initial..=1.0)?;
            check(&second, maintenance, below.maintenance..=initial)?;
            below = Pair { initial, maintenance };
        }
        Ok(())
    }

    /// What a balance of this size counts less than its price, as a fraction of all of it, when every haircut is
    /// `added` greater, but for those of zero; at most 1.
    pub(super) fn haircut_of(&self, value_usd: f64, added: f64) -> Pair {
        let raised = |haircut: f64| if haircut > 0.0 { (haircut + added).min(1.0) } else { 0.0 };
        let first = Pair { initial: raised(self.haircut.initial), maintenance: raised(self.haircut.maintenance) };
        let Some(tiers) = &self.tiers else { return first };
        let of_all = |first: f64, beyond: &[f64]| {
            let haircuts: Vec<f64> = std::iter::once(first).chain(beyond.iter().map(|&it| raised(it))).collect();
            if value_usd > 0.0 { in_bands(&tiers.thresholds_usd, &haircuts, value_usd) / value_usd } else { first }
        };
        Pair {
            initial: of_all(first.initial, &tiers.initial),
            maintenance: of_all(first.maintenance, &tiers.maintenance),
        }
    }
}
