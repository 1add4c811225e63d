//! A market or a clearing house's risk parameters from a file, dropped or picked.

use leptos::prelude::*;
use margin_engine::market::Market;
use margin_engine::market::{book_summary, fit};
use margin_engine::methodology::find;
use margin_engine::methodology::span::risk_file::RiskFile;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::later::{MISSING, learn_rules, panels};
use crate::state::Simulator;
use crate::state::markets::LoadedMarket;

/// Larger files are refused before they are read.
const MAX_BYTES: f64 = 10e6;

/// Rows left out are told one by one up to so many.
const TOLD_ROWS: usize = 3;

/// Takes files dropped anywhere on the page.
pub fn listen(simulator: Simulator) {
    let _ = window_event_listener(leptos::ev::dragover, |event| {
        if event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0)) {
            event.prevent_default();
        }
    });
    let _ = window_event_listener(leptos::ev::drop, move |event| {
        let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            event.prevent_default();
            load(simulator, file);
        }
    });
}

/// Takes the file that was picked in a file input.
pub fn picked(simulator: Simulator, event: &web_sys::Event) {
    let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(input) = input else { return };
    if let Some(file) = input.files().and_then(|files| files.get(0)) {
        load(simulator, file);
    }
    // So that the same file can be picked again.
    input.set_value("");
}

fn load(simulator: Simulator, file: web_sys::File) {
    let name = file.name();
    if file.size() > MAX_BYTES {
        simulator.notify(format!("{name} is larger than 10 MB; a chain is a tenth of that. Nothing was changed."));
        return;
    }
    spawn_local(async move {
        let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
        let Some(text) = text else {
            return simulator.notify(format!("{name} could not be read as text. Nothing was changed."));
        };
        // A file of risk parameters is read against a methodology's own.
        if !learn_rules(simulator).await {
            return;
        }
        match panels().await {
            Ok(panels) => (panels.open_file)(simulator, &name, &text),
            Err(_) => simulator.notify(MISSING),
        }
    });
}

/// Opens a market document, a response of `get_book_summary_by_currency`, or a SPAN risk parameter file.
pub fn open(simulator: Simulator, name: &str, text: &str) {
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return open_risk_file(simulator, name, text);
    }
    if let Ok(market) = Market::from_json(text) {
        simulator.use_market(LoadedMarket::own(market));
        return;
    }
    match book_summary::parse(text) {
        Ok(chain) => {
            let notes = &chain.notes;
            if !notes.is_empty() {
                let told: Vec<String> = notes.iter().take(TOLD_ROWS).map(ToString::to_string).collect();
                let more = notes.len().saturating_sub(TOLD_ROWS);
                let more = if more > 0 { format!(" … and {more} more") } else { String::new() };
                let rows = if notes.len() == 1 { "row was" } else { "rows were" };
                let told = told.join(" · ");
                simulator.notify(format!("{name}: {} {rows} left out or used in part. {told}{more}", notes.len()));
            }
            // Thinned, so that a link can carry it.
            let market = fit::thin(&chain, &fit::Tolerance::default()).unwrap_or(chain.market);
            simulator.use_market(LoadedMarket::own(market));
        }
        Err(error) => simulator.notify(format!("{name} is not a market: {error}. Nothing was changed.")),
    }
}

/// The identifier of the methodology that a risk parameter file is for.
const SPAN: &str = "span";

/// Takes scan ranges, charges and minimums of a risk parameter file as edits of SPAN's parameters, and chooses SPAN.
fn open_risk_file(simulator: Simulator, name: &str, text: &str) {
    let span = find(SPAN).map(|span| simulator.methodologies.configured(span, None));
    let Some(Ok(span)) = span.as_deref() else { return };
    match RiskFile::read(text).and_then(|file| file.parameters(&span.configured().parameters)) {
        Ok(edits) => simulator.edit(format!("risk parameters of {name} taken"), |draft| {
            draft.methodology = SPAN.to_owned();
            draft.edits.insert(SPAN.to_owned(), edits);
        }),
        Err(error) => {
            simulator.notify(format!("{name} is no risk parameter file of SPAN: {error}. Nothing was changed."))
        }
    }
}
