//! An account resolved against a market: flat arrays of numbers, ready to be repriced.

mod american;
mod american_mark;
mod live;
mod net;
mod shifted;
mod traded;
mod worth;

use std::sync::Arc;

pub(crate) use american::AmericanTerms;
pub(crate) use american_mark::KnownMarks;
pub use live::LiveBook;
pub(crate) use live::{BookEdit, LegEdits};
pub use net::{LegList, NetPosition};
pub use shifted::BookShift;
pub use worth::Worth;

use crate::account::{Account, Balance, Position, Quantity, QuantityUnit};
use crate::asset::Asset;
use crate::instrument::{Exercise, Expiry, Instrument, Kind, Listing, Right, Settlement};
use crate::market::{Confidence, History, Market, MarketError, MarketFault, Underlying, UnderlyingClass};
use crate::pricing::black76::{self, Sensitivities};
use crate::pricing::bond::FixedCoupon;
use crate::pricing::numeric::ln;
use crate::rfc3339::Rfc3339;

/// Why an account cannot be resolved.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ResolveError {
    /// The market lacks something that a position needs.
    #[error("{instrument}: {reason}")]
    Market {
        /// The position.
        instrument: String,
        /// What is missing.
        reason: MarketError,
    },
    /// The market does not say what the account currency is worth.
    #[error("the account currency cannot be valued: {0}")]
    Currency(MarketError),
    /// The market does not say what a balance is worth.
    #[error("the balance in {asset} cannot be valued: {reason}")]
    Balance {
        /// The currency of the balance.
        asset: Asset,
        /// What is missing.
        reason: MarketError,
    },
    /// The instrument is priced in a currency that the market's prices are not in.
    #[error("{instrument} is priced in {quote}, but the market's prices of {underlying} are in {market_quote}")]
    Quote {
        /// The position.
        instrument: String,
        /// The currency.
        quote: Asset,
        /// Its underlying.
        underlying: Asset,
        /// The currency of the market's prices.
        market_quote: Asset,
    },
    /// The instrument would be settled in what cannot be paid.
    #[error("{instrument} would be settled in {underlying}, which is no coin")]
    Settlement {
        /// The position.
        instrument: String,
        /// Its underlying.
        underlying: Asset,
    },
    /// The instrument has expired.
    #[error("{instrument} expired at {}, before the market's time {}; remove it or choose an earlier market", Rfc3339(*expired), Rfc3339(*now))]
    Expired {
        /// The position.
        instrument: String,
        /// When it expired.
        expired: jiff::Timestamp,
        /// The market's time.
        now: jiff::Timestamp,
    },
}

impl ResolveError {
    /// The instrument concerned; none where it is the account currency.
    pub fn instrument(&self) -> Option<&str> {
        match self {
            ResolveError::Market { instrument, .. }
            | ResolveError::Quote { instrument, .. }
            | ResolveError::Settlement { instrument, .. }
            | ResolveError::Expired { instrument, .. } => Some(instrument),
            ResolveError::Currency(_) | ResolveError::Balance { .. } => None,
        }
    }
}

/// What resolving does with positions whose expiry lies behind the market's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiredPositions {
    /// An error: somebody holds what no longer exists.
    Refuse,
    /// They have been settled in cash and carry no risk: what a what-if in the future means.
    Settle,
}

/// The terms of a leg that the revaluation needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LegKind {
    /// An option.
    ///
    /// Listed options on stocks and funds are American: their marks, sensitivities and slides are American prices,
    /// with the dividend yield that the forward implies. All others are priced as European, options on futures too,
    /// though those may be exercised: the worth of that is left out.
    Option {
        /// Call or put.
        right: Right,
        /// Strike in the quote currency.
        strike: f64,
        /// Its logarithm.
        ln_strike: f64,
        /// Implied vol, per √year.
        vol_annual: f64,
        /// When it may be exercised.
        exercise: Exercise,
    },
    /// A dated future or a perpetual.
    Future,
    /// The coin, stock, fund or index itself.
    Spot,
    /// A bond, priced by its yield; spot moves do not touch it.
    Bond {
        /// Coupon and time to maturity.
        terms: FixedCoupon,
        /// Its yield, per year, compounded half-yearly.
        yield_annual: f64,
    },
    /// An expired leg: cash by now.
    Settled,
}

