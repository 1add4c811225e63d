//! What the user should know, until it is dismissed.

use leptos::prelude::*;

use crate::parts::{flag, keyed_rows, shown, text};
use crate::state::use_simulator;

/// A list of sentences, and why there are no figures if there are none.
#[component]
pub fn Notices() -> impl IntoView {
    let simulator = use_simulator();
    let error = move || simulator.outcome.with(|outcome| outcome.error().map(ToString::to_string));
    let texts = Memo::new(move |_| simulator.notices.get().into_iter().map(|notice| notice.text).collect::<Vec<_>>());
    let list = keyed_rows(texts.into(), move |text| {
        let shown = text.clone();
        let dismiss = move |_| simulator.notices.update(|all| all.retain(|other| other.text != text));
        view! {
            <p class="notice" data-testid="notice">
                <span>{shown}</span>
                <button class="icon-button" aria-label="Dismiss" on:click=dismiss>
                    "×"
                </button>
            </p>
        }
        .into_any()
    });
    let failed = flag(move || simulator.outcome.with(|outcome| outcome.error().is_some()));
    let failure = shown(failed, move || {
        view! {
            <p class="notice critical" data-testid="figures-error">
                <span>{text(move || format!("No figures: {}.", error().unwrap_or_default()))}</span>
            </p>
        }
        .into_any()
    });
    view! { <div class="notices" role="status" aria-live="polite">{failure} {list}</div> }
}
