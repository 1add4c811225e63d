//! A table of text that is changed cell by cell: hundreds of figures follow a slider without being built anew.
//!
//! Laying out a figure costs the browser more than computing it. So what is seen is written at once, and the rest when
//! nothing has changed for a moment, or when it is scrolled to.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::html;
use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;

use super::element_size;
use super::shown_table::Shown;
use super::table_text::TableText;

/// The unseen part of a table is written after so long a rest.
const REST: Duration = Duration::from_millis(150);

/// A table that shows what `content` says, and follows it. It scrolls in a `div` of class `scroller`.
#[component]
pub fn TextTable(
    /// What the table says.
    content: impl Fn() -> TableText + 'static,
    /// Classes of the scroller; `visually-hidden` for a table that only screen readers find.
    scroller: &'static str,
    /// The table's `data-testid`.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// The element that names it, by id. With it the table can be scrolled by the keyboard.
    #[prop(optional)]
    labelled_by: Option<&'static str>,
) -> impl IntoView {
    // Compiled once, not once for each table.
    table_of(Box::new(content), scroller, testid, labelled_by)
}

fn table_of(
    content: Box<dyn Fn() -> TableText>,
    scroller: &'static str,
    testid: Option<&'static str>,
    labelled_by: Option<&'static str>,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let table = NodeRef::<html::Table>::new();
    let size = element_size(move || place.get().map(Into::into));
    let shown: Rc<RefCell<Option<Shown>>> = Rc::default();

    let write_all = {
        let shown = Rc::clone(&shown);
        move || {
            if let Some(shown) = shown.borrow_mut().as_mut() {
                shown.write(None);
            }
        }
    };
    let look = {
        let shown = Rc::clone(&shown);
        move || {
            if let (Some(shown), Some(place)) = (shown.borrow_mut().as_mut(), place.get_untracked()) {
                shown.look(&place);
            }
        }
    };

    let write_rest = write_all.clone();
    let mut write_at_rest = debounce(REST, move |()| write_rest());
    Effect::new(move |_| {
        let Some(table) = table.get() else { return };
        {
            let mut shown = shown.borrow_mut();
            if shown.is_none() {
                *shown = Shown::empty(&table);
            }
            let Some(shown) = shown.as_mut() else { return };
            shown.take(content());
            let seen = shown.seen.clone();
            shown.write(Some(&seen));
        }
        write_at_rest(());
    });
    Effect::new({
        let look = look.clone();
        move |_| {
            size.track();
            look();
        }
    });
    let scroll = move |_| {
        look();
        write_all();
    };
    view! {
        <div
            class=scroller
            node_ref=place
            role=labelled_by.map(|_| "region")
            aria-labelledby=labelled_by
            tabindex=labelled_by.map(|_| "0")
            on:scroll=scroll
        >
            <table class="table" data-testid=testid node_ref=table></table>
        </div>
    }
}
