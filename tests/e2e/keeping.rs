//! Nothing is lost: not by a reload, not on the way to somebody else, not by damage.

use serde_json::json;

use crate::WING;
use crate::support::{Figures, Page, Start, Viewport, browse, browse_from};

/// Where the page keeps the state.
const KEY: &str = "margin-simulator";
/// Where it puts a state that it cannot open.
const SET_ASIDE_KEY: &str = "margin-simulator.set-aside";

/// Brings about a state that differs from the opening one in everything that is kept.
async fn make_a_state(page: &Page) {
    page.trade(WING).await;
    page.select("methodology-select", "custom").await;
    page.set_value("spot-shift", "-7.5").await;
    page.set_value("vol-shift", "4").await;
    page.set_value("days-forward", "3").await;
    page.click("currency-coin").await;
}

/// All that a state consists of, as the page shows it: figures, legs, and what is chosen.
type Shown = (Figures, Vec<(String, String)>, Vec<String>);

async fn shown(page: &Page) -> Shown {
    let mut chosen = vec![];
    for testid in ["market-select", "methodology-select", "spot-shift", "vol-shift", "days-forward"] {
        chosen.push(page.value(testid).await);
    }
    (page.figures().await, page.legs().await, chosen)
}

#[test]
fn a_reload_keeps_portfolio_methodology_and_what_if() {
    browse("reload", Viewport::DESKTOP, async |page: &Page| {
        make_a_state(page).await;
        let before = shown(page).await;
        page.rest().await;
        page.reload().await;
        assert_eq!(shown(page).await, before, "by the address");
        page.reopen().await;
        assert_eq!(shown(page).await, before, "by the browser's storage");
        assert_eq!(page.notices().await, Vec::<String>::new());
    });
}

#[test]
fn a_share_link_opens_the_same_figures_in_another_browser() {
    let (link, before) = browse("share", Viewport::DESKTOP, async |page: &Page| {
        make_a_state(page).await;
        let link = page.by_testid("share-link").await.prop("href").await.expect("share-link").expect("a link");
        assert!(link.starts_with(&format!("{}#state=", page.url)), "{link}");
        (link, shown(page).await)
    });
    let (_, fragment) = link.split_once('#').expect("just seen");
    browse_from("shared", Viewport::DESKTOP, Start::Fragment(fragment), async |page: &Page| {
        assert_eq!(shown(page).await, before);
        assert_eq!(page.notices().await, Vec::<String>::new());
    });
}

#[test]
fn a_link_followed_on_the_open_page_can_be_taken_back() {
    browse("hash", Viewport::DESKTOP, async |page: &Page| {
        let before = (page.figures().await, page.legs().await);
        page.script("location.hash = '#portfolio=box'", vec![]).await;
        page.wait_for("the box", async || page.legs().await.len() == 4).await;
        page.click("undo").await;
        assert_eq!((page.figures().await, page.legs().await), before);
    });
}

#[test]
fn a_damaged_link_is_reported_and_set_aside() {
    let start = Start::Fragment("state=eyJ2ZXJzaW9uIjoxLCJhY2NvdW50Ijp7");
    browse_from("damaged-link", Viewport::DESKTOP, start, async |page: &Page| {
        let notices = page.notices().await;
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert!(
            notices[0].contains("The link could not be opened") && notices[0].contains(SET_ASIDE_KEY),
            "{notices:?}"
        );
        assert_eq!(page.stored(SET_ASIDE_KEY).await.as_deref(), Some("eyJ2ZXJzaW9uIjoxLCJhY2NvdW50Ijp7"));
        assert_works(page).await;
        // It can be dismissed.
        page.click_css("[data-testid=\"notice\"] button").await;
        assert_eq!(page.notices().await, Vec::<String>::new());
    });
    browse_from("gibberish-link", Viewport::DESKTOP, Start::Fragment("%ff%"), async |page: &Page| {
        let notices = page.notices().await;
        assert!(notices.len() == 1 && notices[0].contains("damaged"), "{notices:?}");
        assert_eq!(page.stored(SET_ASIDE_KEY).await.as_deref(), Some("%ff%"));
        assert_works(page).await;
    });
}

#[test]
fn a_damaged_storage_is_reported_and_set_aside() {
    browse("damaged-storage", Viewport::DESKTOP, async |page: &Page| {
        // The page writes there itself after its first figures; not after that.
        page.wait_for("the first state", async || page.stored(KEY).await.is_some()).await;
        let whole = page.stored(KEY).await.expect("just seen");
        let damaged = &whole[..whole.len() / 2];
        page.script("localStorage.setItem(...arguments)", vec![json!(KEY), json!(damaged)]).await;
        page.reopen().await;
        let notices = page.notices().await;
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert!(notices[0].contains("kept in this browser could not be opened"), "{notices:?}");
        assert_eq!(page.stored(SET_ASIDE_KEY).await.as_deref(), Some(damaged));
        assert_works(page).await;
        // What is kept from now on opens again without a word.
        page.rest().await;
        page.reopen().await;
        assert_eq!(page.notices().await, Vec::<String>::new());
    });
}

#[test]
fn a_damaged_link_and_a_damaged_storage_are_both_set_aside() {
    browse("damaged-twice", Viewport::DESKTOP, async |page: &Page| {
        page.wait_for("the first state", async || page.stored(KEY).await.is_some()).await;
        page.script("localStorage.setItem(...arguments)", vec![json!(KEY), json!("{\"version\":1,")]).await;
        for visits in 1..=2 {
            page.open_fragment("state=abcd").await;
            let aside = page.stored(SET_ASIDE_KEY).await.expect("something is set aside");
            assert_eq!(aside, "abcd\n{\"version\":1,", "after {visits} visits");
            page.rest().await;
        }
        assert_works(page).await;
    });
}

/// The opening portfolio is there, and follows an edit.
async fn assert_works(page: &Page) {
    let before = page.figures().await;
    before.assert_sound();
    assert!(before.initial() > 0.0 && page.legs().await.len() > 1, "{before:#?}");
    page.trade(WING).await;
    page.figures_after(&before).await.assert_sound();
}
