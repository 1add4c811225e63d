//! The state in the address bar and in local storage. Nothing that cannot be read is lost.

use std::time::Duration;

use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::Simulator;
use super::link::{Fragment, LinkError, Place, decoded, fragment, read_fragment, ticket_fragment};
use crate::later;
use crate::learn::portfolios::{self, OPENING};

/// Where the state is kept.
const KEY: &str = "margin-simulator";

/// Where states are put that could not be opened, one a line.
const SET_ASIDE_KEY: &str = "margin-simulator.set-aside";

/// The address and the storage follow edits after so much rest: browsers refuse to change the
/// address at the pace of a slider.
const REST: Duration = Duration::from_millis(300);

/// Whether the state that will be opened at the start may ask for any methodology, and must be read.
pub fn needs_rules() -> bool {
    !matches!(read_fragment(&location_fragment()), Fragment::Empty | Fragment::Ticket(None)) || kept().is_some()
}

/// Opens what the link asks for, else what was kept, else the opening portfolio.
pub fn open_at_start(simulator: Simulator) {
    let asked = read_fragment(&location_fragment());
    let opened = match asked {
        Fragment::Empty | Fragment::Ticket(None) => false,
        asked => open(simulator, asked),
    };
    if opened || open_kept(simulator) {
        return;
    }
    portfolios::open(simulator, OPENING);
}

/// Opens what a fragment asks for; says so if it cannot.
fn open(simulator: Simulator, asked: Fragment) -> bool {
    match asked {
        Fragment::Empty | Fragment::Ticket(None) => false,
        Fragment::Portfolio(id) if portfolios::open(simulator, &id) => true,
        Fragment::Portfolio(id) => {
            simulator.notify(format!("There is no prepared portfolio named \"{id}\"."));
            false
        }
        Fragment::State(text) | Fragment::Ticket(Some(text)) => restore(simulator, "The link", &text, decoded(&text)),
    }
}

fn open_kept(simulator: Simulator) -> bool {
    kept().is_some_and(|text| restore(simulator, "The portfolio kept in this browser", &text, Ok(text.clone())))
}

fn kept() -> Option<String> {
    storage().and_then(|storage| storage.get_item(KEY).ok().flatten())
}

/// Opens the state in `json`, or says why it cannot be and sets `text` aside.
fn restore(simulator: Simulator, what: &'static str, text: &str, json: Result<String, LinkError>) -> bool {
    let Some(rules) = simulator.methodologies.rules() else {
        // The address was changed before they have come.
        let text = text.to_owned();
        leptos::task::spawn_local(async move {
            if later::learn_rules(simulator).await {
                restore(simulator, what, &text, json);
            }
        });
        return true;
    };
    match json.and_then(|json| (rules.open_json)(&json)) {
        Ok(restored) => {
            simulator.restore(restored);
            true
        }
        Err(error) => {
            let aside = if set_aside(text) {
                format!(" It is set aside in this browser's storage as \"{SET_ASIDE_KEY}\".")
            } else {
                String::new()
            };
            simulator.notify(format!("{what} could not be opened: {error}.{aside}"));
            false
        }
    }
}

/// Keeps a text below those that were set aside before; whether the storage takes it.
fn set_aside(text: &str) -> bool {
    storage().is_some_and(|storage| {
        let before = storage.get_item(SET_ASIDE_KEY).ok().flatten().unwrap_or_default();
        let all = match before.as_str() {
            "" => text.to_owned(),
            // A damaged link that is opened again.
            _ if before.contains(text) => return true,
            _ => format!("{before}\n{text}"),
        };
        storage.set_item(SET_ASIDE_KEY, &all).is_ok()
    })
}

/// Which page the address asks for.
pub fn place() -> Place {
    read_fragment(&location_fragment()).place()
}

/// From now on the address bar and the storage follow the state, and the state follows a changed address. A ticket in
/// another page changes nothing that this browser keeps, one that shows what is kept keeps its short address.
pub fn keep(simulator: Simulator) {
    let place = simulator.place;
    let write = move || {
        let request = simulator.request();
        if let Some(storage) = storage().filter(|_| place != Place::LinkedTicket) {
            // A full or forbidden storage loses nothing that the address bar does not hold.
            let _ = storage.set_item(KEY, &request.to_json());
        }
        let fragment = match place {
            Place::Whole => fragment(&request),
            Place::LinkedTicket => ticket_fragment(&request),
            Place::Ticket => return,
        };
        if location_fragment() != fragment {
            let history = window().history();
            let _ = history.and_then(|h| h.replace_state_with_url(&JsValue::NULL, "", Some(&fragment)));
        }
    };
    let mut write_at_rest = debounce(REST, move |()| untrack(write));
    Effect::new(move |_| {
        // Everything that the request holds is followed, and the request written when it rests.
        simulator.draft.track();
        simulator.market.track();
        simulator.currency.track();
        simulator.what_if.track();
        write_at_rest(());
    });
    let _ = window_event_listener(leptos::ev::hashchange, move |_| match read_fragment(&location_fragment()) {
        Fragment::Empty => {}
        // Another page.
        asked if asked.place() != place => {
            let _ = window().location().reload();
        }
        asked => {
            open(simulator, asked);
        }
    });
}

/// The address that opens the state as it is now.
pub fn share_link(simulator: Simulator) -> String {
    let location = window().location();
    let page = location.href().unwrap_or_default();
    let page = page.split('#').next().unwrap_or_default().to_owned();
    page + &fragment(&simulator.request())
}

fn location_fragment() -> String {
    window().location().hash().unwrap_or_default()
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
