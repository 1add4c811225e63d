//! What a clearing house sets for SPAN.

use super::scenarios::Scenarios;
use crate::book::UnderlyingGroup;
use crate::json::{ByName, Fields, JsonError};
use crate::market::UnderlyingClass;
use crate::methodology::preset::{CheckParameters, ReadParameters, check};
use crate::methodology::{MethodologyError, Pair};

/// The entry under `underlyings` that holds where there is no other.
const DEFAULT: &str = "default";

/// Parameters of SPAN.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// The extreme scenarios, as a multiple of the price scan range.
    pub extreme_multiple: f64,
    /// The part of the extreme scenarios' loss that counts.
    pub extreme_cover: f64,
    /// Days by which the scenarios look ahead.
    pub look_ahead_days: f64,
    /// Decay of the moving average that daily vols are taken from.
    pub ewma_lambda: f64,
    /// Daily returns that it looks back at, a whole number.
    pub ewma_days: f64,
    /// The initial requirement's multiple of the risk; the risk itself is the maintenance requirement.
    pub initial_factor: f64,
    /// The one currency that underlyings may be priced in, or `any`.
    pub priced_in: String,
    /// Options with more years than this to go are long-dated.
    pub long_dated_years: f64,
    /// Options out of the money by more than this fraction of the price are deep out of it.
    pub deep_moneyness: f64,
    /// The parameters of each underlying by its ticker; those of `index` and `stock` hold for others of these classes,
    /// and `default` for the rest.
    pub underlyings: ByName<UnderlyingParameters>,
    /// Credits for spreads between two underlyings, by both tickers: `BTC/ETH`.
    pub inter_commodity: ByName<InterCommodity>,
}

/// Parameters of one combined commodity.
#[derive(Debug, Clone, PartialEq)]
pub struct UnderlyingParameters {
    /// The price scan range is so many daily vols, times the square root of `price_scan_days`.
    pub price_scan_sigmas: f64,
    /// Days over which the price scan range holds.
    pub price_scan_days: f64,
    /// The price scan range is at least this fraction of the price.
    pub price_scan_floor: f64,
    /// The same for long-dated options.
    pub price_scan_floor_long_dated: f64,
    /// The daily vol where the market has no daily closes; 0 where it must have them.
    pub daily_vol: f64,
    /// The vol scan range in vol points, as a share of the annualised daily vol.
    pub vol_scan_share: f64,
    /// The vol scan range is at least so many vol points: 0.04 is four.
    pub vol_scan_floor: f64,
    /// The least risk for each unit of the underlying in short options, as a fraction of its price.
    pub short_option_minimum: f64,
    /// Contracts with so many days to go are charged for delivery; 0 for none.
    pub delivery_days: f64,
    /// That charge, as a fraction of the price for each unit of net delta.
    pub delivery_charge: f64,
    /// Charges for spreads between expiries, formed in the order of their names.
    pub calendar: ByName<CalendarTier>,
    /// The exposure margin of futures and short options, on their notional.
    pub exposure: Exposure,
}

/// A charge for spreads between two tiers of expiries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalendarTier {
    /// Years to expiry from which the near tier begins.
    pub near_from_years: f64,
    /// Years to expiry at which it ends, itself included.
    pub near_to_years: f64,
    /// Years to expiry from which the far tier begins.
    pub far_from_years: f64,
    /// Years to expiry at which it ends, itself included.
    pub far_to_years: f64,
    /// The charge for a spread of one unit, as a fraction of the far price.
    pub charge: f64,
}

/// A credit for spreads between two combined commodities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InterCommodity {
    /// Spreads are formed from the smallest number on.
    pub priority: f64,
    /// Units of delta of the first in one spread.
    pub first_delta: f64,
    /// Units of delta of the second in one spread.
    pub second_delta: f64,
    /// The part of each leg's weighted price risk that is credited.
    pub credit: f64,
}

/// Rates of the exposure margin, as fractions of notional.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    /// For futures and short options.
    pub rate: f64,
    /// For short options deep out of the money.
    pub deep: f64,
    /// For short options that are long-dated.
    pub long_dated: f64,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters {
            extreme_multiple: fields.number("extreme_multiple")?,
            extreme_cover: fields.number("extreme_cover")?,
            look_ahead_days: fields.number("look_ahead_days")?,
            ewma_lambda: fields.number("ewma_lambda")?,
            ewma_days: fields.number("ewma_days")?,
            initial_factor: fields.number("initial_factor")?,
            priced_in: fields.text("priced_in")?,
            long_dated_years: fields.number("long_dated_years")?,
            deep_moneyness: fields.number("deep_moneyness")?,
            underlyings: fields.by_name("underlyings", UnderlyingParameters::read)?,
            inter_commodity: fields.by_name("inter_commodity", |fields| {
                Ok(InterCommodity {
                    priority: fields.number("priority")?,
                    first_delta: fields.number("first_delta")?,
                    second_delta: fields.number("second_delta")?,
                    credit: fields.number("credit")?,
                })
            })?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        for (name, value, domain) in [
            ("extreme_multiple", self.extreme_multiple, 0.0..=100.0),
            ("extreme_cover", self.extreme_cover, 0.0..=1.0),
            ("look_ahead_days", self.look_ahead_days, 0.0..=365.0),
            ("ewma_lambda", self.ewma_lambda, 0.0..=1.0),
            ("ewma_days", self.ewma_days, 1.0..=100_000.0),
            ("initial_factor", self.initial_factor, 1.0..=10.0),
            ("long_dated_years", self.long_dated_years, 0.0..=100.0),
            ("deep_moneyness", self.deep_moneyness, 0.0..=1.0),
        ] {
            check(name, value, domain)?;
        }
        self.underlyings.iter().try_for_each(|(name, underlying)| underlying.check(name))?;
        for (name, pair) in self.inter_commodity.iter() {
            if name.split('/').count() != 2 {
                let reason = format!("inter_commodity.{name} does not name two underlyings, such as BTC/ETH");
                return Err(MethodologyError::Parameters(reason));
            }
            for (field, value, domain) in [
                ("priority", pair.priority, 0.0..=1e6),
                ("first_delta", pair.first_delta, 1e-9..=1e9),
                ("second_delta", pair.second_delta, 1e-9..=1e9),
                ("credit", pair.credit, 0.0..=1.0),
            ] {
                check(&format!("inter_commodity.{name}.{field}"), value, domain)?;
            }
        }
        Ok(())
    }
}

