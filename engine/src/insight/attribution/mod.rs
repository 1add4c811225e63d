//! What each leg adds to the requirement, counted in five ways.
//!
//! A requirement is no sum over legs: hedges make it less than its parts, and whose merit that is has more than one
//! answer. Each way of counting is set beside what remains of the requirement when its shares are taken off.

mod game;
mod generator;
mod pair_credits;
mod shapley;

use crate::book::Book;
use crate::methodology::{Assessment, Methodology, MethodologyError, Pair};
use crate::progress::Progress;

use super::savings;
use game::Game;
pub use pair_credits::PairCredits;
pub use shapley::Shapley;

/// By how much of its size a leg is made larger and smaller for its marginal share. Small, so that no other slide
/// becomes the worst on the way; a power of two, so that the sizes are exact.
const STEP: f64 = 1.0 / 131_072.0;

/// How far it is when the legs alone are known, and when all sets are; credits of pairs follow.
const SAVINGS_DONE: f64 = 0.05;
const GAME_DONE: f64 = 0.95;

/// How the shares are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttributionOptions {
    /// Where the sampled orders start from: the same seed gives the same figures.
    pub seed: u32,
    /// How often the requirement may be computed for Shapley's shares; none leaves it to what one computation costs.
    /// Shares are exact where all sets of legs are no more than that, else sampled.
    pub evaluations: Option<usize>,
    /// The credits between so many legs at most: the largest alone.
    pub pair_legs: usize,
}

impl Default for AttributionOptions {
    fn default() -> AttributionOptions {
        AttributionOptions { seed: 1, evaluations: None, pair_legs: 20 }
    }
}

/// One way of counting: a share for each leg, and what remains.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// The share of each leg, in the book's order; negative where it frees margin.
    pub by_leg: Vec<Pair>,
    /// The requirement less the shares and what belongs to no leg.
    pub remainder: Pair,
}

impl Shares {
    fn new(by_leg: Vec<Pair>, of_legs: Pair) -> Shares {
        let remainder = by_leg.iter().fold(of_legs, |rest, share| rest.plus(share.times(-1.0)));
        Shares { by_leg, remainder }
    }
}

/// What each leg adds to the requirement. Money is in the account currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    /// The requirement.
    pub requirement: Pair,
    /// What is needed without any leg: charges of the account, and haircuts of balances where they are in the
    /// requirement.
    pub of_no_leg: Pair,
    /// Each leg in an account of its own, without balances and without charges of the account. What remains is the
    /// hedging credit, as a negative figure.
    pub alone: Shares,
    /// What each leg would add as the first one into this account.
    pub first_in: Shares,
    /// What each leg adds as the last one: the requirement less that without the leg.
    pub last_out: Shares,
    /// How fast the requirement grows with the leg's size, times the size (Euler): the mean of making it a little
    /// larger and a little smaller. Nothing remains where the requirement is in proportion to the whole book and no
    /// two slides are equally bad.
    pub marginal: Shares,
    /// What each leg adds on average over all orders in which the legs may come.
    pub shapley: Shapley,
    /// Which hedge earns what.
    pub pair_credits: PairCredits,
    /// How often the requirement was computed.
    pub evaluations: usize,
}

/// Attributes the requirement of `book` to its legs, under the methodology that made `assessment` of it.
///
/// Nothing is priced again: rows of the book's revaluation serve, as for the savings. So every set of legs is counted on
/// the slides of the whole book, also where it would have others by itself.
///
/// # Errors
/// Those of the methodology.
pub fn attribution(
    methodology: &dyn Methodology,
    book: &Book,
    assessment: &Assessment,
    options: AttributionOptions,
    progress: Progress<'_>,
) -> Result<Attribution, MethodologyError> {
    let count = book.legs.len();
    // The others need nothing in any company.
    let players: Vec<usize> = (0..count).filter(|leg| book.legs[*leg].is_open()).collect();
    let evaluations = options.evaluations.unwrap_or_else(|| game::affordable(assessment));
    let expected = 1 + 2 * count + 2 * players.len() + shapley::evaluations(players.len(), evaluations);
    let mut game = Game::new(methodology, book, assessment, expected, progress.part(SAVINGS_DONE, GAME_DONE));
    let requirement = assessment.pair();
    let of_no_leg = game.of(&[])?;
    let of_legs = requirement.plus(of_no_leg.times(-1.0));
    let alone = savings(methodology, book, assessment)?.legs;
    let (mut first_in, mut last_out, mut marginal) = (Vec::new(), Vec::new(), Vec::new());
    for leg in 0..count {
        let others: Vec<usize> = (0..count).filter(|other| *other != leg).collect();
        first_in.push(game.of(&[leg])?.plus(of_no_leg.times(-1.0)));
        last_out.push(requirement.plus(game.of(&others)?.times(-1.0)));
        marginal.push(if book.legs[leg].is_open() { game.slope(leg, STEP)? } else { Pair::default() });
    }
    let ends = shapley::Ends { none: of_no_leg, first_in: &first_in, last_out: &last_out, all: requirement };
    let shapley = shapley::shapley(&mut game, &players, &ends, evaluations, options.seed)?;
    let pair_credits = pair_credits::pair_credits(methodology, book, assessment, &alone, options.pair_legs)?;
    progress.at(1.0);
    Ok(Attribution {
        requirement,
        of_no_leg,
        alone: Shares::new(alone, of_legs),
        first_in: Shares::new(first_in, of_legs),
        last_out: Shares::new(last_out, of_legs),
        marginal: Shares::new(marginal, of_legs),
        shapley,
        pair_credits,
        evaluations: game.evaluations(),
    })
}
