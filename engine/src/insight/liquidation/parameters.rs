//! How a venue liquidates, as data.

use serde_json::Value;

use super::dutch_auction::AuctionParameters;
use crate::json::{Fields, JsonError};
use crate::methodology::{CheckParameters, Configured, Edited, Entry, MethodologyError, ReadParameters, check};

const PRESET: &str = include_str!("../../../presets/liquidation.json");

/// What trading costs beyond the mark, as a fraction of something: half the spread, and more for size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Impact {
    /// Half the spread.
    pub half_spread: f64,
    /// What a million US dollars of notional adds for whoever trades after it.
    pub per_million: f64,
}

/// What closing costs beyond the mark.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlippageParameters {
    /// Options: points of vol, where 0.01 is one; times the vega.
    pub option_vol: Impact,
    /// Options: beside that, a fraction of the price.
    pub option_price: Impact,
    /// All else: a fraction of notional.
    pub other: Impact,
}

/// What the venue takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FeeParameters {
    /// Options: a fraction of the underlying's price.
    pub option: f64,
    /// But at most this fraction of the option's price.
    pub option_of_price: f64,
    /// All else: a fraction of notional.
    pub other: f64,
    /// A fraction of the equity that remains, for closing the whole book; a part of it for a part.
    pub of_equity: f64,
}

/// How a venue liquidates.
#[derive(Debug, Clone, PartialEq)]
pub struct LiquidationParameters {
    /// The methodologies, by identifier, under which net delta is hedged in perpetuals before anything is closed.
    pub hedges_first: Vec<String>,
    /// What a round closes of a position at the most, as a fraction of its size when liquidation began.
    pub largest_fraction: f64,
    /// Rounds at one step of a path; then the path goes on. At its last step there are as many as it takes.
    pub rounds_per_step: usize,
    /// Liquidation stops when the balance exceeds the maintenance requirement by this fraction of it.
    pub buffer: f64,
    /// How much of a round's pressure on prices is left in the next: 1 where nobody comes back to trade, 0 where all do.
    pub pressure_kept: f64,
    /// Slippage.
    pub slippage: SlippageParameters,
    /// Fees.
    pub fee: FeeParameters,
    /// By what fraction vols rise for each fraction that the price falls, on paths that do not say.
    pub vol_response: f64,
    /// The auction.
    pub auction: AuctionParameters,
}

/// A venue's way of liquidating, with where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct LiquidationRules(Configured<LiquidationParameters>);

impl LiquidationRules {
    /// The preset with edits.
    ///
    /// # Errors
    /// A parameter that it does not know, or a value out of its domain.
    pub fn new(edits: Option<&Value>) -> Result<LiquidationRules, MethodologyError> {
        Ok(LiquidationRules(Configured::new(PRESET, edits)?))
    }

    /// The parameters in force.
    pub fn parameters(&self) -> &LiquidationParameters {
        &self.0.parameters
    }

    /// Whether net delta is hedged before anything is closed under a methodology.
    pub fn hedges_first(&self, methodology: &Entry) -> bool {
        self.0.parameters.hedges_first.iter().any(|id| id == methodology.id)
    }

    /// The preset, and the parameters in force as they were read.
    pub fn configured(&self) -> &Edited {
        &self.0.edited
    }
}

impl ReadParameters for Impact {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Impact { half_spread: fields.number("half_spread")?, per_million: fields.number("per_million")? })
    }
}

impl ReadParameters for SlippageParameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(SlippageParameters {
            option_vol: fields.object("option_vol", Impact::read)?,
            option_price: fields.object("option_price", Impact::read)?,
            other: fields.object("other", Impact::read)?,
        })
    }
}

impl ReadParameters for FeeParameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(FeeParameters {
            option: fields.number("option")?,
            option_of_price: fields.number("option_of_price")?,
            other: fields.number("other")?,
            of_equity: fields.number("of_equity")?,
        })
    }
}

impl ReadParameters for LiquidationParameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(LiquidationParameters {
            hedges_first: fields.texts("hedges_first")?,
            largest_fraction: fields.number("largest_fraction")?,
            rounds_per_step: fields.count("rounds_per_step")?,
            buffer: fields.number("buffer")?,
            pressure_kept: fields.number("pressure_kept")?,
            slippage: fields.object("slippage", SlippageParameters::read)?,
            fee: fields.object("fee", FeeParameters::read)?,
            vol_response: fields.number("vol_response")?,
            auction: fields.object("auction", AuctionParameters::read)?,
        })
    }
}

impl CheckParameters for LiquidationParameters {
    fn check(&self) -> Result<(), MethodologyError> {
        let SlippageParameters { option_vol, option_price, other } = self.slippage;
        let FeeParameters { option, option_of_price, other: fee, of_equity } = self.fee;
        let checks = [
            // Less would take more rounds than anybody reads.
            ("largest_fraction", self.largest_fraction, 0.02, 1.0),
            ("rounds_per_step", self.rounds_per_step as f64, 1.0, 10_000.0),
            ("buffer", self.buffer, 0.0, 1.0),
            ("pressure_kept", self.pressure_kept, 0.0, 1.0),
            ("slippage.option_vol.half_spread", option_vol.half_spread, 0.0, 1.0),
            ("slippage.option_vol.per_million", option_vol.per_million, 0.0, 1.0),
            ("slippage.option_price.half_spread", option_price.half_spread, 0.0, 1.0),
            ("slippage.option_price.per_million", option_price.per_million, 0.0, 1.0),
            ("slippage.other.half_spread", other.half_spread, 0.0, 0.5),
            ("slippage.other.per_million", other.per_million, 0.0, 0.5),
            ("fee.option", option, 0.0, 0.5),
            ("fee.option_of_price", option_of_price, 0.0, 1.0),
            ("fee.other", fee, 0.0, 0.5),
            ("fee.of_equity", of_equity, 0.0, 1.0),
            ("vol_response", self.vol_response, 0.0, 20.0),
        ];
        checks.into_iter().try_for_each(|(name, value, low, high)| check(name, value, low..=high))?;
        self.auction.check()
    }
}
