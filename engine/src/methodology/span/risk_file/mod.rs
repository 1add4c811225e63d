//! Risk parameter files: what a clearing house publishes each day for SPAN, as XML (`.spn`, PC-SPAN 4).
//!
//! Read are the combined commodities with their contracts, arrays, composite deltas, short option minimums and
//! spreads between expiries. Spreads between commodities are not read: what a commodity needs here, it needs alone.

mod element;
mod read;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::combined_commodity::{FormedSpread, Period, SpreadCharge, SpreadRule, form_spreads};
use super::scenarios::RiskArray;
use crate::methodology::Pot;
use crate::order::sorted_by;
use crate::pricing::Right;

/// What is wrong with a risk parameter file, or with the wish for something in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct RiskFileError {
    /// The line of the file, from 1.
    pub line: usize,
    /// What is wrong there.
    pub reason: String,
}

/// A risk parameter file.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskFile {
    /// Version of the format: `4.00`.
    pub format: String,
    /// The business day that it is for.
    pub date: Date,
    /// The combined commodities, in the order of the file.
    pub commodities: Vec<FileCommodity>,
}

/// A combined commodity of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct FileCommodity {
    /// Its code: `NIFTY`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The currency of its amounts.
    pub currency: String,
    /// The least risk of each short option contract, an amount.
    pub short_option_minimum: f64,
    /// The price scan range of a future, an amount for each contract, where the file says it.
    pub price_scan: Option<f64>,
    /// The vol scan range, in vol points, where the file says it.
    pub vol_scan: Option<f64>,
    /// Rules for spreads between expiries, in their order.
    pub spreads: Vec<SpreadRule>,
    /// Why it cannot be scanned, where it has rules that are not known here.
    pub unknown_rule: Option<RiskFileError>,
    /// Its contracts.
    pub contracts: Vec<FileContract>,
}

/// A contract of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct FileContract {
    /// When it expires.
    pub expiry: Date,
    /// Time to that in years of 365 days.
    pub years: f64,
    /// Right and strike of an option; none for a future.
    pub option: Option<(Right, f64)>,
    /// Settlement price, per unit.
    pub price: f64,
    /// Its delta, where the file says it.
    pub delta: Option<f64>,
    /// Its vol per √year, where the file says it.
    pub vol_annual: Option<f64>,
    /// Money for each unit of the price.
    pub contract_value_factor: f64,
    /// Composite delta of one long contract.
    pub composite_delta: f64,
    /// Profit or loss of one long contract on each scenario: the file's array with its sign turned, since there a
    /// loss is positive.
    pub pnl: RiskArray,
}

/// Which contract of a file is meant.
#[derive(Debug, Clone, PartialEq)]
pub struct ContractKey {
    /// Code of its combined commodity.
    pub commodity: String,
    /// When it expires.
    pub expiry: Date,
    /// Right and strike of an option; none for a future.
    pub option: Option<(Right, f64)>,
}

/// What positions in one combined commodity need by a file. Amounts are in the commodity's currency.
#[derive(Debug, Clone, PartialEq)]
pub struct FileRisk {
    /// Code of the combined commodity.
    pub code: String,
    /// Its currency.
    pub currency: String,
    /// P&L on the scenarios, with the worst.
    pub pot: Pot,
    /// The expiries held, ascending, with their net composite deltas in contracts.
    pub periods: Vec<Period>,
    /// Spreads between them.
    pub spreads: Vec<FormedSpread>,
    /// The least for the short options held.
    pub short_option_minimum: f64,
    /// What the options held are worth.
    pub net_option_value: f64,
}

impl FileRisk {
    /// max(short option minimum, scan risk + calendar spreads).
    pub fn risk(&self) -> f64 {
        let calendar: f64 = self.spreads.iter().map(FormedSpread::charge).sum();
        self.short_option_minimum.max(self.pot.worst_loss() + calendar)
    }

    /// max(0, risk − net option value).
    pub fn requirement(&self) -> f64 {
        (self.risk() - self.net_option_value).max(0.0)
    }
}

impl RiskFile {
    /// Reads a text of at most 8,000,000 bytes. In a file of several clearing organisations all are read.
    ///
    /// # Errors
    /// It is no XML or no risk parameter file, something is missing, or a figure is no number; the line is said.
    pub fn read(text: &str) -> Result<RiskFile, RiskFileError> {
        read::risk_file(text)
    }

    /// The combined commodity of this code.
    pub fn commodity(&self, code: &str) -> Option<&FileCommodity> {
        self.commodities.iter().find(|commodity| commodity.code == code)
    }

