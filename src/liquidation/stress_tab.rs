//! The account under named scenarios.

use leptos::prelude::*;

/// The account under named scenarios.
#[component]
pub fn StressTab() -> impl IntoView {
    view! { <p class="empty" data-testid="stress">"The account under named scenarios: not here yet."</p> }
}
