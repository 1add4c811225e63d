//! A risk-slide model of one's own: ranges, steps, vol shifts and contingencies are set by the user.

use super::contingency::usual_contingencies;
use super::preset::{CheckParameters, ReadParameters, check};
use super::size_add_on::{SizeTiers, size_add_on};
use super::worst_slide::worst_slide;
use super::{Component, Configured, Edited, Methodology, MethodologyError, Pair, Pot, Requirement, Workings};
use crate::book::{Book, UnderlyingGroup};
use crate::json::{Fields, JsonError};
use crate::market::UnderlyingClass;
use crate::slide::{PnlBasis, RateMove, Revaluation, Slide, SlideGrid, Stress, TermScaling, VolMove, move_label};

/// How a vol shift is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolShiftKind {
    /// As a fraction of the vol: 0.5 is "up by half".
    Relative,
    /// In vol points: 0.1 is ten points.
    Points,
}

/// Parameters of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// The largest price move up, as a fraction.
    pub price_range_up: f64,
    /// The largest price move down, as a positive fraction.
    pub price_range_down: f64,
    /// Price steps on each side of zero, a whole number from 1 to 20.
    pub price_steps: f64,
    /// How vol shifts are counted.
    pub vol_shift_kind: VolShiftKind,
    /// Vol shift up; 0 leaves the slides with higher vol out.
    pub vol_shift_up: f64,
    /// Vol shift down, as a positive number; 0 leaves the slides with lower vol out.
    pub vol_shift_down: f64,
    /// Dependence of relative vol shifts on the time to expiry.
    pub term_scaling: TermScaling,
    /// Two more slides at this multiple of the price ranges; 0 for none.
    pub extreme_multiple: f64,
    /// The fraction of the extreme slides' P&L that counts.
    pub extreme_weight: f64,
    /// Parallel shift of rates and yields, up and down, per year: 0.01 is 100 basis points.
    pub rate_shift: f64,
    /// By how much the curve steepens or flattens: half of it at the long end, half of it the other way at the short.
    pub rate_steepening: f64,
    /// How P&L of coin-settled products is counted.
    pub count_in_coin: bool,
    /// Contingency for each short option, as a fraction of the underlying's price.
    pub short_option_contingency: f64,
    /// Contingency for futures and perpetuals, as a fraction of notional.
    pub future_contingency: f64,
    /// By how much the requirement of an underlying grows with the size of its positions; no thresholds for none.
    pub size_tiers: SizeTiers,
    /// The initial requirement's multiple of the worst loss.
    pub initial_factor: f64,
    /// The maintenance requirement's multiple of the worst loss.
    pub maintenance_factor: f64,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters {
            price_range_up: fields.number("price_range_up")?,
            price_range_down: fields.number("price_range_down")?,
            price_steps: fields.number("price_steps")?,
            vol_shift_kind: fields
                .choice("vol_shift_kind", &[("relative", VolShiftKind::Relative), ("points", VolShiftKind::Points)])?,
            vol_shift_up: fields.number("vol_shift_up")?,
            vol_shift_down: fields.number("vol_shift_down")?,
            term_scaling: fields.object("term_scaling", TermScaling::read)?,
            extreme_multiple: fields.number("extreme_multiple")?,
            extreme_weight: fields.number("extreme_weight")?,
            rate_shift: fields.number("rate_shift")?,
            rate_steepening: fields.number("rate_steepening")?,
            count_in_coin: fields.flag("count_in_coin")?,
            short_option_contingency: fields.number("short_option_contingency")?,
            future_contingency: fields.number("future_contingency")?,
            size_tiers: fields.object("size_tiers", SizeTiers::read)?,
            initial_factor: fields.number("initial_factor")?,
            maintenance_factor: fields.number("maintenance_factor")?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        for (name, value, domain) in [
            ("price_range_up", self.price_range_up, 0.0..=10.0),
            ("price_range_down", self.price_range_down, 0.0..=0.99),
            ("price_steps", self.price_steps, 1.0..=20.0),
            ("vol_shift_up", self.vol_shift_up, 0.0..=10.0),
            ("vol_shift_down", self.vol_shift_down, 0.0..=1.0),
            ("extreme_multiple", self.extreme_multiple, 0.0..=100.0),
            ("extreme_weight", self.extreme_weight, 0.0..=1.0),
            ("rate_shift", self.rate_shift, 0.0..=1.0),
            ("rate_steepening", self.rate_steepening, 0.0..=1.0),
            ("short_option_contingency", self.short_option_contingency, 0.0..=1.0),
            ("future_contingency", self.future_contingency, 0.0..=1.0),
            ("initial_factor", self.initial_factor, 0.0..=10.0),
            ("maintenance_factor", self.maintenance_factor, 0.0..=10.0),
        ] {
            check(name, value, domain)?;
        }
        self.term_scaling.check("term_scaling")?;
        self.size_tiers.tiers.check("size_tiers")?;
        if self.price_steps.fract() != 0.0 {
            let reason = format!("price_steps is {}; it must be a whole number", self.price_steps);
            return Err(MethodologyError::Parameters(reason));
        }
        check("extreme_multiple · price_range_down", self.extreme_multiple * self.price_range_down, 0.0..=0.999)
    }
}

impl Parameters {
    fn vol_moves(&self) -> Vec<(VolMove, &'static str)> {
        let shift = |change: f64| match self.vol_shift_kind {
            VolShiftKind::Relative => VolMove::Relative { change, term: self.term_scaling, floor: 0.0 },
            VolShiftKind::Points => VolMove::Points(change),
        };
        let mut moves = vec![(VolMove::Unchanged, "vol same")];
        if self.vol_shift_up > 0.0 {
            moves.insert(0, (shift(self.vol_shift_up), "vol up"));
        }
        if self.vol_shift_down > 0.0 {
            moves.push((shift(-self.vol_shift_down), "vol down"));
        }
        moves
    }

