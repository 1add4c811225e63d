//! The range of the regime-adaptive slides through time, and what today's book would have needed.

use std::sync::Arc;

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::contract::RangeHistoryDocument;
use serde_json::json;

use super::range_track::Track;
use super::read_out::{Pointer, legend_entry, pointed_chart};
use crate::charts::{DayPlot, range_history};
use crate::parts::{ChartCanvas, Stage, TableText, TextTable, text as words, waiting_line};
use crate::state::questions::Answer;
use crate::state::{Simulator, use_simulator};

/// The methodology that the panel belongs to.
const METHODOLOGY: &str = "regime-adaptive";

/// What is drawn, shared by all that looks at it.
type Shared = Memo<Option<Arc<Track>>>;

/// The record of the ranges; nothing under another methodology.
#[component]
pub fn RangePanel() -> impl IntoView {
    let simulator = use_simulator();
    let is_chosen = Memo::new(move |_| simulator.draft.with(|draft| draft.methodology == METHODOLOGY));
    move || is_chosen.get().then(|| view! { <Panel simulator /> })
}

#[component]
fn Panel(simulator: Simulator) -> impl IntoView {
    let assets = Memo::new(move |_| assets(simulator));
    let chosen = RwSignal::new(simulator.coin.get_untracked());
    let shown = Memo::new(move |_| assets.with(|assets| chosen_of(assets, chosen.get())));
    let asker = simulator.questions.follow_book::<RangeHistoryDocument>(simulator, "range_history", move || {
        shown.get().map(|asset| json!({ "underlying": asset.as_str() }))
    });
    let track: Shared = Memo::new_with_compare(
        move |_| {
            let record = asker.answer.with(|answer| answer.ready().cloned())?;
            Track::new(record.as_ref().clone()).map(Arc::new)
        },
        // Each answer is a new one: comparing thousands of figures would cost more than drawing them.
        |_, _| true,
    );
    // What stands in place of the charts.
    let instead = Memo::new(move |_| {
        if shown.with(Option::is_none) {
            return Some("No underlying of this book has a history of daily closes.".to_owned());
        }
        asker.answer.with(|answer| match answer {
            Answer::None => Some("computing…".to_owned()),
            Answer::Ready(_) => None,
            Answer::Failed(reason) => Some(format!("No record: {reason}.")),
        })
    });
    let body = move || match instead.get() {
        Some(sentence) => view! { <p class="empty">{sentence}</p> }.into_any(),
        None => view! { <Charts track /> }.into_any(),
    };
    view! {
        <section class="panel panel-range" aria-labelledby="range-title" data-testid="range-panel">
            <div class="panel-head">
                <div class="payoff-title">
                    <h2 class="panel-title" id="range-title">"Range through time"</h2>
                    {move || choice(&assets.get(), shown, chosen)}
                </div>
                <p class="legend muted">
                    {legend_entry("stroke", "regime-adaptive".to_owned())}
                    {legend_entry("stroke thin", "EWMA, normal".to_owned())}
                    {legend_entry("stroke expiry", "static ±15 %".to_owned())}
                    {legend_entry("stroke breach", "breach".to_owned())}
                </p>
            </div>
            <div class="range-body" aria-busy=words(move || asker.is_waiting.get().to_string())>
                {body}
                {waiting_line(vec![asker.wait], "Fitting day by day")}
            </div>
        </section>
    }
}

/// Tickers of the book's underlyings with a history; without a book the one whose chain is shown.
fn assets(simulator: Simulator) -> String {
    let market = simulator.today();
    let Some(history) = market.history() else { return String::new() };
    let mut tickers = String::new();
    let mut add = |asset: Asset| {
        if history.assets().any(|known| known == asset) {
            tickers.push_str(asset.as_str());
            tickers.push(' ');
        }
    };
    simulator.outcome.with(|outcome| match outcome.book().filter(|book| !book.underlyings.is_empty()) {
        Some(book) => book.underlyings.iter().for_each(|underlying| add(underlying.asset)),
        None => add(simulator.coin.get()),
    });
    tickers
}

/// The chosen one if it is among these, else the first.
fn chosen_of(assets: &str, chosen: Asset) -> Option<Asset> {
    let is_there = assets.split_whitespace().any(|ticker| ticker == chosen.as_str());
    if is_there { Some(chosen) } else { assets.split_whitespace().next()?.parse().ok() }
}

/// Which underlying, where there are several.
fn choice(assets: &str, shown: Memo<Option<Asset>>, chosen: RwSignal<Asset>) -> AnyView {
    if assets.split_whitespace().count() < 2 {
        return ().into_any();
    }
    let button = |ticker: &str| {
        let asset: Option<Asset> = ticker.parse().ok();
        view! {
            <button
                data-testid="range-underlying"
                data-coin=ticker.to_owned()
                aria-pressed=words(move || (shown.get() == asset).to_string())
                on:click=move |_| chosen.set(asset.unwrap_or(chosen.get_untracked()))
            >
                {ticker.to_owned()}
            </button>
        }
        .into_any()
    };
    let buttons: Vec<AnyView> = assets.split_whitespace().map(button).collect();
    view! {
        <div class="segmented" role="group" aria-label="Underlying">
            {buttons}
        </div>
    }
    .into_any()
}

#[component]
fn Charts(track: Shared) -> impl IntoView {
    let draw = move |stage: &Stage| {
        if let Some(track) = track.get() {
            track.ranges(|history| {
                let _ = range_history::draw(&stage.area, history, stage.theme, stage.scale);
            });
        }
    };
    let draw_amounts = move |stage: &Stage| {
        if let Some(track) = track.get() {
            track.amounts(|history| {
                let _ = range_history::draw(&stage.area, history, stage.theme, stage.scale);
            });
        }
    };
    let pointer = RwSignal::new(None);
    let text = move || {
        let at: Pointer = pointer.get()?;
        let track = track.get()?;
        let mut plot = None;
        track.ranges(|history| plot = DayPlot::of(history, at.width, at.height, 1.0));
        track.read_out(plot?.nearest_day(track.days(), at.x)?)
    };
    let said =
        move |say: fn(&Track) -> String| move || track.with(|track| track.as_deref().map_or_else(String::new, say));
    let caption = words(said(|track| {
        format!(
            "Each day's range as it was known the day before, and the day's move as a bar. No clearing house \
             publishes a rule by which ranges follow the regime: the model is our own. {}",
            track.source(),
        )
    }));
    let amounts_title = words(said(|track| {
        format!("Worst loss of today's book within the range of {} alone, vols as they are", track.asset())
    }));
    let with = move |table: fn(&Track) -> TableText| {
        move || track.with(|track| track.as_deref().map_or_else(TableText::default, table))
    };
    view! {
        {pointed_chart("range-chart", Signal::derive(said(Track::describe)), Box::new(draw), pointer, Signal::derive(text))}
        <p class="range-amounts-title muted">{amounts_title}</p>
        <div class="payoff-chart range-amounts">
            <ChartCanvas label=words(said(Track::describe_amounts)) draw=draw_amounts />
        </div>
        <TextTable content=with(Track::table) scroller="range-table" testid="range-table" labelled_by="range-title" />
        <p class="caption">{caption}</p>
        <TextTable content=with(Track::lines_table) scroller="visually-hidden" />
    }
}
