//! The bytes of facts, pinned: one of each effect. A change here is a change of the format.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;

use packtree_gs1::{Gs1Date, Gtin, Identifier, LotNumber};
use proptest::prelude::*;

use super::{Draught, decode, encode};
use crate::fact::{
    Decimal, Effect, Entry, EventTime, Fact, Header, Level, Lot, LotData, LotName, Name, Note, Parking, ParkingEnd,
    Quantity, ReasonText, RequestId, Role, Seal, Sequence, SettingText, Status, Trust, Verb,
};
use crate::forest::apply::apply;
use crate::forest::record::Ix;
use crate::forest::{Forest, View as _};
use crate::operation::Operation;
use crate::refusal::Reason;

fn id(text: &str) -> Identifier {
    Identifier::parse(text).expect("an identifier")
}

fn header() -> Header {
    Header {
        request: RequestId(0x0102_0304),
        content: 0x0a0b_0c0d,
        actor: Name::new("Ada").expect("a name"),
        role: Role::Supervisor,
        station: Name::new("L3").expect("a name"),
        event_time: EventTime { at: 1_795_392_000_000_000, offset_minutes: -90 },
        entry: Entry::Scan,
        reason: Some(ReasonText::new("torn").expect("a reason")),
        note: Some(Note::new("<x/>").expect("a note")),
    }
}

/// Objects of every kind of key; their places are their indices.
fn objects() -> Vec<Identifier> {
    vec![
        id("(00)095212345000000018"),
        id("(01)09521234543213(21)A001"),
        id("(01)09521234543213(21)A002"),
        id("(8003)09521234543213T1"),
        id("(8004)9521234A1"),
        id("https://example.com/object/1"),
    ]
}

fn forest(objects: &[Identifier]) -> Forest {
    let mut forest = Forest::new(1);
    let effect = Effect::Commissioned { lot: None, level: Level::Unknown, objects: objects.to_vec() };
    apply(&mut forest, 7, &[effect], &mut Vec::new());
    forest
}

fn lot_name() -> LotName {
    LotName {
        gtin: Gtin::parse("09521234543213").expect("a GTIN"),
        number: LotNumber::parse("L1").expect("a lot number"),
    }
}

fn lot_data() -> LotData {
    LotData { expiry: Gs1Date::new(2027, 12, 31), production: Gs1Date::new(2026, 11, 0), best_before: None }
}

/// A pack of two units, one of which is unknown.
fn parking() -> Parking {
    let o = objects();
    let children = vec![o[1].clone(), id("(01)09521234543213(21)A003")];
    let pack = Operation::pack(o[0].clone(), children.clone());
    Parking {
        header: Header { note: None, ..header() },
        verb: Verb::Pack,
        since: 1_795_392_000_000_007,
        until: 1_795_406_400_000_007,
        reasons: vec![Reason::ObjectNotFound, Reason::ChildHasOtherParent],
        objects: std::iter::once(o[0].clone()).chain(children).collect(),
        others: vec![o[3].clone()],
        operation: pack.to_bytes(None),
    }
}

/// One of each effect, and its bytes in a fact.
fn effects() -> Vec<(Effect<Identifier>, &'static str)> {
    [effects_of_done(), effects_of_what_comes_out_of_order(), effects_about_no_object()].concat()
}

