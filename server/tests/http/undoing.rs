//! The last actions of somebody, and undoing them.

use serde_json::{Value, json};

use crate::support::Answer;
use crate::world::{CASES, World, in_path, unit};

#[test]
fn the_last_actions_are_undone_where_nothing_newer_stands_on_them() {
    let world = World::new();
    let operate = |operation: Value| {
        let done =
            world.operate("supervisor", &json!({"reason": "a mistake", "operation": operation})).expect(200).json();
        done["fact"].as_u64().unwrap()
    };
    let undo =
        |fact: u64| world.post("supervisor", &format!("/v1/facts/{fact}/undo"), &json!({"reason": "wrong case"}));
    let parent = |number: u32| world.get(&format!("/v1/objects/{}", in_path(&unit(number)))).json()["parent"].clone();

    let moved = operate(json!({"type": "move", "into": CASES[1], "children": [unit(1)]}));
    let held = operate(json!({"type": "hold", "objects": [unit(5)]}));
    let actions =
        world.server.send("GET", "/v1/actions", &world.everybody["supervisor"].headers(), None).expect(200).json();
    let facts: Vec<_> = actions["actions"].as_array().unwrap().iter().map(|action| action["fact"].as_u64()).collect();
    assert_eq!(facts, [Some(held), Some(moved)], "the newest first, and nobody else's");
    assert_eq!(actions["actions"][1]["undo"]["possible"], true, "{actions}");

    assert_eq!(parent(1), json!(CASES[1]));
    undo(moved).expect(200);
    assert_eq!(parent(1), json!(CASES[0]), "it is back where it came from");
    undo(moved).problem(409, "cannot_be_undone");
    undo(held).expect(200);
    let sampled = operate(json!({"type": "reject", "objects": [unit(5)]}));
    undo(sampled).problem(409, "cannot_be_undone");
    undo(10_000).problem(404, "fact_not_found");
}

/// Does an operation as the supervisor, and gives the number of its fact.
fn operate(world: &World, operation: &Value) -> u64 {
    let request = json!({"reason": "a mistake", "operation": operation});
    world.operate("supervisor", &request).expect(200).json()["fact"].as_u64().unwrap()
}

fn undo(world: &World, fact: u64, asked: &Value) -> Answer {
    world.post("supervisor", &format!("/v1/facts/{fact}/undo"), asked)
}

#[test]
fn undoing_again_under_the_same_request_id_is_answered_as_the_first_time() {
    let world = World::new();
    let moved = operate(&world, &json!({"type": "move", "into": CASES[1], "children": [unit(1)]}));
    let held = operate(&world, &json!({"type": "hold", "objects": [unit(5)]}));
    let asked = json!({"request_id": "phone-3/17", "reason": "wrong case"});
    let first = undo(&world, moved, &asked).expect(200).json();
    let again = undo(&world, moved, &asked).expect(200).json();
    assert_eq!(first["facts"], again["facts"]);
    assert_eq!((&first["answers"][0]["repeated"], &again["answers"][0]["repeated"]), (&json!(false), &json!(true)));
    undo(&world, held, &asked).problem(409, "request_exists_with_different_content");
}

#[test]
fn the_hold_of_a_lot_is_undone_unless_somebody_decided_anew() {
    let world = World::new();
    let lot = json!({"gtin": "09521234543213", "number": "L1"});
    let hold = |kind: &str| operate(&world, &json!({"type": kind, "lot": lot}));
    let is_held = || world.get("/v1/lots/09521234543213/L1").json()["held"].clone();
    let asked = json!({"reason": "wrong lot"});
    let first = hold("hold");
    undo(&world, first, &asked).expect(200);
    assert_eq!(is_held(), json!(false));
    let second = hold("hold");
    // It looks as the first one left it, and was put so by somebody else's decision.
    let problem = undo(&world, first, &asked).problem(409, "cannot_be_undone").json();
    assert!(problem["detail"].as_str().unwrap().contains("changed since"), "{problem}");
    assert_eq!(is_held(), json!(true));
    undo(&world, second, &asked).expect(200);
}

#[test]
fn a_container_that_was_closed_by_mistake_is_open_again_and_the_other_way_round() {
    let world = World::new();
    let seal = || world.get(&format!("/v1/objects/{}", in_path(CASES[0]))).json()["seal"].clone();
    let signed =
        json!({"reason": "wrong case", "signature": {"user": "supervisor", "password": crate::support::PASSWORD}});
    let before = seal();
    let by_operator = world.operate("operator", &json!({"operation": {"type": "close", "containers": [CASES[1]]}}));
    by_operator.expect(200);
    let own = world.server.send("GET", "/v1/actions", &world.everybody["operator"].headers(), None).expect(200).json();
    assert_eq!(own["actions"][0]["undo"]["possible"], true, "a supervisor may sign for it: {own}");
    let closed = operate(&world, &json!({"type": "close", "containers": [CASES[0]]}));
    assert_ne!(seal(), before);
    undo(&world, closed, &json!({"reason": "wrong case"})).problem(428, "signature_required");
    let reopened = undo(&world, closed, &signed).expect(200).json()["facts"][0].as_u64().unwrap();
    assert_eq!(seal(), before);
    undo(&world, reopened, &signed).expect(200);
    assert_eq!(seal(), "closed");
}
