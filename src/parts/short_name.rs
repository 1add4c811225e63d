//! Instruments as people speak of them.

use margin_engine::instrument::{Instrument, Kind, Right};

use crate::charts::format::price_tick;

/// "64k put", "perpetual", "25SEP26 future", "BTC".
pub fn short_name(instrument: &Instrument) -> String {
    match instrument.kind {
        Kind::Option { strike, right, .. } => {
            let right = if right == Right::Call { "call" } else { "put" };
            format!("{} {right}", price_tick(strike))
        }
        Kind::Future { expiry } => format!("{expiry} future"),
        Kind::Perpetual => "perpetual".to_owned(),
        Kind::Spot => instrument.product.base.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short() {
        for (name, short) in [
            ("BTC-25SEP26-84000-C", "84k call"),
            ("BTC-25SEP26-64500-P", "64.5k put"),
            ("BTC-PERPETUAL", "perpetual"),
            ("ETH-25SEP26", "25SEP26 future"),
        ] {
            assert_eq!(short_name(&name.parse().expect("a name")), short);
        }
    }
}
