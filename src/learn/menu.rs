//! The menu of prepared portfolios.

use leptos::html;
use leptos::prelude::*;

use super::portfolios::{EMPTY, open};
use super::prepared::PREPARED;
use crate::parts::{close_outside, flag, text};
use crate::state::markets::US;
use crate::state::use_simulator;

/// A button that opens the list; each entry is a link of its own.
#[component]
pub fn LearnMenu() -> impl IntoView {
    let simulator = use_simulator();
    let is_open = RwSignal::new(false);
    let place = NodeRef::<html::Div>::new();
    close_outside(place, is_open);
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            is_open.set(false);
        }
    };
    let entry = move |id: &'static str, title: &'static str, sentence: &'static str| {
        let href = format!("#portfolio={id}");
        let testid = format!("portfolio-{id}");
        let choose = move |event: leptos::ev::MouseEvent| {
            // With a modifier it stays a link: into another tab, say.
            if event.ctrl_key() || event.meta_key() || event.shift_key() {
                return;
            }
            event.prevent_default();
            is_open.set(false);
            open(simulator, id);
        };
        view! {
            <li>
                <a class="lesson" href=href data-testid=testid on:click=choose>
                    <strong>{title}</strong>
                    <span class="muted">{sentence}</span>
                </a>
            </li>
        }
    };
    let of = move |is_us: bool| {
        let chosen = PREPARED.iter().filter(|prepared| prepared.home.is_some_and(|home| home.market == US) == is_us);
        chosen.map(|prepared| entry(prepared.id, prepared.title, prepared.sentence)).collect_view()
    };
    view! {
        <div class="menu" node_ref=place on:keydown=on_key>
            <button
                class="button"
                data-testid="learn"
                aria-haspopup="true"
                aria-expanded=text(move || is_open.get().to_string())
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                "Learn"
            </button>
            <ul class="menu-list" class:open=flag(move || is_open.get()) aria-label="Prepared portfolios">
                {of(false)}
                <li class="lesson-group">"US stocks, indexes and bonds"</li>
                {of(true)}
                <li class="lesson-group">"Any market"</li>
                {entry(EMPTY, "Empty", "Start from nothing.")}
            </ul>
        </div>
    }
}
