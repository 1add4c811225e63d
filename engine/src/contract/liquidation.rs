//! An account on a path, liquidated in several ways, as documents.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::session::{self, Asked};
use super::{ContractError, RulesDocument};
use crate::asset::Asset;
use crate::book::BookShift;
use crate::insight::liquidation::path::{Crash, MOST_STEPS, PathStep, REPLAYS, Replay, step_label, vol_factor};
use crate::insight::liquidation::{
    LiquidationError, LiquidationRules, Mechanism, Run, TimelineRow, Trade, Way, ways, with_perpetuals,
};
use crate::market::Shift;
use crate::progress::Progress;

/// What the question needs beside the request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LiquidationOptions {
    /// What happens to the market.
    pub path: PathDocument,
    /// `partial` (in rounds) or `auction`.
    pub mechanism: String,
    /// Parameters of the liquidation that replace the preset's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Value>,
}

impl Default for LiquidationOptions {
    fn default() -> LiquidationOptions {
        LiquidationOptions { path: PathDocument::default(), mechanism: "partial".to_owned(), parameters: None }
    }
}

/// A path. Which fields count depends on its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PathDocument {
    /// `crash`: all prices in equal steps; `vol-spike`: all vols likewise; `replay`: the closes of past days; `steps`: a
    /// list of one's own.
    pub kind: String,
    /// The whole move of prices: −0.4 where left out, 0 for a vol spike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spot_move: Option<f64>,
    /// What vols are multiplied by at the end; where left out they follow the price, and 2.5 for a vol spike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vol_factor: Option<f64>,
    /// In how many steps: 8 where left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_count: Option<usize>,
    /// Which part of the move is undone afterwards: 0.
    pub rebound: f64,
    /// Which days are replayed: `2020-03` or `2026-02`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay: Option<String>,
    /// One's own steps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepDocument>,
}

impl Default for PathDocument {
    fn default() -> PathDocument {
        PathDocument {
            kind: "crash".to_owned(),
            spot_move: None,
            vol_factor: None,
            step_count: None,
            rebound: 0.0,
            replay: None,
            steps: Vec::new(),
        }
    }
}

/// A step of one's own, as a move from today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StepDocument {
    /// What it is called; where left out, the move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Relative move of every price.
    #[serde(default)]
    pub spot_move: f64,
    /// What vols are multiplied by; where left out they follow the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vol_factor: Option<f64>,
    /// Days that have passed.
    #[serde(default)]
    pub days_forward: f64,
    /// Relative moves of single assets in place of that of all prices.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub asset_moves: std::collections::BTreeMap<String, f64>,
}

/// The answer. Money is in the account currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LiquidationDocument {
    /// The account currency.
    pub currency: String,
    /// Where the rules of the liquidation come from.
    pub rules: RulesDocument,
    /// The chosen way: `partial` or `auction`.
    pub mechanism: String,
    /// Each step and each round of the chosen way.
    pub rows: Vec<TimelineRowDocument>,
    /// What is left of the positions at the path's end, in the chosen way.
    pub remaining: Vec<RemainingDocument>,
    /// The chosen way and all others.
    pub ways: Vec<WayDocument>,
    /// Equity at the end, less that of closing everything at once; absent where nothing was liquidated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved: Option<f64>,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One row of the timeline: what happened, and the account after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimelineRowDocument {
    /// The step, from 0 for today.
    pub step: usize,
    /// What the step is called.
    pub label: String,
    /// `step`, `hedge`, `close`, `close-all`, `auction` or `takeover`.
    pub event: String,
    /// What was traded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trades: Vec<LiquidationTradeDocument>,
    /// Which fraction of the account a bidder bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sold_fraction: Option<f64>,
    /// At which discount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<f64>,
    /// What was lost to marks.
    pub slippage: f64,
    /// What the venue took.
    pub fee: f64,
    /// What the account is worth.
    pub equity: f64,
    /// What counts against the maintenance requirement.
    pub maintenance_balance: f64,
    /// The initial requirement.
    pub initial_margin: f64,
    /// The maintenance requirement.
    pub maintenance_margin: f64,
    /// Maintenance requirement over its balance; absent without a balance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin_ratio: Option<f64>,
    /// How the account stands, in a word.
    pub standing: String,
}

/// A trade of the venue for the account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LiquidationTradeDocument {
    /// The instrument.
    pub instrument: String,
    /// In coins, shares or face value; negative was sold.
    pub coins: f64,
    /// Its mark, in the quote currency.
    pub price: f64,
    /// Notional without sign.
    pub notional: f64,
    /// What was lost to the mark.
    pub slippage: f64,
    /// What the venue took.
    pub fee: f64,
}

