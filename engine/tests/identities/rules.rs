//! Rule-based methodologies: isolated, cross, Deribit standard.

use margin_engine::asset::Asset;
use margin_engine::instrument::Right;
use margin_engine::market::{ExpiryDraft, Market, MarketDraft, Source, UnderlyingDraft};
use margin_engine::pricing::implied::implied_vol;
use proptest::prelude::*;

use crate::support::{CALM, NOW, any_market, any_positions, assessed, book, close, coins, expiry, market, requirement};

proptest! {
    #![proptest_config(crate::cases())]

    #[test]
    fn alone_needs_at_least_what_the_pool_needs(market in any_market(), positions in any_positions()) {
        let book = book("USD", &positions, &market);
        let (isolated, cross) = (requirement("isolated", None, &book), requirement("cross", None, &book));
        prop_assert!(isolated.0 >= cross.0 * (1.0 - 1e-12), "{} {}", isolated.0, cross.0);
        prop_assert!(isolated.1 >= cross.1 * (1.0 - 1e-12), "{} {}", isolated.1, cross.1);
    }

    #[test]
    fn isolated_margin_knows_no_credit(market in any_market(), positions in any_positions()) {
        let (_, savings) = assessed("isolated", None, &book("USD", &positions, &market));
        prop_assert!(close(savings.credit.initial, 0.0, 1e-12, savings.alone.initial), "{}", savings.credit.initial);
    }
}

#[test]
fn only_the_same_instrument_nets() {
    let market = market(CALM);
    let need = |id, positions: &[(&str, f64)]| {
        let positions: Vec<_> = positions.iter().map(|(name, size)| coins(name, *size)).collect();
        requirement(id, None, &book("USD", &positions, &market)).0
    };
    for id in ["cross", "deribit-standard"] {
        for name in ["BTC-PERPETUAL", "BTC-25SEP26-80000-C", "BTC_USDC-25SEP26-80000-P"] {
            let net = need(id, &[(name, -3.0), (name, 2.0)]);
            let one = need(id, &[(name, -1.0)]);
            assert!(one > 0.0 && close(net, one, 1e-12, one), "{id} {name}: {net} {one}");
            assert!(close(need(id, &[(name, -3.0), (name, 3.0)]), 0.0, 1e-12, one), "{id} {name}");
        }
        // A future does not net a perpetual, nor does an option of another strike.
        let apart = need(id, &[("BTC-PERPETUAL", -1.0)]) + need(id, &[("BTC-25SEP26", 1.0)]);
        let both = need(id, &[("BTC-PERPETUAL", -1.0), ("BTC-25SEP26", 1.0)]);
        assert!(close(both, apart, 1e-12, apart), "{id}: {both} {apart}");
    }
    let (short, both) = (
        need("isolated", &[("BTC-PERPETUAL", -1.0)]),
        need("isolated", &[("BTC-PERPETUAL", -1.0), ("BTC-PERPETUAL", 1.0)]),
    );
    assert!(close(both, 2.0 * short, 1e-12, both), "isolated margin nets nothing: {both} {short}");
}

/// Ten times leverage, and half of it for maintenance, by hand: 3 BTC at an index of 80,000.
#[test]
fn futures_by_hand() {
    let market = market(CALM);
    for id in ["isolated", "cross"] {
        let (initial, maintenance) = requirement(id, None, &book("USD", &[coins("BTC-PERPETUAL", -3.0)], &market));
        assert!(close(initial, 24_000.0, 1e-12, initial) && close(maintenance, 12_000.0, 1e-12, maintenance), "{id}");
    }
    // 2 % + 3 · 0.005 %, 1 % + 3 · 0.005 %.
    let book = book("USD", &[coins("BTC-PERPETUAL", -3.0)], &market);
    let (initial, maintenance) = requirement("deribit-standard", None, &book);
    assert!(close(initial, 240_000.0 * 0.02015, 1e-12, initial), "{initial}");
    assert!(close(maintenance, 240_000.0 * 0.01015, 1e-12, maintenance), "{maintenance}");
}

/// A venue's worked example of the linear formula: a short ETH put at 1,850 marked 2.4 with the underlying at 2,098
/// needs 212.2 and 159.75; fifty of them 10,610 and 7,987.50.
#[test]
fn a_linear_put_as_published() {
    let date = expiry("25SEP26");
    let time = NOW.parse().expect("a valid time");
    let vol = implied_vol(Right::Put, 2.4, 2098.0, 1850.0, date.years_from(time), 1.0).expect("a vol explains it");
    let coin = UnderlyingDraft::new(Asset::ETH, 2098.0).with(ExpiryDraft::new(date, 2098.0, [(1850.0, vol)]));
    let market = Market::new(MarketDraft::new(time, Source::default()).with(coin)).expect("a valid market");
    for (size, initial, maintenance) in [(1.0, 212.2, 159.75), (50.0, 10_610.0, 7_987.5)] {
        for id in ["deribit-standard", "isolated", "cross"] {
            let book = book("USDC", &[coins("ETH_USDC-25SEP26-1850-P", -size)], &market);
            let ours = requirement(id, None, &book);
            assert!(close(ours.0, initial, 1e-11, initial), "{id}: {}", ours.0);
            assert!(close(ours.1, maintenance, 1e-11, maintenance), "{id}: {}", ours.1);
        }
    }
}
