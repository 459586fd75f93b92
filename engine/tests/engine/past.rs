//! What was, for every fact of random histories: the trees are those that were there when the fact was the newest, and the history
//! of an object is every fact that touched it, and none else.

use std::collections::{BTreeMap, BTreeSet};

use packtree::fact::{Decimal, Effect, EventTime, Level, LotData, Quantity, Sequence, Trust};
use packtree::operation::{
    Close, Commission, Contents, ContentsFate, CorrectLot, Decommission, Fate, Hold, HoldTarget, Merge, Move, Observe,
    Pack, Receive, Relabel, Release, Reopen, Replace, Reset, Return, Ship, Split, Swap, TakeOutOfUse, Unpack, VoidShip,
};
use packtree::policy::{
    ChildWithParent, ClosedContainer, ContainerReuse, DecommissionInside, EmptiedContainer, LateEvent, Recommission,
    Uncommissioned, WrongParent,
};
use packtree::query::{Moment, Tree};
use packtree::{Identifier, Operation, Policy, verify_on};
use packtree_gs1::Gs1Date;
use proptest::prelude::*;

use crate::support::{SECOND, World, answer, case, lot, lot_name, pallet, sscc, unit};

/// What is tried: an operation by number, three objects, a set of others, and how long ago it happened.
#[derive(Clone, Debug)]
struct Step {
    kind: u8,
    one: u8,
    other: u8,
    some: u16,
    age: u8,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0_u8..40, any::<u8>(), any::<u8>(), any::<u16>(), any::<u8>())
        .prop_map(|(kind, one, other, some, age)| Step { kind, one, other, some, age });
    prop::collection::vec(step, 1..50)
}

/// Lenient where the bit is set, so that much is accepted, and strict where it is not.
fn policy(bits: u16) -> Policy {
    let is = |bit: u16| bits & 1 << bit != 0;
    let strict = Policy::default();
    Policy {
        child_with_parent: if is(0) { ChildWithParent::Move } else { ChildWithParent::Refuse },
        wrong_parent: if is(1) { WrongParent::Ignore } else { WrongParent::Refuse },
        emptied_container: if is(2) { EmptiedContainer::IsDecommissioned } else { EmptiedContainer::Stays },
        closed_container: match bits >> 3 & 3 {
            0 => ClosedContainer::BecomesBroken,
            1 => ClosedContainer::AncestorsBecomeBroken,
            _ => ClosedContainer::AncestorsAreDisbanded,
        },
        decommission_inside: if is(5) { DecommissionInside::TakeOut } else { DecommissionInside::Refuse },
        recommission: if is(6) { Recommission::Allow } else { Recommission::Refuse },
        uncommissioned: if is(7) { Uncommissioned::CommissionOnSight } else { Uncommissioned::Refuse },
        late_event: LateEvent::Record,
        container_reuse: if is(8) { ContainerReuse::Allow } else { strict.container_reuse },
        ..strict
    }
}

/// A small world, the labels that were given to it, and the trees of everything behind each fact.
struct Story {
    world: World,
    names: Vec<Identifier>,
    labels: u64,
    then: BTreeMap<Sequence, Vec<Option<Tree>>>,
}

impl Story {
    fn new(policy: Policy) -> Self {
        let world = World::new(policy);
        let names = (0..2).map(pallet).chain((0..3).map(case)).chain((0..6).map(unit)).collect();
        let mut story = Self { world, names, labels: 0, then: BTreeMap::new() };
        let units: Vec<_> = (0..4).map(unit).collect();
        let commission = |lot, level, objects| Operation::Commission(Commission { lot, level, objects });
        story.submit(commission(Some(lot()), Level::Unit, units), 0);
        story.submit(commission(None, Level::Case, (0..3).map(case).collect()), 0);
        story.submit(commission(None, Level::Pallet, (0..2).map(pallet).collect()), 0);
        story
    }

