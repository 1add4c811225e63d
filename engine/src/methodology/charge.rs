//! A component in the making: it grows position by position or leg by leg.

use super::Component;
use super::preset::ReadParameters;
use crate::book::{Book, NetPosition};
use crate::json::{Fields, JsonError};

/// Initial and maintenance requirement.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pair {
    /// Initial requirement.
    pub initial: f64,
    /// Maintenance requirement.
    pub maintenance: f64,
}

impl Pair {
    /// The same for both.
    pub fn both(amount: f64) -> Pair {
        Pair { initial: amount, maintenance: amount }
    }

    /// Both, times a factor.
    pub fn times(self, factor: f64) -> Pair {
        Pair { initial: self.initial * factor, maintenance: self.maintenance * factor }
    }

    /// The sum.
    pub fn plus(self, other: Pair) -> Pair {
        Pair { initial: self.initial + other.initial, maintenance: self.maintenance + other.maintenance }
    }
}

impl ReadParameters for Pair {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Pair { initial: fields.number("initial")?, maintenance: fields.number("maintenance")? })
    }
}

/// What legs add to the initial part of a charge: index of the leg and amount.
pub(super) type Contributions = Vec<(usize, f64)>;

/// A component that grows.
pub(super) struct Charge {
    name: &'static str,
    total: Pair,
    by_leg: Vec<f64>,
}

impl Charge {
    /// Nothing yet.
    pub(super) fn new(name: &'static str, book: &Book) -> Charge {
        Charge { name, total: Pair::default(), by_leg: vec![0.0; book.legs.len()] }
    }

    /// What the component is called.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Adds the requirement of a position, shared by its legs in proportion to their size.
    ///
    /// Legs against the net position get a negative share: they are what nets it. A position that nets to nothing
    /// gives its legs none.
    pub(super) fn add_position(&mut self, book: &Book, position: &NetPosition, requirement: Pair) {
        self.total = self.total.plus(requirement);
        if position.coins == 0.0 {
            return;
        }
        for &leg in &position.legs {
            self.by_leg[leg] += requirement.initial * (book.legs[leg].coins / position.coins);
        }
    }

    /// Adds a requirement with what each leg adds to its initial part; the contributions sum to it.
    pub(super) fn add(&mut self, requirement: Pair, contributions: &Contributions) {
        self.add_shared(requirement, contributions.iter().copied());
    }

    /// The same without a list of contributions.
    pub(super) fn add_shared(&mut self, requirement: Pair, contributions: impl Iterator<Item = (usize, f64)>) {
        self.total = self.total.plus(requirement);
        for (leg, part) in contributions {
            self.by_leg[leg] += part;
        }
    }

    /// Whether it came to nothing.
    pub(super) fn is_nothing(&self) -> bool {
        self.total == Pair::default()
    }

    /// The component.
    pub(super) fn into_component(self, explanation: &'static str) -> Component {
        Component {
            name: self.name,
            explanation,
            initial: self.total.initial,
            maintenance: self.total.maintenance,
            initial_by_leg: self.by_leg,
        }
    }

    /// The component; none where it came to nothing.
    pub(super) fn into_component_if_any(self, explanation: &'static str) -> Option<Component> {
        (!self.is_nothing()).then(|| self.into_component(explanation))
    }
}
