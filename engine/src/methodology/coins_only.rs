//! Venues that list coins only.

use super::MethodologyError;
use crate::book::Book;

/// Whether the book holds coins and their derivatives only, as a venue of coins lists them.
///
/// # Errors
/// A leg is on something else.
pub(super) fn coins_only(book: &Book) -> Result<(), MethodologyError> {
    match book.legs.iter().find(|leg| !book.underlyings[leg.underlying].class.is_coin()) {
        Some(leg) => {
            Err(MethodologyError::NotApplicable(format!("rules of crypto venues have none for {}", leg.instrument)))
        }
        None => Ok(()),
    }
}
