//! What an operation and a question cost as things grow: the site, a container, the number of lines, the depth of a hierarchy.
//!
//! `PACKTREE_OBJECTS` limits the largest site, 10 million objects where it is not set; 50 million take 3 GB of memory and of disk.
//! Criterion's filter chooses a curve: `cargo bench -p packtree-benches --bench curves -- 'children per container'`.
//! The figures go to tables and plots by `cargo run -p packtree-benches --bin tables`.

use std::cell::RefCell;
use std::hint::black_box;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use packtree::disk::SimulatedDisk;
use packtree::fact::{Level, Trust};
use packtree::limits::{DEPTH_MAX, PACK_CHILDREN_MAX};
use packtree::operation::{Contents, Request, Unpack};
use packtree::simulation::Site;
use packtree::{Caller, Checkpoints, Engine, Identifier, Operation, Options, Policy};
use packtree_benches::{
    CASE_UNITS, NOW, case, commission, commissions, number_from, packs, perform_all, request, submit_all, unit,
    units_of,
};

/// Sizes of a site, in objects.
const SIZES: [u64; 6] = [1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000];

/// Cases that are packed anew in a round, whatever the size of the site, spread all over it.
const CASES_A_ROUND: u64 = 2_000;

/// Cases that are known to a site of so many objects.
fn cases_of(objects: u64) -> u64 {
    objects / (CASE_UNITS + 1)
}

/// Below the smallest size there is one point, of the size that is asked for, so that a trial takes seconds.
fn sizes() -> Vec<u64> {
    let largest = number_from("PACKTREE_OBJECTS", 10_000_000);
    let sizes: Vec<u64> = SIZES.into_iter().filter(|size| *size <= largest).collect();
    if sizes.is_empty() { vec![largest.max(CASES_A_ROUND * (CASE_UNITS + 1))] } else { sizes }
}

/// Whether criterion's filter, if there is one, may want something of a curve, so that no site is built in vain.
fn is_wanted(curve: &str) -> bool {
    let mut filters = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).peekable();
    filters.peek().is_none() || filters.any(|filter| filter.contains(curve) || curve.contains(&filter))
}

/// Does the same work again and again, undoing it in between, and counts the time of the work.
fn timed(rounds: u64, mut undo: impl FnMut(), mut act: impl FnMut()) -> Duration {
    let mut time = Duration::ZERO;
    for _ in 0..rounds {
        undo();
        let start = Instant::now();
        act();
        time += start.elapsed();
    }
    time
}

fn submit(site: &mut Site, requests: &[Request]) {
    for request in requests {
        site.submit(request).expect("the workload follows the rules");
    }
}

/// Deciding and applying in memory, while the site grows.
fn size_of_the_site(criterion: &mut Criterion) {
    const CURVE: &str = "size of the site";
    if !is_wanted(CURVE) {
        return;
    }
    let site = RefCell::new(Site::new(Policy::default(), NOW));
    let mut known = 0;
    for objects in sizes() {
        let cases = cases_of(objects);
        for from in (known..cases).step_by(CASES_A_ROUND as usize) {
            let until = cases.min(from + CASES_A_ROUND);
            submit_all(&mut site.borrow_mut(), commissions(from..until));
            submit_all(&mut site.borrow_mut(), packs(from..until));
        }
        known = cases;
        let spread: Vec<u64> = (0..CASES_A_ROUND).map(|place| place * (cases / CASES_A_ROUND)).collect();
        let all = |operations: Vec<Operation>| operations.into_iter().map(request).collect::<Vec<_>>();
        let full = all(spread.iter().flat_map(|number| packs(*number..number + 1)).collect());
        let empty = all(spread.iter().map(|number| Operation::unpack_all(case(*number))).collect());
        let out = |number: &u64| Operation::unpack(vec![unit(number * CASE_UNITS)]);
        let back = |number: &u64| Operation::pack(case(*number), vec![unit(number * CASE_UNITS)]);
        let rework = all(spread.iter().flat_map(|number| [out(number), back(number)]).collect());

        let mut group = criterion.benchmark_group(CURVE);
        group.sample_size(10).throughput(Throughput::Elements(CASES_A_ROUND * CASE_UNITS));
        group.bench_function(BenchmarkId::new("pack, a unit", objects), |bencher| {
            let run = |requests: &[Request]| submit(&mut site.borrow_mut(), requests);
            bencher.iter_custom(|rounds| timed(rounds, || run(&empty), || run(&full)));
        });
        group.throughput(Throughput::Elements(CASES_A_ROUND));
        group.bench_function(BenchmarkId::new("unpack one unit and pack it again", objects), |bencher| {
            bencher.iter(|| submit(&mut site.borrow_mut(), &rework));
        });
        group.finish();
    }
}

