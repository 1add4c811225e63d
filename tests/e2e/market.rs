//! Markets: those that the page brings, and those from a file.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{Page, Viewport, browse};

const CRASH: &str = "deribit-2026-02-06";
const CALM: &str = "deribit-2026-08-22";

#[test]
fn the_crash_morning_has_figures_of_its_own() {
    browse("crash", Viewport::DESKTOP, async |page: &Page| {
        let calm = page.figures().await;
        page.select("market-select", CRASH).await;
        let crash = page.figures_after(&calm).await;
        crash.assert_sound();
        assert!(crash.initial() > 0.0 && crash.initial() != calm.initial(), "{crash:#?}");
        // A portfolio made for that market.
        page.open_prepared("straddle").await;
        page.figures_after(&crash).await.assert_sound();
        page.rest().await;
        let before = (page.figures().await, page.legs().await);
        page.reload().await;
        assert_eq!((page.figures().await, page.legs().await), before);
        assert_eq!(page.value("market-select").await, CRASH);
    });
}

#[test]
fn another_coin_has_a_chain_and_legs_of_its_own() {
    browse("other-coin", Viewport::DESKTOP, async |page: &Page| {
        let bitcoin = page.figures().await;
        page.click_css("[data-testid=\"chain-coin\"][data-coin=\"ETH\"]").await;
        page.trade("ETH-PERPETUAL").await;
        let both = page.figures_after(&bitcoin).await;
        both.assert_sound();
        assert!(both.initial() > bitcoin.initial(), "{bitcoin:#?} {both:#?}");
        // The crash morning is Bitcoin's alone.
        page.select("market-select", CRASH).await;
        let error = page.text("figures-error").await;
        assert!(error.contains("ETH-PERPETUAL"), "{error}");
        page.select("market-select", CALM).await;
        page.wait_for("the figures of before", async || page.figures().await == both).await;
    });
}

#[test]
fn a_leg_that_has_expired_in_another_market_is_explained() {
    browse("expired", Viewport::DESKTOP, async |page: &Page| {
        page.select("market-select", CRASH).await;
        page.open_prepared("straddle").await;
        let crash = page.figures().await;
        page.select("market-select", CALM).await;
        let error = page.text("figures-error").await;
        assert!(error.contains("No figures") && error.contains("expired"), "{error}");
        assert_eq!(page.legs().await.len(), 2, "the legs are still there");
        // They come back with their market, also after a reload in between.
        page.rest().await;
        page.reload().await;
        assert!(page.text("figures-error").await.contains("expired"));
        page.select("market-select", CRASH).await;
        page.wait_for("the figures of before", async || page.figures().await == crash).await;
        assert!(page.all_by_testid("figures-error").await.is_empty());
    });
}

#[test]
fn a_market_from_a_file_is_used_and_kept() {
    browse("own-market", Viewport::DESKTOP, async |page: &Page| {
        let before = page.figures().await;
        pick(page, "round.json", &round_chain(vec![]).to_string()).await;
        let own = page.figures_after(&before).await;
        own.assert_sound();
        assert!(own.initial() > 0.0, "{own:#?}");
        assert_eq!(page.value("market-select").await, "own");
        assert_eq!(page.notices().await, Vec::<String>::new());
        page.open_prepared("straddle").await;
        // The strike nearest to the round forward.
        let legs = ["BTC-25SEP26-100000-C", "BTC-25SEP26-100000-P"].map(|name| (name.to_owned(), "−5".to_owned()));
        assert_eq!(page.legs().await, legs);
        page.rest().await;
        let before = page.figures().await;
        page.reload().await;
        assert_eq!((page.figures().await, page.value("market-select").await), (before, "own".to_owned()));
        page.select("market-select", CALM).await;
        assert_eq!(page.value("market-select").await, CALM);
    });
}

#[test]
fn bad_rows_of_a_market_file_are_told_and_the_good_ones_used() {
    browse("bad-rows", Viewport::DESKTOP, async |page: &Page| {
        let before = page.figures().await;
        let bad = vec![json!({ "instrument_name": "BTC-99SEP26-100000-C" }), json!(17)];
        pick(page, "partly.json", &round_chain(bad).to_string()).await;
        page.figures_after(&before).await.assert_sound();
        assert_eq!(page.value("market-select").await, "own");
        let notices = page.notices().await;
        assert_eq!(notices.len(), 1, "{notices:?}");
        for part in ["partly.json: 2 rows", "BTC-99SEP26-100000-C", "not an object"] {
            assert!(notices[0].contains(part), "{part}: {notices:?}");
        }
    });
}

