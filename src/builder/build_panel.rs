//! The panel that adds: chain and strategies.

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::instrument::Expiry;
use margin_engine::market::{Underlying, UnderlyingClass};

use super::chain::ChainTab;
use super::expiry_chips::ExpiryChips;
use super::quotes::ChainQuotes;
use super::strategies_tab::StrategiesTab;
use super::ticket::{Side, Ticket};
use super::venue::Venue;
use crate::parts::{flag, outcome_in, text};
use crate::state::figures::Outcome;
use crate::state::use_simulator;

/// What the parts of the panel share.
#[derive(Clone, Copy)]
pub struct Builder {
    /// The side and the size of the next click.
    pub ticket: Ticket,
    /// The figures that the panel shows.
    pub outcome: Memo<Outcome>,
    /// The expiry that is shown.
    pub expiry: Memo<Option<Expiry>>,
    /// Its prices in the market after the what-if. Edits of the portfolio leave it as it is.
    pub chain: Memo<Option<ChainQuotes>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Chain,
    Strategies,
}

/// Chain and strategies.
#[component]
pub fn BuildPanel() -> impl IntoView {
    let simulator = use_simulator();
    let expiry = Memo::new(move |_| simulator.shown_expiry());
    let place = NodeRef::new();
    let outcome = outcome_in(simulator, place);
    let chain = Memo::new(move |_| {
        let (coin, expiry) = (simulator.coin.get(), expiry.get()?);
        outcome.with(|outcome| match outcome.figures() {
            Some(figures) => ChainQuotes::new(figures.market.get(coin)?, expiry),
            None => ChainQuotes::new(simulator.today().get(coin)?, expiry),
        })
    });
    provide_context(Builder { ticket: Ticket::new(), outcome, expiry, chain });

    let tab = RwSignal::new(Tab::Chain);
    let tab_button = move |this: Tab, title: &'static str, testid: &'static str| {
        view! {
            <button
                role="tab"
                data-testid=testid
                aria-selected=move || (tab.get() == this).to_string()
                on:click=move |_| tab.set(this)
            >
                {title}
            </button>
        }
    };
    view! {
        <section class="panel panel-build" node_ref=place aria-label="Build">
            <div class="panel-head">
                <h2 class="panel-title">"Build"</h2>
                <div class="segmented" role="tablist" aria-label="How to build">
                    {tab_button(Tab::Chain, "Chain", "tab-chain")}
                    {tab_button(Tab::Strategies, "Strategies", "tab-strategies")}
                </div>
            </div>
            <div class="build-bar">
                <UnderlyingSwitch />
                <span class="spring"></span>
                <TicketFields />
            </div>
            <SizeProblem />
            <ExpiryChips />
            {move || match tab.get() {
                Tab::Chain => view! { <ChainTab /> }.into_any(),
                Tab::Strategies => view! { <StrategiesTab /> }.into_any(),
            }}
        </section>
    }
}

/// More underlyings than this are chosen from a list.
const BUTTONS: usize = 3;

/// Which underlying's chain is shown, where there is a choice.
#[component]
fn UnderlyingSwitch() -> impl IntoView {
    let simulator = use_simulator();
    let listed = Memo::new(move |_| {
        let market = simulator.today();
        let of = |underlying: &Underlying| (underlying.asset(), underlying.terms().class);
        market.underlyings().iter().map(of).collect::<Vec<_>>()
    });
    let button = move |(asset, _): (Asset, UnderlyingClass)| {
        view! {
            <button
                data-testid="chain-coin"
                data-coin=asset.to_string()
                aria-pressed=text(move || (simulator.coin.get() == asset).to_string())
                on:click=move |_| simulator.coin.set(asset)
            >
                {asset.to_string()}
            </button>
        }
        .into_any()
    };
    let option = move |(asset, class): (Asset, UnderlyingClass)| {
        view! {
            <option value=asset.to_string() selected=flag(move || simulator.coin.get() == asset)>
                {format!("{asset} · {}", class_name(class))}
            </option>
        }
        .into_any()
    };
    let choose = move |event| {
        if let Ok(asset) = event_target_value(&event).parse() {
            simulator.coin.set(asset);
        }
    };
    move || {
        let listed = listed.get();
        match listed.len() {
            0 | 1 => ().into_any(),
            2..=BUTTONS => view! {
                <div class="segmented" role="group" aria-label="Coin">
                    {listed.into_iter().map(button).collect_view()}
                </div>
            }
            .into_any(),
            _ => view! {
                <select
                    class="field underlying-select"
                    data-testid="chain-underlying"
                    aria-label="Underlying"
                    prop:value=text(move || simulator.coin.get().to_string())
                    on:change=choose
                >
                    {listed.into_iter().map(option).collect_view()}
                </select>
            }
            .into_any(),
        }
    }
}

fn class_name(class: UnderlyingClass) -> &'static str {
    match class {
        UnderlyingClass::Coin => "coin",
        UnderlyingClass::Stock => "stock",
        UnderlyingClass::Etf => "fund",
        UnderlyingClass::Index => "index",
        UnderlyingClass::Commodity => "commodity",
        UnderlyingClass::Bond => "bond",
    }
}

/// Side and size.
#[component]
fn TicketFields() -> impl IntoView {
    let simulator = use_simulator();
    let ticket = expect_context::<Builder>().ticket;
    let unit = text(move || {
        let coin = simulator.coin.get();
        simulator.today().get(coin).map_or_else(String::new, |underlying| Venue::of(underlying).unit())
    });
    let side_button = move |side: Side, testid: &'static str| {
        view! {
            <button
                class=("side-buy", side == Side::Buy)
                class=("side-sell", side == Side::Sell)
                data-testid=testid
                aria-pressed=move || (ticket.side.get() == side).to_string()
                on:click=move |_| ticket.side.set(side)
            >
                {side.verb()}
            </button>
        }
    };
    view! {
        <div class="segmented" role="group" aria-label="Side" title="Shift-click does the other side">
            {side_button(Side::Buy, "chain-side-buy")}
            {side_button(Side::Sell, "chain-side-sell")}
        </div>
        <label class="size-field">
            <span class="visually-hidden">"Size"</span>
            <input
                class="field num"
                data-testid="chain-size"
                inputmode="decimal"
                autocomplete="off"
                aria-invalid=move || ticket.size.with(Result::is_err).to_string()
                aria-describedby="size-problem"
                prop:value=move || ticket.typed.get()
                on:input:target=move |event| ticket.typed.set(event.target().value())
            />
            <span class="muted">{unit}</span>
        </label>
    }
}

#[component]
fn SizeProblem() -> impl IntoView {
    let ticket = expect_context::<Builder>().ticket;
    view! {
        <p id="size-problem" class="problem" role="alert">
            {move || ticket.size.with(|size| size.as_ref().err().cloned())}
        </p>
    }
}
