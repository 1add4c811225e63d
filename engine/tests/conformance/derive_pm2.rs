//! `derive-pm2/`: portfolios under Derive's portfolio manager 2, each with its own parameters.
//!
//! A file is a market, an account in USDC, the parameters, the P&L of every slide, every contingency, and initial and
//! maintenance margin. Its margins are net, the account's value less the requirement, so that value is added here; and
//! they are what the state of the account says is free.
//!
//! Tolerance: 1e-9 of the figure, or of a millionth of what the account holds at the index where the figure
//! is smaller than that: a price is exact to about 1e-13 of the forward, and far tails are pennies.

use std::path::Path;

use margin_engine::account::{Account, Balance, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions, ExpiryGroup, LegKind};
use margin_engine::collateral::default_for;
use margin_engine::insight::account_state;
use margin_engine::instrument::{Expiry, Instrument, Kind, Product, Right};
use margin_engine::market::{Confidence, ExpiryDraft, Market, MarketDraft, Source, UnderlyingDraft};
use margin_engine::methodology::{Assessment, assess, find};
use margin_engine::pricing::black76;
use serde_json::{Map, Value, json};

use crate::{Report, json_files, read_json};

const TOLERANCE: f64 = 1e-9;
/// The least scale of a figure, as a fraction of gross notional.
const LEAST_SCALE: f64 = 1e-6;

/// Runs every file of the folder.
pub fn run(folder: &Path) -> Vec<Report> {
    let mut report = Report::new("derive-pm2");
    for path in json_files(folder) {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let outcome = read_json::<Value>(&path).and_then(|case| check(&Case(&case)));
        report.record(&name, outcome);
    }
    vec![report]
}

/// An object of a file; figures are numbers or text.
#[derive(Clone, Copy)]
struct Case<'a>(&'a Value);

impl<'a> Case<'a> {
    fn at(self, name: &str) -> Case<'a> {
        Case(&self.0[name])
    }

    fn number(self, name: &str) -> Result<f64, String> {
        number(&self.0[name]).ok_or_else(|| format!("{name} is no number"))
    }

    fn list(self, name: &str) -> Result<Vec<Case<'a>>, String> {
        let list = self.0[name].as_array().ok_or_else(|| format!("{name} is no list"))?;
        Ok(list.iter().map(Case).collect())
    }

    fn text(self, name: &str) -> Result<&'a str, String> {
        self.0[name].as_str().ok_or_else(|| format!("{name} is no text"))
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn check(case: &Case) -> Result<(), String> {
    let (scenario, result) = (case.at("Scenario"), case.at("Result"));
    let book = book(scenario)?;
    let entry = find("derive-pm2").ok_or("the methodology is not registered")?;
    let methodology = entry.configure(Some(&edits(*case)?)).map_err(|error| error.to_string())?;
    let assessment = assess(entry, methodology.as_ref(), &book).map_err(|error| error.to_string())?;

    let spot = scenario.number("SpotPrice")?;
    let gross: f64 = book.legs.iter().map(|leg| (leg.coins * spot).abs()).sum();
    let collateral = || book.balances.iter().filter(|balance| balance.asset != Asset::USDC);
    let gross = gross + collateral().map(|balance| balance.value().abs()).sum::<f64>();
    let within = |figure: &str, ours: f64, theirs: f64| {
        let error = (ours - theirs).abs();
        // Written so that NaN fails.
        if error <= TOLERANCE * theirs.abs().max(LEAST_SCALE * gross) {
            return Ok(());
        }
        Err(format!("{figure} is {ours} and should be {theirs}: off by {error:e}"))
    };

    let [pot] = &assessment.pots[..] else { return Err(format!("{} pots instead of one", assessment.pots.len())) };
    let mut worst: f64 = 0.0;
    for (slide, pnl) in slides(*case)? {
        let label = format!("slide {slide:?}");
        let found = find_slide(&assessment, slide).ok_or_else(|| format!("{label} is missing"))?;
        within(&label, pot.counted_pnl[found], pnl)?;
        worst = worst.min(pnl);
    }
    let basis = result.number("ForwardContingency")?;
    let ours = pot.counted_pnl[pot.counted_pnl.len() - 2];
    within("the basis contingency", ours, basis)?;
    within("the worst loss", pot.worst_loss(), -worst.min(basis))?;

    let part = |name: &str| {
        let found = assessment.components.iter().find(|part| part.name == name);
        found.map_or((0.0, 0.0), |part| (part.initial, part.maintenance))
    };
    for (name, contingency) in [
        ("perpetual contingency", "PerpCont"),
        ("naked option contingency", "OptionCont"),
        ("collateral haircuts", "BaseCont"),
    ] {
        let (initial, maintenance) = part(name);
        // The venue's initial part comes on top of its maintenance part.
        let theirs = -result.number(&format!("MM{contingency}"))?;
        within(name, maintenance, theirs)?;
        within(name, initial, theirs - result.number(&format!("IM{contingency}"))?)?;
    }
    let confidence = part("confidence").0 + part("collateral confidence").0;
    within("confidence", confidence, -result.number("OracleCont")?)?;

    let options: f64 = book.legs.iter().filter(|leg| leg.is_option()).map(|leg| leg.coins * leg.mark()).sum();
    let value = options
        + collateral().map(|balance| balance.value()).sum::<f64>()
        + scenario.number("Cash")?
        + scenario.number("UnrealisedPerpPNL")?
        + scenario.number("UnrealisedFunding")?;
    within("the value of the account", value, result.number("PortfolioMTM")?)?;
    within("initial margin", value - assessment.initial, result.number("IM")?)?;
    within("maintenance margin", value - assessment.maintenance, result.number("MM")?)?;

    let schedule = default_for(entry).configure(None).map_err(|error| error.to_string())?;
    let state = account_state(methodology.as_ref(), &schedule, &book, assessment.pair());
    within("equity", state.equity, result.number("PortfolioMTM")?)?;
    within("free margin", state.free.initial, result.number("IM")?)?;
    within("maintenance excess", state.free.maintenance, result.number("MM")?)
}

