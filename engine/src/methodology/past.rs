//! The history behind a book, and what is worked out from it once.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;

use super::MethodologyError;
use crate::asset::Asset;
use crate::book::{Book, LegKind};
use crate::market::{History, JointReturns};
use crate::pricing::numeric::exp;
use crate::rfc3339::Day;
use crate::statistics::StatisticsError;

/// The fewest moves that a tail or a vol is taken from.
const FEWEST: usize = 60;

/// After so many lists of underlyings it starts again.
const MOST_REMEMBERED: usize = 32;

/// What was worked out from one history, by underlyings.
///
/// A methodology is asked once for a book and once more for each leg alone, and is kept from edit to edit: fits to
/// thousands of days must not be made each time.
pub(super) struct Remembered<T> {
    history: RefCell<Option<Arc<History>>>,
    known: RefCell<Vec<(Vec<Asset>, T)>>,
}

impl<T: Clone> Remembered<T> {
    /// Nothing yet.
    pub(super) fn new() -> Remembered<T> {
        Remembered { history: RefCell::new(None), known: RefCell::new(Vec::new()) }
    }

    /// What is known for these underlyings in this history; worked out where it is not.
    ///
    /// # Errors
    /// Those of `work_out`, which are not remembered.
    pub(super) fn get(
        &self,
        history: &Arc<History>,
        assets: &[Asset],
        work_out: impl FnOnce() -> Result<T, MethodologyError>,
    ) -> Result<T, MethodologyError> {
        let is_same = self.history.borrow().as_ref().is_some_and(|known| Arc::ptr_eq(known, history));
        if !is_same || self.known.borrow().len() >= MOST_REMEMBERED {
            self.known.borrow_mut().clear();
            self.history.replace(Some(Arc::clone(history)));
        }
        if let Some((_, value)) = self.known.borrow().iter().find(|(known, _)| known == assets) {
            return Ok(value.clone());
        }
        let value = work_out()?;
        self.known.borrow_mut().push((assets.to_vec(), value.clone()));
        Ok(value)
    }
}

/// The book's history and underlyings.
///
/// # Errors
/// The market has no history, or none of an underlying; a bond, whose yields no history has.
pub(super) fn history_of(book: &Book) -> Result<(&Arc<History>, Vec<Asset>), MethodologyError> {
    let assets: Vec<Asset> = book.underlyings.iter().map(|underlying| underlying.asset).collect();
    let not_applicable = |reason: String| Err(MethodologyError::NotApplicable(reason));
    let Some(history) = &book.history else {
        return not_applicable("it goes by history, and the market has no daily closes".to_owned());
    };
    let lacking: Vec<String> =
        assets.iter().filter(|asset| history.assets().all(|known| known != **asset)).map(Asset::to_string).collect();
    if !lacking.is_empty() {
        return not_applicable(format!("it goes by history, and there are no daily closes of {}", lacking.join(", ")));
    }
    if book.legs.iter().any(|leg| matches!(leg.kind, LegKind::Bond { .. })) {
        return not_applicable("it goes by a history of prices, and bonds move with their yields".to_owned());
    }
    Ok((history, assets))
}

/// The returns that all of these underlyings have in common, the last `most` of them.
///
/// # Errors
/// There are fewer than sixty, or than `fewest` where that is more.
pub(super) fn joint_returns(
    history: &History,
    assets: &[Asset],
    fewest: usize,
    most: usize,
) -> Result<JointReturns, MethodologyError> {
    let not_applicable = MethodologyError::NotApplicable;
    let joint = history.joint_returns(assets, most).map_err(|error| not_applicable(error.to_string()))?;
    let (fewest, days) = (fewest.max(FEWEST), joint.days.len());
    if days < fewest {
        let names: Vec<String> = assets.iter().map(Asset::to_string).collect();
        return Err(not_applicable(format!(
            "it needs {fewest} days of history, and of {} there are {days}",
            names.join(", ")
        )));
    }
    Ok(joint)
}

/// What a return of logarithms makes of a price, as a fraction of it.
pub(super) fn price_move(log_return: f64) -> f64 {
    exp(log_return) - 1.0
}

/// A series that gives no figure is a book without rules.
pub(super) fn unusable(error: StatisticsError) -> MethodologyError {
    MethodologyError::NotApplicable(format!("the history does not serve: {error}"))
}

/// How far the history reaches, and how old it is: "1,000 days of history to 2026-06-24, 59 days before the market".
pub(super) fn reach(book: &Book, days: &[Timestamp]) -> Option<String> {
    let last = *days.last()?;
    let behind = (book.time.as_second() - last.as_second()) / 86_400;
    Some(format!(
        "{} days of history up to {}, {behind} days before the market's time.",
        thousands(days.len()),
        Day::of(last)
    ))
}

/// A count with a comma for the thousands.
pub(super) fn thousands(count: usize) -> String {
    if count < 1_000 { count.to_string() } else { format!("{},{:03}", count / 1_000, count % 1_000) }
}

/// What several parts of one methodology share.
pub(super) type Shared<T> = Remembered<Rc<T>>;
