//! The market of US stocks, indexes, futures and bonds.

use crate::support::{Page, Start, Viewport, browse, browse_from};

const US: &str = "us-2025-10-06";

/// Puts the page into the US market, without legs and under a methodology.
async fn open_us(page: &Page, methodology: &str) {
    page.open_prepared("empty").await;
    page.select("market-select", US).await;
    page.apply_text("# nothing").await;
    page.select("methodology-select", methodology).await;
    page.wait_for("a chain of shares", async || page.value("chain-underlying").await == "AAPL").await;
}

#[test]
fn an_option_of_the_chain_has_a_requirement_where_its_rules_apply() {
    browse("us-chain", Viewport::DESKTOP, async |page: &Page| {
        open_us(page, "tims").await;
        let empty = page.figures().await;
        page.click("chain-side-sell").await;
        page.click_css("[data-testid=\"expiry-chip\"][data-expiry=\"19DEC25\"]").await;
        page.trade("AAPL251219C00270000").await;
        let naked = page.figures_after(&empty).await;
        naked.assert_sound();
        assert!(naked.initial() > 0.0, "{naked:#?}");
        assert_eq!(page.legs().await, [("AAPL251219C00270000".to_owned(), "−1".to_owned())]);
        // A hundred shares cover it.
        page.click("chain-side-buy").await;
        page.trade("AAPL-SPOT").await;
        let covered = page.figures_after(&naked).await;
        covered.assert_sound();
        assert_eq!(page.legs().await[1], ("AAPL-SPOT".to_owned(), "+100".to_owned()));
        // Rules that know only coins say so, and the legs stay.
        page.select("methodology-select", "deribit-portfolio").await;
        page.wait_for("a reason", async || !page.all_by_testid("figures-error").await.is_empty()).await;
        let reason = page.text("figures-error").await;
        assert!(reason.contains("AAPL"), "{reason}");
        assert_eq!(page.legs().await.len(), 2);
        page.select("methodology-select", "tims").await;
        page.wait_for("the figures of before", async || page.figures().await == covered).await;
    });
}

#[test]
fn each_class_is_listed_in_its_own_way() {
    const CLICKS: [(&str, &str, &str, &str); 6] = [
        ("SPX", "19DEC25", "SPXW251219P06500000", "+1"),
        ("ES", "19DEC25", "/ES-19DEC25", "+1"),
        ("ES", "19DEC25", "/ES-19DEC25-6700-C", "+1"),
        ("CL", "16DEC25", "/CL-16DEC25-60-P", "+1"),
        ("UST", "", "UST-4.125%-15OCT35", "+1,000"),
        ("BTC", "26DEC25", "BTC-26DEC25-130000-C", "+1"),
    ];
    browse("us-classes", Viewport::DESKTOP, async |page: &Page| {
        open_us(page, "custom").await;
        for (underlying, expiry, instrument, size) in CLICKS {
            page.select("chain-underlying", underlying).await;
            if !expiry.is_empty() {
                page.click_css(&format!("[data-testid=\"expiry-chip\"][data-expiry=\"{expiry}\"]")).await;
            }
            page.trade(instrument).await;
            let last = async || page.legs().await.last().cloned();
            let expected = Some((instrument.to_owned(), size.to_owned()));
            page.wait_for(instrument, async || last().await == expected).await;
        }
        let figures = page.figures().await;
        figures.assert_sound();
        assert!(figures.initial() > 0.0, "{figures:#?}");
        // The text box writes the same names and reads them.
        let legs = page.legs().await;
        page.click("portfolio-copy").await;
        page.click("portfolio-apply").await;
        page.wait_for("the same legs", async || page.legs().await == legs).await;
        assert_eq!(page.figures().await, figures);
        // And so does the address.
        page.rest().await;
        page.reload().await;
        assert_eq!((page.figures().await, page.legs().await), (figures, legs));
    });
}

#[test]
fn strategies_are_built_of_listed_options() {
    browse("us-strategies", Viewport::DESKTOP, async |page: &Page| {
        open_us(page, "tims").await;
        page.click("tab-strategies").await;
        page.click_css("[data-testid=\"strategy\"][data-strategy=\"covered-call\"]").await;
        page.wait_for("two legs", async || page.legs().await.len() == 2).await;
        assert_eq!(page.legs().await[0], ("AAPL-SPOT".to_owned(), "+100".to_owned()));
        page.figures().await.assert_sound();
        // Nothing covers options on an index.
        page.select("chain-underlying", "SPX").await;
        let covered = "[data-testid=\"strategy\"][data-strategy=\"covered-call\"]";
        page.wait_for("a reason", async || page.text_of(covered).await.contains("SPX itself is not traded.")).await;
    });
}

#[test]
fn a_portfolio_of_coins_leads_back_to_coins() {
    browse_from("us-and-back", Viewport::DESKTOP, Start::Fragment("portfolio=us-collar"), async |page: &Page| {
        assert_eq!(page.value("market-select").await, US);
        let collar = page.figures().await;
        page.open_prepared("naked-short-call").await;
        let call = page.figures_after(&collar).await;
        call.assert_sound();
        assert!(page.value("market-select").await.starts_with("deribit"));
        page.rest().await;
    });
}
