//! Every question says how far it is, and answers the same whether somebody listens or not.

use std::cell::RefCell;

use margin_engine::contract::{QUESTIONS, Question, RangeHistoryDocument, Session};
use margin_engine::progress::Progress;
use serde_json::{Value, json};

use super::{close, example, respond};

/// Two years of closes that move by turns, calm and turbulent, to the end of the day before the examples' market.
fn with_history(mut request: Value) -> Value {
    let mut price = 30_000.0;
    let closes: Vec<f64> = (0..900)
        .map(|day: i32| {
            let calm = if day % 120 < 90 { 0.01 } else { 0.045 };
            price *= 1.0 + calm * f64::from((day * 7_919) % 2_003 - 1_001) / 1_001.0;
            price
        })
        .collect();
    request["market"]["history"] = json!({ "source": "made up", "start": "2024-01-01", "closes": { "BTC": closes } });
    request
}

fn question(ask: &str, request: Value) -> Question {
    let options = match ask {
        "pre_trade" => json!({ "orders": [{ "instrument": "BTC-PERPETUAL", "quantity": 1000, "unit": "USD" }] }),
        "liquidation" => json!({ "path": { "kind": "crash" }, "mechanism": "partial" }),
        "range_history" => json!({ "underlying": "BTC" }),
        _ => Value::Null,
    };
    Question::from_value(&json!({ "ask": ask, "request": request, "options": options })).expect("of its shape")
}

#[test]
fn progress_rises_to_one_and_changes_nothing() {
    for (ask, _) in QUESTIONS {
        let mut request = with_history(example("strangle"));
        request["account"]["balances"] = json!([{ "asset": "USDC", "amount": 20000 }]);
        if *ask == "range_history" {
            request["methodology"] = json!({ "id": "regime-adaptive" });
        }
        let question = question(ask, request);
        let told = RefCell::new(Vec::new());
        let listener = |fraction| told.borrow_mut().push(fraction);
        let heard = Session::new().answer_telling(&question, Progress::to(&listener));
        let heard = heard.unwrap_or_else(|error| panic!("{ask}: {error}"));
        let told = told.into_inner();
        assert!(told.is_sorted() && told.first() >= Some(&0.0), "{ask}: {told:?}");
        assert_eq!(told.last(), Some(&1.0), "{ask}");
        if ["attribution", "hedges", "margin_curve", "range_history"].contains(ask) {
            assert!(told.len() > 10, "{ask}: {told:?}");
            let widest = told.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
            assert!(widest < 0.25, "{ask} stands still for {widest} of it");
        }
        // To the last digit: JSON writes every digit there is.
        assert_eq!(heard, Session::new().answer(&question).expect("as before"), "{ask}");
    }
}

#[test]
fn the_record_of_ranges_ends_in_the_methodologys_own() {
    let mut request = with_history(example("strangle"));
    request["methodology"] = json!({ "id": "regime-adaptive" });
    let mut session = Session::new();
    let mut ask = |question: &Question| -> RangeHistoryDocument {
        serde_json::from_value(session.answer(question).expect("it is answered")).expect("of its shape")
    };
    let found = ask(&question("range_history", request.clone()));
    let response = respond(&request).expect("it is answered");
    let range = response.memos.iter().find(|memo| memo.name == "price range").expect("it is told").value;
    assert_eq!(found.rules[0].today, range);
    // 1 January 1970 and so many days; the last close is of the 899th day after the start.
    let start = 19_723;
    assert_eq!(found.days.last(), Some(&(start + 899)));
    assert!(found.days.len() == found.returns.len() && found.days.is_sorted());
    for rule in &found.rules {
        let left = |place: &usize| found.returns[*place].abs() > rule.ranges[*place];
        let all: Vec<usize> = (0..found.days.len()).filter(left).collect();
        let down = all.iter().filter(|place| found.returns[**place] < 0.0).count();
        assert_eq!((&rule.breaches, rule.breaches_down), (&all, down), "{}", rule.name);
    }
    // One coin loses the range.
    request["account"]["positions"] = json!([{ "instrument": "BTC-SPOT", "quantity": 1 }]);
    let coin = ask(&question("range_history", request.clone()));
    assert_eq!((&coin.days, &coin.rules), (&found.days, &found.rules), "the record is kept");
    let index = request["market"]["underlyings"][0]["index"].as_f64().expect("a price");
    let losses = coin.losses.expect("it is held");
    for (loss, range) in losses.adaptive.iter().zip(&coin.rules[0].ranges) {
        assert!(close(*loss, range * index), "{loss} {range}");
    }
    assert!(close(losses.fixed, 0.15 * index));
    // What cannot be told is one sentence.
    request["methodology"] = json!({ "id": "cross" });
    let refused = session.answer(&question("range_history", request.clone())).expect_err("no regime").to_string();
    assert!(refused.starts_with("methodology cross: "), "{refused}");
}

#[test]
fn a_comparison_is_that_of_the_response() {
    let mut request = example("strangle");
    let names = ["deribit-portfolio", "cross", "custom", "var-historical"];
    let edited = json!({ "id": "custom", "parameters": { "initial_factor": 2 } });
    request["compare"] = json!([names[0], names[1], edited, names[3]]);
    let response = respond(&request).expect("it is answered");
    let ask = |options: Value| {
        let question = json!({ "ask": "comparison", "request": request, "options": options });
        Session::new().answer(&Question::from_value(&question)?)
    };
    let found = ask(json!({ "methodologies": request["compare"] })).expect("it is answered");
    assert_eq!(found["rows"], serde_json::to_value(&response.comparison).expect("JSON"));
    assert!(response.comparison[3].initial_margin.is_none(), "there is no history");
    for row in &response.comparison[..3] {
        let [initial, credit, fraction] =
            [row.initial_margin, row.hedging_credit, row.hedging_credit_fraction].map(Option::unwrap_or_default);
        assert!(close(fraction * (initial + credit), credit), "{row:?}");
    }
    let all = ask(Value::Null).expect("it is answered");
    assert_eq!(all["rows"].as_array().map(Vec::len), Some(margin_engine::methodology::METHODOLOGIES.len()));
    let refused = ask(json!({ "methodologies": ["nobody's"] })).expect_err("unknown").to_string();
    assert!(refused.starts_with("options.methodologies: there is none named"), "{refused}");
}
