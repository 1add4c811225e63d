//! The surface in three dimensions, turned by the pointer or the arrow keys.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use super::picture::Picture;
use crate::charts::{View, surface};
use crate::parts::{ChartCanvas, Stage, TableText, TextTable};
use crate::state::use_simulator;

/// Columns and rows: few enough to follow a finger.
const NODES: (usize, usize) = (32, 32);

/// An arrow key turns as much as so many pixels of dragging.
const KEY_STEP: f64 = 16.0;

/// P&L over price and vol as a landscape.
#[component]
pub fn TurningView() -> impl IntoView {
    let simulator = use_simulator();
    let picture = Memo::new(move |_| {
        simulator.outcome.with(|outcome| {
            let figures = outcome.figures()?;
            Picture::of(figures, simulator.coin.get(), NODES.0, NODES.1).map(Arc::new)
        })
    });
    let view = RwSignal::new(View::default());
    let draw = move |stage: &Stage| {
        if let Some(picture) = picture.get() {
            let _ = surface::draw(&stage.area, &picture.heat_map(), view.get(), stage.theme, stage.scale);
        }
    };
    let dragged_from = StoredValue::new(None::<(i32, i32)>);
    let grab = move |event: PointerEvent| {
        let element: Option<Element> = event.current_target().and_then(|target| target.dyn_into().ok());
        if let Some(element) = element {
            // Without a capture the drag ends at the edge, which is no harm.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        dragged_from.set_value(Some((event.client_x(), event.client_y())));
    };
    let turn = move |event: PointerEvent| {
        let Some((x, y)) = dragged_from.get_value() else { return };
        let now = (event.client_x(), event.client_y());
        view.update(|view| *view = view.dragged(f64::from(now.0 - x), f64::from(now.1 - y)));
        dragged_from.set_value(Some(now));
    };
    let release = move |_: PointerEvent| dragged_from.set_value(None);
    let key = move |event: KeyboardEvent| {
        let (right, down) = match event.key().as_str() {
            "ArrowLeft" => (-KEY_STEP, 0.0),
            "ArrowRight" => (KEY_STEP, 0.0),
            "ArrowUp" => (0.0, -KEY_STEP),
            "ArrowDown" => (0.0, KEY_STEP),
            _ => return,
        };
        event.prevent_default();
        view.update(|view| *view = view.dragged(right, down));
    };
    let label =
        move || picture.get().map_or_else(String::new, |picture| format!("{}. Arrow keys turn it", picture.describe()));
    let table = move || picture.get().map_or_else(TableText::default, |picture| picture.table());
    view! {
        <div
            class="risk-picture turning"
            tabindex="0"
            role="group"
            aria-label="Surface of P&L, turned by the arrow keys"
            on:pointerdown=grab
            on:pointermove=turn
            on:pointerup=release
            on:pointercancel=release
            on:keydown=key
            on:dblclick=move |_| view.set(View::default())
        >
            <ChartCanvas label=Signal::derive(label) draw />
        </div>
        <p class="caption">"Drag to turn, or use the arrow keys; a double click turns it back."</p>
        <TextTable content=table scroller="visually-hidden" />
    }
}
