//! Locating a unit and its root, while nothing is written and at full write load.

#![expect(clippy::print_stderr, reason = "figures that criterion has no place for")]

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use packtree::{Engine, Operation, Options};
use packtree_benches::{CASE_UNITS, case, commissions, packs, perform_all, unit};

const CASES: u64 = 10_000;

fn reads(criterion: &mut Criterion) {
    let folder =
        tempfile::Builder::new().prefix("bench-").tempdir_in(".").expect("the working directory can be written");
    let engine = Engine::open(folder.path(), Options::default()).expect("an empty folder opens");
    perform_all(&engine, commissions(0..CASES));
    perform_all(&engine, packs(0..CASES));
    let mut group = criterion.benchmark_group("locate and root");
    let mut number = 0;
    let mut next = || {
        number = (number + 7_919 * CASE_UNITS + 5) % (CASES * CASE_UNITS);
        unit(number)
    };
    group.bench_function("alone", |bencher| {
        bencher.iter_batched(&mut next, |unit| black_box(engine.locate(&unit)), criterion::BatchSize::SmallInput);
    });

    let stop = Arc::new(AtomicBool::new(false));
    let writer = {
        let (engine, stop) = (engine.clone(), Arc::clone(&stop));
        // The second half is unpacked and packed again, over and over, as fast as it goes.
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                perform_all(&engine, (CASES / 2..CASES).map(|number| Operation::unpack_all(case(number))));
                perform_all(&engine, packs(CASES / 2..CASES));
            }
        })
    };
    group.bench_function("at full write load", |bencher| {
        bencher.iter_batched(&mut next, |unit| black_box(engine.locate(&unit)), criterion::BatchSize::SmallInput);
    });
    quantiles(&engine, &mut next);
    stop.store(true, Ordering::Relaxed);
    writer.join().expect("the writer does not panic");
    group.finish();
}

/// Criterion reports means; a worker waits for the slow ones.
fn quantiles(engine: &Engine, next: &mut impl FnMut() -> packtree::Identifier) {
    let mut times: Vec<u64> = (0..200_000)
        .map(|_| {
            let unit = next();
            let start = Instant::now();
            black_box(engine.locate(&unit));
            start.elapsed().as_nanos() as u64
        })
        .collect();
    times.sort_unstable();
    let at = |thousandths: usize| times[times.len() * thousandths / 1_000] as f64 / 1_000.0;
    eprintln!("at full write load: p50 {:.2}, p99 {:.2}, p99.9 {:.2} microseconds", at(500), at(990), at(999));
}

criterion_group!(benches, reads);
criterion_main!(benches);
