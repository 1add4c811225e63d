//! A portfolio pasted as text.

use crate::support::{Page, Viewport, browse};

#[test]
fn positions_are_read_in_the_ways_people_write_them() {
    browse("paste", Viewport::DESKTOP, async |page: &Page| {
        page.apply_text(
            "-10 BTC-25SEP26-84000-C\n\
             buy 10x btc-25sep26-90000-c @ 0.01\n\
             BTC-PERPETUAL +2.5\n\
             BTC-PERPETUAL 25000 USD\n\
             short 3 BTC-25SEP26   # a comment\n",
        )
        .await;
        let legs = [
            ("BTC-25SEP26-84000-C", "−10"),
            ("BTC-25SEP26-90000-C", "+10"),
            ("BTC-PERPETUAL", "+2.5"),
            ("BTC-PERPETUAL", "+25,000"),
            ("BTC-25SEP26", "−3"),
        ];
        assert_eq!(page.legs().await, owned(&legs));
        assert_eq!(page.text("portfolio-outcome").await, "5 taken.");
        assert_eq!(page.value("portfolio-text").await, "");
        page.figures().await.assert_sound();

        page.apply_text(
            "Instrument\tSide\tQty\tAvg. price\nBTC-25SEP26-84000-C\tsell\t3\t0.02\nETH-PERPETUAL\tbuy\t\"1,000\"\t\n",
        )
        .await;
        assert_eq!(page.legs().await, owned(&[("BTC-25SEP26-84000-C", "−3"), ("ETH-PERPETUAL", "+1,000")]));
        page.figures().await.assert_sound();

        page.set_value("portfolio-text", "-1,BTC-25SEP26-84000-C\n5,ETH-PERPETUAL").await;
        page.click("portfolio-add").await;
        assert_eq!(
            page.legs().await,
            owned(&[("BTC-25SEP26-84000-C", "−3"), ("ETH-PERPETUAL", "+1,005"), ("BTC-25SEP26-84000-C", "−1")])
        );
    });
}

#[test]
fn a_bad_line_is_explained_and_stays_while_the_good_ones_are_taken() {
    browse("bad-line", Viewport::DESKTOP, async |page: &Page| {
        page.apply_text("-2 BTC-25SEP26-84000-C\nten BTC-PERPETUAL\n1 BTC-28JUN24-60000-C\n1 BTC-PERPETUAL\n").await;
        assert_eq!(page.legs().await, owned(&[("BTC-25SEP26-84000-C", "−2"), ("BTC-PERPETUAL", "+1")]));
        let errors = page.text("portfolio-errors").await;
        for part in ["Line 2: ten BTC-PERPETUAL", "\"ten\"", "Line 3: 1 BTC-28JUN24-60000-C", "expired at 2024-06-28"] {
            assert!(errors.contains(part), "{part}: {errors}");
        }
        assert_eq!(errors.matches("Line ").count(), 2, "{errors}");
        assert_eq!(page.value("portfolio-text").await, "ten BTC-PERPETUAL\n1 BTC-28JUN24-60000-C\n");
        assert_eq!(page.text("portfolio-outcome").await, "2 taken; 2 lines stay in the box.");

        // Corrected, the line is taken and the explanation goes.
        page.apply_text("10 BTC-PERPETUAL").await;
        assert_eq!(page.legs().await, owned(&[("BTC-PERPETUAL", "+10")]));
        assert_eq!(page.text("portfolio-errors").await, "");
    });
}

#[test]
fn text_without_a_position_changes_nothing() {
    browse("no-position", Viewport::DESKTOP, async |page: &Page| {
        let before = (page.figures().await, page.legs().await);
        page.apply_text("hello world\n").await;
        assert!(page.text("portfolio-outcome").await.contains("nothing was changed"));
        assert!(page.text("portfolio-errors").await.contains("Line 1: hello world"));
        assert_eq!((page.figures().await, page.legs().await), before);
    });
}

#[test]
fn the_legs_copied_to_the_box_are_read_back() {
    browse("copy-legs", Viewport::DESKTOP, async |page: &Page| {
        let before = (page.figures().await, page.legs().await);
        page.click("portfolio-copy").await;
        assert!(page.value("portfolio-text").await.contains("-10 BTC-25SEP26-84000-C\n"));
        page.click("portfolio-apply").await;
        assert_eq!((page.figures().await, page.legs().await), before);
    });
}

fn owned(legs: &[(&str, &str)]) -> Vec<(String, String)> {
    legs.iter().map(|(instrument, quantity)| ((*instrument).to_owned(), (*quantity).to_owned())).collect()
}
