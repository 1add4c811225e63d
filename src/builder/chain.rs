//! The option chain of one expiry.

use leptos::html::Div;
use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::instrument::{Expiry, Kind, Right};
use margin_engine::order::sorted_by;
use wasm_bindgen::JsCast;

use super::build_panel::Builder;
use super::chain_cell::ChainCell;
use super::outrights::OutrightRows;
use super::quotes::ChainQuotes;
use super::venue::{Trades, Venue};
use super::words::{fixed, quoted};
use crate::charts::format::{NO_FIGURE, price_tick};
use crate::parts::{either, flag, keyed_rows, shown, text};
use crate::state::{Simulator, use_simulator};

/// So many strikes are shown unless all are asked for.
const ROWS: usize = 14;

/// What tells one row from another.
#[derive(Clone, Copy, PartialEq)]
struct RowKey {
    asset: Asset,
    venue: Venue,
    expiry: Expiry,
    strike: f64,
}

impl RowKey {
    /// The same as text, for lists.
    fn text(&self) -> String {
        format!("{} {} {}", self.asset, self.expiry, self.strike)
    }
}

/// What a row says.
#[derive(Clone, PartialEq, Default)]
struct RowText {
    vol: String,
    call: String,
    call_delta: String,
    put: String,
    put_delta: String,
}

/// Future, perpetual and options of the shown expiry.
#[component]
pub fn ChainTab() -> impl IntoView {
    let simulator = use_simulator();
    let chain = expect_context::<Builder>().chain;
    let shows_all = RwSignal::new(false);
    let box_ref = NodeRef::<Div>::new();
    // Rows are kept while the figures in them change: a moving market only moves this list where the window moves.
    let held = Memo::new(move |_| {
        held_strikes(simulator, chain.with(|chain| Some((chain.as_ref()?.asset, chain.as_ref()?.expiry))))
    });
    let rows = Memo::new(move |_| {
        chain.with(|chain| {
            let Some(chain) = chain else { return vec![] };
            let strikes = if shows_all.get() {
                chain.strikes.iter().map(|row| row.strike).collect()
            } else {
                held.with(|held| chain.readable(ROWS, held))
            };
            let key = |strike| RowKey { asset: chain.asset, venue: chain.venue, expiry: chain.expiry, strike };
            strikes.into_iter().map(key).collect::<Vec<_>>()
        })
    });
    // The first row that is not below the forward carries the line.
    let first_above = Memo::new(move |_| {
        let above = chain.with(|chain| chain.as_ref().and_then(ChainQuotes::first_above))?;
        rows.with(|rows| rows.iter().map(|row| row.strike).find(|strike| *strike >= above))
    });
    let listed = Memo::new(move |_| chain.with(|chain| chain.as_ref().map_or(0, |chain| chain.strikes.len())));
    let has_options = flag(move || listed.get() > 0);
    let has_more = flag(move || listed.get() > ROWS);
    let is_beyond = flag(move || has_options.get() && first_above.get().is_none());
    // With all strikes the box scrolls; the forward is where one starts to read.
    Effect::new(move |_| {
        let Some(scrolled) = box_ref.get().filter(|_| shows_all.get()) else { return };
        let line = scrolled.query_selector(".at-forward").ok().flatten();
        if let Some(line) = line.and_then(|line| line.dyn_into::<web_sys::HtmlElement>().ok()) {
            scrolled.set_scroll_top(line.offset_top() - scrolled.client_height() / 2);
        }
    });
    let keys = Memo::new(move |_| rows.with(|rows| rows.iter().map(RowKey::text).collect::<Vec<_>>()));
    let list = move || {
        keyed_rows(keys.into(), move |key| {
            let row = rows.with_untracked(|rows| rows.iter().find(|row| row.text() == key).copied());
            row.map_or_else(|| ().into_any(), |row| view! { <Row row=row first_above=first_above /> }.into_any())
        })
    };
    let more_text =
        text(move || if shows_all.get() { "Near strikes".to_owned() } else { format!("All {} strikes", listed.get()) });
    let more = move || {
        view! {
            <button
                class="link-button"
                data-testid="chain-more"
                aria-pressed=text(move || shows_all.get().to_string())
                on:click=move |_| shows_all.update(|all| *all = !*all)
            >
                {more_text}
            </button>
        }
        .into_any()
    };
    let contract = text(move || {
        let contract = chain.with(|chain| chain.as_ref().map_or("", |chain| chain.venue.contract()));
        if contract.is_empty() { String::new() } else { format!("{contract} ") }
    });
    let table = move || {
        view! {
            <div class="chain-box" class:all-strikes=flag(move || shows_all.get()) node_ref=box_ref>
                <table class="table chain">
                    <thead>
                        <tr>
                            <th scope="col" class="num" title="Forward delta of the call">"Δ"</th>
                            <th scope="col" class="num" title="Implied vol, percent a year">"vol %"</th>
                            <th scope="col" class="num" title="Mark of the call, dollars for one coin or share">"call $"</th>
                            <th scope="col" class="strike">"strike"</th>
                            <th scope="col" class="num" title="Mark of the put, dollars for one coin or share">"put $"</th>
                            <th scope="col" class="num" title="Implied vol, percent a year">"vol %"</th>
                            <th scope="col" class="num" title="Forward delta of the put">"Δ"</th>
                        </tr>
                    </thead>
                    <tbody class:forward-beyond=is_beyond>
                        {list()}
                    </tbody>
                </table>
            </div>
            <div class="chain-foot">
                <span class="faint small-text">
                    {contract} <span class="shift-hint">"Click a price to trade it; with Shift, the other side."</span>
                </span>
                {shown(has_more, more)}
            </div>
        }
        .into_any()
    };
    let no_options = text(move || {
        let market = simulator.today();
        let contract = market.get(simulator.coin.get()).map_or("", |underlying| Venue::of(underlying).contract());
        match chain.with(Option::is_some) {
            false if !contract.is_empty() => contract.to_owned(),
            _ => "No options are listed for this expiry.".to_owned(),
        }
    });
    view! {
        <OutrightRows />
        {either(has_options, table, move || view! { <p class="empty">{no_options}</p> }.into_any())}
    }
}

