//! Charges by hand, on the market of `testing`: BTC at 80,000, its perpetual at 80,040, futures at 80,320 and 81,280.

use crate::book::Book;
use crate::instrument::Right;
use crate::methodology::{Assessment, MethodologyError, assess, find};
use crate::pricing::black76::price;
use crate::testing::book;

const PERPETUAL: &str = "BTC_USDC-PERPETUAL";
const FUTURE: &str = "BTC_USDC-25SEP26";

fn assessed(book: &Book) -> Assessment {
    let entry = find("okx-portfolio").expect("registered");
    let methodology = entry.configure(None).expect("a preset");
    assess(entry, methodology.as_ref(), book).expect("it has rules for the book")
}

fn of(positions: &[(&str, f64)]) -> Assessment {
    assessed(&book("USD", positions))
}

fn memo(assessment: &Assessment, name: &str) -> f64 {
    assessment.memos.iter().find(|memo| memo.name == name).expect(name).value
}

#[track_caller]
fn assert_close(ours: f64, expected: f64) {
    assert!((ours - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{ours} is not {expected}");
}

/// 12 % of the index, half of 24 %, 0.2 % of the mark; other coins have other moves.
#[test]
fn a_perpetual_alone() {
    let assessment = of(&[(PERPETUAL, -1.0)]);
    assert_close(memo(&assessment, "MR1"), 9_600.0);
    assert_close(memo(&assessment, "MR6"), 9_600.0);
    assert_close(memo(&assessment, "MR4"), 160.08);
    assert_close(memo(&assessment, "MR7"), 360.18);
    assert_close(assessment.maintenance, 9_760.08);
    assert_close(assessment.initial, 1.3 * 9_760.08);
    assert_eq!(assessment.grid.slides.len(), 23);
    assert_eq!(assessment.pots[0].asset().map(|asset| asset.to_string()).as_deref(), Some("BTC"));
}

/// What moves alike leaves the basis: 0.2 % of the perpetual and 5 % a year over 34 days of the future. Closing both
/// costs more: 0.45 % of each.
#[test]
fn the_minimum_charge_stands_in_for_little_stress() {
    let assessment = of(&[(PERPETUAL, -1.0), (FUTURE, 1.0)]);
    assert_close(memo(&assessment, "MR1"), 0.0);
    assert_close(memo(&assessment, "MR4"), 160.08 + 80_320.0 * 0.05 * 34.0 / 365.0);
    assert_close(assessment.maintenance, 0.0045 * 160_360.0);
    assert_eq!(assessment.components.len(), 1);
    assert_eq!(assessment.reason, "BTC: the minimum charge (MR7) is above the stress");
    // 3,608,100 dollars before the multiples: 1, 2, 4, 6 and 8 for the bands to 3 million, 10 for the rest.
    let large = of(&[(PERPETUAL, -5_000.0), (FUTURE, 5_000.0)]);
    assert_close(memo(&large, "MR7"), 0.25e6 + 0.5e6 + 2e6 + 6e6 + 8e6 + 6_081_000.0);
}

/// A dollar of one kind against a dollar of another: 1 % of the lesser side.
#[test]
fn dollar_currencies_may_part() {
    let assessment = of(&[(PERPETUAL, 1.0), ("BTC-PERPETUAL", -3.0)]);
    assert_close(memo(&assessment, "MR9"), 800.4);
    let stablecoin = assessment.components.iter().find(|part| part.name == "stablecoin").expect("charged");
    assert_close(stablecoin.initial_by_leg[0], 1.3 * 800.4);
    assert_eq!(stablecoin.initial_by_leg[1], 0.0);
}

/// Coins held outright offset derivatives and are no risk beyond that.
#[test]
fn coins_count_as_far_as_they_offset() {
    let loss = |spot| memo(&of(&[(PERPETUAL, -1.0), ("BTC-SPOT", spot)]), "MR1");
    for (spot, expected) in [(0.4, 0.6 * 9_600.0), (1.0, 0.0), (3.0, 0.0), (-2.0, 9_600.0)] {
        assert_close(loss(spot), expected);
    }
    assert_close(of(&[("BTC-SPOT", 5.0)]).initial, 0.0);
}

/// Two expiries against each other, priced directly: theta of a day, vols that part, rates.
#[test]
fn option_charges_come_from_direct_prices() {
    let legs = [("BTC_USDC-25SEP26-80000-C", 1.0), ("BTC_USDC-25DEC26-80000-C", -2.0)];
    let book = book("USD", &legs);
    let value = |leg: usize, vol: f64, passed: f64| {
        let group = &book.expiries[book.legs[leg].expiry];
        price(Right::Call, group.forward, 80_000.0, vol, group.expiry_years - passed, 1.0)
    };
    let vol = |leg: usize| book.legs[leg].vol_annual().expect("an option");
    let (mut decay, mut rho, mut by_expiry) = (0.0, 0.0, Vec::new());
    for (leg, (_, coins)) in legs.iter().enumerate() {
        let days = book.expiries[book.legs[leg].expiry].expiry_years * 365.0;
        let step = 1e-6;
        decay += coins * (value(leg, vol(leg), step) - value(leg, vol(leg), -step)) / (2.0 * step) / 365.0;
        rho -= coins * value(leg, vol(leg), 0.0) * days / 365.0;
        let up = vol(leg) * (1.0 + 0.5 * (30.0 / days).powf(0.13));
        by_expiry.push(coins * (value(leg, up, 0.0) - value(leg, vol(leg), 0.0)));
    }
    let assessment = assessed(&book);
    assert!(by_expiry[0] > 0.0 && by_expiry[1] < -by_expiry[0], "{by_expiry:?}");
    assert_close(memo(&assessment, "MR3"), 0.5 * 2.0 * by_expiry[0]);
    assert_close(memo(&assessment, "MR5"), 0.01 * rho.abs());
    assert!((memo(&assessment, "MR2") - (-decay).max(0.0)).abs() < 1e-3, "{decay}");
    // Held the other way round, what the one earned is lost.
    let reverse = of(&[(legs[0].0, -1.0), (legs[1].0, 2.0)]);
    assert!((memo(&reverse, "MR2") - decay.max(0.0)).abs() < 1e-3, "{decay}");
}

#[test]
fn classes_have_as_many_moves_each() {
    let entry = find("okx-portfolio").expect("registered");
    for (edit, part) in [
        (serde_json::json!({"classes": {"majors": {"spot_moves": [0.1]}}}), "majors.spot_moves must have 3"),
        (serde_json::json!({"classes": {"majors": {"spot_moves": [0.1, 0.05, 0.2]}}}), "majors.spot_moves is 0.05"),
        (serde_json::json!({"minimum_charge_tiers": {"multiples": [1]}}), "there must be 7"),
    ] {
        let error = entry.configure(Some(&edit)).err().expect("refused");
        assert!(matches!(error, MethodologyError::Parameters(_)) && error.to_string().contains(part), "{error}");
    }
}
