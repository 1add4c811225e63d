//! What the page needs before its first figures, and what comes after.

use serde_json::json;

use crate::support::{Page, Start, Viewport, browse_from};

/// The parts that come after, as addresses.
const LATER: [&str; 3] = ["*_panels.wasm*", "*_rules.wasm*", "*_shared.wasm*"];

#[test]
fn the_first_figures_need_the_first_part_alone() {
    browse_from("first-part", Viewport::DESKTOP, Start::Blank, async |page: &Page| {
        page.devtools("Network.enable", json!({})).await;
        page.devtools("Network.setBlockedURLs", json!({ "urls": LATER })).await;
        page.reopen().await;
        const FIGURE: &str =
            "return Number(document.querySelector(`[data-testid=\"${arguments[0]}\"]`)?.dataset.value ?? 0)";
        for testid in ["initial-margin", "maintenance-margin"] {
            page.wait_for(testid, async || page.read::<f64>(FIGURE, vec![json!(testid)]).await > 0.0).await;
        }
        assert!(page.legs().await.len() > 1);
        // What is missing is said, and keeps its place.
        page.wait_for("the sentence", async || !page.notices().await.is_empty()).await;
        assert!(page.notices().await.iter().all(|notice| notice.contains("could not be fetched")));
        assert!(page.read::<usize>("return document.querySelectorAll('.panel.awaited').length", vec![]).await > 5);
        // The browser tells of the refusals; nothing else may be wrong.
        let console = page.console().await;
        let is_refusal = |text: &str| text.contains("BLOCKED_BY_CLIENT") || text.contains("Failed to fetch");
        assert!(console.iter().all(|entry| is_refusal(&entry.to_string())), "{console:?}");

        page.devtools("Network.setBlockedURLs", json!({ "urls": [] })).await;
        page.reload().await;
        page.figures().await.assert_sound();
        assert_eq!(page.notices().await, Vec::<String>::new());
    });
}
