//! The optimiser against every way to divide a few contracts into strategies. The rules are written down once more
//! here, unit by unit, so that neither the program nor the rulings are taken on trust.

use proptest::prelude::*;

use super::*;

/// A contract, or as many shares as one is for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Unit {
    Stock { sign: f64 },
    Option { sign: f64, right: Right, strike: f64, premium: f64, years: f64, is_european: bool },
}

/// Initial and maintenance, by index.
type Both = [f64; 2];
const NEVER: Both = [f64::INFINITY; 2];

fn uncovered(right: Right, strike: f64, premium: f64, price: f64) -> f64 {
    let (out, floor) = match right {
        Right::Call => ((strike - price).max(0.0), 0.1 * price),
        Right::Put => ((price - strike).max(0.0), 0.1 * strike),
    };
    premium + (0.2 * price - out).max(floor)
}

/// The requirement per share of some units as one strategy, if they make one.
fn strategy(units: &[Unit], price: f64) -> Both {
    let mut stock = Vec::new();
    let mut longs = Vec::new();
    let mut shorts = Vec::new();
    for unit in units {
        match *unit {
            Unit::Stock { sign } => stock.push(sign),
            Unit::Option { sign, right, strike, premium, years, is_european } => {
                if sign > 0.0 { &mut longs } else { &mut shorts }.push((right, strike, premium, years, is_european));
            }
        }
    }
    let paid = |premium: f64, years: f64| if years > 0.75 { 0.75 * premium } else { premium };
    let raised = |[initial, maintenance]: Both| [f64::max(initial, maintenance), maintenance];
    if stock.len() > 1 {
        return NEVER;
    }
    if let Some(sign) = stock.first() {
        let short_stock = (0.3 * price).max(5.0);
        return match (*sign > 0.0, &longs[..], &shorts[..]) {
            (true, [], []) => [0.5 * price, 0.25 * price],
            (true, [], [(Right::Call, k, ..)]) => [0.5 * price, 0.25 * price.min(*k)],
            (true, [(Right::Put, k, p, t, _)], []) => {
                let paid = paid(*p, *t);
                raised([0.5 * price + paid, paid + (0.1 * k + (price - k).max(0.0)).min(0.25 * price)])
            }
            (true, [(Right::Put, k, p, t, _)], [(Right::Call, c, _, u, _)]) if t == u && k <= c => {
                let hedged = (0.1 * k + (price - k).max(0.0)).min(0.25 * c);
                let paid = paid(*p, *t);
                raised([0.5 * price + paid, paid + if k == c { 0.1 * k } else { hedged }])
            }
            (false, [], []) => [price + (0.5 * price).max(short_stock), price + short_stock],
            (false, [], [(Right::Put, k, ..)]) => {
                let value = price + (k - price).max(0.0);
                [value + (0.5 * price).max(short_stock), value + short_stock]
            }
            (false, [(Right::Call, k, p, t, _)], []) => {
                let value = price + paid(*p, *t);
                let hedged = (0.1 * k + (k - price).max(0.0)).min(short_stock);
                [value + (0.5 * price).max(short_stock), value + hedged]
            }
            (false, [(Right::Call, k, p, t, _)], [(Right::Put, c, _, u, _)]) if t == u && k == c => {
                let value = price + (k - price).max(0.0) + paid(*p, *t);
                [value + (0.5 * price).max(short_stock), value + 0.1 * k]
            }
            _ => NEVER,
        };
    }
    match (&longs[..], &shorts[..]) {
        ([(_, _, p, t, _)], []) => return [paid(*p, *t); 2],
        ([], [(right, k, p, ..)]) => {
            let alone = uncovered(*right, *k, *p, price);
            return [if *right == Right::Put { alone.min(*k) } else { alone }; 2];
        }
        ([], [(Right::Call, k, p, ..), (Right::Put, j, q, ..)] | [(Right::Put, j, q, ..), (Right::Call, k, p, ..)]) => {
            let (call, put) = (uncovered(Right::Call, *k, *p, price), uncovered(Right::Put, *j, *q, price));
            return [if call >= put { call + q } else { put + p }; 2];
        }
        ([], _) | (_, []) => return NEVER,
        _ => {}
    }
    let last_short = shorts.iter().map(|short| short.3).fold(0.0, f64::max);
    let count = |options: &[(Right, f64, f64, f64, bool)], right| options.iter().filter(|o| o.0 == right).count();
    let is_legal = longs.iter().all(|long| long.3 >= last_short)
        && longs.iter().chain(&shorts).all(|option| option.4 == longs[0].4)
        && [Right::Call, Right::Put].iter().all(|&right| count(&longs, right) >= count(&shorts, right));
    if !is_legal {
        return NEVER;
    }
    let intrinsic = |(right, k, ..): &(Right, f64, f64, f64, bool), at: f64| match right {
        Right::Call => (at - k).max(0.0),
        Right::Put => (k - at).max(0.0),
    };
    let worth = |at: f64| {
        longs.iter().map(|o| intrinsic(o, at)).sum::<f64>() - shorts.iter().map(|o| intrinsic(o, at)).sum::<f64>()
    };
    // Every dollar up to far above the strikes, which are whole: not only where it can be worst.
    let loss = (0..400).map(|at| -worth(f64::from(at))).fold(0.0, f64::max);
    let premium: f64 = longs.iter().map(|long| long.2).sum();
    let mut least = loss + premium;
    if longs.len() == 2
        && shorts.len() == 2
        && longs.iter().chain(&shorts).all(|option| option.3 == last_short && option.4)
    {
        let find = |options: &[(Right, f64, f64, f64, bool)], right| options.iter().find(|o| o.0 == right).map(|o| o.1);
        if let (Some(low), Some(high)) = (find(&longs, Right::Call), find(&longs, Right::Put))
            && find(&shorts, Right::Call) == Some(high)
            && find(&shorts, Right::Put) == Some(low)
            && low < high
        {
            least = least.min(0.5 * (high - low) + shorts.iter().map(|short| short.2).sum::<f64>());
        }
    }
    [least; 2]
}

