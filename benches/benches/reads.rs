//! Locating a unit and its root, while nothing is written and at full write load.
//!
//! `PACKTREE_OBJECTS=20000000` makes it a site of 20 million objects; half a million where it is not set.

#![expect(clippy::print_stderr, reason = "figures that criterion has no place for")]

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use packtree::{Engine, Operation, Options};
use packtree_benches::{CASE_UNITS, case, commissions, number_from, packs, perform_all, unit};

/// Cases whose operations are prepared at once, so that the preparation takes little memory.
const CASES_AT_ONCE: u64 = 2_000;

fn reads(criterion: &mut Criterion) {
    let folder =
        tempfile::Builder::new().prefix("bench-").tempdir_in(".").expect("the working directory can be written");
    let engine = Engine::open(folder.path(), Options::default()).expect("an empty folder opens");
    let cases = number_from("PACKTREE_OBJECTS", 490_000).div_ceil(CASE_UNITS + 1);
    for from in (0..cases).step_by(CASES_AT_ONCE as usize) {
        let until = cases.min(from + CASES_AT_ONCE);
        perform_all(&engine, commissions(from..until));
        perform_all(&engine, packs(from..until));
    }
    let mut group = criterion.benchmark_group(format!("locate and root, {} units known", cases * CASE_UNITS));
    let mut number = 0;
    let mut next = || {
        number = (number + 7_919 * CASE_UNITS + 5) % (cases * CASE_UNITS);
        unit(number)
    };
    group.bench_function("alone", |bencher| {
        bencher.iter_batched(&mut next, |unit| black_box(engine.locate(&unit)), criterion::BatchSize::SmallInput);
    });

    let stop = Arc::new(AtomicBool::new(false));
    let writer = {
        let (engine, stop) = (engine.clone(), Arc::clone(&stop));
        // The second half is unpacked and packed again, part by part, over and over, as fast as it goes.
        std::thread::spawn(move || {
            for from in (cases / 2..cases).step_by(CASES_AT_ONCE as usize).cycle() {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let part = from..cases.min(from + CASES_AT_ONCE);
                perform_all(&engine, part.clone().map(|number| Operation::unpack_all(case(number))));
                perform_all(&engine, packs(part));
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
