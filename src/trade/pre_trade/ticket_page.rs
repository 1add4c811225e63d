//! The ticket as a page of its own, for a frame in another page: `#ticket`.

use leptos::prelude::*;
use margin_engine::methodology::find;

use super::PreTradePanel;
use crate::parts::{flag, text};
use crate::state::use_simulator;

/// The ticket alone, below what it is checked under.
#[component]
pub fn TicketPage() -> impl IntoView {
    let simulator = use_simulator();
    let under = text(move || {
        let rules = simulator.draft.with(|draft| find(&draft.methodology).map(|entry| entry.name)).unwrap_or_default();
        simulator.market.with(|loaded| format!("{rules} · {}", loaded.market.source().title))
    });
    view! {
        <main class="ticket-page" data-testid="ticket-page">
            <section class="panel" aria-labelledby="ticket-title">
                <div class="ticket-row">
                    <h1 class="panel-title" id="ticket-title">"Pre-trade check"</h1>
                    <span class="spring"></span>
                    <button
                        class="link-button"
                        data-testid="ticket-undo"
                        title="Take the last order back (Ctrl+Z)"
                        hidden=flag(move || !simulator.can_undo())
                        on:click=move |_| simulator.undo()
                    >
                        "Undo"
                    </button>
                </div>
                <p class="faint small-text" data-testid="ticket-under">{under}</p>
                <PreTradePanel />
            </section>
        </main>
    }
}
