//! A price that trades when it is clicked.

use leptos::prelude::*;
use margin_engine::instrument::Instrument;

use super::build_panel::Builder;
use super::words::size;
use crate::state::use_simulator;

/// A price of the chain. A click trades; a holding is outlined in its colour.
#[component]
pub fn ChainCell(
    /// What it trades.
    instrument: Instrument,
    /// Its price in words.
    #[prop(into)]
    mark: Signal<String>,
    /// What a size of one trades.
    #[prop(default = 1.0)]
    lot: f64,
) -> impl IntoView {
    let simulator = use_simulator();
    let ticket = expect_context::<Builder>().ticket;
    let name = instrument.to_string();
    // Follows every edit, but tells the page only of a change.
    let held = Memo::new(move |_| simulator.draft.with(|draft| draft.held(&instrument)));
    let label = {
        let name = name.clone();
        move || {
            let size = ticket.size.get().map_or_else(|_| "?".to_owned(), |one| size(one * lot));
            mark.with(|mark| format!("{} {size} {name} at {mark}", ticket.side.get().verb()))
        }
    };
    let title = move || held.get().map(|held| format!("held: {}", super::words::signed_size(held)));
    view! {
        <button
            class="chain-cell"
            class:held-long=move || held.get().is_some_and(|held| held > 0.0)
            class:held-short=move || held.get().is_some_and(|held| held < 0.0)
            data-testid="chain-cell"
            data-instrument=name
            aria-label=label
            title=title
            on:click=move |event| ticket.trade(simulator, instrument, lot, event.shift_key())
        >
            {mark}
        </button>
    }
}
