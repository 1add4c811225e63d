//! What the next click in the chain does: the side and the size.

use leptos::prelude::*;
use margin_engine::account::Quantity;
use margin_engine::instrument::Instrument;

use super::parse_text::read_number;
use super::words::traded;
use crate::state::Simulator;

/// Buy or sell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Long.
    Buy,
    /// Short.
    Sell,
}

impl Side {
    /// The other one.
    pub fn other(self) -> Side {
        match self {
            Side::Buy => Side::Sell,
            Side::Sell => Side::Buy,
        }
    }

    /// 1 for a buy, −1 for a sale.
    pub fn sign(self) -> f64 {
        match self {
            Side::Buy => 1.0,
            Side::Sell => -1.0,
        }
    }

    /// "Buy" or "Sell".
    pub fn verb(self) -> &'static str {
        match self {
            Side::Buy => "Buy",
            Side::Sell => "Sell",
        }
    }
}

/// The side and the size that clicks use.
#[derive(Clone, Copy)]
pub struct Ticket {
    /// The side.
    pub side: RwSignal<Side>,
    /// The size as typed.
    pub typed: RwSignal<String>,
    /// The size, or what is wrong with it.
    pub size: Memo<Result<f64, String>>,
}

impl Ticket {
    /// Buys one.
    pub fn new() -> Ticket {
        let typed = RwSignal::new("1".to_owned());
        Ticket { side: RwSignal::new(Side::Buy), typed, size: Memo::new(move |_| typed.with(|text| read_size(text))) }
    }

    /// The signed size of a click; with the shift key, of the other side.
    pub fn amount(&self, is_reversed: bool) -> Option<f64> {
        let side = self.side.get_untracked();
        let side = if is_reversed { side.other() } else { side };
        self.size.get_untracked().ok().map(|size| side.sign() * size)
    }

    /// Adds the instrument to the portfolio, so many of it for a size of one. A size that is none is told beside its
    /// field, so nothing happens here.
    pub fn trade(&self, simulator: Simulator, instrument: Instrument, lot: f64, is_reversed: bool) {
        if let Some(amount) = self.amount(is_reversed).map(|amount| amount * lot) {
            simulator.edit(traded(amount, &instrument), |draft| draft.add(instrument, Quantity::coins(amount)));
        }
    }
}

fn read_size(text: &str) -> Result<f64, String> {
    match read_number(text.trim()) {
        Ok(size) if size > 0.0 => Ok(size),
        Ok(_) => Err("The size must be above zero; choose Sell for a short position.".to_owned()),
        Err(_) if text.trim().is_empty() => Err("The size is missing.".to_owned()),
        Err(reason) => Err(format!("The size {reason}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_positive_numbers() {
        assert_eq!(read_size(" 2.5 "), Ok(2.5));
        assert_eq!(read_size("1,000"), Ok(1000.0));
        for bad in ["", "0", "-1", "ten", "1e999", "NaN"] {
            assert!(read_size(bad).is_err(), "{bad}");
        }
    }
}
