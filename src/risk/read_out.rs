//! The figure that follows the pointer over a chart, and a chart with one.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

use crate::parts::{ChartCanvas, Stage, flag, text as words};

/// Where the pointer is over a chart, and how large the chart is; in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pointer {
    /// From the left edge.
    pub x: f64,
    /// From the upper edge.
    pub y: f64,
    /// The chart's width.
    pub width: u32,
    /// The chart's height.
    pub height: u32,
}

impl Pointer {
    /// Where an event lies in the element that listens for it.
    pub fn of(event: &PointerEvent) -> Option<Pointer> {
        let element: Element = event.current_target()?.dyn_into().ok()?;
        let place = element.get_bounding_client_rect();
        Some(Pointer {
            x: f64::from(event.client_x()) - place.left(),
            y: f64::from(event.client_y()) - place.top(),
            width: place.width() as u32,
            height: place.height() as u32,
        })
    }
}

/// A chip beside the pointer; nothing where there is no text.
#[component]
pub fn ReadOut(
    /// Where the pointer is.
    #[prop(into)]
    at: Signal<Option<Pointer>>,
    /// What to say there.
    #[prop(into)]
    text: Signal<Option<String>>,
) -> impl IntoView {
    let place = words(move || {
        let Some(Pointer { x, y, width, height }) = at.get() else { return String::new() };
        // Beside the pointer on the side where there is more room.
        let across =
            if x > f64::from(width) / 2.0 { format!("calc({x}px - 100% - 12px)") } else { format!("{}px", x + 14.0) };
        let down =
            if y > f64::from(height) / 2.0 { format!("calc({y}px - 100% - 10px)") } else { format!("{}px", y + 14.0) };
        format!("translate({across}, {down})")
    });
    view! {
        <div class="read-out" aria-hidden="true" style:transform=place class:shown=flag(move || text.with(Option::is_some))>
            {words(move || text.get().unwrap_or_default())}
        </div>
    }
}

/// A chart in which a line and the figures at it follow the pointer.
pub fn pointed_chart(
    testid: &'static str,
    label: Signal<String>,
    draw: Box<dyn Fn(&Stage)>,
    pointer: RwSignal<Option<Pointer>>,
    text: Signal<Option<String>>,
) -> AnyView {
    let guide = move || pointer.get().map_or_else(String::new, |at: Pointer| format!("translateX({}px)", at.x.round()));
    view! {
        <div
            class="payoff-chart"
            data-testid=testid
            on:pointermove=move |event| pointer.set(Pointer::of(&event))
            on:pointerleave=move |_| pointer.set(None)
        >
            <ChartCanvas label draw />
            <div class="guide" class:shown=flag(move || text.with(Option::is_some)) style:transform=words(guide)></div>
            <ReadOut at=pointer text />
        </div>
    }
    .into_any()
}

/// A word of a legend, with its line.
pub fn legend_entry(class: &'static str, text: String) -> AnyView {
    view! {
        <span class="legend-entry">
            {text} <span class=class aria-hidden="true"></span>
        </span>
    }
    .into_any()
}
