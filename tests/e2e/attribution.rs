//! What each leg adds: the shares that are shown sum to the requirement that is shown.

use crate::support::{Page, Viewport, browse};

/// The figures of the table, in full precision: shares and the rest, and last the sum.
const READ: &str = "return [...document.querySelectorAll('[data-testid=\"attribution-table\"] td[data-value]')]\
    .map(cell => Number(cell.dataset.value))";
/// The same as they are written, in whole dollars.
const READ_TEXT: &str = "return [...document.querySelectorAll('[data-testid=\"attribution-table\"] td[data-value]')]\
    .map(cell => Number(cell.innerText.split('\\n')[0].replace('\\u2212', '-').replace(/[$,]/g, '')))";

async fn assert_sums(page: &Page, requirement: f64, what: &str) {
    let is_there = async || page.read::<Vec<f64>>(READ, vec![]).await.last().is_some_and(|sum| *sum == requirement);
    page.wait_for(what, is_there).await;
    for script in [READ, READ_TEXT] {
        let figures: Vec<f64> = page.read(script, vec![]).await;
        let (sum, shares) = figures.split_last().expect("a sum");
        // As written each is rounded to a dollar.
        let off = (shares.iter().sum::<f64>() - sum).abs();
        assert!(off <= 0.5 * figures.len() as f64, "{what}: {shares:?} do not sum to {sum}");
    }
}

#[test]
fn the_shares_that_are_shown_sum_to_the_requirement() {
    browse("attribution", Viewport::DESKTOP, async |page: &Page| {
        page.click("tab-attribution").await;
        let figures = page.figures().await;
        for way in ["way-shapley", "way-marginal", "way-last-out", "way-alone"] {
            page.click("attribution-initial").await;
            page.by_testid("attribution-table").await;
            page.click(way).await;
            assert_sums(page, figures.initial(), way).await;
            page.click("attribution-maintenance").await;
            assert_sums(page, figures.number("maintenance-margin"), way).await;
        }
        let sentence = page.text("pair-sentence").await;
        assert!(sentence.contains(" save $"), "{sentence}");
        // A leg less: the table follows.
        let before: Vec<f64> = page.read(READ, vec![]).await;
        page.click("leg-remove").await;
        page.wait_for("fewer shares", async || page.read::<Vec<f64>>(READ, vec![]).await.len() < before.len()).await;
        let figures = page.figures().await;
        assert_sums(page, figures.number("maintenance-margin"), "without a leg").await;
    });
}

#[test]
fn on_a_phone_the_table_fits() {
    browse("attribution-phone", Viewport::PHONE, async |page: &Page| {
        page.click("tab-attribution").await;
        page.by_testid("attribution-table").await;
        let width: f64 = page
            .read("const tab = document.querySelector('[data-testid=\"attribution\"]'); return Math.max(tab.scrollWidth, tab.getBoundingClientRect().right)", vec![])
            .await;
        assert!(width <= 390.0, "{width}");
    });
}
