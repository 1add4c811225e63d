//! What the sensitivities of an American option are made of, kept for when prices move again.

use std::cell::RefCell;

use super::american::AmericanTerms;
use super::{ExpiryGroup, LegKind, sensitivities_of};
use crate::instrument::Exercise;
use crate::pricing::american::{Accuracy, Boundary};
use crate::pricing::black76::{self, Sensitivities};

/// An option with the boundaries that its sensitivities are made of: these do not depend on the forward.
#[derive(Debug, Clone)]
pub(crate) struct AmericanMark {
    terms: AmericanTerms,
    vol_annual: f64,
    expiry_years: f64,
    discount_rate: f64,
    today: Boundary,
    /// None without vol or time.
    nearby: Option<Nearby>,
}

/// A little more and a little less of each, and how much that is.
#[derive(Debug, Clone)]
struct Nearby {
    vols: (Boundary, Boundary, f64),
    years: (Boundary, Boundary, f64),
    rates: (Boundary, Boundary, f64),
}

impl AmericanMark {
    /// Finds the boundaries.
    pub(super) fn new(terms: AmericanTerms, vol_annual: f64, expiry_years: f64, discount_rate: f64) -> AmericanMark {
        let boundary = |vol, years, rate| terms.boundary(vol, years, rate, Accuracy::Accurate);
        let nearby = (vol_annual * expiry_years.sqrt() > 0.0).then(|| {
            let vol_step = 0.02 * vol_annual;
            let years_step = (1.0 / 365.0_f64).min(0.5 * expiry_years);
            let rate_step = 0.0025;
            let at_vol = |vol| boundary(vol, expiry_years, discount_rate);
            let at_years = |years| boundary(vol_annual, years, discount_rate);
            let at_rate = |rate| boundary(vol_annual, expiry_years, rate);
            Nearby {
                vols: (at_vol(vol_annual + vol_step), at_vol(vol_annual - vol_step), vol_step),
                years: (at_years(expiry_years + years_step), at_years(expiry_years - years_step), years_step),
                rates: (at_rate(discount_rate + rate_step), at_rate(discount_rate - rate_step), rate_step),
            }
        });
        let today = boundary(vol_annual, expiry_years, discount_rate);
        AmericanMark { terms, vol_annual, expiry_years, discount_rate, today, nearby }
    }

    /// Whether it is that of an option, to the bit.
    fn is_of(&self, terms: AmericanTerms, vol_annual: f64, expiry_years: f64, discount_rate: f64) -> bool {
        self.terms == terms
            && (self.vol_annual, self.expiry_years, self.discount_rate) == (vol_annual, expiry_years, discount_rate)
    }

    /// Price and sensitivities, by central differences of the accurate price.
    ///
    /// All in the sense of [`Sensitivities`]: delta and gamma by the forward, theta and rho at constant forward and
    /// carry. Vanna and volga are those of the European option.
    pub(super) fn sensitivities(&self, forward: f64) -> Sensitivities {
        let AmericanMark { terms, vol_annual, expiry_years, discount_rate, today, nearby } = self;
        let european =
            black76::sensitivities(terms.right, forward, terms.strike, *vol_annual, *expiry_years, *discount_rate);
        let on = |forward| today.price(terms.spot(forward, *expiry_years));
        let price = on(forward);
        let Some(Nearby { vols, years, rates }) = nearby else {
            return Sensitivities { price, ..european };
        };
        // Wide enough that the error of the price does not show, narrow beside the option's own width.
        let total_vol = vol_annual * expiry_years.sqrt();
        let forward_step = forward * (0.1 * total_vol).clamp(1e-3, 0.02);
        let (up, down) = (on(forward + forward_step), on(forward - forward_step));
        let slope = |up: f64, down: f64, step: f64| (up - down) / (2.0 * step);
        let slope_at = |(up, down, step): &(Boundary, Boundary, f64)| {
            let spot = terms.spot(forward, *expiry_years);
            slope(up.price(spot), down.price(spot), *step)
        };
        let (longer, shorter, years_step) = years;
        let at_years = |boundary: &Boundary, years: f64| boundary.price(terms.spot(forward, years));
        Sensitivities {
            price,
            delta_forward: slope(up, down, forward_step),
            gamma_forward: ((up - price) - (price - down)) / (forward_step * forward_step),
            vega: slope_at(vols),
            theta_year: slope(
                at_years(shorter, expiry_years - years_step),
                at_years(longer, expiry_years + years_step),
                *years_step,
            ),
            rho: slope_at(rates),
            ..european
        }
    }
}

