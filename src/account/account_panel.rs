//! How the account stands: equity against requirement.

use leptos::prelude::*;
use margin_engine::insight::{AccountState, Standing};

use super::distances::Distances;
use super::gauge::gauge;
use crate::builder::words::delta;
use crate::charts::format::{NO_FIGURE, compact, money, number, percent};
use crate::parts::{either, flag, maybe, text, unit};
use crate::state::figures::Figures;
use crate::state::{Simulator, use_simulator};

/// Equity, free margin and the gauge; a sentence where there is no collateral to speak of.
#[component]
pub fn AccountPanel() -> impl IntoView {
    let simulator = use_simulator();
    let standing = Memo::new(move |_| of_state(simulator, |_, state| state.standing));
    // Options owed and nothing deposited is no bankruptcy, but an account that is not set up yet.
    let is_set_up = flag(move || {
        let has_balances = simulator.draft.with(|draft| !draft.balances.is_empty());
        has_balances || standing.get().is_none_or(|standing| standing <= Standing::Watch) && has_legs(simulator)
    });
    let word = maybe(move || standing.get().filter(|_| is_set_up.get()).map(|standing| standing.word().to_owned()));
    let title = text(move || word.get().unwrap_or_default().replace('-', " "));
    view! {
        <section class="panel panel-account" aria-labelledby="account-title">
            <div class="panel-head">
                <h2 class="panel-title" id="account-title">
                    "Account"
                </h2>
                <span class="standing" data-testid="account-standing" data-standing=word>
                    {title}
                </span>
            </div>
            {either(is_set_up, move || figures(simulator, standing), not_set_up)}
        </section>
    }
}

fn has_legs(simulator: Simulator) -> bool {
    simulator.outcome.with(|outcome| outcome.book().is_some_and(|book| !book.legs.is_empty()))
}

fn not_set_up() -> AnyView {
    view! {
        <p class="empty" data-testid="account-empty">
            "Add collateral to see how far this account is from a margin call."
        </p>
    }
    .into_any()
}

/// Something of the state; none where there are no figures.
fn of_state<T>(simulator: Simulator, read: impl FnOnce(&Figures, &AccountState) -> T) -> Option<T> {
    simulator.outcome.with(|outcome| outcome.figures().map(|figures| read(figures, &figures.account_state)))
}

fn figures(simulator: Simulator, standing: Memo<Option<Standing>>) -> AnyView {
    let ratio = Signal::derive(move || of_state(simulator, |_, state| state.margin_ratio).flatten());
    let ratio_text = text(move || ratio.get().map_or_else(|| NO_FIGURE.to_owned(), percent));
    let ratio_value = maybe(move || ratio.get().map(|ratio| ratio.to_string()));
    let of_balance = text(move || {
        let words = of_state(simulator, |figures, state| {
            let written = |amount: f64| money(amount, unit(&figures.assessment.currency));
            let [needed, balance] = [state.requirement.maintenance, state.margin_balance.maintenance].map(written);
            format!("{needed} of {balance}")
        });
        words.unwrap_or_default()
    });
    let sentence = text(move || standing.get().map_or("", said).to_owned());
    let leverage = text(move || {
        let leverage = of_state(simulator, |_, state| state.leverage).flatten();
        leverage.map_or_else(|| NO_FIGURE.to_owned(), |leverage| format!("{}×", number(leverage, 2)))
    });
    let deltas = text(move || of_state(simulator, deltas).unwrap_or_default());
    view! {
        <div class="requirement-figures">
            {tile(simulator, "Equity", "equity", |state| state.equity)}
            {tile(simulator, "Free margin", "free-margin", |state| state.free.initial)}
        </div>
        {gauge(ratio)}
        <p class="gauge-words small-text muted">
            <span>
                "margin ratio "
                <strong data-testid="margin-ratio" data-value=ratio_value>
                    {ratio_text}
                </strong>
            </span>
            <span title="Maintenance requirement, of what counts against it">{of_balance}</span>
        </p>
        <p class="small-text" data-testid="standing-words">{sentence}</p>
        <Distances />
        <dl class="account-rows">
            <div>
                <dt title="Size of all positions over equity">"leverage"</dt>
                <dd data-testid="leverage">{leverage}</dd>
            </div>
            <div>
                <dt title="Of positions and collateral">"delta"</dt>
                <dd data-testid="account-delta">{deltas}</dd>
            </div>
        </dl>
    }
    .into_any()
}

/// One of the two figures on top.
fn tile(simulator: Simulator, name: &'static str, testid: &'static str, read: fn(&AccountState) -> f64) -> AnyView {
    let figure = move || of_state(simulator, |figures, state| (read(state), figures.assessment.currency));
    let written = text(move || {
        figure().map_or_else(|| NO_FIGURE.to_owned(), |(figure, currency)| money(figure, unit(&currency)))
    });
    let value = maybe(move || figure().map(|(figure, _)| figure.to_string()));
    let currency = maybe(move || figure().map(|(_, currency)| currency.to_string()));
    view! {
        <p class="requirement-figure">
            <span class="muted small-text">{name}</span>
            <strong data-testid=testid data-value=value data-currency=currency>
                {written}
            </strong>
        </p>
    }
    .into_any()
}

/// A standing as a sentence.
fn said(standing: Standing) -> &'static str {
    match standing {
        Standing::Healthy => "Both requirements are met with room to spare.",
        Standing::Watch => "The maintenance requirement takes most of what counts: one move may bring a margin call.",
        Standing::MarginCall => {
            "The initial requirement is not met: nothing that adds risk may be opened, and more margin is asked for."
        }
        Standing::Liquidation => "The maintenance requirement is not met: the venue closes positions.",
        Standing::Bankrupt => "The account owes more than it has.",
    }
}

/// Delta in each underlying, as coins or shares and as money.
fn deltas(figures: &Figures, state: &AccountState) -> String {
    let unit = unit(&figures.assessment.currency);
    let each = state.deltas.iter().map(|it| format!("{} {} ({})", delta(it.coins), it.asset, compact(it.value, unit)));
    let all: Vec<String> = each.collect();
    if all.is_empty() { "none".to_owned() } else { all.join(" · ") }
}
