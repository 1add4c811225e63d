//! What if the price, the vols or the clock moved.

use crate::CALL;
use crate::support::{Page, Viewport, browse};

#[test]
fn a_slider_moves_the_figures_and_back_at_zero_they_are_the_same() {
    browse("sliders", Viewport::DESKTOP, async |page: &Page| {
        let today = page.figures().await;
        for (slider, value) in [("spot-shift", "8"), ("vol-shift", "12.5"), ("days-forward", "10")] {
            page.set_value(slider, value).await;
            let moved = page.figures_after(&today).await;
            moved.assert_sound();
            assert_ne!(moved.initial(), today.initial(), "{slider}");
            page.set_value(slider, "0").await;
            assert_eq!(page.figures_after(&moved).await, today, "{slider}");
        }
        page.set_value("spot-shift", "-20").await;
        page.set_value("vol-shift", "30").await;
        assert_ne!(page.figures().await, today);
        page.click("what-if-reset").await;
        assert_eq!(page.figures().await, today);
    });
}

#[test]
fn the_ends_of_the_sliders_leave_sound_figures() {
    browse("slider-ends", Viewport::DESKTOP, async |page: &Page| {
        for (spot, vol) in [("-50", "-30"), ("-50", "60"), ("50", "-30"), ("50", "60")] {
            page.set_value("spot-shift", spot).await;
            page.set_value("vol-shift", vol).await;
            page.rest().await;
            page.figures().await.assert_sound();
            assert!(page.all_by_testid("figures-error").await.is_empty());
        }
    });
}

#[test]
fn time_may_pass_beyond_an_expiry_and_the_last_one() {
    browse("beyond-expiry", Viewport::DESKTOP, async |page: &Page| {
        // The near leg of the calendar expires in 34 days, the far one months later.
        page.open_prepared("calendar").await;
        let today = page.figures().await;
        // The slider ends after the last expiry, and the browser cuts a value to its end.
        for days in ["35", "60", "10000"] {
            page.set_value("days-forward", days).await;
            page.rest().await;
            let later = page.figures().await;
            later.assert_sound();
            assert_ne!(later.initial(), today.initial(), "{days}");
            assert!(page.all_by_testid("figures-error").await.is_empty(), "{days}");
            assert_eq!(page.text("legs-error").await, "", "{days}");
        }
        page.set_value("days-forward", "0").await;
        assert_eq!(page.figures().await, today);
        assert!(page.legs().await.iter().any(|(_, quantity)| quantity == "−10"));
    });
}

#[test]
fn a_leg_is_added_while_a_what_if_stands() {
    browse("what-if-trade", Viewport::DESKTOP, async |page: &Page| {
        page.open_prepared("empty").await;
        page.set_value("spot-shift", "10").await;
        page.click("chain-side-sell").await;
        page.trade(CALL).await;
        let up = page.figures().await;
        up.assert_sound();
        page.click("what-if-reset").await;
        let today = page.figures_after(&up).await;
        assert!(up.initial() > today.initial(), "a sold call needs more after a rally: {up:#?} {today:#?}");
    });
}
