//! The JSON contract: the example requests, what is refused and in which words, and its documentation.
#![cfg(not(target_arch = "wasm32"))]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use margin_engine::contract::{ContractError, Request, Response, assess};
use margin_engine::methodology::METHODOLOGIES;
use serde_json::{Value, json};

#[path = "contract/documentation.rs"]
mod documentation;
#[path = "contract/live.rs"]
mod live;
#[path = "contract/progress.rs"]
mod progress;
#[path = "contract/refusals.rs"]
mod refusals;
#[path = "contract/shares_and_stress.rs"]
mod shares_and_stress;

/// A file of the repository.
fn file(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn example(name: &str) -> Value {
    serde_json::from_str(&file(&format!("engine/examples/requests/{name}.json"))).expect("an example is JSON")
}

fn respond(request: &Value) -> Result<Response, ContractError> {
    assess(&Request::from_json(&request.to_string())?, |_| None)
}

fn answer(request: &Value) -> Response {
    respond(request).unwrap_or_else(|error| panic!("{error}"))
}

fn close(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-12 * left.abs().max(right.abs()).max(1e-3)
}

/// What holds for every response.
fn check(response: &Response, request: &Value) {
    let sum = |figures: &mut dyn Iterator<Item = f64>| figures.sum::<f64>();
    assert!(response.initial_margin >= response.maintenance_margin && response.maintenance_margin > 0.0);
    assert!(close(sum(&mut response.components.iter().map(|part| part.initial)), response.initial_margin));
    assert!(close(sum(&mut response.components.iter().map(|part| part.maintenance)), response.maintenance_margin));
    assert!(close(sum(&mut response.legs.iter().map(|leg| leg.share)), response.initial_margin));
    let alone = sum(&mut response.legs.iter().map(|leg| leg.initial_alone));
    assert!(close(alone, response.savings.legs_alone));
    assert!(close(alone - response.initial_margin, response.savings.hedging_credit));
    for slide in &response.slides {
        assert!((slide.pnl - slide.leg_pnl.iter().sum::<f64>()).abs() <= 1e-9 * slide.pnl.abs().max(1.0));
    }
    for pot in &response.pots {
        let worst = pot.worst.expect("the examples can lose");
        assert!(pot.counted_pnl.iter().all(|pnl| *pnl >= pot.counted_pnl[worst]));
    }
    let positions = request["account"]["positions"].as_array().expect("a list");
    let enabled = positions.iter().filter(|position| position["enabled"] != false);
    let names: Vec<&str> = enabled.filter_map(|position| position["instrument"].as_str()).collect();
    assert_eq!(response.legs.iter().map(|leg| leg.instrument.as_str()).collect::<Vec<_>>(), names);
    assert_eq!(response.provenance.methodology, request["methodology"]["id"]);
    assert_eq!(response.provenance.edited, request["methodology"].get("parameters").is_some());
    assert_eq!(response.currency, request["account"]["currency"].as_str().unwrap_or("USD"));
    let compared: Vec<&str> = request["compare"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert_eq!(response.comparison.iter().map(|row| row.methodology.as_str()).collect::<Vec<_>>(), compared);
}

#[test]
fn the_strangle_is_hedged() {
    let mut request = example("strangle");
    let compared = ["isolated", "cross", "deribit-standard", "deribit-portfolio", "custom"];
    let response = answer(&request);
    check(&response, &request);
    assert_eq!(response.slides.len(), 35);
    // 100,000 dollars at the perpetual's mark of 80,020.
    assert!(close(response.legs[2].coins, 100_000.0 / 80_020.0));
    // The chosen methodology compared with itself is itself; rules know no credit.
    let row = |id: &str| response.comparison.iter().find(|row| row.methodology == id).expect("compared");
    assert_eq!(row("deribit-portfolio").initial_margin, Some(response.initial_margin));
    assert_eq!(row("deribit-portfolio").maintenance_margin, Some(response.maintenance_margin));
    assert_eq!(row("isolated").hedging_credit, Some(0.0));
    assert!(row("deribit-standard").initial_margin > Some(response.initial_margin));
    assert_eq!(row("deribit-portfolio").reason, "worst slide +16\u{a0}%, vol up");
    // Each comparison is what the methodology says when it is the chosen one.
    for entry in METHODOLOGIES {
        if !compared.contains(&entry.id) {
            continue;
        }
        request["methodology"] = json!({ "id": entry.id });
        let chosen = answer(&request);
        assert_eq!(row(entry.id).initial_margin, Some(chosen.initial_margin), "{}", entry.id);
        assert_eq!(row(entry.id).maintenance_margin, Some(chosen.maintenance_margin), "{}", entry.id);
    }
    // Without the hedge it needs more.
    request["methodology"] = json!({ "id": "deribit-portfolio" });
    request["account"]["positions"][2]["enabled"] = json!(false);
    assert!(answer(&request).initial_margin > response.initial_margin * 1.1);
}

#[test]
fn two_currencies_make_pots() {
    let mut request = example("two-currencies");
    let response = answer(&request);
    check(&response, &request);
    let pots: Vec<Option<&str>> = response.pots.iter().map(|pot| pot.settlement.as_deref()).collect();
    assert_eq!(pots, [Some("BTC"), Some("ETH"), Some("USDC")]);
    assert_eq!(response.notes.len(), 1);
    // The same money counted in dollars, at the index.
    request["account"]["currency"] = json!("USD");
    let dollars = answer(&request);
    assert!(close(dollars.initial_margin, response.initial_margin * 80_000.0));
    // Pots do not see each other: the requirement is that of its parts, each alone.
    let part = |keep: &[usize]| {
        let mut request = request.clone();
        let positions = request["account"]["positions"].as_array_mut().expect("a list");
        for (index, position) in positions.iter_mut().enumerate() {
            position["enabled"] = json!(keep.contains(&index));
        }
        answer(&request).initial_margin
    };
    assert!(close(part(&[0, 1]) + part(&[2]) + part(&[3, 4]), dollars.initial_margin));
}

#[test]
fn the_what_if_moves_the_market_first() {
    let request = example("what-if");
    let response = answer(&request);
    check(&response, &request);
    assert_eq!(response.provenance.market_time, "2026-09-08T08:00:00Z");
    assert_eq!(response.parameters["price_range_down"], 0.3);
    assert_eq!(response.parameters["maintenance_factor"], 0.8, "what is not named stays");
    // 13 price moves by three vols, and the two extreme slides.
    assert_eq!(response.slides.len(), 41);
    // The put expired within the seven days.
    let put = &response.legs[1];
    assert_eq!((put.share, put.initial_alone, put.mark), (0.0, 0.0, 0.0));
    // 1.5 coins at 80,000 are as many dollars at 86,400.
    assert!(close(response.legs[2].coins, 1.5 / 1.08) && close(response.legs[2].mark, 86_400.0));
    // By hand: half a per cent of 86,400 for four short calls, and for 120,000 dollars of a perpetual.
    let part = |name: &str| response.components.iter().find(|part| part.name == name).expect("a part").initial;
    assert!(close(part("short option contingency"), 0.005 * 86_400.0 * 4.0));
    assert!(close(part("future contingency"), 600.0));
}

#[test]
fn an_empty_account_needs_nothing() {
    for entry in METHODOLOGIES {
        let mut request = example("strangle");
        request["account"]["positions"] = json!([]);
        request["methodology"] = json!({ "id": entry.id });
        let response = answer(&request);
        assert_eq!((response.initial_margin, response.maintenance_margin), (0.0, 0.0), "{}", entry.id);
        assert!(response.legs.is_empty() && response.savings.hedging_credit_fraction.is_none());
    }
}

#[test]
fn a_market_can_be_named_where_the_host_has_it() {
    let mut request = example("strangle");
    let whole: margin_engine::contract::MarketDocument =
        serde_json::from_value(request["market"].clone()).expect("a market");
    let expected = answer(&request);
    request["market"] = json!("round");
    let request = Request::from_json(&request.to_string()).expect("valid");
    let markets = |name: &str| (name == "round").then(|| whole.clone().try_into().expect("valid"));
    assert_eq!(assess(&request, markets), Ok(expected));
}

#[test]
fn a_request_survives_a_round_trip() {
    for name in ["strangle", "two-currencies", "what-if"] {
        let request = Request::from_json(&example(name).to_string()).expect("valid");
        assert_eq!(Request::from_json(&request.to_json()), Ok(request.clone()), "{name}");
        assert_eq!(Request::from_value(example(name)), Ok(request), "{name}");
    }
}

/// The command that the documentation gives, run as it is given.
#[test]
fn the_command_line_answers_and_refuses() {
    let run = |input: &str| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["run", "--quiet", "--package", "margin-engine", "--example", "assess"]);
        let piped = command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::piped());
        let mut child = piped.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("cargo runs");
        let mut stdin = child.stdin.take().expect("piped");
        stdin.write_all(input.as_bytes()).expect("it reads");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let request = example("what-if");
    let (code, stdout, _) = run(&request.to_string());
    assert_eq!(code, Some(0));
    let response: Value = serde_json::from_str(&stdout).expect("the answer is JSON");
    assert_eq!(response, serde_json::to_value(answer(&request)).expect("a response is JSON"));
    assert!(stdout.lines().count() > 100, "it is indented");

    let (code, stdout, stderr) = run("{\"version\": 7}");
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert_eq!(stderr, "version: it is 7; this program reads version 1\n");
    // What the request says cannot break the line.
    let mut request = example("strangle");
    request["account"]["positions"][0]["instrument"] = json!("two\nlines");
    let (code, _, stderr) = run(&request.to_string());
    assert_eq!((code, stderr.lines().count()), (Some(2), 1), "{stderr}");
}
