//! Questions to the engine in a worker, for what takes longer than a frame.
//!
//! The worker starts with the first question. Each asker has at most one question under way; a newer one waits, and
//! takes the place of one that waits already: what nobody will look at is not computed.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use margin_engine::contract::{MarketChoice, MarketDocument, Question, Request};
use margin_engine::json;
use margin_engine::market::Market;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker};

use super::Simulator;

/// Where the worker is, beside the page.
const SCRIPT: &str = "margin-worker_loader.js";

/// What the worker knows the market by.
const MARKET: &str = "shown";

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
#[derive(Debug, Clone, Copy)]
pub struct Asker<T: Send + Sync + 'static> {
    /// The last answer; it stays while the next is awaited.
    pub answer: RwSignal<Answer<T>>,
    /// Whether a newer one is awaited.
    pub is_waiting: RwSignal<bool>,
}

/// The worker and who waits for it. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct Questions(StoredValue<Rc<RefCell<Desk>>, LocalStorage>);

#[derive(Default)]
struct Desk {
    worker: Option<Worker>,
    is_ready: bool,
    /// Why there is no worker.
    failed: Option<String>,
    /// The market that the worker has.
    market: Option<Arc<Market>>,
    next_id: f64,
    askers: Vec<Rc<RefCell<Slot>>>,
}

/// One asker's questions.
struct Slot {
    /// The options of the question that is asked when the frame has been painted.
    wanted: Option<Value>,
    under_way: Option<f64>,
    waiting: Option<(Arc<Market>, Question)>,
    is_waiting: RwSignal<bool>,
    receive: Box<dyn Fn(Result<Value, String>)>,
}

impl Slot {
    /// Ends the question that is under way.
    fn end(slot: &RefCell<Slot>, answer: Result<Value, String>) {
        let is_waiting = {
            let mut slot = slot.borrow_mut();
            slot.under_way = None;
            slot.waiting.is_some()
        };
        // The panel may be gone by now.
        slot.borrow().is_waiting.try_set(is_waiting);
        (slot.borrow().receive)(answer);
    }
}

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
        let asker = Asker { answer: RwSignal::new(Answer::None), is_waiting: RwSignal::new(false) };
        let receive = move |answer: Result<Value, String>| {
            let read = answer.and_then(|value| json::from_value::<T>(&value).map_err(|error| error.to_string()));
            asker.answer.try_set(match read {
                Ok(answer) => Answer::Ready(Arc::new(answer)),
                Err(reason) => Answer::Failed(reason),
            });
        };
        let slot = Rc::new(RefCell::new(Slot {
            wanted: None,
            under_way: None,
            waiting: None,
            is_waiting: asker.is_waiting,
            receive: Box::new(receive),
        }));
        let Some(desk) = self.0.try_get_value() else { return asker };
        desk.borrow_mut().askers.push(Rc::clone(&slot));
        let kept = StoredValue::new_local(Rc::clone(&slot));
        on_cleanup(move || {
            if let (Some(desk), Some(slot)) = (self.0.try_get_value(), kept.try_get_value()) {
                desk.borrow_mut().askers.retain(|other| !Rc::ptr_eq(other, &slot));
            }
        });
        Effect::new(move |_| {
            let Some(options) = options() else { return };
            // The outcome changes with all that a request holds, and only then; where it fails, so would the answer.
            if let Some(reason) = simulator.outcome.with(|outcome| outcome.error().map(ToString::to_string)) {
                asker.answer.set(Answer::Failed(reason));
                return;
            }
            asker.is_waiting.set(true);
            let is_first = slot.borrow_mut().wanted.replace(options).is_none();
            if !is_first {
                // The task that waits for its turn takes these options.
                return;
            }
            let (desk, slot) = (Rc::clone(&desk), Rc::clone(&slot));
            let send = move || {
                let Some(options) = slot.borrow_mut().wanted.take() else { return };
                let (market, request) = untrack(|| (simulator.today(), simulator.request()));
                slot.borrow_mut().waiting = Some((market, Question { ask: ask.to_owned(), request, options }));
                go_on(&desk, &slot);
            };
            // The figures of the edit are painted first.
            request_animation_frame(move || set_timeout(send, Duration::ZERO));
        });
        asker
    }
}

