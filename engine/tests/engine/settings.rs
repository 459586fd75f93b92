//! Settings and signatures: what is kept of them, and what history tells.

use packtree::fact::{Effect, Level, Name, Role, SettingText, Signature};
use packtree::operation::{Close, Configure, Observe};
use packtree::{Operation, Outcome, Policy, Reason, Request, Sequence};

use crate::support::{World, case, unit};

fn configure(name: &str, value: Option<&str>) -> Operation {
    let value = value.map(|value| SettingText::new(value).unwrap());
    Operation::Configure(Configure { name: Name::new(name).unwrap(), value })
}

fn by_administrator(world: &World, operation: Operation) -> Request {
    Request { role: Role::Administrator, ..world.request(operation) }
}

fn set(world: &World, name: &str, value: Option<&str>) {
    let outcome = world.engine.submit(by_administrator(world, configure(name, value))).unwrap();
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
}

/// The settings whose names begin so, in the order of their names.
fn settings(world: &World, prefix: &str) -> Vec<(String, String, u64)> {
    let settings = world.engine.settings(prefix).into_iter();
    let shown = settings.map(|setting| (setting.name.to_string(), setting.value.as_str().to_owned(), setting.fact.0));
    shown.collect()
}

#[test]
fn the_newest_value_is_answered_and_every_version_is_kept() {
    let world = World::new(Policy::default());
    for (name, value) in [("user/bea", "1"), ("user/ada", "2"), ("policy", "3"), ("user/bea", "4")] {
        set(&world, name, Some(value));
    }
    set(&world, "user/ada", None);
    set(&world, "user/cem", Some("5"));
    let world = world.reopened(Policy::default());
    let expected = [("user/bea".to_owned(), "4".to_owned(), 4), ("user/cem".to_owned(), "5".to_owned(), 6)];
    assert_eq!(settings(&world, "user/"), expected);
    assert_eq!(settings(&world, "").len(), 3);
    assert_eq!(world.engine.setting("user/ada"), None);

    // The versions lead from the newest to the first.
    set(&world, "user/ada", Some("6"));
    let mut versions = Vec::new();
    let mut at = world.engine.setting("user/ada").unwrap().fact;
    while let Some(fact) = world.engine.fact(at).unwrap() {
        let [Effect::SettingSet { name, value, previous }] = &fact.effects[..] else { panic!("{fact:?}") };
        assert_eq!(name.as_str(), "user/ada");
        versions.push((at.0, value.as_ref().map(|value| value.as_str().to_owned())));
        at = *previous;
    }
    assert_eq!(versions, [(7, Some("6".into())), (5, None), (2, Some("2".into()))]);
}

#[test]
fn a_preview_shows_what_a_setting_would_be() {
    let world = World::new(Policy::default());
    set(&world, "policy", Some("1"));
    let requests = [
        by_administrator(&world, configure("policy", Some("2"))),
        by_administrator(&world, configure("policy", None)),
        by_administrator(&world, configure("policy", None)),
    ];
    let refusal = world.engine.preview(&requests).unwrap_err();
    assert_eq!((refusal.reason(), refusal.position), (Reason::SettingNotFound, 2));
    let facts = world.engine.preview(&requests[..2]).unwrap();
    let effect = |value: Option<&str>, previous| Effect::SettingSet {
        name: Name::new("policy").unwrap(),
        value: value.map(|value| SettingText::new(value).unwrap()),
        previous: Sequence(previous),
    };
    assert_eq!((&facts[0].effects, &facts[1].effects), (&vec![effect(Some("2"), 1)], &vec![effect(None, 2)]));
    assert_eq!(settings(&world, ""), [("policy".to_owned(), "1".to_owned(), 1)]);
}

fn signed(role: Role) -> Signature {
    Signature { by: Name::new("Bea").unwrap(), role }
}

fn signed_effect(role: Role) -> Effect<packtree::Identifier> {
    Effect::Signed { by: Name::new("Bea").unwrap(), role }
}

#[test]
fn the_role_of_whoever_signs_counts_and_history_tells_who_it_was() {
    let world = World::new(Policy::default());
    let (case, unit) = (case(1), unit(1));
    world.commission(Level::Case, std::slice::from_ref(&case));
    world.commission(Level::Unit, std::slice::from_ref(&unit));
    world.pack(&case, std::slice::from_ref(&unit));
    let close = Operation::Close(Close { containers: vec![case.clone()], partial: true });
    let unsigned = Request { role: Role::Operator, ..world.request(close) };
    let refusal = world.engine.submit(unsigned.clone()).unwrap().receipt().unwrap_err();
    assert_eq!(refusal.reason(), Reason::RoleNotAllowed);
    let by_auditor = Request { signature: Some(signed(Role::Auditor)), ..unsigned.clone() };
    let refusal = world.engine.submit(by_auditor).unwrap().receipt().unwrap_err();
    assert_eq!(refusal.reason(), Reason::RoleNotAllowed);

    let request = Request { signature: Some(signed(Role::Quality)), ..unsigned.clone() };
    let receipt = world.engine.submit(request.clone()).unwrap().receipt().unwrap();
    let world = world.reopened(Policy::default());
    let fact = world.engine.fact(receipt.first).unwrap().unwrap();
    assert_eq!(fact.effects.last(), Some(&signed_effect(Role::Quality)));
    for object in [&case, &unit] {
        let entry = world.engine.history(object).next().unwrap().unwrap();
        assert_eq!((entry.fact, entry.effects.last()), (receipt.first, Some(&signed_effect(Role::Quality))));
    }
    assert!(world.engine.submit(request).unwrap().receipt().unwrap().repeated);
    let refusal = world.engine.submit(unsigned).unwrap().receipt().unwrap_err();
    assert_eq!(refusal.reason(), Reason::RequestExistsWithDifferentContent, "the signature is part of the content");
}

#[test]
fn a_signature_is_recorded_whatever_the_operation_comes_to() {
    let world = World::new(Policy::default());
    let case = case(1);
    world.commission(Level::Case, std::slice::from_ref(&case));
    let observe = world.request(Operation::Observe(Observe { objects: vec![case.clone()] }));
    world.engine.submit(Request { signature: Some(signed(Role::Operator)), ..observe }).unwrap().receipt().unwrap();
    let entry = world.engine.history(&case).next().unwrap().unwrap();
    let noted = Effect::Noted { objects: vec![case], late: false };
    assert_eq!(entry.effects, [noted, signed_effect(Role::Operator)]);
}