fn effects_of_done() -> Vec<(Effect<Identifier>, &'static str)> {
    let o = objects();
    let all = || o.clone();
    let quantities = vec![
        Quantity { class: id("(01)09521234543213"), amount: Some(Decimal { digits: -25, scale: 1 }), unit: None },
        Quantity { class: id("https://example.com/class/1"), amount: None, unit: Name::new("KGM").ok() },
    ];
    let lot = Some(Lot { number: lot_name().number, data: lot_data() });
    vec![
        (
            Effect::Commissioned { lot, level: Level::Case, objects: all() },
            "0001fb310d01fc7f50350101fcec283501000352060101a4e8a79ff2c7a1d202eaa6b0f3eaa81102e6e6ee0f02eba6b0\
             f3eaa81101823f04020f2838303034293935323132333441311c68747470733a2f2f6578616d706c652e636f6d2f6f62\
             6a6563742f31",
        ),
        (
            Effect::Joined { parent: o[0].clone(), children: vec![o[1].clone(), o[2].clone()] },
            "010c010101a4e8a79ff2c7a1d2020e02eaa6b0f3eaa81102e6e6ee0f02",
        ),
        (
            Effect::Left { parent: o[0].clone(), children: vec![o[2].clone(), o[1].clone()], trust: Trust::Inferred },
            "020c010101a4e8a79ff2c7a1d2020e02eaa6b0f3eaa81102e8e6ee0f0101",
        ),
        (
            Effect::QuantitiesSet { parent: o[0].clone(), quantities },
            "030c010101a4e8a79ff2c7a1d2020212283031293039353231323334353433323133013101001b68747470733a2f2f65\
             78616d706c652e636f6d2f636c6173732f310001034b474d",
        ),
        (Effect::Sealed { objects: vec![o[0].clone()], seal: Seal::Broken }, "040c010101a4e8a79ff2c7a1d20203"),
        (Effect::StatusSet { objects: vec![o[3].clone()], status: Status::Retired }, "050b01eba6b0f3eaa81101823f05"),
        (Effect::HoldSet { objects: vec![o[4].clone()], held: true }, "06130104010f28383030342939353231323334413101"),
        (Effect::LotHoldSet { lot: lot_name(), held: true }, "07fd6d82cdd5a8080000fb310d01"),
        (
            Effect::LotCorrected { lot: lot_name(), data: lot_data() },
            "08fd6d82cdd5a8080000fb310d01fc7f50350101fcec28350100",
        ),
        (
            Effect::Relabelled { from: o[0].clone(), to: id("(00)095212345000000025") },
            "090c010101a4e8a79ff2c7a1d2020c010101b2e8a79ff2c7a1d202",
        ),
        (
            Effect::CustodySet { objects: vec![o[5].clone()], away: true, trust: Trust::Verified },
            "0a200104011c68747470733a2f2f6578616d706c652e636f6d2f6f626a6563742f310100",
        ),
        (Effect::LevelSet { object: o[0].clone(), level: Level::Pallet }, "0b0c010101a4e8a79ff2c7a1d20205"),
        (
            Effect::Noted { objects: all(), late: true },
            "0c52060101a4e8a79ff2c7a1d202eaa6b0f3eaa81102e6e6ee0f02eba6b0f3eaa81101823f04020f2838303034293935\
             323132333441311c68747470733a2f2f6578616d706c652e636f6d2f6f626a6563742f3101",
        ),
    ]
}

fn effects_of_what_comes_out_of_order() -> Vec<(Effect<Identifier>, &'static str)> {
    let o = objects();
    let lot = Some(Lot { number: lot_name().number, data: lot_data() });
    vec![
        (Effect::Sighted { level: Level::Unknown, objects: vec![o[0].clone()] }, "0d000c010101a4e8a79ff2c7a1d202"),
        (
            Effect::Described { lot, level: Level::Unit, objects: vec![o[1].clone()] },
            "0e01fb310d01fc7f50350101fcec28350100010d01eaa6b0f3eaa81101e6e6ee0f",
        ),
        (
            Effect::Parked { objects: vec![o[0].clone(), o[1].clone()], parking: Arc::new(parking()) },
            "0f18020101a4e8a79ff2c7a1d202eaa6b0f3eaa81101e6e6ee0ffc04030201fc0d0c0b0a0341646101024c33fd\
             0000c98cccc10c00b3010104746f726e01fd0e00c98cccc10c00fd0e206641d3c10c00020c1519030101a4e8a7\
             9ff2c7a1d202eaa6b0f3eaa81102e6e6ee0f040b01eba6b0f3eaa81101823f1f010c010101a4e8a79ff2c7a1d2\
             02000e02eaa6b0f3eaa81102e6e6ee0f0400",
        ),
        (
            Effect::Unparked {
                objects: vec![o[0].clone()],
                parked: Sequence(1_000_000),
                end: ParkingEnd::Expired(Reason::ChildHasOtherParent),
            },
            "100c010101a4e8a79ff2c7a1d202fc40420f000315",
        ),
    ]
}

