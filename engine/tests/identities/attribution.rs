//! Shares of the legs: they sum to the requirement, Shapley's are those of all orders, and with-and-without is what two
//! assessments differ by.

use margin_engine::account::Position;
use margin_engine::insight::{Attribution, AttributionOptions, Shares, attribution};
use margin_engine::market::Market;
use margin_engine::methodology::{Pair, assess, find};
use margin_engine::progress::Progress;
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::support::{CALM, METHODOLOGIES, any_market, any_position, any_positions, book, close, coins, market};

/// Each case asks for hundreds of requirements.
fn few_cases() -> Config {
    Config { cases: 12, ..crate::cases() }
}

fn attributed(id: &str, positions: &[Position], market: &Market, options: AttributionOptions) -> Attribution {
    let book = book("USD", positions, market);
    let entry = find(id).expect("registered");
    let methodology = entry.configure(None).expect("a valid preset");
    let assessment = assess(entry, methodology.as_ref(), &book).expect("it has rules for the book");
    attribution(methodology.as_ref(), &book, &assessment, options, Progress::UNHEARD)
        .expect("it has rules for its parts")
}

/// An assessment of its own of some positions only.
fn requirement(id: &str, positions: &[Position], market: &Market) -> Pair {
    let (initial, maintenance) = crate::support::requirement(id, None, &book("USD", positions, market));
    Pair { initial, maintenance }
}

fn less(left: Pair, right: Pair) -> Pair {
    left.plus(right.times(-1.0))
}

fn sum(shares: &[Pair]) -> Pair {
    shares.iter().fold(Pair::default(), |sum, share| sum.plus(*share))
}

fn are_close(left: Pair, right: Pair, relative: f64, scale: f64) -> bool {
    close(left.initial, right.initial, relative, scale) && close(left.maintenance, right.maintenance, relative, scale)
}

fn gross(positions: &[Position], market: &Market) -> f64 {
    let book = book("USD", positions, market);
    book.legs.iter().map(|leg| (leg.coins * book.index_of(leg)).abs()).sum()
}

/// The legs of a set, one bit for each. Under slides that depend on which underlyings are held, the others stay at next
/// to nothing: sets count on the slides of the whole book.
fn members(id: &str, positions: &[Position], set: usize) -> Vec<Position> {
    let is_member = |leg: usize| set >> leg & 1 == 1;
    let others = (id == "regime-adaptive").then_some(1e-15);
    let held = |(leg, position): (usize, &Position)| {
        let mut position = *position;
        if !is_member(leg) {
            position.quantity.amount *= others?;
        }
        Some(position)
    };
    positions.iter().enumerate().filter_map(held).collect()
}

/// Every order of so many things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![vec![]];
    }
    let shorter = orders(count - 1);
    let insert = |order: &Vec<usize>, place: usize| {
        let mut longer = order.clone();
        longer.insert(place, count - 1);
        longer
    };
    shorter.iter().flat_map(|order| (0..count).map(move |place| insert(order, place))).collect()
}

