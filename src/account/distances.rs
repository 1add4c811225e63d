//! How far the account is from a margin call and from liquidation, in prices.

use leptos::prelude::*;
use margin_engine::contract::{AssetCallPricesDocument, CallPricesDocument, NearestDocument, PlaceDocument};

use crate::charts::{Unit, format};
use crate::parts::{Cell, Row, TableText, TextTable, shown, text as words, waiting_line};
use crate::state::questions::Answer;
use crate::state::use_simulator;

/// Margin call and liquidation, down and up, for each price that the account depends on; nothing without positions or
/// without collateral.
#[component]
pub fn Distances() -> impl IntoView {
    let simulator = use_simulator();
    let is_funded =
        Memo::new(move |_| simulator.outcome.with(|outcome| outcome.book().is_some_and(|book| !book.legs.is_empty())));
    let asker = simulator.questions.follow::<CallPricesDocument>(simulator, "call_prices", move || {
        is_funded.get().then_some(serde_json::Value::Null)
    });
    let table = move || asker.answer.with(|answer| answer.ready().map_or_else(TableText::default, |it| table(it)));
    let failed = words(move || {
        asker.answer.with(|answer| match answer {
            Answer::Failed(reason) => format!("No call prices: {reason}."),
            _ => String::new(),
        })
    });
    shown(is_funded.into(), move || {
        view! {
            <div class="distances" data-testid="distances" aria-busy=words(move || asker.is_waiting.get().to_string())>
                <TextTable content=table scroller="distances-table" testid="distances-table" />
                <p class="muted small-text">{failed}</p>
                {waiting_line(vec![asker.wait], "Looking for call prices")}
            </div>
        }
        .into_any()
    })
}

fn table(document: &CallPricesDocument) -> TableText {
    let several = document.assets.len() > 1;
    // Together first: it is what happens.
    let together = document.assets.iter().filter(|prices| prices.together).take(1);
    let alone = document.assets.iter().filter(|prices| !prices.together);
    let rows = together.chain(alone).flat_map(|prices| {
        let whose = match (several, prices.together) {
            (false, _) => String::new(),
            (true, true) => " · all".to_owned(),
            (true, false) => format!(" · {}", prices.asset),
        };
        let row = |head: &str, nearest: &NearestDocument| Row {
            head: format!("{head}{whose}"),
            cells: vec![cell(prices, nearest.down, prices.searched[0]), cell(prices, nearest.up, prices.searched[1])],
            ..Row::default()
        };
        [row("Margin call", &prices.margin_call), row("Liquidation", &prices.liquidation)]
    });
    TableText {
        caption: "Where the account is called for margin and liquidated as prices move".to_owned(),
        corner: String::new(),
        columns: [("down", "num"), ("up", "num")].map(|(text, class)| Cell { text: text.to_owned(), class }).to_vec(),
        rows: rows.collect(),
    }
}

/// "$69,900 −9.3 %", "now", or that there is none.
fn cell(prices: &AssetCallPricesDocument, found: Option<PlaceDocument>, searched: f64) -> Cell {
    let (text, class) = match found {
        None => (format!("none to {}", format::percent_move(searched)), "num muted"),
        Some(found) if found.place == 0.0 => ("now".to_owned(), "num critical"),
        Some(found) => {
            let percent = format::percent_move(found.place);
            // Of prices that move together each has its own; the move is what they have in common.
            let price = found.price.filter(|_| !prices.together);
            let text = match price {
                Some(price) => format!("{} {percent}", format::money(price, Unit::Prefix("$"))),
                None => percent,
            };
            (text, "num")
        }
    };
    Cell { text, class }
}
