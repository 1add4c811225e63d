//! Equity and requirements against the price, vols and time: where the account is called and liquidated.

use std::sync::Arc;

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::contract::MarginCurveDocument;
use margin_engine::insight::moving_assets;
use serde_json::json;

use super::curve_figures::CurveFigures;
use crate::charts::margin_curve;
use crate::parts::{Stage, TableText, TextTable, maybe, text as words, waiting_line};
use crate::risk::{Pointer, legend_entry, pointed_chart};
use crate::state::questions::Answer;
use crate::state::use_simulator;

/// What may lie along the axis, and its button.
const AXES: [(&str, &str); 3] = [("price", "Price"), ("vol", "Vol"), ("time", "Time")];

/// What is drawn, shared by all that looks at it.
type Shared = Memo<Option<Arc<CurveFigures>>>;

/// Equity and requirements against the price, vols or time.
#[component]
pub fn CurveTab() -> impl IntoView {
    let simulator = use_simulator();
    let axis = RwSignal::new(AXES[0].0);
    // None is all together.
    let chosen = RwSignal::new(None::<Asset>);
    let assets = Memo::new(move |_| {
        simulator
            .outcome
            .with(|outcome| outcome.figures().map_or_else(Vec::new, |figures| moving_assets(&figures.book)))
    });
    let asker = simulator.questions.follow::<MarginCurveDocument>(simulator, "margin_curve", move || {
        let has_legs = simulator.outcome.with(|outcome| outcome.book().is_some_and(|book| !book.legs.is_empty()));
        if !has_legs {
            return None;
        }
        if axis.get() != "price" {
            return Some(json!({ "axis": axis.get() }));
        }
        // All together are told by the coin that is shown, where the account depends on it.
        let (chosen, coin) = (chosen.get(), simulator.coin.get());
        assets.with(|assets| {
            let known = |asset: &Asset| assets.contains(asset);
            Some(match (chosen.filter(known), Some(coin).filter(known)) {
                (Some(asset), _) => json!({ "underlying": asset.as_str() }),
                (None, Some(coin)) => json!({ "underlying": coin.as_str(), "together": true }),
                (None, None) => json!({}),
            })
        })
    });
    let curve: Shared = Memo::new(move |_| {
        let document = asker.answer.with(|answer| answer.ready().cloned())?;
        let now = simulator.outcome.with_untracked(|outcome| outcome.book().map(|book| book.time))?;
        Some(Arc::new(CurveFigures::new(document.as_ref().clone(), simulator.currency.get_untracked(), now)))
    });
    // What stands in place of the chart.
    let instead = Memo::new(move |_| {
        let is_empty = simulator.outcome.with(|outcome| outcome.book().is_none_or(|book| book.legs.is_empty()));
        if is_empty {
            return Some("Equity and requirement are drawn here against price, vol and time.".to_owned());
        }
        asker.answer.with(|answer| match answer {
            Answer::None => Some("computing…".to_owned()),
            Answer::Ready(answer) => {
                let is_missed = answer.margin_call.down.is_some_and(|found| found.place == 0.0);
                let has_nothing = simulator.draft.with(|draft| draft.balances.is_empty());
                (is_missed && has_nothing).then(|| {
                    "Deposit collateral, and the prices at which this account is called for margin and liquidated are \
                     drawn here."
                        .to_owned()
                })
            }
            Answer::Failed(reason) => Some(format!("No curve: {reason}.")),
        })
    });
    let several = Memo::new(move |_| assets.with(|assets| assets.len() > 1));
    let body = move || match instead.get() {
        Some(sentence) => {
            view! { <p class="empty margin-curve-empty" data-testid="margin-curve-empty">{sentence}</p> }.into_any()
        }
        None => view! { <Curve curve several /> }.into_any(),
    };
    let axis_button = move |(id, title): (&'static str, &'static str)| {
        let is_pressed = words(move || (axis.get() == id).to_string());
        let testid = format!("curve-axis-{id}");
        view! {
            <button data-testid=testid aria-pressed=is_pressed on:click=move |_| axis.set(id)>
                {title}
            </button>
        }
        .into_any()
    };
    let underlyings = move || {
        let assets = assets.get();
        (axis.get() == "price" && assets.len() > 1).then(|| underlying_switch(&assets, chosen))
    };
    view! {
        <div class="margin-curve" data-testid="margin-curve" aria-busy=words(move || asker.is_waiting.get().to_string())>
            <div class="margin-curve-choices">
                <div class="segmented" role="group" aria-label="What changes">
                    {AXES.map(axis_button)}
                </div>
                {underlyings}
            </div>
            {body}
            {waiting_line(vec![asker.wait], "Following the account")}
        </div>
    }
}

