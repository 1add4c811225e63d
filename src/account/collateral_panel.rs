//! What is deposited, and what it counts for.

use leptos::prelude::*;

use crate::charts::format::money;
use crate::parts::{text, unit};
use crate::state::use_simulator;

/// The table of balances.
#[component]
pub fn CollateralPanel() -> impl IntoView {
    let outcome = use_simulator().outcome;
    let rows = text(move || {
        outcome.with(|outcome| {
            let Some(figures) = outcome.figures() else { return String::new() };
            let unit = unit(&figures.assessment.currency);
            let row = |balance: &margin_engine::collateral::CountedBalance| {
                format!("{} {}: {}", balance.amount, balance.asset, money(balance.counted.initial, unit))
            };
            figures.account_state.balances.iter().map(row).collect::<Vec<_>>().join(", ")
        })
    });
    view! {
        <section class="panel panel-collateral" aria-labelledby="collateral-title">
            <div class="panel-head">
                <h2 class="panel-title" id="collateral-title">"Collateral"</h2>
            </div>
            <p data-testid="balances">{rows}</p>
        </section>
    }
}
