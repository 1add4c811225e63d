//! A thousand options on the slides of a portfolio margin, price only: what all peers are given as well.

use margin_engine::instrument::Right;
use margin_engine::pricing::black76;
use margin_engine::pricing::grid::{GridOption, GridSlides, GridVols, TotalVol, prices, time_values};
use margin_engine::pricing::implied::implied_vol;
use margin_engine::pricing::numeric::{exp, ln, sqrt};
use serde_json::json;

/// How many options are priced, no two of which share strike and expiry.
pub const OPTIONS: usize = 1_000;
/// On how many slides each; what it is worth before any is the last of them, as in a revaluation.
pub const SLIDES: usize = 36;

const EXPIRY_DAYS: [f64; 12] = [1.0, 2.0, 6.0, 13.0, 20.0, 34.0, 69.0, 97.0, 125.0, 216.0, 307.0, 398.0];
const INDEX: f64 = 80_000.0;
const RATE: f64 = 0.03;
/// What slides do to vols: down, as they are, up.
const VOL_FACTORS: [f64; 3] = [0.75, 1.0, 1.4];

/// Options and slides, as flat lists: the inputs of each pricer.
pub struct Inputs {
    /// K of each option.
    strikes: Vec<f64>,
    /// Call or put.
    rights: Vec<Right>,
    /// Which expiry each option has.
    expiries: Vec<usize>,
    /// Annual vols, three for each option.
    vols: Vec<f64>,
    /// T of each expiry.
    years: Vec<f64>,
    /// D of each expiry.
    discount_factors: Vec<f64>,
    /// F of each expiry on each slide.
    forwards: Vec<f64>,
    /// Which of an option's three vols each slide has.
    vol_kinds: Vec<u32>,
}

impl Default for Inputs {
    fn default() -> Inputs {
        let expiries: Vec<usize> = (0..OPTIONS).map(|option| option * 5 % EXPIRY_DAYS.len()).collect();
        let strikes: Vec<f64> = (0..OPTIONS).map(|option| 40_000.0 + 80.0 * (option * 617 % OPTIONS) as f64).collect();
        let vol = |option: usize| {
            let ln_moneyness = ln(strikes[option] / INDEX);
            VOL_FACTORS.map(|factor| factor * (0.5 + 0.3 * ln_moneyness * ln_moneyness))
        };
        let years: Vec<f64> = EXPIRY_DAYS.iter().map(|days| days / 365.0).collect();
        let price_move = |slide: usize| if slide + 1 == SLIDES { 0.0 } else { -0.32 + 0.04 * (slide % 17) as f64 };
        let forwards = |years: &f64| {
            let forward = INDEX * exp(RATE * years);
            (0..SLIDES).map(move |slide| forward * (1.0 + price_move(slide)))
        };
        Inputs {
            rights: (0..OPTIONS).map(|option| if option % 2 == 0 { Right::Call } else { Right::Put }).collect(),
            vols: (0..OPTIONS).flat_map(vol).collect(),
            discount_factors: years.iter().map(|years| exp(-RATE * years)).collect(),
            forwards: years.iter().flat_map(forwards).collect(),
            vol_kinds: (0..SLIDES).map(|slide| if slide + 1 == SLIDES { 1 } else { slide as u32 / 12 % 3 }).collect(),
            strikes,
            expiries,
            years,
        }
    }
}

/// Our pricers, on lists that are taken once.
pub struct Kernel {
    inputs: Inputs,
    slides: Vec<GridSlides>,
    vols: GridVols,
    time_values: Vec<f64>,
    /// The price of each option on each slide, after a run.
    pub prices: Vec<f64>,
}

impl Default for Kernel {
    fn default() -> Kernel {
        let inputs = Inputs::default();
        let expiry = |expiry: usize| GridSlides {
            forwards: inputs.forwards[expiry * SLIDES..][..SLIDES].to_vec(),
            ln_forwards: vec![0.0; SLIDES],
            discount_factors: vec![inputs.discount_factors[expiry]; SLIDES],
            vol_kinds: inputs.vol_kinds.clone(),
        };
        Kernel {
            slides: (0..EXPIRY_DAYS.len()).map(expiry).collect(),
            vols: GridVols::default(),
            time_values: vec![0.0; SLIDES],
            prices: vec![0.0; OPTIONS * SLIDES],
            inputs,
        }
    }
}

