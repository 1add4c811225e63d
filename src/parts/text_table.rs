//! A table of text that is changed cell by cell: hundreds of figures follow a slider without being built anew.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

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

/// A table that shows what `content` says, and follows it.
#[component]
pub fn TextTable(
    /// What the table says.
    content: impl Fn() -> TableText + 'static,
    /// Classes of the table.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let table = NodeRef::<html::Table>::new();
    Effect::new(move |shown: Option<Option<Shown>>| {
        let table = table.get()?;
        let mut shown = shown.flatten().or_else(|| Shown::empty(&table))?;
        shown.update(content());
        Some(shown)
    });
    view! { <table class=class node_ref=table></table> }
}

/// The elements of a table, and what stands in them.
struct Shown {
    caption: Line,
    corner: Line,
    columns: Vec<Line>,
    head: Element,
    body: Element,
    rows: Vec<ShownRow>,
}

struct ShownRow {
    row: HtmlElement,
    class: &'static str,
    head: Line,
    mark: Line,
    cells: Vec<Line>,
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
    fn empty(table: &Element) -> Option<Shown> {
        let caption = Line::new(table, "caption", "")?;
        caption.element.set_class_name("visually-hidden");
        let head: Element = append(table, "thead")?.into();
        let head: Element = append(&head, "tr")?.into();
        let body: Element = append(table, "tbody")?.into();
        let corner = Line::new(&head, "th", "col")?;
        Some(Shown { caption, corner, columns: vec![], head, body, rows: vec![] })
    }

    fn update(&mut self, next: TableText) {
        self.caption.write(next.caption, "visually-hidden");
        self.corner.write(next.corner, "");
        let head = &self.head;
        fit(&mut self.columns, next.columns.len(), || Line::new(head, "th", "col"), |line| line.element.remove());
        for (line, cell) in self.columns.iter_mut().zip(next.columns) {
            line.write(cell.text, cell.class);
        }
        let body = &self.body;
        fit(&mut self.rows, next.rows.len(), || ShownRow::new(body), |row| row.row.remove());
        for (shown, row) in self.rows.iter_mut().zip(next.rows) {
            shown.update(row);
        }
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

    fn update(&mut self, next: Row) {
        if self.class != next.class {
            self.row.set_class_name(next.class);
            self.class = next.class;
        }
        self.head.write(next.head, "");
        let class = if next.mark.is_empty() { "" } else { "mark" };
        self.mark.write(next.mark, class);
        let row = &self.row;
        fit(&mut self.cells, next.cells.len(), || Line::new(row, "td", ""), |line| line.element.remove());
        for (line, cell) in self.cells.iter_mut().zip(next.cells) {
            line.write(cell.text, cell.class);
        }
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

    fn write(&mut self, text: String, class: &'static str) {
        if self.text != text {
            self.node.set_data(&text);
            self.text = text;
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
