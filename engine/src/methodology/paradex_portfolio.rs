//! Paradex portfolio margin: weighted slides against a least requirement on delta, and provisions.
//!
//! Source: the venue's documentation. Each underlying is scanned for itself, and P&L counts in dollars, by convention.

use super::charge::{Charge, Contributions};
use super::coins_only::coins_only;
use super::preset::{CheckParameters, ReadParameters, check};
use super::scan_or_least::{Least, LeastName, scan_or_least};
use super::unit::{Unit, note_on_coin_settled, units};
use super::{Configured, Edited, Methodology, MethodologyError, Pair, Requirement, Workings};
use crate::book::Book;
use crate::json::{Fields, JsonError};
use crate::slide::{Revaluation, Slide, SlideGrid, Stress, TermScaling, VolMove, move_label};

/// Parameters of portfolio margin.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Sizes of the price moves with vol up and down, as fractions; there are slides without a move too.
    pub spot_moves: Vec<f64>,
    /// Size of the greatest ordinary price move, with vol up only.
    pub outer_move: f64,
    /// Price moves of the tails, signed, with vol up only.
    pub tail_moves: Vec<f64>,
    /// The P&L of a tail counts so much, divided by the size of its move.
    pub tail_weight: f64,
    /// Relative vol shift up at thirty days.
    pub vol_shift_up: f64,
    /// Relative vol shift down at thirty days, as a positive number.
    pub vol_shift_down: f64,
    /// Dependence of the vol shifts on the time to expiry.
    pub term_scaling: TermScaling,
    /// Least requirement for net delta, as a fraction of what it is worth.
    pub net_delta_rate: f64,
    /// Least requirement for delta that offsets other delta.
    pub hedged_delta_rate: f64,
    /// The funding that longs of a perpetual pay in eight hours, as a fraction of notional; negative where shorts pay.
    pub funding_rate: f64,
    /// The fee on closing a position, as a fraction of notional.
    pub fee_rate: f64,
    /// Maintenance as a fraction of the initial requirement without provisions.
    pub maintenance_factor: f64,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters {
            spot_moves: fields.numbers("spot_moves")?,
            outer_move: fields.number("outer_move")?,
            tail_moves: fields.numbers("tail_moves")?,
            tail_weight: fields.number("tail_weight")?,
            vol_shift_up: fields.number("vol_shift_up")?,
            vol_shift_down: fields.number("vol_shift_down")?,
            term_scaling: fields.object("term_scaling", TermScaling::read)?,
            net_delta_rate: fields.number("net_delta_rate")?,
            hedged_delta_rate: fields.number("hedged_delta_rate")?,
            funding_rate: fields.number("funding_rate")?,
            fee_rate: fields.number("fee_rate")?,
            maintenance_factor: fields.number("maintenance_factor")?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        for (name, value, domain) in [
            ("outer_move", self.outer_move, 0.0..=0.99),
            ("tail_weight", self.tail_weight, 0.0..=10.0),
            ("vol_shift_up", self.vol_shift_up, 0.0..=10.0),
            ("vol_shift_down", self.vol_shift_down, 0.0..=1.0),
            ("net_delta_rate", self.net_delta_rate, 0.0..=1.0),
            ("hedged_delta_rate", self.hedged_delta_rate, 0.0..=1.0),
            ("funding_rate", self.funding_rate, -1.0..=1.0),
            ("fee_rate", self.fee_rate, 0.0..=1.0),
            ("maintenance_factor", self.maintenance_factor, 0.0..=1.0),
        ] {
            check(name, value, domain)?;
        }
        self.term_scaling.check("term_scaling")?;
        self.spot_moves.iter().try_for_each(|size| check("spot_moves", *size, 0.0001..=0.99))?;
        self.tail_moves.iter().try_for_each(|tail| check("tail_moves", *tail, -0.99..=100.0))?;
        self.tail_moves.iter().try_for_each(|tail| check("the size of tail_moves", tail.abs(), 0.0001..=100.0))?;
        let slides = self.spot_moves.len() + self.tail_moves.len();
        check("the number of spot_moves and tail_moves", slides as f64, 0.0..=40.0)
    }
}

