//! The same book under several methodologies.

use super::{Savings, savings};
use crate::book::Book;
use crate::methodology::{Assessment, ConfiguredMethodology, Entry, Methodology, MethodologyError, assess};

/// One methodology's answer, in short.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparisonFigures {
    /// Initial requirement, in the account currency.
    pub initial: f64,
    /// Maintenance requirement.
    pub maintenance: f64,
    /// Hedging credit on the initial requirement.
    pub credit: f64,
    /// The credit as a fraction of the legs alone; none where they need nothing.
    pub credit_fraction: Option<f64>,
    /// What sets the requirement: a slide or a rule.
    pub reason: String,
}

/// One row of the comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Identifier of the methodology.
    pub id: &'static str,
    /// Its short name.
    pub name: &'static str,
    /// Its figures, or why it has none.
    pub outcome: Result<ComparisonFigures, MethodologyError>,
}

/// A methodology to compare, configured, or why it cannot be.
pub type Candidate = (&'static Entry, ConfiguredMethodology);

/// Runs each methodology on the book, in the order given.
pub fn compare<'a>(
    book: &Book,
    methodologies: impl IntoIterator<Item = (&'static Entry, &'a ConfiguredMethodology)>,
) -> Vec<Comparison> {
    methodologies.into_iter().map(|(entry, methodology)| Comparison::new(entry, methodology, book)).collect()
}

impl Comparison {
    /// Runs one methodology on the book.
    pub fn new(entry: &'static Entry, methodology: &ConfiguredMethodology, book: &Book) -> Comparison {
        let outcome = match methodology {
            Ok(methodology) => figures(entry, methodology.as_ref(), book),
            Err(reason) => Err(reason.clone()),
        };
        Comparison { id: entry.id, name: entry.name, outcome }
    }
}

impl ComparisonFigures {
    /// The short of an assessment and its savings.
    pub fn new(assessment: &Assessment, savings: &Savings) -> ComparisonFigures {
        ComparisonFigures {
            initial: assessment.initial,
            maintenance: assessment.maintenance,
            credit: savings.credit.initial,
            credit_fraction: savings.credit_fraction(),
            reason: reason(assessment),
        }
    }
}

fn figures(entry: &Entry, methodology: &dyn Methodology, book: &Book) -> Result<ComparisonFigures, MethodologyError> {
    let assessment = assess(entry, methodology, book)?;
    let savings = savings(methodology, book, &assessment)?;
    Ok(ComparisonFigures::new(&assessment, &savings))
}

/// What the methodology says, else the worst slide where there is one, else the greatest component.
fn reason(assessment: &Assessment) -> String {
    if !assessment.reason.is_empty() {
        return assessment.reason.clone();
    }
    if let Some(worst) = assessment.leading_pot().and_then(|pot| pot.worst) {
        return format!("worst slide {}", assessment.grid.slides[worst].label);
    }
    let greatest = assessment.components.iter().reduce(|a, b| if b.initial > a.initial { b } else { a });
    match greatest {
        Some(component) if component.initial > 0.0 => format!("mostly {}", component.name),
        _ => "nothing to margin".to_owned(),
    }
}
