//! Random books by their number, and a hash of every figure of each under every methodology.

use std::sync::Arc;

use margin_engine::account::Account;
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::market::History;

use figures::{Rules, add_book, all_rules};
use random::{Hash, Random};

#[path = "../../tests/bits/accounts.rs"]
mod accounts;
#[path = "../../tests/bits/figures.rs"]
mod figures;
#[path = "../../tests/bits/random.rs"]
mod random;

/// The most legs of a book.
const LEGS: usize = 12;

/// What all books share: the methodologies, and the history behind those that go by one.
pub struct Books {
    rules: Vec<Rules>,
    history: Arc<History>,
}

impl Default for Books {
    fn default() -> Books {
        Books { rules: all_rules(), history: accounts::history() }
    }
}

impl Books {
    /// Under how many methodologies each book is assessed.
    pub fn methodologies(&self) -> usize {
        self.rules.len()
    }

    /// The hash of every figure of the book of this number: sensitivities, requirements, shares, slides, savings, surface
    /// and profile. Where a methodology does not apply, its sentence is hashed.
    pub fn hash(&self, number: u32) -> u64 {
        let mut hash = Hash::new();
        add_book(&mut hash, &self.rules, &self.book(number));
        hash.finish()
    }

    /// Each book has a market of its own; every fourth is one after a what-if, in which some legs may have expired.
    fn book(&self, number: u32) -> Book {
        // Seeds that follow each other begin alike; multiplied by an odd number they do not.
        let mut random = Random(u64::from(number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let market = accounts::market(&mut random, &self.history);
        let positions = (0..1 + random.below(LEGS)).map(|_| accounts::position(&mut random)).collect();
        let currency = [Asset::USD, Asset::BTC, Asset::USDC][number as usize % 3];
        let account = Account::new(currency, positions, vec![]).expect("a valid account");
        if number % 4 != 3 {
            return Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("the market has them");
        }
        let pinned = account.pinned(&market).expect("the market has them");
        let moved = market.shifted(&accounts::shift(&mut random)).expect("a valid what-if");
        Book::resolve(&pinned, &moved, ExpiredPositions::Settle).expect("the market has them")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_book_whatever_was_asked_before() {
        let books = Books::default();
        let first = [books.hash(0), books.hash(3), books.hash(2)];
        let others = Books::default();
        assert_eq!([others.hash(0), books.hash(3), others.hash(2)], first);
        assert_ne!(first[0], first[1]);
    }
}