#[component]
fn Row(row: RowKey, first_above: Memo<Option<f64>>) -> impl IntoView {
    let chain = expect_context::<Builder>().chain;
    let text =
        Memo::new(move |_| chain.with(|chain| chain.as_ref().map_or_else(RowText::default, |c| row_text(c, row))));
    let cell = |right: Right, mark: fn(&RowText) -> String| {
        let mark = Signal::derive(move || text.with(mark));
        match row.venue.instrument(Kind::Option { expiry: row.expiry, strike: row.strike, right }) {
            Some(instrument) => view! { <ChainCell instrument=instrument mark=mark /> }.into_any(),
            // A strike that fits into no symbol.
            None => view! { <span>{mark}</span> }.into_any(),
        }
    };
    view! {
        <tr class:at-forward=move || first_above.get() == Some(row.strike)>
            <td class="num muted">{move || text.with(|text| text.call_delta.clone())}</td>
            <td class="num muted">{move || text.with(|text| text.vol.clone())}</td>
            <td class="num">{cell(Right::Call, |text| text.call.clone())}</td>
            <th scope="row" class="strike">{price_tick(row.strike)}</th>
            <td class="num">{cell(Right::Put, |text| text.put.clone())}</td>
            <td class="num muted">{move || text.with(|text| text.vol.clone())}</td>
            <td class="num muted">{move || text.with(|text| text.put_delta.clone())}</td>
        </tr>
    }
}

/// The strikes of an expiry in which something is held.
fn held_strikes(simulator: Simulator, shown: Option<(Asset, Expiry)>) -> Vec<f64> {
    let Some((asset, expiry)) = shown else { return vec![] };
    simulator.draft.with(|draft| {
        let legs = draft.legs.iter().filter(|leg| leg.enabled && leg.instrument.product.base == asset);
        let strikes: Vec<f64> = legs
            .filter(|leg| leg.instrument.expiry() == Some(expiry))
            .filter_map(|leg| Some(leg.instrument.option_terms()?.0))
            .collect();
        // The order of the table does not matter, so that it changes nothing here.
        sorted_by(strikes, |strike| *strike)
    })
}

fn row_text(chain: &ChainQuotes, row: RowKey) -> RowText {
    // A row of the coin or the expiry before, about to be taken away.
    let same = chain.asset == row.asset && chain.expiry == row.expiry;
    let Some(quote) = chain.at(row.strike).filter(|_| same) else {
        return RowText { call: NO_FIGURE.to_owned(), put: NO_FIGURE.to_owned(), ..RowText::default() };
    };
    let is_coin = chain.venue.trades == Trades::Coins;
    RowText {
        vol: fixed(quote.vol_annual * 100.0, 1),
        call: quoted(quote.call.mark, is_coin),
        call_delta: fixed(quote.call.delta, 2),
        put: quoted(quote.put.mark, is_coin),
        put_delta: fixed(quote.put.delta, 2),
    }
}
