//! Every sequence of up to four hierarchy operations over a small world, against the model.
//!
//! The world has two pallets, two cases and three units. A sequence is a path through the states that it leads to, so every operation is
//! tried in every state that fewer than four of them can reach, once each. States count as one when everything that can be asked of them is
//! equal, the order of children included; that what the engine keeps beside that (bounds of heights, numbers of facts) changes no answer
//! is what the random sequences of `state_machine.rs` try.
#![expect(clippy::print_stdout, reason = "how many sequences were tried is worth knowing")]

use std::collections::HashSet;
use std::time::Instant;

use packtree::fact::{Level, Standing, Trust};
use packtree::operation::{
    Close, Contents, Fate, Merge, Move, Operation, Relabel, Reopen, Replace, Reset, Split, Swap, Unpack,
};
use packtree::policy::{ClosedContainer, EmptiedContainer};
use packtree::simulation::{Fork, Site};
use packtree::{Identifier, Policy, Request};
use packtree_tests::compare::{differences, faults_of};
use packtree_tests::model::Model;
use packtree_tests::world::{NOW, case, commission, label, lot, pallet, request, unit};

/// Operations in the longest sequence.
const LENGTH: usize = 4;

#[test]
fn every_sequence_of_four_operations_agrees_with_the_model() {
    explore(&Policy::default(), LENGTH);
}

#[test]
fn every_sequence_of_four_agrees_where_containers_come_apart() {
    let policy = Policy {
        closed_container: ClosedContainer::AncestorsAreDisbanded,
        emptied_container: EmptiedContainer::IsDecommissioned,
        ..Policy::lenient_warehouse()
    };
    explore(&policy, LENGTH);
}

#[test]
fn every_sequence_of_four_agrees_where_seals_break_all_the_way_up() {
    let policy = Policy { closed_container: ClosedContainer::AncestorsBecomeBroken, ..Policy::partner_documents() };
    explore(&policy, LENGTH);
}

/// Tries every operation in every state that fewer than `length` of them can reach.
fn explore(policy: &Policy, length: usize) {
    let started = Instant::now();
    let (site, model) = small_world(policy);
    let operations: Vec<Request> =
        operations().into_iter().zip(1000..).map(|(operation, id)| request(id, operation)).collect();
    let mut seen = HashSet::from([key(&model)]);
    let mut frontier = vec![(site.fork(), model, Vec::new())];
    let (mut tried, mut done, mut states) = (0_u64, 0_u64, 0_usize);
    for depth in 1..=length {
        let mut next = Vec::new();
        states += frontier.len();
        for (fork, model, path) in &frontier {
            for (number, request) in operations.iter().enumerate() {
                tried += 1;
                let Some((fork, model)) = step(fork, model, request, policy, || tell(path, number, &operations)) else {
                    continue;
                };
                done += 1;
                if depth < length && seen.insert(key(&model)) {
                    let path: Vec<usize> = path.iter().copied().chain([number]).collect();
                    next.push((fork, model, path));
                }
            }
        }
        frontier = next;
    }
    let sequences: u64 = (1..=length as u32).map(|length| (operations.len() as u64).pow(length)).sum();
    println!(
        "{} operations, {sequences} sequences of up to {length}: {states} states, {tried} operations tried in them, {done} done, {:.1?}",
        operations.len(),
        started.elapsed()
    );
}

/// Tries one operation on both; the states that follow where it is done.
fn step<'s>(
    fork: &Fork<'s>,
    model: &Model,
    request: &Request,
    policy: &Policy,
    tell: impl Fn() -> String,
) -> Option<(Fork<'s>, Model)> {
    let (mut fork, mut model) = (fork.clone(), model.clone());
    let answer = fork.submit(request);
    let expected = model.submit_anew(request, policy, NOW);
    match (answer, expected) {
        (Ok(done), Ok(expected)) => {
            let different = differences(&model, &fork);
            assert!(different.is_empty(), "{}\nafter it, {different}", tell());
            let is_late = done.standing == Standing::Late;
            assert_eq!((done.sequence.0, is_late), (expected.sequence, expected.late), "{}", tell());
            assert_eq!(fork.problems(), Vec::<String>::new(), "{}", tell());
            Some((fork, model))
        }
        (Err(refusal), Err(faults)) => {
            assert_eq!(faults_of(&refusal.faults), faults, "the faults, left the engine's\n{}", tell());
            None
        }
        (answer, expected) => panic!("{}\nthe engine: {answer:?}\nthe model: {expected:?}", tell()),
    }
}

fn tell(path: &[usize], last: usize, operations: &[Request]) -> String {
    let steps = path.iter().chain([&last]).map(|number| format!("{:?}", operations[*number].operation));
    format!("in this sequence:\n{}", steps.collect::<Vec<_>>().join("\n"))
}

fn pallets() -> [Identifier; 2] {
    [pallet(1), pallet(2)]
}

fn cases() -> [Identifier; 2] {
    [case(1), case(2)]
}

fn units() -> [Identifier; 3] {
    [unit(1), unit(2), unit(3)]
}

fn containers() -> Vec<Identifier> {
    pallets().into_iter().chain(cases()).collect()
}

