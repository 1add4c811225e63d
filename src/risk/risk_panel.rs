//! The panel of the surface.

use leptos::prelude::*;

use super::heat_map_view::HeatMapView;
use super::what_if_sliders::WhatIfSliders;
use super::worst_slide::WorstSlide;
use crate::later::later;
use crate::parts::{outcome_in, text};
use crate::state::use_simulator;

/// The pictures of the surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    HeatMap,
    Turning,
}

impl Tab {
    const ALL: [Tab; 2] = [Tab::HeatMap, Tab::Turning];

    fn title(self) -> &'static str {
        match self {
            Tab::HeatMap => "Surface",
            Tab::Turning => "3-D",
        }
    }

    fn id(self) -> &'static str {
        match self {
            Tab::HeatMap => "risk-tab-surface",
            Tab::Turning => "risk-tab-3d",
        }
    }
}

/// The surface, the worst slide in words, and the what-if sliders.
#[component]
pub fn RiskPanel() -> impl IntoView {
    let simulator = use_simulator();
    let tab = RwSignal::new(Tab::HeatMap);
    let place = NodeRef::new();
    let outcome = outcome_in(simulator, place);
    let has_legs =
        Memo::new(move |_| outcome.with(|outcome| outcome.figures().is_some_and(|f| !f.book.legs.is_empty())));
    // Only the picture on show exists, and so only its figures are computed.
    let picture = move || match (has_legs.get(), tab.get()) {
        (false, _) => {
            view! { <p class="empty risk-empty">"The surface of the portfolio's P&L is drawn here."</p> }.into_any()
        }
        (true, Tab::HeatMap) => view! { <HeatMapView outcome /> }.into_any(),
        (true, Tab::Turning) => later(|panels| panels.turning, || ().into_any()),
    };
    view! {
        <section class="panel panel-risk" node_ref=place aria-labelledby="risk-title">
            <div class="panel-head">
                <h2 class="panel-title" id="risk-title">"Risk"</h2>
                <Tabs tab />
            </div>
            <WorstSlide outcome />
            <div role="tabpanel" id="risk-picture" aria-labelledby=text(move || tab.get().id().to_owned())>{picture}</div>
            <WhatIfSliders />
        </section>
    }
}

#[component]
fn Tabs(tab: RwSignal<Tab>) -> impl IntoView {
    let step = move |event: leptos::ev::KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            event.prevent_default();
            let other = if tab.get_untracked() == Tab::HeatMap { Tab::Turning } else { Tab::HeatMap };
            tab.set(other);
            if let Some(element) = document().get_element_by_id(other.id()) {
                let element: web_sys::HtmlElement = wasm_bindgen::JsCast::unchecked_into(element);
                let _ = element.focus();
            }
        }
    };
    let button = move |this: Tab| {
        let is_chosen = move || tab.get() == this;
        view! {
            <button
                role="tab"
                id=this.id()
                data-testid=this.id()
                aria-controls="risk-picture"
                aria-selected=text(move || is_chosen().to_string())
                tabindex=text(move || if is_chosen() { "0" } else { "-1" }.to_owned())
                on:click=move |_| tab.set(this)
            >
                {this.title()}
            </button>
        }
    };
    view! {
        <div class="segmented" role="tablist" aria-label="Picture" on:keydown=step>
            {Tab::ALL.map(button).collect_view()}
        </div>
    }
}
