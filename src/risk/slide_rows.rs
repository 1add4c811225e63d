//! The slide table's text.

use margin_engine::asset::Asset;
use margin_engine::methodology::{Assessment, Pot};

use crate::charts::{Unit, format};
use crate::parts::{Cell, Row, TableText, short_name};
use crate::state::figures::Figures;

/// Amounts closer than this part of the larger are the same.
const SAME: f64 = 1e-9;

/// More legs than anybody reads count in the totals and have no column: a browser lays out so many figures in the time
/// that an edit may take.
const MAX_FIGURES: usize = 12_000;

/// How many legs have a column.
pub fn column_count(figures: &Figures) -> usize {
    let most = MAX_FIGURES / figures.assessment.grid.slides.len().max(1);
    figures.book.legs.len().min(most.max(1))
}

/// Rows slides; columns the total, what counts where that differs, and the first legs.
pub fn slide_rows(figures: &Figures) -> TableText {
    let assessment = &figures.assessment;
    let book = &figures.book;
    let totals = assessment.revaluation.totals();
    let counts = counted_columns(assessment, &totals);
    let head = |text: String| Cell { text, class: "num" };
    let leg_count = column_count(figures);
    let names = book.legs.iter().take(leg_count).map(|leg| {
        let (what, day) = short_name(&leg.instrument, book.time);
        let coin = if book.underlyings.len() > 1 { format!("{} ", leg.instrument.product.base) } else { String::new() };
        head(format!("{coin}{what}\n{day}"))
    });
    let columns = std::iter::once(head("total".to_owned()));
    let columns = columns.chain(counts.iter().map(|(name, _)| head(name.clone()))).chain(names).collect();
    let rows = assessment.grid.slides.iter().enumerate().map(|(slide, described)| {
        let total = totals.get(slide).copied().unwrap_or(f64::NAN);
        let counted = counts.iter().map(|(_, pot)| pot.counted_pnl.get(slide).copied().unwrap_or(f64::NAN));
        // What counts in full need not be read twice.
        let counted = counted.map(|counts| (counts, is_other(counts, total)));
        let legs = (0..leg_count).map(|leg| assessment.revaluation.leg(leg)[slide]);
        let figures = std::iter::once((total, true)).chain(counted).chain(legs.map(|pnl| (pnl, false)));
        let (mark, class) = mark(assessment, slide);
        Row {
            head: described.label.clone(),
            mark,
            class,
            cells: figures.map(|(pnl, is_sum)| figure(pnl, assessment.currency, is_sum)).collect(),
        }
    });
    TableText {
        caption: format!("P&L of each leg on each slide, in {}", assessment.currency),
        corner: "slide".to_owned(),
        columns,
        rows: rows.collect(),
    }
}

/// What counts, as a column for each pot: none where it is the total anyway.
fn counted_columns<'a>(assessment: &'a Assessment, totals: &[f64]) -> Vec<(String, &'a Pot)> {
    match &assessment.pots[..] {
        [pot] => {
            let differs = pot.counted_pnl.iter().zip(totals).any(|(counted, total)| is_other(*counted, *total));
            if differs { vec![("counts,\ndampened".to_owned(), pot)] } else { vec![] }
        }
        pots => pots.iter().map(|pot| (format!("counts in\n{}", pot_name(pot)), pot)).collect(),
    }
}

fn is_other(counted: f64, total: f64) -> bool {
    (counted - total).abs() > SAME * total.abs().max(1.0)
}

fn pot_name(pot: &Pot) -> String {
    pot.asset().map_or_else(|| "the account".to_owned(), |asset| format!("{asset} pot"))
}

/// The slide's mark in words, and the class of its row: "worst", or "worst BTC, ETH" where there are several pots.
fn mark(assessment: &Assessment, slide: usize) -> (String, &'static str) {
    let of = |word: &str, is_it: fn(&Pot, usize) -> bool| {
        let pots: Vec<&Pot> = assessment.pots.iter().filter(|pot| is_it(pot, slide)).collect();
        let names: Vec<String> = pots.iter().filter_map(|pot| pot.asset()).map(|asset| asset.to_string()).collect();
        match (pots.is_empty(), assessment.pots.len()) {
            (true, _) => String::new(),
            (false, 1) => word.to_owned(),
            (false, _) => format!("{word} {}", names.join(", ")),
        }
    };
    let worst = of("worst", |pot, slide| pot.worst == Some(slide));
    let next = of("runner-up", |pot, slide| pot.runner_up == Some(slide));
    match (worst.is_empty(), next.is_empty()) {
        (true, true) => (String::new(), ""),
        (true, false) => (next, "next-row"),
        (false, true) => (worst, "worst-row"),
        (false, false) => (format!("{worst}, {next}"), "worst-row"),
    }
}

/// A figure in few characters; the currency stands above the table.
fn figure(pnl: f64, currency: Asset, is_sum: bool) -> Cell {
    let text = if currency.is_dollar_like() { format::number(pnl, 0) } else { format::money(pnl, Unit::Suffix("")) };
    let class = match (text == "0", pnl < 0.0, is_sum) {
        (true, _, _) => "num faint",
        (_, true, true) => "num loss figure",
        (_, true, false) => "num loss",
        (_, false, true) => "num gain figure",
        (_, false, false) => "num gain",
    };
    Cell { text, class }
}
