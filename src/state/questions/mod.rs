//! Questions to the engine in a worker, for what takes longer than a frame.
//!
//! The worker starts with the first question and has one question at a time. Each asker has at most one that waits: a
//! newer one takes its place, and breaks off the one that is under way where that would still take long. What takes
//! long is shown to be on its way, and can be stopped.

mod desk;
mod line;
mod slot;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use margin_engine::json;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Simulator;
use super::figures::Outcome;
use super::rest::at_rest;
use desk::Desk;
use slot::Slot;

/// An answer, or where it stays.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer<T> {
    /// Nothing was asked, or nothing has come yet.
    None,
    /// The answer to the last question.
    Ready(Arc<T>),
    /// Why there is none.
    Failed(String),
}

impl<T> Answer<T> {
    /// The answer, if there is one.
    pub fn ready(&self) -> Option<&Arc<T>> {
        match self {
            Answer::Ready(answer) => Some(answer),
            _ => None,
        }
    }

    /// Why there is none.
    pub fn error(&self) -> Option<&str> {
        match self {
            Answer::Failed(reason) => Some(reason),
            _ => None,
        }
    }
}

/// What an asker sees.
pub struct Asker<T: Send + Sync + 'static> {
    /// The last answer; it stays while the next is awaited.
    pub answer: RwSignal<Answer<T>>,
    /// Whether a newer one is awaited.
    pub is_waiting: RwSignal<bool>,
    /// How far it is, and how to stop it.
    pub wait: Wait,
}

impl<T: Send + Sync + 'static> Clone for Asker<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Asker<T> {}

/// How the wait for an answer stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stand {
    /// Nothing is awaited, or not for long yet.
    Quiet,
    /// It takes long: so much is done, as a fraction, or none while others are answered first.
    Long(Option<f64>),
    /// It was stopped; whether an answer from before is shown.
    Stopped(bool),
}

/// The wait of one asker. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct Wait {
    /// How it stands.
    pub stand: RwSignal<Stand>,
    again: Trigger,
    questions: Questions,
    slot: StoredValue<Rc<RefCell<Slot>>, LocalStorage>,
}

impl Wait {
    /// Breaks off what is awaited.
    pub fn stop(self) {
        if let (Some(desk), Some(slot)) = (self.questions.0.try_get_value(), self.slot.try_get_value()) {
            desk::stop(&desk, &slot);
        }
    }

    /// Asks anew.
    pub fn again(self) {
        self.again.notify();
    }
}

/// The worker and who waits for it. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct Questions(StoredValue<Rc<RefCell<Desk>>, LocalStorage>);

/// What is asked for; none while nobody looks.
type Options = Box<dyn Fn() -> Option<Value>>;

/// Why a question about an outcome need not be asked.
type Refusal = fn(&Outcome) -> Option<String>;

impl Questions {
    /// No worker yet.
    pub fn start() -> Questions {
        Questions(StoredValue::new_local(Rc::new(RefCell::new(Desk::default()))))
    }

    /// From now on asks `ask` about the state, whenever it or the options change; `options` returns none while nobody
    /// looks, and then nothing is asked.
    pub fn follow<T: DeserializeOwned + Send + Sync + 'static>(
        self,
        simulator: Simulator,
        ask: &'static str,
        options: impl Fn() -> Option<Value> + 'static,
    ) -> Asker<T> {
        // Where the methodology has no figures, neither has the answer.
        self.follow_where(simulator, ask, |outcome| outcome.error().map(ToString::to_string), options)
    }

    /// As [`Questions::follow`], also where the chosen methodology has no figures for the book.
    pub fn follow_book<T: DeserializeOwned + Send + Sync + 'static>(
        self,
        simulator: Simulator,
        ask: &'static str,
        options: impl Fn() -> Option<Value> + 'static,
    ) -> Asker<T> {
        let refusal: Refusal = |outcome| match outcome.book() {
            Some(_) => None,
            None => outcome.error().map(ToString::to_string),
        };
        self.follow_where(simulator, ask, refusal, options)
    }

    fn follow_where<T: DeserializeOwned + Send + Sync + 'static>(
        self,
        simulator: Simulator,
        ask: &'static str,
        refusal: Refusal,
        options: impl Fn() -> Option<Value> + 'static,
    ) -> Asker<T> {
        let answer = RwSignal::new(Answer::None);
        let receive = move |received: Result<Value, String>| {
            let read = received.and_then(|value| json::from_value::<T>(&value).map_err(|error| error.to_string()));
            answer.try_set(match read {
                Ok(answer) => Answer::Ready(Arc::new(answer)),
                Err(reason) => Answer::Failed(reason),
            });
        };
        let has_answer = move || answer.try_with_untracked(|answer| answer.ready().is_some()) == Some(true);
        let wait = self.slot(Box::new(receive), Box::new(has_answer));
        let Wait { again, slot, .. } = wait;
        // Made here, so that all that depends on no type is compiled once.
        let options: Options = Box::new(options);
        let failed: Box<dyn Fn(String)> = Box::new(move |reason| answer.set(Answer::Failed(reason)));
        self.ask_when_it_changes(simulator, (ask, refusal), (options, failed), (again, slot));
        let is_waiting = slot.with_value(|slot| slot.borrow().is_waiting);
        Asker { answer, is_waiting, wait }
    }

    /// A place at the desk, kept as long as the panel is there.
    fn slot(self, receive: Box<dyn Fn(Result<Value, String>)>, has_answer: Box<dyn Fn() -> bool>) -> Wait {
        let stand = RwSignal::new(Stand::Quiet);
        let slot = Rc::new(RefCell::new(Slot::new(RwSignal::new(false), stand, receive, has_answer)));
        if let Some(desk) = self.0.try_get_value() {
            desk.borrow_mut().askers.push(Rc::clone(&slot));
        }
        let kept = StoredValue::new_local(slot);
        on_cleanup(move || {
            if let (Some(desk), Some(slot)) = (self.0.try_get_value(), kept.try_get_value()) {
                desk.borrow_mut().askers.retain(|other| !Rc::ptr_eq(other, &slot));
                desk::abandon(&desk, &slot);
            }
        });
        Wait { stand, again: Trigger::new(), questions: self, slot: kept }
    }

    fn ask_when_it_changes(
        self,
        simulator: Simulator,
        (ask, refusal): (&'static str, Refusal),
        (options, failed): (Options, Box<dyn Fn(String)>),
        (again, slot): (Trigger, StoredValue<Rc<RefCell<Slot>>, LocalStorage>),
    ) {
        let (Some(desk), Some(slot)) = (self.0.try_get_value(), slot.try_get_value()) else { return };
        Effect::new(move |_| {
            again.track();
            let Some(options) = options() else { return desk::abandon(&desk, &slot) };
            // The outcome changes with all that a request holds, and only then.
            if let Some(reason) = simulator.outcome.with(refusal) {
                desk::abandon(&desk, &slot);
                return failed(reason);
            }
            let is_first = slot::want(&slot, options);
            if !is_first {
                // The task that waits for its turn takes these options.
                return;
            }
            let (desk, slot) = (Rc::clone(&desk), Rc::clone(&slot));
            let send = move || {
                let Some(options) = slot.borrow_mut().wanted.take() else { return };
                desk::ask(&desk, &slot, simulator, (ask, options));
            };
            // The figures of the edit are painted first; a drag is over before anything is asked about it.
            at_rest(simulator, send);
        });
    }
}
