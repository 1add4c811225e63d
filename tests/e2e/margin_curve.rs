//! Equity against requirements: where the account is called and liquidated, and how that moves.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{Page, Start, Viewport, browse_alone, browse_from};

/// From a question to its answer, at most, in milliseconds: 200 points of 100 legs on 35 slides.
const ANSWER_MS: f64 = 150.0;

/// A short strangle in coin with so many bitcoins deposited, as the fragment of a link.
fn strangle(bitcoins: f64) -> String {
    let balances = if bitcoins > 0.0 { json!([{ "asset": "BTC", "amount": bitcoins }]) } else { json!([]) };
    let request = json!({
        "version": 1,
        "account": {
            "currency": "USD",
            "positions": [
                { "instrument": "BTC-25SEP26-84000-C", "quantity": -10 },
                { "instrument": "BTC-25SEP26-70000-P", "quantity": -10 }
            ],
            "balances": balances
        },
        "market": "deribit-2026-08-22",
        "methodology": { "id": "deribit-portfolio" }
    });
    format!("state={}", URL_SAFE_NO_PAD.encode(request.to_string()))
}

/// The nearest places as the page tells them: margin call down and up, liquidation down and up.
async fn nearest(page: &Page) -> [Option<f64>; 4] {
    page.wait_for("the curve", async || !page.all_by_testid("margin-curve-sentence").await.is_empty()).await;
    const READ: &str = "\
        const told = document.querySelector('[data-testid=\"margin-curve-sentence\"]').dataset; \
        return [told.callDown, told.callUp, told.liquidationDown, told.liquidationUp] \
            .map(place => place === undefined ? null : Number(place))";
    page.read(READ, vec![]).await
}

#[test]
fn crossings_are_told_and_move_when_collateral_is_added() {
    let little = strangle(3.0);
    browse_from("margin-curve", Viewport::DESKTOP, Start::Fragment(&little), async |page: &Page| {
        let [call_down, call_up, liquidation_down, liquidation_up] = nearest(page).await.map(|it| it.expect("a place"));
        assert!(liquidation_down < call_down && call_down < 0.0, "{call_down} {liquidation_down}");
        assert!(0.0 < call_up && call_up < liquidation_up, "{call_up} {liquidation_up}");
        let sentence = page.text("margin-curve-sentence").await;
        assert!(sentence.starts_with("Margin call at $") && sentence.contains("liquidation at $"), "{sentence}");
        assert!(sentence.contains(&format!("{:.1}", liquidation_down.abs() * 100.0)), "{sentence}");

        page.open_fragment(&strangle(6.0)).await;
        let more = nearest(page).await.map(|it| it.expect("a place"));
        assert!(more[2] < liquidation_down && more[3] > liquidation_up, "{more:?}");

        // The pointer reads the figures off.
        const POINT: &str = "\
            const chart = document.querySelector('[data-testid=\"margin-curve-chart\"]'); \
            const box = chart.getBoundingClientRect(); \
            chart.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, \
                clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 })); \
            return new Promise(done => requestAnimationFrame(() => \
                done(chart.querySelector('.read-out').textContent)))";
        let read: String = page.read(POINT, vec![]).await;
        assert!(["equity", "initial", "maintenance", "worst"].iter().all(|word| read.contains(word)), "{read}");

        page.open_fragment(&strangle(0.0)).await;
        page.wait_for("what to do", async || !page.all_by_testid("margin-curve-empty").await.is_empty()).await;
        page.open_fragment(&little).await;
        nearest(page).await;
        page.click("curve-axis-vol").await;
        let says = async |words: &str| page.text("margin-curve-sentence").await.contains(words);
        page.wait_for("vols", async || says("vol points").await).await;
        page.click("curve-axis-time").await;
        page.wait_for("days", async || says("at today's prices and vols").await).await;
    });
}

#[test]
fn a_curve_of_a_hundred_legs_is_answered_soon() {
    const ASK: &str = "\
        const [times, done] = arguments; \
        (async () => { \
            const market = await (await fetch('markets/deribit-2026-08-22.json')).json(); \
            const positions = market.underlyings.filter(coin => coin.asset === 'BTC') \
                .flatMap(coin => coin.expiries.flatMap(expiry => expiry.smile.map(([strike], place) => ({ \
                    instrument: `BTC-${expiry.expiry}-${strike}-${place % 2 ? 'P' : 'C'}`, \
                    quantity: place % 3 ? -0.7 : 1 })))) \
                .slice(0, 100); \
            const request = { version: 1, account: { positions, balances: [{ asset: 'BTC', amount: 20 }] }, \
                market: 'here', methodology: { id: 'deribit-portfolio' } }; \
            const worker = new Worker('margin-worker_loader.js'); \
            const next = () => new Promise(resolve => { worker.onmessage = event => resolve(JSON.parse(event.data)); }); \
            await next(); \
            worker.postMessage(JSON.stringify({ market: 'here', document: market })); \
            const ask = async (name, options) => { \
                const taken = []; \
                for (let time = 0; time < times; time++) { \
                    const start = performance.now(); \
                    worker.postMessage(JSON.stringify({ id: time, question: { ask: name, request, options } })); \
                    const { answer, error } = await next(); \
                    if (error) return done({ error }); \
                    taken.push(performance.now() - start); \
                } \
                return taken.sort((a, b) => a - b); \
            }; \
            const curve = await ask('margin_curve', { from: -0.5, to: 0.5, points: 200 }); \
            const usual = await ask('margin_curve', {}); \
            const prices = await ask('call_prices', {}); \
            worker.terminate(); \
            done({ legs: positions.length, curve, usual, prices }); \
        })();";
    browse_alone("margin-curve-time", Viewport::DESKTOP, Start::Page, async |page: &Page| {
        let times: Value = page.client.execute_async(ASK, vec![json!(15)]).await.expect("answers");
        assert_eq!(times["legs"], json!(100), "{times}");
        let median = |of: &str| times[of][7].as_f64().expect("a time");
        let (curve, usual, prices) = (median("curve"), median("usual"), median("prices"));
        let _ = writeln!(
            std::io::stderr().lock(),
            "margin curve of 100 legs on 35 slides, to the answer: 200 points in a given range {curve:.1} ms, in a range \
             that is searched {usual:.1} ms; call prices {prices:.1} ms"
        );
        assert!(curve <= ANSWER_MS, "{times}");
    });
}
