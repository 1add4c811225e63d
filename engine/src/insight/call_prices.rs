//! The prices at which an account is called for margin, and at which it is liquidated.

use super::moved_account::{Breach, Follower, Moved, MovedAccount};
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

/// Finds the nearest prices, down and up, at which the margin balance no longer meets the initial and the maintenance
/// requirement.
///
/// From the present price outwards in steps that grow with the distance, with a step at each strike; then by halving
/// to a millionth of the present price. What is missed and met again within one step is not seen. Vols stay with their
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
        nearest(&follower, moved, &present, &outwards(moves))
    };
    let (down, up) = (side(LEAST_MOVE), side(MOST_MOVE));
    let at = |price_move: Option<f64>| {
        let price_move = price_move?;
        Some(CallPrice { price_move, price: price.map(|price| price * (1.0 + price_move)) })
    };
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

/// The nearest crossings on one side, as moves.
pub(super) struct Side {
    pub margin_call: Option<f64>,
    pub liquidation: Option<f64>,
    /// The last move that was looked at.
    pub reach: f64,
}

/// Goes through moves, which lead away from the present price, until both requirements are missed or they end.
fn nearest(follower: &Follower<'_>, moved: Moved, present: &MovedAccount, moves: &[f64]) -> Side {
    let limit = moves.last().copied().unwrap_or(0.0);
    let already = |breach| follower.is_in(breach, present).then_some(0.0);
    let mut side =
        Side { margin_call: already(Breach::MarginCall), liquidation: already(Breach::Liquidation), reach: 0.0 };
    let shift_to = |price_move: f64| moved.by(price_move);
    for &price_move in moves {
        if side.margin_call.is_some() && side.liquidation.is_some() {
            // Nothing further out can be nearer.
            side.reach = limit;
            break;
        }
        // Where the methodology has no rules, nothing can be said from there on.
        let Ok(account) = follower.after(&shift_to(price_move)) else { break };
        for (breach, found) in
            [(Breach::MarginCall, &mut side.margin_call), (Breach::Liquidation, &mut side.liquidation)]
        {
            if found.is_none() && follower.is_in(breach, &account) {
                let crossing = follower.crossing(breach, side.reach, price_move, NEAREST, &shift_to);
                *found = Some(crossing.unwrap_or(price_move));
            }
        }
        side.reach = price_move;
    }
    side
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
fn outwards(moves: Vec<f64>) -> Vec<f64> {
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
