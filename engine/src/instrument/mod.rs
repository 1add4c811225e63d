//! What can be held: options, dated futures, perpetuals and spot.

mod expiry;
mod name;

pub use expiry::{Expiry, ExpiryError};
pub use name::NameError;

pub use margin_pricing::Right;

use crate::asset::Asset;

/// How a product pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Settlement {
    /// Settled in the coin itself: worth the quote-currency value divided by the index ("inverse").
    Inverse,
    /// Settled in the quote currency.
    Linear,
}

/// The two currencies of a product and the one it settles in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Product {
    /// The coin whose price moves.
    pub base: Asset,
    /// The currency of strikes and prices; for linear products also the settlement currency.
    pub quote: Asset,
    /// How it pays.
    pub settlement: Settlement,
}

impl Product {
    /// Quoted in US dollars, settled in the coin: Deribit's `BTC-…`.
    pub fn inverse(base: Asset) -> Product {
        Product { base, quote: Asset::USD, settlement: Settlement::Inverse }
    }

    /// Quoted and settled in `quote`: Deribit's `BTC_USDC-…`.
    pub fn linear(base: Asset, quote: Asset) -> Product {
        Product { base, quote, settlement: Settlement::Linear }
    }

    /// The currency in which gains and losses are paid.
    pub fn settlement_asset(&self) -> Asset {
        match self.settlement {
            Settlement::Inverse => self.base,
            Settlement::Linear => self.quote,
        }
    }
}

/// The shape of an instrument.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A European option on one coin.
    Option {
        /// When it expires.
        expiry: Expiry,
        /// Strike in the quote currency, positive and finite.
        strike: f64,
        /// Call or put.
        right: Right,
    },
    /// A future with a delivery date.
    Future {
        /// When it is delivered.
        expiry: Expiry,
    },
    /// A future without one, held to the index by funding.
    Perpetual,
    /// The coin itself.
    Spot,
}

/// Something that can be held, named as Deribit names it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Instrument {
    /// Its currencies.
    pub product: Product,
    /// Its shape.
    pub kind: Kind,
}

impl Instrument {
    /// The expiry of an option or a dated future.
    pub fn expiry(&self) -> Option<Expiry> {
        match self.kind {
            Kind::Option { expiry, .. } | Kind::Future { expiry } => Some(expiry),
            Kind::Perpetual | Kind::Spot => None,
        }
    }

    /// Strike and right of an option.
    pub fn option_terms(&self) -> Option<(f64, Right)> {
        match self.kind {
            Kind::Option { strike, right, .. } => Some((strike, right)),
            _ => None,
        }
    }

    /// Whether the size of a position is fixed in the quote currency, as for coin-settled futures, whose
    /// contracts are worth so many dollars whatever the coin costs.
    pub fn is_sized_in_quote(&self) -> bool {
        self.product.settlement == Settlement::Inverse && matches!(self.kind, Kind::Future { .. } | Kind::Perpetual)
    }
}
