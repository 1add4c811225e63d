//! An account under stress, as a document.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::session::{self, Asked};
use super::{ContractError, MarginFiguresDocument, WhatIf};
use crate::asset::Asset;
use crate::insight::{Scenario, Stressed, account_state, library, read_scenarios, stress};
use crate::json::JsonError;
use crate::methodology::Mark;
use crate::progress::Progress;

/// What becomes of an account in each scenario. Money is in the account currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StressDocument {
    /// The account currency.
    pub currency: String,
    /// The account as it is.
    pub before: MarginFiguresDocument,
    /// The instrument of each enabled position, in order.
    pub instruments: Vec<String>,
    /// The scenarios: those of the library in its order, then those that were asked for.
    pub scenarios: Vec<StressScenarioDocument>,
}

/// A scenario, and the account in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StressScenarioDocument {
    /// Identifier: `2020-03-12`; `own` for one's own.
    pub id: String,
    /// Short name.
    pub title: String,
    /// What happens, in one sentence.
    pub sentence: String,
    /// Where its figures come from.
    pub source: String,
    /// How far they can be trusted.
    pub mark: Mark,
    /// The mark in words.
    pub mark_note: String,
    /// The move of each price that the account depends on, and of money that loses its peg.
    pub moves: Vec<StressMoveDocument>,
    /// What all vols are multiplied by.
    pub vol_factor: f64,
    /// Points added to all vols: 0.05 is five.
    pub vol_points: f64,
    /// Days that pass.
    pub days: f64,
    /// What is added to haircuts, as a fraction.
    pub haircut: f64,
    /// The what-if that shows the same; absent where it takes more than one move of all prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what_if: Option<WhatIf>,
    /// What becomes of the account; absent where `error` says why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<StressOutcomeDocument>,
    /// Why there are no figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The move of a price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StressMoveDocument {
    /// Of which asset.
    pub asset: String,
    /// Relative: -0.2 is 20 % down.
    pub relative: f64,
}

/// What becomes of an account in a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StressOutcomeDocument {
    /// The change of equity.
    pub pnl: f64,
    /// What each leg gains or loses.
    pub leg_pnl: Vec<f64>,
    /// What all balances gain or lose.
    pub balance_pnl: f64,
    /// The account after the move.
    pub after: MarginFiguresDocument,
    /// The leg that loses most, by its place from 0; absent where none loses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst_leg: Option<usize>,
    /// The leg that gains most; absent where none gains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best_hedge: Option<usize>,
}

impl From<Stressed> for StressOutcomeDocument {
    fn from(stressed: Stressed) -> StressOutcomeDocument {
        let Stressed { pnl, leg_pnl, balance_pnl, state, worst_leg, best_hedge } = stressed;
        StressOutcomeDocument { pnl, leg_pnl, balance_pnl, after: (&state).into(), worst_leg, best_hedge }
    }
}

/// Answers the question `stress`.
///
/// # Errors
/// Those of the methodology in the market as it is, or options that are none. What a scenario is refused for stands in
/// its row.
pub(super) fn answer(asked: &Asked, options: &Value, progress: Progress<'_>) -> Result<Value, ContractError> {
    let options: Options = session::options(options)?;
    let methodology = asked.methodology()?;
    let state = account_state(methodology, &asked.schedule, &asked.book, asked.assessment()?.pair());
    let mut scenarios = if options.library { library().map_err(shape)? } else { Vec::new() };
    scenarios.extend(own(asked, options.scenarios)?);
    let count = scenarios.len();
    let scenarios = scenarios.into_iter().enumerate().map(|(done, scenario)| {
        progress.steps(done, count);
        let stressed = stress(asked.entry, methodology, &asked.schedule, &asked.market, &asked.book, &scenario);
        let (outcome, error) = match stressed {
            Ok(stressed) => (Some(stressed.into()), None),
            Err(error) => (None, Some(error.to_string())),
        };
        document(asked, scenario, outcome, error)
    });
    session::written(&StressDocument {
        currency: asked.book.currency.to_string(),
        before: (&state).into(),
        scenarios: scenarios.collect(),
        instruments: asked.book.legs.iter().map(|leg| leg.instrument.to_string()).collect(),
    })
}

/// Scenarios that were asked for; a name that the market does not know would be a move that nothing makes.
fn own(asked: &Asked, scenarios: Value) -> Result<Vec<Scenario>, ContractError> {
    let named = Value::Object(Map::from_iter([("scenarios".to_owned(), scenarios)]));
    let own = read_scenarios(&named).map_err(shape)?;
    for (place, scenario) in own.iter().enumerate() {
        let is_unknown = |asset: &Asset| asked.market.fx(*asset, Asset::USD).is_err();
        if let Some((asset, _)) = scenario.moves.iter().find(|(asset, _)| is_unknown(asset)) {
            let path = format!("options.scenarios[{place}].moves");
            return Err(ContractError::Shape { path, reason: format!("the market does not know {asset}") });
        }
    }
    Ok(own)
}

fn shape(JsonError { path, reason }: JsonError) -> ContractError {
    ContractError::Shape { path: format!("options.{path}"), reason }
}

fn document(
    asked: &Asked,
    scenario: Scenario,
    outcome: Option<StressOutcomeDocument>,
    error: Option<String>,
) -> StressScenarioDocument {
    let (book, market) = (&asked.book, &asked.market);
    let is_held = |asset: Asset| {
        let is_leg = book.underlyings.iter().any(|underlying| underlying.asset == asset);
        let pays = book.settlements.iter().any(|group| group.asset == asset);
        is_leg || pays || book.balances.iter().any(|it| it.asset == asset || it.priced_by == Some(asset))
    };
    let moves = scenario.shift(book, market).asset_moves.into_iter().filter(|(asset, _)| is_held(*asset));
    let what_if = scenario.as_shift(book, market).map(|shift| WhatIf {
        spot_move: shift.spot_move,
        vol_points: shift.vol_points,
        days_forward: shift.days_forward,
    });
    StressScenarioDocument {
        id: scenario.id,
        title: scenario.title,
        sentence: scenario.sentence,
        source: scenario.source,
        mark: scenario.mark,
        mark_note: scenario.mark_note,
        moves: moves.map(|(asset, relative)| StressMoveDocument { asset: asset.to_string(), relative }).collect(),
        vol_factor: scenario.vol_factor,
        vol_points: scenario.vol_points,
        days: scenario.days,
        haircut: scenario.haircut,
        what_if,
        outcome,
        error,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Whether the scenarios that come with the engine are answered.
    #[serde(default = "yes")]
    library: bool,
    /// One's own.
    #[serde(default = "none")]
    scenarios: Value,
}

fn yes() -> bool {
    true
}

fn none() -> Value {
    Value::Array(Vec::new())
}
