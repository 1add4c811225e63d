//! The ticket as a page of its own, for a frame in another page: `#ticket`.

use leptos::prelude::*;
use margin_engine::methodology::find;

use super::PreTradePanel;
use crate::parts::text;
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
                <h1 class="panel-title" id="ticket-title">"Pre-trade check"</h1>
                <p class="faint small-text" data-testid="ticket-under">{under}</p>
                <PreTradePanel />
            </section>
        </main>
    }
}
