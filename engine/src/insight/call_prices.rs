//! The prices at which an account is called for margin, and at which it is liquidated.

use super::moved_account::{Follower, Moved};
use crate::asset::Asset;
use crate::book::{Book, LegKind};
use crate::collateral::CollateralSchedule;
use crate::methodology::{Methodology, MethodologyError};
use crate::order::ascending;
use crate::pricing::numeric::{exp, ln};

/// The furthest fall that is looked at.
pub const LEAST_MOVE: f64 = -0.95;

/// The furthest rise.
pub const MOST_MOVE: f64 = 3.0;

/// The first step away from the present price, in the logarithm of the price.
const FIRST_STEP: f64 = 0.005;

/// Each step is so much longer than the one before: half a per cent at first, five at half the price.
const STEP_GROWTH: f64 = 1.06;

/// Crossings are found to this fraction of the present price.
pub(super) const NEAREST: f64 = 1e-6;

/// Where a requirement begins to be missed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CallPrice {
    /// The move from the present price, as a fraction; 0 where the requirement is missed already.
    pub price_move: f64,
    /// The price there; none where the asset has none in the book: see [`Moved::price`].
    pub price: Option<f64>,
}

/// The nearest crossings on both sides of the present price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CallPrices {
    /// What moves.
    pub moved: Moved,
    /// The present price; see [`Moved::price`].
    pub price: Option<f64>,
    /// The first margin call when prices fall; none within [`CallPrices::searched`].
    pub margin_call_down: Option<CallPrice>,
    /// The first margin call when prices rise.
    pub margin_call_up: Option<CallPrice>,
    /// The first liquidation when prices fall.
    pub liquidation_down: Option<CallPrice>,
    /// The first liquidation when prices rise.
    pub liquidation_up: Option<CallPrice>,
    /// How far prices were moved down and up: to [`LEAST_MOVE`] and [`MOST_MOVE`], or as far as the methodology has
    /// rules.
    pub searched: (f64, f64),
}

impl CallPrices {
    /// The same moves with the prices of another asset: where all move together.
    pub fn told_by(&self, asset: Asset, book: &Book) -> CallPrices {
        let moved = Moved { asset, ..self.moved };
        let price = moved.price(book);
        let at = |found: Option<CallPrice>| found.map(|found| CallPrice::at(found.price_move, price));
        CallPrices {
            moved,
            price,
            margin_call_down: at(self.margin_call_down),
            margin_call_up: at(self.margin_call_up),
            liquidation_down: at(self.liquidation_down),
            liquidation_up: at(self.liquidation_up),
            searched: self.searched,
        }
    }
}

impl CallPrice {
    fn at(price_move: f64, price: Option<f64>) -> CallPrice {
        CallPrice { price_move, price: price.map(|price| price * (1.0 + price_move)) }
    }
}

/// Finds the nearest prices, down and up, at which the margin balance no longer meets the initial and the maintenance
/// requirement.
///
/// From the present price outwards in steps that grow with the distance, with a step at each strike; then between two
/// steps to a millionth of the present price. What is missed and met again within one step is not seen. Vols stay with their
/// strikes and no time passes.
///
/// # Errors
/// The methodology has no rule for the book as it is.
pub fn call_prices(
    methodology: &dyn Methodology,
    schedule: &CollateralSchedule,
    book: &Book,
    moved: Moved,
) -> Result<CallPrices, MethodologyError> {
    let follower = Follower::new(methodology, schedule, book);
    let present = follower.after(&moved.by(0.0))?;
    let price = moved.price(book);
    let strikes = strike_moves(book, moved);
    let side = |limit: f64| {
        let mut moves = steps(limit, FIRST_STEP, STEP_GROWTH);
        moves.extend(strikes.iter().filter(|at| (**at < 0.0) == (limit < 0.0) && at.abs() < limit.abs()));
        follower.outwards(&present, &by_distance(moves), Some(NEAREST), &|price_move| moved.by(price_move))
    };
    let (down, up) = (side(LEAST_MOVE), side(MOST_MOVE));
    let at = |price_move: Option<f64>| price_move.map(|price_move| CallPrice::at(price_move, price));
    Ok(CallPrices {
        moved,
        price,
        margin_call_down: at(down.margin_call),
        margin_call_up: at(up.margin_call),
        liquidation_down: at(down.liquidation),
        liquidation_up: at(up.liquidation),
        searched: (down.reach, up.reach),
    })
}

/// Moves from the present price to `limit`, evenly growing steps of the logarithm of the price; `limit` is the last.
pub(super) fn steps(limit: f64, first: f64, growth: f64) -> Vec<f64> {
    let end = ln(1.0 + limit);
    let mut moves = Vec::new();
    let (mut at, mut step) = (first, first);
    while at < end.abs() {
        moves.push(exp(at.copysign(end)) - 1.0);
        step *= growth;
        at += step;
    }
    moves.push(limit);
    moves
}

/// In the order of their distance.
fn by_distance(moves: Vec<f64>) -> Vec<f64> {
    let distances: Vec<f64> = moves.iter().map(|price_move| price_move.abs()).collect();
    ascending(&distances).into_iter().map(|place| moves[place]).collect()
}

/// The moves that take the asset's price to the strikes of the options on it.
fn strike_moves(book: &Book, moved: Moved) -> Vec<f64> {
    let mut moves: Vec<f64> = Vec::new();
    for leg in &book.legs {
        let underlying = &book.underlyings[leg.underlying];
        if let LegKind::Option { strike, .. } = leg.kind
            && underlying.asset == moved.asset
        {
            let price_move = strike / underlying.index - 1.0;
            if !moves.contains(&price_move) {
                moves.push(price_move);
            }
        }
    }
    moves
}
