//! Events that come before what they build on, across openings, rehearsals, limits and time.

use packtree::fact::{Effect, EventTime, Level, Name, ParkingEnd, Role, Signature, Standing, Verb};
use packtree::limits::PARKED_MAX;
use packtree::operation::{Close, Reopen};
use packtree::policy::LateEvent;
use packtree::{Identifier, Operation, Outcome, Policy, Reason, Request, Sequence, verify_on};

use crate::support::{World, answer, case, unit};

const HOUR: i64 = 60 * 60 * 1_000_000;

fn parking() -> Policy {
    Policy { late_event: LateEvent::PARK, ..Policy::default() }
}

/// Two cases, and a unit in the first.
fn world() -> World {
    let world = World::new(parking());
    world.commission(Level::Case, &[case(1), case(2)]);
    world.commission(Level::Unit, &[unit(1), unit(2)]);
    world.pack(&case(1), &[unit(1)]);
    world
}

fn submit(world: &World, request: &Request) -> Outcome {
    answer(&world.engine.send(request.clone()).unwrap())
}

fn parent(world: &World, id: &Identifier) -> Option<Identifier> {
    world.engine.locate(id).unwrap().parent
}

/// A pack of the unit into the second case, and the unpack that happened before it.
fn pack_and_unpack(world: &World) -> (Request, Request) {
    let unpack = world.request(Operation::unpack(vec![unit(1)]));
    (world.request(Operation::pack(case(2), vec![unit(1)])), unpack)
}

#[test]
fn what_is_parked_outlives_an_opening_and_is_done_when_its_turn_comes() {
    let world = world();
    let (pack, unpack) = pack_and_unpack(&world);
    let receipt = submit(&world, &pack).receipt().unwrap();
    assert_eq!((receipt.first, receipt.standing), (Sequence(4), Standing::Parked));
    assert_eq!((world.engine.stats().parked, parent(&world, &unit(1))), (1, Some(case(1))));

    let world = world.reopened(parking());
    let parked: Vec<_> = world.engine.view().parked().collect();
    let (fact, parking_of_it) = &parked[0];
    assert_eq!((parked.len(), *fact, parking_of_it.header.request), (1, Sequence(4), pack.id));
    assert_eq!(parking_of_it.reasons, [Reason::ChildHasOtherParent]);
    assert_eq!(parking_of_it.until - parking_of_it.since, 4 * HOUR);
    assert_eq!(Operation::of_parked(parking_of_it), Some(pack.operation.clone()));
    let newest = world.engine.history(&unit(1)).next().unwrap().unwrap();
    assert!(matches!(&newest.effects[..], [Effect::Parked { objects, .. }] if *objects == [unit(1)]));

    // Whoever asks again is told the same as the first time, now and once it is done.
    let repeated = packtree::Receipt { repeated: true, ..receipt };
    assert_eq!(submit(&world, &pack), Outcome::Done(repeated));
    let receipt = submit(&world, &unpack).receipt().unwrap();
    assert_eq!((receipt.first, receipt.last, receipt.standing), (Sequence(5), Sequence(5), Standing::Done));
    assert_eq!((world.engine.stats().parked, parent(&world, &unit(1))), (0, Some(case(2))));
    let release = world.engine.fact(Sequence(6)).unwrap().unwrap();
    assert_eq!(
        (release.verb, release.header.request, release.header.event_time),
        (Verb::Pack, pack.id, pack.event_time)
    );
    let end = Effect::Unparked { objects: vec![], parked: Sequence(4), end: ParkingEnd::Done };
    assert_eq!(release.effects[0], end);
    assert_eq!(submit(&world, &pack), Outcome::Done(repeated));

    let world = world.reopened(Policy::default());
    assert_eq!(submit(&world, &pack), Outcome::Done(repeated));
    assert_eq!((world.engine.stats().parked, parent(&world, &unit(1))), (0, Some(case(2))));
    world.engine.close().unwrap();
    assert_eq!(verify_on(&*world.disk).unwrap().problems, Vec::<String>::new());
}

#[test]
fn whoever_signed_what_is_parked_still_has_when_it_is_done() {
    let world = world();
    let close = world.request(Operation::Close(Close { containers: vec![case(1)], partial: false }));
    let reopen = world.request(Operation::Reopen(Reopen { containers: vec![case(1)] }));
    let by = Name::new("Bea").unwrap();
    let signature = Some(Signature { by: by.clone(), role: Role::Supervisor });
    let reopen = Request { role: Role::Operator, signature: signature.clone(), ..reopen };
    assert_eq!(submit(&world, &reopen).receipt().unwrap().standing, Standing::Parked);

    let world = world.reopened(parking());
    let (_, parked) = world.engine.view().parked().next().unwrap();
    assert_eq!(parked.signature(), signature);
    let signed = Effect::Signed { by, role: Role::Supervisor };
    let fact = world.engine.fact(Sequence(4)).unwrap().unwrap();
    assert!(matches!(&fact.effects[..], [Effect::Parked { .. }, last] if *last == signed));
    submit(&world, &close).receipt().unwrap();
    let fact = world.engine.fact(Sequence(6)).unwrap().unwrap();
    let [Effect::Unparked { end, .. }, Effect::Sealed { .. }, last] = &fact.effects[..] else { panic!("{fact:?}") };
    assert_eq!((*end, last), (ParkingEnd::Done, &signed));
    assert_eq!((fact.header.role, fact.header.content), (Role::Operator, fact_content(&world, 4)));
}

