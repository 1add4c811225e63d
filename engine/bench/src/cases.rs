//! The cases by name, ready to be run.

use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;

use margin_engine::account::Account;
use margin_engine::book::ExpiredPositions;
use margin_engine::live::LiveAssessment;
use margin_engine::methodology::{Entry, Methodology, assess, find};

use crate::books;
use crate::insights::{ACCOUNT_LEGS, ATTRIBUTED_LEGS, Insights};
use crate::kernel::{self, Kernel};

/// The methodologies that reprice a grid of slides.
pub const BY_SCENARIO: [&str; 7] =
    ["deribit-portfolio", "derive-pm2", "okx-portfolio", "paradex-portfolio", "aevo-portfolio", "span", "custom"];

/// How many legs the assessed accounts have.
pub const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

/// Something to time.
pub struct Case {
    /// What one run does how often: option-slides priced, vols found, legs assessed.
    pub units: usize,
    run: Box<dyn FnMut()>,
}

impl Case {
    /// So many runs.
    pub fn run(&mut self, repetitions: u32) {
        (0..repetitions).for_each(|_| (self.run)());
    }

    fn new<T>(units: usize, mut run: impl FnMut() -> T + 'static) -> Case {
        // Without it the compiler could find out that nobody looks at the answer.
        Case { units, run: Box::new(move || drop(black_box(run()))) }
    }
}

/// All cases: those of the kernel, `assess` and `cold` with methodology and size, then insights with their legs.
///
/// `assess` starts from a resolved book. `cold` resolves the account first, so all that is left out is reading the market
/// and the parameters, which happens once. `edit` and `restrike` follow an account in which one leg has changed, of size
/// or of strike.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = ["kernel", "black-76", "implied-vol"].map(str::to_owned).into();
    for what in ["assess", "cold"] {
        names.extend(BY_SCENARIO.iter().flat_map(|id| SIZES.map(|legs| format!("{what}/{id}/{legs}"))));
    }
    names.extend(SIZES.map(|legs| format!("edit/deribit-portfolio/{legs}")));
    names.push("restrike/deribit-portfolio/1000".to_owned());
    names.push(format!("attribution/deribit-portfolio/{ATTRIBUTED_LEGS}"));
    names.push(format!("pre-trade/deribit-portfolio/{ACCOUNT_LEGS}"));
    names.push(format!("margin-curve/deribit-portfolio/{ACCOUNT_LEGS}"));
    names
}

/// The case of this name.
pub fn prepare(name: &str) -> Option<Case> {
    match name {
        "kernel" => {
            let mut kernel = Kernel::default();
            return Some(Case::new(kernel::OPTIONS * kernel::SLIDES, move || {
                kernel.by_grid();
                kernel.prices[0]
            }));
        }
        "black-76" => {
            let mut kernel = Kernel::default();
            return Some(Case::new(kernel::OPTIONS * kernel::SLIDES, move || {
                kernel.one_by_one();
                kernel.prices[0]
            }));
        }
        "implied-vol" => {
            let quotes = Kernel::default().quotes();
            return Some(Case::new(quotes.len(), move || quotes.iter().filter_map(kernel::implied).sum::<f64>()));
        }
        _ => {}
    }
    let (what, rest) = name.split_once('/')?;
    let (id, legs) = rest.split_once('/')?;
    let legs: usize = legs.parse().ok()?;
    match what {
        "assess" => {
            let (entry, methodology) = rules(id)?;
            let book = books::options(legs);
            Some(Case::new(legs, move || assess(entry, methodology.as_ref(), &book).map(|found| found.initial)))
        }
        "cold" => {
            let (entry, methodology) = rules(id)?;
            let (account, market) = (books::account(legs), books::market());
            Some(Case::new(legs, move || {
                let book = books::resolved(&account, &market);
                assess(entry, methodology.as_ref(), &book).map(|found| found.initial)
            }))
        }
        "edit" => followed(id, books::resized(legs)),
        "restrike" => followed(id, books::restruck(legs)),
        "attribution" => Some(insight(legs, Insights::attribution)),
        "pre-trade" => Some(insight(legs, Insights::pre_trade)),
        "margin-curve" => Some(insight(legs, Insights::margin_curve)),
        _ => None,
    }
}

fn rules(id: &str) -> Option<(&'static Entry, Box<dyn Methodology>)> {
    let entry = find(id)?;
    Some((entry, entry.configure(None).ok()?))
}

/// A live assessment of two accounts in turns; the first run, from nothing, is not timed.
fn followed(id: &str, accounts: [Account; 2]) -> Option<Case> {
    let entry = find(id)?;
    let methodology = Rc::new(entry.configure(None));
    let market = Arc::new(books::market());
    let mut live = LiveAssessment::default();
    let mut turn = 0;
    let mut follow = move || {
        turn += 1;
        let account = &accounts[turn % accounts.len()];
        live.update(account, &market, ExpiredPositions::Refuse, entry, &methodology).is_ok()
    };
    follow().then(|| Case::new(1, follow))
}

fn insight<T: 'static>(legs: usize, ask: fn(&Insights) -> T) -> Case {
    let account = Insights::new(legs);
    Case::new(legs, move || ask(&account))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_a_case_and_each_methodology_has_rules_for_it() {
        for name in names().iter().filter(|name| !name.ends_with("000")) {
            prepare(name).expect(name).run(1);
        }
        for id in BY_SCENARIO {
            let (entry, methodology) = rules(id).expect(id);
            let found = assess(entry, methodology.as_ref(), &books::options(100)).expect(id);
            assert!(found.grid.slides.len() > 10, "{id}");
        }
        assert!(prepare("assess/none/10").is_none());
    }
}
