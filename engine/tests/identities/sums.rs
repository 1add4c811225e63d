//! Under every methodology: parts make wholes, and what cannot matter does not.

use proptest::prelude::*;

use crate::support::{
    METHODOLOGIES, Shape, any_currency, any_market, any_position, any_positions, assessed, book, close, coins, market,
    requirement,
};

proptest! {
    #![proptest_config(crate::cases())]

    #[test]
    fn parts_sum_to_the_requirement(
        market in any_market(),
        positions in any_positions(),
        currency in any_currency(),
        charge in 0.0..1e6,
    ) {
        let book = book(currency, &positions, &market);
        let charges = serde_json::json!({ "charges": { "open_orders": charge } });
        for (id, edits) in METHODOLOGIES.map(|id| (id, None)).into_iter().chain([("deribit-portfolio", Some(&charges))])
        {
            let (assessment, savings) = assessed(id, edits, &book);
            let scale = assessment.components.iter().flat_map(|part| &part.initial_by_leg).map(|part| part.abs());
            let scale = scale.sum::<f64>() + assessment.initial;
            let sum = |parts: &mut dyn Iterator<Item = f64>| parts.sum::<f64>();

            let initial = sum(&mut assessment.components.iter().map(|part| part.initial));
            let maintenance = sum(&mut assessment.components.iter().map(|part| part.maintenance));
            prop_assert_eq!((initial, maintenance), (assessment.initial, assessment.maintenance), "{}", id);
            let charged = if edits.is_some() { charge } else { 0.0 };
            let shares = sum(&mut assessment.leg_shares.iter().copied());
            prop_assert!(close(shares, initial - charged, 1e-12, scale), "{}: {} of {}", id, shares, initial - charged);
            for part in assessment.components.iter().filter(|part| !part.initial_by_leg.is_empty()) {
                let by_leg = sum(&mut part.initial_by_leg.iter().copied());
                prop_assert!(close(by_leg, part.initial, 1e-12, scale), "{} {}", id, part.name);
                // What lowers a requirement says so; nothing else may.
                let is_credit = ["inter-commodity credit", "net option value"].contains(&part.name);
                prop_assert!(is_credit || part.initial >= 0.0 && part.maintenance >= 0.0, "{} {}", id, part.name);
            }
            // Presets only: with edits of the custom model the maintenance may be set above the initial.
            prop_assert!(initial >= maintenance && maintenance >= 0.0, "{}: {} {}", id, initial, maintenance);

            let alone = sum(&mut savings.legs.iter().map(|leg| leg.initial));
            prop_assert!(close(savings.credit.initial, alone - (initial - charged), 1e-12, alone + scale), "{}", id);
            for pot in &assessment.pots {
                let least = pot.counted_pnl.iter().copied().fold(0.0, f64::min);
                prop_assert_eq!(pot.worst_loss(), -least, "{}", id);
            }
        }
    }

    #[test]
    fn a_position_of_nothing_changes_nothing(
        market in any_market(),
        positions in any_positions(),
        nothing in any_position(),
        place in 0..9_usize,
    ) {
        let mut more = positions.clone();
        more.insert(place.min(positions.len()), coins(&nothing.instrument.to_string(), 0.0));
        let (with, without) = (book("USD", &more, &market), book("USD", &positions, &market));
        for id in METHODOLOGIES {
            let (with, without) = (requirement(id, None, &with), requirement(id, None, &without));
            prop_assert!(close(with.0, without.0, 1e-13, without.0), "{}: {} {}", id, with.0, without.0);
            prop_assert!(close(with.1, without.1, 1e-13, without.1), "{}: {} {}", id, with.1, without.1);
        }
    }

    #[test]
    fn the_order_of_positions_does_not_matter(
        market in any_market(),
        (positions, shuffled) in any_positions().prop_flat_map(|p| (Just(p.clone()), Just(p).prop_shuffle())),
    ) {
        let (one, other) = (book("USD", &positions, &market), book("USD", &shuffled, &market));
        for id in METHODOLOGIES {
            let (assessment, savings) = assessed(id, None, &one);
            let (initial, maintenance) = requirement(id, None, &other);
            let gross: f64 = one.legs.iter().map(|leg| (leg.coins * one.index_of(leg)).abs()).sum();
            let scale = savings.alone.initial + gross;
            prop_assert!(close(initial, assessment.initial, 1e-12, scale), "{}", id);
            prop_assert!(close(maintenance, assessment.maintenance, 1e-12, scale), "{}", id);
        }
    }

    /// A venue knows one position for each instrument, however it was traded.
    #[test]
    fn a_position_in_two_parts_needs_what_it_needs_in_one(
        market in any_market(),
        positions in any_positions(),
        size in -20.0..20.0_f64,
        other in any_position(),
        part in -1e3..1e3_f64,
    ) {
        let name = other.instrument.to_string();
        let with = |parts: &[f64]| {
            let parts = parts.iter().map(|size| coins(&name, *size));
            book("USD", &positions.iter().copied().chain(parts).collect::<Vec<_>>(), &market)
        };
        let (one, two) = (with(&[size]), with(&[part, size - part]));
        let gross: f64 = two.legs.iter().map(|leg| (leg.coins * two.index_of(leg)).abs()).sum();
        // Isolated margin is the one that does not net, by its definition.
        // Without a threshold, so that the delta shock, which tells long options from short ones, takes part.
        let threshold = serde_json::json!({ "delta_shock_threshold_usd": 0 });
        let shocked = serde_json::json!({ "underlyings": { "BTC": threshold, "ETH": threshold } });
        let edits = |id| (id == "deribit-portfolio").then_some(&shocked);
        for id in METHODOLOGIES.into_iter().filter(|id| *id != "isolated") {
            let (one, two) = (requirement(id, edits(id), &one), requirement(id, edits(id), &two));
            prop_assert!(close(one.0, two.0, 1e-12, gross), "{}: {} {}", id, one.0, two.0);
            prop_assert!(close(one.1, two.1, 1e-12, gross), "{}: {} {}", id, one.1, two.1);
        }
    }

    /// The requirement in another currency is the same money.
    #[test]
    fn the_account_currency_is_only_a_unit(market in any_market(), positions in any_positions()) {
        let (dollars, coins) = (book("USD", &positions, &market), book("BTC", &positions, &market));
        let index = market.underlyings()[0].index();
        let gross: f64 = dollars.legs.iter().map(|leg| (leg.coins * dollars.index_of(leg)).abs()).sum();
        for id in METHODOLOGIES {
            let (dollars, coins) = (requirement(id, None, &dollars), requirement(id, None, &coins));
            prop_assert!(close(coins.0 * index, dollars.0, 1e-12, gross), "{}: {} {}", id, coins.0 * index, dollars.0);
            prop_assert!(close(coins.1 * index, dollars.1, 1e-12, gross), "{}", id);
        }
    }
}

/// Vega of one expiry offsets a hundred million times as much of another: a difference of the two would lose what is left.
#[test]
fn shares_sum_to_a_charge_that_is_next_to_nothing() {
    let market = market(Shape { level: 0.3, vol_annual: 0.16, carry: 0.0, discount_rate: 0.0 });
    let positions = [coins("BTC-30OCT26-90000-C", -9.8), coins("BTC_USDC-25DEC26-100000-C", 13.6)];
    let (assessment, _) = assessed("okx-portfolio", None, &book("USD", &positions, &market));
    let part = assessment.components.iter().find(|part| part.name == "vega term structure").expect("it has one");
    let by_leg: f64 = part.initial_by_leg.iter().sum();
    assert!(part.initial > 0.0 && part.initial < 1e-15, "{}", part.initial);
    assert!(close(by_leg, part.initial, 1e-12, part.initial), "{by_leg} of {}", part.initial);
}
