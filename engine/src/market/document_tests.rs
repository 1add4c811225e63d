use super::*;

const SMALL: &str = r#"{"version":1,"title":"Two coins","source":"made up","time":"2026-08-22T15:33:51Z","fx":{"EUR":1.15},"underlyings":[{"asset":"BTC","index":77081.8,"perpetual":77085.5,"expiries":[{"expiry":"25SEP26","forward":77403.11,"rate":0.01,"smile":[[60000,0.5],[80000,0.4]],"strikes":[60000,70000,80000]},{"expiry":"30OCT26","forward":77722,"smile":[[80000,0.4]]}]},{"asset":"ETH","index":2410,"expiries":[]}]}"#;

fn refusal(from: &str, to: &str) -> String {
    let text = SMALL.replacen(from, to, 1);
    assert_ne!(text, SMALL, "{from} is not in the document");
    Market::from_json(&text).expect_err(to).to_string()
}

#[test]
fn text_and_market_survive_a_round_trip() {
    let market = Market::from_json(SMALL).expect("valid");
    let document = MarketDocument::from(&market);
    assert_eq!(document.to_json(), SMALL);
    assert_eq!(Market::try_from(document), Ok(market));
}

const SHARES: &str = r#"{"version":1,"time":"2026-08-24T14:00:00Z","fx":{"INR":0.0115},"underlyings":[{"asset":"AAPL","class":"stock","index":230,"dividend_yield":0.001,"dividends":[{"ex_date":"9NOV26","amount":0.27}],"expiries":[{"expiry":"18DEC26","forward":231.5,"rate":0.04,"smile":[[230,0.25]]}]},{"asset":"SQQQ","class":"etf","index":15.5,"leverage":-3.0,"expiries":[]},{"asset":"NIFTY","class":"index","index":25000,"quote":"INR","contract_size":65.0,"expiries":[]}]}"#;

#[test]
fn issuers_and_bond_futures_survive_a_round_trip() {
    let text = r#"{"version":1,"time":"2026-08-24T14:00:00Z","underlyings":[{"asset":"UST","class":"bond","index":100,"yields":[[2,0.036],[10,0.042]],"expiries":[]},{"asset":"ZN","class":"bond","index":112,"contract_size":1000.0,"deliverable":{"coupon_annual":0.06,"years":10.0},"expiries":[]}]}"#;
    let market = Market::from_json(text).expect("valid");
    assert_eq!(MarketDocument::from(&market).to_json(), text);
    // The index of an issuer is for 100 of face, and may be left out.
    assert_eq!(Market::from_json(&text.replacen("\"index\":100,", "", 1)), Ok(market.clone()));
    let issuer = &market.underlyings()[0];
    assert_eq!((issuer.index(), market.usd_per(issuer.asset())), (100.0, Some(1.0)));
    for (years, expected) in [(1.0, 0.036), (2.0, 0.036), (6.0, 0.039), (10.0, 0.042), (40.0, 0.042)] {
        assert!((issuer.bond_yield(years).expect("a curve") - expected).abs() < 1e-16, "{years}");
    }
}

#[test]
fn shares_and_indexes_survive_a_round_trip() {
    let market = Market::from_json(SHARES).expect("valid");
    let document = MarketDocument::from(&market);
    assert_eq!(document.to_json(), SHARES);
    assert_eq!(Market::try_from(document), Ok(market.clone()));
    let [apple, short, nifty] = market.underlyings() else { panic!("three") };
    assert_eq!((apple.terms().class, apple.terms().leverage), (UnderlyingClass::Stock, 1.0));
    assert_eq!(apple.expiries()[0].expiry().timestamp().to_string(), "2026-12-18T21:00:00Z");
    assert_eq!((short.terms().class, short.terms().leverage), (UnderlyingClass::Etf, -3.0));
    assert_eq!(nifty.terms().contract_size, 65.0);
    assert_eq!(market.usd_per(nifty.asset()), Some(25_000.0 * 0.0115));
    for (from, to, sentence) in [
        ("-3.0", "0.5", "SQQQ: the leverage must be between 1 and 5, or -1 and -5, not 0.5"),
        ("65.0", "0", "NIFTY: the contract size must be a positive price, not 0"),
        ("0.27", "-1", "AAPL: the dividend must be a positive price, not -1"),
        ("9NOV26", "31NOV26", "AAPL: \"31NOV26\" is not an expiry date; write it like 25SEP26"),
        ("0.001", "11", "AAPL: the dividend yield must be between -10 and 10, not 11"),
        (
            "\"INR\",",
            "\"I-R\",",
            "NIFTY: \"I-R\" is not a currency: a ticker is one to twelve letters or digits, such as BTC or USD",
        ),
    ] {
        let refused = Market::from_json(&SHARES.replacen(from, to, 1)).expect_err(to).to_string();
        assert_eq!(refused, sentence);
    }
}

