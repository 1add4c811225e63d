//! The hot loop against a direct evaluation of each leg on each slide.

use margin_engine::asset::Asset;
use margin_engine::book::{Book, Leg};
use margin_engine::instrument::{Kind, Settlement};
use margin_engine::market::Market;
use margin_engine::pricing::black76;
use margin_engine::slide::{
    ForwardMove, PnlBasis, RateMove, Skew, Slide, SlideGrid, Stress, TermScaling, VolMove, reprice, revalue,
};
use proptest::prelude::*;

use super::workings::evaluate;
use crate::support::{any_currency, any_market, any_positions, book, close};

const BASES: [PnlBasis; 2] = [PnlBasis::SettlementCurrency, PnlBasis::QuoteCurrency];

fn any_vol_move() -> impl Strategy<Value = VolMove> {
    prop_oneof![
        Just(VolMove::Unchanged),
        (-0.8..0.8).prop_map(VolMove::Points),
        (-1.0..2.0, 0.0..0.5, 0.0..0.5, 1.0..20.0, 0.0..0.9).prop_map(
            |(change, short_power, long_power, minimum_days, floor)| VolMove::Relative {
                change,
                term: TermScaling { short_power, long_power, minimum_days },
                floor,
            }
        ),
        (any::<bool>(), 0.05..0.4, -0.2..0.1, 0.5..5.0, 0.2..1.0).prop_map(
            |(both_wings, cap_base, cap_slope, width, vol_static)| {
                let skew =
                    Skew { both_wings, cap_base, cap_slope, least_width: 0.01, width, vol_static, vol_scale: 0.1 };
                VolMove::Skew(skew)
            }
        ),
    ]
}

fn any_stress() -> impl Strategy<Value = Stress> {
    // Time steps to beyond the first expiry.
    let time = prop_oneof![Just(0.0), 0.0..0.3];
    let rates = (-0.1..0.1, -0.1..0.1).prop_map(|(short, long)| RateMove { short, long });
    (-0.9..5.0, any_vol_move(), rates, time, any::<bool>()).prop_map(
        |(spot_move, vol_move, rate_move, time_step_years, keeps_forwards)| Stress {
            spot_move,
            vol_move,
            rate_move,
            time_step_years,
            keeps_forwards,
        },
    )
}

/// Vol after a move, from the definition of the move.
fn moved_vol(vol_annual: f64, years: f64, moneyness: f64, vol_move: VolMove) -> f64 {
    match vol_move {
        VolMove::Unchanged => vol_annual,
        VolMove::Points(points) => (vol_annual + points).max(0.0),
        VolMove::Relative { change, term, floor } => {
            let days = years * 365.0;
            let power = if days < 30.0 { term.short_power } else { term.long_power };
            let factor = (30.0 / days.max(term.minimum_days)).powf(power);
            (vol_annual * (1.0 + change * factor)).max(floor).max(0.0)
        }
        VolMove::Skew(skew) => {
            let s = years.sqrt();
            let cap = skew.cap_base + skew.cap_slope * s;
            let far = skew.least_width.max(s * skew.width * (skew.vol_static + s * skew.vol_scale));
            let k = if skew.both_wings { moneyness.ln().abs() } else { moneyness.ln() };
            let change = if k >= 0.0 { cap.min(k * cap / far) } else { (-cap).max(k * cap / far) };
            vol_annual * (1.0 + change).max(0.0)
        }
    }
}

