//! `deribit-pm/`: documentation examples of Deribit's portfolio margin, risk vectors included.
//!
//! A file is a perpetual and dated futures in coins, their marks, the index, the parameters of the risk matrix, and
//! what the venue computes from them. Every entry of every risk vector is a case of its own.

use std::collections::BTreeMap;
use std::path::Path;

use margin_engine::account::{Account, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::instrument::{Instrument, Kind};
use margin_engine::market::{ExpiryDraft, Market, MarketDraft, Source, UnderlyingDraft};
use margin_engine::methodology::{Assessment, assess, find};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Report, json_files, read_json};

/// In coin.
const TOLERANCE: f64 = 1e-12;
/// Half of the ninth decimal. The venue rounds the worst case to nine decimals before it adds (0.05968587238095239
/// and a roll shock of 0.00315725898 make 0.06284313098), and the initial margin once more. The engine rounds nothing,
/// so its sums are compared twice: as they are to this, and rounded as the venue does to [`TOLERANCE`].
const ROUNDING: f64 = 0.500_001e-9;
/// The standard slides come first in a grid, three vols to a price bucket.
const VOLS: usize = 3;

#[derive(Deserialize)]
struct Example {
    name: String,
    index: f64,
    mark: BTreeMap<String, f64>,
    positions_base_ccy: BTreeMap<String, f64>,
    params: Parameters,
    initial_risk_vector_perp_standard: Vec<f64>,
    initial_risk_vector_perp_extended: Vec<f64>,
    aggregated_standard: Vec<f64>,
    aggregated_extended: Vec<f64>,
    expected: Expected,
}

/// The venue's names; a field that is new to us is an error, not ignored.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    price_range: f64,
    volatility_range_up: f64,
    volatility_range_down: f64,
    short_term_vega_power: f64,
    long_term_vega_power: f64,
    min_volatility_for_shock_up: f64,
    extended_table_factor: f64,
    m_inc: f64,
    max_delta_shock: f64,
    delta_total_liq_shock_threshold: f64,
    annualised_move_risk: f64,
    min_annualised_move: f64,
    extended_dampener: f64,
    pnl_offset: f64,
    max_offsetable_pnl: f64,
    haircut: f64,
    mm_factor: f64,
    buckets_count: usize,
    vol_scenarios_count: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    worst_case: f64,
    roll_shock: f64,
    delta_shock: f64,
    correlation_contingency: f64,
    risk_matrix_margin: f64,
    mmp_margin: f64,
    open_orders_margin: f64,
    spot_margin: f64,
    initial_margin: f64,
    maintenance_margin: f64,
}

/// Runs every file of the folder.
pub fn run(folder: &Path) -> Vec<Report> {
    json_files(folder).iter().map(|path| run_file(path)).collect()
}

fn run_file(path: &Path) -> Report {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut report = Report::new(&format!("deribit-pm/{name}"));
    let outcome = read_json::<Example>(path).and_then(|example| check(&example, &mut report));
    if let Err(reason) = outcome {
        report.record("the file", Err(reason));
    }
    report
}

fn check(example: &Example, report: &mut Report) -> Result<(), String> {
    // What the engine has no parameter for must be as the engine takes it.
    let Parameters { haircut, buckets_count, vol_scenarios_count, .. } = example.params;
    if (haircut, buckets_count, vol_scenarios_count) != (0.0, 4, VOLS)
        || example.expected.correlation_contingency != 0.0
    {
        return Err("a haircut, a correlation contingency or another number of slides is not modelled".to_owned());
    }
    let perpetual = assess_positions(example, |instrument| instrument.kind == Kind::Perpetual)?;
    let all = assess_positions(example, |_| true)?;
    let buckets = 2 * buckets_count + 1;
    let standard = buckets * VOLS;

    let alone = perpetual.revaluation.leg(0);
    entries(report, "perpetual alone, standard", VOLS, &alone[..standard], &example.initial_risk_vector_perp_standard);
    entries(report, "perpetual alone, extended", 1, &alone[standard..], &example.initial_risk_vector_perp_extended);
    let [pot] = &all.pots[..] else { return Err(format!("{} pots instead of one", all.pots.len())) };
    entries(report, "together, standard", VOLS, &pot.counted_pnl[..standard], &example.aggregated_standard);
    entries(report, "together, extended", 1, &pot.counted_pnl[standard..], &example.aggregated_extended);

    let part = |name: &str| {
        all.components.iter().find(|part| part.name == name).map_or((0.0, 0.0), |part| (part.initial, part.maintenance))
    };
    let expected = &example.expected;
    let (worst, roll, delta) = (part("worst slide").0, part("roll shock").0, part("delta shock").0);
    let charges = part("market-maker protection").0 + part("open orders").0 + part("spot").0;
    let matrix = nine_decimals(worst) + roll + delta;
    let factor = all.maintenance / (worst + roll + delta);
    for (figure, ours, theirs, tolerance) in [
        ("worst case", worst, expected.worst_case, TOLERANCE),
        ("worst case of the pot", pot.worst_loss(), expected.worst_case, TOLERANCE),
        ("roll shock", roll, expected.roll_shock, TOLERANCE),
        ("delta shock", delta, expected.delta_shock, TOLERANCE),
        ("market-maker protection", part("market-maker protection").0, expected.mmp_margin, TOLERANCE),
        ("open orders", part("open orders").0, expected.open_orders_margin, TOLERANCE),
        ("spot", part("spot").0, expected.spot_margin, TOLERANCE),
        ("maintenance factor", factor, example.params.mm_factor, TOLERANCE),
        ("risk matrix margin", worst + roll + delta, expected.risk_matrix_margin, ROUNDING),
        ("risk matrix margin, rounded", matrix, expected.risk_matrix_margin, TOLERANCE),
        ("initial margin", all.initial, expected.initial_margin, ROUNDING),
        ("initial margin, rounded", nine_decimals(matrix + charges), expected.initial_margin, TOLERANCE),
        ("maintenance margin", all.maintenance, expected.maintenance_margin, ROUNDING),
        ("maintenance margin, rounded", factor * matrix, expected.maintenance_margin, TOLERANCE),
    ] {
        report.record(figure, within(ours, theirs, tolerance));
    }
    Ok(())
}

