//! The margin curve as a document.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call_prices::{NearestDocument, PlaceDocument};
use super::session::{self, Asked};
use super::{ContractError, MethodologyError};
use crate::asset::Asset;
use crate::insight::{Breach, CurveAxis, CurvePoint, CurveRange, MarginCurve, Moved, margin_curve, moving_assets};
use crate::progress::Progress;

/// Equity and requirements along an axis. Lists have one entry for each place; money is in the account currency, and
/// absent (`null`) where the methodology gives no figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MarginCurveDocument {
    /// `price`, `vol` or `time`.
    pub axis: String,
    /// Whose price it is on an axis of prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<String>,
    /// Whether all others move by the same fraction.
    pub together: bool,
    /// The present price, in the asset's quote currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<f64>,
    /// Ascending: moves of prices as fractions, what is added to vols as decimals, or days.
    pub places: Vec<f64>,
    /// The asset's price at each place; empty where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<f64>,
    /// What the account would be worth if all were closed.
    pub equity: Vec<Option<f64>>,
    /// What counts against the initial requirement.
    pub initial_balance: Vec<Option<f64>>,
    /// What counts against the maintenance requirement.
    pub maintenance_balance: Vec<Option<f64>>,
    /// The initial requirement.
    pub initial: Vec<Option<f64>>,
    /// The maintenance requirement.
    pub maintenance: Vec<Option<f64>>,
    /// The equity at which the initial requirement would just be met: with haircuts on top.
    pub initial_equity: Vec<Option<f64>>,
    /// The equity at which the maintenance requirement would just be met.
    pub maintenance_equity: Vec<Option<f64>>,
    /// The worst slide, by its place in `slides`; none under rules.
    pub worst_slide: Vec<Option<usize>>,
    /// The names of slides that are the worst somewhere.
    pub slides: Vec<String>,
    /// Where requirements begin and cease to be missed, ascending.
    pub crossings: Vec<CrossingDocument>,
    /// The nearest places at which the initial requirement begins to be missed.
    pub margin_call: NearestDocument,
    /// The nearest places at which the maintenance requirement begins to be missed.
    pub liquidation: NearestDocument,
    /// What expires on the way, on an axis of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expiries: Vec<OnTheWayDocument>,
    /// Where there are no figures, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<GapDocument>,
    /// How far it was looked for crossings.
    pub searched: [f64; 2],
}

/// Where a requirement begins or ceases to be missed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CrossingDocument {
    /// `margin-call` or `liquidation`.
    pub breach: String,
    /// Where.
    pub place: f64,
    /// The price there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<f64>,
    /// Equity there.
    pub equity: f64,
    /// Whether the requirement is missed at higher places and met before; else the other way round.
    pub missed_beyond: bool,
}

/// An expiry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OnTheWayDocument {
    /// When, in days from now.
    pub days: f64,
    /// Its day: `25SEP26`.
    pub expiry: String,
}

/// Places without figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GapDocument {
    /// The first of them.
    pub from: f64,
    /// The last.
    pub to: f64,
    /// Why.
    pub reason: String,
}

/// What may be asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// `price`, `vol` or `time`.
    #[serde(default)]
    axis: Option<String>,
    /// Whose price; the first that the account depends on where there is none.
    #[serde(default)]
    underlying: Option<String>,
    /// Whether all others move with it; they do where no underlying is named.
    #[serde(default)]
    together: Option<bool>,
    #[serde(default)]
    from: Option<f64>,
    #[serde(default)]
    to: Option<f64>,
    #[serde(default)]
    points: Option<usize>,
}

/// So many places where no other number is asked for.
const USUAL_POINTS: usize = 200;

/// Answers the question `margin_curve`.
///
/// # Errors
/// Options that mean nothing, and those of the methodology.
pub(super) fn answer(asked: &Asked, options: &Value, progress: Progress<'_>) -> Result<Value, ContractError> {
    let options: Options = session::options(options)?;
    let axis = axis(asked, &options)?;
    let range = CurveRange { from: options.from, to: options.to, points: options.points.unwrap_or(USUAL_POINTS) };
    let curve = margin_curve(asked.methodology()?, &asked.schedule, &asked.book, axis, range, progress);
    let curve = curve.map_err(|reason| asked.failed(reason))?;
    let (moved, price) = match axis {
        CurveAxis::Price(moved) => (Some(moved), moved.price(&asked.book)),
        CurveAxis::Vol | CurveAxis::Time => (None, None),
    };
    session::written(&document(&curve, moved, price))
}

