//! The chosen methodology's parameters: seen, edited, compared with the preset, reset.

mod edit;

use leptos::html;
use leptos::prelude::*;
use margin_engine::methodology::find;
use serde_json::Value;

use crate::parts::{flag, maybe, text};
use crate::state::use_simulator;
use edit::{Leaf, difference, leaves, with_leaf};

/// Opens the methodology's parameters in a drawer.
#[component]
pub fn ParametersButton() -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let open = RwSignal::new(false);
    let show = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            open.set(true);
            let _ = dialog.show_modal();
        }
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <button class="button small" data-testid="parameters" on:click=show>
            "Parameters"
        </button>
        <dialog class="drawer" node_ref=dialog aria-label="Parameters" on:close=move |_| open.set(false)>
            {move || open.get().then(|| view! { <Drawer /> })}
            <button class="button" data-testid="parameters-close" on:click=close>
                "Done"
            </button>
        </dialog>
    }
}

#[component]
fn Drawer() -> impl IntoView {
    let simulator = use_simulator();
    let id = Memo::new(move |_| simulator.draft.with(|draft| draft.methodology.clone()));
    let preset = Memo::new(move |_| parameters(&id.get(), None));
    let current =
        Memo::new(move |_| simulator.draft.with(|draft| parameters(&draft.methodology, draft.chosen_edits())));
    let name = text(move || find(&id.get()).map_or("", |entry| entry.name).to_owned());
    let summary = text(move || find(&id.get()).map_or("", |entry| entry.summary).to_owned());
    let provenance = maybe(move || {
        let methodology = find(&id.get())?.configure(None).ok()?;
        let preset = &methodology.configured().preset;
        Some(format!("{} · {} · {}", preset.date, preset.mark_note, preset.source))
    });
    let is_edited = move || preset.with(|preset| current.with(|current| preset != current));
    let reset = move |_| {
        simulator.edit("parameters reset", |draft| {
            draft.edits.remove(&draft.methodology);
        });
    };
    let rows = move || preset.with(leaves);
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
        <div class="drawer-rows">
            {move || {
                rows()
                    .into_iter()
                    .map(|leaf| view! { <ParameterRow leaf=leaf preset=preset current=current /> })
                    .collect_view()
            }}
        </div>
    }
}

/// One parameter: its name, its value, what the preset says where it differs, and what is wrong with the input.
#[component]
fn ParameterRow(leaf: Leaf, preset: Memo<Value>, current: Memo<Value>) -> impl IntoView {
    let simulator = use_simulator();
    let problem = RwSignal::new(None::<String>);
    let path = StoredValue::new(leaf.path.clone());
    let kind = StoredValue::new(leaf.value.clone());
    let shown = text(move || current.with(|current| path.with_value(|path| edit::text_at(current, path))));
    let preset_text = move || preset.with(|preset| path.with_value(|path| edit::text_at(preset, path)));
    let differs = move || shown.get() != preset_text();
    let label = leaf.path.join(" › ").replace('_', " ");
    let commit = move |typed: String| {
        let value = match kind.with_value(|kind| edit::read_like(kind, &typed)) {
            Ok(value) => value,
            Err(reason) => return problem.set(Some(reason)),
        };
        let changed = path.with_value(|path| with_leaf(&current.get_untracked(), path, value));
        let edits = preset.with_untracked(|preset| difference(preset, &changed));
        let id = simulator.draft.with_untracked(|draft| draft.methodology.clone());
        let Some(entry) = find(&id) else { return };
        // The methodology itself says what it takes; what it refuses stays in the box.
        if let Err(error) = entry.configure(edits.as_ref()) {
            return problem.set(Some(error.to_string()));
        }
        problem.set(None);
        let name = path.with_value(|path| path.last().cloned().unwrap_or_default().replace('_', " "));
        simulator.edit(format!("{name} {typed}"), |draft| {
            match edits {
                Some(edits) => draft.edits.insert(id, edits),
                None => draft.edits.remove(&id),
            };
        });
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

fn parameters(id: &str, edits: Option<&Value>) -> Value {
    let configured = find(id).and_then(|entry| entry.configure(edits).ok());
    configured.map_or(Value::Null, |methodology| methodology.configured().parameters.clone())
}
