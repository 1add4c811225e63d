//! Dark or light: as the system says, unless the user says otherwise.

use leptos::prelude::*;
use leptos_use::use_preferred_dark;

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
        let preferred = use_preferred_dark();
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

/// The page's look, from any component.
pub fn use_appearance() -> Appearance {
    expect_context::<Appearance>()
}
