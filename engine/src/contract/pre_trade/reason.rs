//! What a venue says to an order, as a sentence.

use crate::asset::Asset;
use crate::insight::AccountState;
use crate::insight::pre_trade::Verdict;

/// The verdict as a sentence with its figures.
pub(super) fn reason(verdict: Verdict, before: &AccountState, after: &AccountState, currency: Asset) -> String {
    let money = |amount: f64| money(amount.abs(), currency);
    let (free_before, free) = (before.free.initial, after.free.initial);
    let freed = free - free_before;
    match verdict {
        Verdict::Accepted if freed > 0.0 => format!("accepted: it frees {} of margin", money(freed)),
        Verdict::Accepted if freed == 0.0 => "accepted: it changes nothing about what is free".to_owned(),
        Verdict::Accepted => format!("accepted: it takes {} of the {} that are free", money(freed), money(free_before)),
        Verdict::AcceptedAsReducing => format!(
            "accepted: the account is {} short of its initial requirement, but the order adds no risk and frees {}",
            money(free_before),
            money(freed)
        ),
        Verdict::Refused if free_before >= 0.0 => {
            format!("refused: it would need {} more initial margin than is free", money(free))
        }
        Verdict::Refused => format!(
            "refused: the account is {} short of its initial requirement, and the order does not reduce what it needs; \
             it would be {} short",
            money(free_before),
            money(free)
        ),
    }
}

/// An amount as a sentence says it: "$12,300", "$12.50", "0.314538 BTC".
fn money(amount: f64, currency: Asset) -> String {
    let decimals = match amount {
        _ if currency != Asset::USD => 6,
        _ if amount >= 100.0 => 0,
        _ => 2,
    };
    let text = format!("{amount:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let point = if fraction.is_empty() { "" } else { "." };
    if currency == Asset::USD {
        format!("${grouped}{point}{fraction}")
    } else {
        format!("{grouped}{point}{fraction} {currency}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_one_reads_them() {
        let written = [12.5, 99.0, 12_300.4, 1_234_567.0].map(|amount| money(amount, Asset::USD));
        assert_eq!(written, ["$12.50", "$99.00", "$12,300", "$1,234,567"]);
        assert_eq!(money(0.314_538, Asset::BTC), "0.314538 BTC");
    }
}
