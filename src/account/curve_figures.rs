//! The margin curve as the chart, the sentence above it and the read-out take it.

use jiff::{SignedDuration, Timestamp};
use margin_engine::asset::Asset;
use margin_engine::contract::{MarginCurveDocument, NearestDocument, PlaceDocument};
use margin_engine::instrument::Expiry;

use crate::charts::{CurveTicks, MarginCurve, MarkedCrossing, PayoffPlot, Unit, format};
use crate::parts::{Cell, Row, TableText, short_day, unit};

/// What prices are written in.
const DOLLAR: Unit<'static> = Unit::Prefix("$");
/// Haircuts below this part of the requirement are not worth a word.
const WORTH_A_WORD: f64 = 1e-3;

/// A curve, ready to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct CurveFigures {
    /// In the units of the axis: prices, moves, points, days.
    places: Vec<f64>,
    equity: Vec<f64>,
    initial: Vec<f64>,
    maintenance: Vec<f64>,
    crossings: Vec<MarkedCrossing>,
    present: (f64, String),
    /// Where each worst slide begins, and its place in the document's names.
    slides: Vec<(f64, Option<usize>)>,
    marks: Vec<(f64, String)>,
    document: MarginCurveDocument,
    currency: Asset,
    now: Timestamp,
}

impl CurveFigures {
    /// Of an answer in the account currency, for a market of this time.
    pub fn new(document: MarginCurveDocument, currency: Asset, now: Timestamp) -> CurveFigures {
        let figures = |list: &[Option<f64>]| list.iter().map(|figure| figure.unwrap_or(f64::NAN)).collect();
        let scaled = |place: f64| scaled(&document, place);
        let mut slides: Vec<(f64, Option<usize>)> = Vec::new();
        for (index, slide) in document.worst_slide.iter().enumerate() {
            let goes_on = slides.last().is_some_and(|(_, before)| before == slide);
            if !goes_on {
                // Half-way between the two places that it lies between.
                let before = document.places[index.saturating_sub(1)];
                slides.push((scaled(0.5 * (before + document.places[index])), *slide));
            }
        }
        if document.slides.is_empty() {
            slides.clear();
        }
        let marks = document.expiries.iter().map(|expiry| {
            let day = Expiry::parse(&expiry.expiry).map(|day| short_day(day.day(), now));
            (expiry.days, day.unwrap_or_else(|_| expiry.expiry.clone()))
        });
        let present = match document.axis.as_str() {
            "price" => document.price.map_or("now".to_owned(), |price| format::price_near(price, DOLLAR)),
            "time" => short_day(jiff::tz::Offset::UTC.to_datetime(now).date(), now),
            _ => "now".to_owned(),
        };
        let marks = marks.collect();
        let mut curve = CurveFigures {
            places: document.places.iter().map(|place| scaled(*place)).collect(),
            equity: figures(&document.equity),
            initial: figures(&document.initial_equity),
            maintenance: figures(&document.maintenance_equity),
            crossings: Vec::new(),
            present: (scaled(0.0), present),
            slides,
            marks,
            document,
            currency,
            now,
        };
        curve.crossings = curve.marked();
        curve
    }

    /// The crossings; the nearest ones into trouble are named.
    fn marked(&self) -> Vec<MarkedCrossing> {
        let document = &self.document;
        let is = |nearest: &Option<PlaceDocument>, place: f64| nearest.is_some_and(|nearest| nearest.place == place);
        let marked = document.crossings.iter().map(|crossing| {
            let is_liquidation = crossing.breach == "liquidation";
            let nearest = if is_liquidation { &document.liquidation } else { &document.margin_call };
            let place = PlaceDocument { place: crossing.place, price: crossing.price };
            let label = if is(&nearest.down, crossing.place) || is(&nearest.up, crossing.place) {
                let word = if is_liquidation { "liquidation" } else { "margin call" };
                format!("{word} {}", self.short_place(place))
            } else {
                String::new()
            };
            MarkedCrossing { place: scaled(document, crossing.place), equity: crossing.equity, is_liquidation, label }
        });
        marked.collect()
    }

