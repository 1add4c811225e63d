//! How far an answer is that takes long, and how to stop it.

use leptos::prelude::*;

use super::derived::{flag, maybe, text};
use super::lists::shown;
use crate::charts::format::percent;
use crate::state::questions::{Stand, Wait};

/// A bar and a word over the foot of the panel once an answer takes long, with a button to stop it; after that, how to
/// ask again. Quick answers show nothing. `what` is what is being done: "Searching".
pub fn waiting_line(wait: Wait, what: &'static str) -> AnyView {
    let stand = wait.stand;
    let done = move || match stand.get() {
        Stand::Long(done) => done,
        Stand::Quiet | Stand::Stopped => None,
    };
    let word = text(move || match done() {
        Some(done) => format!("{what}, {}", percent((done * 100.0).round() / 100.0)),
        None => format!("{what} after other panels"),
    });
    let now = maybe(move || done().map(|done| format!("{:.0}", done * 100.0)));
    let width = text(move || format!("{:.1}%", done().unwrap_or(0.0) * 100.0));
    let is_long = flag(move || matches!(stand.get(), Stand::Long(_)));
    let is_stopped = flag(move || stand.get() == Stand::Stopped);
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
                    <button class="button small" data-testid="stop" on:click=move |_| wait.stop()>
                        "Stop"
                    </button>
                </div>
            </div>
        }
        .into_any()
    };
    let stopped = move || {
        view! {
            <p class="waiting-stopped small-text" role="status" data-testid="stopped">
                "Stopped. What is shown is from before."
                <button class="button small" data-testid="compute-again" on:click=move |_| wait.again()>
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
