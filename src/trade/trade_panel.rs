//! What to do next: the panel whose tabs go through it.

use leptos::prelude::*;

use super::attribution_tab::AttributionTab;
use super::hedges_tab::HedgesTab;
use super::pre_trade_tab::PreTradeTab;
use crate::parts::{Tab, TabbedPanel};

const TABS: &[Tab] = &[
    Tab { id: "pre-trade", title: "Pre-trade", body: || view! { <PreTradeTab /> }.into_any() },
    Tab { id: "hedges", title: "Hedges", body: || view! { <HedgesTab /> }.into_any() },
    Tab { id: "attribution", title: "Legs", body: || view! { <AttributionTab /> }.into_any() },
];

/// An order before it is sent, the best hedge, and what each leg adds.
#[component]
pub fn TradePanel() -> impl IntoView {
    view! { <TabbedPanel title="Next trade" class="panel-trade" tabs=TABS /> }
}
