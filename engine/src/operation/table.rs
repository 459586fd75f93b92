//! Tests that are pictures: a table of operations, one a row, each with what comes of it.
//!
//! ```text
//! commission  C1 C2 U1 U2 lot=L1     done
//! pack        C1 <- U1 U2            done
//! pack        C2 <- U1               child_has_other_parent U1/C1
//! contents    C1                     U1 U2
//! ```
//!
//! An answer is `done`, `late`, `parked`, or the faults, each `reason object/what stands in the way`, separated by commas. After each row
//! that changes something the fact is encoded, decoded and replayed into a second forest, which must equal the first; every
//! invariant of both is checked. Behind a `+` stands what was parked and waits no longer. And the whole table is run once more as one group, every row on the draft of those before.

mod documented;
mod late;
mod parse;
mod random;

use std::fmt::Write as _;
use std::sync::Arc;

use super::Request;
use super::decide::decide_within;
use super::overtaken::is_overtaken;
use super::parking::{Due, Released, decide_or_park_within};
use crate::codec::{self, Draught, Item};
use crate::fact::{
    Effect, EventTime, Fact, Header, Level, Microseconds, Parking, ParkingEnd, Sequence, Standing, Verb,
};
use crate::forest::apply::{Step, apply};
use crate::forest::record::Ix;
use crate::forest::verify::verify;
use crate::forest::{Changes, Draft, Forest, SettingRecord, View};
use crate::limits::OBJECTS_MAX;
use crate::policy::{LateEvent, Packaging, Policy, Product};
use crate::refusal::{Reason, Refusal};
use parse::{Names, Row, rows};

/// The clock of all tables: 2026-11-23, a Monday.
const NOW: Microseconds = 1_795_392_000_000_000;

/// What a table begins with.
pub(crate) struct Table<'t> {
    world: &'t str,
    /// The policy of the world, if another than that of the table.
    before: Option<Policy>,
    policy: Policy,
    capacity: u32,
}

/// A table that goes on where another ends.
pub(crate) fn after(world: &str) -> Table<'_> {
    Table { world, before: None, policy: Policy::default(), capacity: OBJECTS_MAX }
}

/// A table under a policy.
pub(crate) fn under(policy: &Policy) -> Table<'static> {
    after("").under(policy)
}

/// Runs a table under the default policy.
#[track_caller]
pub(crate) fn check(table: &str) {
    after("").check(table);
}

impl Table<'_> {
    /// Sets the policy.
    pub(crate) fn under(self, policy: &Policy) -> Self {
        Self { policy: policy.clone(), ..self }
    }

    /// Sets the policy for the table, but not for the world that it goes on from.
    pub(crate) fn switch(self, policy: &Policy) -> Self {
        Self { before: Some(self.policy), policy: policy.clone(), ..self }
    }

    /// Sets how many objects the engine holds at most.
    pub(crate) fn within(self, capacity: u32) -> Self {
        Self { capacity, ..self }
    }

    /// Runs the table.
    #[track_caller]
    pub(crate) fn check(self, table: &str) {
        let world_lines = self.world.lines().count();
        let before = self.before.as_ref().unwrap_or(&self.policy);
        let policy = |line| if line + 1 < world_lines { before } else { &self.policy };
        run(policy, self.capacity, &[self.world, table].concat());
    }
}

/// The default policy, with so many units of product `U` in a case and so many of its cases on a pallet.
pub(crate) fn packaged(units: u32, cases: u32, one_lot_up_to: Option<Level>) -> Policy {
    let of = |parent, child, children| Packaging { parent, child, children };
    let packaging = vec![of(Level::Case, Level::Unit, units), of(Level::Pallet, Level::Case, cases)];
    Policy { products: [(parse::gtin("U"), Product { packaging, one_lot_up_to })].into(), ..Policy::default() }
}

#[track_caller]
fn run<'p>(policy: impl Fn(usize) -> &'p Policy, capacity: u32, table: &str) {
    let mut names = Names::default();
    let rows: Vec<(usize, Row)> = rows(table, NOW, &mut names);
    let mut shown = String::new();
    let mut failed = false;
    let mut world = TwoForests::new();
    let mut changes = Changes::default();
    let base = Forest::new(3);
    let mut group = Draft::new(&base, &mut changes);
    let source: Vec<&str> = table.lines().collect();
    for (line, row) in &rows {
        let (one_by_one, as_group, expected) = match row {
            Row::Do { request, expected } => {
                let policy = policy(*line);
                assert_every_operation_checks_its_time(&world.live, request, policy, capacity);
                let one_by_one = world.submit(request, policy, capacity);
                let as_group = on_draft(request, policy, capacity, &mut group);
                (answer(&one_by_one, &names), answer(&as_group, &names), expected.clone())
            }
            Row::Ask { question, expected } => {
                (question.answer(&world.live, &names), question.answer(&group, &names), expected.clone())
            }
        };
        let _ = writeln!(shown, "{}", source[*line]);
        for (how, found) in [("", &one_by_one), (", as part of a group", &as_group)] {
            if *found != expected {
                failed = true;
                let _ = writeln!(shown, "    ^ found{how}: {found}");
            }
        }
    }
    assert_same("a forest and a draft that did the same", &world.live, &group);
    assert!(!failed, "\n{shown}");
}

