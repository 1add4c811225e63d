//! A panel whose body is one of several, chosen by tabs. What is not shown is not there: it computes nothing.

use leptos::prelude::*;

/// One body of a tabbed panel.
#[derive(Clone, Copy)]
pub struct Tab {
    /// In tests and as the last part of the button's test identifier.
    pub id: &'static str,
    /// What the button says.
    pub title: &'static str,
    /// Makes the body.
    pub body: fn() -> AnyView,
}

/// A panel with tabs in its head; the first is open.
#[component]
pub fn TabbedPanel(
    /// The panel's title.
    title: &'static str,
    /// Its class, after `panel`.
    class: &'static str,
    /// The bodies.
    tabs: &'static [Tab],
) -> impl IntoView {
    let open = RwSignal::new(tabs[0].id);
    let button = move |tab: &Tab| {
        let Tab { id, title, .. } = *tab;
        view! {
            <button
                role="tab"
                data-testid=format!("tab-{id}")
                aria-selected=move || (open.get() == id).to_string()
                on:click=move |_| open.set(id)
            >
                {title}
            </button>
        }
        .into_any()
    };
    let body = move || tabs.iter().find(|tab| tab.id == open.get()).map(|tab| (tab.body)());
    view! {
        <section class=format!("panel {class}") aria-label=title>
            <div class="panel-head">
                <h2 class="panel-title">{title}</h2>
                <div class="segmented" role="tablist" aria-label=title>{tabs.iter().map(button).collect_view()}</div>
            </div>
            {body}
        </section>
    }
}
