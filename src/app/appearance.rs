//! Dark or light: as the system says, unless the user says otherwise.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Where the user's choice is kept.
const KEY: &str = "margin-simulator.theme";

/// What the page looks like.
#[derive(Clone, Copy)]
pub struct Appearance {
    /// Whether it is dark now.
    pub is_dark: Signal<bool>,
    chosen: RwSignal<Option<bool>>,
}

impl Appearance {
    /// The look as the system and the user want it; the document's `data-theme` follows.
    pub fn start() -> Appearance {
        let kept = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let chosen = RwSignal::new(match kept.as_deref() {
            Some("dark") => Some(true),
            Some("light") => Some(false),
            _ => None,
        });
        let preferred = system_prefers_dark();
        let is_dark = Signal::derive(move || chosen.get().unwrap_or_else(|| preferred.get()));
        Effect::new(move |_| {
            let name = if is_dark.get() { "dark" } else { "light" };
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("data-theme", name);
            }
        });
        Appearance { is_dark, chosen }
    }

    /// From dark to light and back; the choice is kept.
    pub fn toggle(&self) {
        let dark = !self.is_dark.get_untracked();
        self.chosen.set(Some(dark));
        if let Some(storage) = window().local_storage().ok().flatten() {
            let _ = storage.set_item(KEY, if dark { "dark" } else { "light" });
        }
    }
}

/// What the system prefers, as it changes.
fn system_prefers_dark() -> ReadSignal<bool> {
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    let (prefers, set_prefers) = signal(query.as_ref().is_some_and(web_sys::MediaQueryList::matches));
    if let Some(query) = query {
        let asked = query.clone();
        let note = Closure::<dyn FnMut()>::new(move || set_prefers.set(asked.matches()));
        query.set_onchange(Some(note.as_ref().unchecked_ref()));
        // The page is there as long as the system.
        note.forget();
    }
    prefers
}

/// The page's look, from any component.
pub fn use_appearance() -> Appearance {
    expect_context::<Appearance>()
}
