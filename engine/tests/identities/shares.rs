//! Stocks, funds, indexes and futures of exchanges: sizes, currencies, marks and slides.

use margin_engine::account::{Account, Position};
use margin_engine::book::{Book, ExpiredPositions, LegKind};
use margin_engine::instrument::{Exercise, Right, Settlement};
use margin_engine::market::Market;
use margin_engine::pricing::american::{self, Accuracy};
use margin_engine::pricing::black76;
use margin_engine::slide::{PnlBasis, RateMove, Slide, SlideGrid, Stress, VolMove, reprice, revalue};

use super::workings::evaluate;
use crate::support::{account, close, coins, quote};

/// Monday, 24 August 2026, ten o'clock in New York. SPX and AAPL name no forward.
const MARKET: &str = r#"{"version":1,"time":"2026-08-24T14:00:00Z","fx":{"INR":0.0115},"underlyings":[
    {"asset":"AAPL","class":"stock","index":230,"dividends":[{"ex_date":"9NOV26","amount":3}],
     "expiries":[{"expiry":"18DEC26","rate":0.04,"smile":[[180,0.33],[230,0.27],[300,0.24]]}]},
    {"asset":"TQQQ","class":"etf","index":90,"leverage":3,
     "expiries":[{"expiry":"18DEC26","rate":0.04,"smile":[[90,0.6]]}]},
    {"asset":"SPX","class":"index","index":6500,"dividend_yield":0.013,
     "expiries":[{"expiry":"18DEC26","rate":0.04,"smile":[[5000,0.25],[6500,0.15],[7500,0.12]]}]},
    {"asset":"ES","class":"index","index":6500,"contract_size":50,
     "expiries":[{"expiry":"18DEC26","forward":6555,"rate":0.04,"smile":[[6500,0.15]]}]},
    {"asset":"NIFTY","class":"index","quote":"INR","contract_size":65,"index":25000,
     "expiries":[{"expiry":"30DEC26","forward":25400,"smile":[[25000,0.14]]}]},
    {"asset":"BTC","index":77000,"expiries":[{"expiry":"25DEC26","forward":78000,"smile":[[80000,0.5]]}]}
]}"#;

pub fn market() -> Market {
    Market::from_json(MARKET).expect("valid")
}

fn book(positions: &[Position]) -> Book {
    let account = account("USD", positions.to_vec());
    Book::resolve(&account, &market(), ExpiredPositions::Refuse).expect("the market has them")
}

fn slides(book: &Book, stresses: &[Stress]) -> SlideGrid {
    let slide = |stress: &Stress| Slide::uniform(*stress, book.underlyings.len(), String::new());
    SlideGrid { basis: PnlBasis::SettlementCurrency, ..SlideGrid::new(stresses.iter().map(slide).collect()) }
}

#[test]
fn sizes_are_shares_and_contracts_in_the_currency_of_the_price() {
    let book = book(&[
        coins("AAPL", -300.0),
        coins("AAPL261218C00230000", 2.0),
        coins("AAPL7261218C00230000", 2.0),
        coins("/ES-18DEC26", -3.0),
        quote("/ES-18DEC26", 655_500.0),
        coins("/NIFTY_INR-30DEC26", 1.0),
        coins("NIFTY", 2.0),
        coins("BTC-25DEC26-80000-C", 1.5),
    ]);
    let sizes: Vec<(f64, f64)> = book.legs.iter().map(|leg| (leg.coins, leg.contracts())).collect();
    let expected = [
        (-300.0, -300.0),
        (200.0, 2.0),
        (20.0, 2.0),
        (-150.0, -3.0),
        (100.0, 2.0),
        (65.0, 1.0),
        (2.0, 2.0),
        (1.5, 1.5),
    ];
    assert_eq!(sizes, expected);
    assert_eq!((book.legs[0].mark(), book.legs[0].kind), (230.0, LegKind::Spot));
    assert_eq!(book.legs[0].settlement, Settlement::Linear);
    assert_eq!(book.legs[3].mark(), 6555.0);
    let groups: Vec<&str> = book.underlyings.iter().map(|group| group.asset.as_str()).collect();
    assert_eq!(groups, ["AAPL", "ES", "NIFTY", "BTC"]);
    assert_eq!(book.underlyings[2].account_per_coin, 25_000.0 * 0.0115);
    let settlements: Vec<&str> = book.settlements.iter().map(|group| group.asset.as_str()).collect();
    assert_eq!(settlements, ["USD", "INR", "BTC"]);
    // One point of the Nifty is 65 rupees.
    let revaluation = revalue(&book, &slides(&book, &[Stress::new(0.01, VolMove::Unchanged)]));
    assert!(close(revaluation.leg(5)[0], 65.0 * 254.0 * 0.0115, 1e-12, 1.0));
    assert!(close(revaluation.leg(6)[0], 2.0 * 250.0 * 0.0115, 1e-12, 1.0));
}

