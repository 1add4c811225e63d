//! What each leg adds to the requirement.

use leptos::prelude::*;

/// What each leg adds to the requirement.
#[component]
pub fn AttributionTab() -> impl IntoView {
    view! { <p class="empty" data-testid="attribution">"What each leg adds to the requirement: not here yet."</p> }
}
