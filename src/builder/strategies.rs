//! Well-known combinations, at the listed strikes that fit.
//!
//! Strikes are chosen by delta, so that they suit a day as well as a year: at the money is the strike nearest to the
//! forward, the near wings are those nearest to 25 delta, the far wings those nearest to 10.

use margin_engine::account::Quantity;
use margin_engine::instrument::{Expiry, Instrument, Kind, Right};
use margin_engine::market::Underlying;
use margin_engine::pricing::numeric::exp;

use super::quotes::{ChainQuotes, StrikeQuote};
use super::venue::Trades;
use super::words::signed_size;
use crate::charts::format::price_tick;

/// What can be built in one click.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// Long the underlying, short a call.
    CoveredCall,
    /// Long the underlying, long a put.
    ProtectivePut,
    /// Long the underlying, long a put and short a call.
    Collar,
    /// Call and put at one strike.
    Straddle,
    /// Call above and put below.
    Strangle,
    /// A call, less one further out.
    Vertical,
    /// Two calls short between two long, at equal distances.
    Butterfly,
    /// Short strangle inside a long one.
    IronCondor,
    /// One strike, short now and long later.
    Calendar,
    /// Long call, short put.
    RiskReversal,
    /// Long and short a synthetic future at two strikes.
    Box,
    /// A straddle and what takes its delta away.
    DeltaNeutralStraddle,
}

/// Delta of the near wings.
const NEAR: f64 = 0.25;
/// Delta of the far wings.
const FAR: f64 = 0.10;
/// A calendar's later expiry lies at least so many years behind, where one does.
const CALENDAR_YEARS: f64 = 20.0 / 365.0;
/// The perpetual of a hedge is counted in steps of this many coins, shares and futures in whole ones.
const HEDGE_STEP: f64 = 1e-4;

impl Strategy {
    /// All of them.
    pub const ALL: [Strategy; 12] = [
        Strategy::CoveredCall,
        Strategy::ProtectivePut,
        Strategy::Collar,
        Strategy::Straddle,
        Strategy::DeltaNeutralStraddle,
        Strategy::Strangle,
        Strategy::Vertical,
        Strategy::Butterfly,
        Strategy::IronCondor,
        Strategy::Calendar,
        Strategy::RiskReversal,
        Strategy::Box,
    ];

    /// A name for programs.
    pub fn id(self) -> &'static str {
        match self {
            Strategy::CoveredCall => "covered-call",
            Strategy::ProtectivePut => "protective-put",
            Strategy::Collar => "collar",
            Strategy::Straddle => "straddle",
            Strategy::Strangle => "strangle",
            Strategy::Vertical => "vertical",
            Strategy::Butterfly => "butterfly",
            Strategy::IronCondor => "iron-condor",
            Strategy::Calendar => "calendar",
            Strategy::RiskReversal => "risk-reversal",
            Strategy::Box => "box",
            Strategy::DeltaNeutralStraddle => "delta-neutral-straddle",
        }
    }

    /// A name for people.
    pub fn name(self) -> &'static str {
        match self {
            Strategy::CoveredCall => "Covered call",
            Strategy::ProtectivePut => "Protective put",
            Strategy::Collar => "Collar",
            Strategy::Straddle => "Straddle",
            Strategy::Strangle => "Strangle",
            Strategy::Vertical => "Vertical",
            Strategy::Butterfly => "Butterfly",
            Strategy::IronCondor => "Iron condor",
            Strategy::Calendar => "Calendar",
            Strategy::RiskReversal => "Risk reversal",
            Strategy::Box => "Box",
            Strategy::DeltaNeutralStraddle => "Delta-neutral straddle",
        }
    }
}

