//! Building the portfolio.

use leptos::prelude::*;

/// Chain and strategies.
#[component]
pub fn BuildPanel() -> impl IntoView {
    view! { <section class="panel panel-build"></section> }
}

/// The table of legs.
#[component]
pub fn LegsPanel() -> impl IntoView {
    view! { <section class="panel panel-legs"></section> }
}

/// Positions as text.
#[component]
pub fn TextPanel() -> impl IntoView {
    view! { <section class="panel panel-text"></section> }
}
