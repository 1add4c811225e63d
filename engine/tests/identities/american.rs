//! American legs on grids of many slides, where boundaries are shared and prices interpolated, against prices that are
//! computed one by one.

use margin_engine::book::{Book, ExpiredPositions, Leg, LegKind};
use margin_engine::pricing::american::{self, Accuracy};
use margin_engine::slide::{Slide, SlideGrid, Stress, TermScaling, VolMove, reprice, revalue};
use proptest::prelude::*;

use super::shares;
use crate::support::{account, coins};

/// What interpolation may be off, of the larger of spot and strike: see `pricing::american`.
const TOLERANCE: f64 = 2e-5;

const NAMES: [&str; 6] = [
    "AAPL261218C00180000",
    "AAPL261218C00250000",
    "AAPL261218P00220000",
    "AAPL261218P00300000",
    "TQQQ261218C00090000",
    "TQQQ261218P00105000",
];

fn book(names: &[&str]) -> Book {
    let positions = names.iter().enumerate().map(|(place, name)| coins(name, place as f64 - 1.5)).collect();
    Book::resolve(&account("USD", positions), &shares::market(), ExpiredPositions::Refuse).expect("it has them")
}

/// The same stresses of all underlyings.
fn grid(book: &Book, stresses: &[Stress]) -> SlideGrid {
    let slide = |stress: &Stress| Slide::uniform(*stress, book.underlyings.len(), String::new());
    SlideGrid::new(stresses.iter().map(slide).collect())
}

/// Days of a history: vols stay on all of them, follow the price, or go their own way; time passes on some.
fn any_days() -> impl Strategy<Value = Vec<Stress>> {
    let day = (-0.4..0.5_f64, -0.3..0.5_f64);
    (prop::collection::vec(day, 30..400), 0..3_usize, prop::bool::ANY).prop_map(|(days, kind, is_later)| {
        let relative = |change| VolMove::Relative { change, term: TermScaling::FLAT, floor: 0.0 };
        let stress = |(place, (price_move, change)): (usize, &(f64, f64))| Stress {
            time_step_years: if is_later && place % 2 == 0 { 0.02 } else { 0.0 },
            ..Stress::new(*price_move, [VolMove::Unchanged, relative(-price_move), relative(*change)][kind])
        };
        days.iter().enumerate().map(stress).chain([Stress::NONE, Stress::new(0.0, VolMove::Points(0.0))]).collect()
    })
}

fn strike_of(leg: &Leg) -> f64 {
    let LegKind::Option { strike, .. } = leg.kind else { panic!("an option") };
    strike
}

/// Per-unit value on a slide, by itself.
fn alone(book: &Book, leg: usize, stress: &Stress) -> f64 {
    let leg = &book.legs[leg];
    let LegKind::Option { right, strike, vol_annual, .. } = leg.kind else { panic!("an option") };
    let group = &book.expiries[leg.expiry];
    let years = group.expiry_years - stress.time_step_years;
    let vol = stress.vol_move.apply(vol_annual, group.expiry_years, 0.0);
    let (spot, dividend_yield) = (book.index_of(leg) * (1.0 + stress.spot_move), group.discount_rate - group.carry());
    american::price(right, spot, strike, vol, years, group.discount_rate, dividend_yield, Accuracy::Fast)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..crate::cases() })]

    #[test]
    fn american_legs_on_many_slides_are_worth_what_they_are_one_by_one(days in any_days(), first in 0..6_usize) {
        let names = [NAMES[first], NAMES[(first + 1) % 6], NAMES[first]];
        let book = book(&names);
        let grid = grid(&book, &days);
        let revaluation = revalue(&book, &grid);
        for (place, leg) in book.legs.iter().enumerate() {
            let before = alone(&book, place, &Stress::NONE);
            for (stress, ours) in days.iter().zip(revaluation.leg(place)) {
                let expected = (alone(&book, place, stress) - before) * leg.coins;
                let spot = book.index_of(leg) * (1.0 + stress.spot_move);
                let allowed = TOLERANCE * leg.coins.abs() * spot.max(strike_of(leg));
                prop_assert!((ours - expected).abs() <= allowed, "{} {stress:?}: {ours} {expected}", names[place]);
            }
            // What moves nothing is worth nothing, and company changes no bit.
            prop_assert_eq!(&revaluation.leg(place)[days.len() - 2..], &[0.0, 0.0]);
            let without_company = revalue(&book.subset([place]), &grid);
            prop_assert_eq!(without_company.leg(0), revaluation.leg(place));
            // Spelt out, it is the same figure.
            for slide in [0, days.len() / 2] {
                let spelt = reprice(&book, &grid, place, slide).expect("a leg on a slide");
                prop_assert_eq!(spelt.pnl.to_bits(), revaluation.leg(place)[slide].to_bits());
            }
        }
    }
}
