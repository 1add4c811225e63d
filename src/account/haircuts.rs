//! Which schedule of haircuts is in force: chosen, marked, edited.

use leptos::prelude::*;
use margin_engine::collateral::{CollateralEntry, SCHEDULES, default_for, find_schedule};
use margin_engine::contract::CollateralChoice;
use margin_engine::methodology::find;
use serde_json::Value;

use crate::later::later;
use crate::margin::{Editable, parameter_rows};
use crate::parts::{drawer_button, flag, mark_word, provenance, text};
use crate::state::draft::Draft;
use crate::state::{Simulator, use_simulator};

/// The schedule of the methodology's venue.
fn of_venue(draft: &Draft) -> &'static CollateralEntry {
    find(&draft.methodology).map_or(&SCHEDULES[0], default_for)
}

/// The schedule in force.
fn in_force(draft: &Draft) -> &'static CollateralEntry {
    let chosen = draft.collateral.as_ref().and_then(|choice| find_schedule(&choice.id));
    chosen.unwrap_or_else(|| of_venue(draft))
}

/// Its edits.
fn edits(draft: &Draft) -> Option<&Value> {
    draft.collateral.as_ref()?.parameters.as_ref()
}

/// The schedules to choose from; the first is that of the methodology's venue.
#[component]
pub fn ScheduleChoice() -> impl IntoView {
    let simulator = use_simulator();
    let chosen = Memo::new(move |_| simulator.draft.with(|draft| draft.collateral.as_ref().map(|it| it.id.clone())));
    let venue = text(move || simulator.draft.with(|draft| format!("{}, the venue's", of_venue(draft).name)));
    let choose = move |event| {
        let id: String = event_target_value(&event);
        let name = find_schedule(&id).map_or("the venue's haircuts", |entry| entry.name);
        simulator.edit(format!("{name} chosen"), |draft| {
            draft.collateral = find_schedule(&id).map(|_| CollateralChoice { id, parameters: None });
        });
    };
    let options = SCHEDULES.iter().map(|entry| {
        let is_chosen = flag(move || chosen.with(|chosen| chosen.as_deref() == Some(entry.id)));
        view! { <option value=entry.id prop:selected=is_chosen>{entry.name}</option> }
    });
    view! {
        <select class="field schedule-choice" data-testid="collateral-schedule" aria-label="Haircuts" on:change=choose>
            <option value="" prop:selected=flag(move || chosen.with(Option::is_none))>
                {venue}
            </option>
            {options.collect_view()}
        </select>
    }
}

/// How far the haircuts can be trusted, in a word.
#[component]
pub fn ScheduleMark() -> impl IntoView {
    let simulator = use_simulator();
    let words = Memo::new(move |_| {
        let known = simulator
            .draft
            .with(|draft| simulator.methodologies.schedule(find(&draft.methodology)?, draft.collateral.as_ref()).ok());
        let schedule = known?;
        let edited = schedule.configured();
        Some((mark_word(edited.preset.mark), edited.is_edited, provenance(&edited.preset)))
    });
    let word = text(move || match words.get() {
        Some((_, true, _)) => "edited".to_owned(),
        Some((word, ..)) => word.to_owned(),
        None => String::new(),
    });
    let mark = text(move || words.get().map_or("", |(word, ..)| word).to_owned());
    let title = text(move || words.get().map(|(.., title)| title).unwrap_or_default());
    view! {
        <span class="mark-chip" data-testid="collateral-mark" data-mark=mark title=title>
            {word}
        </span>
    }
}

/// Opens the haircuts in a drawer.
#[component]
pub fn HaircutsButton() -> impl IntoView {
    drawer_button("Haircuts", "haircuts", "drawer", || later(|panels| panels.haircuts, || ().into_any()))
}

/// What the drawer shows.
#[component]
pub fn HaircutsDrawer() -> impl IntoView {
    let simulator = use_simulator();
    let entry = move || simulator.draft.with(in_force);
    let preset = Memo::new(move |_| parameters(entry(), None));
    let current = Memo::new(move |_| simulator.draft.with(|draft| parameters(in_force(draft), edits(draft))));
    let reset = move |_| {
        let _ = take_edits(simulator, None, "haircuts reset".to_owned());
    };
    let words = text(move || {
        let configured = entry().configure(None);
        configured.map(|schedule| provenance(&schedule.configured().preset)).unwrap_or_default()
    });
    view! {
        <header class="drawer-head">
            <h2 autofocus tabindex="-1">
                {text(move || entry().name.to_owned())}
            </h2>
            <button
                class="button small"
                data-testid="haircuts-reset"
                disabled=flag(move || simulator.draft.with(|draft| edits(draft).is_none()))
                on:click=reset
            >
                "Reset to preset"
            </button>
        </header>
        <p class="muted">
            "What each asset counts less than its price, as a fraction, against the initial and the maintenance requirement. Borrowing is what a debt counts more."
        </p>
        <p class="small-text faint">{words}</p>
        {parameter_rows(Editable { preset, current, take: take_edits })}
    }
}

fn parameters(entry: &CollateralEntry, edits: Option<&Value>) -> Value {
    entry.configure(edits).map_or(Value::Null, |schedule| schedule.configured().parameters.clone())
}

/// Puts edited haircuts in force.
///
/// # Errors
/// The schedule refuses them.
fn take_edits(simulator: Simulator, edits: Option<Value>, what: String) -> Result<(), String> {
    let entry = simulator.draft.with_untracked(in_force);
    entry.configure(edits.as_ref()).map_err(|error| error.to_string())?;
    simulator.edit(what, |draft| {
        let is_usual = edits.is_none() && entry.id == of_venue(draft).id;
        draft.collateral = (!is_usual).then(|| CollateralChoice { id: entry.id.to_owned(), parameters: edits });
    });
    Ok(())
}
