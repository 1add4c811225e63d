//! The panel of the slide table.

use leptos::prelude::*;

use super::slide_rows::{column_count, slide_rows};
use crate::parts::{TableText, TextTable, outcome_in, text};
use crate::state::figures::Figures;
use crate::state::use_simulator;

/// What is there to show.
#[derive(Debug, Clone, PartialEq)]
enum Content {
    Slides,
    Sentence(String),
}

/// P&L of each leg on each slide.
#[component]
pub fn SlidesPanel() -> impl IntoView {
    let simulator = use_simulator();
    let place = NodeRef::new();
    let outcome = outcome_in(simulator, place);
    let content = Memo::new(move |_| {
        outcome.with(|outcome| match outcome.figures() {
            Some(figures) if figures.book.legs.is_empty() => {
                Content::Sentence("No legs yet: nothing to slide.".to_owned())
            }
            Some(figures) if figures.assessment.grid.slides.is_empty() => {
                let title = &figures.assessment.provenance.title;
                Content::Sentence(format!("{title} goes by rules: it has no slides."))
            }
            Some(_) => Content::Slides,
            None => Content::Sentence("No figures.".to_owned()),
        })
    });
    let unit = move || match content.get() {
        Content::Slides => {
            let counts = |figures: &Figures| (column_count(figures), figures.book.legs.len());
            let (shown, legs) = outcome.with(|outcome| outcome.figures().map(counts)).unwrap_or_default();
            let part = if legs > shown { format!(", {shown} of {legs} legs") } else { String::new() };
            format!("P&L in {}{part}", simulator.currency.get())
        }
        Content::Sentence(_) => String::new(),
    };
    let table = move || outcome.with(|outcome| outcome.figures().map_or_else(TableText::default, slide_rows));
    let body = move || match content.get() {
        Content::Sentence(sentence) => view! { <p class="empty" data-testid="slide-table">{sentence}</p> }.into_any(),
        Content::Slides => view! {
            <TextTable content=table scroller="slide-table" testid="slide-table" labelled_by="slides-title" />
        }
        .into_any(),
    };
    view! {
        <section class="panel panel-slides" node_ref=place aria-labelledby="slides-title">
            <div class="panel-head">
                <h2 class="panel-title" id="slides-title">"Slides"</h2>
                <span class="small-text muted">{text(unit)}</span>
            </div>
            {body}
        </section>
    }
}
