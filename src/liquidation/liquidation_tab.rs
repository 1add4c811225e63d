//! A path that drives the account into liquidation, round by round.

use leptos::prelude::*;

/// A path that drives the account into liquidation, round by round.
#[component]
pub fn LiquidationTab() -> impl IntoView {
    view! { <p class="empty" data-testid="liquidation">"A path that drives the account into liquidation, round by round: not here yet."</p> }
}
