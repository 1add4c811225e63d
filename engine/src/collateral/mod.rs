//! What deposits count for: haircuts, by a venue's schedule.

mod registry;
mod schedule;
mod terms;

pub use registry::{CollateralEntry, SCHEDULES, default_for, find_schedule};
pub use schedule::{CollateralSchedule, CountedBalance, Parameters};
pub use terms::{CollateralTerms, HaircutTiers};
