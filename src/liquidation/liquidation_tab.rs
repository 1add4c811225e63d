//! A path that drives the account into liquidation, round by round.

use std::sync::Arc;

use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::contract::LiquidationDocument;

use super::end_words::{outcome, remarks, saving, table as ways_table, verdict};
use super::path_choice::Choice;
use super::timeline::{Drawn, read_out, table as rounds_table};
use crate::charts::{DayPlot, Unit, range_history};
use crate::parts::{Stage, TableText, TextTable, either, maybe, shown, text, unit, waiting_line};
use crate::risk::{Pointer, legend_entry, pointed_chart};
use crate::state::questions::Answer;
use crate::state::use_simulator;

/// A path that drives the account into liquidation, round by round.
#[component]
pub fn LiquidationTab() -> impl IntoView {
    let simulator = use_simulator();
    let choice = Choice::start();
    // Why there is nothing to ask.
    let lacking = Memo::new(move |_| {
        simulator.outcome.with(|outcome| {
            let figures = outcome.figures()?;
            if figures.book.legs.is_empty() {
                return Some("Open a position; then see what a crash would make of the account.");
            }
            let has_none = figures.account_state.balances.is_empty();
            has_none.then_some("Deposit collateral first: without any, there is nothing that a crash could use up.")
        })
    });
    let asker = simulator.questions.follow::<LiquidationDocument>(simulator, "liquidation", move || {
        lacking.with(Option::is_none).then(|| choice.options())
    });
    let answer = asker.answer;
    let is_ready = Signal::derive(move || lacking.with(Option::is_none) && answer.with(|it| it.ready().is_some()));
    let instead = text(move || match lacking.get() {
        Some(sentence) => sentence.to_owned(),
        None => answer.with(|answer| match answer {
            Answer::Failed(reason) => format!("No run: {reason}."),
            _ => "computing…".to_owned(),
        }),
    });
    view! {
        <div class="liquidation" data-testid="liquidation" aria-busy=text(move || asker.is_waiting.get().to_string())>
            {choice.controls()}
            {either(is_ready, move || body(answer), move || {
                view! { <p class="empty" data-testid="liquidation-empty">{instead}</p> }.into_any()
            })}
            {waiting_line(vec![asker.wait], "Liquidating")}
        </div>
    }
}

type Answered = RwSignal<Answer<LiquidationDocument>>;

/// What `say` makes of the answer and its currency; nothing without one.
fn of<T: Default>(answer: Answered, say: impl FnOnce(&LiquidationDocument, Unit<'_>) -> T) -> T {
    let document: Option<Arc<LiquidationDocument>> = answer.with(|answer| answer.ready().cloned());
    let Some(document) = document else { return T::default() };
    let currency: Asset = document.currency.parse().unwrap_or(Asset::USD);
    say(&document, unit(&currency))
}

fn body(answer: Answered) -> AnyView {
    let simulator = use_simulator();
    let now = move || simulator.today().now();
    let class = text(move || {
        let is_bankrupt = of(answer, |document, _| outcome(document)) == "bankrupt";
        if is_bankrupt { "liquidation-verdict critical" } else { "liquidation-verdict" }.to_owned()
    });
    let saved = maybe(move || of(answer, saving));
    let draw = move |stage: &Stage| {
        of(answer, |document, _| {
            Drawn::of(document).draw(|history| {
                let _ = range_history::draw(&stage.area, history, stage.theme, stage.scale);
            });
        });
    };
    let pointer = RwSignal::new(None);
    let pointed = move || {
        let at: Pointer = pointer.get()?;
        of(answer, |document, unit| {
            let drawn = Drawn::of(document);
            let mut plot = None;
            drawn.draw(|history| plot = DayPlot::of(history, at.width, at.height, 1.0));
            read_out(document, plot?.nearest_day(drawn.places(), at.x)?, unit, now())
        })
    };
    let rounds = move || -> TableText { of(answer, |document, unit| rounds_table(document, unit, now())) };
    let ways = move || -> TableText { of(answer, ways_table) };
    let sentence = text(move || of(answer, verdict));
    view! {
        <p class=class data-testid="liquidation-verdict" data-outcome=text(move || of(answer, |it, _| outcome(it)))>
            {sentence}
        </p>
        {shown(Signal::derive(move || saved.with(Option::is_some)), move || {
            let words = text(move || saved.get().unwrap_or_default());
            view! { <p class="liquidation-saved" data-testid="liquidation-saved">{words}</p> }.into_any()
        })}
        <p class="legend muted">
            {legend_entry("stroke", "equity".to_owned())}
            {legend_entry("stroke expiry", "maintenance requirement".to_owned())}
        </p>
        {pointed_chart("liquidation-chart", sentence, Box::new(draw), pointer, Signal::derive(pointed))}
        <h3 class="liquidation-title" id="liquidation-ways">"The same path, liquidated in other ways"</h3>
        <TextTable content=ways scroller="liquidation-table" testid="liquidation-ways" labelled_by="liquidation-ways" />
        <h3 class="liquidation-title" id="liquidation-rounds">"Step by step"</h3>
        <TextTable
            content=rounds
            scroller="liquidation-table liquidation-rows"
            testid="liquidation-rounds"
            labelled_by="liquidation-rounds"
        />
        <p class="caption">{text(move || of(answer, |document, _| remarks(document)))}</p>
    }
    .into_any()
}