impl Parameters {
    /// Price moves with their vol moves, weights and what follows the move in the label.
    fn slides(&self) -> Vec<(f64, VolMove, f64, &'static str)> {
        let shift = |change| VolMove::Relative { change, term: self.term_scaling, floor: 0.0 };
        let (up, down) = (shift(self.vol_shift_up), shift(-self.vol_shift_down));
        let mut slides = vec![(self.outer_move, up, 1.0, "vol up")];
        let moves = self.spot_moves.iter().rev().copied().chain([0.0]).chain(self.spot_moves.iter().map(|size| -size));
        for price_move in moves {
            slides.extend([(price_move, up, 1.0, "vol up"), (price_move, down, 1.0, "vol down")]);
        }
        slides.push((-self.outer_move, up, 1.0, "vol up"));
        let tail = |&tail: &f64| (tail, up, self.tail_weight / tail.abs(), "vol up, tail");
        slides.extend(self.tail_moves.iter().map(tail));
        slides
    }

    /// Net delta at one rate, what offsets at another: net·|Δ| + hedged·(gross − |Δ|).
    fn least(&self, unit: &Unit) -> Least {
        let book = unit.book;
        let price = book.underlyings[unit.underlying].account_per_coin;
        let delta = |leg: usize| book.legs[leg].delta_coins() * price;
        let (mut net, mut gross) = (0.0, 0.0);
        let mut by_leg: Contributions = Vec::new();
        for position in unit.positions() {
            let held: f64 = position.legs.iter().map(|leg| delta(*leg)).sum();
            net += held;
            gross += held.abs();
            let hedged = held.signum() * self.hedged_delta_rate;
            by_leg.extend(position.legs.iter().map(|leg| (*leg, delta(*leg) * hedged)));
        }
        let (a, b) = (self.net_delta_rate, self.hedged_delta_rate);
        by_leg.iter_mut().for_each(|(leg, share)| *share += delta(*leg) * net.signum() * (a - b));
        Least {
            value: a * net.abs() + b * (gross - net.abs()),
            by_leg,
            formula: "factor·(a·abs(net) + b·(gross − abs(net)))",
            values: vec![("a", a), ("b", b), ("net", net), ("gross", gross)],
        }
    }
}

/// Paradex's risk-based margin.
pub struct ParadexPortfolio(pub(in crate::methodology) Configured<Parameters>);

impl Methodology for ParadexPortfolio {
    fn configured(&self) -> &Edited {
        &self.0.edited
    }

    fn loss_components(&self) -> &'static [&'static str] {
        &["worst slide"]
    }

    fn slides(&self, book: &Book) -> Result<SlideGrid, MethodologyError> {
        coins_only(book)?;
        let underlyings = book.underlyings.len();
        let slides = self.0.parameters.slides().into_iter().map(|(price_move, vol_move, weight, vol)| {
            let label = format!("{}, {vol}", move_label(price_move));
            let slide = Slide::uniform(Stress::new(price_move, vol_move), underlyings, label);
            Slide { weights: vec![weight; underlyings], ..slide }
        });
        Ok(SlideGrid::new(slides.collect()))
    }

    fn requirement(
        &self,
        book: &Book,
        revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        let parameters = &self.0.parameters;
        let factors = Pair { initial: 1.0, maintenance: parameters.maintenance_factor };
        let name = LeastName {
            name: "minimum delta",
            explanation: "a rate on net delta and another on delta that is hedged, where they are above the worst slide",
            reason: "the least requirement on delta is above the worst slide",
        };
        let mut requirement =
            scan_or_least(book, revaluation, factors, (name, &|unit| parameters.least(unit)), workings);
        let mut funding = Charge::new("funding provision", book);
        let mut fees = Charge::new("fee provision", book);
        for unit in units(book) {
            for position in unit.derivatives() {
                let leg = &book.legs[position.legs[0]];
                let price = book.underlyings[unit.underlying].account_per_coin;
                let is_perpetual = leg.is_future() && leg.instrument.expiry().is_none();
                let rate = if is_perpetual { parameters.funding_rate } else { 0.0 };
                let owed = (position.coins * price * rate).max(0.0);
                if owed > 0.0 {
                    let values = [("n", position.coins), ("U", price), ("rate", rate)];
                    workings.note_leg(funding.name(), position.legs[0], "max(n·U·rate, 0)", &values, owed);
                    funding.add_position(book, &position, Pair::both(owed));
                }
                let fee = position.coins.abs() * price * parameters.fee_rate;
                let values = [("n", position.coins), ("U", price), ("rate", parameters.fee_rate)];
                workings.note_leg(fees.name(), position.legs[0], "abs(n)·U·rate", &values, fee);
                fees.add_position(book, &position, Pair::both(fee));
            }
        }
        requirement.components.extend(
            funding.into_component_if_any("the funding that perpetuals are expected to pay in the next eight hours"),
        );
        requirement.components.extend(fees.into_component_if_any("the fee on closing the positions"));
        requirement.notes = note_on_coin_settled(book);
        Ok(requirement)
    }
}

