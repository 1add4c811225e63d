//! A slider that is dragged over a large portfolio: how many frames come late, and what follows when.
//!
//! The drag sends several inputs a frame, as a fast mouse does, and watches the frames that the browser shows.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{Figures, Page, Start, Viewport, browse_alone, browse_from};

/// Legs of the portfolio.
const LEGS: usize = 200;
/// Frames of a drag, at least.
const FRAMES: usize = 300;
/// At most so many of a hundred frames may be late.
const LATE_PERCENT: f64 = 5.0;
/// A busy machine only ever adds time, so a drag with too many late frames is repeated, so many times in all.
const DRAGS: usize = 6;
/// A frame takes 16.67 ms on a screen of 60 Hz. The browser tells frames' times in whole refreshes, give or take what
/// its clock rounds off: what is longer than this has missed one.
const LATE_MS: f64 = 17.7;
/// Where the drag ends, in percent.
const LAST: &str = "-7.5";

#[test]
fn a_dragged_slider_keeps_the_pace_of_the_screen() {
    browse_alone("drag-time", Viewport::DESKTOP, Start::Fragment(&link(0.0)), async |page: &Page| {
        assert_eq!(page.legs().await.len(), LEGS);
        page.rest().await;
        let mut late_percent = f64::INFINITY;
        for _ in 0..DRAGS {
            let drag = drag(page, FRAMES).await;
            let gaps: Vec<f64> = serde_json::from_value(drag["gaps"].clone()).expect("times between frames");
            let late = gaps.iter().filter(|gap| **gap > LATE_MS).count();
            let longest = gaps.iter().copied().fold(0.0, f64::max);
            late_percent = 100.0 * late as f64 / gaps.len() as f64;
            print(&format!(
                "drag of the price over {LEGS} legs: {late_percent:.1} % of {} frames late, the longest {longest:.0} ms; {} \
                 inputs, {} figures shown",
                gaps.len(),
                drag["inputs"],
                drag["shown"],
            ));
            // Each frame showed figures of its own, and no input had figures that no frame showed.
            let shown = drag["shown"].as_f64().expect("a count");
            assert!(shown > 0.9 * gaps.len() as f64 && shown <= gaps.len() as f64 + 2.0, "{drag}");
            if late_percent <= LATE_PERCENT {
                return;
            }
            page.rest().await;
        }
        panic!("{late_percent:.1} % of the frames were late, more than {LATE_PERCENT} %, in each of {DRAGS} drags");
    });
}

#[test]
fn after_a_drag_every_figure_is_that_of_a_fresh_load() {
    let dragged = browse_from("drag-end", Viewport::DESKTOP, Start::Fragment(&link(0.0)), async |page: &Page| {
        drag(page, 30).await;
        everything(page).await
    });
    let last: f64 = LAST.parse().expect("a number");
    let loaded = browse_from("drag-fresh", Viewport::DESKTOP, Start::Fragment(&link(last / 100.0)), everything);
    assert_eq!(dragged.0, loaded.0);
    for (name, text) in &loaded.1 {
        assert_eq!(dragged.1.iter().find(|(other, _)| other == name).map(|(_, text)| text), Some(text), "{name}");
    }
}

#[test]
fn what_is_out_of_sight_computes_nothing_until_the_drag_is_over() {
    browse_from("drag-hidden", Viewport::DESKTOP, Start::Fragment(&link(0.0)), async |page: &Page| {
        page.rest().await;
        // The payoff is far below the slider: its words follow at rest, its picture when it is scrolled to.
        let before = payoff(page).await;
        let during = drag(page, 30).await;
        assert_eq!(during["payoffs"], json!(1), "the payoff changed while it was out of sight: {during}");
        assert_eq!(during["legs"], json!(1), "the last leg changed while it was out of sight: {during}");
        page.rest().await;
        let rested = payoff(page).await;
        assert_ne!(rested["label"], before["label"]);
        assert_eq!(rested["drawn"], before["drawn"], "it was drawn out of sight");
        page.script("document.querySelector('.panel-payoff').scrollIntoView()", vec![]).await;
        page.wait_for("the payoff to be drawn", async || payoff(page).await["drawn"] != before["drawn"]).await;
    });
}

#[test]
fn a_chart_is_not_drawn_again_for_the_same_figures() {
    const DRAWN: &str = "return [...document.querySelectorAll('canvas[data-drawn]')].map(it => it.dataset.drawn)";
    browse_from("drag-same", Viewport::DESKTOP, Start::Fragment(&link(0.0)), async |page: &Page| {
        all_answered(page).await;
        let before = page.script(DRAWN, vec![]).await;
        assert!(before.as_array().is_some_and(|charts| charts.len() >= 2), "{before}");
        // Another expiry in the chain, another side: neither changes a figure.
        page.click_css("[data-testid=\"expiry-chip\"][data-expiry=\"25DEC26\"]").await;
        page.click("chain-side-sell").await;
        page.rest().await;
        assert_eq!(page.script(DRAWN, vec![]).await, before);
    });
}

