//! The questions `attribution` and `stress`, as a host asks them.

use margin_engine::contract::{AttributionDocument, ContractError, Question, Session, StressDocument};
use serde_json::{Value, json};

use super::{close, example, respond};

fn ask(ask: &str, request: &Value, options: Value) -> Result<Value, ContractError> {
    let question = json!({ "ask": ask, "request": request, "options": options });
    Session::new().answer(&Question::from_value(&question)?)
}

fn attribution(request: &Value, options: Value) -> AttributionDocument {
    serde_json::from_value(ask("attribution", request, options).expect("it is answered")).expect("of its shape")
}

fn stress(request: &Value, options: Value) -> StressDocument {
    serde_json::from_value(ask("stress", request, options).expect("it is answered")).expect("of its shape")
}

#[test]
fn shares_sum_to_the_requirement_that_is_answered() {
    for name in ["strangle", "two-currencies", "what-if"] {
        let request = example(name);
        let response = respond(&request).expect("it is answered");
        let found = attribution(&request, Value::Null);
        assert_eq!(found.currency, response.currency);
        assert_eq!(found.legs.len(), response.legs.len());
        assert_eq!((found.initial.requirement, found.orders), (response.initial_margin, 0));
        assert_eq!(found.maintenance.requirement, response.maintenance_margin);
        for whole in [&found.initial, &found.maintenance] {
            let ways: Vec<&str> = whole.shares.iter().map(|shares| shares.way.as_str()).collect();
            assert_eq!(ways, ["alone", "first-in", "last-out", "marginal", "shapley"]);
            for shares in &whole.shares {
                let sum = shares.by_leg.iter().sum::<f64>() + shares.remainder + whole.of_no_leg;
                assert!(close(sum, whole.requirement), "{name}, {}: {sum}", shares.way);
            }
        }
        let alone: Vec<f64> = response.legs.iter().map(|leg| leg.initial_alone).collect();
        assert_eq!(found.initial.shares[0].by_leg, alone);
        let sampled = attribution(&request, json!({ "evaluations": 1, "seed": 5, "pair_legs": 2 }));
        assert!(sampled.orders == 4 && sampled.initial.shares[4].standard_error.len() == alone.len());
        assert_eq!(sampled.pair_legs.len(), 2.min(alone.len()));
    }
}

#[test]
fn scenarios_are_answered_in_their_order() {
    let request = example("strangle");
    let own = json!({ "title": "Mine", "moves": { "BTC": -0.3 }, "vol_points": 0.2 });
    let found = stress(&request, json!({ "scenarios": [own, { "vol_points": 0.2 }, { "days": -1 }] }));
    let [mine, vols, bad] = &found.scenarios[found.scenarios.len() - 3..] else { panic!("three of one's own") };
    assert_eq!(found.scenarios[0].id, "2020-03-12");
    assert_eq!((mine.id.as_str(), mine.title.as_str(), mine.source.as_str()), ("own", "Mine", ""));
    let what_if = mine.what_if.expect("one coin moves");
    assert_eq!((what_if.spot_move, what_if.vol_points, what_if.days_forward), (-0.3, 0.2, 0.0));
    assert_eq!(vols.what_if.expect("no price moves").spot_move, 0.0);
    assert!(bad.outcome.is_none());
    assert_eq!(bad.error.as_deref(), Some("the days forward must be between 0 and 36500, not -1"));
    // What the what-if needs is what the scenario needs, but for vols between strikes: a market reads them anew.
    let mut moved = request.clone();
    moved["what_if"] = json!({ "spot_move": -0.3, "vol_points": 0.2 });
    let there = respond(&moved).expect("it is answered");
    let here = &mine.outcome.as_ref().expect("a valid move").after;
    assert!((here.initial_margin - there.initial_margin).abs() <= 1e-3 * there.initial_margin, "{here:?}");
    assert!(stress(&request, json!({ "library": false })).scenarios.is_empty());
}

#[test]
fn options_that_are_none_are_told_with_their_place() {
    let request = example("strangle");
    for (question, options, sentence) in [
        ("attribution", json!({ "seed": -1 }), "options.seed: "),
        ("attribution", json!({ "seeds": 1 }), "options.seeds: unknown field"),
        ("stress", json!({ "scenarios": 3 }), "options.scenarios: 3 is not a list of objects"),
        (
            "stress",
            json!({ "scenarios": [{ "moves": { "BTC": "x" } }] }),
            "options.scenarios[0].moves.BTC: \"x\" is not a",
        ),
        ("stress", json!({ "scenarios": [{}, { "moves": { "XYZ": 0.1 } }] }), "options.scenarios[1].moves: the market"),
    ] {
        let error = ask(question, &request, options).expect_err(sentence).to_string();
        assert!(error.starts_with(sentence), "{error}");
    }
}
