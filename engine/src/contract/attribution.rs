//! What each leg adds to the requirement, as a document.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ContractError;
use super::session::{self, Asked};
use crate::insight::{Attribution, AttributionOptions, Shares, attribution};
use crate::methodology::Pair;
use crate::progress::Progress;

/// What each leg adds to the requirement, counted in several ways. Money is in the account currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AttributionDocument {
    /// The account currency.
    pub currency: String,
    /// One for each enabled position, in order.
    pub legs: Vec<AttributedLegDocument>,
    /// The initial requirement and its shares.
    pub initial: SharedRequirementDocument,
    /// The maintenance requirement and its shares.
    pub maintenance: SharedRequirementDocument,
    /// How many orders of the legs Shapley's shares were sampled from; 0 where they are exact.
    pub orders: usize,
    /// The legs, by their places from 0, between which there are credits: all, or the largest.
    pub pair_legs: Vec<usize>,
    /// How often the requirement was computed.
    pub evaluations: usize,
}

/// A leg that has shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AttributedLegDocument {
    /// The instrument's name.
    pub instrument: String,
    /// Signed size in coins or shares.
    pub coins: f64,
}

/// A requirement, and what of it belongs to whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SharedRequirementDocument {
    /// The requirement: in each way of counting `of_no_leg`, the shares and their `remainder` sum to it.
    pub requirement: f64,
    /// What is needed without any leg: charges of the account, and haircuts of balances where they are in the
    /// requirement.
    pub of_no_leg: f64,
    /// The ways of counting: `alone`, `first-in`, `last-out`, `marginal`, `shapley`.
    pub shares: Vec<SharesDocument>,
    /// For each of `pair_legs` a row of credits with each of them: the two alone less the two together.
    pub pair_credits: Vec<Vec<f64>>,
}

/// One way of counting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SharesDocument {
    /// `alone`: in an account of its own. `first-in`: as the first leg of this account. `last-out`: the requirement less
    /// that without the leg. `marginal`: how fast the requirement grows with the leg's size, times the size. `shapley`:
    /// what it adds on average over all orders in which the legs may come.
    pub way: String,
    /// The share of each leg.
    pub by_leg: Vec<f64>,
    /// What is left of the requirement, positive or negative; nothing under `shapley`.
    pub remainder: f64,
    /// The standard error of each share; empty where they are exact.
    pub standard_error: Vec<f64>,
}

/// Which of the two requirements.
type Part = fn(&Pair) -> f64;

impl SharedRequirementDocument {
    fn new(attribution: &Attribution, part: Part) -> SharedRequirementDocument {
        let parts = |pairs: &[Pair]| pairs.iter().map(part).collect::<Vec<f64>>();
        let Attribution { requirement, of_no_leg, alone, first_in, last_out, marginal, shapley, .. } = attribution;
        let ways = [("alone", alone), ("first-in", first_in), ("last-out", last_out), ("marginal", marginal)];
        let mut shares: Vec<SharesDocument> = ways
            .into_iter()
            .map(|(way, Shares { by_leg, remainder })| SharesDocument {
                way: way.to_owned(),
                by_leg: parts(by_leg),
                remainder: part(remainder),
                standard_error: Vec::new(),
            })
            .collect();
        shares.push(SharesDocument {
            way: "shapley".to_owned(),
            by_leg: parts(&shapley.by_leg),
            remainder: 0.0,
            standard_error: parts(&shapley.standard_error),
        });
        SharedRequirementDocument {
            requirement: part(requirement),
            of_no_leg: part(of_no_leg),
            shares,
            pair_credits: attribution.pair_credits.credits.iter().map(|row| parts(row)).collect(),
        }
    }
}

/// Answers the question `attribution`.
///
/// # Errors
/// Those of the methodology, or options that are none.
pub(super) fn answer(asked: &Asked, options: &Value, progress: Progress<'_>) -> Result<Value, ContractError> {
    let options: Options = session::options(options)?;
    let assessment = asked.assessment()?;
    let usual = AttributionOptions::default();
    let chosen = AttributionOptions {
        seed: options.seed.unwrap_or(usual.seed),
        evaluations: options.evaluations,
        pair_legs: options.pair_legs.unwrap_or(usual.pair_legs),
    };
    let attribution = attribution(asked.methodology()?, &asked.book, &assessment, chosen, progress)
        .map_err(|reason| asked.failed(reason))?;
    let legs = asked
        .book
        .legs
        .iter()
        .map(|leg| AttributedLegDocument { instrument: leg.instrument.to_string(), coins: leg.coins });
    session::written(&AttributionDocument {
        currency: asked.book.currency.to_string(),
        legs: legs.collect(),
        initial: SharedRequirementDocument::new(&attribution, |pair| pair.initial),
        maintenance: SharedRequirementDocument::new(&attribution, |pair| pair.maintenance),
        orders: attribution.shapley.orders,
        pair_legs: attribution.pair_credits.legs,
        evaluations: attribution.evaluations,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    seed: Option<u32>,
    #[serde(default)]
    evaluations: Option<usize>,
    #[serde(default)]
    pair_legs: Option<usize>,
}
