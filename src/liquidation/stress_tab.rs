//! The account under named scenarios.

use std::sync::Arc;

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::contract::{MarginFiguresDocument, StressDocument, StressScenarioDocument};
use serde_json::json;

use super::own_scenario::{OwnScenario, OwnSliders};
use super::stress_details::stress_details;
use crate::charts::format::{NO_FIGURE, money, percent, profit};
use crate::parts::{either, flag, keyed_rows, maybe, shown, text, unit, waiting_line};
use crate::state::questions::Answer;
use crate::state::use_simulator;

/// The identifier of one's own scenario in the answer.
const OWN: &str = "own";

/// A table of scenarios with what becomes of the account in each; a click opens a row.
#[component]
pub fn StressTab() -> impl IntoView {
    let simulator = use_simulator();
    let own = RwSignal::new(OwnScenario::default());
    let has_something = flag(move || {
        simulator.outcome.with(|outcome| {
            outcome.figures().is_some_and(|it| !it.book.legs.is_empty() || !it.book.balances.is_empty())
        })
    });
    let follow = simulator.questions;
    let library = follow.follow::<StressDocument>(simulator, "stress", move || has_something.get().then(|| json!({})));
    let of_own = follow.follow::<StressDocument>(simulator, "stress", move || {
        let own = own.with(|own| own.option(&simulator.today()));
        has_something.get().then(|| json!({ "library": false, "scenarios": [own] }))
    });
    // The answer that a row is in.
    let answer_of = move |id: &str| if id == OWN { of_own.answer } else { library.answer };
    let keys = Memo::new(move |_| {
        let ids = |answer: &Answer<StressDocument>| {
            answer.ready().map(|found| found.scenarios.iter().map(|it| it.id.clone()).collect::<Vec<String>>())
        };
        let mut keys = library.answer.with(ids).unwrap_or_default();
        if !keys.is_empty() {
            keys.extend(of_own.answer.with(ids).unwrap_or_default());
        }
        keys
    });
    let open = RwSignal::new(None::<String>);
    let is_there = flag(move || has_something.get() && keys.with(|keys| !keys.is_empty()));
    let message = text(move || {
        let failed = library.answer.with(|answer| answer.error().map(str::to_owned));
        match failed {
            _ if !has_something.get() => {
                "Add legs or collateral to see what crises would do to the account.".to_owned()
            }
            Some(reason) => reason,
            None => "Going through the crises…".to_owned(),
        }
    });
    let failed = flag(move || is_there.get() && library.answer.with(|answer| answer.error().is_some()));
    let moved = flag(move || !simulator.what_if.get().is_none());
    let table = move || {
        let row = move |id: String| {
            let answer = answer_of(&id);
            scenario_row(id, answer, open)
        };
        view! {
            <table class="table stress-table" data-testid="stress-table">
                <caption class="visually-hidden">"What becomes of the account in each scenario"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Scenario"</th>
                        <th scope="col" class="num">"P&L"</th>
                        <th scope="col" class="num">"Initial margin"</th>
                        <th scope="col" class="num">"Free margin"</th>
                        <th scope="col" class="stress-ratio-head">"Margin ratio"</th>
                    </tr>
                </thead>
                <tbody>{now_row(library.answer)}</tbody>
                {keyed_rows(keys.into(), row)}
            </table>
            {shown(moved, || {
                view! { <p class="small-text muted">"Counted from the what-if that is set, on top of it."</p> }.into_any()
            })}
            <OwnSliders own />
        }
        .into_any()
    };
    view! {
        <div data-testid="stress" aria-busy=text(move || (library.is_waiting.get() || of_own.is_waiting.get()).to_string())>
            {shown(failed, move || view! { <p class="empty">{message}</p> }.into_any())}
            {either(is_there, table, move || view! { <p class="empty">{message}</p> }.into_any())}
            {waiting_line(vec![library.wait, of_own.wait], "Going through the crises")}
        </div>
    }
}

/// An answer to look at.
type Found = RwSignal<Answer<StressDocument>>;

/// The account as it is.
fn now_row(answer: Found) -> AnyView {
    let read = move |read: fn(&MarginFiguresDocument, Asset) -> String| {
        text(move || {
            let of = |found: &Arc<StressDocument>| Some(read(&found.before, found.currency.parse().ok()?));
            answer.with(|answer| answer.ready().and_then(of).unwrap_or_default())
        })
    };
    view! {
        <tr class="stress-now">
            <th scope="row">"As it is"</th>
            <td class="num"></td>
            <td class="num">{read(|account, currency| money(account.initial_margin, unit(&currency)))}</td>
            <td class="num">{read(|account, currency| money(account.free_margin, unit(&currency)))}</td>
            <td>{standing(read(|account, _| ratio(account)), read(|account, _| account.standing.clone()))}</td>
        </tr>
    }
    .into_any()
}

