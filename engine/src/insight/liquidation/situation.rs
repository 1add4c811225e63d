//! The account at one step of a path, where the venue may trade for it.

use std::rc::Rc;

use super::cash::receive;
use super::costs::{Pressure, Trade, gross_notional, trade};
use super::parameters::LiquidationParameters;
use crate::book::{Book, LegKind};
use crate::collateral::CollateralSchedule;
use crate::insight::account_state::{AccountState, account_state};
use crate::methodology::{Methodology, MethodologyError, Workings, checked_requirement};
use crate::slide::{Revaluation, revalue};

/// Whose rules an account is under.
#[derive(Clone, Copy)]
pub struct Venue<'a> {
    /// What it requires.
    pub methodology: &'a dyn Methodology,
    /// What balances count for.
    pub schedule: &'a CollateralSchedule,
    /// How it liquidates.
    pub rules: &'a LiquidationParameters,
    /// Whether it hedges net delta before it closes anything.
    pub hedges_first: bool,
}

/// A part of one position that is to be closed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Closing {
    /// All legs in the instrument.
    pub(super) legs: Vec<usize>,
    /// Which fraction of each, up to 1.
    pub(super) fraction: f64,
}

/// What the venue may do in a round.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Deal {
    /// Close parts of positions.
    Close(Vec<Closing>),
    /// Trade so many coins of a perpetual.
    Hedge { leg: usize, coins: f64 },
}

/// The account at one step. Trades make another one of it.
#[derive(Clone)]
pub(super) struct Situation<'a> {
    pub(super) venue: Venue<'a>,
    pub(super) book: Book,
    pub(super) state: AccountState,
    pub(super) pressure: Pressure,
    /// P&L of one coin of each leg: sizes change, prices do not.
    unit_rows: Rc<Revaluation>,
}

impl<'a> Situation<'a> {
    /// The account whose book is this.
    pub(super) fn new(venue: Venue<'a>, book: Book) -> Result<Situation<'a>, MethodologyError> {
        let mut units = book.clone();
        units.legs.iter_mut().for_each(|leg| leg.coins = 1.0);
        let unit_rows = Rc::new(revalue(&units, &venue.methodology.slides(&book)?));
        let state = state(venue, &book, &unit_rows)?;
        Ok(Situation { pressure: Pressure::none(&book), venue, book, state, unit_rows })
    }

    /// The same prices with another book, of the same legs in other sizes.
    pub(super) fn with(&self, book: Book, pressure: Pressure) -> Result<Situation<'a>, MethodologyError> {
        let state = state(self.venue, &book, &self.unit_rows)?;
        Ok(Situation { venue: self.venue, book, state, pressure, unit_rows: Rc::clone(&self.unit_rows) })
    }

    /// Whether liquidation must begin.
    pub(super) fn is_breached(&self) -> bool {
        self.state.free.maintenance < 0.0 || self.state.equity < 0.0
    }

    /// Whether it may stop.
    pub(super) fn is_safe(&self) -> bool {
        let cushion = self.venue.rules.buffer * self.state.requirement.maintenance;
        self.state.free.maintenance >= cushion && self.state.equity >= 0.0
    }

    /// All legs in each instrument that may still be closed.
    pub(super) fn positions(&self) -> Vec<Vec<usize>> {
        let net = self.book.net_by_instrument().into_iter().map(|position| position.legs.to_vec());
        net.filter(|legs| self.size(legs) > 0.0).collect()
    }

    /// Coins of some legs, without signs.
    pub(super) fn size(&self, legs: &[usize]) -> f64 {
        legs.iter().map(|&leg| self.book.legs[leg].coins.abs()).sum()
    }

    /// Delta of all that has the product of a perpetual, in coins; what is held outright is left out.
    pub(super) fn delta_of_product(&self, perpetual: usize) -> f64 {
        let product = self.book.legs[perpetual].instrument.product;
        let legs = self.book.legs.iter().filter(|leg| leg.instrument.product == product && leg.kind != LegKind::Spot);
        legs.map(|leg| leg.delta_coins()).sum()
    }

    /// The account after a fraction of a deal, and the trades.
    pub(super) fn after(&self, deal: &Deal, part: f64) -> Result<(Situation<'a>, Vec<Trade>), MethodologyError> {
        let mut book = self.book.clone();
        let mut pressure = self.pressure.clone();
        let means = (self.state.equity, gross_notional(&book));
        let mut trades = Vec::new();
        match deal {
            Deal::Close(closings) => {
                for Closing { legs, fraction } in closings {
                    trades.extend(close(self.venue.rules, &mut book, legs, fraction * part, &mut pressure, means));
                }
            }
            Deal::Hedge { leg, coins } => {
                let coins = coins * part;
                let done = trade(self.venue.rules, &book, &book.legs[*leg], coins, &mut pressure, means);
                // What the perpetual has gained so far is paid out, so that it is entered anew at its mark.
                let gained = book.worth_of(&book.legs[*leg]);
                receive(&mut book, *leg, gained - done.slippage - done.fee);
                let forward = book.expiries[book.legs[*leg].expiry].forward;
                book.legs[*leg].entry_price = Some(forward);
                book.legs[*leg].coins += coins;
                trades.push(done);
            }
        }
        Ok((self.with(book, pressure)?, trades))
    }
}

/// Closes a fraction of all legs in an instrument; contracts are whole where the position's are.
fn close(
    rules: &LiquidationParameters,
    book: &mut Book,
    legs: &[usize],
    fraction: f64,
    pressure: &mut Pressure,
    means: (f64, f64),
) -> Option<Trade> {
    let first = legs.first().map(|&leg| &book.legs[leg])?;
    let net: f64 = legs.iter().map(|&leg| book.legs[leg].coins).sum();
    let mut fraction = fraction;
    if first.instrument.is_sized_in_contracts() && net != 0.0 {
        let contracts = (net / first.contract_size).abs();
        if contracts.fract() == 0.0 {
            fraction = (contracts * fraction).ceil() / contracts;
        }
    }
    let fraction = if fraction > 1.0 - 1e-9 { 1.0 } else { fraction };
    let done = trade(rules, book, first, -net * fraction, pressure, means);
    for &leg in legs {
        let worth = book.worth_of(&book.legs[leg]) * fraction;
        receive(book, leg, worth);
        book.legs[leg].coins *= 1.0 - fraction;
    }
    receive(book, legs[0], -done.slippage - done.fee);
    Some(done)
}

fn state(venue: Venue<'_>, book: &Book, unit_rows: &Revaluation) -> Result<AccountState, MethodologyError> {
    let rows = unit_rows.scaled(book.legs.iter().map(|leg| leg.coins));
    let requirement = checked_requirement(venue.methodology, book, &rows, &mut Workings::unwanted())?;
    Ok(account_state(venue.methodology, venue.schedule, book, requirement.pair()))
}
