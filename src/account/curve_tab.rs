//! Equity and requirements against the price.

use leptos::prelude::*;

/// Equity and requirements against the price.
#[component]
pub fn CurveTab() -> impl IntoView {
    view! { <p class="empty" data-testid="margin-curve">"Equity and requirements against the price: not here yet."</p> }
}
