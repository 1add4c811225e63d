//! From elements to a risk parameter file. The names of elements are those of PC-SPAN's format 4.

use jiff::civil::Date;

use super::element::Element;
use super::{FileCommodity, FileContract, RiskFile, RiskFileError};
use crate::methodology::span::combined_commodity::{SpreadCharge, SpreadRule, Tier};
use crate::methodology::span::scenarios::{RiskArray, SCENARIOS};
use crate::pricing::Right;

/// Lists of futures, and of options on them, on what is delivered and on shares.
const PORTFOLIOS: [&str; 4] = ["futPf", "oofPf", "oopPf", "ooePf"];

/// Reads the whole text.
pub(super) fn risk_file(text: &str) -> Result<RiskFile, RiskFileError> {
    let root = Element::read(text)?;
    if root.name != "spanFile" {
        return Err(root.refused(format!("this is no risk parameter file: <{}> instead of <spanFile>", root.name)));
    }
    let format = root.need("fileFormat")?.text.clone();
    let point = root.need("pointInTime")?;
    let date = day(point.need("date")?)?;
    let mut commodities = Vec::new();
    for organisation in point.all("clearingOrg") {
        let mut here =
            organisation.all("ccDef").map(|it| Ok((it, commodity(it, date)?))).collect::<Result<Vec<_>, _>>()?;
        // Portfolios may stand under their exchanges.
        let exchanges = organisation.all("exchange");
        for portfolio in [organisation].into_iter().chain(exchanges).flat_map(|parent| &parent.children) {
            if !PORTFOLIOS.contains(&portfolio.name.as_str()) {
                continue;
            }
            let code = &portfolio.need("pfCode")?.text;
            let is_linked = |definition: &Element| {
                definition.all("pfLink").any(|link| link.get("pfCode").is_some_and(|it| it.text == *code))
            };
            let linked = here.iter().position(|(definition, _)| is_linked(definition));
            let owner = linked.or_else(|| here.iter().position(|(_, commodity)| commodity.code == *code));
            let Some(owner) = owner else {
                return Err(portfolio.refused(format!("no combined commodity takes the contracts of {code}")));
            };
            add_contracts(portfolio, date, &mut here[owner].1)?;
        }
        commodities.extend(here.into_iter().map(|(_, commodity)| commodity));
    }
    if commodities.is_empty() {
        return Err(point.refused("there is no combined commodity in the file".to_owned()));
    }
    Ok(RiskFile { format, date, commodities })
}

fn commodity(definition: &Element, date: Date) -> Result<FileCommodity, RiskFileError> {
    let mut spreads = Vec::new();
    let mut unknown_rule = None;
    for spread in definition.all("dSpread") {
        match spread_rule(definition, spread, date)? {
            Ok(rule) => spreads.push(rule),
            Err(error) => unknown_rule = unknown_rule.or(Some(error)),
        }
    }
    let minimum = definition.get("somTiers").and_then(|tiers| tiers.find("val"));
    Ok(FileCommodity {
        code: definition.need("cc")?.text.clone(),
        name: definition.get("name").map(|name| name.text.clone()).unwrap_or_default(),
        currency: definition.need("currency")?.text.clone(),
        short_option_minimum: minimum.map_or(Ok(0.0), Element::number)?,
        price_scan: None,
        vol_scan: None,
        spreads,
        unknown_rule,
        contracts: Vec::new(),
    })
}

/// A spread; inside, why it is none that is known here.
fn spread_rule(
    definition: &Element,
    spread: &Element,
    date: Date,
) -> Result<Result<SpreadRule, RiskFileError>, RiskFileError> {
    let legs: Vec<&Element> = spread.children.iter().filter(|it| it.name == "pLeg" || it.name == "tLeg").collect();
    let method = &spread.need("chargeMeth")?.text;
    let [first, second] = legs[..] else {
        return Ok(Err(spread.refused(format!("a spread of {} legs is not known here", legs.len()))));
    };
    if method != "F" {
        return Ok(Err(spread.refused(format!("a spread charged by \"{method}\" is not known here"))));
    }
    let charge = SpreadCharge::Amount(spread.need("rate")?.need("val")?.number()?);
    let (first, second) = (tier(definition, first, date)?, tier(definition, second, date)?);
    let (near, far) = if second.from_years < first.from_years { (second, first) } else { (first, second) };
    Ok(Ok(SpreadRule { near, far, charge }))
}

