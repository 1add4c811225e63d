//! The risk of all combined commodities, put together part by part.

use super::combined_commodity::{CreditRule, PriceRisk, credits, form_spreads};
use super::commodity::Commodity;
use super::parameters::Parameters;
use crate::book::Book;
use crate::methodology::charge::Charge;
use crate::methodology::{Component, Workings};
use crate::order::sorted_by;

/// What the parts of the risk come to, while they are put together.
pub(super) struct Risk<'a> {
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
    /// Nothing yet.
    pub(super) fn new(book: &Book, parameters: &'a Parameters, commodities: usize) -> Risk<'a> {
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
    pub(super) fn scan(&mut self, index: usize, commodity: &Commodity, workings: &mut Workings) {
        let Some(worst) = commodity.pot.worst else { return };
        let (loss, factor) = (commodity.pot.worst_loss(), self.parameters.initial_factor);
        workings.note_slide("scan risk", worst, "factor·loss", &[("factor", factor), ("loss", loss)], factor * loss);
        let by_leg = commodity.members.iter().map(|member| (member.leg, -member.pnl[worst] * factor)).collect();
        self.scan.add(self.parameters.pair(loss), &by_leg);
        self.of_commodity[index] += loss;
    }

    /// Charges for spreads between expiries, half to each side.
    pub(super) fn calendar(&mut self, index: usize, commodity: &Commodity, workings: &mut Workings) {
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
    pub(super) fn delivery(&mut self, index: usize, commodity: &Commodity, workings: &mut Workings) {
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
    pub(super) fn credit(&mut self, book: &Book, commodities: &[Commodity], workings: &mut Workings) {
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
    pub(super) fn minimum(&mut self, book: &Book, index: usize, commodity: &Commodity, workings: &mut Workings) {
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
    pub(super) fn into_components(self) -> (Vec<Component>, Vec<f64>) {
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
