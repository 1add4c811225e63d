//! Positions as text, one a line, in the ways people write them.
//!
//! | way | example |
//! |---|---|
//! | words in any order | `-10 BTC-25SEP26-120000-C`, `sell 3x BTC-25SEP26-84000-C @ 0.02`, `BTC-PERPETUAL 25000 USD` |
//! | fields | the same separated by tabs, semicolons or commas, in quotes or not |
//! | a table | the same below a header that names an instrument and a quantity column |
//!
//! A quantity counts coins or shares, or contracts of options and listed futures, unless a currency follows it. `#` starts
//! a comment.

mod columns;
mod fields;
mod number;
mod split;
mod words;

use margin_engine::account::Position;
use margin_engine::market::Market;

use columns::Columns;
use fields::Fields;
pub use number::read_number;

/// More lines are not read.
pub const MAX_LINES: usize = 1000;

/// A longer line is no position.
const MAX_LINE_CHARACTERS: usize = 400;

/// So much of a bad line is shown.
const SHOWN_CHARACTERS: usize = 80;

/// A line that is no position.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Its number, from one.
    pub line: usize,
    /// What it says, shortened where it is long.
    pub text: String,
    /// What is wrong, as a sentence.
    pub reason: String,
}

/// What a text says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// The good lines, in their order.
    pub positions: Vec<Position>,
    /// The bad ones.
    pub problems: Vec<Problem>,
    /// The text of the bad ones, with the headers that they stand under: what stays to be corrected.
    pub rest: String,
}

/// Reads a text. Nothing is dropped: each line is a position, a problem, a header, a comment or blank.
pub fn parse(text: &str, market: &Market) -> Parsed {
    let mut parsed = Parsed::default();
    let mut table: Option<Table> = None;
    let mut lines_read = 0;
    let mut offset = 0;
    for (index, piece) in text.split_inclusive('\n').enumerate() {
        let line = piece.trim_end_matches(['\n', '\r']);
        let content = without_comment(line);
        if content.is_empty() {
            offset += piece.len();
            continue;
        }
        if lines_read == MAX_LINES {
            let more = text[offset..].lines().filter(|line| !without_comment(line).is_empty()).count();
            let reason = format!("Only {MAX_LINES} lines are read at once; {more} more stay in the box.");
            parsed.problems.push(Problem { line: index + 1, text: shortened(line), reason });
            keep_header(&mut parsed.rest, &mut table);
            parsed.rest.push_str(&text[offset..]);
            return parsed;
        }
        offset += piece.len();
        lines_read += 1;
        match read_line(content, &mut table, market) {
            Ok(position) => parsed.positions.extend(position),
            Err(reason) => {
                keep_header(&mut parsed.rest, &mut table);
                parsed.rest.push_str(line);
                parsed.rest.push('\n');
                parsed.problems.push(Problem { line: index + 1, text: shortened(line), reason });
            }
        }
    }
    parsed
}

/// The header that the lines below it follow.
struct Table {
    columns: Columns,
    header: String,
    is_kept: bool,
}

/// A line's position; none for a header.
fn read_line(content: &str, table: &mut Option<Table>, market: &Market) -> Result<Option<Position>, String> {
    if content.chars().nth(MAX_LINE_CHARACTERS).is_some() {
        return Err(format!("The line is longer than {MAX_LINE_CHARACTERS} characters."));
    }
    if let Some(columns) = Columns::read(content)? {
        *table = Some(Table { columns, header: content.to_owned(), is_kept: false });
        return Ok(None);
    }
    let in_table = table.as_ref().map(|table| table.columns.row(content)).transpose()?.flatten();
    let fields: Fields = match in_table {
        Some(fields) => fields,
        None => words::read(content, market)?,
    };
    fields.position(market).map(Some)
}

fn keep_header(rest: &mut String, table: &mut Option<Table>) {
    if let Some(table) = table.as_mut().filter(|table| !table.is_kept) {
        table.is_kept = true;
        rest.push_str(&table.header);
        rest.push('\n');
    }
}

/// Up to a `#` that starts the line or a word.
fn without_comment(line: &str) -> &str {
    let hashes = line.match_indices('#').map(|(at, _)| at);
    let mut starts = hashes.filter(|&at| line[..at].chars().next_back().is_none_or(is_space));
    line[..starts.next().unwrap_or(line.len())].trim_matches(is_space)
}

/// White space, and the byte-order mark that a file may start with.
fn is_space(character: char) -> bool {
    character.is_whitespace() || character == '\u{feff}'
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests;
