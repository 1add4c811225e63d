//! Rows that come and go by key, and parts that come and go by condition.
//!
//! Leptos compiles its own `For` and `Show` anew for each use, five kilobytes each time; these two once.

use std::sync::Arc;

use leptos::prelude::*;

/// What makes the view of a key.
type MakeRow = Arc<dyn Fn(String) -> AnyView + Send + Sync>;

/// One row for each key. A row is made once and kept while its key stays in the list; keys occur once.
pub fn keyed_rows(keys: Signal<Vec<String>>, row: impl Fn(String) -> AnyView + Send + Sync + 'static) -> AnyView {
    erased_rows(keys, Arc::new(row))
}

fn erased_rows(keys: Signal<Vec<String>>, row: MakeRow) -> AnyView {
    view! { <For each=move || keys.get() key=String::clone children=move |key| row(key) /> }.into_any()
}

/// What makes a view.
type Make = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// `content` while the condition holds, else `otherwise`.
pub fn either(
    condition: Signal<bool>,
    content: impl Fn() -> AnyView + Send + Sync + 'static,
    otherwise: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    erased_either(condition, Arc::new(content), Arc::new(otherwise))
}

/// `content` while the condition holds.
pub fn shown(condition: Signal<bool>, content: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    either(condition, content, || ().into_any())
}

fn erased_either(condition: Signal<bool>, content: Make, otherwise: Make) -> AnyView {
    // A memo, so that what is shown is not made again while the condition stays.
    let holds = Memo::new(move |_| condition.get());
    (move || if holds.get() { content() } else { otherwise() }).into_any()
}