impl ReadParameters for UnderlyingParameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(UnderlyingParameters {
            price_scan_sigmas: fields.number("price_scan_sigmas")?,
            price_scan_days: fields.number("price_scan_days")?,
            price_scan_floor: fields.number("price_scan_floor")?,
            price_scan_floor_long_dated: fields.number("price_scan_floor_long_dated")?,
            daily_vol: fields.number("daily_vol")?,
            vol_scan_share: fields.number("vol_scan_share")?,
            vol_scan_floor: fields.number("vol_scan_floor")?,
            short_option_minimum: fields.number("short_option_minimum")?,
            delivery_days: fields.number("delivery_days")?,
            delivery_charge: fields.number("delivery_charge")?,
            calendar: fields.by_name("calendar", |fields| {
                Ok(CalendarTier {
                    near_from_years: fields.number("near_from_years")?,
                    near_to_years: fields.number("near_to_years")?,
                    far_from_years: fields.number("far_from_years")?,
                    far_to_years: fields.number("far_to_years")?,
                    charge: fields.number("charge")?,
                })
            })?,
            exposure: fields.object("exposure", |fields| {
                Ok(Exposure {
                    rate: fields.number("rate")?,
                    deep: fields.number("deep")?,
                    long_dated: fields.number("long_dated")?,
                })
            })?,
        })
    }
}

impl Parameters {
    /// The parameters of an underlying: its own, those of its class, or the default.
    ///
    /// # Errors
    /// There are none of these.
    pub(super) fn of(&self, underlying: &UnderlyingGroup) -> Result<&UnderlyingParameters, MethodologyError> {
        let class = match underlying.class {
            UnderlyingClass::Index => "index",
            UnderlyingClass::Stock => "stock",
            _ => DEFAULT,
        };
        let found = [underlying.asset.as_str(), class, DEFAULT].into_iter().find_map(|name| self.underlyings.get(name));
        found.ok_or_else(|| {
            MethodologyError::NotApplicable(format!("the preset has no scan ranges for {}", underlying.asset))
        })
    }

    /// What the sixteen scenarios have in common for all underlyings.
    pub(super) fn scenarios(&self) -> Scenarios {
        Scenarios {
            extreme_multiple: self.extreme_multiple,
            extreme_cover: self.extreme_cover,
            look_ahead_years: self.look_ahead_days / 365.0,
        }
    }

    /// Risk as a requirement: the risk itself maintains a position, opening one takes a multiple.
    pub(super) fn pair(&self, risk: f64) -> Pair {
        Pair { initial: self.initial_factor * risk, maintenance: risk }
    }
}

impl UnderlyingParameters {
    fn check(&self, owner: &str) -> Result<(), MethodologyError> {
        for (name, value, domain) in [
            ("price_scan_sigmas", self.price_scan_sigmas, 0.0..=100.0),
            ("price_scan_days", self.price_scan_days, 0.0..=365.0),
            ("price_scan_floor", self.price_scan_floor, 0.0001..=0.99),
            ("price_scan_floor_long_dated", self.price_scan_floor_long_dated, 0.0001..=0.99),
            ("daily_vol", self.daily_vol, 0.0..=1.0),
            ("vol_scan_share", self.vol_scan_share, 0.0..=10.0),
            ("vol_scan_floor", self.vol_scan_floor, 0.0..=10.0),
            ("short_option_minimum", self.short_option_minimum, 0.0..=1.0),
            ("delivery_days", self.delivery_days, 0.0..=3650.0),
            ("delivery_charge", self.delivery_charge, 0.0..=1.0),
            ("exposure.rate", self.exposure.rate, 0.0..=1.0),
            ("exposure.deep", self.exposure.deep, 0.0..=1.0),
            ("exposure.long_dated", self.exposure.long_dated, 0.0..=1.0),
        ] {
            check(&format!("{owner}.{name}"), value, domain)?;
        }
        for (name, tier) in self.calendar.iter() {
            for (field, value, domain) in [
                ("near_from_years", tier.near_from_years, 0.0..=1000.0),
                ("near_to_years", tier.near_to_years, 0.0..=1000.0),
                ("far_from_years", tier.far_from_years, 0.0..=1000.0),
                ("far_to_years", tier.far_to_years, 0.0..=1000.0),
                ("charge", tier.charge, 0.0..=1.0),
            ] {
                check(&format!("{owner}.calendar.{name}.{field}"), value, domain)?;
            }
        }
        Ok(())
    }
}
