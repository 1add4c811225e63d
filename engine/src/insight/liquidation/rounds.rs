//! Liquidation in rounds: a hedge in perpetuals where the venue does so, else a part of the riskiest position.

use super::costs::Trade;
use super::situation::{Closing, Deal, Situation};
use crate::book::Leg;
use crate::instrument::{Kind, Listing};
use crate::methodology::MethodologyError;
use crate::order::sorted_by;

/// Halvings in the search for the least trade that makes the account safe.
const HALVINGS: usize = 30;
/// Steps in the search for the size of a hedge.
const NARROWINGS: usize = 24;
/// Positions are ranked anew in each round up to so many; of more, every second, third … round.
const RANKED_AT_ONCE: usize = 16;

/// What a round did.
pub(super) struct Round<'a> {
    pub(super) situation: Situation<'a>,
    pub(super) trades: Vec<Trade>,
    pub(super) is_hedge: bool,
}

/// The rounds at one step of a path.
pub(super) struct Rounds {
    /// The size of each position when liquidation began, by its first leg; more where hedging made it larger.
    sizes: Vec<f64>,
    /// For each leg that is a perpetual: the delta that it may hedge, when liquidation began, and how often it still may.
    hedges: Vec<(usize, f64, usize)>,
    /// What to close next, riskiest last.
    ranking: Vec<Vec<usize>>,
    /// For how many more rounds that holds.
    ranked_for: usize,
}

impl Rounds {
    /// Liquidation begins.
    pub(super) fn begin(situation: &Situation<'_>) -> Rounds {
        let times = (2.0 / situation.venue.rules.largest_fraction).ceil() as usize;
        let perpetual = |leg: &Leg| leg.instrument.kind == Kind::Perpetual && leg.instrument.listing == Listing::Coin;
        let legs = situation.book.legs.iter().enumerate();
        let hedges = if situation.venue.hedges_first {
            let mut perpetuals: Vec<usize> = Vec::new();
            for (place, leg) in legs.filter(|(_, leg)| perpetual(leg)) {
                let is_new = perpetuals.iter().all(|&other| situation.book.legs[other].instrument != leg.instrument);
                if is_new {
                    perpetuals.push(place);
                }
            }
            perpetuals.into_iter().map(|leg| (leg, situation.delta_of_product(leg), times)).collect()
        } else {
            Vec::new()
        };
        Rounds { sizes: vec![0.0; situation.book.legs.len()], hedges, ranking: Vec::new(), ranked_for: 0 }
    }

