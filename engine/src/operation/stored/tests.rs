use packtree_gs1::{Gs1Date, Gtin};
use proptest::prelude::*;

use super::*;
use crate::fact::{Decimal, LotData, LotName, Role, Verb};

fn id(text: &str) -> Identifier {
    Identifier::parse(text).unwrap()
}

fn lot() -> LotName {
    LotName { gtin: Gtin::parse("09521234543213").unwrap(), number: LotNumber::parse("L1").unwrap() }
}

/// One of each operation, in the order of their verbs.
fn operations() -> Vec<Operation> {
    let (c, d) = (id("(00)095212345000000018"), id("(00)095212345000000025"));
    let (u, v) = (id("(01)09521234543213(21)A001"), id("https://example.com/object/1"));
    let some = || vec![u.clone(), v.clone()];
    let data = LotData { expiry: Gs1Date::new(2027, 12, 31), production: Gs1Date::new(2026, 11, 0), best_before: None };
    let quantities = || {
        let class = id("(01)09521234543213");
        vec![Quantity { class, amount: Some(Decimal { digits: -25, scale: 1 }), unit: Name::new("KGM").ok() }]
    };
    let (parent, parent_level) = (c.clone(), Level::Case);
    let named = Contents::Named { parent: Some(c.clone()), children: some(), quantities: quantities() };
    let lot_of = Some(Lot { number: lot().number, data });
    let out_of_use = || TakeOutOfUse { objects: some() };
    vec![
        Operation::Commission(Commission { lot: lot_of, level: Level::Case, objects: some() }),
        Operation::Pack(Pack { parent, parent_level, children: some(), quantities: quantities() }),
        Operation::Unpack(Unpack { what: named, trust: Trust::Inferred }),
        Operation::Move(Move { children: some(), into: c.clone() }),
        Operation::Replace(Replace { old: u.clone(), new: v.clone(), fate: Fate::Destroyed }),
        Operation::Swap(Swap { one: u.clone(), other: v.clone() }),
        Operation::Relabel(Relabel { old: c.clone(), new: d.clone() }),
        Operation::Merge(Merge { from: c.clone(), into: d.clone() }),
        Operation::Split(Split { from: c.clone(), children: some(), into: d.clone() }),
        Operation::Reset(Reset { container: c.clone(), children: some() }),
        Operation::Close(Close { containers: vec![c.clone()], partial: true }),
        Operation::Reopen(Reopen { containers: vec![c.clone()] }),
        Operation::Hold(Hold { target: HoldTarget::Objects(some()) }),
        Operation::Release(Release { target: HoldTarget::Lot(lot()) }),
        Operation::Sample(out_of_use()),
        Operation::Reject(out_of_use()),
        Operation::Destroy(out_of_use()),
        Operation::Decommission(Decommission { objects: some(), contents: ContentsFate::StayActive }),
        Operation::CorrectLot(CorrectLot { lot: lot(), data }),
        Operation::Ship(Ship { roots: vec![c.clone()] }),
        Operation::VoidShip(VoidShip { roots: vec![c.clone()] }),
        Operation::Receive(Receive { roots: vec![c.clone()], trust: Trust::Inferred }),
        Operation::Return(Return { objects: some() }),
        Operation::Observe(Observe { objects: some() }),
        Operation::Configure(Configure { name: Name::new("user/ada").unwrap(), value: SettingText::new("{}").ok() }),
    ]
}

