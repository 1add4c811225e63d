//! The prices that the chain shows, as numbers.

use margin_engine::asset::Asset;
use margin_engine::instrument::{Expiry, Right};
use margin_engine::market::Underlying;
use margin_engine::pricing::black76;

/// One option of the chain, per coin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptionQuote {
    /// Black-76 price in the quote currency.
    pub mark: f64,
    /// Forward delta.
    pub delta: f64,
}

/// One row of the chain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StrikeQuote {
    /// The strike.
    pub strike: f64,
    /// Annual vol; call and put share it.
    pub vol_annual: f64,
    /// The call.
    pub call: OptionQuote,
    /// The put.
    pub put: OptionQuote,
}

impl StrikeQuote {
    /// The call or the put.
    pub fn option(&self, right: Right) -> OptionQuote {
        match right {
            Right::Call => self.call,
            Right::Put => self.put,
        }
    }
}

/// The chain of one expiry.
#[derive(Debug, Clone, PartialEq)]
pub struct ChainQuotes {
    /// The coin.
    pub asset: Asset,
    /// The expiry.
    pub expiry: Expiry,
    /// Years to it; zero once the what-if has passed it.
    pub years: f64,
    /// The index.
    pub index: f64,
    /// The forward to the expiry, which is the future's mark.
    pub forward: f64,
    /// The perpetual's mark.
    pub perpetual: f64,
    /// Whether the source quoted the perpetual; otherwise its mark is the index.
    pub quotes_perpetual: bool,
    /// By rising strike; empty where no options are listed.
    pub strikes: Vec<StrikeQuote>,
}

impl ChainQuotes {
    /// The chain of a listed expiry; none for one that is not listed.
    pub fn new(coin: &Underlying, expiry: Expiry) -> Option<ChainQuotes> {
        let listed = coin.expiry(expiry)?;
        let (forward, years, rate) = (listed.forward(), listed.years(), listed.discount_rate());
        let quote = |&strike: &f64| {
            // An expiry without a smile lists no options.
            let vol_annual = listed.smile().vol(strike)?;
            let option = |right| {
                let unit = black76::sensitivities(right, forward, strike, vol_annual, years, rate);
                OptionQuote { mark: unit.price, delta: unit.delta_forward }
            };
            Some(StrikeQuote { strike, vol_annual, call: option(Right::Call), put: option(Right::Put) })
        };
        Some(ChainQuotes {
            asset: coin.asset(),
            expiry,
            years,
            index: coin.index(),
            forward,
            perpetual: coin.perpetual_mark(),
            quotes_perpetual: coin.quotes_perpetual(),
            strikes: listed.listed_strikes().iter().filter_map(quote).collect(),
        })
    }

    /// The row of a listed strike.
    pub fn at(&self, strike: f64) -> Option<&StrikeQuote> {
        let found = self.strikes.binary_search_by(|row| row.strike.total_cmp(&strike));
        found.ok().map(|position| &self.strikes[position])
    }

    /// How many strikes lie below the forward.
    fn below_forward(&self) -> usize {
        self.strikes.partition_point(|row| row.strike < self.forward)
    }

    /// The first strike that is not below the forward.
    pub fn first_above(&self) -> Option<f64> {
        self.strikes.get(self.below_forward()).map(|row| row.strike)
    }

    /// At most so many strikes around the forward, as many on each side as there are.
    pub fn around_forward(&self, rows: usize) -> &[StrikeQuote] {
        let start = self.below_forward().saturating_sub(rows / 2).min(self.strikes.len().saturating_sub(rows));
        &self.strikes[start..(start + rows).min(self.strikes.len())]
    }

    /// The future's distance from the index, relative.
    pub fn basis(&self) -> f64 {
        self.forward / self.index - 1.0
    }

    /// The basis per year, where there is time left.
    pub fn basis_per_year(&self) -> Option<f64> {
        (self.years > 0.0).then(|| self.basis() / self.years)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::markets::{BUNDLED, named};

    #[test]
    fn every_listed_option_has_a_price_and_call_less_put_is_the_forward_less_the_strike() {
        for bundled in BUNDLED {
            let market = named(bundled.name).expect("tested elsewhere");
            for coin in market.underlyings() {
                for listed in coin.expiries() {
                    let chain = ChainQuotes::new(coin, listed.expiry()).expect("listed");
                    assert_eq!(chain.strikes.len(), listed.listed_strikes().len());
                    for row in &chain.strikes {
                        assert_eq!(chain.at(row.strike), Some(row));
                        let parity = row.call.mark - row.put.mark - (chain.forward - row.strike);
                        assert!(parity.abs() < 1e-6 * chain.forward, "{} {}", listed.expiry(), row.strike);
                    }
                }
            }
        }
    }

    #[test]
    fn rows_around_the_forward_lie_on_both_sides() {
        let market = named(BUNDLED[0].name).expect("tested elsewhere");
        let coin = &market.underlyings()[0];
        for listed in coin.expiries() {
            let chain = ChainQuotes::new(coin, listed.expiry()).expect("listed");
            let rows = chain.around_forward(14);
            assert_eq!(rows.len(), 14);
            assert!(rows[0].strike < chain.forward && chain.forward <= rows[13].strike);
            assert_eq!(chain.around_forward(1000).len(), chain.strikes.len());
        }
    }

    #[test]
    fn an_expiry_that_is_not_listed_has_no_chain() {
        let market = named(BUNDLED[0].name).expect("tested elsewhere");
        assert_eq!(ChainQuotes::new(&market.underlyings()[0], Expiry::parse("1JAN27").expect("a date")), None);
    }
}
