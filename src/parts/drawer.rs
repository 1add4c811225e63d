//! A button that opens a drawer at the side of the page.

use leptos::html;
use leptos::prelude::*;

/// A button with this label; the drawer's content is made when it opens and forgotten when it closes.
///
/// Their `data-testid`s are `testid`, and `testid-close` of the button that closes.
pub fn drawer_button(
    label: &'static str,
    testid: &'static str,
    class: &'static str,
    content: fn() -> AnyView,
) -> AnyView {
    let dialog = NodeRef::<html::Dialog>::new();
    let open = RwSignal::new(false);
    let show = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            open.set(true);
            let _ = dialog.show_modal();
        }
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <button class="button small" data-testid=testid on:click=show>
            {label}
        </button>
        <dialog class=class node_ref=dialog aria-label=label on:close=move |_| open.set(false)>
            {move || open.get().then(content)}
            <button class="button" data-testid=format!("{testid}-close") on:click=close>
                "Done"
            </button>
        </dialog>
    }
    .into_any()
}
