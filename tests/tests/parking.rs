//! Events that arrive out of order, under a policy that parks: in the end the state is that of the order in which they happened.

use std::fmt::Write as _;

use packtree::disk::{Fault, SimulatedDisk, Survivors};
use packtree::fact::{Effect, EventTime, Level, Microseconds, ParkingEnd, Standing, Trust};
use packtree::operation::{Close, Contents, Receive, Ship, Unpack};
use packtree::policy::{LateEvent, Packaging, Policy, Product};
use packtree::{Engine, Identifier, Operation, Outcome, Request};
use packtree_tests::compare::{differ, seen};
use packtree_tests::model::Model;
use packtree_tests::rig::{self, Answers};
use packtree_tests::workload::{Draw, beginning, clock_after};
use packtree_tests::world::{NOW, Seeded, case, commission, lot, pallet, product, request, unit};
use proptest::prelude::*;

/// Time from one event to the next.
const STEP_US: Microseconds = 1_000_000;

/// Steps of which a random history is made.
const STEPS: u64 = 60;

fn parking() -> Policy {
    let of = |parent, child, children| Packaging { parent, child, children };
    let packaging = vec![of(Level::Case, Level::Unit, 3), of(Level::Pallet, Level::Case, 2)];
    let product_of_units = Product { packaging, one_lot_up_to: None };
    Policy { late_event: LateEvent::PARK, products: [(product(1), product_of_units)].into(), ..Policy::default() }
}

/// An engine that is opened again now and then, by closing it or by a loss of power.
struct Site {
    disk: SimulatedDisk,
    engine: Engine,
    policy: Policy,
}

impl Site {
    fn new(policy: &Policy) -> Self {
        Self::open(SimulatedDisk::new(), policy.clone())
    }

    fn open(disk: SimulatedDisk, policy: Policy) -> Self {
        let engine = rig::open(&disk, rig::options(&policy, clock_after(STEPS))).expect("what was acknowledged opens");
        Self { disk, engine, policy }
    }

    /// What came of a request; `None` where it was refused.
    fn submit(&self, request: &Request) -> Option<Standing> {
        match self.engine.submit(request.clone()).expect("the disk is whole") {
            Outcome::Done(receipt) => Some(receipt.standing),
            Outcome::Refused(_) => None,
        }
    }

    fn reopened(self, by_crash: bool) -> Self {
        let Self { disk, engine, policy } = self;
        if by_crash {
            let left = disk.crash(Survivors::Synced);
            drop(engine);
            return Self::open(left, policy);
        }
        engine.close().expect("the disk is whole");
        drop(engine);
        Self::open(disk, policy)
    }

    /// Whether everything that was accepted was done in the end, and nothing was late.
    fn is_all_done(&self) -> bool {
        let facts = Answers::of(&self.engine).expect("what is durable can be read").facts;
        let is_odd = |effect: &Effect<Identifier>| match effect {
            Effect::Noted { late, .. } => *late,
            Effect::Unparked { end, .. } => *end != ParkingEnd::Done,
            _ => false,
        };
        self.engine.stats().parked == 0 && !facts.iter().flat_map(|fact| &fact.effects).any(is_odd)
    }

    /// Everything in which it differs from the model. The order of children is that of arrival, which the events do not decide.
    ///
    /// Without `closures` it is not compared which containers are closed or broken: a closing that arrives behind what was taken out
    /// later, or before what was taken out earlier, is not late.
    fn differences(&self, model: &Model, closures: bool) -> String {
        let mut found = String::new();
        let view = self.engine.view();
        for object in model.objects() {
            let id = &object.id;
            let Some(kept) = view.inspect(id) else {
                let _ = writeln!(found, "{id}: the engine does not know it");
                continue;
            };
            let mut known = seen(model, id);
            let mut children: Vec<Identifier> = view.children(id).into_iter().flatten().collect();
            children.sort_unstable();
            known.children.sort_unstable();
            differ(&mut found, id, &(kept.parent, children), &(known.parent, known.children));
            differ(&mut found, id, &kept.status, &known.status);
            if closures {
                differ(&mut found, id, &kept.seal, &known.seal);
            }
            differ(&mut found, id, &kept.away, &model.is_away(id));
            differ(&mut found, id, &kept.held_by.as_ref(), &model.held_by(id));
        }
        drop(view);
        differ(&mut found, &"objects", &(self.engine.stats().objects as usize), &model.objects().count());
        found
    }
}

