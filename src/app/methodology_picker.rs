//! The methodologies to choose from: by era, within it by venue, each with a sentence and its provenance.

use leptos::html;
use leptos::prelude::*;
use margin_engine::methodology::{Entry, METHODOLOGIES, Provenance, find};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::margin::ParametersButton;
use crate::parts::{close_outside, mark_chip, shown, text};
use crate::state::{Simulator, use_simulator};

/// A button with the methodology's name that opens the list, its mark in words, and its parameters.
#[component]
pub fn MethodologyPicker() -> impl IntoView {
    let simulator = use_simulator();
    let is_open = RwSignal::new(false);
    let place = NodeRef::<html::Div>::new();
    close_outside(place, is_open);
    let chosen = text(move || simulator.draft.with(|draft| draft.methodology.clone()));
    let name = text(move || find(&chosen.get()).map_or("", |entry| entry.name).to_owned());
    let summary = text(move || find(&chosen.get()).map_or("", |entry| entry.summary).to_owned());
    let provenance = move |format: fn(&Provenance) -> String| {
        simulator.outcome.with(|outcome| {
            outcome.figures().map_or_else(String::new, |figures| format(&figures.assessment.provenance))
        })
    };
    let mark =
        text(move || provenance(|it| format!("{}{}", if it.is_edited { "edited · " } else { "" }, it.mark_note)));
    let mark_title = text(move || provenance(|it| format!("{} ({}). {}", it.preset, it.preset_date, it.source)));
    // What is opened takes the focus, at what is chosen.
    Effect::new(move |_| {
        if is_open.get() {
            // When it is there.
            request_animation_frame(move || focus(&option_id(&chosen.get_untracked())));
        }
    });
    let close = move || {
        is_open.set(false);
        focus("methodology");
    };
    // One listener for all options.
    let choose = move |event: leptos::ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let option = target.and_then(|target| target.closest("[role=option]").ok().flatten());
        let Some(entry) = option.and_then(|option| find(&option.get_attribute("data-value")?)) else { return };
        simulator.edit(format!("{} chosen", entry.name), |draft| draft.methodology = entry.id.to_owned());
        close();
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if !is_open.get_untracked() {
            if matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") {
                event.prevent_default();
                is_open.set(true);
            }
            return;
        }
        let last = METHODOLOGIES.len() - 1;
        let order = order();
        let at = focused().and_then(|id| order.iter().position(|entry| entry.id == id)).unwrap_or(0);
        let next = match event.key().as_str() {
            "ArrowDown" => (at + 1).min(last),
            "ArrowUp" => at.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            "Escape" => {
                event.prevent_default();
                return close();
            }
            // The focus goes on from the button.
            "Tab" => return close(),
            key => match starting_with(&order, key, at) {
                Some(next) => next,
                None => return,
            },
        };
        event.prevent_default();
        if let Some(entry) = order.get(next) {
            focus(&option_id(entry.id));
        }
    };
    view! {
        <div class="picker methodology-picker" node_ref=place>
            <span class="picker-label" id="methodology-label">"Methodology"</span>
            <button
                id="methodology"
                class="picker-button"
                data-testid="methodology-select"
                title=summary
                prop:value=chosen
                aria-haspopup="listbox"
                aria-expanded=text(move || is_open.get().to_string())
                aria-labelledby="methodology-label methodology"
                on:click=move |_| is_open.update(|open| *open = !*open)
                on:keydown=on_key
            >
                {name}
            </button>
            <span class="picker-note">
                <span class="badge" title=mark_title>
                    {mark}
                </span>
            </span>
            <ParametersButton />
            {shown(
                is_open.into(),
                move || {
                    view! {
                        <div
                            class="options"
                            role="listbox"
                            aria-labelledby="methodology-label"
                            data-testid="methodology-list"
                            on:click=choose
                            on:keydown=on_key
                        >
                            {eras(simulator)}
                        </div>
                    }
                    .into_any()
                },
            )}
        </div>
    }
}

