//! The orders that wait with the ticket's: a list that is checked as it would arrive.

use leptos::prelude::*;

use super::PreTrade;
use super::ticket::Order;
use crate::builder::words::{price as written_price, quantity};
use crate::parts::{flag, keyed_rows, shown, text};

/// The list; nothing where it is empty.
#[component]
pub fn OrderList() -> impl IntoView {
    let panel = expect_context::<PreTrade>();
    let list = panel.ticket.list;
    let is_any = flag(move || list.with(|list| !list.is_empty()));
    shown(is_any, move || {
        // Rows have no identity but their place.
        let places = text_places(panel);
        view! {
            <ol class="order-list" data-testid="pre-trade-list">{keyed_rows(places, move |place| row(panel, &place))}</ol>
        }
        .into_any()
    })
}

fn text_places(panel: PreTrade) -> Signal<Vec<String>> {
    let count = move || panel.ticket.list.with(Vec::len);
    Signal::derive(move || (0..count()).map(|place| place.to_string()).collect())
}

fn row(panel: PreTrade, place: &str) -> AnyView {
    let place: usize = place.parse().unwrap_or_default();
    let list = panel.ticket.list;
    let order = move || list.with(|list| list.get(place).copied());
    let said = move || panel.read(|answer| answer.orders.get(place).cloned()).flatten();
    let is_refused = move || said().is_some_and(|order| !order.accepted);
    let what = text(move || order().map(|order| written(&order)).unwrap_or_default());
    let reason = text(move || said().map(|order| order.reason).unwrap_or_default());
    let mark = text(move || if is_refused() { "refused" } else { "accepted" }.to_owned());
    view! {
        <li data-testid="pre-trade-order" title=reason>
            <span class="order-what">{what}</span>
            <span class="small-text" class:critical=flag(is_refused) class:muted=flag(move || !is_refused())>{mark}</span>
            <button
                class="order-remove"
                data-testid="pre-trade-order-remove"
                aria-label=text(move || format!("Remove {}", what.get()))
                on:click=move |_| list.update(|list| {
                    if place < list.len() {
                        list.remove(place);
                    }
                })
            >
                "×"
            </button>
        </li>
    }
    .into_any()
}

fn written(order: &Order) -> String {
    let limit = order.price.map(|price| format!(" at {}", written_price(price))).unwrap_or_default();
    format!("{} {}{limit}", quantity(order.quantity, &order.instrument), order.instrument)
}