/// One position, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg {
    /// The instrument, for names on screen; the revaluation does not look at it.
    pub instrument: Instrument,
    /// Its terms.
    pub kind: LegKind,
    /// How it pays.
    pub settlement: Settlement,
    /// Index into [`Book::underlyings`].
    pub underlying: usize,
    /// Index into [`Book::expiries`].
    pub expiry: usize,
    /// Index into [`Book::settlements`].
    pub settlement_group: usize,
    /// Signed size in coins, shares or units of the index, of bonds in face value: contracts times their size.
    pub coins: f64,
    /// Coins in one contract; 1 where the size counts coins.
    pub contract_size: f64,
    /// The price at which the position was entered, as it was given: in the quote currency for futures and linear
    /// options, in coin for coin-settled options. Where there is none, rules that ask for it take the mark.
    pub entry_price: Option<f64>,
    /// What one unit of the quote currency is worth in the account currency.
    pub account_per_quote: f64,
    /// Per-unit price and sensitivities in the quote currency, per 1 of face for bonds. Rho of bonds and of bond futures
    /// is the derivative by the yield, and options on such futures have their future's in it. The price is the mark for what is no option, else Black-76, or for
    /// American options their price and its central differences.
    pub sensitivities: Sensitivities,
}

impl Leg {
    /// Value of the position per unit in the quote currency; for options and spot also what it would cost.
    pub fn mark(&self) -> f64 {
        self.sensitivities.price
    }

    /// Equal for equal instruments and for options of one strike and expiry.
    pub(crate) fn strike_hash(&self) -> u64 {
        let strike = if let LegKind::Option { strike, .. } = self.kind { strike } else { 0.0 };
        strike.to_bits() ^ self.expiry as u64
    }

    /// The price at which the position was entered, per coin in the quote currency; the mark where none was given.
    ///
    /// `index` is that of the leg's underlying: coin-settled options are entered in coin.
    pub fn entry_or_mark(&self, index: f64) -> f64 {
        match self.entry_price {
            Some(coins) if self.is_option() && self.settlement == Settlement::Inverse => coins * index,
            Some(price) => price,
            None => self.mark(),
        }
    }

    /// Forward delta in coins, signed: an option's N(d1)-delta, a future's size.
    pub fn delta_coins(&self) -> f64 {
        self.coins * self.sensitivities.delta_forward
    }

    /// Signed size in contracts.
    pub fn contracts(&self) -> f64 {
        self.coins / self.contract_size
    }

    /// Implied vol of an option, per √year.
    pub fn vol_annual(&self) -> Option<f64> {
        match self.kind {
            LegKind::Option { vol_annual, .. } => Some(vol_annual),
            _ => None,
        }
    }

    /// What its delta is worth at the forward of its expiry, in the account currency, signed.
    pub fn delta_value(&self, expiries: &[ExpiryGroup]) -> f64 {
        self.delta_coins() * expiries[self.expiry].forward * self.account_per_quote
    }

    /// Whether it is an option that can still be exercised.
    pub fn is_option(&self) -> bool {
        matches!(self.kind, LegKind::Option { .. })
    }

    /// Whether it is a future or a perpetual.
    pub fn is_future(&self) -> bool {
        self.kind == LegKind::Future
    }

    /// Whether it can gain or lose: something is held, and it has not been settled.
    pub fn is_open(&self) -> bool {
        self.coins != 0.0 && self.kind != LegKind::Settled
    }
}

/// The legs of one underlying.
#[derive(Debug, Clone, PartialEq)]
pub struct UnderlyingGroup {
    /// Its ticker.
    pub asset: Asset,
    /// What it is.
    pub class: UnderlyingClass,
    /// The multiple by which a leveraged fund follows its index; 1 for all else.
    pub leverage: f64,
    /// The currency of its prices.
    pub quote: Asset,
    /// Its index price in the quote currency.
    pub index: f64,
    /// Value of one coin or share in the account currency.
    pub account_per_coin: f64,
    /// How far the market's source vouches for index and perpetual.
    pub confidence: Confidence,
}

