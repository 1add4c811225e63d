//! Messages in, messages out.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

use margin_engine::contract::{MarketDocument, Question, Session};
use margin_engine::json;
use serde_json::{Value, json};

/// What is said once, before anything is asked.
pub const READY: &str = r#"{"ready":true}"#;

/// A session that speaks in messages.
#[derive(Default)]
pub struct Desk {
    session: Session,
}

impl Desk {
    /// Takes a message; what is to be sent back, if anything.
    pub fn receive(&mut self, text: &str) -> Option<String> {
        let message: Value = match json::value(text) {
            Ok(message) => message,
            Err(error) => return Some(json!({"id": null, "error": error.to_string()}).to_string()),
        };
        if let Some(name) = message["market"].as_str() {
            let kept = json::from_value::<MarketDocument>(&message["document"])
                .map_err(|error| error.to_string())
                .and_then(|document| self.session.keep_market(name, document).map_err(|error| error.to_string()));
            // A market that is none is told by the questions that name it, too.
            return kept.err().map(|error| json!({"id": null, "error": error}).to_string());
        }
        let id = message["id"].clone();
        let answer = Question::from_value(&message["question"]).and_then(|question| self.session.answer(&question));
        Some(match answer {
            Ok(answer) => json!({"id": id, "answer": answer}).to_string(),
            Err(error) => json!({"id": id, "error": error.to_string()}).to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKET: &str = r#"{"version":1,"title":"Round","time":"2026-09-01T08:00:00Z","underlyings":[{"asset":"BTC",
        "index":80000,"expiries":[{"expiry":"25SEP26","forward":80000,"smile":[[70000,0.5],[100000,0.5]]}]}]}"#;

    fn ask(desk: &mut Desk, ask: &str, market: &str) -> Value {
        let question = format!(
            r#"{{"id":7,"question":{{"ask":"{ask}","request":{{"version":1,"account":{{"positions":[],
            "balances":[{{"asset":"BTC","amount":2}}]}},"market":"{market}","methodology":{{"id":"cross"}}}}}}}}"#
        );
        let answer = desk.receive(&question).expect("questions are answered");
        serde_json::from_str(&answer).expect("JSON")
    }

    #[test]
    fn markets_stay_and_questions_are_answered() {
        let mut desk = Desk::default();
        assert_eq!(desk.receive(&format!(r#"{{"market":"here","document":{MARKET}}}"#)), None);
        let answer = ask(&mut desk, "account_state", "here");
        assert_eq!((&answer["id"], &answer["answer"]["equity"]), (&json!(7), &json!(160_000.0)));
    }

    #[test]
    fn what_cannot_be_answered_is_said() {
        let mut desk = Desk::default();
        let answer = ask(&mut desk, "account_state", "nowhere");
        assert!(answer["error"].as_str().is_some_and(|text| text.contains("no market named")), "{answer}");
        let answer = ask(&mut desk, "nothing", "nowhere");
        assert!(answer["error"].as_str().is_some_and(|text| text.starts_with("ask: there is no question")), "{answer}");
        assert!(desk.receive("{").is_some_and(|text| text.contains("error")));
        assert!(desk.receive(r#"{"market":"x","document":{}}"#).is_some_and(|text| text.contains("error")));
    }
}
