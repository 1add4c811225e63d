//! Which question the worker has, who waits, and when a question is broken off.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use margin_engine::contract::{MarketChoice, MarketDocument, Request};
use margin_engine::market::Market;
use serde::Serialize;
use serde_json::Value;

use super::Stand;
use super::line::Line;
use super::slot::{Question, SharedSlot, Slot, Waiting};
use crate::state::Simulator;
use crate::state::figures::Outcome;

/// What the worker knows the market by.
const MARKET: &str = "shown";

/// From then on a wait is shown.
const SHOWN_AFTER: Duration = Duration::from_millis(200);

/// A question that nobody wants any more is left to end for so long, in milliseconds; and so is one that will have
/// ended after so long. A new worker answers after some twenty, and has fits to histories to make again.
const PATIENCE_MS: f64 = 150.0;

const NOT_STARTED: &str = "the browser refused to start the engine's worker";
const BROKE_DOWN: &str = "the engine's worker stopped on this question and was started anew";
const GONE: &str = "the engine's worker could not be loaded or has stopped; reload the page to try again";
const STOPPED: &str = "stopped before there was an answer";

type SharedDesk = Rc<RefCell<Desk>>;

/// The worker and who waits for it.
#[derive(Default)]
pub(super) struct Desk {
    line: Option<Line>,
    /// How many workers have been started.
    started: u32,
    /// Whether the worker before broke down without an answer since.
    has_broken: bool,
    /// Why there is no worker.
    failed: Option<&'static str>,
    next_id: f64,
    under_way: Option<UnderWay>,
    /// All who may ask.
    pub askers: Vec<SharedSlot>,
    /// The market as it was written last: a new worker gets the same.
    market: Option<(Arc<Market>, String)>,
    /// The request as it was written last, and the outcome that it led to: all who ask about it send the same.
    request: Option<(Outcome, Rc<str>)>,
}

/// The question that the worker has.
struct UnderWay {
    id: f64,
    slot: SharedSlot,
    since_ms: f64,
    /// As a fraction; none as long as nothing was said.
    done: Option<f64>,
    /// Whether its answer will be looked at.
    is_wanted: bool,
    /// Whether it is going to be looked at again whether it is worth its time.
    is_timed: bool,
}

/// Shows the wait that has begun with a question, if it takes long.
fn show_later(desk: &SharedDesk, slot: &SharedSlot) {
    let waits = slot.borrow().waits;
    if std::mem::replace(&mut slot.borrow_mut().timed, waits) == waits {
        return;
    }
    let (desk, slot) = (Rc::clone(desk), Rc::clone(slot));
    let show = move || {
        let is_same = slot.borrow().waits == waits && slot.borrow().is_waiting.try_get_untracked() == Some(true);
        if is_same {
            let mut desk = desk.borrow_mut();
            let done = desk.of(&slot).map(|under_way| under_way.done.unwrap_or(0.0));
            Slot::show(&slot, true, Stand::Long(done));
        }
    };
    set_timeout(show, SHOWN_AFTER);
}