fn axis(asked: &Asked, options: &Options) -> Result<CurveAxis, ContractError> {
    let refused = |field: &str, reason: String| ContractError::Shape { path: format!("options.{field}"), reason };
    match options.axis.as_deref() {
        Some("vol") => return Ok(CurveAxis::Vol),
        Some("time") => return Ok(CurveAxis::Time),
        None | Some("price") => {}
        Some(other) => {
            return Err(refused("axis", format!("there is none named \"{other}\"; there are price, vol and time")));
        }
    }
    let assets = moving_assets(&asked.book);
    let asset = match &options.underlying {
        Some(name) => assets.iter().find(|asset| asset.as_str() == name).copied().ok_or_else(|| {
            let known: Vec<&str> = assets.iter().map(Asset::as_str).collect();
            refused("underlying", format!("the account does not depend on {name}, but on: {}", known.join(", ")))
        })?,
        None => *assets.first().ok_or_else(|| {
            let reason = "nothing in this account depends on a price".to_owned();
            asked.failed(MethodologyError::NotApplicable(reason))
        })?,
    };
    let with_others = options.together.unwrap_or(options.underlying.is_none());
    Ok(CurveAxis::Price(Moved { asset, with_others }))
}

fn document(curve: &MarginCurve, moved: Option<Moved>, price: Option<f64>) -> MarginCurveDocument {
    let price_at = |place: f64| price.map(|price| price * (1.0 + place));
    let figures = |of: fn(&CurvePoint) -> f64| curve.points.iter().map(|point| point.as_ref().map(of)).collect();
    let nearest = |breach: Breach| {
        let at = |below: bool| {
            let place = curve.nearest(breach, below)?;
            Some(PlaceDocument { place, price: price_at(place) })
        };
        NearestDocument { down: at(true), up: at(false) }
    };
    let crossings = curve.crossings.iter().map(|crossing| CrossingDocument {
        breach: crossing.breach.word().to_owned(),
        place: crossing.place,
        price: price_at(crossing.place),
        equity: crossing.equity,
        missed_beyond: crossing.missed_beyond,
    });
    let gaps = curve.gaps.iter();
    let expiries = curve.expiries.iter();
    let axis = match curve.axis {
        CurveAxis::Price(_) => "price",
        CurveAxis::Vol => "vol",
        CurveAxis::Time => "time",
    };
    MarginCurveDocument {
        axis: axis.to_owned(),
        asset: moved.map(|moved| moved.asset.to_string()),
        together: moved.is_some_and(|moved| moved.with_others),
        price,
        places: curve.places.clone(),
        prices: curve.places.iter().filter_map(|place| price_at(*place)).collect(),
        equity: figures(|point| point.equity),
        initial_balance: figures(|point| point.margin_balance.initial),
        maintenance_balance: figures(|point| point.margin_balance.maintenance),
        initial: figures(|point| point.requirement.initial),
        maintenance: figures(|point| point.requirement.maintenance),
        initial_equity: figures(|point| point.needed_equity().initial),
        maintenance_equity: figures(|point| point.needed_equity().maintenance),
        worst_slide: curve.points.iter().map(|point| point.as_ref()?.worst_slide).collect(),
        slides: curve.slides.clone(),
        crossings: crossings.collect(),
        margin_call: nearest(Breach::MarginCall),
        liquidation: nearest(Breach::Liquidation),
        expiries: expiries.map(|(days, expiry)| OnTheWayDocument { days: *days, expiry: expiry.to_string() }).collect(),
        gaps: gaps.map(|gap| GapDocument { from: gap.from, to: gap.to, reason: gap.reason.clone() }).collect(),
        searched: [curve.searched.0, curve.searched.1],
    }
}
