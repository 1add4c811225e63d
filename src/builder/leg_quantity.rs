//! The stepper of a leg's quantity.

use leptos::prelude::*;
use margin_engine::account::{Quantity, QuantityUnit};

use super::parse_text::read_number;
use super::venue::Venue;
use super::words::{quantity, signed_size};
use crate::state::draft::Leg;
use crate::state::use_simulator;

/// Minus, the value, plus. What is typed counts on Enter or when the field is left; Escape takes it back.
#[component]
pub fn LegQuantity(
    /// Which leg.
    id: u64,
    /// The leg; none once it is removed.
    leg: Memo<Option<Leg>>,
    /// What is wrong with what is typed.
    problem: RwSignal<Option<String>>,
) -> impl IntoView {
    let simulator = use_simulator();
    let amount = move || leg.with(|leg| leg.as_ref().map_or(0.0, |leg| leg.quantity.amount));
    let unit = move || leg.with(|leg| leg.as_ref().map_or(QuantityUnit::Coin, |leg| leg.quantity.unit));
    // What is being typed; none while the field shows the leg's own quantity.
    let typed = RwSignal::new(None::<String>);
    let shown = move || typed.get().unwrap_or_else(|| signed_size(amount()));
    let revert = move || {
        typed.set(None);
        problem.set(None);
    };
    let set = move |to: f64| {
        let Some(leg) = leg.get_untracked() else { return };
        let after = Quantity { amount: to, ..leg.quantity };
        let what = format!(
            "{} {} → {}",
            leg.instrument,
            quantity(leg.quantity, &leg.instrument),
            quantity(after, &leg.instrument)
        );
        simulator.edit(what, |draft| draft.change(id, |leg| leg.quantity = after));
        revert();
    };
    let read = move || typed.get_untracked().map_or_else(|| Ok(untrack(amount)), |text| read_quantity(&text));
    let commit = move || match read() {
        Ok(amount) => set(amount),
        Err(reason) => problem.set(Some(reason)),
    };
    // A step starts from what is typed, or from the leg where that is nothing.
    let lot = move || {
        let instrument = leg.with(|leg| leg.as_ref().map(|leg| leg.instrument))?;
        let market = simulator.today();
        Some(Venue::of(market.get(instrument.product.base)?).lot(instrument.kind))
    };
    let step = move |sign: f64| {
        let from = read().unwrap_or_else(|_| untrack(amount));
        set(stepped(from, sign, untrack(unit), untrack(lot).unwrap_or(1.0)));
    };
    let key = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "Enter" => commit(),
        "Escape" => revert(),
        "ArrowUp" => {
            event.prevent_default();
            step(1.0);
        }
        "ArrowDown" => {
            event.prevent_default();
            step(-1.0);
        }
        _ => {}
    };
    let name = move || leg.with(|leg| leg.as_ref().map(|leg| leg.instrument.to_string()).unwrap_or_default());
    view! {
        <div class="stepper" class:invalid=move || problem.with(Option::is_some)>
            <button
                data-testid="leg-decrease"
                aria-label=move || format!("Less {}", name())
                tabindex="-1"
                on:click=move |_| step(-1.0)
            >
                "−"
            </button>
            <input
                data-testid="leg-quantity"
                inputmode="decimal"
                autocomplete="off"
                aria-label=move || format!("Quantity of {}", name())
                aria-invalid=move || problem.with(Option::is_some).to_string()
                class:gain=move || { amount() > 0.0 }
                class:loss=move || { amount() < 0.0 }
                prop:value=shown
                on:input:target=move |event| typed.set(Some(event.target().value()))
                on:keydown=key
                on:blur=move |_| commit()
            />
            <button
                data-testid="leg-increase"
                aria-label=move || format!("More {}", name())
                tabindex="-1"
                on:click=move |_| step(1.0)
            >
                "+"
            </button>
        </div>
    }
}

fn read_quantity(text: &str) -> Result<f64, String> {
    match read_number(text.trim()) {
        Ok(0.0) => Err("A quantity of zero is no leg; remove it with ×, or switch it off.".to_owned()),
        Ok(amount) => Ok(amount),
        Err(_) if text.trim().is_empty() => Err("The quantity is missing. Escape takes it back.".to_owned()),
        Err(reason) => Err(format!("{reason}. Escape takes it back.")),
    }
}

/// One step up or down: one coin, contract or lot of shares, less below one, a hundredth to a tenth of an amount in
/// dollars. Zero is stepped over.
fn stepped(amount: f64, sign: f64, unit: QuantityUnit, lot: f64) -> f64 {
    let magnitude = amount.abs();
    let step = match unit {
        QuantityUnit::Quote => [1e6, 1e5, 1e4, 1e3].into_iter().find(|size| magnitude >= 10.0 * size).unwrap_or(100.0),
        QuantityUnit::Coin => lot * [1.0, 0.1, 0.01].into_iter().find(|size| magnitude >= lot * size).unwrap_or(0.001),
    };
    // So that 0.3 − 0.1 is 0.2.
    let tidy = |value: f64| (value * 1e9).round() / 1e9;
    let moved = tidy(amount + sign * step);
    if moved == 0.0 { sign * step } else { moved }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_fit_the_size_and_pass_over_zero() {
        for (amount, sign, expected) in [
            (10.0, 1.0, 11.0),
            (-10.0, 1.0, -9.0),
            (2.5, -1.0, 1.5),
            (1.0, -1.0, -1.0),
            (-1.0, 1.0, 1.0),
            (0.3, -1.0, 0.2),
            (0.1, -1.0, -0.1),
            (0.9, 1.0, 1.0),
            (0.05, 1.0, 0.06),
        ] {
            assert_eq!(stepped(amount, sign, QuantityUnit::Coin, 1.0), expected, "{amount} {sign}");
        }
        assert_eq!(stepped(300.0, -1.0, QuantityUnit::Coin, 100.0), 200.0);
        assert_eq!(stepped(100.0, -1.0, QuantityUnit::Coin, 100.0), -100.0);
        assert_eq!(stepped(50.0, 1.0, QuantityUnit::Coin, 100.0), 60.0);
        assert_eq!(stepped(25_000.0, 1.0, QuantityUnit::Quote, 1.0), 26_000.0);
        assert_eq!(stepped(-100.0, 1.0, QuantityUnit::Quote, 1.0), 100.0);
    }

    #[test]
    fn what_is_no_quantity_is_told() {
        assert_eq!(read_quantity("−2.5"), Ok(-2.5));
        for bad in ["", "0", "-0", "x", "1e999", "nan"] {
            assert!(read_quantity(bad).is_err(), "{bad}");
        }
    }
}
