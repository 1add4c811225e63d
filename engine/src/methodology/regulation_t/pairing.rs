//! The optimiser: which strategies, and how many of each.
//!
//! A linear program says how much is saved against every holding alone. It has a row for each holding, which cannot
//! be used up more than once; a variable for each strategy that saves something; and for each group of limited-risk
//! combinations the contracts that go in and their greatest loss, which no price may exceed. The last are rows, one
//! for each strike, of which most never bind, so they are added when they are violated.
//!
//! Brokers pair whole contracts, so where all contracts are whole, branch and bound makes the amounts whole: half an
//! iron condor may be cheaper than a whole one or none, and nobody grants it. Where contracts are fractional, so may
//! the pairing be.

use super::plan::Plan;
use super::requirements::Rules;
use super::strategies::{Account, Strategy};
use super::{Holding, Pair, PairingError, Pairings, Rates, Underlying};
use crate::linear_program::{LinearProgram, LinearProgramError};
use crate::pricing::Right;

/// Of two pairings with equal initial requirement the one with less maintenance counts as cheaper: by this fraction
/// of it, which is too little to count otherwise.
const TIE: f64 = 1.0 / (1 << 24) as f64;
/// Amounts are whole within this.
const WHOLE: f64 = 1e-6;
/// Costs, as fractions of what the largest contract is for, are equal within this.
const EQUAL: f64 = 1e-9;
/// Programs that one search may solve.
const PROGRAMS: usize = 400;

/// The cheapest legal pairing of the holdings in one underlying.
///
/// # Errors
/// A price, strike or size that is not positive and finite, or a quantity that is no number.
pub fn pair(rates: &Rates, underlying: &Underlying, holdings: &[Holding]) -> Result<Pairings, PairingError> {
    check(underlying, holdings)?;
    let account = Account { rules: Rules { rates: *rates, underlying: *underlying }, holdings };
    let (plan, mut is_least) = cheapest(&account, |pair| pair.initial + TIE * pair.maintenance);
    let strategies = plan.paired(&account);
    let mut requirement = strategies.iter().fold(Pair::default(), |sum, paired| sum.plus(paired.requirement));
    // Only rules about stock tell the two figures apart.
    if holdings.iter().any(|holding| matches!(holding, Holding::Stock { .. })) {
        let (plan, is_least_maintenance) = cheapest(&account, |pair| pair.maintenance);
        let maintenance = plan.paired(&account).iter().map(|paired| paired.requirement.maintenance).sum();
        requirement.maintenance = requirement.maintenance.min(maintenance);
        is_least &= is_least_maintenance;
    }
    let proceeds = strategies.iter().map(|paired| paired.proceeds).sum();
    Ok(Pairings { strategies, requirement, proceeds, is_least })
}

fn check(underlying: &Underlying, holdings: &[Holding]) -> Result<(), PairingError> {
    let require = |ok: bool, name, value: f64| {
        if ok && value.is_finite() { Ok(()) } else { Err(PairingError::OutOfDomain(name, value)) }
    };
    require(underlying.price > 0.0, "the underlying's price", underlying.price)?;
    require(underlying.leverage > 0.0, "the underlying's leverage", underlying.leverage)?;
    holdings.iter().try_for_each(|holding| match holding {
        Holding::Stock { shares } => require(true, "a number of shares", *shares),
        Holding::Option { option, contracts } => {
            require(true, "a number of contracts", *contracts)?;
            require(option.strike > 0.0, "a strike", option.strike)?;
            require(option.premium >= 0.0, "an option's price", option.premium)?;
            require(option.expiry_years >= 0.0, "a time to expiry", option.expiry_years)?;
            require(option.shares_per_contract > 0.0, "a contract size", option.shares_per_contract)
        }
    })
}

