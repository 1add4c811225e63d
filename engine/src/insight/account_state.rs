//! What an account has, what it needs, and how far it is from trouble.

use crate::asset::Asset;
use crate::book::{Book, Leg, LegKind, Worth};
use crate::collateral::{CollateralSchedule, CountedBalance};
use crate::methodology::{CountedOptions, Methodology, Pair};

/// From this ratio of maintenance requirement to margin balance on, an account should be watched.
pub const WARNING_RATIO: f64 = 0.7;

/// How an account stands, from well to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Both requirements are met with room to spare.
    Healthy,
    /// The maintenance requirement takes more than [`WARNING_RATIO`] of the balance.
    Watch,
    /// The initial requirement is not met: nothing that adds risk may be opened, and more margin is asked for.
    MarginCall,
    /// The maintenance requirement is not met: the venue closes positions.
    Liquidation,
    /// The account owes more than it has.
    Bankrupt,
}

impl Standing {
    /// One word for it.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Healthy => "healthy",
            Standing::Watch => "watch",
            Standing::MarginCall => "margin-call",
            Standing::Liquidation => "liquidation",
            Standing::Bankrupt => "bankrupt",
        }
    }
}

/// The delta of an account in one underlying.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnderlyingDelta {
    /// The underlying.
    pub asset: Asset,
    /// Of the legs and of the balances that move with it, in coins or shares.
    pub coins: f64,
    /// The same in the account currency.
    pub value: f64,
}

/// An account at one instant. Money is in the account currency.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountState {
    /// What the account would be worth if all were closed at its marks: balances, options, futures' gains, what is
    /// held outright.
    pub equity: f64,
    /// What the legs are worth, the part of `equity` that is no balance.
    pub worth: Worth,
    /// Each balance and what it counts for.
    pub balances: Vec<CountedBalance>,
    /// What counts against the requirements: equity after haircuts, without options where the rules count those in
    /// the requirement.
    pub margin_balance: Pair,
    /// The requirements.
    pub requirement: Pair,
    /// `margin_balance` less `requirement`: what is free for new positions, and what is left until liquidation.
    pub free: Pair,
    /// Maintenance requirement over margin balance: liquidation is at 1. None where there is no balance to divide by.
    pub margin_ratio: Option<f64>,
    /// Absolute size of all positions over equity; none without equity.
    pub leverage: Option<f64>,
    /// Delta in each underlying of the legs and balances.
    pub deltas: Vec<UnderlyingDelta>,
    /// How it stands.
    pub standing: Standing,
}

/// What a book's balances and positions count for against the requirements, with how it came about.
pub fn margin_balance(
    methodology: &dyn Methodology,
    schedule: &CollateralSchedule,
    book: &Book,
) -> (Pair, Vec<CountedBalance>, Worth) {
    let worth = book.worth();
    let mut balances = schedule.count(book);
    if methodology.haircuts_collateral() {
        // The requirement holds the haircuts, but not what a stress adds to them.
        for (balance, usual) in balances.iter_mut().zip(schedule.usual().count(book)) {
            let added = balance.counted.plus(usual.counted.times(-1.0));
            balance.counted = Pair::both(balance.value).plus(added);
        }
    }
    let options = match methodology.counted_options() {
        CountedOptions::All => worth.long_options + worth.short_options,
        CountedOptions::Long => worth.long_options,
        CountedOptions::None => 0.0,
    };
    let outright = if methodology.holds_short_stock() { held_outright(book) } else { worth.outright };
    let of_legs = Pair::both(options + worth.unrealised + outright + worth.settled);
    let counted = balances.iter().fold(of_legs, |sum, balance| sum.plus(balance.counted));
    (counted, balances, worth)
}

/// What coins, shares and bonds are worth that are held and not owed.
fn held_outright(book: &Book) -> f64 {
    let is_held = |leg: &&Leg| matches!(leg.kind, LegKind::Spot | LegKind::Bond { .. }) && leg.coins > 0.0;
    book.legs.iter().filter(is_held).map(|leg| book.worth_of(leg)).sum()
}

/// The state of an account whose book needs `requirement` under the methodology.
pub fn account_state(
    methodology: &dyn Methodology,
    schedule: &CollateralSchedule,
    book: &Book,
    requirement: Pair,
) -> AccountState {
    let (margin_balance, balances, worth) = margin_balance(methodology, schedule, book);
    let equity = worth.total() + balances.iter().map(|balance| balance.value).sum::<f64>();
    let free = margin_balance.plus(requirement.times(-1.0));
    let margin_ratio = match margin_balance.maintenance {
        balance if balance > 0.0 => Some(requirement.maintenance / balance),
        _ => (requirement.maintenance == 0.0 && free.maintenance == 0.0).then_some(0.0),
    };
    let is_empty = requirement == Pair::default() && equity == 0.0;
    let standing = if equity < 0.0 {
        Standing::Bankrupt
    } else if free.maintenance < 0.0 || (margin_ratio.is_none() && !is_empty) {
        Standing::Liquidation
    } else if free.initial < 0.0 {
        Standing::MarginCall
    } else if margin_ratio.is_some_and(|ratio| ratio >= WARNING_RATIO) {
        Standing::Watch
    } else {
        Standing::Healthy
    };
    AccountState {
        equity,
        worth,
        balances,
        margin_balance,
        requirement,
        free,
        margin_ratio,
        leverage: (equity > 0.0).then(|| gross_size(book) / equity),
        deltas: deltas(book),
        standing,
    }
}

/// Absolute size of all positions in the account currency: options, futures and what is held at the price of their
/// underlying, bonds at their own.
pub(super) fn gross_size(book: &Book) -> f64 {
    let size = |leg: &Leg| match leg.kind {
        LegKind::Settled => 0.0,
        LegKind::Bond { .. } => leg.coins * leg.mark() * leg.account_per_quote,
        _ => leg.coins * book.expiries[leg.expiry].forward * leg.account_per_quote,
    };
    book.legs.iter().map(|leg| size(leg).abs()).sum()
}

/// Delta in each underlying of the legs and balances.
pub(super) fn deltas(book: &Book) -> Vec<UnderlyingDelta> {
    let of_balances = |asset: Asset| {
        let held = book.balances.iter().filter(move |balance| balance.priced_by == Some(asset));
        held.map(|balance| balance.value()).sum::<f64>()
    };
    let each = book.underlyings.iter().enumerate().map(|(place, underlying)| {
        let legs = book.legs.iter().filter(|leg| leg.underlying == place);
        let of_legs: f64 = legs.map(|leg| leg.delta_coins()).sum();
        let price = underlying.account_per_coin;
        let held = if price > 0.0 { of_balances(underlying.asset) / price } else { 0.0 };
        let coins = of_legs + held;
        UnderlyingDelta { asset: underlying.asset, coins, value: coins * price }
    });
    let mut deltas: Vec<UnderlyingDelta> = each.collect();
    for balance in &book.balances {
        let Some(asset) = balance.priced_by else { continue };
        if deltas.iter().all(|delta| delta.asset != asset) {
            // Held in a coin that no leg is on: the number of coins is not known, that of the balance's own is.
            let value = of_balances(asset);
            deltas.push(UnderlyingDelta { asset, coins: value / balance.account_per_unit, value });
        }
    }
    deltas
}
