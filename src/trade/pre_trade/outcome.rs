//! What the engine says: accepted or refused, and the account before and after.

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::contract::{MarginFiguresDocument, PreTradeDocument};

use super::PreTrade;
use crate::builder::words::price;
use crate::charts::format::{NO_FIGURE, money, percent};
use crate::parts::{flag, maybe, shown, text, unit};

/// Accepted or refused, and why.
#[component]
pub fn Verdict() -> impl IntoView {
    let panel = expect_context::<PreTrade>();
    let is_accepted = move || panel.read(|answer| answer.accepted).unwrap_or_default();
    let is_order = move || panel.ticket.sized_order().is_some() || panel.ticket.list.with(|list| !list.is_empty());
    let word = text(move || if is_accepted() { "Accepted" } else { "Refused" }.to_owned());
    // The sentence begins with the word that the badge says.
    let why = text(move || {
        let reason = panel.read(|answer| answer.reason.clone()).unwrap_or_default();
        let why = reason.split_once(": ").map_or(reason.as_str(), |(_, why)| why);
        let mut letters = why.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        format!("{first}{}.", letters.as_str())
    });
    let first = maybe(move || {
        let refused = panel.read(|answer| answer.first_refused.filter(|_| answer.orders.len() > 1)).flatten()?;
        Some(format!("One after the other, order {} is the first to be refused.", refused + 1))
    });
    shown(flag(is_order), move || {
        view! {
            <div class="verdict" role="status" data-testid="pre-trade-verdict" data-accepted=text(move || is_accepted().to_string())>
                <strong class:accepted=flag(is_accepted) class:refused=flag(move || !is_accepted())>{word}</strong>
                <p>{why} " " <span class="muted">{first}</span></p>
            </div>
        }
        .into_any()
    })
}

/// One line of the table.
struct Line {
    id: &'static str,
    name: String,
    before: String,
    after: String,
}

/// The account before and after.
#[component]
pub fn BeforeAndAfter() -> impl IntoView {
    let panel = expect_context::<PreTrade>();
    let is_order = flag(move || !panel.ticket.orders().is_empty());
    let line = |line: Line| {
        view! {
            <tr data-testid=format!("pre-trade-{}", line.id)>
                <th scope="row">{line.name}</th>
                <td class="num before">{line.before}</td>
                <td class="num after">{line.after}</td>
            </tr>
        }
        .into_any()
    };
    let lines = move || panel.read(|answer| lines(answer).into_iter().map(line).collect_view());
    view! {
        <table class="table before-after" class:now=flag(move || !is_order.get()) data-testid="pre-trade-table">
            <thead>
                <tr>
                    <th scope="col"><span class="visually-hidden">"Figure"</span></th>
                    <th scope="col" class="num">{text(move || if is_order.get() { "Before" } else { "Now" }.to_owned())}</th>
                    <th scope="col" class="num after">"After"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
}

fn lines(answer: &PreTradeDocument) -> Vec<Line> {
    let currency: Asset = answer.currency.parse().unwrap_or(Asset::USD);
    let line = |id, name: &str, figure: &dyn Fn(&MarginFiguresDocument) -> String| Line {
        id,
        name: name.to_owned(),
        before: figure(&answer.before),
        after: figure(&answer.after),
    };
    let amount = |amount: f64| money(amount, unit(&currency));
    let ratio = |figures: &MarginFiguresDocument| figures.margin_ratio.map_or_else(|| NO_FIGURE.to_owned(), percent);
    let mut lines = vec![
        line("initial", "Initial margin", &|figures| amount(figures.initial_margin)),
        line("maintenance", "Maintenance", &|figures| amount(figures.maintenance_margin)),
        line("equity", "Equity", &|figures| amount(figures.equity)),
        line("free", "Free margin", &|figures| amount(figures.free_margin)),
        line("ratio", "Margin ratio", &ratio),
        line("standing", "Standing", &|figures| figures.standing.replace('-', " ")),
    ];
    for moved in &answer.liquidation {
        let at = |found: Option<f64>| match found {
            None => "none".to_owned(),
            // Already missed at the present price.
            Some(found) if found == moved.index => "now".to_owned(),
            Some(found) => price(found),
        };
        let line = |id, side: &str, before: Option<f64>, after: Option<f64>| Line {
            id,
            name: format!("{} liquidation {side}", moved.asset),
            before: at(before),
            after: at(after),
        };
        lines.push(line("liquidation-down", "below", moved.down_before, moved.down_after));
        lines.push(line("liquidation-up", "above", moved.up_before, moved.up_after));
    }
    lines
}
