//! Deribit portfolio margin: the risk matrix.
//!
//! Slides of price and vol for each settlement currency, extended slides far out whose loss is scaled and
//! dampened, and two add-ons: roll shock for delta in different expiries, delta shock for large net delta.
//! Source: the venue's documentation; its worked example is reproduced to 1e-12 coin.

use std::iter;

use super::charge::{Charge, Contributions};
use super::preset::{CheckParameters, ReadParameters, check};
use super::slide_label::price_moves;
use super::{Component, Configured, Edited, Methodology, MethodologyError, Pair, Pot, Requirement, Workings};
use crate::asset::Asset;
use crate::book::{Book, ExpiryGroup, Leg, LegKind, NetPosition};
use crate::instrument::Settlement;
use crate::json::{ByName, Fields, JsonError};
use crate::pricing::rows;
use crate::slide::{PnlBasis, Revaluation, Slide, SlideGrid, Stress, TermScaling, VolMove};

/// Price moves of the extended slides, as fractions.
const EXTENDED_MOVES: [f64; 8] = [-0.66, -0.33, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0];

/// Price buckets on each side of zero.
const BUCKETS: i32 = 4;

/// Slides within the price range; the extended ones follow them.
const STANDARD_SLIDES: usize = 27;

/// Parameters of portfolio margin.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// The risk matrix of each underlying.
    pub underlyings: ByName<UnderlyingParameters>,
    /// What differs for products that settle in a dollar currency.
    pub linear: PotParameters,
    /// Charges of the account that come from no position, in the account currency; they count in the initial
    /// requirement only.
    pub charges: Charges,
}

/// The risk matrix of one underlying.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnderlyingParameters {
    /// The largest standard price move, as a fraction.
    pub price_range: f64,
    /// Relative vol shift up at thirty days.
    pub volatility_range_up: f64,
    /// Relative vol shift down at thirty days.
    pub volatility_range_down: f64,
    /// Exponent of the vol shift below thirty days.
    pub short_term_vega_power: f64,
    /// Exponent of the vol shift from thirty days on.
    pub long_term_vega_power: f64,
    /// Vols shocked up are at least this, per √year.
    pub min_volatility_for_shock_up: f64,
    /// Weight of the extended slides.
    pub extended_table_factor: f64,
    /// Slope of the delta shock, per coin of net delta above the threshold.
    pub delta_shock_slope: f64,
    /// Greatest rate of the delta shock, as a fraction.
    pub max_delta_shock: f64,
    /// Net delta up to this many US dollars is free of delta shock.
    pub delta_shock_threshold_usd: f64,
    /// What differs between settlement currencies; these are for the coin-settled products.
    pub coin_settled: PotParameters,
}

/// The parameters that depend on the settlement currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PotParameters {
    /// Dampens losses on the extended slides, in US dollars.
    pub extended_dampener_usd: f64,
    /// Roll shock rate for each year to expiry.
    pub annualised_move_risk: f64,
    /// Roll shock rate is at least this.
    pub min_annualised_move: f64,
    /// The part of one underlying's gain that may offset another's loss.
    pub pnl_offset: f64,
    /// The most that such a gain may offset, in US dollars.
    pub max_offsetable_pnl_usd: f64,
    /// Maintenance as a fraction of the risk matrix margin.
    pub maintenance_factor: f64,
}

/// Charges that come from no position.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Charges {
    /// Margin of spot positions.
    pub spot: f64,
    /// Margin of open orders.
    pub open_orders: f64,
    /// Margin of market-maker protection.
    pub market_maker_protection: f64,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters {
            underlyings: fields.by_name("underlyings", UnderlyingParameters::read)?,
            linear: fields.object("linear", PotParameters::read)?,
            charges: fields.object("charges", Charges::read)?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        for (coin, p) in self.underlyings.iter() {
            for (name, value, domain) in [
                ("price_range", p.price_range, 0.0001..=0.99),
                ("volatility_range_up", p.volatility_range_up, 0.0..=10.0),
                ("volatility_range_down", p.volatility_range_down, 0.0..=1.0),
                ("short_term_vega_power", p.short_term_vega_power, 0.0..=5.0),
                ("long_term_vega_power", p.long_term_vega_power, 0.0..=5.0),
                ("min_volatility_for_shock_up", p.min_volatility_for_shock_up, 0.0..=10.0),
                ("extended_table_factor", p.extended_table_factor, 0.0..=10.0),
                ("delta_shock_slope", p.delta_shock_slope, 0.0..=1.0),
                ("max_delta_shock", p.max_delta_shock, 0.0..=1.0),
                ("delta_shock_threshold_usd", p.delta_shock_threshold_usd, 0.0..=1e15),
            ] {
                check(&format!("{coin}.{name}"), value, domain)?;
            }
            p.coin_settled.check(&format!("{coin}.coin_settled"))?;
        }
        self.linear.check("linear")?;
        self.charges.named().into_iter().try_for_each(|(name, value)| check(name, value, 0.0..=1e15))
    }
}

