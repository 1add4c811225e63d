//! Accounts of sixty series: the search comes to its end where positions were opened as strategies, and near it
//! where they were drawn at random.

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

/// Fifteen strategies of four legs as somebody would open them, of one to three contracts, in six expiries.
fn opened_book(numbers: &mut Numbers) -> (Underlying, Vec<Holding>) {
    let mut holdings: Vec<Holding> = Vec::new();
    for place in 0..15 {
        let years = 0.05 * f64::from(1 + numbers.below(6));
        let contracts = f64::from(1 + numbers.below(3));
        let width = f64::from(1 + numbers.below(5));
        // Each in strikes of its own, so that no series is held on both sides.
        let part = 0.01 * f64::from(place);
        let put = 95.0 + part - f64::from(numbers.below(15));
        let call = 105.0 + part + f64::from(numbers.below(15));
        let premium = |right: Right, strike: f64| {
            right.out_of_the_money(strike, 100.0) + 3.0 * years * (25.0 - (strike - 100.0).abs()).max(1.0)
        };
        let legs = [
            (1.0, Right::Put, put - width),
            (-1.0, Right::Put, put),
            (-1.0, Right::Call, call),
            (1.0, Right::Call, call + width),
        ];
        for (sign, right, strike) in legs {
            holdings.push(option(sign * contracts, right, strike, premium(right, strike), years));
        }
    }
    (stock_at(100.0), holdings)
}

#[test]
fn what_somebody_would_open_is_paired_to_the_end() {
    let mut numbers = Numbers(5);
    for _ in 0..20 {
        let (underlying, holdings) = opened_book(&mut numbers);
        assert!(paired(&underlying, &holdings).unproven.initial < 1e-6);
    }
}

#[test]
fn random_books_never_need_more_than_their_holdings_alone() {
    for (expiries, most_contracts) in [(1, 1), (1, 10), (6, 1), (20, 3)] {
        let mut numbers = Numbers(7 + u64::from(expiries));
        for _ in 0..5 {
            let (underlying, holdings) = book(&mut numbers, expiries, most_contracts);
            let pairings = paired(&underlying, &holdings);
            let alone: f64 = holdings.iter().map(|holding| paired(&underlying, &[*holding]).requirement.initial).sum();
            assert!(pairings.requirement.initial <= alone);
            // Random contracts hardly fit together: the search may end early, but says how near it came.
            let unproven = pairings.unproven.initial / pairings.requirement.initial;
            assert!((0.0..0.2).contains(&unproven), "{unproven}");
            assert!(expiries > 1 || unproven < 0.02, "{unproven}");
        }
    }
}
