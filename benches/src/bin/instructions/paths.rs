//! The hot paths. Each prepares its own small world, the same every time.

use std::hint::black_box;
use std::sync::Arc;

use packtree::disk::SimulatedDisk;
use packtree::fact::Sequence;
use packtree::journal::Group;
use packtree::operation::Request;
use packtree::simulation::Site;
use packtree::{Checkpoints, Engine, Entropy, Identifier, Operation, Options, Policy};
use packtree_benches::{
    NOW, PALLET_CASES, case, commission_pallets, commissions, pack_as_xml, packs, pallet, pallet_packs, request,
    submit_all, unit, units_of, xml_document,
};
use packtree_epcis::{Item, Limits, Reader};

/// A path and how often it is walked; what is counted is divided by it.
pub(crate) struct Path {
    pub(crate) name: &'static str,
    pub(crate) repetitions: u32,
    run: fn(u32),
}

/// Those with threads come last, because what threads leave in the allocator differs from run to run.
pub(crate) const PATHS: &[Path] = &[
    Path { name: "parse_sscc_element_string", repetitions: 200, run: parse_sscc },
    Path { name: "parse_sgtin_element_string", repetitions: 200, run: parse_sgtin },
    Path { name: "pack_case_of_48", repetitions: 40, run: pack },
    Path { name: "unpack_one", repetitions: 40, run: unpack },
    Path { name: "append_64_facts_to_group", repetitions: 20, run: append },
    Path { name: "read_xml_event_of_48", repetitions: 20, run: read_xml },
    Path { name: "locate_with_root", repetitions: 200, run: locate },
    Path { name: "read_and_decode_fact_of_48", repetitions: 40, run: decode },
];

/// Cases in each world: small enough for a cache, and more than one.
const CASES: u64 = 2 * PALLET_CASES;

pub(crate) fn run_all() {
    for path in PATHS {
        (path.run)(path.repetitions);
        ended();
    }
}

/// What happens inside is counted.
#[inline(never)]
fn counted<T>(act: impl FnOnce() -> T) -> T {
    black_box(act())
}

/// Valgrind writes the counts of a path when this returns.
#[inline(never)]
fn ended() {
    black_box(());
}

fn parse_sscc(repetitions: u32) {
    parse_all((0..repetitions.into()).map(case));
}

fn parse_sgtin(repetitions: u32) {
    parse_all((0..repetitions.into()).map(unit));
}

/// As a scanner sends them.
fn parse_all(identifiers: impl Iterator<Item = Identifier>) {
    let texts: Vec<String> = identifiers.map(|identifier| format!("]d2{}", identifier.raw())).collect();
    counted(|| {
        for text in &texts {
            black_box(Identifier::parse(black_box(text))).expect("it is right");
        }
    });
}

/// A site whose cases are packed, on pallets.
fn site() -> Site {
    let mut site = Site::new(Policy::default(), NOW);
    submit_all(&mut site, commissions(0..CASES));
    submit_all(&mut site, packs(0..CASES));
    site
}

fn pack(repetitions: u32) {
    let mut site = site();
    for number in (0..CASES).cycle().take(repetitions as usize) {
        submit_all(&mut site, [Operation::unpack_all(case(number))]);
        let pack = request(Operation::pack(case(number), units_of(number)));
        counted(|| site.submit(&pack)).expect("the case is empty");
    }
}

fn unpack(repetitions: u32) {
    let mut site = site();
    for number in 0..repetitions.into() {
        let unpack: Request = request(Operation::unpack(vec![unit(number)]));
        counted(|| site.submit(&unpack)).expect("the unit is in a case");
    }
}

/// Numbers that are the same every time.
#[derive(Debug)]
struct Fixed;

impl Entropy for Fixed {
    fn next(&self) -> u128 {
        // Only the seed of the forest's hash and the journal's name come of it.
        0x9e37_79b9_7f4a_7c15
    }
}

/// An engine on a disk in memory, filled by as many operations as there are facts.
fn engine() -> Engine {
    let options = Options { checkpoints: Checkpoints::OnRequest, entropy: Arc::new(Fixed), ..Options::default() };
    let engine = Engine::open_on(Arc::new(SimulatedDisk::default()), options).expect("an empty disk opens");
    let mut number = 0;
    let operations = commissions(0..CASES).into_iter().chain(packs(0..CASES));
    for operation in operations.chain([commission_pallets(0..1)]).chain(pallet_packs(0..1)) {
        number += 1;
        let request = Request { id: packtree::RequestId(number), ..request(operation) };
        engine.submit(request).expect("the disk works").receipt().expect("the workload follows the rules");
    }
    engine
}

fn locate(repetitions: u32) {
    let engine = engine();
    let units: Vec<Identifier> = (0..repetitions.into()).map(|number| unit(number * 7)).collect();
    counted(|| {
        for unit in &units {
            black_box(engine.locate(black_box(unit)));
        }
    });
    assert_eq!(engine.root(&unit(0)), Some(pallet(0)), "the path is as long as it should be");
}

/// A fact as history reads it: its frame is found, read and checked, and the fact decoded.
fn decode(repetitions: u32) {
    let engine = engine();
    let newest = engine.head().sequence.0;
    for place in 0..repetitions.into() {
        // The packs lie before the two facts about the pallet.
        let sequence = Sequence(newest - 2 - place);
        counted(|| engine.fact(sequence)).expect("the disk works").expect("the fact is there");
    }
}

fn append(repetitions: u32) {
    let fact: Vec<u8> = (0..400_u32).map(|place| (place * 31 % 251) as u8).collect();
    let mut group = Group::new();
    let mut fill = || {
        group.clear();
        for _ in 0..64 {
            group.push(&[black_box(&fact)]).expect("the fact is small");
        }
    };
    // The committer's buffer has grown long ago too.
    fill();
    for _ in 0..repetitions {
        counted(&mut fill);
    }
}

fn read_xml(repetitions: u32) {
    let events: String = (0..repetitions).map(|number| pack_as_xml(number, 48)).collect();
    let document = xml_document(&events);
    let events = counted(|| {
        Reader::new("bench", document.as_bytes(), Limits::default())
            .filter(|item| matches!(black_box(item), Ok(Item::Event(..))))
            .count()
    });
    assert_eq!(events, repetitions as usize, "every event is read");
}
