//! An account after a move of its market: what it has and what it needs there.

use super::account_state::{gross_size, margin_balance};
use crate::asset::Asset;
use crate::book::{Book, BookShift, KnownMarks};
use crate::collateral::CollateralSchedule;
use crate::methodology::{Methodology, MethodologyError, Pair, Workings, checked_requirement, leading_pot};
use crate::slide::revalue;

/// So much of the size of all positions is rounding.
const NOISE: f64 = 1e-12;

/// Which prices move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The asset whose price is told.
    pub asset: Asset,
    /// Whether all others move by the same fraction; else they stay.
    pub with_others: bool,
}

impl Moved {
    /// One asset moves, with what stands for it; all others stay.
    pub fn alone(asset: Asset) -> Moved {
        Moved { asset, with_others: false }
    }

    /// All prices move by the same fraction, told by this asset's.
    pub fn together(asset: Asset) -> Moved {
        Moved { asset, with_others: true }
    }

    /// The move of a book.
    pub fn by(self, price_move: f64) -> BookShift {
        if self.with_others {
            return BookShift::spot(price_move);
        }
        BookShift { asset_moves: vec![(self.asset, price_move)], ..BookShift::default() }
    }

    /// The asset's price in a book: the index in its quote currency, of a coin that is only a balance its value in US
    /// dollars; none where the book holds just what stands for it.
    pub fn price(self, book: &Book) -> Option<f64> {
        let index = book.underlyings.iter().find(|underlying| underlying.asset == self.asset).map(|it| it.index);
        index.or_else(|| {
            let held = book.balances.iter().find(|balance| balance.asset == self.asset)?;
            Some(held.account_per_unit * book.usd_per_account)
        })
    }
}

/// The assets on whose prices an account depends: underlyings of its legs, then coins that its balances go with.
pub fn moving_assets(book: &Book) -> Vec<Asset> {
    let with_legs = (0..book.underlyings.len()).filter(|place| book.has_price_risk(*place));
    let mut assets: Vec<Asset> = with_legs.map(|place| book.underlyings[place].asset).collect();
    for balance in &book.balances {
        match balance.priced_by {
            Some(asset) if balance.amount != 0.0 && !assets.contains(&asset) => assets.push(asset),
            _ => {}
        }
    }
    assets
}

/// A requirement that may be missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// The initial requirement: more margin is asked for.
    MarginCall,
    /// The maintenance requirement: positions are closed.
    Liquidation,
}

impl Breach {
    /// The milder one first.
    pub const ALL: [Breach; 2] = [Breach::MarginCall, Breach::Liquidation];

    /// One word for it.
    pub fn word(self) -> &'static str {
        match self {
            Breach::MarginCall => "margin-call",
            Breach::Liquidation => "liquidation",
        }
    }
}

/// What an account has and needs after a move, in the account currency.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MovedAccount {
    pub equity: f64,
    pub margin_balance: Pair,
    pub requirement: Pair,
    /// The name of the worst slide; none under rules and where nothing is lost.
    pub worst_slide: Option<String>,
}

impl MovedAccount {
    /// What is free of the margin balance.
    pub fn free(&self) -> Pair {
        self.margin_balance.plus(self.requirement.times(-1.0))
    }
}

/// The nearest places on one side of the present one at which requirements are missed.
pub(super) struct Side {
    pub margin_call: Option<f64>,
    pub liquidation: Option<f64>,
    /// How far it was looked.
    pub reach: f64,
}

/// What an account is followed with.
pub(super) struct Follower<'a> {
    methodology: &'a dyn Methodology,
    schedule: &'a CollateralSchedule,
    book: &'a Book,
    marks: KnownMarks,
    noise: f64,
}

