//! A moved market: sizes in dollars stay, expired legs are settled, expired positions are refused.

use margin_engine::contract::{
    AccountDocument, MarketChoice, MarketDocument, MethodologyChoice, PositionDocument, Request, Response, VERSION,
    WhatIf, assess,
};
use proptest::prelude::*;

use crate::support::{CALM, METHODOLOGIES, any_market, close, market};

fn request(positions: &[(&str, f64)], id: &str, what_if: WhatIf) -> Request {
    Request {
        version: VERSION,
        account: AccountDocument {
            currency: "USD".to_owned(),
            positions: positions.iter().map(|(name, size)| PositionDocument::coins(name, *size)).collect(),
            balances: vec![],
            collateral: None,
        },
        market: MarketChoice::Whole(Box::new(MarketDocument::from(&market(CALM)))),
        methodology: MethodologyChoice { id: id.to_owned(), parameters: None },
        what_if,
        compare: vec![],
        explain: false,
    }
}

fn respond(request: &Request) -> Response {
    assess(request, |_| None).expect("a valid request")
}

proptest! {
    #![proptest_config(crate::cases())]

    #[test]
    fn the_dollars_of_a_contract_stay_what_they_are(
        market in any_market(),
        name in prop::sample::select(&["BTC-PERPETUAL", "BTC-25DEC26", "ETH-25SEP26"][..]),
        size in -50.0..50.0_f64,
        spot_move in -0.5..1.0_f64,
        days_forward in 0.0..20.0_f64,
        in_quote: bool,
    ) {
        let mut request = request(&[(name, size)], "custom", WhatIf { spot_move, vol_points: 0.0, days_forward });
        request.market = MarketChoice::Whole(Box::new(MarketDocument::from(&market)));
        if in_quote {
            request.account.positions[0].unit = Some("USD".to_owned());
        }
        let after = request.prepare(|_| None).expect("valid").book;
        request.what_if = WhatIf::default();
        let before = request.prepare(|_| None).expect("valid").book;
        let dollars = |leg: &margin_engine::book::Leg| leg.coins * leg.mark();
        let (before, after) = (&before.legs[0], &after.legs[0]);
        prop_assert!(close(dollars(after), dollars(before), 1e-13, dollars(before)));
        prop_assert!(in_quote == close(dollars(before), size, 1e-12, size) || size == 0.0);
        // At another price that is another number of coins.
        if spot_move.abs() > 0.1 && days_forward == 0.0 {
            prop_assert!(close(after.coins * (1.0 + spot_move), before.coins, 1e-12, before.coins));
        }
    }
}

/// Ten per cent up, by hand: 1 BTC of a perpetual at 80,056 is 80,056 dollars, which are 1/1.1 BTC then; an option
/// stays one coin.
#[test]
fn ten_per_cent_up() {
    let what_if = WhatIf { spot_move: 0.1, ..WhatIf::default() };
    let positions = [("BTC-PERPETUAL", 1.0), ("BTC-25SEP26-80000-C", 1.0), ("BTC_USDC-PERPETUAL", 1.0)];
    let response = respond(&request(&positions, "deribit-portfolio", what_if));
    let sizes: Vec<f64> = response.legs.iter().map(|leg| leg.coins).collect();
    assert!(close(sizes[0], 1.0 / 1.1, 1e-14, 1.0), "{sizes:?}");
    assert_eq!(sizes[1..], [1.0, 1.0]);
    assert!(close(response.legs[0].mark, 80_000.0 * 1.0007 * 1.1, 1e-14, 1e5), "{}", response.legs[0].mark);
}

#[test]
fn what_has_expired_is_refused() {
    let late = market(CALM).to_draft();
    let late = margin_engine::market::MarketDraft { time: "2026-09-25T08:00:00Z".parse().expect("a time"), ..late };
    let late = margin_engine::market::Market::new(late).expect("a valid market");
    for (name, is_refused) in [("BTC-25SEP26-80000-C", true), ("BTC-25SEP26", true), ("BTC-25DEC26", false)] {
        let mut request = request(&[("BTC-PERPETUAL", 1.0), (name, -1.0)], "deribit-portfolio", WhatIf::default());
        request.market = MarketChoice::Whole(Box::new(MarketDocument::from(&late)));
        // Also under a what-if: that is about the future, not about the past.
        for what_if in [WhatIf::default(), WhatIf { days_forward: 1.0, ..WhatIf::default() }] {
            request.what_if = what_if;
            match assess(&request, |_| None) {
                Ok(_) => assert!(!is_refused, "{name}"),
                Err(error) => assert_eq!(
                    error.to_string(),
                    format!(
                        "account.positions[1]: {name} expired at 2026-09-25T08:00:00Z, before the market's time 2026-09-25T08:00:00Z; remove it or choose an earlier market"
                    )
                ),
            }
        }
    }
}

#[test]
fn what_expires_in_a_what_if_is_settled_and_adds_nothing() {
    // 34 days to the first expiry: at the instant itself and after it.
    for days_forward in [34.0, 60.0] {
        let what_if = WhatIf { days_forward, spot_move: -0.05, vol_points: 0.02 };
        let settled = [("BTC-25SEP26-80000-C", -5.0), ("BTC-25SEP26", -3.0), ("ETH_USDC-25SEP26-2400-P", 7.0)];
        let left = [("BTC-25DEC26-80000-C", -2.0), ("ETH-PERPETUAL", 10.0)];
        let all: Vec<_> = settled.iter().chain(&left).copied().collect();
        for id in METHODOLOGIES {
            let (whole, rest) = (respond(&request(&all, id, what_if)), respond(&request(&left, id, what_if)));
            assert!(rest.initial_margin > 0.0, "{id}");
            assert!(close(whole.initial_margin, rest.initial_margin, 1e-13, rest.initial_margin), "{id}");
            assert!(close(whole.maintenance_margin, rest.maintenance_margin, 1e-13, rest.maintenance_margin), "{id}");
            for (leg, (name, _)) in whole.legs.iter().zip(settled) {
                assert_eq!(leg.instrument, name);
                assert_eq!(
                    (leg.share, leg.initial_alone, leg.maintenance_alone, leg.delta_coins),
                    (0.0, 0.0, 0.0, 0.0)
                );
            }
        }
    }
    // A moment before, it is still there.
    let before = WhatIf { days_forward: 33.99, ..WhatIf::default() };
    let response = respond(&request(&[("BTC-25SEP26", -3.0)], "deribit-portfolio", before));
    assert!(response.initial_margin > 0.0);
}
