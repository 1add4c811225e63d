//! The same book with more in it: what an order adds to what is held.

use super::{Book, ExpiredPositions, Leg, LegKind, ResolveError, coins_of};
use crate::account::{Balance, Position, Quantity};
use crate::asset::Asset;
use crate::instrument::Settlement;
use crate::market::Market;

impl Book {
    /// A copy with one leg more for each position, after the legs that are there.
    ///
    /// # Errors
    /// The index of the position and why it cannot be held in this market; one that has expired is refused.
    pub fn with_positions(&self, positions: &[Position], market: &Market) -> Result<Book, (usize, ResolveError)> {
        let mut book = self.clone();
        for (index, position) in positions.iter().enumerate() {
            book.push_position(position, market, ExpiredPositions::Refuse).map_err(|reason| (index, reason))?;
        }
        Ok(book)
    }

    /// The place of the balance in a currency; an empty one is added where there is none.
    ///
    /// # Errors
    /// The market does not say what the currency is worth.
    pub fn balance_in(&mut self, asset: Asset, market: &Market) -> Result<usize, ResolveError> {
        if let Some(place) = self.balances.iter().position(|balance| balance.asset == asset) {
            return Ok(place);
        }
        self.push_balance(&Balance::new(asset, 0.0), market)?;
        Ok(self.balances.len() - 1)
    }

    /// The size that a quantity of a leg's instrument has, in coins.
    pub fn coins_in(&self, leg: &Leg, quantity: Quantity) -> f64 {
        // A bond's quote currency is its face.
        let is_bond = matches!(leg.kind, LegKind::Bond { .. });
        let mark = if is_bond { 1.0 } else { self.expiries[leg.expiry].forward };
        coins_of(quantity, leg.contract_size, mark)
    }

    /// The currency in which a leg's instrument is paid for, or what it gains is paid: the coin of coin-settled
    /// options and futures, else the currency of its price.
    pub fn cash_asset(&self, leg: &Leg) -> Asset {
        match (leg.kind, leg.settlement) {
            (LegKind::Spot, Settlement::Inverse) => leg.instrument.product.quote,
            _ => self.settlements[leg.settlement_group].asset,
        }
    }

    /// The mark of a leg as its price is quoted: in coin for coin-settled options, else in the quote currency.
    pub fn quoted_mark(&self, leg: &Leg) -> f64 {
        match leg.settlement {
            Settlement::Inverse if leg.is_option() => leg.mark() / self.index_of(leg),
            _ => leg.mark(),
        }
    }
}
