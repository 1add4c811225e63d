//! Side, instrument, size and price.

use leptos::prelude::*;
use margin_engine::instrument::Instrument;

use super::PreTrade;
use super::offered::{held, names};
use super::ticket::{OrderTicket, Problems, price_unit, unit_name};
use crate::builder::Side;
use crate::builder::words::size as written_size;
use crate::charts::format::number;
use crate::parts::{flag, keyed_rows, maybe, short_name, text};
use crate::state::use_simulator;

/// More legs than this are found by typing.
const MOST_CHIPS: usize = 12;

/// The fields of the ticket.
#[component]
pub fn TicketFields() -> impl IntoView {
    let simulator = use_simulator();
    let PreTrade { ticket, .. } = expect_context::<PreTrade>();
    let offered = Memo::new(move |_| names(simulator));
    let options = keyed_rows(offered.into(), |name| view! { <option value=name></option> }.into_any());
    view! {
        <div class="ticket-row">
            <div class="segmented" role="group" aria-label="Side">
                {side_button(ticket, Side::Buy, "pre-trade-buy")}
                {side_button(ticket, Side::Sell, "pre-trade-sell")}
            </div>
            <input
                class="field ticket-name"
                data-testid="pre-trade-instrument"
                list="pre-trade-names"
                aria-label="Instrument"
                placeholder="Instrument"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                aria-invalid=text(move || ticket.problems().instrument.is_some().to_string())
                aria-describedby="pre-trade-problem"
                prop:value=text(move || ticket.name.get())
                on:input:target=move |event| ticket.name.set(event.target().value())
            />
            <datalist id="pre-trade-names">{options}</datalist>
        </div>
        <HeldChips />
        <div class="ticket-row">
            {amount_field("Size", "pre-trade-size", ticket.size, "0", unit_name)}
            <PriceField />
        </div>
        <p id="pre-trade-problem" class="problem" role="alert" data-testid="pre-trade-problem">
            {maybe(move || {
                let Problems { instrument, size, price } = ticket.problems();
                instrument.or(size).or(price)
            })}
        </p>
        <LargestButtons />
    }
}

fn side_button(ticket: OrderTicket, side: Side, testid: &'static str) -> AnyView {
    view! {
        <button
            class=("side-buy", side == Side::Buy)
            class=("side-sell", side == Side::Sell)
            data-testid=testid
            aria-pressed=text(move || (ticket.side.get() == side).to_string())
            on:click=move |_| ticket.side.set(side)
        >
            {side.verb()}
        </button>
    }
    .into_any()
}

/// What is held, to be traded at a click.
#[component]
fn HeldChips() -> impl IntoView {
    let simulator = use_simulator();
    let PreTrade { ticket, .. } = expect_context::<PreTrade>();
    let names = Memo::new(move |_| {
        let held = held(simulator);
        held.iter().take(MOST_CHIPS).map(Instrument::to_string).collect::<Vec<_>>()
    });
    let chip = move |name: String| {
        let label = name.parse().map_or_else(
            |_| name.clone(),
            |instrument: Instrument| {
                let (what, day) = short_name(&instrument, simulator.today().now());
                format!("{} {what} {day}", instrument.product.base)
            },
        );
        let (title, compared) = (name.clone(), name.clone());
        view! {
            <button
                class="chip"
                data-testid="pre-trade-use"
                title=format!("Trade {title}")
                aria-pressed=text(move || ticket.name.with(|typed| *typed == compared).to_string())
                on:click=move |_| ticket.name.set(name.clone())
            >
                {label.trim_end().to_owned()}
            </button>
        }
        .into_any()
    };
    view! { <div class="chips" role="group" aria-label="What is held">{keyed_rows(names.into(), chip)}</div> }
}

fn amount_field(
    label: &'static str,
    testid: &'static str,
    typed: RwSignal<String>,
    placeholder: &'static str,
    unit: fn(&Instrument) -> String,
) -> AnyView {
    amount_field_of(label, testid, typed, text(move || placeholder.to_owned()), unit)
}

fn amount_field_of(
    label: &'static str,
    testid: &'static str,
    typed: RwSignal<String>,
    placeholder: Signal<String>,
    unit: fn(&Instrument) -> String,
) -> AnyView {
    let PreTrade { ticket, .. } = expect_context::<PreTrade>();
    let unit = text(move || ticket.instrument().map(|instrument| unit(&instrument)).unwrap_or_default());
    view! {
        <label class="ticket-amount">
            <span class="muted small-text">{label} " " <span class="faint">{unit}</span></span>
            <input
                class="field num"
                data-testid=testid
                inputmode="decimal"
                autocomplete="off"
                placeholder=placeholder
                prop:value=text(move || typed.get())
                on:input:target=move |event| typed.set(event.target().value())
            />
        </label>
    }
    .into_any()
}

/// The limit; where none is typed the field shows the mark.
#[component]
fn PriceField() -> impl IntoView {
    let panel = expect_context::<PreTrade>();
    let ticket = panel.ticket;
    let mark = text(move || {
        let name = ticket.instrument().map(|instrument| instrument.to_string()).unwrap_or_default();
        let price = panel.read(|answer| {
            let last = answer.orders.last().filter(|order| order.instrument == name)?;
            Some(format!("mark {}", number(last.price, if last.price < 10.0 { 6 } else { 2 })))
        });
        price.flatten().unwrap_or_else(|| "mark".to_owned())
    });
    amount_field_of("Limit", "pre-trade-price", ticket.price, mark, price_unit)
}

/// How much fits on each side: buttons that set the size.
#[component]
fn LargestButtons() -> impl IntoView {
    let panel = expect_context::<PreTrade>();
    let largest = Memo::new(move |_| {
        let name = panel.ticket.instrument()?.to_string();
        panel.read(|answer| answer.orders.last().filter(|order| order.instrument == name)?.largest.clone()).flatten()
    });
    let of = move |side: Side| {
        largest.with(|largest| {
            let sizes = largest.as_ref()?;
            Some(if side == Side::Buy { sizes.buy } else { sizes.sell })
        })
    };
    let button = move |side: Side, testid: &'static str| {
        let label = text(move || match of(side) {
            Some(Some(size)) => format!("{} {}", side.verb(), written_size(size)),
            Some(None) => format!("{} any size", side.verb()),
            None => format!("{} –", side.verb()),
        });
        let set = move |_| {
            if let Some(Some(size)) = untrack(|| of(side)) {
                panel.ticket.side.set(side);
                panel.ticket.size.set(written_size(size));
            }
        };
        view! {
            <button
                class="button small"
                data-testid=testid
                data-value=maybe(move || of(side).flatten().map(|size| size.to_string()))
                disabled=flag(move || !of(side).flatten().is_some_and(|size| size > 0.0))
                on:click=set
            >
                {label}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="ticket-row largest" role="group" aria-label="Largest size that fits">
            <span class="muted small-text">"Largest that fits"</span>
            {button(Side::Buy, "pre-trade-largest-buy")}
            {button(Side::Sell, "pre-trade-largest-sell")}
        </div>
    }
}
