//! The same book in a market that has moved: what a curve of margin against price asks for hundreds of times.
//!
//! The same move as [`Market::shifted`](crate::market::Market::shifted), without a market: vols stay with their
//! strikes, forwards keep their carry, coin-settled futures stay worth their number of dollars. A test holds the two
//! against each other.

use jiff::Timestamp;

use super::american_mark::KnownMarks;
use super::{Book, Deliverable, ExpiryGroup, Leg, LegKind, UnderlyingGroup};
use crate::asset::Asset;
use crate::market::{MarketError, Shift, UnderlyingClass, roll_forward, shifted_vol};
use crate::pricing::numeric::ln;

/// A move of everything that a book depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct BookShift {
    /// The move of all prices, of all vols in points, and of the clock.
    pub shift: Shift,
    /// What all vols are multiplied by before points are added; 1 for no change.
    pub vol_factor: f64,
    /// Relative moves of single assets in place of that of all prices: of underlyings, and of money that loses its
    /// peg. Wrapped and staked coins go with theirs unless they are named.
    pub asset_moves: Vec<(Asset, f64)>,
}

impl Default for BookShift {
    fn default() -> BookShift {
        BookShift { shift: Shift::default(), vol_factor: 1.0, asset_moves: Vec::new() }
    }
}

impl BookShift {
    /// All prices move alike.
    pub fn spot(spot_move: f64) -> BookShift {
        BookShift { shift: Shift { spot_move, ..Shift::default() }, ..BookShift::default() }
    }

    /// What an asset's price is multiplied by; `priced_by` is the underlying that it goes with, none for money.
    pub fn factor(&self, asset: Asset, priced_by: Option<Asset>) -> f64 {
        let named = |asset: Asset| self.asset_moves.iter().find(|(known, _)| *known == asset).map(|(_, step)| *step);
        match named(asset).or_else(|| named(priced_by?)) {
            Some(step) => 1.0 + step,
            None if priced_by.is_some() => 1.0 + self.shift.spot_move,
            None => 1.0,
        }
    }

    fn check(&self) -> Result<(), MarketError> {
        self.shift.check()?;
        Shift::check_vol_factor(self.vol_factor)?;
        self.asset_moves.iter().try_for_each(|(asset, step)| Shift::check_spot_move(*step).map_err(|it| it.of(*asset)))
    }
}

impl Book {
    /// A changed copy; this book stays as it is. Futures without an entry price are taken as entered at their marks in
    /// this book, so that [`Book::worth`] counts what the move gains or loses.
    ///
    /// Bonds keep their yields.
    ///
    /// # Errors
    /// A move out of its domain: a price that falls by all of it or more, negative days.
    pub fn shifted(&self, shift: &BookShift) -> Result<Book, MarketError> {
        self.shifted_again(shift, &KnownMarks::default())
    }

    /// The same, to the bit, with what is known from other moves of this book: where prices alone move, American
    /// options need no new boundary.
    pub(crate) fn shifted_again(&self, shift: &BookShift, known: &KnownMarks) -> Result<Book, MarketError> {
        shift.check()?;
        let time = shift.shift.moved_on(self.time)?;
        let mut book = self.clone();
        book.time = time;
        let currency = shift.factor(self.currency, self.currency_priced_by);
        book.usd_per_account *= currency;
        let money = |asset: Asset| shift.factor(asset, None);
        for balance in &mut book.balances {
            balance.account_per_unit *= shift.factor(balance.asset, balance.priced_by) / currency;
        }
        let factors: Vec<f64> = (0..self.underlyings.len()).map(|place| self.price_factor(place, shift)).collect();
        for (underlying, factor) in book.underlyings.iter_mut().zip(&factors) {
            underlying.index *= factor;
            underlying.account_per_coin *= factor * money(underlying.quote) / currency;
        }
        for settlement in &mut book.settlements {
            // A settlement currency is an underlying of the legs that settle in it, or money.
            let coin = self.underlyings.iter().position(|underlying| underlying.asset == settlement.asset);
            let factor = match coin {
                Some(coin) => factors[coin] * money(self.underlyings[coin].quote),
                None => money(settlement.asset),
            };
            settlement.account_per_unit *= factor / currency;
        }
        for (group, today) in book.expiries.iter_mut().zip(&self.expiries) {
            let (index, factor) = (self.underlyings[today.underlying].index, factors[today.underlying]);
            group.expiry_years = today.expiry.map_or(0.0, |expiry| expiry.years_from(time));
            group.forward = match today.expiry {
                None => today.forward * factor,
                Some(_) => roll_forward(index, today.forward, factor, today.expiry_years, group.expiry_years),
            };
            group.ln_forward = ln(group.forward);
            if group.expiry_years != today.expiry_years {
                group.ln_basis = ln(group.forward / book.underlyings[today.underlying].index);
            }
            if let Some(deliverable) = today.deliverable {
                group.deliverable = Some(Deliverable::new(deliverable.bond, group.forward)?);
            }
        }
        for (place, leg) in book.legs.iter_mut().enumerate() {
            let (today, group) = (&self.expiries[leg.expiry], &book.expiries[leg.expiry]);
            shift_leg(leg, shift, today.forward, group, time);
            leg.sensitivities = known.sensitivities_of(place, &leg.kind, group);
            leg.account_per_quote *= money(leg.instrument.product.quote) / currency;
        }
        Ok(book)
    }

    /// What an underlying's price is multiplied by. Bonds go by their yields.
    fn price_factor(&self, underlying: usize, shift: &BookShift) -> f64 {
        let UnderlyingGroup { asset, class, .. } = self.underlyings[underlying];
        let is_future = || self.expiries.iter().any(|it| it.underlying == underlying && it.deliverable.is_some());
        if class == UnderlyingClass::Bond && !is_future() { 1.0 } else { shift.factor(asset, Some(asset)) }
    }
}

/// Terms and size of one leg.
fn shift_leg(leg: &mut Leg, shift: &BookShift, forward_today: f64, group: &ExpiryGroup, time: Timestamp) {
    let is_past = leg.instrument.expiry().is_some_and(|expiry| expiry.is_past(time));
    if leg.kind == LegKind::Future {
        leg.entry_price.get_or_insert(forward_today);
        if leg.instrument.is_sized_in_quote() {
            leg.coins *= forward_today / group.forward;
        }
    }
    match &mut leg.kind {
        _ if is_past => leg.kind = LegKind::Settled,
        LegKind::Option { vol_annual, .. } => {
            *vol_annual = shifted_vol(*vol_annual, shift.vol_factor, shift.shift.vol_points);
        }
        LegKind::Bond { terms, .. } => terms.maturity_years = group.expiry_years,
        LegKind::Future | LegKind::Spot | LegKind::Settled => {}
    }
}