/// Value of one unit in dollars and the index, after a stress. Everything from the market, nothing from the book.
fn value(leg: &Leg, market: &Market, stress: &Stress) -> (f64, f64) {
    let coin = market.underlying(leg.instrument.product.base).expect("listed");
    let (index, growth) = (coin.index(), 1.0 + stress.spot_move);
    let after = |date: margin_engine::instrument::Expiry| {
        let years = date.years_from(market.now());
        let left = (years - stress.time_step_years).max(0.0);
        let basis_left = if stress.keeps_forwards { 1.0 } else { left / years };
        (years, left, index * growth * (coin.forward(date) / index).powf(basis_left))
    };
    let value = match leg.instrument.kind {
        Kind::Option { expiry, strike, right } => {
            let (years, left, forward) = after(expiry);
            let moneyness = strike / coin.forward(expiry);
            let vol = moved_vol(coin.vol(strike, expiry).expect("it has vols"), years, moneyness, stress.vol_move);
            let RateMove { short, long } = stress.rate_move;
            let rate = coin.discount_rate(expiry) + short + (long - short) * (years / 30.0).min(1.0);
            black76::price(right, forward, strike, vol, left, (-rate * left).exp())
        }
        Kind::Future { expiry } => after(expiry).2,
        Kind::Perpetual => coin.perpetual_mark() * growth,
        Kind::Spot => index * growth,
        Kind::Bond { .. } => panic!("the strategies hold none"),
    };
    (value, index * growth)
}

/// P&L of a leg in the account currency from values before and after.
fn direct_pnl(leg: &Leg, book: &Book, market: &Market, stress: &Stress, basis: PnlBasis) -> f64 {
    let (value, index) = value(leg, market, stress);
    let (before, index_before) = self::value(leg, market, &Stress::NONE);
    let is_inverse = leg.instrument.product.settlement == Settlement::Inverse;
    let is_future = matches!(leg.instrument.kind, Kind::Future { .. } | Kind::Perpetual);
    let account_per = |asset: Asset| market.fx(asset, book.currency).expect("known");
    let product = leg.instrument.product;
    if !is_inverse {
        return leg.coins * (value - before) * account_per(product.quote);
    }
    // Contracts of so many dollars pay their change of 1/F in coin; options and coins are worth V/S coins.
    let in_coin = if is_future {
        leg.coins * before * (1.0 / before - 1.0 / value)
    } else {
        leg.coins * (value / index - before / index_before)
    };
    match basis {
        PnlBasis::SettlementCurrency => in_coin * account_per(product.base),
        // A future's payment in coin is worth what the coin is worth then; options are worth V.
        PnlBasis::QuoteCurrency if is_future => in_coin * index * account_per(product.quote),
        PnlBasis::QuoteCurrency => leg.coins * (value - before) * account_per(product.quote),
    }
}