proptest! {
    #![proptest_config(few_cases())]

    #[test]
    fn shares_sum_to_the_requirement(market in any_market(), positions in prop::collection::vec(any_position(), 1..6)) {
        let scale = gross(&positions, &market);
        for id in METHODOLOGIES {
            let found = attributed(id, &positions, &market, AttributionOptions::default());
            prop_assert!(are_close(found.requirement, requirement(id, &positions, &market), 1e-12, scale), "{}", id);
            prop_assert_eq!(found.shapley.orders, 0, "{}", id);
            let whole = less(found.requirement, found.of_no_leg);
            let shapley = sum(&found.shapley.by_leg);
            prop_assert!(are_close(shapley, whole, 1e-12, scale), "{}: {:?} of {:?}", id, shapley, whole);
            for Shares { by_leg, remainder } in [&found.alone, &found.first_in, &found.last_out, &found.marginal] {
                prop_assert_eq!(by_leg.len(), positions.len());
                prop_assert!(are_close(sum(by_leg).plus(*remainder), whole, 1e-12, scale), "{}", id);
            }
        }
    }

    /// Each set of legs is resolved and assessed for itself, and each order walked.
    #[test]
    fn shapley_is_the_mean_over_all_orders(
        market in any_market(),
        positions in prop::collection::vec(any_position(), 1..5),
    ) {
        let count = positions.len();
        let scale = gross(&positions, &market);
        let orders = orders(count);
        for id in METHODOLOGIES {
            let values: Vec<Pair> =
                (0..1 << count).map(|set| requirement(id, &members(id, &positions, set), &market)).collect();
            let mut shares = vec![Pair::default(); count];
            for order in &orders {
                let mut set = 0;
                for leg in order {
                    let added = less(values[set | 1 << leg], values[set]);
                    shares[*leg] = shares[*leg].plus(added.times(1.0 / orders.len() as f64));
                    set |= 1 << leg;
                }
            }
            let found = attributed(id, &positions, &market, AttributionOptions::default());
            let all = (1 << count) - 1;
            for (leg, share) in shares.iter().enumerate() {
                let ours = found.shapley.by_leg[leg];
                prop_assert!(are_close(ours, *share, 1e-11, scale), "{}: {:?} {:?}", id, ours, share);
                let last = less(values[all], values[all & !(1 << leg)]);
                prop_assert!(are_close(found.last_out.by_leg[leg], last, 1e-11, scale), "{}", id);
                let first = less(values[1 << leg], values[0]);
                prop_assert!(are_close(found.first_in.by_leg[leg], first, 1e-11, scale), "{}", id);
                prop_assert!(are_close(found.alone.by_leg[leg], first, 1e-11, scale), "{}", id);
            }
            for (row, first) in found.pair_credits.legs.iter().enumerate() {
                for (column, second) in found.pair_credits.legs.iter().enumerate() {
                    let (one, other) = (values[1 << first], values[1 << second]);
                    let credit = less(one.plus(other), values[1 << first | 1 << second].plus(values[0]));
                    let credit = if row == column { Pair::default() } else { credit };
                    let ours = found.pair_credits.credits[row][column];
                    prop_assert!(are_close(ours, credit, 1e-11, scale), "{}: {:?} {:?}", id, ours, credit);
                }
            }
        }
    }

    #[test]
    fn equal_legs_share_alike_and_nothing_has_none(
        market in any_market(),
        positions in any_positions(),
        twin in any_position(),
        nothing in any_position(),
    ) {
        let mut held: Vec<Position> = positions.into_iter().take(3).collect();
        held.extend([twin, twin, coins(&nothing.instrument.to_string(), 0.0)]);
        let (scale, count) = (gross(&held, &market), held.len());
        for id in METHODOLOGIES {
            let found = attributed(id, &held, &market, AttributionOptions::default());
            for shares in [&found.shapley.by_leg, &found.last_out.by_leg, &found.marginal.by_leg] {
                let (one, other) = (shares[count - 3], shares[count - 2]);
                prop_assert!(are_close(one, other, 1e-9, scale), "{}: {:?} {:?}", id, one, other);
                prop_assert!(are_close(shares[count - 1], Pair::default(), 1e-12, scale), "{}", id);
            }
        }
    }

    /// Where the requirement is in proportion to the book, Euler's shares are the whole, but for slides that are equally
    /// bad.
    #[test]
    fn marginal_shares_are_the_whole_where_size_only_scales(
        market in any_market(),
        positions in prop::collection::vec(any_position(), 1..6),
    ) {
        let scale = gross(&positions, &market);
        // Deribit's factors grow with the size of positions and of the delta.
        for id in METHODOLOGIES.into_iter().filter(|id| !["deribit-standard", "deribit-portfolio"].contains(id)) {
            let found = attributed(id, &positions, &market, AttributionOptions::default());
            let remainder = found.marginal.remainder;
            prop_assert!(are_close(remainder, Pair::default(), 1e-8, scale), "{}: {:?}", id, remainder);
        }
    }

    #[test]
    fn sampled_shares_sum_to_the_requirement(market in any_market(), positions in prop::collection::vec(any_position(), 7)) {
        prop_assume!(positions.iter().all(|position| position.quantity.amount != 0.0));
        let scale = gross(&positions, &market);
        let options = AttributionOptions { evaluations: Some(100), ..AttributionOptions::default() };
        for id in METHODOLOGIES {
            let found = attributed(id, &positions, &market, options);
            // Four steps of an order of seven are computed, so 24 orders fit into a hundred evaluations.
            prop_assert_eq!(found.shapley.orders, 24);
            prop_assert_eq!(found.evaluations, 1 + 4 * 7 + 24 * 4);
            let whole = less(found.requirement, found.of_no_leg);
            prop_assert!(are_close(sum(&found.shapley.by_leg), whole, 1e-12, scale), "{}", id);
            prop_assert_eq!(attributed(id, &positions, &market, options), found);
        }
    }
}

