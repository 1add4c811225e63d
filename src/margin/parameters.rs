//! The chosen methodology's parameters: seen, edited, compared with the preset, reset.

mod edit;

use leptos::prelude::*;
use margin_engine::methodology::{Preset, find};
use serde_json::Value;

use crate::later::later;
use crate::parts::{drawer_button, flag, maybe, shown, text};
use crate::state::{Simulator, use_simulator};
use edit::{Leaf, difference, leaves, with_leaf};

/// More than so many parameters are folded away in their groups.
const MANY: usize = 60;

/// Opens the methodology's parameters in a drawer.
#[component]
pub fn ParametersButton() -> impl IntoView {
    drawer_button("Parameters", "parameters", "drawer", || later(|panels| panels.parameters, || ().into_any()))
}

/// What the drawer shows.
#[component]
pub fn ParametersDrawer() -> impl IntoView {
    let simulator = use_simulator();
    let id = Memo::new(move |_| simulator.draft.with(|draft| draft.methodology.clone()));
    let preset = Memo::new(move |_| parameters(simulator, &id.get(), None));
    let current = Memo::new(move |_| {
        simulator.draft.with(|draft| parameters(simulator, &draft.methodology, draft.chosen_edits()))
    });
    let name = text(move || find(&id.get()).map_or("", |entry| entry.name).to_owned());
    let summary = text(move || find(&id.get()).map_or("", |entry| entry.summary).to_owned());
    let provenance = maybe(move || {
        let words = |preset: &Preset| format!("{} · {} · {}", preset.date, preset.mark_note, preset.source);
        simulator.methodologies.preset(find(&id.get())?, words)
    });
    let is_edited = move || preset.with(|preset| current.with(|current| preset != current));
    let reset = move |_| {
        simulator.edit("parameters reset", |draft| {
            draft.edits.remove(&draft.methodology);
        });
    };
    view! {
        <header class="drawer-head">
            <h2 autofocus tabindex="-1">
                {name}
            </h2>
            <button
                class="button small"
                data-testid="parameters-reset"
                disabled=flag(move || !is_edited())
                on:click=reset
            >
                "Reset to preset"
            </button>
        </header>
        <p class="muted">{summary}</p>
        <p class="small-text faint">{provenance}</p>
        {parameter_rows(Editable { preset, current, take: take_edits })}
    }
}

/// Puts edits of the chosen methodology's parameters in force.
///
/// # Errors
/// The methodology refuses them.
fn take_edits(simulator: Simulator, edits: Option<Value>, what: String) -> Result<(), String> {
    let id = simulator.draft.with_untracked(|draft| draft.methodology.clone());
    let Some(entry) = find(&id) else { return Ok(()) };
    // The methodology itself says what it takes; what it refuses stays in the box.
    simulator.methodologies.made(entry, edits.as_ref()).map_err(|error| error.to_string())?;
    simulator.edit(what, |draft| {
        match edits {
            Some(edits) => draft.edits.insert(id, edits),
            None => draft.edits.remove(&id),
        };
    });
    Ok(())
}

/// Parameters that can be edited: a preset's, and those in force.
#[derive(Clone, Copy)]
pub struct Editable {
    /// As the preset has them.
    pub preset: Memo<Value>,
    /// As they are.
    pub current: Memo<Value>,
    /// Puts what differs from the preset in force, as an edit of this name; or says why it cannot be.
    pub take: fn(Simulator, Option<Value>, String) -> Result<(), String>,
}

/// A field for each parameter, in the groups that they are nested in.
pub fn parameter_rows(editable: Editable) -> AnyView {
    let groups = move || {
        let groups = groups(editable.preset.with(leaves));
        let count: usize = groups.iter().map(|(_, leaves)| leaves.len()).sum();
        let all = groups.into_iter().enumerate().map(|(index, (title, leaves))| {
            // Many are folded away, but for those at the top and what differs from the preset.
            let is_open = count <= MANY || index == 0;
            view! { <ParameterGroup title=title leaves=leaves is_open=is_open editable=editable /> }
        });
        all.collect_view()
    };
    view! { <div class="drawer-rows">{groups}</div> }.into_any()
}

/// The leaves by what they are nested in, in their order.
fn groups(leaves: Vec<Leaf>) -> Vec<(String, Vec<Leaf>)> {
    let mut groups: Vec<(String, Vec<Leaf>)> = vec![];
    for leaf in leaves {
        let inside = leaf.path.split_last().map_or(&[][..], |(_, inside)| inside);
        let title = inside.iter().map(|key| named(key)).collect::<Vec<String>>().join(" › ");
        match groups.iter_mut().find(|(known, _)| *known == title) {
            Some((_, members)) => members.push(leaf),
            None => groups.push((title, vec![leaf])),
        }
    }
    groups
}

