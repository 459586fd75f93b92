//! The rules and the state alone, in memory, on one thread; and a petgraph graph that does no more than keep the edges.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use packtree::fact::{Entry, EventTime, Level, Lot, LotData, LotName, Name, ReasonText, RequestId, Role};
use packtree::operation::{Commission, Hold, HoldTarget, Request};
use packtree::simulation::Site;
use packtree::{Identifier, Operation, Policy};
use packtree_benches::{CASE_UNITS, PALLET_CASES, case, commissions, packs, pallet, unit, units_of};
use packtree_gs1::{Gtin, LotNumber};
use petgraph::stable_graph::{NodeIndex, StableDiGraph};

const NOW: i64 = 1_790_000_000_000_000;

fn request(operation: Operation) -> Request {
    let name = Name::new("bench").expect("a name");
    Request {
        id: RequestId(0),
        actor: name.clone(),
        role: Role::Machine,
        station: name,
        event_time: EventTime::utc(NOW),
        entry: Entry::Machine,
        reason: None,
        note: None,
        operation,
    }
}

fn submit_all(site: &mut Site, operations: impl IntoIterator<Item = Operation>) {
    for operation in operations {
        site.submit(&request(operation)).expect("the workload follows the rules");
    }
}

/// A site with cases commissioned, empty, and their units.
fn commissioned(cases: u64) -> Site {
    let mut site = Site::new(Policy::default(), NOW);
    submit_all(&mut site, commissions(0..cases));
    site
}

/// Packs and unpacks by turns, and counts the time of one of them.
fn timed(rounds: u64, mut prepare: impl FnMut(), mut act: impl FnMut()) -> Duration {
    let mut time = Duration::ZERO;
    for _ in 0..rounds {
        prepare();
        let start = Instant::now();
        act();
        time += start.elapsed();
    }
    time
}

fn pack(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide and apply: pack cases of 48");
    group.sample_size(10);
    for cases in [2_000_u64, 20_000, 200_000] {
        // The same number of cases is packed whatever the site holds, spread all over it.
        let spread: Vec<u64> = (0..2_000).map(|place| place * (cases / 2_000)).collect();
        let packs: Vec<Request> = spread.iter().flat_map(|case| packs(*case..case + 1)).map(request).collect();
        let unpacks: Vec<Request> = spread.iter().map(|number| request(Operation::unpack_all(case(*number)))).collect();
        let site = std::cell::RefCell::new(commissioned(cases));
        let run = |requests: &[Request]| {
            let mut site = site.borrow_mut();
            for request in requests {
                site.submit(request).expect("the workload follows the rules");
            }
        };
        run(&packs);
        group.throughput(Throughput::Elements(spread.len() as u64 * CASE_UNITS));
        group.bench_function(format!("{} units known", cases * CASE_UNITS), |bencher| {
            bencher.iter_custom(|rounds| timed(rounds, || run(&unpacks), || run(&packs)));
        });
    }
    group.finish();
}

/// What a graph library and string keys do with the same work, without any rule.
fn petgraph(criterion: &mut Criterion) {
    const CASES: u64 = 2_000;
    let mut graph: StableDiGraph<String, ()> = StableDiGraph::new();
    let mut index: HashMap<String, NodeIndex> = HashMap::new();
    for identifier in (0..CASES).flat_map(|number| units_of(number).into_iter().chain([case(number)])) {
        let text = identifier.to_string();
        index.insert(text.clone(), graph.add_node(text));
    }
    let work: Vec<(String, Vec<String>)> = (0..CASES)
        .map(|number| (case(number).to_string(), units_of(number).iter().map(Identifier::to_string).collect()))
        .collect();
    let mut group = criterion.benchmark_group("petgraph StableDiGraph with string keys: pack cases of 48");
    group.sample_size(10).throughput(Throughput::Elements(CASES * CASE_UNITS));
    group.bench_function(format!("{} units known", CASES * CASE_UNITS), |bencher| {
        bencher.iter_custom(|rounds| {
            let mut time = Duration::ZERO;
            for _ in 0..rounds {
                graph.clear_edges();
                let start = Instant::now();
                for (parent, children) in &work {
                    let parent = index[parent];
                    for child in children {
                        graph.add_edge(parent, index[child], ());
                    }
                }
                time += start.elapsed();
            }
            time
        });
    });
    group.finish();
}

fn pallets(criterion: &mut Criterion) {
    let mut site = commissioned(PALLET_CASES);
    submit_all(&mut site, packs(0..PALLET_CASES));
    let cases: Vec<Identifier> = (0..PALLET_CASES).map(case).collect();
    let commission = |level, objects| Operation::Commission(Commission { lot: None, level, objects });
    submit_all(&mut site, [commission(Level::Pallet, vec![pallet(0)]), Operation::pack(pallet(0), cases)]);
    let recursive = request(Operation::Unpack(packtree::operation::Unpack {
        what: packtree::operation::Contents::Recursive { parent: pallet(0) },
        trust: packtree::fact::Trust::Inferred,
    }));
    let mut group = criterion.benchmark_group("recursive unpack");
    group.bench_function("a pallet of 40 cases of 48", |bencher| {
        bencher.iter_batched_ref(
            || site.fork(),
            |fork| fork.submit(&recursive).expect("the pallet is full"),
            criterion::BatchSize::SmallInput,
        );
    });
    group.finish();
}

/// A lot goes on hold by one flag, however many objects it has.
fn hold(criterion: &mut Criterion) {
    const UNITS: u64 = 1_000_000;
    let name = LotName {
        gtin: Gtin::new(9_521_234_543_213).expect("the check digit is right"),
        number: LotNumber::parse("LOT-1").expect("a lot number"),
    };
    let lot = Some(Lot { number: name.number, data: LotData::default() });
    let mut site = Site::new(Policy::default(), NOW);
    for from in (0..UNITS).step_by(50_000) {
        let objects = (from..from + 50_000).map(unit).collect();
        submit_all(&mut site, [Operation::Commission(Commission { lot, level: Level::Unit, objects })]);
    }
    let mut hold = request(Operation::Hold(Hold { target: HoldTarget::Lot(name) }));
    hold.reason = Some(ReasonText::new("deviation 17").expect("a reason"));
    criterion.benchmark_group("hold").bench_function("a lot of a million units", |bencher| {
        bencher.iter_batched_ref(
            || site.fork(),
            |fork| fork.submit(&hold).expect("the lot is on no hold"),
            criterion::BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, pack, petgraph, pallets, hold);
criterion_main!(benches);
