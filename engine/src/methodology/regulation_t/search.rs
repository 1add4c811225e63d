//! Whole contracts: a search through linear programs.
//!
//! Half an iron condor may be cheaper than a whole one or none, and nobody grants it. So branch and bound: where a
//! program's solution takes a part of a contract, two programs follow it, one with less and one with more. What is
//! branched on is how many contracts of a holding are combined, in whichever group; only when these are whole, a single
//! variable. A first pairing comes from a dive: what is whole is kept, and the part nearest to a contract is made one.
//!
//! A few books of many odd contracts and expiries would take seconds. The search then ends early, after a fixed amount
//! of work, with the cheapest pairing found and a bound on what no pairing can cost less than.

use super::plan::Plan;
use super::strategies::{Account, Strategy};
use crate::linear_program::{LinearProgram, LinearProgramError};

/// Amounts are whole within this.
const WHOLE: f64 = 1e-6;
/// Costs, as fractions of what the largest contract is for, are equal within this.
pub(super) const EQUAL: f64 = 1e-9;
/// Multiplications that a search may take, about: some 20 milliseconds.
const WORK: f64 = 6e6;

/// A search through the pairings of an account.
pub(super) struct Search<'a> {
    account: &'a Account<'a>,
    /// What the first variables stand for.
    strategies: Vec<Strategy>,
    groups: Vec<Group>,
    /// Which variables are contracts, that must be whole.
    is_contracts: Vec<bool>,
    work_left: f64,
    /// The cheapest found: its cost and amounts.
    best: (f64, Vec<f64>),
}

/// A group of limited-risk combinations in the program.
pub(super) struct Group {
    /// Holding and variable.
    pub members: Vec<(usize, usize)>,
    /// The variable of the greatest loss, in prices of the underlying per share of a contract.
    pub loss: usize,
    /// Where it may be.
    pub prices: Vec<f64>,
}

