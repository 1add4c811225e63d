//! Methodologies that have been read.

use std::rc::Rc;

use serde_json::Value;

use super::{ConfiguredMethodology, Preset};

/// Methodologies as they were read last, each once: reading a preset takes longer than a small account, and some keep
/// what they fitted to a history.
#[derive(Default)]
pub struct KnownMethodologies(Vec<Known>);

/// A methodology as it was read last.
struct Known {
    id: &'static str,
    edits: Option<Value>,
    methodology: Rc<ConfiguredMethodology>,
}

impl KnownMethodologies {
    /// The methodology of this identifier, if it was read last with these edits.
    pub fn get(&self, id: &str, edits: Option<&Value>) -> Option<Rc<ConfiguredMethodology>> {
        let is_it = |known: &&Known| known.id == id && known.edits.as_ref() == edits;
        self.0.iter().find(is_it).map(|known| Rc::clone(&known.methodology))
    }

    /// What `read` finds in the preset of a methodology that was read with any edits it takes.
    pub fn preset<T>(&self, id: &str, read: impl FnOnce(&Preset) -> T) -> Option<T> {
        let known = self.0.iter().find(|known| known.id == id)?;
        known.methodology.as_ref().as_ref().ok().map(|methodology| read(&methodology.configured().preset))
    }

    /// Keeps what was read, in place of the same methodology with other edits.
    pub fn keep(&mut self, id: &'static str, edits: Option<&Value>, read: &Rc<ConfiguredMethodology>) {
        self.0.retain(|other| other.id != id);
        self.0.push(Known { id, edits: edits.cloned(), methodology: Rc::clone(read) });
    }
}
