//! What both of Derive's methodologies say of positions that the venue does not list.

use crate::book::{Book, Leg};
use crate::instrument::{Kind, Settlement};

/// The sentences that apply: on coin-settled positions, on dated futures as `futures` treats them, and `more`.
pub(super) fn notes(book: &Book, futures: &'static str, more: &[(bool, &'static str)]) -> Vec<String> {
    let holds = |is_it: fn(&Leg) -> bool| book.legs.iter().any(is_it);
    let settles_in_coin = |leg: &Leg| leg.settlement == Settlement::Inverse && leg.instrument.kind != Kind::Spot;
    let common = [
        (
            holds(settles_in_coin),
            "Derive settles in USDC: coin-settled positions are valued as if they settled in dollars.",
        ),
        (holds(|leg| matches!(leg.instrument.kind, Kind::Future { .. })), futures),
    ];
    common.iter().chain(more).filter(|(applies, _)| *applies).map(|(_, note)| (*note).to_owned()).collect()
}