/// The legs of one expiry of one underlying; perpetuals and spot are a group with no expiry and no time.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpiryGroup {
    /// Index into [`Book::underlyings`].
    pub underlying: usize,
    /// The expiry; none for perpetuals and spot.
    pub expiry: Option<Expiry>,
    /// Time to it in years; 0 for perpetuals and spot.
    pub expiry_years: f64,
    /// The forward (for perpetuals the mark, for spot the index).
    pub forward: f64,
    /// ln F.
    pub ln_forward: f64,
    /// ln(F/S): what a passing of time lets decay.
    pub ln_basis: f64,
    /// Continuous discount rate per year.
    pub discount_rate: f64,
    /// The bond that a bond future stands for, and the yield that its forward means; none for all else.
    pub deliverable: Option<Deliverable>,
    /// How far the market's source vouches for forward, rate and vols; 1 where it does not say.
    pub confidence: f64,
}

/// What a bond future stands for: its forward is the price of this bond for 100 of face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deliverable {
    /// Coupon and time to maturity, which stays as time passes.
    pub bond: FixedCoupon,
    /// Per year, compounded half-yearly.
    pub yield_annual: f64,
}

impl Deliverable {
    fn new(bond: FixedCoupon, forward: f64) -> Result<Deliverable, MarketError> {
        let rule = "the price of a bond with a yield between -90 and 400 %";
        let fault = MarketFault::Rule { what: "the forward of a bond future", rule, value: forward };
        Ok(Deliverable { bond, yield_annual: bond.yield_at(forward / 100.0).ok_or(fault)? })
    }

    /// What a move of the yield multiplies the forward by.
    pub(crate) fn growth(&self, yield_move: f64) -> f64 {
        self.bond.price(self.yield_annual + yield_move, 0.0).0 / self.bond.price(self.yield_annual, 0.0).0
    }

    /// The derivative of ln F by the yield.
    fn slope(&self) -> f64 {
        let (price, slope) = self.bond.price(self.yield_annual, 0.0);
        slope / price
    }
}

impl ExpiryGroup {
    /// Drift of the price, ln(F/S)/T per year; 0 without time to go.
    pub fn carry(&self) -> f64 {
        if self.expiry_years > 0.0 { self.ln_basis / self.expiry_years } else { 0.0 }
    }
}

/// The legs that settle in one currency: what nets inside one margin pot.
#[derive(Debug, Clone, PartialEq)]
pub struct SettlementGroup {
    /// The currency.
    pub asset: Asset,
    /// Value of one unit in the account currency.
    pub account_per_unit: f64,
}

/// A balance of the account, valued.
#[derive(Debug, Clone, PartialEq)]
pub struct Collateral {
    /// The currency or coin.
    pub asset: Asset,
    /// How much of it; negative is owed.
    pub amount: f64,
    /// Value of one unit in the account currency.
    pub account_per_unit: f64,
    /// How far the market's source vouches for its price; 1 where it does not say.
    pub confidence: f64,
    /// The underlying with whose price it moves: itself, or the coin that it stands for; none for money.
    pub priced_by: Option<Asset>,
}

impl Collateral {
    /// Its value in the account currency.
    pub fn value(&self) -> f64 {
        self.amount * self.account_per_unit
    }
}

/// All legs of an account, in the order of its positions, and the groups they belong to.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    /// The market's time.
    pub time: jiff::Timestamp,
    /// The market's title, for provenance.
    pub market_title: String,
    /// The account currency.
    pub currency: Asset,
    /// One leg for each position, in the same order.
    pub legs: Vec<Leg>,
    /// The underlyings that occur.
    pub underlyings: Vec<UnderlyingGroup>,
    /// The expiries that occur.
    pub expiries: Vec<ExpiryGroup>,
    /// The settlement currencies that occur.
    pub settlements: Vec<SettlementGroup>,
    /// What is deposited.
    pub balances: Vec<Collateral>,
    /// US dollars that one unit of the account currency is worth.
    pub usd_per_account: f64,
    /// The underlying with whose price the account currency moves; none for money.
    pub currency_priced_by: Option<Asset>,
    /// Daily closes up to the market's time, where the market has them.
    pub history: Option<Arc<History>>,
}