/// The program, and what its variables stand for.
struct Search<'a> {
    account: &'a Account<'a>,
    /// The first variables.
    strategies: Vec<Strategy>,
    groups: Vec<Group>,
    /// Which variables are contracts, that must be whole.
    is_contracts: Vec<bool>,
    programs_left: usize,
    /// The cheapest found: its cost and amounts.
    best: (f64, Vec<f64>),
}

/// A group of limited-risk combinations in the program.
struct Group {
    /// Holding and variable.
    members: Vec<(usize, usize)>,
    /// The variable of the greatest loss, in prices of the underlying per share of a contract.
    loss: usize,
    /// Where it may be.
    prices: Vec<f64>,
}

/// The plan of least cost, and whether that is proven.
fn cheapest(account: &Account, cost: impl Fn(Pair) -> f64) -> (Plan, bool) {
    let count = account.holdings.len();
    let largest = (0..count).map(|holding| account.shares_per_unit(holding)).fold(1.0, f64::max);
    let scale = 1.0 / (account.rules.underlying.price * largest);
    let unit_cost = |pair: Pair, shares: f64| scale * shares * cost(pair);
    let alone: Vec<f64> =
        (0..count).map(|holding| unit_cost(account.alone(holding).pair, account.shares_per_unit(holding))).collect();
    let size = |holding: usize| account.quantity(holding).abs();
    let is_whole = (0..count).all(|holding| account.option(holding).is_none() || size(holding).fract() == 0.0);
    let mut program = LinearProgram::new((0..count).map(size).collect());

    let mut strategies = account.strategies();
    strategies.retain(|strategy| {
        let uses = strategy.uses(account);
        let together = unit_cost(strategy.ruling(account).1.pair, strategy.shares(account));
        let saved = together - uses.iter().map(|(holding, units)| units * alone[*holding]).sum::<f64>();
        let at_most = uses.iter().map(|(holding, units)| size(*holding) / units).fold(f64::INFINITY, f64::min);
        let at_most = if is_whole { at_most.floor() } else { at_most };
        let counts = saved < 0.0 && at_most > 0.0;
        if counts {
            program.add_variable(saved, at_most, &uses);
        }
        counts
    });
    let mut is_contracts = vec![is_whole; strategies.len()];

    let mut groups = Vec::new();
    for members in account.groups() {
        // Longs cover shorts, calls and puts on their own.
        let calls = program.add_row(&[], 0.0);
        let puts = program.add_row(&[], 0.0);
        let shares = members.first().map_or(1.0, |&member| account.shares_per_unit(member));
        let prices = account.prices(&members);
        let mut variables = Vec::new();
        for member in members {
            let Some(option) = account.option(member) else { continue };
            let cover = if option.right == Right::Call { calls } else { puts };
            let is_short = account.quantity(member) < 0.0;
            // A long in a combination is paid in full.
            let full = if is_short { 0.0 } else { unit_cost(Pair::both(option.premium), shares) };
            let entries = [(member, 1.0), (cover, if is_short { 1.0 } else { -1.0 })];
            variables.push((member, program.add_variable(full - alone[member], size(member), &entries)));
        }
        is_contracts.resize(program.variables(), is_whole);
        let price = Pair::both(account.rules.underlying.price);
        let loss = program.add_variable(unit_cost(price, shares), f64::INFINITY, &[]);
        is_contracts.push(false);
        groups.push(Group { members: variables, loss, prices });
    }

    let best = (0.0, vec![0.0; program.variables()]);
    let mut search = Search { account, strategies, groups, is_contracts, programs_left: PROGRAMS, best };
    let is_least = search.run(program);
    let alone_in_all: f64 = alone.iter().enumerate().map(|(holding, cost)| size(holding) * cost).sum();
    match account.limited_risk() {
        // Nothing is left to prove: no pairing could be counted on for less.
        Some((pair, shares)) if unit_cost(pair, shares) < alone_in_all + search.best.0 - EQUAL => {
            let all = (0..count).map(|holding| (holding, size(holding))).collect();
            (Plan { strategies: vec![], combinations: vec![all] }, is_least)
        }
        _ => (search.plan(), is_least),
    }
}