#[test]
fn a_file_that_is_no_market_changes_nothing() {
    browse("garbage", Viewport::DESKTOP, async |page: &Page| {
        let before = (page.figures().await, page.legs().await);
        for (name, text) in
            [("garbage.json", "strike;vol\n1;2\n"), ("other.json", "{\"result\":[]}"), ("empty.json", "")]
        {
            pick(page, name, text).await;
            let told = async || page.notices().await.iter().any(|notice| notice.starts_with(name));
            page.wait_for("a notice", told).await;
            let notices = page.notices().await;
            let notice = notices.iter().find(|notice| notice.starts_with(name)).expect("just seen");
            assert!(notice.contains("is not a market") && notice.ends_with("Nothing was changed."), "{notice}");
        }
        assert_eq!((page.figures().await, page.legs().await), before);
        assert_eq!(page.value("market-select").await, CALM);
    });
}

/// Chooses a file of this name and content in the page's file input.
async fn pick(page: &Page, name: &str, text: &str) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("picked");
    fs::create_dir_all(&folder).expect("a folder for files to pick");
    let file = folder.join(name);
    fs::write(&file, text).expect("a file to pick");
    let path = file.to_str().expect("a path in UTF-8");
    page.by_testid("market-file").await.send_keys(path).await.expect("a file is picked");
}

/// A chain that nobody ever quoted: one expiry, a flat vol of 50 %, an index of 100,000.
fn round_chain(more: Vec<Value>) -> Value {
    let quote = |name: &str, mark: f64| {
        json!({
            "instrument_name": name,
            "mark_price": mark,
            "mark_iv": 50,
            "underlying_price": 100_000,
            "estimated_delivery_price": 100_000,
            "creation_timestamp": 1_787_400_000_000_i64,
        })
    };
    let mut rows = vec![quote("BTC-PERPETUAL", 100_000.0), quote("BTC-25SEP26", 100_000.0)];
    for (strike, call, put) in [(80_000, 0.21, 0.01), (100_000, 0.06, 0.06), (120_000, 0.01, 0.21)] {
        rows.push(quote(&format!("BTC-25SEP26-{strike}-C"), call));
        rows.push(quote(&format!("BTC-25SEP26-{strike}-P"), put));
    }
    rows.extend(more);
    json!({ "jsonrpc": "2.0", "result": rows })
}

/// A clearing house's file in the shape of PC-SPAN 4; the figures are made up.
const RISK_FILE: &str = r#"<?xml version="1.0"?>
<spanFile><fileFormat>4.00</fileFormat><created>20260821</created><pointInTime><date>20260821</date><isSetl>1</isSetl>
<clearingOrg><ec>TEST</ec><ccDef><cc>BTC</cc><name>Bitcoin</name><currency>USD</currency></ccDef>
<futPf><pfCode>BTC</pfCode><pfId>1</pfId><cvf>1.0</cvf><fut><cId>1</cId><pe>20260925</pe><p>80000</p><d>1.0</d><v>0.5</v>
<ra><a>0</a><a>0</a><a>4000</a><a>4000</a><a>-4000</a><a>-4000</a><a>8000</a><a>8000</a><a>-8000</a><a>-8000</a>
<a>12000</a><a>12000</a><a>-12000</a><a>-12000</a><a>8400</a><a>-8400</a><d>1.0</d></ra></fut></futPf>
</clearingOrg></pointInTime></spanFile>"#;

#[test]
fn a_clearing_houses_file_sets_the_parameters_of_span() {
    browse("risk-file", Viewport::DESKTOP, async |page: &Page| {
        let before = page.figures().await;
        pick(page, "parameters.spn", RISK_FILE).await;
        let span = page.figures_after(&before).await;
        span.assert_sound();
        // A file that is none changes nothing.
        pick(page, "broken.spn", "<spanFile><created>").await;
        let told = async || page.notices().await.iter().any(|notice| notice.starts_with("broken.spn is no risk"));
        page.wait_for("a notice", told).await;
        assert_eq!(page.figures().await, span);
    });
}
