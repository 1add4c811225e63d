//! Sizes of several trades at once, as a linear program.
//!
//! Minimise φ·Σₚ tₚ + Σᵢ (w·costᵢ + chargeᵢ)·|xᵢ| over sizes x and worst losses t ≥ 0, subject to
//!
//! - tₚ ≥ −(Pₚₛ + Σᵢ rᵢₛ·xᵢ) for every pot p and slide s, with P what counts and r the rows of the candidates in p;
//! - Σ costᵢ·|xᵢ|, the changes of delta and vega, and |xᵢ| within their limits;
//! - where payoffs are kept, |Σ gainᵢ(S)·xᵢ| ≤ tolerance at every strike S and the ends of the range.
//!
//! Sizes are differences of what is bought and what is sold. Rows of slides and payoffs are added as they are
//! violated: few of them ever matter.

use super::desk::{Desk, Trade};
use super::payoff;
use crate::linear_program::LinearProgram;

/// What is violated by less than this fraction of the scale is kept.
const KEPT: f64 = 1e-7;
/// More rounds of added rows than any book has asked for.
const ROUNDS: usize = 400;

/// A candidate in the program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    /// Which one.
    pub candidate: usize,
    /// Charges of the methodology beside slides, for each unit bought; none where it refuses.
    pub bought: Option<f64>,
    /// And for each unit sold.
    pub sold: Option<f64>,
}

impl Member {
    /// Asks the methodology what trades of a tenth of the most size add beside what the slides say.
    pub(super) fn new(desk: &Desk, candidate: usize) -> Member {
        let steps = i64::from((desk.candidates[candidate].most_steps / 10).max(1));
        let charge = |steps: i64| {
            let trade = Trade { candidate, steps };
            let units = desk.units(trade);
            let beside = desk.burden(&[trade]) - desk.before - desk.cost_weight * desk.cost(&[trade])
                + desk.estimate.freed(candidate, units);
            beside.is_finite().then_some(beside / units.abs())
        };
        Member { candidate, bought: charge(steps), sold: charge(-steps) }
    }
}

/// A solution.
#[derive(Debug, Clone)]
pub(super) struct Solution {
    /// Steps of each member, signed, not whole.
    pub steps: Vec<f64>,
    /// By how much the objective fell from where nothing is traded.
    pub benefit: f64,
}

struct Program<'a> {
    desk: &'a Desk<'a>,
    members: &'a [Member],
    scale: f64,
    linear: LinearProgram,
}

/// Solves it for some candidates; none where rounding kept it from an end. `tolerance` scales how far payoffs may
/// change; without it they may change freely.
pub(super) fn solve(desk: &Desk, members: &[Member], tolerance: Option<f64>) -> Option<Solution> {
    let estimate = &desk.estimate;
    let worst = |counted: &Vec<f64>| counted.iter().fold(0.0_f64, |worst, pnl| worst.max(-pnl));
    let before: f64 = estimate.pots.iter().map(worst).sum();
    let scale = before.max(desk.before.abs());
    if scale <= 0.0 || !scale.is_finite() {
        return None;
    }
    let mut program = Program { desk, members, scale, linear: LinearProgram::new(vec![]) };
    for member in members {
        let (candidate, size) = (&desk.candidates[member.candidate], program.size(member));
        for charge in [member.bought, member.sold] {
            let cost = (desk.cost_weight * candidate.cost + charge.unwrap_or(0.0)) * size / scale;
            let upper = if charge.is_some() && size > 0.0 { 1.0 } else { 0.0 };
            program.linear.add_variable(cost, upper, &[]);
        }
    }
    let losses: Vec<usize> =
        estimate.pots.iter().map(|_| program.linear.add_variable(estimate.factor, f64::INFINITY, &[])).collect();
    program.add_limits();
    let grids = program.payoff_grids(tolerance);
    for _ in 0..ROUNDS {
        let point = program.linear.solve().ok()?;
        let sizes: Vec<f64> = members
            .iter()
            .enumerate()
            .map(|(i, member)| (point[2 * i] - point[2 * i + 1]) * program.size(member))
            .collect();
        let is_changed = program.add_slides(&sizes, &losses, &point) | program.add_payoffs(&sizes, &grids);
        if !is_changed {
            let steps = members
                .iter()
                .zip(&sizes)
                .map(|(member, size)| size / desk.candidates[member.candidate].units_per_step);
            let benefit = estimate.factor * before - program.linear.cost_of(&point) * scale;
            return Some(Solution { steps: steps.collect(), benefit });
        }
    }
    None
}

/// The prices of an underlying and how far the payoff may change there.
struct PayoffGrid {
    underlying: usize,
    tolerance: f64,
    prices: Vec<f64>,
}

