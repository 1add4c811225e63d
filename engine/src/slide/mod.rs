//! Slides: stresses as data.

mod american;
mod expiry_terms;
mod rate_move;
mod reprice;
mod revaluation;
mod totals;
mod unit_rows;
mod vol_move;

pub use rate_move::RateMove;
pub use reprice::{Repriced, Valuation, reprice};
pub use revaluation::{Revaluation, revalue};
pub use totals::revalue_totals;
pub(crate) use unit_rows::UnitRows;
pub(crate) use vol_move::VolTerms;
pub use vol_move::{Skew, TermScaling, VolMove};

/// One stress of one underlying.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stress {
    /// Relative change of index and forwards, above −1: −0.16 is −16 %.
    pub spot_move: f64,
    /// What happens to implied vol.
    pub vol_move: VolMove,
    /// Change of rates and yields.
    pub rate_move: RateMove,
    /// Time that passes, in years, not negative. Options decay, forwards come towards the index.
    pub time_step_years: f64,
    /// Forwards do not come towards the index while time passes: they make the spot move and nothing else.
    pub keeps_forwards: bool,
}

impl Stress {
    /// Nothing happens.
    pub const NONE: Stress = Stress {
        spot_move: 0.0,
        vol_move: VolMove::Unchanged,
        rate_move: RateMove::NONE,
        time_step_years: 0.0,
        keeps_forwards: false,
    };

    /// A move in price and vol.
    pub fn new(spot_move: f64, vol_move: VolMove) -> Stress {
        Stress { spot_move, vol_move, ..Stress::NONE }
    }
}

/// The currency in which a gain or loss of a coin-settled product is counted.
///
/// Either way the figure is then valued in the account currency at today's rate. Products that settle in their
/// quote currency come out the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PnlBasis {
    /// In the settlement coin, as venues that margin in coin do: V'/S' − V/S.
    SettlementCurrency,
    /// In the quote currency, as somebody who thinks in dollars does: V' − V.
    #[default]
    QuoteCurrency,
}

/// How forwards follow the index when it moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForwardMove {
    /// In proportion: F' = F·(1 + s).
    #[default]
    Proportional,
    /// By as much as the index, so that the basis stays: F' = F + S·s. OKX's example counts so. A forward keeps at
    /// least a hundredth of itself.
    Parallel,
}

/// One stress of the whole market.
#[derive(Debug, Clone, PartialEq)]
pub struct Slide {
    /// The stress of each underlying of the book, in the book's order.
    pub stresses: Vec<Stress>,
    /// What the P&L is multiplied by, for each underlying; 1 for an ordinary slide.
    pub weights: Vec<f64>,
    /// How a person would name it: "−16 %, vol up".
    pub label: String,
}

impl Slide {
    /// The same stress of all `underlyings`, at full weight.
    pub fn uniform(stress: Stress, underlyings: usize, label: String) -> Slide {
        Slide { stresses: vec![stress; underlyings], weights: vec![1.0; underlyings], label }
    }
}

/// A list of slides and how their P&L is counted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SlideGrid {
    /// The slides, in the order in which they are reported.
    pub slides: Vec<Slide>,
    /// How P&L of coin-settled products is counted.
    pub basis: PnlBasis,
    /// How forwards follow the index.
    pub forward_move: ForwardMove,
    /// Options settle on an average over so many years before they expire: 1,800 seconds at Derive. What is already
    /// in the average does not move with the price. 0 where that is left out.
    pub averaging_years: f64,
}

impl SlideGrid {
    /// Slides whose P&L counts in the quote currency.
    pub fn new(slides: Vec<Slide>) -> SlideGrid {
        SlideGrid { slides, ..SlideGrid::default() }
    }

    /// The same grid with one of its slides only; with none where there is no such slide.
    pub fn only(&self, slide: usize) -> SlideGrid {
        let slides = self.slides.get(slide).into_iter().cloned().collect();
        SlideGrid { slides, ..*self }
    }
}

/// A relative move as text: "−16 %", "+4 %", "0 %".
pub fn move_label(relative: f64) -> String {
    let percent = relative * 100.0;
    // Two decimals, without the zeros at the end.
    let magnitude = format!("{:.2}", percent.abs());
    let magnitude = magnitude.trim_end_matches('0').trim_end_matches('.');
    let sign = match magnitude {
        "0" => "",
        _ if percent < 0.0 => "−",
        _ => "+",
    };
    format!("{sign}{magnitude}\u{a0}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_read_as_a_trader_writes_them() {
        assert_eq!(move_label(-0.16), "−16\u{a0}%");
        assert_eq!(move_label(0.045), "+4.5\u{a0}%");
        assert_eq!(move_label(-0.0), "0\u{a0}%");
        assert_eq!(move_label(5.0), "+500\u{a0}%");
    }
}