/// The least of each figure over all divisions: by the strategy that the first unit left is in.
fn least(units: &[Unit], price: f64) -> Both {
    let all = (1usize << units.len()) - 1;
    let pick = |set: usize| -> Vec<Unit> {
        units.iter().enumerate().filter(|(index, _)| set >> index & 1 == 1).map(|(_, unit)| *unit).collect()
    };
    let of_set: Vec<Both> = (0..=all).map(|set| strategy(&pick(set), price)).collect();
    let mut best = vec![NEVER; all + 1];
    best[0] = [0.0; 2];
    for set in 1..=all {
        let first = set & set.wrapping_neg();
        let rest = set ^ first;
        let mut others = rest;
        loop {
            let part = others | first;
            for figure in 0..2 {
                best[set][figure] = best[set][figure].min(of_set[part][figure] + best[set ^ part][figure]);
            }
            if others == 0 {
                break;
            }
            others = (others - 1) & rest;
        }
    }
    best[all]
}

/// What options of one expiry without stock can lose at most, longs paid in full.
fn limit(units: &[Unit]) -> f64 {
    let mut calls = 0.0;
    let mut expiry = None;
    let mut paid = 0.0;
    let mut losses = vec![0.0; 400];
    for unit in units {
        let Unit::Option { sign, right, strike, premium, years, .. } = *unit else { return f64::INFINITY };
        if *expiry.get_or_insert(years) != years {
            return f64::INFINITY;
        }
        calls += if right == Right::Call { sign } else { 0.0 };
        paid += sign.max(0.0) * premium;
        for (at, loss) in losses.iter_mut().enumerate() {
            let at = at as f64;
            *loss -= sign * if right == Right::Call { (at - strike).max(0.0) } else { (strike - at).max(0.0) };
        }
    }
    if calls < 0.0 { f64::INFINITY } else { paid + losses.into_iter().fold(0.0, f64::max) }
}

fn holdings(units: &[Unit]) -> Vec<Holding> {
    let mut found: Vec<(Unit, f64)> = Vec::new();
    for unit in units {
        match found.iter_mut().find(|(other, _)| other == unit) {
            Some((_, count)) => *count += 1.0,
            None => found.push((*unit, 1.0)),
        }
    }
    found
        .into_iter()
        .map(|(unit, count)| match unit {
            Unit::Stock { sign } => Holding::Stock { shares: 100.0 * sign * count },
            Unit::Option { sign, right, strike, premium, years, is_european } => Holding::Option {
                option: OptionTerms {
                    right,
                    strike,
                    expiry_years: years,
                    premium,
                    shares_per_contract: 100.0,
                    is_european,
                },
                contracts: sign * count,
            },
        })
        .collect()
}

prop_compose! {
    /// Eight units of few strikes and expiries, so that they fit together; on stocks both cheap and dear.
    fn books()(
        price in prop_oneof![Just(100.0), Just(7.0), 20.0..150.0f64],
        stock in prop_oneof![3 => Just(0.0), 1 => Just(1.0), 1 => Just(-1.0)],
        expiries in prop_oneof![Just(vec![0.2]), Just(vec![0.2, 1.0]), Just(vec![0.1, 0.2, 0.3])],
        is_european in any::<bool>(),
        is_mixed in prop::bool::weighted(0.2),
        width in prop_oneof![Just(1.0), Just(5.0), Just(20.0)],
        rows in prop::collection::vec((any::<bool>(), any::<bool>(), 0..5u8, 0..3usize, 0.0..4.0f64, any::<bool>()), 1..8),
        shares in 1..3usize,
    ) -> (f64, Vec<Unit>) {
        let mut units = vec![];
        if stock != 0.0 {
            units.resize(shares.min(8 - rows.len()), Unit::Stock { sign: stock });
        }
        let middle: f64 = f64::max(f64::round(price), 3.0 * width);
        for (is_call, is_long, step, expiry, time_value, other) in rows {
            let right = if is_call { Right::Call } else { Right::Put };
            let strike = middle + (f64::from(step) - 2.0) * width;
            let years = expiries[expiry % expiries.len()];
            let sign = if is_long { 1.0 } else { -1.0 };
            let is_european = if is_mixed { other } else { is_european };
            // The same series costs the same on both sides.
            let twin = units.iter().find_map(|unit| match *unit {
                Unit::Option { right: r, strike: k, premium, years: t, is_european: e, .. }
                    if (r, k, t, e) == (right, strike, years, is_european) => Some(premium),
                _ => None,
            });
            let premium = twin.unwrap_or(right.out_of_the_money(strike, price) + time_value);
            units.push(Unit::Option { sign, right, strike, premium, years, is_european });
        }
        (price, units)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_division_is_cheaper((price, units) in books()) {
        let pairings = paired(&stock_at(price), &holdings(&units));
        prop_assert!(pairings.unproven.plus(pairings.unproven).initial < 1e-4, "{:?}", pairings);
        let best = least(&units, price).map(|figure| 100.0 * figure.min(limit(&units)));
        let ours = [pairings.requirement.initial, pairings.requirement.maintenance];
        for (ours, best) in ours.iter().zip(best) {
            prop_assert!((ours - best).abs() < 1e-5 * best.max(1.0), "{} and not {}: {:?}", ours, best, pairings);
        }
    }
}