proptest! {
    #![proptest_config(crate::cases())]

    #[test]
    fn every_leg_on_every_slide_is_what_it_is_worth(
        market in any_market(),
        positions in any_positions(),
        stresses in prop::collection::vec((any_stress(), any_stress(), 0.0..2.0_f64), 1..12),
        currency in any_currency(),
    ) {
        let book = book(currency, &positions, &market);
        let slides: Vec<Slide> = stresses
            .iter()
            .map(|(one, other, weight)| Slide {
                // Another stress of each underlying.
                stresses: [*one, *other].into_iter().take(book.underlyings.len()).collect(),
                weights: [*weight, 1.0].into_iter().take(book.underlyings.len()).collect(),
                label: String::new(),
            })
            .collect();
        for basis in BASES {
            let grid = SlideGrid { basis, ..SlideGrid::new(slides.clone()) };
            let revaluation = revalue(&book, &grid);
            for (index, leg) in book.legs.iter().enumerate() {
                for (place, (slide, ours)) in grid.slides.iter().zip(revaluation.leg(index)).enumerate() {
                    let stress = &slide.stresses[leg.underlying];
                    let weight = slide.weights[leg.underlying];
                    let direct = direct_pnl(leg, &book, &market, stress, basis) * weight;
                    let group = &book.underlyings[leg.underlying];
                    let notional = leg.coins * group.account_per_coin * (1.0 + stress.spot_move.max(0.0));
                    prop_assert!(close(*ours, direct, 1e-10, notional), "{:?} {:?} {:?}: {} {}", leg.instrument, stress, basis, ours, direct);
                    // Spelt out, it is the same figure to the bit, and its formula comes to it.
                    let spelt = reprice(&book, &grid, index, place).expect("a leg on a slide");
                    prop_assert_eq!(spelt.pnl.to_bits(), ours.to_bits());
                    let evaluated = evaluate(spelt.formula, &spelt.values).map_err(TestCaseError::fail)?;
                    prop_assert!(close(evaluated, spelt.pnl, 1e-10, notional), "{spelt:?}: {evaluated}");
                }
            }
        }
    }

    #[test]
    fn a_slide_that_moves_nothing_is_worth_exactly_nothing(market in any_market(), positions in any_positions()) {
        let book = book("USD", &positions, &market);
        let nothing = |vol_move| Slide::uniform(Stress::new(0.0, vol_move), book.underlyings.len(), String::new());
        let term = TermScaling { short_power: 0.3, long_power: 0.13, minimum_days: 1.0 };
        let moves = [VolMove::Unchanged, VolMove::Points(0.0), VolMove::Relative { change: 0.0, term, floor: 0.0 }];
        for basis in BASES {
            let revaluation = revalue(&book, &SlideGrid { basis, ..SlideGrid::new(moves.map(nothing).to_vec()) });
            for leg in 0..book.legs.len() {
                prop_assert!(revaluation.leg(leg).iter().all(|pnl| *pnl == 0.0), "{:?}", revaluation.leg(leg));
            }
        }
    }

    /// A leg's row is its own: legs beside it change no bit.
    #[test]
    fn a_leg_is_worth_the_same_in_company(market in any_market(), positions in any_positions(), stress in any_stress()) {
        let whole = book("USD", &positions, &market);
        let slides = |book: &Book| vec![Slide::uniform(stress, book.underlyings.len(), String::new())];
        let grid = |book: &Book| SlideGrid { basis: PnlBasis::SettlementCurrency, ..SlideGrid::new(slides(book)) };
        let together = revalue(&whole, &grid(&whole));
        for (index, position) in positions.iter().enumerate() {
            let alone = book("USD", &[*position], &market);
            prop_assert_eq!(revalue(&alone, &grid(&alone)).leg(0)[0].to_bits(), together.leg(index)[0].to_bits());
        }
    }
}

/// Where forwards move by as much as the index, a future at 81,280 falls with an index of 80,000 by 8,000 and not by
/// 8,128; an option follows its forward; and no forward falls below a hundredth of itself.
#[test]
fn forwards_can_keep_their_basis() {
    let market = crate::support::market(crate::support::CALM);
    let names = ["BTC_USDC-25DEC26", "BTC_USDC-25DEC26-80000-P", "BTC-25DEC26", "BTC_USDC-SPOT"];
    let positions: Vec<_> = names.iter().map(|name| crate::support::coins(name, 2.0)).collect();
    let book = book("USD", &positions, &market);
    let slides = vec![Slide::uniform(Stress::new(-0.1, VolMove::Unchanged), 1, String::new())];
    let grid = SlideGrid { forward_move: ForwardMove::Parallel, ..SlideGrid::new(slides) };
    let revaluation = revalue(&book, &grid);
    let group = &book.expiries[book.legs[0].expiry];
    let (forward, years) = (group.forward, group.expiry_years);
    let vol = book.legs[1].vol_annual().expect("an option");
    let put = |forward| black76::price(margin_engine::instrument::Right::Put, forward, 80_000.0, vol, years, 1.0);
    for (leg, expected) in [
        (0, -16_000.0),
        (1, 2.0 * (put(forward - 8_000.0) - put(forward))),
        (2, 2.0 * 72_000.0 * (1.0 - forward / (forward - 8_000.0))),
        (3, -16_000.0),
    ] {
        let ours = revaluation.leg(leg)[0];
        assert!(close(ours, expected, 1e-12, 16_000.0), "{}: {ours} {expected}", names[leg]);
    }
}
