//! Which holdings make a strategy.

use super::requirements::{Rules, Ruling, loss_at};
use super::{Holding, OptionTerms, Pair};
use crate::order::ascending;
use crate::pricing::Right;

/// The holdings in one underlying under its rules.
pub(super) struct Account<'a> {
    pub rules: Rules,
    pub holdings: &'a [Holding],
}

impl Account<'_> {
    /// Signed contracts or shares.
    pub fn quantity(&self, holding: usize) -> f64 {
        match self.holdings[holding] {
            Holding::Stock { shares } => shares,
            Holding::Option { contracts, .. } => contracts,
        }
    }

    /// The series of an option; none for stock.
    pub fn option(&self, holding: usize) -> Option<&OptionTerms> {
        match &self.holdings[holding] {
            Holding::Option { option, .. } => Some(option),
            Holding::Stock { .. } => None,
        }
    }

    /// Shares in a contract; one for a share.
    pub fn shares_per_unit(&self, holding: usize) -> f64 {
        self.option(holding).map_or(1.0, |option| option.shares_per_contract)
    }

    /// Price of a contract or a share.
    pub fn unit_price(&self, holding: usize) -> f64 {
        self.option(holding).map_or(self.rules.underlying.price, |option| option.premium * option.shares_per_contract)
    }

    /// The requirement of one contract or share on its own.
    pub fn alone(&self, holding: usize) -> Ruling {
        let is_short = self.quantity(holding) < 0.0;
        match self.option(holding) {
            None if is_short => self.rules.short_stock(None, None),
            None => self.rules.long_stock(None, None),
            Some(option) if is_short => self.rules.uncovered(option),
            Some(option) => self.rules.long_option(option),
        }
    }

    /// The options of a kind with quantities of a sign.
    fn options(&self, right: Right, is_short: bool) -> Vec<(usize, &OptionTerms)> {
        let all = (0..self.holdings.len()).filter_map(|holding| Some((holding, self.option(holding)?)));
        all.filter(|(holding, option)| {
            let quantity = self.quantity(*holding);
            option.right == right && quantity != 0.0 && (quantity < 0.0) == is_short
        })
        .collect()
    }

    /// Every strategy of several holdings but limited-risk combinations.
    pub fn strategies(&self) -> Vec<Strategy> {
        let [long_calls, short_calls] = [false, true].map(|is_short| self.options(Right::Call, is_short));
        let [long_puts, short_puts] = [false, true].map(|is_short| self.options(Right::Put, is_short));
        let mut found = Vec::new();
        for (call, c) in &short_calls {
            for (put, p) in &short_puts {
                if c.shares_per_contract == p.shares_per_contract {
                    found.push(Strategy::Straddle { call: *call, put: *put });
                }
            }
        }
        for stock in (0..self.holdings.len()).filter(|holding| self.option(*holding).is_none()) {
            let is_short = self.quantity(stock) < 0.0;
            // Bought to protect the stock, and written against it.
            let (bought, written) = if is_short { (&long_calls, &short_puts) } else { (&long_puts, &short_calls) };
            let covered = |protection, written| Strategy::Stock { stock, is_short, protection, written };
            found.extend(bought.iter().map(|(option, _)| covered(Some(*option), None)));
            found.extend(written.iter().map(|(option, _)| covered(None, Some(*option))));
            for (protection, b) in bought {
                for (other, w) in written {
                    let fits = if is_short { b.strike == w.strike } else { b.strike <= w.strike };
                    if fits && b.expiry_years == w.expiry_years && b.shares_per_contract == w.shares_per_contract {
                        found.push(covered(Some(*protection), Some(*other)));
                    }
                }
            }
        }
        self.add_boxes([&long_calls, &short_calls, &long_puts, &short_puts], &mut found);
        found
    }

    /// Long boxes of European options of one expiry.
    fn add_boxes(&self, options: [&Vec<(usize, &OptionTerms)>; 4], found: &mut Vec<Strategy>) {
        let [long_calls, short_calls, long_puts, short_puts] = options;
        // A call and a put of one strike: bought and written, a future by other means, and the reverse.
        let both = |calls: &[(usize, &OptionTerms)], puts: &[(usize, &OptionTerms)]| {
            let mut pairs = Vec::new();
            for (call, c) in calls.iter().filter(|(_, option)| option.is_european) {
                for (put, p) in puts {
                    if c.strike == p.strike && is_same_but_strike(c, p) {
                        pairs.push((*call, *put, c.strike));
                    }
                }
            }
            pairs
        };
        let highs = both(short_calls, long_puts);
        for (long_call, short_put, low) in both(long_calls, short_puts) {
            for &(short_call, long_put, high) in &highs {
                let fits = match (self.option(long_call), self.option(short_call)) {
                    (Some(one), Some(other)) => is_same_but_strike(one, other),
                    _ => false,
                };
                if low < high && fits {
                    found.push(Strategy::Box { longs: [long_call, long_put], shorts: [short_call, short_put] });
                }
            }
        }
    }

    /// The groups of options within which any covered set is a limited-risk combination.
    ///
    /// A set is legal if no short outlives a long. So for each expiry of a short there is a group: the shorts up to
    /// it and the longs from it on. Two sets of one group may be merged, which never makes their greatest loss
    /// greater; so a group needs one combination at most.
    pub fn groups(&self) -> Vec<Vec<usize>> {
        let options: Vec<(usize, &OptionTerms)> =
            (0..self.holdings.len()).filter_map(|holding| Some((holding, self.option(holding)?))).collect();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (last, of) in &options {
            if self.quantity(*last) >= 0.0 {
                continue;
            }
            let members: Vec<usize> = options
                .iter()
                .filter(|(holding, option)| {
                    let quantity = self.quantity(*holding);
                    let fits =
                        option.is_european == of.is_european && option.shares_per_contract == of.shares_per_contract;
                    fits && ((quantity < 0.0 && option.expiry_years <= of.expiry_years)
                        || (quantity > 0.0 && option.expiry_years >= of.expiry_years))
                })
                .map(|(holding, _)| *holding)
                .collect();
            let is_within = |small: &[usize], large: &[usize]| small.iter().all(|member| large.contains(member));
            if members.iter().any(|&member| self.quantity(member) > 0.0)
                && !groups.iter().any(|group| is_within(&members, group))
            {
                groups.retain(|group| !is_within(group, &members));
                groups.push(members);
            }
        }
        groups
    }

    /// The greatest loss of contracts at these prices, not negative, per share of one; and where it is.
    pub fn greatest_loss(&self, legs: &[(usize, f64)], prices: &[f64]) -> (f64, f64) {
        let mut worst = (0.0, 0.0);
        for &price in prices {
            let loss = self.loss(legs, price);
            if loss > worst.0 {
                worst = (loss, price);
            }
        }
        worst
    }

    /// The loss of contracts at a price of the underlying, per share of one.
    pub fn loss(&self, legs: &[(usize, f64)], price: f64) -> f64 {
        let of_leg = |(holding, contracts): &(usize, f64)| {
            self.option(*holding)
                .map_or(0.0, |option| contracts * loss_at(option, self.quantity(*holding) < 0.0, price))
        };
        legs.iter().map(of_leg).sum()
    }

    /// Where the loss of a covered set can be greatest: between these prices it is linear, beyond the last it does not
    /// grow.
    pub fn prices(&self, members: &[usize]) -> Vec<f64> {
        let strikes = members.iter().filter_map(|member| self.option(*member)).map(|option| option.strike);
        let all: Vec<f64> = strikes.chain([0.0]).collect();
        let mut prices: Vec<f64> = ascending(&all).into_iter().map(|index| all[index]).collect();
        prices.dedup();
        prices
    }

    /// The most that options of one expiry can lose together with what the long ones cost, per share; and the shares
    /// of a contract. None where there is stock, more than one expiry or contract size, or no limit to the loss.
    pub fn limited_risk(&self) -> Option<(Pair, f64)> {
        let first = self.holdings.first().and_then(|_| self.option(0))?;
        let mut calls = 0.0;
        let mut cost = 0.0;
        let mut legs = Vec::new();
        for holding in 0..self.holdings.len() {
            let option = self.option(holding)?;
            let quantity = self.quantity(holding);
            if option.expiry_years != first.expiry_years || option.shares_per_contract != first.shares_per_contract {
                return None;
            }
            if option.right == Right::Call {
                calls += quantity;
            }
            cost += quantity.max(0.0) * option.premium;
            legs.push((holding, quantity.abs()));
        }
        let members: Vec<usize> = (0..legs.len()).collect();
        let (loss, _) = self.greatest_loss(&legs, &self.prices(&members));
        (calls >= 0.0).then_some((Pair::both(cost + loss), first.shares_per_contract))
    }
}

