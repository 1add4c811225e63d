//! The custom model is a coherent measure where it has no contingencies; portfolio margin nearly so.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{any_market, any_positions, assessed, book, close, coins, instrument, requirement};

/// The custom model without charges that stand beside the slides.
fn coherent(in_coin: bool) -> Value {
    json!({ "short_option_contingency": 0, "future_contingency": 0, "count_in_coin": in_coin })
}

/// Portfolio margin whose worst slide is proportional to the book: no dampener, no bound on offsets.
fn proportional() -> Value {
    let pot = json!({ "extended_dampener_usd": 0, "max_offsetable_pnl_usd": 1e15 });
    let coin = json!({ "coin_settled": pot });
    json!({ "underlyings": { "BTC": coin, "ETH": coin }, "linear": pot })
}

proptest! {
    #![proptest_config(crate::cases())]

    #[test]
    fn a_book_times_a_factor_needs_it_times_the_factor(
        market in any_market(),
        positions in any_positions(),
        factor in 0.01..100.0_f64,
        in_coin: bool,
    ) {
        let mut scaled = positions.clone();
        scaled.iter_mut().for_each(|position| position.quantity.amount *= factor);
        let (one, many) = (book("USD", &positions, &market), book("USD", &scaled, &market));
        let gross: f64 = many.legs.iter().map(|leg| (leg.coins * many.index_of(leg)).abs()).sum();

        let edits = coherent(in_coin);
        let (alone, times) = (requirement("custom", Some(&edits), &one), requirement("custom", Some(&edits), &many));
        prop_assert!(close(times.0, alone.0 * factor, 1e-12, gross), "{} {}", times.0, alone.0 * factor);
        prop_assert!(close(times.1, alone.1 * factor, 1e-12, gross), "{} {}", times.1, alone.1 * factor);
        // Contingencies are proportional too.
        let (alone, times) = (requirement("custom", None, &one), requirement("custom", None, &many));
        prop_assert!(close(times.0, alone.0 * factor, 1e-12, gross), "{} {}", times.0, alone.0 * factor);

        let edits = proportional();
        let worst = |book| assessed("deribit-portfolio", Some(&edits), book).0.components[0].initial;
        prop_assert!(close(worst(&many), worst(&one) * factor, 1e-12, gross), "{} {}", worst(&many), worst(&one) * factor);
    }

    #[test]
    fn together_never_needs_more_than_alone(market in any_market(), positions in any_positions(), in_coin: bool) {
        let book = book("USD", &positions, &market);
        for edits in [Some(&coherent(in_coin)), None] {
            let (_, savings) = assessed("custom", edits, &book);
            let slack = -1e-12 * savings.alone.initial;
            prop_assert!(savings.credit.initial >= slack, "{}", savings.credit.initial);
            prop_assert!(savings.credit.maintenance >= slack, "{}", savings.credit.maintenance);
        }
    }

    #[test]
    fn two_books_need_no_more_than_each(market in any_market(), one in any_positions(), other in any_positions()) {
        let both: Vec<_> = one.iter().chain(&other).copied().collect();
        let need = |positions: &[_]| requirement("custom", Some(&coherent(false)), &book("USD", positions, &market)).0;
        let (together, apart) = (need(&both), need(&one) + need(&other));
        prop_assert!(together <= apart * (1.0 + 1e-12), "{} {}", together, apart);
    }

    /// Nobody can lose more than the premium.
    #[test]
    fn a_long_option_needs_at_most_its_value(
        market in any_market(),
        name in prop::sample::select(&["BTC-25SEP26-80000-C", "BTC-25DEC26-40000-P", "BTC_USDC-25SEP26-80000-P"][..]),
        size in 0.01..50.0_f64,
        in_coin: bool,
    ) {
        let book = book("USD", &[coins(name, size)], &market);
        let value = book.legs[0].mark() * size;
        let (initial, _) = requirement("custom", Some(&coherent(in_coin)), &book);
        prop_assert!(initial <= value + 1e-9 * size && initial >= 0.0, "{} {}", initial, value);
        prop_assert!(initial > 0.0 || value < 1e-6 * size);
    }

    /// Contracts are worth dollars; a size in coin is one in dollars at the mark.
    #[test]
    fn sizes_in_dollars_and_in_coin_are_the_same_at_the_mark(
        market in any_market(),
        name in prop::sample::select(&["BTC-PERPETUAL", "BTC-25DEC26", "ETH_USDC-PERPETUAL", "ETH-SPOT"][..]),
        size in -50.0..50.0_f64,
    ) {
        let coin = market.underlying(instrument(name).product.base).expect("listed");
        let mark = margin_engine::book::forward_of(&instrument(name), coin);
        let (one, other) = (book("USD", &[coins(name, size)], &market),
            book("USD", &[crate::support::quote(name, size * mark)], &market));
        for id in crate::support::METHODOLOGIES {
            let (one, other) = (requirement(id, None, &one), requirement(id, None, &other));
            prop_assert!(close(one.0, other.0, 1e-13, one.0) && close(one.1, other.1, 1e-13, one.1), "{}", id);
        }
    }
}

/// A bound by hand: one short call, one slide. ±20 % without vol moves, discounting, or time, at zero vol: the call at
/// 80,000 on a forward of 80,000 is worth 0 today and 16,000 after +20 %.
#[test]
fn a_short_call_without_vol_loses_its_intrinsic_value() {
    use margin_engine::market::{ExpiryDraft, Market, MarketDraft, Source, UnderlyingDraft};
    let coin = UnderlyingDraft::new(margin_engine::asset::Asset::BTC, 80_000.0).with(ExpiryDraft::new(
        crate::support::expiry("25SEP26"),
        80_000.0,
        [(80_000.0, 0.0)],
    ));
    let time = crate::support::NOW.parse().expect("a valid time");
    let market = Market::new(MarketDraft::new(time, Source::default()).with(coin)).expect("a valid market");
    let book = book("USD", &[coins("BTC-25SEP26-80000-C", -2.0)], &market);
    let edits =
        json!({ "price_range_up": 0.2, "price_range_down": 0.2, "extreme_multiple": 0, "maintenance_factor": 0.5 });
    let (assessment, _) = assessed("custom", Some(&edits), &book);
    // Two calls lose 32,000; the contingency is 0.5 % of 160,000.
    assert!(close(assessment.initial, 32_800.0, 1e-12, 32_800.0), "{}", assessment.initial);
    assert!(close(assessment.maintenance, 16_800.0, 1e-12, 16_800.0), "{}", assessment.maintenance);
}
