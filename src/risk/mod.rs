//! Risk in pictures.

use leptos::prelude::*;

/// The surface, the worst slide in words, and the what-if sliders.
#[component]
pub fn RiskPanel() -> impl IntoView {
    view! { <section class="panel panel-risk"></section> }
}

/// P&L against price.
#[component]
pub fn PayoffPanel() -> impl IntoView {
    view! { <section class="panel panel-payoff"></section> }
}

/// The slide table.
#[component]
pub fn SlidesPanel() -> impl IntoView {
    view! { <section class="panel panel-slides"></section> }
}