impl Book {
    /// Resolves every position against the market.
    ///
    /// # Errors
    /// The market lacks an underlying, a smile or an exchange rate, or a position has expired.
    pub fn resolve(account: &Account, market: &Market, expired: ExpiredPositions) -> Result<Book, ResolveError> {
        let currency = account.currency();
        let usd_per_account = market.fx(currency, Asset::USD).map_err(ResolveError::Currency)?;
        let mut book = Book {
            time: market.now(),
            market_title: market.source().title.clone(),
            currency,
            legs: Vec::with_capacity(account.positions().len()),
            underlyings: Vec::new(),
            expiries: Vec::new(),
            settlements: Vec::new(),
            balances: Vec::with_capacity(account.balances().len()),
            usd_per_account,
            currency_priced_by: market.priced_by(currency),
            history: market.history().cloned(),
        };
        for balance in account.balances() {
            book.push_balance(balance, market)?;
        }
        for position in account.positions() {
            book.push_position(position, market, expired)?;
        }
        Ok(book)
    }

    fn push_balance(&mut self, balance: &Balance, market: &Market) -> Result<(), ResolveError> {
        let asset = balance.asset;
        let account_per_unit = match balance.usd_per_unit {
            Some(usd) => usd / self.usd_per_account,
            None => market.fx(asset, self.currency).map_err(|reason| ResolveError::Balance { asset, reason })?,
        };
        let confidence = market.get(asset).map_or(1.0, |coin| coin.confidence().spot);
        let (amount, priced_by) = (balance.amount, market.priced_by(asset));
        self.balances.push(Collateral { asset, amount, account_per_unit, confidence, priced_by });
        Ok(())
    }

    fn push_position(
        &mut self,
        position: &Position,
        market: &Market,
        expired: ExpiredPositions,
    ) -> Result<(), ResolveError> {
        let instrument = &position.instrument;
        if let (Some(expiry), ExpiredPositions::Refuse) = (instrument.expiry(), expired)
            && expiry.is_past(market.now())
        {
            return Err(ResolveError::Expired {
                instrument: instrument.to_string(),
                expired: expiry.timestamp(),
                now: market.now(),
            });
        }
        let refused = |reason| ResolveError::Market { instrument: instrument.to_string(), reason };
        let underlying = market.underlying(instrument.product.base).map_err(refused)?;
        check_currencies(position, underlying)?;
        self.push(position, underlying, market).map_err(refused)
    }

