//! The charges of one risk unit, MR1 to MR9, as maintenance requires them.

use super::parameters::{ClassParameters, Parameters};
use crate::asset::Asset;
use crate::book::{Leg, LegKind};
use crate::methodology::charge::Contributions;
use crate::methodology::unit::Unit;
use crate::slide::Revaluation;

/// A charge, not negative.
pub(super) struct Amount {
    /// In the account currency.
    pub value: f64,
    /// What each leg adds to it.
    pub by_leg: Contributions,
    /// How it comes about, times a `factor`.
    pub formula: &'static str,
    /// The names in the formula.
    pub values: Vec<(&'static str, f64)>,
    /// The slide that it comes from.
    pub slide: Option<usize>,
}

/// What the charges of a unit are computed from.
pub(super) struct Charges<'a> {
    /// The parameters.
    pub parameters: &'a Parameters,
    /// Those of the coin's class.
    pub class: &'a ClassParameters,
    /// The unit.
    pub unit: &'a Unit<'a>,
    /// The P&L of each leg.
    pub revaluation: &'a Revaluation,
    /// The unit's P&L on each slide.
    pub pnl: &'a [f64],
}

impl Charges<'_> {
    /// All charges, in the order in which they are listed.
    pub(super) fn all(&self) -> [Amount; 8] {
        let standard = 3 * (2 * self.parameters.steps() + 1);
        [
            self.worst(0, standard),
            self.worst(standard, self.pnl.len()),
            self.theta(),
            self.vega_term_structure(),
            self.basis(),
            self.interest_rate(),
            self.minimum(),
            self.stablecoin(),
        ]
    }

    /// MR1 and MR6: the greatest loss on the slides from `start` to before `end`, the first of equal ones.
    fn worst(&self, start: usize, end: usize) -> Amount {
        let worse = |worst: usize, slide: usize| if self.pnl[slide] < self.pnl[worst] { slide } else { worst };
        let slide = (start..end).reduce(worse).unwrap_or(start);
        let loss = (-self.pnl[slide]).max(0.0);
        let by_leg = if loss > 0.0 { self.unit.losses(self.revaluation, slide, 1.0) } else { vec![] };
        Amount { value: loss, by_leg, formula: "factor·loss", values: vec![("loss", loss)], slide: Some(slide) }
    }

    /// MR2: theta at constant forwards and vols, over some days or what is left of them.
    fn theta(&self) -> Amount {
        let days = self.parameters.theta_days;
        let decay = |leg: &Leg| {
            let years = (days / 365.0).min(self.unit.book.expiries[leg.expiry].expiry_years);
            leg.coins * leg.account_per_quote * leg.sensitivities.theta_year * years
        };
        let by_leg: Contributions = self.unit.legs().map(|(index, leg, _)| (index, -decay(leg))).collect();
        let loss = sum(&by_leg);
        let by_leg = if loss > 0.0 { by_leg } else { vec![] };
        Amount {
            value: loss.max(0.0),
            by_leg,
            formula: "factor·max(loss, 0)",
            values: vec![("loss", loss)],
            slide: None,
        }
    }

    /// MR3: vols move together in MR1; here a part of what one expiry gains from that is no offset to another's loss.
    fn vega_term_structure(&self) -> Amount {
        // The price stays, vols go up.
        let slide = 3 * self.parameters.steps();
        let pnl = |leg: usize| self.revaluation.leg(leg)[slide];
        let part = self.parameters.term_structure_part;
        let mut by_expiry = vec![0.0; self.unit.book.expiries.len()];
        self.unit.legs().for_each(|(index, leg, _)| by_expiry[leg.expiry] += pnl(index));
        let side = |sign: f64| -> f64 { by_expiry.iter().map(|pnl| (pnl * sign).max(0.0)).sum() };
        let (gains, losses) = (side(1.0), side(-1.0));
        // As much of the one as of the other is offset; the legs of the lesser side share the charge. What is left of a sum
        // of both less the net is the same, but rounded as the greater side is.
        let sign = if gains < losses { 1.0 } else { -1.0 };
        let lesser = self.unit.legs().filter(|(_, leg, _)| by_expiry[leg.expiry] * sign > 0.0);
        Amount {
            value: part * 2.0 * gains.min(losses),
            by_leg: lesser.map(|(index, ..)| (index, part * 2.0 * pnl(index) * sign)).collect(),
            formula: "factor·part·2·min(gains, losses)",
            values: vec![("part", part), ("gains", gains), ("losses", losses)],
            slide: Some(slide),
        }
    }

    /// MR4: net delta of each expiry, at a rate that grows with the time to it; perpetuals are one of them.
    fn basis(&self) -> Amount {
        let expiries = &self.unit.book.expiries;
        let derivatives = || self.unit.legs().filter(|(_, leg, _)| leg.kind != LegKind::Spot);
        let mut by_expiry = vec![0.0; expiries.len()];
        derivatives().for_each(|(_, leg, _)| by_expiry[leg.expiry] += leg.delta_value(expiries));
        let rate = |expiry: usize| {
            (self.class.annualised_move_risk * expiries[expiry].expiry_years).max(self.class.min_basis_move)
        };
        let value = by_expiry.iter().enumerate().map(|(expiry, delta)| delta.abs() * rate(expiry)).sum();
        let gross: f64 = by_expiry.iter().map(|delta| delta.abs()).sum();
        let share = |leg: &Leg| leg.delta_value(expiries) * by_expiry[leg.expiry].signum() * rate(leg.expiry);
        Amount {
            value,
            by_leg: derivatives().map(|(index, leg, _)| (index, share(leg))).collect(),
            formula: "factor·rate·deltas",
            values: vec![("rate", if gross > 0.0 { value / gross } else { 0.0 }), ("deltas", gross)],
            slide: None,
        }
    }

    /// MR5: discount rates move either way, forwards stay.
    fn interest_rate(&self) -> Amount {
        let rho = |leg: &Leg| leg.coins * leg.account_per_quote * leg.sensitivities.rho;
        let shift = self.parameters.rate_shift;
        let net: f64 = self.unit.legs().map(|(_, leg, _)| rho(leg)).sum();
        Amount {
            value: net.abs() * shift,
            by_leg: self.unit.legs().map(|(index, leg, _)| (index, rho(leg) * net.signum() * shift)).collect(),
            formula: "factor·shift·abs(rho)",
            values: vec![("shift", shift), ("rho", net)],
            slide: None,
        }
    }

    /// MR7: a rate on what each net position's delta is worth, with multiples for large sums.
    fn minimum(&self) -> Amount {
        let book = self.unit.book;
        let rate = self.class.minimum_charge_rate;
        let mut raw = 0.0;
        let mut by_leg: Contributions = Vec::new();
        for position in self.unit.derivatives() {
            let charge = |leg: usize| book.legs[leg].delta_value(&book.expiries) * rate;
            let net: f64 = position.legs.iter().map(|leg| charge(*leg)).sum();
            raw += net.abs();
            by_leg.extend(position.legs.iter().map(|leg| (*leg, charge(*leg) * net.signum())));
        }
        let multiple = self.parameters.minimum_charge_tiers.multiple(raw * book.usd_per_account);
        by_leg.iter_mut().for_each(|(_, share)| *share *= multiple);
        Amount {
            value: raw * multiple,
            by_leg,
            formula: "factor·multiple·rate·deltas",
            values: vec![("multiple", multiple), ("rate", rate), ("deltas", if rate > 0.0 { raw / rate } else { 0.0 })],
            slide: None,
        }
    }

    /// MR9: delta in US dollars, USDC and USDT, as far as one offsets another.
    fn stablecoin(&self) -> Amount {
        let expiries = &self.unit.book.expiries;
        let delta = |leg: &Leg, part: f64| leg.delta_value(expiries) * part;
        let mut by_quote: Vec<(Asset, f64)> = Vec::new();
        for (_, leg, part) in self.unit.legs() {
            match by_quote.iter_mut().find(|(quote, _)| *quote == quote_of(leg)) {
                Some((_, sum)) => *sum += delta(leg, part),
                None => by_quote.push((quote_of(leg), delta(leg, part))),
            }
        }
        let side = |sign: f64| -> f64 { by_quote.iter().map(|(_, delta)| (delta * sign).max(0.0)).sum() };
        let (long, short) = (side(1.0), side(-1.0));
        let rate = self.parameters.stablecoin_rate;
        // The lesser side is what is offset; its legs share the charge.
        let sign = if long < short { 1.0 } else { -1.0 };
        let is_lesser = |leg: &Leg| by_quote.iter().any(|(quote, sum)| *quote == quote_of(leg) && sum * sign > 0.0);
        let lesser = self.unit.legs().filter(|(_, leg, _)| is_lesser(leg));
        Amount {
            value: long.min(short) * rate,
            by_leg: lesser.map(|(index, leg, part)| (index, delta(leg, part) * sign * rate)).collect(),
            formula: "factor·rate·min(long, short)",
            values: vec![("rate", rate), ("long", long), ("short", short)],
            slide: None,
        }
    }
}

/// The dollar currency in which a leg is priced; a coin itself is priced in none, and counts with US dollars.
fn quote_of(leg: &Leg) -> Asset {
    if leg.kind == LegKind::Spot { Asset::USD } else { leg.instrument.product.quote }
}

fn sum(by_leg: &Contributions) -> f64 {
    by_leg.iter().map(|(_, share)| share).sum()
}
