//! Events in any order, contradictions, documents of any length, and imports that were interrupted.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::site::{
    commission, document, engine, engine_with, facts, import, object, pack, refused, settings, unpack, verbs,
};
use packtree::fact::Verb;
use packtree::{Engine, Policy};
use packtree_epcis::{ConflictKind, Import};
use proptest::prelude::*;

#[test]
fn the_order_in_a_document_and_between_documents_does_not_matter() {
    let first = document(&[object(9, "OBSERVE", "shipping", "c2"), pack(4, "c2", "c1")]);
    let second = document(&[
        pack(3, "c1", "u1 u2"),
        unpack(5, "c2", "c1"),
        commission(1, "u1 u2"),
        commission(1, "c1 c2"),
        pack(6, "c2", "c1"),
    ]);
    for documents in [[first.clone(), second.clone()], [second, first]] {
        let engine = engine_with(Policy::default());
        let report = import(&engine, &documents);
        assert_eq!((report.applied, report.refused_total(), report.late), (7, 0, 0), "{report:#?}");
        assert_eq!(report.conflicts, []);
        let verbs = verbs(&engine);
        assert_eq!(verbs.iter().filter(|verb| **verb == Verb::Commission).count(), 2);
        assert_eq!(*verbs.last().unwrap(), Verb::Ship);
    }
}

#[test]
fn events_that_contradict_each_other_are_named_together() {
    let engine = engine();
    let events = [
        commission(1, "u1 u2 c1 c2"),
        pack(2, "c1", "u1"),
        pack(3, "c2", "u1 u2"),
        pack(4, "c2", "c1"),
        pack(5, "c1", "c2"),
        pack(6, "c1", "c1"),
    ];
    let report = import(&engine, &[document(&events)]);
    assert_eq!(
        refused(&report),
        [(2, "child_has_other_parent", 1), (4, "would_be_cycle", 1), (5, "container_into_itself", 1)]
    );
    assert_eq!(report.refused[0].objects, ["(01)10614141073464(21)1"]);
    let conflicts: Vec<_> =
        report.conflicts.iter().map(|conflict| (conflict.first.index, conflict.second.index)).collect();
    assert_eq!(conflicts, [(1, 2), (3, 4)]);
    assert!(matches!(report.conflicts[0].kind, ConflictKind::SeveralParents { .. }));
    assert!(matches!(report.conflicts[1].kind, ConflictKind::Cycle { .. }));
}

#[test]
fn a_long_document_goes_through_many_windows() {
    let engine = engine();
    let names = |from: u64, to: u64| (from..to).map(|number| format!("u{number}")).collect::<Vec<_>>().join(" ");
    let mut events = Vec::new();
    for block in 0..12 {
        // Within a window the packing may come before the commissioning.
        events.push(pack(2, &format!("c{block}"), &names(block * 10_000, block * 10_000 + 10_000)));
        events.push(commission(1, &names(block * 10_000, block * 10_000 + 10_000)));
    }
    let documents = [document(&events)];
    let report = import(&engine, &documents);
    assert_eq!((report.applied, report.refused_total()), (24, 0), "{:?}", report.refused);
    assert_eq!(engine.stats().objects, 120_012);
    let again = import(&engine, &documents);
    assert_eq!((again.repeated, again.refused_total()), (24, 0));
}

#[test]
fn events_that_stand_near_each_other_are_in_order_wherever_a_window_ends() {
    let engine = engine_with(Policy::default());
    let names = |block: u64| (block * 10_000..(block + 1) * 10_000).map(|number| format!("u{number}"));
    let block = |block| commission(1, &names(block).collect::<Vec<_>>().join(" "));
    let mut events: Vec<_> = (0..19).map(block).collect();
    events.extend([commission(1, "c1"), object(9, "DELETE", "destroying", "u1"), unpack(8, "c1", "u1")]);
    // The window of 200,000 objects ends here.
    events.extend((19..21).map(block));
    events.push(pack(7, "c1", "u1"));
    let report = import(&engine, &[document(&events)]);
    assert_eq!((report.applied, report.late, report.refused_total()), (25, 0, 0), "{:?}", report.refused);
    let packing: Vec<Verb> = verbs(&engine).into_iter().filter(|verb| *verb != Verb::Commission).collect();
    assert_eq!(packing, [Verb::Pack, Verb::Unpack, Verb::Destroy]);
}

#[test]
fn a_report_does_not_grow_without_end() {
    let engine = engine_with(Policy::default());
    let events: Vec<_> = (0..12_000).map(|number| unpack(1, "c1", &format!("u{number}"))).collect();
    let documents = [document(&events)];
    let mut import = Import::new(&engine, settings());
    import.read("refused.json", documents[0].as_bytes()).unwrap();
    let report = import.finish().unwrap();
    assert_eq!((report.events, report.refused_total()), (12_000, 12_000));
    assert_eq!((report.refused.len(), report.refused_more), (10_000, 2_000));
}

#[test]
fn an_import_that_ended_halfway_is_taken_up_where_it_ended() {
    let engine = engine();
    let whole = document(&[commission(1, "u1 u2 c1"), pack(2, "c1", "u1"), pack(3, "c1", "u2")]);
    let half = import(&engine, &[whole[..whole.len() - 80].to_owned()]);
    assert_eq!((half.applied, half.refused_total()), (2, 1));
    let rest = import(&engine, &[whole]);
    assert_eq!((rest.repeated, rest.applied, rest.refused_total()), (2, 1, 0));
}

#[test]
fn an_engine_that_is_closed_ends_the_import() {
    let engine = engine();
    engine.close().unwrap();
    let mut import = Import::new(&engine, settings());
    import.read("late.json", document(&[commission(1, "u1")]).as_bytes()).unwrap();
    assert!(matches!(import.finish(), Err(packtree::Error::Closed)));
}

/// What happened to a few units and cases, one event a minute, each possible after those before it.
fn any_history() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec((0..4_usize, 0..3_usize), 1..30).prop_map(|choices| {
        let units = ["u1", "u2", "u3", "u4"];
        let mut parents: [Option<usize>; 4] = [None; 4];
        let mut events = vec![commission(0, "u1 u2 u3 u4 c0 c1 c2")];
        for (unit, case) in choices {
            let minute = events.len() as u32;
            let event = match parents[unit] {
                None => {
                    parents[unit] = Some(case);
                    pack(minute, &format!("c{case}"), units[unit])
                }
                Some(parent) => {
                    parents[unit] = None;
                    unpack(minute, &format!("c{parent}"), units[unit])
                }
            };
            events.push(event);
        }
        events
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// In whatever order a document lists what happened, all of it is applied, and to the same end.
    #[test]
    fn any_order_gives_the_same_history(events in any_history().prop_shuffle()) {
        let shuffled = engine_with(Policy::default());
        let report = import(&shuffled, &[document(&events)]);
        prop_assert_eq!((report.applied, report.late), (events.len() as u64, 0), "{:?}", report.refused);
        prop_assert_eq!(report.conflicts, vec![]);

        let in_order = engine_with(Policy::default());
        let mut sorted = events;
        sorted.sort_by_key(|event| event[event.find("T10:").unwrap()..].to_owned());
        import(&in_order, &[document(&sorted)]);
        let steps = |engine: &Engine| {
            let mut steps: Vec<_> = facts(engine).into_iter().map(|fact| (fact.header.event_time.at, fact.effects)).collect();
            steps.sort_by_key(|(time, _)| *time);
            steps
        };
        prop_assert_eq!(steps(&shuffled), steps(&in_order));
    }
}
