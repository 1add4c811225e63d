//! The page's parts in a real browser, run by wasm-bindgen's test runner: see `cargo xtask test`.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_view_is_put_into_the_document() {
    use leptos::prelude::*;

    let handle = leptos::mount::mount_to(leptos::tachys::dom::body(), || view! { <p id="probe">"margin"</p> });
    let probe = leptos::tachys::dom::document().get_element_by_id("probe").expect("the paragraph is mounted");
    assert_eq!(probe.text_content().as_deref(), Some("margin"));
    drop(handle);
    assert!(leptos::tachys::dom::document().get_element_by_id("probe").is_none());
}

/// Hand-made: a short call covered in two ways, so that its leg is split.
#[wasm_bindgen_test]
fn pairings_are_cards_and_a_split_leg_is_marked_in_each() {
    use margin_engine::contract::Request;
    use margin_engine::methodology::Pairing;
    use margin_simulator::charts::Unit;
    use margin_simulator::margin::pairing_cards;

    const REQUEST: &str = r#"{"version":1,"account":{"positions":[
            {"instrument":"BTC-25SEP26-84000-C","quantity":-2},{"instrument":"BTC-25SEP26-90000-C","quantity":1},
            {"instrument":"BTC-PERPETUAL","quantity":1}]},
        "market":{"version":1,"time":"2026-08-22T15:33:00Z","underlyings":[{"asset":"BTC","index":77000,
            "expiries":[{"expiry":"25SEP26","forward":77400,"smile":[[84000,0.41]]}]}]},
        "methodology":{"id":"custom"}}"#;
    let book = Request::from_json(REQUEST).and_then(|it| it.resolve(|_| None)).expect("valid").book;
    let pairing = |strategy, legs: &[(usize, f64)], initial| Pairing {
        strategy,
        legs: legs.to_vec(),
        initial,
        maintenance: initial,
        formula: "width·n",
        values: vec![("width", initial), ("n", 1.0)],
    };
    let pairings = [
        pairing("vertical spread", &[(0, -1.0), (1, 1.0)], 6000.0),
        pairing("covered call", &[(0, -1.0), (2, 1.0)], 0.0),
    ];
    let view = move || pairing_cards(&book, &pairings, Unit::Prefix("$"));
    let handle = leptos::mount::mount_to(leptos::tachys::dom::body(), view);
    let list = leptos::tachys::dom::document().query_selector("[data-testid=pairings]").ok().flatten();
    let list = list.expect("the list is there");
    let html = list.inner_html();
    let count = |part: &str| html.matches(part).count();
    assert_eq!(count("data-testid=\"pairing\""), 2, "{html}");
    assert_eq!((count("data-leg="), count("data-mark="), count("data-mark=\"0\"")), (4, 2, 2), "{html}");
    let text = list.text_content().unwrap_or_default();
    for part in ["vertical spread", "$6,000", "−1 84k call 25 Sep", "+1 perpetual", "width·n"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    drop(handle);
}
