//! How long a user waits. These tests run while no other does, and print what they measure.

use std::io::Write as _;

use serde_json::json;

use crate::support::{Page, Start, Viewport, browse_alone};

/// From navigation to the first figures on the screen, at most, in milliseconds.
const FIRST_FIGURES_MS: f64 = 1500.0;
/// From an edit to its figures on the screen, at most, in milliseconds.
const EDIT_MS: f64 = 30.0;
/// Loads, each in a browser that has never seen the page.
const LOADS: usize = 5;
/// Edits that are measured together.
const EDITS: usize = 30;
/// Edits before them, while the browser still compiles.
const WARM_UP: usize = 15;
/// A busy machine only ever adds time, so a batch that is too slow is measured again, so many times in all.
const BATCHES: usize = 3;

#[test]
fn first_figures_are_on_the_screen_soon_after_navigation() {
    let loads: Vec<Load> = (0..LOADS).map(|_| first_figures()).collect();
    let sorted = |of: fn(&Load) -> f64| Sorted::new(loads.iter().map(of).collect());
    let (written, painted) = (sorted(|load| load.written), sorted(|load| load.painted));
    print(&format!("first figures after navigation, {LOADS} fresh profiles: in the page {written}; painted {painted}"));
    assert!(painted.median() <= FIRST_FIGURES_MS, "{painted}");
}

#[test]
fn an_edited_quantity_is_on_the_screen_within_two_frames() {
    browse_alone("edit-time", Viewport::DESKTOP, Start::Page, async |page: &Page| {
        page.apply_text(&twenty_legs()).await;
        assert_eq!(page.legs().await.len(), 20);
        // A screen as high as the page: every panel is painted.
        page.rest().await;
        let height: u32 = page.read("return document.documentElement.scrollHeight", vec![]).await;
        page.resize(Viewport { height, ..Viewport::DESKTOP }).await;
        page.rest().await;
        let _ = edits(page, WARM_UP).await;
        let mut batches = vec![];
        while batches.last().is_none_or(|batch: &Sorted| batch.median() > EDIT_MS) {
            assert!(batches.len() < BATCHES, "slower than {EDIT_MS} ms in every batch of {EDITS}: {batches:?}");
            let batch = Sorted::new(edits(page, EDITS).await);
            let size = format!("{}×{height}", Viewport::DESKTOP.width);
            print(&format!("edit of one quantity of 20, to painted figures, {EDITS} edits, page of {size}: {batch}"));
            batches.push(batch);
        }
    });
}

/// One load of the page: when the figures were in it, and when they had been painted.
struct Load {
    written: f64,
    painted: f64,
}

fn first_figures() -> Load {
    // Of the page's own clock, which starts with the navigation. What runs after the frame's callbacks and a message
    // comes after the frame was painted.
    const WATCH: &str = "\
        const watch = new MutationObserver(() => { \
            const figure = document.querySelector('[data-testid=\"initial-margin\"]'); \
            if (!/[0-9]/.test(figure?.textContent ?? '')) return; \
            watch.disconnect(); \
            const written = performance.now(); \
            requestAnimationFrame(() => { \
                const { port1, port2 } = new MessageChannel(); \
                port1.onmessage = () => { window.firstFigures = [written, performance.now()]; }; \
                port2.postMessage(0); \
            }); \
        }); \
        watch.observe(document, { childList: true, subtree: true, characterData: true });";
    browse_alone("load-time", Viewport::DESKTOP, Start::Blank, async |page: &Page| {
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await;
        page.reopen().await;
        let seen = async || page.script("return window.firstFigures !== undefined", vec![]).await == json!(true);
        page.wait_for("the first figures", seen).await;
        let (written, painted) = page.read("return window.firstFigures", vec![]).await;
        Load { written, painted }
    })
}

/// Milliseconds from the click on one leg's stepper until the frame with the new figures was painted, for so many
/// edits with a rest after each, over all legs in turn.
async fn edits(page: &Page, count: usize) -> Vec<f64> {
    const EDIT: &str = "\
        const [count, rest, done] = arguments; \
        const figure = document.querySelector('[data-testid=\"initial-margin\"]'); \
        const steppers = document.querySelectorAll('[data-testid=\"leg-increase\"]'); \
        const sleep = ms => new Promise(resolve => setTimeout(resolve, ms)); \
        const painted = () => new Promise(resolve => requestAnimationFrame(() => { \
            const { port1, port2 } = new MessageChannel(); \
            port1.onmessage = resolve; \
            port2.postMessage(0); \
        })); \
        (async () => { \
            const times = []; \
            for (let edit = 0; edit < count; edit++) { \
                await sleep(rest + 20 * Math.random()); \
                const before = figure.dataset.value; \
                const start = performance.now(); \
                steppers[edit % steppers.length].click(); \
                do await painted(); while (figure.dataset.value === before); \
                times.push(performance.now() - start); \
            } \
            return times; \
        })().then(done);";
    let rest_ms = u64::try_from(crate::support::REST.as_millis()).expect("less than a second");
    let times = page.client.execute_async(EDIT, vec![json!(count), json!(rest_ms)]).await.expect("edits");
    serde_json::from_value(times).expect("a list of times")
}

/// Options of three expiries on both sides of the price, a perpetual and a future.
fn twenty_legs() -> String {
    let mut text = "2.5 BTC-PERPETUAL\n3 BTC-25DEC26\n".to_owned();
    for expiry in ["25SEP26", "30OCT26", "25DEC26"] {
        for (put, call) in [(66_000, 78_000), (72_000, 84_000), (78_000, 90_000)] {
            text += &format!("-9 BTC-{expiry}-{put}-P\n-7 BTC-{expiry}-{call}-C\n");
        }
    }
    text
}

/// Times in milliseconds.
struct Sorted(Vec<f64>);

impl Sorted {
    fn new(mut times: Vec<f64>) -> Sorted {
        times.sort_by(f64::total_cmp);
        Sorted(times)
    }

    fn median(&self) -> f64 {
        let middle = self.0.len() / 2;
        if self.0.len() % 2 == 1 { self.0[middle] } else { (self.0[middle - 1] + self.0[middle]) / 2.0 }
    }
}

impl std::fmt::Display for Sorted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = |percent: usize| self.0[(self.0.len() - 1) * percent / 100];
        let (low, quarter, three, high) = (at(0), at(25), at(75), at(100));
        write!(f, "median {:.1} ms ({low:.1} | {quarter:.1} – {three:.1} | {high:.1})", self.median())
    }
}

impl std::fmt::Debug for Sorted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

/// Tells a figure even where the output of tests that hold is swallowed.
fn print(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
