//! The simulator in a real browser, from outside: over WebDriver, under a sub-path and with the page's
//! Content-Security-Policy as a response header.
//!
//! Run by `cargo xtask test`, which builds the page and starts the server and the driver.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use support::{Page, Viewport, browse};

#[test]
fn the_page_opens_without_a_word_on_the_console() {
    browse("opens", Viewport::DESKTOP, async |page: &Page| {
        page.wait_for("the title", async || page.title().await == "Margin Simulator").await;
        page.wait_for("the page to start", async || page.has_started().await).await;
        page.assert_quiet_console().await;
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

/// The checks above would be worth nothing if the driver kept the log to itself.
#[test]
fn a_warning_on_the_console_is_noticed() {
    browse("notices", Viewport::PHONE, async |page: &Page| {
        assert!(page.console().await.iter().all(|entry| !entry.is_loud()));
        page.script("console.log('quiet'); console.warn('loud')", vec![]).await;
        let entries = page.console().await;
        assert!(entries.iter().any(|entry| entry.is_loud() && entry.message.contains("loud")), "{entries:?}");
    });
}
