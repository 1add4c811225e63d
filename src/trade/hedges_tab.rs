//! The trades that free the most margin.

use std::sync::Arc;

use leptos::prelude::*;
use margin_engine::contract::{HedgeDocument, HedgesDocument};
use serde_json::{Value, json};

use super::hedge_card::hedge_card;
use crate::builder::parse_text::read_number;
use crate::charts::format::number;
use crate::parts::{maybe, text, waiting_line};
use crate::state::questions::Answer;
use crate::state::{Simulator, use_simulator};

/// How many trades a hedge has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Single,
    Pair,
    Rebalance,
}

impl Kind {
    const ALL: [(Kind, &'static str, &'static str); 3] = [
        (Kind::Single, "single", "One trade"),
        (Kind::Pair, "pair", "Pair"),
        (Kind::Rebalance, "rebalance", "Rebalance"),
    ];

    /// The hedges of this kind, or why there are none.
    fn of(self, found: &HedgesDocument) -> Result<Vec<&HedgeDocument>, &str> {
        let hedges: Vec<&HedgeDocument> = match self {
            Kind::Single => found.singles.iter().collect(),
            Kind::Pair => found.pair.iter().collect(),
            Kind::Rebalance => found.rebalance.iter().collect(),
        };
        match self {
            _ if !hedges.is_empty() => Ok(hedges),
            _ if !found.reason.is_empty() => Err(&found.reason),
            Kind::Single => Err("No single trade frees margin worth its cost."),
            Kind::Pair => Err("No two trades do better than the best one alone."),
            Kind::Rebalance => {
                Err("Nothing frees margin worth its cost without changing the payoff by more than that.")
            }
        }
    }
}

/// What the form says.
#[derive(Clone, Copy)]
struct Form {
    options: RwSignal<bool>,
    futures: RwSignal<bool>,
    /// As typed; empty for no limit.
    max_cost: RwSignal<String>,
    /// In percent.
    tolerance: RwSignal<String>,
}

/// The tolerances of the payoff that are offered, in percent.
const TOLERANCES: [&str; 5] = ["2", "5", "10", "25", "50"];

impl Form {
    fn new() -> Form {
        Form {
            options: RwSignal::new(true),
            futures: RwSignal::new(true),
            max_cost: RwSignal::new(String::new()),
            tolerance: RwSignal::new("5".to_owned()),
        }
    }

    /// The limit on cost; none without one.
    fn cost(&self) -> Result<Option<f64>, String> {
        self.max_cost.with(|typed| match typed.trim() {
            "" => Ok(None),
            typed => match read_number(typed) {
                Ok(cost) if cost >= 0.0 => Ok(Some(cost)),
                Ok(_) => Err("The greatest cost must not be negative.".to_owned()),
                Err(reason) => Err(format!("The greatest cost {reason}.")),
            },
        })
    }

    /// The options of the question; none while the form cannot be read.
    fn asked(&self) -> Option<Value> {
        let (options, futures) = (self.options.get(), self.futures.get());
        let tolerance = self.tolerance.with(|percent| percent.parse::<f64>()).ok()? / 100.0;
        Some(json!({
            "max_cost": self.cost().ok()?,
            "options": options,
            "futures": futures,
            "perpetuals": futures,
            "payoff_tolerance": tolerance,
        }))
    }
}

