//! Other crates on the inputs of `margin-bench`: `margin-bench-peers INPUTS [--quick]`, JSON on standard output.
#![deny(missing_docs)]

use std::error::Error;
use std::fs;
use std::hint::black_box;

use blackscholes::{OptionType, Pricing};
use implied_vol::{DefaultSpecialFn, ImpliedBlackVolatility};
use serde_json::Value;

#[path = "../../src/timing.rs"]
mod timing;

/// What `timing` times.
mod cases {
    /// Something to time.
    pub struct Case {
        /// What one run does how often.
        pub units: usize,
        /// One run.
        pub run: Box<dyn FnMut()>,
    }

    impl Case {
        /// So many runs.
        pub fn run(&mut self, repetitions: u32) {
            (0..repetitions).for_each(|_| (self.run)());
        }
    }
}

use cases::Case;
use timing::{Effort, measure};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("margin-bench-peers INPUTS [--quick]")?;
    let inputs: Value = serde_json::from_str(&fs::read_to_string(path)?)?;
    let effort = Effort::new(arguments.iter().any(|argument| argument == "--quick"));
    let found = [prices(&inputs, effort)?, implied_vols(&inputs, effort)?];
    println!("{}", Value::from_iter(found));
    Ok(())
}

/// A list of numbers.
fn numbers(value: &Value) -> Result<Vec<f64>, Box<dyn Error>> {
    let list = value.as_array().ok_or("the inputs lack a list")?;
    list.iter().map(|number| number.as_f64().ok_or_else(|| "a list holds no number".into())).collect()
}

/// A list of yes and no.
fn answers(value: &Value) -> Result<Vec<bool>, Box<dyn Error>> {
    let list = value.as_array().ok_or("the inputs lack a list")?;
    list.iter().map(|answer| answer.as_bool().ok_or_else(|| "a list holds no answer".into())).collect()
}

/// `calc_price` of the crate `blackscholes`, which counts in single precision.
fn prices(inputs: &Value, effort: Effort) -> Result<Value, Box<dyn Error>> {
    let slides = inputs["slides"].as_u64().ok_or("the inputs lack the slides")? as usize;
    let (strikes, is_call) = (numbers(&inputs["strikes"])?, answers(&inputs["is_call"])?);
    let (expiries, kinds) = (numbers(&inputs["expiries"])?, numbers(&inputs["vol_kinds"])?);
    let (vols, forwards) = (numbers(&inputs["vols"])?, numbers(&inputs["forwards"])?);
    let (years, discount_factors) = (numbers(&inputs["years"])?, numbers(&inputs["discount_factors"])?);
    let ours = numbers(&inputs["prices"])?;
    let mut options = Vec::new();
    let mut scales = Vec::new();
    for (option, strike) in strikes.iter().enumerate() {
        let expiry = expiries[option] as usize;
        let rate = -discount_factors[expiry].ln() / years[expiry];
        for (slide, kind) in kinds.iter().enumerate() {
            let forward = forwards[expiry * slides + slide];
            options.push(blackscholes::Inputs {
                option_type: if is_call[option] { OptionType::Call } else { OptionType::Put },
                s: (forward * discount_factors[expiry]) as f32,
                k: *strike as f32,
                p: None,
                r: rate as f32,
                q: 0.0,
                t: years[expiry] as f32,
                sigma: Some(vols[3 * option + *kind as usize] as f32),
            });
            scales.push(strike.max(forward));
        }
    }
    let price = |option: &blackscholes::Inputs| option.calc_price().unwrap_or(f32::NAN);
    let error = |index: usize| (f64::from(price(&options[index])) - ours[index]).abs() / scales[index];
    let largest = (0..options.len()).map(error).fold(0.0, larger);
    let mut out = vec![0.0_f32; options.len()];
    let run = move || {
        for (out, option) in out.iter_mut().zip(&options) {
            *out = price(option);
        }
        black_box(&out);
    };
    let mut case = Case { units: ours.len(), run: Box::new(run) };
    Ok(as_peer(
        measure("kernel", &mut case, effort),
        "crate blackscholes",
        "`calc_price`, in single precision",
        largest,
    ))
}

/// The crate `implied-vol`, which our implied vols start from.
fn implied_vols(inputs: &Value, effort: Effort) -> Result<Value, Box<dyn Error>> {
    let quotes = &inputs["quotes"];
    let is_call = answers(&quotes["is_call"])?;
    let terms = quotes["terms"].as_array().ok_or("the inputs lack terms")?;
    let terms: Vec<Vec<f64>> = terms.iter().map(numbers).collect::<Result<_, _>>()?;
    let ours = numbers(&quotes["implied_vols"])?;
    let quotes: Vec<(bool, Vec<f64>)> = is_call.into_iter().zip(terms).collect();
    let vol = |(is_call, terms): &(bool, Vec<f64>)| {
        ImpliedBlackVolatility::builder()
            .option_price(terms[0] / terms[4])
            .forward(terms[1])
            .strike(terms[2])
            .expiry(terms[3])
            .is_call(*is_call)
            .build()
            .and_then(|solver| solver.calculate::<DefaultSpecialFn>())
            .unwrap_or(f64::NAN)
    };
    let largest = quotes.iter().zip(&ours).map(|(quote, ours)| (vol(quote) - ours).abs() / ours).fold(0.0, larger);
    let run = move || {
        black_box(quotes.iter().map(&vol).sum::<f64>());
    };
    let mut case = Case { units: ours.len(), run: Box::new(run) };
    let note = "the start of our own, which two steps of Newton's method follow";
    Ok(as_peer(measure("implied-vol", &mut case, effort), "crate implied-vol", note, largest))
}

/// The larger; what is no number is as far as can be.
fn larger(largest: f64, error: f64) -> f64 {
    if error <= largest {
        largest
    } else if error >= 0.0 {
        error
    } else {
        f64::MAX
    }
}

fn as_peer(mut measured: Value, peer: &str, note: &str, largest_error: f64) -> Value {
    measured["peer"] = peer.into();
    measured["note"] = note.into();
    measured["largest_error"] = largest_error.into();
    measured
}
