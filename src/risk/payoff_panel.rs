//! The panel of P&L against price.

use std::sync::Arc;

use leptos::prelude::*;

use super::payoff_curves::Curves;
use super::read_out::{Pointer, legend_entry, pointed_chart};
use crate::charts::{PayoffPlot, payoff};
use crate::parts::{RangeInput, Stage, TableText, TextTable, outcome_in, text as words};
use crate::state::use_simulator;

/// Why the curves and the slides may differ.
const IN_DOLLARS: &str = "The curves count in dollars, as most people think. This methodology counts coin-settled \
                          legs in coin, so the same price gives another figure on a slide.";

/// P&L against price, now and at two dates.
#[component]
pub fn PayoffPanel() -> impl IntoView {
    let simulator = use_simulator();
    let place = NodeRef::new();
    let outcome = outcome_in(simulator, place);
    let chosen_days = RwSignal::new(None::<f64>);
    let curves = Memo::new(move |_| {
        outcome.with(|outcome| Curves::of(outcome.figures()?, simulator.coin.get(), chosen_days.get()).map(Arc::new))
    });
    let has_curves = Memo::new(move |_| curves.with(Option::is_some));
    let in_dollars = Memo::new(move |_| {
        let curves = curves.get().filter(|curves| curves.slides_count_in_coin)?;
        Some(match curves.shown_in {
            Some(currency) => format!("counted in dollars, shown in {currency}"),
            None => "in dollars".to_owned(),
        })
    });
    let chart = move || {
        if has_curves.get() {
            view! { <Chart curves /> }.into_any()
        } else {
            view! { <p class="empty payoff-empty">"P&L against price is drawn here."</p> }.into_any()
        }
    };
    view! {
        <section class="panel panel-payoff" node_ref=place aria-labelledby="payoff-title">
            <div class="panel-head">
                <div class="payoff-title">
                    <h2 class="panel-title" id="payoff-title">"Payoff"</h2>
                    {move || {
                        in_dollars.get().map(|words| view! { <span class="badge" title=IN_DOLLARS>{words}</span> })
                    }}
                </div>
                <Show when=move || has_curves.get()>
                    <Legend curves />
                </Show>
            </div>
            {chart}
            <DateSlider curves chosen_days />
        </section>
    }
}

type SharedCurves = Memo<Option<Arc<Curves>>>;

/// One word for each line.
#[component]
fn Legend(curves: SharedCurves) -> impl IntoView {
    let chosen = Memo::new(move |_| curves.get().and_then(|curves| curves.chosen_day.clone()));
    let expiry = Memo::new(move |_| curves.get().and_then(|curves| curves.expiry_day.clone()));
    view! {
        <p class="legend muted">
            {legend_entry("stroke now", "now".to_owned())}
            {move || chosen.get().map(|day| legend_entry("stroke chosen", format!("on {day}")))}
            {move || expiry.get().map(|day| legend_entry("stroke expiry", format!("expiry {day}")))}
            {move || expiry.get().map(|_| legend_entry("stroke circle", "break-even".to_owned()))}
        </p>
    }
}

/// The curves, with the figures under the pointer.
#[component]
fn Chart(curves: SharedCurves) -> impl IntoView {
    let draw = move |stage: &Stage| {
        if let Some(curves) = curves.get() {
            let _ = payoff::draw(&stage.area, &curves.payoff(), stage.theme, stage.scale);
        }
    };
    let pointer = RwSignal::new(None);
    let text = move || {
        let at: Pointer = pointer.get()?;
        let curves = curves.get()?;
        let plot = PayoffPlot::of(&curves.payoff(), at.width, at.height, 1.0)?;
        Some(curves.read_out(plot.price_at(at.x)?))
    };
    let label = move || curves.get().map_or_else(String::new, |curves| curves.describe());
    let table = move || curves.get().map_or_else(TableText::default, |curves| curves.table());
    let moves_alike = move || {
        let curves = curves.get().filter(|curves| curves.has_others)?;
        Some(format!("Against the {} price; the others move by the same percentage.", curves.coin))
    };
    view! {
        {pointed_chart("payoff", Signal::derive(label), Box::new(draw), pointer, Signal::derive(text))}
        {move || moves_alike().map(|sentence| view! { <p class="caption">{sentence}</p> })}
        <TextTable content=table scroller="visually-hidden" />
    }
}

/// The date of the thin line; not there when nothing expires after it.
#[component]
fn DateSlider(curves: SharedCurves, chosen_days: RwSignal<Option<f64>>) -> impl IntoView {
    let most_days = Memo::new(move |_| curves.get().map_or(0.0, |curves| curves.days_to_expiry));
    let day = Memo::new(move |_| curves.get().and_then(|curves| curves.chosen_day.clone()).unwrap_or_default());
    let value = move || chosen_days.get().unwrap_or_else(|| (most_days.get() / 2.0).round());
    let spoken = words(move || format!("on {}", day.get()));
    view! {
        <Show when=move || { most_days.get() >= 1.0 }>
            <label class="payoff-date">
                <span class="muted">{spoken}</span>
                <RangeInput
                    range=Signal::derive(move || (0.0, most_days.get()))
                    step=1.0
                    value=Signal::derive(value)
                    spoken
                    set=Callback::new(move |days| chosen_days.set(Some(days)))
                    testid="payoff-date"
                />
            </label>
        </Show>
    }
}
