//! What the user should know, until it is dismissed.

use leptos::prelude::*;

use crate::state::use_simulator;

/// A list of sentences, and why there are no figures if there are none.
#[component]
pub fn Notices() -> impl IntoView {
    let simulator = use_simulator();
    let error = move || simulator.outcome.with(|outcome| outcome.error().map(ToString::to_string));
    view! {
        <div class="notices" role="status" aria-live="polite">
            {move || {
                error()
                    .map(|text| {
                        view! {
                            <p class="notice critical" data-testid="figures-error">
                                <span>{format!("No figures: {text}.")}</span>
                            </p>
                        }
                    })
            }}
            <For
                each=move || simulator.notices.get()
                key=|notice| notice.text.clone()
                children=move |notice| {
                    let text = notice.text.clone();
                    let dismiss = move |_| simulator.notices.update(|all| all.retain(|other| *other != notice));
                    view! {
                        <p class="notice" data-testid="notice">
                            <span>{text}</span>
                            <button class="icon-button" aria-label="Dismiss" on:click=dismiss>"×"</button>
                        </p>
                    }
                }
            />
        </div>
    }
}
