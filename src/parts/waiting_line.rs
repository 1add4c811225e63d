//! How far an answer is that takes long, and how to stop it.

use leptos::prelude::*;

use super::derived::{flag, maybe, text};
use super::lists::shown;
use crate::charts::format::percent;
use crate::state::questions::{Stand, Wait};

/// A bar and a word over the foot of the panel once answers take long, with a button to stop them; after that, how to
/// ask again. Quick answers show nothing. `what` is what is being done: "Searching".
pub fn waiting_line(waits: Vec<Wait>, what: &'static str) -> AnyView {
    let waits = StoredValue::new(waits);
    let stand = Memo::new(move |_| waits.with_value(|waits| together(waits)));
    let done = move || match stand.get() {
        Stand::Long(done) => done,
        Stand::Quiet | Stand::Stopped(_) => None,
    };
    let word = text(move || match done() {
        Some(done) => format!("{what}, {}", percent((done * 100.0).floor() / 100.0)),
        None => format!("{what} after other panels"),
    });
    let now = maybe(move || done().map(|done| format!("{:.0}", (done * 100.0).floor())));
    let width = text(move || format!("{:.1}%", done().unwrap_or(0.0) * 100.0));
    let is_long = flag(move || matches!(stand.get(), Stand::Long(_)));
    let is_stopped = flag(move || matches!(stand.get(), Stand::Stopped(_)));
    let stop = move |_| waits.with_value(|waits| waits.iter().for_each(|wait| wait.stop()));
    let again = move |_| waits.with_value(|waits| waits.iter().for_each(|wait| wait.again()));
    let bar = move || {
        view! {
            <div class="waiting-place">
                <div class="waiting" data-testid="waiting">
                    <span
                        class="waiting-bar"
                        role="progressbar"
                        aria-label=what
                        aria-valuemin="0"
                        aria-valuemax="100"
                        aria-valuenow=now
                    >
                        <span style:width=width></span>
                    </span>
                    <span class="small-text num">{word}</span>
                    <button class="button small" data-testid="stop" on:click=stop>
                        "Stop"
                    </button>
                </div>
            </div>
        }
        .into_any()
    };
    let said = text(move || match stand.get() {
        Stand::Stopped(true) => "Stopped. What is shown is from before.".to_owned(),
        _ => "Stopped.".to_owned(),
    });
    let stopped = move || {
        view! {
            <p class="waiting-stopped small-text" role="status" data-testid="stopped">
                {said}
                <button class="button small" data-testid="compute-again" on:click=again>
                    "Compute again"
                </button>
            </p>
        }
        .into_any()
    };
    view! {
        {shown(is_long, bar)}
        {shown(is_stopped, stopped)}
    }
    .into_any()
}

/// How several waits stand as one: those that are over are done.
fn together(waits: &[Wait]) -> Stand {
    let stands: Vec<Stand> = waits.iter().map(|wait| wait.stand.get()).collect();
    if stands.iter().any(|stand| matches!(stand, Stand::Long(_))) {
        let is_under_way = stands.iter().any(|stand| matches!(stand, Stand::Long(Some(_))));
        let done = stands.iter().map(|stand| match stand {
            Stand::Long(done) => done.unwrap_or(0.0),
            Stand::Quiet | Stand::Stopped(_) => 1.0,
        });
        return Stand::Long(is_under_way.then(|| done.sum::<f64>() / stands.len() as f64));
    }
    stands.into_iter().find(|stand| *stand != Stand::Quiet).unwrap_or(Stand::Quiet)
}
