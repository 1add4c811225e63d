//! The margin simulator's page: build a portfolio, see its risk, watch what its hedges save.
//!
//! The engine computes every margin figure; the panels format fields of its answers.
#![deny(missing_docs)]

pub mod account;
pub mod app;
pub mod builder;
pub mod charts;
pub mod later;
pub mod learn;
pub mod liquidation;
pub mod margin;
pub mod parts;
pub mod risk;
pub mod state;
pub mod trade;
