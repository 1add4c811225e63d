//! A path that drives an account into liquidation.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::support::{Page, Start, Viewport, browse_from};

/// Ten short puts on a little collateral, in the page's first market, as a share link holds it.
fn fragment(collateral_usd: f64) -> String {
    let request = json!({
        "version": 1,
        "account": {
            "positions": [
                { "instrument": "BTC-25SEP26-70000-P", "quantity": -10 },
                { "instrument": "BTC-25SEP26-84000-C", "quantity": -5 },
            ],
            "balances": if collateral_usd > 0.0 { json!([{ "asset": "USDC", "amount": collateral_usd }]) } else { json!([]) },
        },
        "market": "deribit-2026-08-22",
        "methodology": { "id": "deribit-portfolio" },
    });
    format!("state={}", URL_SAFE_NO_PAD.encode(request.to_string()))
}

/// The heads of a table's rows.
const HEADS: &str = "return [...document.querySelectorAll(`[data-testid=\"${arguments[0]}\"] tbody th`)] \
    .map(cell => cell.textContent)";

async fn outcome(page: &Page) -> String {
    let verdict = page.by_testid("liquidation-verdict").await;
    verdict.attr("data-outcome").await.expect("there").unwrap_or_default()
}

#[test]
fn a_crash_is_liquidated_in_rounds_and_compared() {
    browse_from("liquidation", Viewport::DESKTOP, Start::Fragment(&fragment(260_000.0)), async |page: &Page| {
        page.click("tab-liquidation").await;
        page.set_value("liquidation-severity", "-50").await;
        page.wait_for("the end of the crash", async || {
            ["safe", "closed", "bankrupt"].contains(&outcome(page).await.as_str())
        })
        .await;
        let rounds: Vec<String> = page.read(HEADS, vec![json!("liquidation-rounds")]).await;
        assert!(rounds[0] == "today" && rounds.iter().any(|head| head.starts_with("hedge: ")), "{rounds:?}");
        assert!(rounds.iter().any(|head| head.starts_with("buy ") || head.starts_with("sell ")), "{rounds:?}");
        let ways: Vec<String> = page.read(HEADS, vec![json!("liquidation-ways")]).await;
        assert_eq!(ways, ["in rounds", "by auction", "all at once", "cross era", "isolated era"]);
        assert!(page.text("liquidation-saved").await.starts_with("Not dumping the book "));
        page.click_css("[data-testid=\"liquidation-mechanism\"][data-value=\"auction\"]").await;
        page.wait_for("an auction", async || {
            let rounds: Vec<String> = page.read(HEADS, vec![json!("liquidation-rounds")]).await;
            rounds.iter().any(|head| head.contains("of the account sold") || head.contains("fund takes over"))
        })
        .await;
    });
}

#[test]
fn much_collateral_survives_and_none_is_told() {
    browse_from("liquidation-rich", Viewport::DESKTOP, Start::Fragment(&fragment(9e6)), async |page: &Page| {
        page.click("tab-liquidation").await;
        page.wait_for("it survives", async || outcome(page).await == "survives").await;
        assert!(page.text("liquidation-verdict").await.contains("at the worst the requirement takes"));
    });
    browse_from("liquidation-bare", Viewport::DESKTOP, Start::Fragment(&fragment(0.0)), async |page: &Page| {
        page.click("tab-liquidation").await;
        assert!(page.text("liquidation-empty").await.starts_with("Deposit collateral first"));
    });
}
