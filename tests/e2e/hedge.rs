//! The main job: a hedge is built, and the margin falls.

use fantoccini::key::Key;

use crate::support::{Page, Start, Viewport, browse, browse_from};
use crate::{CALL, FUTURE, WING};

/// What a position needs that is margined alone; hedges must not change it.
const ISOLATED: &str = "comparison-row/isolated";

#[test]
fn a_bought_call_lowers_the_margin_of_a_sold_one() {
    browse("hedge-by-call", Viewport::DESKTOP, async |page: &Page| {
        page.open_prepared("empty").await;
        page.click("chain-side-sell").await;
        page.trade(CALL).await;
        assert_eq!(page.legs().await, [(CALL.to_owned(), "−1".to_owned())]);
        let naked = page.figures().await;
        naked.assert_sound();
        assert!(naked.initial() > 0.0, "{naked:#?}");
        assert_eq!(naked.credit(), 0.0, "one leg hedges nothing: {naked:#?}");

        page.click("chain-side-buy").await;
        page.trade(WING).await;
        let hedged = page.figures_after(&naked).await;
        hedged.assert_sound();
        assert!(hedged.initial() < naked.initial(), "{naked:#?} {hedged:#?}");
        assert!(hedged.number("maintenance-margin") < naked.number("maintenance-margin"), "{naked:#?} {hedged:#?}");
        assert!(hedged.credit() > 0.0 && hedged.number("hedging-credit-percent") > 0.0, "{hedged:#?}");
        assert!(hedged.number(ISOLATED) >= naked.number(ISOLATED), "{naked:#?} {hedged:#?}");
        let told = page.text("what-changed").await;
        assert!(told.contains(&format!("bought 1 {WING}")) && told.contains('→'), "{told}");
    });
}

#[test]
fn a_bought_future_lowers_the_margin_of_a_sold_call() {
    let start = Start::Fragment("portfolio=naked-short-call");
    browse_from("hedge-by-future", Viewport::DESKTOP, start, async |page: &Page| {
        let naked = page.figures().await;
        assert_eq!(page.legs().await, [(CALL.to_owned(), "−10".to_owned())]);
        page.type_over("chain-size", "4").await;
        page.trade(FUTURE).await;
        assert_eq!(page.legs().await.last(), Some(&(FUTURE.to_owned(), "+4".to_owned())));
        let hedged = page.figures_after(&naked).await;
        assert!(hedged.initial() < naked.initial(), "{naked:#?} {hedged:#?}");
        assert!(hedged.credit() > 0.0, "{hedged:#?}");
        assert!(hedged.number(ISOLATED) >= naked.number(ISOLATED), "{naked:#?} {hedged:#?}");
    });
}

#[test]
fn a_leg_is_sized_flipped_switched_off_and_removed() {
    let start = Start::Fragment("portfolio=naked-short-call");
    browse_from("one-leg", Viewport::DESKTOP, start, async |page: &Page| {
        let ten = page.figures().await;
        page.click("leg-increase").await;
        assert_eq!(page.legs().await, [(CALL.to_owned(), "−9".to_owned())]);
        let nine = page.figures_after(&ten).await;
        assert!(nine.initial() < ten.initial(), "{ten:#?} {nine:#?}");
        page.type_over("leg-quantity", "-10").await;
        page.wait_for("the figures of ten", async || page.figures().await == ten).await;

        page.click("leg-flip").await;
        assert_eq!(page.legs().await, [(CALL.to_owned(), "+10".to_owned())]);
        page.click("leg-flip").await;
        page.click("leg-enabled").await;
        let off = page.figures_after(&ten).await;
        assert_eq!((off.initial(), page.legs().await.len()), (0.0, 1), "{off:#?}");
        page.click("leg-enabled").await;
        page.wait_for("the figures of ten", async || page.figures().await == ten).await;

        page.type_over("leg-quantity", "many").await;
        let row = page.text("leg-row").await;
        assert!(row.contains("many") && row.contains("not a number"), "{row}");
        assert_eq!(page.figures().await, ten);
        page.click("leg-remove").await;
        page.by_testid("legs-empty").await;
    });
}

#[test]
fn the_keyboard_alone_adds_a_leg() {
    browse("keyboard", Viewport::DESKTOP, async |page: &Page| {
        page.open_prepared("empty").await;
        let mut steps = 0;
        let instrument = loop {
            page.press(&char::from(Key::Tab).to_string()).await;
            const FOCUSED: &str = "return document.activeElement.dataset.instrument ?? null";
            if let Some(instrument) = page.read::<Option<String>>(FOCUSED, vec![]).await {
                break instrument;
            }
            steps += 1;
            assert!(steps < 60, "no price of the chain within {steps} steps of the Tab key");
        };
        page.press(&char::from(Key::Enter).to_string()).await;
        page.wait_for("a leg", async || page.legs().await == [(instrument.clone(), "+1".to_owned())]).await;
        page.figures().await.assert_sound();
    });
}