/// The legs of a strategy. A negative size turns every leg around.
///
/// # Errors
/// Why it cannot be built at this expiry, as a sentence.
pub fn legs(
    strategy: Strategy,
    coin: &Underlying,
    expiry: Expiry,
    size: f64,
) -> Result<Vec<(Instrument, Quantity)>, String> {
    let strikes = Strikes::new(coin, expiry)?;
    let (call, put) = (
        |strike, coins| strikes.option(Right::Call, strike, coins),
        |strike, coins| strikes.option(Right::Put, strike, coins),
    );
    let at_the_money = strikes.nearest(strikes.chain.forward)?;
    let shape = match strategy {
        Strategy::CoveredCall => vec![strikes.held()?, call(strikes.call(NEAR, at_the_money)?, -1.0)],
        Strategy::ProtectivePut => vec![strikes.held()?, put(strikes.put(NEAR, at_the_money)?, 1.0)],
        Strategy::Collar => vec![
            strikes.held()?,
            put(strikes.put(NEAR, at_the_money)?, 1.0),
            call(strikes.call(NEAR, at_the_money)?, -1.0),
        ],
        Strategy::Straddle => vec![call(at_the_money, 1.0), put(at_the_money, 1.0)],
        Strategy::Strangle => {
            vec![call(strikes.call(NEAR, at_the_money)?, 1.0), put(strikes.put(NEAR, at_the_money)?, 1.0)]
        }
        Strategy::Vertical => vec![call(at_the_money, 1.0), call(strikes.call(NEAR, at_the_money)?, -1.0)],
        Strategy::Butterfly => {
            let [low, body, high] = strikes.butterfly()?;
            vec![call(low, 1.0), call(body, -2.0), call(high, 1.0)]
        }
        Strategy::IronCondor => {
            let (above, below) = (strikes.call(NEAR, at_the_money)?, strikes.put(NEAR, at_the_money)?);
            vec![
                call(above, -1.0),
                call(strikes.call(FAR, above)?, 1.0),
                put(below, -1.0),
                put(strikes.put(FAR, below)?, 1.0),
            ]
        }
        Strategy::Calendar => return calendar(coin, expiry, size),
        Strategy::RiskReversal => {
            vec![call(strikes.call(NEAR, at_the_money)?, 1.0), put(strikes.put(NEAR, at_the_money)?, -1.0)]
        }
        Strategy::Box => {
            let (low, high) = (strikes.put(NEAR, at_the_money)?, strikes.call(NEAR, at_the_money)?);
            vec![call(low, 1.0), put(low, -1.0), call(high, -1.0), put(high, 1.0)]
        }
        Strategy::DeltaNeutralStraddle => return strikes.delta_neutral_straddle(size),
    };
    sized(shape, size)
}

