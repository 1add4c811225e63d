//! Equity and requirements along a line of prices, of vols or of days: the margin curve.

use super::call_prices::{LEAST_MOVE, MOST_MOVE, NEAREST, steps};
use super::moved_account::{Breach, Follower, Moved, MovedAccount, Side};
use crate::book::{Book, BookShift, Leg};
use crate::collateral::CollateralSchedule;
use crate::instrument::Expiry;
use crate::market::Shift;
use crate::methodology::{Methodology, MethodologyError, Pair};
use crate::order::ascending;
use crate::progress::Progress;

/// How far prices are shown where nothing happens nearer or further.
const USUAL_MOVE: f64 = 0.5;
/// At least so much is shown of a side on which something happens near.
const NEAR_MOVE: f64 = 0.2;
/// How many times as far as the crossings a side is shown.
const BEYOND: f64 = 2.5;
/// The range follows crossings down and up to here.
const FOLLOWED_MOVES: (f64, f64) = (-0.9, 2.0);
/// Vol points that are shown below and above, and up to where the range follows crossings.
const USUAL_VOLS: (f64, f64) = (-0.5, 1.0);
const FOLLOWED_VOL: f64 = 3.0;
/// The days that are shown of an account in which nothing expires.
const USUAL_DAYS: f64 = 90.0;
/// How long before an expiry the account is looked at, in days: a minute.
const BEFORE_EXPIRY: f64 = 1.0 / 1440.0;
/// The most points of a curve.
const MOST_POINTS: usize = 2_000;
/// How far it is when the range is known.
const RANGE_DONE: f64 = 0.2;

/// What changes along the curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CurveAxis {
    /// Prices; places are moves as fractions.
    Price(Moved),
    /// All vols; places are what is added to them, per 1.00: 0.05 is five points.
    Vol,
    /// Time; places are days from now, prices and vols stay.
    Time,
}

impl CurveAxis {
    fn shift_to(self, place: f64) -> BookShift {
        let shift = match self {
            CurveAxis::Price(moved) => return moved.by(place),
            CurveAxis::Vol => Shift { vol_points: place, ..Shift::default() },
            CurveAxis::Time => Shift { days_forward: place, ..Shift::default() },
        };
        BookShift { shift, ..BookShift::default() }
    }

    /// How close crossings are found: a millionth of the price, a millionth of a vol point, a second.
    fn nearest(self) -> f64 {
        match self {
            CurveAxis::Price(_) => NEAREST,
            CurveAxis::Vol => 1e-8,
            CurveAxis::Time => 1.0 / 86_400.0,
        }
    }
}

/// Which part of an axis, at how many places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurveRange {
    /// The first place; chosen where there is none.
    pub from: Option<f64>,
    /// The last place; chosen where there is none.
    pub to: Option<f64>,
    /// How many places, evenly spaced, 2 to 2,000; that of the present is among them. Instants of expiry come in
    /// addition.
    pub points: usize,
}

/// An account at one place of a curve. Money is in the account currency, at the prices of that place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// What it would be worth if all were closed.
    pub equity: f64,
    /// What counts against the requirements.
    pub margin_balance: Pair,
    /// The requirements.
    pub requirement: Pair,
    /// The worst slide, by its place in [`MarginCurve::slides`].
    pub worst_slide: Option<usize>,
}

impl CurvePoint {
    /// The equity at which the requirements would just be met: with haircuts, and what counts in the requirement
    /// instead of the balance, on top. A line of it crosses that of equity where the requirement begins to be missed.
    pub fn needed_equity(&self) -> Pair {
        Pair::both(self.equity).plus(self.margin_balance.times(-1.0)).plus(self.requirement)
    }
}

/// Where a requirement begins or ceases to be missed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    /// Which requirement.
    pub breach: Breach,
    /// Where along the axis.
    pub place: f64,
    /// Equity there.
    pub equity: f64,
    /// Whether it is missed beyond, at higher places, and met before; else the other way round.
    pub missed_beyond: bool,
}

/// Places without figures.
#[derive(Debug, Clone, PartialEq)]
pub struct CurveGap {
    /// The first of them.
    pub from: f64,
    /// The last.
    pub to: f64,
    /// Why.
    pub reason: String,
}

/// An account along an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct MarginCurve {
    /// What changes.
    pub axis: CurveAxis,
    /// Ascending.
    pub places: Vec<f64>,
    /// The account at each place; none in a gap.
    pub points: Vec<Option<CurvePoint>>,
    /// The names of slides that are the worst somewhere, in the order in which they are met.
    pub slides: Vec<String>,
    /// All crossings between the places, ascending.
    pub crossings: Vec<Crossing>,
    /// What expires on the way, on an axis of time: the place, and the instant.
    pub expiries: Vec<(f64, Expiry)>,
    /// Where there are no figures, and why.
    pub gaps: Vec<CurveGap>,
    /// Which requirements are missed already at the present, as [`Breach::ALL`].
    pub is_missed: [bool; 2],
    /// How far it was looked for crossings: at least to the ends of the curve.
    pub searched: (f64, f64),
}

