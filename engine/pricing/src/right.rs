//! Call or put.

/// The side of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// The right to buy at the strike.
    Call,
    /// The right to sell at the strike.
    Put,
}

impl Right {
    /// How far an option is out of the money, in the quote currency; zero in the money.
    pub fn out_of_the_money(self, underlying: f64, strike: f64) -> f64 {
        match self {
            Right::Call => (strike - underlying).max(0.0),
            Right::Put => (underlying - strike).max(0.0),
        }
    }

    /// What an option pays when the underlying is at `price`, in the quote currency: max(S − K, 0) of a call,
    /// max(K − S, 0) of a put.
    pub fn payoff(self, price: f64, strike: f64) -> f64 {
        let value = match self {
            Right::Call => price - strike,
            Right::Put => strike - price,
        };
        // Not `max`, which would turn NaN into zero.
        if value < 0.0 { 0.0 } else { value }
    }
}
