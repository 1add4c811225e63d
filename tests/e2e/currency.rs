//! Figures in dollars and in coin.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Page, Viewport, browse};

#[test]
fn in_coin_every_figure_is_the_dollar_figure_over_the_index() {
    let index = bitcoin_index();
    browse("currency", Viewport::DESKTOP, async |page: &Page| {
        let dollars = page.figures().await;
        page.click("currency-coin").await;
        let coins = page.figures_after(&dollars).await;
        let names = ["initial-margin", "maintenance-margin", "hedging-credit", "worst-slide"];
        for name in names.into_iter().chain(["comparison-row/isolated", "comparison-row/custom"]) {
            assert_eq!((dollars.currency(name), coins.currency(name)), ("USD", "BTC"), "{name}");
            let (usd, back) = (dollars.number(name), coins.number(name) * index);
            assert!((back / usd - 1.0).abs() < 1e-9, "{name}: {usd} USD, {back} USD by way of BTC");
        }
        assert!(page.text("initial-margin").await.contains("BTC"));
        let percents = [&dollars, &coins].map(|figures| figures.number("hedging-credit-percent"));
        assert!((percents[0] - percents[1]).abs() < 1e-9, "{percents:?}");
        page.click("currency-usd").await;
        assert_eq!(page.figures_after(&coins).await, dollars);
    });
}

/// The index of the market that the page opens with.
fn bitcoin_index() -> f64 {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/markets/deribit-2026-08-22.json");
    let market: Value = serde_json::from_str(&fs::read_to_string(file).expect("the bundled market")).expect("JSON");
    let coins = market["underlyings"].as_array().expect("a list");
    let bitcoin = coins.iter().find(|coin| coin["asset"] == "BTC").expect("BTC");
    bitcoin["index"].as_f64().expect("a number")
}
