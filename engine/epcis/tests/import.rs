//! Documents in the engine: each event applied, recorded, recognised, or refused, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::site::{
    aggregation, at, commission, document, engine, engine_with, epcs, facts, fixture, import, object, pack, refused,
    run, settings, unpack, verbs,
};
use packtree::Policy;
use packtree::fact::{Effect, Verb};
use packtree::policy::{ChildWithParent, LateEvent, Uncommissioned};
use packtree_epcis::{Custody, DocumentPolicy, Holding, Import, ImportSettings};

#[test]
fn a_site_is_imported_and_recognised_in_every_other_format() {
    let engine = engine();
    let report = import(&engine, &[fixture("site-1.2.xml")]);
    assert_eq!(report.refused, [], "{report:#?}");
    assert_eq!((report.events, report.applied, report.recorded, report.repeated), (9, 4, 5, 0));
    assert_eq!((report.error_declarations, report.late, report.master_data), (1, 0, 1));
    assert_eq!(verbs(&engine)[..4], [Verb::Commission, Verb::Pack, Verb::Unpack, Verb::Ship]);

    // Sensor data, which is in the fourth event, is the one thing that each format spells its own way.
    let head = engine.head();
    let again = import(&engine, &[fixture("site-1.2.xml"), fixture("site-2.0.xml")]);
    assert_eq!((again.events, again.repeated, again.refused_total()), (18, 18, 0), "{again:#?}");
    let again = import(&engine, &[fixture("site-2.0.jsonld")]);
    assert_eq!((again.events, again.repeated), (9, 8), "{again:#?}");
    assert_eq!(refused(&again), [(3, "object_is_away", 1)]);
    assert_eq!(engine.head(), head);
}

#[test]
fn a_rehearsal_says_what_an_import_does() {
    let documents = [
        document(&[pack(2, "c1", "u1 u2"), pack(3, "c2", "u1"), commission(1, "u1 u2 c1")]),
        document(&[object(4, "OBSERVE", "shipping", "c1"), object(5, "OBSERVE", "inspecting", "u1")]),
    ];
    let engine = engine();
    // What was refused before the shipment is older than it when it comes again, and late.
    for (round, late, is_new) in [("the first time", 0, true), ("again", 1, true), ("once more", 0, false)] {
        let rehearsed = run(Import::rehearsal(&engine, settings()), &documents);
        let before = engine.head();
        let done = import(&engine, &documents);
        assert_eq!(rehearsed, done, "{round}");
        assert_eq!((done.late, before != engine.head()), (late, is_new), "{round}");
    }
}

#[test]
fn business_steps_become_operations() {
    let check = |event: String, expected: &[Verb]| {
        let engine = engine();
        let report = import(&engine, &[document(&[commission(1, "c1 u1"), pack(2, "c1", "u1"), event.clone()])]);
        assert_eq!(report.refused, [], "{event}");
        assert_eq!(verbs(&engine)[2..], *expected, "{event}");
    };
    check(object(3, "OBSERVE", "shipping", "c1"), &[Verb::Ship]);
    check(object(3, "OBSERVE", "holding", "u1"), &[Verb::Hold]);
    check(object(3, "OBSERVE", "sampling", "u1"), &[Verb::Sample]);
    check(object(3, "OBSERVE", "destroying", "u1"), &[Verb::Destroy]);
    check(object(3, "OBSERVE", "inspecting", "u1"), &[Verb::Observe]);
    check(object(3, "OBSERVE", "departing", "c1"), &[Verb::Observe]);
    check(object(3, "DELETE", "decommissioning", "u1"), &[Verb::Decommission]);
    check(object(3, "DELETE", "destroying", "c1"), &[Verb::Destroy]);
    check(object(3, "DELETE", "retail_selling", "u1"), &[Verb::Decommission]);
    check(unpack(3, "c1", "u1"), &[Verb::Unpack]);
    check(unpack(3, "c1", ""), &[Verb::Unpack]);
    check(aggregation(3, "OBSERVE", "c1", "u1"), &[Verb::Observe]);
}