/// The files do not name their coin.
fn coin() -> Asset {
    Asset::BTC
}

fn collateral_name(place: usize) -> Result<Asset, String> {
    format!("COLLATERAL{place}").parse().map_err(|error| format!("{error}"))
}

/// The scenario, resolved. Each option has its own vol, which replaces that of the smile.
fn book(scenario: Case) -> Result<Book, String> {
    let now = jiff::Timestamp::from_second(1_735_718_400).map_err(|error| error.to_string())?;
    // What has expired is resolved a millisecond before, and has no time left all the same.
    let expiry = |seconds: f64| {
        let milliseconds = (seconds * 1000.0).max(1.0) as i64;
        now.checked_add(jiff::SignedDuration::from_millis(milliseconds)).map(Expiry::at).map_err(|e| e.to_string())
    };
    let mut draft = UnderlyingDraft::new(coin(), scenario.number("SpotPrice")?);
    let perpetuals = scenario.number("NumPerps")?;
    draft.confidence = Confidence { spot: scenario.number("SpotConfidence")?, perpetual: 1.0 };
    if perpetuals != 0.0 {
        draft = draft.with_perpetual(scenario.number("PerpPrice")?);
        draft.confidence.perpetual = scenario.number("PerpConfidence")?;
    }
    for feed in scenario.list("OptionFeeds")? {
        let expiry = expiry(feed.number("FeedExpiry")?)?;
        let mut listed =
            ExpiryDraft::new(expiry, feed.number("Forward")?, [(1.0, 1.0)]).with_discount_rate(feed.number("Rate")?);
        listed.confidence = feed
            .number("ForwardConfidence")?
            .min(feed.number("RateConfidence")?)
            .min(feed.number("OptionVolConfidences")?);
        draft = draft.with(listed);
    }
    let mut market =
        MarketDraft::new(now, Source::default()).with(draft).with_usd_per(Asset::USDC, scenario.number("StablePrice")?);
    let product = Product::linear(coin(), Asset::USDC);
    // A perpetual even of size zero, so that the coin has its manager.
    let position = |kind, coins| Position {
        instrument: Instrument::coin(product, kind),
        quantity: Quantity::coins(coins),
        entry_price: None,
    };
    let mut positions = vec![position(Kind::Perpetual, perpetuals)];
    let options = scenario.list("Options")?;
    for option in &options {
        let expiry = expiry(option.number("Expiry")?)?;
        let right = if option.number("IsCall")? == 1.0 { Right::Call } else { Right::Put };
        let kind = Kind::Option { expiry, strike: option.number("Strike")?, right };
        positions.push(position(kind, option.number("Amount")?));
    }
    // What perpetuals have gained and are owed is not in their entry prices here, so it is cash.
    let cash =
        scenario.number("Cash")? + scenario.number("UnrealisedPerpPNL")? + scenario.number("UnrealisedFunding")?;
    let mut balances = vec![Balance::new(Asset::USDC, cash)];
    let collaterals = scenario.list("Collaterals")?;
    for (place, collateral) in collaterals.iter().enumerate() {
        let asset = collateral_name(place)?;
        market = market.with_usd_per(asset, collateral.number("Price")?);
        balances.push(Balance::new(asset, collateral.number("Amount")?));
    }
    let market = Market::new(market).map_err(|error| error.to_string())?;
    let account = Account::new(Asset::USDC, positions, balances).map_err(|error| error.to_string())?;
    let mut book = Book::resolve(&account, &market, ExpiredPositions::Refuse).map_err(|error| error.to_string())?;
    set_vols(&mut book, &options)?;
    for (balance, collateral) in book.balances[1..].iter_mut().zip(&collaterals) {
        balance.confidence = collateral.number("Confidence")?;
    }
    Ok(book)
}

