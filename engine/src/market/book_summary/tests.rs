//! Responses, good and bad.

use super::super::Underlying;
use super::*;
use crate::asset::Asset;
use crate::instrument::Expiry;

const TIME: &str = r#""creation_timestamp":1787412831683"#;

/// An option row with an index of 100, and whatever else is given.
fn row(name: &str, rest: &str) -> String {
    format!(r#"{{"instrument_name":"{name}","estimated_delivery_price":100,{rest},{TIME}}}"#)
}

fn read(rows: &[String]) -> BookSummary {
    parse(&format!(r#"{{"jsonrpc":"2.0","result":[{}]}}"#, rows.join(","))).expect("usable")
}

fn notes(summary: &BookSummary) -> Vec<String> {
    summary.notes.iter().map(RowNote::to_string).collect()
}

fn coin(summary: &BookSummary, asset: Asset) -> &Underlying {
    summary.market.underlying(asset).expect("listed")
}

fn day() -> Expiry {
    Expiry::parse("25SEP26").expect("valid")
}

#[test]
fn options_future_and_perpetual_make_a_market() {
    let summary = read(&[
        // C − P = 0.09 at strike 100: the forward is 100 / 0.91.
        row("BTC-25SEP26-100-C", r#""mark_price":0.19,"mark_iv":50,"underlying_price":109"#),
        row("BTC-25SEP26-100-P", r#""mark_price":"0.10","mark_iv":"50.5","underlying_price":"109""#),
        row("BTC-25SEP26-120-C", r#""mark_price":0.05,"mark_iv":60.5,"underlying_price":109"#),
        row("BTC-25SEP26", r#""mark_price":109.5"#),
        row("BTC-30OCT26", r#""mark_price":111"#),
        row("BTC-PERPETUAL", r#""mark_price":100.25"#),
    ]);
    assert_eq!((notes(&summary), summary.rows), (vec![], 6));
    let btc = coin(&summary, Asset::BTC);
    assert_eq!((btc.index(), btc.perpetual_mark(), btc.quotes_perpetual()), (100.0, 100.25, true));
    assert_eq!(btc.forward(day()), 100.0 / (1.0 - (0.19 - 0.10)));
    let listed = btc.expiry(day()).expect("listed");
    assert_eq!(listed.smile().points().collect::<Vec<_>>(), [(100.0, 0.5025), (120.0, 0.605)]);
    assert_eq!(listed.listed_strikes(), [100.0, 120.0]);
    // Only a future: its mark is the forward, and there is no smile.
    let future = &btc.expiries()[1];
    assert_eq!((future.forward(), future.smile().is_empty()), (111.0, true));
    assert_eq!(summary.market.now().to_string(), "2026-08-22T15:33:51.683Z");
    assert_eq!(summary.market.source().title, "Deribit BTC, 2026-08-22");
    assert_eq!(summary.marks.len(), 3);
    assert_eq!((summary.marks[1].vol_annual, summary.marks[1].mark_price), (0.505, Some(0.10)));
}

#[test]
fn without_pairs_the_future_then_the_reported_price_is_the_forward() {
    let option = row("BTC-25SEP26-120-C", r#""mark_price":0.05,"mark_iv":60.5,"underlying_price":109"#);
    let other = row("BTC-25SEP26-130-C", r#""mark_price":null,"mark_iv":60.5,"underlying_price":110"#);
    let future = row("BTC-25SEP26", r#""mark_price":109.25"#);
    assert_eq!(coin(&read(&[option.clone(), other.clone(), future]), Asset::BTC).forward(day()), 109.25);
    assert_eq!(coin(&read(&[option, other]), Asset::BTC).forward(day()), 109.5);
}

#[test]
fn bare_lists_byte_order_marks_and_the_wrappers_clock_are_taken() {
    let bare = format!("\u{feff} [{}]", row("BTC-25SEP26", r#""mark_price":109"#));
    assert_eq!(parse(&bare).expect("usable").rows, 1);
    let clock = r#"{"result":[{"instrument_name":"BTC-PERPETUAL","mark_price":5}],"usOut":1787412831683000}"#;
    let summary = parse(clock).expect("usable");
    assert_eq!(summary.market.now().to_string(), "2026-08-22T15:33:51.683Z");
    // No index in the file: the perpetual's mark stands in.
    assert_eq!(coin(&summary, Asset::BTC).index(), 5.0);
}

#[test]
fn bad_rows_are_named_and_good_ones_survive() {
    let summary = read(&[
        row("BTC-25SEP26-100-C", r#""mark_price":0.1,"mark_iv":50,"underlying_price":100"#),
        row("BTC-25SEP26-110-C", r#""mark_price":0.1,"mark_iv":null,"underlying_price":100"#),
        row("BTC-25SEP26-120-C", r#""mark_price":0.1,"underlying_price":100"#),
        row("BTC-25SEP26-130-C", r#""mark_price":"x","mark_iv":-1,"underlying_price":0"#),
        row("BTC-25SEP26-100-C", r#""mark_price":0.1,"mark_iv":50,"underlying_price":100"#),
        row("BTC-25SEP26-100-P", r#""mark_price":null,"mark_iv":55,"underlying_price":100"#),
        row("BTC-21AUG26-100-C", r#""mark_price":0.1,"mark_iv":50,"underlying_price":100"#),
        row("BTC-CS-25SEP26-100_110", r#""mark_price":0.1"#),
        row("BTC_USDC-PERPETUAL", r#""mark_price":100"#),
        row("BTC-SPOT", r#""mark_price":100"#),
        format!("{{{TIME}}}"),
        "17".to_owned(),
        row("BTC-25SEP26-140-C", r#""mark_iv":60,"creation_timestamp":-5,"mark_price":0.1,"x":1"#)
            .replace(TIME, r#""y":2"#),
    ]);
    assert_eq!(
        notes(&summary),
        [
            "row 1, BTC-25SEP26-100-C: mark_iv 50.00: the put at this strike says 55.00; the mean is used",
            "row 2, BTC-25SEP26-110-C: mark_iv null: no vol; the row only lists its strike",
            "row 3, BTC-25SEP26-120-C: mark_iv missing: no vol; the row only lists its strike",
            "row 4, BTC-25SEP26-130-C: mark_price \"x\": not a number; left out",
            "row 4, BTC-25SEP26-130-C: mark_iv -1: not a vol in percent; left out",
            "row 4, BTC-25SEP26-130-C: underlying_price 0: not a positive price; left out",
            "row 5, BTC-25SEP26-100-C: instrument_name BTC-25SEP26-100-C: occurs twice; the first row is used",
            "row 7, BTC-21AUG26-100-C: instrument_name BTC-21AUG26-100-C: has expired; skipped",
            "row 8, BTC-CS-25SEP26-100_110: instrument_name BTC-CS-25SEP26-100_110: \"CS\" is not an expiry date; \
             write it like 25SEP26; skipped",
            "row 9, BTC_USDC-PERPETUAL: instrument_name BTC_USDC-PERPETUAL: the market of BTC is taken from BTC \
             instruments; skipped",
            "row 10, BTC-SPOT: instrument_name BTC-SPOT: spot adds nothing to the index; skipped",
            "row 11, no name: instrument_name null: not a name; skipped",
            "row 12, no name: row 17: not an object; skipped",
            "row 13, BTC-25SEP26-140-C: creation_timestamp -5: not a time in milliseconds; left out",
        ]
    );
    let listed = coin(&summary, Asset::BTC).expiry(day()).expect("listed");
    assert_eq!(listed.listed_strikes(), [100.0, 110.0, 120.0, 130.0, 140.0]);
    assert_eq!(listed.smile().points().collect::<Vec<_>>(), [(100.0, 0.525), (140.0, 0.6)]);
}

#[test]
fn several_currencies_may_share_a_file_and_linear_families_stand_alone() {
    let summary = read(&[
        row("ETH-25SEP26", r#""mark_price":110"#),
        row("XRP_USDC-25SEP26-0d625-C", r#""mark_price":0.03,"mark_iv":80,"underlying_price":0.6"#),
        row("XRP_USDC-25SEP26-0d625-P", r#""mark_price":0.05,"mark_iv":80,"underlying_price":0.6"#),
        row("BTC-25SEP26", r#""mark_price":120"#),
        // Nothing gives a forward here.
        row("BTC-30OCT26-120-C", r#""mark_iv":60"#),
        r#"{"instrument_name":"SOL-25SEP26","mark_price":3}"#.to_owned(),
    ]);
    let xrp: Asset = "XRP".parse().expect("valid");
    let listed: Vec<Asset> = summary.market.underlyings().iter().map(Underlying::asset).collect();
    assert_eq!(listed, [Asset::ETH, xrp, Asset::BTC]);
    assert_eq!(coin(&summary, xrp).forward(day()), 0.625 + (0.03 - 0.05));
    assert_eq!(coin(&summary, Asset::BTC).expiries().len(), 1);
    assert_eq!(
        notes(&summary),
        [
            "row 5, BTC-30OCT26-120-C: underlying_price missing: nothing gives a forward for 30OCT26; the expiry is \
             left out",
            "row 6, SOL-25SEP26: estimated_delivery_price missing: no row gives an index of SOL; SOL is left out",
        ]
    );
}

#[test]
fn what_makes_no_market_is_one_sentence() {
    let shape = "this is not a book summary: expected the response of public/get_book_summary_by_currency, \
                 an object with a list \"result\" or the list itself";
    let nameless = "none of the 1 rows can be used; the first: row 1, no name: row null: not an object; skipped";
    for (text, sentence) in [
        ("", "this is not JSON: EOF while parsing a value at line 1 column 0"),
        ("strike,vol", "this is not JSON: expected value at line 1 column 1"),
        ("7", shape),
        ("{}", shape),
        (r#"{"result":5}"#, shape),
        (r#"{"result":[]}"#, "the book summary has no rows"),
        ("[null]", nameless),
        (
            r#"{"error":{"code":10028,"message":"too_many_requests"}}"#,
            r#"the file holds an error from the venue instead of a book summary: {"code":10028,"message":"too_many_requests"}"#,
        ),
        (
            r#"[{"instrument_name":"BTC-PERPETUAL","mark_price":5}]"#,
            "the book summary does not say when it was recorded: no row has a creation_timestamp",
        ),
    ] {
        assert_eq!(parse(text).expect_err(sentence).to_string(), sentence);
    }
}
