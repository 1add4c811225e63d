//! A slider that never shows another value than the state's.

use leptos::html;
use leptos::prelude::*;

use super::per_frame::PerFrame;

/// A native range input. It follows `value`, and calls `set` while it is dragged, once in a frame.
#[component]
pub fn RangeInput(
    /// Lowest and highest value.
    #[prop(into)]
    range: Signal<(f64, f64)>,
    /// Distance between two values.
    step: f64,
    /// The value now.
    #[prop(into)]
    value: Signal<f64>,
    /// The value in words, for screen readers.
    #[prop(into)]
    spoken: Signal<String>,
    /// Takes a new value.
    #[prop(into)]
    set: Callback<f64>,
    /// For tests and those who embed.
    testid: &'static str,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    // The browser cuts a value to the range that it knows, so the range goes first, always.
    Effect::new(move |before: Option<Option<(f64, f64)>>| {
        let input = input.get()?;
        let ((low, high), value) = (range.get(), value.get());
        if before.flatten() != Some((low, high)) {
            input.set_min(&low.to_string());
            input.set_max(&high.to_string());
            input.set_step(&step.to_string());
        }
        // While it is dragged the value comes from here.
        if input.value().parse() != Ok(value) {
            input.set_value(&value.to_string());
        }
        Some((low, high))
    });
    let wanted = PerFrame::new(set);
    let read = move |event| {
        // A slider's value is always a number.
        if let Ok(value) = event_target_value(&event).parse() {
            wanted.put(value);
        }
    };
    view! {
        <input class="slider" type="range" node_ref=input data-testid=testid aria-valuetext=spoken on:input=read on:change=move |_| wanted.flush() />
    }
}
