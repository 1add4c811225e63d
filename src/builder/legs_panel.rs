//! The table of what is held.

use leptos::prelude::*;
use margin_engine::instrument::Settlement;

use super::leg_figures::totals;
use super::leg_row::LegRow;
use super::words::{amount, delta, signed_size};
use crate::parts::{either, flag, keyed_rows, shown, text};
use crate::state::draft::Leg;
use crate::state::use_simulator;

/// More rows than anybody reads at once are counted, and drawn when they are asked for, so many each time.
const MAX_ROWS: usize = 200;

const NET_DELTA: &str = "Net forward delta, in coins, shares or units of the index";
const SIZES: &str = "Coins, shares, contracts, or the face value of bonds";

/// The table of legs.
#[component]
pub fn LegsPanel() -> impl IntoView {
    let simulator = use_simulator();
    // Rows come and go with their identifiers; what is in them follows by itself.
    let ids = Memo::new(move |_| simulator.draft.with(|draft| draft.legs.iter().map(|leg| leg.id).collect::<Vec<_>>()));
    let names_coin = Memo::new(move |_| {
        simulator.draft.with(|draft| {
            let mut products = draft.legs.iter().map(|leg| leg.instrument.product);
            let Some(first) = products.next() else { return false };
            first.settlement == Settlement::Linear || products.any(|product| product != first)
        })
    });
    // Where all sizes count coins, the heads say so.
    let counts_coins = flag(move || {
        let market = simulator.today();
        let is_coin = |asset| market.get(asset).is_none_or(|underlying| underlying.terms().class.is_coin());
        simulator.draft.with(|draft| draft.legs.iter().all(|leg| is_coin(leg.instrument.product.base)))
    });
    let head = move |coins: &'static str, others: &'static str| {
        text(move || if counts_coins.get() { coins } else { others }.to_owned())
    };
    let has_legs = flag(move || ids.with(|ids| !ids.is_empty()));
    let limit = RwSignal::new(MAX_ROWS);
    let hidden = move || ids.with(|ids| ids.len().saturating_sub(limit.get()));
    let has_hidden = flag(move || hidden() > 0);
    let rows = Memo::new(move |_| ids.with(|ids| ids.iter().take(limit.get()).map(u64::to_string).collect::<Vec<_>>()));
    let currency = text(move || simulator.currency.get().to_string());
    // Rows are laid out one by one: the longest figures say how wide their columns are.
    let size_width = text(move || {
        let length = |leg: &Leg| signed_size(leg.quantity.amount).chars().count();
        simulator.draft.with(|draft| draft.legs.iter().map(length).max().unwrap_or_default().to_string())
    });
    let figure_width = Memo::new(move |_| {
        let sums = simulator.outcome.with(totals);
        let length = |figure: f64| amount(figure, simulator.currency.get()).chars().count();
        sums.map_or(0, |sums| length(sums.alone).max(length(sums.requirement))).to_string()
    });
    let clear = move |_| simulator.edit("emptied the portfolio", |draft| draft.legs.clear());
    let error =
        text(move || simulator.outcome.with(|outcome| outcome.error().map(ToString::to_string).unwrap_or_default()));
    let list = move || {
        keyed_rows(rows.into(), |id| match id.parse() {
            Ok(id) => view! { <LegRow id=id /> }.into_any(),
            Err(_) => ().into_any(),
        })
    };
    let more = move || {
        let words = text(move || format!("{} more legs count and are not listed here. ", hidden()));
        view! {
            <p class="muted small-text">
                {words}
                <button
                    class="link-button"
                    data-testid="legs-more"
                    on:click=move |_| limit.update(|limit| *limit += MAX_ROWS)
                >
                    "List more"
                </button>
            </p>
        }
        .into_any()
    };
    let clear_button = move || {
        view! {
            <button
                class="link-button"
                data-testid="legs-clear"
                title="Removes all legs; Undo brings them back"
                on:click=clear
            >
                "Empty"
            </button>
        }
        .into_any()
    };
    let table = move || {
        view! {
                <div
                    role="table"
                    class="legs"
                    class:names-coin=names_coin
                    style=("--size-digits", size_width)
                    style=("--figure-digits", text(move || figure_width.get()))
                    aria-label="Legs"
                >
                    <div role="row" class="leg leg-head">
                        <span role="columnheader" class="leg-on">
                            <span class="visually-hidden">"Counts"</span>
                        </span>
                        <span role="columnheader" class="leg-size" title=SIZES>
                            {head("size, coins", "size")}
                        </span>
                        <span role="columnheader" class="leg-name">"instrument"</span>
                        <span role="columnheader" class="leg-mark num">"mark $"</span>
                        <span role="columnheader" class="leg-delta num" title=NET_DELTA>
                            {head("Δ coins", "Δ")}
                        </span>
                        <span role="columnheader" class="leg-alone num" title="Initial requirement of the leg alone">
                            "alone " {currency}
                        </span>
                        <span
                            role="columnheader"
                            class="leg-share num"
                            title="What the leg adds to the book's initial requirement"
                        >
                            "share"
                        </span>
                        <span role="columnheader" class="leg-actions">
                            <span class="visually-hidden">"Actions"</span>
                        </span>
                    </div>
                    {list()}
                    <LegTotals />
                </div>
                {shown(has_hidden, more)}
        }
        .into_any()
    };
    view! {
        <section class="panel panel-legs" aria-label="Legs">
            <div class="panel-head">
                <h2 class="panel-title">"Legs"</h2>
                {shown(has_legs, clear_button)}
            </div>
            {either(has_legs, table, no_legs)}
            <p class="problem" role="alert" data-testid="legs-error">{error}</p>
        </section>
    }
}

fn no_legs() -> AnyView {
    view! {
        <p class="empty" data-testid="legs-empty">
            "No legs yet. Click a price in the chain, choose a strategy, or open a prepared portfolio."
        </p>
    }
    .into_any()
}

#[component]
fn LegTotals() -> impl IntoView {
    let simulator = use_simulator();
    let sums = Memo::new(move |_| simulator.outcome.with(totals));
    let money = move |figure: f64| amount(figure, simulator.currency.get());
    move || {
        sums.get().map(|sums| {
            // One coin's delta stands in its column; several have a line of their own.
            let one = sums.deltas.first().filter(|_| sums.deltas.len() == 1).map(|(_, sum)| delta(*sum));
            let each = sums.deltas.iter().map(|(coin, sum)| format!("{} {coin}", delta(*sum)));
            let several = (sums.deltas.len() > 1).then(|| each.collect::<Vec<_>>().join(" · "));
            view! {
                <div role="row" class="leg leg-total">
                    <span role="cell" class="leg-total-alone">"each alone"</span>
                    <span role="cell" class="leg-alone num">{money(sums.alone)}</span>
                    <span role="cell" class="leg-total-together">"together"</span>
                    {one
                        .map(|delta| {
                            view! {
                                <span role="cell" class="leg-delta num" data-testid="legs-delta" title=NET_DELTA>
                                    {delta}
                                </span>
                            }
                        })}
                    <span role="cell" class="leg-share num" title="The book's initial requirement">
                        {money(sums.requirement)}
                    </span>
                    {several
                        .map(|deltas| {
                            view! {
                                <span role="cell" class="leg-deltas" data-testid="legs-delta" title=NET_DELTA>
                                    "net Δ " {deltas}
                                </span>
                            }
                        })}
                </div>
            }
        })
    }
}
