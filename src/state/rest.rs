//! What waits until the input pauses.
//!
//! While a slider is dragged every frame has figures of its own. Only what is in sight follows them; the rest of the
//! page, the comparison and the questions to the worker follow when the figures have stood for a moment.

use std::time::Duration;

use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;

use super::Simulator;

/// Figures that have stood so long are at rest: longer than the gaps between the steps of a hand that drags.
const REST: Duration = Duration::from_millis(120);

/// How often a task asks whether the figures are at rest.
const PATIENCE: Duration = Duration::from_millis(30);

/// From now on `rested` follows the outcome, after each rest.
pub fn follow(simulator: Simulator) {
    // A timer that is broken off lives until the browser tidies up, so none may hold an outcome.
    let mut rest = debounce(REST, move |()| simulator.rested.set(simulator.outcome.get_untracked()));
    Effect::new(move |_| {
        simulator.outcome.track();
        rest(());
    });
}

/// Runs a task when the frame has been painted and the figures are at rest.
pub fn at_rest(simulator: Simulator, task: impl FnOnce() + 'static) {
    let task: Box<dyn FnOnce()> = Box::new(task);
    request_animation_frame(move || set_timeout(move || when_rested(simulator, task), Duration::ZERO));
}

fn when_rested(simulator: Simulator, task: Box<dyn FnOnce()>) {
    if simulator.outcome.get_untracked() == simulator.rested.get_untracked() {
        task();
    } else {
        set_timeout(move || when_rested(simulator, task), PATIENCE);
    }
}
