//! The page on other screens and in its two looks.

use serde_json::json;

use crate::support::{Page, Start, Viewport, browse, browse_from};

/// The narrowest telephone still in use.
const NARROW: Viewport = Viewport { width: 320, height: 568, pixel_ratio: 2.0 };

#[test]
fn on_a_phone_nothing_sticks_out_and_the_credit_comes_before_the_legs() {
    for (name, viewport) in [("phone", Viewport::PHONE), ("narrow", NARROW)] {
        browse(name, viewport, async |page: &Page| {
            assert_fits(page, "at first").await;
            let [credit, legs] = [top(page, "credit").await, top(page, "legs").await];
            assert!(credit < legs, "the credit is {credit} px down, the legs {legs}");
            // Large figures and a long name, and every other thing that can be opened.
            page.apply_text("-1234.567 BTC-25SEP26-84000-C @ 0.0123\n98765432 USD BTC-PERPETUAL\n5 ETH-PERPETUAL")
                .await;
            assert_fits(page, "with large figures").await;
            page.click("tab-strategies").await;
            page.click("risk-tab-3d").await;
            assert_fits(page, "with strategies and 3-D").await;
            page.click("learn").await;
            assert_fits(page, "with the menu open").await;
            page.click("portfolio-empty").await;
            assert_fits(page, "empty").await;
            page.select("methodology-select", "isolated").await;
            page.apply_text("nonsense-that-does-not-break-into-words-and-goes-on-and-on-and-on-and-on-and-on").await;
            assert_fits(page, "with a bad line").await;
        });
    }
}

#[test]
fn on_a_phone_what_waits_for_answers_fits() {
    browse_from("waiting", NARROW, Start::Blank, async |page: &Page| {
        // No question reaches a worker, so that all of them wait for good.
        const SILENCE: &str = "Worker.prototype.postMessage = () => {}";
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": SILENCE })).await;
        page.reopen().await;
        let waiting = async || page.all_by_testid("waiting").await.len();
        page.wait_for("the bars", async || waiting().await > 0).await;
        assert_fits(page, "waiting").await;
        for tab in ["modes", "stress", "liquidation", "attribution", "hedges"] {
            // At the foot of the screen a bar may lie on the head of a panel that has just come into sight.
            const TO_MIDDLE: &str = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })";
            page.script(TO_MIDDLE, vec![json!(format!("[data-testid=tab-{tab}]"))]).await;
            page.click(&format!("tab-{tab}")).await;
            page.by_testid("waiting").await;
            assert_fits(page, tab).await;
        }
    });
}

#[test]
fn on_a_wide_screen_the_zones_stand_side_by_side() {
    browse("wide", Viewport::DESKTOP, async |page: &Page| {
        assert_fits(page, "on a wide screen").await;
        let [build, risk, credit] = [top(page, "build").await, top(page, "risk").await, top(page, "credit").await];
        assert!(build == risk && risk == credit, "{build} {risk} {credit}");
    });
}

#[test]
fn the_look_is_the_systems_until_one_is_chosen_and_that_is_kept() {
    browse("look", Viewport::DESKTOP, async |page: &Page| {
        let mut backgrounds = vec![];
        for system in ["light", "dark"] {
            let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": system }] });
            page.devtools("Emulation.setEmulatedMedia", features).await;
            page.wait_for(system, async || look(page).await.0 == system).await;
            backgrounds.push(look(page).await.1);
        }
        assert_ne!(backgrounds[0], backgrounds[1]);
        page.click("theme").await;
        assert_eq!(look(page).await, ("light".to_owned(), backgrounds[0].clone()));
        page.reload().await;
        assert_eq!(look(page).await, ("light".to_owned(), backgrounds[0].clone()), "against the system's");
        page.click("theme").await;
        assert_eq!(look(page).await, ("dark".to_owned(), backgrounds[1].clone()));
    });
}

/// The look by name, and what it makes of the background.
async fn look(page: &Page) -> (String, String) {
    const READ: &str =
        "return [document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor]";
    page.read(READ, vec![]).await
}

/// How far down a panel begins.
async fn top(page: &Page, panel: &str) -> f64 {
    const READ: &str = "return document.querySelector(arguments[0]).getBoundingClientRect().top + scrollY";
    page.read(READ, vec![json!(format!(".panel-{panel}"))]).await
}

/// Fails if the document scrolls sideways, and says what sticks out.
async fn assert_fits(page: &Page, when: &str) {
    page.rest().await;
    const READ: &str = "const width = document.documentElement.clientWidth; \
        if (document.documentElement.scrollWidth <= width) return []; \
        const isCut = e => e && (getComputedStyle(e).overflowX !== 'visible' || isCut(e.parentElement)); \
        const sticksOut = e => e.getBoundingClientRect().right > width && !isCut(e.parentElement); \
        const name = e => e.tagName + '.' + e.className + ': ' + e.textContent.slice(0, 60); \
        return ['the document'].concat([...document.body.querySelectorAll('*')].filter(sticksOut).map(name))";
    let sticking_out: Vec<String> = page.read(READ, vec![]).await;
    assert!(sticking_out.is_empty(), "{when}: {sticking_out:#?}");
}