/// The expiries of a leg: one, or those of a tier.
fn tier(definition: &Element, leg: &Element, date: Date) -> Result<Tier, RiskFileError> {
    let delta_per_spread = leg.need("i")?.number()?;
    if delta_per_spread <= 0.0 {
        return Err(leg.refused(format!("a spread takes {delta_per_spread} of a leg; it must be more than nothing")));
    }
    let (from, to) = match leg.get("pe") {
        Some(expiry) => (day(expiry)?, day(expiry)?),
        None => {
            let number = &leg.need("tn")?.text;
            let tiers = definition.get("intraTiers").into_iter().flat_map(|tiers| tiers.all("tier"));
            let is_it = |tier: &&Element| tier.get("tn").is_some_and(|it| it.text == *number);
            let tier =
                tiers.into_iter().find(is_it).ok_or_else(|| leg.refused(format!("there is no tier {number}")))?;
            (day(tier.need("sPe")?)?, last_day(tier.need("ePe")?)?)
        }
    };
    Ok(Tier { from_years: years(date, from), to_years: years(date, to), delta_per_spread })
}

fn add_contracts(portfolio: &Element, date: Date, commodity: &mut FileCommodity) -> Result<(), RiskFileError> {
    if portfolio.name == "futPf"
        && let Some(rate) = portfolio.find("scanRate")
    {
        for (name, target) in [("priceScan", &mut commodity.price_scan), ("volScan", &mut commodity.vol_scan)] {
            if let Some(value) = rate.get(name) {
                *target = Some(value.number()?);
            }
        }
    }
    for future in portfolio.all("fut") {
        commodity.contracts.push(contract(portfolio, future, future.need("pe")?, None, date)?);
    }
    for series in portfolio.all("series") {
        for option in series.all("opt") {
            let right = match option.need("o")?.text.as_str() {
                "C" => Right::Call,
                "P" => Right::Put,
                other => return Err(option.refused(format!("an option is C or P, not \"{other}\""))),
            };
            let terms = (right, option.need("k")?.number()?);
            commodity.contracts.push(contract(portfolio, option, series.need("pe")?, Some(terms), date)?);
        }
    }
    Ok(())
}

fn contract(
    portfolio: &Element,
    contract: &Element,
    expiry: &Element,
    option: Option<(Right, f64)>,
    date: Date,
) -> Result<FileContract, RiskFileError> {
    let array = contract.need("ra")?;
    let values = array.all("a").map(Element::number).collect::<Result<Vec<f64>, _>>()?;
    let losses: RiskArray = values.as_slice().try_into().map_err(|_| {
        array.refused(format!("the risk array has {} values; there are {SCENARIOS} scenarios", values.len()))
    })?;
    let optional = |name| contract.get(name).map(Element::number).transpose();
    let factor = contract.get("cvf").map_or_else(|| portfolio.need("cvf"), Ok)?;
    let expiry = day(expiry)?;
    Ok(FileContract {
        expiry,
        years: years(date, expiry),
        option,
        price: contract.need("p")?.number()?,
        delta: optional("d")?,
        vol_annual: optional("v")?,
        contract_value_factor: factor.number()?,
        composite_delta: array.need("d")?.number()?,
        pnl: losses.map(|loss| -loss),
    })
}

/// A day as `20250828`, or the first of a month as `202508`.
fn day(element: &Element) -> Result<Date, RiskFileError> {
    let text = &element.text;
    let digits = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<i16>().ok());
    let is_known = text.bytes().all(|byte| byte.is_ascii_digit()) && (text.len() == 8 || text.len() == 6);
    let parts = is_known.then(|| (digits(0..4), digits(4..6), if text.len() == 8 { digits(6..8) } else { Some(1) }));
    let date = match parts {
        Some((Some(year), Some(month), Some(day))) => Date::new(year, month as i8, day as i8).ok(),
        _ => None,
    };
    date.ok_or_else(|| element.refused(format!("<{}> is \"{text}\", which is no day", element.name)))
}

/// The last day that is meant: of a month, its last.
fn last_day(element: &Element) -> Result<Date, RiskFileError> {
    let first = day(element)?;
    Ok(if element.text.len() == 6 { first.last_of_month() } else { first })
}

/// Years of 365 days from one day to another.
fn years(from: Date, to: Date) -> f64 {
    f64::from(from.until(to).map_or(0, |span| span.get_days())) / 365.0
}
