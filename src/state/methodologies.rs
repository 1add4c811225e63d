//! The methodologies with their parameters, each read once.

use std::rc::Rc;

use leptos::prelude::*;
use margin_engine::collateral::CollateralSchedule;
use margin_engine::contract::{CollateralChoice, ContractError};
use margin_engine::methodology::{
    ConfiguredMethodology, Entry, FIRST, KnownMethodologies, MethodologyError, Preset, configure_first,
};
use serde_json::Value;

use crate::later::Rules;

/// What has been read. Copies are handles to the same list.
///
/// A preset takes longer to read than a small book to assess; without this each edit would read all of them.
#[derive(Clone, Copy)]
pub struct Methodologies {
    known: StoredValue<KnownMethodologies, LocalStorage>,
    schedule: StoredValue<Option<KnownSchedule>, LocalStorage>,
    /// None until that part of the page is there; meanwhile there is the first methodology alone.
    rules: RwSignal<Option<Rules>>,
}

/// The haircuts as they were read last: for which methodology, and what was chosen.
#[derive(Clone)]
struct KnownSchedule {
    methodology: &'static str,
    choice: Option<CollateralChoice>,
    schedule: Rc<CollateralSchedule>,
}

impl Methodologies {
    /// Nothing is read yet; the rules may have come already.
    pub fn start(rules: Option<Rules>) -> Methodologies {
        Methodologies {
            known: StoredValue::new_local(KnownMethodologies::default()),
            schedule: StoredValue::new_local(None),
            rules: RwSignal::new(rules),
        }
    }

    /// From now on any methodology can be had.
    pub fn learn(self, rules: Rules) {
        if self.rules().is_none() {
            self.rules.set(Some(rules));
        }
    }

    /// The rules, if they have come.
    pub fn rules(self) -> Option<Rules> {
        self.rules.get_untracked()
    }

    /// The methodology with these edits, or why they cannot be.
    pub fn configured(self, entry: &Entry, edits: Option<&Value>) -> Rc<ConfiguredMethodology> {
        let known = self.known.try_with_value(|known| known.get(entry.id, edits)).flatten();
        known.unwrap_or_else(|| {
            let Some(read) = self.read(entry, edits) else { return Rc::new(awaited()) };
            let read = Rc::new(read);
            let _ = self.known.try_update_value(|known| known.keep(entry.id, edits, &read));
            read
        })
    }

    /// The methodology with these edits, read anew.
    ///
    /// # Errors
    /// It refuses them; or its part of the page is not there yet, and then who asks is told again when it is.
    pub fn made(self, entry: &Entry, edits: Option<&Value>) -> ConfiguredMethodology {
        self.read(entry, edits).unwrap_or_else(awaited)
    }

    /// None as long as the rules are awaited, which whoever asks follows from then on.
    fn read(self, entry: &Entry, edits: Option<&Value>) -> Option<ConfiguredMethodology> {
        match (self.rules(), entry.id) {
            (Some(rules), _) => Some((rules.make)(entry, edits)),
            (None, FIRST) => Some(configure_first(edits)),
            (None, _) => {
                self.rules.track();
                None
            }
        }
    }

    /// What `read` finds in the methodology's preset, edited or not.
    pub fn preset<T>(self, entry: &Entry, read: impl Fn(&Preset) -> T) -> Option<T> {
        let with_any_edits = self.known.try_with_value(|known| known.preset(entry.id, &read)).flatten();
        with_any_edits.or_else(|| {
            let methodology = self.configured(entry, None);
            methodology.as_ref().as_ref().ok().map(|methodology| read(&methodology.configured().preset))
        })
    }

    /// The haircuts that were chosen, else those of the methodology's venue.
    ///
    /// # Errors
    /// There is no such schedule, or its edits cannot be.
    pub fn schedule(
        self,
        entry: &'static Entry,
        choice: Option<&CollateralChoice>,
    ) -> Result<Rc<CollateralSchedule>, ContractError> {
        let kept = self.schedule.try_get_value().flatten();
        if let Some(kept) = kept.filter(|kept| kept.methodology == entry.id && kept.choice.as_ref() == choice) {
            return Ok(kept.schedule);
        }
        let schedule = Rc::new(CollateralChoice::schedule(choice, entry)?);
        let (methodology, choice) = (entry.id, choice.cloned());
        self.schedule.try_set_value(Some(KnownSchedule { methodology, choice, schedule: Rc::clone(&schedule) }));
        Ok(schedule)
    }
}

fn awaited() -> ConfiguredMethodology {
    Err(MethodologyError::NotApplicable("its rules are on their way".to_owned()))
}
