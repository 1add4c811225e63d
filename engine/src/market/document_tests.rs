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
        ("\"forward\":77403.11,", "", "missing field `forward`"),
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
