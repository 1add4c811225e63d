//! What history says of tomorrow: pure functions on series of numbers that know no market.
//!
//! | module | what it is for |
//! |---|---|
//! | [`returns`], [`moments`], [`correlation`] | a history in figures |
//! | [`tail`] | quantile, value at risk and expected shortfall of a sample |
//! | [`normal`], [`student_t`], [`cornish_fisher`] | the same of a distribution |
//! | [`ewma`] | vol that forgets, and history rescaled to today's vol |
//! | [`delta_gamma`] | moments of a P&L that is quadratic in normal moves |
//! | [`hidden_markov`] | calm and turbulent days, told apart |
//! | [`backtest`], [`chi_square`] | was a range left as often as it should have been? |
//! | [`procyclicality`] | what keeps a margin from jumping |
//! | [`regime`] | the price range that adapts, day by day, from what was known the day before |
//!
//! # Conventions
//!
//! A series runs from the oldest to the newest figure. A return, a vol and a range are fractions: 0.02 is 2 %. Vols
//! here are for one step of the series, a day, and not annual. A P&L is signed, a loss is negative; value at risk and
//! expected shortfall are losses as positive numbers.
//!
//! # Why no statistics crate
//!
//! What is needed beyond [`numeric`](crate::pricing::numeric) is the incomplete beta function behind Student's t, two
//! chi-square tails in closed form and two quantiles. `statrs` has them in double precision too, but it calls the
//! platform's logarithm and exponential, so native code and wasm would differ in their last bits, and its traits weigh
//! more in the page than the hundred lines they would replace.

pub mod backtest;
pub mod chi_square;
pub mod cornish_fisher;
pub mod correlation;
pub mod delta_gamma;
mod error;
pub mod ewma;
pub mod hidden_markov;
pub mod moments;
pub mod normal;
pub mod procyclicality;
pub mod regime;
pub mod returns;
pub mod student_t;
pub mod tail;

pub use error::StatisticsError;
