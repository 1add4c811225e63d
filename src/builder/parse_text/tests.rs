use margin_engine::account::{Quantity, QuantityUnit};

use super::*;
use crate::state::markets::{BUNDLED, named};

fn market() -> Market {
    named(BUNDLED[0].name).expect("tested elsewhere").as_ref().clone()
}

fn read(text: &str) -> Parsed {
    parse(text, &market())
}

fn one(line: &str) -> (String, Quantity, Option<f64>) {
    let parsed = read(line);
    assert_eq!(parsed.problems, [], "{line}");
    assert_eq!(parsed.positions.len(), 1, "{line}");
    let position = parsed.positions[0];
    (position.instrument.to_string(), position.quantity, position.entry_price)
}

#[test]
fn the_ways_people_write_a_position() {
    let call = "BTC-25SEP26-120000-C";
    for (line, name, quantity) in [
        ("-10 BTC-25SEP26-120000-C", call, Quantity::coins(-10.0)),
        ("−10 BTC-25SEP26-120000-C", call, Quantity::coins(-10.0)),
        ("- 10 btc-25sep26-120000-c", call, Quantity::coins(-10.0)),
        ("BTC-25SEP26-120000-C -10", call, Quantity::coins(-10.0)),
        ("short 3 BTC-25SEP26-120000-C", call, Quantity::coins(-3.0)),
        ("sell 3x BTC-25SEP26-120000-C", call, Quantity::coins(-3.0)),
        ("SOLD -3 × BTC-25SEP26-120000-C", call, Quantity::coins(-3.0)),
        ("buy 10x BTC-25SEP26-120000-C", call, Quantity::coins(10.0)),
        ("x10 BTC-25SEP26-120000-C", call, Quantity::coins(10.0)),
        ("5 contracts of BTC-25SEP26-120000-C", call, Quantity::coins(5.0)),
        ("BTC-PERPETUAL +2.5", "BTC-PERPETUAL", Quantity::coins(2.5)),
        ("BTC-PERP 2.5 BTC", "BTC-PERPETUAL", Quantity::coins(2.5)),
        ("BTC-PERPETUAL 25000 USD", "BTC-PERPETUAL", Quantity::quote(25_000.0)),
        ("BTC-PERPETUAL 25,000 usd", "BTC-PERPETUAL", Quantity::quote(25_000.0)),
        ("BTC-PERPETUAL -$25,000", "BTC-PERPETUAL", Quantity::quote(-25_000.0)),
        ("short 25000USD BTC-25SEP26", "BTC-25SEP26", Quantity::quote(-25_000.0)),
        ("BTC-PERPETUAL\t-2", "BTC-PERPETUAL", Quantity::coins(-2.0)),
        ("BTC-PERPETUAL; -2; USD", "BTC-PERPETUAL", Quantity::quote(-2.0)),
        ("\"BTC-PERPETUAL\",\"25,000\",USD", "BTC-PERPETUAL", Quantity::quote(25_000.0)),
        ("-10,BTC-25SEP26-120000-C", call, Quantity::coins(-10.0)),
        ("5 BTC", "BTC-SPOT", Quantity::coins(5.0)),
        ("ETH_USDC-PERPETUAL 4 # hedge", "ETH_USDC-PERPETUAL", Quantity::coins(4.0)),
        ("\u{a0}BTC-PERPETUAL\u{a0}1\r", "BTC-PERPETUAL", Quantity::coins(1.0)),
    ] {
        let (instrument, read, entry) = one(line);
        assert_eq!((instrument.as_str(), read, entry), (name, quantity, None), "{line}");
    }
}

