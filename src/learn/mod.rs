//! Prepared portfolios that teach.

pub mod portfolios;

use leptos::prelude::*;

/// The menu of prepared portfolios.
#[component]
pub fn LearnMenu() -> impl IntoView {
    view! { <button class="button" data-testid="learn">"Learn"</button> }
}
