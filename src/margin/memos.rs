//! Figures beside the requirement.

use leptos::prelude::*;
use margin_engine::methodology::{Memo as Figure, MemoUnit};

use crate::charts::Unit;
use crate::charts::format::{money, percent};
use crate::parts::{plain, unit};
use crate::state::figures::Outcome;

/// Name and figure of each, the explanation as a title; nothing where the methodology has none.
#[component]
pub fn Memos(outcome: Memo<Outcome>) -> impl IntoView {
    move || {
        outcome.with(|outcome| {
            let figures = outcome.figures()?;
            let unit = unit(&figures.assessment.currency);
            let rows: Vec<AnyView> = figures.assessment.memos.iter().map(|memo| row(memo, unit)).collect();
            (!rows.is_empty()).then(|| view! { <dl class="memos" data-testid="memos">{rows}</dl> })
        })
    }
}

fn row(memo: &Figure, unit: Unit<'_>) -> AnyView {
    let text = match memo.unit {
        MemoUnit::Money => money(memo.value, unit),
        MemoUnit::Fraction => percent(memo.value),
        MemoUnit::Number => plain(memo.value),
    };
    view! {
        <div title=memo.explanation>
            <dt class="muted">{memo.name}</dt>
            <dd class="num" data-value=memo.value.to_string()>
                {text}
            </dd>
        </div>
    }
    .into_any()
}