#[test]
fn exercise_follows_from_listing_and_class() {
    let names = [
        ("AAPL261218P00230000", Exercise::American),
        ("TQQQ261218P00090000", Exercise::American),
        ("SPXW261218P06500000", Exercise::European),
        ("/ES-18DEC26-6500-P", Exercise::European),
        ("BTC-25DEC26-80000-P", Exercise::European),
    ];
    let book = book(&names.map(|(name, _)| coins(name, 1.0)));
    for (leg, (name, expected)) in book.legs.iter().zip(names) {
        let LegKind::Option { exercise, .. } = leg.kind else { panic!("{name}") };
        assert_eq!(exercise, expected, "{name}");
    }
}

#[test]
fn marks_of_calls_and_puts_are_in_parity() {
    let book = book(&[
        coins("SPXW261218C06200000", 1.0),
        coins("SPXW261218P06200000", 1.0),
        coins("/ES-18DEC26-6200-C", 1.0),
        coins("/ES-18DEC26-6200-P", 1.0),
    ]);
    let years = (116.0 + 7.0 / 24.0) / 365.0;
    let discount = (-0.04_f64 * years).exp();
    for (pair, forward) in [(0, 6500.0 * ((0.04_f64 - 0.013) * years).exp()), (2, 6555.0)] {
        let difference = book.legs[pair].mark() - book.legs[pair + 1].mark();
        assert!(close(difference, discount * (forward - 6200.0), 1e-13, 6500.0), "{difference}");
    }
}

#[test]
fn the_right_to_exercise_early_is_worth_something_or_nothing() {
    let strikes = ["00160000", "00230000", "00290000", "00350000"];
    let names: Vec<String> =
        strikes.iter().flat_map(|k| ["C", "P"].map(|side| format!("AAPL261218{side}{k}"))).collect();
    let book = book(&names.iter().map(|name| coins(name, 1.0)).collect::<Vec<_>>());
    for (leg, name) in book.legs.iter().zip(&names) {
        let LegKind::Option { right, strike, vol_annual, .. } = leg.kind else { panic!("{name}") };
        let group = &book.expiries[leg.expiry];
        let european =
            black76::sensitivities(right, group.forward, strike, vol_annual, group.expiry_years, group.discount_rate);
        let ours = leg.sensitivities;
        assert!(ours.price >= european.price - 1e-6 * strike, "{name}: {} {}", ours.price, european.price);
        if right == Right::Call && strike > 300.0 {
            // Far out of the money nobody exercises: the differences are the derivatives.
            assert!(close(ours.delta_forward, european.delta_forward, 2e-3, 1.0), "{name}");
            assert!(close(ours.gamma_forward, european.gamma_forward, 2e-2, european.gamma_forward), "{name}");
            assert!(close(ours.vega, european.vega, 1e-2, european.vega), "{name}");
            assert!(close(ours.theta_year, european.theta_year, 2e-2, european.theta_year), "{name}");
            assert!(close(ours.rho, european.rho, 2e-2, ours.price), "{name}");
        }
        if right == Right::Put && strike > 300.0 {
            // So deep in the money it is exercised at once, and moves as the share does.
            assert!(close(ours.price, strike - 230.0, 1e-12, strike), "{name}: {}", ours.price);
            assert!(close(ours.delta_forward, -230.0 / group.forward, 1e-9, 1.0), "{name}: {}", ours.delta_forward);
            assert!([ours.gamma_forward, ours.vega, ours.rho].iter().all(|rest| rest.abs() < 1e-6), "{name}: {ours:?}");
        }
    }
}

