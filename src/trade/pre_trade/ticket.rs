//! The order that is being written, and those that wait with it.

use leptos::prelude::*;
use margin_engine::account::{Quantity, QuantityUnit};
use margin_engine::instrument::{Instrument, Kind, Settlement};
use serde_json::{Value, json};

use crate::builder::Side;
use crate::builder::parse_text::read_number;

/// An order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Order {
    /// What is traded.
    pub instrument: Instrument,
    /// How much, signed.
    pub quantity: Quantity,
    /// The limit; none for the mark.
    pub price: Option<f64>,
}

impl Order {
    /// The order as the contract has it.
    pub fn document(&self) -> Value {
        let mut document = json!({ "instrument": self.instrument.to_string(), "quantity": self.quantity.amount });
        if self.quantity.unit == QuantityUnit::Quote {
            document["unit"] = Value::from(self.instrument.product.quote.as_str());
        }
        if let Some(price) = self.price {
            document["price"] = Value::from(price);
        }
        document
    }
}

/// What is wrong with what is typed, by field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Problems {
    /// With the instrument.
    pub instrument: Option<String>,
    /// With the size.
    pub size: Option<String>,
    /// With the price.
    pub price: Option<String>,
}

/// The ticket: what is typed, and the list. Copies are handles to the same. It outlives the panel, whose tab may close.
#[derive(Clone, Copy)]
pub struct OrderTicket {
    /// The side.
    pub side: RwSignal<Side>,
    /// The instrument as typed.
    pub name: RwSignal<String>,
    /// The size as typed, without a sign.
    pub size: RwSignal<String>,
    /// The limit as typed; empty for the mark.
    pub price: RwSignal<String>,
    /// The orders that are checked before it.
    pub list: RwSignal<Vec<Order>>,
}

impl OrderTicket {
    /// An empty one.
    pub fn start() -> OrderTicket {
        OrderTicket {
            side: RwSignal::new(Side::Buy),
            name: RwSignal::default(),
            size: RwSignal::default(),
            price: RwSignal::default(),
            list: RwSignal::default(),
        }
    }

    /// The instrument, if one is typed.
    pub fn instrument(&self) -> Option<Instrument> {
        self.name.with(|name| name.trim().parse().ok())
    }

    /// The order as typed. Without a size it is an order of nothing, whose answer says how much would fit.
    ///
    /// # Errors
    /// What is wrong; nothing where no instrument is typed.
    pub fn order(&self) -> Result<Order, Problems> {
        let name = self.name.get();
        let mut problems = Problems::default();
        if name.trim().is_empty() {
            return Err(problems);
        }
        let instrument = name.trim().parse::<Instrument>();
        let size = self.size.with(|text| positive("size", text));
        let price = self.price.with(|text| positive("price", text));
        problems.instrument = instrument.as_ref().err().map(ToString::to_string);
        problems.size = size.as_ref().err().cloned();
        problems.price = price.as_ref().err().cloned();
        match (instrument, size, price) {
            (Ok(instrument), Ok(size), Ok(price)) => {
                let amount = self.side.get().sign() * size.unwrap_or(0.0);
                Ok(Order { instrument, quantity: Quantity { amount, unit: unit_of(&instrument) }, price })
            }
            _ => Err(problems),
        }
    }

    /// What is wrong with what is typed.
    pub fn problems(&self) -> Problems {
        self.order().err().unwrap_or_default()
    }

    /// The order as typed, where it has a size.
    pub fn sized_order(&self) -> Option<Order> {
        self.order().ok().filter(|order| order.quantity.amount != 0.0)
    }

    /// What is asked about: the list, then what is typed.
    pub fn orders(&self) -> Vec<Order> {
        let mut orders = self.list.get();
        orders.extend(self.order().ok());
        orders
    }

    /// Puts the typed order on the list, and makes room for the next one.
    pub fn set_aside(&self) {
        if let Some(order) = untrack(|| self.sized_order()) {
            self.list.update(|list| list.push(order));
            self.clear();
        }
    }

    /// Begins anew, but for the list.
    pub fn clear(&self) {
        self.name.set(String::new());
        self.size.set(String::new());
        self.price.set(String::new());
    }
}

/// What sizes of an instrument count on the ticket: coin-settled futures in their quote currency, as they trade.
pub fn unit_of(instrument: &Instrument) -> QuantityUnit {
    if instrument.is_sized_in_quote() { QuantityUnit::Quote } else { QuantityUnit::Coin }
}

/// The same in words: "BTC", "USD", "contracts".
pub fn unit_name(instrument: &Instrument) -> String {
    match instrument.kind {
        _ if instrument.is_sized_in_contracts() => "contracts".to_owned(),
        Kind::Bond { .. } => "of face".to_owned(),
        _ if unit_of(instrument) == QuantityUnit::Quote => instrument.product.quote.to_string(),
        _ => instrument.product.base.to_string(),
    }
}

/// What its price is quoted in: of coin-settled options the coin.
pub fn price_unit(instrument: &Instrument) -> String {
    let product = instrument.product;
    let in_coin = instrument.option_terms().is_some() && product.settlement == Settlement::Inverse;
    let is_listed = instrument.is_sized_in_contracts();
    (if in_coin && !is_listed { product.base } else { product.quote }).to_string()
}

/// A number above zero; none where nothing is typed.
fn positive(what: &str, text: &str) -> Result<Option<f64>, String> {
    match (text.trim(), read_number(text.trim())) {
        ("", _) => Ok(None),
        (_, Ok(number)) if number > 0.0 => Ok(Some(number)),
        (_, Ok(_)) => Err(format!("The {what} must be above zero.")),
        (_, Err(reason)) => Err(format!("The {what} {reason}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_in_which_one_trades() {
        for (name, unit, quoted) in [
            ("BTC-PERPETUAL", "USD", "USD"),
            ("BTC-25SEP26-84000-C", "BTC", "BTC"),
            ("BTC_USDC-PERPETUAL", "BTC", "USDC"),
            ("ETH_USDC-25SEP26-2400-P", "ETH", "USDC"),
            ("AAPL251219C00257500", "contracts", "USD"),
            ("/ES-19DEC25", "contracts", "USD"),
        ] {
            let instrument: Instrument = name.parse().expect("a name");
            assert_eq!((unit_name(&instrument).as_str(), price_unit(&instrument).as_str()), (unit, quoted), "{name}");
        }
    }

    #[test]
    fn amounts_are_above_zero() {
        assert_eq!(positive("size", " "), Ok(None));
        assert_eq!(positive("size", "1,000"), Ok(Some(1000.0)));
        for bad in ["0", "-1", "x", "NaN"] {
            assert!(positive("size", bad).is_err(), "{bad}");
        }
    }
}
