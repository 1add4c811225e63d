//! Tables: a header, and rows below it.

use margin_engine::instrument::{Instrument, NameError};

use super::fields::{Direction, Fields, as_sentence};
use super::number::read_number;
use super::split;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Instrument,
    Quantity,
    Unit,
    Direction,
    EntryPrice,
}

impl Role {
    /// What a header calls it; letters only, so that "Entry price" is "entryprice".
    fn of(title: &str) -> Option<Role> {
        let letters: String = title.chars().filter(char::is_ascii_alphabetic).collect();
        match letters.to_ascii_lowercase().as_str() {
            "instrument" | "instrumentname" | "symbol" | "name" | "ticker" => Some(Role::Instrument),
            "quantity" | "qty" | "size" | "amount" | "position" => Some(Role::Quantity),
            "unit" | "units" | "currency" | "ccy" => Some(Role::Unit),
            "direction" | "side" | "buysell" => Some(Role::Direction),
            "entry" | "entryprice" | "average" | "averageprice" | "avgprice" | "avgentryprice" | "price" => {
                Some(Role::EntryPrice)
            }
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Role::Instrument => "instrument",
            Role::Quantity => "quantity",
            Role::Unit => "unit",
            Role::Direction => "direction",
            Role::EntryPrice => "entry price",
        }
    }
}

/// The columns of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    separator: u8,
    roles: Vec<Option<Role>>,
}

impl Columns {
    /// The columns that a line names, if it is a header: one that names an instrument and a quantity.
    ///
    /// # Errors
    /// Two columns of one kind.
    pub fn read(line: &str) -> Result<Option<Columns>, String> {
        let separator = split::separator(line).unwrap_or(b' ');
        let titles = split::fields(line, separator)?;
        let roles: Vec<Option<Role>> = titles.iter().map(|title| Role::of(title)).collect();
        if ![Role::Instrument, Role::Quantity].iter().all(|role| roles.contains(&Some(*role))) {
            return Ok(None);
        }
        for (index, role) in roles.iter().enumerate().filter_map(|(index, role)| Some((index, (*role)?))) {
            if let Some(first) = roles[..index].iter().position(|other| *other == Some(role)) {
                let name = role.name();
                return Err(format!(
                    "The header has two {name} columns, \"{}\" and \"{}\"; leave one out.",
                    titles[first], titles[index]
                ));
            }
        }
        Ok(Some(Columns { separator, roles }))
    }

    /// What a row says; none for a line that is not of this table.
    ///
    /// # Errors
    /// A sentence that names the field and its value.
    pub fn row(&self, line: &str) -> Result<Option<Fields>, String> {
        if self.separator == b' ' || !line.as_bytes().contains(&self.separator) {
            return Ok(None);
        }
        let values = split::fields(line, self.separator)?;
        let known = self.roles.len();
        if values.len() > known && values[known..].iter().any(|value| !value.is_empty()) {
            let given = values.len();
            return Err(format!(
                "The line has {given} fields where the header names {known}; put quotes around a number with commas."
            ));
        }
        let mut fields = Fields::default();
        for (role, value) in self.roles.iter().zip(&values).filter(|(_, value)| !value.is_empty()) {
            let Some(role) = role else { continue };
            let number = || read_number(value).map_err(|reason| format!("The {} {reason}.", role.name()));
            match role {
                Role::Instrument => {
                    let instrument = value.parse::<Instrument>();
                    fields.instrument = Some(instrument.map_err(|error: NameError| as_sentence(error.to_string()))?);
                }
                Role::Quantity => fields.quantity = Some(number()?),
                Role::Unit => fields.unit = Some(value.clone()),
                Role::Direction => {
                    let direction = Direction::read(value);
                    fields.direction =
                        Some(direction.ok_or_else(|| format!("The direction \"{value}\" is neither buy nor sell."))?);
                }
                Role::EntryPrice => fields.entry_price = Some(number()?),
            }
        }
        Ok(Some(fields))
    }
}
