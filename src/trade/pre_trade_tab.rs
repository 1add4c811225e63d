//! An order before and after.

use leptos::prelude::*;

use super::pre_trade::PreTradePanel;

/// An order before and after.
#[component]
pub fn PreTradeTab() -> impl IntoView {
    view! { <PreTradePanel /> }
}