/// Sends what waits, unless the asker's question before is still under way.
fn go_on(desk: &Rc<RefCell<Desk>>, slot: &Rc<RefCell<Slot>>) {
    if desk.borrow().worker.is_none() && desk.borrow().failed.is_none() {
        start_worker(desk);
    }
    if let Some(reason) = desk.borrow().failed.clone() {
        slot.borrow_mut().waiting = None;
        return Slot::end(slot, Err(reason));
    }
    desk.borrow_mut().send(slot);
}

impl Desk {
    fn send(&mut self, slot: &Rc<RefCell<Slot>>) {
        let Some(worker) = self.worker.clone().filter(|_| self.is_ready) else { return };
        let mut slot = slot.borrow_mut();
        if slot.under_way.is_some() {
            return;
        }
        let Some((market, mut question)) = slot.waiting.take() else { return };
        self.leave_market(&worker, &market);
        question.request = Request { market: MarketChoice::Named(MARKET.to_owned()), ..question.request };
        self.next_id += 1.0;
        slot.under_way = Some(self.next_id);
        post(&worker, &json!({ "id": self.next_id, "question": question }));
    }

    /// Sends the market, unless the worker has it.
    fn leave_market(&mut self, worker: &Worker, market: &Arc<Market>) {
        if self.market.as_ref().is_none_or(|known| !Arc::ptr_eq(known, market)) {
            post(worker, &json!({ "market": MARKET, "document": MarketDocument::from(market.as_ref()) }));
            self.market = Some(Arc::clone(market));
        }
    }
}

fn post(worker: &Worker, message: &Value) {
    // A worker that cannot be written to answers nothing, which its error handler tells.
    let _ = worker.post_message(&JsValue::from_str(&message.to_string()));
}

/// The worker's script, with the hash of the page's own build: a browser must not keep an older worker than the page.
fn script() -> String {
    let boot = document().query_selector("script[type=module]").ok().flatten();
    let source = boot.and_then(|script| script.get_attribute("src")).unwrap_or_default();
    let hash = source.rsplit_once('-').map_or("", |(_, rest)| rest).trim_end_matches(".js");
    format!("{SCRIPT}?{hash}")
}

fn start_worker(desk: &Rc<RefCell<Desk>>) {
    let worker = match Worker::new(&script()) {
        Ok(worker) => worker,
        Err(_) => {
            desk.borrow_mut().failed = Some("the browser refused to start the engine's worker".to_owned());
            return;
        }
    };
    let receiving = Rc::clone(desk);
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        receive(&receiving, &event.data().as_string().unwrap_or_default());
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let failing = Rc::clone(desk);
    let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| fail(&failing));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    on_error.forget();
    desk.borrow_mut().worker = Some(worker);
}

/// The worker is broken: everybody who waits is told.
fn fail(desk: &Rc<RefCell<Desk>>) {
    let reason = "the engine's worker could not be loaded or has stopped; reload the page to try again".to_owned();
    desk.borrow_mut().failed = Some(reason.clone());
    let askers = desk.borrow().askers.clone();
    for slot in askers {
        slot.borrow_mut().waiting = None;
        Slot::end(&slot, Err(reason.clone()));
    }
}

fn receive(desk: &Rc<RefCell<Desk>>, text: &str) {
    let Ok(message) = serde_json::from_str::<Value>(text) else { return };
    if message["ready"] == true {
        desk.borrow_mut().is_ready = true;
    } else {
        let id = message["id"].as_f64();
        let askers = desk.borrow().askers.clone();
        let asked = askers.iter().find(|slot| id.is_some() && slot.borrow().under_way == id);
        if let Some(slot) = asked {
            let answer = match message["error"].as_str() {
                Some(error) => Err(error.to_owned()),
                None => Ok(message["answer"].clone()),
            };
            Slot::end(slot, answer);
        }
    }
    // Whoever waits has its turn.
    let askers = desk.borrow().askers.clone();
    for slot in askers {
        desk.borrow_mut().send(&slot);
    }
}
