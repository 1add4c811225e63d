//! The range of the regime-adaptive slides through time, and what today's book would have needed.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::methodology::{find, regime_of};

use super::range_track::{Losses, Track, Walked, Wanted};
use super::read_out::{Pointer, ReadOut};
use crate::charts::{DayPlot, range_history};
use crate::parts::{ChartCanvas, Stage, TableText, TextTable, flag, text as words};
use crate::state::{Simulator, use_simulator};

/// The methodology that the panel belongs to.
const METHODOLOGY: &str = "regime-adaptive";

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
    let chosen = RwSignal::new(None::<Asset>);
    let asset = Memo::new(move |_| {
        assets.with(|assets| chosen.get().filter(|chosen| assets.contains(chosen)).or(assets.first().copied()))
    });
    let wanted = Memo::new(move |_| wanted(simulator, asset.get()?));
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
            set_timeout(begin, Duration::ZERO);
        });
    });
    let is_busy = Memo::new(move |_| {
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
                    {move || choice(assets.get(), asset, chosen)}
                    <span class="small-text muted" hidden=flag(move || !is_busy.get() || instead.with(Option::is_some))>
                        "computing…"
                    </span>
                </div>
                <p class="legend muted">
                    {[
                        ("stroke", "regime-adaptive"),
                        ("stroke thin", "EWMA, normal"),
                        ("stroke expiry", "static ±15 %"),
                        ("stroke breach", "breach"),
                    ]
                        .map(|(class, name)| {
                            view! {
                                <span class="legend-entry">
                                    {name} <span class=class aria-hidden="true"></span>
                                </span>
                            }
                        })}
                </p>
            </div>
            <div class="range-body" aria-busy=words(move || is_busy.get().to_string())>
                {body}
            </div>
        </section>
    }
}

/// The book's underlyings with a history; without a book the one whose chain is shown.
fn assets(simulator: Simulator) -> Vec<Asset> {
    let market = simulator.today();
    let Some(history) = market.history() else { return vec![] };
    let held = simulator.outcome.with(|outcome| {
        let book = outcome.book();
        book.map_or_else(Vec::new, |book| book.underlyings.iter().map(|underlying| underlying.asset).collect())
    });
    let held = if held.is_empty() { vec![simulator.coin.get()] } else { held };
    held.into_iter().filter(|asset| history.assets().any(|known| known == *asset)).collect()
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
fn choice(assets: Vec<Asset>, asset: Memo<Option<Asset>>, chosen: RwSignal<Option<Asset>>) -> Option<AnyView> {
    let option = move |one: Asset| {
        view! {
            <option value=one.to_string() selected=flag(move || asset.get() == Some(one))>
                {one.to_string()}
            </option>
        }
        .into_any()
    };
    (assets.len() > 1).then(|| {
        view! {
            <select
                class="field"
                data-testid="range-underlying"
                aria-label="Underlying of the ranges"
                on:change=move |event| chosen.set(event_target_value(&event).parse().ok())
            >
                {assets.into_iter().map(option).collect_view()}
            </select>
        }
        .into_any()
    })
}

#[component]
fn Charts(simulator: Simulator, walk: SharedWalk) -> impl IntoView {
    let losses: Memo<Option<Losses>> = Memo::new(move |_| {
        walk.with(|walk| {
            let track = track(walk)?;
            simulator.outcome.with(|outcome| track.losses(outcome.book()?))
        })
    });
    let has_losses = Memo::new(move |_| losses.with(Option::is_some));
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
            losses.with(|losses| {
                if let (Some(track), Some(losses)) = (track(walk), losses) {
                    track.amounts(losses, |history| {
                        let _ = range_history::draw(&stage.area, history, stage.theme, stage.scale);
                    });
                }
            });
        });
    };
    let pointer = RwSignal::new(None);
    let text = move || {
        let at: Pointer = pointer.get()?;
        walk.with(|walk| {
            let track = track(walk)?;
            let mut plot = None;
            track.ranges(|history| plot = DayPlot::of(history, at.width, at.height, 1.0));
            losses.with(|losses| track.read_out(plot?.nearest_day(track.days(), at.x)?, losses.as_ref()))
        })
    };
    let guide = move || pointer.get().map_or_else(String::new, |at: Pointer| format!("translateX({}px)", at.x.round()));
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
    let lines = move || {
        walk.with(|walk| {
            losses
                .with(|losses| track(walk).map_or_else(TableText::default, |track| track.lines_table(losses.as_ref())))
        })
    };
    view! {
        <div
            class="payoff-chart range-chart"
            data-testid="range-chart"
            on:pointermove=move |event| pointer.set(Pointer::of(&event))
            on:pointerleave=move |_| pointer.set(None)
        >
            <ChartCanvas label=Signal::derive(said(Track::describe)) draw />
            <div class="guide" class:shown=flag(move || text().is_some()) style:transform=words(guide)></div>
            <ReadOut at=pointer text=Signal::derive(text) />
        </div>
        <Show when=move || has_losses.get()>
            <h3 class="range-amounts-title muted">{amounts_title}</h3>
            <div class="payoff-chart range-amounts">
                <ChartCanvas label=amounts_title draw=draw_amounts />
            </div>
        </Show>
        <TextTable content=table scroller="range-table" testid="range-table" labelled_by="range-title" />
        <p class="caption">{caption}</p>
        <TextTable content=lines scroller="visually-hidden" />
    }
}

fn track(walk: &Option<Arc<Walked>>) -> Option<&Track> {
    walk.as_ref()?.track.as_ref().ok()
}
