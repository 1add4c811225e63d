//! Where the methodology's slides lie on the surface of P&L.

use margin_engine::book::{Book, LegKind};
use margin_engine::slide::{Slide, VolMove};

use crate::charts::SlideDot;
use crate::state::figures::Figures;
use crate::state::nearest_expiry;

/// Days to expiry at which a book without options is given a vol, so that its slides have a place.
const USUAL_DAYS: f64 = 30.0;

/// The vol of a coin without a smile.
const USUAL_VOL: f64 = 0.5;

/// The slides at their price moves and vol changes in points, in the grid's order. A relative vol shift changes every
/// leg by other points, so a slide is placed at the mean of its changes, weighted by the legs' vegas. The P&L is what
/// counts in the leading pot, whose legs are `book`.
pub fn slide_dots(figures: &Figures, book: &Book, underlying: usize) -> Vec<SlideDot> {
    let assessment = &figures.assessment;
    let Some(pot) = assessment.leading_pot() else { return vec![] };
    let weights = vega_weights(book);
    let usual_vol = usual_vol(figures, underlying);
    let slides = &assessment.grid.slides;
    let mut dots: Vec<SlideDot> = Vec::with_capacity(slides.len());
    for (index, slide) in slides.iter().enumerate() {
        // Most slides do to vols what one before them does.
        let alike = slides[..index].iter().position(|before| moves_vols_alike(before, slide));
        dots.push(SlideDot {
            price_move: slide.stresses.get(underlying).map_or(f64::NAN, |stress| stress.spot_move),
            vol_move: match alike {
                Some(before) => dots[before].vol_move,
                None => 100.0 * vol_change(book, slide, &weights, usual_vol),
            },
            pnl: pot.counted_pnl.get(index).copied().unwrap_or(f64::NAN),
            is_worst: pot.worst == Some(index),
            is_runner_up: pot.runner_up == Some(index),
        });
    }
    dots
}

fn moves_vols_alike(one: &Slide, other: &Slide) -> bool {
    one.stresses.len() == other.stresses.len()
        && one.stresses.iter().zip(&other.stresses).all(|(one, other)| one.vol_move == other.vol_move)
}

/// Whether every part of a slide counts in full: what lies on the surface.
pub fn is_ordinary(slide: &Slide) -> bool {
    slide.weights.iter().all(|weight| *weight == 1.0)
}

/// What each leg's vol change counts: its vega without sign, all alike where there is none, nothing for other legs.
fn vega_weights(book: &Book) -> Vec<f64> {
    let vega = |leg: &margin_engine::book::Leg| match leg.kind {
        LegKind::Option { .. } => (leg.coins * leg.sensitivities.vega * leg.account_per_quote).abs(),
        _ => 0.0,
    };
    let weights: Vec<f64> = book.legs.iter().map(vega).collect();
    if weights.iter().sum::<f64>() > 0.0 {
        return weights;
    }
    book.legs.iter().map(|leg| if leg.is_option() { 1.0 } else { 0.0 }).collect()
}

/// The mean vol change on a slide.
fn vol_change(book: &Book, slide: &Slide, weights: &[f64], usual_vol: f64) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for (leg, weight) in book.legs.iter().zip(weights) {
        let (Some(vol), Some(stress)) = (leg.vol_annual(), slide.stresses.get(leg.underlying)) else { continue };
        let group = &book.expiries[leg.expiry];
        let ln_moneyness = leg.instrument.option_terms().map_or(0.0, |(strike, _)| (strike / group.forward).ln());
        sum += weight * (stress.vol_move.apply(vol, group.expiry_years, ln_moneyness) - vol);
        total += weight;
    }
    if total > 0.0 {
        return sum / total;
    }
    let vol_move = slide.stresses.first().map_or(VolMove::Unchanged, |stress| stress.vol_move);
    vol_move.apply(usual_vol, USUAL_DAYS / 365.0, 0.0) - usual_vol
}

/// The vol at the money in about a month.
fn usual_vol(figures: &Figures, underlying: usize) -> f64 {
    let coin = figures.book.underlyings.get(underlying).and_then(|group| figures.market.get(group.asset));
    let vol = coin.and_then(|coin| {
        let expiry = nearest_expiry(coin, USUAL_DAYS)?;
        coin.vol(coin.forward(expiry), expiry).ok()
    });
    vol.unwrap_or(USUAL_VOL)
}
