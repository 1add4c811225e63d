//! The methodologies with their parameters, each read once.

use std::rc::Rc;

use leptos::prelude::*;
use margin_engine::methodology::{ConfiguredMethodology, Entry, Preset};
use serde_json::Value;

/// What has been read. Copies are handles to the same list.
///
/// A preset takes longer to read than a small book to assess; without this each edit would read all of them.
#[derive(Clone, Copy)]
pub struct Methodologies(StoredValue<Vec<Known>, LocalStorage>);

/// A methodology as it was read last.
struct Known {
    id: &'static str,
    edits: Option<Value>,
    methodology: Rc<ConfiguredMethodology>,
}

impl Methodologies {
    /// Nothing is read yet.
    pub fn start() -> Methodologies {
        Methodologies(StoredValue::new_local(vec![]))
    }

    /// The methodology with these edits, or why they cannot be.
    pub fn configured(self, entry: &Entry, edits: Option<&Value>) -> Rc<ConfiguredMethodology> {
        let is_it = |known: &&Known| known.id == entry.id && known.edits.as_ref() == edits;
        self.find(is_it).unwrap_or_else(|| {
            let methodology = Rc::new(entry.configure(edits));
            let known = Known { id: entry.id, edits: edits.cloned(), methodology: Rc::clone(&methodology) };
            let _ = self.0.try_update_value(|all| {
                all.retain(|other| other.id != entry.id);
                all.push(known);
            });
            methodology
        })
    }

    /// What `read` finds in the methodology's preset, edited or not.
    pub fn preset<T>(self, entry: &Entry, read: impl FnOnce(&Preset) -> T) -> Option<T> {
        let with_any_edits = self.find(|known| known.id == entry.id && known.methodology.is_ok());
        let methodology = with_any_edits.unwrap_or_else(|| self.configured(entry, None));
        methodology.as_ref().as_ref().ok().map(|methodology| read(&methodology.configured().preset))
    }

    fn find(self, is_it: impl Fn(&&Known) -> bool) -> Option<Rc<ConfiguredMethodology>> {
        self.0.try_with_value(|all| all.iter().find(is_it).map(|known| Rc::clone(&known.methodology))).flatten()
    }
}