/// What is left of a position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemainingDocument {
    /// The instrument.
    pub instrument: String,
    /// In coins, signed.
    pub coins: f64,
    /// What it adds to equity.
    pub worth: f64,
}

/// One way of liquidating, and what became of the account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WayDocument {
    /// `partial`, `auction` or `at-once` under the methodology; `cross` and `isolated`: at once under those.
    pub id: String,
    /// What became of the account; absent where the way is not open to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<EndDocument>,
    /// Why it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What became of an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EndDocument {
    /// `survives`, `safe`, `closed` or `bankrupt`.
    pub outcome: String,
    /// The step at which liquidation began, and what it is called; absent where it never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breach: Option<usize>,
    /// Its label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breach_label: Option<String>,
    /// Rounds, sales and takeovers.
    pub rounds: usize,
    /// Lost to marks in all; of sales, their discounts.
    pub slippage: f64,
    /// Taken by the venue in all.
    pub fees: f64,
    /// What the path gained or lost on what was held at each step.
    pub path_pnl: f64,
    /// Equity today.
    pub equity_start: f64,
    /// Equity at the end; negative where the account owes.
    pub equity_end: f64,
    /// What the insurance fund lost.
    pub fund_loss: f64,
    /// Which part of today's notional is still held.
    pub kept_fraction: f64,
    /// The highest ratio of requirement to balance; absent where there was once no balance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub highest_ratio: Option<f64>,
}

impl From<&Trade> for LiquidationTradeDocument {
    fn from(trade: &Trade) -> LiquidationTradeDocument {
        LiquidationTradeDocument {
            instrument: trade.instrument.to_string(),
            coins: trade.coins,
            price: trade.price,
            notional: trade.notional,
            slippage: trade.slippage,
            fee: trade.fee,
        }
    }
}

impl From<&TimelineRow> for TimelineRowDocument {
    fn from(row: &TimelineRow) -> TimelineRowDocument {
        TimelineRowDocument {
            step: row.step,
            label: row.label.clone(),
            event: row.event.word().to_owned(),
            trades: row.trades.iter().map(LiquidationTradeDocument::from).collect(),
            sold_fraction: row.sale.map(|(fraction, _)| fraction),
            discount: row.sale.map(|(_, discount)| discount),
            slippage: row.slippage,
            fee: row.fee,
            equity: row.equity,
            maintenance_balance: row.margin_balance.maintenance,
            initial_margin: row.requirement.initial,
            maintenance_margin: row.requirement.maintenance,
            margin_ratio: row.margin_ratio,
            standing: row.standing.word().to_owned(),
        }
    }
}

impl From<&Run> for EndDocument {
    fn from(run: &Run) -> EndDocument {
        let label = |step: usize| run.rows.iter().find(|row| row.step == step).map(|row| row.label.clone());
        EndDocument {
            outcome: run.outcome.word().to_owned(),
            breach: run.breach,
            breach_label: run.breach.and_then(label),
            rounds: run.rounds,
            slippage: run.slippage,
            fees: run.fees,
            path_pnl: run.path_pnl,
            equity_start: run.equity_start,
            equity_end: run.equity_end,
            fund_loss: run.fund_loss,
            kept_fraction: run.kept_fraction,
            highest_ratio: run.highest_ratio,
        }
    }
}

impl From<&Way> for WayDocument {
    fn from(way: &Way) -> WayDocument {
        let run = way.run.as_ref();
        WayDocument {
            id: way.id.to_owned(),
            end: run.ok().map(EndDocument::from),
            reason: run.err().map(|reason| reason.to_string()),
        }
    }
}

