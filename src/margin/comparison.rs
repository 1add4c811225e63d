//! The same book under every methodology, as bars.

use leptos::prelude::*;
use margin_engine::insight::Comparison;
use margin_engine::methodology::find;
use margin_engine::order::sorted_by;

use crate::charts::format::{money, percent};
use crate::parts::{flag, keyed_rows, maybe, text, unit};
use crate::state::use_simulator;

/// One row to show.
#[derive(Clone, PartialEq)]
struct Row {
    id: &'static str,
    /// The figure as text, or why there is none.
    figure: Result<String, String>,
    initial: f64,
    /// Of the widest bar.
    width: f64,
    is_chosen: bool,
    explanation: String,
}

/// Bars of the initial requirement, the greatest first; a click chooses the methodology.
#[component]
pub fn ComparisonPanel() -> impl IntoView {
    let simulator = use_simulator();
    let rows = Memo::new(move |_| rows(simulator));
    let order = Memo::new(move |_| rows.with(|rows| rows.iter().map(|row| row.id.to_owned()).collect::<Vec<_>>()));
    let currency = maybe(move || {
        simulator.outcome.with(|outcome| outcome.figures().map(|figures| figures.assessment.currency.to_string()))
    });
    let list = keyed_rows(order.into(), move |id| {
        // Keys are identifiers of the registry.
        let Some(entry) = find(&id) else { return ().into_any() };
        let id = entry.id;
        let row = Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.id == id).cloned()));
        view! { <ComparisonRow id=id row=row currency=currency /> }.into_any()
    });
    view! {
        <section class="panel panel-comparison" aria-labelledby="comparison-title">
            <div class="panel-head">
                <h2 class="panel-title" id="comparison-title">"The same book under every rule"</h2>
            </div>
            <ul class="comparison" data-testid="comparison">
                {list}
            </ul>
        </section>
    }
}

#[component]
fn ComparisonRow(id: &'static str, row: Memo<Option<Row>>, currency: Signal<Option<String>>) -> impl IntoView {
    let simulator = use_simulator();
    let name = find(id).map_or("", |entry| entry.name);
    let choose = move |_| simulator.edit(format!("{name} chosen"), |draft| draft.methodology = id.to_owned());
    let is_chosen = flag(move || row.with(|row| row.as_ref().is_some_and(|row| row.is_chosen)));
    let width = text(move || format!("{:.2}%", row.with(|row| row.as_ref().map_or(0.0, |row| row.width)) * 100.0));
    let figure = text(move || row.with(|row| row.as_ref().and_then(|row| row.figure.clone().ok()).unwrap_or_default()));
    let reason =
        text(move || row.with(|row| row.as_ref().and_then(|row| row.figure.clone().err()).unwrap_or_default()));
    let raw =
        maybe(move || row.with(|row| row.as_ref().filter(|row| row.figure.is_ok()).map(|row| row.initial.to_string())));
    let explanation = maybe(move || row.with(|row| row.as_ref().map(|row| row.explanation.clone())));
    view! {
        <li>
            <button
                class="comparison-row"
                class:chosen=is_chosen
                aria-pressed=text(move || is_chosen.get().to_string())
                title=explanation
                data-testid="comparison-row"
                data-methodology=id
                data-value=raw
                data-currency=currency
                on:click=choose
            >
                <span class="comparison-name">{name}</span>
                // Of these the one that is empty takes no room: see the style sheet.
                <span class="comparison-track" aria-hidden="true">
                    <span class="comparison-bar" style:width=width></span>
                </span>
                <span class="comparison-figure num">{figure}</span>
                <span class="comparison-reason muted">{reason}</span>
            </button>
        </li>
    }
}

fn rows(simulator: crate::state::Simulator) -> Vec<Row> {
    simulator.outcome.with(|outcome| {
        let Some(figures) = outcome.figures() else { return vec![] };
        let chosen = figures.assessment.provenance.methodology;
        let unit = unit(&figures.assessment.currency);
        let initial = |row: &Comparison| row.outcome.as_ref().map_or(0.0, |figures| figures.initial);
        let greatest = figures.comparison.iter().map(initial).fold(0.0, f64::max);
        let rows: Vec<Row> = figures
            .comparison
            .iter()
            .map(|row| {
                let figure = row.outcome.as_ref().map(|row| money(row.initial, unit)).map_err(ToString::to_string);
                let explanation = match &row.outcome {
                    Ok(row) => format!(
                        "Initial {}, maintenance {}, hedging credit {} ({}); {}",
                        money(row.initial, unit),
                        money(row.maintenance, unit),
                        money(row.credit, unit),
                        percent(row.credit_fraction.unwrap_or(0.0)),
                        row.reason,
                    ),
                    Err(error) => format!("Does not apply: {error}"),
                };
                Row {
                    id: row.id,
                    figure,
                    initial: initial(row),
                    width: if greatest > 0.0 { initial(row) / greatest } else { 0.0 },
                    is_chosen: row.id == chosen,
                    explanation,
                }
            })
            .collect();
        sorted_by(rows, |row| -row.initial)
    })
}
