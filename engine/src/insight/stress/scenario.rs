//! Scenarios as data, and the move that each means for a book.

use serde_json::Value;

use crate::asset::{Asset, AssetError};
use crate::book::{Book, BookShift};
use crate::json::{self, Fields, JsonError};
use crate::market::{Market, Shift, UnderlyingClass};
use crate::methodology::Mark;

/// The scenarios that come with the engine.
const LIBRARY: &str = include_str!("../../../presets/stress.json");

/// What a leveraged fund keeps of its price at least.
const LEAST_LEFT: f64 = 0.01;

/// A move of the whole market at once, and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Identifier: `2020-03-12`.
    pub id: String,
    /// Short name.
    pub title: String,
    /// What happens, in one sentence.
    pub sentence: String,
    /// Where its figures come from.
    pub source: String,
    /// How far they can be trusted.
    pub mark: Mark,
    /// The mark in words.
    pub mark_note: String,
    /// Relative moves of single assets: of underlyings, of staked coins, of money that loses its peg.
    pub moves: Vec<(Asset, f64)>,
    /// Relative moves of the underlyings that are not named, by what they are; those of other classes stay. A leveraged
    /// fund moves by its multiple of that of funds.
    pub classes: Vec<(UnderlyingClass, f64)>,
    /// What all vols are multiplied by; 1 for no change.
    pub vol_factor: f64,
    /// Points added to all vols after that, per 1.00.
    pub vol_points: f64,
    /// Days that pass.
    pub days: f64,
    /// What is added to haircuts, as a fraction.
    pub haircut: f64,
}

/// The scenarios that come with the engine, in the order in which they are shown.
///
/// # Errors
/// The file is not of its shape, which a test rules out.
pub fn library() -> Result<Vec<Scenario>, JsonError> {
    read_scenarios(&json::value(LIBRARY)?)
}

/// Reads an object with a list of `scenarios`. Whatever does not move may be left out, and so may names and sources, as
/// one's own have none.
///
/// # Errors
/// Something is not of its shape, or an asset or class that is none; the error says where.
pub fn read_scenarios(value: &Value) -> Result<Vec<Scenario>, JsonError> {
    Fields::new(value)?.whole(|fields| fields.objects("scenarios", Scenario::read))
}

const MARKS: &[(&str, Mark)] = &[
    ("exact", Mark::Exact),
    ("published", Mark::Published),
    ("deduced", Mark::Deduced),
    ("convention", Mark::Convention),
];

const CLASSES: &[(&str, UnderlyingClass)] = &[
    ("coin", UnderlyingClass::Coin),
    ("stock", UnderlyingClass::Stock),
    ("etf", UnderlyingClass::Etf),
    ("index", UnderlyingClass::Index),
    ("commodity", UnderlyingClass::Commodity),
];

impl Scenario {
    fn read(fields: &Fields) -> Result<Scenario, JsonError> {
        let refused = |name: &str, reason: String| fields.refused(name, reason);
        let mut moves = Vec::new();
        for (ticker, step) in fields.numbers_by_name("moves")?.iter() {
            let asset = ticker.parse().map_err(|error: AssetError| refused("moves", error.to_string()))?;
            moves.push((asset, *step));
        }
        let mut classes = Vec::new();
        for (name, step) in fields.numbers_by_name("classes")?.iter() {
            let class = CLASSES.iter().find(|(known, _)| *known == name);
            let unknown = || refused("classes", format!("\"{name}\" is none of coin, stock, etf, index, commodity"));
            classes.push((class.ok_or_else(unknown)?.1, *step));
        }
        Ok(Scenario {
            id: fields.text_or("id", "own")?,
            title: fields.text_or("title", "Your own")?,
            sentence: fields.text_or("sentence", "")?,
            source: fields.text_or("source", "")?,
            mark: if fields.has("mark") { fields.choice("mark", MARKS)? } else { Mark::Convention },
            mark_note: fields.text_or("mark_note", "")?,
            moves,
            classes,
            vol_factor: fields.number_or("vol_factor", 1.0)?,
            vol_points: fields.number_or("vol_points", 0.0)?,
            days: fields.number_or("days", 0.0)?,
            haircut: fields.number_or("haircut", 0.0)?,
        })
    }

    /// The relative move of an asset's price: its own if it is named, else that of its class.
    pub fn move_of(&self, asset: Asset, market: &Market) -> f64 {
        if let Some((_, step)) = self.moves.iter().find(|(known, _)| *known == asset) {
            return *step;
        }
        let Some(terms) = market.get(asset).map(|underlying| underlying.terms()) else { return 0.0 };
        let of_class = self.classes.iter().find(|(class, _)| *class == terms.class).map_or(0.0, |(_, step)| *step);
        (of_class * terms.leverage).max(LEAST_LEFT - 1.0)
    }

