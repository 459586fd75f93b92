//! Durable packing: many cases in flight, and one unit a call beside a bare write and fdatasync of as many bytes.

use std::fs::OpenOptions;
use std::hint::black_box;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use packtree::{Caller, Engine, Operation, Options};
use packtree_benches::{CASE_UNITS, case, commissions, packs, perform_all, unit};

const CASES: u64 = 2_000;

/// A folder on the disk that the working directory is on; the system's temporary one is often memory.
fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("bench-").tempdir_in(".").expect("the working directory can be written")
}

fn groups(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("durable groups");
    group.throughput(Throughput::Elements(CASES * CASE_UNITS)).sample_size(10);
    group.bench_function("pack cases of 48", |bencher| {
        bencher.iter_batched(
            || {
                let folder = folder();
                let engine = Engine::open(folder.path(), Options::default()).expect("an empty folder opens");
                perform_all(&engine, commissions(0..CASES));
                (folder, engine, packs(0..CASES))
            },
            |(folder, engine, operations)| {
                perform_all(&engine, operations);
                (folder, engine)
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// The two alternate inside one run, so that a slow moment of the disk meets both.
fn singles(criterion: &mut Criterion) {
    const CALLS: u64 = 40 * CASE_UNITS;
    let folder = folder();
    let engine = Engine::open(&folder.path().join("engine"), Options::default()).expect("an empty folder opens");
    perform_all(&engine, commissions(0..CALLS / CASE_UNITS));
    let caller = Caller::machine("bench").expect("a name");
    let file =
        OpenOptions::new().create_new(true).write(true).open(folder.path().join("bare")).expect("an empty folder");
    file.write_all_at(&vec![0; 8 << 20], 0).expect("there is room");
    file.sync_all().expect("the disk works");

    let mut group = criterion.benchmark_group("one durable call");
    group.sample_size(10);
    let mut place = 0;
    group.bench_function("pack and unpack one unit, two calls", |bencher| {
        bencher.iter_custom(|rounds| {
            let mut time = Duration::ZERO;
            for _ in 0..rounds {
                place = (place + 1) % CALLS;
                let pack = engine.request(&caller, Operation::pack(case(place / CASE_UNITS), vec![unit(place)]));
                let start = Instant::now();
                black_box(engine.submit(pack).expect("the disk works"));
                let unpack = engine.request(&caller, Operation::unpack(vec![unit(place)]));
                black_box(engine.submit(unpack).expect("the disk works"));
                time += start.elapsed();
            }
            time
        });
    });
    group.bench_function("bare write and fdatasync, two calls", |bencher| {
        let mut offset = 0;
        bencher.iter(|| {
            for _ in 0..2 {
                offset = (offset + 224) % (8 << 20);
                file.write_all_at(&[0x5a; 224], offset).expect("there is room");
                file.sync_data().expect("the disk works");
            }
        });
    });
    group.finish();
}

criterion_group!(benches, groups, singles);
criterion_main!(benches);
