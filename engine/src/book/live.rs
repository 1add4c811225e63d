//! A book that follows its account edit by edit: legs that stay are not resolved again.

use std::ops::Range;
use std::sync::Arc;

use super::{Book, ExpiredPositions, ResolveError};
use crate::account::{Account, Balance, Position, Quantity};
use crate::market::Market;

/// What an update did to a book.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum BookEdit {
    /// It is another book.
    Whole,
    /// It is the same but for some legs: the others are what they were, groups and all.
    Legs(LegEdits),
}

/// Which legs of a book an edit touched, by their places after it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct LegEdits {
    /// Legs that went, by their places before, and how many came in their place.
    pub replaced: Option<(Range<usize>, usize)>,
    /// Legs that are in another instrument than before, those that came among them.
    pub renewed: Vec<usize>,
    /// Legs of another size or entry price, in the same instrument.
    pub resized: Vec<usize>,
    /// Whether there are groups that were not there before, after those that were.
    pub has_new_groups: bool,
}

/// An account resolved in a market, kept from one edit to the next.
///
/// After each update its book is [`Book::resolve`] of the account, to the bit and with its groups in the same order. An
/// edit that the order of groups depends on is not followed, the account is resolved anew.
#[derive(Debug, Clone, Default)]
pub struct LiveBook(Option<Kept>);

#[derive(Debug, Clone)]
struct Kept {
    /// Held, so that no other market can be where this one is.
    market: Arc<Market>,
    expired: ExpiredPositions,
    positions: Vec<Position>,
    balances: Vec<Balance>,
    book: Book,
}

impl LiveBook {
    /// The book; none before the first update, and after one that failed.
    pub fn book(&self) -> Option<&Book> {
        self.0.as_ref().map(|kept| &kept.book)
    }

    /// Makes it the book of this account in this market.
    ///
    /// Whether the market is the same is asked by its address: one that is equal and elsewhere is another.
    ///
    /// # Errors
    /// Those of [`Book::resolve`].
    pub(crate) fn update(
        &mut self,
        account: &Account,
        market: &Arc<Market>,
        expired: ExpiredPositions,
    ) -> Result<BookEdit, ResolveError> {
        if let Some(edits) = self.0.as_mut().and_then(|kept| kept.follow(account, market, expired)) {
            return Ok(BookEdit::Legs(edits));
        }
        // What was followed in part is no book.
        self.0 = None;
        let book = Book::resolve(account, market, expired)?;
        let (positions, balances) = (account.positions().to_vec(), account.balances().to_vec());
        self.0 = Some(Kept { market: Arc::clone(market), expired, positions, balances, book });
        Ok(BookEdit::Whole)
    }

    /// Gives one leg another size; none where there is no such leg, or its size counted something else. The amount must be
    /// one that an account may have.
    pub(crate) fn resize(&mut self, leg: usize, quantity: Quantity) -> Option<LegEdits> {
        let kept = self.0.as_mut()?;
        let held = kept.positions.get(leg).filter(|held| held.quantity.unit == quantity.unit)?;
        kept.resize(leg, Position { quantity, ..*held });
        Some(LegEdits { resized: vec![leg], ..LegEdits::default() })
    }
}

impl Kept {
    /// Follows the account; none where its book has to be resolved anew, and this one may be half done.
    fn follow(&mut self, account: &Account, market: &Arc<Market>, expired: ExpiredPositions) -> Option<LegEdits> {
        if !Arc::ptr_eq(&self.market, market) || self.expired != expired || self.book.currency != account.currency() {
            return None;
        }
        self.follow_balances(account.balances())?;
        let groups = self.group_counts();
        let edits = self.follow_positions(account.positions())?;
        let has_new_groups = self.group_counts() != groups;
        let is_as_before = edits.renewed.is_empty() && edits.replaced.is_none();
        (is_as_before || self.book.has_groups_in_order()).then_some(LegEdits { has_new_groups, ..edits })
    }

    fn follow_balances(&mut self, balances: &[Balance]) -> Option<()> {
        let is_same = |one: &Balance, other: &Balance| {
            one.asset == other.asset
                && one.amount.to_bits() == other.amount.to_bits()
                && one.usd_per_unit.map(f64::to_bits) == other.usd_per_unit.map(f64::to_bits)
        };
        if self.balances.len() == balances.len() && self.balances.iter().zip(balances).all(|(a, b)| is_same(a, b)) {
            return Some(());
        }
        self.balances.clear();
        self.balances.extend_from_slice(balances);
        self.book.balances.clear();
        balances.iter().try_for_each(|balance| self.book.push_balance(balance, &self.market).ok())
    }

