//! How long an assessment takes, from ten legs to ten thousand, and the revaluation in it: `cargo bench -p margin-engine`.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use margin_engine::methodology::{assess, find};
use margin_engine::slide::revalue;

#[path = "support/books.rs"]
mod books;

/// The methodologies that reprice a grid of slides.
const BY_SCENARIO: [&str; 7] =
    ["deribit-portfolio", "derive-pm2", "okx-portfolio", "paradex-portfolio", "aevo-portfolio", "span", "custom"];
const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

fn assessments(criterion: &mut Criterion) {
    for id in BY_SCENARIO {
        let entry = find(id).expect("registered");
        let methodology = entry.configure(None).expect("a preset");
        let mut group = criterion.benchmark_group(format!("assess/{id}"));
        for legs in SIZES {
            let book = books::options(legs);
            group.throughput(Throughput::Elements(legs as u64));
            group.bench_with_input(BenchmarkId::from_parameter(legs), &book, |bencher, book| {
                bencher
                    .iter(|| assess(entry, methodology.as_ref(), black_box(book)).expect("it has rules for options"));
            });
        }
    }
}

fn revaluations(criterion: &mut Criterion) {
    let entry = find("deribit-portfolio").expect("registered");
    let methodology = entry.configure(None).expect("a preset");
    for (kind, books) in [("mixed", books::options as fn(usize) -> _), ("unlike", books::unlike_options)] {
        let mut group = criterion.benchmark_group(format!("revalue/{kind}"));
        for legs in SIZES {
            let book = books(legs);
            let grid = methodology.slides(&book).expect("it has rules for options");
            // One option on one slide is an element.
            group.throughput(Throughput::Elements((legs * grid.slides.len()) as u64));
            group.bench_with_input(BenchmarkId::from_parameter(legs), &book, |bencher, book| {
                bencher.iter(|| revalue(black_box(book), &grid));
            });
        }
    }
}

fn quickly() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
}

criterion_group! { name = benches; config = quickly(); targets = revaluations, assessments }
criterion_main!(benches);
