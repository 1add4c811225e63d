//! The bindings as JavaScript sees them, in Node or in a browser.
#![cfg(target_arch = "wasm32")]

use js_sys::{JSON, Object, Reflect};
use margin_engine_wasm::{LivePortfolio, ask, assess, assess_json, pre_trade};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

const REQUESTS: [&str; 3] = [
    include_str!("../../examples/requests/strangle.json"),
    include_str!("../../examples/requests/two-currencies.json"),
    include_str!("../../examples/requests/what-if.json"),
];

fn parse(text: &str) -> JsValue {
    JSON::parse(text).expect("JSON")
}

fn stringify(value: &JsValue) -> String {
    JSON::stringify(value).expect("it has no cycles").into()
}

fn get(value: &JsValue, field: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(field)).expect("an object")
}

fn set(value: &JsValue, field: &str, to: impl Into<JsValue>) {
    assert!(Reflect::set(value, &JsValue::from_str(field), &to.into()).expect("an object"));
}

fn message(error: &JsValue) -> String {
    get(error, "message").as_string().expect("a message")
}

fn text_of(error: wasm_bindgen::JsError) -> String {
    message(&error.into())
}

#[wasm_bindgen_test]
fn objects_and_text_have_the_same_answer() {
    for text in REQUESTS {
        let object = assess(parse(text)).expect("a valid request");
        let answer = assess_json(text).unwrap_or_else(|error| panic!("{}", text_of(error)));
        // Through JavaScript both ways, so that numbers are written alike.
        assert_eq!(stringify(&object), stringify(&parse(&answer)));
        let initial = get(&object, "initial_margin").as_f64().expect("a number");
        assert!(initial > 0.0);
    }
}

#[wasm_bindgen_test]
fn the_answer_is_made_of_plain_objects() {
    let response = assess(parse(REQUESTS[0])).expect("a valid request");
    for field in ["provenance", "savings", "parameters"] {
        let part = get(&response, field);
        assert!(!part.is_instance_of::<js_sys::Map>(), "{field} is a Map");
        assert!(Object::keys(part.unchecked_ref::<Object>()).length() > 0, "{field} has no keys");
    }
    let coins = get(&get(&get(&response, "parameters"), "underlyings"), "BTC");
    assert_eq!(get(&coins, "price_range").as_f64(), Some(0.16));
}

#[wasm_bindgen_test]
fn a_bad_request_throws_its_sentence() {
    let request = parse(REQUESTS[0]);
    set(&request, "version", 2);
    let sentence = "version: it is 2; this program reads version 1";
    let error = assess(request.clone()).expect_err("refused");
    assert_eq!(message(&error), sentence);
    assert_eq!(stringify(&error), format!("{{\"message\":\"{sentence}\"}}"));
    assert_eq!(assess_json(&stringify(&request)).map_err(text_of), Err(sentence.to_owned()));

    let request = parse(REQUESTS[0]);
    let first = get(&get(&get(&request, "account"), "positions"), "0");
    set(&first, "quantity", f64::NAN);
    let error = assess(request).expect_err("refused");
    assert_eq!(message(&error), "account.positions[0].quantity: invalid type: null, expected a number");

    // What is undefined is not there, as in JSON.
    let request = parse(REQUESTS[0]);
    set(&request, "compare", JsValue::UNDEFINED);
    assert!(assess(request).is_ok());
    let cycle = parse(REQUESTS[0]);
    set(&cycle, "account", cycle.clone());
    assert!(message(&assess(cycle).expect_err("refused")).starts_with("the request is no plain object: "));

    for bad in [JsValue::UNDEFINED, JsValue::NULL, JsValue::from_f64(1.0), js_sys::Function::new_no_args("").into()] {
        assert!(message(&assess(bad).expect_err("refused")).starts_with("the request is no "));
    }
}

