//! Figures printed in the Cboe Margin Manual (edition of April 2000), in dollars, by its pages; and some by hand.

use super::*;
use Right::{Call, Put};

/// Gross requirement, proceeds and cash call of one strategy.
fn assert_printed(underlying: Underlying, holdings: &[Holding], strategy: &str, [gross, proceeds, call]: [f64; 3]) {
    let pairings = paired(&underlying, holdings);
    let names: Vec<&str> = pairings.strategies.iter().map(|strategy| strategy.strategy).collect();
    assert_eq!(names, [strategy]);
    close(pairings.requirement.initial, gross);
    close(pairings.requirement.maintenance, gross);
    close(pairings.proceeds, proceeds);
    close(pairings.cash_call(), call);
}

#[test]
fn page_39_a_put_spread_paid_for() {
    let legs = [option(1.0, Put, 250.0, 3.0, 0.2), option(-1.0, Put, 240.0, 0.95, 0.2)];
    assert_printed(stock_at(260.0), &legs, "vertical spread", [300.0, 95.0, 205.0]);
}

#[test]
fn page_42_a_call_spread_written() {
    let legs = [option(1.0, Call, 125.0, 3.8, 0.2), option(-1.0, Call, 120.0, 8.4, 0.2)];
    assert_printed(stock_at(128.5), &legs, "vertical spread", [880.0, 840.0, 40.0]);
}

#[test]
fn page_52_a_butterfly_of_puts() {
    let legs =
        [option(1.0, Put, 540.0, 5.6, 0.2), option(-2.0, Put, 550.0, 7.2, 0.2), option(1.0, Put, 555.0, 9.8, 0.2)];
    assert_printed(stock_at(550.0), &legs, "butterfly", [2040.0, 1440.0, 600.0]);
}

#[test]
fn page_56_an_iron_butterfly_written() {
    let legs = [
        option(1.0, Put, 16.0, 0.1, 0.2),
        option(-1.0, Put, 20.0, 0.2, 0.2),
        option(-1.0, Call, 20.0, 7.0, 0.2),
        option(1.0, Call, 24.0, 4.0, 0.2),
    ];
    assert_printed(stock_at(27.0), &legs, "iron butterfly", [810.0, 720.0, 90.0]);
}

#[test]
fn page_47_a_covered_call() {
    let legs = [Holding::Stock { shares: 100.0 }, option(-1.0, Call, 90.0, 5.0, 0.2)];
    let pairings = paired(&stock_at(92.38), &legs);
    assert_eq!(pairings.strategies[0].strategy, "covered call");
    close(pairings.requirement.initial, 4619.0);
    // By the rule: 25 % of the strike, which is below the market.
    close(pairings.requirement.maintenance, 2250.0);
}

#[test]
fn page_58_a_protective_put_beside_its_price() {
    let pairings = paired(&stock_at(103.5), &[Holding::Stock { shares: 100.0 }, option(1.0, Put, 95.0, 2.0, 0.2)]);
    assert_eq!(pairings.strategies[0].strategy, "protective put");
    close(pairings.requirement.maintenance, 1800.0 + 200.0);
    close(pairings.requirement.initial, 5175.0 + 200.0);
}

#[test]
fn page_59_a_conversion_beside_the_price_of_its_put() {
    let legs =
        [Holding::Stock { shares: 100.0 }, option(1.0, Put, 110.0, 6.0, 0.2), option(-1.0, Call, 110.0, 4.0, 0.2)];
    let pairings = paired(&stock_at(108.0), &legs);
    assert_eq!(pairings.strategies[0].strategy, "conversion");
    close(pairings.requirement.maintenance, 1100.0 + 600.0);
}