    /// What positions need, so many contracts of each, negative for short: one entry for each combined commodity held,
    /// in the order of the file.
    ///
    /// # Errors
    /// The file has no such contract, a quantity is not finite, or a commodity held has rules that are not known here.
    pub fn scan(&self, positions: &[(ContractKey, f64)]) -> Result<Vec<FileRisk>, RiskFileError> {
        for (key, quantity) in positions {
            let found = self.commodity(&key.commodity).is_some_and(|commodity| commodity.contract(key).is_some());
            if !found || !quantity.is_finite() {
                let reason = format!("the file has no contract {key:?} of which one could hold {quantity}");
                return Err(RiskFileError { line: 1, reason });
            }
        }
        let held = |commodity: &FileCommodity| {
            let keys = positions.iter().filter(|(key, _)| key.commodity == commodity.code);
            keys.filter_map(|(key, quantity)| Some((commodity.contract(key)?.clone(), *quantity))).collect::<Vec<_>>()
        };
        let each = self.commodities.iter().map(|commodity| (commodity, held(commodity)));
        each.filter(|(_, held)| !held.is_empty()).map(|(commodity, held)| commodity.risk(held)).collect()
    }

    /// The file's scan ranges, charges and minimums as edits of the parameters of `span`, whose parameters in force
    /// are `current`: what a file does not say stays as under `default` there.
    ///
    /// Amounts become fractions of the price of the nearest future. Where a file does not state its price scan range,
    /// it is what that future loses or gains on the scenarios with the full move. Commodities without a future have no
    /// such price and are left out.
    ///
    /// # Errors
    /// A commodity has rules that are not known here.
    pub fn parameters(&self, current: &Value) -> Result<Value, RiskFileError> {
        let mut underlyings = serde_json::Map::new();
        for commodity in &self.commodities {
            commodity.check()?;
            let futures = commodity.contracts.iter().filter(|contract| contract.option.is_none()).collect();
            let Some(future) = sorted_by(futures, |it: &&FileContract| it.years).into_iter().next() else { continue };
            let notional = (future.price * future.contract_value_factor).abs();
            if notional == 0.0 {
                continue;
            }
            let by_array = future.pnl[10..14].iter().fold(0.0, |widest: f64, pnl| widest.max(pnl.abs()));
            let price_scan = commodity.price_scan.unwrap_or(by_array) / notional;
            let mut entry = current["underlyings"]["default"].clone();
            for (name, value) in [
                ("price_scan_sigmas", 0.0),
                ("price_scan_floor", price_scan),
                ("price_scan_floor_long_dated", price_scan),
                ("short_option_minimum", commodity.short_option_minimum / notional),
            ] {
                entry[name] = json!(value);
            }
            if let Some(points) = commodity.vol_scan {
                entry["vol_scan_share"] = json!(0.0);
                entry["vol_scan_floor"] = json!(points);
            }
            for (number, rule) in commodity.spreads.iter().enumerate() {
                let charge = match rule.charge {
                    SpreadCharge::Amount(amount) => amount / (rule.far.delta_per_spread * notional),
                    SpreadCharge::OfFarPrice(rate) => rate,
                };
                // Names sort as numbers, and before the one that catches all others.
                entry["calendar"][format!("{:04}", number + 1)] = json!({
                    "near_from_years": rule.near.from_years.max(0.0),
                    "near_to_years": rule.near.to_years.max(0.0),
                    "far_from_years": rule.far.from_years.max(0.0),
                    "far_to_years": rule.far.to_years.max(0.0),
                    "charge": charge,
                });
            }
            underlyings.insert(commodity.code.clone(), entry);
        }
        Ok(json!({ "underlyings": underlyings }))
    }
}

impl FileCommodity {
    /// The contract that is meant.
    pub fn contract(&self, key: &ContractKey) -> Option<&FileContract> {
        self.contracts.iter().find(|contract| contract.expiry == key.expiry && contract.option == key.option)
    }

    fn check(&self) -> Result<(), RiskFileError> {
        self.unknown_rule.clone().map_or(Ok(()), Err)
    }

    fn risk(&self, held: Vec<(FileContract, f64)>) -> Result<FileRisk, RiskFileError> {
        self.check()?;
        let mut totals = vec![0.0; super::SCENARIOS];
        let mut periods: Vec<Period> = Vec::new();
        let (mut shorts, mut net_option_value) = (0.0, 0.0);
        for (contract, quantity) in sorted_by(held, |(contract, _)| contract.years) {
            totals.iter_mut().zip(contract.pnl).for_each(|(total, pnl)| *total += quantity * pnl);
            if periods.last().is_none_or(|last| last.years != contract.years) {
                periods.push(Period { years: contract.years, price: contract.price, delta: 0.0 });
            }
            if let Some(period) = periods.last_mut() {
                period.delta += quantity * contract.composite_delta;
            }
            if contract.option.is_some() {
                shorts += (-quantity).max(0.0);
                net_option_value += quantity * contract.price * contract.contract_value_factor;
            }
        }
        Ok(FileRisk {
            code: self.code.clone(),
            currency: self.currency.clone(),
            pot: Pot::new(None, totals),
            spreads: form_spreads(&periods, &self.spreads),
            periods,
            short_option_minimum: shorts * self.short_option_minimum,
            net_option_value,
        })
    }
}

#[cfg(test)]
mod tests;