    fn push(&mut self, position: &Position, coin: &Underlying, market: &Market) -> Result<(), MarketError> {
        let instrument = position.instrument;
        let product = instrument.product;
        let terms = coin.terms();
        let index = coin.index();
        // A share is no money: what is named by its ticker alone is paid for in the currency of its price.
        let (settlement, quote) = if is_share_held(&instrument, coin) {
            (Settlement::Linear, terms.quote)
        } else {
            (product.settlement, product.quote)
        };
        let account_per_quote = market.fx(quote, self.currency)?;
        let underlying = find_or_push(
            &mut self.underlyings,
            |group| group.asset == product.base,
            || {
                Ok(UnderlyingGroup {
                    asset: product.base,
                    class: terms.class,
                    leverage: terms.leverage,
                    quote: terms.quote,
                    index,
                    account_per_coin: market.fx(product.base, self.currency)?,
                    confidence: coin.confidence(),
                })
            },
        )?;
        let asset = if settlement == Settlement::Inverse { product.base } else { quote };
        let settlement_group = find_or_push(
            &mut self.settlements,
            |group| group.asset == asset,
            || Ok(SettlementGroup { asset, account_per_unit: market.fx(asset, self.currency)? }),
        )?;
        let forward = forward_of(&instrument, coin);
        let expiry = find_or_push(
            &mut self.expiries,
            |group| group.underlying == underlying && group.expiry == instrument.expiry() && group.forward == forward,
            || {
                Ok(ExpiryGroup {
                    underlying,
                    expiry: instrument.expiry(),
                    expiry_years: instrument.expiry().map_or(0.0, |expiry| expiry.years_from(market.now())),
                    forward,
                    ln_forward: ln(forward),
                    ln_basis: ln(forward / index),
                    discount_rate: instrument.expiry().map_or(0.0, |expiry| coin.discount_rate(expiry)),
                    deliverable: terms.deliverable.map(|bond| Deliverable::new(bond, forward)).transpose()?,
                    confidence: instrument
                        .expiry()
                        .and_then(|expiry| coin.expiry(expiry))
                        .map_or(1.0, |listed| listed.confidence()),
                })
            },
        )?;
        let group = &self.expiries[expiry];
        let is_past = instrument.expiry().is_some_and(|expiry| expiry.is_past(market.now()));
        let kind = match instrument.kind {
            _ if is_past => LegKind::Settled,
            Kind::Option { strike, right, expiry } => {
                let is_american = matches!(instrument.listing, Listing::Osi { .. }) && terms.class.is_share();
                let exercise = if is_american { Exercise::American } else { Exercise::European };
                LegKind::Option {
                    right,
                    strike,
                    ln_strike: ln(strike),
                    vol_annual: coin.vol(strike, expiry)?,
                    exercise,
                }
            }
            Kind::Future { .. } | Kind::Perpetual => LegKind::Future,
            Kind::Spot => LegKind::Spot,
            Kind::Bond { coupon_annual, .. } => LegKind::Bond {
                terms: FixedCoupon { coupon_annual, maturity_years: group.expiry_years },
                yield_annual: coin.bond_yield(group.expiry_years)?,
            },
        };
        let sensitivities = sensitivities_of(&kind, group);
        let contract_size = match instrument.listing {
            Listing::Coin => 1.0,
            Listing::Osi { shares, .. } => f64::from(shares),
            Listing::Exchange => terms.contract_size,
        };
        // A bond's quote currency is its face.
        let mark = if matches!(kind, LegKind::Bond { .. }) { 1.0 } else { forward };
        let coins = coins_of(position.quantity, contract_size, mark);
        self.legs.push(Leg {
            instrument,
            kind,
            settlement,
            underlying,
            expiry,
            settlement_group,
            coins,
            contract_size,
            entry_price: position.entry_price,
            account_per_quote,
            sensitivities,
        });
        Ok(())
    }

    /// The same book with only some of its legs, in the order of `legs`; groups and their numbering stay.
    ///
    /// Indices beyond the book are passed over.
    pub fn subset(&self, legs: impl IntoIterator<Item = usize>) -> Book {
        let legs = legs.into_iter().filter_map(|index| self.legs.get(index).cloned()).collect();
        Book { legs, ..self.without_legs() }
    }

    fn without_legs(&self) -> Book {
        Book {
            time: self.time,
            market_title: self.market_title.clone(),
            currency: self.currency,
            legs: Vec::new(),
            underlyings: self.underlyings.clone(),
            expiries: self.expiries.clone(),
            settlements: self.settlements.clone(),
            balances: self.balances.clone(),
            usd_per_account: self.usd_per_account,
            currency_priced_by: self.currency_priced_by,
            history: self.history.clone(),
        }
    }

    /// The same book without its balances.
    pub fn without_balances(mut self) -> Book {
        self.balances.clear();
        self
    }

    /// The places of underlyings with a position that can gain or lose: see [`Leg::is_open`].
    pub fn open_underlyings(&self) -> Vec<usize> {
        let is_open = |place: &usize| self.legs.iter().any(|leg| leg.underlying == *place && leg.is_open());
        (0..self.underlyings.len()).filter(is_open).collect()
    }

    /// Whether a leg on this underlying, by its place, depends on the underlying's price: bonds go by their yield.
    pub fn has_price_risk(&self, underlying: usize) -> bool {
        self.legs.iter().any(|leg| leg.underlying == underlying && !matches!(leg.kind, LegKind::Bond { .. }))
    }

    /// The index of a leg's underlying, in the quote currency.
    pub fn index_of(&self, leg: &Leg) -> f64 {
        self.underlyings[leg.underlying].index
    }
}

