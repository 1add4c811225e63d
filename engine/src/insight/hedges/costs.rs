//! What a trade costs. A market of marks has no spreads, so these are a model.

use serde_json::Value;

use crate::book::{Book, Leg};
use crate::json::{Fields, JsonError};
use crate::methodology::{CheckParameters, Configured, Edited, MethodologyError, ReadParameters, check};

const PRESET: &str = include_str!("../../../presets/hedges.json");

/// Spreads, fees, and how much is searched.
#[derive(Debug, Clone, PartialEq)]
pub struct CostParameters {
    /// Half of an option's spread, as a fraction of its mark.
    pub option_half_spread: f64,
    /// That half is at least this move of the vol, per √year: 0.005 is half a point.
    pub option_half_spread_vol: f64,
    /// Half the spread of futures, perpetuals and shares, as a fraction of their price.
    pub future_half_spread: f64,
    /// Fee of an option, as a fraction of the underlying's price.
    pub option_fee: f64,
    /// That fee is at most this fraction of the option's mark.
    pub option_fee_cap: f64,
    /// Fee of futures, perpetuals and shares, as a fraction of their price.
    pub future_fee: f64,
    /// A trade must free at least so many times what it costs, the last step of it too.
    pub least_freed_per_cost: f64,
    /// A hedge that frees less than this fraction of the requirement is not shown.
    pub least_freed: f64,
    /// At most so many instruments are looked at.
    pub candidates: f64,
    /// At most so many of their prices on slides are computed; an American price counts as forty.
    pub repricings: f64,
}

impl ReadParameters for CostParameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(CostParameters {
            option_half_spread: fields.number("option_half_spread")?,
            option_half_spread_vol: fields.number("option_half_spread_vol")?,
            future_half_spread: fields.number("future_half_spread")?,
            option_fee: fields.number("option_fee")?,
            option_fee_cap: fields.number("option_fee_cap")?,
            future_fee: fields.number("future_fee")?,
            least_freed_per_cost: fields.number("least_freed_per_cost")?,
            least_freed: fields.number("least_freed")?,
            candidates: fields.number("candidates")?,
            repricings: fields.number("repricings")?,
        })
    }
}

impl CheckParameters for CostParameters {
    fn check(&self) -> Result<(), MethodologyError> {
        for (name, value, domain) in [
            ("option_half_spread", self.option_half_spread, 0.0..=1.0),
            ("option_half_spread_vol", self.option_half_spread_vol, 0.0..=1.0),
            ("future_half_spread", self.future_half_spread, 0.0..=1.0),
            ("option_fee", self.option_fee, 0.0..=1.0),
            ("option_fee_cap", self.option_fee_cap, 0.0..=1.0),
            ("future_fee", self.future_fee, 0.0..=1.0),
            ("least_freed_per_cost", self.least_freed_per_cost, 0.0..=1e6),
            ("least_freed", self.least_freed, 0.0..=1.0),
            ("candidates", self.candidates, 1.0..=2000.0),
            ("repricings", self.repricings, 1.0..=1e7),
        ] {
            check(name, value, domain)?;
        }
        Ok(())
    }
}

/// The model in force, and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct HedgeCosts(Configured<CostParameters>);

impl HedgeCosts {
    /// The preset with edits applied to its parameters.
    ///
    /// # Errors
    /// A parameter that it does not know, or a value out of its domain.
    pub fn new(edits: Option<&Value>) -> Result<HedgeCosts, MethodologyError> {
        Ok(HedgeCosts(Configured::new(PRESET, edits)?))
    }

    /// The preset, and the parameters in force.
    pub fn configured(&self) -> &Edited {
        &self.0.edited
    }

    /// The parameters.
    pub fn parameters(&self) -> &CostParameters {
        &self.0.parameters
    }

    /// Half the spread and the fee of trading a leg, whichever way, in the account currency.
    pub fn of(&self, book: &Book, leg: &Leg) -> f64 {
        let parameters = self.parameters();
        let mark = leg.mark().abs();
        let each = if leg.is_option() {
            let least = parameters.option_half_spread_vol * leg.sensitivities.vega;
            let fee = (parameters.option_fee * book.index_of(leg)).min(parameters.option_fee_cap * mark);
            (parameters.option_half_spread * mark).max(least) + fee
        } else {
            (parameters.future_half_spread + parameters.future_fee) * mark
        };
        each * leg.coins.abs() * leg.account_per_quote
    }
}
