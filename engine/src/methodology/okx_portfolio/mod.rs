//! OKX portfolio margin: risk units with charges MR1 to MR9.
//!
//! A unit is all that is held on one underlying, coin-settled and dollar-settled together; P&L counts in dollars. Its
//! maintenance requirement is max(max(MR1, MR6) + MR2 + MR3 + MR4 + MR5, MR7) + MR9: stress of price and vol, half of
//! an extreme move, theta, term structure of vols, basis, interest rates, minimum charge, and dollar currencies that
//! part. Source: the venue's announcement of January 2025 and the example of its interface's documentation, whose
//! futures are reproduced; the preset says what is by convention.

mod charges;
mod parameters;
#[cfg(test)]
mod tests;

pub use parameters::{ClassParameters, Parameters};

use super::charge::Charge;
use super::coins_only::coins_only;
use super::slide_label::price_moves;
use super::unit::{Unit, units};
use super::{Configured, Edited, Memo, MemoUnit, Methodology, MethodologyError, Pair, Requirement, Workings};
use crate::book::{Book, Leg, LegKind};
use crate::slide::{ForwardMove, Revaluation, Slide, SlideGrid, Stress, VolMove};
use charges::{Amount, Charges};

/// OKX's risk-based margin.
pub struct OkxPortfolio(pub(in crate::methodology) Configured<Parameters>);

/// The components in the order in which they are listed: name, memo, explanation.
const PARTS: [(&str, &str, &str); 8] = [
    ("spot shock", "MR1", "the greatest loss over moves of price and vol"),
    ("extreme move", "MR6", "the part of the loss on an extreme move of the price that counts, where it is greater"),
    ("theta", "MR2", "what options lose within a day"),
    ("vega term structure", "MR3", "vega of one expiry that offsets vega of another"),
    ("basis", "MR4", "net delta of each expiry, at the rate by which forwards may part from the index"),
    ("interest rate", "MR5", "what options lose when rates move"),
    ("minimum charge", "MR7", "what closing the positions costs, where that is more than all of the above"),
    ("stablecoin", "MR9", "delta in one dollar currency that offsets delta in another"),
];
/// Which of them are MR6 and MR7.
const EXTREME: usize = 1;
const MINIMUM: usize = 6;

impl Methodology for OkxPortfolio {
    fn configured(&self) -> &Edited {
        &self.0.edited
    }

    fn loss_components(&self) -> &'static [&'static str] {
        &["spot shock", "extreme move"]
    }

    fn slides(&self, book: &Book) -> Result<SlideGrid, MethodologyError> {
        coins_only(book)?;
        let parameters = &self.0.parameters;
        let classes = book.underlyings.iter().map(|underlying| parameters.of(underlying.asset));
        let classes = classes.collect::<Result<Vec<&ClassParameters>, MethodologyError>>()?;
        let mut slides = Vec::new();
        let mut add = |spot_move: &dyn Fn(&ClassParameters) -> f64, vol_move: VolMove, vol: &str, weight: f64| {
            let stresses: Vec<Stress> = classes.iter().map(|class| Stress::new(spot_move(class), vol_move)).collect();
            let label = format!("{}, {vol}", price_moves(book, &stresses));
            slides.push(Slide { weights: vec![weight; stresses.len()], stresses, label });
        };
        let steps = parameters.steps() as i64;
        for step in -steps..=steps {
            let spot_move = |class: &ClassParameters| match step {
                0 => 0.0,
                _ => class.spot_moves[step.unsigned_abs() as usize - 1].copysign(step as f64),
            };
            parameters.vol_moves().into_iter().for_each(|(vol_move, vol)| add(&spot_move, vol_move, vol, 1.0));
        }
        for sign in [-1.0, 1.0] {
            let extreme = |class: &ClassParameters| class.extreme_move * sign;
            add(&extreme, VolMove::Unchanged, "vol same, extreme", parameters.extreme_weight);
        }
        Ok(SlideGrid { forward_move: ForwardMove::Parallel, ..SlideGrid::new(slides) })
    }

    fn requirement(
        &self,
        book: &Book,
        revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        let parameters = &self.0.parameters;
        let mut parts = PARTS.map(|(name, ..)| Charge::new(name, book));
        let mut memos =
            PARTS.map(|(_, name, explanation)| Memo { name, explanation, value: 0.0, unit: MemoUnit::Money });
        let mut pots = Vec::new();
        let mut reason = String::new();
        for unit in units(book) {
            let unit = with_spot_in_use(unit);
            let asset = book.underlyings[unit.underlying].asset;
            let pot = unit.pot(revaluation);
            let charges =
                Charges { parameters, class: parameters.of(asset)?, unit: &unit, revaluation, pnl: &pot.counted_pnl };
            let amounts = charges.all();
            for (memo, amount) in memos.iter_mut().zip(&amounts) {
                memo.value += amount.value;
            }
            for part in which_count(&amounts) {
                let Amount { value, by_leg, formula, values, slide } = &amounts[part];
                let factor = parameters.initial_factor;
                let by_leg = by_leg.iter().map(|(leg, share)| (*leg, share * factor)).collect();
                parts[part].add(Pair { initial: value * factor, maintenance: *value }, &by_leg);
                let values: Vec<(&'static str, f64)> = values.iter().copied().chain([("factor", factor)]).collect();
                match slide {
                    Some(slide) => workings.note_slide(PARTS[part].0, *slide, formula, &values, value * factor),
                    None => workings.note(PARTS[part].0, formula, &values, value * factor),
                }
                if part == MINIMUM {
                    reason = format!("{}: the minimum charge (MR7) is above the stress", asset.as_str());
                }
            }
            pots.push(pot);
        }
        let components = parts
            .into_iter()
            .zip(PARTS)
            .filter_map(|(part, (.., explanation))| part.into_component_if_any(explanation));
        Ok(Requirement {
            components: components.collect(),
            pots,
            memos: memos.into(),
            reason,
            ..Requirement::default()
        })
    }
}

/// The parts that make up a unit's requirement.
fn which_count(amounts: &[Amount]) -> Vec<usize> {
    let stress = usize::from(amounts[EXTREME].value > amounts[0].value);
    let mut parts = vec![stress];
    parts.extend(EXTREME + 1..MINIMUM);
    let sum: f64 = parts.iter().map(|part| amounts[*part].value).sum();
    if amounts[MINIMUM].value > sum {
        parts = vec![MINIMUM];
    }
    parts.extend(MINIMUM + 1..PARTS.len());
    parts
}

/// Coins held outright count as far as they offset the delta of the derivatives; the rest is collateral.
fn with_spot_in_use(unit: Unit) -> Unit {
    let is_spot = |leg: &Leg| leg.kind == LegKind::Spot;
    let delta = |spot: bool| -> f64 {
        unit.legs().filter(|(_, leg, _)| is_spot(leg) == spot).map(|(_, leg, _)| leg.delta_coins()).sum()
    };
    let (held, derivatives) = (delta(true), delta(false));
    let in_use = if held * derivatives < 0.0 { (derivatives.abs() / held.abs()).min(1.0) } else { 0.0 };
    unit.counting(&|leg| if is_spot(leg) { in_use } else { 1.0 })
}
