//! What a line says, and the position that it makes.

use margin_engine::account::{Account, Position};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::contract::PositionDocument;
use margin_engine::instrument::{Instrument, Kind, Settlement};
use margin_engine::market::Market;

use super::super::words::size;

/// Long or short, as a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Buy, long.
    Long,
    /// Sell, short.
    Short,
}

impl Direction {
    /// Reads a word.
    pub fn read(word: &str) -> Option<Direction> {
        match word.to_ascii_lowercase().as_str() {
            "buy" | "bought" | "long" => Some(Direction::Long),
            "sell" | "sold" | "short" => Some(Direction::Short),
            _ => None,
        }
    }
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fields {
    /// The instrument.
    pub instrument: Option<Instrument>,
    /// The quantity, with its sign.
    pub quantity: Option<f64>,
    /// What the quantity counts.
    pub unit: Option<String>,
    /// Long or short.
    pub direction: Option<Direction>,
    /// The price at which it was entered.
    pub entry_price: Option<f64>,
}

impl Fields {
    /// The position, checked against the market.
    ///
    /// # Errors
    /// A sentence that names the field and its value.
    pub fn position(self, market: &Market) -> Result<Position, String> {
        let instrument = self.instrument.ok_or("The instrument is missing: write it like BTC-25SEP26-84000-C.")?;
        let quantity = self.quantity.ok_or_else(|| format!("The quantity of {instrument} is missing."))?;
        if quantity == 0.0 {
            return Err(format!("The quantity of {instrument} is zero."));
        }
        let quantity = match self.direction {
            None => quantity,
            // Venues also write the size of a sale with a minus.
            Some(Direction::Short) => -quantity.abs(),
            Some(Direction::Long) if quantity < 0.0 => {
                return Err(format!("The line says to buy {instrument}, but its quantity is {}.", size(quantity)));
            }
            Some(Direction::Long) => quantity,
        };
        let document = PositionDocument {
            instrument: instrument.to_string(),
            quantity,
            unit: unit(self.unit, &instrument)?,
            entry_price: self.entry_price,
            enabled: true,
        };
        let position = document.to_position().map_err(as_sentence)?;
        let account =
            Account::new(Asset::USD, vec![position], vec![]).map_err(|error| as_sentence(error.to_string()))?;
        let resolved = Book::resolve(&account, market, ExpiredPositions::Refuse);
        resolved.map_err(|error| as_sentence(error.to_string()))?;
        Ok(position)
    }
}

/// The unit as the contract writes it.
fn unit(written: Option<String>, instrument: &Instrument) -> Result<Option<String>, String> {
    let is_contracts = |unit: &String| ["contract", "contracts"].iter().any(|word| unit.eq_ignore_ascii_case(word));
    match written.filter(|unit| !["coin", "coins"].iter().any(|word| unit.eq_ignore_ascii_case(word))) {
        Some(unit) if is_contracts(&unit) => match (instrument.kind, instrument.product.settlement) {
            _ if instrument.is_sized_in_contracts() => Ok(None),
            // An option contract is one coin.
            (Kind::Option { .. }, Settlement::Inverse) => Ok(None),
            _ => {
                let product = instrument.product;
                Err(format!(
                    "Contracts of {instrument} are not counted here: write the size in {} or {}.",
                    product.base, product.quote
                ))
            }
        },
        other => Ok(other),
    }
}

/// With a capital and a full stop.
pub fn as_sentence(text: String) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", characters.as_str())
}
