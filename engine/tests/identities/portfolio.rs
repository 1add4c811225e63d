//! Deribit portfolio margin: hedges count, pots are apart, offsets are partial. Figures by hand.

use margin_engine::asset::Asset;
use margin_engine::market::{ExpiryDraft, Market, MarketDraft, Source, UnderlyingDraft};
use serde_json::{Value, json};

use crate::support::{CALM, NOW, assessed, book, close, coins, expiry, market, requirement};

#[track_caller]
fn assert_close(ours: f64, expected: f64) {
    assert!(close(ours, expected, 1e-12, expected.abs().max(1.0)), "{ours} is not {expected}");
}

#[test]
fn a_long_future_hedges_a_short_call() {
    let market = market(CALM);
    let naked = book("USD", &[coins("BTC-25SEP26-80000-C", -10.0)], &market);
    let hedged = book("USD", &[coins("BTC-25SEP26-80000-C", -10.0), coins("BTC-25SEP26", 5.0)], &market);
    for (id, hedge_counts) in
        [("deribit-portfolio", true), ("custom", true), ("deribit-standard", false), ("isolated", false)]
    {
        let (before, after) = (requirement(id, None, &naked).0, requirement(id, None, &hedged).0);
        assert_eq!(after < 0.75 * before, hedge_counts, "{id}: {before} {after}");
        assert_eq!(after > before, !hedge_counts, "{id}: {before} {after}");
        let credit = assessed(id, None, &hedged).1.credit.initial;
        assert_eq!(credit > 0.25 * before, hedge_counts, "{id}: {credit}");
    }
}

/// Flat markets at the index, without options: prices are round.
fn perpetuals() -> Market {
    let coin = |asset, index: f64| UnderlyingDraft::new(asset, index).with_perpetual(index);
    let draft = MarketDraft::new(NOW.parse().expect("a valid time"), Source::default());
    let draft = draft.with(coin(Asset::BTC, 60_000.0)).with(coin(Asset::ETH, 3_000.0));
    Market::new(draft).expect("a valid market")
}

fn worst(id: &str, edits: Option<&Value>, positions: &[(&str, f64)]) -> (f64, String, f64, f64) {
    let positions: Vec<_> = positions.iter().map(|(name, size)| coins(name, *size)).collect();
    let (assessment, _) = assessed(id, edits, &book("USD", &positions, &perpetuals()));
    let pot = assessment.leading_pot().expect("a pot");
    let label = pot.worst.map(|slide| assessment.grid.slides[slide].label.clone()).unwrap_or_default();
    (assessment.components[0].initial, label, assessment.initial, assessment.maintenance)
}

/// Long 1 BTC and short 20 ETH against USDC, 60,000 dollars each. Up by 16 % and 18 %: BTC gains 9,600, of which 0.4
/// count, ETH loses 10,800, which leaves −6,960. Down: BTC loses 9,600, ETH gains 10,800·0.4 = 4,320: −5,280. The
/// extended losses are dampened away. Roll shock: 1 % of each 60,000.
#[test]
fn gains_in_one_underlying_offset_losses_in_another_in_part() {
    let pair = [("BTC_USDC-PERPETUAL", 1.0), ("ETH_USDC-PERPETUAL", -20.0)];
    let (loss, label, initial, maintenance) = worst("deribit-portfolio", None, &pair);
    assert_close(loss, 6_960.0);
    assert_eq!(label, "BTC +16\u{a0}% · ETH +18\u{a0}%, vol up");
    assert_close(initial, 6_960.0 + 1_200.0);
    assert_close(maintenance, 0.8 * 8_160.0);

    // The other way round the worst is the other end: 60,000·0.16 − 0.4·60,000·0.18 stays below 10,800 − 0.4·9,600.
    let (loss, label, ..) =
        worst("deribit-portfolio", None, &[("BTC_USDC-PERPETUAL", -1.0), ("ETH_USDC-PERPETUAL", 20.0)]);
    assert_close(loss, 6_960.0);
    assert_eq!(label, "BTC −16\u{a0}% · ETH −18\u{a0}%, vol up");

    // A gain offsets at most so much, whatever it is.
    let capped = json!({ "linear": { "max_offsetable_pnl_usd": 1_000 } });
    assert_close(worst("deribit-portfolio", Some(&capped), &pair).0, 10_800.0 - 1_000.0);
    let whole = json!({ "linear": { "pnl_offset": 1 } });
    assert_close(worst("deribit-portfolio", Some(&whole), &pair).0, 10_800.0 - 9_600.0);
}

