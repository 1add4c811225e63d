//! How figures came about: formulas with the numbers in them.

/// One formula with its numbers.
///
/// A formula is written with names, numbers, the operators + − · / ^, parentheses, `max(…)`, `min(…)`, `abs(…)`,
/// `sqrt(…)`, `exp(…)` and `ln(…)`; each name stands in `values`. Evaluated with them it gives `result`: a test does so
/// for every methodology (`tests/identities/workings.rs`).
#[derive(Debug, Clone, PartialEq)]
pub struct Working {
    /// The component that it belongs to, or what else it explains.
    pub component: &'static str,
    /// The leg that it is about; none for the whole book.
    pub leg: Option<usize>,
    /// The slide that it is about.
    pub slide: Option<usize>,
    /// The formula, in names.
    pub formula: &'static str,
    /// Each name with its number; money is in the account currency or, where the unit says so, per unit.
    pub values: Vec<(&'static str, f64)>,
    /// What the formula comes to.
    pub result: f64,
}

/// Collects workings, if somebody wants them: most requirements are computed without.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workings(Option<Vec<Working>>);

impl Workings {
    /// Nobody wants them.
    pub fn unwanted() -> Workings {
        Workings(None)
    }

    /// They are collected.
    pub fn wanted() -> Workings {
        Workings(Some(Vec::new()))
    }

    /// Adds a formula of the whole book.
    pub fn note(
        &mut self,
        component: &'static str,
        formula: &'static str,
        values: &[(&'static str, f64)],
        result: f64,
    ) {
        self.push(component, None, None, formula, values, result);
    }

    /// Adds a formula about one leg.
    pub fn note_leg(
        &mut self,
        component: &'static str,
        leg: usize,
        formula: &'static str,
        values: &[(&'static str, f64)],
        result: f64,
    ) {
        self.push(component, Some(leg), None, formula, values, result);
    }

    /// Adds a formula about a slide.
    pub fn note_slide(
        &mut self,
        component: &'static str,
        slide: usize,
        formula: &'static str,
        values: &[(&'static str, f64)],
        result: f64,
    ) {
        self.push(component, None, Some(slide), formula, values, result);
    }

    fn push(
        &mut self,
        component: &'static str,
        leg: Option<usize>,
        slide: Option<usize>,
        formula: &'static str,
        values: &[(&'static str, f64)],
        result: f64,
    ) {
        if let Some(list) = &mut self.0 {
            list.push(Working { component, leg, slide, formula, values: values.to_vec(), result });
        }
    }

    /// What was collected.
    pub fn into_list(self) -> Vec<Working> {
        self.0.unwrap_or_default()
    }
}