/// A key as a person reads it; places in lists count from one.
fn named(key: &str) -> String {
    key.parse::<usize>().map_or_else(|_| key.replace('_', " "), |index| (index + 1).to_string())
}

/// Parameters that belong together. Their rows are made when they are unfolded.
#[component]
fn ParameterGroup(title: String, leaves: Vec<Leaf>, is_open: bool, editable: Editable) -> impl IntoView {
    let Editable { preset, current, .. } = editable;
    let paths: Vec<Vec<String>> = leaves.iter().map(|leaf| leaf.path.clone()).collect();
    let edited = Memo::new(move |_| {
        let differs = |path: &&Vec<String>| {
            preset.with(|preset| current.with(|current| edit::text_at(preset, path) != edit::text_at(current, path)))
        };
        paths.iter().filter(differs).count()
    });
    let open = RwSignal::new(is_open || title.is_empty() || edited.get_untracked() > 0);
    let rows = shown(open.into(), move || {
        let row = |leaf: &Leaf| view! { <ParameterRow leaf=leaf.clone() editable=editable /> };
        leaves.iter().map(row).collect_view().into_any()
    });
    if title.is_empty() {
        return rows;
    }
    let toggle = move |event: leptos::ev::MouseEvent| {
        // The signal opens it, and with it the rows.
        event.prevent_default();
        open.update(|open| *open = !*open);
    };
    view! {
        <details class="parameter-group" open=flag(move || open.get())>
            <summary on:click=toggle>
                <span>{title}</span>
                <span class="small-text muted">
                    {text(move || match edited.get() {
                        0 => String::new(),
                        count => format!("{count} edited"),
                    })}
                </span>
            </summary>
            {rows}
        </details>
    }
    .into_any()
}

/// One parameter: its name, its value, what the preset says where it differs, and what is wrong with the input.
#[component]
fn ParameterRow(leaf: Leaf, editable: Editable) -> impl IntoView {
    let simulator = use_simulator();
    let Editable { preset, current, take } = editable;
    let problem = RwSignal::new(None::<String>);
    let path = StoredValue::new(leaf.path.clone());
    let kind = StoredValue::new(leaf.value.clone());
    let shown = text(move || current.with(|current| path.with_value(|path| edit::text_at(current, path))));
    let preset_text = move || preset.with(|preset| path.with_value(|path| edit::text_at(preset, path)));
    let differs = move || shown.get() != preset_text();
    let label = leaf.path.last().map(|key| named(key)).unwrap_or_default();
    let commit = move |typed: String| {
        let value = match kind.with_value(|kind| edit::read_like(kind, &typed)) {
            Ok(value) => value,
            Err(reason) => return problem.set(Some(reason)),
        };
        let changed = path.with_value(|path| with_leaf(&current.get_untracked(), path, value));
        let edits = preset.with_untracked(|preset| difference(preset, &changed));
        let name = path.with_value(|path| path.last().cloned().unwrap_or_default().replace('_', " "));
        problem.set(take(simulator, edits, format!("{name} {typed}")).err());
    };
    let testid = format!("parameter-{}", leaf.path.join("."));
    let input = match leaf.value {
        Value::Bool(_) => {
            let toggle = move |event| commit(event_target_checked(&event).to_string());
            view! {
                <input type="checkbox" data-testid=testid prop:checked=flag(move || shown.get() == "true") on:change=toggle />
            }
            .into_any()
        }
        _ => view! {
            <input
                class="field num"
                inputmode="decimal"
                data-testid=testid
                prop:value=shown
                on:change=move |event| commit(event_target_value(&event))
            />
        }
        .into_any(),
    };
    view! {
        <label class="parameter">
            <span class="parameter-name">{label}</span>
            {input}
            <span class="small-text faint parameter-preset">
                {text(move || if differs() { format!("preset {}", preset_text()) } else { String::new() })}
            </span>
            <span class="small-text critical parameter-problem" role="alert">{text(move || problem.get().unwrap_or_default())}</span>
        </label>
    }
}

fn parameters(simulator: Simulator, id: &str, edits: Option<&Value>) -> Value {
    let configured = find(id).and_then(|entry| simulator.methodologies.made(entry, edits).ok());
    configured.map_or(Value::Null, |methodology| methodology.configured().parameters.clone())
}
