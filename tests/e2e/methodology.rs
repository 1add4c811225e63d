//! Which rules are applied, and with which parameters.

use crate::support::{Page, Viewport, browse};

const METHODOLOGIES: [&str; 12] = [
    "isolated",
    "cross",
    "deribit-standard",
    "deribit-portfolio",
    "custom",
    "derive-standard",
    "bybit-standard",
    "derive-pm2",
    "okx-portfolio",
    "paradex-portfolio",
    "aevo-portfolio",
    "span",
];
const PRICE_RANGE: &str = "parameter-underlyings.BTC.price_range";

#[test]
fn every_methodology_gives_figures_of_its_own() {
    browse("methodologies", Viewport::DESKTOP, async |page: &Page| {
        assert_eq!(page.value("methodology-select").await, "deribit-portfolio");
        let compared = page.figures().await;
        let mut initials = vec![];
        for id in METHODOLOGIES {
            page.select("methodology-select", id).await;
            let row = format!("[data-testid=\"comparison-row\"][data-methodology=\"{id}\"][aria-pressed=\"true\"]");
            page.wait_for(id, async || page.client.find(fantoccini::Locator::Css(&row)).await.is_ok()).await;
            let figures = page.figures().await;
            figures.assert_sound();
            assert!(figures.initial() > 0.0 && figures.number("maintenance-margin") > 0.0, "{id}: {figures:#?}");
            // The comparison said so before, and says the same whichever is chosen.
            for other in METHODOLOGIES {
                let row = format!("comparison-row/{other}");
                assert_eq!(figures.number(&row), compared.number(&row), "{other} while {id} is chosen");
            }
            assert_eq!(figures.initial(), compared.number(&format!("comparison-row/{id}")));
            assert!(page.text("provenance").await.len() > 10, "{id}");
            initials.push(figures.initial());
        }
        assert!(initials[0] > initials[3], "hedges count in portfolio margin and not in isolated: {initials:?}");
        assert_eq!(page.legs().await.len(), 5);
    });
}

#[test]
fn a_row_of_the_comparison_chooses_its_methodology() {
    browse("comparison", Viewport::DESKTOP, async |page: &Page| {
        let before = page.figures().await;
        page.click_css("[data-testid=\"comparison-row\"][data-methodology=\"isolated\"]").await;
        let after = page.figures_after(&before).await;
        assert_eq!(page.value("methodology-select").await, "isolated");
        assert_eq!(after.initial(), before.number("comparison-row/isolated"));
        assert_eq!(after.credit(), 0.0, "nothing nets: {after:#?}");
        assert!(page.text("slide-table").await.contains("no slides"));
    });
}

#[test]
fn what_does_not_apply_says_why_and_is_no_zero() {
    browse("not-applicable", Viewport::DESKTOP, async |page: &Page| {
        let before = page.figures().await;
        // Under rules that say nothing of the instrument there is no figure, but the others still have theirs.
        let rows = "[data-testid=\"comparison-others\"] [data-testid=\"comparison-row\"]";
        const READ: &str = "return [...document.querySelectorAll(arguments[0])] \
            .map(e => [e.dataset.methodology, e.dataset.value ?? null, e.innerText])";
        let others: Vec<(String, Option<String>, String)> = page.read(READ, vec![serde_json::json!(rows)]).await;
        for (id, value, text) in &others {
            assert_eq!(*value, None, "{id} has a figure: {text}");
            assert!(text.split_whitespace().count() > 4, "{id} says why: {text}");
        }
        let bars = page.client.find_all(fantoccini::Locator::Css("[data-testid=\"comparison\"] > ul > li")).await;
        let bars = bars.expect("a list").len();
        assert_eq!(bars + others.len(), page.all_by_testid("comparison-row").await.len());
        assert!(bars >= METHODOLOGIES.len(), "{bars}");
        let Some((id, ..)) = others.first() else { return };
        page.click("comparison-others").await;
        page.select("methodology-select", id).await;
        assert!(page.text("figures-error").await.contains("No figures"));
        assert_eq!(page.figures().await.number("comparison-row/isolated"), before.number("comparison-row/isolated"));
    });
}

#[test]
fn an_edited_parameter_counts_and_is_reset() {
    browse("parameters", Viewport::DESKTOP, async |page: &Page| {
        page.open_prepared("naked-short-call").await;
        let preset = page.figures().await;
        page.click("parameters").await;
        assert_eq!(page.value(PRICE_RANGE).await, "0.16");
        page.type_over(PRICE_RANGE, "0.2").await;
        let edited = page.figures_after(&preset).await;
        edited.assert_sound();
        assert!(edited.initial() > preset.initial(), "{preset:#?} {edited:#?}");
        let drawer = page.text_of("dialog[open]").await;
        assert!(drawer.contains("preset 0.16"), "{drawer}");

        page.type_over(PRICE_RANGE, "wide").await;
        let drawer = page.text_of("dialog[open]").await;
        assert!(drawer.contains("\"wide\" is not a number"), "{drawer}");
        assert_eq!(page.figures().await, edited);

        page.click("parameters-close").await;
        let badge = page.text_of(".top-bar .badge").await;
        assert!(badge.starts_with("edited"), "{badge}");
        // An edit is part of what is kept.
        page.rest().await;
        page.reload().await;
        assert_eq!(page.figures().await, edited);

        page.click("parameters").await;
        page.click("parameters-reset").await;
        assert_eq!(page.figures_after(&edited).await, preset);
        page.click("parameters-close").await;
        let badge = page.text_of(".top-bar .badge").await;
        assert!(!badge.contains("edited"), "{badge}");
    });
}
