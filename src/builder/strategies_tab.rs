//! Strategies in one click.

use leptos::prelude::*;
use margin_engine::account::Quantity;
use margin_engine::instrument::Instrument;

use super::build_panel::Builder;
use super::strategies::{Strategy, in_words, legs};
use super::words::size;
use crate::state::use_simulator;

/// The list of strategies at the shown expiry. Side and size come from the fields above it.
#[component]
pub fn StrategiesTab() -> impl IntoView {
    let simulator = use_simulator();
    let builder = expect_context::<Builder>();
    let replaces = RwSignal::new(false);
    let amount = Memo::new(move |_| builder.ticket.size.get().ok().map(|size| builder.ticket.side.get().sign() * size));
    // Built in today's market: a what-if moves what is held, it is not traded in.
    let build = move |strategy: Strategy| -> Result<Vec<(Instrument, Quantity)>, String> {
        let market = simulator.today();
        let coin = market.get(simulator.coin.get()).ok_or("This market lacks the underlying.")?;
        let expiry = builder.expiry.get().ok_or("No options are listed here.")?;
        legs(strategy, coin, expiry, amount.get().unwrap_or(1.0))
    };
    let row = move |strategy: Strategy| {
        let built = Memo::new(move |_| build(strategy));
        let line = move || built.with(|built| built.as_ref().map_or_else(Clone::clone, |legs| in_words(legs)));
        let is_impossible = move || built.with(Result::is_err) || amount.get().is_none();
        let add = move |_| {
            let (Ok(legs), Some(amount)) = (built.get_untracked(), amount.get_untracked()) else { return };
            let verb = if amount < 0.0 { "sold" } else { "bought" };
            let expiry = builder.expiry.get_untracked().map(|expiry| format!(" {expiry}")).unwrap_or_default();
            let coin = simulator.coin.get_untracked();
            let name = strategy.name().to_ascii_lowercase();
            simulator.edit(format!("{verb} {} {coin} {name}{expiry}", size(amount.abs())), |draft| {
                if replaces.get_untracked() {
                    draft.legs.clear();
                }
                for (instrument, quantity) in legs {
                    draft.add(instrument, quantity);
                }
            });
        };
        view! {
            <button
                class="strategy"
                data-testid="strategy"
                data-strategy=strategy.id()
                disabled=is_impossible
                on:click=add
            >
                <span class="strategy-name">{strategy.name()}</span>
                <span class="muted small-text">{line}</span>
            </button>
        }
    };
    view! {
        <div class="strategies">{Strategy::ALL.map(row).into_iter().collect_view()}</div>
        <div class="chain-foot">
            <label class="check">
                <input
                    type="checkbox"
                    data-testid="strategy-replace"
                    prop:checked=move || replaces.get()
                    on:change:target=move |event| replaces.set(event.target().checked())
                />
                "Replace what is held"
            </label>
            <span class="faint small-text">"Sell turns each one around."</span>
        </div>
    }
}
