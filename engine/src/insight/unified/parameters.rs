//! The rules of the unified account as data.

use serde_json::Value;

use super::correlation::check_matrix;
use crate::asset::Asset;
use crate::json::{ByName, Fields, JsonError};
use crate::methodology::{CheckParameters, Configured, Edited, MethodologyError, ReadParameters, check};

/// How results in one settlement currency offset those in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffsetRule {
    /// A fraction of the smaller of gains and losses on the same slide.
    Offset,
    /// Gains count whole, on slides in which underlyings move apart as far as their correlation lets them.
    Joint,
}

/// Parameters of the unified account.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// The rule.
    pub rule: OffsetRule,
    /// Currencies that are one account in every mode, by the name of the account: what a venue takes as dollars.
    pub groups: ByName<Vec<String>>,
    /// The fraction under [`OffsetRule::Offset`], from 0 to 1.
    pub offset: f64,
    /// The correlations under [`OffsetRule::Joint`].
    pub correlation: Correlation,
}

/// Where correlations come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    /// Whether they are estimated from the market's daily closes; else `matrix` holds.
    pub is_estimated: bool,
    /// The underlyings that `matrix` is about.
    pub assets: Vec<String>,
    /// Their correlations, row by row.
    pub matrix: Vec<f64>,
    /// The correlation of all pairs that `matrix` does not know.
    pub others: f64,
    /// So many days an estimate goes back.
    pub history_days: usize,
    /// What an estimate is multiplied by.
    pub estimate_factor: f64,
    /// The least that an estimate may be after that.
    pub floor: f64,
    /// The most that it may be.
    pub cap: f64,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters {
            rule: fields.choice("rule", &[("offset", OffsetRule::Offset), ("joint", OffsetRule::Joint)])?,
            groups: fields.by_name("groups", |group| group.texts("assets"))?,
            offset: fields.number("offset")?,
            correlation: fields.object("correlation", Correlation::read)?,
        })
    }
}

impl ReadParameters for Correlation {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Correlation {
            is_estimated: fields.choice("source", &[("preset", false), ("estimated", true)])?,
            assets: fields.texts("assets")?,
            matrix: fields.numbers("matrix")?,
            others: fields.number("others")?,
            history_days: fields.count("history_days")?,
            estimate_factor: fields.number("estimate_factor")?,
            floor: fields.number("floor")?,
            cap: fields.number("cap")?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        check("offset", self.offset, 0.0..=1.0)?;
        let correlation = &self.correlation;
        check("correlation.others", correlation.others, -1.0..=1.0)?;
        check("correlation.history_days", correlation.history_days as f64, 60.0..=10_000.0)?;
        check("correlation.estimate_factor", correlation.estimate_factor, 0.0..=1.0)?;
        check("correlation.floor", correlation.floor, -1.0..=1.0)?;
        check("correlation.cap", correlation.cap, correlation.floor..=1.0)?;
        check_matrix(&correlation.matrix, correlation.assets.len())
    }
}

impl Correlation {
    /// The preset's correlation of two different underlyings.
    pub(super) fn of(&self, one: Asset, other: Asset) -> f64 {
        let place = |asset: Asset| self.assets.iter().position(|known| known == asset.as_str());
        match (place(one), place(other)) {
            (Some(row), Some(column)) => self.matrix[row * self.assets.len() + column],
            _ => self.others,
        }
    }
}

/// The rules in force, and where they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct UnifiedRules(Configured<Parameters>);

impl UnifiedRules {
    /// The preset's rules with edits applied: an object of the parameters to replace.
    ///
    /// # Errors
    /// A parameter that is not known or out of its domain; a correlation matrix that is none.
    pub fn new(edits: Option<&Value>) -> Result<UnifiedRules, MethodologyError> {
        Ok(UnifiedRules(Configured::new(include_str!("../../../presets/unified.json"), edits)?))
    }

    /// The parameters in force.
    pub fn parameters(&self) -> &Parameters {
        &self.0.parameters
    }

    /// The preset, and the parameters in force as they were read.
    pub fn configured(&self) -> &Edited {
        &self.0.edited
    }

    /// The account that a currency belongs to: that of its group, or of its own name. Wrapped and staked coins belong
    /// to the account of their coin.
    pub fn account_of(&self, asset: Asset) -> String {
        let asset = asset.stands_for().unwrap_or(asset);
        let holds = |assets: &[String]| assets.iter().any(|known| known == asset.as_str());
        let group = self.parameters().groups.iter().find(|(_, assets)| holds(assets));
        group.map_or_else(|| asset.to_string(), |(name, _)| name.to_owned())
    }
}
