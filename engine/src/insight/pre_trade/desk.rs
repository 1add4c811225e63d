//! A book with the legs of orders in it, whose sizes vary: priced once, assessed as often as is asked.

use std::cell::RefCell;

use super::{Order, Payment, PreTradeError};
use crate::account::{Account, Balance, Position, Quantity};
use crate::book::{Book, Leg, LegKind};
use crate::collateral::CollateralSchedule;
use crate::insight::{AccountState, account_state};
use crate::instrument::Settlement;
use crate::market::Market;
use crate::methodology::{Methodology, MethodologyError, Pair, Workings, checked_requirement};
use crate::slide::{Revaluation, SlideGrid, revalue};

/// What an order costs.
struct Ticket {
    /// The place of the balance that it is paid from.
    balance: usize,
    /// Per coin, as it is quoted.
    price: f64,
    /// Per coin traded, in the currency of the balance.
    fee: f64,
}

/// An account's book with orders in it.
pub(super) struct Desk<'a> {
    methodology: &'a dyn Methodology,
    schedule: &'a CollateralSchedule,
    account: &'a Account,
    /// The legs that are held, then one of each order at the size that was ordered.
    book: Book,
    tickets: Vec<Ticket>,
    /// The grid that was asked for last, and what all legs gain on it.
    priced: RefCell<Option<(SlideGrid, Revaluation)>>,
}

/// The account once orders have been booked.
pub(super) struct Booked {
    /// Its book. Legs that were closed are not in it, nor those of orders of nothing.
    pub book: Book,
    /// What each order paid into its balance.
    payments: Vec<f64>,
    /// Which legs of the desk's book its legs are.
    kept: Vec<usize>,
    /// Which of its legs have another size there.
    resized: Vec<usize>,
}

