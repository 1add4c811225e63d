//! The outcome as a list of strategies with their requirements.

use super::requirements::Ruling;
use super::split::split;
use super::strategies::{Account, Strategy};
use super::{Pair, Paired, PairedLeg};

/// How the holdings are paired; what is in neither list stands alone.
pub(super) struct Plan {
    /// Each with its units.
    pub strategies: Vec<(Strategy, f64)>,
    /// Each with its holdings and contracts, unsigned.
    pub combinations: Vec<Vec<(usize, f64)>>,
    /// Whether all is one combination that must stay together: parts of it need not be legal.
    pub is_one: bool,
}

impl Plan {
    /// The strategies: those of several holdings, and then what is left of each holding.
    pub fn paired(&self, account: &Account) -> Vec<Paired> {
        let mut paired = Vec::new();
        let mut left: Vec<f64> = (0..account.holdings.len()).map(|holding| account.quantity(holding).abs()).collect();
        for (strategy, units) in self.strategies.iter().filter(|(_, units)| *units > 0.0) {
            let (name, ruling) = strategy.ruling(account);
            let legs = strategy.uses(account).into_iter().map(|(holding, used)| (holding, used * units)).collect();
            paired.push(account.paired(name, ruling, legs, units * strategy.shares(account)));
        }
        for combination in &self.combinations {
            let parts = if self.is_one {
                let held = combination.iter().copied().filter(|(_, contracts)| *contracts > 0.0);
                vec![("limited-risk combination", held.collect())]
            } else {
                split(account, combination)
            };
            for (name, legs) in parts {
                let (ruling, shares) = account.combination_ruling(&legs);
                paired.push(account.paired(name, ruling, legs, shares));
            }
        }
        for (holding, quantity) in paired.iter().flat_map(|paired| &paired.legs).map(|leg| (leg.holding, leg.quantity))
        {
            left[holding] -= quantity.abs();
        }
        for (holding, quantity) in left.into_iter().enumerate() {
            // Rounding of fractional amounts is no holding.
            if quantity > 1e-9 * account.quantity(holding).abs() {
                let shares = quantity * account.shares_per_unit(holding);
                paired.push(account.paired(
                    account.name_alone(holding),
                    account.alone(holding),
                    vec![(holding, quantity)],
                    shares,
                ));
            }
        }
        paired
    }
}

impl Account<'_> {
    fn name_alone(&self, holding: usize) -> &'static str {
        match (self.option(holding).is_some(), self.quantity(holding) < 0.0) {
            (true, true) => "uncovered option",
            (true, false) => "long option",
            (false, true) => "short stock",
            (false, false) => "long stock",
        }
    }

    /// The rule of a limited-risk combination per share, and its shares: those of its first leg.
    fn combination_ruling(&self, legs: &[(usize, f64)]) -> (Ruling, f64) {
        let members: Vec<usize> = legs.iter().map(|(holding, _)| *holding).collect();
        let units = legs.first().map_or(1.0, |(_, contracts)| *contracts);
        let per_unit: Vec<(usize, f64)> =
            legs.iter().map(|(holding, contracts)| (*holding, contracts / units)).collect();
        let (loss, price) = self.greatest_loss(&per_unit, &self.prices(&members));
        let paid = per_unit.iter().map(|&(holding, ratio)| match self.option(holding) {
            Some(option) if self.quantity(holding) > 0.0 => ratio * option.premium,
            _ => 0.0,
        });
        let paid: f64 = paid.sum();
        let ruling = Ruling {
            pair: Pair::both(loss + paid),
            paid_for_longs: paid,
            formula: "n·(loss + P)",
            values: vec![("loss", loss), ("at", price), ("P", paid)],
        };
        (ruling, units * members.first().map_or(1.0, |&member| self.shares_per_unit(member)))
    }

    /// A strategy of `legs`, unsigned, with a rule per share.
    fn paired(&self, strategy: &'static str, ruling: Ruling, legs: Vec<(usize, f64)>, shares: f64) -> Paired {
        let Ruling { pair, paid_for_longs, formula, mut values } = ruling;
        values.push(("n", shares));
        let requirement = pair.times(shares);
        // Longs bear what is paid for them. The rest falls to the stock if there is any, else to the shorts as they
        // would alone.
        let has_stock = legs.iter().any(|(holding, _)| self.option(*holding).is_none());
        let weight = |&(holding, units): &(usize, f64)| match self.option(holding) {
            None => 1.0,
            Some(option) if !has_stock && self.quantity(holding) < 0.0 => {
                units * self.alone(holding).pair.initial * option.shares_per_contract
            }
            Some(_) => 0.0,
        };
        let weights: f64 = legs.iter().map(weight).sum();
        let rest = requirement.initial - paid_for_longs * shares;
        let is_alone = legs.len() == 1;
        let paired_leg = |leg: &(usize, f64)| {
            let (holding, units) = *leg;
            let is_long = self.quantity(holding) > 0.0;
            let initial = match self.option(holding) {
                _ if is_alone => requirement.initial,
                Some(option) if is_long && has_stock => units * option.shares_per_contract * self.rules.paid(option),
                Some(option) if is_long && paid_for_longs > 0.0 => units * option.shares_per_contract * option.premium,
                _ if weights > 0.0 => rest * weight(leg) / weights,
                _ => 0.0,
            };
            PairedLeg { holding, quantity: if is_long { units } else { -units }, initial }
        };
        let shorts = legs.iter().filter(|(holding, _)| self.quantity(*holding) < 0.0);
        let proceeds = shorts.fold(0.0, |sum, (holding, units)| sum + units * self.unit_price(*holding));
        Paired { strategy, legs: legs.iter().map(paired_leg).collect(), requirement, proceeds, formula, values }
    }
}
