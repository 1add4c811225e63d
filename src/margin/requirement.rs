//! Initial and maintenance, and what they are made of.

use leptos::prelude::*;
use margin_engine::asset::Asset;

use super::explain::ExplainButton;
use super::memos::Memos;
use crate::charts::format::money;
use crate::charts::waterfall::{self, Bar, Waterfall};
use crate::parts::{ChartCanvas, Stage, flag, maybe, text, unit};
use crate::state::figures::Figures;
use crate::state::use_simulator;

/// The two figures, the components as a waterfall, and where they come from.
#[component]
pub fn RequirementPanel() -> impl IntoView {
    let simulator = use_simulator();
    view! {
        <section class="panel panel-requirement" aria-labelledby="requirement-title">
            <div class="panel-head">
                <h2 class="panel-title" id="requirement-title">"Requirement"</h2>
                <CurrencySwitch />
            </div>
            <div class="requirement-figures">
                <Figure name="Initial margin" testid="initial-margin" figure=|figures| figures.assessment.initial />
                <Figure
                    name="Maintenance"
                    testid="maintenance-margin"
                    figure=|figures| figures.assessment.maintenance
                />
            </div>
            <div class="waterfall">
                <ChartCanvas
                    label=Signal::derive(move || {
                        simulator.outcome.with(|outcome| outcome.figures().map_or_else(String::new, in_words))
                    })
                    draw=move |stage: &Stage| simulator.outcome.with(|outcome| {
                        if let Some(figures) = outcome.figures() {
                            draw(figures, stage);
                        }
                    })
                />
            </div>
            <Memos />
            <div class="requirement-more">
                <Components />
                <ExplainButton />
            </div>
            <ProvenanceLine />
        </section>
    }
}

/// US dollars or the coin.
#[component]
fn CurrencySwitch() -> impl IntoView {
    let simulator = use_simulator();
    let coin = move || match simulator.currency.get() {
        Asset::USD => simulator.account_coin().unwrap_or(Asset::USD),
        coin => coin,
    };
    let is_usd = move || simulator.currency.get() == Asset::USD;
    view! {
        <div class="segmented" role="group" aria-label="Currency of the figures">
            <button
                data-testid="currency-usd"
                aria-pressed=text(move || is_usd().to_string())
                on:click=move |_| simulator.currency.set(Asset::USD)
            >
                "USD"
            </button>
            <button
                data-testid="currency-coin"
                hidden=flag(move || coin() == Asset::USD)
                aria-pressed=text(move || (!is_usd()).to_string())
                on:click=move |_| simulator.currency.set(untrack(coin))
            >
                {text(move || coin().to_string())}
            </button>
        </div>
    }
}

/// One of the two figures.
#[component]
fn Figure(name: &'static str, testid: &'static str, figure: fn(&Figures) -> f64) -> impl IntoView {
    let outcome = use_simulator().outcome;
    let shown = Memo::new(move |_| {
        outcome.with(|outcome| match outcome.figures() {
            Some(figures) => money(figure(figures), unit(&figures.assessment.currency)),
            None => "–".to_owned(),
        })
    });
    let raw = maybe(move || outcome.with(|outcome| outcome.figures().map(|figures| figure(figures).to_string())));
    let currency =
        maybe(move || outcome.with(|outcome| outcome.figures().map(|figures| figures.assessment.currency.to_string())));
    view! {
        <p class="requirement-figure">
            <span class="muted small-text">{name}</span>
            <strong data-testid=testid data-value=raw data-currency=currency>
                {shown}
            </strong>
        </p>
    }
}

/// The table behind the waterfall: for screen readers, and for figures too small to draw.
#[component]
fn Components() -> impl IntoView {
    let outcome = use_simulator().outcome;
    let rows = move || {
        outcome.with(|outcome| {
            let Some(figures) = outcome.figures() else { return vec![] };
            let unit = unit(&figures.assessment.currency);
            let row = |component: &margin_engine::methodology::Component| {
                let figures = [money(component.initial, unit), money(component.maintenance, unit)];
                (component.name, component.explanation.to_owned(), figures)
            };
            figures.assessment.components.iter().map(row).collect()
        })
    };
    view! {
        <details class="components">
            <summary class="small-text muted">"Parts"</summary>
            <table class="table" data-testid="components">
                <thead>
                    <tr>
                        <th scope="col">"part"</th>
                        <th scope="col" class="num">"initial"</th>
                        <th scope="col" class="num">"maintenance"</th>
                    </tr>
                </thead>
                <tbody>
                    {move || {
                        rows()
                            .into_iter()
                            .map(|(name, explanation, [initial, maintenance])| {
                                view! {
                                    <tr title=explanation>
                                        <td>{name}</td>
                                        <td class="num">{initial}</td>
                                        <td class="num">{maintenance}</td>
                                    </tr>
                                }
                            })
                            .collect_view()
                    }}
                </tbody>
            </table>
        </details>
    }
}

/// Which rules, as of when, and how far they can be trusted.
#[component]
fn ProvenanceLine() -> impl IntoView {
    let simulator = use_simulator();
    let outcome = simulator.outcome;
    let rules = text(move || {
        outcome.with(|outcome| {
            let Some(figures) = outcome.figures() else { return String::new() };
            let provenance = &figures.assessment.provenance;
            let edited = if provenance.is_edited { ", edited" } else { "" };
            format!("{}{edited} · {} · {}", provenance.title, provenance.preset_date, provenance.mark_note)
        })
    });
    let source = text(move || {
        outcome.with(|outcome| {
            outcome.figures().map_or_else(String::new, |figures| figures.assessment.provenance.source.clone())
        })
    });
    let notes = text(move || {
        outcome.with(|outcome| outcome.figures().map_or_else(String::new, |figures| figures.assessment.notes.join(" ")))
    });
    let market = text(move || simulator.market.with(|loaded| loaded.market.source().description.clone()));
    view! {
        <div class="provenance small-text faint" data-testid="provenance">
            <p title=source>{rules}</p>
            <p>{notes}</p>
            <p>{market}</p>
        </div>
    }
}

fn bars(figures: &Figures) -> Vec<Bar<'_>> {
    figures
        .assessment
        .components
        .iter()
        .map(|component| Bar { name: component.name, amount: component.initial })
        .collect()
}

fn draw(figures: &Figures, stage: &Stage) {
    if figures.book.legs.is_empty() {
        return;
    }
    let waterfall = Waterfall {
        components: &bars(figures),
        total: Bar { name: "initial", amount: figures.assessment.initial },
        unit: unit(&figures.assessment.currency),
    };
    // A canvas takes everything: there is nobody to tell.
    let _ = waterfall::draw(&stage.area, &waterfall, stage.theme, stage.scale);
}

fn in_words(figures: &Figures) -> String {
    let unit = unit(&figures.assessment.currency);
    let parts: Vec<String> =
        bars(figures).iter().map(|bar| format!("{} {}", bar.name, money(bar.amount, unit))).collect();
    format!("Initial margin {}: {}", money(figures.assessment.initial, unit), parts.join(", "))
}