/// `{ request, options: { orders: […] } }`, with so many dollars on the account.
fn pre_trade_request(orders: &str, dollars: u32) -> JsValue {
    let request = parse(REQUESTS[0]);
    set(&get(&request, "account"), "balances", parse(&format!(r#"[{{"asset": "USDC", "amount": {dollars}}}]"#)));
    let question = parse(&format!(r#"{{"options": {{"orders": {orders}}}}}"#));
    set(&question, "request", request);
    question
}

#[wasm_bindgen_test]
fn an_order_is_checked_and_asked_about() {
    let order = r#"[{"instrument": "BTC-PERPETUAL", "quantity": 100000, "unit": "USD"}]"#;
    let question = pre_trade_request(order, 500_000);
    let answer = pre_trade(question.clone()).expect("a valid request");
    assert_eq!(get(&answer, "accepted"), JsValue::TRUE, "{}", stringify(&answer));
    let largest = get(&get(&get(&answer, "orders"), "0"), "largest");
    assert_eq!(
        (get(&largest, "tick").as_f64(), get(&largest, "unit").as_string()),
        (Some(10.0), Some("USD".to_owned()))
    );
    let initial = |figures: &str| get(&get(&answer, figures), "initial_margin").as_f64().expect("a number");
    assert!((initial("after") - initial("before") - initial("change")).abs() < 1e-6);
    // The same as a question.
    set(&question, "ask", "pre_trade");
    let asked = ask(question.clone()).expect("a valid question");
    // Whatever the order of the fields.
    let read = |text: String| serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
    assert_eq!(read(stringify(&asked)), read(stringify(&answer)));
    set(&question, "ask", "nothing");
    assert!(message(&ask(question).expect_err("refused")).starts_with("ask: there is no question"));
    // Without money it is refused, in a sentence.
    let answer = pre_trade(pre_trade_request(order, 0)).expect("a valid request");
    assert_eq!(get(&answer, "accepted"), JsValue::FALSE);
    assert!(get(&answer, "reason").as_string().is_some_and(|reason| reason.starts_with("refused: ")));
    let unknown = pre_trade_request(r#"[{"instrument": "BTC-NOTHING", "quantity": 1}]"#, 0);
    assert!(message(&pre_trade(unknown).expect_err("refused")).starts_with("options.orders[0]: "));
}

fn live(request: &JsValue) -> LivePortfolio {
    LivePortfolio::new(request).unwrap_or_else(|error| panic!("{}", message(&error)))
}

/// Each edit has the figures of the request with that quantity in it, to the bit; JSON carries every bit of a number.
#[wasm_bindgen_test]
fn an_edited_portfolio_is_the_request_with_that_quantity() {
    for text in REQUESTS {
        let request = parse(text);
        let mut portfolio = live(&request);
        let positions = get(&get(&request, "account"), "positions");
        for (place, quantity) in [(0_u32, 3.5), (1, -20.0), (0, 0.0), (0, -3.25)] {
            portfolio.set_quantity(f64::from(place), quantity).expect("a valid quantity");
            set(&get(&positions, &place.to_string()), "quantity", quantity);
            let answer = assess(request.clone()).expect("a valid request");
            assert_eq!(portfolio.initial_margin().ok(), get(&answer, "initial_margin").as_f64());
            assert_eq!(portfolio.maintenance_margin().ok(), get(&answer, "maintenance_margin").as_f64());
            let [slides, legs] = ["slides", "legs"].map(|list| js_sys::Array::from(&get(&answer, list)));
            let (slide_count, leg_count) = (portfolio.slide_count().unwrap_or(0), portfolio.leg_count().unwrap_or(0));
            assert_eq!((slide_count as u32, leg_count as u32), (slides.length(), legs.length()));
            let totals = portfolio.slide_pnl().expect("figures").to_vec();
            let rows = portfolio.leg_pnl().expect("figures").to_vec();
            assert_eq!((totals.len(), rows.len()), (slide_count, slide_count * leg_count));
            for (slide, document) in slides.iter().enumerate() {
                assert_eq!(Some(totals[slide]), get(&document, "pnl").as_f64());
                let of_legs = js_sys::Array::from(&get(&document, "leg_pnl"));
                for (leg, pnl) in of_legs.iter().enumerate() {
                    assert_eq!(Some(rows[leg * slide_count + slide]), pnl.as_f64());
                }
            }
            assert_eq!(stringify(&portfolio.assessment().expect("figures")), stringify(&answer));
        }
    }
}

#[wasm_bindgen_test]
fn an_edit_that_is_refused_changes_nothing() {
    let request = parse(REQUESTS[0]);
    let mut portfolio = live(&request);
    let before = portfolio.initial_margin().ok();
    for (place, quantity, sentence) in [
        (0.0, f64::NAN, "account: the quantity of "),
        (0.0, 1e16, "account: the quantity of "),
        (f64::NAN, 1.0, "account.positions[NaN]: "),
        (-1.0, 1.0, "account.positions[-1]: "),
        (0.5, 1.0, "account.positions[0.5]: "),
        (99.0, 1.0, "account.positions[99]: there is no such position"),
    ] {
        let error = portfolio.set_quantity(place, quantity).expect_err("refused");
        assert!(message(&error).starts_with(sentence), "{}", message(&error));
        assert_eq!(portfolio.initial_margin().ok(), before);
    }
    let refused = |request: &JsValue| message(&LivePortfolio::new(request).err().expect("refused"));
    set(&request, "version", 2);
    assert_eq!(refused(&request), "version: it is 2; this program reads version 1");
    let unknown = parse(REQUESTS[0]);
    set(&get(&unknown, "methodology"), "id", "nothing");
    assert!(refused(&unknown).starts_with("methodology: there is none named"), "{}", refused(&unknown));

    // What is disabled is no leg; what is told to it would be lost.
    let disabled = parse(REQUESTS[0]);
    set(&get(&get(&get(&disabled, "account"), "positions"), "0"), "enabled", false);
    let mut portfolio = live(&disabled);
    let error = portfolio.set_quantity(0.0, 1.0).expect_err("refused");
    assert_eq!(message(&error), "account.positions[0]: it is disabled, and so no part of the account");
    portfolio.set_quantity(1.0, -7.0).expect("the first leg");
}
