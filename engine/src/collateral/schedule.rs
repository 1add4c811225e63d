//! Haircuts by asset, and what balances count under them.

use serde_json::Value;

use super::CollateralTerms;
use crate::asset::Asset;
use crate::book::{Book, Collateral};
use crate::json::{ByName, Fields, JsonError};
use crate::methodology::{CheckParameters, Configured, Edited, MethodologyError, Pair, ReadParameters, check};

/// A schedule's parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// The assets that it names.
    pub assets: ByName<CollateralTerms>,
    /// All others.
    pub others: CollateralTerms,
    /// What a debt counts more than its amount, as a fraction.
    pub borrowing: Pair,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters {
            assets: fields.by_name("assets", CollateralTerms::read)?,
            others: fields.object("others", CollateralTerms::read)?,
            borrowing: fields.object("borrowing", Pair::read)?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        for (asset, terms) in self.assets.iter() {
            terms.check(&format!("assets.{asset}"))?;
        }
        self.others.check("others")?;
        check("borrowing.initial", self.borrowing.initial, 0.0..=10.0)?;
        check("borrowing.maintenance", self.borrowing.maintenance, 0.0..=self.borrowing.initial)
    }
}

/// Haircuts in force, and where they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct CollateralSchedule {
    configured: Configured<Parameters>,
    haircut_added: f64,
}

/// A balance and what it counts for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CountedBalance {
    /// The currency.
    pub asset: Asset,
    /// How much of it; negative is owed.
    pub amount: f64,
    /// Its value at its price, in the account currency.
    pub value: f64,
    /// What it counts for after the haircut against the initial and the maintenance requirement, in the account
    /// currency. More is owed than a debt's value where borrowing has a margin.
    pub counted: Pair,
}

impl CollateralSchedule {
    pub(super) fn new(preset: &str, edits: Option<&Value>) -> Result<CollateralSchedule, MethodologyError> {
        Ok(CollateralSchedule { configured: Configured::new(preset, edits)?, haircut_added: 0.0 })
    }

    /// The same haircuts in a market that trusts collateral less: each is raised by `haircut_added`, a fraction from 0
    /// to 1, and none beyond 1. A haircut of zero stays: what counts at par does so still, until it loses its peg,
    /// which is a move of its price.
    ///
    /// # Errors
    /// `haircut_added` is out of its domain.
    pub fn stressed(&self, haircut_added: f64) -> Result<CollateralSchedule, MethodologyError> {
        check("haircut_added", haircut_added, 0.0..=1.0)?;
        Ok(CollateralSchedule { haircut_added, ..self.clone() })
    }

    /// The same haircuts without stress.
    pub fn usual(&self) -> CollateralSchedule {
        CollateralSchedule { haircut_added: 0.0, ..self.clone() }
    }

    /// What stress adds to each haircut.
    pub fn haircut_added(&self) -> f64 {
        self.haircut_added
    }

    /// The preset, and the parameters in force.
    pub fn configured(&self) -> &Edited {
        &self.configured.edited
    }

    /// The parameters in force, without stress.
    pub fn parameters(&self) -> &Parameters {
        &self.configured.parameters
    }

    /// How an asset counts, without stress.
    pub fn terms(&self, asset: Asset) -> &CollateralTerms {
        let parameters = self.parameters();
        parameters.assets.get(asset.as_str()).unwrap_or(&parameters.others)
    }

    /// What a debt counts more than its amount, as a fraction.
    pub fn borrowing(&self) -> Pair {
        self.parameters().borrowing
    }

    /// What each balance of the book counts for, in its order. Balances in one asset are one balance to a venue: they
    /// net, and the size of all of them decides on haircut or debt.
    pub fn count(&self, book: &Book) -> Vec<CountedBalance> {
        let counted = |balance: &Collateral| {
            let same = book.balances.iter().filter(|other| other.asset == balance.asset);
            let net: f64 = same.map(Collateral::value).sum();
            let factor = if net < 0.0 {
                Pair::both(1.0).plus(self.parameters().borrowing)
            } else {
                let haircut = self.terms(balance.asset).haircut_of(net * book.usd_per_account, self.haircut_added);
                Pair::both(1.0).plus(haircut.times(-1.0))
            };
            let value = balance.value();
            CountedBalance { asset: balance.asset, amount: balance.amount, value, counted: factor.times(value) }
        };
        book.balances.iter().map(counted).collect()
    }
}
