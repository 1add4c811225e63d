//! Thinning: the fewest vols that still say what a whole chain says.
//!
//! A chain lists a vol for each of a hundred strikes of an expiry. A [`Smile`] between twenty of them is within a
//! fraction of a vol point of the rest. What is left is rounded: vols to 0.01 points, prices to seven digits.

use super::book_summary::{BookSummary, OptionMark};
use super::{ExpiryDraft, ExpiryMarket, Market, MarketError, Smile};
use crate::asset::Asset;
use crate::instrument::Expiry;
use crate::order::sorted_by;
use crate::pricing::numeric::{ln, norm_cdf};

/// Deltas between which options count as traded; forward delta N(d₁) of a call, by the option's own vol.
const INSIDE: std::ops::RangeInclusive<f64> = 0.05..=0.95;
/// Half a vol point, the error that a fit is judged by.
const HALF_POINT: f64 = 0.005;

/// How far a thinned smile may be from the vol of an option.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Per √year, for options between 5 and 95 delta: 0.001 is a tenth of a vol point.
    pub inside: f64,
    /// Per √year, for all others.
    pub outside: f64,
}

impl Default for Tolerance {
    /// A tenth of a vol point between 5 and 95 delta, half a point outside.
    fn default() -> Self {
        Tolerance { inside: 0.001, outside: 0.005 }
    }
}

/// How well a market gives the vols of the options of one expiry. Errors are absolute, per √year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitReport {
    /// The coin.
    pub asset: Asset,
    /// The expiry.
    pub expiry: Expiry,
    /// Vols in the market's smile.
    pub knots: usize,
    /// Options with a vol.
    pub options: usize,
    /// The largest error of all.
    pub max_error: f64,
    /// Options between 5 and 95 delta.
    pub inside: usize,
    /// The largest error between 5 and 95 delta; zero if there is no such option.
    pub max_error_inside: f64,
    /// The error that 95 % of the options between 5 and 95 delta do not exceed; zero if there is no such option.
    pub error_95_inside: f64,
    /// The share of the options between 5 and 95 delta that are within half a vol point; one if there are none.
    pub share_within_half_point: f64,
}

/// Thins and rounds the market of a chain.
pub fn thin(chain: &BookSummary, tolerance: &Tolerance) -> Result<Market, MarketError> {
    let mut draft = chain.market.to_draft();
    for (underlying, full) in draft.underlyings.iter_mut().zip(chain.market.underlyings()) {
        underlying.index = rounded_price(underlying.index);
        underlying.perpetual_mark = underlying.perpetual_mark.map(rounded_price);
        for (market, full_market) in underlying.expiries.iter_mut().zip(full.expiries()) {
            let targets = targets(full_market, full.asset(), &chain.marks, tolerance);
            thin_expiry(market, full_market.forward(), &targets)?;
        }
    }
    Market::new(draft)
}

/// Compares a market with the marks of options, expiry by expiry. Expiries that the market does not list, or for
/// which there are no marks, are left out.
pub fn measure(market: &Market, marks: &[OptionMark]) -> Vec<FitReport> {
    let listed = market.underlyings().iter().flat_map(|coin| coin.expiries().iter().map(|day| (coin.asset(), day)));
    listed.filter_map(|(asset, day)| measure_expiry(asset, day, marks)).collect()
}

fn measure_expiry(asset: Asset, market: &ExpiryMarket, marks: &[OptionMark]) -> Option<FitReport> {
    let targets = targets(market, asset, marks, &Tolerance::default());
    let errors = |inside_only: bool| {
        let chosen = targets.iter().filter(|target| target.inside || !inside_only);
        sorted_by(chosen.filter_map(|target| target.error(market.smile())).collect(), |error: &f64| *error)
    };
    let (all, inside) = (errors(false), errors(true));
    let within = inside.partition_point(|error| *error <= HALF_POINT);
    Some(FitReport {
        asset,
        expiry: market.expiry(),
        knots: market.smile().points().len(),
        options: all.len(),
        max_error: *all.last()?,
        inside: inside.len(),
        max_error_inside: inside.last().copied().unwrap_or(0.0),
        error_95_inside: inside.get((inside.len() * 95).div_ceil(100).saturating_sub(1)).copied().unwrap_or(0.0),
        share_within_half_point: if inside.is_empty() { 1.0 } else { within as f64 / inside.len() as f64 },
    })
}

/// What a smile is held against: one option.
struct Target {
    strike: f64,
    vol_annual: f64,
    inside: bool,
    tolerance: f64,
}

impl Target {
    fn error(&self, smile: &Smile) -> Option<f64> {
        smile.vol(self.strike).map(|vol| (vol - self.vol_annual).abs())
    }

    /// The error in units of what is tolerated.
    fn strain(&self, smile: &Smile) -> f64 {
        self.error(smile).map_or(f64::INFINITY, |error| error / self.tolerance)
    }
}

fn targets(market: &ExpiryMarket, asset: Asset, marks: &[OptionMark], tolerance: &Tolerance) -> Vec<Target> {
    let of_expiry = marks
        .iter()
        .filter(|mark| mark.instrument.product.base == asset && mark.instrument.expiry() == Some(market.expiry()));
    let target = |mark: &OptionMark| {
        let (strike, _) = mark.instrument.option_terms()?;
        let inside = INSIDE.contains(&call_delta(market, strike, mark.vol_annual));
        let tolerance = if inside { tolerance.inside } else { tolerance.outside };
        Some(Target { strike, vol_annual: mark.vol_annual, inside, tolerance })
    };
    of_expiry.filter_map(target).collect()
}

