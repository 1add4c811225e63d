//! The smallest size that a venue trades.

use crate::account::{Quantity, QuantityUnit};
use crate::asset::Asset;
use crate::book::{Book, Leg, LegKind};
use crate::instrument::{Instrument, Kind, Settlement};

/// Units of the quote currency in the smallest trade of a coin-settled future; others trade by one.
const INVERSE_FUTURES: &[(Asset, f64)] = &[(Asset::BTC, 10.0)];

/// Coins in the smallest trade of a coin-settled option; others trade by one.
const INVERSE_OPTIONS: &[(Asset, f64)] = &[(Asset::BTC, 0.1)];

/// Likewise of an option that is settled in dollars.
const LINEAR_OPTIONS: &[(Asset, f64)] = &[(Asset::BTC, 0.01), (Asset::ETH, 0.1)];

/// Likewise of a future that is settled in dollars, and of coins held outright.
const LINEAR_FUTURES: &[(Asset, f64)] = &[(Asset::BTC, 0.001), (Asset::ETH, 0.01)];

/// Face value of the smallest trade in a bond.
const BOND_FACE: f64 = 1000.0;

/// The smallest size of a leg's instrument, in the unit in which its venue counts.
///
/// Coin-settled products as Deribit's list of instruments gives them (`min_trade_amount`: options 0.1 BTC and 1 ETH,
/// futures 10 USD on BTC and 1 USD on ETH); those settled in dollars by convention. Listed options, futures of an
/// exchange and shares trade by one, bonds by 1,000 of face.
pub(in crate::insight) fn tick(book: &Book, leg: &Leg) -> Quantity {
    let Instrument { product, kind, .. } = leg.instrument;
    let of =
        |list: &[(Asset, f64)]| list.iter().find(|(asset, _)| *asset == product.base).map_or(1.0, |(_, size)| *size);
    if matches!(leg.kind, LegKind::Bond { .. }) {
        return Quantity::coins(BOND_FACE);
    }
    if leg.instrument.is_sized_in_contracts() || !book.underlyings[leg.underlying].class.is_coin() {
        return Quantity::coins(1.0);
    }
    match (kind, product.settlement) {
        (Kind::Option { .. }, Settlement::Inverse) => Quantity::coins(of(INVERSE_OPTIONS)),
        (Kind::Option { .. }, Settlement::Linear) => Quantity::coins(of(LINEAR_OPTIONS)),
        (Kind::Future { .. } | Kind::Perpetual, Settlement::Inverse) => {
            Quantity { amount: of(INVERSE_FUTURES), unit: QuantityUnit::Quote }
        }
        _ => Quantity::coins(of(LINEAR_FUTURES)),
    }
}