fn is_same_but_strike(one: &OptionTerms, other: &OptionTerms) -> bool {
    one.is_european == other.is_european
        && one.expiry_years == other.expiry_years
        && one.shares_per_contract == other.shares_per_contract
}

/// Holdings that make one unit of a strategy: a contract of each option, and the shares that it is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Strategy {
    /// A short call and a short put.
    Straddle { call: usize, put: usize },
    /// Stock with an option that protects it, one written against it, or both.
    Stock { stock: usize, is_short: bool, protection: Option<usize>, written: Option<usize> },
    /// Two pairs of a call and a put: the lower strike bought, the higher one sold.
    Box { longs: [usize; 2], shorts: [usize; 2] },
}

impl Strategy {
    /// The options in it.
    pub fn options(&self) -> Vec<usize> {
        match *self {
            Strategy::Straddle { call, put } => vec![call, put],
            Strategy::Stock { protection, written, .. } => protection.into_iter().chain(written).collect(),
            Strategy::Box { longs, shorts } => vec![longs[0], shorts[0], longs[1], shorts[1]],
        }
    }

    /// Shares of one unit.
    pub fn shares(&self, account: &Account) -> f64 {
        self.options().first().map_or(1.0, |option| account.shares_per_unit(*option))
    }

    /// What one unit uses up of each holding, unsigned.
    pub fn uses(&self, account: &Account) -> Vec<(usize, f64)> {
        let mut uses: Vec<(usize, f64)> = self.options().into_iter().map(|option| (option, 1.0)).collect();
        if let Strategy::Stock { stock, .. } = *self {
            uses.insert(0, (stock, self.shares(account)));
        }
        uses
    }

