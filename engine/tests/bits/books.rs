//! A fixed set of books under every methodology, and a hash of the bits of every figure.
//!
//! Native and wasm tests compare it with the same constant: the same inputs must give the same bits.

use std::collections::BTreeMap;
use std::sync::Arc;

use margin_engine::account::{Account, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::insight::{profile, savings, surface};
use margin_engine::instrument::{Expiry, Instrument, Right};
use margin_engine::market::{
    ExpiryDraft, History, HistoryDocument, Market, MarketDraft, Shift, Source, UnderlyingDraft,
};
use margin_engine::methodology::{METHODOLOGIES, assess};
use margin_engine::pricing::implied::implied_vol;
use margin_engine::slide::PnlBasis;

/// The hash of all figures. It changes with formulas, presets and the set of books, and with nothing else.
pub const EXPECTED: u64 = 0xfce8_416d_323f_21b0;

/// The hash of implied vols, which a crate of others computes.
pub const EXPECTED_IMPLIED: u64 = 0xd11d_8f1d_8fb8_abfa;

const BOOKS: usize = 60;
const EXPIRIES: [&str; 4] = ["23AUG26", "25SEP26", "25DEC26", "25JUN27"];

/// Knuth's linear congruential generator: a few lines, the same everywhere.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 11
    }

    /// Between two numbers; exact arithmetic but for one rounding of each step.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() as f64 / (1_u64 << 53) as f64)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn flip(&mut self) -> bool {
        self.below(2) == 1
    }
}

/// FNV-1a over the bytes of numbers.
pub struct Hash(u64);

