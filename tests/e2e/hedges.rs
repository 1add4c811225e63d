//! A suggested hedge is applied, and the margin falls to what was said.

use crate::CALL;
use crate::support::{Page, Start, Viewport, browse_from};

#[test]
fn a_suggestion_for_a_naked_call_does_what_it_says() {
    let start = Start::Fragment("portfolio=naked-short-call");
    browse_from("suggested-hedge", Viewport::DESKTOP, start, async |page: &Page| {
        let naked = page.figures().await;
        assert_eq!(page.legs().await, [(CALL.to_owned(), "−10".to_owned())]);
        page.click("tab-hedges").await;
        let searched = "const tab = document.querySelector('[data-testid=hedges]'); \
                        return tab.getAttribute('aria-busy') === 'false' && !!tab.querySelector('[data-testid=hedge]')";
        page.wait_for("a suggestion", async || page.script(searched, vec![]).await == true).await;
        let stated: String = page
            .read("return document.querySelector('[data-testid=hedge]').getAttribute('data-initial')", vec![])
            .await;
        let stated: f64 = stated.parse().expect("a number");
        assert!(stated < naked.initial(), "{stated} {naked:#?}");

        page.click("hedge-apply").await;
        let hedged = page.figures_after(&naked).await;
        hedged.assert_sound();
        assert!((hedged.initial() - stated).abs() <= 0.5, "{stated} {hedged:#?}");
        let told = page.text("what-changed").await;
        assert!(told.contains("hedged: "), "{told}");

        page.click("undo").await;
        page.wait_for("the figures before", async || page.figures().await == naked).await;
        assert_eq!(page.legs().await, [(CALL.to_owned(), "−10".to_owned())]);
    });
}

#[test]
fn limits_of_hedges_are_kept_and_an_empty_book_is_told_so() {
    let start = Start::Fragment("portfolio=naked-short-call");
    browse_from("hedge-limits", Viewport::DESKTOP, start, async |page: &Page| {
        page.click("tab-hedges").await;
        page.by_testid("hedge").await;
        page.click("hedges-options").await;
        let only_futures = "const trades = [...document.querySelectorAll('.hedge-trades li')]; \
                            return trades.length > 0 && trades.every(trade => !/-[CP]$/.test(trade.textContent))";
        page.wait_for("futures alone", async || page.script(only_futures, vec![]).await == true).await;
        page.type_over("hedges-max-cost", "ten").await;
        let problem = page.text_of(".hedges-limits .problem").await;
        assert!(problem.contains("not a number"), "{problem}");

        let told = async |part: &str| {
            page.wait_for(part, async || page.text("hedges-empty").await.contains(part)).await;
        };
        told("until the limits can be read").await;
        page.type_over("hedges-max-cost", "500").await;
        page.by_testid("hedge").await;

        page.open_prepared("empty").await;
        told("needs no margin").await;
    });
}
