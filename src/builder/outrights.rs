//! What is traded beside options: futures, the perpetual, shares, bonds.

use jiff::Timestamp;
use leptos::prelude::*;
use margin_engine::instrument::{Expiry, Instrument, Kind};
use margin_engine::market::Underlying;
use margin_engine::pricing::bond::FixedCoupon;

use super::build_panel::Builder;
use super::chain_cell::ChainCell;
use super::venue::{Trades, Venue};
use super::words::{fixed_move, quoted};
use crate::charts::format::{NO_FIGURE, percent_move};
use crate::parts::{keyed_rows, text};
use crate::state::use_simulator;

/// Years to maturity of the bonds that are offered.
const BOND_YEARS: [i16; 5] = [2, 5, 10, 20, 30];

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Outright {
    /// What it is: "Future", "10 years".
    pub title: String,
    /// Its day or coupon.
    pub detail: String,
    /// What is worth knowing about its price.
    pub note: String,
    /// Its price; of bonds for 100 of face.
    pub price: f64,
    /// The instrument; none for an index, which cannot be held.
    pub instrument: Option<Instrument>,
    /// What a size of one trades.
    pub lot: f64,
    /// Whether its price is a coin's.
    pub is_coin: bool,
}

impl Outright {
    fn new(title: impl Into<String>, detail: String, note: String, price: f64, instrument: Option<Instrument>) -> Self {
        Outright { title: title.into(), detail, note, price, instrument, lot: 1.0, is_coin: false }
    }

    /// What tells it from the others.
    fn key(&self) -> String {
        self.instrument.map_or_else(|| self.detail.clone(), |instrument| instrument.to_string())
    }
}

/// What is traded on an underlying beside options, at the shown expiry.
pub fn outrights(underlying: &Underlying, expiry: Option<Expiry>, now: Timestamp) -> Vec<Outright> {
    let venue = Venue::of(underlying);
    let (asset, index) = (underlying.asset().to_string(), underlying.index());
    let future = expiry.map(|expiry| {
        let (forward, kind) = (underlying.forward(expiry), Kind::Future { expiry });
        let note = future_note(forward, index, expiry.years_from(now));
        Outright::new("Future", expiry.to_string(), note, forward, venue.instrument(kind))
    });
    let forward_note = || {
        expiry.map_or_else(String::new, |expiry| {
            format!("forward {} · {expiry}", quoted(underlying.forward(expiry), false))
        })
    };
    let mut rows: Vec<Outright> = match venue.trades {
        Trades::Coins => {
            let mark = underlying.perpetual_mark();
            let note = if underlying.quotes_perpetual() {
                format!("basis {}", percent_move_fine(mark / index - 1.0))
            } else {
                "index; the source has no mark".to_owned()
            };
            let perpetual = venue.instrument(Kind::Perpetual);
            future.into_iter().chain([Outright::new("Perpetual", String::new(), note, mark, perpetual)]).collect()
        }
        Trades::Futures => future.into_iter().collect(),
        Trades::Shares => {
            vec![Outright::new("100 shares", asset, forward_note(), index, venue.instrument(Kind::Spot))]
        }
        Trades::Index => vec![Outright::new("Index", asset, forward_note(), index, None)],
        Trades::Bonds => BOND_YEARS.iter().filter_map(|years| bond(venue, underlying, *years, now)).collect(),
    };
    for row in &mut rows {
        row.is_coin = venue.trades == Trades::Coins;
        row.lot = row.instrument.map_or(1.0, |instrument| venue.lot(instrument.kind));
    }
    rows
}

fn bond(venue: Venue, issuer: &Underlying, years: i16, now: Timestamp) -> Option<Outright> {
    let instrument = venue.bond(issuer, years, now)?;
    let Kind::Bond { coupon_annual, maturity } = instrument.kind else { return None };
    let maturity_years = maturity.years_from(now);
    let yield_annual = issuer.bond_yield(maturity_years).ok()?;
    let (unit, _) = FixedCoupon { coupon_annual, maturity_years }.price(yield_annual, 0.0);
    let name = instrument.to_string();
    let detail = name.split_once('-').map_or("", |(_, rest)| rest).replace('-', " ");
    let note = format!("yield {}\u{a0}%", super::words::fixed(yield_annual * 100.0, 2));
    Some(Outright::new(format!("{years} years"), detail, note, unit * 100.0, Some(instrument)))
}

/// Rows that trade like the cells of the chain.
#[component]
pub fn OutrightRows() -> impl IntoView {
    let simulator = use_simulator();
    let builder = expect_context::<Builder>();
    let rows = Memo::new(move |_| {
        let (coin, expiry) = (simulator.coin.get(), builder.expiry.get());
        let today = simulator.today();
        builder.outcome.with(|outcome| {
            let market = outcome.figures().map_or(today.as_ref(), |figures| figures.market.as_ref());
            market.get(coin).map(|underlying| outrights(underlying, expiry, market.now())).unwrap_or_default()
        })
    });
    let keys = Memo::new(move |_| rows.with(|rows| rows.iter().map(Outright::key).collect::<Vec<_>>()));
    let row = move |key: String| {
        let row = rows.with_untracked(|rows| rows.iter().find(|row| row.key() == key).cloned());
        let Some(row) = row else { return ().into_any() };
        let words = move |words: fn(&Outright) -> String| {
            let key = key.clone();
            text(move || {
                rows.with(|rows| rows.iter().find(|row| row.key() == key).map_or_else(|| NO_FIGURE.to_owned(), words))
            })
        };
        let mark = words(|row| quoted(row.price, row.is_coin));
        let cell = match row.instrument {
            Some(instrument) => view! { <ChainCell instrument=instrument lot=row.lot mark=mark /> }.into_any(),
            None => view! { <span class="num">{mark}</span> }.into_any(),
        };
        view! {
            <span>{row.title} " " <span class="muted">{row.detail}</span></span>
            <span class="muted small-text">{words(|row| row.note.clone())}</span>
            {cell}
        }
        .into_any()
    };
    view! { <div class="futures">{keyed_rows(keys.into(), row)}</div> }
}

fn future_note(forward: f64, index: f64, years: f64) -> String {
    let basis = forward / index - 1.0;
    if years > 0.0 {
        format!("basis {} · {} a year", percent_move_fine(basis), percent_move(basis / years))
    } else {
        "expired: settled at the index".to_owned()
    }
}

/// Percent with two decimals: a basis is small.
fn percent_move_fine(fraction: f64) -> String {
    if fraction.is_finite() { format!("{}\u{a0}%", fixed_move(fraction * 100.0, 2)) } else { NO_FIGURE.to_owned() }
}
