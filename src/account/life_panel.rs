//! What may happen to the account: the panel whose tabs go through it.

use leptos::prelude::*;

use super::curve_tab::CurveTab;
use super::modes_tab::ModesTab;
use crate::liquidation::{LiquidationTab, StressTab};
use crate::parts::{Tab, TabbedPanel};

const TABS: &[Tab] = &[
    Tab { id: "curve", title: "Margin curve", body: || view! { <CurveTab /> }.into_any() },
    Tab { id: "stress", title: "Stress", body: || view! { <StressTab /> }.into_any() },
    Tab { id: "liquidation", title: "Liquidation", body: || view! { <LiquidationTab /> }.into_any() },
    Tab { id: "modes", title: "Accounts", body: || view! { <ModesTab /> }.into_any() },
];

/// The account's life, from curve to liquidation.
#[component]
pub fn LifePanel() -> impl IntoView {
    view! { <TabbedPanel title="Life of the account" class="panel-life" tabs=TABS /> }
}
