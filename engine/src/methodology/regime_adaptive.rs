//! Slides whose price range and vol shift follow the regime: a model of our own, which no clearing house uses.
//!
//! Each underlying has the range and the vol shifts that [`regime`](crate::statistics::regime) forecasts for today from
//! its own history. All move the same way by the same part of their ranges, and where there are several, each in turn
//! goes its way while the others go the other way by a fraction of theirs: a book that lives of two markets moving
//! together is charged for their parting. With n underlyings that makes 2·steps·(1 + n) + 1 price moves, not 2ⁿ of them.
//! How far they part is a convention of ours.

use super::contingency::usual_contingencies;
use super::past::{Remembered, history_of, joint_returns, price_move};
use super::preset::{CheckParameters, ReadParameters, check};
use super::slide_label::price_moves;
use super::worst_slide::worst_slide;
use super::{Configured, Edited, Memo, MemoUnit, Methodology, MethodologyError, Pair, Pot, Requirement, Workings};
use crate::asset::Asset;
use crate::book::Book;
use crate::json::{Fields, JsonError};
use crate::market::History;
use crate::slide::{Revaluation, Slide, SlideGrid, Stress, TermScaling, VolMove};
use crate::statistics::regime::{AntiProcyclicality, RegimeDay, RegimeParameters, ending_with_a_fit, walk_forward};

/// The model of a range, and how much history it is given.
#[derive(Debug, Clone, PartialEq)]
pub struct RegimeRule {
    /// The model with its tools against procyclicality.
    pub model: RegimeParameters,
    /// How many days of history it is walked through, at most; more where the tools look back further.
    pub history_days: usize,
}

impl RegimeRule {
    /// The days of history that it takes: tools that look back need all that they look at.
    pub fn depth(&self) -> usize {
        let tools = &self.model.anti_procyclicality;
        let looks_back = tools.look_back_floor || tools.stressed_weight > 0.0;
        let look_back = if looks_back { tools.look_back_days + self.model.shortest_history_days } else { 0 };
        self.history_days.max(look_back)
    }

    fn check(&self) -> Result<(), MethodologyError> {
        self.model.check().map_err(|error| MethodologyError::Parameters(error.to_string()))?;
        // A price cannot fall by more than all of it.
        check("model.maximum_range", self.model.maximum_range, 0.0..=0.99)?;
        let shortest = self.model.shortest_history_days as f64;
        check("history_days", self.history_days as f64, shortest..=1e5)
    }
}

/// The model that a methodology's parameters ask for, those of the preset `regime-adaptive` or edited ones.
///
/// # Errors
/// They are parameters of another methodology, or out of their domain.
pub fn regime_of(configured: &Edited) -> Result<RegimeRule, MethodologyError> {
    let parameters = Fields::new(&configured.parameters).and_then(|fields| Parameters::read(&fields));
    let regime = parameters.map_err(|error| MethodologyError::Parameters(error.to_string()))?.regime;
    regime.check()?;
    Ok(regime)
}

