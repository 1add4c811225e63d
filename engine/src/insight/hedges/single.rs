//! The best single trades.

use super::desk::{Desk, Trade};
use super::search::least;
use crate::order::sorted_by;
use crate::progress::Progress;

/// So many candidates are judged by the methodology itself.
const SHORTLIST: usize = 64;
/// Fewer where there are no slides to begin from, and each takes longer.
const SHORTLIST_OF_RULES: usize = 32;
/// Sizes tried at first where there are no slides.
const SEEDS: usize = 4;

/// A set of trades and by how much it lessens [`Desk::burden`].
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub trades: Vec<Trade>,
    pub benefit: f64,
}

/// The best size of each candidate on the shortlist, the most beneficial first.
///
/// The slides say, for every candidate and either side, which size frees most; by that the shortlist is made. On it
/// the methodology itself is asked at that size and around it, until no size nearby is better. That is the best size
/// of all where the requirement is convex in it, as worst losses, short option charges and charges on net deltas are.
pub(super) fn singles(desk: &Desk, progress: Progress<'_>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let shortlist = shortlist(desk);
    for (done, &candidate) in shortlist.iter().enumerate() {
        progress.steps(done, shortlist.len());
        for sign in [1, -1] {
            let most = desk.candidates[candidate].most_steps;
            let trade = |steps: u32| Trade { candidate, steps: sign * i64::from(steps) };
            let mut burden = |steps: u32| match steps {
                0 => desk.before,
                _ => desk.burden(&[trade(steps)]),
            };
            let start =
                seeds(desk, candidate, sign).into_iter().map(|steps| (steps.min(most), burden(steps.min(most))));
            let best = start.reduce(|best, next| if next.1 < best.1 { next } else { best });
            let best = least(&mut burden, best.map_or(0, |(steps, _)| steps), most);
            if best.steps > 0 && best.value < desk.before {
                found.push(Found { trades: vec![trade(best.steps)], benefit: desk.before - best.value });
            }
        }
    }
    sorted_by(found, |found| -found.benefit)
}

/// The candidates that free most by the slides, each at its best size. Those that are held come first, since closing
/// them also ends charges that slides know nothing of, and with them futures and the like, which are few. Without slides the order is that of the candidates.
fn shortlist(desk: &Desk) -> Vec<usize> {
    let places = 0..desk.candidates.len();
    if !desk.estimate.has_slides() {
        return places.take(SHORTLIST_OF_RULES).collect();
    }
    let promise = |place: usize| {
        let candidate = &desk.candidates[place];
        if candidate.held != 0.0 || !desk.book.legs[candidate.leg].is_option() {
            return f64::INFINITY;
        }
        let of = |sign: i64| {
            let steps = best_by_slides(desk, place, sign);
            estimated(desk, Trade { candidate: place, steps: sign * i64::from(steps) })
        };
        of(1).max(of(-1))
    };
    let promising: Vec<(usize, f64)> = places.map(|place| (place, promise(place))).collect();
    sorted_by(promising, |(_, promise)| -promise).into_iter().take(SHORTLIST).map(|(place, _)| place).collect()
}

/// What a trade would lessen by the slides alone, after costs.
pub(super) fn estimated(desk: &Desk, trade: Trade) -> f64 {
    desk.estimate.freed(trade.candidate, desk.units(trade)) - desk.cost_weight * desk.cost(&[trade])
}

/// The size that the slides alone would choose, in steps.
pub(super) fn best_by_slides(desk: &Desk, candidate: usize, sign: i64) -> u32 {
    let mut burden = |steps: u32| -estimated(desk, Trade { candidate, steps: sign * i64::from(steps) });
    least(&mut burden, 0, desk.candidates[candidate].most_steps).steps
}

/// Sizes to begin from: that of the slides, and that which closes what is held; without slides the sizes of all that
/// is held on the underlying.
fn seeds(desk: &Desk, candidate: usize, sign: i64) -> Vec<u32> {
    let of = &desk.candidates[candidate];
    let in_steps = |units: f64| (units.abs() / of.units_per_step + 1e-9).floor().min(1e9) as u32;
    let mut seeds = Vec::new();
    if of.held * (sign as f64) < 0.0 {
        seeds.push(in_steps(of.held));
    }
    if desk.estimate.has_slides() {
        seeds.push(best_by_slides(desk, candidate, sign));
        return seeds;
    }
    let one = &desk.book.legs[of.leg];
    for other in &desk.candidates {
        let leg = &desk.book.legs[other.leg];
        let steps = in_steps(other.held * leg.coins / one.coins);
        if leg.underlying == one.underlying && steps > 0 && seeds.len() < SEEDS && !seeds.contains(&steps) {
            seeds.push(steps);
        }
    }
    seeds
}

/// The most beneficial of each expiry and right, at most so many of them calls, puts or neither: five suggestions are
/// not five neighbouring strikes.
pub(super) fn varied(desk: &Desk, found: &[Found], count: usize, of_a_right: usize) -> Vec<Found> {
    let kind = |found: &Found| {
        let leg = &desk.book.legs[desk.candidates[found.trades.first()?.candidate].leg];
        Some((leg.instrument.option_terms().map(|terms| terms.1), leg.underlying, leg.instrument.expiry()))
    };
    let mut varied: Vec<Found> = Vec::new();
    for each in found {
        let same_right = |other: &&Found| kind(other).map(|kind| kind.0) == kind(each).map(|kind| kind.0);
        let is_new = varied.iter().all(|other| kind(other) != kind(each));
        if varied.len() < count && is_new && varied.iter().filter(same_right).count() < of_a_right {
            varied.push(each.clone());
        }
    }
    varied
}
