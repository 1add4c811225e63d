//! One suggested hedge: its trades, what they change, and the button that makes them.

use leptos::prelude::*;
use margin_engine::account::Position;
use margin_engine::asset::Asset;
use margin_engine::contract::{HedgeDocument, HedgesDocument, PositionDocument};

use crate::builder::words::{delta, size};
use crate::charts::format::{NO_FIGURE, money, number};
use crate::parts::unit;
use crate::state::Simulator;

/// A hedge among those that were found. While a newer answer is awaited it cannot be applied.
pub fn hedge_card(
    simulator: Simulator,
    found: &HedgesDocument,
    hedge: &HedgeDocument,
    is_waiting: RwSignal<bool>,
) -> AnyView {
    let currency = found.currency.parse().unwrap_or(Asset::USD);
    let unit = unit(&currency);
    let trades: Vec<Position> = hedge.trades.iter().filter_map(|trade| trade.to_position().ok()).collect();
    let words: Vec<String> = hedge.trades.iter().map(in_words).collect();
    let what = format!("hedged: {}", words.join(", "));
    let apply = move |_| {
        simulator.edit(what.clone(), |draft| {
            trades.iter().for_each(|trade| draft.add(trade.instrument, trade.quantity));
        });
    };
    let line = |trade: &PositionDocument| {
        let class = if trade.quantity < 0.0 { "loss" } else { "gain" };
        let (verb, rest) = (verb(trade), format!(" {}", sized(trade)));
        view! { <li><strong class=class>{verb}</strong>{rest}</li> }.into_any()
    };
    let lines: Vec<AnyView> = hedge.trades.iter().map(line).collect();
    let rate = hedge.freed_per_cost.map_or_else(|| NO_FIGURE.to_owned(), |rate| number(rate, 0));
    let deltas: Vec<String> = hedge.deltas.iter().map(|each| format!("{} {}", delta(each.coins), each.asset)).collect();
    let figure = |label: &'static str, title: &'static str, text: String| {
        view! { <div title=title><dt>{label}</dt><dd class="num">{text}</dd></div> }.into_any()
    };
    let label = format!("Apply: {}", words.join(", "));
    view! {
        <li class="hedge" data-testid="hedge" data-initial=hedge.initial.to_string()>
            <ul class="hedge-trades">{lines}</ul>
            <p class="hedge-change">
                <span class="muted small-text">"initial "</span>
                <span class="num">{money(found.initial, unit)} " → " <strong>{money(hedge.initial, unit)}</strong></span>
            </p>
            <dl class="hedge-figures">
                {figure("Frees", "The fall of the initial requirement, less premium paid that the rules do not count in the balance", money(hedge.freed, unit))}
                {figure("Costs", "Half the spreads, and the fees", money(hedge.cost, unit))}
                {figure("Per 1 of cost", "What is freed for one unit of cost", rate)}
                {figure("Premium", "Cash paid for options and shares; with a minus sign it is received", money(hedge.cash, unit))}
                {figure("Delta after", "Of the whole account, balances included", deltas.join(" · "))}
                {figure("Payoff moves", "The greatest change of what the positions pay at expiry, from half to one and a half of today's price", money(hedge.payoff_change, unit))}
            </dl>
            <button
                class="button small primary"
                data-testid="hedge-apply"
                aria-label=label
                disabled=move || is_waiting.get()
                on:click=apply
            >
                "Apply"
            </button>
        </li>
    }
    .into_any()
}

fn verb(trade: &PositionDocument) -> &'static str {
    if trade.quantity < 0.0 { "Sell" } else { "Buy" }
}

/// "10 BTC-25SEP26-84000-C", "25,000 USD of BTC-PERPETUAL".
fn sized(trade: &PositionDocument) -> String {
    let amount = size(trade.quantity.abs());
    match &trade.unit {
        Some(unit) => format!("{amount} {unit} of {}", trade.instrument),
        None => format!("{amount} {}", trade.instrument),
    }
}

fn in_words(trade: &PositionDocument) -> String {
    let verb = if trade.quantity < 0.0 { "sold" } else { "bought" };
    format!("{verb} {}", sized(trade))
}