/// Per-unit price and sensitivities of what a leg holds.
fn sensitivities_of(kind: &LegKind, group: &ExpiryGroup) -> Sensitivities {
    let mut sensitivities = match *kind {
        LegKind::Option { right, strike, vol_annual, exercise: Exercise::American, .. } => {
            AmericanTerms { right, strike, carry: group.carry() }.sensitivities(
                group.forward,
                vol_annual,
                group.expiry_years,
                group.discount_rate,
            )
        }
        LegKind::Option { right, strike, vol_annual, .. } => {
            black76::sensitivities(right, group.forward, strike, vol_annual, group.expiry_years, group.discount_rate)
        }
        LegKind::Future | LegKind::Spot => linear(group.forward, 1.0),
        LegKind::Bond { terms, yield_annual } => {
            let (price, rho) = terms.price(yield_annual, 0.0);
            Sensitivities { rho, theta_year: terms.theta_year(yield_annual), ..linear(price, 0.0) }
        }
        LegKind::Settled => linear(0.0, 0.0),
    };
    if let Some(deliverable) = group.deliverable {
        // Rates move the forward of a bond future.
        sensitivities.rho += sensitivities.delta_forward * group.forward * deliverable.slope();
    }
    sensitivities
}

/// The sensitivities of something whose price moves with the forward and with nothing else.
fn linear(price: f64, delta_forward: f64) -> Sensitivities {
    Sensitivities {
        price,
        delta_forward,
        gamma_forward: 0.0,
        vega: 0.0,
        theta_year: 0.0,
        rho: 0.0,
        vanna: 0.0,
        volga: 0.0,
    }
}

/// The price in the quote currency from which an instrument's risk is counted: the forward of its expiry, the
/// perpetual's mark, or the index for the coin itself.
pub fn forward_of(instrument: &Instrument, coin: &Underlying) -> f64 {
    match instrument.kind {
        Kind::Option { expiry, .. } | Kind::Future { expiry } => coin.forward(expiry),
        Kind::Perpetual => coin.perpetual_mark(),
        Kind::Spot | Kind::Bond { .. } => coin.index(),
    }
}

/// Whether it is something held outright that is no coin and is named without a currency.
fn is_share_held(instrument: &Instrument, underlying: &Underlying) -> bool {
    instrument.kind == Kind::Spot
        && instrument.product.settlement == Settlement::Inverse
        && !underlying.terms().class.is_coin()
}

/// The prices must be in the instrument's currency, and what it settles in must be something that can be paid.
fn check_currencies(position: &Position, underlying: &Underlying) -> Result<(), ResolveError> {
    let instrument = &position.instrument;
    let (quote, market_quote) = (instrument.product.quote, underlying.terms().quote);
    let is_share = is_share_held(instrument, underlying);
    // A ticker alone names no currency, so a number of shares has any.
    let is_any = is_share && position.quantity.unit == QuantityUnit::Coin;
    if !is_any && quote != market_quote && !(quote.is_dollar_like() && market_quote.is_dollar_like()) {
        let instrument = instrument.to_string();
        return Err(ResolveError::Quote { instrument, quote, underlying: underlying.asset(), market_quote });
    }
    if instrument.product.settlement == Settlement::Inverse && !underlying.terms().class.is_coin() && !is_share {
        return Err(ResolveError::Settlement { instrument: instrument.to_string(), underlying: underlying.asset() });
    }
    Ok(())
}

fn coins_of(quantity: Quantity, contract_size: f64, mark: f64) -> f64 {
    match quantity.unit {
        QuantityUnit::Coin => quantity.amount * contract_size,
        QuantityUnit::Quote => quantity.amount / mark,
    }
}

fn find_or_push<T>(
    list: &mut Vec<T>,
    is_it: impl Fn(&T) -> bool,
    make: impl FnOnce() -> Result<T, MarketError>,
) -> Result<usize, MarketError> {
    if let Some(found) = list.iter().position(is_it) {
        return Ok(found);
    }
    list.push(make()?);
    Ok(list.len() - 1)
}
