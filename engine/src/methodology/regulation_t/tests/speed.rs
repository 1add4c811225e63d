//! Large random accounts: the search ends, and never costs more than the holdings alone.

use super::*;

/// Numbers below a bound from a linear congruential generator (Knuth's MMIX), which needs no library.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32 % bound
    }
}

/// Sixty option series of so many expiries around a stock, and the stock itself in one book of two.
fn book(numbers: &mut Numbers, expiries: u32, most_contracts: u32) -> (Underlying, Vec<Holding>) {
    let mut holdings = Vec::new();
    let mut seen = Vec::new();
    while holdings.len() < 60 {
        let right = if numbers.below(2) == 0 { Right::Call } else { Right::Put };
        let strike = 70.0 + f64::from(numbers.below(60));
        let years = 0.05 * f64::from(1 + numbers.below(expiries));
        let sign = if numbers.below(2) == 0 { 1.0 } else { -1.0 };
        let contracts = sign * f64::from(1 + numbers.below(most_contracts));
        if seen.contains(&(right, strike.to_bits(), years.to_bits())) {
            continue;
        }
        seen.push((right, strike.to_bits(), years.to_bits()));
        let premium = right.out_of_the_money(strike, 100.0) + f64::from(numbers.below(500)) / 100.0;
        holdings.push(option(contracts, right, strike, premium, years));
    }
    if numbers.below(2) == 0 {
        holdings[0] = Holding::Stock { shares: 100.0 * (f64::from(numbers.below(40)) - 20.0) };
    }
    (stock_at(100.0), holdings)
}

#[test]
fn sixty_legs() {
    for (expiries, most_contracts) in [(1, 1), (1, 10), (3, 1), (3, 10), (6, 1), (6, 10), (20, 3)] {
        let mut numbers = Numbers(7 + u64::from(expiries));
        let (mut worst, mut total, mut open, mut gap) = (0.0, 0.0, 0, 0.0);
        for _ in 0..20 {
            let (underlying, holdings) = book(&mut numbers, expiries, most_contracts);
            let start = std::time::Instant::now();
            let pairings = paired(&underlying, &holdings);
            let took = start.elapsed().as_secs_f64() * 1e3;
            worst = f64::max(worst, took);
            total += took;
            let unproven = pairings.unproven.initial / pairings.requirement.initial;
            open += usize::from(unproven > 1e-9);
            gap = f64::max(gap, unproven);
            let alone: f64 = holdings.iter().map(|holding| paired(&underlying, &[*holding]).requirement.initial).sum();
            assert!(pairings.requirement.initial <= alone + 1e-6);
        }
        eprintln!(
            "{expiries} expiries, up to {most_contracts}: worst {worst:.1} ms, mean {:.1} ms, open {open}, gap {gap:.4}",
            total / 20.0
        );
    }
}
