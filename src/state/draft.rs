//! What the user edits, as plain data: the legs, the methodology and its parameters; with undo.

use std::collections::BTreeMap;

use margin_engine::account::{Balance, Position, Quantity, QuantityUnit};
use margin_engine::asset::Asset;
use margin_engine::contract::{BalanceDocument, CollateralChoice, PositionDocument};
use margin_engine::instrument::Instrument;
use serde_json::Value;

/// The methodology that a new portfolio is shown under.
pub const DEFAULT_METHODOLOGY: &str = "deribit-portfolio";

/// One row of the table of legs.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg {
    /// Stays with the row while it is edited, so that the page can tell rows apart.
    pub id: u64,
    /// What is held.
    pub instrument: Instrument,
    /// How much.
    pub quantity: Quantity,
    /// At which price it was entered, where the user said so.
    pub entry_price: Option<f64>,
    /// A disabled leg stays in the table and does not count.
    pub enabled: bool,
}

impl Leg {
    /// The leg as a position of an account.
    pub fn position(&self) -> Position {
        Position { instrument: self.instrument, quantity: self.quantity, entry_price: self.entry_price }
    }

    /// The leg as a position of the contract.
    pub fn document(&self) -> PositionDocument {
        let unit = match self.quantity.unit {
            QuantityUnit::Coin => None,
            QuantityUnit::Quote => Some(self.instrument.product.quote.to_string()),
        };
        PositionDocument {
            instrument: self.instrument.to_string(),
            quantity: self.quantity.amount,
            unit,
            entry_price: self.entry_price,
            enabled: self.enabled,
        }
    }
}

/// One row of the table of balances.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftBalance {
    /// Stays with the row while it is edited.
    pub id: u64,
    /// The currency or coin.
    pub asset: Asset,
    /// How much; negative is owed.
    pub amount: f64,
    /// US dollars that one unit is worth, where the user said so.
    pub usd_per_unit: Option<f64>,
}

impl DraftBalance {
    /// The balance of an account.
    pub fn balance(&self) -> Balance {
        Balance { asset: self.asset, amount: self.amount, usd_per_unit: self.usd_per_unit }
    }

    /// The balance in the shape of the contract.
    pub fn document(&self) -> BalanceDocument {
        BalanceDocument { asset: self.asset.to_string(), amount: self.amount, price_usd: self.usd_per_unit }
    }
}

/// Everything that undo takes back.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The legs, in the order of the table.
    pub legs: Vec<Leg>,
    /// Identifier of the methodology.
    pub methodology: String,
    /// Edited parameters, by methodology.
    pub edits: BTreeMap<String, Value>,
    /// What is deposited, in the order of the table.
    pub balances: Vec<DraftBalance>,
    /// The haircuts; none for those of the methodology's venue.
    pub collateral: Option<CollateralChoice>,
    next_id: u64,
}

impl Default for Draft {
    fn default() -> Self {
        Draft {
            legs: vec![],
            methodology: DEFAULT_METHODOLOGY.to_owned(),
            edits: BTreeMap::new(),
            balances: vec![],
            collateral: None,
            next_id: 0,
        }
    }
}

impl Draft {
    /// Adds to the leg in this instrument, or as a new row. A leg that comes to nothing is removed.
    pub fn add(&mut self, instrument: Instrument, quantity: Quantity) {
        let held = self.legs.iter_mut().find(|leg| {
            leg.instrument == instrument
                && leg.quantity.unit == quantity.unit
                && leg.enabled
                && leg.entry_price.is_none()
        });
        match held {
            Some(leg) => {
                leg.quantity.amount = tidy(leg.quantity.amount + quantity.amount);
                if leg.quantity.amount == 0.0 {
                    let id = leg.id;
                    self.remove(id);
                }
            }
            None => self.push(instrument, quantity, None, true),
        }
    }

    /// Adds a row of its own.
    pub fn push(&mut self, instrument: Instrument, quantity: Quantity, entry_price: Option<f64>, enabled: bool) {
        let id = self.next_id;
        self.next_id += 1;
        self.legs.push(Leg { id, instrument, quantity, entry_price, enabled });
    }

    /// Adds a balance as a row of its own.
    pub fn push_balance(&mut self, asset: Asset, amount: f64, usd_per_unit: Option<f64>) {
        let id = self.next_id;
        self.next_id += 1;
        self.balances.push(DraftBalance { id, asset, amount, usd_per_unit });
    }

