//! Messages in, messages out.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

use std::cell::Cell;
use std::collections::VecDeque;

use margin_engine::contract::{MarketDocument, Question, Session};
use margin_engine::json;
use margin_engine::progress::Progress;
use serde_json::{Value, json};

/// What is said once, before anything is asked.
pub const READY: &str = r#"{"ready":true}"#;

/// How far a question is, is said at most so often, in milliseconds.
const PROGRESS_MS: f64 = 80.0;

/// A session that speaks in messages.
///
/// What comes in waits in a queue; between two questions the host may receive more, so that what waits can still be
/// cancelled.
pub struct Desk {
    session: Session,
    waiting: VecDeque<Value>,
    /// Sends a message.
    post: Box<dyn Fn(&str)>,
    /// Milliseconds since any instant.
    now_ms: fn() -> f64,
}

impl Desk {
    /// Nothing waits.
    pub fn new(post: Box<dyn Fn(&str)>, now_ms: fn() -> f64) -> Desk {
        Desk { session: Session::new(), waiting: VecDeque::new(), post, now_ms }
    }

    /// Takes a message: one that cancels at once, all others wait.
    pub fn receive(&mut self, text: &str) {
        let message: Value = match json::value(text) {
            Ok(message) => message,
            Err(error) => return self.fail(&Value::Null, &error.to_string()),
        };
        match message.get("cancel") {
            None => self.waiting.push_back(message),
            Some(id) => {
                let count = self.waiting.len();
                self.waiting.retain(|waiting| waiting.get("question").is_none() || waiting["id"] != *id);
                if self.waiting.len() < count {
                    self.say(&json!({ "id": id, "cancelled": true }));
                }
            }
        }
    }

    /// Does what waits, up to and with the first question.
    pub fn work(&mut self) {
        while let Some(message) = self.waiting.pop_front() {
            if let Some(name) = message["market"].as_str() {
                self.keep_market(name, &message["document"]);
            } else {
                return self.answer(&message);
            }
        }
    }

    fn keep_market(&mut self, name: &str, document: &Value) {
        let kept = json::from_value::<MarketDocument>(document)
            .map_err(|error| error.to_string())
            .and_then(|document| self.session.keep_market(name, document).map_err(|error| error.to_string()));
        // A market that is none is told by the questions that name it, too.
        if let Err(error) = kept {
            self.fail(&Value::Null, &error);
        }
    }

    fn answer(&mut self, message: &Value) {
        let id = &message["id"];
        let (post, now_ms) = (&self.post, self.now_ms);
        let said_at = Cell::new(now_ms());
        let say_progress = |fraction: f64| {
            let now = now_ms();
            if now - said_at.get() >= PROGRESS_MS {
                said_at.set(now);
                post(&json!({ "id": id, "progress": fraction }).to_string());
            }
        };
        let answer = Question::from_value(&message["question"])
            .and_then(|question| self.session.answer_telling(&question, Progress::to(&say_progress)));
        match answer {
            Ok(answer) => self.say(&json!({ "id": id, "answer": answer })),
            Err(error) => self.fail(id, &error.to_string()),
        }
    }

    fn fail(&self, id: &Value, error: &str) {
        self.say(&json!({ "id": id, "error": error }));
    }