/// Parameters of the methodology.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// The model of the range.
    pub regime: RegimeRule,
    /// Price steps on each side of zero, 1 to 20.
    pub price_steps: usize,
    /// Where one underlying goes its way, the fraction of their ranges by which the others go the other; 0 to 1.
    pub opposite_fraction: f64,
    /// Dependence of vol shifts on the time to expiry.
    pub term_scaling: TermScaling,
    /// Contingency for each short option, as a fraction of the underlying's price.
    pub short_option_contingency: f64,
    /// Contingency for futures and perpetuals, as a fraction of notional.
    pub future_contingency: f64,
    /// The initial requirement's multiple of the worst loss.
    pub initial_factor: f64,
    /// The maintenance requirement's multiple of it.
    pub maintenance_factor: f64,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        let anti_procyclicality = fields.object("anti_procyclicality", |tools| {
            Ok(AntiProcyclicality {
                buffer: tools.number("buffer")?,
                buffer_rebuild: tools.number("buffer_rebuild")?,
                stressed_weight: tools.number("stressed_weight")?,
                look_back_floor: tools.flag("look_back_floor")?,
                look_back_days: tools.count("look_back_days")?,
                greatest_rise: tools.number("greatest_rise")?,
                greatest_fall: tools.number("greatest_fall")?,
            })
        })?;
        let model = fields.object("model", |model| {
            Ok(RegimeParameters {
                confidence: model.number("confidence")?,
                horizon_days: model.number("horizon_days")?,
                ewma_lambda: model.number("ewma_lambda")?,
                window_days: model.count("window_days")?,
                shortest_history_days: model.count("shortest_history_days")?,
                refit_days: model.count("refit_days")?,
                states: model.count("states")?,
                regime_weight: model.number("regime_weight")?,
                minimum_range: model.number("minimum_range")?,
                maximum_range: model.number("maximum_range")?,
                minimum_vol_shift: model.number("minimum_vol_shift")?,
                maximum_vol_shift: model.number("maximum_vol_shift")?,
                anti_procyclicality,
            })
        })?;
        Ok(Parameters {
            regime: RegimeRule { model, history_days: fields.count("history_days")? },
            price_steps: fields.count("price_steps")?,
            opposite_fraction: fields.number("opposite_fraction")?,
            term_scaling: fields.object("term_scaling", TermScaling::read)?,
            short_option_contingency: fields.number("short_option_contingency")?,
            future_contingency: fields.number("future_contingency")?,
            initial_factor: fields.number("initial_factor")?,
            maintenance_factor: fields.number("maintenance_factor")?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        self.regime.check()?;
        self.term_scaling.check("term_scaling")?;
        for (name, value, domain) in [
            ("price_steps", self.price_steps as f64, 1.0..=20.0),
            ("opposite_fraction", self.opposite_fraction, 0.0..=1.0),
            ("short_option_contingency", self.short_option_contingency, 0.0..=1.0),
            ("future_contingency", self.future_contingency, 0.0..=1.0),
            ("initial_factor", self.initial_factor, 0.0..=10.0),
            ("maintenance_factor", self.maintenance_factor, 0.0..=10.0),
        ] {
            check(name, value, domain)?;
        }
        Ok(())
    }
}

impl Parameters {
    /// Each price move as a part of the range for each underlying: together, then each that is held against the others.
    fn directions(&self, book: &Book) -> Vec<Vec<f64>> {
        let underlyings = book.underlyings.len();
        let held = book.open_underlyings();
        let steps = self.price_steps as i32;
        let parts = (-steps..=steps).map(|step| f64::from(step) / f64::from(steps));
        let mut directions: Vec<Vec<f64>> = parts.clone().map(|part| vec![part; underlyings]).collect();
        if held.len() > 1 {
            for one in held {
                for part in parts.clone().filter(|part| *part != 0.0) {
                    let mut others = vec![-part * self.opposite_fraction; underlyings];
                    others[one] = part;
                    directions.push(others);
                }
            }
        }
        directions
    }
}

/// Slides that follow the regime.
pub struct RegimeAdaptive {
    configured: Configured<Parameters>,
    /// Today's forecast of each underlying: fitting takes long, and its history does not change from edit to edit.
    forecasts: Remembered<RegimeDay>,
}

impl RegimeAdaptive {
    /// From a preset and edits.
    pub fn new(configured: Configured<Parameters>) -> RegimeAdaptive {
        RegimeAdaptive { configured, forecasts: Remembered::new() }
    }

    /// Today's forecast of each of the book's underlyings.
    fn forecasts(&self, book: &Book) -> Result<Vec<RegimeDay>, MethodologyError> {
        if book.underlyings.is_empty() {
            return Ok(vec![]);
        }
        let (history, assets) = history_of(book)?;
        let of = |asset| {
            self.forecasts.get(history, &[asset], || forecast(history, asset, &self.configured.parameters.regime))
        };
        assets.into_iter().map(of).collect()
    }

