//! `derive-srm/cases.json`: portfolios under Derive's standard manager, in fixed point of eighteen decimals.
//!
//! Compared is what options and perpetuals need, and in each expiry both bounds of it; and what is free of the account,
//! with cash, collateral in coins and what perpetuals have gained, against the venue's net margins. An expiry within half an hour is given its settlement price as the forward.

use std::path::Path;

use margin_engine::account::{Account, Balance, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::collateral::default_for;
use margin_engine::insight::account_state;
use margin_engine::instrument::{Expiry, Instrument, Kind, Product, Right};
use margin_engine::market::{ExpiryDraft, Market, MarketDraft, Source, UnderlyingDraft};
use margin_engine::methodology::{assess, find};
use serde_json::{Value, json};

use crate::{Report, read_json};

const TOLERANCE: f64 = 1e-9;
/// Expiries so near settle on a price that is known in part, in seconds.
const SETTLING_SECONDS: f64 = 1_800.0;

/// Runs every case of the file.
pub fn run(path: &Path) -> Vec<Report> {
    let mut report = Report::new("derive-srm/cases.json");
    let cases = read_json::<Value>(path);
    match cases {
        Ok(Value::Object(cases)) => {
            for (name, case) in cases {
                report.record(&name, check(&case["Scenario"], &case["Result"]));
            }
        }
        Ok(_) => report.record("the file", Err("is no object".to_owned())),
        Err(reason) => report.record("the file", Err(reason)),
    }
    vec![report]
}

fn fixed(value: &Value) -> Result<f64, String> {
    value.as_f64().map(|number| number / 1e18).ok_or_else(|| format!("{value} is no number"))
}

fn list<'a>(scenario: &'a Value, name: &str) -> Result<&'a Vec<Value>, String> {
    scenario[name].as_array().ok_or_else(|| format!("{name} is no list"))
}

fn check(scenario: &Value, result: &Value) -> Result<(), String> {
    let book = book(scenario)?;
    let entry = find("derive-standard").ok_or("the methodology is not registered")?;
    let rates = json!({
        "short_option_initial": 0.15,
        "short_option_initial_floor": 0.1,
        "short_call_maintenance": 0.075,
        "short_put_maintenance": 0.075,
        "short_put_maintenance_of_mark": 0.075,
        "short_put_initial_multiple": 1.05,
        "unpaired_calls": { "initial": 1.2, "maintenance": 1.1 },
        "perpetual": { "initial": 0.065, "maintenance": 0.05 },
    });
    let edits = json!({ "underlyings": { "BTC": rates, "ETH": rates } });
    let methodology = entry.configure(Some(&edits)).map_err(|error| error.to_string())?;
    let assessment = assess(entry, methodology.as_ref(), &book).map_err(|error| error.to_string())?;

    // Margins are net and negative; what is not options or perpetuals is taken off.
    let beside = fixed(&result["Cash"])?
        + fixed(&result["UnrealizedPNL"])?
        + fixed(&result["UnsettledFunding"])?
        + fixed(&result["BaseMargin"])?
        + fixed(&result["OracleConts"])?
        + fixed(&result["DepegIMs"])?;
    for (figure, ours, theirs) in [
        ("options, initial", part(&assessment.components, "options by expiry").0, -sum(result, "OptionIM")?),
        ("options, maintenance", part(&assessment.components, "options by expiry").1, -sum(result, "OptionMM")?),
        ("initial margin", assessment.initial, beside - fixed(&result["realIM"])?),
        ("maintenance margin", assessment.maintenance, beside - fixed(&result["realMM"])?),
    ] {
        let error = (ours - theirs).abs();
        // Written so that NaN fails.
        let agrees = error <= TOLERANCE * theirs.abs();
        if !agrees {
            return Err(format!("{figure} is {ours} and should be {theirs}: off by {error:e}"));
        }
    }
    // The venue takes a part of a coin's value; the schedule says what it leaves.
    let spot = fixed(&scenario["ETHSpotPrice"])? * fixed(&scenario["wETH"])?;
    let haircut = if spot > 0.0 { 1.0 - fixed(&result["BaseMargin"])? / spot } else { 0.0 };
    let terms = json!({ "haircut": { "initial": haircut, "maintenance": haircut } });
    let haircuts = json!({ "assets": { "WETH": terms, "WBTC": terms } });
    let schedule = default_for(entry).configure(Some(&haircuts)).map_err(|error| error.to_string())?;
    let state = account_state(methodology.as_ref(), &schedule, &book, assessment.pair());
    for (figure, ours, theirs) in
        [("free margin", state.free.initial, "realIM"), ("maintenance excess", state.free.maintenance, "realMM")]
    {
        let theirs = fixed(&result[theirs])?;
        let scale = theirs.abs().max(assessment.initial);
        // Written so that NaN fails.
        let agrees = (ours - theirs).abs() <= TOLERANCE * scale;
        if !agrees {
            return Err(format!("{figure} is {ours} and should be {theirs}"));
        }
    }
    Ok(())
}

