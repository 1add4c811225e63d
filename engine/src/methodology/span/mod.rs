//! SPAN: sixteen scenarios for each combined commodity, and charges and credits between expiries and commodities.
//!
//! The method is CME's, published in 1988 and licensed to most futures clearing houses since; what differs is the
//! parameters. The scenarios are slides; the risk of a combined commodity, which is all that is held in one
//! underlying, comes from their P&L and from composite deltas; spreads between commodities are credited; and what
//! options are worth, since their premium is paid when they are bought, is set against the risk:
//!
//! ```text
//! risk         max(short option minimum, scan risk + calendar spreads + delivery − inter-commodity credit)
//! requirement  max(0, risk − net option value) + exposure margin
//! ```

mod combined_commodity;
mod commodity;
mod parameters;
pub mod risk_file;
mod scan_range;
mod scenarios;

pub use combined_commodity::{FormedSpread, Period, PriceRisk};
pub use parameters::{CalendarTier, Exposure, InterCommodity, Parameters, UnderlyingParameters};
pub use scenarios::{RiskArray, SCENARIOS};

use super::charge::Charge;
use super::contingency::contingency_at;
use super::{Component, Configured, Edited, Methodology, MethodologyError, Pair, Requirement, Workings};
use crate::book::{Book, Leg, LegKind};
use crate::order::sorted_by;
use crate::pricing::Right;
use crate::slide::{Revaluation, Slide, SlideGrid, move_label};
use combined_commodity::{CreditRule, credits, form_spreads};
use commodity::Commodity;
use scan_range::{ScanRanges, scan_ranges};
use scenarios::{fraction_label, vol_label};

/// Standard portfolio analysis of risk.
pub struct Span(Configured<Parameters>);

impl Span {
    /// From a preset and edits.
    ///
    /// # Errors
    /// Parameters that are unknown or out of their domain.
    pub fn new(configured: Configured<Parameters>) -> Result<Span, MethodologyError> {
        configured.parameters.check()?;
        Ok(Span(configured))
    }
}

impl Methodology for Span {
    fn configured(&self) -> &Edited {
        &self.0.edited
    }

    fn slides(&self, book: &Book) -> Result<SlideGrid, MethodologyError> {
        let parameters = &self.0.parameters;
        check_covered(parameters, book)?;
        let ranges = (0..book.underlyings.len())
            .map(|underlying| scan_ranges(parameters, book, underlying, &mut Workings::unwanted()))
            .collect::<Result<Vec<_>, _>>()?;
        let mut slides = scenario_slides(parameters, &ranges, false);
        let has_long_dated = book.legs.iter().any(|leg| parameters.is_long_dated(book, leg));
        if has_long_dated && ranges.iter().any(|ranges| ranges.price != ranges.price_long_dated) {
            // The P&L of long-dated options counts in the sixteen scenarios; these slides are only where it comes from.
            slides.extend(scenario_slides(parameters, &ranges, true));
        }
        Ok(SlideGrid::new(slides))
    }

    fn requirement(
        &self,
        book: &Book,
        revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        let parameters = &self.0.parameters;
        let net = book.net_by_instrument();
        let mut commodities = Vec::new();
        for underlying in 0..book.underlyings.len() {
            commodities.extend(Commodity::gather(book, &net, revaluation, parameters, underlying, workings)?);
        }
        let mut risk = Risk::new(book, parameters, commodities.len());
        for (index, commodity) in commodities.iter().enumerate() {
            risk.scan(index, commodity, workings);
            risk.calendar(index, commodity, workings);
            risk.delivery(index, commodity, workings);
        }
        risk.credit(book, &commodities, workings);
        for (index, commodity) in commodities.iter().enumerate() {
            risk.minimum(book, index, commodity, workings);
        }
        let (mut components, of_commodity) = risk.into_components();
        components.extend(net_option_value(book, parameters, &commodities, &of_commodity, &components, workings));
        components.extend(exposure(parameters, book, workings));
        let notes = commodities.iter().filter_map(|commodity| commodity.ranges.note(book, commodity.underlying));
        let notes = notes.collect();
        let pots = commodities.into_iter().map(|commodity| commodity.pot).collect();
        Ok(Requirement { components, pots, notes, ..Requirement::default() })
    }
}

