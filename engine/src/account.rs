//! Positions and balances, valid by construction.

use crate::asset::Asset;
use crate::book::forward_of;
use crate::instrument::{Instrument, Kind};
use crate::market::{Market, MarketError, plain};

/// What a position's amount counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuantityUnit {
    /// Coins of the base currency, shares, or contracts of listed options and exchange-traded futures. For
    /// coin-settled futures: the notional divided by the mark price.
    Coin,
    /// The quote currency, at the mark price: `25000 USD`.
    Quote,
}

/// A signed size: long is positive, short is negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    /// How many units; at most 1e15 either way.
    pub amount: f64,
    /// Of what.
    pub unit: QuantityUnit,
}

impl Quantity {
    /// So many coins, shares or contracts.
    pub fn coins(amount: f64) -> Quantity {
        Quantity { amount, unit: QuantityUnit::Coin }
    }

    /// So much of the quote currency.
    pub fn quote(amount: f64) -> Quantity {
        Quantity { amount, unit: QuantityUnit::Quote }
    }
}

/// An instrument and how much of it is held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// What is held.
    pub instrument: Instrument,
    /// How much.
    pub quantity: Quantity,
    /// The price at which it was entered, in the quote currency for stocks, futures and linear options and in coin
    /// for coin-settled options; positive. Rules that do not ask for it go by the mark.
    pub entry_price: Option<f64>,
}

/// An amount of a currency held as collateral.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance {
    /// The currency.
    pub asset: Asset,
    /// How much; negative is owed.
    pub amount: f64,
    /// US dollars that one unit is worth, where the holder says so; else the market does. Positive.
    pub usd_per_unit: Option<f64>,
}

impl Balance {
    /// So much of a currency, at the market's price.
    pub fn new(asset: Asset, amount: f64) -> Balance {
        Balance { asset, amount, usd_per_unit: None }
    }
}

/// Everything that one margin requirement covers.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    currency: Asset,
    positions: Vec<Position>,
    balances: Vec<Balance>,
}

/// Why something is no account.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AccountError {
    /// A quantity that is no number, or beyond reason.
    #[error("the quantity of {instrument} is {}; it must be a number between -1e15 and 1e15", plain(*amount))]
    Quantity {
        /// Of which instrument.
        instrument: String,
        /// What was given.
        amount: f64,
    },
    /// A quantity in dollars of an option.
    #[error("{instrument} is counted in {counted}: a quantity in {currency} is for futures, perpetuals and spot")]
    Unit {
        /// Of which instrument.
        instrument: String,
        /// What it counts: coins or contracts.
        counted: &'static str,
        /// The currency that was given.
        currency: Asset,
    },
    /// An entry price that is not a price.
    #[error("the entry price of {instrument} is {}; it must be a positive number", plain(*price))]
    EntryPrice {
        /// Of which instrument.
        instrument: String,
        /// What was given.
        price: f64,
    },
    /// A balance that is no number, or beyond reason.
    #[error("the balance in {asset} is {}; it must be a number between -1e15 and 1e15", plain(*amount))]
    Balance {
        /// In which currency.
        asset: Asset,
        /// What was given.
        amount: f64,
    },
    /// A price of a balance that is no price.
    #[error("the price of {asset} is {} dollars; it must be a positive number up to 1e15", plain(*usd_per_unit))]
    BalancePrice {
        /// Of which currency.
        asset: Asset,
        /// What was given.
        usd_per_unit: f64,
    },
}

impl Account {
    /// An account whose requirement is counted in `currency`.
    ///
    /// # Errors
    /// A quantity, entry price or balance that is not a number in its domain.
    pub fn new(currency: Asset, positions: Vec<Position>, balances: Vec<Balance>) -> Result<Account, AccountError> {
        for position in &positions {
            check_position(position)?;
        }
        if let Some(bad) = balances.iter().find(|balance| !(-1e15..=1e15).contains(&balance.amount)) {
            return Err(AccountError::Balance { asset: bad.asset, amount: bad.amount });
        }
        for Balance { asset, usd_per_unit, .. } in &balances {
            if let Some(usd_per_unit) = usd_per_unit.filter(|usd| !(*usd > 0.0 && *usd <= 1e15)) {
                return Err(AccountError::BalancePrice { asset: *asset, usd_per_unit });
            }
        }
        Ok(Account { currency, positions, balances })
    }

    /// The same positions with other collateral.
    ///
    /// # Errors
    /// A balance that is not a number in its domain.
    pub fn with_balances(&self, balances: Vec<Balance>) -> Result<Account, AccountError> {
        Account::new(self.currency, self.positions.clone(), balances)
    }

