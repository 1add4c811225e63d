//! One slide, leg by leg: what each was worth before, is worth after, and the P&L that follows.

use leptos::prelude::*;
use margin_engine::slide::{Repriced, Valuation, reprice};

use crate::charts::Unit;
use crate::charts::format::{NO_FIGURE, money, number, number_move};
use crate::parts::{Cell, Row, TableText, TextTable, leg_name, plain, text, with_numbers};
use crate::state::figures::Figures;
use crate::state::use_simulator;

/// The slide that is shown: the one chosen, while there is one, else the worst, else the first.
pub fn shown_slide(figures: &Figures, chosen: Option<usize>) -> usize {
    let count = figures.assessment.grid.slides.len();
    let worst = || figures.assessment.leading_pot().and_then(|pot| pot.worst);
    chosen.filter(|slide| *slide < count).or_else(worst).unwrap_or(0)
}

/// A choice of slides, and the legs on it.
#[component]
pub fn LegsOnSlide(slide: RwSignal<Option<usize>>) -> impl IntoView {
    let simulator = use_simulator();
    let with = move |read: fn(&Figures, usize) -> TableText| {
        let chosen = slide.get();
        simulator.outcome.with(|outcome| {
            outcome.figures().map_or_else(TableText::default, |figures| read(figures, shown_slide(figures, chosen)))
        })
    };
    let shown = text(move || {
        let chosen = slide.get();
        let shown = simulator.outcome.with(|outcome| outcome.figures().map(|it| shown_slide(it, chosen)));
        shown.unwrap_or(0).to_string()
    });
    let options = simulator.outcome.with_untracked(|outcome| outcome.figures().map(options).unwrap_or_default());
    view! {
        <label class="explain-slide">
            <span id="explain-legs-title">"Leg by leg on the slide"</span>
            <select
                class="field"
                data-testid="explain-slide"
                prop:value=shown
                on:change=move |event| slide.set(event_target_value(&event).parse().ok())
            >
                {options}
            </select>
        </label>
        <TextTable
            content=move || with(table)
            scroller="slide-table explain-table"
            testid="explain-legs"
            labelled_by="explain-legs-title"
        />
    }
}

/// Every slide with the P&L of all legs.
fn options(figures: &Figures) -> Vec<AnyView> {
    let assessment = &figures.assessment;
    let totals = assessment.revaluation.totals();
    let worst = shown_slide(figures, None);
    let option = |(index, total): (usize, &f64)| {
        let label = assessment.grid.slides.get(index).map(|slide| slide.label.clone()).unwrap_or_default();
        let text = format!("{label}:  {}", money(*total, Unit::Prefix("")));
        view! {
            <option value=index.to_string() selected=index == worst>
                {text}
            </option>
        }
        .into_any()
    };
    totals.iter().enumerate().map(option).collect()
}

fn table(figures: &Figures, slide: usize) -> TableText {
    let assessment = &figures.assessment;
    let book = &figures.book;
    let head = |text: &str| Cell { text: text.to_owned(), class: "num" };
    let pnl = |pnl: f64| Cell {
        text: money(pnl, Unit::Prefix("")),
        class: if pnl < 0.0 { "num loss figure" } else { "num gain figure" },
    };
    let mut rows = vec![];
    for (index, leg) in book.legs.iter().enumerate() {
        let Some(repriced) = reprice(book, &assessment.grid, index, slide) else { continue };
        let mut cells = vec![pnl(repriced.pnl)];
        cells.extend(pairs(&repriced));
        cells.push(Cell {
            text: format!("{}\n= {}", repriced.formula, with_numbers(repriced.formula, &repriced.values)),
            class: "formula-cell",
        });
        let name = format!("{} {}", number_move(leg.coins, 8), leg_name(book, leg));
        rows.push(Row { head: name, cells, ..Row::default() });
    }
    // What counts is what is left after weights between underlyings, offsets and dampeners.
    let total = assessment.revaluation.totals().get(slide).copied().unwrap_or(f64::NAN);
    let mut sums = vec![("all legs".to_owned(), total)];
    for pot in &assessment.pots {
        let counts = pot.counted_pnl.get(slide).copied().unwrap_or(f64::NAN);
        let name = pot.settlement.filter(|_| assessment.pots.len() > 1);
        if (counts - total).abs() > 1e-9 * total.abs().max(1.0) {
            sums.push((name.map_or("counts".to_owned(), |name| format!("counts in the {name} pot")), counts));
        }
    }
    for (name, sum) in sums {
        let mut cells = vec![Cell::default(); 7];
        cells[0] = pnl(sum);
        rows.push(Row { head: name, cells, ..Row::default() });
    }
    let heads = ["P&L", "forward", "vol", "days", "discount", "one is worth", "how"];
    TableText {
        caption: format!("Each leg before and after the slide; P&L in {}", assessment.currency),
        corner: "before\nafter".to_owned(),
        columns: heads.into_iter().map(head).collect(),
        rows,
    }
}

/// Two figures in a cell: before above after.
fn pairs(repriced: &Repriced) -> Vec<Cell> {
    let parts: [fn(&Valuation) -> String; 5] = [
        |it| plain(it.forward),
        |it| it.vol_annual.map_or_else(|| NO_FIGURE.to_owned(), |vol| format!("{:.1}\u{a0}%", vol * 100.0)),
        |it| if it.expiry_years > 0.0 { number(it.expiry_years * 365.0, 2) } else { NO_FIGURE.to_owned() },
        |it| number(it.discount_factor, 6),
        |it| plain(it.value),
    ];
    let pair = |part: fn(&Valuation) -> String| Cell {
        text: format!("{}\n{}", part(&repriced.before), part(&repriced.after)),
        class: "num",
    };
    parts.into_iter().map(pair).collect()
}
