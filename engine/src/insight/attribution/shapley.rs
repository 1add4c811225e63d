//! Shapley's shares: what each leg adds on average over all orders in which the legs may come.
//!
//! L. S. Shapley, A value for n-person games (1953). They are the only shares that sum to the whole, treat equal legs
//! alike, give a leg that never matters nothing, and add where requirements add.

use super::game::Game;
use super::generator::Generator;
use crate::methodology::{MethodologyError, Pair};

/// So many legs at most have all their sets counted in a machine word.
const MOST_EXACT: usize = 20;

/// Shares by Shapley, exact or with a standard error.
#[derive(Debug, Clone, PartialEq)]
pub struct Shapley {
    /// The share of each leg, in the book's order. They sum to the requirement less what belongs to no leg: so does
    /// each order that is sampled, and so their mean.
    pub by_leg: Vec<Pair>,
    /// The standard error of each share; empty where they are exact.
    pub standard_error: Vec<Pair>,
    /// How many orders were sampled; 0 where all sets of legs were counted.
    pub orders: usize,
}

/// Requirements that are known before any set is looked at, the others by leg in the book's order.
pub(super) struct Ends<'a> {
    /// Of no leg.
    pub(super) none: Pair,
    /// What each adds to none.
    pub(super) first_in: &'a [Pair],
    /// What each adds to all others.
    pub(super) last_out: &'a [Pair],
    /// Of all.
    pub(super) all: Pair,
}

/// Shares of the `players`; the other legs have none. Exact where all sets are no more than `evaluations`, else sampled
/// within that number, though never in fewer than four orders.
pub(super) fn shapley(
    game: &mut Game<'_>,
    players: &[usize],
    ends: &Ends<'_>,
    evaluations: usize,
    seed: u32,
) -> Result<Shapley, MethodologyError> {
    if is_exact(players.len(), evaluations) {
        exact(game, players)
    } else {
        sampled(game, players, ends, evaluations, seed)
    }
}

/// How often the requirement will be computed for `players` legs.
pub(super) fn evaluations(players: usize, evaluations: usize) -> usize {
    if is_exact(players, evaluations) {
        1 << players
    } else {
        2 * pairs(players, evaluations) * players.saturating_sub(3)
    }
}

fn is_exact(players: usize, evaluations: usize) -> bool {
    players <= MOST_EXACT && 1 << players <= evaluations
}

/// How many pairs of orders are sampled: the first and the last two steps of an order are known.
fn pairs(players: usize, evaluations: usize) -> usize {
    (evaluations / (2 * players.saturating_sub(3).max(1))).max(2)
}

fn exact(game: &mut Game<'_>, players: &[usize]) -> Result<Shapley, MethodologyError> {
    let count = players.len();
    let members = |set: usize| players.iter().enumerate().filter(move |(bit, _)| set >> bit & 1 == 1);
    let values = (0..1_usize << count)
        .map(|set| game.of(&members(set).map(|(_, leg)| *leg).collect::<Vec<usize>>()))
        .collect::<Result<Vec<Pair>, MethodologyError>>()?;
    let weights = weights(count);
    let mut by_leg = vec![Pair::default(); game.leg_count()];
    for (bit, leg) in players.iter().enumerate() {
        for without in (0..values.len()).filter(|set| set >> bit & 1 == 0) {
            let added = values[without | 1 << bit].plus(values[without].times(-1.0));
            by_leg[*leg] = by_leg[*leg].plus(added.times(weights[without.count_ones() as usize]));
        }
    }
    Ok(Shapley { by_leg, standard_error: Vec::new(), orders: 0 })
}

/// The chance that exactly one given set of `s` others comes before a player: s!·(n − 1 − s)!/n!.
fn weights(count: usize) -> Vec<f64> {
    let mut weights = Vec::with_capacity(count);
    let mut weight = 1.0 / count as f64;
    for before in 0..count {
        weights.push(weight);
        // The binomial coefficient of n − 1 over s grows by (n − 1 − s)/(s + 1).
        weight *= (before + 1) as f64 / (count - 1 - before) as f64;
    }
    weights
}

/// Orders are drawn in pairs, each with its reverse: who comes early in one comes late in the other, and the mean of the
/// two varies less.
fn sampled(
    game: &mut Game<'_>,
    players: &[usize],
    ends: &Ends<'_>,
    evaluations: usize,
    seed: u32,
) -> Result<Shapley, MethodologyError> {
    let pairs = pairs(players.len(), evaluations);
    let mut generator = Generator::new(seed);
    let mut order = players.to_vec();
    let mut sums = vec![Pair::default(); game.leg_count()];
    let mut squares = vec![Pair::default(); game.leg_count()];
    let mut added = vec![Pair::default(); game.leg_count()];
    for _ in 0..pairs {
        added.fill(Pair::default());
        generator.shuffle(&mut order);
        walk(game, &order, ends, &mut added)?;
        order.reverse();
        walk(game, &order, ends, &mut added)?;
        for ((sum, square), added) in sums.iter_mut().zip(&mut squares).zip(&added) {
            let mean = added.times(0.5);
            *sum = sum.plus(mean);
            *square = square
                .plus(Pair { initial: mean.initial * mean.initial, maintenance: mean.maintenance * mean.maintenance });
        }
    }
    let pairs_drawn = pairs as f64;
    let by_leg: Vec<Pair> = sums.iter().map(|sum| sum.times(1.0 / pairs_drawn)).collect();
    let error = |square: f64, mean: f64| {
        let variance = (square - pairs_drawn * mean * mean).max(0.0) / (pairs_drawn - 1.0);
        (variance / pairs_drawn).sqrt()
    };
    let standard_error = by_leg.iter().zip(&squares).map(|(mean, square)| Pair {
        initial: error(square.initial, mean.initial),
        maintenance: error(square.maintenance, mean.maintenance),
    });
    Ok(Shapley { standard_error: standard_error.collect(), by_leg, orders: 2 * pairs })
}

/// Adds what each leg adds when they come in this order.
fn walk(game: &mut Game<'_>, order: &[usize], ends: &Ends<'_>, added: &mut [Pair]) -> Result<(), MethodologyError> {
    let mut before = ends.none;
    for (place, leg) in order.iter().enumerate() {
        let after = match order.len() - 1 - place {
            0 => ends.all,
            1 => ends.all.plus(ends.last_out[order[place + 1]].times(-1.0)),
            _ if place == 0 => ends.none.plus(ends.first_in[*leg]),
            _ => {
                let mut legs = order[..=place].to_vec();
                legs.sort_unstable();
                game.of(&legs)?
            }
        };
        added[*leg] = added[*leg].plus(after.plus(before.times(-1.0)));
        before = after;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_all_sets_are_one() {
        assert_eq!(weights(1), [1.0]);
        let four = weights(4);
        // 0!·3!/4!, 1!·2!/4!, 2!·1!/4!, 3!·0!/4!
        for (weight, expected) in four.iter().zip([6.0 / 24.0, 2.0 / 24.0, 2.0 / 24.0, 6.0 / 24.0]) {
            assert!((weight - expected).abs() < 1e-15, "{four:?}");
        }
        let sets = [1.0, 3.0, 3.0, 1.0];
        assert!((four.iter().zip(sets).map(|(weight, sets)| weight * sets).sum::<f64>() - 1.0).abs() < 1e-15);
    }
}