/// Gives each option its own vol and no more time than the file does.
fn set_vols(book: &mut Book, options: &[Case]) -> Result<(), String> {
    for (leg, option) in book.legs[1..].iter_mut().zip(options) {
        let group = &mut book.expiries[leg.expiry];
        if option.number("Expiry")? == 0.0 {
            group.expiry_years = 0.0;
        }
        let vol = option.number("MarkVol")?;
        let LegKind::Option { right, strike, vol_annual, .. } = &mut leg.kind else {
            return Err("an option is none".to_owned());
        };
        *vol_annual = vol;
        let ExpiryGroup { forward, expiry_years, discount_rate, .. } = *group;
        leg.sensitivities = black76::sensitivities(*right, forward, *strike, vol, expiry_years, discount_rate);
    }
    Ok(())
}

/// A slide as the file names it: price move, and what happens to vols.
type Named<'a> = (f64, &'a str);

/// The slides of the file and what the venue counts on them.
fn slides<'a>(case: Case<'a>) -> Result<Vec<(Named<'a>, f64)>, String> {
    let result = case.at("Result");
    let mut pnl = Vec::new();
    for (name, place) in [("reg_losses", 2), ("tail_losses", 2), ("skew_losses", 1)] {
        for row in result.list(name)? {
            pnl.push(number(&row.0[place]).ok_or_else(|| format!("{name} has no number"))?);
        }
    }
    let named = case.at("Parameters").list("Scenarios")?;
    if named.len() != pnl.len() {
        return Err(format!("{} slides and {} figures", named.len(), pnl.len()));
    }
    let each = named.into_iter().zip(pnl);
    each.map(|(slide, pnl)| Ok(((slide.number("SpotShock")? - 1.0, slide.text("VolShockDirection")?), pnl))).collect()
}

/// The place of a slide in the engine's grid.
fn find_slide(assessment: &Assessment, (spot_move, vol): Named) -> Option<usize> {
    let labels: &[&str] = match vol {
        "Up" => &["vol up", "vol up, tail"],
        "None" => &["vol same"],
        "Down" => &["vol down"],
        "LINEAR" => &["smile tilted"],
        "ABS" => &["both wings up"],
        _ => &[],
    };
    assessment.grid.slides.iter().position(|slide| {
        let said = slide.label.split_once(", ").map_or("", |(_, rest)| rest);
        labels.contains(&said) && (slide.stresses[0].spot_move - spot_move).abs() < 1e-9
    })
}

