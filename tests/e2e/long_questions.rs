//! What takes long says how far it is, can be stopped, and gives way to what is newer; the page goes on meanwhile.

use serde_json::{Value, json};

use crate::support::{Page, Start, Viewport, browse_alone};

/// An account whose shares take a second or more to count.
fn many_legs() -> String {
    let mut text = String::new();
    for size in [3.5, -6.5, 1.5, -2.5, 4.5, -5.5, 2.5] {
        for expiry in ["28AUG26", "25SEP26", "30OCT26", "25DEC26", "26MAR27"] {
            for step in 0..20 {
                let (put, call) = (60_000 + 1_000 * step, 75_000 + 1_000 * step);
                let sign = if step % 3 == 0 { -1.0 } else { 1.0 };
                text += &format!("{} BTC-{expiry}-{put}-P\n{} BTC-{expiry}-{call}-C\n", size * sign, size - sign);
            }
        }
    }
    text
}

const WAITING: &str = "[data-testid=\"attribution\"] [data-testid=\"waiting\"]";

/// Its bar while the worker has the question, rather than another panel's.
const UNDER_WAY: &str = "[data-testid=\"attribution\"] [role=\"progressbar\"][aria-valuenow]";

/// The requirement that the shares sum to, as the table says it; none without a table.
async fn sum(page: &Page) -> Option<f64> {
    const READ: &str = "return document.querySelector('.attribution-sum td[data-value]')?.dataset.value ?? null";
    page.read::<Option<String>>(READ, vec![]).await.map(|text| text.parse().expect("a number"))
}

async fn is_there(page: &Page, selector: &str) -> bool {
    page.script("return document.querySelector(arguments[0]) !== null", vec![json!(selector)]).await == true
}

async fn is_busy(page: &Page) -> bool {
    page.script("return document.querySelector('[data-testid=\"attribution\"]').ariaBusy === 'true'", vec![]).await
        == true
}

/// Presses a button. Hundreds of rows find their places while the browser scrolls, so not by a click at a point.
async fn press(page: &Page, testid: &str) {
    page.by_testid(testid).await;
    page.script("document.querySelector(`[data-testid=\"${arguments[0]}\"]`).click()", vec![json!(testid)]).await;
}

#[test]
fn a_long_question_shows_how_far_it_is_and_can_be_stopped() {
    browse_alone("long-question", Viewport::DESKTOP, Start::Page, async |page: &Page| {
        page.apply_text(&many_legs()).await;
        page.figures().await.assert_sound();
        // Each frame while the bar is there: how long after the one before, and what the bar says.
        // Stopped as soon as it has moved: a fast machine would answer before a hand had found the button.
        const WATCH: &str = "window.frames = []; let before = null; const selector = arguments[0]; \
            const look = now => { \
                const bar = document.querySelector(selector + ' [role=\"progressbar\"]'); \
                if (bar && before !== null) window.frames.push([now - before, Number(bar.ariaValueNow)]); \
                before = bar ? now : null; \
                if (bar && Number(bar.ariaValueNow) > 0 && !window.hasStopped) { \
                    window.hasStopped = true; \
                    document.querySelector(selector + ' [data-testid=\"stop\"]').click(); \
                } \
                requestAnimationFrame(look); \
            }; \
            requestAnimationFrame(look);";
        page.script(WATCH, vec![json!(WAITING)]).await;
        press(page, "tab-attribution").await;
        assert!(page.text("stopped").await.starts_with("Stopped."));
        assert!(!is_busy(page).await && !is_there(page, WAITING).await && sum(page).await.is_none());
        // It does not go on in secret.
        page.rest().await;
        assert!(sum(page).await.is_none());

        press(page, "compute-again").await;
        page.wait_for("the shares", async || sum(page).await.is_some() && !is_busy(page).await).await;
        assert!(page.all_by_testid("stopped").await.is_empty() && !is_there(page, WAITING).await);
        assert_eq!(sum(page).await, Some(page.figures().await.initial()));

        let frames: Vec<(f64, f64)> = page.read("return window.frames", vec![]).await;
        let longest = frames.iter().map(|frame| frame.0).fold(0.0, f64::max);
        assert!(frames.len() > 10 && longest < 100.0, "{} frames, the longest of {longest} ms", frames.len());
        assert!(frames.iter().all(|frame| (0.0..=100.0).contains(&frame.1)), "{frames:?}");
    });
}

#[test]
fn the_newest_question_wins_over_a_long_one() {
    browse_alone("newest-question", Viewport::DESKTOP, Start::Page, async |page: &Page| {
        page.apply_text(&many_legs()).await;
        press(page, "tab-attribution").await;
        page.wait_for("the bar", async || is_there(page, UNDER_WAY).await).await;
        let before = page.figures().await;
        for _ in 0..3 {
            let steppers = "document.querySelector('[data-testid=\"leg-increase\"]').click()";
            page.script(steppers, vec![]).await;
            tokio::time::sleep(std::time::Duration::from_millis(250)).await;
        }
        let after = page.figures_after(&before).await;
        page.wait_for("the shares", async || sum(page).await.is_some() && !is_busy(page).await).await;
        assert_eq!(sum(page).await, Some(after.initial()));
        assert_ne!(after.initial(), before.initial());
    });
}

#[test]
fn a_worker_that_breaks_down_is_started_anew() {
    browse_alone("broken-worker", Viewport::DESKTOP, Start::Blank, async |page: &Page| {
        // The page's workers can be told to break down.
        const WORKERS: &str = "window.workers = []; const Plain = window.Worker; \
            window.Worker = class extends Plain { constructor(...all) { super(...all); window.workers.push(this); } };";
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WORKERS })).await;
        page.reopen().await;
        page.apply_text(&many_legs()).await;
        press(page, "tab-attribution").await;
        page.wait_for("the bar", async || is_there(page, UNDER_WAY).await).await;
        const BREAK: &str = "const count = window.workers.length; \
            window.workers[count - 1].dispatchEvent(new ErrorEvent('error')); return count";
        let count: Value = page.script(BREAK, vec![]).await;
        page.wait_for("a new one", async || page.script("return window.workers.length", vec![]).await != count).await;
        let said = page.text_of("[data-testid=\"attribution\"] .empty").await;
        assert!(said.contains("started anew"), "{said}");
        page.script("document.querySelector('[data-testid=\"leg-increase\"]').click()", vec![]).await;
        page.wait_for("the shares", async || sum(page).await.is_some() && !is_busy(page).await).await;
        assert_eq!(sum(page).await, Some(page.figures().await.initial()));
    });
}