impl Hash {
    pub fn new() -> Hash {
        Hash(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, figure: f64) {
        // A NaN's payload is not part of the promise, and no figure may be one.
        assert!(figure.is_finite(), "a figure is no number");
        for byte in figure.to_bits().to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    pub fn extend<'a>(&mut self, figures: impl IntoIterator<Item = &'a f64>) {
        figures.into_iter().for_each(|figure| self.add(*figure));
    }

    pub fn finish(&self) -> u64 {
        self.0
    }
}

fn expiry(text: &str) -> Expiry {
    Expiry::parse(text).expect("a valid date")
}

fn market(random: &mut Random) -> Market {
    let mut draft = MarketDraft::new("2026-08-22T15:33:51.123Z".parse().expect("a valid time"), Source::default());
    for (asset, around) in [(Asset::BTC, 80_000.0), (Asset::ETH, 2_400.0)] {
        let index = around * random.between(0.5, 2.0);
        let mut coin = UnderlyingDraft::new(asset, index).with_perpetual(index * random.between(0.999, 1.001));
        for date in EXPIRIES {
            let smile: Vec<(f64, f64)> = (1..8)
                .map(|knot| (index * (0.3 * f64::from(knot) + random.between(0.0, 0.1)), random.between(0.2, 1.5)))
                .collect();
            let forward = index * random.between(0.97, 1.08);
            coin =
                coin.with(ExpiryDraft::new(expiry(date), forward, smile).with_discount_rate(random.between(0.0, 0.1)));
        }
        draft = draft.with(coin);
    }
    draft = draft.with_usd_per(Asset::USDC, random.between(0.99, 1.01));
    Market::new(MarketDraft { history: Some(history()), ..draft }).expect("a valid market")
}

/// Three hundred days that end before the market's time, the same for each.
fn history() -> Arc<History> {
    let mut random = Random(300);
    let mut closes = || -> Vec<Option<f64>> {
        let mut price = 1_000.0;
        let step = |day| {
            let size = if day % 100 < 20 { 0.06 } else { 0.02 };
            price *= 1.0 + size * (random.between(-1.0, 1.0) + random.between(-1.0, 1.0));
            Some(price)
        };
        (0..300).map(step).collect()
    };
    let closes = BTreeMap::from([("BTC".to_owned(), closes()), ("ETH".to_owned(), closes())]);
    let document = HistoryDocument { source: String::new(), start: "2025-10-01".to_owned(), closes };
    document.try_into().expect("a valid history")
}

fn position(random: &mut Random) -> Position {
    let (coin, around) = if random.flip() { ("BTC", 80_000) } else { ("ETH", 2_400) };
    let quote = if random.below(3) == 0 { "_USDC" } else { "" };
    let date = EXPIRIES[random.below(EXPIRIES.len())];
    let name = match random.below(8) {
        0 => format!("{coin}{quote}-PERPETUAL"),
        1 => format!("{coin}{quote}-{date}"),
        2 => format!("{coin}{quote}-SPOT"),
        _ => {
            let strike = around / 20 * (4 + random.below(40));
            let right = if random.flip() { "C" } else { "P" };
            format!("{coin}{quote}-{date}-{strike}-{right}")
        }
    };
    let instrument: Instrument = name.parse().expect("a valid name");
    let size = random.between(-25.0, 25.0);
    let in_quote = random.flip() && instrument.option_terms().is_none();
    let quantity = if in_quote { Quantity::quote(size * 10_000.0) } else { Quantity::coins(size) };
    Position { instrument, quantity, entry_price: None }
}

/// The hash of every requirement, share, slide, surface and profile.
pub fn figures() -> u64 {
    let mut random = Random(2026);
    let mut hash = Hash::new();
    for number in 0..BOOKS {
        let market = market(&mut random);
        let positions = (0..1 + random.below(15)).map(|_| position(&mut random)).collect();
        let currency = [Asset::USD, Asset::BTC, Asset::USDC][number % 3];
        let account = Account::new(currency, positions, vec![]).expect("a valid account");
        let book = Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("the market has them");
        add_book(&mut hash, &book);

        let shift = Shift {
            spot_move: random.between(-0.4, 0.6),
            vol_points: random.between(-0.2, 0.4),
            days_forward: random.between(0.0, 60.0),
        };
        let pinned = account.pinned(&market).expect("the market has them");
        let moved = market.shifted(&shift).expect("a valid what-if");
        add_book(&mut hash, &Book::resolve(&pinned, &moved, ExpiredPositions::Settle).expect("the market has them"));
    }
    hash.0
}

fn add_book(hash: &mut Hash, book: &Book) {
    for leg in &book.legs {
        let s = &leg.sensitivities;
        hash.extend(&[s.price, s.delta_forward, s.gamma_forward, s.vega, s.theta_year, s.rho, s.vanna, s.volga]);
    }
    for entry in METHODOLOGIES {
        let methodology = entry.configure(None).expect("a preset");
        // Where a methodology does not apply, it says so everywhere in the same words.
        let assessment = match assess(entry, methodology.as_ref(), book) {
            Ok(assessment) => assessment,
            Err(reason) => {
                reason.to_string().bytes().for_each(|byte| hash.add(f64::from(byte)));
                continue;
            }
        };
        hash.extend(&[assessment.initial, assessment.maintenance]);
        hash.extend(&assessment.leg_shares);
        (0..book.legs.len()).for_each(|leg| hash.extend(assessment.revaluation.leg(leg)));
        assessment.pots.iter().for_each(|pot| hash.extend(&pot.counted_pnl));
        let savings = savings(methodology.as_ref(), book, &assessment).expect("it has rules for each leg");
        hash.extend(&[savings.credit.initial, savings.credit.maintenance]);
    }
    let moves: Vec<f64> = (-6..=6).map(|step| f64::from(step) * 0.05).collect();
    hash.extend(&surface(book, moves.clone(), vec![-0.1, 0.0, 0.1], PnlBasis::QuoteCurrency).pnl);
    let profile = profile(book, moves, 0.05);
    hash.extend(profile.pnl.iter().chain(&profile.break_even_moves));
}

/// The hash of implied vols.
pub fn implied_vols() -> u64 {
    let mut random = Random(7);
    let mut hash = Hash::new();
    for _ in 0..2_000 {
        let (strike, years) = (random.between(40.0, 250.0), random.between(0.01, 2.0));
        let right = if random.flip() { Right::Call } else { Right::Put };
        let price =
            margin_engine::pricing::black76::price(right, 100.0, strike, random.between(0.05, 2.0), years, 0.98);
        if let Ok(vol) = implied_vol(right, price, 100.0, strike, years, 0.98) {
            hash.add(vol);
        }
    }
    hash.0
}