    /// What it means for a book: a move for each of its prices, and for money that is named.
    pub fn shift(&self, book: &Book, market: &Market) -> BookShift {
        let mut asset_moves = self.moves.clone();
        for asset in prices(book) {
            if asset_moves.iter().all(|(known, _)| *known != asset) {
                asset_moves.push((asset, self.move_of(asset, market)));
            }
        }
        let shift = Shift { spot_move: 0.0, vol_points: self.vol_points, days_forward: self.days };
        BookShift { shift, vol_factor: self.vol_factor, asset_moves }
    }

    /// The same as one move of all prices, where it is no more than that for this book: what a what-if can show.
    pub fn as_shift(&self, book: &Book, market: &Market) -> Option<Shift> {
        let others_stay = self.vol_factor == 1.0 && self.haircut == 0.0;
        let is_price = |asset: Asset| market.priced_by(asset) == Some(asset);
        let is_alone = |(asset, step): &(Asset, f64)| *step != 0.0 && !is_price(*asset);
        let mut steps = prices(book).into_iter().map(|asset| self.move_of(asset, market));
        let spot_move = steps.next().unwrap_or(0.0);
        let is_uniform = steps.all(|step| step == spot_move);
        (others_stay && is_uniform && !self.moves.iter().any(is_alone)).then_some(Shift {
            spot_move,
            vol_points: self.vol_points,
            days_forward: self.days,
        })
    }
}

/// The underlyings with whose prices a book's legs, balances and currency move, each once.
fn prices(book: &Book) -> Vec<Asset> {
    let of_legs = book.underlyings.iter().map(|underlying| underlying.asset);
    let of_balances = book.balances.iter().filter_map(|balance| balance.priced_by);
    let mut prices: Vec<Asset> = Vec::new();
    for asset in of_legs.chain(of_balances).chain(book.currency_priced_by) {
        if !prices.contains(&asset) {
            prices.push(asset);
        }
    }
    prices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{book, market};
    use serde_json::json;

    fn own(value: Value) -> Result<Scenario, JsonError> {
        let read = read_scenarios(&json!({ "scenarios": [value] }))?;
        Ok(read[0].clone())
    }

    #[test]
    fn every_scenario_of_the_library_has_its_provenance() {
        let library = library().expect("of its shape");
        assert!(library.len() >= 12);
        for (place, scenario) in library.iter().enumerate() {
            let Scenario { id, title, sentence, source, mark_note, .. } = scenario;
            assert!(library[..place].iter().all(|other| other.id != *id && other.title != *title), "{id}");
            for text in [id, title, sentence, source, mark_note] {
                assert!(!text.is_empty(), "{id}");
            }
            // Coins that are not named go with bitcoin.
            let coin = scenario.classes.iter().find(|(class, _)| class.is_coin()).map(|(_, step)| *step);
            if let Some((_, bitcoin)) = scenario.moves.iter().find(|(asset, _)| *asset == Asset::BTC) {
                assert_eq!(coin, Some(*bitcoin), "{id}");
            }
        }
    }

    #[test]
    fn what_is_named_goes_before_its_class() {
        let scenario = own(json!({"moves": {"eth": -0.5}, "classes": {"coin": -0.25}})).expect("of its shape");
        assert_eq!(scenario.move_of(Asset::ETH, &market()), -0.5);
        assert_eq!(scenario.move_of(Asset::BTC, &market()), -0.25);
        assert_eq!(scenario.move_of(Asset::USDC, &market()), 0.0);
    }

    #[test]
    fn a_what_if_shows_what_moves_all_alike() {
        let both = book("USD", &[("BTC-PERPETUAL", 1.0), ("ETH-PERPETUAL", 1.0)]);
        let shift = |value: Value| own(value).expect("of its shape").as_shift(&both, &market());
        let alike = shift(json!({"classes": {"coin": -0.25}, "vol_points": 0.1, "days": 3})).expect("alike");
        assert_eq!(alike, Shift { spot_move: -0.25, vol_points: 0.1, days_forward: 3.0 });
        for other in [
            json!({"moves": {"BTC": -0.25}}),
            json!({"classes": {"coin": -0.25}, "moves": {"USDC": -0.1}}),
            json!({"vol_factor": 2}),
            json!({"haircut": 0.1}),
        ] {
            assert_eq!(shift(other.clone()), None, "{other}");
        }
    }

    #[test]
    fn what_is_none_is_told_with_its_place() {
        for (bad, sentence) in [
            (json!({"moves": {"BTC": "low"}}), "scenarios[0].moves.BTC: \"low\" is not a number"),
            (json!({"classes": {"coins": 0.1}}), "scenarios[0].classes: \"coins\" is none of coin, stock, etf"),
            (json!({"moves": {"B T": 0.1}}), "scenarios[0].moves: \"B T\" is not a currency"),
            (json!({"vol": 0.1}), "scenarios[0].vol: unknown field"),
            (json!(3), "scenarios[0]: 3 is no object"),
        ] {
            let error = own(bad).expect_err(sentence).to_string();
            assert!(error.starts_with(sentence), "{error}");
        }
    }
}