impl ReadParameters for UnderlyingParameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(UnderlyingParameters {
            price_range: fields.number("price_range")?,
            volatility_range_up: fields.number("volatility_range_up")?,
            volatility_range_down: fields.number("volatility_range_down")?,
            short_term_vega_power: fields.number("short_term_vega_power")?,
            long_term_vega_power: fields.number("long_term_vega_power")?,
            min_volatility_for_shock_up: fields.number("min_volatility_for_shock_up")?,
            extended_table_factor: fields.number("extended_table_factor")?,
            delta_shock_slope: fields.number("delta_shock_slope")?,
            max_delta_shock: fields.number("max_delta_shock")?,
            delta_shock_threshold_usd: fields.number("delta_shock_threshold_usd")?,
            coin_settled: fields.object("coin_settled", PotParameters::read)?,
        })
    }
}

impl ReadParameters for PotParameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(PotParameters {
            extended_dampener_usd: fields.number("extended_dampener_usd")?,
            annualised_move_risk: fields.number("annualised_move_risk")?,
            min_annualised_move: fields.number("min_annualised_move")?,
            pnl_offset: fields.number("pnl_offset")?,
            max_offsetable_pnl_usd: fields.number("max_offsetable_pnl_usd")?,
            maintenance_factor: fields.number("maintenance_factor")?,
        })
    }
}

impl ReadParameters for Charges {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Charges {
            spot: fields.number("spot")?,
            open_orders: fields.number("open_orders")?,
            market_maker_protection: fields.number("market_maker_protection")?,
        })
    }
}

impl Charges {
    fn named(&self) -> [(&'static str, f64); 3] {
        [
            ("spot", self.spot),
            ("open orders", self.open_orders),
            ("market-maker protection", self.market_maker_protection),
        ]
    }
}

impl Parameters {
    fn of(&self, coin: Asset) -> Result<&UnderlyingParameters, MethodologyError> {
        self.underlyings
            .get(coin.as_str())
            .ok_or_else(|| MethodologyError::NotApplicable(format!("the preset has no risk matrix for {coin}")))
    }
}

impl PotParameters {
    fn check(&self, owner: &str) -> Result<(), MethodologyError> {
        for (name, value, domain) in [
            ("extended_dampener_usd", self.extended_dampener_usd, 0.0..=1e15),
            ("annualised_move_risk", self.annualised_move_risk, 0.0..=1.0),
            ("min_annualised_move", self.min_annualised_move, 0.0..=1.0),
            ("pnl_offset", self.pnl_offset, 0.0..=1.0),
            ("max_offsetable_pnl_usd", self.max_offsetable_pnl_usd, 0.0..=1e15),
            ("maintenance_factor", self.maintenance_factor, 0.0..=1.0),
        ] {
            check(&format!("{owner}.{name}"), value, domain)?;
        }
        Ok(())
    }
}

impl UnderlyingParameters {
    fn vol_moves(&self) -> [(VolMove, &'static str); 3] {
        let term = TermScaling {
            short_power: self.short_term_vega_power,
            long_power: self.long_term_vega_power,
            minimum_days: 1.0,
        };
        let relative = |change, floor| VolMove::Relative { change, term, floor };
        [
            (relative(self.volatility_range_up, self.min_volatility_for_shock_up), "vol up"),
            (VolMove::Unchanged, "vol same"),
            (relative(-self.volatility_range_down, 0.0), "vol down"),
        ]
    }

    /// 1 + the price range in the direction of the move.
    fn range_growth(&self, price_move: f64) -> f64 {
        1.0 + self.price_range.copysign(price_move)
    }

    /// What brings the loss of an extended slide, in coin at its own price, back into the price range.
    fn extended_weight(&self, price_move: f64) -> f64 {
        (1.0 + price_move) / self.range_growth(price_move) * self.extended_table_factor * self.price_range
            / price_move.abs()
    }
}

/// Deribit's risk-based margin.
pub struct DeribitPortfolio(pub(in crate::methodology) Configured<Parameters>);

impl Methodology for DeribitPortfolio {
    fn configured(&self) -> &Edited {
        &self.0.edited
    }

    fn loss_components(&self) -> &'static [&'static str] {
        &["worst slide"]
    }

