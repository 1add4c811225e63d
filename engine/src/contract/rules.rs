//! Where the rules behind an answer come from.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::methodology::{Edited, Mark};

/// The rules of an answer that are no methodology, and where they come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RulesDocument {
    /// Identifier of the preset.
    pub preset: String,
    /// Whether parameters differ from the preset's.
    pub edited: bool,
    /// As of when the preset holds.
    pub preset_date: String,
    /// Who published it.
    pub source: String,
    /// How far the figures can be trusted.
    pub mark: Mark,
    /// The same in words.
    pub mark_note: String,
    /// The parameters used.
    pub parameters: Value,
}

impl From<&Edited> for RulesDocument {
    fn from(edited: &Edited) -> RulesDocument {
        let Edited { preset, parameters, is_edited } = edited;
        RulesDocument {
            preset: preset.id.clone(),
            edited: *is_edited,
            preset_date: preset.date.clone(),
            source: preset.source.clone(),
            mark: preset.mark,
            mark_note: preset.mark_note.clone(),
            parameters: parameters.clone(),
        }
    }
}
