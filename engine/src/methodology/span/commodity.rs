//! The legs of one underlying as a combined commodity: its P&L on the scenarios, its deltas by expiry, what is short.

use super::combined_commodity::{Period, PriceRisk, SpreadCharge, SpreadRule, Tier};
use super::parameters::{Parameters, UnderlyingParameters};
use super::scan_range::{ScanRanges, scan_ranges};
use super::scenarios::{SCENARIOS, composite_delta, slopes};
use crate::book::{Book, Leg, LegKind, NetPosition};
use crate::methodology::{MethodologyError, Pot, Workings};
use crate::order::ascending;
use crate::slide::Revaluation;

/// One leg in its combined commodity.
pub(super) struct Member {
    /// Its index in the book.
    pub leg: usize,
    /// Index of its period.
    pub period: usize,
    /// Its composite delta, in units of the underlying.
    pub delta: f64,
    /// What it is worth in the account currency, where it is an option.
    pub option_value: f64,
    /// Its P&L on each scenario.
    pub pnl: Vec<f64>,
}

/// A combined commodity of a book.
pub(super) struct Commodity<'a> {
    /// Its parameters.
    pub rules: &'a UnderlyingParameters,
    /// How far it is scanned.
    pub ranges: ScanRanges,
    /// Index of its underlying.
    pub underlying: usize,
    /// Its legs.
    pub members: Vec<Member>,
    /// Its P&L on the slides: on each scenario, and nothing on slides that only serve others.
    pub pot: Pot,
    /// Its expiries, ascending.
    pub periods: Vec<Period>,
    /// Its positions that are short options.
    pub short_options: Vec<&'a NetPosition>,
    /// Whether it consists of long options and nothing else.
    pub is_only_long_options: bool,
}

impl<'a> Commodity<'a> {
    /// Gathers the legs of an underlying; none where there are none that are alive.
    ///
    /// # Errors
    /// The parameters do not cover the underlying.
    pub(super) fn gather(
        book: &Book,
        net: &'a [NetPosition],
        revaluation: &Revaluation,
        parameters: &'a Parameters,
        underlying: usize,
        workings: &mut Workings,
    ) -> Result<Option<Commodity<'a>>, MethodologyError> {
        let is_member = |leg: &Leg| leg.underlying == underlying && leg.kind != LegKind::Settled;
        if !book.legs.iter().any(is_member) {
            return Ok(None);
        }
        let group = &book.underlyings[underlying];
        let rules = parameters.of(group)?;
        let ranges = scan_ranges(parameters, book, underlying, workings)?;
        let (mut periods, period_of) = periods(book, underlying);
        let mut counted = vec![0.0; revaluation.slide_count()];
        let mut members = Vec::new();
        for (index, leg) in book.legs.iter().enumerate().filter(|(_, leg)| is_member(leg)) {
            let is_long_dated = parameters.is_long_dated(book, leg);
            let pnl = scenario_pnl(revaluation, index, is_long_dated);
            for (total, pnl) in counted.iter_mut().zip(&pnl) {
                *total += pnl;
            }
            let range = ranges.price_of(is_long_dated);
            let delta = delta(book, leg, index, &pnl, range, workings);
            let period = period_of[leg.expiry];
            periods[period].delta += delta;
            let option_value = if leg.is_option() { leg.coins * leg.mark() * leg.account_per_quote } else { 0.0 };
            members.push(Member { leg: index, period, delta, option_value, pnl });
        }
        let of_this = || net.iter().filter(|position| is_member(&book.legs[position.legs[0]]) && position.coins != 0.0);
        let is_option = |position: &NetPosition| book.legs[position.legs[0]].is_option();
        Ok(Some(Commodity {
            rules,
            ranges,
            underlying,
            members,
            pot: Pot { underlying: Some(group.asset), ..Pot::new(None, counted) },
            periods,
            short_options: of_this().filter(|position| is_option(position) && position.coins < 0.0).collect(),
            is_only_long_options: of_this().all(|position| is_option(position) && position.coins > 0.0),
        }))
    }

    /// Net composite delta.
    pub(super) fn net_delta(&self) -> f64 {
        self.periods.iter().map(|period| period.delta).sum()
    }

    /// What its scan risk is made of.
    pub(super) fn price_risk(&self) -> PriceRisk {
        PriceRisk::new(&self.pot, self.net_delta())
    }

    /// Units of the underlying in short options.
    pub(super) fn short_units(&self) -> f64 {
        self.short_options.iter().map(|position| -position.coins).sum()
    }

    /// What its options are worth, short ones counting against long ones.
    pub(super) fn option_value(&self) -> f64 {
        self.members.iter().map(|member| member.option_value).sum()
    }

    /// The rules for spreads between its expiries.
    pub(super) fn spread_rules(&self) -> Vec<SpreadRule> {
        let tier = |from_years, to_years| Tier { from_years, to_years, delta_per_spread: 1.0 };
        let rules = self.rules.calendar.iter().map(|(_, rule)| SpreadRule {
            near: tier(rule.near_from_years, rule.near_to_years),
            far: tier(rule.far_from_years, rule.far_to_years),
            charge: SpreadCharge::OfFarPrice(rule.charge),
        });
        rules.collect()
    }

    /// Shares an amount out to legs of a period, as they make its delta.
    pub(super) fn by_delta_of(&self, period: usize, amount: f64) -> impl Iterator<Item = (usize, f64)> {
        let total = self.periods[period].delta;
        let members = self.members.iter().filter(move |member| member.period == period);
        members.map(move |member| (member.leg, amount * (member.delta / total)))
    }
}