/// Adds the strike that strains the smile most until nothing is strained, then takes out what is not missed.
fn thin_expiry(market: &mut ExpiryDraft, forward: f64, targets: &[Target]) -> Result<(), MarketError> {
    for (_, vol) in &mut market.smile {
        *vol = round_to(*vol, 1e4);
    }
    let all = std::mem::take(&mut market.smile);
    let distance = |point: &(f64, f64)| (point.0 / forward).max(forward / point.0);
    let mut knots: Vec<(f64, f64)> = Vec::new();
    let mut next = all.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).copied();
    while let Some(knot) = next {
        knots.push(knot);
        next = most_strained(&knots, targets)?.and_then(|strike| all.iter().find(|point| point.0 == strike).copied());
    }
    let mut position = 0;
    while position < knots.len() && knots.len() > 1 {
        let knot = knots.remove(position);
        if most_strained(&knots, targets)?.is_some() {
            knots.insert(position, knot);
            position += 1;
        }
    }
    market.smile = knots;
    market.forward = Some(rounded_price(forward));
    Ok(())
}

/// The strike, not yet a knot, whose option is furthest beyond its tolerance.
fn most_strained(knots: &[(f64, f64)], targets: &[Target]) -> Result<Option<f64>, MarketError> {
    let smile = Smile::new(knots)?;
    let free = targets.iter().filter(|target| knots.iter().all(|knot| knot.0 != target.strike));
    let strained = free.map(|target| (target.strike, target.strain(&smile))).filter(|(_, strain)| *strain > 1.0);
    Ok(strained.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(strike, _)| strike))
}

fn call_delta(market: &ExpiryMarket, strike: f64, vol_annual: f64) -> f64 {
    let deviation = vol_annual * market.years().sqrt();
    let moneyness = ln(market.forward() / strike);
    // With neither vol nor time the delta is 0 or 1, at the money whatever one likes.
    if deviation > 0.0 { norm_cdf(moneyness / deviation + deviation / 2.0) } else { f64::from(moneyness > 0.0) }
}

/// Two decimals, and more where that would be less than seven digits.
fn rounded_price(price: f64) -> f64 {
    let mut scale = 100.0;
    while price * scale < 5e6 {
        scale *= 10.0;
    }
    round_to(price, scale)
}

fn round_to(value: f64, scale: f64) -> f64 {
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::super::book_summary;
    use super::*;

    /// A smile with a kink at the money: two straight lines in variance over log-strike, and nothing else.
    fn kinked_chain() -> BookSummary {
        let rows = (0..41).flat_map(|step| {
            let strike = 50_000.0 + 2_500.0 * f64::from(step);
            let distance = ln(strike / 100_000.0);
            let percent = 100.0 * (0.25 + distance.abs() * if distance < 0.0 { 0.3 } else { 0.1 }).sqrt();
            ["C", "P"].map(|right| {
                format!(
                    r#"{{"instrument_name":"BTC-25SEP26-{strike}-{right}","mark_iv":{percent},"underlying_price":100000,
                    "estimated_delivery_price":99999.123456,"creation_timestamp":1785571200000}}"#
                )
            })
        });
        let text = format!("[{}]", rows.collect::<Vec<_>>().join(","));
        book_summary::parse(&text).expect("valid")
    }

    #[test]
    fn a_kink_needs_three_knots_and_all_strikes_stay_listed() {
        let chain = kinked_chain();
        let tolerance = Tolerance { inside: 0.0002, outside: 0.0002 };
        let market = thin(&chain, &tolerance).expect("valid");
        let coin = &market.underlyings()[0];
        assert_eq!(coin.index(), 99_999.12);
        let day = &coin.expiries()[0];
        let strikes: Vec<f64> = day.smile().points().map(|(strike, _)| strike).collect();
        assert_eq!(strikes, [50_000.0, 100_000.0, 150_000.0]);
        assert_eq!(day.listed_strikes().len(), 41);
        // Rounded to a hundredth of a point: √(0.25 + 0.3·ln 2) is 0.676716.
        assert_eq!(day.smile().vol(50_000.0), Some(0.6767));

        let report = measure(&market, &chain.marks)[0];
        assert_eq!((report.asset, report.expiry.to_string().as_str()), (Asset::BTC, "25SEP26"));
        assert_eq!((report.options, report.knots, report.share_within_half_point), (82, 3, 1.0));
        assert!(report.max_error <= 0.0002 && report.error_95_inside <= report.max_error_inside);
        assert!(0 < report.inside && report.inside < 82);
    }

    #[test]
    fn wide_tolerance_leaves_one_flat_vol_and_errors_are_measured_in_vol() {
        let chain = kinked_chain();
        let market = thin(&chain, &Tolerance { inside: 1.0, outside: 1.0 }).expect("valid");
        let report = measure(&market, &chain.marks)[0];
        assert_eq!(report.knots, 1);
        // The far end against the vol at the money, 0.5.
        assert!((report.max_error - 0.176_716).abs() < 1e-6, "{}", report.max_error);
        assert!(report.share_within_half_point < 0.2);
    }

    #[test]
    fn prices_keep_seven_digits() {
        assert_eq!(rounded_price(77_403.109_87), 77_403.11);
        assert_eq!(rounded_price(2_416.193_449), 2_416.193_4);
        assert_eq!(rounded_price(0.512_345_678), 0.512_345_7);
    }
}