#[test]
fn stock_and_short_stock_by_hand() {
    // U 100, K 110: 10 % of the strike, what the put is in the money, and the proceeds of 100.
    let legs =
        [Holding::Stock { shares: -100.0 }, option(-1.0, Put, 110.0, 12.0, 0.2), option(1.0, Call, 110.0, 3.0, 0.2)];
    let pairings = paired(&stock_at(100.0), &legs);
    assert_eq!(pairings.strategies[0].strategy, "reverse conversion");
    close(pairings.requirement.maintenance, 1100.0 + 1000.0 + 10_000.0 + 300.0);
    close(pairings.requirement.initial, 15_000.0 + 1000.0 + 300.0);
    close(pairings.proceeds, 10_000.0 + 1200.0);
    // A cheap share: five dollars are more than 30 %.
    let pairings = paired(&stock_at(8.0), &[Holding::Stock { shares: -100.0 }]);
    close(pairings.requirement.maintenance, 1300.0);
    // A collar: min(9.5 + 5, 25 % of 105).
    let legs =
        [Holding::Stock { shares: 100.0 }, option(1.0, Put, 95.0, 2.0, 0.2), option(-1.0, Call, 105.0, 2.5, 0.2)];
    let pairings = paired(&stock_at(100.0), &legs);
    assert_eq!(pairings.strategies[0].strategy, "collar");
    close(pairings.requirement.maintenance, 1450.0 + 200.0);
    // A fund that moves three times its index: 75 % of its value, also initially.
    let fund = Underlying { leverage: 3.0, ..stock_at(40.0) };
    let pairings = paired(&fund, &[Holding::Stock { shares: 10.0 }]);
    close(pairings.requirement.maintenance, 300.0);
    close(pairings.requirement.initial, 300.0);
}

#[test]
fn a_short_straddle_and_what_is_left_over() {
    // Call: 5 + 20 = 25 (the greater), put: 4 + max(20 − 5, 9.5) = 19; together 25 + 4. The second call: 25.
    let legs = [option(-2.0, Call, 100.0, 5.0, 0.2), option(-1.0, Put, 95.0, 4.0, 0.2)];
    let pairings = paired(&stock_at(100.0), &legs);
    assert_eq!(pairings.strategies[0].strategy, "short strangle");
    close(pairings.requirement.initial, 2900.0 + 2500.0);
}

#[test]
fn a_long_must_not_expire_before_the_short() {
    let calendar = [option(-1.0, Call, 100.0, 5.0, 0.2), option(1.0, Call, 100.0, 7.0, 0.5)];
    let pairings = paired(&stock_at(100.0), &calendar);
    assert_eq!(pairings.strategies[0].strategy, "calendar spread");
    close(pairings.requirement.initial, 700.0);
    let reversed = [option(1.0, Call, 100.0, 5.0, 0.2), option(-1.0, Call, 100.0, 7.0, 0.5)];
    close(paired(&stock_at(100.0), &reversed).requirement.initial, 500.0 + 2700.0);
}

#[test]
fn long_term_options_are_paid_in_part_unless_they_cover() {
    let long = option(1.0, Call, 100.0, 8.0, 1.0);
    close(paired(&stock_at(100.0), &[long]).requirement.initial, 600.0);
    let spread = [long, option(-1.0, Call, 100.0, 5.0, 0.2)];
    close(paired(&stock_at(100.0), &spread).requirement.initial, 800.0);
}

#[test]
fn whole_contracts_are_paired_where_half_of_one_would_be_cheaper() {
    // Calls 100/110 cannot lose more than 10. The puts 100/80 would lose 20; the short put alone needs 12.
    let put = option(-1.0, Put, 100.0, 2.0, 0.2);
    let whole = [
        option(-1.0, Call, 100.0, 9.0, 0.2),
        option(1.0, Call, 110.0, 0.0, 0.2),
        option(1.0, Put, 80.0, 0.0, 0.2),
        put,
    ];
    let pairings = paired(&stock_at(100.0), &whole);
    close(pairings.requirement.initial, 2000.0);
    let two: Vec<Holding> = whole
        .iter()
        .map(|holding| match holding {
            Holding::Option { option, contracts } => Holding::Option { option: *option, contracts: 2.0 * contracts },
            other => *other,
        })
        .collect();
    assert!(paired(&stock_at(100.0), &two).requirement.initial <= 4000.0);
}

#[test]
fn what_cannot_be_used_is_refused() {
    let bad = [
        option(1.0, Call, 0.0, 5.0, 0.2),
        option(1.0, Call, 100.0, -1.0, 0.2),
        option(f64::NAN, Call, 100.0, 1.0, 0.2),
        option(1.0, Call, f64::INFINITY, 1.0, 0.2),
        Holding::Stock { shares: f64::INFINITY },
    ];
    for holding in bad {
        assert!(pair(&RATES, &stock_at(100.0), &[holding]).is_err(), "{holding:?}");
    }
    assert!(pair(&RATES, &stock_at(0.0), &[]).is_err());
    let nothing = paired(&stock_at(100.0), &[option(0.0, Call, 100.0, 5.0, 0.2)]);
    assert!(nothing.strategies.is_empty());
    assert_eq!(nothing.requirement.initial, 0.0);
}