fn effects_about_no_object() -> Vec<(Effect<Identifier>, &'static str)> {
    let name = || Name::new("user/ada").expect("a name");
    let value = SettingText::new("{}").ok();
    vec![
        (
            Effect::SettingSet { name: name(), value, previous: Sequence(1_000_000) },
            "1108757365722f61646101027b7dfc40420f00",
        ),
        (Effect::SettingSet { name: name(), value: None, previous: Sequence(0) }, "1108757365722f6164610000"),
        (Effect::Signed { by: Name::new("Bea").expect("a name"), role: Role::Quality }, "120342656102"),
    ]
}

/// The record of a fact up to its effects.
const HEAD: &str = "fc04030201fc0d0c0b0a0341646101024c33fd0000c98cccc10c00b3010104746f726e01043c782f3e04";

/// The same effect with objects named another way.
fn rename<O: Clone, P>(effect: &Effect<O>, name: &dyn Fn(O) -> P) -> Effect<P> {
    let Ok(renamed) = effect.clone().map(|object| Ok::<P, Infallible>(name(object)));
    renamed
}

fn encoded(header: &Header, verb: Verb, effects: &[Effect<Identifier>], previous: &[u64], forest: &Forest) -> Vec<u8> {
    let place = |object: Identifier| forest.find(&object).expect("a known object");
    let effects: Vec<Effect<Ix>> = effects.iter().map(|effect| rename(effect, &place)).collect();
    let mut bytes = Vec::new();
    encode(&Draught { header, verb, effects: &effects, previous }, forest, &mut bytes).expect("a small fact");
    bytes
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.map(|digit| char::from_digit(u32::from(digit), 16).expect("a digit below 16")).collect()
}

#[test]
fn the_bytes_of_a_fact_are_pinned() {
    let forest = forest(&objects());
    let bytes = encoded(&header(), Verb::Replace, &[], &[], &forest);
    assert_eq!(hex(&bytes), [HEAD, "00", "00"].concat(), "no effects, no facts before");
    let bytes = encoded(&header(), Verb::Replace, &[], &[1_000_000, 1_000_000, 999_998, 0], &forest);
    assert_eq!(hex(&bytes), [HEAD, "00", "0a80897a020301fb887a01"].concat(), "four facts before");
}

#[test]
fn the_bytes_of_each_effect_are_pinned() {
    let forest = forest(&objects());
    let mut variants = BTreeSet::new();
    for (effect, expected) in effects() {
        let bytes = encoded(&header(), Verb::Replace, std::slice::from_ref(&effect), &[], &forest);
        let bytes = hex(&bytes);
        let found = bytes.strip_prefix(HEAD).and_then(|rest| rest.strip_prefix("01")?.strip_suffix("00"));
        assert_eq!(found, Some(expected), "{effect:?}");
        variants.insert(u8::from_str_radix(&expected[..2], 16).expect("the number of the variant"));
    }
    assert!(variants.iter().copied().eq(0..19), "one of each, in the order of their numbers: {variants:?}");
}

#[test]
fn the_document_shows_the_bytes_that_are_pinned() {
    let document = include_str!("../../docs/facts.md");
    for bytes in [&[HEAD, "0000"].concat(), "80897a020301fb887a01", "010101a4e8a79ff2c7a1d202"] {
        assert!(document.contains(&format!("`{bytes}`")), "docs/facts.md does not show {bytes}");
    }
    assert!(effects().iter().any(|(_, bytes)| bytes.contains("010101a4e8a79ff2c7a1d202")));
    for (effect, bytes) in effects() {
        let number = u8::from_str_radix(&bytes[..2], 16).expect("the number of the variant");
        assert!(document.contains(&format!("\n| {number} | ")), "docs/facts.md does not list {effect:?}");
    }
}

#[test]
fn a_fact_without_reason_and_note_is_shorter() {
    let header = Header { reason: None, note: None, ..header() };
    let bytes = encoded(&header, Verb::Observe, &[], &[], &forest(&objects()));
    assert_eq!(hex(&bytes), "fc04030201fc0d0c0b0a0341646101024c33fd0000c98cccc10c00b3010000170000");
}