    /// Submits an operation that happened so many seconds ago, and remembers what is there behind it.
    fn submit(&mut self, operation: Operation, seconds_ago: i64) {
        let mut request = self.world.request(operation);
        request.event_time = EventTime::utc(request.event_time.at - seconds_ago * SECOND);
        if let Ok(receipt) = answer(&self.world.engine.send(request).unwrap()).receipt() {
            let tree = |name| self.world.engine.tree(name, Moment::Now, usize::MAX).unwrap();
            let trees = self.names.iter().map(tree).collect();
            self.then.insert(receipt.last, trees);
        }
    }

    fn step(&mut self, step: &Step) {
        let seconds_ago = if step.age < 32 { i64::from(step.age) } else { 0 };
        let operation = self.operation(step);
        self.submit(operation, seconds_ago);
    }

    fn name(&self, number: u8) -> Identifier {
        self.names[usize::from(number) % self.names.len()].clone()
    }

    fn some(&self, bits: u16) -> Vec<Identifier> {
        let named = (0..16_usize).filter(|bit| bits & 1 << bit != 0);
        let some: Vec<_> = named.filter_map(|bit| self.names.get(bit).cloned()).collect();
        if some.len() < 4 { some } else { some[..2].to_vec() }
    }

    fn fresh_label(&mut self) -> Identifier {
        self.labels += 1;
        let label = sscc(5_000 + self.labels);
        self.names.push(label.clone());
        label
    }

    /// An operation that may well make sense: children are below their parents in the order of the names.
    fn operation(&mut self, step: &Step) -> Operation {
        let one = self.name(step.one);
        let other = self.name(step.other);
        let some = self.some(step.some);
        let children = self.world.engine.children(&one).unwrap_or_default();
        let trust = if step.some & 1 == 0 { Trust::Verified } else { Trust::Inferred };
        match step.kind {
            0..=2 => Operation::pack(case(u64::from(step.one) % 3), vec![unit(u64::from(step.other) % 4)]),
            3..=5 => Operation::pack(pallet(u64::from(step.one) % 2), vec![case(u64::from(step.other) % 3)]),
            6 | 7 => Operation::pack(one, some),
            8 => Operation::Pack(Pack {
                parent: one,
                parent_level: Level::Unknown,
                children: vec![other],
                quantities: vec![Quantity {
                    class: Identifier::parse("(01)09521234543213").unwrap(),
                    amount: Some(Decimal::whole(5)),
                    unit: None,
                }],
            }),
            9 => Operation::unpack_all(one),
            10 => Operation::unpack(vec![other]),
            11 => Operation::Unpack(Unpack { what: Contents::Recursive { parent: one }, trust }),
            12 | 13 => Operation::Move(Move { children: vec![other], into: one }),
            14 => Operation::Replace(Replace { old: one, new: other, fate: Fate::Rejected }),
            15 | 16 => Operation::Swap(Swap { one, other }),
            17..=20 => Operation::Relabel(Relabel { old: one, new: self.fresh_label() }),
            21 => Operation::Merge(Merge { from: one, into: other }),
            22 => Operation::Split(Split {
                from: one,
                children: children.into_iter().take(1).collect(),
                into: self.fresh_label(),
            }),
            23 => Operation::Reset(Reset { container: one, children: some }),
            24 | 25 => Operation::Close(Close { containers: vec![one], partial: step.some & 1 == 0 }),
            26 => Operation::Reopen(Reopen { containers: vec![one] }),
            27 => Operation::Hold(Hold { target: HoldTarget::Objects(vec![one]) }),
            28 => Operation::Release(Release { target: HoldTarget::Objects(vec![one]) }),
            29 => Operation::Hold(Hold { target: HoldTarget::Lot(lot_name()) }),
            30 => Operation::Release(Release { target: HoldTarget::Lot(lot_name()) }),
            31 => Operation::Reject(TakeOutOfUse { objects: vec![one] }),
            32 => {
                let contents = if step.some & 1 == 0 { ContentsFate::Too } else { ContentsFate::StayActive };
                Operation::Decommission(Decommission { objects: vec![one], contents })
            }
            33 => {
                let lot = (step.some & 1 == 0).then(lot);
                Operation::Commission(Commission { lot, level: Level::Unknown, objects: vec![one] })
            }
            34 => Operation::Ship(Ship { roots: vec![one] }),
            35 => Operation::VoidShip(VoidShip { roots: vec![one] }),
            36 => Operation::Receive(Receive { roots: vec![one], trust }),
            37 => Operation::Return(Return { objects: vec![one] }),
            38 => Operation::Observe(Observe { objects: vec![one, other] }),
            _ => {
                let data = LotData { expiry: Gs1Date::new(2027, 1 + step.other % 12, 0), ..LotData::default() };
                Operation::CorrectLot(CorrectLot { lot: lot_name(), data })
            }
        }
    }
}

