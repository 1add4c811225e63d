//! Orders before they are sent: what the account would be, whether a venue would accept them, and how much would fit.

mod desk;
mod largest;
mod tick;

pub(super) use tick::tick;

use crate::account::{Account, Balance, Position, Quantity};
use crate::asset::Asset;
use crate::book::{Book, Worth};
use crate::collateral::CollateralSchedule;
use crate::insight::{AccountState, account_state};
use crate::market::Market;
use crate::methodology::{Methodology, MethodologyError, Pair, Workings, checked_requirement};
use crate::slide::revalue;
use desk::{Booked, Desk};
use largest::{Probe, largest};

/// An order, filled at its price as a whole or not at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Order {
    /// What is bought, or sold where the quantity is negative; the entry price is the order's limit, quoted as an entry
    /// price is, and the mark where there is none.
    pub position: Position,
    /// What the whole order costs beside its price, in the currency that it is paid in; a rebate is negative.
    pub fee: f64,
    /// The smallest size, in the unit of the quantity; positive. Where there is none, the venue's.
    pub tick: Option<f64>,
}

/// Why an order cannot be checked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PreTradeError {
    /// It cannot be traded.
    #[error("order {index}: {reason}")]
    Order {
        /// Its place in the list, from 0.
        index: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The methodology gives no figure.
    #[error("{0}")]
    Methodology(#[from] MethodologyError),
}

/// What a venue says to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The initial requirement is met afterwards.
    Accepted,
    /// It is not met, but neither does the order add to the requirement nor leave less free: whoever is called for
    /// margin may reduce risk.
    AcceptedAsReducing,
    /// Neither.
    Refused,
}

impl Verdict {
    /// Whether the order goes through.
    pub fn is_accepted(self) -> bool {
        self != Verdict::Refused
    }
}

/// The price of an order and what it pays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Payment {
    /// At which it is filled, quoted as an entry price is.
    pub price: f64,
    /// The currency of the balance that changes.
    pub asset: Asset,
    /// What comes into that balance: premium, what closed futures have gained, less the fee; negative is paid.
    pub amount: f64,
}

/// Largest sizes, in a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LargestSizes {
    /// The smallest size that is traded, and the unit of all three.
    pub tick: Quantity,
    /// How much can be bought; not negative, none where no size is refused.
    pub buy: Option<f64>,
    /// How much can be sold, likewise.
    pub sell: Option<f64>,
}

/// One order of a list, checked after those before it.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedOrder {
    /// Its price and its cost.
    pub payment: Payment,
    /// What the venue says, orders before it having been booked as far as they were accepted.
    pub verdict: Verdict,
    /// The account before and after it.
    pub before: AccountState,
    /// With the order, whatever the verdict.
    pub after: AccountState,
    /// How much would fit; none where it was not asked for.
    pub largest: Option<LargestSizes>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct PreTrade {
    /// The account as it is.
    pub before: AccountState,
    /// With all orders.
    pub after: AccountState,
    /// What the venue says to all of them together.
    pub verdict: Verdict,
    /// Each one after the other.
    pub orders: Vec<CheckedOrder>,
    /// What the account holds with all orders.
    pub positions: Vec<Position>,
    /// Its balances.
    pub balances: Vec<Balance>,
    /// Its book.
    pub book_after: Book,
}

/// Checks orders against an account, whose `book` in the `market` has been resolved.
///
/// An order is filled at its price. What is paid for (options, coins, shares, bonds) is paid from the balance in its
/// settlement currency, coin-settled premiums in coin; futures are entered at the price, and what they have gained or lost
/// against the mark counts. An order first closes what is held against it. `with_sizes` asks for the largest sizes.
///
/// # Errors
/// An order that cannot be traded in this market, or a book that the methodology has no rules for.
pub fn pre_trade(
    methodology: &dyn Methodology,
    schedule: &CollateralSchedule,
    account: &Account,
    (book, market): (&Book, &Market),
    orders: &[Order],
    with_sizes: bool,
) -> Result<PreTrade, PreTradeError> {
    for (index, order) in orders.iter().enumerate() {
        order.check(account.currency()).map_err(|reason| PreTradeError::Order { index, reason })?;
    }
    let grid = methodology.slides(book)?;
    let requirement = checked_requirement(methodology, book, &revalue(book, &grid), &mut Workings::unwanted())?.pair();
    let before = account_state(methodology, schedule, book, requirement);
    let desk = Desk::new(methodology, schedule, account, book, market, orders)?;
    let all: Vec<Quantity> = orders.iter().map(|order| order.position.quantity).collect();
    let booked = desk.booked(&all);
    let after = if all.iter().all(|quantity| quantity.amount == 0.0) { before.clone() } else { desk.state(&booked)? };
    let checked = one_after_the_other(&desk, orders, &before, with_sizes)?;
    let (positions, balances) = desk.account(&booked, orders);
    Ok(PreTrade {
        verdict: verdict(figures(&before), figures(&after)),
        before,
        after,
        orders: checked,
        positions,
        balances,
        book_after: booked.book,
    })
}

