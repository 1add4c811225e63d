//! What deposits count for: haircuts, by a venue's schedule.

mod registry;
mod schedule;

pub use registry::{CollateralEntry, SCHEDULES, default_for, find_schedule};
pub use schedule::{CollateralSchedule, CollateralTerms, CountedBalance};