    fn slides(&self, book: &Book) -> Result<SlideGrid, MethodologyError> {
        let matrices = matrices(&self.0.parameters, book)?;
        let mut slides = Vec::with_capacity(STANDARD_SLIDES + EXTENDED_MOVES.len());
        for bucket in -BUCKETS..=BUCKETS {
            for vol in 0..3 {
                let stresses = matrices.iter().map(|matrix| {
                    let price_move = matrix.price_range * f64::from(bucket) / f64::from(BUCKETS);
                    Stress::new(price_move, matrix.vol_moves()[vol].0)
                });
                slides.push(slide(book, stresses.collect(), vec![1.0; matrices.len()], vol));
            }
        }
        for price_move in EXTENDED_MOVES {
            let stresses = matrices.iter().map(|matrix| Stress::new(price_move, matrix.vol_moves()[0].0));
            let weights = matrices.iter().map(|matrix| matrix.extended_weight(price_move));
            let mut slide = slide(book, stresses.collect(), weights.collect(), 0);
            slide.label.push_str(", extended");
            slides.push(slide);
        }
        Ok(SlideGrid { basis: PnlBasis::SettlementCurrency, ..SlideGrid::new(slides) })
    }

    fn requirement(
        &self,
        book: &Book,
        revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        let parameters = &self.0.parameters;
        let mut worst = Charge::new("worst slide", book);
        let mut roll = Charge::new("roll shock", book);
        let mut delta = Charge::new("delta shock", book);
        let mut pots = Vec::with_capacity(book.settlements.len());
        let net = book.net_by_instrument();
        for settlement in 0..book.settlements.len() {
            let legs = PotLegs::new(book, parameters, settlement);
            let (pot, contributions) = worst_slide(&legs, revaluation)?;
            let factor = legs.maintenance_factor()?;
            if let Some(slide) = pot.worst {
                workings.note_slide(worst.name(), slide, "loss", &[("loss", pot.worst_loss())], pot.worst_loss());
            }
            worst.add(with_maintenance(pot.worst_loss(), factor), &contributions);
            let shocks = roll_shocks(&legs, workings)?;
            for shock in shocks.iter().flatten() {
                roll.add_shared(with_maintenance(shock.net.abs() * shock.rate, factor), iter::empty());
            }
            roll.add_shared(Pair::default(), legs.members.iter().filter_map(|member| member.roll_shock(&shocks)));
            for underlying in 0..book.underlyings.len() {
                let (charge, contributions) = delta_shock(&legs, &net, underlying, workings)?;
                delta.add(with_maintenance(charge, factor), &contributions);
            }
            pots.push(pot);
        }
        let mut components = vec![
            worst.into_component("the greatest counted loss over all slides"),
            roll.into_component("net delta of each expiry, at the rate by which forwards may part from the index"),
            delta.into_component("net delta beyond what the market absorbs"),
        ];
        for (name, amount) in parameters.charges.named().into_iter().filter(|(_, amount)| *amount > 0.0) {
            let explanation = "a charge of the account, not of a position";
            components.push(Component { name, explanation, initial: amount, maintenance: 0.0, initial_by_leg: vec![] });
        }
        let notes = if book.settlements.len() > 1 {
            vec![
                "Each settlement currency is its own pot: losses in one are not offset by gains in another.".to_owned(),
            ]
        } else {
            vec![]
        };
        Ok(Requirement { components, pots, notes, ..Requirement::default() })
    }
}

/// A charge, and the part of it that maintenance asks for.
fn with_maintenance(charge: f64, factor: f64) -> Pair {
    Pair { initial: charge, maintenance: charge * factor }
}

/// The legs of one settlement currency, and the parameters that hold for them.
struct PotLegs<'a> {
    book: &'a Book,
    parameters: &'a Parameters,
    settlement: usize,
    /// Those with risk in this pot, in the order of the book.
    members: Vec<Member>,
    settles_linearly: bool,
}

/// What of a leg is asked for again and again: a book of legs is large, a list of these is not.
#[derive(Clone, Copy)]
struct Member {
    /// Its place in the book.
    leg: usize,
    underlying: usize,
    expiry: usize,
    delta_coins: f64,
}

impl Member {
    /// What it adds to the shock of its expiry: it has the sign of the net delta.
    fn roll_shock(&self, shocks: &[Option<RollShock>]) -> Option<(usize, f64)> {
        shocks[self.expiry].as_ref().map(|shock| (self.leg, self.delta_coins * shock.net.signum() * shock.rate))
    }
}

