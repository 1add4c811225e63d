//! SPAN: figures by hand and by direct pricing, and what must hold for every book.

use margin_engine::asset::Asset;
use margin_engine::book::Book;
use margin_engine::instrument::Right;
use margin_engine::market::Market;
use margin_engine::methodology::Assessment;
use margin_engine::pricing::black76;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{
    CALM, Shape, any_currency, any_market, any_positions, assessed, book, close, coins, expiry, market,
};

fn part(assessment: &Assessment, name: &str) -> f64 {
    assessment.components.iter().find(|part| part.name == name).map_or(0.0, |part| part.maintenance)
}

fn span(edits: &Value, positions: &[(&str, f64)], market: &Market) -> Assessment {
    let positions: Vec<_> = positions.iter().map(|(name, size)| coins(name, *size)).collect();
    assessed("span", Some(edits), &book("USD", &positions, market)).0
}

#[track_caller]
fn assert_close(actual: f64, expected: f64) {
    assert!(close(actual, expected, 1e-9, expected.abs().max(1.0)), "{actual} instead of {expected}");
}

/// Futures at 80,000·(1 + 5 %·T) for both expiries, scanned by 12 %.
#[test]
fn a_calendar_spread_of_futures_by_hand() {
    let (near, far) = (80_000.0 * (1.0 + 0.05 * 0.093), 80_000.0 * (1.0 + 0.05 * 0.342));
    let market = market(CALM);
    let assessment = span(&json!({}), &[("BTC_USDC-25SEP26", 3.0), ("BTC_USDC-25DEC26", -2.0)], &market);
    // Three near fall by 12 %, two far with them; two spreads at 1 % of the far price.
    assert_close(part(&assessment, "scan risk"), 0.12 * (3.0 * near - 2.0 * far));
    assert_close(part(&assessment, "calendar spreads"), 2.0 * 0.01 * far);
    assert_close(assessment.initial, 1.1 * assessment.maintenance);
    assert_eq!(assessment.pots.len(), 1);
    assert_eq!((assessment.pots[0].underlying, assessment.pots[0].counted_pnl.len()), (Some(Asset::BTC), 16));
    // The down scenarios with vol up and vol down cost futures the same; the earlier counts as the worse.
    assert_eq!((assessment.pots[0].worst, assessment.pots[0].runner_up), (Some(12), Some(13)));

    // 34 days to the near delivery: a charge of half a percent on its three.
    let edits = json!({ "underlyings": { "default": { "delivery_days": 40, "delivery_charge": 0.005 } } });
    let delivered = span(&edits, &[("BTC_USDC-25SEP26", 3.0), ("BTC_USDC-25DEC26", -2.0)], &market);
    assert_close(part(&delivered, "delivery"), 3.0 * 0.005 * near);
    assert_close(delivered.maintenance, assessment.maintenance + 3.0 * 0.005 * near);
}

/// Two bitcoin against forty-five ether at one to thirty: one and a half spreads, at half the price risk.
#[test]
fn a_spread_between_commodities_by_hand() {
    let assessment = span(&json!({}), &[("BTC-PERPETUAL", 2.0), ("ETH-PERPETUAL", -45.0)], &market(CALM));
    let (bitcoin, ether) = (0.12 * 80_000.0, 0.12 * 2_400.0);
    assert_close(part(&assessment, "scan risk"), 2.0 * bitcoin + 45.0 * ether);
    assert_close(part(&assessment, "inter-commodity credit"), -0.5 * (1.5 * bitcoin + 45.0 * ether));
    // On the same side there is none.
    let assessment = span(&json!({}), &[("BTC-PERPETUAL", 2.0), ("ETH-PERPETUAL", 45.0)], &market(CALM));
    assert_eq!(part(&assessment, "inter-commodity credit"), 0.0);
    assert_close(assessment.maintenance, 2.0 * bitcoin + 45.0 * ether);
}

/// A straddle a day later, by direct pricing on each scenario.
#[test]
fn the_scenarios_of_options_by_direct_pricing() {
    let shape = Shape { discount_rate: 0.03, ..CALM };
    let market = market(shape);
    let held = [("BTC_USDC-25SEP26-80000-C", -2.0, Right::Call), ("BTC_USDC-25SEP26-80000-P", -1.0, Right::Put)];
    let positions: Vec<_> = held.iter().map(|(name, size, _)| coins(name, *size)).collect();
    let book = book("USD", &positions, &market);
    let (assessment, _) = assessed("span", None, &book);
    let group = &book.expiries[0];
    let vol = book.legs[0].vol_annual().expect("an option");
    let value = |price_move: f64, vol: f64, years: f64| {
        let (forward, discount) = (group.forward * (1.0 + price_move), (-shape.discount_rate * years).exp());
        let each =
            held.iter().map(|(_, size, right)| size * black76::price(*right, forward, 80_000.0, vol, years, discount));
        each.sum::<f64>()
    };
    let (today, later) = (value(0.0, vol, group.expiry_years), group.expiry_years - 1.0 / 365.0);
    let thirds = [0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0];
    let mut expected = Vec::new();
    for third in thirds {
        for vol in [vol + 0.1, vol - 0.1] {
            expected.push(value(0.12 * third / 3.0, vol, later) - today);
        }
    }
    expected.extend([0.24, -0.24].map(|price_move| 0.35 * (value(price_move, vol, later) - today)));
    for (scenario, (actual, expected)) in assessment.pots[0].counted_pnl.iter().zip(&expected).enumerate() {
        assert!(close(*actual, *expected, 1e-10, 80_000.0), "scenario {}: {actual}, {expected}", scenario + 1);
    }
    let worst = expected.iter().copied().fold(0.0, f64::min);
    assert_close(part(&assessment, "scan risk"), -worst);
    // What the shorts are worth is asked for on top.
    assert_close(assessment.maintenance, -worst - today);
    assert_close(assessment.initial, -1.1 * worst - today);
}

