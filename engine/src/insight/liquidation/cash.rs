//! Where gains and costs are booked, and how trades in a moved market come back to today's book.

use crate::asset::Asset;
use crate::book::{Book, Collateral, Leg, LegKind};
use crate::instrument::Settlement;

/// The currency in which a leg pays, what a unit is worth in the account currency, and the underlying that it goes with.
fn currency_of(book: &Book, leg: &Leg) -> (Asset, f64, Option<Asset>) {
    let held_outright = matches!(leg.kind, LegKind::Spot | LegKind::Bond { .. });
    // A coin that is sold leaves what it is priced in.
    let (asset, unit) = if held_outright && leg.settlement == Settlement::Inverse {
        (book.underlyings[leg.underlying].quote, leg.account_per_quote)
    } else {
        let group = &book.settlements[leg.settlement_group];
        (group.asset, group.account_per_unit)
    };
    let priced_by = book.underlyings.iter().any(|underlying| underlying.asset == asset).then_some(asset);
    (asset, unit, priced_by)
}

/// Adds to the balance in a currency an amount of the account currency, at what the account counts a unit of it.
fn add(book: &mut Book, amount: f64, (asset, unit, priced_by): (Asset, f64, Option<Asset>)) {
    match book.balances.iter_mut().find(|balance| balance.asset == asset) {
        Some(balance) => balance.amount += amount / balance.account_per_unit,
        None => book.balances.push(Collateral {
            asset,
            amount: amount / unit,
            account_per_unit: unit,
            confidence: 1.0,
            priced_by,
        }),
    }
}

/// Books an amount to the balance in a currency. What is paid in a coin that the account has not is bought from its
/// other balances at the mark: a debt in coin would be a position that liquidation had opened.
fn book_to(book: &mut Book, amount: f64, currency: (Asset, f64, Option<Asset>)) {
    let (asset, _, priced_by) = currency;
    if priced_by.is_none() || amount >= 0.0 || asset == book.currency {
        return add(book, amount, currency);
    }
    let held = book.balances.iter().find(|balance| balance.asset == asset).map_or(0.0, |it| it.value().max(0.0));
    let paid = (-amount).min(held);
    if paid > 0.0 {
        add(book, -paid, currency);
    }
    pay(book, -amount - paid);
}

/// Books what a leg pays or costs, in the account currency.
pub(super) fn receive(book: &mut Book, leg: usize, amount: f64) {
    let currency = currency_of(book, &book.legs[leg]);
    book_to(book, amount, currency);
}

/// Books an amount in the account currency itself.
pub(super) fn receive_money(book: &mut Book, amount: f64) {
    let currency = (book.currency, 1.0, book.currency_priced_by);
    add(book, amount, currency);
}

/// Takes an amount from the greatest balances; what they do not hold is owed in the account currency.
pub(super) fn pay(book: &mut Book, amount: f64) {
    let mut left = amount;
    for _ in 0..book.balances.len() {
        let richest = book.balances.iter_mut().max_by(|one, other| one.value().total_cmp(&other.value()));
        let Some(balance) = richest.filter(|balance| left > 0.0 && balance.value() > 0.0) else { break };
        if balance.value() > left {
            balance.amount -= left / balance.account_per_unit;
            left = 0.0;
        } else {
            left -= balance.value();
            balance.amount = 0.0;
        }
    }
    if left != 0.0 {
        receive_money(book, -left);
    }
}

/// Pays out what has expired on the way, at the prices of this step.
pub(super) fn settle_expired(book: &mut Book) -> bool {
    let mut any = false;
    for place in 0..book.legs.len() {
        if book.legs[place].kind == LegKind::Settled && book.legs[place].coins != 0.0 {
            let worth = book.worth_of(&book.legs[place]);
            receive(book, place, worth);
            book.legs[place].coins = 0.0;
            any = true;
        }
    }
    any
}

/// Today's book with the sizes, entry prices and balances of one that was moved from it and then traded.
pub(super) fn carry_back(today: &mut Book, moved: &Book) {
    for (mine, theirs) in today.legs.iter_mut().zip(&moved.legs) {
        let (from, to) = (moved.expiries[theirs.expiry].forward, today.expiries[mine.expiry].forward);
        let is_future = mine.is_future();
        // Coin-settled futures are worth a number of dollars, which stays.
        mine.coins =
            if is_future && mine.instrument.is_sized_in_quote() { theirs.coins * from / to } else { theirs.coins };
        if is_future {
            mine.entry_price = theirs.entry_price;
        }
    }
    for (place, balance) in moved.balances.iter().enumerate() {
        if let Some(mine) = today.balances.get_mut(place) {
            mine.amount = balance.amount;
            continue;
        }
        let paid_in = today.legs.iter().map(|leg| currency_of(today, leg)).find(|(asset, ..)| *asset == balance.asset);
        let account_per_unit = paid_in.map_or(1.0, |(_, unit, _)| unit);
        today.balances.push(Collateral { account_per_unit, ..balance.clone() });
    }
}