impl Search<'_> {
    /// Branch and bound, depth first; whether it came to its end.
    fn run(&mut self, root: LinearProgram) -> bool {
        let mut open = vec![(root, f64::NEG_INFINITY)];
        let mut is_least = true;
        while let Some((mut program, bound)) = open.pop() {
            if bound >= self.best.0 - EQUAL {
                continue;
            }
            let point = match self.solve(&mut program) {
                Ok(point) => point,
                Err(LinearProgramError::Infeasible) => continue,
                Err(LinearProgramError::Stalled) => {
                    is_least = false;
                    continue;
                }
            };
            let bound = program.cost_of(&point);
            if bound >= self.best.0 - EQUAL {
                continue;
            }
            let Some((variable, value)) = self.most_fractional(&point) else {
                self.offer(&program, point);
                continue;
            };
            self.offer_rounded(&program, &point);
            if self.programs_left == 0 {
                is_least = false;
                continue;
            }
            let (lower, upper) = program.bounds(variable);
            let mut above = program.clone();
            above.set_bounds(variable, value.ceil(), upper);
            program.set_bounds(variable, lower, value.floor());
            let below = program;
            // The nearer side is looked at first.
            let nearer_last = if value.fract() < 0.5 { [above, below] } else { [below, above] };
            open.extend(nearer_last.map(|program| (program, bound)));
        }
        is_least
    }

    /// Solves a program, adding rows until no price loses more than it says.
    fn solve(&mut self, program: &mut LinearProgram) -> Result<Vec<f64>, LinearProgramError> {
        loop {
            self.programs_left = self.programs_left.saturating_sub(1);
            let point = program.solve()?;
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

    /// The variable farthest from a whole number, among those that must be whole.
    fn most_fractional(&self, point: &[f64]) -> Option<(usize, f64)> {
        let mut farthest = None;
        let mut distance = WHOLE;
        for (variable, value) in point.iter().enumerate() {
            let from_whole = (value - value.round()).abs();
            if self.is_contracts[variable] && from_whole > distance {
                (farthest, distance) = (Some((variable, *value)), from_whole);
            }
        }
        farthest
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

    /// Makes whole amounts of a point by leaving out what is in parts, and then shorts that no long covers.
    fn offer_rounded(&mut self, program: &LinearProgram, point: &[f64]) {
        let mut point = point.to_vec();
        for (value, is_contracts) in point.iter_mut().zip(&self.is_contracts) {
            if *is_contracts {
                *value = (*value + WHOLE).floor();
            }
        }
        for group in &self.groups {
            for right in [Right::Call, Right::Put] {
                let members = || {
                    group.members.iter().filter(|(holding, _)| {
                        self.account.option(*holding).is_some_and(|option| option.right == right)
                    })
                };
                let signed = |point: &[f64]| {
                    members().map(|(holding, variable)| self.account.quantity(*holding).signum() * point[*variable]).sum()
                };
                let covered: f64 = signed(&point);
                let mut uncovered = (-covered).max(0.0);
                for &(holding, variable) in members() {
                    if self.account.quantity(holding) < 0.0 {
                        let taken = uncovered.min(point[variable]);
                        point[variable] -= taken;
                        uncovered -= taken;
                    }
                }
            }
        }
        self.offer(program, point);
    }

    fn plan(&self) -> Plan {
        let amounts = &self.best.1;
        let strategies = self.strategies.iter().zip(amounts).map(|(strategy, amount)| (*strategy, *amount));
        let combinations = self.groups.iter().map(|group| group.legs(amounts));
        Plan { strategies: strategies.collect(), combinations: combinations.collect() }
    }
}

impl Group {
    /// The holdings with the contracts that a point takes of each.
    fn legs(&self, point: &[f64]) -> Vec<(usize, f64)> {
        self.members.iter().map(|&(holding, variable)| (holding, point[variable])).collect()
    }
}
