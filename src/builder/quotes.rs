//! The prices that the chain shows, as numbers.

use margin_engine::asset::Asset;
use margin_engine::instrument::{Expiry, Right};
use margin_engine::market::Underlying;
use margin_engine::order::sorted_by;
use margin_engine::pricing::american::{Accuracy, Boundary};
use margin_engine::pricing::black76;
use margin_engine::pricing::numeric::ln;

use super::venue::{Trades, Venue};

/// One option of the chain, per coin or share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptionQuote {
    /// Price in the quote currency: of options on shares with early exercise, else Black-76.
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
    /// The underlying.
    pub asset: Asset,
    /// How its options are listed.
    pub venue: Venue,
    /// The expiry.
    pub expiry: Expiry,
    /// Years to it; zero once the what-if has passed it.
    pub years: f64,
    /// The forward to the expiry.
    pub forward: f64,
    /// By rising strike; empty where no options are listed.
    pub strikes: Vec<StrikeQuote>,
}

impl ChainQuotes {
    /// The chain of a listed expiry; none for one that is not listed.
    pub fn new(coin: &Underlying, expiry: Expiry) -> Option<ChainQuotes> {
        let listed = coin.expiry(expiry)?;
        let venue = Venue::of(coin);
        let (forward, years, rate) = (listed.forward(), listed.years(), listed.discount_rate());
        let is_american = venue.trades == Trades::Shares && years > 0.0;
        let quote = |&strike: &f64| {
            // An expiry without a smile lists no options.
            let vol_annual = listed.smile().vol(strike)?;
            let option = |right| {
                if is_american {
                    let dividend_yield = rate - ln(forward / coin.index()) / years;
                    let terms = Boundary::new(right, strike, vol_annual, years, rate, dividend_yield, Accuracy::Fast);
                    return american(&terms, coin.index(), forward);
                }
                let unit = black76::sensitivities(right, forward, strike, vol_annual, years, rate);
                OptionQuote { mark: unit.price, delta: unit.delta_forward }
            };
            Some(StrikeQuote { strike, vol_annual, call: option(Right::Call), put: option(Right::Put) })
        };
        Some(ChainQuotes {
            asset: coin.asset(),
            venue,
            expiry,
            years,
            forward,
            strikes: listed.listed_strikes().iter().filter_map(quote).collect(),
        })
    }

    /// The row of a listed strike.
    pub fn at(&self, strike: f64) -> Option<&StrikeQuote> {
        let found = self.strikes.binary_search_by(|row| row.strike.total_cmp(&strike));
        found.ok().map(|position| &self.strikes[position])
    }

    /// The first strike that is not below the forward.
    pub fn first_above(&self) -> Option<f64> {
        self.strikes.get(self.strikes.partition_point(|row| row.strike < self.forward)).map(|row| row.strike)
    }

    /// At most so many strikes around the forward, rising, and those that are held.
    ///
    /// Where strikes are listed so densely that this many would not reach past 15 delta on both sides, only round
    /// ones are taken, and the one nearest to the forward.
    pub fn readable(&self, rows: usize, held: &[f64]) -> Vec<f64> {
        let at_the_money = self.nearest(self.forward);
        let is_wanted = |strike: f64, step: f64| Some(strike) == at_the_money || is_multiple(strike, step);
        let fits = |step: &f64| {
            let inside = self.strikes.iter().filter(|row| (0.15..=0.85).contains(&row.call.delta));
            inside.filter(|row| is_wanted(row.strike, *step)).count() <= rows
        };
        let step = round_steps(self.forward).find(fits);
        let round = self.strikes.iter().map(|row| row.strike);
        let round: Vec<f64> = round.filter(|strike| step.is_none_or(|step| is_wanted(*strike, step))).collect();
        let below = round.partition_point(|strike| *strike < self.forward);
        let start = below.saturating_sub(rows / 2).min(round.len().saturating_sub(rows));
        let mut shown = round[start..(start + rows).min(round.len())].to_vec();
        shown.extend(held.iter().filter(|strike| self.at(**strike).is_some()));
        let mut shown = sorted_by(shown, |strike| *strike);
        shown.dedup();
        // As many rows as before: what is held far away takes the place of the outermost strikes that are not, or the
        // page below would jump while the market moves.
        while shown.len() > rows {
            let is_free = |strike: &f64| !held.contains(strike);
            let (first, last) = (shown.iter().position(is_free), shown.iter().rposition(is_free));
            let (Some(first), Some(last)) = (first, last) else { break };
            let is_first_farther = self.forward - shown[first] > shown[last] - self.forward;
            shown.remove(if is_first_farther { first } else { last });
        }
        shown
    }

    /// The listed strike nearest to a price.
    pub fn nearest(&self, price: f64) -> Option<f64> {
        let strikes = self.strikes.iter().map(|row| row.strike);
        strikes.min_by(|a, b| (a - price).abs().total_cmp(&(b - price).abs()))
    }
}

/// Price, and delta by the forward as a central difference.
fn american(terms: &Boundary, spot: f64, forward: f64) -> OptionQuote {
    let step = 0.002 * spot;
    let slope = (terms.price(spot + step) - terms.price(spot - step)) / (2.0 * step);
    OptionQuote { mark: terms.price(spot), delta: slope * spot / forward }
}