impl<'a> Follower<'a> {
    /// Nothing is computed yet.
    pub fn new(methodology: &'a dyn Methodology, schedule: &'a CollateralSchedule, book: &'a Book) -> Follower<'a> {
        Follower { methodology, schedule, book, marks: KnownMarks::default(), noise: NOISE * gross_size(book) }
    }

    /// The account after a move.
    ///
    /// # Errors
    /// The move is out of its domain, or the methodology has no rule for the book there.
    pub fn after(&self, shift: &BookShift) -> Result<MovedAccount, MethodologyError> {
        let moved = self.book.shifted_again(shift, &self.marks);
        let moved = moved.map_err(|error| MethodologyError::NotApplicable(error.to_string()))?;
        let grid = self.methodology.slides(&moved)?;
        let revaluation = revalue(&moved, &grid);
        let requirement = checked_requirement(self.methodology, &moved, &revaluation, &mut Workings::unwanted())?;
        let worst = leading_pot(&requirement.pots).and_then(|pot| grid.slides.get(pot.worst?));
        let (margin_balance, balances, worth) = margin_balance(self.methodology, self.schedule, &moved);
        let equity = worth.total() + balances.iter().map(|balance| balance.value).sum::<f64>();
        if ![equity, margin_balance.initial, margin_balance.maintenance].into_iter().all(f64::is_finite) {
            return Err(MethodologyError::NotANumber("the margin balance"));
        }
        let worst_slide = worst.map(|slide| slide.label.clone());
        Ok(MovedAccount { equity, margin_balance, requirement: requirement.pair(), worst_slide })
    }

    /// What is left beyond each requirement, as [`Breach::ALL`]: negative where it is missed by more than rounding.
    pub fn left(&self, account: &MovedAccount) -> [f64; 2] {
        let free = account.free();
        [free.initial + self.noise, free.maintenance + self.noise]
    }

    /// The nearest places at which requirements are missed, among `places` that lead away from the present one, until
    /// both are missed or the places end. `nearest` is how close a crossing is found between two places; none where
    /// the place itself will do.
    pub fn outwards(
        &self,
        present: &MovedAccount,
        places: &[f64],
        nearest: Option<f64>,
        shift_to: &dyn Fn(f64) -> BookShift,
    ) -> Side {
        let mut left = self.left(present);
        let mut missed = left.map(|left| (left < 0.0).then_some(0.0));
        let mut reach = 0.0;
        for &place in places {
            if missed.iter().all(Option::is_some) {
                // Nothing further out can be nearer.
                reach = places.last().copied().unwrap_or(reach);
                break;
            }
            // Where the methodology has no rules, nothing can be said from there on.
            let Ok(account) = self.after(&shift_to(place)) else { break };
            let left_there = self.left(&account);
            for breach in Breach::ALL {
                let which = breach as usize;
                if missed[which].is_none() && left_there[which] < 0.0 {
                    let (met, beyond) = ((reach, left[which]), (place, left_there[which]));
                    let crossing = nearest.and_then(|near| self.crossing(breach, met, beyond, near, shift_to).ok());
                    missed[which] = Some(crossing.unwrap_or(place));
                }
            }
            (reach, left) = (place, left_there);
        }
        let [margin_call, liquidation] = missed;
        Side { margin_call, liquidation, reach }
    }

    /// Where a requirement that is met at one place begins to be missed on the way to another, where it is, to within
    /// `nearest`; both places with what is left there. It is missed at the place returned.
    ///
    /// What is left is nearly a line between two places, so the next place to look at is where the line through both
    /// ends is zero; where that does not halve the distance, as at a jump, the middle comes next.
    ///
    /// # Errors
    /// The methodology has no rule for the book at a place between.
    pub fn crossing(
        &self,
        breach: Breach,
        mut met: (f64, f64),
        mut missed: (f64, f64),
        nearest: f64,
        shift_to: &dyn Fn(f64) -> BookShift,
    ) -> Result<f64, MethodologyError> {
        let mut halve = false;
        loop {
            let width = missed.0 - met.0;
            if width.abs() <= nearest {
                return Ok(missed.0);
            }
            let share = if halve { 0.5 } else { met.1 / (met.1 - missed.1) };
            // Half the tolerance off the ends: beside an end that is the crossing, the next place closes in on it.
            let margin = 0.5 * nearest / width.abs();
            let place = met.0 + width * share.max(margin).min(1.0 - margin);
            let left = self.left(&self.after(&shift_to(place))?)[breach as usize];
            if left < 0.0 {
                missed = (place, left);
            } else {
                met = (place, left);
            }
            halve = (missed.0 - met.0).abs() > 0.5 * width.abs();
        }
    }
}
