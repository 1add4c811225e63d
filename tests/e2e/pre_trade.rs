//! Orders before they are sent: in the panel, and on the ticket's own page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::CALL;
use crate::support::{Page, Start, Viewport, browse, browse_from};

/// A narrow frame in another page.
const FRAME: Viewport = Viewport { width: 360, height: 760, pixel_ratio: 2.0 };

/// A short call on an account of 30,000 dollars, in the market that the page opens with.
fn state() -> String {
    let request = json!({
        "version": 1,
        "account": {
            "positions": [{ "instrument": CALL, "quantity": -1 }],
            "balances": [{ "asset": "USDC", "amount": 30_000 }],
        },
        "market": "deribit-2026-08-22",
        "methodology": { "id": "deribit-portfolio" },
    });
    URL_SAFE_NO_PAD.encode(request.to_string())
}

/// Types an order and waits for what is said to it.
async fn order(page: &Page, side: &str, instrument: &str, size: &str) -> bool {
    page.click(&format!("pre-trade-{side}")).await;
    page.set_value("pre-trade-instrument", instrument).await;
    page.set_value("pre-trade-size", size).await;
    answered(page).await;
    verdict(page).await
}

/// Waits until the panel shows the answer to what is typed.
async fn answered(page: &Page) {
    const READ: &str = "return document.querySelector('[data-testid=\"pre-trade\"]').ariaBusy";
    page.rest().await;
    page.wait_for("the answer", async || page.read::<Option<String>>(READ, vec![]).await.as_deref() == Some("false"))
        .await;
    assert_eq!(page.text("pre-trade-error").await, "");
}

async fn verdict(page: &Page) -> bool {
    let shown = page.by_testid("pre-trade-verdict").await;
    shown.attr("data-accepted").await.expect("a verdict").as_deref() == Some("true")
}

async fn largest(page: &Page, side: &str) -> f64 {
    let button = page.by_testid(&format!("pre-trade-largest-{side}")).await;
    let value = button.attr("data-value").await.expect("a button").expect("it is limited");
    value.parse().expect("a number")
}

#[test]
fn orders_are_accepted_refused_and_booked() {
    let fragment = format!("state={}", state());
    browse_from("pre-trade", Viewport::DESKTOP, Start::Fragment(&fragment), async |page: &Page| {
        // A hedge frees margin.
        assert!(order(page, "buy", "BTC-PERPETUAL", "20,000").await);
        assert!(page.text("pre-trade-verdict").await.contains("It frees $"));
        // Many more calls are refused, with what is missing.
        assert!(!order(page, "sell", CALL, "20").await);
        assert!(page.text("pre-trade-verdict").await.contains("more initial margin than is free"));
        assert!(!page.text("pre-trade-liquidation-up").await.is_empty());
        // The largest size fits; a tick more does not.
        let sell = largest(page, "sell").await;
        assert!(sell > 0.1 && sell < 20.0, "{sell}");
        page.click("pre-trade-largest-sell").await;
        answered(page).await;
        assert!(verdict(page).await);
        assert!(!order(page, "sell", CALL, &format!("{:.1}", sell + 0.1)).await);

        // Booked: the leg grows, the premium comes in as a balance in coin, and all of it is taken back at once.
        assert!(order(page, "sell", "BTC-25SEP26-90000-C", "1").await);
        let free = page.text("pre-trade-free").await;
        let after = free.split_whitespace().last().expect("a figure").to_owned();
        page.click("pre-trade-add").await;
        page.wait_for("the leg", async || page.legs().await.len() == 2).await;
        answered(page).await;
        assert!(page.text("pre-trade-free").await.contains(&after), "{after}");
        assert_eq!(page.value("pre-trade-size").await, "");
        page.click("undo").await;
        page.wait_for("one leg", async || page.legs().await.len() == 1).await;
    });
}

#[test]
fn a_list_is_checked_together() {
    let fragment = format!("state={}", state());
    browse_from("pre-trade-list", Viewport::DESKTOP, Start::Fragment(&fragment), async |page: &Page| {
        assert!(order(page, "buy", "BTC-PERPETUAL", "20000").await);
        page.click("pre-trade-list-add").await;
        assert!(!order(page, "sell", CALL, "20").await);
        page.click("pre-trade-list-add").await;
        answered(page).await;
        let list = page.text("pre-trade-list").await;
        assert!(list.contains("accepted") && list.contains("refused"), "{list}");
        assert!(page.text("pre-trade-verdict").await.contains("order 2 is the first to be refused"));
        let rows = page.all_by_testid("pre-trade-order-remove").await;
        rows[1].clone().click().await.expect("it is there");
        answered(page).await;
        assert!(verdict(page).await);
        page.click("pre-trade-add").await;
        page.wait_for("the hedge", async || page.legs().await.len() == 2).await;
    });
}

#[test]
fn what_cannot_be_read_is_told() {
    browse("pre-trade-problems", Viewport::DESKTOP, async |page: &Page| {
        page.set_value("pre-trade-instrument", "BTC-NOTHING").await;
        assert!(!page.text("pre-trade-problem").await.is_empty());
        page.set_value("pre-trade-instrument", CALL).await;
        page.set_value("pre-trade-size", "-1").await;
        assert_eq!(page.text("pre-trade-problem").await, "The size must be above zero.");
        page.set_value("pre-trade-size", "1").await;
        assert_eq!(page.text("pre-trade-problem").await, "");
        page.set_value("pre-trade-instrument", "SOL-PERPETUAL").await;
        page.wait_for("the reason", async || page.text("pre-trade-error").await.contains("no such underlying")).await;
    });
}

#[test]
fn the_ticket_alone_fits_a_narrow_frame() {
    browse_from("ticket", FRAME, Start::Blank, async |page: &Page| {
        for fragment in [format!("ticket={}", state()), "ticket".to_owned()] {
            page.client.goto("about:blank").await.expect("an empty page opens");
            page.client.goto(&format!("{}#{fragment}", page.url)).await.expect("the page opens");
            page.by_testid("ticket-page").await;
            assert!(page.all_by_testid("share-link").await.is_empty(), "there is no bar on top");
            order(page, "sell", CALL, "100").await;
            assert!(page.text("ticket-under").await.contains("Deribit"));
            const READ: &str = "return document.documentElement.scrollWidth <= innerWidth";
            assert!(page.read::<bool>(READ, vec![]).await, "{fragment} scrolls sideways");
            let hash = page.read::<String>("return location.hash", vec![]).await;
            assert!(hash.starts_with("#ticket"), "{hash}");
        }
        // What is booked there stays in its address, and is nobody else's.
        page.client.goto("about:blank").await.expect("an empty page opens");
        page.client.goto(&format!("{}#ticket={}", page.url, state())).await.expect("the page opens");
        page.by_testid("ticket-page").await;
        assert!(order(page, "buy", "BTC-PERPETUAL", "20000").await);
        page.click("pre-trade-add").await;
        page.wait_for("an empty ticket", async || page.value("pre-trade-instrument").await.is_empty()).await;
        page.rest().await;
        let kept = page.stored("margin-simulator").await;
        assert!(kept.is_none_or(|kept| !kept.contains("entry_price")), "nothing of it is kept in the browser");
        assert_ne!(page.read::<String>("return location.hash", vec![]).await, format!("#ticket={}", state()));
        page.client.refresh().await.expect("the page reloads");
        page.wait_for("both legs", async || page.all_by_testid("pre-trade-use").await.len() == 2).await;
    });
}
