//! Customer portfolio margin by TIMS: ten price points for each class of products, offsets between classes.
//!
//! Cboe Rule 10.4 and FINRA Rule 4210(g). A *class group* is everything on one underlying: at each of five points up
//! and five down its theoretical values are compared with today's, vols unchanged, and gains offset losses in full.
//! Class groups of one *product group* are added at the same point, losses in full, gains in part. A product group needs
//! its greatest loss, and at least a small amount for each option and future.

use super::charge::{Charge, Contributions};
use super::preset::{CheckParameters, ReadParameters, check};
use super::{Configured, Edited, Methodology, MethodologyError, Pair, Pot, Requirement, Workings};
use crate::book::{Book, LegKind, UnderlyingGroup};
use crate::json::{ByName, Fields, JsonError};
use crate::market::UnderlyingClass;
use crate::slide::{Revaluation, Slide, SlideGrid, Stress, VolMove, move_label};

/// Price points on each side.
const POINTS: i32 = 5;

/// Parameters of customer portfolio margin.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Price ranges and offsets of the product groups.
    pub groups: ByName<ProductGroup>,
    /// Which class and product group a ticker belongs to; what is not named is a class of its own without a group.
    pub classes: ByName<Class>,
    /// The range of classes without a product group.
    pub unrelated: ProductGroup,
    /// The least requirement for each option and future, per unit of its multiplier.
    pub minimum_per_unit: f64,
}

/// The range of a product group, and what of a class's gains offsets losses of the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProductGroup {
    /// The furthest point up, as a fraction.
    pub range_up: f64,
    /// The furthest point down, as a positive fraction.
    pub range_down: f64,
    /// The fraction of gains that counts.
    pub offset: f64,
}

/// Where a ticker belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// The ticker that the class goes by: index options, fund and future on one index are one class.
    pub class: String,
    /// The product group's name.
    pub group: String,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters {
            groups: fields.by_name("groups", ProductGroup::read)?,
            classes: fields.by_name("classes", Class::read)?,
            unrelated: fields.object("unrelated", ProductGroup::read)?,
            minimum_per_unit: fields.number("minimum_per_unit")?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        for (name, group) in self.groups.iter().chain([("unrelated", &self.unrelated)]) {
            check(&format!("{name}.range_up"), group.range_up, 0.0..=1.0)?;
            check(&format!("{name}.range_down"), group.range_down, 0.0..=0.99)?;
            check(&format!("{name}.offset"), group.offset, 0.0..=1.0)?;
        }
        for (ticker, class) in self.classes.iter() {
            if self.groups.get(&class.group).is_none() {
                let reason = format!("classes.{ticker}.group is {}, which is none of the groups", class.group);
                return Err(MethodologyError::Parameters(reason));
            }
        }
        check("minimum_per_unit", self.minimum_per_unit, 0.0..=1000.0)
    }
}

impl ReadParameters for ProductGroup {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(ProductGroup {
            range_up: fields.number("range_up")?,
            range_down: fields.number("range_down")?,
            offset: fields.number("offset")?,
        })
    }
}

impl ReadParameters for Class {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Class { class: fields.text("class")?, group: fields.text("group")? })
    }
}

impl Parameters {
    /// Class, name of the product group and its ranges.
    fn place<'a>(&'a self, underlying: &'a UnderlyingGroup) -> Result<Place<'a>, MethodologyError> {
        let ticker = underlying.asset.as_str();
        if let Some(class) = self.classes.get(ticker)
            && let Some(group) = self.groups.get(&class.group)
        {
            return Ok(Place { class: &class.class, group_name: &class.group, group });
        }
        match underlying.class {
            UnderlyingClass::Stock | UnderlyingClass::Etf | UnderlyingClass::Index => {
                Ok(Place { class: ticker, group_name: ticker, group: &self.unrelated })
            }
            _ => Err(MethodologyError::NotApplicable(format!(
                "customer portfolio margin covers US stocks, funds and indexes; it has no class for {ticker}"
            ))),
        }
    }
}

/// Where an underlying belongs.
struct Place<'a> {
    class: &'a str,
    group_name: &'a str,
    group: &'a ProductGroup,
}

/// Customer portfolio margin.
pub struct Tims(pub(in crate::methodology) Configured<Parameters>);

impl Tims {
    fn places<'a>(&'a self, book: &'a Book) -> Result<Vec<Place<'a>>, MethodologyError> {
        book.underlyings.iter().map(|underlying| self.0.parameters.place(underlying)).collect()
    }
}

impl Methodology for Tims {
    fn configured(&self) -> &Edited {
        &self.0.edited
    }

