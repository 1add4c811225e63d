//! A fixed set of books under every methodology, and a hash of the bits of every figure.
//!
//! Native and wasm tests compare it with the same constant: the same inputs must give the same bits. `cargo xtask bits`
//! does so with many more books.

mod accounts;
mod figures;
mod random;

use margin_engine::account::Account;
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::instrument::Right;
use margin_engine::pricing::implied::implied_vol;

use figures::add_book;
pub use random::{Hash, Random};

/// The hash of all figures. It changes with formulas, presets and the set of books, and with nothing else.
pub const EXPECTED: u64 = 0x35dd_566a_9473_2461;

/// The hash of implied vols, which a crate of others computes.
pub const EXPECTED_IMPLIED: u64 = 0xd11d_8f1d_8fb8_abfa;

const BOOKS: usize = 60;

/// The hash of every requirement, share, slide, surface and profile.
pub fn figures() -> u64 {
    let mut random = Random(2026);
    let mut hash = Hash::new();
    let (rules, history) = (figures::all_rules(), accounts::history());
    for number in 0..BOOKS {
        let market = accounts::market(&mut random, &history);
        let positions = (0..1 + random.below(15)).map(|_| accounts::position(&mut random)).collect();
        let currency = [Asset::USD, Asset::BTC, Asset::USDC][number % 3];
        let account = Account::new(currency, positions, vec![]).expect("a valid account");
        let book = Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("the market has them");
        add_book(&mut hash, &rules, &book);

        let shift = accounts::shift(&mut random);
        let pinned = account.pinned(&market).expect("the market has them");
        let moved = market.shifted(&shift).expect("a valid what-if");
        let book = Book::resolve(&pinned, &moved, ExpiredPositions::Settle).expect("the market has them");
        add_book(&mut hash, &rules, &book);
    }
    hash.finish()
}

/// The hash of implied vols.
pub fn implied_vols() -> u64 {
    let mut random = Random(7);
    let mut hash = Hash::new();
    for _ in 0..2_000 {
        let (strike, years) = (random.between(40.0, 250.0), random.between(0.01, 2.0));
        let right = if random.flip() { Right::Call } else { Right::Put };
        let price =
            margin_engine::pricing::black76::price(right, 100.0, strike, random.between(0.05, 2.0), years, 0.98);
        if let Ok(vol) = implied_vol(right, price, 100.0, strike, years, 0.98) {
            hash.add(vol);
        }
    }
    hash.finish()
}
