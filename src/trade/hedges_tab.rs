//! The trades that free the most margin.

use leptos::prelude::*;

/// The trades that free the most margin.
#[component]
pub fn HedgesTab() -> impl IntoView {
    view! { <p class="empty" data-testid="hedges">"The trades that free the most margin: not here yet."</p> }
}
