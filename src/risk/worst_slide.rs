//! The worst slide in words.

use leptos::prelude::*;
use margin_engine::methodology::Pot;

use super::slide_label::slide_label;
use crate::charts::format;
use crate::parts::{maybe, text, unit};
use crate::state::figures::{Figures, Outcome};
use crate::state::use_simulator;

/// A slide with what it loses.
#[derive(Debug, Clone, PartialEq)]
struct Loss {
    label: String,
    amount: f64,
    text: String,
}

/// What the two lines say.
#[derive(Debug, Clone, PartialEq)]
enum Words {
    /// The sentence in place of a slide, and one below it.
    Sentence(String, String),
    /// The worst slide and the next.
    Worst(Loss, Option<Loss>),
}

/// "Worst slide −16 %, vol down −$40,540", and the runner-up below.
#[component]
pub fn WorstSlide(outcome: Memo<Outcome>) -> impl IntoView {
    let simulator = use_simulator();
    let words = Memo::new(move |_| outcome.with(|outcome| outcome.figures().map(words)));
    let currency = move || simulator.currency.get().to_string();
    let value = move || {
        words.with(|words| match words {
            Some(Words::Worst(worst, _)) => Some(worst.amount.to_string()),
            _ => None,
        })
    };
    let first = move || {
        words.get().map(|words| match words {
            Words::Sentence(sentence, _) => view! { <span class="muted">{sentence}</span> }.into_any(),
            Words::Worst(worst, _) => view! {
                <span class="loss">{format!("Worst slide {}", worst.label)}</span>
                " "
                <span class="worst-figure">{worst.text}</span>
            }
            .into_any(),
        })
    };
    let second = move || {
        words.get().map(|words| match words {
            Words::Sentence(_, below) => below,
            Words::Worst(_, Some(next)) => format!("runner-up {}, {}", next.label, next.text),
            Words::Worst(_, None) => "no other slide loses".to_owned(),
        })
    };
    view! {
        <p class="worst-slide" data-testid="worst-slide" data-value=maybe(value) data-currency=text(currency)>{first}</p>
        <p class="runner-up muted" data-testid="runner-up">{maybe(second)}</p>
    }
}

fn words(figures: &Figures) -> Words {
    let assessment = &figures.assessment;
    let sentence = |first: &str, second: &str| Words::Sentence(first.to_owned(), second.to_owned());
    if figures.book.legs.is_empty() {
        return sentence("No legs yet", "Add one from the chain, or open a prepared portfolio.");
    }
    let Some(pot) = assessment.leading_pot().filter(|_| !assessment.grid.slides.is_empty()) else {
        let title = &assessment.provenance.title;
        return sentence(
            &format!("{title} goes by rules: it has no slides"),
            "The surface shows what the book itself would gain and lose.",
        );
    };
    let loss = |slide: usize| Loss {
        label: label(figures, pot, slide),
        amount: pot.counted_pnl[slide],
        text: format::money(pot.counted_pnl[slide], unit(&assessment.currency)),
    };
    match pot.worst {
        Some(worst) => Words::Worst(loss(worst), pot.runner_up.map(loss)),
        None => {
            let count = assessment.grid.slides.len();
            sentence("No slide loses", &format!("On each of the {count} slides the book gains or stays."))
        }
    }
}

/// The slide's label, with the pot where there are several.
fn label(figures: &Figures, pot: &Pot, slide: usize) -> String {
    let label = slide_label(figures, pot, slide);
    match pot.asset().filter(|_| figures.assessment.pots.len() > 1) {
        Some(asset) => format!("of the {asset} pot, {label}"),
        None => label,
    }
}
