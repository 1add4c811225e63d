//! Historical simulation: the book under every day of the past, each day as it was or rescaled to today's vol.
//!
//! Rescaled history is that of Barone-Adesi, Giannopoulos and Vosper (1999): r·σ_T/σ for each underlying, with vols by
//! EWMA. A move of several days is a sum of daily returns; such moves overlap.

use std::rc::Rc;

use jiff::Timestamp;

use super::{Measure, TailParameters};
use crate::asset::Asset;
use crate::book::{Book, Leg};
use crate::json::{Fields, JsonError};
use crate::market::History;
use crate::methodology::past::{Shared, history_of, joint_returns, price_move, reach, thousands, unusable};
use crate::methodology::preset::{CheckParameters, ReadParameters, check};
use crate::methodology::slide_label::price_moves;
use crate::methodology::{
    Configured, Edited, Memo, MemoUnit, Methodology, MethodologyError, Pot, Requirement, Workings,
};
use crate::rfc3339::Day;
use crate::slide::{Revaluation, Slide, SlideGrid, Stress, TermScaling, VolMove};
use crate::statistics::ewma::filtered_returns;
use crate::statistics::moments::root_mean_square;
use crate::statistics::tail::{tail_risk, tail_weights};

/// Parameters of historical simulation.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Measure, confidence, horizon, window, λ and factors.
    pub tail: TailParameters,
    /// The relative move of every vol for each unit of price move: with −1.5, a fall of 20 % lifts vols by 30 %.
    pub vol_reaction: f64,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters { tail: TailParameters::read(fields)?, vol_reaction: fields.number("vol_reaction")? })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        self.tail.check()?;
        check("vol_reaction", self.vol_reaction, -20.0..=20.0)
    }
}

/// Moves of the past: a list for each underlying, and the day on which each move ended.
struct Moves {
    days: Vec<Timestamp>,
    by_underlying: Vec<Vec<f64>>,
}

/// Historical simulation.
pub struct Historical {
    configured: Configured<Parameters>,
    moves: Shared<Moves>,
}

impl Historical {
    /// From a preset and edits.
    pub fn new(configured: Configured<Parameters>) -> Historical {
        Historical { configured, moves: Shared::new() }
    }

    fn moves(&self, book: &Book) -> Result<Rc<Moves>, MethodologyError> {
        let (history, assets) = history_of(book)?;
        self.moves.get(history, &assets, || moves(history, &assets, &self.configured.parameters.tail).map(Rc::new))
    }

    fn vol_move(&self, price_move: f64) -> VolMove {
        match self.configured.parameters.vol_reaction {
            0.0 => VolMove::Unchanged,
            reaction => VolMove::Relative { change: reaction * price_move, term: TermScaling::FLAT, floor: 0.0 },
        }
    }

    fn notes(&self, book: &Book, days: &[Timestamp]) -> Vec<String> {
        let mut notes: Vec<String> = reach(book, days).into_iter().collect();
        if book.legs.iter().any(Leg::is_option) {
            notes.push(match self.configured.parameters.vol_reaction {
                0.0 => {
                    "Vols stay as they are on every day: what a jump in vol would cost is not in this figure.".into()
                }
                reaction => format!("Vols follow the price: {reaction} times its move, as a fraction of each vol."),
            });
        }
        notes
    }
}

fn moves(history: &History, assets: &[Asset], parameters: &TailParameters) -> Result<Moves, MethodologyError> {
    let (horizon, window) = (parameters.horizon_days, parameters.window_days);
    let overlap = horizon - 1;
    let joint = joint_returns(history, assets, 60 + overlap, window + overlap)?;
    let by_underlying = joint.returns.into_iter().map(|mut returns| {
        if parameters.ewma_lambda < 1.0 {
            let start = root_mean_square(&returns);
            returns = filtered_returns(&returns, start, parameters.ewma_lambda).map_err(unusable)?;
        }
        Ok(returns.windows(horizon).map(|days| price_move(days.iter().sum())).collect())
    });
    let by_underlying = by_underlying.collect::<Result<_, MethodologyError>>()?;
    Ok(Moves { days: joint.days[overlap..].to_vec(), by_underlying })
}

impl Methodology for Historical {
    fn configured(&self) -> &Edited {
        &self.configured.edited
    }

    fn slides(&self, book: &Book) -> Result<SlideGrid, MethodologyError> {
        if book.underlyings.is_empty() {
            return Ok(SlideGrid::default());
        }
        let moves = self.moves(book)?;
        let slide = |(index, day): (usize, &Timestamp)| {
            let stress = |list: &Vec<f64>| Stress::new(list[index], self.vol_move(list[index]));
            let stresses: Vec<Stress> = moves.by_underlying.iter().map(stress).collect();
            let label = format!("{}, {}", Day::of(*day), price_moves(book, &stresses));
            Slide { weights: vec![1.0; stresses.len()], stresses, label }
        };
        Ok(SlideGrid::new(moves.days.iter().enumerate().map(slide).collect()))
    }

    fn requirement(
        &self,
        book: &Book,
        revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        if book.underlyings.is_empty() {
            return Ok(Requirement::default());
        }
        let parameters = &self.configured.parameters.tail;
        let moves = self.moves(book)?;
        let totals = revaluation.totals();
        let tail = tail_risk(&totals, parameters.confidence).map_err(unusable)?;
        let (size, days) = match parameters.measure {
            Measure::ValueAtRisk => (tail.value_at_risk, vec![(tail.index, 1.0)]),
            Measure::ExpectedShortfall => {
                (tail.expected_shortfall, tail_weights(&totals, parameters.confidence).map_err(unusable)?)
            }
        };
        let component = parameters.component(book, size, |leg| {
            let row = revaluation.leg(leg);
            days.iter().map(|(day, weight)| -row[*day] * weight).sum()
        });
        let name = component.name;
        let values = [("factor", parameters.initial_factor), ("loss", size)];
        workings.note_slide(name, days[0].0, "factor·max(0, loss)", &values, component.initial);

        let spans = match parameters.horizon_days {
            1 => "days".to_owned(),
            days => format!("spans of {days} days"),
        };
        let count = thousands(totals.len());
        let day = Day::of(moves.days[days[0].0]);
        let reason = match parameters.measure {
            _ if size <= 0.0 => format!("no loss in the tail of {count} {spans}"),
            Measure::ValueAtRisk => format!("the {} worst of {count} {spans}: {day}", ordinal(tail.rank)),
            Measure::ExpectedShortfall => {
                format!("the mean of the worst {} of {count} {spans}: {day} first", days.len())
            }
        };
        let money = |name, explanation, value| Memo { name, explanation, value, unit: MemoUnit::Money };
        Ok(Requirement {
            components: vec![component],
            memos: vec![
                money("value at risk", "the loss not exceeded with this confidence", tail.value_at_risk),
                money("expected shortfall", "the mean of the losses beyond it", tail.expected_shortfall),
                Memo {
                    name: "days",
                    explanation: "moves of the past that count",
                    value: totals.len() as f64,
                    unit: MemoUnit::Number,
                },
            ],
            pots: vec![Pot::new(None, totals)],
            reason,
            notes: self.notes(book, &moves.days),
            ..Requirement::default()
        })
    }
}

/// 1st, 2nd, 3rd, 4th, 11th, 21st.
fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn ordinals() {
        let text: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 112].into_iter().map(ordinal).collect();
        assert_eq!(text, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "101st", "112th"]);
    }
}
