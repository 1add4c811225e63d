//! What a trade of the venue costs the account beyond the mark.

use super::parameters::{Impact, LiquidationParameters};
use crate::book::{Book, Leg, LegKind};
use crate::instrument::Instrument;

/// A trade of the venue for the account.
#[derive(Debug, Clone, PartialEq)]
pub struct Trade {
    /// What was traded.
    pub instrument: Instrument,
    /// How much, in coins, shares or face value; negative was sold.
    pub coins: f64,
    /// Its mark, in the quote currency.
    pub price: f64,
    /// Notional without sign, in the account currency.
    pub notional: f64,
    /// What was lost to the mark, in the account currency, not negative.
    pub slippage: f64,
    /// What the venue took, in the account currency, not negative.
    pub fee: f64,
}

/// The size that was traded before and still weighs on prices, in millions of US dollars: for each underlying that of
/// options, and of all else.
///
/// Size adds up linearly, so that without recovery many small trades cost as much as one large one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pressure(Vec<[f64; 2]>);

impl Pressure {
    /// Nothing was traded.
    pub(super) fn none(book: &Book) -> Pressure {
        Pressure(vec![[0.0; 2]; book.underlyings.len()])
    }

    /// What is left of it after a round.
    pub(super) fn ease(&mut self, kept: f64) {
        self.0.iter_mut().flatten().for_each(|millions| *millions *= kept);
    }
}

/// Notional of so many coins of a leg, without sign, in the account currency: at the price of the underlying, of bonds
/// at their own.
pub(super) fn notional(book: &Book, leg: &Leg, coins: f64) -> f64 {
    let price = match leg.kind {
        LegKind::Settled => 0.0,
        LegKind::Bond { .. } => leg.mark(),
        _ => book.expiries[leg.expiry].forward,
    };
    (coins * price * leg.account_per_quote).abs()
}

/// Notional of all legs.
pub(super) fn gross_notional(book: &Book) -> f64 {
    book.legs.iter().map(|leg| notional(book, leg, leg.coins)).sum()
}

/// A trade of so many coins of a leg with its costs, which puts its pressure on prices. `equity` is what the account
/// still has, of a book of `gross` notional.
pub(super) fn trade(
    rules: &LiquidationParameters,
    book: &Book,
    leg: &Leg,
    coins: f64,
    pressure: &mut Pressure,
    (equity, gross): (f64, f64),
) -> Trade {
    let size = coins.abs();
    let notional = notional(book, leg, coins);
    let millions = notional * book.usd_per_account / 1e6;
    let weight = &mut pressure.0[leg.underlying][usize::from(leg.is_option())];
    // The average over the trade: it begins at what weighs already.
    let rate = |impact: Impact| impact.half_spread + impact.per_million * (*weight + millions / 2.0);
    let (slippage, fee) = if leg.is_option() {
        let price = leg.mark().max(0.0);
        let lost = leg.sensitivities.vega * rate(rules.slippage.option_vol) + price * rate(rules.slippage.option_price);
        // Nobody is asked to pay for what is sold.
        let lost = if coins < 0.0 { lost.min(price) } else { lost };
        let premium = size * price * leg.account_per_quote;
        let fee = (rules.fee.option * notional).min(rules.fee.option_of_price * premium);
        (size * lost * leg.account_per_quote, fee)
    } else {
        (notional * rate(rules.slippage.other), rules.fee.other * notional)
    };
    *weight += millions;
    let of_equity = if gross > 0.0 { rules.fee.of_equity * equity.max(0.0) * (notional / gross).min(1.0) } else { 0.0 };
    Trade { instrument: leg.instrument, coins, price: leg.mark(), notional, slippage, fee: fee + of_equity }
}