/// The events in which the rules allow them, one after the other, chosen by `choices` among those that are left.
fn history(mut left: Vec<Operation>, choices: &[prop::sample::Index]) -> (Vec<Request>, Model) {
    let rules = Policy { late_event: LateEvent::Refuse, ..parking() };
    let mut model = Model::default();
    let mut done = Vec::new();
    for choice in choices {
        let number = done.len() as u64 + 1;
        let may_come: Vec<usize> = (0..left.len())
            .filter(|place| model.clone().submit(&at(number, left[*place].clone()), &rules, clock_after(STEPS)).is_ok())
            .collect();
        if may_come.is_empty() {
            break;
        }
        let event = at(number, left.remove(may_come[choice.index(may_come.len())]));
        model.submit(&event, &rules, clock_after(STEPS)).expect("it was tried before");
        done.push(event);
    }
    assert!(left.is_empty(), "every event has its turn: {left:?}");
    (done, model)
}

fn at(number: u64, operation: Operation) -> Request {
    let event_time = EventTime::utc(NOW + STEP_US * number.cast_signed());
    Request { event_time, ..request(number.into(), operation) }
}

/// Lives in which every event needs all that happened to its objects before: packed one by one and closed when full; packed with one
/// event and unpacked with one, on two levels; shipped and received.
fn lives() -> Vec<Operation> {
    let units = |numbers: std::ops::RangeInclusive<u64>| numbers.map(unit).collect::<Vec<_>>();
    let close = |container| Operation::Close(Close { containers: vec![container], partial: false });
    let mut events = vec![
        commission(Level::Unit, Some(lot(1, 1)), units(1..=2)),
        commission(Level::Unit, Some(lot(1, 1)), units(3..=3)),
        commission(Level::Case, None, vec![case(1)]),
        close(case(1)),
        commission(Level::Unit, Some(lot(1, 2)), units(4..=9)),
        commission(Level::Case, None, vec![case(2), case(3)]),
        commission(Level::Pallet, None, vec![pallet(1)]),
        Operation::pack(case(2), units(4..=6)),
        Operation::unpack_all(case(2)),
        Operation::pack(pallet(1), vec![case(3)]),
        Operation::unpack_all(pallet(1)),
        commission(Level::Pallet, None, vec![pallet(2)]),
        Operation::Ship(Ship { roots: vec![pallet(2)] }),
        Operation::Receive(Receive { roots: vec![pallet(2)], trust: Trust::Verified }),
    ];
    events.extend((1..=3).map(|number| Operation::pack(case(1), vec![unit(number)])));
    events
}

fn cases() -> ProptestConfig {
    let cases = if std::env::var_os("PACKTREE_LONG").is_some() { 20_000 } else { 400 };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn where_each_event_needs_its_predecessors_any_order_of_delivery_ends_the_same(
        choices in prop::collection::vec(any::<prop::sample::Index>(), 17),
        order in Just((0..17_usize).collect::<Vec<_>>()).prop_shuffle(),
        reopenings in prop::collection::vec((0..17_usize, any::<bool>()), 0..3),
    ) {
        let (events, model) = history(lives(), &choices);
        let mut site = Site::new(&parking());
        for (delivered, event) in order.iter().enumerate() {
            let standing = site.submit(&events[*event]);
            prop_assert!(matches!(standing, Some(Standing::Done | Standing::Parked)), "{:?}: {:?}", standing, events[*event]);
            for (_, by_crash) in reopenings.iter().filter(|(place, _)| *place == delivered) {
                site = site.reopened(*by_crash);
            }
        }
        prop_assert!(site.is_all_done());
        prop_assert_eq!(site.differences(&model, true), "");
        let head = site.engine.close().expect("the disk is whole");
        prop_assert_eq!(rig::verify(&site.disk), Ok(head));
    }
}

/// Whether what the event overtakes may not be late: a count that agrees changes nothing, and neither does unpacking all levels change a
/// container on the way that is empty still.
fn leaves_no_trace(operation: &Operation) -> bool {
    match operation {
        Operation::Reset(_) => true,
        Operation::Unpack(unpack) => matches!(unpack.what, Contents::Recursive { .. }),
        _ => false,
    }
}

/// Events of every other kind that the rules allow in this order.
fn any_history(random: &Seeded) -> (Vec<Request>, Model) {
    let mut model = Model::default();
    let mut events = Vec::new();
    let draws = (0..STEPS).map(|step| Draw { back: 0, ..Draw::from_seed(random) }.request(step));
    for event in beginning().into_iter().chain(draws) {
        if !leaves_no_trace(&event.operation)
            && model.submit(&event, &parking(), clock_after(STEPS)).is_ok_and(|answer| !answer.late)
        {
            events.push(event);
        }
    }
    (events, model)
}

