//! Segregated, cross and unified accounts: in order, and worked out by hand.

use margin_engine::account::{Account, Balance, Position};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::collateral::find_schedule;
use margin_engine::insight::{AccountModes, UnifiedRules, account_modes};
use margin_engine::market::Market;
use margin_engine::methodology::{assess, find};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{self, CALM, any_market, any_positions, close, coins, market};

/// Those that have a unified figure.
const NETTING: [&str; 6] =
    ["custom", "deribit-portfolio", "okx-portfolio", "paradex-portfolio", "aevo-portfolio", "regime-adaptive"];

/// Two linear slides up and down by 10 %, and nothing else.
fn plain() -> Value {
    json!({
        "price_range_up": 0.1, "price_range_down": 0.1, "price_steps": 1, "vol_shift_up": 0, "vol_shift_down": 0,
        "extreme_multiple": 0, "short_option_contingency": 0, "future_contingency": 0,
    })
}

fn modes_of(
    id: &str,
    edits: Option<&Value>,
    rules: &Value,
    positions: Vec<Position>,
    balances: &[(Asset, f64)],
    market: &Market,
) -> (AccountModes, f64) {
    let balances = balances.iter().map(|(asset, amount)| Balance::new(*asset, *amount)).collect();
    let account: Account = support::account("USD", positions).with_balances(balances).expect("valid");
    let book = Book::resolve(&account, market, ExpiredPositions::Refuse).expect("valid");
    let entry = find(id).expect("registered");
    let methodology = entry.configure(edits).expect("valid edits");
    let schedule = find_schedule("general").expect("known").configure(None).expect("a preset");
    let rules = UnifiedRules::new(Some(rules)).expect("valid rules");
    let assessment = assess(entry, methodology.as_ref(), &book).expect("it has rules");
    let modes = account_modes(methodology.as_ref(), &schedule, &rules, &book, &assessment).expect("it has rules");
    (modes, assessment.initial)
}

