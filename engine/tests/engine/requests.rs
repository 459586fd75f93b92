//! Requests that come twice, sequences that are done all or none, previews, and rules that change.

use packtree::fact::{Level, Verb};
use packtree::limits::SEQUENCE_OPERATIONS_MAX;
use packtree::operation::Commission;
use packtree::policy::ChildWithParent;
use packtree::query::Moment;
use packtree::{Operation, Outcome, Policy, Reason, Request, Sequence};

use crate::support::{World, answer, case, pallet, unit};

fn commission(world: &World, number: u64) -> Request {
    let objects = vec![unit(number)];
    world.request(Operation::Commission(Commission { lot: None, level: Level::Unit, objects }))
}

fn outcome(world: &World, requests: &[Request]) -> Outcome {
    answer(&world.engine.send_sequence(requests.to_vec()).unwrap())
}

#[track_caller]
fn assert_repeated(world: &World, requests: &[Request], first: u64, last: u64) {
    let before = world.engine.head();
    let receipt = outcome(world, requests).receipt().unwrap();
    assert!(receipt.repeated);
    assert_eq!((receipt.first, receipt.last), (Sequence(first), Sequence(last)));
    assert_eq!(world.engine.head(), before, "a repetition adds no fact");
}

#[track_caller]
fn assert_refused(world: &World, requests: &[Request], reason: Reason, position: usize) {
    let before = world.engine.head();
    let refusal = outcome(world, requests).receipt().unwrap_err();
    assert_eq!((refusal.reason(), refusal.position), (reason, position));
    assert_eq!(world.engine.head(), before, "a refusal adds no fact");
}

#[test]
fn a_request_that_comes_twice_gets_the_first_receipt() {
    let world = World::new(Policy::default());
    let (one, other) = (commission(&world, 1), commission(&world, 2));
    assert!(!outcome(&world, std::slice::from_ref(&one)).receipt().unwrap().repeated);
    outcome(&world, std::slice::from_ref(&other)).receipt().unwrap();

    assert_repeated(&world, std::slice::from_ref(&one), 1, 1);
    // A retry is a repetition whoever carries it, and whenever.
    let later = Request { event_time: commission(&world, 9).event_time, ..one.clone() };
    assert_repeated(&world, &[later], 1, 1);

    let world = world.reopened(Policy::default());
    assert_repeated(&world, &[one], 1, 1);
    assert_repeated(&world, &[other], 2, 2);
}

#[test]
fn a_request_id_used_again_for_something_else_is_refused() {
    let world = World::new(Policy::default());
    let one = commission(&world, 1);
    let reused = Request { id: one.id, ..commission(&world, 2) };
    outcome(&world, &[one]).receipt().unwrap();
    assert_refused(&world, std::slice::from_ref(&reused), Reason::RequestExistsWithDifferentContent, 0);
    let world = world.reopened(Policy::default());
    assert_refused(&world, &[reused], Reason::RequestExistsWithDifferentContent, 0);
}

#[test]
fn a_refused_request_may_be_tried_again_under_its_id() {
    let world = World::new(Policy::default());
    let pack = world.request(Operation::pack(case(1), vec![unit(1)]));
    assert_refused(&world, std::slice::from_ref(&pack), Reason::ObjectNotFound, 0);
    world.commission(Level::Case, &[case(1)]);
    world.commission(Level::Unit, &[unit(1)]);
    let again = Request { event_time: commission(&world, 9).event_time, ..pack };
    assert!(!outcome(&world, &[again]).receipt().unwrap().repeated);
}

#[test]
fn a_sequence_is_done_all_or_none() {
    let world = World::new(Policy::default());
    world.commission(Level::Case, &[case(1)]);
    let good = [commission(&world, 1), world.request(Operation::pack(case(1), vec![unit(1)]))];
    let bad = [good[0].clone(), good[1].clone(), world.request(Operation::pack(case(1), vec![unit(7)]))];
    assert_refused(&world, &bad, Reason::ObjectNotFound, 2);
    assert_eq!(world.engine.inspect(&unit(1)), None);

    let receipt = outcome(&world, &good).receipt().unwrap();
    assert_eq!((receipt.first, receipt.last), (Sequence(2), Sequence(3)));
    assert_eq!(world.engine.children(&case(1)), Some(vec![unit(1)]));
    assert_repeated(&world, &good, 2, 3);
    // The same requests as another sequence are no repetition of it.
    let swapped = [good[1].clone(), good[0].clone()];
    assert_refused(&world, &swapped, Reason::RequestExistsWithDifferentContent, 1);
}

