//! The future of the shown expiry, and the perpetual.

use leptos::prelude::*;
use margin_engine::instrument::{Instrument, Kind, Product};

use super::build_panel::Builder;
use super::chain_cell::ChainCell;
use super::quotes::ChainQuotes;
use super::words::price;
use crate::charts::format::{NO_FIGURE, percent_move};

/// Two rows that trade like the cells of the chain.
#[component]
pub fn FutureRows() -> impl IntoView {
    let chain = expect_context::<Builder>().chain;
    let words = move |words: fn(&ChainQuotes) -> String| {
        Signal::derive(move || chain.with(|chain| chain.as_ref().map_or_else(|| NO_FIGURE.to_owned(), words)))
    };
    let held = Memo::new(move |_| chain.with(|chain| chain.as_ref().map(|chain| (chain.asset, chain.expiry))));
    move || {
        held.get().map(|(asset, expiry)| {
            let product = Product::inverse(asset);
            let future = Instrument::coin(product, Kind::Future { expiry });
            let perpetual = Instrument::coin(product, Kind::Perpetual);
            view! {
                <div class="futures">
                    <span>"Future " <span class="muted">{expiry.to_string()}</span></span>
                    <span class="muted small-text">{words(future_note)}</span>
                    <ChainCell instrument=future mark=words(|chain| price(chain.forward)) />
                    <span>"Perpetual"</span>
                    <span class="muted small-text">{words(perpetual_note)}</span>
                    <ChainCell instrument=perpetual mark=words(|chain| price(chain.perpetual)) />
                </div>
            }
        })
    }
}

fn future_note(chain: &ChainQuotes) -> String {
    let basis = format!("basis {}", percent_move_fine(chain.basis()));
    match chain.basis_per_year() {
        Some(yearly) => format!("{basis} · {} a year", percent_move(yearly)),
        None => "expired: settled at the index".to_owned(),
    }
}

fn perpetual_note(chain: &ChainQuotes) -> String {
    if chain.quotes_perpetual {
        format!("basis {}", percent_move_fine(chain.perpetual / chain.index - 1.0))
    } else {
        "index; the source has no mark".to_owned()
    }
}

/// Percent with two decimals: a basis is small.
fn percent_move_fine(fraction: f64) -> String {
    if fraction.is_finite() {
        format!("{}\u{a0}%", super::words::fixed_move(fraction * 100.0, 2))
    } else {
        NO_FIGURE.to_owned()
    }
}
