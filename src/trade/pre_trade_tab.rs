//! An order before and after.

use leptos::prelude::*;

/// An order before and after.
#[component]
pub fn PreTradeTab() -> impl IntoView {
    view! { <p class="empty" data-testid="pre-trade">"An order before and after: not here yet."</p> }
}
