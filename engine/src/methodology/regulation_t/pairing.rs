//! The optimiser: which strategies, and how many of each.
//!
//! A linear program says how much is saved against every holding alone. It has a row for each holding, which cannot
//! be used up more than once; a variable for each strategy that saves something; and for each group of limited-risk
//! combinations the contracts that go in and their greatest loss, which no price may exceed. The last are rows, one
//! for each strike, of which most never bind, so they are added when they are violated.
//!
//! Brokers pair whole contracts, so where all contracts are whole, `search.rs` makes the amounts whole. Where contracts
//! are fractional, so may the pairing be.

use super::plan::Plan;
use super::requirements::Rules;
use super::search::{EQUAL, Group, Search};
use super::strategies::Account;
use super::{Holding, Pair, PairingError, Pairings, Rates, Underlying};
use crate::linear_program::LinearProgram;
use crate::pricing::Right;

/// Of two pairings with equal initial requirement the one with less maintenance counts as cheaper: by this fraction
/// of it, which is too little to count otherwise.
const TIE: f64 = 1.0 / (1 << 24) as f64;

/// The cheapest legal pairing of the holdings in one underlying.
///
/// # Errors
/// A price, strike or size that is not positive and finite, or a quantity that is no number.
pub fn pair(rates: &Rates, underlying: &Underlying, holdings: &[Holding]) -> Result<Pairings, PairingError> {
    check(underlying, holdings)?;
    let account = Account { rules: Rules { rates: *rates, underlying: *underlying }, holdings };
    let (plan, unproven_initial) = cheapest(&account, |pair| pair.initial + TIE * pair.maintenance);
    let strategies = plan.paired(&account);
    let mut requirement = strategies.iter().fold(Pair::default(), |sum, paired| sum.plus(paired.requirement));
    let mut unproven = Pair::both(unproven_initial);
    // Only rules about stock tell the two figures apart.
    if holdings.iter().any(|holding| matches!(holding, Holding::Stock { .. })) {
        let (plan, unproven_maintenance) = cheapest(&account, |pair| pair.maintenance);
        let maintenance = plan.paired(&account).iter().map(|paired| paired.requirement.maintenance).sum();
        requirement.maintenance = requirement.maintenance.min(maintenance);
        unproven.maintenance = unproven_maintenance;
    }
    let proceeds = strategies.iter().fold(0.0, |sum, paired| sum + paired.proceeds);
    Ok(Pairings { strategies, requirement, proceeds, unproven })
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

/// The plan of least cost, and by how much less one could cost that the search did not come to.
fn cheapest(account: &Account, cost: impl Fn(Pair) -> f64) -> (Plan, f64) {
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

    let mut search = Search::new(account, strategies, groups, is_contracts, program.variables());
    let bound = search.run(program);
    let (saved, plan) = search.into_best();
    let alone_in_all: f64 = alone.iter().enumerate().map(|(holding, cost)| size(holding) * cost).sum();
    match account.limited_risk() {
        Some((pair, shares)) if unit_cost(pair, shares) < alone_in_all + saved - EQUAL => {
            let all = (0..count).map(|holding| (holding, size(holding))).collect();
            let unproven = (unit_cost(pair, shares) - alone_in_all - bound).max(0.0) / scale;
            (Plan { strategies: vec![], combinations: vec![all], is_one: true }, unproven)
        }
        _ => (plan, (saved - bound) / scale),
    }
}