fn part(components: &[margin_engine::methodology::Component], name: &str) -> (f64, f64) {
    components.iter().find(|part| part.name == name).map_or((0.0, 0.0), |part| (part.initial, part.maintenance))
}

fn sum(result: &Value, figure: &str) -> Result<f64, String> {
    Ok(fixed(&result[format!("ETH{figure}")])? + fixed(&result[format!("BTC{figure}")])?)
}

fn book(scenario: &Value) -> Result<Book, String> {
    let now = jiff::Timestamp::from_second(1_700_000_000).map_err(|error| error.to_string())?;
    let prices = list(scenario, "PerpPrice")?;
    let mut market = MarketDraft::new(now, Source::default());
    let mut positions = Vec::new();
    let mut balances = vec![Balance::new(Asset::USDC, fixed(&scenario["Cash"])?)];
    for (place, asset) in [Asset::ETH, Asset::BTC].into_iter().enumerate() {
        let product = Product::linear(asset, Asset::USDC);
        let mut coin = UnderlyingDraft::new(asset, fixed(&scenario[format!("{asset}SpotPrice")])?)
            .with_perpetual(fixed(&prices[place])?);
        let perpetuals = fixed(&scenario[format!("Perps_{asset}")])?;
        let position = |kind, coins| Position {
            instrument: Instrument::coin(product, kind),
            quantity: Quantity::coins(coins),
            entry_price: None,
        };
        let entry_price = fixed(&scenario[format!("LastEntry{asset}")]).ok();
        positions.push(Position { entry_price, ..position(Kind::Perpetual, perpetuals) });
        let wrapped = format!("W{asset}").parse().map_err(|error| format!("{error}"))?;
        balances.push(Balance::new(wrapped, fixed(&scenario[format!("w{asset}")])?));
        // Funding that is due, for each coin.
        let [from, to] = [format!("Account{asset}FundingIndex"), format!("{asset}GlobalFundingIndex")];
        if let Ok(from) = fixed(&scenario[from]) {
            balances.push(Balance::new(Asset::USDC, (from - fixed(&scenario[to])?) * perpetuals));
        }
        let mut listed: Vec<ExpiryDraft> = Vec::new();
        for (option, underlying) in list(scenario, "OptionUnderlying")?.iter().enumerate() {
            if underlying.as_str() != Some(asset.as_str()) {
                continue;
            }
            let seconds = scenario["OptionExpiries"][option].as_f64().ok_or("an expiry is no number")?;
            let instant = now.checked_add(jiff::SignedDuration::from_secs(seconds as i64));
            let expiry = Expiry::at(instant.map_err(|error| error.to_string())?);
            let strike = fixed(&scenario["OptionStrikes"][option])?;
            let right = if scenario["OptionIsCall"][option] == 1 { Right::Call } else { Right::Put };
            positions
                .push(position(Kind::Option { expiry, strike, right }, fixed(&scenario["OptionAmounts"][option])?));
            let forward = if seconds < SETTLING_SECONDS {
                fixed(&scenario[format!("SettlementPrice{asset}")])?
            } else {
                fixed(&scenario["Forwards"][option])?
            };
            let point = (strike, fixed(&scenario["OptionVols"][option])?);
            match listed.iter_mut().find(|known| known.expiry == expiry) {
                Some(known) if known.smile.contains(&point) => {}
                Some(known) => known.smile.push(point),
                None => {
                    let rate = fixed(&scenario["Discounts"][option])?;
                    listed.push(ExpiryDraft::new(expiry, forward, [point]).with_discount_rate(rate));
                }
            }
        }
        for expiry in listed {
            coin = coin.with(expiry);
        }
        market = market.with(coin);
    }
    let market = Market::new(market).map_err(|error| error.to_string())?;
    let account = Account::new(Asset::USDC, positions, balances).map_err(|error| error.to_string())?;
    Book::resolve(&account, &market, ExpiredPositions::Refuse).map_err(|error| error.to_string())
}