fn identifiers() -> impl Strategy<Value = Identifier> {
    prop_oneof![
        (0..100_000_000_000_000_000_u64).prop_map(|body| {
            let number = body * 10 + u64::from(packtree_gs1::check_digit(body));
            id(&format!("(00){number:018}"))
        }),
        "[0-9A-Za-z]{1,20}".prop_map(|serial| id(&format!("(01)09521234543213(21){serial}"))),
        "[0-9]{12}".prop_map(|serial| id(&format!("(01)19521234543210(21){serial}"))),
        "[0-9A-Z]{1,16}".prop_map(|serial| id(&format!("(8003)09521234543213{serial}"))),
        "[0-9A-Z]{4,30}".prop_map(|asset| id(&format!("(8004)9521{}", &asset[..asset.len().min(26)]))),
        "[a-z]{1,8}".prop_map(|name| id(&format!("urn:example:{name}"))),
    ]
}

fn names() -> impl Strategy<Value = Name> {
    "[a-z\\u{e9} ]{1,64}".prop_map(|name| Name::new(&name).expect("1 to 64 characters"))
}

fn headers() -> impl Strategy<Value = Header> {
    let word = (0..Role::ALL.len(), 0..Entry::ALL.len());
    let reason = prop::option::of("[a-z]{1,40}".prop_map(|text| ReasonText::new(&text).expect("a reason")));
    let note = prop::option::of("[<>a-z\\u{1f4a9}]{1,40}".prop_map(|text| Note::new(&text).expect("a note")));
    let who = (names(), names(), word, reason, note);
    (any::<u128>(), any::<u64>(), any::<i64>(), any::<i16>(), who).prop_map(
        |(request, content, at, offset_minutes, (actor, station, (role, entry), reason, note))| Header {
            request: RequestId(request),
            content,
            actor,
            role: Role::ALL[role],
            station,
            event_time: EventTime { at, offset_minutes },
            entry: Entry::ALL[entry],
            reason,
            note,
        },
    )
}

proptest! {
    #[test]
    fn facts_come_back(
        header in headers(),
        verb in 0..Verb::ALL.len(),
        objects in prop::collection::btree_set(identifiers(), 1..20),
        chosen in prop::collection::vec((0..effects().len(), any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..6),
        previous in prop::collection::vec(0..1_u64 << 40, 0..20),
    ) {
        let objects: Vec<Identifier> = objects.into_iter().collect();
        let forest = forest(&objects);
        // The effects of the pinned bytes, about other objects.
        let effects: Vec<Effect<Identifier>> = chosen
            .iter()
            .map(|(variant, first, second)| {
                let (from, to) = (first.index(objects.len()), second.index(objects.len()));
                let picked = objects[from.min(to)..=from.max(to)].to_vec();
                match &effects()[*variant].0 {
                    Effect::Commissioned { lot, level, .. } => {
                        Effect::Commissioned { lot: *lot, level: *level, objects: picked }
                    }
                    Effect::Sighted { level, .. } => Effect::Sighted { level: *level, objects: picked },
                    Effect::Joined { .. } => Effect::Joined { parent: objects[from].clone(), children: picked },
                    Effect::Noted { late, .. } => Effect::Noted { objects: picked, late: *late },
                    other => rename(other, &|_| objects[from].clone()),
                }
            })
            .collect();
        let bytes = encoded(&header, Verb::ALL[verb], &effects, &previous, &forest);
        let fact = decode(Sequence(9), 11, &bytes);
        let expected =
            Fact { sequence: Sequence(9), recorded_at: 11, header, verb: Verb::ALL[verb], effects, previous };
        prop_assert_eq!(fact, Ok(expected));
    }

    #[test]
    fn other_bytes_do_no_harm(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u32,
    ) {
        let _ = decode(Sequence(1), 0, &bytes);
        let forest = forest(&objects());
        let effects: Vec<Effect<Identifier>> = effects().into_iter().map(|(effect, _)| effect).collect();
        let mut whole = encoded(&header(), Verb::Pack, &effects, &[1, 2, 3], &forest);
        let at = at.index(whole.len());
        prop_assert!(decode(Sequence(1), 0, &whole[..at]).is_err(), "a fact that ends too early");
        whole[at] ^= 1 << bit;
        let _ = decode(Sequence(1), 0, &whole);
        whole[at] ^= 1 << bit;
        whole.push(0);
        prop_assert!(decode(Sequence(1), 0, &whole).is_err(), "a fact with something behind it");
    }
}
