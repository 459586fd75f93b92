use std::sync::Arc;

use packtree_gs1::{Identifier, LotNumber};

use super::*;
use crate::fact::{Effect, Entry, EventTime, Header, Lot, LotData, Name, Parking, RequestId, Role, Seal, Verb};
use crate::forest::Forest;
use crate::forest::apply::apply;
use crate::forest::record::LotRecord;
use crate::forest::view::World as _;

const UNIT: Ix = Ix(0);
const OTHER: Ix = Ix(1);
const CASE: Ix = Ix(2);
const PALLET: Ix = Ix(3);
const LOOSE: Ix = Ix(4);

/// Two units of a lot in a case on a pallet, and a loose case.
fn sound() -> Forest {
    let id = |text: &str| Identifier::parse(text).expect("an identifier");
    let lot = Lot { number: LotNumber::parse("L1").expect("a lot"), data: LotData::default() };
    let units = vec![id("(01)09521234543213(21)1"), id("(01)09521234543213(21)2")];
    let containers = |objects, level| Effect::Commissioned { lot: None, level, objects };
    let effects = [
        Effect::Commissioned { lot: Some(lot), level: Level::Unit, objects: units },
        containers(vec![id("(00)095212345000000018")], Level::Case),
        containers(vec![id("(00)095212345000000025")], Level::Pallet),
        containers(vec![id("(00)095212345000000032")], Level::Case),
        Effect::Joined { parent: CASE, children: vec![UNIT, OTHER] },
        Effect::Joined { parent: PALLET, children: vec![CASE] },
        Effect::Sealed { objects: vec![LOOSE], seal: Seal::Open },
    ];
    let mut forest = Forest::new(1);
    apply(&mut forest, 7, &effects, &mut Vec::new());
    forest
}

fn record(forest: &mut Forest, ix: Ix, change: impl FnOnce(Record) -> Record) {
    forest.set_record(ix, change(forest.record(ix)));
}

fn container(forest: &mut Forest, ix: Ix, change: impl FnOnce(Container) -> Container) {
    forest.set_container(ix, change(forest.container(ix).expect("a container")));
}

fn lot(forest: &mut Forest, change: impl FnOnce(LotRecord) -> LotRecord) {
    let place = forest.lot_of(&forest.record(UNIT));
    forest.set_lot(place, change(forest.lot(place)));
}

#[test]
fn a_sound_forest_has_no_problems() {
    assert_eq!(verify(&sound()), []);
    assert_eq!(verify(&Forest::new(1)), []);
}

