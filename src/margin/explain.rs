//! From the requirement down to its components, slides, legs, and the formulas with the numbers in them.

mod export;
mod legs;

use leptos::prelude::*;
use margin_engine::methodology::{Assessment, Component, Working, Workings, assess_with, find};

use crate::charts::format::money;
use crate::later::later;
use crate::parts::{drawer_button, formula_lines, leg_name, text, unit};
use crate::state::figures::Figures;
use crate::state::{Simulator, use_simulator};
use legs::LegsOnSlide;

/// So many formulas of one component are shown; the export has them all.
const MOST: usize = 60;

/// Opens the explanation in a drawer. Nothing of it is computed before.
#[component]
pub fn ExplainButton() -> impl IntoView {
    drawer_button("Explain", "explain", "drawer wide", || later(|panels| panels.explain, || ().into_any()))
}

/// What the drawer shows.
#[component]
pub fn Explain() -> impl IntoView {
    let simulator = use_simulator();
    // The slide whose legs are shown; none stands for the worst.
    let slide = RwSignal::new(None::<usize>);
    let title = text(move || {
        simulator.outcome.with(|outcome| {
            outcome.figures().map_or_else(String::new, |figures| figures.assessment.provenance.title.clone())
        })
    });
    let body = move || {
        simulator.outcome.with(|outcome| {
            let explained = outcome.figures().and_then(|figures| Some((figures, explained(simulator, figures)?)));
            explained.map(|(figures, assessment)| components(figures, &assessment, slide))
        })
    };
    let export = move |write: fn(Simulator, Option<usize>)| move |_| write(simulator, slide.get_untracked());
    view! {
        <header class="drawer-head">
            <h2 autofocus tabindex="-1">
                {title}
            </h2>
            <span class="drawer-actions">
                <button class="button small" data-testid="explain-csv" on:click=export(export::csv)>
                    "CSV"
                </button>
                <button class="button small" data-testid="explain-json" on:click=export(export::json)>
                    "JSON"
                </button>
            </span>
        </header>
        <div class="drawer-rows" data-testid="explain-body">
            {body}
        </div>
    }
}

/// The assessment once more, with the formulas behind it.
fn explained(simulator: Simulator, figures: &Figures) -> Option<Assessment> {
    let entry = find(figures.assessment.provenance.methodology)?;
    let configured =
        simulator.draft.with_untracked(|draft| simulator.methodologies.configured(entry, draft.chosen_edits()));
    let methodology = configured.as_ref().as_ref().ok()?;
    assess_with(entry, methodology.as_ref(), &figures.book, Workings::wanted()).ok()
}

fn components(figures: &Figures, assessment: &Assessment, slide: RwSignal<Option<usize>>) -> AnyView {
    let unit = unit(&assessment.currency);
    let workings = &assessment.workings;
    let is_of = |name: &str, working: &Working| working.component == name;
    // The legs stand below the component that is about slides, else below all.
    let about_slides = workings.iter().find(|working| working.slide.is_some()).map(|working| working.component);
    let legs = || {
        let has_slides = !assessment.grid.slides.is_empty() && !figures.book.legs.is_empty();
        has_slides.then(|| view! { <LegsOnSlide slide=slide /> })
    };
    let part = |component: &Component| {
        let own: Vec<&Working> = workings.iter().filter(|working| is_of(component.name, working)).collect();
        let legs = (about_slides == Some(component.name)).then(legs);
        view! {
            <section class="explain-part" data-testid="explain-part">
                <h3 class="explain-head">
                    <span>{component.name}</span>
                    <span class="num">{money(component.initial, unit)}</span>
                    <span class="num muted">{money(component.maintenance, unit)}</span>
                </h3>
                <p class="muted">{component.explanation}</p>
                {formulas(figures, assessment, &own)}
                {legs}
            </section>
        }
        .into_any()
    };
    let parts: Vec<AnyView> = assessment.components.iter().map(part).collect();
    let is_known = |working: &&Working| assessment.components.iter().any(|component| is_of(component.name, working));
    let others: Vec<&Working> = workings.iter().filter(|working| !is_known(working)).collect();
    let rest = about_slides.is_none_or(|name| assessment.components.iter().all(|component| component.name != name));
    view! {
        <p class="explain-head explain-sum">
            <span class="muted small-text">"the sum of"</span>
            <span class="muted small-text num">"initial"</span>
            <span class="muted small-text num">"maintenance"</span>
            <strong>{assessment.components.len().to_string()} " parts"</strong>
            <strong class="num">{money(assessment.initial, unit)}</strong>
            <strong class="num">{money(assessment.maintenance, unit)}</strong>
        </p>
        {parts}
        {formulas(figures, assessment, &others)}
        {rest.then(legs)}
        <p class="explain-note faint small-text">
            {format!(
                "{}, preset of {}, {}. {}. Market: {}.",
                assessment.provenance.title,
                assessment.provenance.preset_date,
                assessment.provenance.mark_note,
                assessment.provenance.source,
                assessment.provenance.market_title,
            )}
        </p>
    }
    .into_any()
}

fn formulas(figures: &Figures, assessment: &Assessment, workings: &[&Working]) -> AnyView {
    let left_out = workings.len().saturating_sub(MOST);
    let rows: Vec<AnyView> = workings
        .iter()
        .take(MOST)
        .map(|working| {
            view! {
                <li class="working" data-testid="working">
                    <span class="working-about">{about(figures, assessment, working)}</span>
                    {formula_lines(working.formula, &working.values, working.result)}
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <ul class="workings">{rows}</ul>
        <p class="faint small-text">
            {(left_out > 0).then(|| format!("{left_out} more formulas are in the CSV."))}
        </p>
    }
    .into_any()
}

/// The leg or slide that a formula is about; empty for the whole book.
fn about(figures: &Figures, assessment: &Assessment, working: &Working) -> String {
    let leg = working.leg.and_then(|leg| figures.book.legs.get(leg)).map(|leg| leg_name(&figures.book, leg));
    let slide = working.slide.and_then(|slide| assessment.grid.slides.get(slide)).map(|slide| slide.label.clone());
    [leg, slide].into_iter().flatten().collect::<Vec<String>>().join(", ")
}
