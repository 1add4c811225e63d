//! The range of the regime-adaptive slides through time, and what today's book would have needed.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::methodology::{find, regime_of};

use super::range_track::{Track, Walked, Wanted};
use super::read_out::{Pointer, legend_entry, pointed_chart};
use crate::charts::{DayPlot, range_history};
use crate::parts::{ChartCanvas, Stage, TableText, TextTable, flag, text as words};
use crate::state::{Simulator, use_simulator};

/// The methodology that the panel belongs to.
const METHODOLOGY: &str = "regime-adaptive";

/// The walk begins after so long a rest: whoever types a parameter is not held up at each digit.
const REST: Duration = Duration::from_millis(120);

type SharedWalk = RwSignal<Option<Arc<Walked>>>;

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
    let wanted = Memo::new(move |_| assets.with(|assets| wanted(simulator, chosen_of(assets, chosen.get())?)));
    let walk: SharedWalk = RwSignal::new(None);
    Effect::new(move |_| {
        let Some(work) = wanted.get() else { return };
        // The walk is long: it begins when the frame has been painted, and not for what is no longer wanted.
        request_animation_frame(move || {
            let begin = move || {
                if wanted.try_get_untracked().flatten().as_ref() == Some(&work) {
                    let _ = walk.try_set(Some(Arc::new(Walked::through(work))));
                }
            };
            set_timeout(begin, REST);
        });
    });
    let is_busy = flag(move || {
        wanted.with(|wanted| {
            wanted.is_some() && walk.with(|walk| walk.as_ref().map(|walk| &walk.wanted) != wanted.as_ref())
        })
    });
    // What stands in place of the charts.
    let instead = Memo::new(move |_| {
        if wanted.with(Option::is_none) {
            return Some("No underlying of this book has a history of daily closes.".to_owned());
        }
        walk.with(|walk| match walk.as_ref().map(|walk| &walk.track) {
            None => Some("computing…".to_owned()),
            Some(Ok(_)) => None,
            Some(Err(reason)) => Some(format!("No record: {reason}.")),
        })
    });
    let body = move || match instead.get() {
        Some(sentence) => view! { <p class="empty">{sentence}</p> }.into_any(),
        None => view! { <Charts simulator walk /> }.into_any(),
    };
    view! {
        <section class="panel panel-range" aria-labelledby="range-title" data-testid="range-panel">
            <div class="panel-head">
                <div class="payoff-title">
                    <h2 class="panel-title" id="range-title">"Range through time"</h2>
                    {move || choice(&assets.get(), wanted, chosen)}
                </div>
                <p class="legend muted">
                    {legend_entry("stroke", "regime-adaptive".to_owned())}
                    {legend_entry("stroke thin", "EWMA, normal".to_owned())}
                    {legend_entry("stroke expiry", "static ±15 %".to_owned())}
                    {legend_entry("stroke breach", "breach".to_owned())}
                </p>
            </div>
            <div class="range-body" aria-busy=words(move || is_busy.get().to_string())>
                {body}
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

fn wanted(simulator: Simulator, asset: Asset) -> Option<Wanted> {
    let history = Arc::clone(simulator.today().history()?);
    let configured = simulator
        .draft
        .with(|draft| Some(simulator.methodologies.configured(find(METHODOLOGY)?, draft.edits.get(METHODOLOGY))))?;
    let regime = regime_of(configured.as_ref().as_ref().ok()?.configured()).ok()?;
    Some(Wanted { history, asset, regime })
}

/// Which underlying, where there are several.
fn choice(assets: &str, wanted: Memo<Option<Wanted>>, chosen: RwSignal<Asset>) -> AnyView {
    if assets.split_whitespace().count() < 2 {
        return ().into_any();
    }
    let button = |ticker: &str| {
        let asset: Option<Asset> = ticker.parse().ok();
        view! {
            <button
                data-testid="range-underlying"
                data-coin=ticker.to_owned()
                aria-pressed=words(move || {
                    wanted.with(|wanted| wanted.as_ref().map(|wanted| wanted.asset) == asset).to_string()
                })
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
fn Charts(simulator: Simulator, walk: SharedWalk) -> impl IntoView {
    // Cheap beside drawing it.
    let losses = move || {
        walk.with(|walk| {
            let track = track(walk)?;
            simulator.outcome.with(|outcome| track.losses(outcome.book()?))
        })
    };
    let draw = move |stage: &Stage| {
        walk.with(|walk| {
            if let Some(track) = track(walk) {
                track.ranges(|history| {
                    let _ = range_history::draw(&stage.area, history, stage.theme, stage.scale);
                });
            }
        });
    };
    let draw_amounts = move |stage: &Stage| {
        walk.with(|walk| {
            if let (Some(track), Some(losses)) = (track(walk), losses()) {
                track.amounts(&losses, |history| {
                    let _ = range_history::draw(&stage.area, history, stage.theme, stage.scale);
                });
            }
        });
    };
    let pointer = RwSignal::new(None);
    let text = move || {
        let at: Pointer = pointer.get()?;
        walk.with(|walk| {
            let track = track(walk)?;
            let mut plot = None;
            track.ranges(|history| plot = DayPlot::of(history, at.width, at.height, 1.0));
            track.read_out(plot?.nearest_day(track.days(), at.x)?)
        })
    };
    let said = move |say: fn(&Track) -> String| move || walk.with(|walk| track(walk).map_or_else(String::new, say));
    let caption = words(move || {
        walk.with(|walk| {
            let Some(walk) = walk else { return String::new() };
            format!(
                "Each day's range as it was known the day before, and the day's move as a bar. No clearing house \
                 publishes a rule by which ranges follow the regime: the model is our own. {}",
                walk.wanted.history.source(),
            )
        })
    });
    let amounts_title = words(said(|track| {
        format!("Worst loss of today's book within the range of {} alone, vols as they are", track.asset())
    }));
    let table = move || walk.with(|walk| track(walk).map_or_else(TableText::default, Track::table));
    let lines = move || walk.with(|walk| track(walk).map_or_else(TableText::default, Track::lines_table));
    let amounts_label = words(move || losses().map_or_else(String::new, |losses| losses.describe()));
    view! {
        {pointed_chart("range-chart", Signal::derive(said(Track::describe)), Box::new(draw), pointer, Signal::derive(text))}
        <p class="range-amounts-title muted">{amounts_title}</p>
        <div class="payoff-chart range-amounts">
            <ChartCanvas label=amounts_label draw=draw_amounts />
        </div>
        <TextTable content=table scroller="range-table" testid="range-table" labelled_by="range-title" />
        <p class="caption">{caption}</p>
        <TextTable content=lines scroller="visually-hidden" />
    }
}

fn track(walk: &Option<Arc<Walked>>) -> Option<&Track> {
    walk.as_ref()?.track.as_ref().ok()
}
