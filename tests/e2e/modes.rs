//! Segregated, cross and unified accounts side by side.

use crate::support::{Page, Start, Viewport, browse_from};

#[test]
fn the_unified_account_needs_least() {
    let start = Start::Fragment("portfolio=eth-call-btc-future");
    browse_from("modes", Viewport::DESKTOP, start, async |page: &Page| {
        page.click("tab-modes").await;
        const ROW: &str = "return [...document.querySelectorAll('[data-testid=\"modes-table\"] tbody tr:first-child td')] \
            .map(cell => Number(cell.textContent.replace(/[^0-9.]/g, '')))";
        page.wait_for("three figures and what they come from", async || {
            // A table is filled cell by cell.
            let figures: Vec<f64> = page.read(ROW, vec![]).await;
            figures.len() == 3
                && figures.iter().all(|figure| *figure > 0.0)
                && !page.text("modes-sentence").await.is_empty()
        })
        .await;
        let figures: Vec<f64> = page.read(ROW, vec![]).await;
        let [segregated, cross, unified] = figures[..] else { panic!("{figures:?}") };
        assert!(0.0 < unified && unified < cross && cross <= segregated, "{figures:?}");
        let sentence = page.text("modes-sentence").await;
        assert!(sentence.contains("ETH") && sentence.contains("BTC"), "{sentence}");
    });
}