/// 1, 2, 5, 10, … from a ten-thousandth of a price up to the price.
fn round_steps(price: f64) -> impl Iterator<Item = f64> {
    let decade = (ln(price) / std::f64::consts::LN_10).floor() as i32;
    (decade - 4..=decade).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)))
}

fn is_multiple(strike: f64, step: f64) -> bool {
    let times = strike / step;
    (times - times.round()).abs() < 1e-6
}

#[cfg(test)]
mod tests {
    use margin_engine::account::{Account, Position, Quantity};
    use margin_engine::book::{Book, ExpiredPositions};
    use margin_engine::instrument::Kind;
    use margin_engine::pricing::numeric::exp;

    use super::*;
    use crate::state::markets::{BUNDLED, named};

    #[test]
    fn a_price_of_the_chain_is_the_mark_of_the_leg_that_a_click_adds() {
        let market = named("us-2025-10-06").expect("bundled");
        for underlying in market.underlyings() {
            let Some(listed) = underlying.expiries().last() else { continue };
            let chain = ChainQuotes::new(underlying, listed.expiry()).expect("listed");
            for row in chain.strikes.iter().step_by(7) {
                for right in [Right::Call, Right::Put] {
                    let kind = Kind::Option { expiry: chain.expiry, strike: row.strike, right };
                    let instrument = chain.venue.instrument(kind).expect("listed");
                    let position = Position { instrument, quantity: Quantity::coins(1.0), entry_price: None };
                    let account = Account::new(Asset::USD, vec![position], vec![]).expect("valid");
                    let book = Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("resolves");
                    let (leg, quote) = (&book.legs[0], row.option(right));
                    assert!((leg.mark() - quote.mark).abs() < 2e-5 * chain.forward, "{instrument}");
                    let delta = leg.delta_coins() / leg.coins;
                    assert!((delta - quote.delta).abs() < 0.02, "{instrument}: {delta} {}", quote.delta);
                    assert_eq!(leg.coins, chain.venue.contract_size, "{instrument}");
                }
            }
        }
    }

    #[test]
    fn every_listed_option_has_a_price_and_call_less_put_is_the_discounted_forward_less_the_strike() {
        for bundled in BUNDLED {
            let market = named(bundled.name).expect("tested elsewhere");
            for coin in market.underlyings() {
                for listed in coin.expiries() {
                    let chain = ChainQuotes::new(coin, listed.expiry()).expect("listed");
                    assert_eq!(chain.strikes.len(), listed.listed_strikes().len());
                    for row in &chain.strikes {
                        assert_eq!(chain.at(row.strike), Some(row));
                        // Early exercise makes the dearer of the two dearer still, by no more than interest and yield.
                        let discount = exp(-listed.discount_rate() * listed.years());
                        let parity = row.call.mark - row.put.mark - discount * (chain.forward - row.strike);
                        let is_american = chain.venue.trades == Trades::Shares;
                        let earned = row.strike * (1.0 - discount) + (coin.index() - discount * chain.forward).abs();
                        let slack = if is_american { earned } else { 0.0 };
                        assert!(parity.abs() <= 1e-6 * chain.forward + slack, "{} {}", listed.expiry(), row.strike);
                    }
                }
            }
        }
    }

    #[test]
    fn a_readable_chain_lies_on_both_sides_of_the_forward() {
        for bundled in BUNDLED {
            let market = named(bundled.name).expect("tested elsewhere");
            for coin in market.underlyings() {
                for listed in coin.expiries() {
                    let chain = ChainQuotes::new(coin, listed.expiry()).expect("listed");
                    let rows = chain.readable(14, &[]);
                    assert!((10..=14).contains(&rows.len()), "{} {rows:?}", listed.expiry());
                    assert!(rows[2] < chain.forward && chain.forward <= rows[rows.len() - 3], "{}", listed.expiry());
                    assert!(rows.contains(&chain.nearest(chain.forward).expect("listed")), "{}", listed.expiry());
                    assert!(rows.is_sorted());
                }
            }
        }
    }

    #[test]
    fn dense_strikes_are_thinned_to_round_ones_and_those_held() {
        let market = named(BUNDLED[0].name).expect("tested elsewhere");
        let expiry = Expiry::parse("25SEP26").expect("a date");
        let chain = ChainQuotes::new(&market.underlyings()[0], expiry).expect("listed");
        let thousands = |strikes: Vec<f64>| strikes.iter().map(|strike| strike / 1000.0).collect::<Vec<_>>();
        let round = [66.0, 68.0, 70.0, 72.0, 74.0, 76.0, 77.0, 78.0, 80.0, 82.0, 84.0, 86.0, 88.0, 90.0];
        assert_eq!(thousands(chain.readable(14, &[])), round);
        let held = thousands(chain.readable(14, &[120_000.0, 70_000.0, 1.0]));
        // In the place of the strike that was farthest away.
        let expected = [66.0, 68.0, 70.0, 72.0, 74.0, 76.0, 77.0, 78.0, 80.0, 82.0, 84.0, 86.0, 88.0, 120.0];
        assert_eq!(held, expected);
    }

    #[test]
    fn an_expiry_that_is_not_listed_has_no_chain() {
        let market = named(BUNDLED[0].name).expect("tested elsewhere");
        assert_eq!(ChainQuotes::new(&market.underlyings()[0], Expiry::parse("1JAN27").expect("a date")), None);
    }
}
