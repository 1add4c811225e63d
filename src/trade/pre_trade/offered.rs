//! Instruments that the ticket suggests: what is held, and what the chain shows.

use leptos::prelude::*;
use margin_engine::instrument::{Expiry, Instrument, Kind, Right};
use margin_engine::market::Underlying;

use crate::builder::venue::{Trades, Venue};
use crate::state::Simulator;

/// More names than anybody scrolls through.
const MOST: usize = 400;

/// The instruments that are held, each once.
pub fn held(simulator: Simulator) -> Vec<Instrument> {
    let mut held: Vec<Instrument> = Vec::new();
    simulator.draft.with(|draft| {
        for leg in draft.legs.iter().filter(|leg| leg.enabled) {
            if !held.contains(&leg.instrument) {
                held.push(leg.instrument);
            }
        }
    });
    held
}

/// Names: of what is held, then of the shown underlying's outright and of its chain at the shown expiry.
pub fn names(simulator: Simulator) -> Vec<String> {
    let mut names: Vec<String> = held(simulator).iter().map(Instrument::to_string).collect();
    let market = simulator.today();
    if let Some(underlying) = market.get(simulator.coin.get()) {
        for instrument in chain(underlying, simulator.shown_expiry()) {
            let name = instrument.to_string();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names.truncate(MOST);
    names
}

fn chain(underlying: &Underlying, expiry: Option<Expiry>) -> Vec<Instrument> {
    let venue = Venue::of(underlying);
    let outright = if venue.trades == Trades::Shares { Kind::Spot } else { Kind::Perpetual };
    let mut kinds = vec![outright];
    if let Some(listed) = expiry.and_then(|expiry| underlying.expiry(expiry)) {
        let expiry = listed.expiry();
        kinds.push(Kind::Future { expiry });
        for &strike in listed.listed_strikes() {
            kinds.extend([Right::Call, Right::Put].map(|right| Kind::Option { expiry, strike, right }));
        }
    }
    kinds.into_iter().filter_map(|kind| venue.instrument(kind)).collect()
}
