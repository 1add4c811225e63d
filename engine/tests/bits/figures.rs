//! Every figure of a book under every methodology, as a hash.

use margin_engine::book::Book;
use margin_engine::insight::{profile, savings, surface};
use margin_engine::methodology::{Entry, METHODOLOGIES, Methodology, assess};
use margin_engine::slide::PnlBasis;

use super::random::Hash;

/// A methodology as the registry knows it, with its preset read.
pub type Rules = (&'static Entry, Box<dyn Methodology>);

/// All there are.
pub fn all_rules() -> Vec<Rules> {
    METHODOLOGIES.iter().map(|entry| (entry, entry.configure(None).expect("a preset"))).collect()
}

/// Adds the sensitivities of each leg, what every methodology says to the book, the surface and the profile.
pub fn add_book(hash: &mut Hash, rules: &[Rules], book: &Book) {
    for leg in &book.legs {
        let s = &leg.sensitivities;
        hash.extend(&[s.price, s.delta_forward, s.gamma_forward, s.vega, s.theta_year, s.rho, s.vanna, s.volga]);
    }
    for (entry, methodology) in rules {
        add_assessment(hash, entry, methodology.as_ref(), book);
    }
    let moves: Vec<f64> = (-6..=6).map(|step| f64::from(step) * 0.05).collect();
    hash.extend(&surface(book, moves.clone(), vec![-0.1, 0.0, 0.1], PnlBasis::QuoteCurrency).pnl);
    let profile = profile(book, moves, 0.05);
    hash.extend(profile.pnl.iter().chain(&profile.break_even_moves));
}

fn add_assessment(hash: &mut Hash, entry: &Entry, methodology: &dyn Methodology, book: &Book) {
    // Where a methodology does not apply, it says so everywhere in the same words.
    let assessment = match assess(entry, methodology, book) {
        Ok(assessment) => assessment,
        Err(reason) => return reason.to_string().bytes().for_each(|byte| hash.add(f64::from(byte))),
    };
    hash.extend(&[assessment.initial, assessment.maintenance]);
    hash.extend(&assessment.leg_shares);
    (0..book.legs.len()).for_each(|leg| hash.extend(assessment.revaluation.leg(leg)));
    assessment.pots.iter().for_each(|pot| hash.extend(&pot.counted_pnl));
    let savings = savings(methodology, book, &assessment).expect("it has rules for each leg");
    hash.extend(&[savings.credit.initial, savings.credit.maintenance]);
}
