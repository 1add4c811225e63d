//! The row of expiries.

use leptos::html::Div;
use leptos::prelude::*;
use margin_engine::instrument::Expiry;
use wasm_bindgen::JsCast;

use super::build_panel::Builder;
use super::words::{day, time_left};
use crate::parts::{keyed_rows, text};
use crate::state::use_simulator;

/// One expiry, with its words.
#[derive(Clone, PartialEq)]
struct Chip {
    expiry: Expiry,
    day: String,
    left: String,
}

impl Chip {
    /// What tells it from the others.
    fn key(&self) -> String {
        format!("{} {} {}", self.expiry, self.day, self.left)
    }
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
    let keys = Memo::new(move |_| chips.with(|chips| chips.iter().map(Chip::key).collect::<Vec<_>>()));
    let list = keyed_rows(keys.into(), move |key| {
        let chip = chips.with_untracked(|chips| chips.iter().find(|chip| chip.key() == key).cloned());
        let Some(Chip { expiry, day, left }) = chip else { return ().into_any() };
        let is_shown = move || shown.get() == Some(expiry);
        let title = format!("{expiry}, {left} to go");
        view! {
            <button
                class="chip"
                data-testid="expiry-chip"
                data-expiry=expiry.to_string()
                aria-pressed=text(move || is_shown().to_string())
                title=title
                on:click=move |_| simulator.expiry.set(Some(expiry))
            >
                {text(move || if is_shown() { format!("{day} · {left}") } else { day.clone() })}
            </button>
        }
        .into_any()
    });
    view! {
        <div class="chips" role="group" aria-label="Expiry" node_ref=row on:wheel=scroll>
            {list}
        </div>
    }
}
