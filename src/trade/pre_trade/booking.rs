//! Orders become legs and balances.

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::contract::{BalanceDocument, PositionDocument, PreTradeDocument};

use super::PreTrade;
use crate::builder::words::quantity;
use crate::parts::{flag, maybe, text};
use crate::state::draft::{Draft, Leg};
use crate::state::use_simulator;

/// Adds the orders to the portfolio at their prices, and puts the ticket's on the list.
#[component]
pub fn AddButton() -> impl IntoView {
    let simulator = use_simulator();
    let panel = expect_context::<PreTrade>();
    let ticket = panel.ticket;
    let count = move || ticket.list.with(Vec::len) + usize::from(ticket.sized_order().is_some());
    let is_what_if = move || simulator.what_if.with(|what_if| !what_if.is_none());
    // An answer that is awaited may be about other orders.
    let is_ready = move || {
        let is_whole = ticket.order().is_ok() || ticket.name.with(|name| name.trim().is_empty());
        is_whole && !panel.is_waiting.get() && panel.answer.with(|answer| answer.ready().is_some())
    };
    let can_add = move || count() > 0 && is_ready() && !is_what_if();
    let add = move |_| {
        if !untrack(can_add) {
            return;
        }
        let orders = untrack(|| ticket.orders());
        let what: Vec<String> = orders
            .iter()
            .map(|order| format!("{} {}", quantity(order.quantity, &order.instrument), order.instrument))
            .collect();
        let Some(answer) = panel.answer.with_untracked(|answer| answer.ready().cloned()) else { return };
        simulator.edit(format!("traded {}", what.join(", ")), |draft| book(draft, &answer));
        ticket.list.set(vec![]);
        ticket.clear();
    };
    let label = text(move || match count() {
        0 | 1 => "Add to the portfolio".to_owned(),
        count => format!("Add all {count} to the portfolio"),
    });
    let hint = maybe(move || {
        (count() > 0 && is_what_if())
            .then(|| "Orders are added in the market as it is: reset the what-if first.".to_owned())
    });
    view! {
        <div class="ticket-row ticket-actions">
            <button class="button small primary" data-testid="pre-trade-add" disabled=flag(move || !can_add()) on:click=add>
                {label}
            </button>
            <button
                class="button small"
                data-testid="pre-trade-list-add"
                title="Check several orders together"
                disabled=flag(move || ticket.sized_order().is_none())
                on:click=move |_| ticket.set_aside()
            >
                "Add to a list"
            </button>
        </div>
        <p class="muted small-text">{hint}</p>
    }
}

/// Makes the draft the account that the answer says there would be. Rows that stay keep their identity.
fn book(draft: &mut Draft, answer: &PreTradeDocument) {
    let mut after = answer.positions.iter().peekable();
    draft.legs.retain_mut(|leg| {
        // Disabled legs are in no answer. What was closed is not in it either, and what follows comes next.
        if leg.enabled {
            match after.next_if(|position| is_it(leg, position)) {
                Some(position) => leg.quantity.amount = position.quantity,
                None => return false,
            }
        }
        true
    });
    for position in after {
        if let Ok(new) = position.to_position() {
            draft.push(new.instrument, new.quantity, new.entry_price, true);
        }
    }
    book_balances(draft, &answer.balances);
}

/// Whether a position is what is left of a leg.
fn is_it(leg: &Leg, position: &PositionDocument) -> bool {
    let before = leg.document();
    before.instrument == position.instrument
        && before.unit == position.unit
        && before.entry_price == position.entry_price
        && before.quantity * position.quantity >= 0.0
}

/// Balances come in their order, those that were opened last.
fn book_balances(draft: &mut Draft, balances: &[BalanceDocument]) {
    let known = draft.balances.len();
    for (row, after) in draft.balances.iter_mut().zip(balances) {
        row.amount = after.amount;
    }
    for opened in balances.iter().skip(known) {
        if let Ok(asset) = opened.asset.parse::<Asset>() {
            draft.push_balance(asset, opened.amount, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use margin_engine::account::Quantity;
    use margin_engine::contract::MarketChoice;
    use margin_engine::contract::{PreTradeOptions, PreTradeRequest, WhatIf, pre_trade};
    use serde_json::json;

    use super::super::ticket::Order;
    use super::*;
    use crate::state::figures::request;
    use crate::state::markets::named;

    /// What the engine says to orders on a draft.
    fn checked(draft: &Draft, orders: &[(&str, Quantity)]) -> PreTradeDocument {
        let order = |(name, quantity): &(&str, Quantity)| {
            let order = Order { instrument: name.parse().expect("a name"), quantity: *quantity, price: None };
            serde_json::from_value(order.document()).expect("an order of the contract")
        };
        let request = PreTradeRequest {
            request: request(draft, MarketChoice::Named("here".to_owned()), Asset::USD, WhatIf::default()),
            options: PreTradeOptions { orders: orders.iter().map(order).collect(), largest: false, liquidation: false },
        };
        pre_trade(&request, |_| named("deribit-2026-08-22").map(|market| market.as_ref().clone())).expect("valid")
    }

    #[test]
    fn booked_orders_are_the_account_after() {
        let mut draft = Draft::default();
        let add = |draft: &mut Draft, name: &str, quantity| draft.add(name.parse().expect("a name"), quantity);
        add(&mut draft, "BTC-25SEP26-84000-C", Quantity::coins(-10.0));
        add(&mut draft, "BTC-PERPETUAL", Quantity::quote(25_000.0));
        add(&mut draft, "ETH-PERPETUAL", Quantity::quote(1_000.0));
        draft.change(2, |leg| leg.enabled = false);
        draft.push_balance(Asset::USDC, 80_000.0, None);
        let answer = checked(
            &draft,
            &[
                ("BTC-PERPETUAL", Quantity::quote(-40_000.0)),
                ("BTC-25SEP26-84000-C", Quantity::coins(4.0)),
                ("BTC-25SEP26-90000-C", Quantity::coins(1.5)),
            ],
        );
        let before = draft.clone();
        book(&mut draft, &answer);
        // The perpetual was closed and sold on; the disabled leg stays; nothing is bought twice.
        let legs: Vec<(String, f64)> =
            draft.legs.iter().map(|leg| (leg.instrument.to_string(), leg.quantity.amount)).collect();
        let expected = [
            ("BTC-25SEP26-84000-C", -6.0),
            ("ETH-PERPETUAL", 1_000.0),
            ("BTC-PERPETUAL", -15_000.0),
            ("BTC-25SEP26-90000-C", 1.5),
        ];
        for ((name, amount), (expected_name, expected)) in legs.iter().zip(expected) {
            assert!(name == expected_name && (amount - expected).abs() < 1e-6, "{legs:?}");
        }
        assert_eq!(legs.len(), 4);
        assert_eq!(draft.legs[0].id, before.legs[0].id);
        // Premiums are paid in coin, so a balance in coin was opened, and it is owed.
        assert_eq!(draft.balances.len(), 2);
        assert!(draft.balances[1].asset == Asset::BTC && draft.balances[1].amount < 0.0);
        let after = checked(&draft, &[]);
        assert!((after.before.free_margin - answer.after.free_margin).abs() < 1e-6, "{after:?}");
        assert_eq!(json!(after.before.standing), json!(answer.after.standing));
    }
}
