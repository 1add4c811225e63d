//! Segregated, cross and unified accounts side by side.

use leptos::prelude::*;
use margin_engine::book::Book;
use margin_engine::contract::{AccountModesDocument, ModeDocument};
use serde_json::{Value, json};

use crate::charts::Unit;
use crate::charts::format::{money, percent, profit};
use crate::parts::{
    Cell, RangeInput, Row, TableText, TextTable, flag, leg_name, mark_word, maybe, text, unit, waiting_line,
};
use crate::state::questions::Answer;
use crate::state::use_simulator;

/// What the unified account goes by, and its button.
const RULES: [(&str, &str); 4] =
    [("joint", "Joint slides"), ("estimated", "Estimated"), ("own", "Your own"), ("offset", "Offset")];

/// Segregated, cross and unified accounts side by side.
#[component]
pub fn ModesTab() -> impl IntoView {
    let simulator = use_simulator();
    let rule = RwSignal::new(RULES[0].0);
    let correlation = RwSignal::new(0.7);
    let asker = simulator.questions.follow::<AccountModesDocument>(simulator, "account_modes", move || {
        let has_legs = simulator.outcome.with(|outcome| outcome.book().is_some_and(|book| !book.legs.is_empty()));
        has_legs.then(|| {
            let parameters = match rule.get() {
                "offset" => json!({ "rule": "offset" }),
                "estimated" => json!({ "correlation": { "source": "estimated" } }),
                "own" => {
                    let pair = simulator.outcome.with(|outcome| outcome.book().map(pair).unwrap_or_default());
                    let value = correlation.get();
                    json!({ "correlation": { "assets": pair, "matrix": [1.0, value, value, 1.0] } })
                }
                _ => Value::Null,
            };
            if parameters.is_null() { json!({}) } else { json!({ "parameters": parameters }) }
        })
    });
    let with = move |write: fn(&AccountModesDocument, &Book) -> TableText| {
        move || {
            simulator.outcome.with(|outcome| {
                asker.answer.with(|answer| match (answer.ready(), outcome.book()) {
                    (Some(modes), Some(book)) => write(modes, book),
                    _ => TableText::default(),
                })
            })
        }
    };
    let instead = maybe(move || {
        asker.answer.with(|answer| match answer {
            Answer::None => {
                Some("Three kinds of account are set side by side here once there are positions.".to_owned())
            }
            Answer::Failed(reason) => Some(reason.clone()),
            Answer::Ready(_) => None,
        })
    });
    let sentence = text(move || {
        simulator.outcome.with(|outcome| {
            asker.answer.with(|answer| match (answer.ready(), outcome.book()) {
                (Some(modes), Some(book)) => explanation(modes, book),
                _ => String::new(),
            })
        })
    });
    let source = text(move || {
        asker.answer.with(|answer| {
            answer.ready().map_or_else(String::new, |modes| {
                let rules = &modes.rules;
                format!("{}: {}. {}.", mark_word(rules.mark), rules.mark_note, rules.source)
            })
        })
    });
    let button = move |(id, title): (&'static str, &'static str)| {
        let pressed = text(move || (rule.get() == id).to_string());
        view! {
            <button data-testid=format!("modes-{id}") aria-pressed=pressed on:click=move |_| rule.set(id)>
                {title}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="modes" data-testid="modes">
            <div class="segmented modes-rules" role="group" aria-label="Rule of the unified account">
                {RULES.map(button).collect_view()}
            </div>
            <label class="modes-correlation" hidden=flag(move || rule.get() != "own")>
                <span class="small-text muted">{text(move || format!("Correlation {:.2}", correlation.get()))}</span>
                <RangeInput
                    range=Signal::stored((0.0, 1.0))
                    step=0.05
                    value=correlation
                    spoken=text(move || format!("{:.2}", correlation.get()))
                    set=Callback::new(move |value| correlation.set(value))
                    testid="modes-correlation"
                />
            </label>
            <p class="empty" hidden=flag(move || instead.with(Option::is_none))>{move || instead.get()}</p>
            <TextTable content=with(side_by_side) scroller="modes-table" testid="modes-table" />
            <p class="modes-sentence" data-testid="modes-sentence">{sentence}</p>
            <TextTable content=with(by_currency) scroller="modes-table" testid="modes-currencies" />
            <p class="small-text muted">{source}</p>
            {waiting_line(vec![asker.wait], "Setting accounts side by side")}
        </div>
    }
}

/// The two underlyings that one's own correlation is about.
fn pair(book: &Book) -> Vec<String> {
    let mut pair: Vec<String> = book.underlyings.iter().take(2).map(|it| it.asset.to_string()).collect();
    if let [only] = &pair[..] {
        pair.push(if only == "BTC" { "ETH" } else { "BTC" }.to_owned());
    }
    pair
}

/// A figure in each of the three columns.
fn figures(modes: &AccountModesDocument, head: &str, of: impl Fn(&ModeDocument) -> String) -> Row {
    let cell = |text: String| Cell { text, class: "num" };
    let unified = modes.unified.as_ref().map_or_else(|| "none".to_owned(), &of);
    let cells = vec![cell(of(&modes.segregated)), cell(of(&modes.cross)), cell(unified)];
    Row { head: head.to_owned(), cells, ..Row::default() }
}

fn side_by_side(modes: &AccountModesDocument, book: &Book) -> TableText {
    let unit = unit(&book.currency);
    let head = |text: &str| Cell { text: text.to_owned(), class: "num" };
    TableText {
        caption: "The same account segregated, cross and unified".to_owned(),
        corner: String::new(),
        columns: ["Segregated", "Cross", "Unified"].map(head).into(),
        rows: vec![
            figures(modes, "Initial", |mode| money(mode.initial, unit)),
            figures(modes, "Maintenance", |mode| money(mode.maintenance, unit)),
            figures(modes, "Free margin", |mode| profit(mode.free_margin, unit)),
            figures(modes, "To pay in", |mode| money(mode.shortfall, unit)),
            figures(modes, "Margin ratio", |mode| mode.margin_ratio.map_or_else(|| "none".to_owned(), percent)),
            figures(modes, "Less required", |mode| money(modes.segregated.initial - mode.initial, unit)),
            figures(modes, "Less to pay in", |mode| money(modes.segregated.shortfall - mode.shortfall, unit)),
        ],
    }
}

fn by_currency(modes: &AccountModesDocument, book: &Book) -> TableText {
    let unit = unit(&book.currency);
    let cell = |text: String| Cell { text, class: "num" };
    let head = |text: &str| cell(text.to_owned());
    let rows = modes.currencies.iter().map(|it| Row {
        head: it.name.clone(),
        cells: vec![
            cell(money(it.balance, unit)),
            cell(money(it.initial, unit)),
            cell(profit(it.at_worst, unit)),
            cell(money(it.borrowed + it.borrowed_at_worst, unit)),
        ],
        ..Row::default()
    });
    TableText {
        caption: "Each settlement currency: what counts, what its positions require alone, its result on the worst joint slide, and what is borrowed then".to_owned(),
        corner: "Currency".to_owned(),
        columns: ["Balance", "Required alone", "Worst joint slide", "Borrowed then"].map(head).into(),
        rows: rows.collect(),
    }
}

/// Where the saving comes from.
fn explanation(modes: &AccountModesDocument, book: &Book) -> String {
    let unit: Unit = unit(&book.currency);
    let Some(unified) = &modes.unified else { return modes.reason.clone() };
    let Some(worst) = &modes.worst else { return "Nothing can be lost on any joint slide.".to_owned() };
    let saved = modes.cross.initial - unified.initial;
    let results = |gains: bool| {
        let legs =
            book.legs.iter().zip(&worst.leg_pnl).filter(|(_, pnl)| if gains { **pnl > 0.0 } else { **pnl < 0.0 });
        let said = legs.map(|(leg, pnl)| format!("the {} {}", leg_name(book, leg), money(pnl.abs(), unit)));
        said.collect::<Vec<_>>().join(", ")
    };
    let (gained, lost) = (results(true), results(false));
    let mut words = if gained.is_empty() {
        format!("At {} nothing gains: {lost} lost.", worst.label)
    } else {
        format!("At {} gains: {gained}; loses: {lost}.", worst.label)
    };
    if modes.capped {
        words.push_str(" Netting would cost more than it saves: the cross account's requirement holds.");
    } else if saved > 0.0 {
        words.push_str(&format!(" The unified account needs {} less than the cross account.", money(saved, unit)));
    }
    if let [_, pair, ..] = modes.correlations[..]
        && modes.underlyings.len() == 2
    {
        words.push_str(&format!(" Correlation {pair:.2}."));
    }
    words
}
