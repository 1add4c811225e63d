//! The row of expiries.

use leptos::html::Div;
use leptos::prelude::*;
use margin_engine::instrument::Expiry;
use wasm_bindgen::JsCast;

use super::build_panel::Builder;
use super::words::{day, time_left};
use crate::state::use_simulator;

/// One expiry, with its words.
#[derive(Clone, PartialEq)]
struct Chip {
    expiry: Expiry,
    day: String,
    left: String,
}

/// The listed expiries of the coin; the shown one is outlined.
#[component]
pub fn ExpiryChips() -> impl IntoView {
    let simulator = use_simulator();
    let shown = expect_context::<Builder>().expiry;
    let row = NodeRef::<Div>::new();
    let chips = Memo::new(move |_| {
        let market = simulator.today();
        let this_year = margin_engine::rfc3339::Rfc3339(market.now())
            .to_string()
            .get(..4)
            .and_then(|year| year.parse().ok())
            .unwrap_or_default();
        let listed = market.get(simulator.coin.get()).map(|coin| coin.expiries().to_vec()).unwrap_or_default();
        let open = listed.iter().filter(|listed| listed.years() > 0.0);
        open.map(|listed| Chip {
            expiry: listed.expiry(),
            day: day(listed.expiry(), this_year),
            left: time_left(listed.years()),
        })
        .collect::<Vec<_>>()
    });
    // The shown chip is brought into view sideways only: the page itself must not move.
    Effect::new(move |_| {
        shown.track();
        chips.track();
        let Some(row) = row.get() else { return };
        let chosen = row.query_selector("[aria-pressed=true]").ok().flatten();
        let Some(chip) = chosen.and_then(|chip| chip.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
        let start = chip.offset_left() - row.offset_left();
        if start < row.scroll_left() || start + chip.offset_width() > row.scroll_left() + row.client_width() {
            row.set_scroll_left(start - (row.client_width() - chip.offset_width()) / 2);
        }
    });
    // A mouse wheel turns one way only.
    let scroll = move |event: leptos::ev::WheelEvent| {
        let Some(row) = row.get_untracked() else { return };
        if event.delta_x() == 0.0 && row.scroll_width() > row.client_width() {
            event.prevent_default();
            row.set_scroll_left(row.scroll_left() + event.delta_y() as i32);
        }
    };
    view! {
        <div class="chips" role="group" aria-label="Expiry" node_ref=row on:wheel=scroll>
            <For each=move || chips.get() key=|chip| (chip.expiry, chip.day.clone()) let:chip>
                {
                    let expiry = chip.expiry;
                    let is_shown = move || shown.get() == Some(expiry);
                    let title = format!("{expiry}, {} to go", chip.left);
                    view! {
                        <button
                            class="chip"
                            data-testid="expiry-chip"
                            data-expiry=expiry.to_string()
                            aria-pressed=move || is_shown().to_string()
                            title=title
                            on:click=move |_| simulator.expiry.set(Some(expiry))
                        >
                            {chip.day.clone()}
                            {move || is_shown().then(|| format!(" · {}", chip.left))}
                        </button>
                    }
                }
            </For>
        </div>
    }
}