#[test]
fn what_leaves_comes_back_or_was_never_gone() {
    let check = |last: String, expected: Verb| {
        let engine = engine();
        let events = [commission(1, "c1"), object(2, "OBSERVE", "shipping", "c1"), last];
        let report = import(&engine, &[document(&events)]);
        assert_eq!(report.refused, []);
        assert_eq!(verbs(&engine), [Verb::Commission, Verb::Ship, expected]);
    };
    check(object(3, "OBSERVE", "receiving", "c1"), Verb::Receive);
    check(format!("{},\"disposition\":\"returned\"", object(3, "OBSERVE", "receiving", "c1")), Verb::Return);
    check(object(3, "OBSERVE", "void_shipping", "c1"), Verb::VoidShip);
}

#[test]
fn the_policy_for_documents_can_leave_custody_and_holds_alone() {
    let policy =
        DocumentPolicy { custody: Custody::IsRecorded, holding: Holding::IsRecorded, ..DocumentPolicy::default() };
    let engine = engine();
    let settings = ImportSettings { policy, ..settings() };
    let events = [
        commission(1, "c1"),
        object(2, "OBSERVE", "shipping", "c1"),
        object(3, "OBSERVE", "receiving", "c1"),
        object(4, "OBSERVE", "holding", "c1"),
    ];
    let report = run(Import::new(&engine, settings), &[document(&events)]);
    assert_eq!((report.applied, report.recorded), (1, 3));
}

#[test]
fn what_changes_nothing_is_recorded_whole() {
    let engine = engine();
    let event = format!(
        r#""type":"TransformationEvent",{},"inputEPCList":{},"outputEPCList":{},"x:grade":"A","@context":{{"x":"http://x.example/"}}"#,
        at(1),
        epcs("u1"),
        epcs("u2")
    );
    let report = import(&engine, &[document(&[event])]);
    assert_eq!((report.recorded, report.refused_total()), (1, 0));
    let note = facts(&engine)[0].header.note.clone().unwrap();
    assert_eq!(
        note.as_str(),
        r#"{"type":"TransformationEvent","eventTime":"2025-11-23T10:01:00+00:00","{http://x.example/}grade":"A","document":"0.json","documentIndex":"0","inputEPCList":["https://id.gs1.org/01/10614141073464/21/1"],"outputEPCList":["https://id.gs1.org/01/10614141073464/21/2"]}"#
    );
}

#[test]
fn an_observation_of_any_size_is_recorded() {
    let engine = engine();
    let names: Vec<_> = (0..20_000).map(|number| format!("u{number}")).collect();
    let report = import(&engine, &[document(&[object(1, "OBSERVE", "inspecting", &names.join(" "))])]);
    assert_eq!((report.events, report.recorded), (1, 1));
    let notes: Vec<_> = facts(&engine).iter().map(|fact| fact.header.note.clone().unwrap()).collect();
    assert!(notes.len() > 1);
    let links: usize = notes.iter().map(|note| note.as_str().matches("/21/").count()).sum();
    assert_eq!(links, 20_000);
    assert!(notes.iter().all(|note| note.as_str().starts_with('{') && note.as_str().ends_with("]}")));
    let again = import(&engine, &[document(&[object(1, "OBSERVE", "inspecting", &names.join(" "))])]);
    assert_eq!(again.repeated, 1);
}