/// Their bytes.
const BYTES: [&str; 25] = [
    "0001fb310d01fc7f50350101fcec28350100032c02eaa6b0f3eaa81101e6e6ee0f04011c68747470733a2f2f6578616d706c652e636f6d\
     2f6f626a6563742f31",
    "010c010101a4e8a79ff2c7a1d202032c02eaa6b0f3eaa81101e6e6ee0f04011c68747470733a2f2f6578616d706c652e636f6d2f6f626a\
     6563742f31011228303129303935323132333435343332313301310101034b474d",
    "0202010c010101a4e8a79ff2c7a1d2022c02eaa6b0f3eaa81101e6e6ee0f04011c68747470733a2f2f6578616d706c652e636f6d2f6f62\
     6a6563742f31011228303129303935323132333435343332313301310101034b474d01",
    "032c02eaa6b0f3eaa81101e6e6ee0f04011c68747470733a2f2f6578616d706c652e636f6d2f6f626a6563742f310c010101a4e8a79ff2\
     c7a1d202",
    "040d01eaa6b0f3eaa81101e6e6ee0f200104011c68747470733a2f2f6578616d706c652e636f6d2f6f626a6563742f3103",
    "050d01eaa6b0f3eaa81101e6e6ee0f200104011c68747470733a2f2f6578616d706c652e636f6d2f6f626a6563742f31",
    "060c010101a4e8a79ff2c7a1d2020c010101b2e8a79ff2c7a1d202",
    "070c010101a4e8a79ff2c7a1d2020c010101b2e8a79ff2c7a1d202",
    "080c010101a4e8a79ff2c7a1d2022c02eaa6b0f3eaa81101e6e6ee0f04011c68747470733a2f2f6578616d706c652e636f6d2f6f626a65\
     63742f310c010101b2e8a79ff2c7a1d202",
    "090c010101a4e8a79ff2c7a1d2022c02eaa6b0f3eaa81101e6e6ee0f04011c68747470733a2f2f6578616d706c652e636f6d2f6f626a65\
     63742f31",
    "0a0c010101a4e8a79ff2c7a1d20201",
    "0b0c010101a4e8a79ff2c7a1d202",
    "0c002c02eaa6b0f3eaa81101e6e6ee0f04011c68747470733a2f2f6578616d706c652e636f6d2f6f626a6563742f31",
    "0d01fd6d82cdd5a8080000fb310d",
    "0e2c02eaa6b0f3eaa81101e6e6ee0f04011c68747470733a2f2f6578616d706c652e636f6d2f6f626a6563742f31",
    "0f2c02eaa6b0f3eaa81101e6e6ee0f04011c68747470733a2f2f6578616d706c652e636f6d2f6f626a6563742f31",
    "102c02eaa6b0f3eaa81101e6e6ee0f04011c68747470733a2f2f6578616d706c652e636f6d2f6f626a6563742f31",
    "112c02eaa6b0f3eaa81101e6e6ee0f04011c68747470733a2f2f6578616d706c652e636f6d2f6f626a6563742f3101",
    "12fd6d82cdd5a8080000fb310d01fc7f50350101fcec28350100",
    "130c010101a4e8a79ff2c7a1d202",
    "140c010101a4e8a79ff2c7a1d202",
    "150c010101a4e8a79ff2c7a1d20201",
    "162c02eaa6b0f3eaa81101e6e6ee0f04011c68747470733a2f2f6578616d706c652e636f6d2f6f626a6563742f31",
    "172c02eaa6b0f3eaa81101e6e6ee0f04011c68747470733a2f2f6578616d706c652e636f6d2f6f626a6563742f31",
    "1808757365722f61646101027b7d",
];

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.map(|digit| char::from_digit(u32::from(digit), 16).unwrap()).collect()
}

#[test]
fn the_bytes_of_each_operation_are_pinned_and_come_back() {
    let verbs: Vec<Verb> = operations().iter().map(Operation::verb).collect();
    assert_eq!(verbs, Verb::ALL);
    for (operation, expected) in operations().into_iter().zip(BYTES) {
        let bytes = operation.to_bytes(None);
        assert_eq!(hex(&bytes), expected, "{operation:?}");
        assert_eq!(bytes[0], operation.verb() as u8);
        assert_eq!(Operation::from_bytes(&bytes), Ok((operation, None)));
    }
}

#[test]
fn what_the_pinned_operations_leave_out_comes_back_too() {
    let (c, u) = (id("(00)095212345000000018"), id("(01)09521234543213(21)A001"));
    let unpack = |what| Operation::Unpack(Unpack { what, trust: Trust::Verified });
    let others = [
        unpack(Contents::All { parent: c.clone() }),
        unpack(Contents::Recursive { parent: c.clone() }),
        unpack(Contents::Named { parent: None, children: vec![u.clone()], quantities: Vec::new() }),
        Operation::Hold(Hold { target: HoldTarget::Lot(lot()) }),
        Operation::Commission(Commission { lot: None, level: Level::Unknown, objects: vec![u] }),
        Operation::Configure(Configure { name: Name::new("policy").unwrap(), value: None }),
    ];
    for operation in others {
        assert_eq!(Operation::from_bytes(&operation.to_bytes(None)), Ok((operation, None)));
    }
}

#[test]
fn who_signed_stands_behind_the_operation() {
    let signature = Signature { by: Name::new("Bea").unwrap(), role: Role::Quality };
    for (operation, expected) in operations().into_iter().zip(BYTES) {
        let bytes = operation.to_bytes(Some(&signature));
        assert_eq!(hex(&bytes), [expected, "0342656102"].concat());
        assert_eq!(Operation::from_bytes(&bytes), Ok((operation, Some(signature.clone()))));
    }
}

#[test]
fn the_document_shows_an_operation_that_is_pinned() {
    let document = include_str!("../../../docs/facts.md");
    for (operation, bytes) in operations().iter().zip(BYTES) {
        let row = format!("\n| {} | {} | ", operation.verb() as u8, operation.verb());
        assert!(document.contains(&row), "docs/facts.md does not list {}", operation.verb());
        if matches!(operation, Operation::Ship(_)) {
            assert!(document.contains(&format!("`{bytes}`")), "docs/facts.md does not show {bytes}");
        }
    }
}

proptest! {
    #[test]
    fn other_bytes_do_no_harm(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u32,
    ) {
        let _ = Operation::from_bytes(&bytes);
        let mut whole = which.get(&operations()).to_bytes(None).into_vec();
        let at = at.index(whole.len());
        prop_assert!(Operation::from_bytes(&whole[..at]).is_err(), "an operation that ends too early");
        whole[at] ^= 1 << bit;
        let _ = Operation::from_bytes(&whole);
        whole[at] ^= 1 << bit;
        whole.push(0);
        prop_assert!(Operation::from_bytes(&whole).is_err(), "an operation with something behind it");
    }
}