    /// The next round; none when nothing is left to trade.
    pub(super) fn next<'a>(&mut self, situation: &Situation<'a>) -> Result<Option<Round<'a>>, MethodologyError> {
        let positions = situation.positions();
        for legs in &positions {
            let size = &mut self.sizes[legs[0]];
            *size = size.max(situation.size(legs));
        }
        if positions.is_empty() {
            return Ok(None);
        }
        let (deal, is_hedge) = match self.hedge(situation)? {
            Some(deal) => (deal, true),
            None => (self.closing(situation, &positions)?, false),
        };
        let (situation, trades) = just_enough(situation, &deal)?;
        Ok(Some(Round { situation, trades, is_hedge }))
    }

    /// The hedge that frees the most margin after its costs; none where none frees any.
    fn hedge(&mut self, situation: &Situation<'_>) -> Result<Option<Deal>, MethodologyError> {
        let mut best: Option<(usize, f64, Deal)> = None;
        for (place, (leg, at_start, times)) in self.hedges.iter().enumerate() {
            let delta = situation.delta_of_product(*leg);
            if *times == 0 || delta == 0.0 {
                continue;
            }
            let most = situation.venue.rules.largest_fraction * at_start.abs().max(delta.abs());
            let deal = Deal::Hedge { leg: *leg, coins: -delta.signum() * delta.abs().min(most) };
            let part = best_part(situation, &deal)?;
            let gained = free_after(situation, &deal, part)? - situation.state.free.maintenance;
            let is_better = best.as_ref().is_none_or(|(_, most, _)| gained > *most);
            if gained > 1e-9 * situation.state.requirement.maintenance && is_better {
                best = Some((place, gained, scaled(&deal, part)));
            }
        }
        Ok(best.map(|(place, _, deal)| {
            self.hedges[place].2 -= 1;
            deal
        }))
    }

    /// The greatest part that a round may close of a position.
    fn part_of(&self, situation: &Situation<'_>, legs: &[usize]) -> Closing {
        let most = situation.venue.rules.largest_fraction * self.sizes[legs[0]];
        Closing { legs: legs.to_vec(), fraction: (most / situation.size(legs)).min(1.0) }
    }

    /// The part of the riskiest position. Where closing any of them alone frees nothing after its costs, a part of all.
    fn closing(&mut self, situation: &Situation<'_>, positions: &[Vec<usize>]) -> Result<Deal, MethodologyError> {
        while let (Some(legs), true) = (self.ranking.pop(), self.ranked_for > 0) {
            self.ranked_for -= 1;
            let deal = Deal::Close(vec![self.part_of(situation, &legs)]);
            if situation.size(&legs) > 0.0 && free_after(situation, &deal, 1.0)? > situation.state.free.maintenance {
                return Ok(deal);
            }
        }
        let mut ranked: Vec<(f64, Vec<usize>)> = Vec::new();
        for legs in positions {
            let (after, trades) = situation.after(&Deal::Close(vec![self.part_of(situation, legs)]), 1.0)?;
            let cost: f64 = trades.iter().map(|trade| trade.slippage + trade.fee).sum();
            let freed = after.state.free.maintenance - situation.state.free.maintenance;
            if freed > 0.0 {
                // What it frees before its cost, for each unit of that.
                ranked.push(((freed + cost) / cost.max(f64::MIN_POSITIVE), legs.clone()));
            }
        }
        self.ranking = sorted_by(ranked, |(score, _)| *score).into_iter().map(|(_, legs)| legs).collect();
        self.ranked_for = positions.len() / RANKED_AT_ONCE;
        Ok(Deal::Close(match self.ranking.pop() {
            Some(legs) => vec![self.part_of(situation, &legs)],
            None => positions.iter().map(|legs| self.part_of(situation, legs)).collect(),
        }))
    }
}

fn scaled(deal: &Deal, part: f64) -> Deal {
    match deal {
        Deal::Hedge { leg, coins } => Deal::Hedge { leg: *leg, coins: coins * part },
        other => other.clone(),
    }
}

fn free_after(situation: &Situation<'_>, deal: &Deal, part: f64) -> Result<f64, MethodologyError> {
    Ok(situation.after(deal, part)?.0.state.free.maintenance)
}

/// The part of a deal after which the most margin is free, by golden sections: the requirement is convex in the size.
fn best_part(situation: &Situation<'_>, deal: &Deal) -> Result<f64, MethodologyError> {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let (mut low, mut high) = (0.0, 1.0);
    let inner = |low: f64, high: f64| (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut left, mut right) = inner(low, high);
    let (mut at_left, mut at_right) = (free_after(situation, deal, left)?, free_after(situation, deal, right)?);
    for _ in 0..NARROWINGS {
        if at_left >= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = inner(low, high).0;
            at_left = free_after(situation, deal, left)?;
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = inner(low, high).1;
            at_right = free_after(situation, deal, right)?;
        }
    }
    // The whole of it where that is best: the search only comes near.
    Ok(if free_after(situation, deal, 1.0)? >= at_left.max(at_right) { 1.0 } else { (low + high) / 2.0 })
}

/// The account after the least part of a deal that makes it safe, or after all of it.
fn just_enough<'a>(situation: &Situation<'a>, deal: &Deal) -> Result<(Situation<'a>, Vec<Trade>), MethodologyError> {
    let mut best = situation.after(deal, 1.0)?;
    if !best.0.is_safe() {
        return Ok(best);
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        let trial = situation.after(deal, middle)?;
        if trial.0.is_safe() {
            (high, best) = (middle, trial);
        } else {
            low = middle;
        }
    }
    Ok(best)
}
