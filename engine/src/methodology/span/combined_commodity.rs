//! The risk of one combined commodity, from its P&L on the scenarios and its composite deltas; whoever made them:
//! the revaluation of a book, or a clearing house's risk parameter file.

use super::scenarios::paired;
use crate::methodology::Pot;

/// An expiry of a combined commodity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Period {
    /// Time to it in years; 0 for what does not expire.
    pub years: f64,
    /// The price of one unit of the underlying for that expiry.
    pub price: f64,
    /// Net composite delta, in units of the underlying.
    pub delta: f64,
}

/// A range of expiries, its ends included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tier {
    /// Years to the first.
    pub from_years: f64,
    /// Years to the last.
    pub to_years: f64,
    /// Units of delta that one spread takes.
    pub delta_per_spread: f64,
}

impl Tier {
    fn holds(&self, period: &Period) -> bool {
        (self.from_years..=self.to_years).contains(&period.years)
    }
}

/// What one spread between expiries costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SpreadCharge {
    /// An amount of money.
    Amount(f64),
    /// A fraction of the far price, for each unit of the far leg.
    OfFarPrice(f64),
}

/// A rule that allows spreads between two tiers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpreadRule {
    /// The tier of the nearer leg.
    pub near: Tier,
    /// The tier of the farther leg.
    pub far: Tier,
    /// What a spread costs.
    pub charge: SpreadCharge,
}

/// Spreads that were formed between two periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FormedSpread {
    /// Index of the nearer period.
    pub near: usize,
    /// Index of the farther one.
    pub far: usize,
    /// How many.
    pub count: f64,
    /// What each costs.
    pub charge_each: f64,
}

impl FormedSpread {
    /// What they cost together.
    pub fn charge(&self) -> f64 {
        self.count * self.charge_each
    }
}

/// Forms spreads between expiries by the rules in their order, nearest expiries first, from the net delta that earlier
/// spreads have left. `periods` ascend in time.
pub fn form_spreads(periods: &[Period], rules: &[SpreadRule]) -> Vec<FormedSpread> {
    let mut deltas: Vec<f64> = periods.iter().map(|period| period.delta).collect();
    let mut formed = Vec::new();
    for rule in rules {
        for near in (0..periods.len()).filter(|&period| rule.near.holds(&periods[period])) {
            for far in (near + 1..periods.len()).filter(|&period| rule.far.holds(&periods[period])) {
                if deltas[near] * deltas[far] >= 0.0 {
                    continue;
                }
                let in_near = deltas[near].abs() / rule.near.delta_per_spread;
                let count = in_near.min(deltas[far].abs() / rule.far.delta_per_spread);
                for (leg, tier) in [(near, &rule.near), (far, &rule.far)] {
                    // Never across zero, whatever the rounding.
                    let left = (deltas[leg].abs() - count * tier.delta_per_spread).max(0.0);
                    deltas[leg] = left.copysign(deltas[leg]);
                }
                let charge_each = match rule.charge {
                    SpreadCharge::Amount(amount) => amount,
                    SpreadCharge::OfFarPrice(rate) => rate * periods[far].price * rule.far.delta_per_spread,
                };
                formed.push(FormedSpread { near, far, count, charge_each });
            }
        }
    }
    formed
}

/// What of the scan risk comes from the price, and what from time and vol.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PriceRisk {
    /// The loss on the worst scenario.
    pub scan: f64,
    /// The loss by a day without a move: the mean of the first two scenarios.
    pub time: f64,
    /// Half of what the other vol would have changed on the worst scenario.
    pub vol: f64,
    /// Net composite delta.
    pub delta: f64,
}

impl PriceRisk {
    /// Of the P&L on the scenarios and the net composite delta.
    pub fn new(pot: &Pot, delta: f64) -> PriceRisk {
        let Some(worst) = pot.worst else { return PriceRisk { delta, ..PriceRisk::default() } };
        let loss = |scenario: usize| -pot.counted_pnl[scenario];
        let (scan, other) = (loss(worst), loss(paired(worst)));
        PriceRisk { scan, time: (loss(0) + loss(1)) / 2.0, vol: (scan - other) / 2.0, delta }
    }

    /// Price risk for each unit of net delta: what a spread between commodities is credited on. Between nothing and
    /// the scan risk; nothing without a delta.
    pub fn weighted(&self) -> f64 {
        if self.delta == 0.0 {
            return 0.0;
        }
        (self.scan - self.time - self.vol).max(0.0).min(self.scan) / self.delta.abs()
    }
}

/// A credit for spreads between two combined commodities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CreditRule {
    /// Index of each, and units of its delta in one spread.
    pub legs: [(usize, f64); 2],
    /// The part of the weighted price risk that is credited.
    pub rate: f64,
}

/// A credit that was given to one combined commodity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Credit {
    /// Its index.
    pub commodity: usize,
    /// Units of its delta in the spreads.
    pub delta: f64,
    /// The part of the weighted price risk.
    pub rate: f64,
    /// The credit.
    pub amount: f64,
}