impl<'a> PotLegs<'a> {
    fn new(book: &'a Book, parameters: &'a Parameters, settlement: usize) -> PotLegs<'a> {
        let mut members = Vec::with_capacity(book.legs.len());
        let mut settles_linearly = false;
        for (place, leg) in book.legs.iter().enumerate().filter(|(_, leg)| holds(settlement, leg)) {
            let (underlying, expiry, delta_coins) = (leg.underlying, leg.expiry, leg.delta_coins());
            members.push(Member { leg: place, underlying, expiry, delta_coins });
            settles_linearly |= leg.settlement == Settlement::Linear;
        }
        PotLegs { book, parameters, settlement, members, settles_linearly }
    }

    /// Whether the leg has risk in this pot.
    fn holds(&self, leg: &Leg) -> bool {
        holds(self.settlement, leg)
    }

    fn pot(&self, underlying: usize) -> Result<&'a PotParameters, MethodologyError> {
        if self.settles_linearly {
            return Ok(&self.parameters.linear);
        }
        Ok(&self.parameters.of(self.book.underlyings[underlying].asset)?.coin_settled)
    }

    fn maintenance_factor(&self) -> Result<f64, MethodologyError> {
        match self.members.first() {
            Some(member) => Ok(self.pot(member.underlying)?.maintenance_factor),
            None => Ok(0.0),
        }
    }

    /// US dollars in the account currency, at today's index of the underlying.
    fn account_per_usd(&self, underlying: usize) -> f64 {
        let group = &self.book.underlyings[underlying];
        group.account_per_coin / group.index
    }
}

/// Coins held outright are collateral, not risk, in a pot that is counted in coin; settled legs are cash.
fn holds(settlement: usize, leg: &Leg) -> bool {
    leg.settlement_group == settlement && !matches!(leg.kind, LegKind::Spot | LegKind::Settled)
}

fn matrices<'a>(parameters: &'a Parameters, book: &Book) -> Result<Vec<&'a UnderlyingParameters>, MethodologyError> {
    book.underlyings.iter().map(|underlying| parameters.of(underlying.asset)).collect()
}

fn slide(book: &Book, stresses: Vec<Stress>, weights: Vec<f64>, vol: usize) -> Slide {
    let vol = ["vol up", "vol same", "vol down"][vol];
    let moves = price_moves(book, &stresses);
    Slide { stresses, weights, label: format!("{moves}, {vol}") }
}

/// The pot's counted P&L on each slide, and what each leg adds to the worst loss.
fn worst_slide(legs: &PotLegs, revaluation: &Revaluation) -> Result<(Pot, Contributions), MethodologyError> {
    let book = legs.book;
    let slide_count = revaluation.slide_count();
    let mut raw = vec![vec![0.0; slide_count]; book.underlyings.len()];
    for member in &legs.members {
        rows::add(revaluation.leg(member.leg), &mut raw[member.underlying]);
    }
    let each = raw.iter().enumerate();
    let counted = each
        .map(|(underlying, raw)| counted_pnl(legs, underlying, raw))
        .collect::<Result<Vec<Vec<f64>>, MethodologyError>>()?;
    let totals = (0..slide_count).map(|slide| counted.iter().map(|row| row[slide]).sum()).collect();
    let pot = Pot::new(Some(book.settlements[legs.settlement].asset), totals);
    let contributions = match pot.worst {
        Some(worst) => {
            // A dampened or capped P&L is shared out as the legs made the whole one.
            let scales = counted.iter().zip(&raw).map(|(counted, raw)| counted[worst] / raw[worst]);
            let scales: Vec<f64> = scales.collect();
            let has_pnl = |member: &&Member| raw[member.underlying][worst] != 0.0;
            let part = |member: &Member| (member.leg, -revaluation.leg(member.leg)[worst] * scales[member.underlying]);
            let mut parts = Contributions::with_capacity(legs.members.len());
            parts.extend(legs.members.iter().filter(has_pnl).map(part));
            parts
        }
        None => vec![],
    };
    Ok((pot, contributions))
}