/// Asking an engine for the place of a unit, while its site grows.
fn locate(criterion: &mut Criterion) {
    const CURVE: &str = "locate with root";
    const QUESTIONS: usize = 100_000;
    if !is_wanted(CURVE) {
        return;
    }
    let folder =
        tempfile::Builder::new().prefix("bench-").tempdir_in(".").expect("the working directory can be written");
    let options = Options { checkpoints: Checkpoints::OnRequest, ..Options::default() };
    let engine = Engine::open(folder.path(), options).expect("an empty folder opens");
    let mut known = 0;
    for objects in sizes() {
        let cases = cases_of(objects);
        for from in (known..cases).step_by(CASES_A_ROUND as usize) {
            let until = cases.min(from + CASES_A_ROUND);
            perform_all(&engine, commissions(from..until));
            perform_all(&engine, packs(from..until));
        }
        known = cases;
        let step = 7_919 * CASE_UNITS + 5;
        let units: Vec<Identifier> =
            (0..QUESTIONS as u64).map(|place| unit(place * step % (cases * CASE_UNITS))).collect();
        let mut group = criterion.benchmark_group(CURVE);
        group.sample_size(10).throughput(Throughput::Elements(QUESTIONS as u64));
        group.bench_function(BenchmarkId::new("a random unit", objects), |bencher| {
            bencher.iter(|| {
                for unit in &units {
                    black_box(engine.locate(black_box(unit)));
                }
            });
        });
        group.finish();
    }
    engine.close().expect("the disk works");
}

/// Full containers of different size, the same number of units in all of them together.
fn children_per_container(criterion: &mut Criterion) {
    const CURVE: &str = "children per container";
    const UNITS: u64 = PACK_CHILDREN_MAX as u64;
    if !is_wanted(CURVE) {
        return;
    }
    let site = RefCell::new(Site::new(Policy::default(), NOW));
    submit_all(
        &mut site.borrow_mut(),
        [
            commission(Level::Unit, (0..UNITS).map(unit).collect()),
            commission(Level::Case, (0..UNITS).map(case).collect()),
        ],
    );
    let mut group = criterion.benchmark_group(CURVE);
    group.sample_size(20).throughput(Throughput::Elements(UNITS));
    for children in [1, 10, 50, 250, 1_000, 5_000, UNITS] {
        let containers = 0..UNITS / children;
        let pack = |number: u64| {
            request(Operation::pack(case(number), (number * children..(number + 1) * children).map(unit).collect()))
        };
        let packs: Vec<Request> = containers.clone().map(pack).collect();
        let unpacks: Vec<Request> = containers.map(|number| request(Operation::unpack_all(case(number)))).collect();
        let run = |requests: &[Request]| submit(&mut site.borrow_mut(), requests);
        run(&packs);
        group.bench_function(BenchmarkId::new("pack, a child", children), |bencher| {
            bencher.iter_custom(|rounds| timed(rounds, || run(&unpacks), || run(&packs)));
        });
        run(&unpacks);
        group.bench_function(BenchmarkId::new("unpack, a child", children), |bencher| {
            bencher.iter_custom(|rounds| timed(rounds, || run(&packs), || run(&unpacks)));
        });
    }
    group.finish();
}

