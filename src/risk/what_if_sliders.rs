//! What if the price, the vols or the clock moved.

use leptos::prelude::*;
use margin_engine::contract::WhatIf;

use crate::charts::format;
use crate::parts::RangeInput;
use crate::state::use_simulator;

/// Days that the slider reaches when nothing in the portfolio expires.
const USUAL_DAYS: f64 = 90.0;

/// The three sliders.
#[component]
pub fn WhatIfSliders() -> impl IntoView {
    let simulator = use_simulator();
    let what_if = simulator.what_if;
    let change = move |change: fn(&mut WhatIf, f64), value: f64| what_if.update(|what_if| change(what_if, value));
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
    view! {
        <div class="what-if" role="group" aria-label="What if">
            <Slider
                name="Spot"
                testid="spot-shift"
                range=|| (-50.0, 50.0)
                step=0.5
                value=move || percent(what_if.get().spot_move)
                text=move || format::percent_move(what_if.get().spot_move)
                set=move |value| change(|what_if, value| what_if.spot_move = value / 100.0, value)
            />
            <Slider
                name="Vol"
                testid="vol-shift"
                range=|| (-30.0, 60.0)
                step=0.5
                value=move || percent(what_if.get().vol_points)
                text=move || format!("{}\u{a0}pts", format::number_move(what_if.get().vol_points * 100.0, 1))
                set=move |value| change(|what_if, value| what_if.vol_points = value / 100.0, value)
            />
            <Slider
                name="Days forward"
                testid="days-forward"
                range=move || (0.0, most_days())
                step=1.0
                value=move || what_if.get().days_forward
                text=move || format::number(what_if.get().days_forward, 1)
                set=move |value| change(|what_if, value| what_if.days_forward = value, value)
            />
            <button
                class="button small"
                data-testid="what-if-reset"
                disabled=move || what_if.get().is_none()
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
    range: impl Fn() -> (f64, f64) + Send + Sync + 'static,
    step: f64,
    value: impl Fn() -> f64 + 'static,
    text: impl Fn() -> String + Clone + Send + Sync + 'static,
    set: impl Fn(f64) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <label class="what-if-slider" on:dblclick=move |_| set(0.0)>
            <span class="what-if-name">{name}</span>
            <output class="figure">{text.clone()}</output>
            <RangeInput range step value spoken=Signal::derive(text) set testid />
        </label>
    }
}