/// All together, or one alone.
fn underlying_switch(assets: &[Asset], chosen: RwSignal<Option<Asset>>) -> AnyView {
    let button = |asset: Option<Asset>| {
        let name = asset.map_or("all".to_owned(), |asset| asset.to_string());
        let title = if asset.is_some() { name.clone() } else { "All alike".to_owned() };
        let is_pressed = words(move || (chosen.get() == asset).to_string());
        view! {
            <button
                data-testid=format!("curve-underlying-{name}")
                aria-pressed=is_pressed
                on:click=move |_| chosen.set(asset)
            >
                {title}
            </button>
        }
        .into_any()
    };
    let buttons: Vec<AnyView> = std::iter::once(None).chain(assets.iter().copied().map(Some)).map(button).collect();
    view! {
        <div class="segmented" role="group" aria-label="Which prices move">
            {buttons}
        </div>
    }
    .into_any()
}

/// The sentence, the chart and what explains it.
#[component]
fn Curve(curve: Shared, several: Memo<bool>) -> impl IntoView {
    let said = move |say: fn(&CurveFigures) -> String| {
        words(move || curve.with(|curve| curve.as_deref().map_or_else(String::new, say)))
    };
    let nearest = move |which: usize| {
        maybe(move || curve.with(|curve| curve.as_deref()?.nearest()[which].map(|place| place.to_string())))
    };
    let draw = move |stage: &Stage| {
        if let Some(curve) = curve.get() {
            curve.with_chart(|chart| {
                let _ = margin_curve::draw(&stage.area, chart, stage.theme, stage.scale);
            });
        }
    };
    let pointer = RwSignal::new(None);
    let text = move || {
        let at: Pointer = pointer.get()?;
        curve.get()?.read_out(at.x, at.width, at.height)
    };
    let caption = words(move || {
        let Some(curve) = curve.get() else { return String::new() };
        let mut caption = String::new();
        let changes = "Ticks below: another slide becomes the worst.";
        let haircuts = "Requirements are drawn with haircuts, and whatever else does not count of equity, on top: so \
                        the lines cross where the account is called.";
        for sentence in [
            curve.which_move(several.get()),
            curve.gap(),
            curve.has_changes().then(|| changes.to_owned()),
            curve.has_haircuts().then(|| haircuts.to_owned()),
        ]
        .into_iter()
        .flatten()
        {
            caption.push_str(if caption.is_empty() { "" } else { " " });
            caption.push_str(&sentence);
        }
        caption
    });
    let table = move || curve.get().map_or_else(TableText::default, |curve| curve.table());
    view! {
        <p
            class="margin-curve-sentence"
            data-testid="margin-curve-sentence"
            data-call-down=nearest(0)
            data-call-up=nearest(1)
            data-liquidation-down=nearest(2)
            data-liquidation-up=nearest(3)
        >
            {said(CurveFigures::sentence)}
        </p>
        <p class="legend muted">
            {legend_entry("stroke", "equity".to_owned())}
            {legend_entry("stroke call", "initial requirement".to_owned())}
            {legend_entry("stroke liquidation", "maintenance requirement".to_owned())}
        </p>
        {pointed_chart(
            "margin-curve-chart",
            said(CurveFigures::describe),
            Box::new(draw),
            pointer,
            Signal::derive(text),
        )}
        <p class="caption">{caption}</p>
        <TextTable content=table scroller="visually-hidden" />
    }
}
