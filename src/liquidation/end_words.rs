//! What became of the account, in words and beside the other ways.

use margin_engine::contract::{EndDocument, LiquidationDocument, WayDocument};

use crate::charts::Unit;
use crate::charts::format::{NO_FIGURE, money, percent};
use crate::parts::{Cell, Row, TableText};

/// The end of the chosen way.
fn chosen(document: &LiquidationDocument) -> Option<&EndDocument> {
    document.ways.iter().find(|way| way.id == document.mechanism)?.end.as_ref()
}

/// How it ended: `survives`, `safe`, `closed` or `bankrupt`.
pub fn outcome(document: &LiquidationDocument) -> String {
    chosen(document).map_or_else(String::new, |end| end.outcome.clone())
}

/// How it ended, in a sentence.
pub fn verdict(document: &LiquidationDocument, unit: Unit<'_>) -> String {
    let Some(end) = chosen(document) else { return String::new() };
    let at = match (end.breach, end.breach_label.as_deref()) {
        (Some(0), _) => "today already".to_owned(),
        (_, Some(label)) => format!("at {label}"),
        _ => String::new(),
    };
    let rounds = match (end.rounds, document.mechanism.as_str()) {
        (1, "auction") => "one sale".to_owned(),
        (count, "auction") => format!("{count} sales"),
        (1, _) => "one round".to_owned(),
        (count, _) => format!("{count} rounds"),
    };
    match end.outcome.as_str() {
        "survives" => match end.highest_ratio {
            Some(ratio) => format!("Survives: at the worst the requirement takes {} of the balance.", percent(ratio)),
            None => "Survives.".to_owned(),
        },
        "safe" => format!(
            "Liquidated {at}; safe after {rounds}, with {} of the book kept and {} of equity.",
            percent(end.kept_fraction),
            money(end.equity_end, unit)
        ),
        "closed" => {
            format!("Liquidated {at}; nothing is left after {rounds} but {}.", money(end.equity_end, unit))
        }
        _ if end.breach.is_some() => format!(
            "Bankrupt: liquidated {at}, all closed after {rounds}. The insurance fund loses {}.",
            money(end.fund_loss, unit)
        ),
        _ => format!("Bankrupt. The insurance fund loses {}.", money(end.fund_loss, unit)),
    }
}

/// What not dumping the book has saved, or cost.
pub fn saving(document: &LiquidationDocument, unit: Unit<'_>) -> Option<String> {
    let saved = document.saved?;
    Some(if saved < 0.0 {
        format!("Not dumping the book cost {}.", money(-saved, unit))
    } else {
        format!("Not dumping the book saved {}.", money(saved, unit))
    })
}

/// All ways side by side.
pub fn table(document: &LiquidationDocument, unit: Unit<'_>) -> TableText {
    let columns = ["begins", "fees and slippage", "kept", "equity at the end", "fund's loss"];
    TableText {
        caption: "The same account on the same path, liquidated in other ways".to_owned(),
        corner: "way".to_owned(),
        columns: columns.map(|name| Cell { text: name.to_owned(), class: "num" }).into(),
        rows: document.ways.iter().map(|way| row(way, way.id == document.mechanism, unit)).collect(),
    }
}

fn row(way: &WayDocument, is_chosen: bool, unit: Unit<'_>) -> Row {
    let figures = match &way.end {
        None => [NO_FIGURE; 5].map(str::to_owned),
        Some(end) => {
            let begins = end.breach_label.clone().unwrap_or_else(|| "never".to_owned());
            // Of the day its date, of the move no vol.
            let begins = begins.split([',', ':']).next().unwrap_or_default().to_owned();
            let fund = if end.fund_loss > 0.0 { money(end.fund_loss, unit) } else { NO_FIGURE.to_owned() };
            let costs = money(end.fees + end.slippage, unit);
            [begins, costs, percent(end.kept_fraction), money(end.equity_end, unit), fund]
        }
    };
    let mut cells: Vec<Cell> = figures.map(|text| Cell { text, class: "num" }).into();
    if way.end.as_ref().is_some_and(|end| end.fund_loss > 0.0) {
        cells[4].class = "num critical";
    }
    let head = match way.id.as_str() {
        "partial" => "in rounds",
        "auction" => "by auction",
        "at-once" => "all at once",
        "cross" => "cross era",
        _ => "isolated era",
    };
    Row { head: head.to_owned(), mark: String::new(), class: if is_chosen { "chosen" } else { "" }, cells }
}

/// Why some ways are not open to the account, and what else a reader should know.
pub fn remarks(document: &LiquidationDocument) -> String {
    let mut remarks = document.notes.clone();
    for way in &document.ways {
        if let Some(reason) = &way.reason {
            remarks.push(format!("Under {} rules: {reason}.", way.id));
        }
    }
    remarks.push("Cross and isolated eras: the same account under those rules, everything closed at once.".to_owned());
    remarks.push(format!("Costs and sizes of rounds: {}.", document.rules.mark_note));
    remarks.join(" ")
}