    /// As the chart takes it.
    pub fn with_chart<T>(&self, take: impl FnOnce(&MarginCurve<'_>) -> T) -> T {
        let name = |slide: Option<usize>| slide.and_then(|slide| self.document.slides.get(slide)).map_or("", |it| it);
        let slides: Vec<(f64, &str)> = self.slides.iter().map(|(place, slide)| (*place, name(*slide))).collect();
        let ticks = match (self.document.axis.as_str(), self.document.price) {
            ("vol", _) => CurveTicks::Points,
            ("time", _) => CurveTicks::Days,
            (_, Some(_)) => CurveTicks::Prices(DOLLAR),
            (_, None) => CurveTicks::Moves,
        };
        take(&MarginCurve {
            places: &self.places,
            equity: &self.equity,
            initial: &self.initial,
            maintenance: &self.maintenance,
            crossings: &self.crossings,
            present: (self.present.0, &self.present.1),
            slides: &slides,
            marks: &self.marks,
            ticks,
        })
    }

    /// Where the account is called and liquidated, in a sentence.
    pub fn sentence(&self) -> String {
        let document = &self.document;
        let now = |nearest: &NearestDocument| nearest.down.or(nearest.up).is_some_and(|found| found.place == 0.0);
        if now(&document.liquidation) {
            return "As things stand the maintenance requirement is not met: this account would be liquidated."
                .to_owned();
        }
        let is_called = now(&document.margin_call);
        let start = if is_called { "As things stand the initial requirement is not met. " } else { "" };
        let call = |found: Option<PlaceDocument>| found.filter(|_| !is_called);
        let down = self.side(call(document.margin_call.down), document.liquidation.down);
        let up = self.side(call(document.margin_call.up), document.liquidation.up);
        let (least, most) = (self.reach(document.searched[0]), self.reach(document.searched[1]));
        let what = if is_called { "liquidation" } else { "margin call" };
        let rest = match (document.axis.as_str(), down, up) {
            ("time", _, Some(up)) => format!("{up}, at today's prices and vols."),
            ("time", _, None) => {
                format!("no {what} within {} at today's prices and vols.", days_text(document.searched[1]))
            }
            (_, Some(down), Some(up)) => format!("{down}; upwards {up}."),
            (_, Some(down), None) => format!("{down}; none upwards within {most}."),
            (_, None, Some(up)) => format!("{up}; none downwards within {least}."),
            (_, None, None) => format!("no {what} between {least} and {most}."),
        };
        capitalised(&format!("{start}{}", if is_called { capitalised(&rest) } else { rest }))
    }

    /// "margin call at $69,900 (−9.3 %), liquidation at $66,200 (−14.1 %)".
    fn side(&self, call: Option<PlaceDocument>, liquidation: Option<PlaceDocument>) -> Option<String> {
        let told = |word: &str, found: Option<PlaceDocument>| {
            let found = found?;
            let joint = if self.document.axis == "time" { "" } else { "at " };
            Some(format!("{word} {joint}{}", self.long_place(found)))
        };
        match (told("margin call", call), told("liquidation", liquidation)) {
            (Some(call), Some(liquidation)) => Some(format!("{call}, {liquidation}")),
            (call, liquidation) => call.or(liquidation),
        }
    }

    /// "$66,200 (−14.1 %)", "+23 vol points", "on 12 Sep".
    fn long_place(&self, found: PlaceDocument) -> String {
        match (self.document.axis.as_str(), found.price) {
            ("price", Some(price)) => {
                format!("{} ({})", format::money(price, DOLLAR), format::percent_move(found.place))
            }
            ("vol", _) => format!("{}\u{a0}vol points", format::number_move(found.place * 100.0, 1)),
            ("time", _) => format!("on {}", self.day(found.place)),
            _ => format::percent_move(found.place),
        }
    }

    fn short_place(&self, found: PlaceDocument) -> String {
        match (self.document.axis.as_str(), found.price) {
            ("price", Some(price)) => format::price_near(price, DOLLAR),
            ("vol", _) => format::number_move(found.place * 100.0, 1),
            ("time", _) => self.day(found.place),
            _ => format::percent_move(found.place),
        }
    }

    fn reach(&self, place: f64) -> String {
        if self.document.axis == "vol" {
            format!("{}\u{a0}vol points", format::number_move(place * 100.0, 0))
        } else {
            format::percent_move(place)
        }
    }

    fn day(&self, days: f64) -> String {
        let then = self.now.saturating_add(SignedDuration::from_secs((days * 86_400.0).round() as i64));
        short_day(jiff::tz::Offset::UTC.to_datetime(then.unwrap_or(self.now)).date(), self.now)
    }

    /// The figures at a pixel of a chart of this size, in CSS pixels.
    pub fn read_out(&self, x: f64, width: u32, height: u32) -> Option<String> {
        let plot: PayoffPlot = self.with_chart(|chart| chart.plot(width, height, 1.0))?;
        let place = plot.price_at(x)?;
        let after = self.places.partition_point(|known| *known < place).min(self.places.len().checked_sub(1)?);
        let before = after.saturating_sub(1);
        let nearest = if place - self.places[before] < self.places[after] - place { before } else { after };
        let document = &self.document;
        let at = PlaceDocument { place: document.places[nearest], price: document.prices.get(nearest).copied() };
        let mut text = self.long_place(at);
        if document.equity[nearest].is_none() {
            let reason = document.gaps.iter().find(|gap| (gap.from..=gap.to).contains(&at.place));
            text.push_str("\nno figure: ");
            text.push_str(reason.map_or("", |gap| &gap.reason));
            return Some(text);
        }
        let amount = |list: &[Option<f64>]| {
            list[nearest].map_or(format::NO_FIGURE.to_owned(), |amount| format::money(amount, unit(&self.currency)))
        };
        let has_haircuts = self.has_haircuts();
        let mut line = |name: &str, list: &[Option<f64>], of: Option<&[Option<f64>]>| {
            text.push_str(&format!("\n{name}\u{a0}\u{a0}{}", amount(list)));
            if let Some(of) = of.filter(|_| has_haircuts) {
                text.push_str(&format!(" of {}", amount(of)));
            }
        };
        line("equity", &document.equity, None);
        line("initial", &document.initial, Some(&document.initial_balance));
        line("maintenance", &document.maintenance, Some(&document.maintenance_balance));
        if let Some(name) = document.worst_slide[nearest].and_then(|slide| document.slides.get(slide)) {
            text.push_str("\nworst ");
            text.push_str(name);
        }
        Some(text)
    }

    /// Whether equity and what counts of it differ anywhere to speak of.
    pub fn has_haircuts(&self) -> bool {
        let document = &self.document;
        let differs = |needed: &[Option<f64>], required: &[Option<f64>]| {
            let pairs = needed.iter().zip(required);
            pairs.filter_map(|(needed, required)| Some((*needed)? - (*required)?)).any(|difference| {
                let size = document.initial.iter().flatten().fold(0.0, |most: f64, amount| most.max(*amount));
                difference.abs() > WORTH_A_WORD * size
            })
        };
        differs(&document.initial_equity, &document.initial)
            || differs(&document.maintenance_equity, &document.maintenance)
    }

    /// Whether another slide becomes the worst somewhere.
    pub fn has_changes(&self) -> bool {
        self.slides.len() > 1
    }

    /// Which prices move, where the account depends on several.
    pub fn which_move(&self, several: bool) -> Option<String> {
        let asset = self.document.asset.as_deref().filter(|_| several)?;
        Some(if self.document.together {
            format!("Against the {asset} price; the others move by the same percentage.")
        } else {
            format!("Only {asset} moves, with what stands for it.")
        })
    }

    /// Where there are no figures, in a sentence.
    pub fn gap(&self) -> Option<String> {
        let gap = self.document.gaps.first()?;
        let place = |place: f64| {
            let price = self.document.price.map(|price| price * (1.0 + place));
            self.short_place(PlaceDocument { place, price })
        };
        Some(format!("No figures from {} to {}: {}.", place(gap.from), place(gap.to), gap.reason))
    }

    /// What lies along the axis.
    fn axis_name(&self) -> String {
        match (self.document.axis.as_str(), &self.document.asset) {
            ("vol", _) => "Vol points".to_owned(),
            ("time", _) => "Day".to_owned(),
            (_, Some(asset)) => format!("{asset} price"),
            (_, None) => "Price".to_owned(),
        }
    }

    /// The chart in words.
    pub fn describe(&self) -> String {
        format!("Equity and requirements against the {}. {}", self.axis_name(), self.sentence())
    }

    /// The chart as a coarse table.
    pub fn table(&self) -> TableText {
        const LINES: usize = 9;
        let document = &self.document;
        let last = self.places.len().saturating_sub(1);
        let row = |line: usize| {
            let at = last * line / (LINES - 1);
            let cell = |list: &[Option<f64>]| {
                Cell::plain(list[at].map_or(format::NO_FIGURE.to_owned(), |it| format::money(it, unit(&self.currency))))
            };
            let price = document.prices.get(at).copied();
            Row {
                head: self.long_place(PlaceDocument { place: document.places[at], price }),
                cells: vec![cell(&document.equity), cell(&document.initial), cell(&document.maintenance)],
                ..Row::default()
            }
        };
        TableText {
            caption: self.describe(),
            corner: self.axis_name(),
            columns: ["equity", "initial", "maintenance"].map(Cell::plain).to_vec(),
            rows: if self.places.is_empty() { vec![] } else { (0..LINES).map(row).collect() },
        }
    }

    /// The nearest places as numbers, for tests and scripts: margin call down and up, liquidation down and up.
    pub fn nearest(&self) -> [Option<f64>; 4] {
        let MarginCurveDocument { margin_call, liquidation, .. } = &self.document;
        [margin_call.down, margin_call.up, liquidation.down, liquidation.up].map(|found| Some(found?.place))
    }
}

/// A place in the unit of its axis.
fn scaled(document: &MarginCurveDocument, place: f64) -> f64 {
    match (document.axis.as_str(), document.price) {
        ("price", Some(price)) => price * (1.0 + place),
        ("vol", _) => place * 100.0,
        _ => place,
    }
}

fn days_text(days: f64) -> String {
    format!("{}\u{a0}days", format::number(days, 0))
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
