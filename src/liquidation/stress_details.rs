//! A scenario in words and leg by leg: what opens below its row.

use jiff::Timestamp;
use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::contract::{StressDocument, StressOutcomeDocument, StressScenarioDocument};

use crate::charts::format::{number, number_move, percent_move, profit};
use crate::parts::{mark_word, short_names, unit};
use crate::state::Simulator;

/// The details of one scenario.
pub fn stress_details(
    simulator: Simulator,
    found: &StressDocument,
    scenario: &StressScenarioDocument,
    now: Timestamp,
) -> AnyView {
    let Ok(currency) = found.currency.parse::<Asset>() else { return ().into_any() };
    let word = mark_word(scenario.mark);
    let what_if = scenario.what_if.filter(|what_if| !what_if.is_none());
    let button = what_if.map(|what_if| {
        view! {
            <button
                class="button small"
                data-testid="stress-what-if"
                on:click=move |_| simulator.what_if.set(what_if)
            >
                "Show in what-if"
            </button>
        }
    });
    let source = (!scenario.mark_note.is_empty()).then(|| {
        view! {
            <p class="small-text muted">
                <span class="mark-chip" data-mark=word>{word}</span>
                {format!(" {}. {}.", sentence_case(&scenario.mark_note), scenario.source)}
            </p>
        }
    });
    let legs = match &scenario.outcome {
        Some(outcome) => legs(found, outcome, currency, now),
        None => ().into_any(),
    };
    view! {
        <div class="stress-words">
            <p>{scenario.sentence.clone()}</p>
            <p class="small-text">{moves(scenario)}</p>
            {source}
            {button}
        </div>
        {legs}
    }
    .into_any()
}

/// What moves, in words: "BTC −37.2 %, vols ×2, 1 day on."
fn moves(scenario: &StressScenarioDocument) -> String {
    let mut parts: Vec<String> = Vec::new();
    for step in scenario.moves.iter().filter(|step| step.relative != 0.0) {
        parts.push(format!("{} {}", step.asset, percent_move(step.relative)));
    }
    if scenario.vol_factor != 1.0 {
        parts.push(format!("vols ×{}", number(scenario.vol_factor, 2)));
    }
    if scenario.vol_points != 0.0 {
        parts.push(format!("vols {} points", number_move(scenario.vol_points * 100.0, 1)));
    }
    if scenario.days != 0.0 {
        let days = number(scenario.days, 1);
        parts.push(if scenario.days == 1.0 { "1 day on".to_owned() } else { format!("{days} days on") });
    }
    if scenario.haircut != 0.0 {
        parts.push(format!("haircuts {} points", number_move(scenario.haircut * 100.0, 1)));
    }
    if parts.is_empty() {
        return "Nothing that this account depends on moves.".to_owned();
    }
    format!("{}.", parts.join(", "))
}

/// The P&L leg by leg with bars, and of the balances.
fn legs(found: &StressDocument, outcome: &StressOutcomeDocument, currency: Asset, now: Timestamp) -> AnyView {
    let unit = unit(&currency);
    let names = short_names(&found.instruments, now);
    let all = || outcome.leg_pnl.iter().copied().chain([outcome.balance_pnl]);
    let (most, least) = (all().fold(0.0, f64::max), all().fold(0.0, f64::min));
    let span = most - least;
    let row = |name: String, pnl: f64, class: &'static str| {
        let percent = |amount: f64| if span > 0.0 { amount / span * 100.0 } else { 0.0 };
        let (start, length) = (percent(pnl.min(0.0) - least), percent(pnl.abs()));
        let side = if pnl < 0.0 { "stress-bar loses" } else { "stress-bar" };
        view! {
            <li class=class>
                <span>{name}</span>
                <span class="stress-track" aria-hidden="true">
                    <span class=side style:left=format!("{start:.2}%") style:width=format!("{length:.2}%")></span>
                </span>
                <span class="num" data-value=pnl.to_string()>{profit(pnl, unit)}</span>
            </li>
        }
        .into_any()
    };
    let class = |leg: usize| match leg {
        leg if outcome.worst_leg == Some(leg) => "stress-worst",
        leg if outcome.best_hedge == Some(leg) => "stress-best",
        _ => "",
    };
    let named = names.iter().zip(&outcome.leg_pnl).enumerate();
    let mut rows: Vec<AnyView> = named.map(|(leg, (name, pnl))| row(name.clone(), *pnl, class(leg))).collect();
    if outcome.balance_pnl != 0.0 {
        rows.push(row("collateral".to_owned(), outcome.balance_pnl, ""));
    }
    let name = |leg: Option<usize>| leg.and_then(|leg| names.get(leg));
    let story = match (name(outcome.worst_leg), name(outcome.best_hedge)) {
        (Some(worst), Some(best)) => format!("The {worst} loses most; the {best} hedges best."),
        (Some(worst), None) => format!("The {worst} loses most, and no leg gains."),
        (None, Some(best)) => format!("No leg loses; the {best} gains most."),
        (None, None) => "No leg gains or loses.".to_owned(),
    };
    view! {
        <p class="small-text" data-testid="stress-story">{story}</p>
        <ul class="stress-legs" data-testid="stress-legs">{rows}</ul>
    }
    .into_any()
}

fn sentence_case(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
