use margin_engine::account::{Account, Position};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::market::Market;

use super::super::venue::Venue;
use super::*;
use crate::state::markets::{BUNDLED, named};

/// Calls `check` for every listed expiry of every coin of every bundled market.
fn everywhere(check: impl Fn(&Market, &Underlying, Expiry)) {
    for bundled in BUNDLED {
        let market = named(bundled.name).expect("tested elsewhere");
        for coin in market.underlyings() {
            for listed in coin.expiries() {
                check(&market, coin, listed.expiry());
            }
        }
    }
}

/// Whether it can be built: an index is not held, so that nothing covers its options.
fn exists(strategy: Strategy, coin: &Underlying) -> bool {
    use Strategy::{Collar, CoveredCall, DeltaNeutralStraddle, ProtectivePut};
    let needs_it = matches!(strategy, CoveredCall | ProtectivePut | Collar | DeltaNeutralStraddle);
    !needs_it || Venue::of(coin).trades != Trades::Index
}

fn built(strategy: Strategy, coin: &Underlying, expiry: Expiry, size: f64) -> Vec<(Instrument, Quantity)> {
    legs(strategy, coin, expiry, size).unwrap_or_else(|reason| panic!("{strategy:?} at {expiry}: {reason}"))
}

/// What the legs pay in dollars at a price on the day when all of them end, for one unit of the underlying.
fn payoff(legs: &[(Instrument, Quantity)], price: f64, entry: f64) -> f64 {
    let pays = |(instrument, quantity): &(Instrument, Quantity)| {
        let unit = match instrument.option_terms() {
            Some((strike, Right::Call)) => (price - strike).max(0.0),
            Some((strike, Right::Put)) => (strike - price).max(0.0),
            // A hundred shares belong to one option.
            None if instrument.kind == Kind::Spot => (price - entry) / 100.0,
            None => price - entry,
        };
        unit * quantity.amount
    };
    legs.iter().map(pays).sum()
}

/// To a millionth of a dollar.
fn is_close(left: f64, right: f64) -> bool {
    (left - right).abs() < 1e-6
}

fn strikes_of(legs: &[(Instrument, Quantity)]) -> Vec<f64> {
    legs.iter().filter_map(|(instrument, _)| Some(instrument.option_terms()?.0)).collect()
}

fn amounts(legs: &[(Instrument, Quantity)]) -> Vec<f64> {
    legs.iter().map(|(_, quantity)| quantity.amount).collect()
}

#[test]
fn every_strategy_is_listed_and_turns_around_with_its_size() {
    everywhere(|_, coin, expiry| {
        for strategy in Strategy::ALL.into_iter().filter(|strategy| exists(*strategy, coin)) {
            let bought = built(strategy, coin, expiry, 2.0);
            let sold = built(strategy, coin, expiry, -2.0);
            assert_eq!(bought.len(), sold.len());
            for ((instrument, quantity), (other, sold)) in bought.iter().zip(&sold) {
                assert_eq!((instrument, quantity.amount), (other, -sold.amount), "{strategy:?} {expiry}");
                assert_eq!(bought.iter().filter(|leg| leg.0 == *instrument).count(), 1, "{strategy:?} {expiry}");
                if let (Some((strike, _)), Some(expiry)) = (instrument.option_terms(), instrument.expiry()) {
                    let listed = coin.expiry(expiry).expect("listed").listed_strikes();
                    assert!(listed.contains(&strike), "{strategy:?} {expiry} {strike}");
                }
            }
        }
    });
}

#[test]
fn identifiers_and_names_are_distinct() {
    for strategy in Strategy::ALL {
        let same = |other: &&Strategy| other.id() == strategy.id() || other.name() == strategy.name();
        assert_eq!(Strategy::ALL.iter().filter(same).count(), 1, "{strategy:?}");
    }
}

#[test]
fn a_box_pays_the_same_at_every_price() {
    everywhere(|_, coin, expiry| {
        let legs = built(Strategy::Box, coin, expiry, 3.0);
        let strikes = strikes_of(&legs);
        let width = strikes.iter().copied().fold(0.0, f64::max) - strikes.iter().copied().fold(f64::MAX, f64::min);
        for price in [0.0, 0.5 * coin.index(), coin.index(), 2.0 * coin.index()] {
            assert!(is_close(payoff(&legs, price, 0.0), 3.0 * width), "{expiry} {price}");
        }
    });
}

#[test]
fn a_butterfly_has_equal_wings_around_the_money() {
    everywhere(|_, coin, expiry| {
        let legs = built(Strategy::Butterfly, coin, expiry, 1.0);
        assert_eq!(amounts(&legs), [1.0, -2.0, 1.0]);
        let [low, body, high] = strikes_of(&legs)[..] else { panic!("{legs:?}") };
        assert!(low < body && body < high && (high - body - (body - low)).abs() < 1e-9 * body, "{expiry}");
        assert!((body / coin.forward(expiry) - 1.0).abs() < 0.05, "{expiry}: {body}");
        assert_eq!(payoff(&legs, 0.0, 0.0), 0.0);
        assert_eq!(payoff(&legs, body, 0.0), body - low);
        assert!(payoff(&legs, 3.0 * body, 0.0).abs() < 1e-9 * body);
    });
}

#[test]
fn an_iron_condor_earns_inside_and_is_bounded_outside() {
    everywhere(|_, coin, expiry| {
        let legs = built(Strategy::IronCondor, coin, expiry, 1.0);
        let [inner_call, outer_call, inner_put, outer_put] = strikes_of(&legs)[..] else { panic!("{legs:?}") };
        assert!(outer_put < inner_put && inner_put < inner_call && inner_call < outer_call, "{expiry}");
        assert_eq!(payoff(&legs, coin.forward(expiry), 0.0), 0.0);
        assert!(is_close(payoff(&legs, 0.0, 0.0), outer_put - inner_put));
        assert!(is_close(payoff(&legs, 10.0 * outer_call, 0.0), inner_call - outer_call));
    });
}

