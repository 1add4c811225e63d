//! Segregated, cross and unified accounts side by side.

use leptos::prelude::*;

/// Segregated, cross and unified accounts side by side.
#[component]
pub fn ModesTab() -> impl IntoView {
    view! { <p class="empty" data-testid="modes">"Segregated, cross and unified accounts side by side: not here yet."</p> }
}