impl<'a> Search<'a> {
    /// A search among the savings of a program with so many variables.
    pub fn new(
        account: &'a Account<'a>,
        strategies: Vec<Strategy>,
        groups: Vec<Group>,
        is_contracts: Vec<bool>,
        variables: usize,
    ) -> Search<'a> {
        Search { account, strategies, groups, is_contracts, work_left: WORK, best: (0.0, vec![0.0; variables]) }
    }

    /// Branch and bound, depth first; no pairing can cost less than what it returns.
    pub fn run(&mut self, root: LinearProgram) -> f64 {
        let mut open = vec![(root, f64::NEG_INFINITY)];
        let mut left_open = f64::INFINITY;
        let mut is_first = true;
        while let Some((mut program, bound)) = open.pop() {
            if bound >= self.best.0 - EQUAL {
                continue;
            }
            if self.work_left <= 0.0 && !is_first {
                left_open = left_open.min(bound);
                continue;
            }
            let point = match self.solve(&mut program) {
                Ok(point) => point,
                Err(LinearProgramError::Infeasible) => continue,
                Err(LinearProgramError::Stalled) => {
                    left_open = left_open.min(bound);
                    continue;
                }
            };
            let bound = program.cost_of(&point);
            if is_first {
                self.dive(program.clone(), point.clone());
                is_first = false;
            }
            if bound >= self.best.0 - EQUAL {
                continue;
            }
            let Some((entries, value)) = self.in_parts(&point) else {
                self.offer(&program, point);
                continue;
            };
            let mut more = program.clone();
            more.add_row(&entries.iter().map(|&variable| (variable, -1.0)).collect::<Vec<_>>(), -value.ceil());
            program.add_row(&entries.iter().map(|&variable| (variable, 1.0)).collect::<Vec<_>>(), value.floor());
            // The nearer side is looked at first.
            let nearer_last = if value.fract() < 0.5 { [more, program] } else { [program, more] };
            open.extend(nearer_last.map(|program| (program, bound)));
        }
        left_open.min(self.best.0)
    }

    /// A whole solution from one in parts: keeps what is whole and makes the part nearest to a contract one, again and
    /// again.
    fn dive(&mut self, mut program: LinearProgram, mut point: Vec<f64>) {
        loop {
            let mut nearest: Option<usize> = None;
            for (variable, value) in point.iter().enumerate().filter(|(variable, _)| self.is_contracts[*variable]) {
                if (value - value.round()).abs() <= WHOLE {
                    let (_, upper) = program.bounds(variable);
                    program.set_bounds(variable, value.round(), upper);
                } else if nearest.is_none_or(|other| point[other].fract() < value.fract()) {
                    nearest = Some(variable);
                }
            }
            let Some(variable) = nearest else { return self.offer(&program, point) };
            let (lower, upper) = program.bounds(variable);
            let mut more = program.clone();
            more.set_bounds(variable, point[variable].ceil(), upper);
            let solution = self.solve(&mut more).or_else(|_| {
                more = program.clone();
                more.set_bounds(variable, lower, point[variable].floor());
                self.solve(&mut more)
            });
            let Ok(solution) = solution else { return };
            (program, point) = (more, solution);
            if program.cost_of(&point) >= self.best.0 - EQUAL {
                return;
            }
        }
    }

    /// Solves a program, adding rows until no price loses more than it says.
    fn solve(&mut self, program: &mut LinearProgram) -> Result<Vec<f64>, LinearProgramError> {
        loop {
            let before = program.work();
            let solution = program.solve();
            self.work_left -= program.work() - before;
            let point = solution?;
            let mut is_violated = false;
            for group in &self.groups {
                let legs = group.legs(&point);
                let (loss, price) = self.account.greatest_loss(&legs, &group.prices);
                if loss * self.per_price() <= point[group.loss] + EQUAL {
                    continue;
                }
                is_violated = true;
                let mut row = vec![(group.loss, -1.0)];
                for &(holding, variable) in &group.members {
                    row.push((variable, self.per_price() * self.account.loss(&[(holding, 1.0)], price)));
                }
                program.add_row(&row, 0.0);
            }
            if !is_violated {
                return Ok(point);
            }
        }
    }

    /// Losses are counted in prices of the underlying, so that the program's numbers are of the order of one.
    fn per_price(&self) -> f64 {
        1.0 / self.account.rules.underlying.price
    }

    /// Variables whose sum must be whole and is not, and the sum: how many contracts of a holding are combined, at
    /// best of the holding that it costs most to leave out.
    fn in_parts(&self, point: &[f64]) -> Option<(Vec<usize>, f64)> {
        let mut most = None;
        let mut weight = 0.0;
        for holding in 0..self.account.holdings.len() {
            let members = self.groups.iter().flat_map(|group| &group.members);
            let variables: Vec<usize> = members
                .filter(|member| member.0 == holding && self.is_contracts[member.1])
                .map(|member| member.1)
                .collect();
            let sum: f64 = variables.iter().map(|&variable| point[variable]).sum();
            let part = (sum - sum.round()).abs();
            if part > WHOLE && part * self.account.alone(holding).pair.initial > weight {
                weight = part * self.account.alone(holding).pair.initial;
                most = Some((variables, sum));
            }
        }
        if most.is_some() {
            return most;
        }
        let mut farthest = WHOLE;
        for (variable, value) in point.iter().enumerate().filter(|(variable, _)| self.is_contracts[*variable]) {
            if (value - value.round()).abs() > farthest {
                farthest = (value - value.round()).abs();
                most = Some((vec![variable], *value));
            }
        }
        most
    }

    /// Takes a point with whole amounts if it is the cheapest so far.
    fn offer(&mut self, program: &LinearProgram, mut point: Vec<f64>) {
        for (value, is_contracts) in point.iter_mut().zip(&self.is_contracts) {
            *value = if *is_contracts { value.round() } else { value.max(0.0) };
        }
        for group in &self.groups {
            let (loss, _) = self.account.greatest_loss(&group.legs(&point), &group.prices);
            point[group.loss] = loss * self.per_price();
        }
        let cost = program.cost_of(&point);
        if cost < self.best.0 {
            self.best = (cost, point);
        }
    }

    /// The cheapest plan found, and what it costs against every holding alone.
    pub fn into_best(self) -> (f64, Plan) {
        let (saved, amounts) = self.best;
        let strategies = self.strategies.into_iter().zip(amounts.iter().copied()).collect();
        let combinations = self.groups.iter().map(|group| group.legs(&amounts)).collect();
        (saved, Plan { strategies, combinations, is_one: false })
    }
}

impl Group {
    /// The holdings with the contracts that a point takes of each.
    fn legs(&self, point: &[f64]) -> Vec<(usize, f64)> {
        self.members.iter().map(|&(holding, variable)| (holding, point[variable])).collect()
    }
}
