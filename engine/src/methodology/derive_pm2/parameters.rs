//! Parameters of portfolio manager 2, and the slides that they make.

use crate::asset::Asset;
use crate::json::{ByName, Fields, JsonError};
use crate::methodology::preset::{CheckParameters, ReadParameters, check};
use crate::methodology::{MethodologyError, Pair};
use crate::order::sorted_by;
use crate::slide::{Skew, TermScaling};

/// Parameters of portfolio manager 2.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// What differs between underlyings: the ones that have a manager.
    pub underlyings: ByName<UnderlyingParameters>,
    /// Slides beyond the price range, by ascending move.
    pub tails: Vec<Tail>,
    /// Vol shocks.
    pub vol: VolShock,
    /// The slide that tilts the smile, and the one that lifts both wings.
    pub skews: [SkewSlide; 2],
    /// What the value of an expiry is multiplied by where it is positive.
    pub gain_discount: Discount,
    /// Likewise where it is negative; at most the undiscounted value.
    pub debt_discount: Discount,
    /// Forwards that part from the index.
    pub basis: Basis,
    /// What the worst loss is multiplied by.
    pub worst_slide: Pair,
    /// Below this many US dollars for a stablecoin the initial requirement rises.
    pub peg_threshold: f64,
    /// By so much of the worst loss for each dollar below.
    pub peg_factor: f64,
    /// A price of less confidence than this is charged for.
    pub confidence_threshold: f64,
    /// Fraction of notional for each unit of confidence that is missing.
    pub confidence_rate: f64,
    /// Rates on the notional of perpetuals.
    pub perpetual: Pair,
    /// Rates on the notional of naked short options.
    pub naked_option: Pair,
    /// Which coins count as collateral.
    pub collateral: ByName<CollateralTerms>,
}

/// What differs between underlyings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnderlyingParameters {
    /// The largest price move of the grid, as a fraction.
    pub price_range: f64,
}

/// A slide far out, of which only a part counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    /// Price move, as a fraction above −1.
    pub price_move: f64,
    /// The part of the P&L that counts.
    pub dampening: f64,
}

/// A slide that twists the smile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkewSlide {
    /// How.
    pub skew: Skew,
    /// The part of the P&L that counts.
    pub dampening: f64,
}

/// Relative vol shocks, by the time to expiry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VolShock {
    /// Up, at thirty days.
    pub range_up: f64,
    /// Down, at thirty days, as a positive fraction.
    pub range_down: f64,
    /// Dependence on the time to expiry.
    pub term: TermScaling,
    /// Vols shocked up are at least this, per √year.
    pub floor_up: f64,
}

/// base·exp(∓T·(rate_factor·r + rate_added)), r the discount rate of the expiry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Discount {
    /// Without time to go.
    pub base: f64,
    /// How much of the rate counts.
    pub rate_factor: f64,
    /// What is added to it, per year.
    pub rate_added: f64,
}

/// The basis contingency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Basis {
    /// Move of the forwards up, as a fraction.
    pub price_up: f64,
    /// Move down, as a positive fraction.
    pub price_down: f64,
    /// The part of the loss that counts, without time to go.
    pub added: f64,
    /// What is added to that part for each year.
    pub per_year: f64,
}

