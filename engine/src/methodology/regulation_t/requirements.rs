//! The requirement of each strategy, per share and for both figures.

use super::{OptionTerms, Pair, Rates, Underlying};
use crate::pricing::Right;

/// A rule's answer per share.
pub(super) struct Ruling {
    pub pair: Pair,
    /// The part of it that pays for long options.
    pub paid_for_longs: f64,
    /// The initial requirement of n shares.
    pub formula: &'static str,
    /// The names in it but n.
    pub values: Vec<(&'static str, f64)>,
}

impl Ruling {
    fn new(pair: Pair, paid_for_longs: f64, formula: &'static str, values: &[(&'static str, f64)]) -> Ruling {
        let Pair { initial, maintenance } = pair.plus(Pair::both(paid_for_longs));
        if maintenance > initial {
            // Nobody could open what would be called for more at once.
            let values = vec![("maintenance", maintenance)];
            return Ruling { pair: Pair::both(maintenance), paid_for_longs, formula: "n·maintenance", values };
        }
        Ruling { pair: Pair { initial, maintenance }, paid_for_longs, formula, values: values.to_vec() }
    }
}

/// The rules for one underlying.
pub(super) struct Rules {
    pub rates: Rates,
    pub underlying: Underlying,
}

impl Rules {
    /// What an uncovered short option needs beside its price.
    fn beyond_price(&self, option: &OptionTerms) -> f64 {
        let Underlying { price, is_broad_index, leverage } = self.underlying;
        let rate = if is_broad_index { self.rates.broad_index } else { self.rates.equity };
        let floor = match option.right {
            Right::Call => price,
            Right::Put => option.strike,
        };
        let out_of_the_money = option.right.out_of_the_money(price, option.strike);
        ((rate * leverage).min(1.0) * price - out_of_the_money).max((self.rates.least * leverage).min(1.0) * floor)
    }

    /// The names in the formula of an uncovered option.
    fn uncovered_values(&self, option: &OptionTerms) -> Vec<(&'static str, f64)> {
        let Underlying { price, is_broad_index, leverage } = self.underlying;
        vec![
            ("P", option.premium),
            ("b", if is_broad_index { self.rates.broad_index } else { self.rates.equity }),
            ("m", self.rates.least),
            ("L", leverage),
            ("U", price),
            ("K", option.strike),
            ("OTM", option.right.out_of_the_money(price, option.strike)),
        ]
    }

    /// The requirement of an uncovered short option before cash secures it.
    fn uncovered_amount(&self, option: &OptionTerms) -> f64 {
        option.premium + self.beyond_price(option)
    }

    /// A short option alone.
    pub fn uncovered(&self, option: &OptionTerms) -> Ruling {
        let amount = self.uncovered_amount(option);
        let (amount, formula) = match option.right {
            Right::Call => (amount, "n·(P + max(min(b·L, 1)·U − OTM, min(m·L, 1)·U))"),
            Right::Put => (amount.min(option.strike), "n·min(P + max(min(b·L, 1)·U − OTM, min(m·L, 1)·K), K)"),
        };
        Ruling { pair: Pair::both(amount), paid_for_longs: 0.0, formula, values: self.uncovered_values(option) }
    }

    /// A short call and a short put: the greater side's requirement and the other side's price.
    pub fn straddle(&self, call: &OptionTerms, put: &OptionTerms) -> Ruling {
        let of_call = self.uncovered_amount(call) >= self.uncovered_amount(put);
        let (greater, other) = if of_call { (call, put) } else { (put, call) };
        let mut values = self.uncovered_values(greater);
        values.push(("P₂", other.premium));
        let formula = if of_call {
            "n·(P + max(min(b·L, 1)·U − OTM, min(m·L, 1)·U) + P₂)"
        } else {
            "n·(P + max(min(b·L, 1)·U − OTM, min(m·L, 1)·K) + P₂)"
        };
        let amount = self.uncovered_amount(greater) + other.premium;
        Ruling { pair: Pair::both(amount), paid_for_longs: 0.0, formula, values }
    }

    fn is_long_term(&self, option: &OptionTerms) -> bool {
        option.expiry_years > self.rates.long_term_years
    }

    /// The part of a long option's price that must be paid outside spreads; in them it is the whole.
    pub fn paid(&self, option: &OptionTerms) -> f64 {
        if self.is_long_term(option) { self.rates.long_term_option * option.premium } else { option.premium }
    }

    /// A long option alone.
    pub fn long_option(&self, option: &OptionTerms) -> Ruling {
        let formula = if self.is_long_term(option) { "n·LT·P" } else { "n·P" };
        let values = [("P", option.premium), ("LT", self.rates.long_term_option)];
        Ruling::new(
            Pair::default(),
            self.paid(option),
            formula,
            if self.is_long_term(option) { &values } else { &values[..1] },
        )
    }

