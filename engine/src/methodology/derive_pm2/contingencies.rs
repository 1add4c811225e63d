//! What is charged beside the worst slide: perpetuals, naked short options, coins held, and prices that the market's
//! source does not vouch for.

use super::parameters::Parameters;
use crate::book::{Book, Leg, LegKind};
use crate::instrument::{Kind, Right};
use crate::methodology::charge::{Charge, Contributions};
use crate::methodology::{Component, MethodologyError, Pair, Workings};

/// The components that follow from legs.
pub(super) fn components(
    parameters: &Parameters,
    book: &Book,
    workings: &mut Workings,
) -> Result<Vec<Component>, MethodologyError> {
    let mut perpetuals = Charge::new("perpetual contingency", book);
    let mut naked = Charge::new("naked option contingency", book);
    let mut coins = Charge::new("haircut of coins held", book);
    let mut confidence = Charge::new("confidence", book);
    for (underlying, group) in book.underlyings.iter().enumerate() {
        let legs = || book.legs.iter().enumerate().filter(move |(_, leg)| leg.underlying == underlying);
        let perpetual: Vec<(usize, f64)> =
            legs().filter(|(_, leg)| is_perpetual(leg)).map(|(index, leg)| (index, notional(book, leg))).collect();
        charge_net(&mut perpetuals, &perpetual, parameters.perpetual, workings);
        let mut level = group.confidence.spot;
        if perpetual.iter().any(|(_, notional)| *notional != 0.0) {
            level = level.min(group.confidence.perpetual);
            charge_net(&mut confidence, &perpetual, parameters.confidence(level), workings);
        }
        for (expiry, expiry_group) in book.expiries.iter().enumerate() {
            if expiry_group.underlying == underlying && expiry_group.expiry.is_some() {
                charge_naked(&mut naked, parameters, book, expiry, workings);
            }
        }
        for position in book.net_by_instrument() {
            let leg = &book.legs[position.legs[0]];
            if leg.underlying != underlying || is_perpetual(leg) {
                continue;
            }
            let net: Vec<(usize, f64)> =
                position.legs.iter().map(|&index| (index, notional(book, &book.legs[index]))).collect();
            let level = if leg.kind == LegKind::Spot {
                group.confidence.spot
            } else {
                level.min(book.expiries[leg.expiry].confidence)
            };
            charge_net(&mut confidence, &net, parameters.confidence(level), workings);
            if leg.kind == LegKind::Spot {
                let coin = leg.instrument.product.base;
                let terms = parameters.collateral_terms(coin)?;
                charge_net(&mut coins, &net, terms.haircut(), workings);
            }
        }
    }
    Ok([
        perpetuals.into_component_if_any("a share of the notional of net perpetuals"),
        naked.into_component_if_any("a share of the notional of short options that no option of their strike covers"),
        coins.into_component_if_any("what coins held count less than their price"),
        confidence.into_component_if_any("a share of what is priced by feeds of little confidence"),
    ]
    .into_iter()
    .flatten()
    .collect())
}

fn is_perpetual(leg: &Leg) -> bool {
    leg.is_future() && leg.instrument.kind == Kind::Perpetual
}

/// Size at the index, signed, in the account currency.
fn notional(book: &Book, leg: &Leg) -> f64 {
    leg.coins * leg.account_per_quote * book.index_of(leg)
}

/// Charges the net of these legs' notionals.
fn charge_net(charge: &mut Charge, legs: &[(usize, f64)], rate: Pair, workings: &mut Workings) {
    let net: f64 = legs.iter().map(|(_, notional)| notional).sum();
    if net == 0.0 || rate == Pair::default() {
        return;
    }
    let requirement = rate.times(net.abs());
    let values = [("notional", net), ("rate", rate.initial)];
    workings.note_leg(charge.name(), legs[0].0, "abs(notional)·rate", &values, requirement.initial);
    let share = rate.initial * net.signum();
    charge.add(requirement, &legs.iter().map(|&(leg, notional)| (leg, notional * share)).collect());
}

/// Charges the short options of an expiry that are naked: at each strike a short call and a long put, or the other way
/// round, cover each other.
fn charge_naked(charge: &mut Charge, parameters: &Parameters, book: &Book, expiry: usize, workings: &mut Workings) {
    let options = book.legs.iter().enumerate().filter(|(_, leg)| leg.expiry == expiry);
    let mut strikes: Vec<(f64, Vec<(usize, Right)>)> = Vec::new();
    for (index, leg) in options {
        let LegKind::Option { strike, right, .. } = leg.kind else { continue };
        match strikes.iter_mut().find(|(known, _)| *known == strike) {
            Some((_, legs)) => legs.push((index, right)),
            None => strikes.push((strike, vec![(index, right)])),
        }
    }
    let rate = parameters.naked_option;
    for (_, legs) in strikes {
        let notional = |index: usize| notional(book, &book.legs[index]);
        let of = |wanted: Right| legs.iter().filter(|it| it.1 == wanted).map(|it| notional(it.0)).sum::<f64>();
        let (calls, puts) = (of(Right::Call), of(Right::Put));
        let is_pair = calls * puts < 0.0;
        let formula =
            if is_pair { "max(−(calls + puts), 0)·rate" } else { "(max(−calls, 0) + max(−puts, 0))·rate" };
        let counts = |right: Right| match right {
            _ if is_pair => calls + puts < 0.0,
            Right::Call => calls < 0.0,
            Right::Put => puts < 0.0,
        };
        let naked: Contributions =
            legs.iter().filter(|it| counts(it.1)).map(|it| (it.0, -notional(it.0) * rate.initial)).collect();
        let amount = if is_pair { (-(calls + puts)).max(0.0) } else { (-calls).max(0.0) + (-puts).max(0.0) };
        if amount > 0.0 {
            let values = [("calls", calls), ("puts", puts), ("rate", rate.initial)];
            workings.note_leg(charge.name(), legs[0].0, formula, &values, amount * rate.initial);
            charge.add(rate.times(amount), &naked);
        }
    }
}
