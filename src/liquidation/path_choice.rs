//! Which path drives the account, how far it goes, and how the venue liquidates.

use leptos::prelude::*;
use serde_json::{Value, json};

use crate::charts::format::{number, percent_move};
use crate::parts::{RangeInput, shown, text};

/// The paths to choose from, by identifier, and what their buttons say.
const PATHS: [(&str, &str); 5] = [
    ("crash", "Crash"),
    ("rebound", "Crash and back"),
    ("vol-spike", "Vol spike"),
    ("2020-03", "March 2020"),
    ("2026-02", "February 2026"),
];

const MECHANISMS: [(&str, &str); 2] = [("partial", "Rounds"), ("auction", "Auction")];

/// What the user has chosen.
#[derive(Clone, Copy)]
pub struct Choice {
    path: RwSignal<&'static str>,
    mechanism: RwSignal<&'static str>,
    spot_move: RwSignal<f64>,
    vol_factor: RwSignal<f64>,
}

impl Choice {
    /// A crash, in rounds.
    pub fn start() -> Choice {
        Choice {
            path: RwSignal::new(PATHS[0].0),
            mechanism: RwSignal::new(MECHANISMS[0].0),
            spot_move: RwSignal::new(-0.4),
            vol_factor: RwSignal::new(2.5),
        }
    }

    /// The options of the question.
    pub fn options(self) -> Value {
        let path = match self.path.get() {
            "crash" => json!({ "kind": "crash", "spot_move": self.spot_move.get() }),
            "rebound" => json!({ "kind": "crash", "spot_move": self.spot_move.get(), "rebound": 1.0 }),
            "vol-spike" => json!({ "kind": "vol-spike", "vol_factor": self.vol_factor.get() }),
            replay => json!({ "kind": "replay", "replay": replay }),
        };
        json!({ "path": path, "mechanism": self.mechanism.get() })
    }

    /// Buttons and sliders.
    pub fn controls(self) -> AnyView {
        let falls = move || self.path.with(|path| *path == "crash" || *path == "rebound");
        let severity = move || {
            let spoken = text(move || percent_move(self.spot_move.get()));
            slider("Fall", (-60.0, -10.0), 1.0, self.spot_move, 100.0, spoken, "liquidation-severity")
        };
        let vols = move || {
            let spoken = text(move || format!("×{}", number(self.vol_factor.get(), 2)));
            slider("Vols", (1.25, 5.0), 0.25, self.vol_factor, 1.0, spoken, "liquidation-vols")
        };
        view! {
            <div class="liquidation-controls">
                {buttons("Path", "liquidation-path", &PATHS, self.path)}
                {buttons("How the venue liquidates", "liquidation-mechanism", &MECHANISMS, self.mechanism)}
                {shown(Signal::derive(falls), severity)}
                {shown(Signal::derive(move || self.path.with(|path| *path == "vol-spike")), vols)}
            </div>
        }
        .into_any()
    }
}

fn buttons(
    label: &'static str,
    testid: &'static str,
    choices: &'static [(&'static str, &'static str)],
    chosen: RwSignal<&'static str>,
) -> AnyView {
    let button = |(id, name): &(&'static str, &'static str)| {
        let id = *id;
        view! {
            <button
                data-testid=testid
                data-value=id
                aria-pressed=text(move || (chosen.get() == id).to_string())
                on:click=move |_| chosen.set(id)
            >
                {*name}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="segmented liquidation-buttons" role="group" aria-label=label>
            {choices.iter().map(button).collect::<Vec<AnyView>>()}
        </div>
    }
    .into_any()
}

/// A slider whose steps are `per_one` times the value, so that what is shown is round.
fn slider(
    name: &'static str,
    range: (f64, f64),
    step: f64,
    value: RwSignal<f64>,
    per_one: f64,
    spoken: Signal<String>,
    testid: &'static str,
) -> AnyView {
    view! {
        <label class="liquidation-slider">
            <span class="muted">{name} " " <output class="figure">{spoken}</output></span>
            <RangeInput
                range=Signal::derive(move || range)
                step
                value=Signal::derive(move || value.get() * per_one)
                spoken
                set=Callback::new(move |chosen: f64| value.set(chosen / per_one))
                testid
            />
        </label>
    }
    .into_any()
}