/// What of an underlying's P&L counts on each slide: extended losses are dampened, gains offset only in part.
fn counted_pnl(legs: &PotLegs, underlying: usize, raw: &[f64]) -> Result<Vec<f64>, MethodologyError> {
    if raw.iter().all(|pnl| *pnl == 0.0) {
        return Ok(vec![0.0; raw.len()]);
    }
    let matrix = legs.parameters.of(legs.book.underlyings[underlying].asset)?;
    let pot = legs.pot(underlying)?;
    let account_per_usd = legs.account_per_usd(underlying);
    let counted = |(slide, &pnl): (usize, &f64)| {
        if pnl == 0.0 {
            return 0.0;
        }
        if pnl > 0.0 {
            return (pnl * pot.pnl_offset).min(pot.max_offsetable_pnl_usd * account_per_usd);
        }
        match slide.checked_sub(STANDARD_SLIDES).map(|extended| EXTENDED_MOVES[extended]) {
            Some(price_move) => {
                let excess = (price_move.abs() / matrix.price_range).max(1.0) - 1.0;
                let dampener = excess * pot.extended_dampener_usd * account_per_usd / matrix.range_growth(price_move);
                pnl + dampener.min(-pnl)
            }
            None => pnl,
        }
    };
    Ok(raw.iter().enumerate().map(counted).collect())
}

/// The charge for the net delta of one expiry: |net|·rate.
struct RollShock {
    /// Coins.
    net: f64,
    /// In the account currency for each coin.
    rate: f64,
}

/// The roll shock of each expiry; none where the pot has no legs.
fn roll_shocks(legs: &PotLegs, workings: &mut Workings) -> Result<Vec<Option<RollShock>>, MethodologyError> {
    // The first leg, and the net delta.
    let mut nets: Vec<Option<(usize, f64)>> = vec![None; legs.book.expiries.len()];
    for member in &legs.members {
        match &mut nets[member.expiry] {
            Some((_, net)) => *net += member.delta_coins,
            nothing => *nothing = Some((member.leg, member.delta_coins)),
        }
    }
    let shock = |(group, net): (&ExpiryGroup, Option<(usize, f64)>)| -> Result<Option<RollShock>, MethodologyError> {
        let Some((first, net)) = net else { return Ok(None) };
        let pot = legs.pot(group.underlying)?;
        let price = legs.book.underlyings[group.underlying].account_per_coin;
        let rate = (pot.annualised_move_risk * group.expiry_years).max(pot.min_annualised_move) * price;
        let values = [
            ("delta", net),
            ("U", price),
            ("least", pot.min_annualised_move),
            ("move", pot.annualised_move_risk),
            ("T", group.expiry_years),
        ];
        workings.note_leg("roll shock", first, "abs(delta)·U·max(move·T, least)", &values, net.abs() * rate);
        Ok(Some(RollShock { net, rate }))
    };
    legs.book.expiries.iter().zip(nets).map(shock).collect()
}

/// The charge for net delta that is large against the market; long options may only reduce it.
///
/// What is long and what is short is decided by instrument: legs in the same one are one position.
fn delta_shock(
    legs: &PotLegs,
    net: &[NetPosition],
    underlying: usize,
    workings: &mut Workings,
) -> Result<(f64, Contributions), MethodologyError> {
    let book = legs.book;
    let [mut of_long_options, mut of_rest] = [(); 2].map(|()| Contributions::with_capacity(net.len()));
    for position in net {
        let first = &book.legs[position.legs[0]];
        if first.underlying == underlying && legs.holds(first) {
            let is_long_option = position.coins > 0.0 && first.is_option();
            let list = if is_long_option { &mut of_long_options } else { &mut of_rest };
            list.extend(position.legs.iter().map(|&leg| (leg, book.legs[leg].delta_coins())));
        }
    }
    if of_long_options.is_empty() && of_rest.is_empty() {
        return Ok((0.0, vec![]));
    }
    let group = &book.underlyings[underlying];
    let matrix = legs.parameters.of(group.asset)?;
    let long_options: f64 = of_long_options.iter().map(|(_, delta)| delta).sum();
    let rest: f64 = of_rest.iter().map(|(_, delta)| delta).sum();
    let charged =
        if rest < 0.0 { (long_options + rest).max(rest).min(0.0) } else { (long_options + rest).min(rest).max(0.0) }
            .abs();
    let excess = (charged - matrix.delta_shock_threshold_usd / group.index).max(0.0);
    let rate = (matrix.delta_shock_slope * excess).min(matrix.max_delta_shock);
    let charge = charged * rate * group.account_per_coin;
    let values = [
        ("D", charged),
        ("U", group.account_per_coin),
        ("slope", matrix.delta_shock_slope),
        ("threshold", matrix.delta_shock_threshold_usd),
        ("index", group.index),
        ("most", matrix.max_delta_shock),
    ];
    workings.note("delta shock", "D·U·min(slope·max(D − threshold/index, 0), most)", &values, charge);
    if rest == 0.0 || charge == 0.0 {
        return Ok((charge, vec![]));
    }
    // Shared out over futures and short options, whose delta is what is charged.
    of_rest.iter_mut().for_each(|(_, delta)| *delta = charge * *delta / rest);
    Ok((charge, of_rest))
}
