//! What has to be paid.

use leptos::prelude::*;

/// The hedging credit.
#[component]
pub fn CreditPanel() -> impl IntoView {
    view! { <section class="panel panel-credit"></section> }
}

/// Initial and maintenance.
#[component]
pub fn RequirementPanel() -> impl IntoView {
    view! { <section class="panel panel-requirement"></section> }
}

/// The same book under every rule.
#[component]
pub fn ComparisonPanel() -> impl IntoView {
    view! { <section class="panel panel-comparison"></section> }
}

/// Opens the methodology's parameters.
#[component]
pub fn ParametersButton() -> impl IntoView {
    view! { <button class="button small" data-testid="parameters">"Parameters"</button> }
}