/// The trades that free the most margin.
#[component]
pub fn HedgesTab() -> impl IntoView {
    let simulator = use_simulator();
    let form = Form::new();
    let asker = simulator.questions.follow::<HedgesDocument>(simulator, "hedges", move || form.asked());
    let kind = RwSignal::new(Kind::Single);
    let (answer, is_waiting) = (asker.answer, asker.is_waiting);
    let list = move || {
        let kind = kind.get();
        if form.cost().is_err() {
            // What was found under other limits must not be applied.
            return empty("Nothing is searched until the limits can be read.");
        }
        answer.with(|answer| listed(simulator, answer, kind, is_waiting))
    };
    let tab = move |(of, id, title): (Kind, &'static str, &'static str)| {
        view! {
            <button
                data-testid=format!("hedges-{id}")
                aria-pressed=text(move || (kind.get() == of).to_string())
                on:click=move |_| kind.set(of)
            >
                {title}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="hedges" data-testid="hedges" aria-busy=text(move || is_waiting.get().to_string())>
            {limits(form, simulator)}
            <div class="hedges-bar">
                <div class="segmented" role="group" aria-label="How many trades">
                    {Kind::ALL.into_iter().map(tab).collect_view()}
                </div>
            </div>
            {list}
            {waiting_line(vec![asker.wait], "Searching")}
        </div>
    }
}

/// The form: what may be traded, what it may cost, and how far the payoff may change.
fn limits(form: Form, simulator: Simulator) -> AnyView {
    let check = |signal: RwSignal<bool>, id: &'static str, label: &'static str| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    data-testid=id
                    prop:checked=move || signal.get()
                    on:change:target=move |event| signal.set(event.target().checked())
                />
                {label}
            </label>
        }
        .into_any()
    };
    let problem = text(move || form.cost().err().unwrap_or_default());
    let choice = |percent: &'static str| {
        view! { <option value=percent selected=percent == "5">{format!("{percent} %")}</option> }.into_any()
    };
    view! {
        <div class="hedges-limits">
            {check(form.options, "hedges-options", "Options")}
            {check(form.futures, "hedges-futures", "Futures, perpetuals, shares")}
            <label class="size-field">
                {text(move || format!("Cost at most, {}", simulator.currency.get()))}
                <input
                    class="field num"
                    inputmode="decimal"
                    placeholder="any"
                    data-testid="hedges-max-cost"
                    aria-invalid=maybe(move || form.cost().is_err().then(|| "true".to_owned()))
                    prop:value=move || form.max_cost.get()
                    on:change:target=move |event| form.max_cost.set(event.target().value())
                />
            </label>
            <label class="size-field" title="Of a rebalancing: as a fraction of the size of what is held, at every price from half to one and a half of today's.">
                "Payoff stays within"
                <select
                    class="field"
                    data-testid="hedges-tolerance"
                    on:change:target=move |event| form.tolerance.set(event.target().value())
                >
                    {TOLERANCES.into_iter().map(choice).collect_view()}
                </select>
            </label>
            <p class="problem" role="alert">{problem}</p>
        </div>
    }
    .into_any()
}

/// The cards, or the sentence in their place, and how it was searched.
fn listed(simulator: Simulator, answer: &Answer<HedgesDocument>, kind: Kind, is_waiting: RwSignal<bool>) -> AnyView {
    let found: &Arc<HedgesDocument> = match answer {
        Answer::None => return empty("Add a leg, and the trades that free its margin are listed here."),
        Answer::Failed(reason) => return empty(&format!("No search: {reason}.")),
        Answer::Ready(found) => found,
    };
    let body = match kind.of(found) {
        Err(sentence) => empty(sentence),
        Ok(hedges) => {
            let cards = hedges.into_iter().map(|hedge| hedge_card(simulator, found, hedge, is_waiting));
            view! { <ol class="hedge-list">{cards.collect_view()}</ol> }.into_any()
        }
    };
    let count = |count: usize| number(count as f64, 0);
    let looked_at = format!("{} of {} instruments looked at. ", count(found.candidates), count(found.listed));
    let foot = (found.candidates > 0).then(|| {
        view! {
            <p class="caption" data-testid="hedges-method">
                {looked_at} {found.method.clone()} " Costs: " {found.cost_source.clone()} "."
            </p>
        }
    });
    view! {
        {body}
        {foot}
    }
    .into_any()
}

fn empty(sentence: &str) -> AnyView {
    view! { <p class="empty" data-testid="hedges-empty">{sentence.to_owned()}</p> }.into_any()
}