    /// What it is called, and its rule per share.
    pub fn ruling(&self, account: &Account) -> (&'static str, Ruling) {
        let of = |holding: Option<usize>| holding.and_then(|holding| account.option(holding));
        let rules = &account.rules;
        match *self {
            Strategy::Straddle { call, put } => match (account.option(call), account.option(put)) {
                (Some(c), Some(p)) => {
                    let is_straddle = c.strike == p.strike && c.expiry_years == p.expiry_years;
                    (if is_straddle { "short straddle" } else { "short strangle" }, rules.straddle(c, p))
                }
                _ => ("uncovered options", account.alone(call)),
            },
            Strategy::Stock { is_short, protection, written, .. } => {
                let (bought, sold) = (of(protection), of(written));
                let is_conversion = matches!((bought, sold), (Some(one), Some(other)) if one.strike == other.strike);
                let name = match (is_short, bought.is_some(), sold.is_some()) {
                    (false, true, true) => {
                        if is_conversion {
                            "conversion"
                        } else {
                            "collar"
                        }
                    }
                    (false, true, false) => "protective put",
                    (false, false, _) => "covered call",
                    (true, true, true) => "reverse conversion",
                    (true, true, false) => "protective call",
                    (true, false, _) => "covered put",
                };
                (name, if is_short { rules.short_stock(bought, sold) } else { rules.long_stock(bought, sold) })
            }
            Strategy::Box { longs, shorts } => {
                let strike = |holding: usize| account.option(holding).map_or(0.0, |option| option.strike);
                let proceeds = shorts.iter().filter_map(|&short| of(Some(short))).map(|option| option.premium).sum();
                ("long box", rules.european_box(strike(longs[0]), strike(shorts[0]), proceeds))
            }
        }
    }
}
