//! What a table says, as data.

/// A figure and how it looks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Its classes.
    pub class: &'static str,
}

impl Cell {
    /// Text without a class.
    pub fn plain(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), class: "" }
    }
}

/// A row: its head, a mark beside the head, and its figures.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// What the row is.
    pub head: String,
    /// What is special about it, in a word; empty for nothing.
    pub mark: String,
    /// Its classes.
    pub class: &'static str,
    /// One for each column.
    pub cells: Vec<Cell>,
}

/// What a table says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableText {
    /// What it is, for screen readers.
    pub caption: String,
    /// Head of the column of heads.
    pub corner: String,
    /// Heads of the other columns.
    pub columns: Vec<Cell>,
    /// The rows.
    pub rows: Vec<Row>,
}
