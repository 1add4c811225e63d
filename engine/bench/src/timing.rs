//! Medians natively; `js/harness.js` does the same where the clock is JavaScript's.

use std::time::Instant;

use serde_json::{Value, json};

use crate::cases::Case;

/// How much time a case gets.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// So often a time is taken.
    pub samples: usize,
    /// Each over so many milliseconds at least, in as many runs as that takes.
    pub sample_ms: f64,
}

impl Effort {
    /// Enough for quartiles within a few hundredths, or for a look.
    pub fn new(quick: bool) -> Effort {
        if quick { Effort { samples: 5, sample_ms: 5.0 } } else { Effort { samples: 21, sample_ms: 20.0 } }
    }
}

/// Times a case; the answer has nanoseconds of one run, as median and quartiles.
pub fn measure(name: &str, case: &mut Case, effort: Effort) -> Value {
    let time = |case: &mut Case, repetitions: u32| {
        let start = Instant::now();
        case.run(repetitions);
        start.elapsed().as_secs_f64() * 1e3
    };
    // Twice as many until they take long enough, which also warms up.
    let mut repetitions = 1;
    while time(case, repetitions) < effort.sample_ms && repetitions < 1 << 30 {
        repetitions *= 2;
    }
    let mut samples: Vec<f64> =
        (0..effort.samples).map(|_| time(case, repetitions) * 1e6 / f64::from(repetitions)).collect();
    samples.sort_unstable_by(f64::total_cmp);
    let [lower, median, upper] = [1, 2, 3].map(|quarter| samples[(samples.len() - 1) * quarter / 4]);
    json!({
        "case": name, "units": case.units, "median_ns": median, "lower_quartile_ns": lower, "upper_quartile_ns": upper,
        "samples": effort.samples, "repetitions": repetitions,
    })
}
