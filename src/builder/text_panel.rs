//! Positions as text.

use leptos::html::Textarea;
use leptos::prelude::*;
use margin_engine::account::{Position, QuantityUnit};

use super::parse_text::{Problem, parse};
use super::words::SIZE_DECIMALS;
use crate::charts::format::number;
use crate::state::draft::{Draft, Leg};
use crate::state::use_simulator;

/// More text is not read: writing back what is left of it would keep the browser busy for seconds.
const MAX_BYTES: usize = 1_000_000;

/// More problems are counted, not listed.
const MAX_PROBLEMS: usize = 50;

/// Positions as text.
#[component]
pub fn TextPanel() -> impl IntoView {
    let simulator = use_simulator();
    let area = NodeRef::<Textarea>::new();
    let problems = RwSignal::new(Vec::<Problem>::new());
    let outcome = RwSignal::new(String::new());
    // Its text is read when it is needed: a large paste is not copied on every key.
    let take = move |replaces: bool| {
        let Some(area) = area.get_untracked() else { return };
        let text = area.value();
        if text.len() > MAX_BYTES {
            let megabytes = number(text.len() as f64 / 1e6, 1);
            outcome.set(format!("The text holds {megabytes} MB; up to 1 MB is read at once. Nothing was changed."));
            return;
        }
        let parsed = parse(&text, &untrack(|| simulator.today()));
        let count = parsed.positions.len();
        if count > 0 {
            let legs = if count == 1 { "1 position".to_owned() } else { format!("{count} positions") };
            let what = if replaces { "replaced by" } else { "added" };
            simulator.edit(format!("{what} {legs} from text"), |draft| put(draft, &parsed.positions, replaces));
        }
        area.set_value(&parsed.rest);
        outcome.set(told(count, parsed.problems.len()));
        problems.set(parsed.problems);
    };
    let copy = move |_| {
        let Some(area) = area.get_untracked() else { return };
        area.set_value(&simulator.draft.with_untracked(|draft| text(&draft.legs)));
        problems.set(vec![]);
        outcome.set(String::new());
    };
    let more = move || problems.with(|problems| problems.len().saturating_sub(MAX_PROBLEMS));
    let list = move || {
        let listed = problems.get().into_iter().take(MAX_PROBLEMS);
        let item = |problem: Problem| {
            view! {
                <li>
                    <span class="muted">{format!("Line {}: ", problem.line)}</span>
                    <code>{problem.text}</code>
                    " "
                    <span class="problem-reason">{problem.reason}</span>
                </li>
            }
            .into_any()
        };
        listed.map(item).collect_view()
    };
    view! {
        <section class="panel panel-text" aria-label="Positions as text">
            <div class="panel-head">
                <h2 class="panel-title">
                    <label for="portfolio-text">"Text"</label>
                </h2>
                <button class="link-button" data-testid="portfolio-copy" on:click=copy>
                    "Copy the legs here"
                </button>
            </div>
            <textarea
                id="portfolio-text"
                class="portfolio-text"
                data-testid="portfolio-text"
                node_ref=area
                rows="3"
                spellcheck="false"
                autocapitalize="off"
                placeholder="-10 BTC-25SEP26-84000-C\nBTC-PERPETUAL 25000 USD\n-5 AAPL 19DEC25 270 C"
                aria-describedby="portfolio-hint"
            ></textarea>
            <p id="portfolio-hint" class="faint small-text">
                "Sizes count coins, shares or contracts; write 25000 USD for dollars of a future. Tables with a header are read too."
            </p>
            <div class="text-bar">
                <button class="button small" data-testid="portfolio-apply" on:click=move |_| take(true)>
                    "Replace the legs"
                </button>
                <button class="button small" data-testid="portfolio-add" on:click=move |_| take(false)>
                    "Add to them"
                </button>
                <span class="muted small-text" role="status" data-testid="portfolio-outcome">
                    {move || outcome.get()}
                </span>
            </div>
            <ul class="portfolio-errors" data-testid="portfolio-errors" aria-live="polite">
                {list}
                {move || (more() > 0).then(|| view! { <li class="muted">{format!("… and {} more lines.", more())}</li> })}
            </ul>
        </section>
    }
}

fn put(draft: &mut Draft, positions: &[Position], replaces: bool) {
    if replaces {
        draft.legs.clear();
    }
    for position in positions {
        // Each line of a whole portfolio is a row; what is added joins the row that is there.
        if replaces || position.entry_price.is_some() {
            draft.push(position.instrument, position.quantity, position.entry_price, true);
        } else {
            draft.add(position.instrument, position.quantity);
        }
    }
}

fn told(taken: usize, left: usize) -> String {
    match (taken, left) {
        (0, 0) => "There is no position in the box; nothing was changed.".to_owned(),
        (0, _) => "No line is a position; nothing was changed.".to_owned(),
        (taken, 0) => format!("{taken} taken."),
        (taken, 1) => format!("{taken} taken; 1 line stays in the box."),
        (taken, left) => format!("{taken} taken; {left} lines stay in the box."),
    }
}

/// The legs as the box reads them; what is switched off as a comment.
fn text(legs: &[Leg]) -> String {
    legs.iter().map(line).collect()
}

fn line(leg: &Leg) -> String {
    let amount = format!("{:.SIZE_DECIMALS$}", leg.quantity.amount);
    let amount = amount.trim_end_matches('0').trim_end_matches('.');
    let off = if leg.enabled { "" } else { "# off: " };
    let unit = match leg.quantity.unit {
        QuantityUnit::Coin => String::new(),
        QuantityUnit::Quote => format!(" {}", leg.instrument.product.quote),
    };
    let entry = leg.entry_price.map(|price| format!(" @ {price}")).unwrap_or_default();
    format!("{off}{amount}{unit} {}{entry}\n", leg.instrument)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::markets::{BUNDLED, named};

    #[test]
    fn legs_written_as_text_are_read_back() {
        let market = named(BUNDLED[0].name).expect("tested elsewhere");
        let written = "-10 BTC-25SEP26-84000-C @ 0.02\n25000.5 USD BTC-PERPETUAL\n0.00000001 ETH-SPOT\n";
        let parsed = parse(written, &market);
        assert_eq!(parsed.problems, []);
        let mut draft = Draft::default();
        put(&mut draft, &parsed.positions, true);
        assert_eq!(text(&draft.legs), written);
        draft.change(0, |leg| leg.enabled = false);
        assert!(text(&draft.legs).starts_with("# off: -10 BTC-25SEP26-84000-C"));
        assert_eq!(parse(&text(&draft.legs), &market).positions.len(), 2);
    }

    #[test]
    fn what_is_added_joins_its_row() {
        let market = named(BUNDLED[0].name).expect("tested elsewhere");
        let mut draft = Draft::default();
        for replaces in [true, false] {
            put(&mut draft, &parse("BTC-PERPETUAL 1\nETH-PERPETUAL 2", &market).positions, replaces);
        }
        let sizes: Vec<f64> = draft.legs.iter().map(|leg| leg.quantity.amount).collect();
        assert_eq!(sizes, [2.0, 4.0]);
    }
}