fn fact_content(world: &World, number: u64) -> u64 {
    world.engine.fact(Sequence(number)).unwrap().unwrap().header.content
}

#[test]
fn a_preview_and_a_rehearsal_show_what_would_wait_and_what_would_be_released() {
    let world = world();
    let (pack, unpack) = pack_and_unpack(&world);
    let preview = world.engine.preview(std::slice::from_ref(&pack)).unwrap();
    assert!(matches!(&preview[0].effects[..], [Effect::Parked { .. }]));
    let mut rehearsal = world.engine.rehearse();
    let mut standing =
        |request: &Request| rehearsal.submit(std::slice::from_ref(request)).receipt().map(|receipt| receipt.standing);
    assert_eq!(standing(&pack), Ok(Standing::Parked));
    assert_eq!(standing(&unpack), Ok(Standing::Done));
    let next =
        Request { event_time: EventTime::utc(world.clock_now()), ..world.request(Operation::unpack_all(case(2))) };
    assert_eq!(standing(&next), Ok(Standing::Done), "the unit is in there");
    drop(rehearsal);
    assert_eq!((world.engine.stats().parked, world.engine.head().sequence), (0, Sequence(3)));

    submit(&world, &pack).receipt().unwrap();
    let preview = world.engine.preview(&[unpack]).unwrap();
    let verbs: Vec<(Verb, u64)> = preview.iter().map(|fact| (fact.verb, fact.sequence.0)).collect();
    assert_eq!(verbs, [(Verb::Unpack, 5), (Verb::Pack, 6)]);
}

#[test]
fn none_of_a_sequence_waits_but_a_sequence_releases() {
    let world = world();
    let (pack, unpack) = pack_and_unpack(&world);
    let hint = world.request(Operation::pack(case(2), vec![unit(2)]));
    let refused = answer(&world.engine.send_sequence(vec![hint.clone(), pack.clone()]).unwrap()).receipt().unwrap_err();
    assert_eq!((refused.reason(), refused.position), (Reason::ChildHasOtherParent, 1));
    submit(&world, &pack).receipt().unwrap();
    let receipt = answer(&world.engine.send_sequence(vec![unpack, hint]).unwrap()).receipt().unwrap();
    assert_eq!((receipt.first, receipt.last), (Sequence(5), Sequence(6)));
    assert_eq!(world.engine.children(&case(2)), Some(vec![unit(2), unit(1)]));
}

#[test]
fn what_waits_too_long_is_ended_and_says_why() {
    let world = world();
    let (pack, unpack) = pack_and_unpack(&world);
    submit(&world, &pack).receipt().unwrap();
    world.clock.advance(3 * HOUR);
    world.commission(Level::Unit, &[unit(8)]);
    assert_eq!(world.engine.stats().parked, 1);
    world.clock.advance(HOUR);
    world.commission(Level::Unit, &[unit(9)]);
    assert_eq!((world.engine.stats().parked, world.engine.head().sequence), (0, Sequence(7)));
    let fact = world.engine.fact(Sequence(7)).unwrap().unwrap();
    let end = ParkingEnd::Expired(Reason::ChildHasOtherParent);
    let objects = vec![case(2), unit(1)];
    assert_eq!(
        (fact.verb, &fact.effects[..]),
        (Verb::Pack, &[Effect::Unparked { objects, parked: Sequence(4), end }][..])
    );
    let newest = world.engine.history(&unit(1)).next().unwrap().unwrap();
    assert_eq!(newest.fact, Sequence(7));

    let world = world.reopened(parking());
    assert_eq!(world.engine.stats().parked, 0);
    submit(&world, &unpack).receipt().unwrap();
    assert_eq!(parent(&world, &unit(1)), None, "it waits no longer");
}

#[test]
fn as_many_are_parked_as_may_be() {
    let world = World::new(parking());
    world.commission(Level::Case, &[case(1)]);
    let early = |number: usize| {
        let unit = Identifier::parse(&format!("(01)09521234543213(21)E{number}")).unwrap();
        world.request(Operation::pack(case(1), vec![unit]))
    };
    let tickets: Vec<_> = (0..PARKED_MAX).map(|number| world.engine.send(early(number)).unwrap()).collect();
    assert!(tickets.iter().all(|ticket| answer(ticket).receipt().unwrap().standing == Standing::Parked));
    let refusal = submit(&world, &early(PARKED_MAX)).receipt().unwrap_err();
    assert_eq!(refusal.reason(), Reason::ObjectNotFound);
    assert!(refusal.faults.iter().any(|fault| fault.reason == Reason::ParkingIsFull && fault.object.is_none()));
    assert_eq!(world.engine.stats().parked, PARKED_MAX);
}
