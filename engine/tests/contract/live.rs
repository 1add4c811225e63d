//! A request whose quantities are edited has the figures of the request with these quantities in it.

use margin_engine::contract::{ContractError, LivePortfolio, Request};
use serde_json::{Value, json};

use super::{example, respond};

fn live(request: &Value) -> Result<LivePortfolio, ContractError> {
    LivePortfolio::new(Request::from_json(&request.to_string())?, |_| None)
}

#[test]
fn edited_quantities_are_those_of_a_request() {
    for name in ["strangle", "two-currencies", "what-if"] {
        let mut request = example(name);
        let mut portfolio = live(&request).expect("a valid request");
        for (place, quantity) in [(0, 2.5), (1, -30.0), (1, 0.0), (0, -1.0), (0, -1.0)] {
            portfolio.set_quantity(place, quantity).expect("a valid quantity");
            request["account"]["positions"][place]["quantity"] = json!(quantity);
            let response = respond(&request).expect("a valid request");
            let (book, assessment) = portfolio.assessed().expect("it was followed");
            let figures = (assessment.initial.to_bits(), assessment.maintenance.to_bits());
            assert_eq!(figures, (response.initial_margin.to_bits(), response.maintenance_margin.to_bits()), "{name}");
            for (slide, document) in response.slides.iter().enumerate() {
                let of_legs: Vec<f64> =
                    (0..book.legs.len()).map(|leg| assessment.revaluation.leg(leg)[slide]).collect();
                assert_eq!(of_legs, document.leg_pnl);
            }
            assert_eq!(portfolio.response().expect("a valid request"), response);
        }
    }
}

#[test]
fn a_refused_edit_changes_nothing() {
    let mut request = example("strangle");
    request["account"]["positions"][1]["enabled"] = json!(false);
    let mut portfolio = live(&request).expect("a valid request");
    let before = respond(&request).expect("a valid request");
    let count = request["account"]["positions"].as_array().map_or(0, Vec::len);
    for (place, quantity, sentence) in [
        (0, f64::NAN, "account: the quantity of "),
        (0, -2e15, "account: the quantity of "),
        (1, 1.0, "account.positions[1]: it is disabled, and so no part of the account"),
        (count, 1.0, "account.positions["),
    ] {
        let error = portfolio.set_quantity(place, quantity).expect_err("refused").to_string();
        assert!(error.starts_with(sentence), "{error}");
        assert_eq!(portfolio.response().as_ref(), Ok(&before));
        assert_eq!(portfolio.assessed().map(|(_, assessment)| assessment.initial), Some(before.initial_margin));
    }
    request["methodology"]["id"] = json!("nothing");
    let refused = live(&request).err().map(|error| error.to_string());
    assert_eq!(refused, respond(&request).err().map(|error| error.to_string()));
    assert!(refused.is_some());
}