fn play(bits: u16, steps: &[Step]) -> Story {
    let mut story = Story::new(policy(bits));
    for step in steps {
        story.step(step);
    }
    story
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_moment_comes_back(bits in any::<u16>(), steps in steps()) {
        let story = play(bits, &steps);
        for (sequence, trees) in &story.then {
            for (place, name) in story.names.iter().enumerate() {
                let found = story.world.engine.tree(name, Moment::Fact(*sequence), usize::MAX).unwrap();
                match trees.get(place).and_then(Option::as_ref) {
                    Some(tree) => prop_assert_eq!(found.as_ref(), Some(tree), "{} behind fact {}", name, sequence),
                    None => is_there_under_another_name(&story, *sequence, name, found.as_ref())?,
                }
            }
        }
        prop_assert_eq!(story.world.engine.verify_state(), Vec::<String>::new());
        let head = story.world.engine.close().unwrap();
        let found = verify_on(&*story.world.disk).unwrap();
        prop_assert_eq!((found.head, found.problems), (head, Vec::new()));
    }

    #[test]
    fn histories_are_complete_and_in_order(bits in any::<u16>(), steps in steps()) {
        let story = play(bits, &steps);
        let mut expected = Expected::default();
        for number in 1..=story.world.engine.head().sequence.0 {
            expected.take(&story.world.engine.fact(Sequence(number)).unwrap().unwrap());
        }
        for name in &story.names {
            let entries: Vec<_> = story.world.engine.history(name).map(Result::unwrap).collect();
            prop_assert!(entries.is_sorted_by(|newer, older| older.fact <= newer.fact), "{} is out of order", name);
            let own: Vec<_> = entries.iter().rev().filter(|entry| !entry.via).map(|entry| entry.fact.0).collect();
            prop_assert_eq!(own, expected.own.get(name).cloned().unwrap_or_default(), "the history of {}", name);
            let inherited = entries.iter().filter(|entry| entry.via && entry.effects.iter().any(is_inherited));
            let via: BTreeSet<_> = inherited.map(|entry| entry.fact.0).collect();
            prop_assert_eq!(via, expected.via.get(name).cloned().unwrap_or_default(), "around {}", name);
        }
    }

    #[test]
    fn differences_lead_from_one_moment_to_the_other(
        bits in any::<u16>(), steps in steps(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(),
    ) {
        let story = play(bits, &steps);
        let moments: Vec<_> = story.then.keys().copied().collect();
        let (from, to) = (moments[from.index(moments.len())], moments[to.index(moments.len())]);
        for name in story.names.iter().take(5) {
            let ids = |moment| {
                let tree = story.world.engine.tree(name, Moment::Fact(moment), usize::MAX).unwrap();
                let mut ids = BTreeSet::new();
                if let Some(tree) = &tree {
                    collect(tree, &mut ids);
                }
                ids
            };
            let (before, after) = (ids(from.min(to)), ids(from.max(to)));
            let found = story.world.engine.difference(name, Moment::Fact(from), Moment::Fact(to)).unwrap().unwrap_or_default();
            let renamed = story.labels != 0;
            let came_in: BTreeSet<_> = found.came_in.into_iter().collect();
            let went_out: BTreeSet<_> = found.went_out.into_iter().collect();
            if renamed {
                prop_assert!(came_in.is_disjoint(&before), "what came in was there before");
                prop_assert!(went_out.is_disjoint(&after), "what went out is still there");
            } else {
                prop_assert_eq!(came_in, &after - &before);
                prop_assert_eq!(went_out, &before - &after);
            }
        }
    }
}

fn collect(tree: &Tree, ids: &mut BTreeSet<Identifier>) {
    ids.insert(tree.id.clone());
    tree.children.iter().for_each(|child| collect(child, ids));
}

/// An identifier that named nothing then finds the object that bears it now, under the one that it had, or nothing.
fn is_there_under_another_name(
    story: &Story,
    sequence: Sequence,
    name: &Identifier,
    found: Option<&Tree>,
) -> Result<(), TestCaseError> {
    let Some(found) = found else { return Ok(()) };
    prop_assert_ne!(&found.id, name, "it did not have this identifier behind fact {}", sequence);
    let then = story.world.engine.tree(&found.id, Moment::Fact(sequence), usize::MAX).unwrap();
    prop_assert_eq!(then.as_ref(), Some(found));
    Ok(())
}

fn is_inherited(effect: &Effect<Identifier>) -> bool {
    matches!(effect, Effect::HoldSet { .. } | Effect::CustodySet { .. })
}

/// Histories worked out from all facts in order, in the simplest way.
#[derive(Default)]
struct Expected {
    own: BTreeMap<Identifier, Vec<u64>>,
    via: BTreeMap<Identifier, BTreeSet<u64>>,
    parents: BTreeMap<Identifier, Identifier>,
}

impl Expected {
    fn take(&mut self, fact: &packtree::Fact) {
        let number = fact.sequence.0;
        for effect in &fact.effects {
            match effect {
                Effect::Commissioned { objects, .. }
                | Effect::Sighted { objects, .. }
                | Effect::Described { objects, .. }
                | Effect::Sealed { objects, .. }
                | Effect::StatusSet { objects, .. }
                | Effect::Noted { objects, .. }
                | Effect::Parked { objects, .. }
                | Effect::Unparked { objects, .. } => self.touch(number, objects),
                Effect::Joined { parent, children } => {
                    self.touch(number, [parent]);
                    self.touch(number, children);
                    self.parents.extend(children.iter().map(|child| (child.clone(), parent.clone())));
                }
                Effect::Left { parent, children, .. } => {
                    self.touch(number, [parent]);
                    self.touch(number, children);
                    self.parents.retain(|child, _| !children.contains(child));
                }
                Effect::QuantitiesSet { parent: object, .. } | Effect::LevelSet { object, .. } => {
                    self.touch(number, [object]);
                }
                Effect::HoldSet { objects, .. } | Effect::CustodySet { objects, .. } => {
                    self.touch(number, objects);
                    self.inherit(number, objects);
                }
                Effect::Relabelled { from, to } => self.relabel(number, from, to),
                Effect::LotHoldSet { .. }
                | Effect::LotCorrected { .. }
                | Effect::SettingSet { .. }
                | Effect::Signed { .. } => {}
            }
        }
    }

    fn touch<'i>(&mut self, number: u64, objects: impl IntoIterator<Item = &'i Identifier>) {
        for object in objects {
            let own = self.own.entry(object.clone()).or_default();
            if own.last() != Some(&number) {
                own.push(number);
            }
        }
    }

    /// Everything that sits in one of the objects.
    fn inherit(&mut self, number: u64, objects: &[Identifier]) {
        for child in self.parents.keys() {
            let mut at = child;
            while let Some(parent) = self.parents.get(at) {
                if objects.contains(parent) {
                    self.via.entry(child.clone()).or_default().insert(number);
                }
                at = parent;
            }
        }
    }

    fn relabel(&mut self, number: u64, from: &Identifier, to: &Identifier) {
        self.touch(number, [from]);
        self.own.insert(to.clone(), self.own[from].clone());
        if let Some(via) = self.via.get(from).cloned() {
            self.via.insert(to.clone(), via);
        }
        if let Some(parent) = self.parents.remove(from) {
            self.parents.insert(to.clone(), parent);
        }
        for parent in self.parents.values_mut().filter(|parent| *parent == from) {
            *parent = to.clone();
        }
    }
}
