//! What each leg adds to the requirement, and which hedge earns what.

use jiff::Timestamp;
use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::contract::{AttributionDocument, SharedRequirementDocument};
use serde_json::json;

use super::pair_table::pair_table;
use crate::charts::format::{money, number_move};
use crate::parts::{either, flag, short_names, shown, text, unit, waiting_line};
use crate::state::questions::Answer;
use crate::state::use_simulator;

/// One way of counting, as the page offers it.
#[derive(Clone, Copy, PartialEq)]
struct Way {
    /// As in the document.
    id: &'static str,
    /// What the button says.
    title: &'static str,
    /// What a share is.
    sentence: &'static str,
    /// What the remainder is called.
    remainder: &'static str,
}

const WAYS: &[Way] = &[
    Way {
        id: "shapley",
        title: "Shapley",
        sentence: "What each leg adds on average over all orders in which the legs may come: a fair split with nothing left over.",
        remainder: "left over",
    },
    Way {
        id: "marginal",
        title: "Euler",
        sentence: "How fast the requirement grows with the leg, times its size: where a small cut frees most.",
        remainder: "not in proportion to size",
    },
    Way {
        id: "last-out",
        title: "With or without",
        sentence: "The requirement with the leg less that without it, the others staying: what closing it would free.",
        remainder: "owed to legs together",
    },
    Way {
        id: "alone",
        title: "Alone",
        sentence: "What each leg would need in an account of its own.",
        remainder: "hedging credit",
    },
];

/// A line of the table.
#[derive(Clone, PartialEq)]
struct Line {
    name: String,
    figure: String,
    /// Its standard error; empty where there is none.
    error: String,
    /// The figure for other programs.
    value: f64,
    /// Where the bar begins and how long it is, in percent of the track; none for lines that are no shares.
    bar: Option<(f64, f64)>,
    class: &'static str,
}

/// Shares of the legs, the requirement they sum to, and credits between legs.
#[component]
pub fn AttributionTab() -> impl IntoView {
    let simulator = use_simulator();
    let options = move || {
        let has_legs = simulator.outcome.with(|outcome| outcome.figures().is_some_and(|it| !it.book.legs.is_empty()));
        has_legs.then(|| json!({}))
    };
    let asker = simulator.questions.follow::<AttributionDocument>(simulator, "attribution", options);
    let way = RwSignal::new(WAYS[0]);
    let is_maintenance = RwSignal::new(false);
    let lines = Memo::new(move |_| {
        let (way, is_maintenance) = (way.get(), is_maintenance.get());
        let now = simulator.today().now();
        asker
            .answer
            .with(|answer| answer.ready().map(|found| lines(found, way, is_maintenance, now)).unwrap_or_default())
    });
    let is_there = flag(move || lines.with(|lines| !lines.is_empty()));
    let sentence = text(move || {
        let way = way.get();
        let orders = asker.answer.with(|answer| answer.ready().map_or(0, |found| found.orders));
        match orders {
            orders if orders > 0 && way.id == "shapley" => {
                format!("{} Sampled from {orders} orders; ± is one standard error.", way.sentence)
            }
            _ => way.sentence.to_owned(),
        }
    });
    let message = text(move || {
        asker.answer.with(|answer| match answer {
            Answer::Failed(reason) => reason.clone(),
            _ if options().is_none() => "Add legs to see what each adds to the requirement.".to_owned(),
            _ => "Counting what each leg adds…".to_owned(),
        })
    });
    let way_button = move |of: &Way| {
        let of = *of;
        let is_chosen = text(move || (way.get() == of).to_string());
        view! {
            <button aria-pressed=is_chosen data-testid=format!("way-{}", of.id) on:click=move |_| way.set(of)>
                {of.title}
            </button>
        }
        .into_any()
    };
    let part_button = move |title: &'static str, testid: &'static str, maintenance: bool| {
        let is_chosen = text(move || (is_maintenance.get() == maintenance).to_string());
        view! {
            <button aria-pressed=is_chosen data-testid=testid on:click=move |_| is_maintenance.set(maintenance)>
                {title}
            </button>
        }
        .into_any()
    };
    let table = move || {
        let body = move || lines.with(|lines| lines.iter().map(line_view).collect::<Vec<AnyView>>());
        let pairs = move || {
            let now = simulator.today().now();
            let is_maintenance = is_maintenance.get();
            asker.answer.with(|answer| answer.ready().map(|found| pair_table(found, is_maintenance, now)))
        };
        view! {
            <div class="attribution-ways">
                <div class="segmented" role="group" aria-label="How shares are counted">
                    {WAYS.iter().map(way_button).collect_view()}
                </div>
                <div class="segmented" role="group" aria-label="Requirement">
                    {part_button("Initial", "attribution-initial", false)}
                    {part_button("Maintenance", "attribution-maintenance", true)}
                </div>
            </div>
            <p class="small-text muted attribution-sentence" data-testid="attribution-sentence">{sentence}</p>
            <table class="table attribution-table" data-testid="attribution-table">
                <caption class="visually-hidden">"What each leg adds to the requirement"</caption>
                <tbody>{body}</tbody>
            </table>
            {pairs}
        }
        .into_any()
    };
    view! {
        <div data-testid="attribution" aria-busy=text(move || asker.is_waiting.get().to_string())>
            {either(is_there, table, move || view! { <p class="empty">{message}</p> }.into_any())}
            {shown(
                flag(move || is_there.get() && asker.answer.with(|answer| answer.error().is_some())),
                move || view! { <p class="empty">{message}</p> }.into_any(),
            )}
            {waiting_line(vec![asker.wait], "Counting")}
        </div>
    }
}

