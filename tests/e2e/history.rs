//! Undo and redo.

use fantoccini::key::Key;

use crate::support::{Figures, Page, Viewport, browse};
use crate::{FUTURE, WING};

type State = (Figures, Vec<(String, String)>, String);

async fn state(page: &Page) -> State {
    (page.figures().await, page.legs().await, page.value("methodology-select").await)
}

/// Three edits of different kinds; the states before, between and after.
async fn three_edits(page: &Page) -> Vec<State> {
    let mut states = vec![state(page).await];
    page.trade(WING).await;
    states.push(state(page).await);
    page.select("methodology-select", "custom").await;
    states.push(state(page).await);
    page.trade(FUTURE).await;
    states.push(state(page).await);
    assert!(states.windows(2).all(|pair| pair[0] != pair[1]), "each edit is seen: {states:#?}");
    states
}

#[test]
fn undo_and_redo_restore_every_figure_to_the_last_digit() {
    browse("undo", Viewport::DESKTOP, async |page: &Page| {
        let states = three_edits(page).await;
        for before in states.iter().rev().skip(1) {
            page.click("undo").await;
            assert_eq!(state(page).await, *before);
        }
        for after in &states[1..] {
            page.click("redo").await;
            assert_eq!(state(page).await, *after);
        }
        assert!(!page.by_testid("redo").await.is_enabled().await.expect("redo"));
    });
}

#[test]
fn undo_and_redo_have_their_keys() {
    browse("undo-keys", Viewport::DESKTOP, async |page: &Page| {
        let states = three_edits(page).await;
        let [control, shift] = [Key::Control, Key::Shift].map(char::from);
        for before in states.iter().rev().skip(1) {
            page.press(&format!("{control}z")).await;
            assert_eq!(state(page).await, *before);
        }
        page.press(&format!("{control}{shift}z")).await;
        assert_eq!(state(page).await, states[1]);
        page.press(&format!("{control}y")).await;
        assert_eq!(state(page).await, states[2]);
        // A new edit closes the way forward.
        page.click("legs-clear").await;
        page.by_testid("legs-empty").await;
        assert!(!page.by_testid("redo").await.is_enabled().await.expect("redo"));
        page.press(&format!("{control}z")).await;
        assert_eq!(state(page).await, states[2]);
    });
}

#[test]
fn a_text_field_keeps_the_key_of_undo_for_itself() {
    browse("undo-text", Viewport::DESKTOP, async |page: &Page| {
        page.trade(WING).await;
        let before = state(page).await;
        page.by_testid("portfolio-text").await.send_keys("1 BTC").await.expect("typed");
        page.press(&format!("{}z", char::from(Key::Control))).await;
        assert_eq!(state(page).await, before);
    });
}
