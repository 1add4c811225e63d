//! Methodologies: which slides to run, and how losses or positions become a requirement.
//!
//! A methodology prices nothing. Adding one takes a file here, a preset under `presets/`, and a line in the
//! registry.

mod aevo_portfolio;
mod assessment;
mod bybit_standard;
mod charge;
mod coins_only;
mod contingency;
mod cross;
mod custom;
mod deribit_portfolio;
mod deribit_standard;
mod derive_notes;
mod derive_pm2;
mod derive_standard;
mod isolated;
mod known;
mod okx_portfolio;
mod paradex_portfolio;
mod past;
mod position_rules;
mod preset;
mod regime_adaptive;
mod registry;
pub mod regulation_t;
mod scan_or_least;
mod size_add_on;
mod slide_label;
pub mod span;
mod term_scaling;
mod tiers;
mod tims;
mod unit;
mod value_at_risk;
mod workings;
mod worst_slide;

pub(crate) use assessment::leading_pot;
pub use assessment::{Assessment, Component, Mark, Memo, MemoUnit, Pairing, Pot, Provenance, Requirement};
pub use charge::Pair;
pub use known::KnownMethodologies;
pub(crate) use preset::check;
pub use preset::{CheckParameters, Configured, Edited, Preset, ReadParameters};
pub use regime_adaptive::{RegimeRule, regime_of};
pub use registry::{Entry, Era, FIRST, METHODOLOGIES, configure_first, find};
pub(crate) use slide_label::price_moves;
pub(crate) use tiers::{check_count, check_thresholds, in_bands};
pub use workings::{Working, Workings};

use crate::book::Book;
use crate::pricing::rows;
use crate::slide::{Revaluation, SlideGrid, revalue};

/// Why a methodology gives no figure.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MethodologyError {
    /// It has no rule for something in the portfolio.
    #[error("{0}")]
    NotApplicable(String),
    /// Its parameters are not usable.
    #[error("parameters: {0}")]
    Parameters(String),
    /// A figure came out as no number, which must never be shown as a margin.
    #[error("{0} came out as no number; please report this portfolio")]
    NotANumber(&'static str),
}

/// A methodology with its parameters, or why they are not usable.
pub type ConfiguredMethodology = Result<Box<dyn Methodology>, MethodologyError>;

/// Which options count in the balance that a requirement is compared with; the others count in the requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedOptions {
    /// All, at their marks: the requirement counts losses from there.
    All,
    /// Those held: the requirement of an option owed holds its mark, and that of one held is what it cost.
    Long,
    /// None: the requirement of an option owed holds its mark, and one held needs nothing and gives nothing.
    None,
}

/// A set of rules that turns a book into a requirement.
pub trait Methodology {
    /// The preset, and the parameters in force.
    fn configured(&self) -> &Edited;

    /// Which options count in the balance that the requirement is compared with.
    fn counted_options(&self) -> CountedOptions {
        CountedOptions::All
    }

    /// Whether the requirement holds the haircuts of balances, so that these count at their price.
    fn haircuts_collateral(&self) -> bool {
        false
    }

    /// Whether the requirement holds the value of shares and bonds that are owed, as it holds the marks of options owed.
    fn holds_short_stock(&self) -> bool {
        false
    }

    /// The components that are a multiple of the loss on the worst of slides that move prices; none where the
    /// requirement is no sum of such a loss and charges. Netting across currencies starts from them.
    fn loss_components(&self) -> &'static [&'static str] {
        &[]
    }

    /// The slides it wants; none where it goes by rules, which is what this says unless a methodology does.
    ///
    /// # Errors
    /// It has no rule for something in the book.
    fn slides(&self, book: &Book) -> Result<SlideGrid, MethodologyError> {
        let _ = book;
        Ok(SlideGrid::default())
    }

    /// Whether its slides depend on sizes, entry prices or balances, and not on what is held and its market alone. Where
    /// they do not, an edit of these does not ask for them again.
    fn slides_follow_sizes(&self) -> bool {
        false
    }

    /// The requirement. The revaluation is that of [`Methodology::slides`] on the same book. The formulas behind it
    /// go into `workings`, the numbers in them being those that it was computed from.
    ///
    /// # Errors
    /// It has no rule for something in the book.
    fn requirement(
        &self,
        book: &Book,
        revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError>;
}

/// Runs a methodology on a book, without the formulas behind its figures.
///
/// # Errors
/// The methodology has no rule for something in the book, or its parameters are not usable.
pub fn assess(entry: &Entry, methodology: &dyn Methodology, book: &Book) -> Result<Assessment, MethodologyError> {
    assess_with(entry, methodology, book, Workings::unwanted())
}

/// Runs a methodology on a book and collects the formulas if `workings` wants them.
///
/// # Errors
/// As [`assess`].
pub fn assess_with(
    entry: &Entry,
    methodology: &dyn Methodology,
    book: &Book,
    mut workings: Workings,
) -> Result<Assessment, MethodologyError> {
    let grid = methodology.slides(book)?;
    let revaluation = revalue(book, &grid);
    let requirement = checked_requirement(methodology, book, &revaluation, &mut workings)?;
    let mut assessment = Assessment::new(entry, methodology, book, grid, revaluation, requirement);
    assessment.workings = workings.into_list();
    Ok(assessment)
}

/// The requirement, refused where anything that it is made of is no number.
///
/// The P&L is checked as well as the result: a loss that is no number compares with nothing, so the search for the
/// worst slide would pass over it and the requirement come out too small.
///
/// # Errors
/// Those of [`Methodology::requirement`], and [`MethodologyError::NotANumber`].
pub fn checked_requirement(
    methodology: &dyn Methodology,
    book: &Book,
    revaluation: &Revaluation,
    workings: &mut Workings,
) -> Result<Requirement, MethodologyError> {
    if !revaluation.is_finite() {
        return Err(NO_PNL);
    }
    requirement_of_numbers(methodology, book, revaluation, workings)
}

/// What is said of a P&L that is no number.
pub(crate) const NO_PNL: MethodologyError = MethodologyError::NotANumber("a profit or loss");

/// [`checked_requirement`] where it is known that every P&L is a number.
///
/// # Errors
/// As of [`checked_requirement`].
pub(crate) fn requirement_of_numbers(
    methodology: &dyn Methodology,
    book: &Book,
    revaluation: &Revaluation,
    workings: &mut Workings,
) -> Result<Requirement, MethodologyError> {
    let requirement = methodology.requirement(book, revaluation, workings)?;
    if !requirement.pots.iter().all(|pot| rows::are_finite(&pot.counted_pnl)) {
        return Err(MethodologyError::NotANumber("a counted profit or loss"));
    }
    let is_finite = |part: &Component| {
        part.initial.is_finite() && part.maintenance.is_finite() && rows::are_finite(&part.initial_by_leg)
    };
    if let Some(memo) = requirement.memos.iter().find(|memo| !memo.value.is_finite()) {
        return Err(MethodologyError::NotANumber(memo.name));
    }
    match requirement.components.iter().find(|part| !is_finite(part)) {
        Some(part) => Err(MethodologyError::NotANumber(part.name)),
        None => Ok(requirement),
    }
}
