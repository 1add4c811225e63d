//! A large combination into the spreads, butterflies, condors and boxes that it is made of.
//!
//! All that may be combined is combined, since that never costs more. It is shown in parts wherever the parts need no
//! more than the whole, since those a reader can check.

use super::OptionTerms;
use super::strategies::Account;
use crate::pricing::Right;

/// Losses are equal within this fraction of the underlying's price.
const EQUAL: f64 = 1e-9;
/// Pairs of spreads are tried among so many legs at most; there are as many as the fourth power.
const LEGS: usize = 16;

/// Holdings with their contracts, unsigned.
type Legs = Vec<(usize, f64)>;

/// The parts with their names. Longs that cover nothing are left out: they stand alone.
pub(super) fn split(account: &Account, combination: &[(usize, f64)]) -> Vec<(&'static str, Legs)> {
    let mut rest: Legs = combination.iter().copied().filter(|(_, contracts)| *contracts > 0.0).collect();
    let mut parts = Vec::new();
    let spreads: Vec<Legs> = spreads(account, &rest);
    for spread in &spreads {
        take(account, spread, &mut rest, &mut parts);
    }
    if rest.len() <= LEGS {
        let spreads = self::spreads(account, &rest);
        for (index, one) in spreads.iter().enumerate() {
            for other in &spreads[index..] {
                let mut both = one.clone();
                for &(holding, contracts) in other {
                    match both.iter_mut().find(|leg| leg.0 == holding) {
                        Some(leg) => leg.1 += contracts,
                        None => both.push((holding, contracts)),
                    }
                }
                take(account, &both, &mut rest, &mut parts);
            }
        }
    }
    if rest.iter().any(|(holding, _)| account.quantity(*holding) < 0.0) {
        let name = name(account, &rest);
        parts.push((name, rest));
    }
    parts
}

/// One short and one long of the same kind each.
fn spreads(account: &Account, legs: &Legs) -> Vec<Legs> {
    let of = |is_short: bool| {
        legs.iter()
            .filter_map(move |&(holding, _)| Some((holding, account.option(holding)?)))
            .filter(move |(holding, _)| (account.quantity(*holding) < 0.0) == is_short)
    };
    let mut spreads = Vec::new();
    for (short, s) in of(true) {
        for (long, l) in of(false) {
            if s.right == l.right {
                spreads.push(vec![(long, 1.0), (short, 1.0)]);
            }
        }
    }
    spreads
}

/// Takes as many of a part as there are, or else one, if part and rest then need no more than before.
fn take(account: &Account, part: &Legs, rest: &mut Legs, parts: &mut Vec<(&'static str, Legs)>) {
    let held = |holding: usize| rest.iter().find(|leg| leg.0 == holding).map_or(0.0, |leg| leg.1);
    let most = part.iter().map(|&(holding, ratio)| held(holding) / ratio).fold(f64::INFINITY, f64::min);
    let most = if most >= 1.0 { most.floor() } else { most };
    for units in [most, most.min(1.0)] {
        if units <= 0.0 {
            return;
        }
        let taken: Legs = part.iter().map(|&(holding, ratio)| (holding, ratio * units)).collect();
        let left: Legs = rest
            .iter()
            .map(|&(holding, contracts)| {
                (holding, contracts - taken.iter().find(|leg| leg.0 == holding).map_or(0.0, |leg| leg.1))
            })
            .filter(|(_, contracts)| *contracts > 0.0)
            .collect();
        let members: Vec<usize> = rest.iter().map(|(holding, _)| *holding).collect();
        let prices = account.prices(&members);
        let loss = |legs: &Legs| account.greatest_loss(legs, &prices).0;
        if loss(&taken) + loss(&left) <= loss(rest) + EQUAL * account.rules.underlying.price * units.max(1.0)
            && is_covered(account, &left)
        {
            parts.push((name(account, &taken), taken));
            *rest = left;
            return;
        }
    }
}

/// Whether longs cover shorts, calls and puts each on their own. Taking spreads keeps it so.
fn is_covered(account: &Account, legs: &Legs) -> bool {
    [Right::Call, Right::Put].into_iter().all(|right| {
        let of =
            legs.iter().filter(|(holding, _)| account.option(*holding).is_some_and(|option| option.right == right));
        of.map(|(holding, contracts)| account.quantity(*holding).signum() * contracts).sum::<f64>() >= 0.0
    })
}

/// What a combination is called.
fn name(account: &Account, legs: &Legs) -> &'static str {
    let options: Vec<(&OptionTerms, f64)> = legs
        .iter()
        .filter_map(|&(holding, contracts)| {
            Some((account.option(holding)?, account.quantity(holding).signum() * contracts))
        })
        .collect();
    let Some((first, _)) = options.first() else { return "limited-risk combination" };
    let is_one_expiry = options.iter().all(|(option, _)| option.expiry_years == first.expiry_years);
    if let [(one, _), (other, _)] = options[..] {
        return match (one.strike == other.strike, is_one_expiry) {
            (_, true) => "vertical spread",
            (true, false) => "calendar spread",
            (false, false) => "diagonal spread",
        };
    }
    let equal_sizes = |size: f64| options.iter().all(|(_, contracts)| contracts.abs() == size);
    let strikes = |right: Right, sign: f64| {
        let of = options.iter().filter(move |(option, contracts)| option.right == right && contracts * sign > 0.0);
        of.map(|(option, _)| option.strike).collect::<Vec<f64>>()
    };
    let is_one_right = options.iter().all(|(option, _)| option.right == first.right);
    if !is_one_expiry {
        return "limited-risk combination";
    }
    if is_one_right {
        let balanced = options.iter().map(|(_, contracts)| contracts).sum::<f64>() == 0.0;
        return match options.len() {
            3 if balanced => "butterfly",
            4 if balanced && equal_sizes(options[0].1.abs()) => "condor",
            _ => "limited-risk combination",
        };
    }
    if options.len() != 4 || !equal_sizes(options[0].1.abs()) {
        return "limited-risk combination";
    }
    let at = |right, sign| strikes(right, sign);
    let (bought_call, sold_call) = (at(Right::Call, 1.0), at(Right::Call, -1.0));
    let (bought_put, sold_put) = (at(Right::Put, 1.0), at(Right::Put, -1.0));
    if bought_call == sold_put && sold_call == bought_put {
        "box"
    } else if sold_call == sold_put || bought_call == bought_put {
        "iron butterfly"
    } else if bought_call.len() == 1 && sold_call.len() == 1 && bought_put.len() == 1 {
        "iron condor"
    } else {
        "limited-risk combination"
    }
}