/// Parameters that were published for one currency say nothing of contracts in another, and ranges of prices nothing
/// of what is priced by its yield.
fn check_covered(parameters: &Parameters, book: &Book) -> Result<(), MethodologyError> {
    let currency = parameters.priced_in.as_str();
    for leg in &book.legs {
        let (instrument, quote) = (leg.instrument, book.underlyings[leg.underlying].quote);
        if matches!(leg.kind, LegKind::Bond { .. }) {
            let reason = format!("SPAN scans prices; it has no range for the yield of {instrument}");
            return Err(MethodologyError::NotApplicable(reason));
        }
        if currency != "any" && quote.as_str() != currency {
            let reason = format!("the preset is for contracts priced in {currency}; {instrument} is priced in {quote}");
            return Err(MethodologyError::NotApplicable(reason));
        }
    }
    Ok(())
}

/// The sixteen scenarios, each underlying by its own range.
fn scenario_slides(parameters: &Parameters, ranges: &[ScanRanges], is_long_dated: bool) -> Vec<Slide> {
    let scenarios = parameters.scenarios();
    let slide = |scenario| {
        let stresses: Vec<_> = ranges
            .iter()
            .map(|ranges| scenarios.stress(scenario, ranges.price_of(is_long_dated), ranges.vol_points))
            .collect();
        let moves = match stresses.first() {
            Some(first) if stresses.iter().all(|stress| stress.spot_move == first.spot_move) => {
                move_label(first.spot_move)
            }
            _ => fraction_label(scenario).to_owned(),
        };
        let long_dated = if is_long_dated { ", long-dated options" } else { "" };
        let label = format!("{moves}, {}{long_dated}", vol_label(scenario));
        Slide { stresses, weights: vec![scenarios.weight(scenario); ranges.len()], label }
    };
    (0..SCENARIOS).map(slide).collect()
}

/// What the parts of the risk come to, while they are put together.
struct Risk<'a> {
    parameters: &'a Parameters,
    scan: Charge,
    calendar: Charge,
    delivery: Charge,
    credit: Charge,
    minimum: Charge,
    /// The risk of each combined commodity so far.
    of_commodity: Vec<f64>,
}