/// A scenario's row, and what opens below it.
fn scenario_row(id: String, answer: Found, open: RwSignal<Option<String>>) -> AnyView {
    let simulator = use_simulator();
    let key = id.clone();
    let scenario = Memo::new(move |_| {
        answer.with(|answer| {
            let found = answer.ready()?;
            let scenario = found.scenarios.iter().find(|scenario| scenario.id == key)?;
            Some((Arc::clone(found), scenario.clone()))
        })
    });
    let read = move |read: fn(&StressScenarioDocument, Asset) -> String| {
        text(move || {
            scenario.with(|scenario| {
                let of = |(found, scenario): &(Arc<StressDocument>, StressScenarioDocument)| {
                    Some(read(scenario, found.currency.parse().ok()?))
                };
                scenario.as_ref().and_then(of).unwrap_or_default()
            })
        })
    };
    let figure = move |figure: fn(&MarginFiguresDocument) -> f64| {
        text(move || {
            scenario
                .with(|scenario| {
                    let (found, scenario) = scenario.as_ref()?;
                    let currency: Asset = found.currency.parse().ok()?;
                    Some(money(figure(&scenario.outcome.as_ref()?.after), unit(&currency)))
                })
                .unwrap_or_default()
        })
    };
    let pnl = move || {
        scenario.with(|scenario| scenario.as_ref().and_then(|(_, it)| it.outcome.as_ref()).map(|outcome| outcome.pnl))
    };
    let (this, that) = (id.clone(), id.clone());
    let is_open = flag(move || open.with(|open| open.as_ref() == Some(&this)));
    let toggle = move |_| {
        open.update(|open| *open = if open.as_ref() == Some(&that) { None } else { Some(that.clone()) });
    };
    let details = move || {
        scenario.with(|scenario| {
            let now = simulator.today().now();
            scenario.as_ref().map(|(found, scenario)| stress_details(simulator, found, scenario, now))
        })
    };
    let error = text(move || {
        scenario.with(|scenario| scenario.as_ref().and_then(|(_, it)| it.error.clone()).unwrap_or_default())
    });
    let details_row = move || {
        view! {
            <tr class="stress-details">
                <td colspan="5" data-testid="stress-details">{details}</td>
            </tr>
        }
        .into_any()
    };
    let error_row = move || {
        view! {
            <tr class="stress-details">
                <td colspan="5" class="critical">{error}</td>
            </tr>
        }
        .into_any()
    };
    view! {
        <tbody>
            <tr data-testid="stress-row" data-scenario=id>
                <th scope="row">
                    <button class="stress-name" aria-expanded=text(move || is_open.get().to_string()) on:click=toggle>
                        {read(|scenario, _| scenario.title.clone())}
                    </button>
                </th>
                <td
                    class="num gain"
                    class:loss=flag(move || pnl().is_some_and(|pnl| pnl < 0.0))
                    data-testid="stress-pnl"
                    data-value=maybe(move || pnl().map(|pnl| pnl.to_string()))
                >
                    {read(|scenario, currency| {
                        scenario.outcome.as_ref().map_or_else(String::new, |it| profit(it.pnl, unit(&currency)))
                    })}
                </td>
                <td class="num">
                    {figure(|account| account.initial_margin)}
                </td>
                <td class="num">
                    {figure(|account| account.free_margin)}
                </td>
                <td>
                    {standing(
                        read(|scenario, _| after(scenario, ratio)),
                        read(|scenario, _| after(scenario, |account| account.standing.clone())),
                    )}
                </td>
            </tr>
            {shown(is_open, details_row)}
            {shown(flag(move || !error.get().is_empty()), error_row)}
        </tbody>
    }
    .into_any()
}

/// Something of the account after the scenario; nothing where it has no figures.
fn after(scenario: &StressScenarioDocument, read: fn(&MarginFiguresDocument) -> String) -> String {
    scenario.outcome.as_ref().map_or_else(String::new, |outcome| read(&outcome.after))
}

fn ratio(account: &MarginFiguresDocument) -> String {
    account.margin_ratio.map_or_else(|| NO_FIGURE.to_owned(), percent)
}

/// A margin ratio and the word for it.
fn standing(ratio: Signal<String>, standing: Signal<String>) -> AnyView {
    let word = text(move || standing.get().replace('-', " "));
    view! {
        <span class="stress-ratio">
            <span class="num">{ratio}</span>
            <span class="stress-standing" data-testid="stress-standing" data-standing=standing>{word}</span>
        </span>
    }
    .into_any()
}
