//! Scenarios: the same figures as two accounts resolved apart, and some by hand.

use margin_engine::account::{Account, Balance, Position};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::collateral::{CollateralSchedule, find_schedule};
use margin_engine::insight::{Scenario, Standing, StressError, Stressed, library, read_scenarios, stress};
use margin_engine::market::{Market, Shift};
use margin_engine::methodology::find;
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

use crate::support::{self, CALM, METHODOLOGIES, any_currency, any_market, any_positions, close, coins, market};

fn schedule(id: &str) -> CollateralSchedule {
    find_schedule(id).expect("registered").configure(None).expect("a valid preset")
}

fn own(scenario: Value) -> Scenario {
    read_scenarios(&json!({ "scenarios": [scenario] })).expect("of its shape").remove(0)
}

fn resolved(account: &Account, market: &Market) -> Book {
    Book::resolve(account, market, ExpiredPositions::Settle).expect("the market has it")
}

fn stressed(
    id: &str,
    haircuts: &str,
    account: &Account,
    market: &Market,
    scenario: &Scenario,
) -> Result<Stressed, StressError> {
    let entry = find(id).expect("registered");
    let methodology = entry.configure(None).expect("a valid preset");
    stress(entry, methodology.as_ref(), &schedule(haircuts), market, &resolved(account, market), scenario)
}

fn balances() -> Vec<Balance> {
    vec![
        Balance::new(Asset::USDC, 50_000.0),
        Balance::new(Asset::BTC, 2.0),
        Balance::new("WSTETH".parse().expect("a ticker"), 3.0),
    ]
}

fn equity(book: &Book) -> f64 {
    book.worth().total() + book.balances.iter().map(|balance| balance.value()).sum::<f64>()
}

proptest! {
    #![proptest_config(Config { cases: 32, ..crate::cases() })]

    #[test]
    fn profit_and_loss_is_the_difference_of_two_accounts(
        market in any_market(),
        positions in any_positions(),
        currency in any_currency(),
        spot_move in -0.6..1.5_f64,
        days in prop_oneof![Just(0.0), 0.0..60.0_f64],
    ) {
        // Between its expiries a market reads vols anew.
        let listed = |position: &Position| !position.instrument.to_string().contains("30OCT26");
        let positions = positions.into_iter().filter(listed).collect();
        let account = support::account(currency, positions).with_balances(balances()).expect("a valid account");
        let scenario = own(json!({ "classes": { "coin": spot_move }, "days": days }));
        let found = stressed("isolated", "par", &account, &market, &scenario).expect("a valid move");
        let shift = Shift { spot_move, vol_points: 0.0, days_forward: days };
        let moved = market.shifted(&shift).expect("a valid move");
        let after = resolved(&account.pinned(&market).expect("valid"), &moved);
        let before = resolved(&account, &market);
        let size: f64 = before.legs.iter().map(|leg| leg.coins.abs() * before.index_of(leg) * leg.account_per_quote).sum();
        let change = equity(&after) - equity(&before);
        let scale = size + equity(&after).abs() + equity(&before).abs();
        prop_assert!(close(found.pnl, change, 1e-9, scale), "{} {}", found.pnl, change);
        prop_assert!(close(found.state.equity, equity(&after), 1e-9, scale));
        let parts = found.leg_pnl.iter().sum::<f64>() + found.balance_pnl;
        prop_assert!(close(parts, found.pnl, 1e-12, scale));
        let worst = found.worst_leg.map_or(0.0, |leg| found.leg_pnl[leg]);
        let best = found.best_hedge.map_or(0.0, |leg| found.leg_pnl[leg]);
        prop_assert!(found.leg_pnl.iter().all(|pnl| *pnl >= worst && *pnl <= best));
    }
}

proptest! {
    #![proptest_config(Config { cases: 4, ..crate::cases() })]

    #[test]
    fn every_scenario_has_figures_under_every_methodology(market in any_market(), positions in any_positions()) {
        let account = support::account("USD", positions).with_balances(balances()).expect("a valid account");
        for scenario in library().expect("of its shape") {
            for id in METHODOLOGIES {
                let found = stressed(id, "general", &account, &market, &scenario);
                let found = found.unwrap_or_else(|error| panic!("{id} in {}: {error}", scenario.id));
                let figures = [found.pnl, found.state.requirement.initial, found.state.margin_balance.maintenance];
                prop_assert!(figures.iter().all(|figure| figure.is_finite()), "{} in {}", id, scenario.id);
            }
        }
    }
}

