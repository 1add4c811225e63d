//! How long an assessment takes, from ten legs to ten thousand, the revaluation in it, and the assessment that follows
//! an edit; the shares of the legs, the check of an order and a margin curve: `cargo bench -p margin-engine`.

use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use margin_engine::book::ExpiredPositions;
use margin_engine::live::LiveAssessment;
use margin_engine::methodology::{assess, find};
use margin_engine::slide::revalue;

#[path = "support/books.rs"]
mod books;
#[path = "support/insights.rs"]
mod insights;

use insights::{ACCOUNT_LEGS, ATTRIBUTED_LEGS, Insights};

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

/// One leg of the book edited, in turns: of another size, and of another strike in an expiry that is held.
fn edits(criterion: &mut Criterion) {
    for id in BY_SCENARIO {
        let entry = find(id).expect("registered");
        let methodology = Rc::new(entry.configure(None));
        for (edit, change) in [("quantity", books::resized as fn(usize) -> _), ("strike", books::restruck)] {
            let mut group = criterion.benchmark_group(format!("live/{edit}/{id}"));
            for legs in SIZES {
                let (accounts, market) = (change(legs), Arc::new(books::market()));
                let mut live = LiveAssessment::default();
                let mut number = 0;
                group.throughput(Throughput::Elements(1));
                group.bench_function(BenchmarkId::from_parameter(legs), |bencher| {
                    bencher.iter(|| {
                        number += 1;
                        let account = black_box(&accounts[number % 2]);
                        live.update(account, &market, ExpiredPositions::Refuse, entry, &methodology)
                            .expect("it has rules for options");
                    });
                });
            }
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

fn explanations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("insight");
    let small = Insights::new(ATTRIBUTED_LEGS);
    group.bench_function(format!("attribution/{ATTRIBUTED_LEGS}"), |bencher| bencher.iter(|| small.attribution()));
    let account = Insights::new(ACCOUNT_LEGS);
    group.bench_function(format!("pre-trade/{ACCOUNT_LEGS}"), |bencher| bencher.iter(|| account.pre_trade()));
    group.bench_function(format!("margin-curve/{ACCOUNT_LEGS}"), |bencher| bencher.iter(|| account.margin_curve()));
}

fn quickly() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
}

criterion_group! { name = benches; config = quickly(); targets = revaluations, assessments, edits, explanations }
criterion_main!(benches);