#[test]
fn a_sequence_has_at_least_one_operation_and_not_too_many() {
    let world = World::new(Policy::default());
    assert_refused(&world, &[], Reason::NothingNamed, 0);
    let most: Vec<_> = (0..SEQUENCE_OPERATIONS_MAX as u64).map(|number| commission(&world, number)).collect();
    let mut too_many = most.clone();
    too_many.push(commission(&world, 999));
    assert_refused(&world, &too_many, Reason::TooManyObjects, 0);
    assert_eq!(outcome(&world, &most).receipt().unwrap().last, Sequence(SEQUENCE_OPERATIONS_MAX as u64));
}

#[test]
fn a_preview_says_what_would_come_of_it_and_changes_nothing() {
    let world = World::new(Policy::default());
    world.commission(Level::Case, &[case(1)]);
    let requests = [commission(&world, 1), world.request(Operation::pack(case(1), vec![unit(1)]))];
    let (head, stats) = (world.engine.head(), world.engine.stats());

    let facts = world.engine.preview(&requests).unwrap();
    assert_eq!(
        facts.iter().map(|fact| (fact.sequence.0, fact.verb)).collect::<Vec<_>>(),
        [(2, Verb::Commission), (3, Verb::Pack)]
    );
    let refusal = world.engine.preview(&requests[1..]).unwrap_err();
    assert_eq!((refusal.reason(), refusal.position), (Reason::ObjectNotFound, 0));

    assert_eq!((world.engine.head(), world.engine.stats()), (head, stats));
    assert_eq!(world.engine.tree(&case(1), Moment::Now, 9).unwrap().unwrap().children, []);
    outcome(&world, &requests).receipt().unwrap();
    for fact in facts {
        let real = world.engine.fact(fact.sequence).unwrap().unwrap();
        assert_eq!((real.effects, real.previous), (fact.effects, fact.previous), "the preview foretold it");
    }
}

#[test]
fn rules_change_from_one_operation_to_the_next_and_history_stands() {
    let world = World::new(Policy::default());
    world.commission(Level::Case, &[case(1), case(2)]);
    world.commission(Level::Unit, &[unit(1)]);
    world.pack(&case(1), &[unit(1)]);
    let move_it = || Operation::pack(case(2), vec![unit(1)]);
    assert_eq!(world.try_do(move_it()).unwrap_err().reason(), Reason::ChildHasOtherParent);
    world.engine.set_policy(Policy { child_with_parent: ChildWithParent::Move, ..Policy::default() });
    let moved = world.done(move_it());
    world.engine.set_policy(Policy::default());
    assert_eq!(world.try_do(move_it()).unwrap_err().reason(), Reason::ChildAlreadyInParent);

    let world = world.reopened(Policy::default());
    assert_eq!(world.engine.head().sequence, moved.last);
    assert_eq!(world.engine.children(&case(2)), Some(vec![unit(1)]));
    assert_eq!(world.engine.inspect(&pallet(1)), None);
}

#[test]
fn groups_are_measured_and_refusals_are_not() {
    let world = World::new(Policy::default());
    world.commission(Level::Case, &[case(1)]);
    outcome(&world, &[commission(&world, 1), commission(&world, 2)]).receipt().unwrap();
    world.try_do(Operation::pack(case(9), vec![unit(1)])).unwrap_err();
    let stats = world.engine.stats();
    assert_eq!((stats.commit_times.count(), stats.group_operations.count()), (2, 2));
    assert_eq!(stats.group_operations.sum, 3);
    assert!(0 < stats.commit_times.sum);
    assert!(world.engine.stopped().is_none());
    world.engine.close().unwrap();
    assert!(matches!(world.engine.stopped(), Some(packtree::Error::Closed)));
}
