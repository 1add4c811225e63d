//! A line of words in any order: size, instrument, side, currency, entry price.

use margin_engine::asset::Asset;
use margin_engine::instrument::{Instrument, Kind, Product};
use margin_engine::market::Market;

use super::fields::{Direction, Fields, as_sentence};
use super::number::{is_number_shaped, read_number};
use super::split;

/// Reads the words.
///
/// # Errors
/// A word that means nothing here, or a second one of its kind.
pub fn read(line: &str, market: &Market) -> Result<Fields, String> {
    let mut fields = Fields::default();
    let mut is_entry_next = false;
    let words = joined_names(joined_signs(split::words(line)?));
    for word in &words {
        match Word::of(word, market)? {
            Word::Filler => {}
            Word::At => is_entry_next = true,
            Word::Number(number, unit) => {
                let slot = if is_entry_next { &mut fields.entry_price } else { &mut fields.quantity };
                let name = if is_entry_next { "entry prices" } else { "numbers" };
                set(slot, number, name, word)?;
                is_entry_next = false;
                if let Some(unit) = unit {
                    set(&mut fields.unit, unit, "currencies", word)?;
                }
            }
            Word::EntryPrice(price) => set(&mut fields.entry_price, price, "entry prices", word)?,
            Word::Instrument(instrument) => set(&mut fields.instrument, instrument, "instruments", word)?,
            Word::Unit(unit) => set(&mut fields.unit, unit, "currencies", word)?,
            Word::Direction(direction) => set(&mut fields.direction, direction, "directions", word)?,
        }
    }
    if is_entry_next {
        return Err("The entry price after @ is missing.".to_owned());
    }
    // "5 BTC" is the coin itself.
    if let (None, Some(Ok(coin))) = (fields.instrument, fields.unit.as_ref().map(|unit| unit.parse::<Asset>()))
        && market.get(coin).is_some()
    {
        fields.unit = None;
        fields.instrument = Some(Instrument::coin(Product::inverse(coin), Kind::Spot));
    }
    Ok(fields)
}

/// What a word means.
enum Word {
    /// "of", "x".
    Filler,
    /// The next number is the entry price.
    At,
    Number(f64, Option<String>),
    EntryPrice(f64),
    Instrument(Instrument),
    Unit(String),
    Direction(Direction),
}

impl Word {
    fn of(word: &str, market: &Market) -> Result<Word, String> {
        let lower = word.to_ascii_lowercase();
        if ["of", "x", "×"].contains(&lower.as_str()) {
            return Ok(Word::Filler);
        }
        if ["@", "at"].contains(&lower.as_str()) {
            return Ok(Word::At);
        }
        if let Some(price) = word.strip_prefix('@') {
            return read_number(price).map(Word::EntryPrice).map_err(|reason| format!("The entry price {reason}."));
        }
        if let Some(direction) = Direction::read(word) {
            return Ok(Word::Direction(direction));
        }
        if is_unit(word, market) {
            return Ok(Word::Unit(word.to_owned()));
        }
        if let Some((number, unit)) = number(word, market)? {
            return Ok(Word::Number(number, unit));
        }
        match word.parse::<Instrument>() {
            // A ticker alone, which is neither a coin of this market nor a currency.
            Ok(instrument) if instrument.kind == Kind::Spot && !word.contains(['-', '_']) => {
                Err(format!("\"{word}\" is neither an instrument, a size, a side nor a currency."))
            }
            Ok(instrument) => Ok(Word::Instrument(instrument)),
            Err(error) => Err(match coinless(word, market) {
                Some(whole) => format!("The instrument \"{word}\" does not say its coin: write {whole}."),
                None if word.contains('-') => as_sentence(error.to_string()),
                None => format!("\"{word}\" is neither an instrument, a size, a side nor a currency."),
            }),
        }
    }
}

/// A number, with the currency written on it: "-10", "3x", "$25,000", "25000USD".
fn number(word: &str, market: &Market) -> Result<Option<(f64, Option<String>)>, String> {
    let plain = word.replace(['\u{2212}', '\u{2013}'], "-");
    let (sign, digits) = plain.split_at(usize::from(plain.starts_with(['+', '-'])));
    if let Some(dollars) = digits.strip_prefix('$') {
        let number = read_number(&format!("{sign}{dollars}")).map_err(|reason| format!("The quantity {reason}."))?;
        return Ok(Some((number, Some(Asset::USD.to_string()))));
    }
    // "-$5" has its sign before the dollar, "$-5" behind it; "x3" and "3x" are three.
    let digits = digits.strip_suffix(['x', 'X', '×']).unwrap_or(digits);
    let digits = match digits.strip_prefix(['x', 'X', '×']) {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => digits,
    };
    let is_word = ["nan", "inf", "infinity"].iter().any(|name| digits.eq_ignore_ascii_case(name));
    if is_number_shaped(digits) || is_word {
        let number = read_number(&format!("{sign}{digits}")).map_err(|reason| format!("The quantity {reason}."))?;
        return Ok(Some((number, None)));
    }
    let letters = digits.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(digits.len());
    let (digits, unit) = digits.split_at(letters);
    if is_number_shaped(digits) && is_unit(unit, market) {
        let number = read_number(&format!("{sign}{digits}")).map_err(|reason| format!("The quantity {reason}."))?;
        return Ok(Some((number, Some(unit.to_owned()))));
    }
    Ok(None)
}

/// A currency, a coin of the market, or what counts.
fn is_unit(word: &str, market: &Market) -> bool {
    let counts = ["coin", "coins", "contract", "contracts"].iter().any(|name| word.eq_ignore_ascii_case(name));
    counts || word.parse::<Asset>().is_ok_and(|asset| asset.is_dollar_like() || market.get(asset).is_some())
}

/// The name with the market's first coin before it, where that makes an instrument.
fn coinless(word: &str, market: &Market) -> Option<String> {
    let coin = market.underlyings().first()?.asset();
    let whole: Instrument = format!("{coin}-{word}").parse().ok()?;
    Some(whole.to_string())
}

/// A sign that stands alone belongs to the number behind it.
fn joined_signs(words: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        match joined.last_mut() {
            Some(sign) if ["-", "+", "\u{2212}", "\u{2013}"].contains(&sign.as_str()) => sign.push_str(&word),
            _ => joined.push(word),
        }
    }
    joined
}

/// The words of one name become one: "AAPL 17OCT25 255 C", "AAPL 260612P00270000".
fn joined_names(mut words: Vec<String>) -> Vec<String> {
    for count in [4, 2] {
        let mut start = 0;
        while start + count <= words.len() {
            let name = words[start..start + count].join(" ");
            if name.parse::<Instrument>().is_ok() {
                words.splice(start..start + count, [name]);
            }
            start += 1;
        }
    }
    words
}

fn set<T>(slot: &mut Option<T>, value: T, kind: &str, word: &str) -> Result<(), String> {
    if slot.replace(value).is_some() {
        let hint = if kind == "numbers" { ", or @ before an entry price" } else { "" };
        return Err(format!("There are two {kind}, the second is \"{word}\"; write one{hint}."));
    }
    Ok(())
}