    fn stress(&self, part: f64, day: &RegimeDay, vol_sign: f64) -> Stress {
        let term = self.configured.parameters.term_scaling;
        let shift = if vol_sign > 0.0 { day.vol_shift_up } else { day.vol_shift_down };
        let vol_move = match vol_sign {
            0.0 => VolMove::Unchanged,
            sign => VolMove::Relative { change: sign * shift, term, floor: 0.0 },
        };
        Stress::new(part * day.range, vol_move)
    }
}

fn forecast(history: &History, asset: Asset, regime: &RegimeRule) -> Result<RegimeDay, MethodologyError> {
    let model = &regime.model;
    let joint = joint_returns(history, &[asset], model.shortest_history_days, regime.depth())?;
    let returns: Vec<f64> = joint.returns.iter().flatten().map(|step| price_move(*step)).collect();
    let walked = walk_forward(ending_with_a_fit(&returns, model), model);
    walked.map(|walked| walked.today).map_err(|error| MethodologyError::NotApplicable(format!("{asset}: {error}")))
}

impl Methodology for RegimeAdaptive {
    fn configured(&self) -> &Edited {
        &self.configured.edited
    }

    fn loss_components(&self) -> &'static [&'static str] {
        &["worst slide"]
    }

    fn slides_follow_sizes(&self) -> bool {
        true
    }

    fn slides(&self, book: &Book) -> Result<SlideGrid, MethodologyError> {
        let forecasts = self.forecasts(book)?;
        let mut slides = Vec::new();
        for directions in self.configured.parameters.directions(book) {
            for (vol_sign, vol_label) in [(1.0, "vol up"), (0.0, "vol same"), (-1.0, "vol down")] {
                let each = directions.iter().zip(&forecasts);
                let stresses: Vec<Stress> = each.map(|(part, day)| self.stress(*part, day, vol_sign)).collect();
                let label = format!("{}, {vol_label}", price_moves(book, &stresses));
                slides.push(Slide { weights: vec![1.0; stresses.len()], stresses, label });
            }
        }
        Ok(SlideGrid::new(slides))
    }

    fn requirement(
        &self,
        book: &Book,
        revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        let parameters = &self.configured.parameters;
        let forecasts = self.forecasts(book)?;
        let pot = Pot::new(None, revaluation.totals());
        let factors = Pair { initial: parameters.initial_factor, maintenance: parameters.maintenance_factor };
        let mut components = vec![worst_slide(book, revaluation, &pot, factors, workings)];
        let (short_option, future) = (parameters.short_option_contingency, parameters.future_contingency);
        components.extend(usual_contingencies(book, short_option, future, workings));

        let mut notes =
            vec!["Our own model: no clearing house publishes a rule by which ranges follow the regime.".to_owned()];
        notes.extend(book.underlyings.iter().zip(&forecasts).map(|(underlying, day)| {
            format!(
                "{}: range ±{:.1} %, {:.1} % a day by EWMA, {:.1} degrees of freedom, turbulent with {:.0} %; vols +{:.0} % and −{:.0} %.",
                underlying.asset,
                100.0 * day.range,
                100.0 * day.vol_ewma,
                day.degrees_of_freedom,
                100.0 * day.turbulent_probability,
                100.0 * day.vol_shift_up,
                100.0 * day.vol_shift_down,
            )
        }));
        // With several underlyings each has a note of its own instead.
        let memos = match &forecasts[..] {
            [day] => memos(day),
            _ => vec![],
        };
        Ok(Requirement { components, pots: vec![pot], memos, notes, ..Requirement::default() })
    }
}

fn memos(day: &RegimeDay) -> Vec<Memo> {
    let fraction = |name, explanation, value| Memo { name, explanation, value, unit: MemoUnit::Fraction };
    vec![
        fraction("price range", "today's, either way", day.range),
        fraction("EWMA vol", "of a day", day.vol_ewma),
        Memo {
            unit: MemoUnit::Number,
            ..fraction(
                "degrees of freedom",
                "of Student's t: few are fat tails, 1,000 is normal",
                day.degrees_of_freedom,
            )
        },
        fraction("turbulent state", "the probability that today is in it", day.turbulent_probability),
    ]
}
