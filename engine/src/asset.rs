//! Currencies and coins.

use std::fmt;
use std::str::FromStr;

/// The ticker of a currency or coin: `BTC`, `USD`, `USDC`.
///
/// One to twelve ASCII capitals or digits. Small and `Copy`, so that comparing two assets costs nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asset([u8; Asset::MAX_LEN]);

/// A ticker that is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a currency: a ticker is one to twelve letters or digits, such as BTC or USD")]
pub struct AssetError(pub String);

impl Asset {
    const MAX_LEN: usize = 12;

    /// The US dollar: the quote currency of every index here.
    pub const USD: Asset = Asset::literal("USD");
    /// USD Coin, the settlement currency of linear products at Deribit.
    pub const USDC: Asset = Asset::literal("USDC");
    /// Tether.
    pub const USDT: Asset = Asset::literal("USDT");
    /// Bitcoin.
    pub const BTC: Asset = Asset::literal("BTC");
    /// Ether.
    pub const ETH: Asset = Asset::literal("ETH");

    const fn literal(ticker: &str) -> Asset {
        let bytes = ticker.as_bytes();
        let mut out = [0; Asset::MAX_LEN];
        let mut i = 0;
        while i < bytes.len() {
            out[i] = bytes[i];
            i += 1;
        }
        Asset(out)
    }

    /// The ticker as text.
    pub fn as_str(&self) -> &str {
        let len = self.0.iter().position(|b| *b == 0).unwrap_or(Self::MAX_LEN);
        // Only ASCII is ever stored, so this cannot fail.
        std::str::from_utf8(&self.0[..len]).unwrap_or("")
    }

    /// Whether one unit is meant to be worth one US dollar.
    ///
    /// The engine takes such a currency at par unless the market quotes it.
    pub fn is_dollar_like(&self) -> bool {
        matches!(*self, Asset::USD | Asset::USDC | Asset::USDT)
    }

    /// The coin that a wrapped or staked coin stands for; none for all else.
    ///
    /// A market that does not quote such a coin takes one at the price of the coin itself. Where staking has added to
    /// it (wstETH, weETH), that is less than it is worth.
    pub fn stands_for(&self) -> Option<Asset> {
        match self.as_str() {
            "WBTC" | "CBBTC" | "LBTC" | "SOLVBTC" => Some(Asset::BTC),
            "WETH" | "STETH" | "WSTETH" | "WEETH" | "RSETH" | "RSWETH" | "CBETH" => Some(Asset::ETH),
            _ => None,
        }
    }
}

impl FromStr for Asset {
    type Err = AssetError;

    /// Reads a ticker in either case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = text.as_bytes();
        if bytes.is_empty() || bytes.len() > Self::MAX_LEN || !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return Err(AssetError(text.to_owned()));
        }
        let mut out = [0; Self::MAX_LEN];
        for (slot, byte) in out.iter_mut().zip(bytes) {
            *slot = byte.to_ascii_uppercase();
        }
        Ok(Asset(out))
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_either_case_and_refuses_what_is_no_ticker() {
        assert_eq!("btc".parse(), Ok(Asset::BTC));
        assert_eq!(Asset::USDC.to_string(), "USDC");
        for bad in ["", "B TC", "ABCDEFGHIJKLM", "₿"] {
            assert!(bad.parse::<Asset>().is_err(), "{bad}");
        }
    }
}
