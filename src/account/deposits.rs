//! What might be deposited where nothing is: twice what is needed, in dollars or in the coin.

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::methodology::find;

use crate::builder::words::size;
use crate::state::{Simulator, use_simulator};

/// US dollars where nothing is needed yet.
const WITHOUT_NEED: f64 = 100_000.0;

/// The sentence on an empty table, and deposits that one click makes.
#[component]
pub fn NoCollateral() -> impl IntoView {
    let simulator = use_simulator();
    let suggested = Memo::new(move |_| suggested(simulator));
    let buttons = move || {
        let button = |(asset, amount): (Asset, f64)| {
            let words = format!("{} {asset}", size(amount));
            let what = format!("deposited {words}");
            let deposit = move |_| simulator.edit(what.clone(), |draft| draft.push_balance(asset, amount, None));
            view! {
                <button class="button small" data-testid=format!("deposit-{asset}") on:click=deposit>
                    {format!("Deposit {words}")}
                </button>
            }
        };
        suggested.get().into_iter().map(button).collect_view()
    };
    view! {
        <div class="empty no-collateral" data-testid="collateral-empty">
            <p>"No collateral yet."</p>
            <div class="no-collateral-deposits">{buttons}</div>
        </div>
    }
}

/// Assets that the schedule takes, and how much of each makes the account count for twice what it needs.
fn suggested(simulator: Simulator) -> Vec<(Asset, f64)> {
    let coin = simulator.account_coin();
    simulator.draft.with(|draft| {
        let schedule =
            find(&draft.methodology).map(|entry| simulator.methodologies.schedule(entry, draft.collateral.as_ref()));
        let Some(Ok(schedule)) = schedule else { return vec![] };
        let needed_usd = simulator.outcome.with(|outcome| {
            let figures = outcome.figures()?;
            let state = &figures.account_state;
            let needed = 2.0 * state.requirement.initial - state.margin_balance.initial;
            Some(needed * figures.book.usd_per_account).filter(|needed| *needed > 0.0)
        });
        let counts = |asset: &Asset| schedule.terms(*asset).haircut.initial < 1.0;
        let dollars = [Asset::USDC, Asset::USD].into_iter().find(counts);
        let each = dollars.into_iter().chain(coin.filter(counts)).filter_map(|asset| {
            let counted = simulator.today().usd_per(asset)? * (1.0 - schedule.terms(asset).haircut.initial);
            Some((asset, rounded_up(needed_usd.unwrap_or(WITHOUT_NEED) / counted)))
        });
        each.collect()
    })
}

/// The next number of two digits and zeros.
fn rounded_up(amount: f64) -> f64 {
    let mut unit = 1e-8;
    while unit * 100.0 < amount {
        unit *= 10.0;
    }
    // So that 0.07 is no 0.07000000000000001.
    ((amount / unit).ceil() * unit * 1e9).round() / 1e9
}

#[cfg(test)]
mod tests {
    use super::rounded_up;

    #[test]
    fn amounts_are_rounded_up_to_two_digits() {
        for (amount, expected) in
            [(83_120.0, 84_000.0), (100.0, 100.0), (1.06, 1.1), (0.0612, 0.062), (0.07, 0.07), (1.5e6, 1.5e6)]
        {
            assert_eq!(rounded_up(amount), expected, "{amount}");
        }
    }
}
