//! The same book under every methodology, as bars.

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::contract::ComparisonDocument;
use margin_engine::methodology::find;
use margin_engine::order::sorted_by;

use crate::charts::Unit;
use crate::charts::format::{money, percent};
use crate::parts::{flag, keyed_rows, mark_chip, maybe, text, unit, waiting_line};
use crate::state::{comparison, use_simulator};

/// So many that do not apply are shown at once; more are folded away.
const FEW: usize = 4;

/// One row to show.
#[derive(Clone, PartialEq)]
struct Row {
    id: String,
    /// The initial requirement as text; empty where the methodology does not apply.
    figure: String,
    /// The figure itself, for other programs.
    value: Option<String>,
    /// Lengths of the bar and of its mark, of the widest bar.
    initial: f64,
    maintenance: f64,
    /// The credit and what sets the figure, or why there is none.
    why: String,
    /// All of it in words.
    title: String,
}

/// The rows, those with figures first.
#[derive(Clone, PartialEq, Default)]
struct Rows {
    currency: String,
    all: Vec<Row>,
    applying: usize,
}

/// Bars of the requirement, the greatest first; a click chooses the methodology. Below, those that do not apply.
#[component]
pub fn ComparisonPanel() -> impl IntoView {
    let simulator = use_simulator();
    let compared = comparison::follow(simulator);
    let rows = Memo::new(move |_| match compared.rows(simulator) {
        Some((currency, compared)) => currency.parse().map_or_else(|_| Rows::default(), |asset| rows(&compared, asset)),
        None => Rows::default(),
    });
    let error = Memo::new(move |_| compared.error(simulator));
    let is_behind = flag(move || compared.is_behind());
    let keys = move |applying: bool| {
        let keys = Memo::new(move |_| {
            rows.with(|Rows { all, applying: count, .. }| {
                let part = if applying { &all[..*count] } else { &all[*count..] };
                part.iter().map(|row| row.id.clone()).collect::<Vec<String>>()
            })
        });
        keyed_rows(keys.into(), move |id| view! { <ComparisonRow id=id rows=rows /> }.into_any())
    };
    let others = Memo::new(move |_| rows.with(|rows| rows.all.len() - rows.applying));
    view! {
        <section class="panel panel-comparison" aria-labelledby="comparison-title">
            <div class="panel-head">
                <h2 class="panel-title" id="comparison-title">"The same book under every rule"</h2>
                <span class="small-text muted comparison-legend"><i></i>" maintenance"</span>
            </div>
            <div
                class="comparison-lists"
                data-testid="comparison"
                aria-busy=text(move || is_behind.get().to_string())
            >
                <ul class="comparison">{keys(true)}</ul>
                <details
                    class="comparison-others"
                    data-testid="comparison-others"
                    prop:open=flag(move || others.get() <= FEW)
                    hidden=flag(move || others.get() == 0)
                >
                    <summary class="small-text muted">
                        {text(move || match others.get() {
                            1 => "One does not apply".to_owned(),
                            count => format!("{count} do not apply"),
                        })}
                    </summary>
                    <ul class="comparison">{keys(false)}</ul>
                </details>
            </div>
            <p class="muted small-text" hidden=flag(move || error.with(Option::is_none))>
                {text(move || error.get().map_or_else(String::new, |reason| format!("No comparison: {reason}.")))}
            </p>
            {waiting_line(compared.waits(), "Comparing")}
        </section>
    }
}