fn everything() -> Vec<Identifier> {
    containers().into_iter().chain(units()).collect()
}

fn small_world(policy: &Policy) -> (Site, Model) {
    let mut site = Site::new(policy.clone(), NOW);
    let mut model = Model::default();
    let commissions = [
        commission(Level::Pallet, None, pallets().to_vec()),
        commission(Level::Case, None, cases().to_vec()),
        commission(Level::Unit, Some(lot(1, 1)), units().to_vec()),
    ];
    for (operation, id) in commissions.into_iter().zip(1..) {
        let request = request(id, operation);
        site.submit(&request).expect("nothing is commissioned yet");
        model.submit_anew(&request, policy, NOW).expect("nothing is commissioned yet");
    }
    (site, model)
}

/// Everything that can be asked of a state, in few bytes: for each object its label, its parent, its place among the children, and the rest.
fn key(model: &Model) -> Vec<u8> {
    let ids: Vec<&Identifier> = model.objects().map(|object| &object.id).collect();
    let number = |id: &Identifier| ids.iter().position(|other| *other == id).map_or(u8::MAX, |place| place as u8);
    let labels = [label(1), label(2)];
    let mut key = Vec::with_capacity(ids.len() * 5);
    for object in model.objects() {
        let parent = model.parent(&object.id);
        let place =
            parent.and_then(|parent| model.children(parent).iter().position(|child| *child == &object.id)).unwrap_or(0);
        let label = labels.iter().position(|label| *label == object.id).map_or(0, |label| label + 1);
        let marks = u8::from(object.held) | u8::from(object.away) << 1 | u8::from(object.level_is_inferred) << 2;
        key.extend([
            parent.map_or(u8::MAX, number),
            place as u8 | (label as u8) << 4,
            object.seal as u8 | (object.status as u8) << 4,
            object.level as u8 | marks << 4,
        ]);
    }
    // Retired labels stay in the world under the object that took over.
    key.extend(
        model.objects().filter_map(|object| everything().into_iter().position(|id| id == object.id)).map(|at| at as u8),
    );
    key
}

fn unpack(what: Contents) -> Operation {
    Operation::Unpack(Unpack { what, trust: Trust::Verified })
}

fn operations() -> Vec<Operation> {
    let mut all = placements();
    all.extend(removals());
    all.extend(reworks());
    all
}

/// Packs and moves: each object into each, and several at once.
fn placements() -> Vec<Operation> {
    let mut all = Vec::new();
    for parent in everything() {
        all.extend(everything().into_iter().map(|child| Operation::pack(parent.clone(), vec![child])));
    }
    for container in containers() {
        all.push(Operation::pack(container.clone(), units().to_vec()));
        all.push(Operation::pack(container.clone(), cases().to_vec()));
        all.push(Operation::pack(container.clone(), vec![unit(2), case(2), unit(2)]));
        all.push(Operation::Move(Move { children: vec![unit(1), unit(3)], into: container.clone() }));
        for child in everything() {
            all.push(Operation::Move(Move { children: vec![child], into: container.clone() }));
        }
    }
    all
}

/// Unpacks: everything, recursively, and each object with and without each parent.
fn removals() -> Vec<Operation> {
    let mut all = Vec::new();
    let named = |parent: Option<Identifier>, children: Vec<Identifier>| {
        unpack(Contents::Named { parent, children, quantities: Vec::new() })
    };
    for object in everything() {
        all.push(unpack(Contents::All { parent: object.clone() }));
        all.push(unpack(Contents::Recursive { parent: object.clone() }));
        all.push(named(None, vec![object.clone()]));
        all.extend(containers().into_iter().map(|parent| named(Some(parent), vec![object.clone()])));
    }
    all.push(named(None, units().to_vec()));
    all
}

/// Everything else that changes who is in what.
fn reworks() -> Vec<Operation> {
    let mut all = Vec::new();
    let objects = everything();
    for (place, one) in objects.iter().enumerate() {
        all.extend(
            objects[place..].iter().map(|other| Operation::Swap(Swap { one: one.clone(), other: other.clone() })),
        );
    }
    for from in containers() {
        all.extend(containers().into_iter().map(|into| Operation::Merge(Merge { from: from.clone(), into })));
        all.push(Operation::Relabel(Relabel { old: from.clone(), new: label(1) }));
        all.push(Operation::Close(Close { containers: vec![from.clone()], partial: false }));
        all.push(Operation::Reopen(Reopen { containers: vec![from.clone()] }));
        all.push(Operation::Reset(Reset { container: from.clone(), children: Vec::new() }));
        all.push(Operation::Reset(Reset { container: from.clone(), children: vec![case(2), unit(1)] }));
        all.push(Operation::Split(Split { from: from.clone(), children: vec![unit(1)], into: label(2) }));
    }
    all.push(Operation::Close(Close { containers: containers(), partial: true }));
    for fate in [Fate::Loose, Fate::Destroyed] {
        all.push(Operation::Replace(Replace { old: unit(1), new: unit(2), fate }));
        all.push(Operation::Replace(Replace { old: case(1), new: case(2), fate }));
    }
    all
}
