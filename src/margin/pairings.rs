//! Which legs were taken together into which strategy, where the methodology pairs.

use std::collections::BTreeMap;

use leptos::prelude::*;
use margin_engine::book::Book;
use margin_engine::methodology::Pairing;

use crate::charts::Unit;
use crate::charts::format::{money, number_move};
use crate::parts::{flag, formula_lines, leg_name, outcome_in, unit};
use crate::state::use_simulator;

/// So many legs that are split have a mark of their own; the marks then repeat.
const MARKS: usize = 6;

/// The pairings as cards; nothing where the methodology does not pair.
#[component]
pub fn PairingsPanel() -> impl IntoView {
    let simulator = use_simulator();
    let place = NodeRef::new();
    let outcome = outcome_in(simulator, place);
    move || {
        outcome.with(|outcome| {
            let figures = outcome.figures().filter(|figures| !figures.assessment.pairings.is_empty())?;
            let pairings = &figures.assessment.pairings;
            let cards = pairing_cards(&figures.book, pairings, unit(&figures.assessment.currency));
            Some(view! {
                <section class="panel panel-pairings" node_ref=place aria-labelledby="pairings-title">
                    <div class="panel-head">
                        <h2 class="panel-title" id="pairings-title">"What is paired with what"</h2>
                        <span class="small-text muted">{format!("{} groups", pairings.len())}</span>
                    </div>
                    {cards}
                </section>
            })
        })
    }
}

/// One card for each pairing: the strategy, its legs, and what it needs. A leg that is in several has the same mark in
/// all of them, and pointing at it lights it up everywhere.
pub fn pairing_cards(book: &Book, pairings: &[Pairing], unit: Unit<'_>) -> AnyView {
    let marks = marks(pairings);
    let lit = RwSignal::new(None::<usize>);
    let chip = |&(leg, quantity): &(usize, f64)| {
        let name = book.legs.get(leg).map(|held| leg_name(book, held)).unwrap_or_default();
        let side = if quantity < 0.0 { "loss" } else { "gain" };
        view! {
            <li
                class="paired-leg"
                class:lit=flag(move || lit.get() == Some(leg))
                data-leg=leg.to_string()
                data-mark=marks.get(&leg).map(ToString::to_string)
                on:pointerenter=move |_| lit.set(Some(leg))
                on:pointerleave=move |_| lit.set(None)
            >
                <strong class=side>{number_move(quantity, 4)}</strong>
                " "
                {name}
            </li>
        }
        .into_any()
    };
    let card = |pairing: &Pairing| {
        let legs: Vec<AnyView> = pairing.legs.iter().map(chip).collect();
        view! {
            <li class="pairing" data-testid="pairing">
                <p class="pairing-head">
                    <span class="pairing-strategy">{pairing.strategy}</span>
                    <strong class="num" title=format!("maintenance {}", money(pairing.maintenance, unit))>
                        {money(pairing.initial, unit)}
                    </strong>
                </p>
                <ul class="paired-legs">{legs}</ul>
                <details class="working">
                    <summary class="small-text faint">"how"</summary>
                    {formula_lines(pairing.formula, &pairing.values, pairing.initial)}
                </details>
            </li>
        }
        .into_any()
    };
    let cards: Vec<AnyView> = pairings.iter().map(card).collect();
    view! {
        <ol class="pairings" data-testid="pairings">
            {cards}
        </ol>
    }
    .into_any()
}

/// A mark for each leg that went into more than one pairing.
fn marks(pairings: &[Pairing]) -> BTreeMap<usize, usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (leg, _) in pairings.iter().flat_map(|pairing| &pairing.legs) {
        *counts.entry(*leg).or_default() += 1;
    }
    let split = counts.into_iter().filter(|(_, count)| *count > 1);
    split.enumerate().map(|(place, (leg, _))| (leg, place % MARKS)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_legs_that_are_split_have_a_mark() {
        let pairing = |legs: &[(usize, f64)]| Pairing {
            strategy: "vertical spread",
            legs: legs.to_vec(),
            initial: 0.0,
            maintenance: 0.0,
            formula: "0",
            values: vec![],
        };
        let marks = marks(&[pairing(&[(0, -1.0), (1, 1.0)]), pairing(&[(2, -1.0), (1, 1.0)]), pairing(&[(4, 1.0)])]);
        assert_eq!(marks, BTreeMap::from([(1, 0)]));
    }
}
