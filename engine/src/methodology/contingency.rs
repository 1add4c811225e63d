//! A charge on the notional of positions, at a rate that depends on what is held.

use super::charge::Charge;
use super::{Component, Pair, Workings};
use crate::book::{Book, Leg};

/// The two that grids of slides have: a fraction of the underlying's price for each short option, and of the notional
/// for futures and perpetuals. Those that come to nothing are left out.
pub(super) fn usual_contingencies(
    book: &Book,
    short_option: f64,
    future: f64,
    workings: &mut Workings,
) -> impl Iterator<Item = Component> + use<> {
    let of_options =
        |leg: &Leg, coins: f64| Pair::both(if leg.is_option() && coins < 0.0 { short_option } else { 0.0 });
    let of_futures = |leg: &Leg, _| Pair::both(if leg.is_future() { future } else { 0.0 });
    let options = contingency("short option contingency", book, of_options, workings)
        .into_component_if_any("a fraction of the underlying's price for each short option");
    let futures = contingency("future contingency", book, of_futures, workings)
        .into_component_if_any("a fraction of the notional of each future and perpetual");
    options.into_iter().chain(futures)
}

/// Charges the notional of each net position, at the index, at its rates: `rate` gets a leg in the instrument and the
/// net size in coins. Positions at no rate are passed over.
pub(super) fn contingency(
    name: &'static str,
    book: &Book,
    rate: impl Fn(&Leg, f64) -> Pair,
    workings: &mut Workings,
) -> Charge {
    let index = |leg: &Leg| book.underlyings[leg.underlying].account_per_coin;
    contingency_at(name, book, rate, index, workings)
}

/// The same with the notional taken at `price`, in the account currency.
pub(super) fn contingency_at(
    name: &'static str,
    book: &Book,
    rate: impl Fn(&Leg, f64) -> Pair,
    price: impl Fn(&Leg) -> f64,
    workings: &mut Workings,
) -> Charge {
    let mut charge = Charge::new(name, book);
    for position in book.net_by_instrument() {
        let leg = &book.legs[position.legs[0]];
        let rate = rate(leg, position.coins);
        if rate == Pair::default() {
            continue;
        }
        let price = price(leg);
        let requirement = rate.times(price * position.coins.abs());
        let values = [("n", position.coins), ("U", price), ("rate", rate.initial)];
        workings.note_leg(name, position.legs[0], "abs(n)·U·rate", &values, requirement.initial);
        charge.add_position(book, &position, requirement);
    }
    charge
}
