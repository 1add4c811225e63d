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

use crate::parts::{flag, shown, text, waiting_line};
use crate::state::questions::{Answer, Asker};
use crate::state::use_simulator;
use booking::AddButton;
use fields::TicketFields;
use list::OrderList;
use outcome::{BeforeAndAfter, Verdict};

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct PreTrade {
    ticket: OrderTicket,
    /// The last answer; it stays while the next is awaited.
    answer: RwSignal<Answer<PreTradeDocument>>,
    is_waiting: RwSignal<bool>,
}

impl PreTrade {
    /// Something of the last answer.
    fn read<T>(&self, read: impl FnOnce(&PreTradeDocument) -> T) -> Option<T> {
        self.answer.with(|answer| answer.ready().map(|answer| read(answer)))
    }
}

/// The ticket, and what the engine says to it.
#[component]
pub fn PreTradePanel() -> impl IntoView {
    let simulator = use_simulator();
    let ticket = expect_context::<OrderTicket>();
    let Asker { answer, is_waiting, wait } =
        simulator.questions.follow::<PreTradeDocument>(simulator, "pre_trade", move || {
            let orders: Vec<_> = ticket.orders().iter().map(ticket::Order::document).collect();
            Some(json!({ "orders": orders }))
        });
    provide_context(PreTrade { ticket, answer, is_waiting });
    let error = text(move || answer.with(|answer| answer.error().unwrap_or_default().to_owned()));
    let is_answered = flag(move || answer.with(|answer| answer.ready().is_some()));
    let outcome = shown(is_answered, || {
        view! {
            <Verdict />
            <BeforeAndAfter />
        }
        .into_any()
    });
    view! {
        <div class="pre-trade" data-testid="pre-trade" aria-busy=text(move || is_waiting.get().to_string())>
            <TicketFields />
            <OrderList />
            <p class="problem" role="alert" data-testid="pre-trade-error">{error}</p>
            {outcome}
            <AddButton />
            {waiting_line(vec![wait], "Checking")}
        </div>
    }
}
