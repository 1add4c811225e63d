//! What holds for every visit.

use crate::support::{Page, Viewport, browse};

#[test]
fn the_page_opens_without_a_word_on_the_console() {
    browse("opens", Viewport::DESKTOP, async |page: &Page| {
        page.wait_for("the title", async || page.title().await == "Margin Simulator").await;
        page.wait_for("the page to start", async || page.has_started().await).await;
        page.rest().await;
        page.assert_quiet_console().await;
    });
}

#[test]
fn a_first_visit_opens_with_a_hedged_portfolio_and_its_figures() {
    browse("first-visit", Viewport::DESKTOP, async |page: &Page| {
        let figures = page.figures().await;
        figures.assert_sound();
        assert!(figures.initial() > 0.0 && figures.credit() > 0.0, "{figures:#?}");
        assert!(figures.number("maintenance-margin") < figures.initial(), "{figures:#?}");
        assert!(figures.number("worst-slide") < 0.0, "{figures:#?}");
        assert!((0.0..=100.0).contains(&figures.number("hedging-credit-percent")), "{figures:#?}");
        assert_eq!(figures.currency("initial-margin"), "USD");
        assert!(page.legs().await.len() > 1);
        assert!(page.text("worst-slide").await.contains("Worst slide"));
        assert_eq!(page.notices().await, Vec::<String>::new());
    });
}

#[test]
fn no_other_host_is_contacted() {
    browse("hosts", Viewport::DESKTOP, async |page: &Page| {
        page.wait_for("the page to start", async || page.has_started().await).await;
        let requests = page.requests().await;
        assert!(requests.iter().any(|url| url.ends_with(".wasm")), "the log lacks the page's own wasm: {requests:?}");
        page.assert_own_host_only(&requests);
    });
}

/// The checks above, and those at the end of every test, would be worth nothing if the driver kept the log to itself.
#[test]
fn a_warning_on_the_console_is_noticed() {
    browse("notices", Viewport::PHONE, async |page: &Page| {
        assert!(page.console().await.iter().all(|entry| !entry.is_loud()));
        page.script("console.log('quiet'); console.warn('loud')", vec![]).await;
        // This look takes the warning out of the log.
        let entries = page.console().await;
        assert!(entries.iter().any(|entry| entry.is_loud() && entry.message.contains("loud")), "{entries:?}");
    });
}
