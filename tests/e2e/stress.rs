//! Scenarios: the library, its details, one's own, and the way to the what-if.

use crate::support::{Page, Viewport, browse};

/// P&L by scenario.
const READ: &str = "return Object.fromEntries([...document.querySelectorAll('[data-testid=\"stress-row\"]')].map(row => \
    [row.dataset.scenario, Number(row.querySelector('[data-testid=\"stress-pnl\"]').dataset.value)]))";

async fn pnl(page: &Page, scenario: &str) -> f64 {
    let all: serde_json::Value = page.read(READ, vec![]).await;
    all[scenario].as_f64().unwrap_or(f64::NAN)
}

#[test]
fn the_account_goes_through_crises() {
    browse("stress", Viewport::DESKTOP, async |page: &Page| {
        page.click("tab-stress").await;
        page.by_testid("stress-table").await;
        page.wait_for("figures", async || pnl(page, "2020-03-12").await.is_finite()).await;
        assert!(page.all_by_testid("stress-row").await.len() >= 13);
        // The opening portfolio has collateral for its usual days.
        let standing: Vec<String> = page
            .read("return [...document.querySelectorAll('[data-testid=\"stress-standing\"]')].map(e => e.dataset.standing)", vec![])
            .await;
        assert_eq!(standing[0], "healthy");
        assert!(["liquidation", "bankrupt"].contains(&standing[1].as_str()), "{standing:?}");

        // A row opens: its words, and legs that sum to its P&L.
        page.click_css("[data-scenario=\"2020-03-12\"] button").await;
        let words = page.text("stress-details").await;
        assert!(words.contains("BTC −37.2") && words.contains("Yahoo Finance"), "{words}");
        let legs: Vec<f64> = page
            .read("return [...document.querySelectorAll('[data-testid=\"stress-legs\"] [data-value]')].map(e => Number(e.dataset.value))", vec![])
            .await;
        let total = pnl(page, "2020-03-12").await;
        assert!((legs.iter().sum::<f64>() - total).abs() < 1e-6 * total.abs(), "{legs:?} {total}");

        // One's own follows the sliders, and is the library's where it says the same.
        page.set_value("own-price", "-20").await;
        page.wait_for("one's own", async || pnl(page, "own").await == pnl(page, "down-20").await).await;
        page.click("own-reset").await;
        page.wait_for("nothing", async || pnl(page, "own").await == 0.0).await;

        // What the what-if can show, it shows.
        page.click_css("[data-scenario=\"down-20\"] button").await;
        page.click("stress-what-if").await;
        page.wait_for("the what-if", async || page.value("spot-shift").await == "-20").await;
    });
}

#[test]
fn on_a_phone_the_scenarios_fit() {
    browse("stress-phone", Viewport::PHONE, async |page: &Page| {
        page.click("tab-stress").await;
        page.by_testid("stress-table").await;
        let width: f64 = page
            .read("const tab = document.querySelector('[data-testid=\"stress\"]'); return Math.max(tab.scrollWidth, tab.getBoundingClientRect().right)", vec![])
            .await;
        assert!(width <= 390.0, "{width}");
    });
}