    fn follow_positions(&mut self, positions: &[Position]) -> Option<LegEdits> {
        let mut edits = LegEdits::default();
        let (before, now) = (self.positions.len(), positions.len());
        if before != now {
            // What came or went is between the legs at the beginning that stay and those at the end.
            let most = before.min(now);
            let pairs = self.positions.iter().zip(positions);
            let start = pairs.take_while(|(held, position)| holds_the_same(held, position)).count();
            let pairs = self.positions.iter().rev().zip(positions.iter().rev()).take(most - start);
            let end = pairs.take_while(|(held, position)| holds_the_same(held, position)).count();
            let came = &positions[start..now - end];
            let after = self.book.legs.split_off(before - end);
            self.book.legs.truncate(start);
            came.iter().try_for_each(|position| self.push(position))?;
            self.book.legs.extend(after);
            self.positions.splice(start..before - end, came.iter().copied());
            edits.renewed.extend(start..now - end);
            edits.replaced = Some((start..before - end, came.len()));
        }
        for (leg, position) in positions.iter().enumerate() {
            let held = &self.positions[leg];
            if !holds_the_same(held, position) {
                self.push(position)?;
                self.book.legs[leg] = self.book.legs.pop()?;
                self.positions[leg] = *position;
                edits.renewed.push(leg);
            } else if !is_as_large(held, position) {
                self.resize(leg, *position);
                edits.resized.push(leg);
            }
        }
        Some(edits)
    }

    fn push(&mut self, position: &Position) -> Option<()> {
        self.book.push_position(position, &self.market, self.expired).ok()
    }

    fn resize(&mut self, leg: usize, position: Position) {
        let coins = self.book.coins_in(&self.book.legs[leg], position.quantity);
        let it = &mut self.book.legs[leg];
        it.coins = coins;
        it.entry_price = position.entry_price;
        self.positions[leg] = position;
    }

    fn group_counts(&self) -> [usize; 3] {
        [self.book.underlyings.len(), self.book.expiries.len(), self.book.settlements.len()]
    }
}

impl Book {
    /// Whether its groups stand in the order in which its legs first use them, and all are used: as resolving makes them.
    fn has_groups_in_order(&self) -> bool {
        let (mut underlyings, mut expiries, mut settlements) = (0, 0, 0);
        let follows = |group: usize, seen: &mut usize| {
            *seen = (*seen).max(group + 1).min(*seen + 1);
            group < *seen
        };
        self.legs.iter().all(|leg| {
            follows(leg.underlying, &mut underlyings)
                && follows(leg.expiry, &mut expiries)
                && follows(leg.settlement_group, &mut settlements)
        }) && [underlyings, expiries, settlements]
            == [self.underlyings.len(), self.expiries.len(), self.settlements.len()]
    }
}

/// Whether a leg that is held may stay, whatever its size: same instrument, and the size counts the same.
fn holds_the_same(held: &Position, position: &Position) -> bool {
    held.quantity.unit == position.quantity.unit && held.instrument == position.instrument
}

/// Whether size and entry price are the same: by their bits, since zeros of either sign are equal.
fn is_as_large(held: &Position, position: &Position) -> bool {
    held.quantity.amount.to_bits() == position.quantity.amount.to_bits()
        && held.entry_price.map(f64::to_bits) == position.entry_price.map(f64::to_bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, market};

    const HELD: [(&str, f64); 4] = [
        ("BTC-25SEP26-80000-C", 1.0),
        ("BTC-25SEP26-90000-P", -2.0),
        ("BTC-25DEC26-80000-C", 3.0),
        ("BTC-25DEC26-80000-P", 4.0),
    ];

    /// What an update from [`HELD`] does.
    fn edit(positions: &[(&str, f64)]) -> BookEdit {
        let market = Arc::new(market());
        let mut live = LiveBook::default();
        let refuse = ExpiredPositions::Refuse;
        assert_eq!(live.update(&account("USD", &HELD), &market, refuse), Ok(BookEdit::Whole));
        let edit = live.update(&account("USD", positions), &market, refuse).expect("the market has them");
        assert_eq!(live.book(), Book::resolve(&account("USD", positions), &market, refuse).ok().as_ref());
        edit
    }

    fn with(place: usize, name: &'static str, coins: f64) -> [(&'static str, f64); 4] {
        let mut positions = HELD;
        positions[place] = (name, coins);
        positions
    }

    #[test]
    fn an_edit_touches_what_it_changes() {
        let none = LegEdits::default;
        assert_eq!(edit(&HELD), BookEdit::Legs(none()));
        let resized = LegEdits { resized: vec![1], ..none() };
        assert_eq!(edit(&with(1, HELD[1].0, 5.0)), BookEdit::Legs(resized));
        let renewed = LegEdits { renewed: vec![1], ..none() };
        assert_eq!(edit(&with(1, "BTC-25DEC26-100000-C", -2.0)), BookEdit::Legs(renewed));
        let mut more = HELD.to_vec();
        more.insert(2, ("BTC-25SEP26-70000-P", 1.0));
        let added = LegEdits { replaced: Some((2..2, 1)), renewed: vec![2], ..none() };
        assert_eq!(edit(&more), BookEdit::Legs(added));
        let removed = LegEdits { replaced: Some((1..2, 0)), ..none() };
        assert_eq!(edit(&[HELD[0], HELD[2], HELD[3]]), BookEdit::Legs(removed));
    }

    #[test]
    fn a_new_group_at_the_end_is_followed_and_another_order_is_not() {
        let named = |place| edit(&with(place, "BTC-PERPETUAL", 1.0));
        let last = LegEdits { renewed: vec![3], has_new_groups: true, ..LegEdits::default() };
        assert_eq!(named(3), BookEdit::Legs(last));
        // Resolved anew, perpetuals come before December.
        assert_eq!(named(1), BookEdit::Whole);
        // Without its legs an expiry is none.
        assert_eq!(edit(&HELD[..2]), BookEdit::Whole);
    }
}