/// How a coin counts as collateral.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CollateralTerms {
    /// The underlying whose manager holds it.
    pub base: Asset,
    /// Fraction of its value that the initial requirement takes off, the maintenance haircut included.
    pub initial_haircut: f64,
    /// Fraction of its value that the maintenance requirement takes off.
    pub maintenance_haircut: f64,
    /// Whether it moves with its base on the slides.
    pub risk_cancelling: bool,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        let tails = fields.by_name("tails", |tail| {
            Ok(Tail { price_move: tail.number("price_move")?, dampening: tail.number("dampening")? })
        })?;
        let tails = sorted_by(tails.iter().map(|(_, tail)| *tail).collect(), |tail| tail.price_move);
        let (gain_discount, debt_discount) = fields.object("discount", |discount| {
            Ok((discount.object("gain", read_discount)?, discount.object("debt", read_discount)?))
        })?;
        let (peg_threshold, peg_factor) =
            fields.object("peg", |peg| Ok((peg.number("threshold")?, peg.number("factor")?)))?;
        let (confidence_threshold, confidence_rate) =
            fields.object("confidence", |it| Ok((it.number("threshold")?, it.number("rate")?)))?;
        Ok(Parameters {
            underlyings: fields
                .by_name("underlyings", |it| Ok(UnderlyingParameters { price_range: it.number("price_range")? }))?,
            tails,
            vol: fields.object("vol", |vol| {
                Ok(VolShock {
                    range_up: vol.number("range_up")?,
                    range_down: vol.number("range_down")?,
                    term: TermScaling {
                        short_power: vol.number("short_term_power")?,
                        long_power: vol.number("long_term_power")?,
                        minimum_days: vol.number("minimum_days")?,
                    },
                    floor_up: vol.number("floor_up")?,
                })
            })?,
            skews: fields.object("skew", read_skews)?,
            gain_discount,
            debt_discount,
            basis: fields.object("basis", |basis| {
                Ok(Basis {
                    price_up: basis.number("price_up")?,
                    price_down: basis.number("price_down")?,
                    added: basis.number("added")?,
                    per_year: basis.number("per_year")?,
                })
            })?,
            worst_slide: fields.object("worst_slide", Pair::read)?,
            peg_threshold,
            peg_factor,
            confidence_threshold,
            confidence_rate,
            perpetual: fields.object("perpetual", Pair::read)?,
            naked_option: fields.object("naked_option", Pair::read)?,
            collateral: fields.by_name("collateral", |terms| {
                Ok(CollateralTerms {
                    base: terms.asset("base")?,
                    initial_haircut: terms.number("initial_haircut")?,
                    maintenance_haircut: terms.number("maintenance_haircut")?,
                    risk_cancelling: terms.flag("risk_cancelling")?,
                })
            })?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        for (coin, terms) in self.underlyings.iter() {
            check(&format!("underlyings.{coin}.price_range"), terms.price_range, 0.0001..=0.99)?;
        }
        for tail in &self.tails {
            check("price_move of a tail", tail.price_move, -0.999..=100.0)?;
            check("dampening of a tail", tail.dampening, 0.0..=10.0)?;
        }
        for (coin, terms) in self.collateral.iter() {
            check(&format!("collateral.{coin}.initial_haircut"), terms.initial_haircut, 0.0..=1.0)?;
            check(
                &format!("collateral.{coin}.maintenance_haircut"),
                terms.maintenance_haircut,
                0.0..=terms.initial_haircut,
            )?;
        }
        let [linear, absolute] = self.skews;
        for (name, value, domain) in [
            ("vol.range_up", self.vol.range_up, 0.0..=10.0),
            ("vol.range_down", self.vol.range_down, 0.0..=1.0),
            ("vol.short_term_power", self.vol.term.short_power, 0.0..=5.0),
            ("vol.long_term_power", self.vol.term.long_power, 0.0..=5.0),
            ("vol.minimum_days", self.vol.term.minimum_days, 0.0..=365.0),
            ("vol.floor_up", self.vol.floor_up, 0.0..=10.0),
            ("skew.linear.cap_base", linear.skew.cap_base, -100.0..=100.0),
            ("skew.linear.cap_slope", linear.skew.cap_slope, -100.0..=100.0),
            ("skew.absolute.cap_base", absolute.skew.cap_base, -100.0..=100.0),
            ("skew.absolute.cap_slope", absolute.skew.cap_slope, -100.0..=100.0),
            ("skew.linear.dampening", linear.dampening, 0.0..=10.0),
            ("skew.absolute.dampening", absolute.dampening, 0.0..=10.0),
            ("skew.least_width", linear.skew.least_width, 0.0..=100.0),
            ("skew.width", linear.skew.width, 0.0..=100.0),
            ("skew.vol_static", linear.skew.vol_static, -100.0..=100.0),
            ("skew.vol_scale", linear.skew.vol_scale, -100.0..=100.0),
            ("discount.gain.base", self.gain_discount.base, 0.0..=10.0),
            ("discount.gain.rate_factor", self.gain_discount.rate_factor, 0.0..=100.0),
            ("discount.gain.rate_added", self.gain_discount.rate_added, 0.0..=100.0),
            ("discount.debt.base", self.debt_discount.base, 0.0..=10.0),
            ("discount.debt.rate_factor", self.debt_discount.rate_factor, 0.0..=100.0),
            ("discount.debt.rate_added", self.debt_discount.rate_added, 0.0..=100.0),
            ("basis.price_up", self.basis.price_up, 0.0..=10.0),
            ("basis.price_down", self.basis.price_down, 0.0..=0.999),
            ("basis.added", self.basis.added, 0.0..=100.0),
            ("basis.per_year", self.basis.per_year, 0.0..=100.0),
            ("worst_slide.initial", self.worst_slide.initial, 0.0..=10.0),
            ("worst_slide.maintenance", self.worst_slide.maintenance, 0.0..=10.0),
            ("peg.threshold", self.peg_threshold, 0.0..=10.0),
            ("peg.factor", self.peg_factor, 0.0..=100.0),
            ("confidence.threshold", self.confidence_threshold, 0.0..=1.0),
            ("confidence.rate", self.confidence_rate, 0.0..=10.0),
            ("perpetual.initial", self.perpetual.initial, 0.0..=1.0),
            ("perpetual.maintenance", self.perpetual.maintenance, 0.0..=1.0),
            ("naked_option.initial", self.naked_option.initial, 0.0..=1.0),
            ("naked_option.maintenance", self.naked_option.maintenance, 0.0..=1.0),
        ] {
            check(name, value, domain)?;
        }
        Ok(())
    }
}

fn read_discount(fields: &Fields) -> Result<Discount, JsonError> {
    Ok(Discount {
        base: fields.number("base")?,
        rate_factor: fields.number("rate_factor")?,
        rate_added: fields.number("rate_added")?,
    })
}

fn read_skews(fields: &Fields) -> Result<[SkewSlide; 2], JsonError> {
    let skew = |name: &'static str, both_wings| {
        fields.object(name, |cap| {
            let skew = Skew {
                both_wings,
                cap_base: cap.number("cap_base")?,
                cap_slope: cap.number("cap_slope")?,
                least_width: fields.number("least_width")?,
                width: fields.number("width")?,
                vol_static: fields.number("vol_static")?,
                vol_scale: fields.number("vol_scale")?,
            };
            Ok(SkewSlide { skew, dampening: cap.number("dampening")? })
        })
    };
    Ok([skew("linear", false)?, skew("absolute", true)?])
}

impl Parameters {
    /// The price range of an underlying.
    pub(super) fn price_range(&self, coin: Asset) -> Result<f64, MethodologyError> {
        let found = self.underlyings.get(coin.as_str()).map(|terms| terms.price_range);
        found.ok_or_else(|| MethodologyError::NotApplicable(format!("the preset has no manager for {coin}")))
    }

    /// What is added to the initial requirement for each unit of the worst loss while a stablecoin is worth `stable`
    /// US dollars.
    pub(super) fn peg_surcharge(&self, stable: f64) -> f64 {
        (self.peg_threshold - stable).max(0.0) * self.peg_factor
    }
}