/// What a frame computed is let go of with the next one. The memory of wasm never shrinks, so its size is the most that was
/// held at once.
#[test]
fn a_drag_leaves_no_memory_behind() {
    const WATCH: &str = "addEventListener('TrunkApplicationStarted', event => { window.wasm = event.detail.wasm; })";
    const MEMORY: &str = "return window.wasm.memory.buffer.byteLength / 2 ** 20";
    browse_from("drag-memory", Viewport::DESKTOP, Start::Blank, async |page: &Page| {
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await;
        page.open_fragment(&link(0.0)).await;
        page.rest().await;
        drag(page, 30).await;
        page.rest().await;
        let before: f64 = page.read(MEMORY, vec![]).await;
        drag(page, FRAMES).await;
        page.rest().await;
        let after: f64 = page.read(MEMORY, vec![]).await;
        assert!(after <= before + 2.0, "{FRAMES} frames of a drag took {before} MB to {after} MB");
        print(&format!(
            "wasm memory with {LEGS} legs: {before:.1} MB after a short drag, {after:.1} MB after {FRAMES} frames"
        ));
    });
}

/// The portfolio as a link's fragment, after a move of the price.
fn link(spot_move: f64) -> String {
    // Listed at each of these expiries.
    let expiries = ["28AUG26", "25SEP26", "30OCT26", "25DEC26"];
    let thousands =
        [56, 58, 60, 62, 64, 65, 66, 68, 70, 72, 74, 75, 76, 78, 80, 82, 84, 85, 86, 88, 90, 92, 94, 95, 96];
    let mut positions = vec![];
    for (place, strike) in thousands.into_iter().enumerate() {
        for expiry in expiries {
            let sizes = [[-3.0, 2.0], [2.0, -1.0], [-1.0, 1.5], [4.0, -2.0], [-2.5, 3.0]];
            for (right, quantity) in ["C", "P"].into_iter().zip(sizes[place % sizes.len()]) {
                let instrument = format!("BTC-{expiry}-{strike}000-{right}");
                positions.push(json!({ "instrument": instrument, "quantity": quantity }));
            }
        }
    }
    let request = json!({
        "version": 1,
        "account": {
            "currency": "USD",
            "positions": positions,
            "balances": [{ "asset": "USDC", "amount": 2_000_000 }],
        },
        "market": "deribit-2026-08-22",
        "methodology": { "id": "deribit-portfolio" },
        "what_if": { "spot_move": spot_move },
    });
    format!("state={}", URL_SAFE_NO_PAD.encode(request.to_string()))
}

/// Drags the price back and forth for so many frames and lets go at [`LAST`]: how long each frame took, the number of
/// inputs and of requirements that frames showed, and in how many states the payoff and the last leg were seen.
async fn drag(page: &Page, frames: usize) -> Value {
    const DRAG: &str = "\
        const [frames, last, done] = arguments; \
        const slider = document.querySelector('[data-testid=\"spot-shift\"]'); \
        const figure = document.querySelector('[data-testid=\"initial-margin\"]'); \
        const payoff = document.querySelector('[data-testid=\"payoff\"] canvas'); \
        const legs = document.querySelectorAll('[data-testid=\"leg-share\"]'); \
        const leg = legs[legs.length - 1]; \
        slider.scrollIntoView({ block: 'end' }); \
        const move = (value, kind) => { \
            slider.value = value; \
            slider.dispatchEvent(new Event(kind, { bubbles: true })); \
        }; \
        setTimeout(() => { \
            let inputs = 0; \
            const step = () => { \
                const phase = inputs++ % 160; \
                move(String(phase < 80 ? phase / 2 - 20 : 60 - phase / 2), 'input'); \
            }; \
            const pump = setInterval(step, 4); \
            const gaps = [], payoffs = new Set(), texts = new Set(); \
            let before, shown = 0, value = figure.dataset.value; \
            const frame = now => { \
                if (before !== undefined) gaps.push(now - before); \
                before = now; \
                if (figure.dataset.value !== value) shown += 1; \
                value = figure.dataset.value; \
                payoffs.add(payoff.dataset.drawn + payoff.ariaLabel); \
                texts.add(leg.textContent); \
                if (gaps.length < frames) { \
                    step(); \
                    step(); \
                    return requestAnimationFrame(frame); \
                } \
                clearInterval(pump); \
                move(last, 'input'); \
                move(last, 'change'); \
                done({ gaps, inputs, shown, payoffs: payoffs.size, legs: texts.size }); \
            }; \
            requestAnimationFrame(frame); \
        }, 500);";
    page.client.execute_async(DRAG, vec![json!(frames), json!(LAST)]).await.expect("a drag")
}

/// The payoff chart's words, and how often it was drawn.
async fn payoff(page: &Page) -> Value {
    const READ: &str = "\
        const canvas = document.querySelector('[data-testid=\"payoff\"] canvas'); \
        return { label: canvas.ariaLabel, drawn: canvas.dataset.drawn };";
    page.script(READ, vec![]).await
}

/// Waits until no question is under way and the answers have been drawn.
async fn all_answered(page: &Page) {
    const BUSY: &str = "return document.querySelectorAll('[aria-busy=\"true\"]').length";
    page.rest().await;
    page.wait_for("all answers", async || page.script(BUSY, vec![]).await == json!(0)).await;
    page.rest().await;
}

/// The figures, and the text of each panel, when nothing more is awaited.
async fn everything(page: &Page) -> (Figures, Vec<(String, String)>) {
    const READ: &str = "\
        return [...document.querySelectorAll('.panel')] \
            .filter(panel => !panel.matches('.panel-text')) \
            .map(panel => [panel.className, panel.querySelector('.change-line') \
                ? panel.querySelector('.credit-headline').textContent : panel.textContent]);";
    all_answered(page).await;
    let panels = page.script(READ, vec![]).await;
    (page.figures().await, serde_json::from_value(panels).expect("names and texts"))
}

/// Tells a figure even where the output of tests that hold is swallowed.
fn print(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