#[test]
fn the_others_have_their_shapes() {
    everywhere(|_, coin, expiry| {
        let (forward, index) = (coin.forward(expiry), coin.index());
        let high = 10.0 * index;
        let pays = |strategy, price| payoff(&built(strategy, coin, expiry, 1.0), price, index);
        if exists(Strategy::CoveredCall, coin) {
            // Above the call nothing more is earned; below, all of the underlying is lost.
            assert!(is_close(pays(Strategy::CoveredCall, high), pays(Strategy::CoveredCall, 2.0 * high)));
            assert_eq!(pays(Strategy::CoveredCall, 0.0), -index);
            assert!(is_close(pays(Strategy::ProtectivePut, 0.0), pays(Strategy::ProtectivePut, 0.1 * index)));
            assert!(pays(Strategy::ProtectivePut, 2.0 * high) > pays(Strategy::ProtectivePut, high));
            assert!(is_close(pays(Strategy::Collar, high), pays(Strategy::Collar, 2.0 * high)));
            assert!(is_close(pays(Strategy::Collar, 0.0), pays(Strategy::Collar, 0.1 * index)));
        }
        for both_sides in [Strategy::Straddle, Strategy::Strangle] {
            assert!(pays(both_sides, 0.0) > 0.0 && pays(both_sides, high) > 0.0);
        }
        assert!(pays(Strategy::Strangle, forward) <= pays(Strategy::Straddle, forward));
        assert_eq!(pays(Strategy::Vertical, 0.0), 0.0);
        assert!(is_close(pays(Strategy::Vertical, high), pays(Strategy::Vertical, 2.0 * high)));
        assert!(pays(Strategy::Vertical, high) > 0.0);
        assert!(pays(Strategy::RiskReversal, high) > 0.0 && pays(Strategy::RiskReversal, 0.0) < 0.0);
        let calendar = built(Strategy::Calendar, coin, expiry, 1.0);
        let [(near, sold), (far, bought)] = calendar[..] else { panic!("{calendar:?}") };
        assert!(near.expiry() < far.expiry() && near.option_terms() == far.option_terms(), "{expiry}");
        assert_eq!((sold.amount, bought.amount), (-1.0, 1.0));
        assert!(near.expiry() == Some(expiry) || far.expiry() == Some(expiry));
    });
}

#[test]
fn a_delta_neutral_straddle_has_no_delta() {
    everywhere(|market, coin, expiry| {
        let venue = Venue::of(coin);
        for size in [0.1, 1.0, -10.0] {
            if venue.trades == Trades::Index {
                continue;
            }
            let legs = built(Strategy::DeltaNeutralStraddle, coin, expiry, size);
            let positions: Vec<Position> = legs
                .iter()
                .map(|&(instrument, quantity)| Position { instrument, quantity, entry_price: None })
                .collect();
            let account = Account::new(Asset::USD, positions, vec![]).expect("valid");
            let book = Book::resolve(&account, market, ExpiredPositions::Refuse).expect("resolves");
            let delta: f64 = book.legs.iter().map(margin_engine::book::Leg::delta_coins).sum();
            // Coins are hedged to a ten-thousandth, shares and futures to half a one; deltas of early exercise differ
            // a little between chain and book.
            let (step, slack) = match venue.trades {
                Trades::Coins => (1e-4, 0.0),
                Trades::Shares => (0.5, 0.02 * size.abs() * venue.contract_size),
                _ => (0.5 * venue.contract_size + 1e-9, 0.0),
            };
            assert!(delta.abs() <= step + slack, "{} {expiry} {size}: {delta}", coin.asset());
        }
    });
}

#[test]
fn legs_are_told_in_one_line() {
    let market = named(BUNDLED[0].name).expect("tested elsewhere");
    let coin = &market.underlyings()[0];
    let expiry = Expiry::parse("25SEP26").expect("a date");
    let words = |strategy, size| in_words(&built(strategy, coin, expiry, size));
    assert_eq!(words(Strategy::Straddle, -10.0), "−10 77k call, −10 77k put");
    assert_eq!(words(Strategy::Calendar, 1.0), "−1 77k 25SEP26 call, +1 77k 30OCT26 call");
    assert!(words(Strategy::CoveredCall, 1.0).starts_with("+1 perpetual, −1 "));
}

#[test]
fn what_cannot_be_built_is_told() {
    let market = named(BUNDLED[0].name).expect("tested elsewhere");
    let unlisted = Expiry::parse("1JAN27").expect("a date");
    let reason = legs(Strategy::Box, &market.underlyings()[0], unlisted, 1.0).expect_err("not listed");
    assert_eq!(reason, "No options are listed for 1JAN27.");
    let market = named("us-2025-10-06").expect("bundled");
    let index = market.get("SPX".parse().expect("a ticker")).expect("listed");
    let expiry = index.expiries()[1].expiry();
    let reason = legs(Strategy::CoveredCall, index, expiry, 1.0).expect_err("an index");
    assert_eq!(reason, "SPX itself is not traded.");
    let stock = market.get("AAPL".parse().expect("a ticker")).expect("listed");
    let expiry = stock.expiries()[1].expiry();
    assert_eq!(in_words(&built(Strategy::CoveredCall, stock, expiry, 2.0)), "+200 AAPL shares, −2 270 call");
}
