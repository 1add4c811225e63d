//! The range that follows the regime, through time.

use crate::support::{Page, Viewport, browse};

#[test]
fn the_range_through_time_is_shown_where_it_is_the_rule() {
    browse("range-history", Viewport::DESKTOP, async |page: &Page| {
        assert!(page.all_by_testid("range-panel").await.is_empty());
        let before = page.figures().await;
        page.select("methodology-select", "regime-adaptive").await;
        page.figures_after(&before).await.assert_sound();
        page.wait_for("the record", async || !page.all_by_testid("range-table").await.is_empty()).await;
        const CELLS: &str = "return [...document.querySelectorAll('[data-testid=\"range-table\"] tbody tr:first-child > *')] \
            .map(cell => cell.textContent)";
        let first: Vec<String> = page.read(CELLS, vec![]).await;
        assert_eq!(first[0], "regime-adaptive");
        // "12 (7)": breaches, and how many of them were falls.
        let figures: Vec<u32> = first[1].split([' ', '(', ')']).filter_map(|figure| figure.parse().ok()).collect();
        assert!(matches!(figures[..], [all, down] if 0 < all && down <= all), "{first:?}");
        page.select("methodology-select", "custom").await;
        page.wait_for("no panel", async || page.all_by_testid("range-panel").await.is_empty()).await;
    });
}