    fn loss_components(&self) -> &'static [&'static str] {
        &["worst point"]
    }

    fn slides(&self, book: &Book) -> Result<SlideGrid, MethodologyError> {
        let places = self.places(book)?;
        let points = (-POINTS..=POINTS).filter(|point| *point != 0);
        let slides = points.map(|point| {
            let moves: Vec<f64> = places
                .iter()
                .zip(&book.underlyings)
                .map(|(place, underlying)| price_move(place.group, underlying.leverage, point))
                .collect();
            let alike = moves.windows(2).all(|pair| pair[0] == pair[1]);
            let label = match moves.first() {
                Some(first) if alike => move_label(*first),
                _ => format!("point {point:+} of ±{POINTS}"),
            };
            let stresses = moves.iter().map(|price_move| Stress::new(*price_move, VolMove::Unchanged)).collect();
            Slide { stresses, weights: vec![1.0; places.len()], label }
        });
        Ok(SlideGrid::new(slides.collect()))
    }

    fn requirement(
        &self,
        book: &Book,
        revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        let places = self.places(book)?;
        let mut groups: Vec<&str> = Vec::new();
        for place in &places {
            if !groups.contains(&place.group_name) {
                groups.push(place.group_name);
            }
        }
        let mut worst = Charge::new("worst point", book);
        let mut minimum = Charge::new("minimum per contract", book);
        let mut pots = Vec::with_capacity(groups.len());
        for group in groups {
            let members = Members { book, revaluation, places: &places, group };
            let (counted, scales) = members.counted();
            let pot = Pot::new(None, counted);
            let by_leg = match pot.worst {
                Some(point) => {
                    members.legs().map(|leg| (leg, -revaluation.leg(leg)[point] * scales[leg][point])).collect()
                }
                None => Contributions::new(),
            };
            worst.add(Pair::both(pot.worst_loss()), &by_leg);
            let floor = members.minimum(self.0.parameters.minimum_per_unit);
            let least: f64 = floor.iter().map(|(_, part)| part).sum();
            let values = [("minimum", least), ("loss", pot.worst_loss())];
            let shortfall = (least - pot.worst_loss()).max(0.0);
            workings.note("minimum per contract", "max(minimum − loss, 0)", &values, shortfall);
            if let Some(point) = pot.worst {
                let loss = pot.worst_loss();
                workings.note_slide("worst point", point, "loss", &[("loss", loss)], loss);
            }
            if least > 0.0 {
                let scale = shortfall / least;
                minimum.add(Pair::both(shortfall), &floor.into_iter().map(|(leg, part)| (leg, part * scale)).collect());
            }
            pots.push(pot);
        }
        let mut components =
            vec![worst.into_component("the greatest loss of each product group over its ten price points")];
        components.extend(minimum.into_component_if_any("what the least amount for each option and future adds to it"));
        Ok(Requirement { components, pots, ..Requirement::default() })
    }
}

/// The move of an underlying at a point: leveraged funds move by their multiple, at most by everything but a hundredth.
fn price_move(group: &ProductGroup, leverage: f64, point: i32) -> f64 {
    let fraction = f64::from(point) / f64::from(POINTS);
    let range = if point < 0 { group.range_down } else { group.range_up };
    (range * fraction * leverage).max(-0.99)
}

/// The legs of one product group.
struct Members<'a> {
    book: &'a Book,
    revaluation: &'a Revaluation,
    places: &'a [Place<'a>],
    group: &'a str,
}

impl Members<'_> {
    fn is_member(&self, leg: usize) -> bool {
        self.places[self.book.legs[leg].underlying].group_name == self.group
    }

    fn legs(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.book.legs.len()).filter(|leg| self.is_member(*leg))
    }

    /// Counted P&L at each point, and the fraction at which each leg's P&L counts there.
    fn counted(&self) -> (Vec<f64>, Vec<Vec<f64>>) {
        let points = self.revaluation.slide_count();
        let class_of = |leg: usize| self.places[self.book.legs[leg].underlying].class;
        let mut totals = vec![0.0; points];
        let mut scales = vec![vec![0.0; points]; self.book.legs.len()];
        for point in 0..points {
            let mut classes: Vec<(&str, f64, f64)> = Vec::new();
            for leg in self.legs() {
                let pnl = self.revaluation.leg(leg)[point];
                let offset = self.places[self.book.legs[leg].underlying].group.offset;
                match classes.iter_mut().find(|(class, ..)| *class == class_of(leg)) {
                    Some((_, sum, _)) => *sum += pnl,
                    None => classes.push((class_of(leg), pnl, offset)),
                }
            }
            let scale = |pnl: f64, offset: f64| if pnl > 0.0 { offset } else { 1.0 };
            totals[point] = classes.iter().map(|(_, pnl, offset)| pnl * scale(*pnl, *offset)).sum();
            for leg in self.legs() {
                let found = classes.iter().find(|(class, ..)| *class == class_of(leg));
                scales[leg][point] = found.map_or(1.0, |(_, pnl, offset)| scale(*pnl, *offset));
            }
        }
        (totals, scales)
    }

    /// The least amount for each option and future, by leg: contracts of one instrument net first.
    fn minimum(&self, per_unit: f64) -> Contributions {
        let mut parts = Contributions::new();
        for position in self.book.net_by_instrument() {
            let leg = &self.book.legs[position.legs[0]];
            let counts = matches!(leg.kind, LegKind::Option { .. } | LegKind::Future);
            if counts && position.coins != 0.0 && self.is_member(position.legs[0]) {
                let amount = position.coins.abs() * per_unit * leg.account_per_quote;
                let shares = position.legs.iter().map(|&leg| (leg, self.book.legs[leg].coins / position.coins));
                parts.extend(shares.map(|(leg, share)| (leg, amount * share)));
            }
        }
        parts
    }
}

#[cfg(test)]
#[path = "tims_tests.rs"]
mod tests;
