//! Which hedge earns what: credits between each two legs, as a table of heat.

use jiff::Timestamp;
use leptos::prelude::*;
use margin_engine::asset::Asset;
use margin_engine::contract::AttributionDocument;

use super::attribution_tab::{leg_names, part};
use crate::charts::Unit;
use crate::charts::format::{compact, money};
use crate::parts::unit;

/// Shades of credit, from nothing to the greatest.
const SHADES: [&str; 5] = ["num", "num pair-1", "num pair-2", "num pair-3", "num pair-4"];

/// The table, under a sentence that names the greatest credit; nothing where there are no two legs.
pub fn pair_table(found: &AttributionDocument, is_maintenance: bool, now: Timestamp) -> AnyView {
    let credits = &part(found, is_maintenance).pair_credits;
    let Ok(currency) = found.currency.parse::<Asset>() else { return ().into_any() };
    if credits.len() < 2 {
        return ().into_any();
    }
    let unit = unit(&currency);
    let all = leg_names(found, now);
    let names: Vec<String> = found.pair_legs.iter().filter_map(|leg| all.get(*leg).cloned()).collect();
    let greatest = greatest(credits);
    let most = greatest.map_or(0.0, |(_, _, credit)| credit);
    let head = |place: usize| {
        let title = names.get(place).cloned();
        view! { <th scope="col" class="num" title=title>{(place + 1).to_string()}</th> }.into_any()
    };
    let cell = |row: usize, column: usize, credit: f64| {
        if row == column {
            return view! { <td class="num pair-self">"·"</td> }.into_any();
        }
        let words = format!("{} and {}: {}", names[row], names[column], money(credit, unit));
        let class = shade(credit, most);
        view! {
            <td class=class title=words data-value=credit.to_string()>
                {if class == SHADES[0] { "–".to_owned() } else { compact(credit, Unit::Prefix("")) }}
            </td>
        }
        .into_any()
    };
    let row = |(row, (name, credits)): (usize, (&String, &Vec<f64>))| {
        let cells = credits.iter().enumerate().map(|(column, credit)| cell(row, column, *credit)).collect::<Vec<_>>();
        view! {
            <tr>
                <th scope="row">{format!("{} {name}", row + 1)}</th>
                {cells}
            </tr>
        }
        .into_any()
    };
    let rows = names.iter().zip(credits).enumerate().map(row).collect::<Vec<_>>();
    let heads = (0..names.len()).map(head).collect::<Vec<_>>();
    let limited = (names.len() < all.len()).then(|| format!("The {} largest legs alone are shown.", names.len()));
    view! {
        <h3 class="pair-title" id="pair-title">"Which hedge earns what"</h3>
        <p class="small-text muted" data-testid="pair-sentence">{sentence(&names, greatest, unit)}</p>
        <div class="pair-scroller" role="region" tabindex="0" aria-labelledby="pair-title">
            <table class="table pair-table" data-testid="pair-table">
                <thead>
                    <tr>
                        <th scope="col">{format!("in {currency}")}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {limited.map(|words| view! { <p class="small-text muted">{words}</p> })}
    }
    .into_any()
}

/// The two legs with the greatest credit, if there is one.
fn greatest(credits: &[Vec<f64>]) -> Option<(usize, usize, f64)> {
    let mut greatest: Option<(usize, usize, f64)> = None;
    for (row, credits) in credits.iter().enumerate() {
        for (column, credit) in credits.iter().enumerate().skip(row + 1) {
            if *credit > greatest.map_or(0.0, |(_, _, most)| most) {
                greatest = Some((row, column, *credit));
            }
        }
    }
    greatest
}

/// A credit's shade; one that is rounding has none, and one below nothing costs.
fn shade(credit: f64, most: f64) -> &'static str {
    let fraction = if most > 0.0 { credit / most } else { credit.signum() * f64::from(credit != 0.0) };
    match fraction {
        fraction if fraction < -1e-9 => "num pair-cost",
        fraction if fraction <= 1e-9 => SHADES[0],
        fraction if fraction <= 0.25 => SHADES[1],
        fraction if fraction <= 0.5 => SHADES[2],
        fraction if fraction <= 0.75 => SHADES[3],
        _ => SHADES[4],
    }
}

fn sentence(names: &[String], greatest: Option<(usize, usize, f64)>, unit: Unit<'_>) -> String {
    match greatest {
        Some((row, column, credit)) => {
            let saved = money(credit, unit);
            let others = if names.len() > 2 { ", more than any other two legs" } else { "" };
            format!("The {} and the {} save {saved} together{others}.", names[row], names[column])
        }
        None => "No two legs save anything by being held together.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_credit_is_named_and_shaded() {
        let credits = vec![vec![0.0, 10.0, -4.0], vec![10.0, 0.0, 40.0], vec![-4.0, 40.0, 0.0]];
        assert_eq!(greatest(&credits), Some((1, 2, 40.0)));
        assert_eq!(greatest(&[vec![0.0, -1.0], vec![-1.0, 0.0]]), None);
        let shades: Vec<&str> = [40.0, 10.0, 1e-12, -4.0].map(|credit| shade(credit, 40.0)).to_vec();
        assert_eq!(shades, ["num pair-4", "num pair-1", "num", "num pair-cost"]);
        let names = ["64k put", "70k put", "perpetual"].map(str::to_owned);
        let words = sentence(&names, Some((0, 1, 31_000.0)), Unit::Prefix("$"));
        assert_eq!(
            sentence(&names[..2], Some((0, 1, 31_000.0)), Unit::Prefix("$")),
            "The 64k put and the 70k put save $31,000 together."
        );
        assert_eq!(words, "The 64k put and the 70k put save $31,000 together, more than any other two legs.");
    }
}
