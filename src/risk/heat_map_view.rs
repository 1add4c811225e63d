//! The surface as a heat map.

use std::sync::Arc;

use leptos::prelude::*;

use super::picture::Picture;
use super::read_out::{Pointer, ReadOut};
use crate::charts::heat_map;
use crate::parts::{ChartCanvas, Stage, TableText, TextTable};
use crate::state::figures::Outcome;
use crate::state::use_simulator;

/// Columns and rows that are repriced. Between them the colours are interpolated.
const NODES: (usize, usize) = (51, 35);

/// The same while the figures move: half as many, which nobody sees in a moving picture.
const MOVING_NODES: (usize, usize) = (35, 23);

/// CSS pixels to a pixel of the coloured picture, which is stretched.
const COARSENESS: f64 = 2.0;

/// P&L over price and vol in colours.
#[component]
pub fn HeatMapView(outcome: Memo<Outcome>) -> impl IntoView {
    let simulator = use_simulator();
    let picture = Memo::new(move |_| {
        outcome.with(|outcome| {
            let figures = outcome.figures()?;
            let is_at_rest = simulator.rested.with(|rested| rested == outcome);
            let (columns, rows) = if is_at_rest { NODES } else { MOVING_NODES };
            Picture::of(figures, simulator.coin.get(), columns, rows).map(Arc::new)
        })
    });
    let draw = move |stage: &Stage| {
        if let Some(picture) = picture.get() {
            paint(stage, &picture);
        }
    };
    let pointer = RwSignal::new(None);
    let text = move || {
        let at: Pointer = pointer.get()?;
        let picture = picture.get()?;
        let plot = heat_map::plot_rect(at.width, at.height, 1.0);
        let (price_move, vol_points) = picture.heat_map().locate(&plot, at.x, at.y)?;
        picture.read_out(price_move, vol_points)
    };
    let label = move || picture.get().map_or_else(String::new, |picture| picture.describe());
    let caption = move || picture.get().map_or_else(String::new, |picture| picture.caption());
    let table = move || picture.get().map_or_else(TableText::default, |picture| picture.table());
    view! {
        <div
            class="risk-picture"
            on:pointermove=move |event| pointer.set(Pointer::of(&event))
            on:pointerleave=move |_| pointer.set(None)
        >
            <ChartCanvas label=Signal::derive(label) draw />
            <ReadOut at=pointer text=Signal::derive(text) />
        </div>
        <p class="caption">{Signal::derive(caption)}</p>
        <TextTable content=table scroller="visually-hidden" />
    }
}

fn paint(stage: &Stage, picture: &Picture) {
    let map = picture.heat_map();
    let plot = heat_map::plot_rect(stage.width, stage.height, stage.scale);
    let coarse = |length: f64| (length / stage.scale / COARSENESS).ceil().max(1.0) as u32;
    let (columns, rows) = (coarse(plot.width()), coarse(plot.height()));
    stage.image(&heat_map::raster(&map, stage.theme, columns, rows), columns, rows, &plot);
    let _ = heat_map::draw_frame(&stage.area, &map, stage.theme, stage.scale);
}