/// Calls on ether against its future lose most at a price between two slides. Beside bitcoin there are more slides, on
/// which ether goes half its way, and every set of legs is counted on those, too: else a hedge could seem to cost margin.
#[test]
fn sets_count_on_the_slides_of_the_whole_book() {
    let hedged = [coins("ETH_USDC-25DEC26-2800-C", 26.0), coins("ETH-PERPETUAL", -4.5)];
    let held = [hedged[0], hedged[1], coins("BTC-PERPETUAL", 1.0)];
    let (id, market) = ("regime-adaptive", market(CALM));
    let found = attributed(id, &held, &market, AttributionOptions::default());
    let without_bitcoin = requirement(id, &members(id, &held, 0b011), &market);
    assert!(are_close(found.last_out.by_leg[2], less(found.requirement, without_bitcoin), 1e-11, 1e5));
    let of_its_own = requirement(id, &hedged, &market);
    assert!(of_its_own.initial + 0.5 < without_bitcoin.initial, "{of_its_own:?} {without_bitcoin:?}");
}

/// Eight legs whose exact shares are known, from fifty orders.
#[test]
fn sampled_shares_are_as_near_as_they_say() {
    let held = eight();
    for id in ["deribit-portfolio", "derive-standard", "okx-portfolio", "span"] {
        let exact = attributed(id, &held, &market(CALM), AttributionOptions::default()).shapley;
        assert_eq!(exact.orders, 0);
        for seed in 1..4 {
            // 256 sets would be exact.
            let options = AttributionOptions { seed, evaluations: Some(255), ..AttributionOptions::default() };
            let found = attributed(id, &held, &market(CALM), options).shapley;
            assert_eq!(found.orders, 50);
            for ((sampled, exact), error) in found.by_leg.iter().zip(&exact.by_leg).zip(&found.standard_error) {
                let off = (sampled.initial - exact.initial).abs();
                assert!(off <= 4.0 * error.initial + 1e-6, "{id}: {off} with an error of {}", error.initial);
            }
        }
    }
}

/// Options on both coins and what hedges them.
fn eight() -> Vec<Position> {
    let owed = ["BTC-25SEP26-60000-P", "BTC-25SEP26-80000-C", "BTC-25DEC26-80000-C", "ETH-25SEP26-2400-C"];
    let held = ["BTC-PERPETUAL", "ETH-PERPETUAL", "BTC-25DEC26-40000-P", "BTC-25SEP26-100000-C"];
    let owed = owed.iter().map(|name| coins(name, -3.0));
    owed.chain(held.iter().map(|name| coins(name, 2.0))).collect()
}

/// A call owed needs r and the same call held needs nothing: together nothing. The one owed then bears r first and nothing
/// last, the one held nothing first and frees r last.
#[test]
fn a_hedge_that_is_perfect_earns_half() {
    let (owed, held) = (coins("BTC-25SEP26-100000-C", -2.0), coins("BTC-25SEP26-100000-C", 2.0));
    let market = market(CALM);
    let found = attributed("deribit-standard", &[owed, held], &market, AttributionOptions::default());
    let alone = requirement("deribit-standard", &[owed], &market).initial;
    assert!(alone > 10_000.0);
    let initial = |pairs: &[Pair]| pairs.iter().map(|pair| pair.initial / alone).collect::<Vec<f64>>();
    assert_eq!(initial(&found.first_in.by_leg), [1.0, 0.0]);
    assert_eq!(initial(&found.last_out.by_leg), [0.0, -1.0]);
    assert_eq!(initial(&found.shapley.by_leg), [0.5, -0.5]);
    assert_eq!(initial(&found.pair_credits.credits[0]), [0.0, 1.0]);
    assert_eq!(found.alone.remainder.initial, -alone);
}

#[test]
fn the_largest_legs_are_paired() {
    let held: Vec<Position> = (1..=6).map(|size| coins("BTC-25SEP26-100000-C", -f64::from(size))).collect();
    let options = AttributionOptions { pair_legs: 2, ..AttributionOptions::default() };
    let found = attributed("isolated", &held, &market(CALM), options);
    assert_eq!(found.pair_credits.legs, [4, 5]);
    assert_eq!(found.pair_credits.credits.len(), 2);
}

/// Nothing is random: seeds only choose other orders.
#[test]
fn a_seed_is_a_choice_of_orders() {
    let sampled = |seed| {
        let options = AttributionOptions { seed, evaluations: Some(60), ..AttributionOptions::default() };
        attributed("deribit-portfolio", &eight(), &market(CALM), options).shapley.by_leg
    };
    assert_eq!(sampled(3), sampled(3));
    assert_ne!(sampled(3), sampled(4));
}
