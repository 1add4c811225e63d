//! The worst slide of all currencies together.

use super::correlation::{correlations, directions};
use super::{Asked, CurrencyAccount, OffsetRule, WorstJointSlide, pays_at_once};
use crate::book::Book;
use crate::methodology::{MethodologyError, Pair, Workings, checked_requirement, price_moves};
use crate::slide::{Slide, SlideGrid, Stress, revalue};

/// The furthest that a price falls on a slide that was turned round.
const FURTHEST_FALL: f64 = -0.95;

/// What the losses of all currencies together require.
pub(super) struct Netted {
    /// Of the worst slide, with the margin on what it overdraws; without other charges.
    pub requirement: Pair,
    /// The correlations that were used.
    pub correlations: Vec<f64>,
    /// The slide that sets the initial requirement.
    pub worst: Option<WorstJointSlide>,
}

/// Finds it: over the methodology's own slides, and under the joint rule over those in which prices part.
pub(super) fn worst(
    asked: &Asked,
    currencies: &[CurrencyAccount],
    grid: &SlideGrid,
) -> Result<Netted, MethodologyError> {
    let rules = asked.rules.parameters();
    let mut grids = vec![grid.clone()];
    let mut used = Vec::new();
    if rules.rule == OffsetRule::Joint {
        used = correlations(&rules.correlation, asked.book)?;
        grids.extend(turned(asked.book, &used).iter().map(|direction| towards(grid, direction, asked)));
    }
    // Losses count with the greatest factor of any currency that can lose.
    let factors = currencies.iter().fold(Pair::default(), |most, it| Pair {
        initial: most.initial.max(it.factors.initial),
        maintenance: most.maintenance.max(it.factors.maintenance),
    });
    let mut netted = Netted { requirement: Pair::default(), correlations: used, worst: None };
    for grid in &grids {
        let all = revalue(asked.book, grid);
        let results = currencies
            .iter()
            .map(|currency| Ok((result(asked, currency, &all)?, payments(asked, currency, &all))))
            .collect::<Result<Vec<(Vec<f64>, Vec<f64>)>, MethodologyError>>()?;
        for slide in 0..grid.slides.len() {
            let by_currency: Vec<f64> = results.iter().map(|(result, _)| result[slide]).collect();
            let overdrawn = |(currency, (_, paid)): (&CurrencyAccount, &(Vec<f64>, Vec<f64>))| {
                (-(currency.cash + paid[slide])).max(0.0) - currency.borrowed
            };
            let borrowed: Vec<f64> = currencies.iter().zip(&results).map(overdrawn).map(|it| it.max(0.0)).collect();
            let loss = match rules.rule {
                OffsetRule::Joint => -by_currency.iter().sum::<f64>(),
                OffsetRule::Offset => {
                    let gained: f64 = by_currency.iter().map(|it| it.max(0.0)).sum();
                    let lost: f64 = by_currency.iter().map(|it| (-it).max(0.0)).sum();
                    lost - rules.offset * gained.min(lost)
                }
            };
            let owed: f64 = borrowed.iter().sum();
            let required = factors.times(loss).plus(asked.schedule.borrowing().times(owed));
            netted.requirement.maintenance = netted.requirement.maintenance.max(required.maintenance);
            if required.initial > netted.requirement.initial {
                netted.requirement.initial = required.initial;
                let by_leg = (0..asked.book.legs.len()).map(|leg| all.leg(leg)[slide]).collect();
                let label = grid.slides[slide].label.clone();
                netted.worst = Some(WorstJointSlide { label, by_leg, by_currency, borrowed });
            }
        }
    }
    Ok(netted)
}

/// What counts of a currency on each slide: losses as the methodology counts them, gains as they are. The rules inside
/// a currency say how little a gain offsets there; across currencies this rule does.
fn result(
    asked: &Asked,
    currency: &CurrencyAccount,
    all: &crate::slide::Revaluation,
) -> Result<Vec<f64>, MethodologyError> {
    let part = asked.book.subset(currency.legs.iter().copied()).without_balances();
    let rows = all.subset(currency.legs.iter().copied());
    let required = checked_requirement(asked.methodology, &part, &rows, &mut Workings::unwanted())?;
    let raw = rows.totals();
    let counted = |slide: usize| required.pots.iter().map(|pot| pot.counted_pnl[slide]).sum::<f64>();
    let of = |slide: usize| match counted(slide) {
        loss if loss < 0.0 => loss,
        _ => raw[slide].max(0.0),
    };
    Ok((0..raw.len()).map(of).collect())
}

/// What is paid or received in a currency on each slide.
fn payments(asked: &Asked, currency: &CurrencyAccount, all: &crate::slide::Revaluation) -> Vec<f64> {
    let paying = currency.legs.iter().copied().filter(|leg| pays_at_once(&asked.book.legs[*leg]));
    all.subset(paying).totals()
}

/// How far each underlying moves on the slides on which prices part. One without an open position takes none of them
/// along: it has nothing to lose, and its moves would shorten those of the others.
fn turned(book: &Book, correlations: &[f64]) -> Vec<Vec<f64>> {
    let (open, count) = (book.open_underlyings(), book.underlyings.len());
    let of_row = |row: &usize| open.iter().map(|column| correlations[row * count + column]).collect::<Vec<f64>>();
    let among_open: Vec<f64> = open.iter().flat_map(of_row).collect();
    let all = |among_open: Vec<f64>| {
        let mut parts = vec![1.0; count];
        open.iter().zip(among_open).for_each(|(place, part)| parts[*place] = part);
        parts
    };
    directions(&among_open, open.len()).into_iter().map(all).collect()
}

/// The same slides with each underlying's move turned and shortened. Slides that count in part only lie far out, where
/// all goes one way: they stay.
fn towards(grid: &SlideGrid, direction: &[f64], asked: &Asked) -> SlideGrid {
    let turn = |slide: &Slide| {
        if slide.weights.iter().any(|weight| *weight != 1.0) {
            return slide.clone();
        }
        let turned = |(stress, part): (&Stress, &f64)| Stress {
            spot_move: (stress.spot_move * part).max(FURTHEST_FALL),
            ..*stress
        };
        let stresses: Vec<Stress> = slide.stresses.iter().zip(direction).map(turned).collect();
        let rest = slide.label.split_once(", ").map_or("", |(_, rest)| rest);
        let label = format!("{}, {rest}", price_moves(asked.book, &stresses));
        Slide { label, stresses, ..slide.clone() }
    };
    SlideGrid { slides: grid.slides.iter().map(turn).collect(), ..*grid }
}