/// Damages a sound forest, and checks what is said of it.
#[track_caller]
fn check(damage: impl FnOnce(&mut Forest), expected: &[&str]) {
    let mut forest = sound();
    damage(&mut forest);
    let found: Vec<String> = verify(&forest).iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[test]
fn links_that_lead_nowhere_are_found_and_not_followed() {
    let nowhere = Ix(99);
    check(
        |forest| record(forest, UNIT, |record| Record { parent: nowhere, ..record }),
        &["(01)09521234543213(21)1: its parent leads nowhere"],
    );
    check(
        |forest| record(forest, UNIT, |record| Record { next: nowhere, ..record }),
        &["(01)09521234543213(21)1: its next sibling leads nowhere"],
    );
    check(
        |forest| record(forest, UNIT, |record| Record { previous: Ix::NONE, ..record }),
        &["(01)09521234543213(21)1: its previous sibling leads nowhere"],
    );
    check(
        |forest| record(forest, UNIT, |record| Record { link: 99, ..record }),
        &["object number 0: its lot leads nowhere"],
    );
    check(
        |forest| record(forest, CASE, |record| record.with_container(99)),
        &["object number 2: its lot leads nowhere"],
    );
    check(
        |forest| container(forest, CASE, |container| Container { first: nowhere, ..container }),
        &["(00)095212345000000018: its first child leads nowhere"],
    );
    check(
        |forest| {
            let shared = forest.record(CASE).link;
            record(forest, LOOSE, |record| record.with_container(shared));
        },
        &["(00)095212345000000032: its place in the container table leads nowhere"],
    );
}

#[test]
fn children_form_a_ring() {
    let case = "(00)095212345000000018";
    check(
        |forest| record(forest, OTHER, |record| Record { parent: PALLET, ..record }),
        &[&format!("{case}: among its children, one names another parent")],
    );
    check(
        |forest| record(forest, OTHER, |record| Record { next: OTHER, ..record }),
        &[&format!("{case}: among its children, two do not agree on who follows whom")],
    );
    check(
        |forest| container(forest, CASE, |container| Container { count: 3, ..container }),
        &[&format!("{case}: counts 3 children and has 2")],
    );
    check(
        |forest| record(forest, LOOSE, |record| Record { parent: CASE, next: LOOSE, previous: LOOSE, ..record }),
        &[&format!("{case}: among its children, one that names it as its parent is missing")],
    );
    let missed = |forest: &mut Forest| {
        container(forest, CASE, |container| Container { first: OTHER, count: 1, ..container });
        record(forest, OTHER, |record| Record { next: OTHER, previous: OTHER, ..record });
    };
    check(missed, &[&format!("{case}: among its children, one that names it as its parent is missing")]);
    // The first is no longer part of the ring that it leads into.
    let lasso = |forest: &mut Forest| {
        record(forest, UNIT, |record| Record { next: OTHER, previous: LOOSE, ..record });
        record(forest, OTHER, |record| Record { next: OTHER, previous: OTHER, ..record });
    };
    check(lasso, &[&format!("{case}: among its children, two do not agree on who follows whom")]);
}

#[test]
fn nothing_is_inside_itself_or_too_deep() {
    let cycle = |forest: &mut Forest| {
        container(forest, CASE, |container| Container { height: 200, ..container });
        container(forest, PALLET, |container| Container { height: 200, ..container });
        record(forest, PALLET, |record| Record { parent: LOOSE, next: PALLET, previous: PALLET, ..record });
        container(forest, LOOSE, |container| Container { first: PALLET, count: 1, height: 200, ..container });
        record(forest, LOOSE, |record| Record { parent: PALLET, next: CASE, previous: CASE, ..record });
        record(forest, CASE, |record| Record { next: LOOSE, previous: LOOSE, ..record });
        container(forest, PALLET, |container| Container { count: 2, ..container });
    };
    let mut forest = sound();
    cycle(&mut forest);
    let problems = verify(&forest);
    assert!(problems.contains(&Problem::Cycle { object: "(00)095212345000000025".into() }), "{problems:?}");

    let mut forest = Forest::new(1);
    let names = (0..=DEPTH_MAX).map(|n| Identifier::parse(&format!("https://example.com/{n}")).expect("a URI"));
    let objects: Vec<Identifier> = names.collect();
    let mut effects = vec![Effect::Commissioned { lot: None, level: Level::Unknown, objects }];
    effects.extend((0..DEPTH_MAX as u32).map(|n| Effect::Joined { parent: Ix(n), children: vec![Ix(n + 1)] }));
    apply(&mut forest, 7, &effects, &mut Vec::new());
    assert_eq!(verify(&forest), [Problem::Depth { object: "https://example.com/8".into(), depth: DEPTH_MAX + 1 }]);
}

#[test]
fn heights_and_levels_agree_with_what_is_inside() {
    check(
        |forest| container(forest, PALLET, |container| Container { height: 1, ..container }),
        &[
            "(00)095212345000000025: keeps a height of 1, and something sits 2 levels below it",
            "(00)095212345000000025: keeps a height of 1, and something sits 2 levels below it",
        ],
    );
    check(
        |forest| record(forest, PALLET, |record| record.with_level(Level::Case)),
        &["(00)095212345000000025: its level is not above that of (00)095212345000000018 in it"],
    );
    check(|forest| record(forest, PALLET, |record| record.with_level(Level::Unknown)), &[]);
}

#[test]
fn what_is_out_of_use_is_in_nothing_and_holds_nothing() {
    let mut forest = sound();
    record(&mut forest, CASE, |record| record.with_status(Status::Destroyed).with_held(true).with_away(true));
    let found: Vec<String> = verify(&forest).iter().map(ToString::to_string).collect();
    let case = "(00)095212345000000018";
    for what in ["packed", "holds something", "on hold", "away"] {
        assert!(found.contains(&format!("{case}: is destroyed and {what}")), "{found:?}");
    }
    assert!(found.contains(&format!("{case}: is away by itself, inside a container")), "{found:?}");
}

#[test]
fn objects_are_found_by_their_identifiers() {
    check(
        |forest| record(forest, LOOSE, |record| record.with_serial(95_212_345_000_000_049)),
        &["(00)095212345000000049: the index does not find it"],
    );
}

#[test]
fn facts_that_are_named_are_there() {
    check(
        |forest| record(forest, LOOSE, |record| record.with_last_fact(2)),
        &["(00)095212345000000032: names fact 2, which is not there"],
    );
    check(|forest| forest.set_last_note(LOOSE, 3), &["(00)095212345000000032: names fact 3, which is not there"]);
}

#[test]
fn counts_agree_with_what_is_counted() {
    check(
        |forest| {
            lot(forest, |mut lot| {
                lot.counts.by_status[Status::Active as usize] = 3;
                lot.counts.packed = 1;
                lot.counts.away = 9;
                lot
            });
        },
        &[
            "lot 0: counts 3 objects active, and 2 are",
            "lot 0: counts 1 objects packed, and 2 are",
            "lot 0: counts 9 objects away, and 0 are",
        ],
    );
    check(
        |forest| lot(forest, |lot| LotRecord { number: lot.number + 1, ..lot }),
        &["lot 0: is not found by its name"],
    );
    check(|forest| forest.set_holds(2), &["2 holds are counted, and 0 are in force"]);
    check(|forest| record(forest, UNIT, |record| record.with_held(true)), &["0 holds are counted, and 1 are in force"]);
    check(|forest| lot(forest, |lot| LotRecord { held: true, ..lot }), &["0 holds are counted, and 1 are in force"]);
}

#[test]
fn what_is_parked_is_found_by_its_objects_and_its_fact_is_there() {
    let name = Name::new("Ada").expect("a name");
    let header = Header {
        request: RequestId(1),
        content: 0,
        actor: name.clone(),
        role: Role::Operator,
        station: name,
        event_time: EventTime::utc(7),
        entry: Entry::Scan,
        reason: None,
        note: None,
    };
    let objects = vec![Identifier::parse("(00)095212345000000018").expect("an identifier")];
    let parking = Parking {
        header,
        verb: Verb::Close,
        since: 7,
        until: 8,
        reasons: Vec::new(),
        objects,
        others: Vec::new(),
        operation: Box::default(),
    };
    let parking = Arc::new(parking);
    check(|forest| forest.park(1, Arc::clone(&parking)), &[]);
    check(|forest| forest.park(2, Arc::clone(&parking)), &["what fact 2 parked: the fact is not there"]);
}
