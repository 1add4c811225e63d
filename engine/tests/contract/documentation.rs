//! `docs/contract.md` says what is so: its example is run, its errors are provoked, its tables are complete.

use serde_json::{Value, json};

use super::{Request, answer, close, file, respond};

/// The text of the block that starts with ```` ```info ````.
fn block(info: &str) -> String {
    let document = file("docs/contract.md");
    let (_, rest) = document.split_once(&format!("```{info}\n")).expect("the block is there");
    rest.split_once("```").expect("the block ends").0.to_owned()
}

fn request() -> Value {
    serde_json::from_str(&block("json request")).expect("the example is JSON")
}

/// Everything in the excerpt is in the response; figures agree to what is printed.
fn compare(path: &str, excerpt: &Value, response: &Value, wrong: &mut Vec<String>) {
    match (excerpt, response) {
        (Value::Object(fields), _) => {
            fields.iter().for_each(|(key, part)| compare(&format!("{path}.{key}"), part, &response[key], wrong));
        }
        (Value::Array(parts), Value::Array(whole)) if parts.len() == whole.len() => {
            let pairs = parts.iter().zip(whole).enumerate();
            pairs.for_each(|(place, (part, whole))| compare(&format!("{path}[{place}]"), part, whole, wrong));
        }
        (Value::Number(printed), Value::Number(exact)) => {
            let text = printed.to_string();
            let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            let half = 0.500_001 * 10_f64.powi(-i32::try_from(decimals).expect("few"));
            let (printed, exact) = (printed.as_f64().expect("a number"), exact.as_f64().expect("a number"));
            // Whole numbers are meant as they stand.
            let tolerance = if decimals == 0 { 0.0 } else { half };
            if (printed - exact).abs() > tolerance {
                wrong.push(format!("{path} is {exact}, not {printed}"));
            }
        }
        (excerpt, response) if excerpt == response => {}
        (excerpt, response) => wrong.push(format!("{path} is {response}, not {excerpt}")),
    }
}

