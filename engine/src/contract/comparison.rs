//! The same account under several methodologies, as a document.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ContractError;
use super::request::{CompareChoice, find_entry};
use super::response::ComparisonDocument;
use super::session::{self, Asked};
use crate::insight::Comparison;
use crate::methodology::METHODOLOGIES;
use crate::progress::Progress;

/// The same account under several methodologies. Money is in the account currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ComparisonsDocument {
    /// The account currency.
    pub currency: String,
    /// One for each methodology, in the order asked for.
    pub rows: Vec<ComparisonDocument>,
}

/// Answers the question `comparison`. That the chosen methodology has no figure is no error: others may.
///
/// # Errors
/// Options that are none, a methodology that there is not.
pub(super) fn answer(asked: &Asked, options: &Value, progress: Progress<'_>) -> Result<Value, ContractError> {
    let Options { methodologies } = session::options(options)?;
    let all = || METHODOLOGIES.iter().map(|entry| CompareChoice::Named(entry.id.to_owned())).collect();
    let choices: Vec<CompareChoice> = methodologies.unwrap_or_else(all);
    let mut rows = Vec::with_capacity(choices.len());
    for choice in &choices {
        progress.steps(rows.len(), choices.len());
        let entry = find_entry("options.methodologies", choice.id())?;
        let configured = match choice {
            CompareChoice::Named(id) if id == asked.entry.id => asked.configured(),
            CompareChoice::Named(_) => asked.other(entry, None),
            CompareChoice::Edited(edited) => asked.other(entry, edited.parameters.as_ref()),
        };
        rows.push(ComparisonDocument::from(&Comparison::new(entry, &configured, &asked.book)));
    }
    session::written(&ComparisonsDocument { currency: asked.book.currency.to_string(), rows })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    methodologies: Option<Vec<CompareChoice>>,
}
