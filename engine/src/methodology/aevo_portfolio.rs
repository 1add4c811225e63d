//! Aevo portfolio margin: fifteen slides of price and vol, and a floor.
//!
//! The venue publishes few figures: the grid, the greatest move of ETH and the vol shifts. The rest is by convention.

use super::charge::Contributions;
use super::coins_only::coins_only;
use super::preset::{CheckParameters, ReadParameters, check};
use super::scan_or_least::{Least, LeastName, scan_or_least};
use super::slide_label::price_moves;
use super::unit::{Unit, note_on_coin_settled};
use super::{Configured, Edited, Methodology, MethodologyError, Pair, Requirement, Workings};
use crate::asset::Asset;
use crate::book::Book;
use crate::json::{ByName, Fields, JsonError};
use crate::slide::{Revaluation, Slide, SlideGrid, Stress, VolMove};

/// The price moves of the grid, as fractions of the greatest.
const MOVES: [f64; 5] = [-1.0, -0.5, 0.0, 0.5, 1.0];

/// Parameters of portfolio margin.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// The coins that there are.
    pub underlyings: ByName<UnderlyingParameters>,
    /// So much is added to vols, per √year: 0.5 is fifty points.
    pub vol_points_up: f64,
    /// So much is taken off vols.
    pub vol_points_down: f64,
    /// The floor: a fraction of the underlying's price for each future and each short option.
    pub floor_rate: f64,
    /// Maintenance as a fraction of the initial requirement.
    pub maintenance_factor: f64,
}

/// The parameters of one coin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnderlyingParameters {
    /// The greatest price move, as a fraction.
    pub max_move: f64,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters {
            underlyings: fields
                .by_name("underlyings", |fields| Ok(UnderlyingParameters { max_move: fields.number("max_move")? }))?,
            vol_points_up: fields.number("vol_points_up")?,
            vol_points_down: fields.number("vol_points_down")?,
            floor_rate: fields.number("floor_rate")?,
            maintenance_factor: fields.number("maintenance_factor")?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        for (coin, underlying) in self.underlyings.iter() {
            check(&format!("underlyings.{coin}.max_move"), underlying.max_move, 0.0001..=0.99)?;
        }
        check("vol_points_up", self.vol_points_up, 0.0..=10.0)?;
        check("vol_points_down", self.vol_points_down, 0.0..=10.0)?;
        check("floor_rate", self.floor_rate, 0.0..=1.0)?;
        check("maintenance_factor", self.maintenance_factor, 0.0..=1.0)
    }
}

impl Parameters {
    fn max_move(&self, coin: Asset) -> Result<f64, MethodologyError> {
        let unknown = || MethodologyError::NotApplicable(format!("the preset has no greatest move for {coin}"));
        self.underlyings.get(coin.as_str()).map(|underlying| underlying.max_move).ok_or_else(unknown)
    }

    fn floor(&self, unit: &Unit) -> Least {
        let book = unit.book;
        let price = book.underlyings[unit.underlying].account_per_coin;
        let mut coins = 0.0;
        let mut by_leg: Contributions = Vec::new();
        for position in unit.derivatives() {
            let is_long_option = book.legs[position.legs[0]].is_option() && position.coins >= 0.0;
            if !is_long_option {
                coins += position.coins.abs();
                let scale = position.coins.signum() * price * self.floor_rate;
                by_leg.extend(position.legs.iter().map(|leg| (*leg, book.legs[*leg].coins * scale)));
            }
        }
        Least {
            value: coins * price * self.floor_rate,
            by_leg,
            formula: "factor·rate·U·coins",
            values: vec![("rate", self.floor_rate), ("U", price), ("coins", coins)],
        }
    }
}

/// Aevo's risk-based margin.
pub struct AevoPortfolio(pub(in crate::methodology) Configured<Parameters>);

impl Methodology for AevoPortfolio {
    fn configured(&self) -> &Edited {
        &self.0.edited
    }

    fn loss_components(&self) -> &'static [&'static str] {
        &["worst slide"]
    }

    fn slides(&self, book: &Book) -> Result<SlideGrid, MethodologyError> {
        coins_only(book)?;
        let parameters = &self.0.parameters;
        let greatest = book.underlyings.iter().map(|underlying| parameters.max_move(underlying.asset));
        let greatest = greatest.collect::<Result<Vec<f64>, MethodologyError>>()?;
        let vols = [
            (VolMove::Points(parameters.vol_points_up), "vol up"),
            (VolMove::Unchanged, "vol same"),
            (VolMove::Points(-parameters.vol_points_down), "vol down"),
        ];
        let slide = |part: f64, (vol_move, vol): (VolMove, &str)| {
            let stresses: Vec<Stress> = greatest.iter().map(|size| Stress::new(size * part, vol_move)).collect();
            let label = format!("{}, {vol}", price_moves(book, &stresses));
            Slide { weights: vec![1.0; stresses.len()], stresses, label }
        };
        let slides = MOVES.iter().flat_map(|part| vols.iter().map(move |vol| slide(*part, *vol)));
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
            name: "floor",
            explanation: "a fraction of the price for each future and short option, where it is above the worst slide",
            reason: "the floor is above the worst slide",
        };
        let requirement = scan_or_least(book, revaluation, factors, (name, &|unit| parameters.floor(unit)), workings);
        Ok(Requirement { notes: note_on_coin_settled(book), ..requirement })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instrument::Right;
    use crate::methodology::{Assessment, assess, find};
    use crate::pricing::black76::price;
    use crate::testing::book;

    fn assessed(book: &Book) -> Assessment {
        let entry = find("aevo-portfolio").expect("registered");
        let methodology = entry.configure(None).expect("a preset");
        assess(entry, methodology.as_ref(), book).expect("it has rules for the book")
    }

    /// ETH moves by 20 % and 10 %, vols by fifty points up and twenty-five down: a short call priced directly.
    #[test]
    fn fifteen_slides_add_points_to_vols() {
        let book = book("USD", &[("ETH_USDC-25SEP26-2400-C", -3.0)]);
        let assessment = assessed(&book);
        assert_eq!(assessment.grid.slides.len(), 15);
        let (forward, years) = (book.expiries[0].forward, book.expiries[0].expiry_years);
        let vol = book.legs[0].vol_annual().expect("an option");
        let mut worst = 0.0_f64;
        let cells = [-0.2, -0.1, 0.0, 0.1, 0.2].into_iter().flat_map(|s| [0.5, 0.0, -0.25].map(|points| (s, points)));
        for ((s, points), pnl) in cells.zip(assessment.revaluation.leg(0)) {
            let value = |forward, vol| price(Right::Call, forward, 2_400.0, vol, years, 1.0);
            let direct = -3.0 * (value(forward * (1.0 + s), vol + points) - value(forward, vol));
            assert!((direct - pnl).abs() < 1e-9, "{s} {points}: {direct} {pnl}");
            worst = worst.max(-direct);
        }
        assert!((assessment.initial - worst).abs() < 1e-9, "{} {worst}", assessment.initial);
        assert!((assessment.maintenance - 0.8 * worst).abs() < 1e-9);
    }

    /// Two futures against each other lose next to nothing: 1 % of two coins at 2,400.
    #[test]
    fn the_floor_holds_where_no_slide_loses() {
        let assessment = assessed(&book("USD", &[("ETH_USDC-PERPETUAL", -1.0), ("ETH_USDC-25SEP26", 1.0)]));
        assert!((assessment.initial - 48.0).abs() < 1e-9, "{}", assessment.initial);
        assert_eq!(assessment.reason, "the floor is above the worst slide");
    }
}
