//! What one manager counts on a slide: the legs of one underlying, and the balances that move with it.

use super::parameters::{Basis, Discount, Parameters};
use super::plan::{Counting, Planned};
use crate::asset::Asset;
use crate::book::{Book, ExpiryGroup, Leg, LegKind};
use crate::methodology::Workings;
use crate::methodology::charge::Contributions;
use crate::pricing::numeric::exp;
use crate::slide::Revaluation;

/// The legs of one underlying.
pub(super) struct Manager<'a> {
    parameters: &'a Parameters,
    revaluation: &'a Revaluation,
    /// Perpetuals, and coins that count as collateral.
    outright: Vec<usize>,
    expiries: Vec<ExpiryLegs<'a>>,
    /// Value of the balances that move with the underlying, in the account currency.
    collateral: f64,
}

/// The legs of one expiry.
struct ExpiryLegs<'a> {
    group: &'a ExpiryGroup,
    /// Each leg with its value today, in the account currency; a future has none.
    legs: Vec<(usize, f64)>,
    /// What a positive value counts.
    gain_discount: f64,
    /// What a negative value counts.
    debt_discount: f64,
}

/// What counts on a slide: P&L in the account currency, negative for a loss.
pub(super) struct Counted {
    pub(super) by_leg: Contributions,
    pub(super) collateral: f64,
}

impl Counted {
    pub(super) fn of_legs(&self) -> f64 {
        self.by_leg.iter().map(|(_, pnl)| pnl).sum()
    }

    pub(super) fn total(&self) -> f64 {
        self.of_legs() + self.collateral
    }
}

impl<'a> Manager<'a> {
    pub(super) fn new(
        parameters: &'a Parameters,
        book: &'a Book,
        revaluation: &'a Revaluation,
        underlying: usize,
        collateral: f64,
    ) -> Manager<'a> {
        let moves_outright = |leg: &Leg| match leg.kind {
            LegKind::Future => true,
            LegKind::Spot => parameters.moves_with(leg.instrument.product.base, book.underlyings[underlying].asset),
            _ => false,
        };
        let mut outright = Vec::new();
        let mut by_expiry: Vec<Vec<(usize, f64)>> = vec![Vec::new(); book.expiries.len()];
        for (index, leg) in book.legs.iter().enumerate().filter(|(_, leg)| leg.underlying == underlying) {
            if book.expiries[leg.expiry].expiry.is_none() {
                if moves_outright(leg) {
                    outright.push(index);
                }
            } else if leg.kind != LegKind::Settled {
                let value = if leg.is_option() { leg.coins * leg.account_per_quote * leg.mark() } else { 0.0 };
                by_expiry[leg.expiry].push((index, value));
            }
        }
        let expiries = book.expiries.iter().zip(by_expiry).filter(|(_, legs)| !legs.is_empty());
        let expiries = expiries.map(|(group, legs)| ExpiryLegs::new(parameters, group, legs)).collect();
        Manager { parameters, revaluation, outright, expiries, collateral }
    }

    /// What counts on a slide. Legs add up to the whole as they made it: the discount factor and the sign of an expiry,
    /// which depend on all its legs together, are applied to each of them.
    pub(super) fn counted(&self, plan: &[Planned], slide: usize, spot_move: f64) -> Counted {
        let pnl = |leg: usize| self.revaluation.leg(leg)[slide];
        let mut by_leg = Contributions::new();
        let mut collateral = 0.0;
        match plan[slide].counting {
            Counting::Part(part) => {
                by_leg.extend(self.outright.iter().map(|&leg| (leg, pnl(leg) * part)));
                for expiry in &self.expiries {
                    let discount = expiry.discount(expiry.value(pnl));
                    by_leg.extend(expiry.change(pnl, discount).map(|(leg, change)| (leg, change * part)));
                }
                collateral = self.collateral * spot_move * part;
            }
            Counting::Skew(part) => {
                for expiry in &self.expiries {
                    let discount = expiry.discount(expiry.value(pnl));
                    let change: f64 = expiry.change(pnl, discount).map(|(_, change)| change).sum();
                    let part = if change > 0.0 { -part } else { part };
                    by_leg.extend(expiry.change(pnl, discount).map(|(leg, change)| (leg, change * part)));
                }
            }
            Counting::BasisUp => {
                for expiry in &self.expiries {
                    let (up, down) = expiry.basis(self.revaluation, slide);
                    if up.min(down) < 0.0 {
                        let worse = if up <= down { slide } else { slide + 1 };
                        let rate = self.parameters.basis.rate(expiry.group.expiry_years);
                        let pnl = |leg: usize| self.revaluation.leg(leg)[worse] * rate;
                        by_leg.extend(expiry.legs.iter().map(|&(leg, _)| (leg, pnl(leg))));
                    }
                }
            }
            Counting::BasisDown => {}
        }
        Counted { by_leg, collateral }
    }

    /// Notes what each expiry counts on a slide.
    pub(super) fn note(&self, plan: &[Planned], slide: usize, workings: &mut Workings) {
        let pnl = |leg: usize| self.revaluation.leg(leg)[slide];
        for expiry in &self.expiries {
            let today = expiry.value(|_| 0.0);
            let value = expiry.value(pnl);
            let discount = expiry.discount(value);
            let values = [("value", value), ("discount", discount), ("today", today)];
            match plan[slide].counting {
                Counting::Part(part) => {
                    self.note_discount(expiry, value, slide, workings);
                    let counted = (value * discount - today) * part;
                    let values = [values[0], values[1], values[2], ("part", part)];
                    workings.note_slide("worst slide", slide, "(value·discount − today)·part", &values, counted);
                }
                Counting::Skew(part) => {
                    self.note_discount(expiry, value, slide, workings);
                    let counted = -(value * discount - today).abs() * part;
                    let values = [values[0], values[1], values[2], ("part", part)];
                    workings.note_slide("worst slide", slide, "−abs(value·discount − today)·part", &values, counted);
                }
                Counting::BasisUp => {
                    let (up, down) = expiry.basis(self.revaluation, slide);
                    let basis = self.parameters.basis;
                    let years = expiry.group.expiry_years;
                    let values =
                        [("up", up), ("down", down), ("added", basis.added), ("year", basis.per_year), ("T", years)];
                    let counted = up.min(down).min(0.0) * basis.rate(years);
                    workings.note_slide("worst slide", slide, "min(up, down, 0)·(added + year·T)", &values, counted);
                }
                Counting::BasisDown => {}
            }
        }
    }

    fn note_discount(&self, expiry: &ExpiryLegs, value: f64, slide: usize, workings: &mut Workings) {
        let is_gain = value >= 0.0;
        let terms = if is_gain { self.parameters.gain_discount } else { self.parameters.debt_discount };
        let formula = if is_gain {
            "base·exp(−T·(r·k + added))"
        } else {
            "min(exp(T·max(r, 0)), base·exp(T·(r·k + added)))"
        };
        let values = [
            ("base", terms.base),
            ("T", expiry.group.expiry_years),
            ("r", expiry.group.discount_rate),
            ("k", terms.rate_factor),
            ("added", terms.rate_added),
        ];
        workings.note_slide("worst slide", slide, formula, &values, expiry.discount(value));
    }
}