    /// What happens to rates, alone and at the ends of the price range; nothing in a book without bonds.
    ///
    /// # Errors
    /// The book holds bonds and rates do not move: they would need nothing.
    fn rate_slides(&self, book: &Book) -> Result<Vec<(f64, RateMove, String)>, MethodologyError> {
        if !book.underlyings.iter().any(moves_with_rates) {
            return Ok(vec![]);
        }
        if self.rate_shift == 0.0 && self.rate_steepening == 0.0 {
            let reason = "bonds move with rates, and rate_shift and rate_steepening are both 0".to_owned();
            return Err(MethodologyError::NotApplicable(reason));
        }
        let mut slides = Vec::with_capacity(8);
        for (sign, word) in [(1.0, "up"), (-1.0, "down")] {
            for price_move in [-self.price_range_down, 0.0, self.price_range_up] {
                let rates = RateMove::parallel(sign * self.rate_shift);
                slides.push((price_move, rates, format!("{}, rates {word}", move_label(price_move))));
            }
            let half = sign * self.rate_steepening / 2.0;
            let word = if sign > 0.0 { "curve steeper" } else { "curve flatter" };
            slides.push((0.0, RateMove { short: -half, long: half }, format!("{}, {word}", move_label(0.0))));
        }
        Ok(slides)
    }

    /// The grid's price moves, ascending.
    fn price_moves(&self) -> impl Iterator<Item = f64> + use<> {
        let steps = self.price_steps as i64;
        let (down, up) = (self.price_range_down, self.price_range_up);
        (-steps..=steps).map(move |step| {
            let fraction = step as f64 / steps as f64;
            if step < 0 { down * fraction } else { up * fraction }
        })
    }
}

/// A risk-slide model with parameters of one's own.
pub struct Custom(pub(in crate::methodology) Configured<Parameters>);

impl Methodology for Custom {
    fn configured(&self) -> &Edited {
        &self.0.edited
    }

    fn loss_components(&self) -> &'static [&'static str] {
        &["worst slide"]
    }

    fn slides(&self, book: &Book) -> Result<SlideGrid, MethodologyError> {
        let parameters = &self.0.parameters;
        let mut slides = Vec::new();
        for price_move in parameters.price_moves() {
            for (vol_move, vol_label) in parameters.vol_moves() {
                let label = format!("{}, {vol_label}", move_label(price_move));
                slides.push(slide(book, Stress::new(price_move, vol_move), label));
            }
        }
        for (price_move, rate_move, label) in parameters.rate_slides(book)? {
            let stress = Stress { rate_move, ..Stress::new(price_move, VolMove::Unchanged) };
            slides.push(slide(book, stress, label));
        }
        if parameters.extreme_multiple > 0.0 {
            for range in [-parameters.price_range_down, parameters.price_range_up] {
                let price_move = range * parameters.extreme_multiple;
                let label = format!("{}, vol same, extreme", move_label(price_move));
                let extreme = slide(book, Stress::new(price_move, VolMove::Unchanged), label);
                let weights = vec![parameters.extreme_weight; book.underlyings.len()];
                slides.push(Slide { weights, ..extreme });
            }
        }
        let basis = if parameters.count_in_coin { PnlBasis::SettlementCurrency } else { PnlBasis::QuoteCurrency };
        Ok(SlideGrid { basis, ..SlideGrid::new(slides) })
    }

    fn requirement(
        &self,
        book: &Book,
        revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        let parameters = &self.0.parameters;
        let pot = Pot::new(None, revaluation.totals());
        let factors = Pair { initial: parameters.initial_factor, maintenance: parameters.maintenance_factor };
        let mut components = vec![worst_slide(book, revaluation, &pot, factors, workings)];
        let (short_option, future) = (parameters.short_option_contingency, parameters.future_contingency);
        components.extend(usual_contingencies(book, short_option, future, workings));
        let required = required_by_leg(book, revaluation, &pot, factors, &components[1..]);
        components
            .extend(size_add_on(book, &required, &parameters.size_tiers, workings).into_component_if_any(
                "each underlying's part of the requirement, times its size's multiple less one",
            ));
        Ok(Requirement { components, pots: vec![pot], ..Requirement::default() })
    }
}

/// Whether an underlying is stressed by rates instead of by its price.
fn moves_with_rates(underlying: &UnderlyingGroup) -> bool {
    underlying.class == UnderlyingClass::Bond
}

/// The same stress of all underlyings, but that the prices of bonds follow their yields and nothing else.
fn slide(book: &Book, stress: Stress, label: String) -> Slide {
    let of = |underlying| {
        let spot_move = if moves_with_rates(underlying) { 0.0 } else { stress.spot_move };
        Stress { spot_move, ..stress }
    };
    Slide { stresses: book.underlyings.iter().map(of).collect(), weights: vec![1.0; book.underlyings.len()], label }
}

/// What each leg adds to the worst slide and to the contingencies, which ask the same of initial and maintenance.
fn required_by_leg(
    book: &Book,
    revaluation: &Revaluation,
    pot: &Pot,
    factors: Pair,
    contingencies: &[Component],
) -> Vec<Pair> {
    let of_leg = |leg: usize| {
        let loss = pot.worst.map_or(0.0, |worst| -revaluation.leg(leg)[worst]);
        let contingency: f64 = contingencies.iter().map(|component| component.initial_by_leg[leg]).sum();
        factors.times(loss).plus(Pair::both(contingency))
    };
    (0..book.legs.len()).map(of_leg).collect()
}