#[component]
fn ComparisonRow(id: String, rows: Memo<Rows>) -> impl IntoView {
    let simulator = use_simulator();
    // Keys are identifiers of the registry.
    let Some(entry) = find(&id) else { return ().into_any() };
    let (id, name) = (entry.id, entry.name);
    let row = Memo::new(move |_| rows.with(|rows| rows.all.iter().find(|row| row.id == id).cloned()));
    let part = move |part: fn(&Row) -> &String| {
        text(move || row.with(|row| row.as_ref().map(|row| part(row).clone()).unwrap_or_default()))
    };
    let length = move |length: fn(&Row) -> f64| {
        text(move || format!("{:.2}%", row.with(|row| row.as_ref().map_or(0.0, length)) * 100.0))
    };
    let choose = move |_| simulator.edit(format!("{name} chosen"), |draft| draft.methodology = id.to_owned());
    let is_chosen = Memo::new(move |_| simulator.draft.with(|draft| draft.methodology == id));
    view! {
        <li>
            <button
                class="comparison-row"
                class:chosen=flag(move || is_chosen.get())
                aria-pressed=text(move || is_chosen.get().to_string())
                title=part(|row| &row.title)
                data-testid="comparison-row"
                data-methodology=id
                data-value=maybe(move || row.with(|row| row.as_ref().and_then(|row| row.value.clone())))
                data-currency=text(move || rows.with(|rows| rows.currency.clone()))
                on:click=choose
            >
                <span class="comparison-name">{name}</span>
                <span class="comparison-track" aria-hidden="true">
                    <span class="comparison-bar" style:width=length(|row| row.initial)></span>
                    <span class="comparison-maintenance" style:left=length(|row| row.maintenance)></span>
                </span>
                <span class="comparison-figure num">{part(|row| &row.figure)}</span>
                <span class="comparison-why muted">
                    {mark_chip(simulator, entry)} <span class="comparison-words">{part(|row| &row.why)}</span>
                </span>
            </button>
        </li>
    }
    .into_any()
}

fn rows(compared: &[ComparisonDocument], currency: Asset) -> Rows {
    let unit = unit(&currency);
    let figures = |row: &ComparisonDocument| (row.initial_margin.unwrap_or(0.0), row.maintenance_margin.unwrap_or(0.0));
    let greatest = compared.iter().map(figures).fold(0.0, |greatest: f64, row| greatest.max(row.0).max(row.1));
    let length = |amount: f64| if greatest > 0.0 { (amount / greatest).clamp(0.0, 1.0) } else { 0.0 };
    let (applying, others): (Vec<&ComparisonDocument>, Vec<&ComparisonDocument>) =
        compared.iter().partition(|row| row.initial_margin.is_some());
    let count = applying.len();
    let sorted = sorted_by(applying, |row| -figures(row).0).into_iter().chain(others);
    let row = |row: &ComparisonDocument| {
        let (initial, maintenance) = figures(row);
        let (figure, value, why, title) = match row.initial_margin {
            Some(_) => (money(initial, unit), Some(initial.to_string()), why(row), words(row, unit)),
            None => (String::new(), None, row.reason.clone(), format!("Does not apply: {}", row.reason)),
        };
        let (initial, maintenance) = (length(initial), length(maintenance));
        Row { id: row.methodology.clone(), figure, value, initial, maintenance, why, title }
    };
    Rows { currency: currency.to_string(), all: sorted.map(row).collect(), applying: count }
}

/// A credit below this fraction is rounding, and shown as none.
const LEAST_CREDIT: f64 = 0.0005;

/// "saves 78 % · worst slide −16 %, vol down"
fn why(figures: &ComparisonDocument) -> String {
    match figures.hedging_credit_fraction {
        Some(fraction) if fraction.abs() >= LEAST_CREDIT => {
            format!("saves {} · {}", percent(fraction), figures.reason)
        }
        _ => format!("no credit · {}", figures.reason),
    }
}

fn words(figures: &ComparisonDocument, unit: Unit<'_>) -> String {
    let amount = |amount: Option<f64>| money(amount.unwrap_or(0.0), unit);
    format!(
        "Initial {}, maintenance {}, hedging credit {} ({}); {}",
        amount(figures.initial_margin),
        amount(figures.maintenance_margin),
        amount(figures.hedging_credit),
        percent(figures.hedging_credit_fraction.unwrap_or(0.0)),
        figures.reason,
    )
}