/// An event of tomorrow is refused, whatever it is about; so is a late one, where the policy says so.
fn assert_every_operation_checks_its_time(forest: &Forest, request: &Request, policy: &Policy, capacity: u32) {
    let mut changes = Changes::default();
    let draft = Draft::new(forest, &mut changes);
    let decide = |request: &Request, policy: &Policy| decide_within(request, policy, NOW, &draft, capacity);
    let tomorrow = Request { event_time: EventTime::utc(NOW + 24 * 60 * 60 * 1_000_000), ..request.clone() };
    let refusal = decide(&tomorrow, policy).expect_err("an event of tomorrow");
    assert_eq!(refusal, Refusal::of_operation(Reason::EventTimeOutOfRange));
    let strict = Policy { late_event: LateEvent::Refuse, ..policy.clone() };
    if decide(request, policy).is_ok_and(|decision| decision.standing == Standing::Late) {
        let refusal = decide(request, &strict).expect_err("a late event");
        let is_of_newer = is_overtaken(&refusal, &request.operation, request.event_time.at, true, &draft);
        let is_late = refusal.faults.iter().all(|fault| fault.reason == Reason::EventIsLate);
        assert!(is_late || is_of_newer, "{refusal:?}");
    }
}

/// What came of an operation, and of what was parked before; or the refusal.
type Answer = Result<(Standing, Vec<(Verb, ParkingEnd)>), Refusal>;

/// What came of an operation, as it stands in a table.
fn answer(answer: &Answer, names: &Names) -> String {
    match answer {
        Ok((standing, released)) => {
            let released = released.iter().map(|(verb, end)| match end {
                ParkingEnd::Done => format!(" + {verb} done"),
                ParkingEnd::Late => format!(" + {verb} late"),
                ParkingEnd::Refused(reason) => format!(" + {verb} refused {}", reason.code()),
                ParkingEnd::Expired(reason) => format!(" + {verb} expired {}", reason.code()),
            });
            std::iter::once(standing.to_string()).chain(released).collect()
        }
        Err(refusal) => {
            let faults = refusal.faults.iter().map(|fault| {
                let object = fault.object.as_ref().map(|object| format!(" {}", names.short(object)));
                let other = fault.other.as_ref().map(|other| format!("/{}", names.short(other)));
                format!("{}{}{}", fault.reason.code(), object.unwrap_or_default(), other.unwrap_or_default())
            });
            faults.collect::<Vec<_>>().join(", ")
        }
    }
}

fn on_draft(request: &Request, policy: &Policy, capacity: u32, draft: &mut Draft<'_>) -> Answer {
    let decision = decide_or_park_within(request, policy, NOW, draft, capacity)?;
    apply(draft, request.event_time.at, &decision.effects, &mut Vec::new());
    assert_eq!(verify(draft), [], "the draft after {request:?}");
    let mut due = Due::default();
    due.after(&decision.effects, draft);
    let mut released = Vec::new();
    while let Some(next) = due.next_within(policy, NOW, draft, capacity) {
        apply(draft, next.parking.header.event_time.at, &next.effects, &mut Vec::new());
        assert_eq!(verify(draft), [], "the draft after what {request:?} released");
        due.after(&next.effects, draft);
        released.push((next.parking.verb, end_of(&next)));
    }
    Ok((decision.standing, released))
}

/// What became of a parked operation.
fn end_of(released: &Released) -> ParkingEnd {
    match &released.effects[0] {
        Effect::Unparked { end, .. } => *end,
        other => panic!("a fact that releases begins by saying so, not with {other:?}"),
    }
}

/// A forest to which facts are applied, and one that is replayed from their bytes.
struct TwoForests {
    live: Forest,
    replayed: Forest,
}

impl TwoForests {
    fn new() -> Self {
        // Different seeds, so that nothing depends on the order of a hash table.
        Self { live: Forest::new(1), replayed: Forest::new(2) }
    }

    /// Decides an operation and what it releases, applies each fact, and replays its bytes.
    fn submit(&mut self, request: &Request, policy: &Policy, capacity: u32) -> Answer {
        let mut changes = Changes::default();
        let draft = Draft::new(&self.live, &mut changes);
        let decision = decide_or_park_within(request, policy, NOW, &draft, capacity)?;
        self.record(&request.header(), request.operation.verb(), &decision.effects);
        let mut due = Due::default();
        due.after(&decision.effects, &Draft::new(&self.live, &mut changes));
        let mut released = Vec::new();
        while let Some(next) = due.next_within(policy, NOW, &Draft::new(&self.live, &mut changes), capacity) {
            self.record(&next.parking.header, next.parking.verb, &next.effects);
            due.after(&next.effects, &Draft::new(&self.live, &mut changes));
            released.push((next.parking.verb, end_of(&next)));
        }
        Ok((decision.standing, released))
    }