/// A short put far out of the money can lose next to nothing; the minimum is half a percent of the coin.
#[test]
fn short_options_need_their_minimum() {
    let assessment =
        span(&json!({}), &[("BTC_USDC-25SEP26-20000-P", -3.0)], &market(Shape { vol_annual: 0.2, ..CALM }));
    assert_close(assessment.maintenance, 3.0 * 0.005 * 80_000.0);
    assert!(part(&assessment, "short option minimum") > 0.9 * assessment.maintenance);
}

#[test]
fn long_options_need_nothing_and_a_spread_no_more_than_it_can_lose() {
    for name in ["BTC-25SEP26-80000-C", "BTC-25SEP26-60000-P", "BTC-25DEC26-120000-C"] {
        let long = span(&json!({}), &[(name, 5.0)], &market(CALM));
        assert!(part(&long, "scan risk") > 0.0);
        assert_eq!((long.initial, long.maintenance), (0.0, 0.0), "{name}");
    }
    let spread = [("BTC_USDC-25SEP26-80000-C", -1.0), ("BTC_USDC-25SEP26-100000-C", 1.0)];
    let spread = span(&json!({}), &spread, &market(CALM));
    assert!(spread.maintenance <= 20_000.0, "{}", spread.maintenance);
}

/// One index in rupees: contracts of 65, 250 stocks in a contract of SBIN, and perhaps daily closes of the index.
fn rupees(closes: &str) -> Market {
    Market::from_json(&format!(
        r#"{{"version":1,"time":"2026-08-22T08:00:00Z","fx":{{"INR":0.0115}},"history":{{"start":"2025-01-01","closes":{{{closes}}}}},
        "underlyings":[{{"asset":"NIFTY","class":"index","quote":"INR","contract_size":65,"index":24300,"expiries":[
            {{"expiry":"25SEP26","forward":24341.9,"smile":[[24000,0.15]]}},
            {{"expiry":"24SEP27","forward":25000,"smile":[[24000,0.15]]}}]}},
        {{"asset":"SBIN","class":"stock","quote":"INR","contract_size":250,"index":800,
            "expiries":[{{"expiry":"25SEP26","forward":804,"smile":[[800,0.25]]}}]}},
        {{"asset":"GOLD","class":"commodity","quote":"INR","index":7000,
            "expiries":[{{"expiry":"25SEP26","forward":7040,"smile":[[7000,0.15]]}}]}}]}}"#
    ))
    .expect("valid")
}

fn nse_book(positions: &[(&str, f64)], market: &Market) -> Book {
    let positions: Vec<_> = positions.iter().map(|(name, size)| coins(name, *size)).collect();
    book("INR", &positions, market)
}

fn nse(positions: &[(&str, f64)], market: &Market) -> Assessment {
    assessed("span-nse", None, &nse_book(positions, market)).0
}

/// A broker's line under NSE's rules: one lot of 65 at 24,341.9 needs 147,146.8 by SPAN and 31,644.5 of exposure
/// margin, 178,791 together.
#[test]
fn the_line_of_nse() {
    let market = rupees("");
    for lots in [1.0, -1.0] {
        let line = nse(&[("/NIFTY_INR-25SEP26", lots)], &market);
        let parts = [part(&line, "scan risk"), part(&line, "exposure margin"), line.initial];
        assert_eq!(parts.map(|part| (part * 10.0).round() / 10.0), [147_146.8, 31_644.5, 178_791.3]);
        assert_eq!(line.initial.round(), 178_791.0);
        assert!(line.notes[0].contains("NIFTY, 1.00\u{a0}%"), "{:?}", line.notes);
    }
    // A stock: six times 2 % over two days is more than the floor of 14.2 %.
    let stock = nse(&[("/SBIN_INR-25SEP26", 2.0)], &market);
    assert_close(stock.initial, 500.0 * 804.0 * (6.0 * 2.0_f64.sqrt() * 0.02 + 0.035));
}

#[test]
fn what_nse_does_not_clear_has_no_figure() {
    let refused = |book: &Book| {
        let entry = margin_engine::methodology::find("span-nse").expect("registered");
        let methodology = entry.configure(None).expect("a preset");
        margin_engine::methodology::assess(entry, methodology.as_ref(), book).expect_err("refused").to_string()
    };
    let error = refused(&book("USD", &[coins("BTC-PERPETUAL", 1.0)], &market(CALM)));
    assert!(error.contains("INR") && error.contains("BTC-PERPETUAL"), "{error}");
    let error = refused(&nse_book(&[("/GOLD_INR-25SEP26", 1.0)], &rupees("")));
    assert!(error.contains("GOLD"), "{error}");
}