impl Kernel {
    /// Prices all by the grid, as a revaluation does: logarithms of forwards once for each expiry, that of the strike, total
    /// vols, time values and prices for each option.
    pub fn by_grid(&mut self) {
        for slides in &mut self.slides {
            for (ln_forward, forward) in slides.ln_forwards.iter_mut().zip(&slides.forwards) {
                *ln_forward = ln(*forward);
            }
        }
        for (number, out) in self.prices.chunks_exact_mut(SLIDES).enumerate() {
            let expiry = self.inputs.expiries[number];
            let (option, slides) = (GridOption::new(self.inputs.strikes[number]), &self.slides[expiry]);
            let sqrt_years = sqrt(self.inputs.years[expiry]);
            let total_vols = [0, 1, 2].map(|kind| TotalVol::new(self.inputs.vols[3 * number + kind] * sqrt_years));
            self.vols.fill(slides, &total_vols);
            time_values(&option, slides, &self.vols, &mut self.time_values);
            prices(self.inputs.rights[number], option.strike, slides, &self.time_values, out);
        }
    }

    /// Prices all one by one by the formula that marks come from, accurate relative to the price itself.
    pub fn one_by_one(&mut self) {
        let inputs = &self.inputs;
        for (number, out) in self.prices.chunks_exact_mut(SLIDES).enumerate() {
            let (expiry, right, strike) = (inputs.expiries[number], inputs.rights[number], inputs.strikes[number]);
            let (years, discount_factor) = (inputs.years[expiry], inputs.discount_factors[expiry]);
            let forwards = &inputs.forwards[expiry * SLIDES..][..SLIDES];
            for ((out, forward), kind) in out.iter_mut().zip(forwards).zip(&inputs.vol_kinds) {
                let vol = inputs.vols[3 * number + *kind as usize];
                *out = black76::price(right, *forward, strike, vol, years, discount_factor);
            }
        }
    }

    /// Options whose price says something about their vol: right, price, F, K, T and D.
    pub fn quotes(&self) -> Vec<(Right, [f64; 5])> {
        let inputs = &self.inputs;
        let quote = |number: usize| {
            let expiry = inputs.expiries[number];
            let (strike, years, right) = (inputs.strikes[number], inputs.years[expiry], inputs.rights[number]);
            let (forward, discount_factor) =
                (inputs.forwards[expiry * SLIDES + SLIDES - 1], inputs.discount_factors[expiry]);
            let vol = inputs.vols[3 * number + 1];
            let price = black76::price(right, forward, strike, vol, years, discount_factor);
            let is_near = ln(strike / forward).abs() < 3.0 * vol * sqrt(years);
            is_near.then_some((right, [price, forward, strike, years, discount_factor]))
        };
        (0..OPTIONS).filter_map(quote).collect()
    }

    /// Everything as JSON, with our prices by the grid and our implied vols, for peers in other languages. Each number
    /// is read back as it was.
    pub fn document(&mut self) -> String {
        self.by_grid();
        let quotes = self.quotes();
        let implied_vols: Vec<Option<f64>> = quotes.iter().map(implied).collect();
        let is_call = |right: &Right| *right == Right::Call;
        let inputs = &self.inputs;
        json!({
            "options": OPTIONS,
            "slides": SLIDES,
            "strikes": inputs.strikes,
            "is_call": inputs.rights.iter().map(is_call).collect::<Vec<bool>>(),
            "expiries": inputs.expiries,
            "vols": inputs.vols,
            "years": inputs.years,
            "discount_factors": inputs.discount_factors,
            "forwards": inputs.forwards,
            "vol_kinds": inputs.vol_kinds,
            "prices": self.prices,
            "quotes": {
                "is_call": quotes.iter().map(|(right, _)| is_call(right)).collect::<Vec<bool>>(),
                "terms": quotes.iter().map(|(_, terms)| *terms).collect::<Vec<[f64; 5]>>(),
                "implied_vols": implied_vols,
            },
        })
        .to_string()
    }
}

/// Our vol behind a quote of [`Kernel::quotes`]; none where the price does not tell.
pub fn implied((right, [price, forward, strike, years, discount_factor]): &(Right, [f64; 5])) -> Option<f64> {
    implied_vol(*right, *price, *forward, *strike, *years, *discount_factor).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_pricers_agree_and_quotes_have_their_vols() {
        let mut kernel = Kernel::default();
        kernel.by_grid();
        let by_grid = kernel.prices.clone();
        kernel.one_by_one();
        for (one, other) in by_grid.iter().zip(&kernel.prices) {
            assert!((one - other).abs() <= 1e-13 * 130_000.0, "{one} {other}");
        }
        let quotes = kernel.quotes();
        assert!(quotes.len() > OPTIONS / 3 && quotes.iter().all(|quote| implied(quote).is_some()), "{}", quotes.len());
    }

    #[test]
    fn no_two_options_are_priced_at_once() {
        let Inputs { strikes, expiries, .. } = Inputs::default();
        let mut terms: Vec<(u64, usize)> = strikes.iter().map(|strike| strike.to_bits()).zip(expiries).collect();
        terms.sort_unstable();
        terms.dedup();
        assert_eq!(terms.len(), OPTIONS);
    }
}