#[test]
fn a_forward_that_is_left_out_follows_from_rate_and_dividends() {
    // 82 days and 116 + 7/24 days at 14:00 UTC; the ex-date counts from midnight, the expiry is at 21:00 UTC.
    let forward = |json: &str| {
        let market = Market::from_json(json).expect(json);
        let expiry = market.underlyings()[0].expiries()[0].expiry();
        market.underlyings()[0].forward(expiry)
    };
    let (ex, years) = ((76.0 + 10.0 / 24.0) / 365.0, (116.0 + 7.0 / 24.0) / 365.0);
    let left_out = SHARES.replacen("\"forward\":231.5,", "", 1);
    let close = |left: f64, right: f64| assert!((left / right - 1.0).abs() < 1e-14, "{left} {right}");
    close(forward(&left_out), (230.0 - 0.27 * (-0.04_f64 * ex).exp()) * ((0.04_f64 - 0.001) * years).exp());
    // On the day of the expiry the share has gone without it; the day after it is not yet.
    let last = (115.0 + 10.0 / 24.0) / 365.0;
    let on_the_day = left_out.replacen("9NOV26", "18DEC26", 1);
    close(forward(&on_the_day), (230.0 - 0.27 * (-0.04_f64 * last).exp()) * ((0.04_f64 - 0.001) * years).exp());
    for none in ["19DEC26", "24AUG26"] {
        close(forward(&left_out.replacen("9NOV26", none, 1)), 230.0 * ((0.04_f64 - 0.001) * years).exp());
    }
    let refused = Market::from_json(&left_out.replacen("0.27", "300", 1)).expect_err("more than the share is worth");
    assert!(refused.to_string().starts_with("AAPL 18DEC26: the forward must be a positive price"), "{refused}");
}

#[test]
fn what_is_left_out_has_its_default() {
    let market =
        Market::from_json(r#"{"version":1,"time":"2026-08-22T15:33:51Z","underlyings":[{"asset":"btc","index":5}]}"#)
            .expect("valid");
    let coin = market.underlying(Asset::BTC).expect("listed");
    assert_eq!((coin.perpetual_mark(), coin.quotes_perpetual()), (5.0, false));
    assert!(coin.expiries().is_empty());
}

#[test]
fn every_fault_is_a_sentence() {
    for (from, to, sentence) in [
        ("\"version\":1", "\"version\":2", "the market file is of version 2; this program reads version 1"),
        ("2026-08-22T", "2026-13-22T", "\"2026-13-22T15:33:51Z\" is not a time; write it like 2026-08-22T15:33:51Z"),
        (
            "\"BTC\"",
            "\"B-C\"",
            "\"B-C\" is not a currency: a ticker is one to twelve letters or digits, such as BTC or USD",
        ),
        ("25SEP26", "25SEX26", "BTC: \"25SEX26\" is not an expiry date; write it like 25SEP26"),
        ("\"ETH\"", "\"BTC\"", "BTC: the underlying occurs twice"),
        ("30OCT26", "25SEP26", "BTC 25SEP26: the expiry occurs twice"),
        ("77081.8", "-1", "BTC: the index must be a positive price, not -1"),
        ("77085.5", "0", "BTC: the perpetual's mark must be a positive price, not 0"),
        ("77403.11", "1e300", "BTC 25SEP26: the forward must be a positive price, not 1e300"),
        (
            "0.01",
            "5e1",
            "BTC 25SEP26: the discount rate must lie between -10 and 10 per year, where 0.05 means 5 %; it is 50",
        ),
        (
            "0.5]",
            "-0.5]",
            "BTC 25SEP26: the vol at strike 60000 must lie between 0 and 100, where 0.55 means 55 %; it is -0.5",
        ),
        ("[80000,0.4]", "[60000,0.4]", "BTC 25SEP26: the strike 60000 occurs twice"),
        ("[60000,0.5]", "[0,0.5]", "BTC 25SEP26: the strike of a vol must be a positive price, not 0"),
        ("[60000,70000", "[-60000,70000", "BTC 25SEP26: the listed strike must be a positive price, not -60000"),
        ("[60000,70000", "[70000,70000", "BTC 25SEP26: the strike 70000 occurs twice"),
        ("1.15", "0", "EUR: the rate in US dollars must be a positive price, not 0"),
        ("\"EUR\":1.15", "\"USD\":2", "USD: one US dollar is worth 1 US dollar, not 2"),
        ("\"EUR\":1.15", "\"EUR\":1.15,\"eur\":1.2", "EUR: the currency is quoted twice"),
        (
            "\"EUR\"",
            "\"€\"",
            "\"€\" is not a currency: a ticker is one to twelve letters or digits, such as BTC or USD",
        ),
    ] {
        assert_eq!(refusal(from, to), sentence);
    }
}

#[test]
fn what_is_no_document_is_told_so() {
    for (from, to, part) in [
        ("\"rate\"", "\"rte\"", "unknown field `rte`"),
        ("\"index\":77081.8", "\"index\":\"77081.8\"", "expected a number"),
        ("\"smile\":[[60000,0.5],", "\"smil\":[[60000,0.5],", "unknown field `smil`"),
        ("\"expiry\":\"25SEP26\",", "", "missing field `expiry`"),
        ("[60000,0.5]", "[60000]", "an array of length 2"),
        ("[60000,0.5]", "[60000,1e999]", "number out of range"),
        ("{\"version\"", "\"version\"", "trailing characters"),
    ] {
        let sentence = refusal(from, to);
        assert!(sentence.starts_with("this is not a market file: ") && sentence.contains(part), "{sentence}");
    }
    let no_coin = r#"{"version":1,"time":"2026-08-22T15:33:51Z","underlyings":[]}"#;
    assert_eq!(Market::from_json(no_coin).expect_err("empty").to_string(), "the market has no underlying");
}