impl<'a> Risk<'a> {
    fn new(book: &Book, parameters: &'a Parameters, commodities: usize) -> Risk<'a> {
        let charge = |name| Charge::new(name, book);
        Risk {
            parameters,
            scan: charge("scan risk"),
            calendar: charge("calendar spreads"),
            delivery: charge("delivery"),
            credit: charge("inter-commodity credit"),
            minimum: charge("short option minimum"),
            of_commodity: vec![0.0; commodities],
        }
    }

    /// The loss on the worst scenario.
    fn scan(&mut self, index: usize, commodity: &Commodity, workings: &mut Workings) {
        let Some(worst) = commodity.pot.worst else { return };
        let (loss, factor) = (commodity.pot.worst_loss(), self.parameters.initial_factor);
        workings.note_slide("scan risk", worst, "factor·loss", &[("factor", factor), ("loss", loss)], factor * loss);
        let by_leg = commodity.members.iter().map(|member| (member.leg, -member.pnl[worst] * factor)).collect();
        self.scan.add(self.parameters.pair(loss), &by_leg);
        self.of_commodity[index] += loss;
    }

    /// Charges for spreads between expiries, half to each side.
    fn calendar(&mut self, index: usize, commodity: &Commodity, workings: &mut Workings) {
        for spread in form_spreads(&commodity.periods, &commodity.spread_rules()) {
            let charge = spread.charge();
            let pair = self.parameters.pair(charge);
            let values =
                [("factor", self.parameters.initial_factor), ("n", spread.count), ("each", spread.charge_each)];
            workings.note("calendar spreads", "factor·n·each", &values, pair.initial);
            let by_leg = [spread.near, spread.far]
                .into_iter()
                .flat_map(|period| commodity.by_delta_of(period, pair.initial / 2.0))
                .collect();
            self.calendar.add(pair, &by_leg);
            self.of_commodity[index] += charge;
        }
    }

    /// A charge on the net delta of expiries that are near their delivery.
    fn delivery(&mut self, index: usize, commodity: &Commodity, workings: &mut Workings) {
        let rules = commodity.rules;
        for (number, period) in commodity.periods.iter().enumerate() {
            let is_near = period.years > 0.0 && period.years * 365.0 <= rules.delivery_days;
            let charge = period.delta.abs() * rules.delivery_charge * period.price;
            if !is_near || charge == 0.0 {
                continue;
            }
            let pair = self.parameters.pair(charge);
            let values = [
                ("factor", self.parameters.initial_factor),
                ("delta", period.delta),
                ("rate", rules.delivery_charge),
                ("F", period.price),
            ];
            workings.note("delivery", "factor·abs(delta)·rate·F", &values, pair.initial);
            self.delivery.add(pair, &commodity.by_delta_of(number, pair.initial).collect());
            self.of_commodity[index] += charge;
        }
    }

    /// Credits for spreads between combined commodities.
    fn credit(&mut self, book: &Book, commodities: &[Commodity], workings: &mut Workings) {
        let find = |ticker: &str| {
            commodities.iter().position(|commodity| book.underlyings[commodity.underlying].asset.as_str() == ticker)
        };
        let rules = sorted_by(self.parameters.inter_commodity.iter().collect(), |(_, rule)| rule.priority);
        let rules: Vec<CreditRule> = rules
            .into_iter()
            .filter_map(|(name, rule)| {
                let (first, second) = name.split_once('/')?;
                let legs = [(find(first)?, rule.first_delta), (find(second)?, rule.second_delta)];
                (legs[0].0 != legs[1].0).then_some(CreditRule { legs, rate: rule.credit })
            })
            .collect();
        let risks: Vec<PriceRisk> = commodities.iter().map(Commodity::price_risk).collect();
        for credit in credits(&risks, &rules) {
            let (commodity, risk) = (&commodities[credit.commodity], risks[credit.commodity]);
            if credit.amount == 0.0 {
                continue;
            }
            let pair = self.parameters.pair(-credit.amount);
            let values = [
                ("factor", self.parameters.initial_factor),
                ("rate", credit.rate),
                ("spread", credit.delta),
                ("scan", risk.scan),
                ("time", risk.time),
                ("vol", risk.vol),
                ("delta", risk.delta),
            ];
            let formula = "−factor·rate·spread·min(max(scan − time − vol, 0), scan)/abs(delta)";
            workings.note("inter-commodity credit", formula, &values, pair.initial);
            let shares = commodity.members.iter().map(|it| (it.leg, pair.initial * (it.delta / risk.delta)));
            self.credit.add(pair, &shares.collect());
            self.of_commodity[credit.commodity] -= credit.amount;
        }
    }

    /// What lifts the risk to the least that short options need.
    fn minimum(&mut self, book: &Book, index: usize, commodity: &Commodity, workings: &mut Workings) {
        let price = book.underlyings[commodity.underlying].account_per_coin;
        let units = commodity.short_units();
        let (rate, risk) = (commodity.rules.short_option_minimum, self.of_commodity[index]);
        let lift = (rate * price * units - risk).max(0.0);
        let pair = self.parameters.pair(lift);
        if units > 0.0 {
            let factor = self.parameters.initial_factor;
            let values = [("factor", factor), ("rate", rate), ("U", price), ("short", units), ("risk", risk)];
            let formula = "factor·max(rate·U·short − risk, 0)";
            workings.note("short option minimum", formula, &values, pair.initial);
        }
        if lift > 0.0 {
            for position in &commodity.short_options {
                self.minimum.add_position(book, position, pair.times(-position.coins / units));
            }
            self.of_commodity[index] += lift;
        }
    }

    /// The components, and the risk of each combined commodity.
    fn into_components(self) -> (Vec<Component>, Vec<f64>) {
        let mut components = vec![self.scan.into_component("the loss on the worst scenario of each underlying")];
        components.extend(
            [
                self.calendar.into_component_if_any("delta of one expiry against delta of another"),
                self.delivery.into_component_if_any("net delta of expiries near their delivery"),
                self.credit.into_component_if_any("price risk of one underlying against that of another"),
                self.minimum.into_component_if_any("what lifts the risk to the least for short options"),
            ]
            .into_iter()
            .flatten(),
        );
        (components, self.of_commodity)
    }
}

/// What options are worth, set against the risk and no more than it.
///
/// Long options alone need nothing: what is paid for covers whatever multiple of the risk the initial requirement is.
fn net_option_value(
    book: &Book,
    parameters: &Parameters,
    commodities: &[Commodity],
    of_commodity: &[f64],
    components: &[Component],
    workings: &mut Workings,
) -> Option<Component> {
    let total = |part: fn(&Component) -> f64| components.iter().map(part).sum::<f64>();
    let risk = Pair { initial: total(|part| part.initial), maintenance: total(|part| part.maintenance) };
    let mut available = Pair::default();
    let mut by_leg = Vec::new();
    for (commodity, &risk) in commodities.iter().zip(of_commodity) {
        let value = commodity.option_value();
        let covers_all = commodity.is_only_long_options && value > 0.0;
        let least = if covers_all { parameters.pair(risk) } else { Pair::both(value) };
        let counted = Pair { initial: value.max(least.initial), maintenance: value.max(least.maintenance) };
        available = available.plus(counted);
        let scale = if covers_all { counted.initial / value } else { 1.0 };
        by_leg.extend(commodity.members.iter().map(|member| (member.leg, -member.option_value * scale)));
    }
    let credit =
        Pair { initial: available.initial.min(risk.initial), maintenance: available.maintenance.min(risk.maintenance) };
    if available.initial > 0.0 {
        let scale = credit.initial / available.initial;
        by_leg.iter_mut().for_each(|(_, share)| *share *= scale);
    }
    let values = [("value", available.initial), ("risk", risk.initial)];
    workings.note("net option value", "−min(value, risk)", &values, -credit.initial);
    let mut charge = Charge::new("net option value", book);
    charge.add(credit.times(-1.0), &by_leg);
    charge.into_component_if_any("options are paid for when they are bought: what they are worth, set against the risk")
}

/// The exposure margin of futures and short options, which nothing offsets.
fn exposure(parameters: &Parameters, book: &Book, workings: &mut Workings) -> Option<Component> {
    let rules = |leg: &Leg| parameters.of(&book.underlyings[leg.underlying]).ok().map(|rules| rules.exposure);
    let rate = |leg: &Leg, coins: f64| {
        let Some(rules) = rules(leg).filter(|_| leg.is_future() || coins < 0.0) else { return Pair::default() };
        let mut rate = rules.rate;
        match leg.kind {
            LegKind::Option { right, strike, .. } => {
                let moneyness = strike / book.index_of(leg);
                let distance = if right == Right::Call { moneyness - 1.0 } else { 1.0 - moneyness };
                if distance > parameters.deep_moneyness {
                    rate = rate.max(rules.deep);
                }
                if parameters.is_long_dated(book, leg) {
                    rate = rate.max(rules.long_dated);
                }
            }
            LegKind::Future => {}
            _ => return Pair::default(),
        }
        Pair::both(rate)
    };
    let price = |leg: &Leg| {
        let per_unit = if leg.is_future() { leg.mark() } else { book.index_of(leg) };
        per_unit * leg.account_per_quote
    };
    contingency_at("exposure margin", book, rate, price, workings)
        .into_component_if_any("a share of the notional of futures and short options, which nothing offsets")
}

#[cfg(test)]
mod tests;
