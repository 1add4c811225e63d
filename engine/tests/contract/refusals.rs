//! Bad requests: one sentence each, and it names the field.

use margin_engine::methodology::METHODOLOGIES;
use serde_json::{Value, json};

use super::{Request, assess, example, file, respond};

/// The strangle with the value at a JSON pointer replaced; `Null` takes it out.
fn with(pointer: &str, value: Value) -> Value {
    let mut request = example("strangle");
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer has a slash");
    let parent = request.pointer_mut(parent).expect("the parent is there");
    match parent {
        Value::Array(list) => list[key.parse::<usize>().expect("a place")] = value,
        Value::Object(fields) if value.is_null() => drop(fields.remove(key).expect("it was there")),
        other => other[key] = value,
    }
    request
}

#[test]
fn each_bad_request_is_told_in_one_sentence() {
    let currency = "is not a currency: a ticker is one to twelve letters or digits, such as BTC or USD";
    let first = "/account/positions/0";
    let at = |field: &str| format!("{first}/{field}");
    let (name, quantity, unit) = (at("instrument"), at("quantity"), at("unit"));
    let expiry = "/market/underlyings/0/expiries/0";
    let parameters = "/methodology/parameters";
    let known: Vec<&str> = METHODOLOGIES.iter().map(|entry| entry.id).collect();
    let unheard_of = format!("there is none named \"unheard-of\"; there are {}", known.join(", "));
    let cases = [
        ("/version", Value::Null, "version: it is missing; this program reads version 1"),
        ("/version", json!(2), "version: it is 2; this program reads version 1"),
        ("/version", json!("1"), "version: it is \"1\"; this program reads version 1"),
        ("/account", Value::Null, "the request: missing field `account`"),
        ("/methodology", Value::Null, "the request: missing field `methodology`"),
        (
            "/acount",
            json!({}),
            "acount: unknown field `acount`, expected one of `version`, `account`, `market`, `methodology`, `what_if`, `compare`, `explain`",
        ),
        (
            &at("quantiy"),
            json!(1),
            "account.positions[0].quantiy: unknown field `quantiy`, expected one of `instrument`, `quantity`, `unit`, `entry_price`, `enabled`",
        ),
        (&quantity, json!("NaN"), "account.positions[0].quantity: invalid type: string \"NaN\", expected a number"),
        (&quantity, Value::Null, "account.positions[0]: missing field `quantity`"),
        (
            &quantity,
            json!(1e300),
            "account: the quantity of BTC-25SEP26-85000-C is 1e300; it must be a number between -1e15 and 1e15",
        ),
        (
            &name,
            json!("BTC-25SEP26-90000"),
            "account.positions[0] (BTC-25SEP26-90000): \"BTC-25SEP26-90000\" is not an instrument; write it like BTC-PERPETUAL, BTC-25SEP26, BTC-25SEP26-84000-C or ETH_USDC-PERPETUAL",
        ),
        (
            &name,
            json!("BTC-31SEP26"),
            "account.positions[0] (BTC-31SEP26): \"31SEP26\" is not an expiry date; write it like 25SEP26",
        ),
        (
            &name,
            json!("SOL-PERPETUAL"),
            "account.positions[0]: SOL-PERPETUAL: SOL: the market has no such underlying; it has BTC",
        ),
        (
            &name,
            json!("BTC_EUR-PERPETUAL"),
            "account.positions[0]: BTC_EUR-PERPETUAL is priced in EUR, but the market's prices of BTC are in USD",
        ),
        (
            &name,
            json!("BTC-28AUG26-90000-C"),
            "account.positions[0]: BTC-28AUG26-90000-C expired at 2026-08-28T08:00:00Z, before the market's time 2026-09-01T08:00:00Z; remove it or choose an earlier market",
        ),
        (
            &unit,
            json!("USD"),
            "account: BTC-25SEP26-85000-C is counted in coins: a quantity in USD is for futures, perpetuals and spot",
        ),
        (&unit, json!("EUR"), "account.positions[0] (BTC-25SEP26-85000-C): a quantity counts BTC or USD, not \"EUR\""),
        (
            &at("entry_price"),
            json!(-5),
            "account: the entry price of BTC-25SEP26-85000-C is -5; it must be a positive number",
        ),
        ("/account/currency", json!("B C"), &format!("account.currency: \"B C\" {currency}")),
        (
            "/account/currency",
            json!("EUR"),
            "account.currency: the account currency cannot be valued: EUR: the market does not say what it is worth, so it cannot be converted to USD; quote it in US dollars",
        ),
        (
            "/account/balances",
            json!([{ "asset": "€", "amount": 1 }]),
            &format!("account.balances[0].asset: \"€\" {currency}"),
        ),
        (
            "/account/balances",
            json!([{ "asset": "BTC", "amount": 1e99 }]),
            "account: the balance in BTC is 1e99; it must be a number between -1e15 and 1e15",
        ),
        (
            "/account/balances",
            json!([{ "asset": "USDC", "amount": 5 }, { "asset": "EUR", "amount": 1 }]),
            "account.balances[1]: the balance in EUR cannot be valued: EUR: the market does not say what it is worth, so it cannot be converted to USD; quote it in US dollars",
        ),
        (
            "/account/balances",
            json!([{ "asset": "EUR", "amount": 1, "price_usd": -1.1 }]),
            "account: the price of EUR is -1.1 dollars; it must be a positive number up to 1e15",
        ),
        (
            "/account/balances",
            json!([{ "asset": "BTC", "amount": 1, "price_usd": null }]),
            "account.balances[0].price_usd: invalid type: null, expected a number",
        ),
        (
            "/account/balances",
            json!([{ "asset": "BTC", "amount": null }]),
            "account.balances[0].amount: invalid type: null, expected a number",
        ),
        ("/market/fx", json!({ "EUR": null }), "market: fx.EUR: invalid type: null, expected a number"),
        ("/market/fx", json!({ "EUR": 0 }), "market: EUR: the rate in US dollars must be a positive price, not 0"),
        (
            "/account/collateral",
            json!({ "id": "generous" }),
            "account.collateral: there is none named \"generous\"; there are general, deribit, derive, okx, us, par",
        ),
        (
            "/account/collateral",
            json!({ "id": "general", "parameters": { "assets": { "BTC": { "haircut": { "initial": -0.1 } } } } }),
            "account.collateral: parameters: assets.BTC.haircut.initial is -0.1; it must lie between 0 and 1",
        ),
        (
            "/account/collateral",
            json!({ "id": "general", "parameters": { "assets": { "BTC": { "haircut": { "maintenance": 0.3 } } } } }),
            "account.collateral: parameters: assets.BTC.haircut.maintenance is 0.3; it must lie between 0 and 0.1",
        ),
        (
            "/account/collateral",
            json!({ "id": "general", "parameters": { "assets": { "BTC": { "tiers": { "initial": [0.01, 0.2] } } } } }),
            "account.collateral: parameters: assets.BTC.tiers.initial is 0.01; it must lie between 0.1 and 1",
        ),
        (
            "/account/collateral",
            json!({ "id": "general", "parameters": { "assets": { "BTC": { "tiers": { "initial": [0.2] } } } } }),
            "account.collateral: parameters: assets.BTC.tiers.initial has 1 entries; there must be 2, one for each band",
        ),
        (
            "/account/collateral",
            json!({ "id": "general", "parameters": { "borrowing": { "initial": "dear" } } }),
            "account.collateral: parameters: borrowing.initial: \"dear\" is not a number",
        ),
        (
            "/account/collateral",
            json!({ "id": "general", "parameters": { "others": { "haircut": { "inital": 1 } } } }),
            "account.collateral: parameters: others.haircut.inital: unknown field `inital`",
        ),
        ("/market", json!("calm"), "market: there is no market named \"calm\" here; give the whole market instead"),
        ("/market", json!(5), "market: expected a market or the name of one"),
        ("/market/version", json!(2), "market: the market file is of version 2; this program reads version 1"),
        ("/market/time", json!("today"), "market: \"today\" is not a time; write it like 2026-08-22T15:33:51Z"),
        ("/market/underlyings/0/index", json!(-1), "market: BTC: the index must be a positive price, not -1"),
        (
            "/market/underlyings/0/index",
            json!("80000"),
            "market: underlyings[0].index: invalid type: string \"80000\", expected a number",
        ),
        (
            "/market/underlyings/0/perpetul",
            json!(5),
            "market: underlyings[0].perpetul: unknown field `perpetul`, expected one of `asset`, `class`, `index`, `quote`, `leverage`, `contract_size`, `dividend_yield`, `dividends`, `yields`, `deliverable`, `perpetual`, `confidence`, `expiries`",
        ),
        ("/market/underlyings", json!([]), "market: the market has no underlying"),
        (
            &format!("{expiry}/smile"),
            json!([]),
            "account.positions[0]: BTC-25SEP26-85000-C: BTC: the market has no vols, so its options cannot be priced",
        ),
        (
            &format!("{expiry}/smile"),
            json!([[0, 0.5]]),
            "market: BTC 25SEP26: the strike of a vol must be a positive price, not 0",
        ),
        ("/methodology/id", json!("unheard-of"), &format!("methodology: {unheard_of}")),
        ("/compare/0", json!("unheard-of"), &format!("compare: {unheard_of}")),
        (
            parameters,
            json!({ "underlyings": { "BTC": { "prise_range": 0.2 } } }),
            "methodology deribit-portfolio: parameters: underlyings.BTC.prise_range: unknown field `prise_range`",
        ),
        (
            parameters,
            json!({ "underlyings": { "BTC": { "price_range": -0.2 } } }),
            "methodology deribit-portfolio: parameters: BTC.price_range is -0.2; it must lie between 0.0001 and 0.99",
        ),
        (
            parameters,
            json!({ "underlyings": { "BTC": { "price_range": "wide" } } }),
            "methodology deribit-portfolio: parameters: underlyings.BTC.price_range: \"wide\" is not a number",
        ),
        (
            parameters,
            json!({ "charges": { "spots": 1 } }),
            "methodology deribit-portfolio: parameters: charges.spots: unknown field `spots`, expected one of `spot`, `open_orders`, `market_maker_protection`",
        ),
        (
            parameters,
            json!({ "linear": { "pnl_ofset": 1 } }),
            "methodology deribit-portfolio: parameters: linear.pnl_ofset: unknown field `pnl_ofset`",
        ),
        (
            "/what_if",
            json!({ "spot_move": -1 }),
            "what_if: the price move must be above -100 %, where -0.2 means -20 %, not -1",
        ),
        ("/what_if", json!({ "days_forward": -1 }), "what_if: the days forward must be between 0 and 36500, not -1"),
        (
            "/what_if",
            json!({ "days": 1 }),
            "what_if.days: unknown field `days`, expected one of `spot_move`, `vol_points`, `days_forward`",
        ),
    ];
    let mut wrong = Vec::new();
    for (pointer, value, expected) in &cases {
        let request = with(pointer, value.clone());
        let sentence = match respond(&request) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => error.to_string(),
        };
        let fits = sentence == *expected || sentence.starts_with(&format!("{expected}, expected"));
        if !fits || sentence.contains('\n') {
            wrong.push(format!("{pointer} = {value}\n  is told: {sentence}\n  and not: {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn what_is_no_request_at_all_is_told_so() {
    let sentence = |text: &str| match Request::from_json(text) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    };
    for (text, start) in [
        ("", "the request is no JSON: EOF while parsing"),
        ("{", "the request is no JSON: EOF while parsing"),
        ("hello", "the request is no JSON: expected value at line 1"),
        ("[1]", "the request is no JSON: it is not an object in braces"),
        ("{\"version\": 1e999}", "the request is no JSON: number out of range"),
    ] {
        assert!(sentence(text).starts_with(start), "{text}: {}", sentence(text));
    }
    // A field given twice is not silently the last of both.
    let twice = file("engine/examples/requests/strangle.json").replacen(
        "\"quantity\": -10",
        "\"quantity\": -10, \"quantity\": -1",
        1,
    );
    assert!(sentence(&twice).starts_with("account.positions[0]"), "{}", sentence(&twice));
    assert!(sentence(&twice).contains("duplicate field `quantity`"), "{}", sentence(&twice));
}

/// Where JavaScript has a number that is none, it arrives as nothing.
#[test]
fn values_are_checked_like_text() {
    let error = |request: Value| Request::from_value(request).expect_err("refused").to_string();
    let mut request = example("strangle");
    request["account"]["positions"][0]["quantity"] = json!(f64::NAN);
    assert_eq!(error(request), "account.positions[0].quantity: invalid type: null, expected a number");
    assert_eq!(error(json!([])), "the request is no JSON: it is not an object in braces");
    assert_eq!(error(json!({})), "version: it is missing; this program reads version 1");
}

#[test]
fn disabled_positions_are_counted_when_a_bad_one_is_named() {
    let mut request = example("strangle");
    request["account"]["positions"][0]["enabled"] = json!(false);
    request["account"]["positions"][1]["instrument"] = json!("BTC-28AUG26-70000-P");
    let request = Request::from_json(&request.to_string()).expect("the shape is right");
    let error = assess(&request, |_| None).expect_err("expired").to_string();
    assert!(error.starts_with("account.positions[1]: BTC-28AUG26-70000-P expired"), "{error}");
    // And a disabled one that is bad does not stop the others.
    let mut request = example("strangle");
    request["account"]["positions"][0] = json!({ "instrument": "what?", "quantity": 1, "enabled": false });
    assert!(respond(&request).is_ok());
}