/// Asks about the state as it is, as soon as the worker has time.
pub(super) fn ask(desk: &SharedDesk, slot: &SharedSlot, simulator: Simulator, (ask, options): (&'static str, Value)) {
    let (market, request) = untrack(|| (simulator.today(), request(desk, simulator)));
    let question = Question { ask, options, market, request };
    let turn = {
        let mut desk = desk.borrow_mut();
        desk.next_id += 1.0;
        desk.next_id
    };
    slot.borrow_mut().waiting = Some(Waiting { turn, question });
    show_later(desk, slot);
    reconsider(desk);
    go_on(desk);
}

/// The state as a request on the market that the worker has.
fn request(desk: &SharedDesk, simulator: Simulator) -> Rc<str> {
    let outcome = simulator.outcome.get();
    if let Some((_, request)) = desk.borrow().request.as_ref().filter(|(known, _)| *known == outcome) {
        return Rc::clone(request);
    }
    let market = MarketChoice::Named(MARKET.to_owned());
    let request: Rc<str> = text(&Request { market, ..simulator.request() }).into();
    desk.borrow_mut().request = Some((outcome, Rc::clone(&request)));
    request
}

/// Nobody looks at what this asker awaits.
pub(super) fn abandon(desk: &SharedDesk, slot: &SharedSlot) {
    {
        let mut slot = slot.borrow_mut();
        (slot.wanted, slot.waiting) = (None, None);
    }
    Slot::show(slot, false, Stand::Quiet);
    if let Some(under_way) = desk.borrow_mut().of(slot) {
        under_way.is_wanted = false;
    }
    reconsider(desk);
}

/// Breaks off what this asker awaits.
pub(super) fn stop(desk: &SharedDesk, slot: &SharedSlot) {
    abandon(desk, slot);
    let has_answer = (slot.borrow().has_answer)();
    Slot::show(slot, false, Stand::Stopped(has_answer));
    if !has_answer {
        (slot.borrow().receive)(Err(STOPPED.to_owned()));
    }
    let is_still_computed = desk.borrow_mut().of(slot).is_some();
    if is_still_computed {
        restart(desk);
    }
}

impl Desk {
    /// The question under way, where it is of this asker.
    fn of(&mut self, slot: &SharedSlot) -> Option<&mut UnderWay> {
        self.under_way.as_mut().filter(|under_way| Rc::ptr_eq(&under_way.slot, slot))
    }

    /// Sends the question that has waited longest.
    fn send(&mut self) {
        let Some(line) = self.line.as_mut().filter(|line| line.is_ready) else { return };
        let turn = |slot: &&SharedSlot| slot.borrow().waiting.as_ref().map(|waiting| waiting.turn);
        let waiting = self.askers.iter().filter(|slot| turn(slot).is_some());
        let Some(slot) = waiting.reduce(|first, next| if turn(&next) < turn(&first) { next } else { first }) else {
            return;
        };
        let Some(Waiting { turn: id, question }) = slot.borrow_mut().waiting.take() else { return };
        let Question { ask, options, market, request } = question;
        if line.market.as_ref().is_none_or(|known| !Arc::ptr_eq(known, &market)) {
            let is_written = self.market.as_ref().is_some_and(|(known, _)| Arc::ptr_eq(known, &market));
            if !is_written {
                let document = text(&MarketDocument::from(market.as_ref()));
                let message = format!(r#"{{"market":"{MARKET}","document":{document}}}"#);
                self.market = Some((Arc::clone(&market), message));
            }
            if let Some((_, message)) = &self.market {
                line.post(message);
            }
            line.market = Some(market);
        }
        line.post(&format!(r#"{{"id":{id},"question":{{"ask":"{ask}","options":{options},"request":{request}}}}}"#));
        let slot = Rc::clone(slot);
        if matches!(slot.borrow().stand(), Stand::Long(_)) {
            Slot::show(&slot, true, Stand::Long(Some(0.0)));
        }
        let since_ms = js_sys::Date::now();
        self.under_way = Some(UnderWay { id, slot, since_ms, done: None, is_wanted: true, is_timed: false });
    }
}

/// Shapes of the contract can always be written; a message that could not would be answered with an error.
fn text(message: &impl Serialize) -> String {
    serde_json::to_string(message).unwrap_or_default()
}

/// Gives the worker its next question, if it has none.
fn go_on(desk: &SharedDesk) {
    let is_idle = desk.borrow().under_way.is_none();
    let has_waiting = desk.borrow().askers.iter().any(|slot| slot.borrow().waiting.is_some());
    if !is_idle || !has_waiting {
        return;
    }
    if desk.borrow().line.is_none() && desk.borrow().failed.is_none() {
        start(desk);
    }
    if let Some(reason) = desk.borrow().failed {
        return fail(desk, reason);
    }
    desk.borrow_mut().send();
}

fn start(desk: &SharedDesk) {
    desk.borrow_mut().started += 1;
    let number = desk.borrow().started;
    let (receiving, failing) = (Rc::clone(desk), Rc::clone(desk));
    let line = Line::start(number, move |text| receive(&receiving, number, text), move || break_down(&failing, number));
    let mut desk = desk.borrow_mut();
    if line.is_none() {
        desk.failed = Some(NOT_STARTED);
    }
    desk.line = line;
}

/// Ends what is under way without an answer: a new worker takes the place of the one that has it.
fn restart(desk: &SharedDesk) {
    let old = {
        let mut desk = desk.borrow_mut();
        desk.under_way = None;
        desk.line.take()
    };
    drop(old);
    start(desk);
    go_on(desk);
}

/// Breaks off a question that nobody wants any more, where it is worth it.
fn reconsider(desk: &SharedDesk) {
    let (elapsed_ms, done) = {
        let desk = desk.borrow();
        let Some(under_way) = &desk.under_way else { return };
        let has_newer = under_way.slot.borrow().waiting.is_some();
        if under_way.is_wanted && !has_newer {
            return;
        }
        (js_sys::Date::now() - under_way.since_ms, under_way.done)
    };
    if is_worth_stopping(elapsed_ms, done) {
        return restart(desk);
    }
    let is_timed = desk.borrow_mut().under_way.as_mut().is_some_and(|it| std::mem::replace(&mut it.is_timed, true));
    if !is_timed && elapsed_ms < PATIENCE_MS {
        let later = Rc::clone(desk);
        set_timeout(move || reconsider(&later), Duration::from_secs_f64((PATIENCE_MS - elapsed_ms).max(0.0) / 1e3));
    }
}

/// Whether an unwanted question is broken off after so long: unless it is about to end.
fn is_worth_stopping(elapsed_ms: f64, done: Option<f64>) -> bool {
    let left_ms = match done {
        Some(done) if done > 0.0 => elapsed_ms * (1.0 - done) / done,
        _ => f64::INFINITY,
    };
    elapsed_ms >= PATIENCE_MS && left_ms > PATIENCE_MS
}

/// The worker broke down: it is started anew, once.
fn break_down(desk: &SharedDesk, number: u32) {
    if desk.borrow().line.as_ref().is_none_or(|line| line.number != number) {
        return;
    }
    let (under_way, is_again) = {
        let mut desk = desk.borrow_mut();
        (desk.under_way.take(), std::mem::replace(&mut desk.has_broken, true))
    };
    if let Some(UnderWay { slot, is_wanted: true, .. }) = under_way {
        Slot::end(&slot, Err(if is_again { GONE } else { BROKE_DOWN }.to_owned()));
    }
    if !is_again {
        return restart(desk);
    }
    let old = desk.borrow_mut().line.take();
    drop(old);
    desk.borrow_mut().failed = Some(GONE);
    fail(desk, GONE);
}

/// Everybody who waits is told why there is no answer.
fn fail(desk: &SharedDesk, reason: &str) {
    let askers = desk.borrow().askers.clone();
    for slot in askers {
        if slot.borrow_mut().waiting.take().is_some() {
            Slot::end(&slot, Err(reason.to_owned()));
        }
    }
}

fn receive(desk: &SharedDesk, number: u32, text: &str) {
    if desk.borrow().line.as_ref().is_none_or(|line| line.number != number) {
        return;
    }
    let Ok(mut message) = serde_json::from_str::<Value>(text) else { return };
    if message["ready"] == true {
        if let Some(line) = &mut desk.borrow_mut().line {
            line.is_ready = true;
        }
        return go_on(desk);
    }
    let is_it = |under_way: &UnderWay| message["id"].as_f64() == Some(under_way.id);
    if !desk.borrow().under_way.as_ref().is_some_and(is_it) {
        return;
    }
    if let Some(done) = message["progress"].as_f64() {
        let slot = desk.borrow_mut().under_way.as_mut().map(|under_way| {
            under_way.done = Some(done);
            Rc::clone(&under_way.slot)
        });
        if let Some(slot) = slot.filter(|slot| matches!(slot.borrow().stand(), Stand::Long(_))) {
            Slot::show(&slot, true, Stand::Long(Some(done)));
        }
        return reconsider(desk);
    }
    let under_way = desk.borrow_mut().under_way.take();
    desk.borrow_mut().has_broken = false;
    if let Some(UnderWay { slot, is_wanted: true, .. }) = under_way {
        let answer = match message["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(message["answer"].take()),
        };
        Slot::end(&slot, answer);
    }
    // The worker goes on while the panel draws.
    go_on(desk);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_still_take_long_is_broken_off() {
        for (elapsed_ms, done, is_broken_off) in [
            (149.0, None, false),
            (150.0, None, true),
            (200.0, Some(0.5), true),
            (200.0, Some(0.6), false),
            (1_000.0, Some(0.9), false),
            (1_000.0, Some(0.0), true),
            (10_000.0, Some(0.95), true),
        ] {
            assert_eq!(is_worth_stopping(elapsed_ms, done), is_broken_off, "{elapsed_ms} {done:?}");
        }
    }
}
