//! Whatever the text, there is a market or a sentence, and no panic.

use proptest::prelude::*;

use super::super::fit::{Tolerance, thin};
use super::*;

/// Field values that a sloppy or hostile file might hold.
fn any_value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<f64>().prop_map(|number| serde_json::json!(number).to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        (1e-3..2e2).prop_map(|number: f64| number.to_string()),
        any::<f64>().prop_map(|number| format!("\"{number}\"")),
        Just("null".to_owned()),
        Just("\"\"".to_owned()),
        Just("[]".to_owned()),
        Just("1787412831683".to_owned()),
        Just("1e308".to_owned()),
    ]
}

fn any_name() -> impl Strategy<Value = String> {
    let day = prop_oneof!["25SEP26", "30OCT26", "1JAN00", "31DEC99"];
    let strike = prop_oneof!["100", "1d5", "99999999999999999999", "0d00000000000000000001"];
    let option = (prop_oneof!["BTC", "ETH_USDC"], day, strike, "[CP]");
    prop_oneof![
        4 => option.prop_map(|(coin, day, strike, right)| format!("{coin}-{day}-{strike}-{right}")),
        1 => Just("BTC-PERPETUAL".to_owned()),
        1 => "[A-Z_0-9-]{0,20}",
    ]
}

proptest! {
    #[test]
    fn no_text_breaks_the_parser(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn no_row_breaks_the_parser(rows in prop::collection::vec((any_name(), prop::collection::vec(any_value(), 5)), 0..12)) {
        let fields = ["mark_price", "mark_iv", "underlying_price", "estimated_delivery_price", "creation_timestamp"];
        let text = rows.iter().map(|(name, values)| {
            let fields: Vec<String> = fields.iter().zip(values).map(|(field, value)| format!("\"{field}\":{value}")).collect();
            format!("{{\"instrument_name\":\"{name}\",{}}}", fields.join(","))
        });
        let text = format!("[{}]", text.collect::<Vec<_>>().join(","));
        match parse(&text) {
            Ok(summary) => {
                let _ = summary.market.arbitrage_warnings();
                let thinned = thin(&summary, &Tolerance::default());
                prop_assert!(thinned.is_ok(), "{thinned:?}");
            }
            // A fault of one row must not take the whole market down.
            Err(error) => prop_assert!(!matches!(error, BookSummaryError::Market(_)), "{error}"),
        }
    }
}
