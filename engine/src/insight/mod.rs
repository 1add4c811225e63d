//! What explains a requirement (savings, shares of the legs, comparison, surface, profile, and who gains and loses on a
//! slide), and what becomes of the account that has to meet it.

mod account_state;
mod attribution;
mod call_prices;
mod comparison;
mod hedges;
pub mod liquidation;
mod margin_curve;
mod moved_account;
mod offsets;
pub mod pre_trade;
mod profile;
mod regime;
mod savings;
mod stress;
mod surface;
mod unified;

pub use account_state::{AccountState, Standing, UnderlyingDelta, WARNING_RATIO, account_state, margin_balance};
pub use attribution::{Attribution, AttributionOptions, PairCredits, Shapley, Shares, attribution};
pub use call_prices::{CallPrice, CallPrices, LEAST_MOVE, MOST_MOVE, call_prices};
pub use comparison::{Candidate, Comparison, ComparisonFigures, compare};
pub use hedges::{CostParameters, Hedge, HedgeCosts, HedgeLimits, Hedges, Holding, hedges};
pub use margin_curve::{Crossing, CurveAxis, CurveGap, CurvePoint, CurveRange, MarginCurve, margin_curve};
pub use moved_account::{Breach, Moved, moving_assets};
pub use offsets::{Offsets, offsets};
pub use profile::{Profile, nearest_expiry_years, profile};
pub use regime::{RangeTrack, RegimeTrack, TrackError, loss_track, regime_track};
pub use savings::{Savings, savings};
pub(crate) use savings::{leg_alone, savings_of};
pub use stress::{Scenario, StressError, Stressed, library, read_scenarios, stress};
pub use surface::{Surface, surface};
pub use unified::{
    AccountModes, Correlation, CurrencyAccount, ModeFigures, OffsetRule, Parameters as UnifiedParameters, Unified,
    UnifiedRules, WorstJointSlide, account_modes,
};