    /// Applies a fact, and replays its bytes.
    fn record(&mut self, header: &Header, verb: Verb, effects: &[Effect<Ix>]) {
        let mut changes = Changes::default();
        let mut draft = Draft::new(&self.live, &mut changes);
        let mut previous = Vec::new();
        apply(&mut draft, header.event_time.at, effects, &mut previous);
        let mut bytes = Vec::new();
        codec::encode(&Draught { header, verb, effects, previous: &previous }, &draft, &mut bytes)
            .expect("decide refuses facts that are too large");
        let fact =
            codec::decode(Sequence(draft.next_sequence() - 1), NOW, &bytes).expect("a fact that was just encoded");
        assert_eq!(fact.previous, previous, "the history of {fact:?}");

        let mut live_previous = Vec::new();
        apply(&mut self.live, header.event_time.at, effects, &mut live_previous);
        assert_eq!(live_previous, previous, "the history as a forest and as a draft know it, of {fact:?}");
        assert_history(&fact, &previous, &self.live);
        replay(&mut self.replayed, &bytes);
        assert_same("the forest and its replay", &self.live, &self.replayed);
        assert_eq!(verify(&self.live), [], "the forest after {fact:?}");
        assert_eq!(verify(&self.replayed), [], "the replay after {fact:?}");
    }
}

fn replay(forest: &mut Forest, bytes: &[u8]) {
    let stored = codec::decode_stored(bytes).expect("a fact that was just encoded");
    let mut previous = Vec::new();
    let mut step = Step::begin(forest, stored.event_time.at, &mut previous);
    for effect in &stored.effects {
        let mut name = |item: Item| {
            let found = match item {
                Item::Key(key) => forest.find_key(&key),
                Item::Spelled(identifier) => forest.find(&identifier),
            };
            Ok(found.expect("an object that a fact names is there"))
        };
        let effect = effect.read(&mut name).expect("an effect that was just encoded");
        step.effect(forest, &effect);
    }
    step.end(forest);
}

/// The fact names each object's fact before it, and as many as it touches.
fn assert_history(fact: &Fact, previous: &[u64], view: &impl View) {
    let this = view.next_sequence() - 1;
    assert_eq!(fact.sequence.0, this);
    let touched = (0..view.len()).map(Ix).filter(|ix| view.record(*ix).last_fact() == this);
    let noted = (0..view.len()).map(Ix).filter(|ix| view.last_note(*ix) == this);
    assert_eq!(previous.len(), touched.count() + noted.count(), "one fact before for each object of {fact:?}");
    assert!(previous.iter().all(|before| *before < this), "facts before are older, in {fact:?}");
}

/// Two states are the same, object by object, each at its place.
#[track_caller]
fn assert_same(what: &str, one: &impl View, other: &impl View) {
    assert_eq!(one.len(), other.len(), "{what}: objects");
    for ix in (0..one.len()).map(Ix) {
        assert_eq!(one.identifier(ix), other.identifier(ix), "{what}: identifiers");
        let name = one.identifier(ix);
        assert_eq!(one.record(ix), other.record(ix), "{what}: {name}");
        assert_eq!(one.container(ix), other.container(ix), "{what}: {name}");
        assert_eq!(one.quantities(ix), other.quantities(ix), "{what}: {name}");
        assert_eq!(one.last_note(ix), other.last_note(ix), "{what}: {name}");
    }
    assert_eq!(one.lots_len(), other.lots_len(), "{what}: lots");
    for place in 0..one.lots_len() {
        assert_eq!(one.lot(place), other.lot(place), "{what}: lot {place}");
    }
    assert_eq!((one.holds(), one.next_sequence()), (other.holds(), other.next_sequence()), "{what}: holds and facts");
    assert_eq!(parked(one), parked(other), "{what}: what is parked");
    assert_eq!(settings(one), settings(other), "{what}: settings");
    for sequence in 0..one.next_sequence() {
        assert_eq!(one.time_of(sequence), other.time_of(sequence), "{what}: time of fact {sequence}");
    }
}

/// Everything that is parked.
fn parked(view: &impl View) -> Vec<(u64, Arc<Parking>)> {
    let mut parked = Vec::new();
    view.for_each_parked(&mut |fact, parking| parked.push((fact, Arc::clone(parking))));
    parked
}

/// Every setting.
fn settings(view: &impl View) -> Vec<SettingRecord> {
    let mut settings = Vec::new();
    view.for_each_setting(&mut |setting| settings.push(setting.clone()));
    settings
}

/// A request of the test station.
pub(crate) fn request(operation: super::Operation, at: Microseconds) -> Request {
    use crate::fact::{Entry, Name, ReasonText, RequestId, Role};
    Request {
        id: RequestId(1),
        actor: Name::new("Ada").expect("a name"),
        role: Role::Supervisor,
        station: Name::new("rework 1").expect("a name"),
        event_time: EventTime::utc(at),
        entry: Entry::Scan,
        reason: Some(ReasonText::new("because").expect("a reason")),
        note: None,
        signature: None,
        operation,
    }
}
