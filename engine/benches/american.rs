//! How long American legs take: resolved, on the slides of methodologies, on many days, and along a curve of prices.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use margin_engine::book::{Book, BookShift};
use margin_engine::collateral::default_for;
use margin_engine::insight::{CurveAxis, CurveRange, Moved, margin_curve};
use margin_engine::instrument::Right;
use margin_engine::methodology::{assess, find};
use margin_engine::pricing::american::{Accuracy, Boundary};
use margin_engine::progress::Progress;
use margin_engine::slide::{Slide, SlideGrid, Stress, TermScaling, VolMove, revalue};

#[path = "support/american_books.rs"]
mod books;

const SIZES: [usize; 3] = [10, 100, 1_000];
/// Days of history, as value at risk has them.
const DAYS: usize = 1_000;

/// The parts: a boundary at either setting, and a price once there is one.
fn parts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("american/parts");
    let boundary = |accuracy| Boundary::new(Right::Put, 260.0, 0.3, 0.4, 0.04, 0.01, accuracy);
    for (name, accuracy) in [("boundary, fast", Accuracy::Fast), ("boundary, accurate", Accuracy::Accurate)] {
        group.bench_function(name, |bencher| bencher.iter(|| boundary(black_box(accuracy))));
    }
    let known = boundary(Accuracy::Fast);
    group.bench_function("price, fast", |bencher| bencher.iter(|| known.price(black_box(255.0))));
}

fn revaluations(criterion: &mut Criterion) {
    let book_of = |legs| books::unlike_options(legs);
    let mut grids: Vec<(String, SlideGrid)> = ["tims", "custom"]
        .map(|id| {
            let methodology = find(id).expect("registered").configure(None).expect("a preset");
            (id.to_owned(), methodology.slides(&book_of(1)).expect("it has rules for shares"))
        })
        .into();
    grids.push(("1,000 days".to_owned(), days(|_| VolMove::Unchanged)));
    let reacting =
        |price_move: f64| VolMove::Relative { change: -1.5 * price_move, term: TermScaling::FLAT, floor: 0.0 };
    grids.push(("1,000 days, each its vol".to_owned(), days(reacting)));
    for (name, grid) in &grids {
        let mut group = criterion.benchmark_group(format!("american/revalue/{name}"));
        for legs in SIZES {
            if legs * grid.slides.len() > 100_000 {
                continue;
            }
            let book = book_of(legs);
            group.throughput(Throughput::Elements((legs * grid.slides.len()) as u64));
            group.bench_with_input(BenchmarkId::from_parameter(legs), &book, |bencher, book| {
                bencher.iter(|| revalue(black_box(book), grid));
            });
        }
    }
    // Half of them in the instrument of another.
    let mut group = criterion.benchmark_group("american/revalue/tims, in pairs");
    let book = books::pairs_of_options(100);
    group.bench_function("100", |bencher| bencher.iter(|| revalue(black_box(&book), &grids[0].1)));
}

/// Moves of the price as days have them, from −15 % to +15 %, no two alike.
fn days(vol_move: impl Fn(f64) -> VolMove) -> SlideGrid {
    let day = |number: usize| {
        let turn = (number * 619 % DAYS) as f64 / DAYS as f64;
        let price_move = 0.15 * (2.0 * turn - 1.0).powi(3) + 1e-4;
        Slide::uniform(Stress::new(price_move, vol_move(price_move)), 1, String::new())
    };
    SlideGrid::new((0..DAYS).map(day).collect())
}

fn accounts(criterion: &mut Criterion) {
    let entry = find("tims").expect("registered");
    let methodology = entry.configure(None).expect("a preset");
    let schedule = default_for(entry).configure(None).expect("a preset");
    let mut group = criterion.benchmark_group("american/account");
    for legs in [10, 100] {
        let book = books::unlike_options(legs);
        group.bench_with_input(BenchmarkId::new("resolve", legs), &legs, |bencher, legs| {
            bencher.iter(|| books::unlike_options(black_box(*legs)));
        });
        group.bench_with_input(BenchmarkId::new("shift", legs), &book, |bencher, book| {
            bencher.iter(|| Book::shifted(black_box(book), &BookShift::spot(-0.1)));
        });
        group.bench_with_input(BenchmarkId::new("assess tims", legs), &book, |bencher, book| {
            bencher.iter(|| assess(entry, methodology.as_ref(), black_box(book)).expect("it has rules for shares"));
        });
        let axis = CurveAxis::Price(Moved::together(book.underlyings[0].asset));
        let range = CurveRange { from: Some(-0.5), to: Some(0.5), points: 200 };
        group.bench_with_input(BenchmarkId::new("margin curve, 200 prices", legs), &book, |bencher, book| {
            bencher.iter(|| {
                margin_curve(methodology.as_ref(), &schedule, black_box(book), axis, range, Progress::UNHEARD)
            });
        });
    }
}

fn quickly() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
}

criterion_group! { name = benches; config = quickly(); targets = parts, revaluations, accounts }
criterion_main!(benches);