/// The same two positions against their coins are in two pots, and no gain crosses: BTC loses 60,000·(1/0.84 − 1) when
/// its coin falls, ETH loses 60,000·(1 − 1/1.18) when its coin rises, both in coin at today's price.
#[test]
fn coin_settled_pots_are_apart() {
    let (loss, _, initial, _) = worst("deribit-portfolio", None, &[("BTC-PERPETUAL", 1.0), ("ETH-PERPETUAL", -20.0)]);
    let (bitcoin, ether) = (60_000.0 * (1.0 / 0.84 - 1.0), 60_000.0 * (1.0 - 1.0 / 1.18));
    assert_close(loss, bitcoin + ether);
    // Roll shock: 1 % on BTC, 0.5 % on ETH.
    assert_close(initial, bitcoin + ether + 600.0 + 300.0);
}

/// Far out the loss is scaled into the price range and dampened. Short 100 BTC, coin-settled, at +500 %: 100·(1/6 − 1)
/// = −83.333 coins; times 6/1.16 · 0.16/5 = −13.7931 coins, the loss at +16 %. The dampener is 30.25·100,000/1.16
/// dollars = 43.4626 coins and takes all of it; of 1,000 BTC it leaves 137.931 − 43.4626.
#[test]
fn the_extended_table_by_hand() {
    let book = book("BTC", &[coins("BTC-PERPETUAL", -1_000.0)], &perpetuals());
    let (assessment, _) = assessed("deribit-portfolio", None, &book);
    let last = assessment.grid.slides.len() - 1;
    assert_eq!(assessment.grid.slides[last].label, "+500\u{a0}%, vol up, extended");
    let loss = 1_000.0 * (5.0 / 6.0) * (6.0 / 1.16) * 0.16 / 5.0;
    assert_close(assessment.revaluation.leg(0)[last], -loss);
    let dampener = (5.0 / 0.16 - 1.0) * 100_000.0 / (1.16 * 60_000.0);
    assert_close(assessment.pots[0].counted_pnl[last], dampener - loss);
}

/// Net delta above 20 million dollars at 60,000 is 333.33 coins: 400 long coins are charged 66.67·0.005 % of
/// 400. A long put whose delta is −100 takes what is charged down to 300, below the threshold; a long call adds nothing.
#[test]
fn delta_shock_by_hand() {
    let coin = UnderlyingDraft::new(Asset::BTC, 60_000.0).with_perpetual(60_000.0).with(ExpiryDraft::new(
        expiry("25SEP26"),
        60_000.0,
        [(60_000.0, 0.0)],
    ));
    let draft = MarketDraft::new(NOW.parse().expect("a valid time"), Source::default()).with(coin);
    let market = Market::new(draft).expect("a valid market");
    let shock = |positions: &[(&str, f64)]| {
        let positions: Vec<_> = positions.iter().map(|(name, size)| coins(name, *size)).collect();
        let (assessment, _) = assessed("deribit-portfolio", None, &book("BTC", &positions, &market));
        assessment.components.iter().find(|part| part.name == "delta shock").map_or(f64::NAN, |part| part.initial)
    };
    let charge = 400.0 * 0.00005 * (400.0 - 20e6 / 60_000.0);
    assert_close(shock(&[("BTC-PERPETUAL", 400.0)]), charge);
    assert_close(shock(&[("BTC-PERPETUAL", -400.0)]), charge);
    // Without vol the delta of a put deep in the money is −1, of a call deep in the money 1.
    assert_close(shock(&[("BTC-PERPETUAL", 400.0), ("BTC-25SEP26-90000-P", 100.0)]), 0.0);
    assert_close(
        shock(&[("BTC-PERPETUAL", 400.0), ("BTC-25SEP26-90000-P", 10.0)]),
        390.0 * 0.00005 * (390.0 - 20e6 / 60_000.0),
    );
    assert_close(shock(&[("BTC-PERPETUAL", 400.0), ("BTC-25SEP26-30000-C", 100.0)]), charge);
    // Long and short of one call are one position: net long it still adds nothing.
    let legs = [("BTC-PERPETUAL", 400.0), ("BTC-25SEP26-30000-C", 100.0), ("BTC-25SEP26-30000-C", -50.0)];
    assert_close(shock(&legs), charge);
    // The rate ends at 10 %.
    assert_close(shock(&[("BTC-PERPETUAL", 10_000.0)]), 1_000.0);
}
