//! How the account stands: equity against requirement.

use leptos::prelude::*;
use margin_engine::contract::AccountStateDocument;
use serde_json::Value;

use crate::parts::text;
use crate::state::use_simulator;

/// Equity, free margin and the gauge.
#[component]
pub fn AccountPanel() -> impl IntoView {
    let simulator = use_simulator();
    let asker = simulator.questions.follow::<AccountStateDocument>(simulator, "account_state", || Some(Value::Null));
    let figures = text(move || asker.answer.with(|answer| format!("{answer:?}")));
    view! {
        <section class="panel panel-account" aria-labelledby="account-title">
            <div class="panel-head">
                <h2 class="panel-title" id="account-title">"Account"</h2>
            </div>
            <p data-testid="equity">{figures}</p>
        </section>
    }
}