#[cfg(test)]
mod tests {
    use crate::methodology::{Assessment, assess, find};
    use crate::testing::book;

    fn assessed(positions: &[(&str, f64)]) -> Assessment {
        let entry = find("paradex-portfolio").expect("registered");
        let methodology = entry.configure(None).expect("a preset");
        assess(entry, methodology.as_ref(), &book("USD", positions)).expect("it has rules for the book")
    }

    #[track_caller]
    fn assert_close(ours: f64, expected: f64) {
        assert!((ours - expected).abs() <= 1e-12 * expected.abs(), "{ours} is not {expected}");
    }

    /// The documentation's list: 24 slides, the tails weighted 16 % over their size.
    #[test]
    fn the_slides_are_those_of_the_documentation() {
        let assessment = assessed(&[("BTC_USDC-PERPETUAL", -1.0)]);
        let slides = &assessment.grid.slides;
        assert_eq!(slides.len(), 24);
        let labels: Vec<&str> = slides.iter().map(|slide| slide.label.as_str()).collect();
        assert_eq!(labels[..3], ["+16\u{a0}%, vol up", "+12\u{a0}%, vol up", "+12\u{a0}%, vol down"]);
        assert_eq!(labels[14..17], ["−12\u{a0}%, vol down", "−16\u{a0}%, vol up", "−66\u{a0}%, vol up, tail"]);
        assert_eq!((labels[23], slides[23].weights[0]), ("+500\u{a0}%, vol up, tail", 0.16 / 5.0));
        // A perpetual at 80,040 loses 16 % of that on each tail that goes against it; the first of equals is the worst.
        assert_close(assessment.components[0].initial, 0.16 * 80_040.0);
    }

    /// By hand: short 1 coin at 80,000 loses 12,806.40 and pays 3 bp to close; shorts receive the funding.
    #[test]
    fn maintenance_is_half_of_the_scan_and_the_whole_of_the_provisions() {
        let short = assessed(&[("BTC_USDC-PERPETUAL", -1.0)]);
        assert_close(short.initial, 12_806.4 + 24.0);
        assert_close(short.maintenance, 6_403.2 + 24.0);
        // Longs pay 1 bp of 80,000 in eight hours.
        let long = assessed(&[("BTC_USDC-PERPETUAL", 1.0)]);
        assert_close(long.initial, 12_806.4 + 24.0 + 8.0);
        assert_close(long.maintenance, 6_403.2 + 24.0 + 8.0);
    }

    /// A perpetual against a future of almost the same price loses little on any slide: 2 % of no net delta and 1 % of
    /// two coins hedged, at 80,000.
    #[test]
    fn hedged_delta_needs_its_least() {
        let hedged = assessed(&[("BTC_USDC-PERPETUAL", -1.0), ("BTC_USDC-25SEP26", 1.0)]);
        assert_eq!(hedged.components[0].initial, 0.0);
        assert_eq!(hedged.components[1].name, "minimum delta");
        assert_close(hedged.components[1].initial, 1_600.0);
        assert_close(hedged.components[1].maintenance, 800.0);
        let half = assessed(&[("BTC_USDC-PERPETUAL", -1.0), ("BTC_USDC-25SEP26", 0.9)]);
        // Net 0.1 of gross 1.9: 2 % of 8,000 and 1 % of 144,000 are 1,600, more than 16 % of about 8,000.
        assert_close(half.components[1].initial, 0.02 * 8_000.0 + 0.01 * 144_000.0);
    }
}
