//! The same book under every methodology, computed after the figures of an edit have been painted.
//!
//! One methodology comes after the other, and the page has its turn in between: a slow one holds up the comparison and
//! nothing else.

use std::time::Duration;

use leptos::prelude::*;
use margin_engine::insight::{Comparison, ComparisonFigures};
use margin_engine::methodology::METHODOLOGIES;

use super::Simulator;
use super::figures::Outcome;

/// After so long the page has its turn, in milliseconds.
const SLICE_MS: f64 = 6.0;

/// The rows of the comparison, and which outcome they belong to.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    /// What was compared; none before the first time.
    pub outcome: Option<Outcome>,
    /// One for each methodology, in the registry's order; empty without a book.
    pub rows: Vec<Comparison>,
}

/// From now on the comparison follows the outcome.
pub fn follow(simulator: Simulator) {
    Effect::new(move |_| {
        if simulator.closes_are_awaited.get() || !simulator.methodologies.are_all_there() {
            // Those that go by the closes would have no figures.
            return;
        }
        let work = Compared { outcome: Some(simulator.outcome.get()), rows: vec![] };
        // The task runs when the frame has been painted.
        request_animation_frame(move || later(simulator, work));
    });
}

fn later(simulator: Simulator, work: Compared) {
    set_timeout(move || go_on(simulator, work), Duration::ZERO);
}

/// Adds rows until time is up or all are there.
fn go_on(simulator: Simulator, mut work: Compared) {
    let Some(outcome) = simulator.outcome.try_get_untracked().filter(|now| work.outcome.as_ref() == Some(now)) else {
        // Another edit has begun a comparison of its own.
        return;
    };
    let Some(book) = outcome.book() else { return simulator.compared.set(work) };
    let start = js_sys::Date::now();
    while let Some(entry) = METHODOLOGIES.get(work.rows.len()) {
        let chosen = outcome.figures().filter(|figures| figures.assessment.provenance.methodology == entry.id);
        let row = match chosen {
            Some(figures) => Comparison {
                id: entry.id,
                name: entry.name,
                outcome: Ok(ComparisonFigures::new(&figures.assessment, &figures.savings)),
            },
            None => {
                let methodology = simulator
                    .draft
                    .with_untracked(|draft| simulator.methodologies.configured(entry, draft.edits.get(entry.id)));
                Comparison::new(entry, &methodology, book)
            }
        };
        work.rows.push(row);
        if js_sys::Date::now() - start > SLICE_MS {
            return later(simulator, work);
        }
    }
    simulator.compared.set(work);
}
