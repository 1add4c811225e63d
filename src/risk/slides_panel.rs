//! The slide table.

use leptos::prelude::*;

/// The slide table.
#[component]
pub fn SlidesPanel() -> impl IntoView {
    view! { <section class="panel panel-slides"></section> }
}