impl<'a> ExpiryLegs<'a> {
    fn new(parameters: &Parameters, group: &'a ExpiryGroup, legs: Vec<(usize, f64)>) -> ExpiryLegs<'a> {
        let rate = |terms: &Discount| group.expiry_years * (group.discount_rate * terms.rate_factor + terms.rate_added);
        let Parameters { gain_discount: gain, debt_discount: debt, .. } = parameters;
        // A debt is never more than what it would be without discounting.
        let undiscounted = exp(group.discount_rate.max(0.0) * group.expiry_years);
        ExpiryLegs {
            group,
            legs,
            gain_discount: gain.base * exp(-rate(gain)),
            debt_discount: undiscounted.min(debt.base * exp(rate(debt))),
        }
    }

    /// Value after a slide.
    fn value(&self, pnl: impl Fn(usize) -> f64) -> f64 {
        self.legs.iter().map(|&(leg, today)| pnl(leg) + today).sum()
    }

    /// What a value counts for each of its dollars.
    fn discount(&self, value: f64) -> f64 {
        if value >= 0.0 { self.gain_discount } else { self.debt_discount }
    }

    /// What each leg's value after a slide, discounted, differs from today's.
    fn change(&self, pnl: impl Fn(usize) -> f64, discount: f64) -> impl Iterator<Item = (usize, f64)> {
        self.legs.iter().map(move |&(leg, today)| (leg, (pnl(leg) + today) * discount - today))
    }

    /// P&L on the two slides of the basis contingency, the first of which is `slide`.
    fn basis(&self, revaluation: &Revaluation, slide: usize) -> (f64, f64) {
        let sum = |slide: usize| self.legs.iter().map(|&(leg, _)| revaluation.leg(leg)[slide]).sum();
        (sum(slide), sum(slide + 1))
    }
}

impl Parameters {
    /// Whether a coin moves with `underlying` on the slides.
    pub(super) fn moves_with(&self, coin: Asset, underlying: Asset) -> bool {
        self.collateral.get(coin.as_str()).is_some_and(|terms| terms.risk_cancelling && terms.base == underlying)
    }
}

impl Basis {
    /// The part of a loss that counts with so much time to go.
    fn rate(&self, expiry_years: f64) -> f64 {
        self.added + self.per_year * expiry_years
    }
}