#[test]
fn shares_their_options_futures_of_exchanges_and_bonds() {
    let market = Market::from_json(
        r#"{"version":1,"time":"2025-10-06T14:00:00Z","underlyings":[
            {"asset":"AAPL","class":"stock","index":256,"expiries":[{"expiry":"17OCT25","smile":[[255,0.3]]}]},
            {"asset":"SPX","class":"index","index":6700,"expiries":[{"expiry":"18DEC26","smile":[[5000,0.2]]}]},
            {"asset":"ES","class":"index","index":6700,"contract_size":50,"expiries":[]},
            {"asset":"UST","class":"bond","yields":[[10,0.042]]}]}"#,
    )
    .expect("a market");
    for (line, name, quantity) in [
        ("10 AAPL 17OCT25 255 C", "AAPL251017C00255000", Quantity::coins(10.0)),
        ("sell 3x AAPL 17OCT25 255.0 P @ 4.2", "AAPL251017P00255000", Quantity::coins(-3.0)),
        ("AAPL  251017C00255000 -2", "AAPL251017C00255000", Quantity::coins(-2.0)),
        ("+5 SPXW261218P05000000", "SPXW261218P05000000", Quantity::coins(5.0)),
        ("-5 contracts SPXW261218P05000000", "SPXW261218P05000000", Quantity::coins(-5.0)),
        ("-300 AAPL", "AAPL-SPOT", Quantity::coins(-300.0)),
        ("100,000 UST-4.25%-15NOV34", "UST-4.25%-15NOV34", Quantity::coins(100_000.0)),
        ("-2 /ES-18DEC25", "/ES-18DEC25", Quantity::coins(-2.0)),
        ("symbol,quantity\nAAPL  251017C00255000,4", "AAPL251017C00255000", Quantity::coins(4.0)),
        ("symbol,quantity\nAAPL 17OCT25 255 C,4", "AAPL251017C00255000", Quantity::coins(4.0)),
    ] {
        let parsed = parse(line, &market);
        assert_eq!(parsed.problems, [], "{line}");
        let [position] = parsed.positions[..] else { panic!("{line}") };
        assert_eq!((position.instrument.to_string().as_str(), position.quantity), (name, quantity), "{line}");
    }
}

#[test]
fn entry_prices() {
    for line in ["-1 BTC-25SEP26-84000-C @ 0.02", "-1 BTC-25SEP26-84000-C @0.02", "at 0.02 BTC-25SEP26-84000-C -1"] {
        assert_eq!(one(line).2, Some(0.02), "{line}");
    }
}

#[test]
fn tables_with_a_header() {
    for table in [
        "Instrument,Side,Qty,Avg. price,Mark\nBTC-25SEP26-84000-C,sell,3,0.02,0.0203\nBTC-PERPETUAL,buy,\"2,000\",,77081\n",
        "symbol\tdirection\tsize\tentry price\nBTC-25SEP26-84000-C\tSELL\t-3\t0.02\nBTC-PERPETUAL\tbuy\t2000\t\n",
        "\u{feff}name;amount;side;entry\r\n\"btc-25sep26-84000-c\";3;short;0.02\r\nBTC-PERPETUAL;2,000;long;\r\n",
    ] {
        let parsed = read(table);
        assert_eq!(parsed.problems, [], "{table}");
        let [call, perpetual] = parsed.positions[..] else { panic!("{table}") };
        assert_eq!((call.quantity, call.entry_price), (Quantity::coins(-3.0), Some(0.02)), "{table}");
        assert_eq!((perpetual.quantity, perpetual.entry_price), (Quantity::coins(2000.0), None), "{table}");
    }
    let parsed = read("instrument,quantity,unit\nBTC-PERPETUAL,25000,USD\n");
    assert_eq!(parsed.positions[0].quantity.unit, QuantityUnit::Quote);
    // A header of words, and a line that is not of the table.
    assert_eq!(read("instrument quantity\nBTC-PERPETUAL 1").positions.len(), 1);
    assert_eq!(read("instrument,quantity\nBTC-PERPETUAL 1").positions.len(), 1);
}

