//! What positions are worth to the account that holds them.

use super::{Book, Leg, LegKind};
use crate::instrument::{Kind, Settlement};

/// What the legs are worth, in the account currency, signed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Worth {
    /// Options that are held, at their marks; not negative.
    pub long_options: f64,
    /// Options that are owed, at their marks; not positive.
    pub short_options: f64,
    /// What futures and perpetuals have gained since they were entered; 0 where no entry price was given.
    pub unrealised: f64,
    /// Coins, shares and bonds held outright, or owed.
    pub outright: f64,
    /// What has been settled in cash on the way of a what-if.
    pub settled: f64,
}

impl Worth {
    /// All of it.
    pub fn total(&self) -> f64 {
        self.long_options + self.short_options + self.unrealised + self.outright + self.settled
    }
}

impl Book {
    /// What a leg adds to the equity of its account, in the account currency: the market value of what was paid for
    /// when it was bought, and for futures what they have gained since they were entered. The coin-settled gain
    /// N·(1/entry − 1/F) is valued at the index.
    pub fn worth_of(&self, leg: &Leg) -> f64 {
        let underlying = &self.underlyings[leg.underlying];
        let (index, forward) = (underlying.index, self.expiries[leg.expiry].forward);
        match (leg.kind, leg.instrument.kind) {
            (LegKind::Settled, Kind::Option { strike, right, .. }) => {
                leg.coins * right.payoff(index, strike) * leg.account_per_quote
            }
            (LegKind::Future, _) | (LegKind::Settled, _) => {
                let Some(entry) = leg.entry_price else { return 0.0 };
                match leg.settlement {
                    // The number of dollars is coins·F, so N·(1/entry − 1/F) is coins·(F/entry − 1).
                    Settlement::Inverse => leg.coins * (forward / entry - 1.0) * underlying.account_per_coin,
                    Settlement::Linear => leg.coins * (forward - entry) * leg.account_per_quote,
                }
            }
            _ => leg.coins * leg.mark() * leg.account_per_quote,
        }
    }

    /// What all legs add to the equity of their account.
    pub fn worth(&self) -> Worth {
        let mut worth = Worth::default();
        for leg in &self.legs {
            let value = self.worth_of(leg);
            let part = match leg.kind {
                LegKind::Option { .. } if leg.coins < 0.0 => &mut worth.short_options,
                LegKind::Option { .. } => &mut worth.long_options,
                LegKind::Future => &mut worth.unrealised,
                LegKind::Spot | LegKind::Bond { .. } => &mut worth.outright,
                LegKind::Settled => &mut worth.settled,
            };
            *part += value;
        }
        worth
    }
}