impl Order {
    fn check(&self, currency: Asset) -> Result<(), String> {
        Account::new(currency, vec![self.position], vec![]).map_err(|reason| reason.to_string())?;
        if !self.fee.is_finite() || self.fee.abs() > 1e15 {
            return Err(format!("the fee is {}; it must be a number between -1e15 and 1e15", self.fee));
        }
        match self.tick {
            Some(tick) if !(tick > 0.0 && tick <= 1e15) => {
                Err(format!("the tick is {tick}; it must be a positive number up to 1e15"))
            }
            _ => Ok(()),
        }
    }
}

/// Figures within this fraction of what they are sums of are equal.
const ROUNDING: f64 = 1e-12;

/// What decides.
#[derive(Clone, Copy)]
struct Figures {
    needed: Pair,
    free: Pair,
    /// The size of all that `free` is a sum of.
    scale: f64,
}

fn figures(state: &AccountState) -> Figures {
    let Worth { long_options, short_options, unrealised, outright, settled } = state.worth;
    let worths = [long_options, short_options, unrealised, outright, settled, state.requirement.initial];
    let terms = worths.into_iter().chain(state.balances.iter().map(|balance| balance.value));
    Figures { needed: state.requirement, free: state.free, scale: terms.map(f64::abs).sum() }
}

fn verdict(before: Figures, after: Figures) -> Verdict {
    // Sums that differ in their last digits only are equal: closing at the mark leaves as much free as before.
    let rounding = ROUNDING * (before.scale + after.scale);
    let leaves_no_less = after.free.initial >= before.free.initial - rounding
        && after.free.maintenance >= before.free.maintenance - rounding;
    if after.free.initial >= 0.0 {
        Verdict::Accepted
    } else if after.needed.initial <= before.needed.initial + rounding && leaves_no_less {
        Verdict::AcceptedAsReducing
    } else {
        Verdict::Refused
    }
}

/// The list as it would arrive at a venue: what is refused is not booked.
fn one_after_the_other(
    desk: &Desk,
    orders: &[Order],
    before: &AccountState,
    with_sizes: bool,
) -> Result<Vec<CheckedOrder>, PreTradeError> {
    let mut booked = vec![Quantity::coins(0.0); orders.len()];
    let mut before = before.clone();
    let mut checked = Vec::with_capacity(orders.len());
    for (index, order) in orders.iter().enumerate() {
        let largest = if with_sizes { Some(sizes(desk, index, order, &booked, figures(&before))?) } else { None };
        booked[index] = order.position.quantity;
        let with_it: Booked = desk.booked(&booked);
        let after = if order.position.quantity.amount == 0.0 { before.clone() } else { desk.state(&with_it)? };
        let verdict = verdict(figures(&before), figures(&after));
        let payment = desk.payment(index, &with_it);
        checked.push(CheckedOrder { payment, verdict, before: before.clone(), after: after.clone(), largest });
        if verdict.is_accepted() {
            before = after;
        } else {
            booked[index].amount = 0.0;
        }
    }
    Ok(checked)
}

/// How much of an order's instrument fits on each side, at its price, on what is booked already.
fn sizes(
    desk: &Desk,
    index: usize,
    order: &Order,
    booked: &[Quantity],
    before: Figures,
) -> Result<LargestSizes, MethodologyError> {
    let of_venue = tick(desk.book(), desk.leg(index));
    let tick = order.tick.map_or(of_venue, |amount| Quantity { amount, ..order.position.quantity });
    let mut quantities = booked.to_vec();
    let mut side = |sign: f64| {
        let found = largest(|ticks| {
            quantities[index] = Quantity { amount: sign * size(ticks, tick.amount), ..tick };
            let after = figures(&desk.state(&desk.booked(&quantities))?);
            let fits = verdict(before, after).is_accepted();
            let Figures { needed, free, .. } = after;
            Ok::<_, MethodologyError>(Probe { fits, figures: [needed.initial, free.initial, free.maintenance] })
        })?;
        Ok::<_, MethodologyError>(found.map(|ticks| size(ticks, tick.amount)))
    };
    Ok(LargestSizes { tick, buy: side(1.0)?, sell: side(-1.0)? })
}

/// So many ticks, without the dust of binary fractions: three times 0.1 is 0.3.
fn size(ticks: u64, tick: f64) -> f64 {
    let whole = 1.0 / tick;
    let is_fraction = whole >= 2.0 && (whole - whole.round()).abs() < 1e-9 * whole;
    if is_fraction { ticks as f64 / whole.round() } else { ticks as f64 * tick }
}
