//! What is deposited, and what it counts for.

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::collateral::CountedBalance;
use margin_engine::methodology::find;

use super::balance_row::{ASSETS, BalanceRow};
use super::deposits::NoCollateral;
use super::haircuts::{HaircutsButton, ScheduleChoice, ScheduleMark};
use crate::builder::words::amount;
use crate::charts::format::NO_FIGURE;
use crate::parts::{flag, keyed_rows, maybe, shown, text};
use crate::state::draft::Draft;
use crate::state::{Simulator, use_simulator};

const PRICE: &str = "Dollars that one unit is worth, where the market does not say it or you know better";
const COUNTS: &str = "What it counts for against the initial requirement, after the haircut";

/// The table of balances, with the haircuts that apply to them.
#[component]
pub fn CollateralPanel() -> impl IntoView {
    let simulator = use_simulator();
    let rows = Memo::new(move |_| {
        simulator.draft.with(|draft| draft.balances.iter().map(|balance| balance.id.to_string()).collect::<Vec<_>>())
    });
    let is_empty = flag(move || rows.with(Vec::is_empty));
    let currency = text(move || simulator.currency.get().to_string());
    let list = keyed_rows(rows.into(), |id| view! { <BalanceRow id=id.parse().ok() /> }.into_any());
    // A memo, so that not every edit makes the list anew.
    let suggested = Memo::new(move |_| suggested(simulator));
    let suggestions = move || {
        let option = |asset: Asset| view! { <option value=asset.to_string()></option> };
        suggested.get().into_iter().map(option).collect_view()
    };
    let holds_haircuts = flag(move || simulator.draft.with(|draft| holds_haircuts(simulator, draft)));
    view! {
        <section class="panel panel-collateral" aria-labelledby="collateral-title">
            <div class="panel-head">
                <h2 class="panel-title" id="collateral-title">
                    "Collateral"
                </h2>
                <ScheduleMark />
                <ScheduleChoice />
                <HaircutsButton />
            </div>
            {shown(is_empty, || view! { <NoCollateral /> }.into_any())}
            <div role="table" class="balances" aria-label="Collateral" data-testid="balances">
                <div role="row" class="balance balance-head">
                    <span role="columnheader">"asset"</span>
                    <span role="columnheader" class="num">"amount"</span>
                    <span role="columnheader" class="num" title=PRICE>"price $"</span>
                    <span role="columnheader" class="num balance-value">"value " {currency}</span>
                    <span role="columnheader" class="num balance-counted" title=COUNTS>"counts"</span>
                    <span role="columnheader" class="balance-last">
                        <span class="visually-hidden">"Actions"</span>
                    </span>
                </div>
                {list}
                {shown(flag(move || rows.with(|rows| rows.len() > 1)), move || total(simulator))}
                <BalanceRow id=None />
            </div>
            {shown(
                holds_haircuts,
                || {
                    view! {
                        <p class="small-text muted">
                            "These rules hold the haircuts in the requirement, so that balances count at their price."
                        </p>
                    }
                    .into_any()
                },
            )}
            <datalist id=ASSETS>{suggestions}</datalist>
        </section>
    }
}

/// Whether the methodology's requirement holds the haircuts.
fn holds_haircuts(simulator: Simulator, draft: &Draft) -> bool {
    let Some(entry) = find(&draft.methodology) else { return false };
    // As it is configured for the figures, so that it is not read again.
    let configured = simulator.methodologies.configured(entry, draft.chosen_edits());
    configured.as_ref().as_ref().is_ok_and(|methodology| methodology.haircuts_collateral())
}

/// All balances together.
fn total(simulator: Simulator) -> AnyView {
    let sum = move |of: fn(&CountedBalance) -> f64| {
        simulator.outcome.with(|outcome| Some(outcome.figures()?.account_state.balances.iter().map(of).sum::<f64>()))
    };
    let written = move |of: fn(&CountedBalance) -> f64| {
        text(move || sum(of).map_or_else(|| NO_FIGURE.to_owned(), |sum| amount(sum, simulator.currency.get())))
    };
    let in_maintenance = maybe(move || {
        let sum = sum(|balance| balance.counted.maintenance)?;
        Some(format!("{} against maintenance", amount(sum, simulator.currency.get())))
    });
    view! {
        <div role="row" class="balance balance-total" data-testid="balance-total">
            <span role="rowheader">"together"</span>
            <span role="cell"></span>
            <span role="cell"></span>
            <span role="cell" class="num balance-value">{written(|balance| balance.value)}</span>
            <span role="cell" class="num balance-counted" title=in_maintenance>{written(|balance| balance.counted.initial)}</span>
            <span role="cell" class="balance-last"></span>
        </div>
    }
    .into_any()
}

/// Tickers that the market prices and that the schedule names.
fn suggested(simulator: Simulator) -> Vec<Asset> {
    let market = simulator.today();
    let coins = market.underlyings().iter().filter(|underlying| underlying.terms().class.is_coin());
    let priced = coins.map(|underlying| underlying.asset()).chain(market.fx_table().iter().map(|(asset, _)| *asset));
    let mut all: Vec<Asset> = [Asset::USDC, Asset::USD, Asset::USDT].into_iter().chain(priced).collect();
    simulator.draft.with(|draft| {
        let schedule =
            find(&draft.methodology).map(|entry| simulator.methodologies.schedule(entry, draft.collateral.as_ref()));
        if let Some(Ok(schedule)) = schedule {
            all.extend(schedule.parameters().assets.iter().filter_map(|(asset, _)| asset.parse::<Asset>().ok()));
        }
    });
    let mut seen: Vec<Asset> = vec![];
    for asset in all {
        if !seen.contains(&asset) {
            seen.push(asset);
        }
    }
    seen
}
