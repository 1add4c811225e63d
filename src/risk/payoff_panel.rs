//! P&L against price.

use leptos::prelude::*;

/// P&L against price.
#[component]
pub fn PayoffPanel() -> impl IntoView {
    view! { <section class="panel panel-payoff"></section> }
}