fn correlated(correlation: f64) -> Value {
    json!({"correlation": {"matrix": [1.0, correlation, correlation, 1.0]}})
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 24, ..crate::cases() })]

    #[test]
    fn unified_needs_no_more_than_cross_and_cross_no_more_than_segregated(
        market in any_market(),
        positions in any_positions(),
        place in 0..NETTING.len(),
        is_joint in any::<bool>(),
        (usdc, btc) in (-1e5..1e6_f64, -2.0..5.0_f64),
    ) {
        let rules = json!({"rule": if is_joint { "joint" } else { "offset" }});
        let balances = [(Asset::USDC, usdc), (Asset::BTC, btc)];
        let (modes, _) = modes_of(NETTING[place], None, &rules, positions, &balances, &market);
        let unified = modes.unified.as_ref().expect("it nets").figures;
        for (unified, cross) in [
            (unified.requirement.initial, modes.cross.requirement.initial),
            (unified.requirement.maintenance, modes.cross.requirement.maintenance),
        ] {
            prop_assert!(0.0 <= unified && unified <= cross * (1.0 + 1e-12), "{unified} {cross}");
        }
        let scale = modes.cross.requirement.initial.abs() + 1e6;
        for (unified, cross, segregated) in [
            (unified.shortfall.initial, modes.cross.shortfall.initial, modes.segregated.shortfall.initial),
            (unified.shortfall.maintenance, modes.cross.shortfall.maintenance, modes.segregated.shortfall.maintenance),
        ] {
            prop_assert!(unified <= cross + 1e-9 * scale && cross <= segregated + 1e-9 * scale);
        }
        let of_currencies: f64 = modes.currencies.iter().map(|it| it.requirement.initial).sum();
        prop_assert!(close(of_currencies, modes.cross.requirement.initial, 1e-9, scale));
    }

    /// Without balances all of it is money for positions, so so many times the positions need so many times the money.
    #[test]
    fn scaling_scales_and_nothing_adds_nothing(positions in any_positions(), factor in 0.1..10.0_f64) {
        let market = market(CALM);
        let edits = json!({"size_tiers": {"thresholds": [], "multiples": [1]}});
        let of = |positions: Vec<Position>| modes_of("custom", Some(&edits), &json!({}), positions, &[], &market).0;
        let required = |modes: &AccountModes| modes.unified.as_ref().expect("it nets").figures.requirement.initial;
        let scaled = positions.iter().map(|it| {
            let mut scaled = *it;
            scaled.quantity.amount *= factor;
            scaled
        });
        let one = of(positions.clone());
        prop_assert!(close(required(&of(scaled.collect())), factor * required(&one), 1e-9, factor * required(&one) + 1.0));
        let mut more = positions;
        more.push(coins("ETH_USDC-25DEC26-2800-C", 0.0));
        prop_assert!(close(required(&of(more)), required(&one), 1e-9, required(&one) + 1.0));
    }

    /// With one underlying, or at correlation 1, joint slides are the methodology's own.
    #[test]
    fn one_underlying_at_correlation_one_is_the_methodology_itself(
        positions in any_positions(),
        usdc in 0.0..1e6_f64,
    ) {
        let positions: Vec<Position> =
            positions.into_iter().filter(|it| it.instrument.product.base == Asset::BTC).collect();
        let rules = json!({"correlation": {"matrix": [1, 1, 1, 1]}});
        // Enough cash in each currency that no loss is borrowed.
        let balances = [(Asset::USDC, 1e9 + usdc), (Asset::BTC, 1e5)];
        let (modes, own) = modes_of("custom", None, &rules, positions, &balances, &market(CALM));
        let unified = modes.unified.as_ref().expect("it nets").figures;
        prop_assert!(close(unified.requirement.initial, own, 1e-9, own + 1.0), "{} {own}", unified.requirement.initial);
    }

    #[test]
    fn one_settlement_currency_is_the_same_in_every_mode(positions in any_positions(), usdc in -1e5..1e6_f64) {
        let linear = |it: &Position| it.instrument.product.quote == Asset::USDC;
        let positions: Vec<Position> = positions.into_iter().filter(linear).collect();
        for id in NETTING {
            let balances = [(Asset::USDC, usdc)];
            let (modes, own) = modes_of(id, None, &json!({}), positions.clone(), &balances, &market(CALM));
            let unified = modes.unified.as_ref().expect("it nets").figures;
            prop_assert_eq!(unified, modes.cross);
            prop_assert!(close(modes.segregated.requirement.initial, own, 1e-12, own));
            prop_assert!(close(modes.segregated.shortfall.initial, modes.cross.shortfall.initial, 1e-12, 1e6));
            prop_assert!(close(modes.segregated.free.initial, modes.cross.free.initial, 1e-12, 1e6));
        }
    }
}

/// The worst price of this book lies between two slides, so that any slide with a shortened move of BTC costs it more:
/// an underlying of which nothing is held must bring none.
#[test]
fn an_underlying_of_which_nothing_is_held_changes_nothing() {
    let held = || {
        vec![
            coins("BTC-25DEC26-80000-C", -13.4),
            coins("BTC_USDC-25SEP26-80000-P", 16.4),
            coins("BTC-25SEP26-80000-C", 16.7),
        ]
    };
    let of = |positions: Vec<Position>| {
        let edits = json!({"size_tiers": {"thresholds": [], "multiples": [1]}});
        let modes = modes_of("custom", Some(&edits), &json!({}), positions, &[], &market(CALM)).0;
        modes.unified.expect("it nets").figures.requirement
    };
    let with_eth = |amount: f64| [held(), vec![coins("ETH_USDC-25DEC26-2800-C", amount)]].concat();
    assert_eq!(of(with_eth(0.0)), of(held()));
    let least = of(with_eth(1e-9)).initial;
    assert!(least > of(held()).initial + 1.0, "the book tells nothing if no shortened move costs it more: {least}");
}

