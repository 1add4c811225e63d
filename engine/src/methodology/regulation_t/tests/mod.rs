//! Against the manual's printed figures, and against every pairing there is.

mod books;
#[cfg(not(target_arch = "wasm32"))]
mod brute_force;
mod large;
mod published;

use super::{Holding, OptionTerms, Pairings, Rates, Underlying, pair};
use crate::pricing::Right;

/// Of the manual.
const RATES: Rates = Rates {
    equity: 0.20,
    broad_index: 0.15,
    least: 0.10,
    long_term_option: 0.75,
    long_term_years: 0.75,
    stock_initial: 0.50,
    long_stock: 0.25,
    short_stock: 0.30,
    short_stock_least: 5.0,
    protected_stock: 0.10,
    european_box: 0.50,
};

/// A stock at this price.
fn stock_at(price: f64) -> Underlying {
    Underlying { price, is_broad_index: false, leverage: 1.0 }
}

/// American contracts for 100 shares.
fn option(contracts: f64, right: Right, strike: f64, premium: f64, expiry_years: f64) -> Holding {
    let option = OptionTerms { right, strike, expiry_years, premium, shares_per_contract: 100.0, is_european: false };
    Holding::Option { option, contracts }
}

fn paired(underlying: &Underlying, holdings: &[Holding]) -> Pairings {
    let pairings = pair(&RATES, underlying, holdings).expect("in its domain");
    used_up_once(holdings, &pairings);
    pairings
}

/// Every contract and share is in one strategy, and parts sum to wholes.
fn used_up_once(holdings: &[Holding], pairings: &Pairings) {
    let mut left: Vec<f64> = holdings
        .iter()
        .map(|holding| match holding {
            Holding::Stock { shares } => *shares,
            Holding::Option { contracts, .. } => *contracts,
        })
        .collect();
    for strategy in &pairings.strategies {
        for leg in &strategy.legs {
            left[leg.holding] -= leg.quantity;
        }
        let by_leg: f64 = strategy.legs.iter().map(|leg| leg.initial).sum();
        let initial = strategy.requirement.initial;
        assert!((by_leg - initial).abs() < 1e-9 * initial.max(1.0), "{strategy:?}");
    }
    assert!(left.iter().all(|rest| rest.abs() < 1e-6), "{left:?} of {holdings:?} in {pairings:?}");
    let initial: f64 = pairings.strategies.iter().map(|strategy| strategy.requirement.initial).sum();
    assert!((initial - pairings.requirement.initial).abs() < 1e-6);
}

fn close(ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() < 1e-6, "{ours} and not {theirs}");
}
