//! What kinds of underlying there are.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::instrument::{Expiry, ExpiryError};

/// What an underlying is: it decides at which hour its instruments expire and how its options are exercised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum UnderlyingClass {
    /// A coin.
    #[default]
    Coin,
    /// A share.
    Stock,
    /// A share of a fund.
    Etf,
    /// An index.
    Index,
    /// A commodity.
    Commodity,
    /// A bond, or an issuer of bonds.
    Bond,
}

impl UnderlyingClass {
    /// The expiry on a day: at 08:00 UTC for coins, at 16:00 in New York for all others.
    ///
    /// # Errors
    /// The day is not between 2000 and 2099.
    pub fn expiry_on(self, day: Date) -> Result<Expiry, ExpiryError> {
        if self.is_coin() { Expiry::on(day) } else { Expiry::at_new_york_close(day) }
    }

    /// Whether it is a coin, which can be paid in.
    pub fn is_coin(&self) -> bool {
        *self == UnderlyingClass::Coin
    }

    /// Whether its listed options may be exercised before they expire, as those on shares may.
    pub fn is_share(self) -> bool {
        matches!(self, UnderlyingClass::Stock | UnderlyingClass::Etf)
    }
}
