//! Legs in the same instrument as one position.

use std::ops::Deref;
use std::slice;

use super::{Book, Leg, LegKind};
use crate::alike::previous_alike;

/// All legs in one instrument.
#[derive(Debug, Clone, PartialEq)]
pub struct NetPosition {
    /// Their signed sum, in coins.
    pub coins: f64,
    /// Which legs they are; at least one.
    pub legs: LegList,
}

/// Places of legs, at least one: as a rule just one, which then needs no list of its own.
#[derive(Debug, Clone, PartialEq)]
pub enum LegList {
    /// One leg.
    One([usize; 1]),
    /// More of them, in the order of the book.
    Several(Vec<usize>),
}

impl LegList {
    fn push(&mut self, leg: usize) {
        match self {
            LegList::One([first]) => *self = LegList::Several(vec![*first, leg]),
            LegList::Several(legs) => legs.push(leg),
        }
    }
}

impl Deref for LegList {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        match self {
            LegList::One(leg) => leg,
            LegList::Several(legs) => legs,
        }
    }
}

impl<'a> IntoIterator for &'a LegList {
    type Item = &'a usize;
    type IntoIter = slice::Iter<'a, usize>;

    fn into_iter(self) -> slice::Iter<'a, usize> {
        self.iter()
    }
}

impl Book {
    /// Signed size in coins of each instrument, and the legs that hold it: what a venue, which knows only one
    /// position for each instrument, sees. Settled legs are left out.
    pub fn net_by_instrument(&self) -> Vec<NetPosition> {
        let hashes: Vec<u64> = self.legs.iter().map(Leg::strike_hash).collect();
        let is_same = |one: usize, other: usize| self.legs[one].instrument == self.legs[other].instrument;
        let previous = previous_alike(&hashes, &is_same);
        let mut net: Vec<NetPosition> = Vec::with_capacity(self.legs.len());
        let mut places = vec![0; self.legs.len()];
        for (index, leg) in self.legs.iter().enumerate() {
            if leg.kind == LegKind::Settled {
                continue;
            }
            if let Some(before) = previous[index] {
                places[index] = places[before];
                let held = &mut net[places[index]];
                held.coins += leg.coins;
                held.legs.push(index);
            } else {
                places[index] = net.len();
                net.push(NetPosition { coins: leg.coins, legs: LegList::One([index]) });
            }
        }
        net
    }
}
