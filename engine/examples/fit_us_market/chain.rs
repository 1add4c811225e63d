//! Option chains of US exchanges as tables of quotes, and the vols that they imply.

use jiff::Timestamp;
use margin_engine::asset::{Asset, AssetError};
use margin_engine::instrument::{Exercise, Expiry, Instrument, Right};
use margin_engine::market::book_summary::{BookSummary, OptionMark};
use margin_engine::market::fit::Tolerance;
use margin_engine::market::{
    self, ExpiryDraft, Market, MarketDraft, MarketError, Source, UnderlyingClass, UnderlyingDraft,
};
use margin_engine::order::sorted_by;
use margin_engine::pricing::american::{self, Accuracy};
use margin_engine::pricing::black76;
use margin_engine::pricing::numeric::{exp, ln};

/// The discount rate of everything in dollars.
pub const RATE: f64 = 0.04;
/// The close at which the stock's chain was recorded.
const NOW: &str = "2025-10-06T20:00:00Z";
/// The expiries of the stock that are kept.
pub const AAPL_DAYS: [&str; 8] =
    ["17OCT25", "31OCT25", "21NOV25", "19DEC25", "16JAN26", "20MAR26", "18JUN26", "18DEC26"];
/// Quotes are no marks: a smile that followed them to a tenth of a point would follow their noise.
pub const AAPL_TOLERANCE: Tolerance = Tolerance { inside: 0.0025, outside: 0.01 };

/// Call-put pairs around the money that say what the forward is.
const PAIRS: usize = 6;
/// Steps of a bisection: of vols it leaves a millionth of a point, of forwards a thousandth of a cent.
const STEPS: usize = 30;
/// Vols between which an implied one is sought.
const VOLS: (f64, f64) = (0.01, 5.0);
/// The least bid that says something about a vol.
const LEAST_BID: f64 = 0.05;

/// An option with its quote, in dollars for one share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quote {
    /// The option.
    pub instrument: Instrument,
    /// The best bid.
    pub bid: f64,
    /// The best offer.
    pub ask: f64,
}

impl Quote {
    /// Half-way between bid and offer.
    pub fn mid(&self) -> f64 {
        0.5 * (self.bid + self.ask)
    }

    /// Whether both sides are there and close enough together.
    fn is_firm(&self) -> bool {
        self.bid >= LEAST_BID && self.ask >= self.bid && self.ask - self.bid <= 0.10 + 0.15 * self.mid()
    }

    fn terms(&self) -> (f64, Right) {
        self.instrument.option_terms().unwrap_or((0.0, Right::Call))
    }
}

/// The rows of a table whose columns begin `contract_symbol,last_trade_date,strike,last_price,bid,ask`.
pub fn read_yahoo(text: &str) -> Vec<Quote> {
    text.lines().skip(1).filter_map(|line| quote(&line.split(',').collect::<Vec<_>>(), 0, 4)).collect()
}

/// The stock with its chain.
///
/// # Errors
/// A sentence, where the text is no such table.
pub fn stock(text: &str) -> Result<BookSummary, String> {
    let now = NOW.parse().map_err(|_| NOW.to_owned())?;
    let asset = "AAPL".parse().map_err(|error: AssetError| error.to_string())?;
    let terms = Terms { now, rate: RATE, exercise: Exercise::American, class: UnderlyingClass::Stock };
    implied(&read_yahoo(text), asset, &AAPL_DAYS, &terms).map_err(|error| error.to_string())
}

/// The quote whose symbol, bid and offer stand in these columns, the offer behind the bid.
pub fn quote(row: &[&str], symbol: usize, bid: usize) -> Option<Quote> {
    let number = |column: usize| row.get(column)?.parse().ok();
    let instrument: Instrument = row.get(symbol)?.parse().ok()?;
    Some(Quote { instrument, bid: number(bid).unwrap_or(0.0), ask: number(bid + 1).unwrap_or(0.0) })
}

/// What the vols are implied by.
pub struct Terms {
    /// When the chain was recorded.
    pub now: Timestamp,
    /// Continuous discount rate per year.
    pub rate: f64,
    /// When its options may be exercised.
    pub exercise: Exercise,
    /// What it is on.
    pub class: UnderlyingClass,
}

