//! The schedules there are.

use serde_json::Value;

use super::CollateralSchedule;
use crate::methodology::{Entry, MethodologyError};

/// One schedule of haircuts with its preset.
pub struct CollateralEntry {
    /// Identifier, in requests and links; never changes.
    pub id: &'static str,
    /// Short name.
    pub name: &'static str,
    /// Whose schedule it is; as of [`Entry::venue`].
    pub venue: &'static str,
    preset: &'static str,
}

impl CollateralEntry {
    /// The schedule with its preset's parameters and the edits applied to them.
    ///
    /// # Errors
    /// A parameter that it does not know, or a value out of its domain.
    pub fn configure(&self, edits: Option<&Value>) -> Result<CollateralSchedule, MethodologyError> {
        CollateralSchedule::new(self.preset, edits)
    }
}

/// All schedules. The first serves methodologies whose venue has none of its own.
pub const SCHEDULES: &[CollateralEntry] = &[
    CollateralEntry {
        id: "general",
        name: "General haircuts",
        venue: "General",
        preset: include_str!("../../presets/collateral/general.json"),
    },
    CollateralEntry {
        id: "deribit",
        name: "Deribit cross-collateral",
        venue: "Deribit",
        preset: include_str!("../../presets/collateral/deribit.json"),
    },
    CollateralEntry {
        id: "derive",
        name: "Derive haircuts",
        venue: "Derive",
        preset: include_str!("../../presets/collateral/derive.json"),
    },
    CollateralEntry {
        id: "okx",
        name: "OKX-like discount tiers",
        venue: "OKX",
        preset: include_str!("../../presets/collateral/okx.json"),
    },
    CollateralEntry {
        id: "us",
        name: "Cash at a US broker",
        venue: "US listed",
        preset: include_str!("../../presets/collateral/us.json"),
    },
    CollateralEntry {
        id: "par",
        name: "No haircuts",
        venue: "None",
        preset: include_str!("../../presets/collateral/par.json"),
    },
];

/// The schedule of this identifier.
pub fn find_schedule(id: &str) -> Option<&'static CollateralEntry> {
    SCHEDULES.iter().find(|entry| entry.id == id)
}

/// The schedule that goes with a methodology where no other is asked for: that of its venue.
pub fn default_for(methodology: &Entry) -> &'static CollateralEntry {
    SCHEDULES.iter().find(|entry| entry.venue == methodology.venue).unwrap_or(&SCHEDULES[0])
}