/// By hand. An index of 80,000; 10,000 USDC and 5,000 USDT; a call for USDC, a perpetual that gains nothing where only
/// its money does.
#[test]
fn money_that_loses_its_peg() {
    let money = vec![Balance::new(Asset::USDC, 10_000.0), Balance::new(Asset::USDT, 5_000.0)];
    let held = vec![coins("BTC_USDC-25DEC26-100000-C", 2.0), coins("BTC_USDC-PERPETUAL", 1.0)];
    let account = support::account("USD", held).with_balances(money).expect("a valid account");
    let market = market(CALM);
    let mark = resolved(&account, &market).legs[0].mark();
    let library = library().expect("of its shape");
    let named = |id: &str| library.iter().find(|scenario| scenario.id == id).expect("in the library");
    let both = stressed("isolated", "par", &account, &market, named("stablecoins-0.88")).expect("a valid move");
    assert!(close(both.balance_pnl, -1_200.0 - 600.0, 1e-12, 1e4), "{both:?}");
    assert!(close(both.leg_pnl[0], -0.12 * 2.0 * mark, 1e-12, 1e4), "{both:?}");
    assert!(close(both.leg_pnl[1], 0.0, 1e-12, 1e4), "{both:?}");
    assert_eq!((both.worst_leg, both.best_hedge), (Some(0), None));
    let one = own(json!({ "moves": { "USDC": -0.12 } }));
    let one = stressed("isolated", "par", &account, &market, &one).expect("a valid move");
    assert!(close(one.balance_pnl, -1_200.0, 1e-12, 1e4));
    let usdc = stressed("isolated", "par", &account, &market, named("usdc-2023-03-11")).expect("a valid move");
    assert!(close(usdc.balance_pnl, -1_200.0, 1e-12, 1e4));
    // The future gains 2.21 % of its mark in money that is worth 0.88.
    let perpetual = resolved(&account, &market).legs[1].mark();
    assert!(close(usdc.leg_pnl[1], 0.0221 * perpetual * 0.88, 1e-12, 1e4), "{usdc:?}");
}

/// By hand: a haircut of 10 % on a coin of 80,000 becomes 30 %; dollars at par stay there.
#[test]
fn haircuts_grow_where_there_are_any() {
    let money = vec![Balance::new(Asset::BTC, 1.0), Balance::new(Asset::USDC, 1_000.0)];
    let account = support::account("USD", vec![]).with_balances(money).expect("a valid account");
    let found = stressed("isolated", "general", &account, &market(CALM), &own(json!({ "haircut": 0.2 })));
    let found = found.expect("a valid haircut");
    assert_eq!(found.pnl, 0.0);
    assert!(close(found.state.margin_balance.initial, 0.7 * 80_000.0 + 1_000.0, 1e-12, 1e5), "{found:?}");
    assert_eq!(found.state.standing, Standing::Healthy);
}

/// By hand: a coin falls by half under a perpetual of one coin, entered at its mark, with 30,000 dollars beside it.
#[test]
fn who_loses_more_than_there_is_is_bankrupt() {
    let account = support::account("USD", vec![coins("BTC_USDC-PERPETUAL", 1.0)]);
    let account = account.with_balances(vec![Balance::new(Asset::USDC, 30_000.0)]).expect("a valid account");
    let market = market(CALM);
    let mark = resolved(&account, &market).legs[0].mark();
    let found = stressed("cross", "par", &account, &market, &own(json!({ "moves": { "BTC": -0.5 } })));
    let found = found.expect("a valid move");
    assert!(close(found.pnl, -0.5 * mark, 1e-12, 1e5), "{found:?}");
    assert_eq!(found.state.standing, Standing::Bankrupt);
    for (bad, sentence) in [
        (json!({ "moves": { "BTC": -1 } }), "price move"),
        (json!({ "vol_factor": -1 }), "factor of vols"),
        (json!({ "days": -1 }), "days forward"),
        (json!({ "haircut": 2 }), "haircut_added is 2"),
    ] {
        let error = stressed("cross", "par", &account, &market, &own(bad)).expect_err(sentence).to_string();
        assert!(error.contains(sentence), "{error}");
    }
}