/// The market of a chain on the days wanted, with the implied vol of each option out of the money.
///
/// The index follows from put-call parity of the first day of all, the forward of a day is the one at which the calls
/// and puts around the money imply the same vol, which for European options is put-call parity too.
///
/// # Errors
/// The figures make no market.
pub fn implied(quotes: &[Quote], asset: Asset, days: &[&str], terms: &Terms) -> Result<BookSummary, MarketError> {
    let mut expiries: Vec<Expiry> = quotes.iter().filter_map(|quote| quote.instrument.expiry()).collect();
    expiries.sort_unstable();
    expiries.dedup();
    let first = expiries.first().copied().and_then(|expiry| Day::new(quotes, expiry, terms, None));
    let index = first.as_ref().map_or(0.0, |day| day.forward * exp(-terms.rate * day.years));
    let mut draft =
        UnderlyingDraft::new(asset, index).with_terms(market::Terms { class: terms.class, ..market::Terms::default() });
    let mut marks = Vec::new();
    for expiry in expiries.into_iter().filter(|expiry| days.contains(&expiry.to_string().as_str())) {
        let Some(day) = Day::new(quotes, expiry, terms, Some(index)) else { continue };
        let of_day: Vec<OptionMark> = day.quotes.iter().filter_map(|quote| day.mark(quote)).collect();
        let smile: Vec<(f64, f64)> =
            of_day.iter().filter_map(|mark| Some((mark.instrument.option_terms()?.0, mark.vol_annual))).collect();
        draft = draft.with(ExpiryDraft::new(expiry, day.forward, smile).with_discount_rate(terms.rate));
        marks.extend(of_day);
    }
    let source = Source { title: String::new(), description: String::new() };
    let market = MarketDraft { underlyings: vec![draft], ..MarketDraft::new(terms.now, source) };
    Ok(BookSummary { market: Market::new(market)?, marks, notes: Vec::new(), rows: quotes.len() })
}

/// One expiry of a chain.
struct Day {
    quotes: Vec<Quote>,
    years: f64,
    rate: f64,
    /// The price of the share; none where exercise is European.
    spot: Option<f64>,
    forward: f64,
}

impl Day {
    fn new(quotes: &[Quote], expiry: Expiry, terms: &Terms, index: Option<f64>) -> Option<Day> {
        let of_day = quotes.iter().filter(|quote| quote.instrument.expiry() == Some(expiry) && quote.is_firm());
        let spot = index.filter(|_| terms.exercise == Exercise::American);
        let years = expiry.years_from(terms.now);
        let mut day = Day { quotes: of_day.copied().collect(), years, rate: terms.rate, spot, forward: 0.0 };
        let growth = exp(terms.rate * years);
        let parity = |(call, put): &(Quote, Quote)| call.terms().0 + (call.mid() - put.mid()) * growth;
        let pairs = day.pairs();
        // Where calls and puts cost the same is the money.
        let nearest = sorted_by(pairs, |(call, put)| (call.mid() - put.mid()).abs());
        let nearest: Vec<(Quote, Quote)> = nearest.into_iter().take(PAIRS).collect();
        day.forward = median(nearest.iter().map(parity).collect())?;
        if day.spot.is_some() {
            day.forward = median(nearest.iter().map(|pair| day.forward_of(pair)).collect())?;
        }
        Some(day)
    }

    fn pairs(&self) -> Vec<(Quote, Quote)> {
        let calls = self.quotes.iter().filter(|quote| quote.terms().1 == Right::Call);
        let put =
            |call: &Quote| self.quotes.iter().find(|quote| quote.terms() == (call.terms().0, Right::Put)).copied();
        calls.filter_map(|call| Some((*call, put(call)?))).collect()
    }

    /// The forward at which an American call and put imply the same vol: the higher it is, the higher the put's.
    fn forward_of(&self, (call, put): &(Quote, Quote)) -> f64 {
        let vol = |quote: &Quote, forward| self.vol(quote, forward, Accuracy::Fast);
        bisect(0.97 * self.forward, 1.03 * self.forward, |forward| vol(put, forward) - vol(call, forward))
    }

    /// The vol at which the option costs its mid; an end of [`VOLS`] where none does.
    fn vol(&self, quote: &Quote, forward: f64, accuracy: Accuracy) -> f64 {
        let (strike, right) = quote.terms();
        let price = |vol| match self.spot {
            Some(spot) => {
                let dividend_yield = self.rate - ln(forward / spot) / self.years;
                american::price(right, spot, strike, vol, self.years, self.rate, dividend_yield, accuracy)
            }
            None => black76::price(right, forward, strike, vol, self.years, exp(-self.rate * self.years)),
        };
        bisect(VOLS.0, VOLS.1, |vol| price(vol) - quote.mid())
    }

    /// The mark of an option out of the money.
    fn mark(&self, quote: &Quote) -> Option<OptionMark> {
        let (strike, right) = quote.terms();
        let is_out = (right == Right::Call) == (strike >= self.forward);
        let vol_annual = self.vol(quote, self.forward, Accuracy::Accurate);
        let is_implied = VOLS.0 + 1e-6 < vol_annual && vol_annual < VOLS.1 - 1e-6;
        let mark = OptionMark { instrument: quote.instrument, vol_annual, mark_price: Some(quote.mid()) };
        (is_out && is_implied).then_some(mark)
    }
}

/// Where a rising function is zero.
fn bisect(mut low: f64, mut high: f64, rising: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..STEPS {
        let middle = 0.5 * (low + high);
        if rising(middle) < 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

fn median(values: Vec<f64>) -> Option<f64> {
    let sorted = sorted_by(values, |value: &f64| *value);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    Some(if sorted.len() % 2 == 1 { upper } else { 0.5 * (upper + sorted[middle - 1]) })
}