/// The file's parameters under the engine's names.
fn edits(case: Case) -> Result<Value, String> {
    let parameters = case.at("Parameters");
    let [skew, vol, margin, basis, other] =
        ["SkewShock", "VolShock", "Margin", "BasisContingency", "OtherContingency"].map(|name| parameters.at(name));
    // Tails of the preset that the file does not have count nothing.
    let preset = find("derive-pm2").ok_or("not registered")?.configure(None).map_err(|error| error.to_string())?;
    let mut tails = preset.configured().parameters["tails"].as_object().cloned().unwrap_or_default();
    tails.values_mut().for_each(|tail| tail["dampening"] = json!(0));
    let (mut range, mut dampening) = (0.0_f64, [1.0, 1.0]);
    for slide in parameters.list("Scenarios")? {
        let (spot_move, part) = (slide.number("SpotShock")? - 1.0, slide.number("DampeningFactor")?);
        match slide.text("VolShockDirection")? {
            "LINEAR" => dampening[0] = part,
            "ABS" => dampening[1] = part,
            _ if spot_move.abs() < 0.3 => range = range.max(spot_move),
            _ => {
                let same = tails
                    .values_mut()
                    .find(|tail| tail["price_move"].as_f64().is_some_and(|known| (known - spot_move).abs() < 1e-9));
                *same.ok_or("a tail that the preset lacks")? = json!({ "price_move": spot_move, "dampening": part });
            }
        }
    }
    let mut collateral = Map::new();
    for (place, terms) in case.at("Scenario").list("Collaterals")?.into_iter().enumerate() {
        let maintenance = terms.number("MMHaircut")?;
        collateral.insert(
            collateral_name(place)?.to_string(),
            json!({
                "base": coin().as_str(),
                "initial_haircut": maintenance + terms.number("IMHaircut")?,
                "maintenance_haircut": maintenance,
                "risk_cancelling": terms.0["IsRiskCancelling"].as_bool().ok_or("no flag")?,
            }),
        );
    }
    let on_top = |rate: &str| -> Result<Value, String> {
        let maintenance = other.number(&format!("MM_{rate}_PERCENT"))?;
        Ok(json!({ "initial": maintenance + other.number(&format!("IM_{rate}_PERCENT"))?, "maintenance": maintenance }))
    };
    let cap = |name: &str, place: usize| -> Result<Value, String> {
        Ok(json!({
            "cap_base": skew.number(&format!("{name}_SCALE_CAP"))?,
            "cap_slope": skew.number(&format!("{name}_CBASE"))?,
            "dampening": dampening[place],
        }))
    };
    Ok(json!({
        "underlyings": { "BTC": { "price_range": range } },
        "tails": tails,
        "vol": {
            "range_up": vol.number("VOLRANGEUP")?,
            "range_down": vol.number("VOLRANGEDOWN")?,
            "short_term_power": vol.number("SHORTTERMPOWER")?,
            "long_term_power": vol.number("LONGTERMPOWER")?,
            "minimum_days": vol.number("DTE_FLOOR")?,
            "floor_up": vol.number("MIN_VOL_EVAL_SHOCKED")?,
        },
        "skew": {
            "linear": cap("LINEAR", 0)?,
            "absolute": cap("ABS", 1)?,
            "least_width": skew.number("MIN_K_STAR")?,
            "width": skew.number("MIN_WIDTH_SCALE")?,
            "vol_static": skew.number("VOL_PARAM_STATIC")?,
            "vol_scale": skew.number("VOL_PARAM_SCALE")?,
        },
        "discount": {
            "gain": {
                "base": margin.number("BASE_STATIC_DISCOUNT")?,
                "rate_factor": margin.number("LONG_RATE_MULTSCALE")?,
                "rate_added": margin.number("LONG_RATE_ADDSCALE")?,
            },
            "debt": {
                "base": margin.number("BASE_STATIC_DISCOUNT_NEG")?,
                "rate_factor": margin.number("SHORT_RATE_MULTSCALE")?,
                "rate_added": margin.number("SHORT_RATE_ADDSCALE")?,
            },
        },
        "basis": {
            "price_up": basis.number("SCENARIO_SPOT_UP")? - 1.0,
            "price_down": 1.0 - basis.number("SCENARIO_SPOT_DOWN")?,
            "added": basis.number("BASIS_CONT_ADD_FACTOR")?,
            "per_year": basis.number("BASIS_CONT_MULT_FACTOR")?,
        },
        "worst_slide": {
            "initial": margin.number("IM_LOSS_FACTOR")?,
            "maintenance": margin.number("MM_LOSS_FACTOR")?,
        },
        "peg": { "threshold": other.number("PEG_LOSS_THRESHOLD")?, "factor": other.number("PEG_LOSS_FACTOR")? },
        "confidence": { "threshold": other.number("CONF_THRESHOLD")?, "rate": other.number("CONF_MARGIN")? },
        "perpetual": on_top("PERP")?,
        "naked_option": on_top("OPTION")?,
        "collateral": collateral,
    }))
}
