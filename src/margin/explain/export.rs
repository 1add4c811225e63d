//! The explanation as a file.

use leptos::prelude::*;
use margin_engine::contract;
use margin_engine::methodology::{Assessment, Working};
use margin_engine::rfc3339::Rfc3339;
use margin_engine::slide::reprice;
use wasm_bindgen::{JsCast, JsValue};

use super::explained;
use super::legs::shown_slide;
use crate::parts::mark_word;
use crate::state::figures::Figures;
use crate::state::{Simulator, markets};

/// Hands out all formulas, and the legs on the slide that is shown, as rows.
pub fn csv(simulator: Simulator, slide: Option<usize>) {
    let text = simulator.outcome.with_untracked(|outcome| {
        let figures = outcome.figures()?;
        Some(rows(figures, &explained(simulator, figures)?, slide))
    });
    hand_out(simulator, "csv", text.ok_or_else(|| "there are no figures".to_owned()));
}

/// Hands out the contract's response to exactly this state, with its formulas.
pub fn json(simulator: Simulator, _slide: Option<usize>) {
    let mut request = untrack(|| simulator.request());
    request.explain = true;
    let response = contract::assess(&request, |name| markets::named(name).map(|market| market.as_ref().clone()));
    let text = response.map_err(|error| error.to_string());
    let text = text.and_then(|response| serde_json::to_value(&response).map_err(|error| error.to_string()));
    hand_out(simulator, "json", text.map(|value| value.to_string()));
}

/// Provenance in lines that start with #, then a row for each formula and for each leg on the slide.
fn rows(figures: &Figures, assessment: &Assessment, slide: Option<usize>) -> String {
    let from = &assessment.provenance;
    let edited = if from.is_edited { ", edited" } else { "" };
    let mut text = format!(
        "# methodology: {} ({}){edited}\n# preset: {}, {}\n# mark: {} ({})\n# source: {}\n# market: {}, {}\n# currency: {}\n\
         # initial: {}\n# maintenance: {}\ncomponent,leg,slide,formula,values,result\n",
        from.title,
        from.methodology,
        from.preset,
        from.preset_date,
        mark_word(from.mark),
        from.mark_note,
        from.source,
        from.market_title,
        Rfc3339(from.market_time),
        assessment.currency,
        assessment.initial,
        assessment.maintenance,
    );
    let leg_name = |leg: usize| figures.book.legs.get(leg).map(|leg| leg.instrument.to_string()).unwrap_or_default();
    let label = |slide: usize| assessment.grid.slides.get(slide).map_or("", |slide| &slide.label);
    let mut add =
        |component: &str, leg: &str, slide: &str, formula: &str, values: &[(&'static str, f64)], result: f64| {
            let values: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let cells = [component, leg, slide, formula, &values.join("; "), &result.to_string()];
            text += &cells.map(quoted).join(",");
            text.push('\n');
        };
    for Working { component, leg, slide, formula, values, result } in &assessment.workings {
        let leg = leg.map(leg_name).unwrap_or_default();
        add(component, &leg, slide.map_or("", label), formula, values, *result);
    }
    let slide = shown_slide(figures, slide);
    for leg in 0..figures.book.legs.len() {
        if let Some(repriced) = reprice(&figures.book, &assessment.grid, leg, slide) {
            add("P&L", &leg_name(leg), label(slide), repriced.formula, &repriced.values, repriced.pnl);
        }
    }
    text
}

/// A cell, in quotes where it needs them.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// Saves the text as a file, or says why there is none.
fn hand_out(simulator: Simulator, kind: &str, text: Result<String, String>) {
    let name = format!("margin-{}.{kind}", simulator.draft.with_untracked(|draft| draft.methodology.clone()));
    let saved = text.and_then(|text| save(&name, &text).map_err(|_| "the browser does not let it be saved".to_owned()));
    if let Err(reason) = saved {
        simulator.notify(format!("{name} could not be made: {reason}."));
    }
}

fn save(name: &str, text: &str) -> Result<(), JsValue> {
    let blob = web_sys::Blob::new_with_str_sequence(&js_sys::Array::of1(&JsValue::from_str(text)))?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let anchor = document().create_element("a")?;
    anchor.set_attribute("href", &url)?;
    anchor.set_attribute("download", name)?;
    anchor.unchecked_into::<web_sys::HtmlElement>().click();
    // The browser has taken hold of the text by then.
    set_timeout(move || web_sys::Url::revoke_object_url(&url).unwrap_or_default(), std::time::Duration::from_secs(10));
    Ok(())
}
