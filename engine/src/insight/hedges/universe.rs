//! What may be traded to hedge a book: all that is listed on its underlyings, thinned where that is too much.

use crate::account::{Account, Position, Quantity};
use crate::book::{Book, LegKind};
use crate::instrument::{Expiry, Instrument, Kind, Listing, Product, Right};
use crate::market::{Market, Underlying};
use crate::order::sorted_by;
use crate::pricing::numeric::ln;

use super::HedgeLimits;

/// An expiry in which nothing is held stands back by so many standard deviations.
const NOT_HELD: f64 = 0.5;
/// A year's standard deviation by which distances from the money are measured, whatever the vol.
const YARDSTICK_VOL: f64 = 0.6;

/// Instruments that a hedge may be made of, most telling first, none twice: those held, then futures, perpetuals and
/// shares, then options by their distance from the money or from a strike held, in standard deviations, with
/// expiries in which nothing is held standing back. How many there would be without thinning is the caller's to count.
pub(super) fn candidates(book: &Book, market: &Market, limits: &HedgeLimits) -> Vec<Instrument> {
    let mut found: Vec<Instrument> = Vec::new();
    let held = book.legs.iter().filter(|leg| leg.kind != LegKind::Settled).map(|leg| leg.instrument);
    let mut families: Vec<(Product, Listing)> = Vec::new();
    for instrument in held {
        if !matches!(instrument.kind, Kind::Bond { .. }) && limits.allow(&instrument) && !found.contains(&instrument) {
            found.push(instrument);
        }
        let family = (instrument.product, instrument.listing);
        if limits.allow_underlying(instrument.product.base) && !families.contains(&family) {
            families.push(family);
        }
    }
    let held = found.clone();
    // What is closed may expire at any time, what is opened not before the risk does.
    let first = match limits.lasting {
        true => book.expiries.iter().filter(|group| group.expiry_years > 0.0).filter_map(|group| group.expiry).min(),
        false => None,
    };
    let mut listed: Vec<(f64, Instrument)> = Vec::new();
    for (product, listing) in families {
        if let Some(underlying) = market.get(product.base) {
            list(underlying, market, (product, listing), &held, first, &mut listed);
        }
    }
    for (_, instrument) in sorted_by(listed, |(distance, _)| *distance) {
        // Nothing is listed twice but shares, which two families bring along.
        let is_known =
            if instrument.option_terms().is_some() { held.contains(&instrument) } else { found.contains(&instrument) };
        if limits.allow(&instrument) && !is_known {
            found.push(instrument);
        }
    }
    found
}

/// All that is listed of one family, with its distance.
fn list(
    underlying: &Underlying,
    market: &Market,
    (product, listing): (Product, Listing),
    held: &[Instrument],
    first: Option<Expiry>,
    listed: &mut Vec<(f64, Instrument)>,
) {
    let class = underlying.terms().class;
    let is_venue_of_coins = listing == Listing::Coin && class.is_coin();
    let of = |kind| Instrument { product, kind, listing };
    if is_venue_of_coins {
        listed.push((-1.0, of(Kind::Perpetual)));
    }
    if class.is_share() {
        listed.push((-1.0, Instrument::coin(Product::inverse(product.base), Kind::Spot)));
    }
    for market_expiry in underlying.expiries() {
        let expiry = market_expiry.expiry();
        if expiry.is_past(market.now()) || first.is_some_and(|first| expiry < first) {
            continue;
        }
        if is_venue_of_coins || listing == Listing::Exchange {
            listed.push((-1.0, of(Kind::Future { expiry })));
        }
        if market_expiry.smile().is_empty() {
            continue;
        }
        let of_expiry = held
            .iter()
            .filter(|instrument| instrument.product.base == product.base && instrument.expiry() == Some(expiry));
        let strikes: Vec<f64> = of_expiry.clone().filter_map(|held| Some(held.option_terms()?.0)).collect();
        let back = if of_expiry.count() == 0 { NOT_HELD } else { 0.0 };
        let deviation = YARDSTICK_VOL * market_expiry.years().max(1.0 / 365.0).sqrt();
        for &strike in market_expiry.listed_strikes() {
            let places = strikes.iter().copied().chain([market_expiry.forward()]);
            let distance = places.map(|place| (ln(strike / place) / deviation).abs()).fold(f64::INFINITY, f64::min);
            for right in [Right::Call, Right::Put] {
                let instrument = match listing {
                    Listing::Coin if !class.is_coin() => {
                        match Instrument::listed_option(product.base, expiry, strike, right) {
                            Ok(instrument) => instrument,
                            Err(_) => continue,
                        }
                    }
                    _ => of(Kind::Option { expiry, strike, right }),
                };
                listed.push((distance + back, instrument));
            }
        }
    }
}

/// One unit of each instrument: a coin, a share, a contract.
pub(super) fn one_of_each(account: &Account, instruments: &[Instrument]) -> Option<Account> {
    let one = |&instrument: &Instrument| Position { instrument, quantity: Quantity::coins(1.0), entry_price: None };
    let positions = account.positions().iter().copied().chain(instruments.iter().map(one)).collect();
    Account::new(account.currency(), positions, account.balances().to_vec()).ok()
}