#[test]
fn every_failure_is_a_sentence_with_the_value() {
    for (line, part) in [
        ("BTC-PERPETUAL", "The quantity of BTC-PERPETUAL is missing."),
        ("-10", "The instrument is missing"),
        ("BTC-PERPETUAL 1 2", "There are two numbers, the second is \"2\""),
        ("BTC-PERPETUAL ETH-PERPETUAL 2", "There are two instruments"),
        ("BTC-PERPETUAL 2 USD USD", "There are two currencies"),
        ("buy sell 2 BTC-PERPETUAL", "There are two directions"),
        ("0 BTC-PERPETUAL", "The quantity of BTC-PERPETUAL is zero."),
        ("-0.0 BTC-PERPETUAL", "is zero."),
        ("1 BTC-25SEP26-84000-X", "\"X\" is neither C (call) nor P (put)."),
        ("1 BTC-99SEP26", "\"99SEP26\" is not an expiry date"),
        ("1 25SEP26-84000-C", "write BTC-25SEP26-84000-C"),
        ("1 DOGE-PERPETUAL", "DOGE"),
        ("1 BTC-PERPETUAL please", "\"please\" is neither"),
        ("NaN BTC-PERPETUAL", "The quantity \"NaN\" is not a finite number."),
        ("-inf BTC-PERPETUAL", "The quantity \"-inf\" is not a finite number."),
        ("1e999 BTC-PERPETUAL", "The quantity \"1e999\" is too large."),
        ("2,5 BTC-PERPETUAL", "two numbers"),
        ("2.5.1 BTC-PERPETUAL", "The quantity \"2.5.1\" is not a number."),
        ("5 USD BTC-25SEP26-84000-C", "counted in coins"),
        ("5 ETH BTC-PERPETUAL", "A quantity counts BTC or USD, not \"ETH\""),
        ("5 contracts BTC-PERPETUAL", "Contracts of BTC-PERPETUAL are not counted here"),
        ("1 BTC-28JUN24-60000-C", "expired at 2024-06-28"),
        ("buy -3 BTC-PERPETUAL", "its quantity is −3"),
        ("1 BTC-PERPETUAL @", "entry price after @ is missing"),
        ("1 BTC-PERPETUAL @x", "The entry price \"x\" is not a number."),
        ("1 BTC-PERPETUAL @-5", "entry price of BTC-PERPETUAL is -5"),
        ("BTC-PERPETUAL,1,000", "one number or several fields"),
        ("instrument,size,amount", "two quantity columns, \"size\" and \"amount\""),
        ("instrument,size\nBTC-PERPETUAL,ten", "The quantity \"ten\" is not a number."),
        ("instrument,size\nBTC-PERPETUAL,\"2,5\"", "decimals are written with a point"),
        ("instrument,size\nBTC-PERPETUAL,", "The quantity of BTC-PERPETUAL is missing."),
        ("instrument,size\n,5", "The instrument is missing"),
        ("instrument,size\nBTC-PERPETUAL,25,000", "The line has 3 fields where the header names 2"),
        ("instrument,size,side\nBTC-PERPETUAL,25,up", "The direction \"up\" is neither buy nor sell."),
    ] {
        let parsed = read(line);
        assert_eq!(parsed.positions, [], "{line}");
        let reason = &parsed.problems.first().expect(line).reason;
        assert!(reason.contains(part) && reason.ends_with('.'), "{line}: {reason}");
    }
}

#[test]
fn good_lines_are_taken_and_bad_ones_stay_under_their_header() {
    let text = "# my book\n\ninstrument,quantity\nBTC-PERPETUAL,1\nBTC-PERPETUAL,ten\nBTC-25SEP26,2\nFOO,1\n";
    let parsed = read(text);
    assert_eq!(parsed.positions.len(), 2);
    let lines: Vec<usize> = parsed.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [5, 7]);
    assert_eq!(parsed.rest, "instrument,quantity\nBTC-PERPETUAL,ten\nFOO,1\n");
    assert_eq!(read(&parsed.rest).problems.len(), 2);
    assert_eq!(read("# nothing\n\n  \n"), Parsed::default());
}

#[test]
fn endless_texts_end() {
    let many = "BTC-PERPETUAL 1\n".repeat(MAX_LINES + 7);
    let parsed = read(&many);
    assert_eq!(parsed.positions.len(), MAX_LINES);
    assert!(parsed.problems[0].reason.contains("7 more stay"), "{:?}", parsed.problems);
    assert_eq!(parsed.rest.lines().count(), 7);
    let long = "1".repeat(10_000_000);
    let parsed = read(&long);
    assert!(parsed.problems[0].reason.contains("longer than"));
    assert!(parsed.problems[0].text.len() < 100);
    assert_eq!(read(&"\n".repeat(1_000_000)), Parsed::default());
}

/// Lines made of pieces that mean something, in an order that a fixed generator picks.
#[test]
fn no_line_panics_and_none_is_lost() {
    const PIECES: [&str; 34] = [
        "-10",
        "−",
        "+",
        "25,000",
        ",",
        ";",
        "\t",
        " ",
        "\"",
        "BTC",
        "-",
        "PERPETUAL",
        "25SEP26",
        "84000",
        "C",
        "@",
        "x",
        "USD",
        "$",
        "sell",
        "buy",
        "1e999",
        "nan",
        "#",
        "instrument",
        "quantity",
        "side",
        "é",
        "🦀",
        "\u{feff}",
        "0",
        ".",
        "d",
        "\r",
    ];
    let market = market();
    let mut state = 1_u64;
    for _ in 0..5_000 {
        let mut line = String::new();
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            line.push_str(PIECES[usize::try_from(state >> 33).expect("31 bits") % PIECES.len()]);
        }
        let parsed = parse(&line, &market);
        let is_nothing = without_comment(&line).is_empty();
        let is_header = Columns::read(without_comment(&line)).is_ok_and(|columns| columns.is_some());
        assert_eq!(parsed.positions.len() + parsed.problems.len(), usize::from(!is_nothing && !is_header), "{line:?}");
        assert!(parsed.positions.iter().all(|position| position.quantity.amount.is_finite()), "{line:?}");
    }
}