fn line_view(line: &Line) -> AnyView {
    let Line { name, figure, error, value, bar, class } = line.clone();
    let bar = bar.map(|(start, length)| {
        let side = if value < 0.0 { "attribution-bar frees" } else { "attribution-bar" };
        view! { <span class=side style:left=format!("{start:.2}%") style:width=format!("{length:.2}%")></span> }
    });
    view! {
        <tr class=class>
            <th scope="row">{name}</th>
            <td class="attribution-track-cell" aria-hidden="true">
                <span class="attribution-track">{bar}</span>
            </td>
            <td class="num" data-value=value.to_string()>
                {figure} <span class="attribution-error small-text muted">{error}</span>
            </td>
        </tr>
    }
    .into_any()
}

/// What each leg is called, on one line.
pub(super) fn leg_names(found: &AttributionDocument, now: Timestamp) -> Vec<String> {
    let instruments: Vec<String> = found.legs.iter().map(|leg| leg.instrument.clone()).collect();
    short_names(&instruments, now)
}

/// The requirement that is asked for.
pub(super) fn part(found: &AttributionDocument, is_maintenance: bool) -> &SharedRequirementDocument {
    if is_maintenance { &found.maintenance } else { &found.initial }
}

/// One line for each leg, then what belongs to no leg, what remains, and the sum.
fn lines(found: &AttributionDocument, way: Way, is_maintenance: bool, now: Timestamp) -> Vec<Line> {
    let whole = part(found, is_maintenance);
    let Some(shares) = whole.shares.iter().find(|shares| shares.way == way.id) else { return vec![] };
    let Ok(currency) = found.currency.parse::<Asset>() else { return vec![] };
    let unit = unit(&currency);
    let names = leg_names(found, now);
    let most = shares.by_leg.iter().fold(0.0_f64, |most, share| most.max(*share));
    let least = shares.by_leg.iter().fold(0.0_f64, |least, share| least.min(*share));
    let span = most - least;
    let bar = |share: f64| {
        let percent = |amount: f64| if span > 0.0 { amount / span * 100.0 } else { 0.0 };
        (percent(share.min(0.0) - least), percent(share.abs()))
    };
    let mut lines: Vec<Line> = Vec::new();
    for (leg, share) in shares.by_leg.iter().enumerate() {
        let error = shares.standard_error.get(leg).filter(|error| **error > 0.0);
        let error = error.map_or_else(String::new, |error| format!("± {}", money(*error, unit)));
        let name = names.get(leg).cloned().unwrap_or_default();
        let coins = found.legs.get(leg).map_or(0.0, |leg| leg.coins);
        lines.push(Line {
            name: format!("{} {name}", number_move(coins, 4)),
            figure: money(*share, unit),
            error,
            value: *share,
            bar: Some(bar(*share)),
            class: "",
        });
    }
    let noise = 1e-9 * whole.requirement.abs().max(span);
    for (name, value) in [("without any leg", whole.of_no_leg), (way.remainder, shares.remainder)] {
        if value.abs() > noise {
            let figure = money(value, unit);
            let (name, error) = (name.to_owned(), String::new());
            lines.push(Line { name, figure, error, value, bar: None, class: "attribution-rest" });
        }
    }
    lines.push(Line {
        name: if is_maintenance { "Maintenance margin" } else { "Initial margin" }.to_owned(),
        figure: money(whole.requirement, unit),
        error: String::new(),
        value: whole.requirement,
        bar: None,
        class: "attribution-sum",
    });
    lines
}
