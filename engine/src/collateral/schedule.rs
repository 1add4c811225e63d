//! Haircuts by asset, and what balances count under them.

use serde_json::Value;

use crate::asset::Asset;
use crate::book::{Book, Collateral};
use crate::json::{ByName, Fields, JsonError};
use crate::methodology::{CheckParameters, Configured, Edited, MethodologyError, Pair, ReadParameters, check};

/// How one asset counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CollateralTerms {
    /// What it counts less than its price, as a fraction, against the initial and the maintenance requirement; 1 where
    /// it does not count at all.
    pub haircut: Pair,
}

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

impl ReadParameters for CollateralTerms {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(CollateralTerms { haircut: fields.object("haircut", Pair::read)? })
    }
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

impl CollateralTerms {
    fn check(&self, owner: &str) -> Result<(), MethodologyError> {
        check(&format!("{owner}.haircut.initial"), self.haircut.initial, 0.0..=1.0)?;
        check(&format!("{owner}.haircut.maintenance"), self.haircut.maintenance, 0.0..=self.haircut.initial)
    }
}

/// Haircuts in force, and where they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct CollateralSchedule(Configured<Parameters>);

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
        Ok(CollateralSchedule(Configured::new(preset, edits)?))
    }

    /// The preset, and the parameters in force.
    pub fn configured(&self) -> &Edited {
        &self.0.edited
    }

    /// How an asset counts.
    pub fn terms(&self, asset: Asset) -> &CollateralTerms {
        let parameters = &self.0.parameters;
        parameters.assets.get(asset.as_str()).unwrap_or(&parameters.others)
    }

    /// What each balance of the book counts for, in its order.
    pub fn count(&self, book: &Book) -> Vec<CountedBalance> {
        book.balances.iter().map(|balance| self.count_one(balance)).collect()
    }

    fn count_one(&self, balance: &Collateral) -> CountedBalance {
        let value = balance.value();
        let factor = if value < 0.0 {
            Pair::both(1.0).plus(self.0.parameters.borrowing)
        } else {
            Pair::both(1.0).plus(self.terms(balance.asset).haircut.times(-1.0))
        };
        CountedBalance { asset: balance.asset, amount: balance.amount, value, counted: factor.times(value) }
    }
}
