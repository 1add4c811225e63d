//! One row of the table of legs.

use leptos::prelude::*;
use margin_engine::account::QuantityUnit;
use margin_engine::asset::Asset;
use margin_engine::instrument::Kind;
use web_sys::Event;

use super::leg_figures::of_leg;
use super::leg_quantity::LegQuantity;
use super::words::{amount, delta, names, quantity, quoted};
use crate::charts::format::NO_FIGURE;
use crate::state::use_simulator;

/// One leg: what it is, what it needs, and what can be done with it.
#[component]
pub fn LegRow(
    /// Which leg.
    id: u64,
) -> impl IntoView {
    let simulator = use_simulator();
    let leg = Memo::new(move |_| simulator.draft.with(|draft| draft.legs.iter().find(|leg| leg.id == id).cloned()));
    // The browser tells which rows it lays out: those near the screen. The others follow at rest.
    let is_seen = RwSignal::new(true);
    let figures = Memo::new(move |_| {
        let of_leg = |outcome: &_| of_leg(outcome, id);
        if is_seen.get() { simulator.outcome.with(of_leg) } else { simulator.rested.with(of_leg) }
    });
    let look = move |event: Event| {
        let skips = js_sys::Reflect::get(&event, &"skipped".into());
        is_seen.set(skips.is_ok_and(|skips| skips.is_falsy()));
    };
    let problem = RwSignal::new(None::<String>);
    let is_enabled = move || leg.with(|leg| leg.as_ref().is_some_and(|leg| leg.enabled));
    let instrument = leg.get_untracked().map(|leg| leg.instrument);
    let name = instrument.map(|instrument| instrument.to_string()).unwrap_or_default();
    let (coin, short) = instrument.map(|instrument| names(&instrument)).unwrap_or_default();
    let unit = move || {
        leg.with(|leg| {
            let leg = leg.as_ref().filter(|leg| leg.quantity.unit == QuantityUnit::Quote)?;
            Some(leg.instrument.product.quote.to_string())
        })
    };
    let in_currency = move |figure: Option<f64>| {
        let currency: Asset = simulator.currency.get();
        figure.map_or_else(|| NO_FIGURE.to_owned(), |figure| amount(figure, currency))
    };
    let is_coin = move || {
        let market = simulator.today();
        let underlying = instrument.and_then(|instrument| market.get(instrument.product.base));
        underlying.is_none_or(|underlying| underlying.terms().class.is_coin())
    };
    // Bonds are quoted for 100 of face.
    let scale = if instrument.is_some_and(|it| matches!(it.kind, Kind::Bond { .. })) { 100.0 } else { 1.0 };
    let mark =
        move || figures.get().map_or_else(|| NO_FIGURE.to_owned(), |figures| quoted(scale * figures.mark, is_coin()));
    let delta = move || figures.get().map_or_else(|| NO_FIGURE.to_owned(), |figures| delta(figures.delta_coins));
    let alone = move || in_currency(figures.get().map(|figures| figures.alone));
    let share = move || in_currency(figures.get().and_then(|figures| figures.share));

    let edit = move |what: &str, change: fn(&mut crate::state::draft::Leg)| {
        let Some(leg) = leg.get_untracked() else { return };
        simulator.edit(format!("{what} {} {}", quantity(leg.quantity, &leg.instrument), leg.instrument), |draft| {
            draft.change(id, change);
        });
    };
    let flip = move |_| edit("flipped", |leg| leg.quantity.amount = -leg.quantity.amount);
    let toggle = move |_| {
        if untrack(is_enabled) {
            edit("switched off", |leg| leg.enabled = false);
        } else {
            edit("switched on", |leg| leg.enabled = true);
        }
    };
    let remove = move |_| {
        let Some(leg) = leg.get_untracked() else { return };
        let what = format!("removed {} {}", quantity(leg.quantity, &leg.instrument), leg.instrument);
        simulator.edit(what, |draft| draft.remove(id));
    };
    view! {
        <div
            role="row"
            class="leg leg-row"
            class:off=move || !is_enabled()
            data-testid="leg-row"
            data-instrument=name.clone()
            on:contentvisibilityautostatechange=look
        >
            <label role="cell" class="leg-on">
                <input
                    type="checkbox"
                    data-testid="leg-enabled"
                    aria-label=format!("Count {name}")
                    title="Counts in the book"
                    prop:checked=is_enabled
                    on:change=toggle
                />
            </label>
            <div role="cell" class="leg-size">
                <LegQuantity id=id leg=leg problem=problem />
            </div>
            <div role="cell" class="leg-name" title=name.clone()>
                <span class="leg-product muted">{format!("{coin}-")}</span>
                <span class="leg-short">{short}</span>
                {move || unit().map(|unit| view! { <span class="badge">{unit}</span> })}
            </div>
            <div role="cell" class="leg-mark num">
                {mark}
            </div>
            <div role="cell" class="leg-delta num">{delta}</div>
            <div role="cell" class="leg-alone num" data-testid="leg-alone">{alone}</div>
            <div role="cell" class="leg-share num" data-testid="leg-share">{share}</div>
            <div role="cell" class="leg-actions">
                <button data-testid="leg-flip" aria-label=format!("Flip {name}") title="Flip the side" on:click=flip>
                    "⇄"
                </button>
                <button data-testid="leg-remove" aria-label=format!("Remove {name}") title="Remove" on:click=remove>
                    "×"
                </button>
            </div>
            <p class="problem leg-problem" role="alert">{move || problem.get()}</p>
        </div>
    }
}
