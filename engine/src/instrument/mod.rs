//! What can be held: options, dated futures, perpetuals and spot.

mod expiry;
mod name;
mod osi;

pub(crate) use expiry::day_name;
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

/// When an option may be exercised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exercise {
    /// When it expires.
    European,
    /// At any time until then.
    American,
}

/// The shape of an instrument.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// An option on one unit of the underlying; when it may be exercised the book says, which knows its class.
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
    /// The coin, stock, fund or index itself.
    Spot,
    /// A bond with a fixed coupon, paid in halves twice a year. Its size is its face value in the quote currency, and
    /// its price is for 1 of face.
    Bond {
        /// The coupon per year for 1 of face: 0.0425.
        coupon_annual: f64,
        /// When it is repaid: 16:00 in New York of that day.
        maturity: Expiry,
    },
}

/// Where an instrument is listed, which says how it is named, what its size counts and at which hour it expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// As at a crypto venue: sizes in coins, expiry at 08:00 UTC. What is held outright counts here too: coins,
    /// shares, bonds.
    Coin,
    /// An option on a stock, fund or index with a symbol of the Options Symbology Initiative: sizes in contracts,
    /// expiry at 16:00 in New York.
    Osi {
        /// The root of the symbol, which need not be the underlying's ticker: `SPXW`.
        root: Asset,
        /// Shares, or units of the index, in a contract: 100, in mini contracts 10.
        shares: u16,
    },
    /// A future of a futures exchange or an option on one: sizes in contracts, of which the market knows the size;
    /// expiry at 16:00 in New York.
    Exchange,
}

/// Something that can be held, named as Deribit, the options symbology or a futures trader names it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Instrument {
    /// Its currencies.
    pub product: Product,
    /// Its shape.
    pub kind: Kind,
    /// Where it is listed.
    pub listing: Listing,
}

impl Instrument {
    /// An instrument of a crypto venue, or something held outright.
    pub const fn coin(product: Product, kind: Kind) -> Instrument {
        Instrument { product, kind, listing: Listing::Coin }
    }

    /// Whether its size counts contracts, and not coins or shares.
    pub fn is_sized_in_contracts(&self) -> bool {
        self.listing != Listing::Coin
    }

    /// The expiry of an option or a dated future, the maturity of a bond.
    pub fn expiry(&self) -> Option<Expiry> {
        match self.kind {
            Kind::Option { expiry, .. } | Kind::Future { expiry } | Kind::Bond { maturity: expiry, .. } => Some(expiry),
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