/// The list: eras, in them venues, in them methodologies.
fn eras(simulator: Simulator) -> AnyView {
    let part = |title: &'static str, class: &'static str, head: &'static str, content: Vec<AnyView>| {
        view! {
            <div class=class role="group" aria-label=title>
                <div class=head aria-hidden="true">
                    {title}
                </div>
                <div>{content}</div>
            </div>
        }
        .into_any()
    };
    let all: Vec<&'static Entry> = METHODOLOGIES.iter().collect();
    let eras = groups(&all, |entry| entry.era.title()).into_iter().map(|(era, entries)| {
        let venues = groups(&entries, |entry| entry.venue).into_iter().map(|(venue, entries)| {
            let options = entries.into_iter().map(|entry| option(simulator, entry)).collect();
            part(venue, "options-venue", "options-venue-name", options)
        });
        part(era, "options-era", "options-era-name", venues.collect())
    });
    eras.collect_view().into_any()
}

fn option(simulator: Simulator, entry: &'static Entry) -> AnyView {
    let source = simulator.methodologies.preset(entry, |preset| format!("{} · {}", preset.date, preset.source));
    let title = source.clone();
    let is_chosen = simulator.draft.with_untracked(|draft| draft.methodology == entry.id);
    view! {
        <button
            class="option"
            role="option"
            tabindex="-1"
            id=option_id(entry.id)
            data-value=entry.id
            aria-selected=is_chosen.to_string()
        >
            <span class="option-name">{entry.name} {mark_chip(simulator, entry)}</span>
            <span class="option-summary">{entry.summary}</span>
            <span class="option-source faint" title=title>
                {source}
            </span>
        </button>
    }
    .into_any()
}

/// The entries in the order in which they are listed.
fn order() -> Vec<&'static Entry> {
    let all: Vec<&'static Entry> = METHODOLOGIES.iter().collect();
    let eras = groups(&all, |entry| entry.era.title()).into_iter();
    eras.flat_map(|(_, entries)| groups(&entries, |entry| entry.venue)).flat_map(|(_, entries)| entries).collect()
}

/// The entries by what `key` says of them, groups and entries in the order of the registry.
fn groups(entries: &[&'static Entry], key: fn(&Entry) -> &'static str) -> Vec<(&'static str, Vec<&'static Entry>)> {
    let mut groups: Vec<(&'static str, Vec<&'static Entry>)> = vec![];
    for &entry in entries {
        match groups.iter_mut().find(|(title, _)| *title == key(entry)) {
            Some((_, members)) => members.push(entry),
            None => groups.push((key(entry), vec![entry])),
        }
    }
    groups
}

/// The next entry, around the end, whose name starts with a letter.
fn starting_with(order: &[&'static Entry], letter: &str, from: usize) -> Option<usize> {
    let places = (1..=order.len()).map(|step| (from + step) % order.len());
    let typed = letter.to_lowercase();
    places.into_iter().find(|&place| order[place].name.to_lowercase().starts_with(&typed))
}

fn option_id(methodology: &str) -> String {
    format!("methodology-{methodology}")
}

/// Gives the focus to an element, which the browser then scrolls into sight.
fn focus(id: &str) {
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        let _ = element.focus();
    }
}

/// The methodology whose option has the focus.
fn focused() -> Option<String> {
    document().active_element()?.get_attribute("data-value")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_methodology_is_listed_once_and_found_by_its_letter() {
        let order = order();
        assert_eq!(order.len(), METHODOLOGIES.len());
        for entry in METHODOLOGIES {
            assert_eq!(order.iter().filter(|listed| listed.id == entry.id).count(), 1, "{}", entry.id);
        }
        let first = starting_with(&order, "D", 0).expect("there are Deribit's");
        let second = starting_with(&order, "d", first).expect("there are two");
        assert!(order[first].name.starts_with('D') && order[second].name.starts_with('D') && first != second);
        assert_eq!(starting_with(&order, "Shift", 0), None);
    }

    #[test]
    fn what_belongs_together_stands_together() {
        let order = order();
        let eras: Vec<&str> = order.iter().map(|entry| entry.era.title()).collect();
        let mut seen = vec![];
        for era in eras {
            assert!(seen.last() == Some(&era) || !seen.contains(&era), "{era} stands twice");
            seen.push(era);
        }
    }
}
