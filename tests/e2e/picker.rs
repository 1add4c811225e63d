//! The list of methodologies.

use fantoccini::key::Key;

use crate::support::{Page, Viewport, browse};

const LIST: &str = "methodology-list";

async fn press(page: &Page, key: Key) {
    page.press(&char::from(key).to_string()).await;
}

/// The methodology whose option has the focus, once it is there.
async fn wait_for_focus(page: &Page, id: &str) {
    const READ: &str = "return document.activeElement.dataset.value ?? ''";
    page.wait_for(id, async || page.read::<String>(READ, vec![]).await == id).await;
}

#[test]
fn the_list_is_used_by_keys() {
    browse("picker-keys", Viewport::DESKTOP, async |page: &Page| {
        page.click("methodology-select").await;
        wait_for_focus(page, "deribit-portfolio").await;
        press(page, Key::Home).await;
        wait_for_focus(page, "isolated").await;
        press(page, Key::Down).await;
        wait_for_focus(page, "cross").await;
        // By its letter.
        page.press("i").await;
        wait_for_focus(page, "isolated").await;
        press(page, Key::Escape).await;
        assert!(page.all_by_testid(LIST).await.is_empty());
        assert_eq!(page.value("methodology-select").await, "deribit-portfolio");

        // The focus is back on the button.
        press(page, Key::Down).await;
        wait_for_focus(page, "deribit-portfolio").await;
        press(page, Key::Home).await;
        wait_for_focus(page, "isolated").await;
        press(page, Key::Enter).await;
        page.wait_for("isolated", async || page.value("methodology-select").await == "isolated").await;
        assert!(page.all_by_testid(LIST).await.is_empty());
        assert_eq!(page.figures().await.credit(), 0.0);
    });
}

#[test]
fn every_entry_says_what_it_does_and_where_its_figures_are_from() {
    for (name, viewport) in [("picker", Viewport::DESKTOP), ("picker-phone", Viewport::PHONE)] {
        browse(name, viewport, async |page: &Page| {
            page.click("methodology-select").await;
            let list = page.text(LIST).await;
            for part in ["Risk of the whole book", "Deribit", "The worst of 35 slides", "published", "2026-02-01"] {
                assert!(list.contains(part), "\"{part}\" in {list}");
            }
            const READ: &str = "const list = document.querySelector('[data-testid=\"methodology-list\"]'); \
                const box = list.getBoundingClientRect(); \
                return box.left >= 0 && box.right <= innerWidth && list.scrollWidth <= list.clientWidth";
            assert!(page.read::<bool>(READ, vec![]).await, "the list fits");
            // A press beside it closes it.
            page.click_css(".brand").await;
            assert!(page.all_by_testid(LIST).await.is_empty());
        });
    }
}
