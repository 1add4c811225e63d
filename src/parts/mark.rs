//! The mark: how far a methodology's figures can be trusted, in one word.

use leptos::prelude::*;
use margin_engine::methodology::{Entry, Mark, Preset};

use crate::state::Simulator;

/// The mark's word.
pub fn mark_word(mark: Mark) -> &'static str {
    match mark {
        Mark::Exact => "exact",
        Mark::Published => "published",
        Mark::Deduced => "deduced",
        Mark::Convention => "convention",
    }
}

/// A small chip with the mark's word; its title says as of when, by whom, and what the word means here.
pub fn mark_chip(simulator: Simulator, entry: &'static Entry) -> AnyView {
    let words = simulator.methodologies.preset(entry, |preset| (mark_word(preset.mark), provenance(preset)));
    let (word, title) = words.unwrap_or_default();
    let is_edited = Memo::new(move |_| simulator.draft.with(|draft| draft.edits.contains_key(entry.id)));
    view! {
        <span class="mark-chip" data-mark=word title=title>
            {move || if is_edited.get() { "edited" } else { word }}
        </span>
    }
    .into_any()
}

/// As of when the preset holds, how far, and who says so.
pub fn provenance(preset: &Preset) -> String {
    format!("{}, {}: {}. {}", preset.title, preset.date, preset.mark_note, preset.source)
}
