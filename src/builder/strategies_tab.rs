//! Strategies in one click.

use leptos::prelude::*;

/// The list of strategies.
#[component]
pub fn StrategiesTab() -> impl IntoView {
    view! { <p class="empty"></p> }
}
