//! `okx-pm/`: risk units of the venue's documentation of its interface.
//!
//! A unit is a swap settled in USDT. The documentation gives its mark in USDT and its delta in US dollars, hence what a
//! USDT is worth; and its P&L on the extreme move, hence the index. Every charge of the unit is a case of its own.

use std::path::Path;

use margin_engine::account::{Account, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::instrument::Instrument;
use margin_engine::market::{Market, MarketDraft, Source, UnderlyingDraft};
use margin_engine::methodology::{Assessment, assess, find};
use serde::Deserialize;

use crate::{Report, json_files, read_json};

/// Relative.
const TOLERANCE: f64 = 1e-9;
/// Coins in one contract of BTC-USDT-SWAP.
const COINS_PER_CONTRACT: f64 = 0.01;

#[derive(Deserialize)]
struct Example {
    units: Vec<Unit>,
}

/// The venue's names; a field that is new to us is an error, not ignored.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unit {
    unit: String,
    pos: String,
    #[serde(rename = "markPx")]
    mark: f64,
    delta_usd: f64,
    mr1_grid: Vec<f64>,
    mr1: f64,
    mr1_shock: f64,
    mr2: f64,
    mr3: f64,
    mr4: f64,
    mr5: f64,
    mr6: f64,
    mr6_shock: f64,
    mr6_pnl: f64,
    mr7: f64,
    mr9: f64,
    mmr: f64,
    imr: f64,
}

/// Runs every file of the folder.
pub fn run(folder: &Path) -> Vec<Report> {
    json_files(folder).iter().map(|path| run_file(path)).collect()
}

fn run_file(path: &Path) -> Report {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut report = Report::new(&format!("okx-pm/{name}"));
    let example = read_json::<Example>(path);
    match example {
        Ok(example) => example.units.iter().for_each(|unit| {
            if let Err(reason) = check(unit, &mut report) {
                report.record(&unit.unit, Err(reason));
            }
        }),
        Err(reason) => report.record("the file", Err(reason)),
    }
    report
}

fn check(unit: &Unit, report: &mut Report) -> Result<(), String> {
    let (assessment, delta_usd) = assess_unit(unit)?;
    let memo = |name: &str| assessment.memos.iter().find(|memo| memo.name == name).map_or(f64::NAN, |memo| memo.value);
    for (figure, ours, theirs) in [
        ("MR1", memo("MR1"), unit.mr1),
        ("MR2", memo("MR2"), unit.mr2),
        ("MR3", memo("MR3"), unit.mr3),
        ("MR4", memo("MR4"), unit.mr4),
        ("MR5", memo("MR5"), unit.mr5),
        ("MR6", memo("MR6"), unit.mr6),
        ("MR7", memo("MR7"), unit.mr7),
        ("MR9", memo("MR9"), unit.mr9),
        ("delta", delta_usd, unit.delta_usd),
        ("maintenance", assessment.maintenance, unit.mmr),
        ("initial", assessment.initial, unit.imr),
    ] {
        report.record(&format!("{}: {figure}", unit.unit), within(ours, theirs));
    }
    let slides = &assessment.grid.slides;
    let worst = |is_extreme: bool| {
        let rows = slides.iter().zip(assessment.revaluation.leg(0));
        rows.filter(|(slide, _)| (slide.weights[0] != 1.0) == is_extreme)
            .min_by(|a, b| a.1.total_cmp(b.1))
            .map_or(f64::NAN, |(slide, _)| slide.stresses[0].spot_move)
    };
    report.record(&format!("{}: price move of MR1", unit.unit), within(worst(false), unit.mr1_shock));
    report.record(&format!("{}: price move of MR6", unit.unit), within(worst(true), unit.mr6_shock));
    for price_move in &unit.mr1_grid {
        let is_there = slides.iter().any(|slide| slide.stresses[0].spot_move == *price_move);
        let outcome = if is_there { Ok(()) } else { Err("no slide has it".to_owned()) };
        report.record(&format!("{}: price move {price_move}", unit.unit), outcome);
    }
    Ok(())
}

/// The unit's assessment, and its delta in US dollars.
fn assess_unit(unit: &Unit) -> Result<(Assessment, f64), String> {
    let (contracts, name) = unit.pos.split_once(' ').ok_or("the position has no size")?;
    let contracts: f64 = contracts.parse().map_err(|error| format!("{contracts}: {error}"))?;
    if name != "BTC-USDT-SWAP" {
        return Err(format!("{name} is not known here"));
    }
    let coins = contracts * COINS_PER_CONTRACT;
    let usd_per_usdt = unit.delta_usd / (coins * unit.mark);
    let index = unit.mr6_pnl / (coins * unit.mr6_shock * usd_per_usdt);

    let instrument: Instrument = "BTC_USDT-PERPETUAL".parse().map_err(|error| format!("{error}"))?;
    let coin = UnderlyingDraft::new(Asset::BTC, index).with_perpetual(unit.mark);
    let time = "2025-01-15T08:00:00Z".parse().map_err(|error| format!("{error}"))?;
    let draft = MarketDraft::new(time, Source::default()).with(coin).with_usd_per(Asset::USDT, usd_per_usdt);
    let market = Market::new(draft).map_err(|e| e.to_string())?;
    let position = Position { instrument, quantity: Quantity::coins(coins), entry_price: None };
    let account = Account::new(Asset::USD, vec![position], vec![]).map_err(|e| e.to_string())?;
    let book = Book::resolve(&account, &market, ExpiredPositions::Refuse).map_err(|e| e.to_string())?;
    let delta_usd = book.legs[0].delta_value(&book.expiries);

    let entry = find("okx-portfolio").ok_or("the methodology is not registered")?;
    let methodology = entry.configure(None).map_err(|e| e.to_string())?;
    let assessment = assess(entry, methodology.as_ref(), &book).map_err(|e| e.to_string())?;
    Ok((assessment, delta_usd))
}

fn within(ours: f64, theirs: f64) -> Result<(), String> {
    let error = (ours - theirs).abs();
    // Written so that NaN fails.
    if error <= TOLERANCE * theirs.abs() {
        Ok(())
    } else {
        Err(format!("is {ours} and should be {theirs}: off by {error:e}"))
    }
}
