//! What large positions need on top, because they are harder to close.

use super::charge::Charge;
use super::preset::ReadParameters;
use super::tiers::Tiers;
use super::unit::units;
use super::{Pair, Workings};
use crate::book::Book;
use crate::json::{Fields, JsonError};

/// What the size of an underlying's positions is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeMeasure {
    /// US dollars of notional at the index.
    UsDollars,
    /// Coins.
    Coins,
}

/// By how much a requirement grows with the size of the positions.
#[derive(Debug, Clone, PartialEq)]
pub struct SizeTiers {
    /// What thresholds count.
    pub measure: SizeMeasure,
    /// The bands.
    pub tiers: Tiers,
}

impl ReadParameters for SizeTiers {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        let measures = [("usd", SizeMeasure::UsDollars), ("coins", SizeMeasure::Coins)];
        Ok(SizeTiers { measure: fields.choice("measure", &measures)?, tiers: Tiers::read(fields)? })
    }
}

/// The part of each underlying in the requirement, `required` by leg, times its multiple less one.
///
/// The size is the net position of each instrument, without sign, added up for the underlying: what would have to be
/// closed. An underlying whose legs lower the requirement of the others has nothing on top.
pub(super) fn size_add_on(book: &Book, required: &[Pair], sizes: &SizeTiers, workings: &mut Workings) -> Charge {
    let mut charge = Charge::new("size add-on", book);
    for unit in units(book) {
        let usd_per_coin = match sizes.measure {
            SizeMeasure::UsDollars => book.underlyings[unit.underlying].account_per_coin * book.usd_per_account,
            SizeMeasure::Coins => 1.0,
        };
        let size: f64 = unit.positions().iter().map(|position| position.coins.abs() * usd_per_coin).sum();
        let multiple = sizes.tiers.multiple(size);
        if multiple == 1.0 {
            continue;
        }
        let part = unit.legs().fold(Pair::default(), |sum, (leg, ..)| sum.plus(required[leg]));
        let least = Pair { initial: part.initial.max(0.0), maintenance: part.maintenance.max(0.0) };
        let requirement = least.times(multiple - 1.0);
        let values = [("part", part.initial), ("multiple", multiple)];
        workings.note(charge.name(), "max(part, 0)·(multiple − 1)", &values, requirement.initial);
        let scale = if part.initial > 0.0 { multiple - 1.0 } else { 0.0 };
        charge.add(requirement, &unit.legs().map(|(leg, ..)| (leg, required[leg].initial * scale)).collect());
    }
    charge
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::methodology::{Assessment, assess, find};
    use crate::testing::book;

    fn assessed(tiers: &serde_json::Value, positions: &[(&str, f64)]) -> Assessment {
        let entry = find("custom").expect("registered");
        let edits = json!({
            "price_range_up": 0.1, "price_range_down": 0.1, "extreme_multiple": 0,
            "short_option_contingency": 0, "future_contingency": 0, "size_tiers": tiers,
        });
        let methodology = entry.configure(Some(&edits)).expect("valid edits");
        assess(entry, methodology.as_ref(), &book("USD", positions)).expect("it has rules for the book")
    }

    #[track_caller]
    fn assert_close(ours: f64, expected: f64) {
        assert!((ours - expected).abs() <= 1e-9 * expected.abs(), "{ours} is not {expected}");
    }

    /// By hand, at 80,000: ten coins are 800,000 dollars, of which half a million counts once and the rest three times:
    /// 1.4 million, a multiple of 1.75 on what ten perpetuals at 80,040 lose at 10 %.
    #[test]
    fn a_requirement_grows_with_the_size_of_the_position() {
        let tiers = json!({ "measure": "usd", "thresholds": [500_000], "multiples": [1, 3] });
        let perpetual = "BTC_USDC-PERPETUAL";
        let small = assessed(&tiers, &[(perpetual, 5.0)]);
        assert_close(small.initial, 5.0 * 8_004.0);
        let large = assessed(&tiers, &[(perpetual, 10.0)]);
        assert_close(large.initial, 1.75 * 10.0 * 8_004.0);
        assert_close(large.maintenance, 0.8 * large.initial);
        assert_close(large.leg_shares[0], large.initial);
        // Legs in one instrument are one position; another underlying has tiers of its own.
        let parts = assessed(&tiers, &[(perpetual, 12.0), (perpetual, -2.0), ("ETH_USDC-PERPETUAL", 100.0)]);
        assert_close(parts.initial, large.initial + 100.0 * 240.12);
    }

    /// In coins: four count once, six twice. What hedges has to be closed too: ten more coins short bring the size to
    /// twenty, but the requirement to next to nothing.
    #[test]
    fn sizes_count_in_coins_and_multiply_what_is_left_of_the_risk() {
        let tiers = json!({ "measure": "coins", "thresholds": [4], "multiples": [1, 2] });
        let alone = assessed(&tiers, &[("BTC_USDC-PERPETUAL", -10.0)]);
        assert_close(alone.initial, 1.6 * 10.0 * 8_004.0);
        let hedged = assessed(&tiers, &[("BTC_USDC-PERPETUAL", -10.0), ("BTC_USDC-25SEP26", 10.0)]);
        // 80,320 against 80,040, ten coins, 10 %; (4 + 2·16)/20 = 1.8.
        assert_close(hedged.initial, 1.8 * 280.0);
    }
}
