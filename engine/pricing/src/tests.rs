//! The same inputs give the same bits on every target.

use super::american::{self, Accuracy};
use super::grid::{GridOption, GridSlides, GridVols, TotalVol, prices, time_values};
use super::numeric::{exp, ln};
use super::{black76, implied};
use crate::Right;

/// Mixes the bits of a number into a checksum (the FNV-1a step on whole words).
fn mix(checksum: u64, value: f64) -> u64 {
    (checksum ^ value.to_bits()).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23)
}

/// Prices, sensitivities, grid prices and implied vols from the money to the far wings, as one number.
fn checksum() -> u64 {
    let mut checksum = 0;
    for step in 0..6_000 {
        let part = |period: u32| f64::from(step % period) / f64::from(period);
        let right = if step % 2 == 0 { Right::Call } else { Right::Put };
        let strike = 100.0 * exp(3.0 * part(97) - 1.5);
        let (vol, years, rate) = (0.02 + 2.5 * part(89), 0.001 + 2.0 * part(83), 0.1 * part(79) - 0.02);
        let ours = black76::sensitivities(right, 100.0, strike, vol, years, rate);
        let all =
            [ours.price, ours.delta_forward, ours.gamma_forward, ours.vega, ours.theta_year, ours.vanna, ours.volga];
        let slides = GridSlides {
            forwards: vec![100.0],
            ln_forwards: vec![ln(100.0)],
            discount_factors: vec![exp(-rate * years)],
            vol_kinds: vec![0],
        };
        let (mut vols, mut value, mut grid) = (GridVols::default(), [0.0], [0.0]);
        vols.fill(&slides, &[TotalVol::new(vol * years.sqrt())]);
        time_values(&GridOption::new(strike), &slides, &vols, &mut value);
        prices(right, strike, &slides, &value, &mut grid);
        let vol = implied::implied_vol(right, ours.price, 100.0, strike, years, exp(-rate * years)).unwrap_or(-1.0);
        checksum = all.into_iter().chain(grid).chain([vol]).fold(checksum, mix);
    }
    checksum
}

/// Taken natively (x86-64) and equal in wasm.
const CHECKSUM: u64 = 0xf0ac_724d_cd85_463b;

#[test]
fn bits_are_the_same_on_every_target() {
    assert_eq!(checksum(), CHECKSUM, "{:#x}", checksum());
}

/// American prices at both settings, likewise.
fn american_checksum() -> u64 {
    let mut checksum = 0;
    for step in 0..400 {
        let part = |period: u32| f64::from(step % period) / f64::from(period);
        let right = if step % 2 == 0 { Right::Call } else { Right::Put };
        let accuracy = if step % 3 == 0 { Accuracy::Accurate } else { Accuracy::Fast };
        let strike = 100.0 * exp(2.0 * part(97) - 1.0);
        let (vol, years, rate, yields) =
            (0.03 + 1.5 * part(89), 0.001 + 2.0 * part(83), 0.1 * part(79), 0.1 * part(73));
        checksum = mix(checksum, american::price(right, 100.0, strike, vol, years, rate, yields, accuracy));
    }
    checksum
}

/// Taken natively (x86-64) and equal in wasm.
const AMERICAN_CHECKSUM: u64 = 0x7483_2ec6_d8a6_fdeb;

#[test]
fn american_bits_are_the_same_on_every_target() {
    assert_eq!(american_checksum(), AMERICAN_CHECKSUM, "{:#x}", american_checksum());
}
