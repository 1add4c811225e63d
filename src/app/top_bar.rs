//! Market, methodology, undo, lessons, look and share.

use leptos::prelude::*;
use margin_engine::rfc3339::Rfc3339;

use super::drop_file::picked;
use super::methodology_picker::MethodologyPicker;
use super::use_appearance;
use crate::learn::LearnMenu;
use crate::parts::{flag, text};
use crate::state::markets::{BUNDLED, LoadedMarket};
use crate::state::storage::share_link;
use crate::state::use_simulator;

/// The value of the market menu's entry for a market that the user brought.
const OWN: &str = "own";

/// How long "copied" is shown.
const COPIED_MS: u64 = 1600;

/// The bar on top.
#[component]
pub fn TopBar() -> impl IntoView {
    view! {
        <header class="top-bar">
            <h1 class="brand">
                <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                    <rect class="brand-loss" x="1" y="1" width="8" height="18" rx="3" />
                    <rect class="brand-gain" x="11" y="1" width="8" height="18" rx="3" />
                    <rect class="brand-both" x="5" y="6" width="10" height="8" rx="3" />
                </svg>
                <span>"Margin Simulator"</span>
            </h1>
            <MarketPicker />
            <MethodologyPicker />
            <span class="spring"></span>
            <UndoButtons />
            <LearnMenu />
            <ThemeButton />
            <ShareButton />
        </header>
    }
}

#[component]
fn MarketPicker() -> impl IntoView {
    let simulator = use_simulator();
    let chosen = text(move || simulator.market.with(|market| market.name().unwrap_or(OWN).to_owned()));
    let own_title = move || {
        simulator.market.with(|market| match market.name() {
            Some(_) => None,
            None => Some(market.market.source().title.clone()),
        })
    };
    let recorded = text(move || {
        let time = Rfc3339(simulator.today().now()).to_string();
        // 2026-08-22T15:33:51Z, as far as the minute.
        let minute = time.get(..16).unwrap_or(&time).replace('T', " ");
        format!("recorded {minute} UTC")
    });
    let choose = move |event| {
        let name = event_target_value(&event);
        if let Some(loaded) = LoadedMarket::bundled(&name) {
            simulator.use_market(loaded);
        }
    };
    let source = text(move || simulator.market.with(|market| market.market.source().description.clone()));
    view! {
        <div class="picker">
            <label class="picker-label" for="market">"Market"</label>
            <select id="market" data-testid="market-select" title=source prop:value=chosen on:change=choose>
                {BUNDLED
                    .iter()
                    .map(|bundled| {
                        view! {
                            <option value=bundled.name selected=flag(move || chosen.get() == bundled.name)>
                                {bundled.title}
                            </option>
                        }
                    })
                    .collect_view()}
                {move || own_title().map(|title| view! { <option value=OWN selected>{title}</option> })}
            </select>
            <span class="picker-note">{recorded}</span>
            <label class="button small" title="A market file, a response of get_book_summary_by_currency, or a SPAN risk parameter file">
                "Load…"
                <input
                    type="file"
                    class="visually-hidden"
                    data-testid="market-file"
                    accept=".json,.spn,.xml,application/json,text/xml"
                    on:change=move |event| picked(simulator, &event)
                />
            </label>
        </div>
    }
}

#[component]
fn UndoButtons() -> impl IntoView {
    let simulator = use_simulator();
    view! {
        <button
            class="icon-button"
            data-testid="undo"
            aria-label="Undo"
            title="Undo (Ctrl+Z)"
            disabled=flag(move || !simulator.can_undo())
            on:click=move |_| simulator.undo()
        >
            "↶"
        </button>
        <button
            class="icon-button"
            data-testid="redo"
            aria-label="Redo"
            title="Redo (Ctrl+Shift+Z)"
            disabled=flag(move || !simulator.can_redo())
            on:click=move |_| simulator.redo()
        >
            "↷"
        </button>
    }
}

#[component]
fn ThemeButton() -> impl IntoView {
    let appearance = use_appearance();
    let label = text(move || if appearance.is_dark.get() { "Light look" } else { "Dark look" }.to_owned());
    view! {
        <button
            class="icon-button"
            data-testid="theme"
            aria-label=label
            title=label
            on:click=move |_| appearance.toggle()
        >
            "◐"
        </button>
    }
}

#[component]
fn ShareButton() -> impl IntoView {
    let simulator = use_simulator();
    let copied = RwSignal::new(false);
    // A link, so that it can also be opened, dragged and copied by hand.
    let link = text(move || share_link(simulator));
    let copy = move |event: leptos::ev::MouseEvent| {
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        event.prevent_default();
        let promise = window().navigator().clipboard().write_text(&link.get_untracked());
        wasm_bindgen_futures::spawn_local(async move {
            match wasm_bindgen_futures::JsFuture::from(promise).await {
                Ok(_) => {
                    copied.set(true);
                    set_timeout(move || copied.set(false), std::time::Duration::from_millis(COPIED_MS));
                }
                Err(_) => simulator
                    .notify("The browser did not allow copying. Right-click Share, and copy the link from there."),
            }
        });
    };
    view! {
        <a class="button primary" data-testid="share-link" href=link on:click=copy title="Copy a link to this portfolio">
            {text(move || if copied.get() { "Copied" } else { "Share" }.to_owned())}
        </a>
    }
}