    /// A long box of European options over two strikes, which returns their difference for certain.
    pub fn european_box(&self, low: f64, high: f64, proceeds: f64) -> Ruling {
        let amount = self.rates.european_box * (high - low) + proceeds;
        let values = [("BX", self.rates.european_box), ("K₂", high), ("K₁", low), ("P", proceeds)];
        Ruling::new(Pair::both(amount), 0.0, "n·(BX·(K₂ − K₁) + P)", &values)
    }

    /// Maintenance rate of long stock.
    fn long_stock_rate(&self) -> f64 {
        (self.rates.long_stock * self.underlying.leverage).min(1.0)
    }

    /// Maintenance of short stock beyond its value.
    fn short_stock_amount(&self) -> f64 {
        let Underlying { price, leverage, .. } = self.underlying;
        ((self.rates.short_stock * leverage).min(1.0) * price).max(self.rates.short_stock_least)
    }

    /// Long stock with an optional long put and an optional short call.
    pub fn long_stock(&self, put: Option<&OptionTerms>, call: Option<&OptionTerms>) -> Ruling {
        let Underlying { price, leverage, .. } = self.underlying;
        let rate = self.long_stock_rate();
        let alone = rate * price;
        let protected =
            |put: &OptionTerms| self.rates.protected_stock * put.strike + put.right.out_of_the_money(price, put.strike);
        let maintenance = match (put, call) {
            (None, None) => alone,
            (None, Some(call)) => rate * price.min(call.strike),
            (Some(put), None) => protected(put).min(alone),
            // A conversion: the strike is received for certain.
            (Some(put), Some(call)) if put.strike == call.strike => self.rates.protected_stock * put.strike,
            (Some(put), Some(call)) => protected(put).min(rate * call.strike),
        };
        let initial = (self.rates.stock_initial * price).max(alone);
        let paid = put.map_or(0.0, |put| self.paid(put));
        let mut values =
            vec![("SI", self.rates.stock_initial), ("SM", self.rates.long_stock), ("L", leverage), ("U", price)];
        values.extend(put.map(|_| ("P", paid)));
        let formula = if put.is_some() { "n·(max(SI, min(SM·L, 1))·U + P)" } else { "n·max(SI, min(SM·L, 1))·U" };
        Ruling::new(Pair { initial, maintenance }, paid, formula, &values)
    }

    /// Short stock with an optional long call and an optional short put.
    pub fn short_stock(&self, call: Option<&OptionTerms>, put: Option<&OptionTerms>) -> Ruling {
        let Underlying { price, leverage, .. } = self.underlying;
        let alone = self.short_stock_amount();
        let protected = |call: &OptionTerms| {
            self.rates.protected_stock * call.strike + call.right.out_of_the_money(price, call.strike)
        };
        // What an assignment would pay above the market.
        let in_the_money = put.map_or(0.0, |put| (put.strike - price).max(0.0));
        let maintenance = match (call, put) {
            (None, _) => alone,
            (Some(call), None) => protected(call).min(alone),
            // A reverse conversion: the strike is paid for certain.
            (Some(call), Some(_)) => self.rates.protected_stock * call.strike,
        };
        let initial = (self.rates.stock_initial * price).max(alone);
        let paid = call.map_or(0.0, |call| self.paid(call));
        let beside = price + in_the_money;
        let mut values = vec![
            ("U", price),
            ("SI", self.rates.stock_initial),
            ("SS", self.rates.short_stock),
            ("L", leverage),
            ("least", self.rates.short_stock_least),
        ];
        values.extend(put.map(|_| ("ITM", in_the_money)));
        values.extend(call.map(|_| ("P", paid)));
        let formula = match (call, put) {
            (None, None) => "n·(U + max(SI·U, min(SS·L, 1)·U, least))",
            (None, Some(_)) => "n·(U + max(SI·U, min(SS·L, 1)·U, least) + ITM)",
            (Some(_), None) => "n·(U + max(SI·U, min(SS·L, 1)·U, least) + P)",
            (Some(_), Some(_)) => "n·(U + max(SI·U, min(SS·L, 1)·U, least) + ITM + P)",
        };
        Ruling::new(Pair { initial: beside + initial, maintenance: beside + maintenance }, paid, formula, &values)
    }
}

/// The loss of a position in an option at a price of the underlying: what it is in the money, for shorts.
pub(super) fn loss_at(option: &OptionTerms, is_short: bool, price: f64) -> f64 {
    let intrinsic = option.right.out_of_the_money(option.strike, price);
    if is_short { intrinsic } else { -intrinsic }
}