/// The legs in one line: "−1 84k call, +1 70k put".
pub fn in_words(legs: &[(Instrument, Quantity)]) -> String {
    let mut expiries: Vec<Expiry> = legs.iter().filter_map(|(instrument, _)| instrument.expiry()).collect();
    expiries.dedup();
    let word = |(instrument, quantity): &(Instrument, Quantity)| {
        let what = match instrument.kind {
            Kind::Option { expiry, strike, right } => {
                let right = if right == Right::Call { "call" } else { "put" };
                let date = if expiries.len() > 1 { format!(" {expiry}") } else { String::new() };
                format!("{}{date} {right}", price_tick(strike))
            }
            Kind::Future { expiry } => format!("future {expiry}"),
            Kind::Perpetual => "perpetual".to_owned(),
            Kind::Spot => format!("{} shares", instrument.product.base),
            Kind::Bond { .. } => instrument.product.base.to_string(),
        };
        format!("{} {what}", signed_size(quantity.amount))
    };
    legs.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// A leg before it is sized; none where it is not listed.
type Part = Option<(Instrument, f64)>;

fn sized(shape: Vec<Part>, size: f64) -> Result<Vec<(Instrument, Quantity)>, String> {
    let leg = |part: Part| part.map(|(instrument, amount)| (instrument, Quantity::coins(amount * size)));
    let legs: Option<Vec<_>> = shape.into_iter().map(leg).collect();
    legs.ok_or_else(|| "Its strikes fit into no symbol.".to_owned())
}

/// The chosen expiry against a later one; against an earlier one where none is later.
fn calendar(coin: &Underlying, expiry: Expiry, size: f64) -> Result<Vec<(Instrument, Quantity)>, String> {
    let chosen = Strikes::new(coin, expiry)?;
    let others: Vec<Strikes> = coin
        .expiries()
        .iter()
        .filter(|other| other.expiry() != expiry && other.years() > 0.0)
        .filter_map(|other| Strikes::new(coin, other.expiry()).ok())
        .collect();
    let years = chosen.chain.years;
    let other = others
        .iter()
        .find(|other| other.chain.years >= years + CALENDAR_YEARS)
        .or_else(|| others.iter().find(|other| other.chain.years > years))
        .or_else(|| others.iter().rev().find(|other| other.chain.years < years))
        .ok_or("A calendar needs two expiries with options.")?;
    let (near, far) = if other.chain.years > years { (&chosen, other) } else { (other, &chosen) };
    let both = chosen.chain.strikes.iter().map(|row| row.strike).filter(|strike| other.chain.at(*strike).is_some());
    let strike = nearest(both, chosen.chain.forward)
        .ok_or_else(|| format!("{} and {} list no strike in common.", near.chain.expiry, far.chain.expiry))?;
    sized(vec![near.option(Right::Call, strike, -1.0), far.option(Right::Call, strike, 1.0)], size)
}

/// The listed strikes of one expiry.
struct Strikes {
    chain: ChainQuotes,
}

impl Strikes {
    fn new(coin: &Underlying, expiry: Expiry) -> Result<Strikes, String> {
        let chain = ChainQuotes::new(coin, expiry).filter(|chain| !chain.strikes.is_empty());
        Ok(Strikes { chain: chain.ok_or_else(|| format!("No options are listed for {expiry}."))? })
    }

    fn option(&self, right: Right, strike: f64, amount: f64) -> Part {
        let kind = Kind::Option { expiry: self.chain.expiry, strike, right };
        self.chain.venue.instrument(kind).map(|instrument| (instrument, amount))
    }

    /// As much of the underlying as one option is about.
    fn held(&self) -> Result<Part, String> {
        let held = self.chain.venue.hedge(self.chain.expiry);
        held.map(Some).ok_or_else(|| format!("{} itself is not traded.", self.chain.asset))
    }

    fn nearest(&self, target: f64) -> Result<f64, String> {
        self.chain.nearest(target).ok_or_else(|| self.too_few())
    }

    /// The call nearest to a delta, above a strike.
    fn call(&self, delta: f64, above: f64) -> Result<f64, String> {
        self.by_delta(|row| (row.strike > above).then_some(row.call.delta - delta))
    }

    /// The put nearest to a delta, below a strike.
    fn put(&self, delta: f64, below: f64) -> Result<f64, String> {
        self.by_delta(|row| (row.strike < below).then_some(row.put.delta + delta))
    }

    fn by_delta(&self, distance: impl Fn(&StrikeQuote) -> Option<f64>) -> Result<f64, String> {
        let candidates = self.chain.strikes.iter().filter_map(|row| Some((row.strike, distance(row)?.abs())));
        let found = candidates.min_by(|a, b| a.1.total_cmp(&b.1));
        found.map(|(strike, _)| strike).ok_or_else(|| self.too_few())
    }

    /// Three strikes at equal distances: the body near the forward, the wings near 25 delta.
    fn butterfly(&self) -> Result<[f64; 3], String> {
        let forward = self.chain.forward;
        let width = self.call(NEAR, self.nearest(forward)?)? - forward;
        let mut best: Option<(f64, [f64; 3])> = None;
        for body in self.chain.strikes.iter().map(|row| row.strike) {
            for low in self.chain.strikes.iter().map(|row| row.strike).take_while(|low| *low < body) {
                let Ok(high) = self.nearest(2.0 * body - low) else { continue };
                if (high - 2.0 * body + low).abs() > 1e-9 * body {
                    continue;
                }
                // A body away from the forward is worse than wings of another width.
                let badness = 3.0 * (body - forward).abs() + (body - low - width).abs();
                if best.is_none_or(|(least, _)| badness < least) {
                    best = Some((badness, [low, body, high]));
                }
            }
        }
        best.map(|(_, strikes)| strikes).ok_or_else(|| self.too_few())
    }

    fn delta_neutral_straddle(&self, size: f64) -> Result<Vec<(Instrument, Quantity)>, String> {
        let chain = &self.chain;
        let vol = chain.at(self.nearest(chain.forward)?).map_or(0.0, |row| row.vol_annual);
        // Where call and put have opposite deltas.
        let strike = self.nearest(chain.forward * exp(0.5 * vol * vol * chain.years))?;
        let options = vec![self.option(Right::Call, strike, 1.0), self.option(Right::Put, strike, 1.0)];
        let mut legs = sized(options, size)?;
        let Some((instrument, lot)) = self.held()? else { return Ok(legs) };
        let delta = chain.at(strike).map_or(0.0, |row| row.call.delta + row.put.delta) * size * lot;
        let step = if chain.venue.trades == Trades::Coins { HEDGE_STEP } else { 1.0 };
        let hedge = -(delta / step).round() * step;
        if hedge != 0.0 {
            // So that 5 × 0.0001 is 0.0005.
            legs.push((instrument, Quantity::coins((hedge * 1e9).round() / 1e9)));
        }
        Ok(legs)
    }

    fn too_few(&self) -> String {
        format!("{} lists too few strikes for it.", self.chain.expiry)
    }
}

fn nearest(strikes: impl Iterator<Item = f64>, target: f64) -> Option<f64> {
    strikes.min_by(|a, b| (a - target).abs().total_cmp(&(b - target).abs()))
}

#[cfg(test)]
#[path = "strategies_tests.rs"]
mod tests;