/// The expiries of an underlying in ascending order, without deltas, and for each expiry of the book the index of its
/// period here. Whatever does not expire is in one period.
fn periods(book: &Book, underlying: usize) -> (Vec<Period>, Vec<usize>) {
    let group = &book.underlyings[underlying];
    let account_per_quote = group.account_per_coin / group.index;
    let years: Vec<f64> = book.expiries.iter().map(|expiry| expiry.expiry_years).collect();
    let mut periods: Vec<Period> = Vec::new();
    let mut period_of = vec![0; book.expiries.len()];
    let mut last = None;
    for index in ascending(&years) {
        let expiry = &book.expiries[index];
        if expiry.underlying != underlying {
            continue;
        }
        if last != Some(expiry.expiry) {
            last = Some(expiry.expiry);
            let price = expiry.forward * account_per_quote;
            periods.push(Period { years: expiry.expiry_years, price, delta: 0.0 });
        }
        period_of[index] = periods.len() - 1;
    }
    (periods, period_of)
}

/// P&L of a leg on the scenarios. Those of long-dated options are the slides after the first sixteen.
fn scenario_pnl(revaluation: &Revaluation, leg: usize, is_long_dated: bool) -> Vec<f64> {
    let row = revaluation.leg(leg);
    let first = if is_long_dated { row.len().saturating_sub(SCENARIOS) } else { 0 };
    row.iter().skip(first).take(SCENARIOS).copied().collect()
}

/// Composite delta of a leg, signed. What moves one to one with the price has its size.
fn delta(book: &Book, leg: &Leg, index: usize, pnl: &[f64], range: f64, workings: &mut Workings) -> f64 {
    if !leg.is_option() || leg.coins == 0.0 {
        return leg.coins;
    }
    let third = range / 3.0 * book.expiries[leg.expiry].forward * leg.account_per_quote;
    let slopes = slopes(pnl, third);
    let delta = composite_delta(&slopes);
    let [low, b, c, same, e, f, high] = slopes;
    let values = [("d1", low), ("d2", b), ("d3", c), ("d4", same), ("d5", e), ("d6", f), ("d7", high)];
    workings.note_leg(
        "composite delta",
        index,
        "(0.27·d4 + 0.217·(d3 + d5) + 0.11·(d2 + d6) + 0.037·(d1 + d7))/0.998",
        &values,
        delta,
    );
    delta
}

impl Parameters {
    /// Whether the leg is an option with so long to go that its price is scanned further.
    pub(super) fn is_long_dated(&self, book: &Book, leg: &Leg) -> bool {
        leg.is_option() && book.expiries[leg.expiry].expiry_years > self.long_dated_years
    }
}
