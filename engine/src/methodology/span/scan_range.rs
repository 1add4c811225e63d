//! How far prices and vols are scanned: so many daily vols, but at least a floor.

use super::parameters::{Parameters, UnderlyingParameters};
use crate::book::Book;
use crate::methodology::{MethodologyError, Workings};
use crate::statistics::ewma::ewma_vols;

/// Trading days of a year, for the annual vol of a daily one.
const TRADING_DAYS: f64 = 252.0;

/// No range reaches further: a price does not fall by more than itself.
const WIDEST: f64 = 0.99;

/// How far a combined commodity is moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ScanRanges {
    /// The price scan range, as a fraction of the price; above 0, below 1.
    pub price: f64,
    /// The same for long-dated options.
    pub price_long_dated: f64,
    /// The vol scan range, in vol points.
    pub vol_points: f64,
    /// The daily vol behind them, where it is a parameter and was not measured.
    pub assumed_daily_vol: Option<f64>,
}

impl ScanRanges {
    /// The price scan range of long-dated options, or of all else.
    pub(super) fn price_of(&self, is_long_dated: bool) -> f64 {
        if is_long_dated { self.price_long_dated } else { self.price }
    }

    /// A sentence for ranges that rest on a vol which was not measured.
    pub(super) fn note(&self, book: &Book, underlying: usize) -> Option<String> {
        let (asset, percent) = (book.underlyings[underlying].asset, self.assumed_daily_vol? * 100.0);
        Some(format!(
            "The daily vol of {asset}, {percent:.2}\u{a0}%, is a parameter: the market has no daily closes of it."
        ))
    }
}

/// The daily vol of an underlying, and whether it was measured.
struct DailyVol {
    vol: f64,
    is_measured: bool,
}

/// The scan ranges of an underlying of the book.
///
/// # Errors
/// There are no parameters for it, or there is neither a history nor a vol to take them from.
pub(super) fn scan_ranges(
    parameters: &Parameters,
    book: &Book,
    underlying: usize,
    workings: &mut Workings,
) -> Result<ScanRanges, MethodologyError> {
    let rules = parameters.of(&book.underlyings[underlying])?;
    let DailyVol { vol: daily_vol, is_measured } = daily_vol(parameters, rules, book, underlying)?;
    let by_vol = rules.price_scan_sigmas * daily_vol * rules.price_scan_days.sqrt();
    let price = by_vol.max(rules.price_scan_floor);
    let vol_points = (rules.vol_scan_share * daily_vol * TRADING_DAYS.sqrt()).max(rules.vol_scan_floor);
    let values = [
        ("n", rules.price_scan_sigmas),
        ("σ", daily_vol),
        ("days", rules.price_scan_days),
        ("least", rules.price_scan_floor),
    ];
    workings.note("price scan range", "max(n·σ·sqrt(days), least)", &values, price);
    let values =
        [("share", rules.vol_scan_share), ("σ", daily_vol), ("days", TRADING_DAYS), ("least", rules.vol_scan_floor)];
    workings.note("vol scan range", "max(share·σ·sqrt(days), least)", &values, vol_points);
    Ok(ScanRanges {
        price: price.min(WIDEST),
        price_long_dated: by_vol.max(rules.price_scan_floor_long_dated).min(WIDEST),
        vol_points,
        assumed_daily_vol: (daily_vol > 0.0 && !is_measured).then_some(daily_vol),
    })
}

/// The vol of daily returns as an exponentially weighted average of their squares; not looked for where no range
/// needs it.
fn daily_vol(
    parameters: &Parameters,
    rules: &UnderlyingParameters,
    book: &Book,
    underlying: usize,
) -> Result<DailyVol, MethodologyError> {
    if rules.price_scan_sigmas == 0.0 && rules.vol_scan_share == 0.0 {
        return Ok(DailyVol { vol: 0.0, is_measured: false });
    }
    let asset = book.underlyings[underlying].asset;
    let history = book.history.as_ref();
    let returns = history.and_then(|history| history.joint_returns(&[asset], parameters.ewma_days as usize).ok());
    let measured = returns.as_ref().and_then(|joint| joint.returns.first()).and_then(|returns| {
        // From the mean square of all of them on. Closes that never move say nothing.
        let squares: f64 = returns.iter().map(|step| step * step).sum();
        let vols = ewma_vols(returns, (squares / returns.len() as f64).sqrt(), parameters.ewma_lambda).ok()?;
        vols.last().copied()
    });
    match measured {
        Some(vol) => Ok(DailyVol { vol, is_measured: true }),
        None if rules.daily_vol > 0.0 => Ok(DailyVol { vol: rules.daily_vol, is_measured: false }),
        None => Err(MethodologyError::NotApplicable(format!(
            "the scan range of {asset} comes from its daily vol, but the market has no closes of it; set its daily_vol"
        ))),
    }
}