/// Answers the question `liquidation`.
///
/// # Errors
/// A path or parameter that is none, and those of the methodology.
pub(super) fn answer(asked: &Asked, options: &Value, progress: Progress<'_>) -> Result<Value, ContractError> {
    let LiquidationOptions { path, mechanism, parameters } = session::options(options)?;
    let chosen = match mechanism.as_str() {
        "partial" => Mechanism::Rounds,
        "auction" => Mechanism::Auction,
        other => return Err(refused("mechanism", format!("\"{other}\" is neither partial nor auction"))),
    };
    let rules =
        LiquidationRules::new(parameters.as_ref()).map_err(|reason| refused("parameters", reason.to_string()))?;
    let steps = steps(&path, asked, rules.parameters().vol_response)?;
    let failed = |error: LiquidationError| match error {
        LiquidationError::Methodology(reason) => asked.failed(reason),
        other => refused("path", other.to_string()),
    };
    let hedged = if rules.hedges_first(asked.entry) {
        Some(with_perpetuals(&asked.account, &asked.book, &asked.market).map_err(failed)?)
    } else {
        None
    };
    let book = hedged.as_ref().unwrap_or(&asked.book);
    let methodology = (asked.entry, asked.methodology()?);
    let compared = ways(methodology, &asked.schedule, &rules, book, &steps, chosen, progress).map_err(failed)?;
    let remaining = compared.chosen.remaining.iter().map(|left| RemainingDocument {
        instrument: left.instrument.to_string(),
        coins: left.coins,
        worth: left.worth,
    });
    session::written(&LiquidationDocument {
        currency: book.currency.to_string(),
        rules: RulesDocument::from(rules.configured()),
        mechanism,
        rows: compared.chosen.rows.iter().map(TimelineRowDocument::from).collect(),
        remaining: remaining.collect(),
        ways: compared.ways.iter().map(WayDocument::from).collect(),
        saved: compared.saved,
        notes: compared.notes,
    })
}

fn refused(field: &str, reason: String) -> ContractError {
    ContractError::Shape { path: format!("options.{field}"), reason }
}

/// The steps that are meant; moves are checked where they are made.
fn steps(path: &PathDocument, asked: &Asked, vol_response: f64) -> Result<Vec<PathStep>, ContractError> {
    let count = path.step_count.unwrap_or(8);
    if !(1..=MOST_STEPS).contains(&count) {
        return Err(refused("path.step_count", format!("it is {count}; a path has 1 to {MOST_STEPS} steps")));
    }
    if !(0.0..=1.0).contains(&path.rebound) {
        return Err(refused("path.rebound", format!("it is {}; it must lie between 0 and 1", path.rebound)));
    }
    let crash =
        |spot_move: f64, vol_factor: f64| Crash { spot_move, steps: count, vol_factor, rebound: path.rebound }.path();
    match path.kind.as_str() {
        "crash" => {
            let spot_move = path.spot_move.unwrap_or(-0.4);
            Ok(crash(spot_move, path.vol_factor.unwrap_or(vol_factor(spot_move, vol_response))))
        }
        "vol-spike" => Ok(crash(path.spot_move.unwrap_or(0.0), path.vol_factor.unwrap_or(2.5))),
        "replay" => {
            let id = path.replay.as_deref().unwrap_or(REPLAYS[0].id);
            let known = || REPLAYS.iter().map(|replay| replay.id).collect::<Vec<&str>>().join(", ");
            let replay = Replay::find(id).ok_or_else(|| {
                refused("path.replay", format!("there is none named \"{id}\"; there are {}", known()))
            })?;
            replay.path(&asked.book, vol_response).map_err(|reason| refused("path", reason))
        }
        "steps" if path.steps.is_empty() || path.steps.len() > MOST_STEPS => {
            Err(refused("path.steps", format!("there are {}; a path has 1 to {MOST_STEPS}", path.steps.len())))
        }
        "steps" => path.steps.iter().enumerate().map(|(place, step)| own_step(place, step, vol_response)).collect(),
        other => Err(refused("path.kind", format!("\"{other}\" is none of crash, vol-spike, replay and steps"))),
    }
}

fn own_step(place: usize, step: &StepDocument, vol_response: f64) -> Result<PathStep, ContractError> {
    let mut asset_moves: Vec<(Asset, f64)> = Vec::with_capacity(step.asset_moves.len());
    for (ticker, size) in &step.asset_moves {
        let asset = ticker.parse().map_err(|error: crate::asset::AssetError| {
            refused(&format!("path.steps[{place}].asset_moves"), error.to_string())
        })?;
        asset_moves.push((asset, *size));
    }
    let lowest = asset_moves.iter().fold(step.spot_move, |least, (_, size)| least.min(*size));
    let vol_factor = step.vol_factor.unwrap_or(vol_factor(lowest, vol_response));
    let label = step.label.clone().unwrap_or_else(|| step_label(step.spot_move, vol_factor));
    let shift = Shift { spot_move: step.spot_move, vol_points: 0.0, days_forward: step.days_forward };
    Ok(PathStep { label, shift: BookShift { shift, vol_factor, asset_moves } })
}
