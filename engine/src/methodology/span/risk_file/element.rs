//! XML as a tree: elements, their text and the line they stand on. Nothing else of XML occurs in a risk parameter
//! file: attributes are passed over, and a document type, which could define entities, is refused.
//!
//! This reads the little XML that there is. A library for all of it would be 13 to 21 KB of the page.

use std::borrow::Cow;

use super::RiskFileError;

/// No risk parameter file nests deeper.
const DEEPEST: usize = 32;

/// Longer texts are refused before they are read.
const LONGEST_BYTES: usize = 8_000_000;

/// An element with what is in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Element {
    /// Its name.
    pub name: String,
    /// The line of the file on which it begins, from 1.
    pub line: usize,
    /// Its own text, without blanks around it.
    pub text: String,
    /// The elements in it.
    pub children: Vec<Element>,
}

impl Element {
    /// Reads a whole text.
    ///
    /// # Errors
    /// It is too long, no XML, or ends too early.
    pub(super) fn read(text: &str) -> Result<Element, RiskFileError> {
        if text.len() > LONGEST_BYTES {
            let reason = format!("the file has {} bytes, more than the {LONGEST_BYTES} that are read", text.len());
            return Err(RiskFileError { line: 1, reason });
        }
        let mut reader = Reader { rest: text.trim_start_matches('\u{feff}'), line: 1 };
        let mut open: Vec<Element> = Vec::new();
        loop {
            let Some((piece, _)) = reader.rest.split_once('<') else {
                let inside = open.last().map(|element| format!("the file ends inside <{}>", element.name));
                return Err(reader.refused(inside.as_deref().unwrap_or("this is no XML: there is no element")));
            };
            let text = unescaped(piece).ok_or_else(|| reader.refused("an entity that XML does not define"))?;
            push(&mut open, &text).ok_or_else(|| reader.refused("this is no XML: text stands outside elements"))?;
            reader.skip(piece.len());
            let line = reader.line;
            let closed = match reader.markup()? {
                Markup::Nothing => continue,
                Markup::Verbatim(text) => {
                    let pushed = push(&mut open, text);
                    pushed.ok_or_else(|| reader.refused("this is no XML: text stands outside elements"))?;
                    continue;
                }
                Markup::Start { name, is_empty } => {
                    let element = Element { name: name.to_owned(), line, text: String::new(), children: Vec::new() };
                    if !is_empty {
                        if open.len() == DEEPEST {
                            return Err(reader.refused("elements are nested too deeply"));
                        }
                        open.push(element);
                        continue;
                    }
                    element
                }
                Markup::End { name } => match open.pop() {
                    Some(element) if element.name == name => element,
                    Some(element) => {
                        let reason = format!("this is no XML: </{name}> stands where <{}> should end", element.name);
                        return Err(reader.refused(&reason));
                    }
                    None => return Err(reader.refused("this is no XML: nothing is open that could end")),
                },
            };
            match open.last_mut() {
                Some(parent) => parent.children.push(closed),
                // What follows the first element of the file is of no concern.
                None => return Ok(closed),
            }
        }
    }

    /// Elements of this name right in it.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element of this name right in it.
    pub(super) fn get(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The first element of this name anywhere in it.
    pub(super) fn find(&self, name: &str) -> Option<&Element> {
        self.get(name).or_else(|| self.children.iter().find_map(|child| child.find(name)))
    }

    /// The first element of this name right in it, which must be there.
    pub(super) fn need(&self, name: &str) -> Result<&Element, RiskFileError> {
        self.get(name).ok_or_else(|| self.refused(format!("<{}> has no <{name}>", self.name)))
    }

    /// Its text as a finite number.
    pub(super) fn number(&self) -> Result<f64, RiskFileError> {
        let number = self.text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| self.refused(format!("<{}> is \"{}\", which is no number", self.name, self.text)))
    }

    /// An error about it.
    pub(super) fn refused(&self, reason: String) -> RiskFileError {
        RiskFileError { line: self.line, reason }
    }
}

/// Adds to the text of the innermost element; outside of all, only blanks may stand.
fn push(open: &mut [Element], text: &str) -> Option<()> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text.trim()),
        None if text.trim().is_empty() => {}
        None => return None,
    }
    Some(())
}

/// The text with its entities resolved: the five of XML, and characters by number.
fn unescaped(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('&') {
        return Some(Cow::Borrowed(text));
    }
    let mut pieces = text.split('&');
    let mut resolved = pieces.next()?.to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';')?;
        resolved.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = name.strip_prefix('#')?;
                let code = number.strip_prefix('x').map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
                char::from_u32(code.ok()?)?
            }
        });
        resolved.push_str(rest);
    }
    Some(Cow::Owned(resolved))
}

/// What stands between two texts.
enum Markup<'a> {
    /// `<name …>` or `<name …/>`.
    Start { name: &'a str, is_empty: bool },
    /// `</name>`.
    End { name: &'a str },
    /// Text in which nothing is markup.
    Verbatim(&'a str),
    /// A comment or an instruction.
    Nothing,
}

/// A place in the text.
struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Reader<'a> {
    fn refused(&self, reason: &str) -> RiskFileError {
        RiskFileError { line: self.line, reason: reason.to_owned() }
    }

    fn skip(&mut self, bytes: usize) {
        let (passed, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.line += passed.bytes().filter(|&byte| byte == b'\n').count();
        self.rest = rest;
    }

    /// What stands between `begin`, at which the text is, and the next `end`.
    fn between(&mut self, begin: &str, end: &str) -> Result<&'a str, RiskFileError> {
        let inner = self.rest.get(begin.len()..).and_then(|rest| rest.split_once(end));
        let (inner, _) = inner.ok_or_else(|| self.refused(&format!("the file ends inside {begin}")))?;
        self.skip(begin.len() + inner.len() + end.len());
        Ok(inner)
    }

    /// Reads what begins with `<` here.
    fn markup(&mut self) -> Result<Markup<'a>, RiskFileError> {
        let starts = |begin: &str| self.rest.starts_with(begin);
        if starts("<!--") {
            return self.between("<!--", "-->").map(|_| Markup::Nothing);
        }
        if starts("<?") {
            return self.between("<?", "?>").map(|_| Markup::Nothing);
        }
        if starts("<![CDATA[") {
            return self.between("<![CDATA[", "]]>").map(Markup::Verbatim);
        }
        if starts("<!") {
            return Err(self.refused("a document type is not read"));
        }
        if starts("</") {
            let name = self.between("</", ">")?.trim_end();
            return Ok(Markup::End { name });
        }
        let mut quote = None;
        let end = self.rest.bytes().position(|byte| {
            match (quote, byte) {
                (None, b'>') => return true,
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), _) if open == byte => quote = None,
                _ => {}
            }
            false
        });
        let tag = end.and_then(|end| self.rest.get(1..end));
        let tag = tag.ok_or_else(|| self.refused("the file ends inside <"))?;
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let name = tag.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_') && !name.contains(['<', '&', '/', '"']);
        if !is_name {
            return Err(self.refused(&format!("this is no XML: \"{name}\" names no element")));
        }
        self.skip(tag.len() + 2 + usize::from(is_empty));
        Ok(Markup::Start { name, is_empty })
    }
}