/// One coin of BTC at 80,000 against 30 of ETH at 2,400, futures both, ±10 %: alone they lose 8,000 and 7,200, for
/// coin-settled contracts gain S·s in dollars whatever their premium. At correlation ρ: together in full 800, ETH alone
/// in full and BTC by ρ, and both apart by √((1 − ρ)/2).
#[test]
fn two_futures_by_hand() {
    let (p, q) = (8_000.0, 7_200.0);
    let positions = || vec![coins("BTC-PERPETUAL", 1.0), coins("ETH-PERPETUAL", -30.0)];
    let cash = [(Asset::BTC, 10.0), (Asset::ETH, 1_000.0)];
    let of = |rules: &Value, cash: &[(Asset, f64)]| {
        let (modes, own) = modes_of("custom", Some(&plain()), rules, positions(), cash, &market(CALM));
        let unified = modes.unified.as_ref().expect("it nets").figures.requirement.initial;
        (modes.cross.requirement.initial, unified, own)
    };
    for correlation in [0.0, 0.5, 0.9, 1.0_f64] {
        let (cross, unified, own) = of(&correlated(correlation), &cash);
        let apart = ((1.0 - correlation) / 2.0).sqrt() * (p + q);
        let expected = (p - q).max(p - correlation * q).max(q - correlation * p).max(apart).min(p + q);
        assert!(close(cross, p + q, 1e-9, cross), "{cross}");
        assert!(close(own, p - q, 1e-9, cross), "{own}");
        assert!(close(unified, expected, 1e-7, cross), "{correlation}: {unified} {expected}");
    }
    // The offset rule: the greater loss less two fifths of the smaller, on one slide.
    let (_, unified, _) = of(&json!({"rule": "offset"}), &cash);
    assert!(close(unified, p - 0.4 * q, 1e-9, p), "{unified}");
    // Without coins what is lost is borrowed, at a tenth more.
    let (_, unified, _) = of(&correlated(1.0), &[(Asset::USDC, 1e6)]);
    assert!(close(unified, p - q + 0.1 * p, 1e-9, p), "{unified}");
}

/// The example that unified margin is for: an ETH-settled call, sold, against a BTC-settled future; dollars only.
#[test]
fn an_eth_call_hedged_by_a_btc_future() {
    let positions = vec![coins("ETH-25SEP26-2400-C", -100.0), coins("BTC-25SEP26", 1.6)];
    for id in NETTING {
        let (modes, _) = modes_of(id, None, &json!({}), positions.clone(), &[(Asset::USDC, 100_000.0)], &market(CALM));
        let unified = modes.unified.as_ref().expect("it nets");
        assert!(unified.figures.requirement.initial < 0.9 * modes.cross.requirement.initial, "{id} {modes:#?}");
        assert!(unified.figures.shortfall.initial == 0.0, "{id} {modes:#?}");
        assert!(modes.segregated.shortfall.initial > 0.9 * modes.segregated.requirement.initial, "{id}");
        let worst = unified.worst.as_ref().expect("it can lose");
        assert!(worst.by_currency.iter().sum::<f64>() < 0.0, "{id} {worst:?}");
    }
}

#[test]
fn rules_have_no_unified_figure_and_bad_rules_are_refused() {
    let positions = vec![coins("ETH-25SEP26-2400-C", -1.0)];
    let (modes, _) = modes_of("cross", None, &json!({}), positions, &[], &market(CALM));
    assert!(modes.unified.expect_err("it goes by rules").to_string().contains("no slides"));
    for (bad, word) in [
        (json!({"offset": 1.5}), "offset is 1.5"),
        (json!({"correlation": {"matrix": [1, 0.5, 0.4, 1]}}), "symmetric"),
        (json!({"correlation": {"matrix": [1, 2, 2, 1]}}), "between -1 and 1"),
        (
            json!({"correlation": {"assets": ["A", "B", "C"], "matrix": [1, 0.9, -0.9, 0.9, 1, 0.9, -0.9, 0.9, 1]}}),
            "semidefinite",
        ),
        (json!({"rule": "generous"}), "none of"),
    ] {
        let error = UnifiedRules::new(Some(&bad)).expect_err(word).to_string();
        assert!(error.contains(word), "{error}");
    }
}