/// Durable work of several lines at once: cases with many in flight, and single units with a wait for each.
fn lines(criterion: &mut Criterion) {
    const CURVE: &str = "lines";
    const CASES: u64 = 2_000;
    const CALLS: u64 = 100;
    if !is_wanted(CURVE) {
        return;
    }
    let folder =
        tempfile::Builder::new().prefix("bench-").tempdir_in(".").expect("the working directory can be written");
    let options = Options { checkpoints: Checkpoints::OnRequest, ..Options::default() };
    let engine = Engine::open(folder.path(), options).expect("an empty folder opens");
    perform_all(&engine, commissions(0..CASES));
    let caller = Caller::machine("bench").expect("a name");
    let mut group = criterion.benchmark_group(CURVE);
    group.sample_size(10);
    for lines in [1, 2, 4, 8] {
        let together = |work: &(dyn Fn(u64) + Sync)| {
            thread::scope(|scope| (0..lines).for_each(|line| drop(scope.spawn(move || work(line)))));
        };
        let share = |line: u64| line * (CASES / lines)..(line + 1) * (CASES / lines);
        let empty = || perform_all(&engine, (0..CASES).map(|number| Operation::unpack_all(case(number))));
        together(&|line| perform_all(&engine, packs(share(line))));
        group.throughput(Throughput::Elements(CASES * CASE_UNITS));
        group.bench_function(BenchmarkId::new("pack cases, many in flight, a unit", lines), |bencher| {
            bencher.iter_custom(|rounds| {
                timed(rounds, empty, || together(&|line| perform_all(&engine, packs(share(line)))))
            });
        });
        group.throughput(Throughput::Elements(lines * CALLS));
        group.bench_function(BenchmarkId::new("one unit a call, each waits, a call", lines), |bencher| {
            let calls = |line: u64| {
                for number in share(line).take(CALLS as usize / 2) {
                    let one = || vec![unit(number * CASE_UNITS)];
                    for operation in [Operation::unpack(one()), Operation::pack(case(number), one())] {
                        black_box(engine.perform(&caller, operation).expect("the disk works"));
                    }
                }
            };
            bencher.iter(|| together(&calls));
        });
        empty();
    }
    group.finish();
    engine.close().expect("the disk works");
}

/// Containers in containers, of no level that has a name; the innermost holds a case's units.
fn nested(depth: usize) -> Vec<Operation> {
    let containers = depth as u64 - 1;
    let mut operations = vec![
        commission(Level::Unit, units_of(0)),
        commission(Level::Unknown, (0..containers).map(case).collect()),
        Operation::pack(case(0), units_of(0)),
    ];
    operations.extend((1..containers).map(|number| Operation::pack(case(number), vec![case(number - 1)])));
    operations
}

/// The same 48 units under more and more containers; the levels from the unit to its root are counted, both included.
fn depth(criterion: &mut Criterion) {
    const CURVE: &str = "depth";
    if !is_wanted(CURVE) {
        return;
    }
    let mut group = criterion.benchmark_group(CURVE);
    for depth in 2..=DEPTH_MAX {
        let root = case(depth as u64 - 2);
        let engine = Engine::open_on(Arc::new(SimulatedDisk::default()), Options::default()).expect("an empty disk");
        perform_all(&engine, nested(depth));
        assert_eq!(engine.root(&unit(0)), Some(root.clone()));
        group.bench_function(BenchmarkId::new("root of a unit", depth), |bencher| {
            let unit = unit(CASE_UNITS / 2);
            bencher.iter(|| engine.root(black_box(&unit)));
        });
        let mut site = Site::new(Policy::default(), NOW);
        submit_all(&mut site, nested(depth));
        let what = Contents::Recursive { parent: root };
        let recursive = request(Operation::Unpack(Unpack { what, trust: Trust::Inferred }));
        group.bench_function(BenchmarkId::new("recursive unpack", depth), |bencher| {
            bencher.iter_batched_ref(
                || site.fork(),
                |fork| fork.submit(&recursive).expect("everything is packed"),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, size_of_the_site, locate, children_per_container, lines, depth);
criterion_main!(benches);
