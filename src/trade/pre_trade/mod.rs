//! An order before and after: in the panel, and on a page of its own.

mod booking;
mod fields;
mod list;
mod offered;
mod outcome;
mod ticket;
mod ticket_page;

pub use ticket::OrderTicket;
pub use ticket_page::{TicketPage, TicketPageProps};

use leptos::prelude::*;
use margin_engine::contract::PreTradeDocument;
use serde_json::json;

use crate::parts::{flag, shown, text};
use crate::state::questions::Asker;
use crate::state::use_simulator;
use booking::AddButton;
use fields::TicketFields;
use list::OrderList;
use outcome::{BeforeAndAfter, Verdict};

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct PreTrade {
    ticket: OrderTicket,
    asker: Asker<PreTradeDocument>,
}

impl PreTrade {
    /// Something of the last answer.
    fn read<T>(&self, read: impl FnOnce(&PreTradeDocument) -> T) -> Option<T> {
        self.asker.answer.with(|answer| answer.ready().map(|answer| read(answer)))
    }
}

/// The ticket, and what the engine says to it.
#[component]
pub fn PreTradePanel() -> impl IntoView {
    let simulator = use_simulator();
    let ticket = expect_context::<OrderTicket>();
    let asker = simulator.questions.follow::<PreTradeDocument>(simulator, "pre_trade", move || {
        let orders: Vec<_> = ticket.orders().iter().map(ticket::Order::document).collect();
        Some(json!({ "orders": orders }))
    });
    provide_context(PreTrade { ticket, asker });
    let error = text(move || asker.answer.with(|answer| answer.error().unwrap_or_default().to_owned()));
    let is_answered = flag(move || asker.answer.with(|answer| answer.ready().is_some()));
    let answer = shown(is_answered, || {
        view! {
            <Verdict />
            <BeforeAndAfter />
        }
        .into_any()
    });
    view! {
        <div class="pre-trade" data-testid="pre-trade" aria-busy=text(move || asker.is_waiting.get().to_string())>
            <TicketFields />
            <OrderList />
            <p class="problem" role="alert" data-testid="pre-trade-error">{error}</p>
            {answer}
            <AddButton />
        </div>
    }
}