impl MarginCurve {
    /// The crossing into a breach that is nearest to the present, below or above; 0 where it is missed already.
    pub fn nearest(&self, breach: Breach, below: bool) -> Option<f64> {
        if self.is_missed[breach as usize] {
            return Some(0.0);
        }
        let mut places = self.crossings.iter().filter(|it| it.breach == breach).map(|it| it.place);
        if below { places.rfind(|place| *place < 0.0) } else { places.find(|place| *place > 0.0) }
    }
}

/// Computes an account along an axis, and where requirements begin and cease to be missed.
///
/// Without a range of its own, an axis of prices shows what is around the crossings up to −90 % and +200 %, where there
/// are none ±50 %; one of vols −50 to +100 points, more where crossings lie further out; one of time reaches to the last expiry,
/// else 90 days.
///
/// # Errors
/// The methodology has no rule for the book as it is, or the range is none.
pub fn margin_curve(
    methodology: &dyn Methodology,
    schedule: &CollateralSchedule,
    book: &Book,
    axis: CurveAxis,
    range: CurveRange,
    progress: Progress<'_>,
) -> Result<MarginCurve, MethodologyError> {
    let follower = Follower::new(methodology, schedule, book);
    let shift_to = |place: f64| axis.shift_to(place);
    let present = follower.after(&shift_to(0.0))?;
    let expiries = if axis == CurveAxis::Time { expiries(book) } else { Vec::new() };
    let (usual, searched) = match (axis, range.from, range.to) {
        (_, Some(from), Some(to)) => ((from, to), (from, to)),
        (CurveAxis::Time, ..) => {
            let last = expiries.last().map_or(USUAL_DAYS, |(days, _)| *days);
            ((0.0, last), (0.0, last))
        }
        _ => usual_range(&follower, book, axis, &present),
    };
    let (from, to) = (range.from.unwrap_or(usual.0), range.to.unwrap_or(usual.1));
    check(axis, from, to, range.points)?;
    let places = places(from, to, range.points, &expiries);

    let mut curve = MarginCurve {
        axis,
        places: Vec::with_capacity(places.len()),
        points: Vec::with_capacity(places.len()),
        slides: Vec::new(),
        crossings: Vec::new(),
        expiries: expiries.into_iter().filter(|(days, _)| (from..=to).contains(days)).collect(),
        gaps: Vec::new(),
        is_missed: follower.left(&present).map(|left| left < 0.0),
        searched: (searched.0.min(from), searched.1.max(to)),
    };
    let mut before: Option<(f64, [f64; 2])> = None;
    let (progress, count) = (progress.part(RANGE_DONE, 1.0), places.len());
    for place in places {
        progress.steps(curve.places.len(), count);
        let point = match follower.after(&shift_to(place)) {
            Ok(account) => {
                let here = (place, follower.left(&account));
                if let Some(before) = before {
                    add_crossings(&mut curve, &follower, before, here, &shift_to);
                }
                before = Some(here);
                let worst_slide = account.worst_slide.map(|label| place_of(&mut curve.slides, label));
                let MovedAccount { equity, margin_balance, requirement, .. } = account;
                Some(CurvePoint { equity, margin_balance, requirement, worst_slide })
            }
            Err(reason) => {
                before = None;
                add_gap(&mut curve, place, reason.to_string());
                None
            }
        };
        curve.places.push(place);
        curve.points.push(point);
    }
    Ok(curve)
}

/// Where requirements change between being met and missed from one place to the next, each with what is left there.
fn add_crossings(
    curve: &mut MarginCurve,
    follower: &Follower<'_>,
    before: (f64, [f64; 2]),
    here: (f64, [f64; 2]),
    shift_to: &dyn Fn(f64) -> BookShift,
) {
    let mut found: Vec<Crossing> = Vec::new();
    for breach in Breach::ALL {
        let [before, here] = [before, here].map(|(place, left)| (place, left[breach as usize]));
        let missed_beyond = here.1 < 0.0;
        if (before.1 < 0.0) == missed_beyond {
            continue;
        }
        let (met, missed) = if missed_beyond { (before, here) } else { (here, before) };
        // A place without rules between two that have them: the crossing is not known better than to the step.
        let place = follower.crossing(breach, met, missed, curve.axis.nearest(), shift_to).unwrap_or(missed.0);
        if let Ok(account) = follower.after(&shift_to(place)) {
            found.push(Crossing { breach, place, equity: account.equity, missed_beyond });
        }
    }
    if let [first, second] = &found[..]
        && first.place > second.place
    {
        found.swap(0, 1);
    }
    curve.crossings.append(&mut found);
}

