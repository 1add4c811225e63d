//! The elements of a table of text, changed cell by cell.

use std::ops::Range;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::table_text::{Row, TableText};

/// The elements of a table, what stands in them, and what shall.
pub(super) struct Shown {
    caption: Line,
    corner: Line,
    columns: Vec<Line>,
    head: Element,
    body: Element,
    rows: Vec<ShownRow>,
    next: TableText,
    /// What need not wait to be written.
    pub seen: Seen,
}

struct ShownRow {
    row: HtmlElement,
    class: &'static str,
    head: Line,
    mark: Line,
    cells: Vec<Line>,
}

/// The rows and columns that are not scrolled out of sight, roughly, and rather too many.
#[derive(Clone)]
pub(super) struct Seen {
    rows: Range<usize>,
    columns: Range<usize>,
}

/// An element with text in it, and what was last written there.
struct Line {
    element: HtmlElement,
    /// Changed in place: cheaper for the browser than a new text in the element.
    node: web_sys::Text,
    text: String,
    class: &'static str,
}

impl Shown {
    /// A table without anything in it; none where the document refuses.
    pub fn empty(table: &Element) -> Option<Shown> {
        let caption = Line::new(table, "caption", "")?;
        caption.element.set_class_name("visually-hidden");
        let head: Element = append(table, "thead")?.into();
        let head: Element = append(&head, "tr")?.into();
        let body: Element = append(table, "tbody")?.into();
        let corner = Line::new(&head, "th", "col")?;
        // Until it is known better, everything is seen.
        let seen = Seen { rows: 0..usize::MAX, columns: 0..usize::MAX };
        Some(Shown { caption, corner, columns: vec![], head, body, rows: vec![], next: TableText::default(), seen })
    }

    /// Takes a new text; writes the heads, and makes room for the cells.
    pub fn take(&mut self, next: TableText) {
        self.caption.write(&next.caption, "visually-hidden");
        self.corner.write(&next.corner, "");
        let head = &self.head;
        fit(&mut self.columns, next.columns.len(), || Line::new(head, "th", "col"), |line| line.element.remove());
        for (line, cell) in self.columns.iter_mut().zip(&next.columns) {
            line.write(&cell.text, cell.class);
        }
        let body = &self.body;
        fit(&mut self.rows, next.rows.len(), || ShownRow::new(body), |row| row.row.remove());
        for (shown, row) in self.rows.iter_mut().zip(&next.rows) {
            shown.take(row);
        }
        self.next = next;
    }

    /// Writes the cells, all or those that are seen.
    pub fn write(&mut self, seen: Option<&Seen>) {
        let is_in = |range: fn(&Seen) -> &Range<usize>, index| seen.is_none_or(|seen| range(seen).contains(&index));
        for (index, (shown, row)) in self.rows.iter_mut().zip(&self.next.rows).enumerate() {
            if !is_in(|seen| &seen.rows, index) {
                continue;
            }
            for (column, (line, cell)) in shown.cells.iter_mut().zip(&row.cells).enumerate() {
                if is_in(|seen| &seen.columns, column) {
                    line.write(&cell.text, cell.class);
                }
            }
        }
    }

    /// Finds out what is seen.
    pub fn look(&mut self, scroller: &Element) {
        const LEAST_SIGHT: i32 = 20;
        if scroller.client_height() < LEAST_SIGHT {
            self.seen = Seen { rows: 0..0, columns: 0..0 };
            return;
        }
        let part = |count: usize, length: i32, from: i32, to: i32| {
            let size = (f64::from(length) / count.max(1) as f64).max(1.0);
            let first = (f64::from(from) / size - 1.0).max(0.0) as usize;
            first..(f64::from(to) / size).max(0.0) as usize + 2
        };
        let (head, names) = (self.head.client_height(), self.corner.element.offset_width());
        let (down, across) = (scroller.scroll_top(), scroller.scroll_left());
        let height = scroller.client_height() - head;
        let width = scroller.client_width() - names;
        self.seen = Seen {
            rows: part(self.rows.len(), scroller.scroll_height() - head, down, down + height),
            columns: part(self.columns.len(), scroller.scroll_width() - names, across, across + width),
        };
    }
}

impl ShownRow {
    fn new(body: &Element) -> Option<ShownRow> {
        let row = append(body, "tr")?;
        let head = append(&row, "th")?;
        head.set_attribute("scope", "row").ok()?;
        let (name, mark) = (Line::new(&head, "span", "")?, Line::new(&head, "span", "")?);
        Some(ShownRow { row, class: "", head: name, mark, cells: vec![] })
    }

    fn take(&mut self, next: &Row) {
        if self.class != next.class {
            self.row.set_class_name(next.class);
            self.class = next.class;
        }
        self.head.write(&next.head, "");
        self.mark.write(&next.mark, if next.mark.is_empty() { "" } else { "mark" });
        let row = &self.row;
        fit(&mut self.cells, next.cells.len(), || Line::new(row, "td", ""), |line| line.element.remove());
    }
}

impl Line {
    fn new(parent: &Element, tag: &str, scope: &str) -> Option<Line> {
        let element = append(parent, tag)?;
        if !scope.is_empty() {
            element.set_attribute("scope", scope).ok()?;
        }
        let node = document().create_text_node("");
        element.append_child(&node).ok()?;
        Some(Line { element, node, text: String::new(), class: "" })
    }

    fn write(&mut self, text: &str, class: &'static str) {
        if self.text != text {
            self.node.set_data(text);
            text.clone_into(&mut self.text);
        }
        if self.class != class {
            self.element.set_class_name(class);
            self.class = class;
        }
    }
}

fn append(parent: &Element, tag: &str) -> Option<HtmlElement> {
    let element: HtmlElement = document().create_element(tag).ok()?.dyn_into().ok()?;
    parent.append_child(&element).ok()?;
    Some(element)
}

/// Brings a list to a length.
fn fit<T>(list: &mut Vec<T>, length: usize, make: impl Fn() -> Option<T>, remove: impl Fn(T)) {
    while list.len() > length {
        list.pop().into_iter().for_each(&remove);
    }
    while list.len() < length {
        match make() {
            Some(new) => list.push(new),
            None => return,
        }
    }
}