/// Six daily vols over two days: closes that rise and fall by 2 % make 6·√2·2 % = 16.97 %, above the floor.
#[test]
fn ranges_follow_the_closes() {
    let closes: Vec<String> =
        (0..400).map(|day| if day % 2 == 0 { "100" } else { "102.02013400267558" }.to_owned()).collect();
    let line = nse(&[("/NIFTY_INR-25SEP26", 1.0)], &rupees(&format!("\"NIFTY\":[{}]", closes.join(","))));
    assert_close(part(&line, "scan risk"), 6.0 * 2.0_f64.sqrt() * 0.02 * 65.0 * 24_341.9);
    assert!(line.notes.is_empty());
}

/// Options with more than nine months to go are scanned by 17.7 %, within the same sixteen scenarios.
#[test]
fn long_dated_options_are_scanned_further() {
    let market = rupees("");
    let positions = [("/NIFTY_INR-24SEP27-20000-P", -1.0), ("/NIFTY_INR-25SEP26", -1.0)];
    let book = nse_book(&positions, &market);
    let line = nse(&positions, &market);
    assert_eq!((line.grid.slides.len(), line.pots[0].worst), (32, Some(10)));
    assert!(line.pots[0].counted_pnl[16..].iter().all(|pnl| *pnl == 0.0));
    // Up: the future loses 9.3 % while the put gains by 17.7 %.
    let (put, future) = (line.revaluation.leg(0)[16 + 10], line.revaluation.leg(1)[10]);
    assert_close(line.pots[0].counted_pnl[10], put + future);
    assert_close(future, -0.093 * 65.0 * 24_341.9);
    let years = book.expiries[book.legs[0].expiry].expiry_years;
    let vol = (0.25 * 0.01 * 252.0_f64.sqrt()).max(0.04);
    let price = |forward, vol, years| black76::price(Right::Put, forward, 20_000.0, vol, years, 1.0);
    let expected = price(25_000.0 * 1.177, 0.15 + vol, years - 1.0 / 365.0) - price(25_000.0, 0.15, years);
    assert_close(put, -65.0 * expected);
    // Five percent of the index for the long-dated short put, two for the future.
    assert_close(part(&line, "exposure margin"), 65.0 * (0.05 * 24_300.0 + 0.02 * 24_341.9));
}

fn scan(book: &Book) -> f64 {
    part(&assessed("span", None, book).0, "scan risk")
}

proptest! {
    #![proptest_config(crate::cases())]

    #[test]
    fn scan_risk_is_no_more_than_that_of_the_parts(
        market in any_market(),
        positions in any_positions(),
        currency in any_currency(),
        factor in 0.1..5.0_f64,
    ) {
        let whole = book(currency, &positions, &market);
        let parts: f64 = (0..positions.len()).map(|leg| scan(&book(currency, &positions[leg..=leg], &market))).sum();
        let scanned = scan(&whole);
        prop_assert!(scanned <= parts * (1.0 + 1e-12), "{} {}", scanned, parts);
        let scaled: Vec<_> = positions.iter().map(|position| {
            let mut position = *position;
            position.quantity.amount *= factor;
            position
        }).collect();
        prop_assert!(close(scan(&book(currency, &scaled, &market)), factor * scanned, 1e-11, parts * factor));
        // Against its own mirror nothing is at risk.
        let mirrored: Vec<_> = positions.iter().flat_map(|position| {
            let mut mirror = *position;
            mirror.quantity.amount *= -1.0;
            [*position, mirror]
        }).collect();
        let flat = assessed("span", None, &book(currency, &mirrored, &market)).0;
        prop_assert!(close(flat.initial, 0.0, 1e-11, parts), "{}", flat.initial);
    }

    #[test]
    fn minimums_and_charges_hold(market in any_market(), positions in any_positions()) {
        let held = book("USD", &positions, &market);
        let (assessment, _) = assessed("span", None, &held);
        let options = part(&assessment, "net option value");
        let least: f64 = held.net_by_instrument().iter().filter(|position| held.legs[position.legs[0]].is_option())
            .map(|position| 0.005 * held.index_of(&held.legs[position.legs[0]]) * (-position.coins).max(0.0)).sum();
        prop_assert!(assessment.maintenance - options >= least * (1.0 - 1e-12), "{} {}", assessment.maintenance, least);
        // Within one expiry there is nothing to spread.
        for date in ["25SEP26", "25DEC26"] {
            let of_one = |position: &&margin_engine::account::Position| {
                position.instrument.expiry() == Some(expiry(date))
            };
            let one: Vec<_> = positions.iter().filter(of_one).copied().collect();
            let (assessment, _) = assessed("span", None, &book("USD", &one, &market));
            prop_assert_eq!(part(&assessment, "calendar spreads"), 0.0);
        }
    }
}