/// A gap grows while the reason stays.
fn add_gap(curve: &mut MarginCurve, place: f64, reason: String) {
    let goes_on = curve.points.last().is_some_and(Option::is_none);
    match curve.gaps.last_mut() {
        Some(gap) if goes_on && gap.reason == reason => gap.to = place,
        _ => curve.gaps.push(CurveGap { from: place, to: place, reason }),
    }
}

/// The place of a name in a list, to which it is added.
fn place_of(names: &mut Vec<String>, name: String) -> usize {
    names.iter().position(|known| *known == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    })
}

/// The range that shows where the account stands, and how far it was looked for crossings.
fn usual_range(
    follower: &Follower<'_>,
    book: &Book,
    axis: CurveAxis,
    present: &MovedAccount,
) -> ((f64, f64), (f64, f64)) {
    let side = |places: Vec<f64>| follower.outwards(present, &places, None, &|place| axis.shift_to(place));
    if axis == CurveAxis::Vol {
        let highest_vol = book.legs.iter().filter_map(Leg::vol_annual).fold(0.0, f64::max);
        let lowest = USUAL_VOLS.0.max(-highest_vol);
        let up = side((1..=12).map(|step| f64::from(step) / 12.0 * FOLLOWED_VOL).collect());
        let to = furthest(&up).map_or(USUAL_VOLS.1, |found| (found * 1.2).max(USUAL_VOLS.1));
        return ((lowest, to), (lowest, up.reach));
    }
    // A coarse look decides the range; the places of the curve then find the crossings in it.
    let (least, most) = FOLLOWED_MOVES;
    let (down, up) = (side(steps(least, 0.02, 1.15)), side(steps(most, 0.02, 1.15)));
    // How far a side is shown; none where nothing happens there, or it is missed already: where it is met again lies on
    // either side.
    let shown = |side: &Side, beyond: f64| match furthest(side).map(f64::abs) {
        None | Some(0.0) => None,
        Some(found) if found * 1.1 <= USUAL_MOVE => Some((found * BEYOND).clamp(NEAR_MOVE, USUAL_MOVE)),
        Some(found) => Some(found * (1.0 + beyond)),
    };
    let (low, high) = (shown(&down, 0.05), shown(&up, 0.15));
    // A side where nothing happens shows as much as the other, up to the usual.
    let or_like =
        |this: Option<f64>, other: Option<f64>| this.or(other.map(|other| other.min(USUAL_MOVE))).unwrap_or(USUAL_MOVE);
    let from = -or_like(low, high).min(-LEAST_MOVE);
    ((from, or_like(high, low).min(MOST_MOVE)), (down.reach, up.reach))
}

fn furthest(side: &Side) -> Option<f64> {
    side.liquidation.or(side.margin_call)
}

fn check(axis: CurveAxis, from: f64, to: f64, points: usize) -> Result<(), MethodologyError> {
    let lowest = match axis {
        CurveAxis::Price(_) => LEAST_MOVE.min(-0.99),
        CurveAxis::Vol => -10.0,
        CurveAxis::Time => 0.0,
    };
    let refused = |reason: String| Err(MethodologyError::NotApplicable(reason));
    if !(from.is_finite() && to.is_finite() && from < to && from >= lowest) {
        return refused(format!("a curve from {from} to {to} is none; it must rise, from {lowest} at the least"));
    }
    if !(2..=MOST_POINTS).contains(&points) {
        return refused(format!("a curve has 2 to {MOST_POINTS} points, not {points}"));
    }
    Ok(())
}

/// Evenly spaced, the one nearest to the present moved there; and the instants of expiry with the minute before.
fn places(from: f64, to: f64, points: usize, expiries: &[(f64, Expiry)]) -> Vec<f64> {
    let last = (points - 1) as f64;
    let mut places: Vec<f64> = (0..points).map(|point| from + (to - from) * (point as f64 / last)).collect();
    places[points - 1] = to;
    if from <= 0.0 && to >= 0.0 {
        let nearest = (-from / (to - from) * last).round() as usize;
        places[nearest.min(points - 1)] = 0.0;
    }
    for (days, _) in expiries {
        places.extend([days - BEFORE_EXPIRY, *days].into_iter().filter(|place| (from..=to).contains(place)));
    }
    let order = ascending(&places);
    let mut places: Vec<f64> = order.into_iter().map(|place| places[place]).collect();
    places.dedup();
    places
}

/// The expiries of the legs, in days from now.
fn expiries(book: &Book) -> Vec<(f64, Expiry)> {
    let mut expiries: Vec<Expiry> = book.expiries.iter().filter_map(|group| group.expiry).collect();
    expiries.retain(|expiry| !expiry.is_past(book.time));
    expiries.sort_unstable();
    expiries.dedup();
    let days =
        |expiry: &Expiry| (expiry.timestamp().as_millisecond() - book.time.as_millisecond()) as f64 / 86_400_000.0;
    expiries.iter().map(|expiry| (days(expiry), *expiry)).collect()
}
