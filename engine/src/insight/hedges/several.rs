//! Several trades together: the best pair, and the rebalancing that keeps the payoff.

use super::desk::{Desk, Trade};
use super::payoff;
use super::program::{Member, Solution, solve};
use super::search::least;
use super::single::{Found, varied};
use crate::order::sorted_by;

/// Pairs are made of so many single trades, each of another expiry or right …
const VARIED: usize = 10;
/// … and of so many of the best of all …
const BEST: usize = 4;
/// … and of so many futures, perpetuals or shares.
const OUTRIGHT: usize = 2;
/// So many pairs are sized by the methodology itself.
const PAIRS: usize = 16;
/// The rebalancing chooses among so many candidates.
const CHOICE: usize = 160;
/// It trades at most so many of them.
const MOST_TRADES: usize = 6;
/// Where rounding breaks the tolerance of the payoff, the program is solved again with this part of it.
const PARTS: [f64; 4] = [1.0, 0.9, 0.7, 0.4];

/// The pair of trades that lessens the burden most, if it does better than the best trade alone.
pub(super) fn best_pair(desk: &Desk, singles: &[Found]) -> Option<Found> {
    if !desk.estimate.has_slides() {
        return None;
    }
    let mut pool: Vec<usize> = Vec::new();
    let first = |found: &Found| found.trades.first().map(|trade| trade.candidate);
    let is_outright = |place: &usize| !desk.book.legs[desk.candidates[*place].leg].is_option();
    let wanted = varied(desk, singles, VARIED, VARIED / 2).iter().filter_map(first).collect::<Vec<usize>>().into_iter();
    let outright = (0..desk.candidates.len()).filter(is_outright).take(OUTRIGHT);
    for place in wanted.chain(singles.iter().take(BEST).filter_map(first)).chain(outright) {
        if !pool.contains(&place) {
            pool.push(place);
        }
    }
    let members: Vec<Member> = pool.into_iter().map(|place| Member::new(desk, place)).collect();
    let mut sized: Vec<([Member; 2], Solution)> = Vec::new();
    for (place, one) in members.iter().enumerate() {
        for other in &members[place + 1..] {
            let pair = [*one, *other];
            sized.extend(solve(desk, &pair, None).map(|solution| (pair, solution)));
        }
    }
    let sized = sorted_by(sized, |(_, solution)| -solution.benefit);
    let alone = singles.first().map_or(0.0, |found| found.benefit);
    let allowed = |trades: &[Trade]| desk.keeps_limits(trades);
    let found = sized.iter().take(PAIRS).filter_map(|(pair, solution)| whole(desk, pair, solution, &allowed));
    let pairs = found.filter(|found| found.trades.len() == 2 && found.benefit > alone);
    // Of equal ones the first.
    pairs.reduce(|best, next| if next.benefit > best.benefit { next } else { best })
}

/// The trades that lessen the burden most while the payoff at expiry stays within its tolerance: those of the program,
/// or those of the single trades and the pair, the best first, that keep it.
pub(super) fn rebalance<'a>(desk: &Desk, others: impl Iterator<Item = &'a Found>) -> Option<Found> {
    if !desk.estimate.has_slides() {
        return None;
    }
    let usable = (0..desk.candidates.len()).filter(|place| desk.candidates[*place].most_steps > 0).take(CHOICE);
    let members: Vec<Member> = usable.map(|place| Member::new(desk, place)).collect();
    let allowed = |trades: &[Trade]| desk.keeps_limits(trades) && payoff::is_kept(desk, trades);
    let attempt = |part: f64| {
        let solution = solve(desk, &members, Some(part))?;
        let few = fewer(desk, &members, &solution);
        let solution = solve(desk, &few, Some(part))?;
        whole(desk, &few, &solution, &allowed).filter(|found| found.benefit > 0.0)
    };
    let kept = others.filter(|other| allowed(&other.trades)).cloned();
    PARTS
        .into_iter()
        .filter_map(attempt)
        .chain(kept)
        .reduce(|best, next| if next.benefit > best.benefit { next } else { best })
}

/// The members whose trades move the slides most.
fn fewer(desk: &Desk, members: &[Member], solution: &Solution) -> Vec<Member> {
    let weight = |(member, steps): &(&Member, &f64)| {
        let (_, row) = &desk.estimate.rows[member.candidate];
        let greatest = row.iter().fold(0.0_f64, |greatest, pnl| greatest.max(pnl.abs()));
        -greatest * desk.candidates[member.candidate].units_per_step * steps.abs()
    };
    let traded: Vec<(&Member, &f64)> =
        members.iter().zip(&solution.steps).filter(|(_, steps)| steps.abs() >= 0.5).collect();
    sorted_by(traded, weight).into_iter().take(MOST_TRADES).map(|(member, _)| *member).collect()
}

/// Whole steps near a solution, improved trade by trade by the methodology's own requirement, within what is allowed.
fn whole(desk: &Desk, members: &[Member], solution: &Solution, allowed: &dyn Fn(&[Trade]) -> bool) -> Option<Found> {
    let rounded = |round: fn(f64) -> f64| -> Vec<Trade> {
        let each = members.iter().zip(&solution.steps);
        let trades = each.map(|(member, steps)| Trade { candidate: member.candidate, steps: round(*steps) as i64 });
        trades.filter(|trade| trade.steps != 0).collect()
    };
    let burden = |trades: &[Trade]| if allowed(trades) { desk.burden(trades) } else { f64::INFINITY };
    let starts = [rounded(f64::round), rounded(f64::trunc)];
    let mut trades = starts.into_iter().find(|trades| !trades.is_empty() && allowed(trades))?;
    let mut best = burden(&trades);
    for _ in 0..2 {
        for place in 0..trades.len() {
            let Trade { candidate, steps } = trades[place];
            let mut of = |size: u32| {
                let mut moved = trades.clone();
                moved[place].steps = steps.signum() * i64::from(size);
                burden(&moved)
            };
            let found = least(&mut of, steps.unsigned_abs() as u32, desk.candidates[candidate].most_steps);
            if found.value < best {
                best = found.value;
                trades[place].steps = steps.signum() * i64::from(found.steps);
            }
        }
    }
    trades.retain(|trade| trade.steps != 0);
    (!trades.is_empty()).then_some(Found { benefit: desk.before - best, trades })
}
