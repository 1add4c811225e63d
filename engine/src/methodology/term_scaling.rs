//! How the dependence of vol shifts on the time to expiry is read and checked.

use super::MethodologyError;
use super::preset::{ReadParameters, check};
use crate::json::{Fields, JsonError};
use crate::slide::TermScaling;

impl ReadParameters for TermScaling {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(TermScaling {
            short_power: fields.number("short_power")?,
            long_power: fields.number("long_power")?,
            minimum_days: fields.number("minimum_days")?,
        })
    }
}

impl TermScaling {
    /// Checks the domains; `owner` names the scaling in an error.
    ///
    /// # Errors
    /// A number out of its domain.
    pub(super) fn check(&self, owner: &str) -> Result<(), MethodologyError> {
        check(&format!("{owner}.short_power"), self.short_power, 0.0..=5.0)?;
        check(&format!("{owner}.long_power"), self.long_power, 0.0..=5.0)?;
        check(&format!("{owner}.minimum_days"), self.minimum_days, 0.01..=365.0)
    }
}