/// Events with their places, each delivered up to so many places late.
fn delayed(events: &[Request], window: u64, random: &Seeded) -> Vec<Request> {
    let mut delayed: Vec<(u64, &Request)> =
        (0..).zip(events).map(|(place, event)| (place + random.below(window), event)).collect();
    delayed.sort_by_key(|(place, _)| *place);
    delayed.into_iter().map(|(_, event)| event.clone()).collect()
}

#[test]
fn what_is_all_done_in_the_end_is_as_if_it_had_come_in_order() {
    let runs = if std::env::var_os("PACKTREE_LONG").is_some() { 20_000 } else { 600 };
    let (mut all_done, mut parked) = (0_u64, 0_u64);
    for seed in 0..runs {
        let random = Seeded::new(seed);
        let (events, model) = any_history(&random);
        let mut site = Site::new(&parking());
        let (mut is_accepted, mut was_parked) = (true, false);
        for event in delayed(&events, 2 + seed % 12, &random) {
            let standing = site.submit(&event);
            is_accepted &= matches!(standing, Some(Standing::Done | Standing::Parked));
            was_parked |= standing == Some(Standing::Parked);
            if random.below(16) == 0 {
                site = site.reopened(random.below(2) == 0);
            }
        }
        if is_accepted && site.is_all_done() {
            all_done += 1;
            parked += u64::from(was_parked);
            assert_eq!(site.differences(&model, false), "", "seed {seed}");
        }
    }
    println!(
        "{runs} histories out of order, {all_done} of them all done in the end, {parked} of those with something parked"
    );
    assert!(runs / 20 < parked, "too few to prove anything");
}

#[test]
fn after_a_crash_a_fact_and_what_it_released_are_both_there_or_neither() {
    let policy = Policy { late_event: LateEvent::PARK, ..Policy::default() };
    let commissioned = [
        commission(Level::Case, None, (1..=4).map(case).collect()),
        commission(Level::Unit, None, (1..=3).map(unit).collect()),
        Operation::pack(case(1), vec![unit(1)]),
    ];
    let from = |parent| Contents::Named { parent: Some(parent), children: vec![unit(1)], quantities: Vec::new() };
    let unpack = |parent| Operation::Unpack(Unpack { what: from(parent), trust: Trust::Verified });
    let early = [unpack(case(2)), Operation::pack(case(3), vec![unit(1)]), Operation::pack(case(2), vec![unit(1)])];
    let times = [1, 2, 3, 6, 7, 5, 4];
    let operations = commissioned.into_iter().chain(early).chain([unpack(case(1))]);
    let events: Vec<Request> = operations.zip(times).map(|(operation, time)| at(time, operation)).collect();
    let work = |disk: &SimulatedDisk| {
        let Ok(engine) = rig::open(disk, rig::options(&policy, clock_after(STEPS))) else { return 0 };
        events.iter().take_while(|event| engine.submit((*event).clone()).is_ok()).count()
    };
    let whole = SimulatedDisk::new();
    assert_eq!(work(&whole), events.len());
    let (calls, mut recoveries) = (whole.calls(), 0);
    for call in 1..=calls {
        let disk = SimulatedDisk::new();
        disk.fault_at(call, Fault::Crash);
        let answered = work(&disk);
        for choice in rig::survivors(call) {
            let site = Site::open(disk.crash(choice), policy.clone());
            let facts = site.engine.head().sequence.0;
            assert!([0, 1, 2, 3, 4, 5, 6, 10].contains(&facts), "crash at call {call}, {choice:?}: {facts} facts");
            assert!(
                answered.min(6) as u64 <= facts && (answered < 7 || facts == 10),
                "crash at call {call}, {choice:?}"
            );
            assert_eq!(site.engine.stats().parked as u64, if facts == 10 { 0 } else { facts.saturating_sub(3) });
            // Whoever got no answer asks again, and it is done once.
            for event in &events {
                assert!(site.submit(event).is_some());
            }
            assert_eq!(site.engine.head().sequence.0, 10);
            assert_eq!(site.engine.locate(&unit(1)).and_then(|found| found.parent), Some(case(3)));
            recoveries += 1;
        }
    }
    println!("{calls} crash points, {recoveries} recoveries");
}
