//! One asker's place: what it wants, what it waits for, and what its panel is told.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use margin_engine::market::Market;
use serde_json::Value;

use super::Stand;

/// A place that the asker and the desk share.
pub(super) type SharedSlot = Rc<RefCell<Slot>>;

/// One asker's questions.
pub(super) struct Slot {
    /// The options of the question that is asked when the frame has been painted.
    pub wanted: Option<Value>,
    /// The question that waits for the worker.
    pub waiting: Option<Waiting>,
    /// Whether an answer is awaited.
    pub is_waiting: RwSignal<bool>,
    stand: RwSignal<Stand>,
    /// How often a wait has begun.
    pub waits: u32,
    /// The wait that will be shown.
    pub timed: u32,
    pub receive: Box<dyn Fn(Result<Value, String>)>,
    /// Whether there is an answer from before.
    pub has_answer: Box<dyn Fn() -> bool>,
}

/// A question in the line.
pub(super) struct Waiting {
    /// Who came first is answered first.
    pub turn: f64,
    /// What is asked.
    pub question: Question,
}

/// A question about the state as it was.
pub(super) struct Question {
    pub ask: &'static str,
    pub options: Value,
    pub market: Arc<Market>,
    /// As JSON.
    pub request: Rc<str>,
}

impl Slot {
    pub fn new(
        is_waiting: RwSignal<bool>,
        stand: RwSignal<Stand>,
        receive: Box<dyn Fn(Result<Value, String>)>,
        has_answer: Box<dyn Fn() -> bool>,
    ) -> Slot {
        Slot { wanted: None, waiting: None, is_waiting, stand, waits: 0, timed: 0, receive, has_answer }
    }

    /// Sets what the panel sees, which may be gone by now.
    pub fn show(slot: &SharedSlot, is_waiting: bool, stand: Stand) {
        let (waits, stands) = (slot.borrow().is_waiting, slot.borrow().stand);
        if waits.try_get_untracked().is_some_and(|now| now != is_waiting) {
            waits.try_set(is_waiting);
        }
        if stands.try_get_untracked().is_some_and(|now| now != stand) {
            stands.try_set(stand);
        }
    }

    pub fn stand(&self) -> Stand {
        self.stand.try_get_untracked().unwrap_or(Stand::Quiet)
    }

    /// Hands over an answer.
    pub fn end(slot: &SharedSlot, answer: Result<Value, String>) {
        let waits_on = slot.borrow().wanted.is_some() || slot.borrow().waiting.is_some();
        // Who waits for long goes on to, until the last answer is there: nothing flickers.
        let stand = if waits_on { slot.borrow().stand() } else { Stand::Quiet };
        Slot::show(slot, waits_on, stand);
        (slot.borrow().receive)(answer);
    }
}

/// Notes what will be asked; whether nothing was wanted before.
pub(super) fn want(slot: &SharedSlot, options: Value) -> bool {
    let is_first = slot.borrow_mut().wanted.replace(options).is_none();
    if !slot.borrow().is_waiting.get_untracked() {
        slot.borrow_mut().waits += 1;
        Slot::show(slot, true, Stand::Quiet);
    }
    is_first
}
