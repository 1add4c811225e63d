//! What if the price, the vols or the clock moved.

use leptos::prelude::*;
use margin_engine::contract::WhatIf;

use crate::charts::format;
use crate::parts::{RangeInput, flag, text};
use crate::state::use_simulator;

/// Days that the slider reaches when nothing in the portfolio expires.
const USUAL_DAYS: f64 = 90.0;

/// The three sliders.
#[component]
pub fn WhatIfSliders() -> impl IntoView {
    let simulator = use_simulator();
    let what_if = simulator.what_if;
    let last_expiry = Memo::new(move |_| {
        let now = simulator.today().now();
        let expiries = simulator.draft.with(|draft| {
            let days = draft.legs.iter().filter_map(|leg| leg.instrument.expiry()).map(|at| at.years_from(now) * 365.0);
            days.fold(0.0, f64::max)
        });
        if expiries > 0.0 { expiries.ceil() } else { USUAL_DAYS }
    });
    // A link may have gone further than the portfolio lasts.
    let most_days = move || last_expiry.get().max(what_if.get().days_forward.ceil());
    let spot = move || what_if.get().spot_move;
    let vol = move || what_if.get().vol_points;
    let days = move || what_if.get().days_forward;
    view! {
        <div class="what-if" role="group" aria-label="What if">
            <Slider
                name="Spot"
                testid="spot-shift"
                range=Signal::stored((-50.0, 50.0))
                step=0.5
                value=Signal::derive(move || percent(spot()))
                words=text(move || format::percent_move(spot()))
                set=Callback::new(move |value| what_if.update(|what_if| what_if.spot_move = value / 100.0))
            />
            <Slider
                name="Vol"
                testid="vol-shift"
                range=Signal::stored((-30.0, 60.0))
                step=0.5
                value=Signal::derive(move || percent(vol()))
                words=text(move || format!("{}\u{a0}pts", format::number_move(vol() * 100.0, 1)))
                set=Callback::new(move |value| what_if.update(|what_if| what_if.vol_points = value / 100.0))
            />
            <Slider
                name="Days forward"
                testid="days-forward"
                range=Signal::derive(move || (0.0, most_days()))
                step=1.0
                value=Signal::derive(days)
                words=text(move || format::number(days(), 1))
                set=Callback::new(move |value| what_if.update(|what_if| what_if.days_forward = value))
            />
            <button
                class="button small"
                data-testid="what-if-reset"
                disabled=flag(move || what_if.get().is_none())
                on:click=move |_| what_if.set(WhatIf::default())
            >
                "Reset"
            </button>
        </div>
    }
}

/// A fraction as a percentage without the dust of binary fractions.
fn percent(fraction: f64) -> f64 {
    (fraction * 1e5).round() / 1e3
}

/// A label, its value, and a slider below them. A double click sets it back to zero.
#[component]
fn Slider(
    name: &'static str,
    testid: &'static str,
    range: Signal<(f64, f64)>,
    step: f64,
    value: Signal<f64>,
    words: Signal<String>,
    set: Callback<f64>,
) -> impl IntoView {
    view! {
        <label class="what-if-slider" on:dblclick=move |_| set.run(0.0)>
            <span class="what-if-name">{name}</span>
            <output class="figure">{words}</output>
            <RangeInput range step value spoken=words set testid />
        </label>
    }
}
