//! Initial and maintenance, and what they are made of.

use leptos::prelude::*;
use margin_engine::asset::Asset;

use super::explain::ExplainButton;
use super::memos::Memos;
use crate::charts::format::money;
use crate::charts::waterfall::{self, Bar, Waterfall};
use crate::parts::{ChartCanvas, Stage, flag, maybe, outcome_in, text, unit};
use crate::state::figures::{Figures, Outcome};
use crate::state::use_simulator;

/// The two figures, the components as a waterfall, and where they come from.
#[component]
pub fn RequirementPanel() -> impl IntoView {
    let simulator = use_simulator();
    let place = NodeRef::new();
    let outcome = outcome_in(simulator, place);
    // What the chart is drawn from: it is drawn anew only when this changes.
    let drawn = Memo::new(move |_| outcome.with(|outcome| outcome.figures().map(Drawn::of)));
    view! {
        <section class="panel panel-requirement" node_ref=place aria-labelledby="requirement-title">
            <div class="panel-head">
                <h2 class="panel-title" id="requirement-title">"Requirement"</h2>
                <CurrencySwitch />
            </div>
            <div class="requirement-figures">
                <Figure
                    outcome
                    name="Initial margin"
                    testid="initial-margin"
                    figure=|figures| figures.assessment.initial
                />
                <Figure
                    outcome
                    name="Maintenance"
                    testid="maintenance-margin"
                    figure=|figures| figures.assessment.maintenance
                />
            </div>
            <div class="waterfall">
                <ChartCanvas
                    label=text(move || drawn.with(|drawn| drawn.as_ref().map_or_else(String::new, Drawn::in_words)))
                    draw=move |stage: &Stage| drawn.with(|drawn| {
                        if let Some(drawn) = drawn {
                            drawn.draw(stage);
                        }
                    })
                />
            </div>
            <Memos outcome />
            <div class="requirement-more">
                <Components outcome />
                <ExplainButton />
            </div>
            <ProvenanceLine outcome />
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
fn Figure(
    outcome: Memo<Outcome>,
    name: &'static str,
    testid: &'static str,
    figure: fn(&Figures) -> f64,
) -> impl IntoView {
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
fn Components(outcome: Memo<Outcome>) -> impl IntoView {
    let rows = Memo::new(move |_| {
        outcome.with(|outcome| {
            let Some(figures) = outcome.figures() else { return Vec::new() };
            let unit = unit(&figures.assessment.currency);
            let row = |component: &margin_engine::methodology::Component| {
                let figures = [money(component.initial, unit), money(component.maintenance, unit)];
                (component.name, component.explanation.to_owned(), figures)
            };
            figures.assessment.components.iter().map(row).collect()
        })
    });
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
                        rows.get()
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
fn ProvenanceLine(outcome: Memo<Outcome>) -> impl IntoView {
    let simulator = use_simulator();
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

/// What the waterfall shows.
#[derive(Clone, PartialEq)]
struct Drawn {
    components: Vec<(&'static str, f64)>,
    initial: f64,
    currency: Asset,
    /// Nothing is drawn for a book without legs.
    has_legs: bool,
}

impl Drawn {
    fn of(figures: &Figures) -> Drawn {
        let assessment = &figures.assessment;
        Drawn {
            components: assessment.components.iter().map(|component| (component.name, component.initial)).collect(),
            initial: assessment.initial,
            currency: assessment.currency,
            has_legs: !figures.book.legs.is_empty(),
        }
    }

    fn draw(&self, stage: &Stage) {
        if !self.has_legs {
            return;
        }
        let bars: Vec<Bar<'_>> = self.components.iter().map(|&(name, amount)| Bar { name, amount }).collect();
        let waterfall = Waterfall {
            components: &bars,
            total: Bar { name: "initial", amount: self.initial },
            unit: unit(&self.currency),
        };
        // A canvas takes everything: there is nobody to tell.
        let _ = waterfall::draw(&stage.area, &waterfall, stage.theme, stage.scale);
    }

    fn in_words(&self) -> String {
        let unit = unit(&self.currency);
        let parts: Vec<String> =
            self.components.iter().map(|(name, amount)| format!("{name} {}", money(*amount, unit))).collect();
        format!("Initial margin {}: {}", money(self.initial, unit), parts.join(", "))
    }
}