    fn say(&self, message: &Value) {
        (self.post)(&message.to_string());
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::*;

    const MARKET: &str = r#"{"version":1,"title":"Round","time":"2026-09-01T08:00:00Z","underlyings":[{"asset":"BTC",
        "index":80000,"expiries":[{"expiry":"25SEP26","forward":80000,"smile":[[70000,0.5],[100000,0.5]]}]}]}"#;

    type Said = Rc<RefCell<Vec<Value>>>;

    thread_local! {
        static CLOCK: Cell<f64> = const { Cell::new(0.0) };
    }

    /// Each look at the clock is 30 ms later.
    fn clock() -> f64 {
        CLOCK.set(CLOCK.get() + 30.0);
        CLOCK.get()
    }

    fn desk() -> (Desk, Said) {
        let said = Said::default();
        let listener = Rc::clone(&said);
        let post = move |text: &str| listener.borrow_mut().push(serde_json::from_str(text).expect("JSON"));
        let mut desk = Desk::new(Box::new(post), clock);
        desk.receive(&format!(r#"{{"market":"here","document":{MARKET}}}"#));
        (desk, said)
    }

    fn question(id: u32, ask: &str, market: &str) -> String {
        format!(
            r#"{{"id":{id},"question":{{"ask":"{ask}","request":{{"version":1,"account":{{"positions":[
            {{"instrument":"BTC-25SEP26-84000-C","quantity":-1}},{{"instrument":"BTC-25SEP26","quantity":8000,"unit":"USD"}}],
            "balances":[{{"asset":"BTC","amount":2}}]}},"market":"{market}","methodology":{{"id":"cross"}}}}}}}}"#
        )
    }

    #[test]
    fn markets_stay_and_questions_are_answered_in_their_order() {
        let (mut desk, said) = desk();
        desk.receive(&question(7, "account_state", "here"));
        desk.receive(&question(8, "account_state", "here"));
        assert!(said.borrow().is_empty(), "they wait");
        for answered in [1, 2, 2] {
            desk.work();
            assert_eq!(said.borrow().len(), answered);
        }
        let answers = said.borrow();
        assert_eq!((&answers[0]["id"], &answers[1]["id"]), (&json!(7), &json!(8)));
        // Two coins less what the option is worth; the future is entered at its mark.
        assert!(answers.iter().all(|answer| answer["answer"]["equity"].as_f64().is_some_and(|it| it < 160_000.0)));
    }

    #[test]
    fn what_cannot_be_answered_is_said() {
        let (mut desk, said) = desk();
        let mut told = |message: &str| {
            desk.receive(message);
            desk.work();
            said.borrow_mut().pop().map_or_else(String::new, |answer| answer["error"].as_str().unwrap_or("").to_owned())
        };
        assert!(told(&question(1, "account_state", "nowhere")).contains("no market named"));
        assert!(told(&question(1, "nothing", "nowhere")).starts_with("ask: there is no question"));
        assert!(!told("{").is_empty());
        assert!(!told(r#"{"market":"x","document":{}}"#).is_empty());
    }

    #[test]
    fn what_waits_can_be_cancelled() {
        let (mut desk, said) = desk();
        desk.receive(&question(1, "account_state", "here"));
        desk.receive(&question(2, "account_state", "here"));
        desk.receive(r#"{"cancel":2}"#);
        desk.receive(r#"{"cancel":3}"#);
        assert_eq!(*said.borrow(), [json!({"id": 2, "cancelled": true})]);
        desk.work();
        desk.work();
        assert_eq!(said.borrow()[1]["id"], 1);
        assert_eq!(said.borrow().len(), 2, "the second is gone");
        desk.receive(r#"{"cancel":1}"#);
        assert_eq!(said.borrow().len(), 2, "what has been answered cannot be cancelled");
    }

    #[test]
    fn long_questions_say_how_far_they_are() {
        let (mut desk, said) = desk();
        desk.receive(&question(4, "margin_curve", "here"));
        desk.work();
        let messages = said.borrow();
        let (answer, progress) = messages.split_last().expect("an answer");
        assert!(answer["answer"].is_object(), "{answer}");
        let fractions: Vec<f64> = progress.iter().filter_map(|message| message["progress"].as_f64()).collect();
        assert!(fractions.len() == progress.len() && progress.iter().all(|message| message["id"] == 4));
        // Two hundred places with a look at the clock at each, and one in three is 80 ms after the last.
        assert!((60..=80).contains(&fractions.len()), "{}", fractions.len());
        assert!(fractions.is_sorted() && fractions[0] > 0.0 && fractions.iter().all(|it| *it <= 1.0), "{fractions:?}");
    }
}
