//! The same book under every methodology, asked of the worker.
//!
//! Those that take longest are asked for last, so that the others are not held up.

use std::sync::Arc;

use leptos::prelude::*;
use margin_engine::contract::{CompareChoice, ComparisonDocument, ComparisonsDocument, MethodologyChoice};
use margin_engine::insight::ComparisonFigures;
use margin_engine::methodology::METHODOLOGIES;
use serde_json::{Value, json};

use super::Simulator;
use super::questions::{Answer, Asker, Wait};

/// Methodologies that reprice hundreds of days, fit to them, or search for pairs.
const SLOW: [&str; 5] = ["regulation-t", "var-historical", "var-filtered", "var-parametric", "regime-adaptive"];

/// The comparison, in the two parts in which it is asked for. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct Compared([Asker<ComparisonsDocument>; 2]);

/// From now on the comparison follows the state.
pub fn follow(simulator: Simulator) -> Compared {
    Compared([false, true].map(|slow| {
        simulator.questions.follow_book(simulator, "comparison", move || {
            // Those that go by the closes would have no figures yet.
            (!simulator.closes_are_awaited.get()).then(|| options(simulator, slow))
        })
    }))
}

/// The methodologies of a part with their edited parameters. The chosen one is in its part, too: its row must not
/// vanish while another is chosen.
fn options(simulator: Simulator, slow: bool) -> Value {
    let part = METHODOLOGIES.iter().filter(|entry| SLOW.contains(&entry.id) == slow);
    let choices: Vec<CompareChoice> = simulator.draft.with(|draft| {
        let choice = |id: &str| match draft.edits.get(id) {
            Some(edits) => {
                CompareChoice::Edited(MethodologyChoice { id: id.to_owned(), parameters: Some(edits.clone()) })
            }
            None => CompareChoice::Named(id.to_owned()),
        };
        part.map(|entry| choice(entry.id)).collect()
    });
    json!({ "methodologies": choices })
}

impl Compared {
    /// Whether rows are missing or belong to what was before.
    pub fn is_behind(self) -> bool {
        self.0.iter().any(|part| part.is_waiting.get() || part.answer.with(|answer| *answer == Answer::None))
    }

    /// What there is, in the registry's order, with its currency; none before the first answer. The chosen
    /// methodology's row is that of the page's own figures, which are there first.
    pub fn rows(self, simulator: Simulator) -> Option<(String, Vec<ComparisonDocument>)> {
        let parts = self.0.map(|part| part.answer.with(|answer| answer.ready().cloned()));
        let answers: Vec<&Arc<ComparisonsDocument>> = parts.iter().flatten().collect();
        let currency = answers.first()?.currency.clone();
        let of = |id: &str| answers.iter().flat_map(|part| &part.rows).find(|row| row.methodology == id);
        let mut rows: Vec<ComparisonDocument> =
            METHODOLOGIES.iter().filter_map(|entry| of(entry.id)).cloned().collect();
        simulator.outcome.with(|outcome| {
            let Some(figures) = outcome.figures() else { return };
            let chosen = &figures.assessment.provenance.methodology;
            let row = rows.iter_mut().find(|row| row.methodology == *chosen);
            if let Some(row) = row.filter(|_| figures.book.currency.as_str() == currency) {
                *row = ComparisonDocument::new(chosen, &ComparisonFigures::new(&figures.assessment, &figures.savings));
            }
        });
        Some((currency, rows))
    }

    /// Why rows are missing, where there is a book to compare.
    pub fn error(self, simulator: Simulator) -> Option<String> {
        let has_book = simulator.outcome.with(|outcome| outcome.book().is_some());
        let error = |part: &Asker<ComparisonsDocument>| part.answer.with(|answer| answer.error().map(str::to_owned));
        self.0.iter().find_map(error).filter(|_| has_book)
    }

    /// The waits, the quick part first.
    pub fn waits(self) -> Vec<Wait> {
        self.0.iter().map(|part| part.wait).collect()
    }
}
