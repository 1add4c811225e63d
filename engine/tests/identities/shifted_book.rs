//! A book that is moved is the book of the account in the moved market, and what it is worth counts what the move
//! gained.

use margin_engine::account::{Account, Balance, Position};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, BookShift, ExpiredPositions, LegKind};
use margin_engine::market::Shift;
use margin_engine::slide::{Slide, SlideGrid, Stress, VolMove, revalue};
use proptest::prelude::*;

use crate::support::{self, CALM, any_currency, any_market, any_positions, close, coins, market};

fn account(positions: Vec<Position>, currency: &str) -> Account {
    let balances = vec![
        Balance::new(Asset::USDC, 1_000.0),
        Balance::new(Asset::BTC, 2.0),
        Balance::new("WSTETH".parse().expect("a ticker"), -3.0),
    ];
    support::account(currency, positions).with_balances(balances).expect("a valid account")
}

proptest! {
    #![proptest_config(crate::cases())]

    #[test]
    fn a_moved_book_is_the_book_in_the_moved_market(
        market in any_market(),
        positions in any_positions(),
        currency in any_currency(),
        spot_move in -0.6..1.5_f64,
        days_forward in prop_oneof![Just(0.0), 0.0..60.0_f64],
    ) {
        let account = account(positions, currency);
        // A market moves the vols at its strikes and reads between them anew; that vols move is checked below.
        let shift = Shift { spot_move, vol_points: 0.0, days_forward };
        let today = Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("valid");
        let ours = today.shifted(&BookShift { shift, ..BookShift::default() }).expect("a valid move");
        let pinned = account.pinned(&market).expect("valid");
        let moved = market.shifted(&shift).expect("a valid move");
        let theirs = Book::resolve(&pinned, &moved, ExpiredPositions::Settle).expect("valid");
        prop_assert_eq!(ours.time, theirs.time);
        for (ours, theirs) in ours.balances.iter().zip(&theirs.balances) {
            prop_assert!(close(ours.account_per_unit, theirs.account_per_unit, 1e-12, theirs.account_per_unit));
        }
        for (mine, other) in ours.legs.iter().zip(&theirs.legs) {
            let unit = ours.index_of(mine).max(1.0);
            let is_listed = market.get(mine.instrument.product.base).is_some_and(|coin| {
                mine.instrument.expiry().is_none_or(|expiry| coin.expiry(expiry).is_some())
            });
            if !is_listed {
                // Between its expiries, too, a market reads anew.
                continue;
            }
            prop_assert!(close(mine.coins, other.coins, 1e-12, other.coins), "coins {mine:?} {other:?}");
            prop_assert!(close(mine.mark(), other.mark(), 1e-11, unit), "mark {mine:?} {other:?}");
            prop_assert!(close(mine.delta_coins(), other.delta_coins(), 1e-10, other.coins), "delta {mine:?} {other:?}");
            let scale = unit * other.coins.abs() * other.account_per_quote;
            prop_assert!(close(ours.worth_of(mine), theirs.worth_of(other), 1e-10, scale), "{mine:?} {other:?}");
        }
    }

    /// The gain is that of the revaluation, which counts it from slides and knows no equity.
    #[test]
    fn equity_changes_by_what_the_slide_gains(positions in any_positions(), spot_move in -0.6..1.5_f64, points in 0.0..0.5_f64) {
        let account = account(positions, "USD");
        let today = Book::resolve(&account, &market(CALM), ExpiredPositions::Refuse).expect("valid");
        let shift = Shift { spot_move, vol_points: points, days_forward: 0.0 };
        let moved = today.shifted(&BookShift { shift, ..BookShift::default() }).expect("a valid move");
        let slide = Slide::uniform(Stress::new(spot_move, VolMove::Points(points)), today.underlyings.len(), String::new());
        let gained: f64 = revalue(&today, &SlideGrid::new(vec![slide])).totals()[0];
        let size: f64 = today.legs.iter().map(|leg| leg.coins.abs() * today.index_of(leg)).sum();
        let change = moved.worth().total() - today.worth().total();
        prop_assert!(close(change, gained, 1e-9, size), "{change} {gained}");
    }
}

/// By hand: 80,000 and half the price; a put at 90,000 pays 50,000, a call nothing; two perpetuals in dollars lose
/// 40,000 each; the dollar coin at 0.88 is worth 12 % less.
#[test]
fn what_is_settled_and_what_lost_its_peg() {
    let names = [("BTC-25SEP26-90000-P", 1.0), ("BTC-25SEP26-90000-C", 1.0), ("BTC_USDC-PERPETUAL", 2.0)];
    let positions = names.iter().map(|(name, size)| coins(name, *size)).collect();
    let today = Book::resolve(&account(positions, "USD"), &market(CALM), ExpiredPositions::Refuse).expect("valid");
    let (index, mark) = (today.underlyings[0].index, today.legs[2].mark());
    let depeg = BookShift {
        shift: Shift { days_forward: 60.0, ..Shift::default() },
        asset_moves: vec![(Asset::BTC, -0.5), (Asset::USDC, -0.12)],
        ..BookShift::default()
    };
    let moved = today.shifted(&depeg).expect("a valid move");
    assert!(moved.legs[..2].iter().all(|leg| leg.kind == LegKind::Settled));
    let worth = moved.worth();
    assert!(close(worth.settled, 90_000.0 - index / 2.0, 1e-12, 1e5), "{worth:?}");
    assert!(close(worth.unrealised, -mark * 0.88, 1e-12, 1e5), "{worth:?}");
    assert!(close(moved.balances[0].value(), 880.0, 1e-12, 1e3));
    assert!(close(moved.balances[1].value(), index, 1e-12, 1e5));
    for bad in
        [BookShift::spot(-1.0), BookShift::spot(f64::NAN), BookShift { vol_factor: -1.0, ..BookShift::default() }]
    {
        assert!(today.shifted(&bad).is_err(), "{bad:?}");
    }
}
