//! The headline: what the hedges save.

use leptos::prelude::*;
use margin_engine::insight::offsets;
use margin_engine::instrument::Kind;

use crate::charts::format::{compact, money, percent, profit};
use crate::parts::{flag, maybe, outcome_in, short_name, text, unit};
use crate::state::figures::{Figures, Outcome};
use crate::state::use_simulator;

/// The hedging credit in percent and money, as a bar, and who earns it.
#[component]
pub fn CreditPanel() -> impl IntoView {
    let simulator = use_simulator();
    let place = NodeRef::new();
    let outcome = outcome_in(simulator, place);
    let with = move |text: fn(&Figures) -> String| {
        outcome.with(|outcome| outcome.figures().map_or_else(|| "–".to_owned(), text))
    };
    // Memos, so that a text that stays the same is not written again.
    let percent_text = Memo::new(move |_| with(|figures| percent_whole(credit_fraction(figures))));
    let money_text =
        Memo::new(move |_| with(|figures| money(figures.savings.credit.initial, unit(&figures.assessment.currency))));
    let alone_text =
        Memo::new(move |_| with(|figures| money(figures.savings.alone.initial, unit(&figures.assessment.currency))));
    let together_text =
        Memo::new(move |_| with(|figures| money(figures.savings.together.initial, unit(&figures.assessment.currency))));
    let currency =
        maybe(move || outcome.with(|outcome| outcome.figures().map(|figures| figures.assessment.currency.to_string())));
    let raw = move |figure: fn(&Figures) -> f64| {
        outcome.with(|outcome| outcome.figures().map(|figures| figure(figures).to_string()))
    };
    let kept_width = Memo::new(move |_| {
        let fraction = outcome.with(|outcome| outcome.figures().map_or(0.0, kept_fraction));
        format!("{:.2}%", fraction.clamp(0.0, 1.0) * 100.0)
    });
    view! {
        <section class="panel panel-credit" node_ref=place aria-labelledby="credit-title">
            <div class="panel-head">
                <h2 class="panel-title" id="credit-title">"Hedging credit"</h2>
            </div>
            <p class="credit-headline">
                <strong
                    class="credit-percent"
                    data-testid="hedging-credit-percent"
                    data-value=maybe(move || raw(|figures| credit_fraction(figures) * 100.0))
                >
                    {percent_text}
                </strong>
                <span class="credit-money">
                    <strong
                        data-testid="hedging-credit"
                        data-value=maybe(move || raw(|figures| figures.savings.credit.initial))
                        data-currency=currency
                    >
                        {money_text}
                    </strong>
                    <span class="muted">" saved by your hedges"</span>
                </span>
            </p>
            <div class="credit-bar" aria-hidden="true">
                <div class="credit-kept" style:width=kept_width></div>
            </div>
            <p class="credit-sums">
                <span>"each leg alone " <strong data-testid="legs-alone">{alone_text}</strong></span>
                <span>"together " <strong>{together_text}</strong></span>
            </p>
            <p class="credit-story muted" data-testid="credit-story">
                {move || outcome.with(|outcome| outcome.figures().map(story))}
            </p>
            <ChangeLine outcome />
        </section>
    }
}

/// What the last edit did to the requirement.
#[component]
fn ChangeLine(outcome: Memo<Outcome>) -> impl IntoView {
    let simulator = use_simulator();
    let line = move || {
        let change = simulator.change.get()?;
        let (after, currency) = outcome.with(|outcome| {
            outcome.figures().map(|figures| (figures.assessment.initial, figures.assessment.currency))
        })?;
        // After a change of currency the two figures do not compare.
        (currency == change.currency).then_some((change, after))
    };
    let what = text(move || {
        let hint = || "Change a leg to see here what it does to the margin.".to_owned();
        line().map_or_else(hint, |(change, _)| format!("{}: ", change.what))
    });
    let figures = text(move || {
        line().map_or_else(String::new, |(change, after)| {
            let unit = unit(&change.currency);
            format!("{} → {} ", money(change.before, unit), money(after, unit))
        })
    });
    let difference = text(move || {
        line().map_or_else(String::new, |(change, after)| profit(after - change.before, unit(&change.currency)))
    });
    let is_more = flag(move || line().is_some_and(|(change, after)| after > change.before));
    view! {
        <p class="change-line" data-testid="what-changed" aria-live="polite">
            <span class="muted">{what}</span>
            <span>{figures}</span>
            <strong class="gain" class:loss=is_more>
                {difference}
            </strong>
        </p>
    }
}

/// The credit as a fraction of the legs alone; 0 where they need nothing.
fn credit_fraction(figures: &Figures) -> f64 {
    figures.savings.credit_fraction().unwrap_or(0.0)
}

/// What is left of the legs alone; nothing where they need nothing.
fn kept_fraction(figures: &Figures) -> f64 {
    figures.savings.credit_fraction().map_or(0.0, |saved| 1.0 - saved)
}

/// Whole percents, as a headline.
fn percent_whole(fraction: f64) -> String {
    percent((fraction * 100.0).round() / 100.0)
}

/// Who gains and who loses on the worst slide.
fn story(figures: &Figures) -> AnyView {
    let assessment = &figures.assessment;
    if figures.book.legs.is_empty() {
        return "Add legs to see what they save together.".into_any();
    }
    let Some(worst) = assessment.leading_pot().and_then(|pot| pot.worst) else {
        if assessment.grid.slides.is_empty() && credit_fraction(figures) > 0.0 && !assessment.reason.is_empty() {
            return format!("What sets the requirement: {}.", assessment.reason).into_any();
        }
        let words = if !assessment.grid.slides.is_empty() {
            "No slide loses: nothing has to be covered."
        } else if credit_fraction(figures) > 0.0 {
            "Rules for the positions taken together ask for less than rules for each alone."
        } else {
            "Under this methodology different instruments do not hedge each other."
        };
        return words.into_any();
    };
    let Some(split) = offsets(assessment, worst) else { return ().into_any() };
    let unit = unit(&assessment.currency);
    let label = assessment.grid.slides[worst].label.clone();
    let lost = compact(split.lost.abs(), unit);
    let losers = names(figures, &split.losses);
    if split.gains.is_empty() {
        return view! {
            {format!("At {label} ")}
            <strong class="loss">{lost}</strong>
            {format!(" is lost by {losers}, and nothing gains.")}
        }
        .into_any();
    }
    let gained = compact(split.gained, unit);
    let gainers = names(figures, &split.gains);
    let gain_verb = if split.gains.len() == 1 { "gains" } else { "gain" };
    let lose_verb = if split.losses.len() == 1 { "loses" } else { "lose" };
    view! {
        {format!("At {label} {gainers} {gain_verb} ")}
        <strong class="gain">{gained}</strong>
        " of the "
        <strong class="loss">{lost}</strong>
        {format!(" that {losers} {lose_verb}.")}
    }
    .into_any()
}

/// "the 64k put and 3 others"
fn names(figures: &Figures, legs: &[(usize, f64)]) -> String {
    let name = |leg: &(usize, f64)| {
        let instrument = &figures.book.legs[leg.0].instrument;
        let (what, day) = short_name(instrument, figures.book.time);
        match instrument.kind {
            Kind::Future { .. } => format!("the {day} {what}"),
            _ => format!("the {what}"),
        }
    };
    match legs {
        [] => "nothing".to_owned(),
        [one] => name(one),
        [one, two] => format!("{} and {}", name(one), name(two)),
        [one, rest @ ..] => format!("{} and {} others", name(one), rest.len()),
    }
}