/// Compares a risk vector; each of its entries stands for `repeats` slides in a row.
fn entries(report: &mut Report, vector: &str, repeats: usize, ours: &[f64], theirs: &[f64]) {
    report.record(
        &format!("{vector}: length"),
        match ours.len() {
            length if length == theirs.len() * repeats => Ok(()),
            length => Err(format!("{length} slides for {} entries", theirs.len())),
        },
    );
    for (entry, (slides, theirs)) in ours.chunks(repeats).zip(theirs).enumerate() {
        let outcome = slides.iter().try_for_each(|ours| within(*ours, *theirs, TOLERANCE));
        report.record(&format!("{vector}, entry {}", entry + 1), outcome);
    }
}

/// Rounded as the venue rounds what it prints.
fn nine_decimals(coins: f64) -> f64 {
    (coins * 1e9).round() / 1e9
}

fn within(ours: f64, theirs: f64, tolerance: f64) -> Result<(), String> {
    let error = (ours - theirs).abs();
    // Written so that NaN fails.
    if error <= tolerance { Ok(()) } else { Err(format!("is {ours} and should be {theirs}: off by {error:e}")) }
}

/// Those positions of the example that are asked for, in coin.
fn assess_positions(example: &Example, is_wanted: impl Fn(&Instrument) -> bool) -> Result<Assessment, String> {
    let mut positions = Vec::new();
    let mut coin = UnderlyingDraft::new(Asset::BTC, example.index);
    for (name, coins) in &example.positions_base_ccy {
        let instrument: Instrument = name.parse().map_err(|error| format!("{name}: {error}"))?;
        let mark = *example.mark.get(name).ok_or_else(|| format!("{name} has no mark"))?;
        coin = match instrument.kind {
            Kind::Perpetual => coin.with_perpetual(mark),
            Kind::Future { expiry } => coin.with(ExpiryDraft::new(expiry, mark, [])),
            _ => return Err(format!("{name} is not a future")),
        };
        if is_wanted(&instrument) {
            positions.push(Position { instrument, quantity: Quantity::coins(*coins), entry_price: None });
        }
    }
    let (_, date) = example.name.rsplit_once('_').ok_or("the name ends with no date")?;
    let time = format!("{date}T08:00:00Z").parse().map_err(|error| format!("{date}: {error}"))?;
    let market = Market::new(MarketDraft::new(time, Source::default()).with(coin)).map_err(|e| e.to_string())?;
    let account = Account::new(Asset::BTC, positions, vec![]).map_err(|e| e.to_string())?;
    let book = Book::resolve(&account, &market, ExpiredPositions::Refuse).map_err(|e| e.to_string())?;

    let entry = find("deribit-portfolio").ok_or("the methodology is not registered")?;
    let methodology = entry.configure(Some(&edits(example))).map_err(|e| e.to_string())?;
    assess(entry, methodology.as_ref(), &book).map_err(|e| e.to_string())
}

/// The example's parameters under the engine's names.
fn edits(example: &Example) -> Value {
    let (p, expected) = (&example.params, &example.expected);
    json!({
        "underlyings": { "BTC": {
            "price_range": p.price_range,
            "volatility_range_up": p.volatility_range_up,
            "volatility_range_down": p.volatility_range_down,
            "short_term_vega_power": p.short_term_vega_power,
            "long_term_vega_power": p.long_term_vega_power,
            "min_volatility_for_shock_up": p.min_volatility_for_shock_up,
            "extended_table_factor": p.extended_table_factor,
            "delta_shock_slope": p.m_inc,
            "max_delta_shock": p.max_delta_shock,
            "delta_shock_threshold_usd": p.delta_total_liq_shock_threshold,
            "coin_settled": {
                "annualised_move_risk": p.annualised_move_risk,
                "min_annualised_move": p.min_annualised_move,
                "extended_dampener_usd": p.extended_dampener,
                "pnl_offset": p.pnl_offset,
                "max_offsetable_pnl_usd": p.max_offsetable_pnl,
                "maintenance_factor": p.mm_factor,
            },
        }},
        "charges": {
            "spot": expected.spot_margin,
            "open_orders": expected.open_orders_margin,
            "market_maker_protection": expected.mmp_margin,
        },
    })
}