#[test]
fn shares_and_their_options_are_worth_on_slides_what_they_are_worth() {
    let book = book(&[
        coins("AAPL", 100.0),
        coins("AAPL261218C00250000", -1.0),
        coins("AAPL261218P00220000", 3.0),
        coins("SPXW261218P06000000", -1.0),
    ]);
    let stresses = [
        Stress {
            rate_move: RateMove::parallel(0.01),
            time_step_years: 20.0 / 365.0,
            ..Stress::new(-0.1, VolMove::Points(0.05))
        },
        Stress::new(0.08, VolMove::Points(-0.03)),
        Stress { time_step_years: 1.0, ..Stress::new(-0.2, VolMove::Unchanged) },
        Stress::NONE,
    ];
    let revaluation = revalue(&book, &slides(&book, &stresses));
    let years = (116.0 + 7.0 / 24.0) / 365.0;
    let ex = (76.0 + 10.0 / 24.0) / 365.0;
    let forward = (230.0 - 3.0 * (-0.04_f64 * ex).exp()) * (0.04_f64 * years).exp();
    let yield_of_dividends = 0.04 - (forward / 230.0).ln() / years;
    for (slide, stress) in stresses.iter().enumerate() {
        assert!(close(revaluation.leg(0)[slide], 23_000.0 * stress.spot_move, 1e-12, 23_000.0));
        let left = (years - stress.time_step_years).max(0.0);
        for (leg, size) in [(1, -100.0), (2, 300.0)] {
            let LegKind::Option { right, strike, vol_annual, .. } = book.legs[leg].kind else { panic!("{leg}") };
            let points = if let VolMove::Points(points) = stress.vol_move { points } else { 0.0 };
            let value = |spot: f64, vol, years, rate_move: f64| {
                // The share drifts as before, so that what is not the rate's stays the dividends'.
                let dividend_yield = yield_of_dividends + rate_move;
                american::price(right, spot, strike, vol, years, 0.04 + rate_move, dividend_yield, Accuracy::Fast)
            };
            let before = value(230.0, vol_annual, years, 0.0);
            let after = value(230.0 * (1.0 + stress.spot_move), vol_annual + points, left, stress.rate_move.at(years));
            let ours = revaluation.leg(leg)[slide];
            assert!(close(ours, size * (after - before), 1e-8, 23_000.0), "{slide} {leg}: {ours}");
        }
    }
    assert!((0..4).all(|leg| revaluation.leg(leg)[3] == 0.0), "nothing moved");
}

#[test]
fn what_cannot_be_paid_or_is_in_another_currency_is_refused() {
    for (position, sentence) in [
        (coins("AAPL-18DEC26", 1.0), "AAPL-18DEC26 would be settled in AAPL, which is no coin"),
        (coins("/NIFTY-30DEC26", 1.0), "/NIFTY-30DEC26 is priced in USD, but the market's prices of NIFTY are in INR"),
        (quote("NIFTY", 100.0), "NIFTY-SPOT is priced in USD, but the market's prices of NIFTY are in INR"),
    ] {
        let account = account("USD", vec![position]);
        let refused = Book::resolve(&account, &market(), ExpiredPositions::Refuse).expect_err(sentence);
        assert_eq!(refused.to_string(), sentence);
    }
    let in_dollars = vec![quote("AAPL261218C00230000", 100.0)];
    let refused = Account::new("USD".parse().expect("a ticker"), in_dollars, vec![]).expect_err("dollars");
    assert!(refused.to_string().contains("counted in contracts"), "{refused}");
}

/// Venues of coins have no rules for shares: a sentence, not a margin of zero.
#[test]
fn venues_of_coins_refuse_shares() {
    let book = book(&[coins("AAPL", -300.0)]);
    for id in ["okx-portfolio", "paradex-portfolio", "aevo-portfolio", "bybit-standard"] {
        let entry = margin_engine::methodology::find(id).expect("registered");
        let methodology = entry.configure(None).expect("a preset");
        let error = margin_engine::methodology::assess(entry, methodology.as_ref(), &book).expect_err(id).to_string();
        assert_eq!(error, "rules of crypto venues have none for AAPL-SPOT", "{id}");
    }
}

/// Spelt out, a leg's P&L is the revaluation's to the bit, of American options too.
#[test]
fn what_is_spelt_out_is_what_counts() {
    let book = book(&[
        coins("AAPL", -300.0),
        coins("AAPL261218C00230000", 2.0),
        coins("AAPL7261218P00230000", -2.0),
        coins("/ES-18DEC26", -3.0),
        coins("BTC-25DEC26-80000-C", 1.5),
        coins("BTC-PERPETUAL", 1.5),
    ]);
    let stress = |spot_move, points, time_step_years| Stress {
        time_step_years,
        rate_move: RateMove::parallel(0.01),
        ..Stress::new(spot_move, VolMove::Points(points))
    };
    let grid = slides(&book, &[stress(-0.15, 0.1, 0.0), stress(0.0, 0.1, 0.0), stress(0.1, -0.05, 0.1)]);
    let revaluation = revalue(&book, &grid);
    for leg in 0..book.legs.len() {
        for slide in 0..grid.slides.len() {
            let spelt = reprice(&book, &grid, leg, slide).expect("a leg on a slide");
            assert_eq!(spelt.pnl.to_bits(), revaluation.leg(leg)[slide].to_bits(), "{spelt:?}");
            let evaluated = evaluate(spelt.formula, &spelt.values).expect("a formula");
            assert!(close(evaluated, spelt.pnl, 1e-10, 1e4), "{spelt:?}: {evaluated}");
        }
    }
}
