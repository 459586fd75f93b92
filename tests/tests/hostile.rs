//! Requests that no honest caller sends: a clear refusal, nothing half done, and the engine goes on.

use packtree::disk::SimulatedDisk;
use packtree::fact::{EventTime, Level, Note};
use packtree::limits::{NOTE_BYTES_MAX, OPERATION_OBJECTS_MAX, PACK_CHILDREN_MAX, SEQUENCE_OPERATIONS_MAX};
use packtree::{Engine, Identifier, Operation, Outcome, Policy, Reason, Request};
use packtree_tests::rig::{open, options};
use packtree_tests::world::{NOW, case, commission, request, unit};

fn check(engine: &Engine, request: Request, expected: Reason) {
    let before = engine.head();
    match engine.submit(request).expect("the disk is whole") {
        Outcome::Refused(refusal) => assert_eq!(refusal.reason(), expected),
        Outcome::Done(receipt) => panic!("{expected:?} was expected, not {receipt:?}"),
    }
    assert_eq!(engine.head(), before);
}

fn engine() -> Engine {
    open(&SimulatedDisk::new(), options(&Policy::default(), NOW)).expect("an empty disk opens")
}

#[test]
fn more_objects_than_an_operation_may_name_are_refused() {
    let engine = engine();
    let objects: Vec<Identifier> = (0..=OPERATION_OBJECTS_MAX as u64).map(unit).collect();
    check(&engine, request(1, commission(Level::Unit, None, objects.clone())), Reason::TooManyObjects);
    let children = objects[..=PACK_CHILDREN_MAX].to_vec();
    check(&engine, request(2, Operation::pack(case(1), children.clone())), Reason::TooManyObjects);
    check(&engine, request(3, Operation::unpack(children)), Reason::TooManyObjects);
    check(&engine, request(4, Operation::unpack(Vec::new())), Reason::NothingNamed);
    let twice = vec![unit(1); PACK_CHILDREN_MAX];
    check(&engine, request(5, Operation::pack(case(1), twice)), Reason::ObjectNamedTwice);
}

#[test]
fn times_that_cannot_be_are_refused() {
    let engine = engine();
    for at in [i64::MIN, -1, 0, i64::MAX, NOW + 11 * 60 * 1_000_000] {
        let late =
            Request { event_time: EventTime::utc(at), ..request(1, commission(Level::Unit, None, vec![unit(1)])) };
        check(&engine, late, Reason::EventTimeOutOfRange);
    }
}

#[test]
fn a_list_of_the_longest_identifiers_is_done_or_refused_whole() {
    let engine = engine();
    let longest = |number: usize| format!("urn:x:{number:0>1000}");
    let objects: Vec<Identifier> = (0..9_000).filter_map(|number| Identifier::parse(&longest(number)).ok()).collect();
    assert_eq!(objects.len(), 9_000);
    check(&engine, request(1, commission(Level::Unit, None, objects.clone())), Reason::TooManyObjects);
    let part = request(2, commission(Level::Unit, None, objects[..1_000].to_vec()));
    assert!(matches!(engine.submit(part), Ok(Outcome::Done(_))));
}

#[test]
fn notes_and_sequences_have_their_limits() {
    assert!(Note::new(&"x".repeat(NOTE_BYTES_MAX + 1)).is_err());
    assert!(Note::new(&"x".repeat(10 << 20)).is_err());
    let engine = engine();
    let one = || request(1, commission(Level::Unit, None, vec![unit(1)]));
    for requests in [Vec::new(), vec![one(); SEQUENCE_OPERATIONS_MAX + 1]] {
        let answer = engine.send_sequence(requests).and_then(|ticket| ticket.wait());
        assert!(matches!(answer, Ok(Outcome::Refused(_))));
    }
    assert_eq!(engine.stats().objects, 0);
}
