//! Books of American options on one share, any number of legs, the same in each run.

use margin_engine::account::{Account, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::market::Market;

/// A Monday, ten o'clock in New York. Dividends are what forwards are lower by.
const MARKET: &str = r#"{"version":1,"time":"2025-10-06T14:00:00Z","underlyings":[
    {"asset":"AAPL","class":"stock","index":256.7,"expiries":[
        {"expiry":"17OCT25","forward":257.0,"rate":0.04,"smile":[[180,0.5],[256,0.3],[340,0.4]]},
        {"expiry":"21NOV25","forward":257.7,"rate":0.04,"smile":[[180,0.45],[256,0.29],[340,0.33]]},
        {"expiry":"16JAN26","forward":259.0,"rate":0.04,"smile":[[180,0.4],[256,0.28],[340,0.29]]},
        {"expiry":"18DEC26","forward":266.3,"rate":0.04,"smile":[[180,0.34],[256,0.28],[340,0.26]]}]}
]}"#;
const EXPIRIES: [&str; 4] = ["251017", "251121", "260116", "261218"];

/// No two of these options are the same instrument.
pub fn unlike_options(legs: usize) -> Book {
    book((0..legs).map(option))
}

/// Every option twice, in different sizes.
pub fn pairs_of_options(legs: usize) -> Book {
    book((0..legs).map(|leg| Position { quantity: Quantity::coins(leg as f64 - 3.5), ..option(leg / 2) }))
}

fn option(number: usize) -> Position {
    let strike = 180_000 + 640 * (number / 8 % 250);
    let right = if number % 8 < 4 { 'C' } else { 'P' };
    let name = format!("AAPL{}{right}{strike:08}", EXPIRIES[number % 4]);
    let contracts = (number % 41) as f64 - 20.5;
    Position {
        instrument: name.parse().expect("a valid name"),
        quantity: Quantity::coins(contracts),
        entry_price: None,
    }
}

fn book(positions: impl Iterator<Item = Position>) -> Book {
    let market = Market::from_json(MARKET).expect("a valid market");
    let account = Account::new(Asset::USD, positions.collect(), vec![]).expect("a valid account");
    Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("the market has them")
}