#[test]
fn a_lot_and_its_dates_come_with_the_commissioning() {
    let engine = engine();
    let event = format!(
        r#"{},"ilmd":{{"cbvmda:lotNumber":"L7","cbvmda:itemExpirationDate":"2027-05-31"}}"#,
        commission(1, "u1 u2")
    );
    import(&engine, &[document(&[event])]);
    let Effect::Commissioned { lot, objects, .. } = &facts(&engine)[0].effects[0] else { panic!("commissioned") };
    let lot = lot.unwrap();
    assert_eq!((lot.number.to_string(), lot.data.expiry.unwrap().to_string()), ("L7".into(), "2027-05-31".into()));
    assert_eq!(objects.len(), 2);

    let bad =
        format!(r#"{},"ilmd":{{"cbvmda:lotNumber":"a lot that is much too long for AI 10"}}"#, commission(1, "u3"));
    let report = import(&engine, &[document(&[bad])]);
    assert_eq!(refused(&report), [(0, "lot_malformed", 0)]);
}

#[test]
fn contents_by_class_and_quantity_are_kept() {
    let engine = engine();
    let quantity = |amount: &str| {
        format!(
            r#","childQuantityList":[{{"epcClass":"urn:epc:class:lgtin:4012345.012345.L1","quantity":{amount},"uom":"KGM"}}]"#
        )
    };
    let events =
        [format!("{}{}", pack(1, "c1", ""), quantity("200.5")), format!("{}{}", unpack(2, "c1", ""), quantity("0.5"))];
    let report = import(&engine, &[document(&events)]);
    assert_eq!((report.applied, report.refused_total()), (2, 0), "{report:#?}");
    let last = facts(&engine).pop().unwrap();
    let Effect::QuantitiesSet { quantities, .. } = &last.effects[0] else { panic!("{last:?}") };
    assert_eq!(
        (quantities[0].amount.unwrap().to_string(), quantities[0].class.to_string()),
        ("200".into(), "(01)04012345123456(10)L1".into())
    );
}

#[test]
fn a_refusal_has_its_place_and_touches_nothing_else() {
    let engine = engine_with(Policy { uncommissioned: Uncommissioned::Refuse, ..Policy::default() });
    let events = [
        commission(1, "u1 u2 c1 c2"),
        format!(r#"{},"eventID":"urn:x:bad""#, pack(2, "c1", "u1 u9 u8")),
        unpack(3, "c2", "u1"),
        r#""type":"AggregationEvent","action":"ADD""#.to_owned(),
        pack(4, "c1", "u1 u2"),
    ];
    let report = import(&engine, &[document(&events)]);
    assert_eq!((report.events, report.applied), (5, 2));
    let mut refused = refused(&report);
    refused.sort_unstable();
    assert_eq!(refused, [(1, "object_not_found", 2), (2, "child_not_in_any_parent", 1), (3, "field_missing", 0)]);
    let bad = report.refused.iter().find(|refused| refused.index == Some(1)).unwrap();
    assert_eq!((bad.event_id.as_deref(), &*bad.file, bad.line), (Some("urn:x:bad"), "0.json", 1));
    assert!(bad.reason.contains("(01)10614141073464(21)9: the object was never commissioned"), "{}", bad.reason);
}

#[test]
fn an_event_of_a_later_document_waits_for_the_earlier_one() {
    let engine = engine_with(Policy { late_event: LateEvent::PARK, ..Policy::partner_documents() });
    import(&engine, &[document(&[commission(1, "u1 u2 c1 c2"), pack(2, "c1", "u1 u2")])]);
    let later = document(&[pack(5, "c2", "u1"), pack(6, "c3", "u2")]);
    let rehearsed = run(Import::rehearsal(&engine, settings()), std::slice::from_ref(&later));
    let report = import(&engine, std::slice::from_ref(&later));
    assert_eq!((report.parked, report.applied, report.recorded, report.refused_total()), (2, 0, 0, 0));
    assert_eq!(rehearsed, report);
    assert_eq!(import(&engine, &[later]).repeated, 2);

    let report = import(&engine, &[document(&[unpack(4, "c1", "u1")])]);
    assert_eq!((report.parked, report.applied), (0, 1));
    assert_eq!(verbs(&engine)[4..], [Verb::Unpack, Verb::Pack]);
    assert_eq!(engine.stats().parked, 1);
}

/// The traps that other systems fell into.
#[test]
fn the_traps_are_refused_or_recognised() {
    let engine = engine();
    let site = document(&[commission(1, "u1 u2 c1 c2"), pack(5, "c1", "u1 u2")]);
    import(&engine, &[site]);

    let wrong_parent = import(&engine, &[document(&[unpack(6, "c2", "u1")])]);
    assert_eq!(refused(&wrong_parent), [(0, "child_not_in_parent", 1)]);

    let dated_before = import(&engine, &[document(&[unpack(4, "c1", "u1")])]);
    assert_eq!((dated_before.recorded, dated_before.late, dated_before.applied), (1, 1, 0));

    let same_pack = import(&engine, &[document(&[pack(5, "c1", "u1 u2")])]);
    assert_eq!((same_pack.repeated, same_pack.refused_total()), (1, 0));

    let twice_in_one = import(&engine, &[document(&[pack(7, "c2", "u5 u5")])]);
    assert_eq!(refused(&twice_in_one), [(0, "object_named_twice", 1)]);

    let other_content = import(
        &engine,
        &[document(&[
            format!(r#"{},"eventID":"urn:x:1""#, pack(8, "c2", "u6")),
            format!(r#"{},"eventID":"urn:x:1""#, pack(8, "c2", "u7")),
        ])],
    );
    assert_eq!(
        (other_content.applied, refused(&other_content)),
        (1, vec![(1, "request_exists_with_different_content", 0)])
    );
}

#[test]
fn an_error_declaration_is_recorded_and_told_from_its_event() {
    let engine = engine();
    let event = format!(r#"{},"eventID":"urn:x:1""#, pack(2, "c1", "u1"));
    let declared =
        format!(r#"{event},"errorDeclaration":{{"declarationTime":"2025-11-24T00:00:00Z","reason":"did_not_occur"}}"#);
    let documents = [document(&[declared, event])];
    let report = import(&engine, &documents);
    assert_eq!((report.applied, report.recorded, report.error_declarations), (1, 1, 1));
    assert_eq!(verbs(&engine), [Verb::Observe, Verb::Pack]);
    assert_eq!(import(&engine, &documents).repeated, 2);
}

#[test]
fn a_document_that_breaks_off_counts_as_far_as_it_goes() {
    let engine = engine();
    let mut whole = document(&[commission(1, "u1"), commission(2, "u2")]);
    whole.truncate(whole.len() - 30);
    let report = import(&engine, &[whole, document(&[commission(3, "u3")])]);
    assert_eq!((report.documents, report.events, report.applied), (2, 2, 2));
    let broken = &report.refused[0];
    assert_eq!((&*broken.file, broken.index, broken.code), ("0.json", None, "truncated"));
}

#[test]
fn more_children_than_one_operation_may_name_still_are_one_event() {
    let engine = engine();
    let names: Vec<_> = (0..40_000).map(|number| format!("u{number}")).collect();
    let names = names.join(" ");
    let events = [commission(1, &names), pack(2, "c1", &names)];
    let report = import(&engine, &[document(&events)]);
    assert_eq!((report.applied, report.refused_total()), (2, 0), "{:?}", report.refused);
    assert_eq!(engine.stats().objects, 40_001);

    // One child that does not fit keeps all of them out.
    let other = [
        commission(3, "u50000"),
        pack(4, "c2", "u50000"),
        pack(
            5,
            "c3",
            &format!(
                "u60000 {} u50000",
                (60_001..90_000).map(|number| format!("u{number}")).collect::<Vec<_>>().join(" ")
            ),
        ),
    ];
    let report = import(&engine, &[document(&other)]);
    assert_eq!(refused(&report), [(2, "child_has_other_parent", 1)]);
    assert_eq!(engine.stats().objects, 40_003);
}

#[test]
fn the_policy_of_the_engine_decides_what_is_allowed() {
    let policy = Policy { child_with_parent: ChildWithParent::Move, ..Policy::partner_documents() };
    let engine = engine_with(policy);
    let report = import(&engine, &[document(&[pack(1, "c1", "u1"), pack(2, "c2", "u1")])]);
    assert_eq!((report.applied, report.refused_total(), report.uncommissioned), (2, 0, 3));
    assert_eq!(report.conflicts.len(), 1);
}