/// Forms spreads between combined commodities by the rules in their order, from the net delta that earlier spreads
/// have left, and credits both legs.
pub fn credits(risks: &[PriceRisk], rules: &[CreditRule]) -> Vec<Credit> {
    let mut deltas: Vec<f64> = risks.iter().map(|risk| risk.delta).collect();
    let mut given = Vec::new();
    for CreditRule { legs, rate } in rules {
        let [(first, first_delta), (second, second_delta)] = *legs;
        if deltas[first] * deltas[second] >= 0.0 {
            continue;
        }
        let count = (deltas[first].abs() / first_delta).min(deltas[second].abs() / second_delta);
        for (commodity, per_spread) in *legs {
            let delta = (count * per_spread).min(deltas[commodity].abs());
            deltas[commodity] = (deltas[commodity].abs() - delta).copysign(deltas[commodity]);
            let amount = rate * risks[commodity].weighted() * delta;
            given.push(Credit { commodity, delta, rate: *rate, amount });
        }
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: Tier = Tier { from_years: 0.0, to_years: 100.0, delta_per_spread: 1.0 };

    fn period(years: f64, delta: f64) -> Period {
        Period { years, price: 100.0 + years, delta }
    }

    /// By hand: +10 near, −4 and −8 later. Ten spreads: four at 102, six at 103, two are left over.
    #[test]
    fn spreads_between_expiries() {
        let periods = [period(1.0, 10.0), period(2.0, -4.0), period(3.0, -8.0)];
        let rule = SpreadRule { near: ANY, far: ANY, charge: SpreadCharge::OfFarPrice(0.01) };
        let formed = form_spreads(&periods, &[rule]);
        assert_eq!(formed.iter().map(|it| (it.near, it.far, it.count)).collect::<Vec<_>>(), [(0, 1, 4.0), (0, 2, 6.0)]);
        let charge: f64 = formed.iter().map(FormedSpread::charge).sum();
        assert!((charge - (4.0 * 1.02 + 6.0 * 1.03)).abs() < 1e-12, "{charge}");
    }

    /// The first rule takes the far expiries; the second finds what is left.
    #[test]
    fn rules_go_in_their_order_and_tiers_bound_them() {
        let periods = [period(0.1, 10.0), period(0.5, -4.0), period(3.0, -8.0)];
        let far = Tier { from_years: 1.0, ..ANY };
        let rules = [(far, 50.0), (ANY, 10.0)].map(|(far, amount)| SpreadRule {
            near: ANY,
            far,
            charge: SpreadCharge::Amount(amount),
        });
        let formed = form_spreads(&periods, &rules);
        assert_eq!(formed.iter().map(|it| (it.near, it.far, it.count)).collect::<Vec<_>>(), [(0, 2, 8.0), (0, 1, 2.0)]);
        assert_eq!(formed.iter().map(FormedSpread::charge).sum::<f64>(), 420.0);
        assert!(form_spreads(&periods[..1], &rules).is_empty());
        // Two units of the near expiry against one of the far one.
        let ratio = SpreadRule { near: Tier { delta_per_spread: 2.0, ..ANY }, ..rules[1] };
        assert_eq!(form_spreads(&periods[..2], &[ratio])[0].count, 4.0);
    }

    /// By hand: the first commodity loses 900 on scenario 14, 700 with the other vol, and 60 and 40 by a day: the
    /// price makes 900 − 100 − 50 = 750 of it, 75 for each of its ten units.
    #[test]
    fn credits_between_commodities() {
        let mut pnl = vec![0.0; 16];
        (pnl[0], pnl[1], pnl[12], pnl[13]) = (-60.0, -40.0, -700.0, -900.0);
        let first = PriceRisk::new(&Pot::new(None, pnl.clone()), 10.0);
        assert_eq!((first.scan, first.time, first.vol, first.weighted()), (900.0, 50.0, 100.0, 75.0));
        (pnl[12], pnl[13], pnl[10], pnl[11]) = (0.0, 0.0, -250.0, -250.0);
        let second = PriceRisk::new(&Pot::new(None, pnl), -8.0);
        assert_eq!(second.weighted(), 25.0);
        // One to two: four spreads, 4 · 75 and 8 · 25 at 60 %; the second rule finds no delta of the second left.
        let rules = [
            CreditRule { legs: [(0, 1.0), (1, 2.0)], rate: 0.6 },
            CreditRule { legs: [(1, 1.0), (0, 1.0)], rate: 1.0 },
        ];
        let given: Vec<(usize, f64)> =
            credits(&[first, second], &rules).iter().map(|it| (it.commodity, it.amount)).collect();
        assert_eq!(given, [(0, 180.0), (1, 120.0)]);
        // Both long: nothing.
        let both_long = [first, PriceRisk { delta: 8.0, ..second }];
        assert!(credits(&both_long, &rules).is_empty());
    }
}
