//! What if: the same market with the price, the vols or the clock moved.

use jiff::{SignedDuration, Timestamp};

use super::forward::roll_forward;
use super::{Market, MarketError, MarketFault};

/// The lowest vol that a negative shift leaves: one vol point.
const VOL_FLOOR: f64 = 0.01;
/// The furthest that the clock goes: a hundred years.
const MOST_DAYS: f64 = 36_500.0;

/// A what-if applied to every underlying.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Shift {
    /// Relative move of index, perpetual and forwards: -0.2 is 20 % down. Above -1.
    pub spot_move: f64,
    /// Absolute move of every vol, per 1.00: 0.05 is five vol points up.
    pub vol_points: f64,
    /// Days by which the clock moves on, 0 to 36,500.
    pub days_forward: f64,
}

impl Market {
    /// A changed copy; this market stays as it is.
    ///
    /// - Index, perpetual and forwards are multiplied by 1 + `spot_move`, as is the quote of an underlying in the
    ///   table of currencies.
    /// - Vols stay with their strikes ("sticky strike") and move by `vol_points`, down to one vol point at the
    ///   least; a vol below that is not lowered further.
    /// - As the clock moves on, each forward keeps its carry: F' = S'·(F/S)^(T'/T). What has expired on the way
    ///   stays listed, with no time left and the index as its forward.
    pub fn shifted(&self, shift: &Shift) -> Result<Market, MarketError> {
        shift.check()?;
        let Shift { spot_move, vol_points, .. } = *shift;

        let factor = 1.0 + spot_move;
        let mut draft = self.to_draft();
        draft.time = shift.moved_on(self.now())?;
        for underlying in &mut draft.underlyings {
            let index = underlying.index;
            // Bonds go by their yields.
            let factor = if underlying.terms.yields.is_empty() { factor } else { 1.0 };
            underlying.index = index * factor;
            underlying.perpetual_mark = underlying.perpetual_mark.map(|mark| mark * factor);
            for market in &mut underlying.expiries {
                let (years, left) = (market.expiry.years_from(self.now()), market.expiry.years_from(draft.time));
                market.forward = market.forward.map(|forward| roll_forward(index, forward, factor, years, left));
                for (_, vol) in &mut market.smile {
                    *vol = shifted_vol(*vol, 1.0, vol_points);
                }
            }
        }
        for (asset, usd) in &mut draft.fx {
            if self.priced_by(*asset).is_some() {
                *usd *= factor;
            }
        }
        Market::new(draft)
    }
}

impl Shift {
    /// Whether every move is in its domain.
    pub(crate) fn check(&self) -> Result<(), MarketError> {
        let Shift { spot_move, vol_points, days_forward } = *self;
        Shift::check_spot_move(spot_move)?;
        check("the vol move", "a number, where 0.05 means five vol points", vol_points, true)?;
        check("the days forward", "between 0 and 36500", days_forward, (0.0..=MOST_DAYS).contains(&days_forward))?;
        Ok(())
    }

    pub(crate) fn check_spot_move(spot_move: f64) -> Result<(), MarketFault> {
        check("the price move", "above -100 %, where -0.2 means -20 %", spot_move, spot_move > -1.0)
    }

    pub(crate) fn check_vol_factor(factor: f64) -> Result<(), MarketFault> {
        check("the factor of vols", "not negative, where 1 changes nothing", factor, factor >= 0.0)
    }

    /// The time that is reached from `time`.
    pub(crate) fn moved_on(&self, time: Timestamp) -> Result<Timestamp, MarketError> {
        let days = self.days_forward;
        let milliseconds = (days * 86_400_000.0).round() as i64;
        let rule = "such that the year stays below 9999";
        time.checked_add(SignedDuration::from_millis(milliseconds))
            .map_err(|_| MarketFault::Rule { what: "the days forward", rule, value: days }.into())
    }
}

/// A vol times `factor` plus `points`: down to one vol point at the least, unless it was below that already.
pub(crate) fn shifted_vol(vol_annual: f64, factor: f64, points: f64) -> f64 {
    (vol_annual * factor + points).max(vol_annual.min(VOL_FLOOR))
}

fn check(what: &'static str, rule: &'static str, value: f64, holds: bool) -> Result<(), MarketFault> {
    if holds && value.is_finite() { Ok(()) } else { Err(MarketFault::Rule { what, rule, value }) }
}