#[test]
fn the_example_is_answered_as_printed() {
    let response = serde_json::to_value(answer(&request())).expect("a response is JSON");
    let excerpt: Value = serde_json::from_str(&block("json response")).expect("the excerpt is JSON");
    let mut wrong = Vec::new();
    compare("response", &excerpt, &response, &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The sentence above the excerpt names the worst slide.
    let worst = response["pots"][0]["worst"].as_u64().expect("it can lose");
    let label = response["slides"][usize::try_from(worst).expect("few")]["label"].as_str().expect("a label");
    let sentence = format!("Slide {worst} is \"{}\"", label.replace('\u{a0}', " "));
    assert!(file("docs/contract.md").contains(&sentence), "{sentence}");
    // The hedge is one, and the figures of standard margin by hand: 15 % of 80,000 less 4,000, plus the mark, and
    // 2 % + 0.3·0.005 % of 24,000.
    let mark = response["legs"][0]["mark"].as_f64().expect("a number");
    let standard = response["comparison"][0]["initial_margin"].as_f64().expect("a number");
    assert!(close(standard, 8_000.0 + mark + 24_000.0 * (0.02 + 0.3 * 0.00005)), "{standard}");
}

/// The question of the document, on the market of its example.
fn asked(question: &Value) -> Result<Value, margin_engine::contract::ContractError> {
    let mut session = margin_engine::contract::Session::new();
    let market = serde_json::from_value(request()["market"].clone()).expect("a market");
    session.keep_market("here", market).expect("a valid market");
    session.answer(&margin_engine::contract::Question::from_value(question)?)
}

fn question() -> Value {
    serde_json::from_str(&block("json question")).expect("the question is JSON")
}

#[test]
fn the_orders_are_checked_as_printed() {
    let answer = asked(&question()).unwrap_or_else(|error| panic!("{error}"));
    let excerpt: Value = serde_json::from_str(&block("json answer")).expect("the excerpt is JSON");
    let mut wrong = Vec::new();
    compare("answer", &excerpt, &answer, &mut wrong);
    assert!(wrong.is_empty(), "{}\n{answer:#}", wrong.join("\n"));
    // The account that it says there would be stands as it says.
    let mut after = question();
    after["ask"] = json!("account_state");
    after["options"] = Value::Null;
    for field in ["positions", "balances"] {
        after["request"]["account"][field] = answer[field].clone();
    }
    let state = asked(&after).expect("a valid account");
    for field in ["equity", "free_margin", "maintenance_excess", "margin_ratio"] {
        let (there, said) = (state[field].as_f64().expect("a number"), answer["after"][field].as_f64());
        assert!(close(there, said.expect("a number")), "{field} {there} {said:?}");
    }
    // And those who ask the engine directly get the same.
    let mut direct = question();
    direct.as_object_mut().expect("an object").remove("ask");
    let direct = margin_engine::contract::PreTradeRequest::from_value(&direct).expect("the same shape");
    let market: margin_engine::contract::MarketDocument =
        serde_json::from_value(request()["market"].clone()).expect("a market");
    let found = margin_engine::contract::pre_trade(&direct, |_| market.clone().try_into().ok()).expect("valid");
    assert_eq!(serde_json::to_value(found).expect("JSON"), answer);
}

#[test]
fn what_is_no_order_is_told_with_its_place() {
    let told = |order: Value| {
        let mut question = question();
        question["options"] = json!({ "orders": [order] });
        asked(&question).expect_err("refused").to_string()
    };
    for (order, sentence) in [
        (json!({"instrument": "BTC-PERPETUAL", "quantity": null}), "options.orders[0].quantity: invalid type: null"),
        (json!({"instrument": "BTC-PERPETUAL"}), "options.orders[0]: missing field `quantity`"),
        (json!({"instrument": "PERPETUAL", "quantity": 1}), "options.orders[0]: "),
        (
            json!({"instrument": "SOL-PERPETUAL", "quantity": 1}),
            "options.orders[0]: SOL-PERPETUAL: SOL: the market has no",
        ),
        (json!({"instrument": "BTC-28AUG26", "quantity": 1}), "options.orders[0]: BTC-28AUG26 expired at"),
        (json!({"instrument": "BTC-PERPETUAL", "quantity": 1, "price": -1}), "options.orders[0]: the entry price of"),
        (json!({"instrument": "BTC-PERPETUAL", "quantity": 1, "tick": 0}), "options.orders[0]: the tick is 0"),
        (json!({"instrument": "BTC-PERPETUAL", "quantity": 1, "unit": "EUR"}), "options.orders[0]: a quantity counts"),
        (json!({"instrument": "BTC-PERPETUAL", "size": 1}), "options.orders[0].size: unknown field"),
    ] {
        let said = told(order);
        assert!(said.starts_with(sentence), "{said}");
    }
}

#[test]
fn the_errors_are_told_as_printed() {
    let mut bad = vec![request(); 5];
    bad[0].as_object_mut().expect("an object").remove("version");
    bad[1]["account"]["positions"][0]["quantity"] = json!("1");
    bad[2]["account"]["positions"][0]["instrument"] = json!("SOL-PERPETUAL");
    bad[3]["methodology"]["id"] = json!("unheard-of");
    bad[4]["methodology"]["parameters"] = json!({ "underlyings": { "BTC": { "price_range": 2 } } });
    let printed = block("text errors");
    assert_eq!(printed.lines().count(), bad.len());
    for (request, line) in bad.iter().zip(printed.lines()) {
        let sentence = respond(request).expect_err(line).to_string();
        // A list is printed as far as its beginning.
        match line.strip_suffix(", …") {
            Some(beginning) => assert!(sentence.starts_with(beginning), "{sentence}"),
            None => assert_eq!(sentence, line),
        }
    }
}

#[test]
fn the_documents_name_every_methodology_and_the_version() {
    let document = file("docs/methodologies.md");
    for entry in margin_engine::methodology::METHODOLOGIES {
        assert!(document.contains(&format!("`{}`", entry.id)), "{}", entry.id);
    }
    assert_eq!(request()["version"], margin_engine::contract::VERSION);
    assert!(Request::from_json(&block("json request")).is_ok());
}

/// The schema names every field there is.
#[cfg(feature = "schema")]
#[test]
fn the_document_names_every_field() {
    let (document, schema) = (file("docs/contract.md"), margin_engine::contract::schema());
    let fields =
        schema["$defs"].as_object().expect("definitions").values().filter_map(|it| it["properties"].as_object());
    let missing: Vec<&String> =
        fields.flat_map(serde_json::Map::keys).filter(|field| !document.contains(&format!("`{field}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_is_current() {
    let committed: Value = serde_json::from_str(&file("docs/contract.schema.json")).expect("the schema is JSON");
    assert!(
        committed == margin_engine::contract::schema(),
        "docs/contract.schema.json is old; make it again: cargo run -p margin-engine --features schema --example schema > docs/contract.schema.json"
    );
}