/// Boundaries that were computed for the legs of a book, for when it moves again: prices alone do not change them.
#[derive(Debug, Default)]
pub(crate) struct KnownMarks {
    by_leg: RefCell<Vec<Option<Box<AmericanMark>>>>,
}

/// Of so many legs boundaries are kept, which take nine kilobytes each.
const MOST_KEPT: usize = 2_000;

impl KnownMarks {
    /// Price and sensitivities of a leg by its place, as [`sensitivities_of`] has them to the bit.
    pub(super) fn sensitivities_of(&self, leg: usize, kind: &LegKind, group: &ExpiryGroup) -> Sensitivities {
        match *kind {
            LegKind::Option { right, strike, vol_annual, exercise: Exercise::American, .. }
                if leg < MOST_KEPT && group.deliverable.is_none() =>
            {
                let terms = AmericanTerms { right, strike, carry: group.carry() };
                let (years, rate) = (group.expiry_years, group.discount_rate);
                let mut by_leg = self.by_leg.borrow_mut();
                if by_leg.len() <= leg {
                    by_leg.resize(leg + 1, None);
                }
                let known = &mut by_leg[leg];
                let same = known.take().filter(|known| known.is_of(terms, vol_annual, years, rate));
                let mark = same.unwrap_or_else(|| Box::new(AmericanMark::new(terms, vol_annual, years, rate)));
                known.insert(mark).sensitivities(group.forward)
            }
            _ => sensitivities_of(kind, group),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Account, Position, Quantity};
    use crate::asset::Asset;
    use crate::book::{Book, BookShift, ExpiredPositions};
    use crate::market::{Market, Shift};

    const MARKET: &str = r#"{"version":1,"time":"2026-08-24T14:00:00Z","underlyings":[
        {"asset":"AAPL","class":"stock","index":230,
         "expiries":[{"expiry":"18DEC26","forward":231.7,"rate":0.04,"smile":[[180,0.33],[230,0.27],[300,0.24]]}]}]}"#;

    /// What is known changes no bit, whatever moves, and in whatever order.
    #[test]
    fn a_book_that_moves_again_is_the_book_that_moves_once() {
        let position = |name: &str| Position {
            instrument: name.parse().expect("a valid name"),
            quantity: Quantity::coins(2.0),
            entry_price: None,
        };
        let names = ["AAPL", "AAPL261218C00210000", "AAPL261218P00250000", "AAPL261218P00250000"];
        let account = Account::new(Asset::USD, names.map(position).into(), vec![]).expect("a valid account");
        let market = Market::from_json(MARKET).expect("a valid market");
        let book = Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("the market has them");
        let known = KnownMarks::default();
        for (spot_move, vol_points, days_forward) in [
            (0.0, 0.0, 0.0),
            (-0.13, 0.0, 0.0),
            (0.31, 0.0, 0.0),
            (0.31, 0.05, 0.0),
            (-0.4, 0.05, 0.0),
            (-0.4, 0.0, 20.0),
            (0.07, 0.0, 20.0),
            (0.07, 0.0, 200.0),
            (0.07, 0.0, 0.0),
        ] {
            let shift = Shift { spot_move, vol_points, days_forward };
            let shift = BookShift { shift, ..BookShift::default() };
            let again = book.shifted_again(&shift, &known).expect("a valid move");
            assert_eq!(again, book.shifted(&shift).expect("a valid move"), "{shift:?}");
        }
        let marks = known.by_leg.borrow();
        let at = |leg: usize| marks.get(leg).and_then(|mark| mark.as_ref()).map(|mark| mark.terms.strike);
        assert_eq!([0, 1, 2, 3].map(at), [None, Some(210.0), Some(250.0), Some(250.0)]);
    }

    /// Moves of the price find what is known.
    #[test]
    fn prices_alone_need_no_new_boundary() {
        let terms = AmericanTerms { right: crate::pricing::Right::Put, strike: 100.0, carry: 0.0123 };
        let (years, rate) = (0.3, 0.04);
        let mark = AmericanMark::new(terms, 0.3, years, rate);
        assert!(mark.is_of(terms, 0.3, years, rate));
        assert!(!mark.is_of(terms, 0.31, years, rate) && !mark.is_of(terms, 0.3, years, 0.05));
        assert_eq!(mark.sensitivities(90.0), terms.sensitivities(90.0, 0.3, years, rate));
    }
}