    /// Replaces all legs.
    pub fn replace(&mut self, positions: impl IntoIterator<Item = (Instrument, Quantity)>) {
        self.legs.clear();
        for (instrument, quantity) in positions {
            self.add(instrument, quantity);
        }
    }

    /// Changes one leg, if it is there.
    pub fn change(&mut self, id: u64, change: impl FnOnce(&mut Leg)) {
        if let Some(leg) = self.legs.iter_mut().find(|leg| leg.id == id) {
            change(leg);
            leg.quantity.amount = tidy(leg.quantity.amount);
        }
    }

    /// Removes one leg.
    pub fn remove(&mut self, id: u64) {
        self.legs.retain(|leg| leg.id != id);
    }

    /// Edits of the chosen methodology's parameters.
    pub fn chosen_edits(&self) -> Option<&Value> {
        self.edits.get(&self.methodology)
    }

    /// The size of this instrument over all enabled legs, for marks in the chain; none where it is not held.
    pub fn held(&self, instrument: &Instrument) -> Option<f64> {
        let mut held = self.legs.iter().filter(|leg| leg.enabled && leg.instrument == *instrument).peekable();
        held.peek()?;
        Some(held.map(|leg| leg.quantity.amount).sum())
    }
}

/// Takes the dust of binary fractions off a sum: 0.1 + 0.2 is 0.3 here.
fn tidy(amount: f64) -> f64 {
    let rounded = (amount * 1e9).round() / 1e9;
    // A size too large for nine decimals is left as it is.
    if rounded.is_finite() && amount.abs() < 1e6 { rounded + 0.0 } else { amount }
}

/// Undo and redo.
#[derive(Debug, Clone, Default)]
pub struct History {
    past: Vec<Draft>,
    future: Vec<Draft>,
}

impl History {
    /// More steps than anybody takes back, few enough to hold.
    const MAX_STEPS: usize = 200;

    /// Remembers what was there before an edit.
    pub fn record(&mut self, before: Draft) {
        self.future.clear();
        self.past.push(before);
        if self.past.len() > Self::MAX_STEPS {
            self.past.remove(0);
        }
    }

    /// Takes the last edit back.
    pub fn undo(&mut self, now: &Draft) -> Option<Draft> {
        let before = self.past.pop()?;
        self.future.push(now.clone());
        Some(before)
    }

    /// Does again what was taken back.
    pub fn redo(&mut self, now: &Draft) -> Option<Draft> {
        let after = self.future.pop()?;
        self.past.push(now.clone());
        Some(after)
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is something to do again.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instrument(name: &str) -> Instrument {
        name.parse().expect("a valid name")
    }

    #[test]
    fn adding_the_same_instrument_changes_its_size() {
        let mut draft = Draft::default();
        let call = instrument("BTC-25SEP26-84000-C");
        draft.add(call, Quantity::coins(0.1));
        draft.add(call, Quantity::coins(0.2));
        assert_eq!(draft.legs.len(), 1);
        assert_eq!(draft.legs[0].quantity.amount, 0.3);
        draft.add(call, Quantity::coins(-0.3));
        assert!(draft.legs.is_empty());
    }

    #[test]
    fn dollars_and_coins_of_a_perpetual_are_two_rows() {
        let mut draft = Draft::default();
        let perpetual = instrument("BTC-PERPETUAL");
        draft.add(perpetual, Quantity::coins(1.0));
        draft.add(perpetual, Quantity::quote(1000.0));
        assert_eq!(draft.legs.len(), 2);
        assert_ne!(draft.legs[0].id, draft.legs[1].id);
    }

    #[test]
    fn undo_and_redo_walk_back_and_forth() {
        let mut history = History::default();
        let empty = Draft::default();
        let mut draft = empty.clone();
        history.record(draft.clone());
        draft.add(instrument("BTC-PERPETUAL"), Quantity::coins(1.0));
        let full = draft.clone();
        assert_eq!(history.undo(&full), Some(empty.clone()));
        assert!(history.can_redo() && !history.can_undo());
        assert_eq!(history.redo(&empty), Some(full.clone()));
        // A new edit forgets what was taken back.
        history.undo(&full);
        history.record(empty);
        assert!(!history.can_redo());
    }
}
