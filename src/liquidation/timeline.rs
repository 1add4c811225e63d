//! The timeline as a chart and as a table.

use jiff::Timestamp;
use margin_engine::contract::{LiquidationDocument, LiquidationTradeDocument, TimelineRowDocument};
use margin_engine::instrument::Instrument;

use crate::charts::format::{NO_FIGURE, money, number, percent};
use crate::charts::{RangeHistory, Stroke, Unit};
use crate::parts::{Cell, Row, TableText, short_name};

/// The timeline as a chart takes it: a row is a day.
pub struct Drawn {
    places: Vec<f64>,
    labels: Vec<(f64, String)>,
    equity: Vec<f64>,
    requirement: Vec<f64>,
}

impl Drawn {
    /// Of an answer.
    pub fn of(document: &LiquidationDocument) -> Drawn {
        let rows = &document.rows;
        let is_step = |row: &&TimelineRowDocument| row.event == "step";
        let place = |row: usize| row as f64;
        let labels = rows.iter().enumerate().filter(|(_, row)| is_step(row));
        Drawn {
            places: (0..rows.len()).map(place).collect(),
            labels: labels.map(|(place, row)| (place as f64, short_label(&row.label).to_owned())).collect(),
            equity: rows.iter().map(|row| row.equity).collect(),
            requirement: rows.iter().map(|row| row.maintenance_margin).collect(),
        }
    }

    /// Draws it, by `draw`.
    pub fn draw(&self, draw: impl FnOnce(&RangeHistory<'_>)) {
        let lines: [(Stroke, &[f64]); 2] = [(Stroke::Strong, &self.equity), (Stroke::Dashed, &self.requirement)];
        draw(&RangeHistory {
            days: &self.places,
            day_labels: &self.labels,
            lines: &lines,
            are_ranges: false,
            moves: &[],
            breaches: &[],
        });
    }

    /// Where the rows are.
    pub fn places(&self) -> &[f64] {
        &self.places
    }
}

/// "−15 %, vol ×1.60" without the vol, "2020-03-12: BTC −40 %" without what happened.
fn short_label(label: &str) -> &str {
    let end = label.find([',', ':']).unwrap_or(label.len());
    &label[..end]
}

/// What a row tells beside the pointer.
pub fn read_out(document: &LiquidationDocument, row: usize, unit: Unit<'_>, now: Timestamp) -> Option<String> {
    let row = document.rows.get(row)?;
    Some(format!(
        "{}\nequity {}\nmaintenance {}",
        head(row, now),
        money(row.equity, unit),
        money(row.maintenance_margin, unit)
    ))
}

/// Each step and each round.
pub fn table(document: &LiquidationDocument, unit: Unit<'_>, now: Timestamp) -> TableText {
    let columns = ["fee and slippage", "equity", "maintenance", "ratio"];
    let row = |row: &TimelineRowDocument| {
        let costs = row.fee + row.slippage;
        let is_step = row.event == "step";
        let class = match row.standing.as_str() {
            "liquidation" | "bankrupt" => "num critical",
            _ => "num",
        };
        let figures = [
            if is_step { String::new() } else { money(costs, unit) },
            money(row.equity, unit),
            money(row.maintenance_margin, unit),
            row.margin_ratio.map_or_else(|| NO_FIGURE.to_owned(), percent),
        ];
        let mut cells: Vec<Cell> = figures.map(|text| Cell { text, class: "num" }).into();
        cells[3].class = class;
        Row {
            head: head(row, now),
            mark: String::new(),
            class: if is_step { "liquidation-step" } else { "liquidation-round" },
            cells,
        }
    };
    TableText {
        caption: "Each step of the path and each round of the liquidation".to_owned(),
        corner: "step, trade".to_owned(),
        columns: columns.map(|name| Cell { text: name.to_owned(), class: "num" }).into(),
        rows: document.rows.iter().map(row).collect(),
    }
}

/// What happened, in a few words.
fn head(row: &TimelineRowDocument, now: Timestamp) -> String {
    match (row.event.as_str(), row.sold_fraction.zip(row.discount), row.trades.as_slice()) {
        ("step", ..) => row.label.clone(),
        ("takeover", ..) => "the insurance fund takes over".to_owned(),
        (_, Some((sold, discount)), _) => format!("{} of the account sold, {} off", percent(sold), percent(discount)),
        (event, _, [trade]) => format!("{}{}", if event == "hedge" { "hedge: " } else { "" }, trade_words(trade, now)),
        (_, _, trades) => format!("a part of all {} positions", trades.len()),
    }
}

fn trade_words(trade: &LiquidationTradeDocument, now: Timestamp) -> String {
    let verb = if trade.coins < 0.0 { "sell" } else { "buy" };
    let name = match trade.instrument.parse::<Instrument>() {
        Ok(instrument) => {
            let (what, day) = short_name(&instrument, now);
            format!("{} {what} {day}", instrument.product.base)
        }
        Err(_) => trade.instrument.clone(),
    };
    format!("{verb} {} {}", number(trade.coins.abs(), 3), name.trim_end())
}
