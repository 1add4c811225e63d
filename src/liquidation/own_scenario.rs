//! One's own scenario: a move for each price, for stablecoins, vols and the clock.

use std::collections::BTreeMap;

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::market::Market;
use serde_json::{Map, Value, json};

use crate::charts::format::{number, number_move, percent_move};
use crate::parts::{RangeInput, flag, keyed_rows, text};
use crate::state::use_simulator;

/// What stands for a dollar and may stop doing so.
const STABLECOINS: [&str; 2] = ["USDC", "USDT"];

/// What the sliders say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OwnScenario {
    /// Percent by underlying.
    moves: BTreeMap<String, f64>,
    /// Percent, of all stablecoins.
    stablecoins: f64,
    /// Percent points.
    vol_points: f64,
    /// Percent points.
    haircut: f64,
    days: f64,
}

impl OwnScenario {
    /// As an option of the question `stress`; what was moved in another market is left out.
    pub fn option(&self, market: &Market) -> Value {
        let is_known = |asset: &str| asset.parse().is_ok_and(|asset: Asset| market.get(asset).is_some());
        let moves = self.moves.iter().filter(|(asset, _)| is_known(asset));
        let mut moves: Map<String, Value> =
            moves.map(|(asset, percent)| (asset.clone(), json!(percent / 100.0))).collect();
        if self.stablecoins != 0.0 {
            moves.extend(STABLECOINS.map(|asset| (asset.to_owned(), json!(self.stablecoins / 100.0))));
        }
        json!({
            "title": "Your own",
            "sentence": "What the sliders below the table say.",
            "source": "Your own",
            "moves": moves,
            "vol_points": self.vol_points / 100.0,
            "days": self.days,
            "haircut": self.haircut / 100.0,
        })
    }
}

/// The sliders.
#[component]
pub fn OwnSliders(own: RwSignal<OwnScenario>) -> impl IntoView {
    let simulator = use_simulator();
    // Prices that the account depends on, and whether it has money that may lose its peg.
    let has = Memo::new(move |_| {
        simulator.outcome.with(|outcome| {
            let Some(figures) = outcome.figures() else { return (vec![], false) };
            let book = &figures.book;
            let mut prices: Vec<String> = book.underlyings.iter().map(|it| it.asset.to_string()).collect();
            for asset in book.balances.iter().filter_map(|balance| balance.priced_by) {
                if !prices.contains(&asset.to_string()) {
                    prices.push(asset.to_string());
                }
            }
            let pegged = |asset: Asset| STABLECOINS.contains(&asset.as_str());
            let is_pegged = book.balances.iter().any(|it| pegged(it.asset))
                || book.settlements.iter().any(|group| pegged(group.asset))
                || pegged(book.currency);
            (prices, is_pegged)
        })
    });
    let prices = Memo::new(move |_| has.with(|(prices, _)| prices.clone()));
    let price = move |asset: String| {
        let (read, write) = (asset.clone(), asset.clone());
        let value = move || own.with(|own| own.moves.get(&read).copied().unwrap_or(0.0));
        let set = move |percent: f64| {
            own.update(|own| {
                own.moves.insert(write.clone(), percent);
            });
        };
        slider(asset, "own-price", (-90.0, 100.0), Signal::derive(value), percent_words, Callback::new(set))
    };
    let of = move |title: &'static str,
                   testid: &'static str,
                   range: (f64, f64),
                   words: fn(f64) -> String,
                   read: fn(&OwnScenario) -> f64,
                   write: fn(&mut OwnScenario) -> &mut f64| {
        let set = Callback::new(move |value| own.update(|own| *write(own) = value));
        slider(title.to_owned(), testid, range, Signal::derive(move || own.with(read)), words, set)
    };
    let points = |points: f64| format!("{}\u{a0}pts", number_move(points, 0));
    let stablecoins = crate::parts::shown(flag(move || has.with(|(_, is_pegged)| *is_pegged)), move || {
        let at = |percent: f64| format!("{:.2}", 1.0 + percent / 100.0);
        of("Stablecoins at", "own-stablecoins", (-50.0, 5.0), at, |own| own.stablecoins, |own| &mut own.stablecoins)
    });
    view! {
        <div class="stress-own" role="group" aria-label="Your own scenario" data-testid="stress-own">
            <div class="stress-own-head">
                <h3 class="stress-own-title">"Your own"</h3>
                <button
                    class="button small"
                    data-testid="own-reset"
                    disabled=flag(move || own.with(|own| *own == OwnScenario::default()))
                    on:click=move |_| own.set(OwnScenario::default())
                >
                    "Reset"
                </button>
            </div>
            {keyed_rows(prices.into(), price)}
            {stablecoins}
            {of("All vols", "own-vol", (-50.0, 100.0), points, |own| own.vol_points, |own| &mut own.vol_points)}
            {of("Days", "own-days", (0.0, 60.0), |days| number(days, 0), |own| own.days, |own| &mut own.days)}
            {of("Haircuts", "own-haircut", (0.0, 60.0), points, |own| own.haircut, |own| &mut own.haircut)}
        </div>
    }
}

fn percent_words(percent: f64) -> String {
    percent_move(percent / 100.0)
}

/// A label, its value, and a slider beside them. A double click sets it back to nothing.
fn slider(
    title: String,
    testid: &'static str,
    range: (f64, f64),
    value: Signal<f64>,
    words: fn(f64) -> String,
    set: Callback<f64>,
) -> AnyView {
    let words = text(move || words(value.get()));
    view! {
        <label class="stress-slider" on:dblclick=move |_| set.run(0.0)>
            <span>{title}</span>
            <RangeInput range=Signal::stored(range) step=1.0 value spoken=words set testid />
            <output class="figure num">{words}</output>
        </label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::markets::{BUNDLED, named};

    #[test]
    fn sliders_are_a_scenario_of_the_contract() {
        let own = OwnScenario {
            moves: BTreeMap::from([("BTC".to_owned(), -30.0), ("AAPL".to_owned(), 5.0)]),
            stablecoins: -12.0,
            vol_points: 20.0,
            haircut: 0.0,
            days: 3.0,
        };
        let coins = named(BUNDLED[0].name).expect("tested elsewhere");
        let option = json!({ "scenarios": [own.option(&coins)] });
        let read = margin_engine::insight::read_scenarios(&option).expect("of its shape").remove(0);
        let moves: Vec<(String, f64)> = read.moves.iter().map(|(asset, step)| (asset.to_string(), *step)).collect();
        let expected = [("BTC", -0.3), ("USDC", -0.12), ("USDT", -0.12)];
        assert_eq!(moves, expected.map(|(asset, step)| (asset.to_owned(), step)));
        assert_eq!((read.vol_points, read.days, read.haircut), (0.2, 3.0, 0.0));
    }
}
