//! From a requirement down to the formulas with the numbers in them.

use serde_json::{Value, json};

use crate::support::{Page, Viewport, browse};

/// The text of a file that a click hands out. Nothing is saved.
async fn handed_out(page: &Page, testid: &str) -> String {
    page.devtools("Browser.setDownloadBehavior", json!({ "behavior": "deny" })).await;
    const CATCH: &str = "const make = URL.createObjectURL; \
        URL.createObjectURL = blob => { window.handedOut = blob; return make.call(URL, blob); }";
    page.script(CATCH, vec![]).await;
    page.click(testid).await;
    const READ: &str = "const done = arguments[arguments.length - 1]; window.handedOut.text().then(done)";
    let text = page.client.execute_async(READ, vec![]).await.expect("a file");
    text.as_str().expect("a text").to_owned()
}

/// The numbers of all elements that a selector finds, unrounded.
async fn numbers(page: &Page, selector: &str) -> Vec<f64> {
    const READ: &str = "return [...document.querySelectorAll(arguments[0])].map(e => Number(e.dataset.value))";
    page.read(READ, vec![json!(selector)]).await
}

#[test]
fn formulas_come_to_the_requirement() {
    browse("explain", Viewport::DESKTOP, async |page: &Page| {
        let figures = page.figures().await;
        assert!(page.all_by_testid("explain-body").await.is_empty(), "nothing is computed before it is asked for");
        page.click("explain").await;
        page.by_testid("explain-legs").await;
        let results = numbers(page, "[data-testid=\"working\"] [data-value]").await;
        let sum: f64 = results.iter().sum();
        assert!((sum - figures.initial()).abs() < 1e-6 * figures.initial(), "{results:?} and {}", figures.initial());
        // A formula in names, with its numbers, and their product.
        let body = page.text("explain-body").await;
        assert!(body.contains("abs(delta)·U·max(move·T, least)"), "{body}");
        assert!(body.contains("worst slide") || body.contains("Worst slide"), "{body}");

        // Legs sum to the slide that is chosen.
        for slide in ["0", "4"] {
            page.set_value("explain-slide", slide).await;
            page.rest().await;
            const READ: &str = "const number = text => Number(text.replace('−', '-').replace(/,/g, '')); \
                return [...document.querySelectorAll('[data-testid=\"explain-legs\"] tbody tr')] \
                    .map(row => number(row.cells[1].textContent))";
            let pnl: Vec<f64> = page.read(READ, vec![]).await;
            let (total, legs) = (pnl[5], &pnl[..5]);
            assert!((legs.iter().sum::<f64>() - total).abs() < 5.0, "slide {slide}: {pnl:?}");
        }
        page.click("explain-close").await;
        assert!(page.all_by_testid("explain-body").await.is_empty());
    });
}

#[test]
fn the_explanation_is_handed_out_as_csv_and_json() {
    browse("explain-files", Viewport::DESKTOP, async |page: &Page| {
        let figures = page.figures().await;
        page.click("explain").await;
        page.by_testid("explain-body").await;

        let csv = handed_out(page, "explain-csv").await;
        assert!(csv.starts_with("# methodology: Deribit portfolio margin"), "{csv}");
        assert!(csv.contains("\ncomponent,leg,slide,formula,values,result\n"), "{csv}");
        assert!(csv.contains("# market: ") && csv.contains("\nroll shock,"), "{csv}");
        assert_eq!(csv.lines().filter(|line| line.starts_with("P&L,")).count(), 5, "a row for each leg: {csv}");

        let text = handed_out(page, "explain-json").await;
        let response: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(response["initial_margin"].as_f64(), Some(figures.initial()));
        assert_eq!(response["provenance"]["methodology"], "deribit-portfolio");
        assert!(response["workings"].as_array().is_some_and(|workings| !workings.is_empty()), "{text}");
        page.click("explain-close").await;
    });
}

#[test]
fn rules_are_explained_position_by_position() {
    browse("explain-rules", Viewport::PHONE, async |page: &Page| {
        page.select("methodology-select", "deribit-standard").await;
        let figures = page.figures().await;
        page.click("explain").await;
        page.by_testid("explain-body").await;
        let results = numbers(page, "[data-testid=\"working\"] [data-value]").await;
        let sum: f64 = results.iter().sum();
        assert!((sum - figures.initial()).abs() < 1e-6 * figures.initial(), "{results:?} and {}", figures.initial());
        assert!(page.all_by_testid("explain-legs").await.is_empty(), "rules have no slides");
        page.click("explain-close").await;
    });
}
