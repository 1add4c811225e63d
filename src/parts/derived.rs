//! Reactive values whose types do not name their closures.
//!
//! A view is compiled anew for every type in it, and each closure is a type of its own. The page holds hundreds of
//! them: as these three types they cost a tenth of the download.

use leptos::prelude::*;

/// A text.
pub fn text(compute: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(compute)
}

/// A text, or an attribute, that may be absent.
pub fn maybe(compute: impl Fn() -> Option<String> + Send + Sync + 'static) -> Signal<Option<String>> {
    Signal::derive(compute)
}

/// A condition.
pub fn flag(compute: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(compute)
}