impl Program<'_> {
    /// The most units of a member: its variables are fractions of it.
    fn size(&self, member: &Member) -> f64 {
        let candidate = &self.desk.candidates[member.candidate];
        f64::from(candidate.most_steps) * candidate.units_per_step
    }

    /// Adds Σ coefficient·x ≤ limit, coefficients for one unit and in money.
    fn add(&mut self, coefficient: &dyn Fn(&Member) -> f64, limit: f64, more: Option<(usize, f64)>) {
        let mut entries: Vec<(usize, f64)> = Vec::with_capacity(2 * self.members.len() + 1);
        for (place, member) in self.members.iter().enumerate() {
            let value = coefficient(member) * self.size(member) / self.scale;
            if value != 0.0 {
                entries.extend([(2 * place, value), (2 * place + 1, -value)]);
            }
        }
        entries.extend(more);
        self.linear.add_row(&entries, limit / self.scale);
    }

    fn add_limits(&mut self) {
        let desk = self.desk;
        let of = |member: &Member| &desk.candidates[member.candidate];
        if let Some(most) = desk.limits.max_cost {
            // Bought or sold, a trade costs the same.
            let each = |(place, member): (usize, &Member)| {
                let cost = of(member).cost * self.size(member) / self.scale;
                [(2 * place, cost), (2 * place + 1, cost)]
            };
            let entries: Vec<(usize, f64)> = self.members.iter().enumerate().flat_map(each).collect();
            self.linear.add_row(&entries, most / self.scale);
        }
        for sign in [1.0, -1.0] {
            if let Some(most) = desk.limits.max_vega {
                self.add(&|member| sign * of(member).vega, most, None);
            }
            for underlying in 0..desk.book.underlyings.len() {
                let Some(most) = desk.limits.max_delta else { break };
                let delta = |member: &Member| {
                    let is_on = desk.book.legs[of(member).leg].underlying == underlying;
                    if is_on { sign * of(member).delta } else { 0.0 }
                };
                self.add(&delta, most, None);
            }
        }
    }

    fn payoff_grids(&self, tolerance: Option<f64>) -> Vec<PayoffGrid> {
        let Some(part) = tolerance else { return vec![] };
        let grid = |underlying| PayoffGrid {
            underlying,
            tolerance: part * payoff::tolerance(self.desk, underlying),
            prices: payoff::prices(self.desk, self.members.iter().map(|member| member.candidate), underlying),
        };
        (0..self.desk.book.underlyings.len()).map(grid).collect()
    }

    /// Adds the slide of each pot that loses most beyond its t.
    fn add_slides(&mut self, sizes: &[f64], losses: &[usize], point: &[f64]) -> bool {
        let estimate = &self.desk.estimate;
        let mut is_changed = false;
        for (pot, counted) in estimate.pots.iter().enumerate() {
            let mut after = counted.clone();
            for (member, size) in self.members.iter().zip(sizes).filter(|(_, size)| **size != 0.0) {
                let (of, row) = &estimate.rows[member.candidate];
                if *of == pot {
                    after.iter_mut().zip(row).for_each(|(pnl, unit)| *pnl += unit * size);
                }
            }
            let worst = (0..after.len()).reduce(|worst, slide| if after[slide] < after[worst] { slide } else { worst });
            let Some(worst) = worst else { continue };
            if -after[worst] / self.scale > point[losses[pot]] + KEPT {
                let row = |member: &Member| {
                    let (of, row) = &estimate.rows[member.candidate];
                    if *of == pot { -row[worst] } else { 0.0 }
                };
                self.add(&row, counted[worst], Some((losses[pot], -1.0)));
                is_changed = true;
            }
        }
        is_changed
    }

    /// Adds the price of each underlying at which the payoff changes most beyond its tolerance, either way.
    fn add_payoffs(&mut self, sizes: &[f64], grids: &[PayoffGrid]) -> bool {
        let desk = self.desk;
        let mut is_changed = false;
        for grid in grids {
            let gain = |member: &Member, price: f64| {
                let is_on = desk.book.legs[desk.candidates[member.candidate].leg].underlying == grid.underlying;
                if is_on { payoff::gain(desk, member.candidate, price) } else { 0.0 }
            };
            let traded = || self.members.iter().zip(sizes).filter(|(_, size)| **size != 0.0);
            let total = |price: f64| traded().map(|(member, size)| gain(member, price) * size).sum::<f64>();
            let totals: Vec<f64> = grid.prices.iter().map(|price| total(*price)).collect();
            for sign in [1.0, -1.0] {
                let worst = (0..totals.len()).reduce(|a, b| if sign * totals[b] > sign * totals[a] { b } else { a });
                let Some(worst) = worst.filter(|worst| sign * totals[*worst] > grid.tolerance + KEPT * self.scale)
                else {
                    continue;
                };
                let price = grid.prices[worst];
                self.add(&|member| sign * gain(member, price), grid.tolerance, None);
                is_changed = true;
            }
        }
        is_changed
    }
}