    /// Gives a position another quantity; where there is none at the place, nothing happens.
    ///
    /// # Errors
    /// A quantity that is not in its domain; the position keeps the one it has.
    pub fn set_quantity(&mut self, position: usize, quantity: Quantity) -> Result<(), AccountError> {
        if let Some(place) = self.positions.get_mut(position) {
            let changed = Position { quantity, ..*place };
            check_position(&changed)?;
            *place = changed;
        }
        Ok(())
    }

    /// The currency that requirements are counted in.
    pub fn currency(&self) -> Asset {
        self.currency
    }

    /// The positions, in the order given.
    pub fn positions(&self) -> &[Position] {
        &self.positions
    }

    /// The collateral.
    pub fn balances(&self) -> &[Balance] {
        &self.balances
    }

    /// The same account with the size of coin-settled futures fixed in the quote currency at today's marks, and with
    /// futures entered at today's marks where no entry price was given.
    ///
    /// Such contracts are worth a fixed number of dollars. Before a market is shifted for a what-if, sizes
    /// given in coin have to be pinned, or they would silently grow and shrink with the price; so have sizes of all
    /// else that were given in dollars. What futures then gain or lose counts from today.
    ///
    /// # Errors
    /// The market lacks an underlying of the account.
    pub fn pinned(&self, market: &Market) -> Result<Account, MarketError> {
        let mut positions = self.positions.clone();
        for position in &mut positions {
            let instrument = &position.instrument;
            // Options count coins or contracts, bonds their face.
            if !matches!(instrument.kind, Kind::Future { .. } | Kind::Perpetual | Kind::Spot) {
                continue;
            }
            let mark = forward_of(instrument, market.underlying(instrument.product.base)?);
            let Quantity { amount, unit } = position.quantity;
            if instrument.is_sized_in_quote() && unit == QuantityUnit::Coin {
                position.quantity = Quantity::quote(amount * mark);
            } else if !instrument.is_sized_in_quote()
                && !instrument.is_sized_in_contracts()
                && unit == QuantityUnit::Quote
            {
                position.quantity = Quantity::coins(amount / mark);
            }
            if instrument.kind == Kind::Spot {
                continue;
            }
            position.entry_price.get_or_insert(mark);
        }
        Ok(Account { positions, ..self.clone() })
    }
}

fn check_position(position: &Position) -> Result<(), AccountError> {
    let instrument = &position.instrument;
    let Quantity { amount, unit } = position.quantity;
    // Prices have the same bound, so that products of both stay numbers.
    if !(-1e15..=1e15).contains(&amount) {
        return Err(AccountError::Quantity { instrument: instrument.to_string(), amount });
    }
    if unit == QuantityUnit::Quote && matches!(instrument.kind, Kind::Option { .. }) {
        let counted = if instrument.is_sized_in_contracts() { "contracts" } else { "coins" };
        let currency = instrument.product.quote;
        return Err(AccountError::Unit { instrument: instrument.to_string(), counted, currency });
    }
    match position.entry_price {
        Some(price) if !(price.is_finite() && price > 0.0) => {
            Err(AccountError::EntryPrice { instrument: instrument.to_string(), price })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(name: &str, quantity: Quantity) -> Position {
        Position { instrument: name.parse().expect("a valid name"), quantity, entry_price: None }
    }

    #[test]
    fn refuses_what_is_no_number() {
        let account = |position| Account::new(Asset::USD, vec![position], vec![]);
        let error = account(position("BTC-PERPETUAL", Quantity::coins(f64::NAN))).expect_err("NaN").to_string();
        assert_eq!(error, "the quantity of BTC-PERPETUAL is NaN; it must be a number between -1e15 and 1e15");
        let error = account(position("BTC-25SEP26-84000-C", Quantity::quote(5.0))).expect_err("unit").to_string();
        assert!(error.contains("counted in coins"), "{error}");
        let mut entered = position("BTC-PERPETUAL", Quantity::coins(1.0));
        entered.entry_price = Some(-1.0);
        assert!(account(entered).is_err());
        let balance = Balance::new(Asset::BTC, f64::INFINITY);
        assert!(Account::new(Asset::USD, vec![], vec![balance]).is_err());
        let priced = Balance { usd_per_unit: Some(f64::NAN), ..Balance::new(Asset::BTC, 1.0) };
        let error = Account::new(Asset::USD, vec![], vec![priced]).expect_err("NaN").to_string();
        assert_eq!(error, "the price of BTC is NaN dollars; it must be a positive number up to 1e15");
    }
}
