//! How long one option takes on one slide, by the lanes and by the reference on single numbers. What is added around it
//! in a revaluation is in `assessment.rs`.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use margin_engine::instrument::Right;
use margin_engine::pricing::grid::{GridOption, GridSlides, GridVols, TotalVol, prices, scalar, time_values};
use margin_engine::pricing::numeric::ln;

const SLIDES: usize = 36;
const STRIKE: f64 = 80_000.0;

fn slides() -> GridSlides {
    let forwards: Vec<f64> = (0..SLIDES).map(|slide| STRIKE * (0.7 + 0.017 * slide as f64)).collect();
    GridSlides {
        ln_forwards: forwards.iter().map(|forward| ln(*forward)).collect(),
        discount_factors: vec![0.99; SLIDES],
        // Vol down, as it is and up, in turns.
        vol_kinds: (0..SLIDES as u32).map(|slide| slide % 3).collect(),
        forwards,
    }
}

fn kernel(criterion: &mut Criterion) {
    let slides = slides();
    let kinds = [0.11, 0.15, 0.2].map(TotalVol::new);
    let option = GridOption::new(1.1 * STRIKE);
    let mut vols = GridVols::default();
    vols.fill(&slides, &kinds);
    let (mut values, mut row) = ([0.0; SLIDES], [0.0; SLIDES]);
    let mut group = criterion.benchmark_group("kernel");
    // One option on one slide is an element.
    group.throughput(Throughput::Elements(SLIDES as u64));
    group.bench_function("time values", |bencher| {
        bencher.iter(|| time_values(black_box(&option), &slides, &vols, black_box(&mut values)));
    });
    group.bench_function("vols, time values and prices", |bencher| {
        bencher.iter(|| {
            vols.fill(&slides, black_box(&kinds));
            time_values(black_box(&option), &slides, &vols, &mut values);
            prices(Right::Put, option.strike, &slides, &values, black_box(&mut row));
        });
    });
    group.bench_function("reference on single numbers", |bencher| {
        bencher.iter(|| {
            for (slide, value) in values.iter_mut().enumerate() {
                let vol = kinds[slides.vol_kinds[slide] as usize];
                let (forward, ln_forward) = (slides.forwards[slide], slides.ln_forwards[slide]);
                // By itself each, or the compiler would find the lanes too.
                *value = black_box(scalar::time_value(black_box(&option), forward, ln_forward, vol));
            }
        });
    });
}

criterion_group!(benches, kernel);
criterion_main!(benches);