impl<'a> Desk<'a> {
    /// A desk for orders on an account; `book` is the account in the market.
    ///
    /// # Errors
    /// An order that cannot be traded.
    pub fn new(
        methodology: &'a dyn Methodology,
        schedule: &'a CollateralSchedule,
        account: &'a Account,
        book: &Book,
        market: &Market,
        orders: &[Order],
    ) -> Result<Desk<'a>, PreTradeError> {
        let refused = |index: usize, reason: String| PreTradeError::Order { index, reason };
        let positions: Vec<Position> = orders.iter().map(|order| order.position).collect();
        let held = book.legs.len();
        let mut book =
            book.with_positions(&positions, market).map_err(|(index, reason)| refused(index, reason.to_string()))?;
        let mut tickets = Vec::with_capacity(orders.len());
        for (index, order) in orders.iter().enumerate() {
            let leg = &book.legs[held + index];
            let price = order.position.entry_price.unwrap_or_else(|| book.quoted_mark(leg));
            let fee = if leg.coins == 0.0 { 0.0 } else { order.fee / leg.coins.abs() };
            let asset = book.cash_asset(leg);
            let balance = book.balance_in(asset, market).map_err(|reason| refused(index, reason.to_string()))?;
            // What is worth nothing is bought at no price.
            book.legs[held + index].entry_price = (price > 0.0).then_some(price);
            tickets.push(Ticket { balance, price, fee });
        }
        Ok(Desk { methodology, schedule, account, book, tickets, priced: RefCell::new(None) })
    }

    fn held(&self) -> usize {
        self.book.legs.len() - self.tickets.len()
    }

    /// The book with the leg of each order in it.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// The leg of an order.
    pub fn leg(&self, order: usize) -> &Leg {
        &self.book.legs[self.held() + order]
    }

    /// Books so much of each order, one after the other.
    ///
    /// As at a venue, which knows one position in an instrument: an order closes what is held against it before it opens
    /// anything, and a future's gain is paid out as it is closed.
    pub fn booked(&self, quantities: &[Quantity]) -> Booked {
        let mut book = self.book.clone();
        let mut payments = Vec::with_capacity(quantities.len());
        for (order, (ticket, quantity)) in self.tickets.iter().zip(quantities).enumerate() {
            let place = self.held() + order;
            let coins = book.coins_in(&book.legs[place], *quantity);
            let gain = close(&mut book, place, coins, ticket.price);
            let cost = if book.legs[place].is_future() { 0.0 } else { coins * ticket.price };
            let payment = gain - cost - coins.abs() * ticket.fee;
            book.balances[ticket.balance].amount += payment;
            payments.push(payment);
        }
        let is_kept = |place: &usize| {
            book.legs[*place].coins != 0.0 || (*place < self.held() && self.book.legs[*place].coins == 0.0)
        };
        let kept: Vec<usize> = (0..book.legs.len()).filter(is_kept).collect();
        let is_resized = |now: &usize| book.legs[kept[*now]].coins != self.book.legs[kept[*now]].coins;
        let resized = (0..kept.len()).filter(is_resized).collect();
        let mut book = book.subset(kept.iter().copied());
        // A balance that was opened for an order and is empty is none.
        let own = self.account.balances().len();
        let mut place = 0;
        book.balances.retain(|balance| {
            place += 1;
            place <= own || balance.amount != 0.0
        });
        Booked { book, payments, kept, resized }
    }

    /// The account's state after booking.
    pub fn state(&self, booked: &Booked) -> Result<AccountState, MethodologyError> {
        Ok(account_state(self.methodology, self.schedule, &booked.book, self.requirement(booked)?))
    }

    fn requirement(&self, booked: &Booked) -> Result<Pair, MethodologyError> {
        let grid = self.methodology.slides(&booked.book)?;
        let mut priced = self.priced.borrow_mut();
        let known = match priced.take() {
            Some(known) if known.0 == grid => known,
            _ => {
                let rows = revalue(&self.book, &grid);
                (grid, rows)
            }
        };
        // Legs of another size are repriced, so that the figures are those of the account itself, to the bit.
        let fresh = revalue(&booked.book.subset(booked.resized.iter().copied()), &known.0);
        let rows = known.1.subset(booked.kept.iter().copied()).with_rows(&booked.resized, &fresh);
        *priced = Some(known);
        let requirement = checked_requirement(self.methodology, &booked.book, &rows, &mut Workings::unwanted())?;
        Ok(requirement.pair())
    }

    /// At what price an order is filled, and what it pays.
    pub fn payment(&self, order: usize, booked: &Booked) -> Payment {
        let ticket = &self.tickets[order];
        let asset = self.book.balances[ticket.balance].asset;
        Payment { price: ticket.price, asset, amount: booked.payments[order] }
    }

    /// The account whose book it is: what the next order is checked against.
    pub fn account(&self, booked: &Booked, orders: &[Order]) -> (Vec<Position>, Vec<Balance>) {
        let given = |place: usize| {
            let order = || orders[place - self.held()].position;
            self.account.positions().get(place).copied().unwrap_or_else(order)
        };
        let position = |(place, leg): (&usize, &Leg)| {
            let Position { instrument, quantity, .. } = given(*place);
            let whole = self.book.legs[*place].coins;
            let part = if leg.coins == whole { 1.0 } else { leg.coins / whole };
            let quantity = Quantity { amount: quantity.amount * part, ..quantity };
            Position { instrument, quantity, entry_price: leg.entry_price }
        };
        let positions = booked.kept.iter().zip(&booked.book.legs).map(position);
        let balances = booked.book.balances.iter().enumerate().map(|(place, balance)| {
            let known = self.account.balances().get(place);
            Balance { asset: balance.asset, amount: balance.amount, usd_per_unit: known.and_then(|it| it.usd_per_unit) }
        });
        (positions.collect(), balances.collect())
    }
}

/// Lets the leg at a place have so many coins, less what it closes of the legs before it, the oldest first; returned is
/// what closed futures have gained, in the currency that they settle in.
fn close(book: &mut Book, place: usize, coins: f64, price: f64) -> f64 {
    let instrument = book.legs[place].instrument;
    let (mut left, mut gain) = (coins, 0.0);
    for held in 0..place {
        let leg = &book.legs[held];
        if leg.instrument != instrument || leg.coins * left >= 0.0 || leg.kind == LegKind::Settled {
            continue;
        }
        let closed = if leg.coins.abs() <= left.abs() { leg.coins } else { -left };
        gain += closed * gain_per_coin(leg, book.expiries[leg.expiry].forward, price);
        book.legs[held].coins -= closed;
        left += closed;
    }
    book.legs[place].coins = left;
    gain
}

/// What a future that is closed at a price pays for each coin that it counts at its mark.
fn gain_per_coin(leg: &Leg, mark: f64, price: f64) -> f64 {
    let entry = leg.entry_price.unwrap_or(mark);
    match leg.settlement {
        _ if !leg.is_future() => 0.0,
        // So many dollars, counted in coin at the two prices.
        Settlement::Inverse => mark * (1.0 / entry - 1.0 / price),
        Settlement::Linear => price - entry,
    }
}
