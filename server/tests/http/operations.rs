//! Operations over HTTP: done, repeated, refused, malformed, signed, together.

use serde_json::{Value, json};

use crate::support::PASSWORD;
use crate::world::{CASES, PALLET, World, in_path, unit};

#[test]
fn an_operation_is_done_once_however_often_it_is_sent() {
    let world = World::new();
    let request =
        json!({"request_id": "scan 17", "entry": "scan", "operation": {"type": "unpack", "children": [unit(1)]}});
    let first = world.operate("operator", &request).expect(200).json();
    assert_eq!((&first["outcome"], &first["repeated"]), (&json!("done"), &json!(false)), "{first}");
    let again = world.operate("operator", &request).expect(200).json();
    assert_eq!((&again["fact"], &again["repeated"]), (&first["fact"], &json!(true)));
    let other = json!({"request_id": "scan 17", "operation": {"type": "unpack", "children": [unit(2)]}});
    world.operate("operator", &other).problem(409, "request_exists_with_different_content");

    let fact = world.get(&format!("/v1/facts/{}", first["fact"])).expect(200).json();
    assert_eq!(
        (&fact["actor"], &fact["role"], &fact["entry"]),
        (&json!("operator"), &json!("operator"), &json!("scan"))
    );
}

#[test]
fn whoever_prefers_it_gets_no_changes() {
    let world = World::new();
    let unpack = |number: u32| json!({"request_id": format!("scan {number}"), "operation": {"type": "unpack", "children": [unit(number)]}});
    let minimal = |path: &str, body: &Value| {
        let mut headers = world.everybody["machine"].headers();
        headers.push(("Prefer", "respond-async, return=minimal"));
        world.server.send("POST", path, &headers, Some(body)).expect(200).json()
    };
    let whole = world.operate("machine", &unpack(1)).expect(200).json();
    assert_eq!(whole["changes"][0]["what"], "left", "{whole}");
    let repeated =
        json!({"outcome": "done", "fact": whole["fact"], "operation": "unpack", "repeated": true, "changes": []});
    assert_eq!(minimal("/v1/operations", &unpack(1)), repeated);
    let batch = minimal("/v1/operations/batch", &json!({"requests": [unpack(1), unpack(2), unpack(9)]}));
    let answers = batch["answers"].as_array().unwrap();
    assert_eq!((&answers[0]["fact"], &answers[0]["repeated"]), (&whole["fact"], &json!(true)), "{batch}");
    assert_eq!((&answers[1]["repeated"], &answers[1]["changes"]), (&json!(false), &json!([])), "{batch}");
    assert_eq!(answers[2]["code"], "object_not_found", "{batch}");
}

#[test]
fn a_refusal_names_every_object_at_fault_and_changes_nothing() {
    let world = World::new();
    let before = world.server.engine.head();
    let pack = json!({"operation": {"type": "pack", "parent": CASES[1], "children": [unit(1), unit(2), unit(9)]}});
    let refused = world.operate("operator", &pack).expect(409).json();
    assert_eq!(refused["faults"].as_array().map(Vec::len), Some(3), "{refused}");
    assert_eq!(refused["faults"][2]["code"], "object_not_found", "{refused}");
    assert_eq!(world.server.engine.head(), before);
}

#[test]
fn what_cannot_be_understood_is_refused_in_words() {
    let world = World::new();
    for operation in [
        json!({"type": "unpack", "children": ["(00)095212345000000019"]}),
        json!({"type": "unpack", "children": [unit(1)], "colour": "red"}),
        json!({"type": "teleport"}),
        json!({"type": "unpack", "everything": "one_level"}),
    ] {
        world.operate("operator", &json!({ "operation": operation })).problem(400, "malformed");
    }
    world
        .operate("operator", &json!({"operation": {"type": "hold", "objects": [PALLET]}, "request_id": ""}))
        .problem(400, "malformed");
    world.get("/v1/objects/nothing").problem(400, "malformed");
    world.get(&format!("/v1/objects/{}", in_path("(00)095212345000000049"))).problem(404, "object_not_found");
}

#[test]
fn roles_and_signatures_are_asked_for() {
    let world = World::new();
    let destroy = |who: &str, signature: Option<Value>| {
        let mut request = json!({"reason": "crushed", "operation": {"type": "destroy", "objects": [unit(5)]}});
        if let Some(signature) = signature {
            request["signature"] = signature;
        }
        world.operate(who, &request)
    };
    destroy("auditor", None).problem(403, "role_not_allowed");
    // Somebody may vouch for an operator, and for nobody who only looks.
    destroy("operator", None).problem(428, "signature_required");
    destroy("operator", Some(json!({ "password": PASSWORD }))).problem(403, "role_not_allowed");
    destroy("auditor", Some(json!({"user": "supervisor", "password": PASSWORD}))).problem(403, "role_not_allowed");
    destroy("administrator", None).problem(403, "role_not_allowed");
    destroy("supervisor", None).problem(428, "signature_required");
    destroy("supervisor", Some(json!({"password": "wrong"}))).problem(403, "signature_wrong");
    let done = destroy("operator", Some(json!({"user": "quality", "password": PASSWORD}))).expect(200).json();
    let fact = world.get(&format!("/v1/facts/{}", done["fact"])).expect(200);
    assert!(fact.body.contains("quality"), "{fact:?}");
    assert!(!fact.body.contains(PASSWORD));
}

#[test]
fn a_batch_answers_each_and_a_sequence_all_or_none() {
    let world = World::new();
    let unpack = |number| json!({"operation": {"type": "unpack", "children": [unit(number)]}});
    let batch = json!({"requests": [unpack(1), unpack(5), unpack(2)]});
    let answers = world.post("machine", "/v1/operations/batch", &batch).expect(200).json();
    let statuses: Vec<_> =
        answers["answers"].as_array().unwrap().iter().map(|answer| answer["status"].clone()).collect();
    assert_eq!(statuses, [200, 409, 200], "{answers}");
    assert_eq!(answers["answers"][1]["code"], "child_not_in_any_parent");

    let before = world.server.engine.head();
    let sequence = json!({"requests": [unpack(3), unpack(5)]});
    world.post("machine", "/v1/operations/sequence", &sequence).problem(409, "child_not_in_any_parent");
    assert_eq!(world.server.engine.head(), before);
    let sequence = json!({"requests": [unpack(3), unpack(4)]});
    let done = world.post("machine", "/v1/operations/sequence", &sequence).expect(200).json();
    assert_eq!(done["facts"].as_array().map(Vec::len), Some(2));

    let preview = json!({"requests": [{"operation": {"type": "unpack", "parent": PALLET, "everything": "one_level"}}]});
    let before = world.server.engine.head();
    let shown = world.post("operator", "/v1/operations/preview", &preview).expect(200).json();
    assert_eq!(shown["facts"][0]["changes"][0]["what"], "left", "{shown}");
    assert_eq!(world.server.engine.head(), before);
    world.post("auditor", "/v1/operations/preview", &preview).problem(403, "role_not_allowed");
}

#[test]
fn a_batch_of_a_thousand_is_taken_and_one_more_is_not() {
    let world = World::new();
    let commission = |number: u32| json!({"operation": {"type": "commission", "level": "unit", "objects": [format!("(01)09521234543213(21)B{number}")]}});
    let batch = json!({"requests": (0..1_000).map(commission).collect::<Vec<_>>()});
    let answers = world.post("machine", "/v1/operations/batch", &batch).expect(200).json();
    let all = answers["answers"].as_array().unwrap();
    assert!(all.len() == 1_000 && all.iter().all(|answer| answer["status"] == 200));
    let batch = json!({"requests": (0..1_001).map(commission).collect::<Vec<_>>()});
    world.post("machine", "/v1/operations/batch", &batch).problem(400, "malformed");
}

#[test]
fn what_is_malformed_is_pointed_at() {
    let world = World::new();
    let hold = |id: &str| json!({"operation": {"type": "hold", "objects": [PALLET, id]}});
    let pointer = |path: &str, body: &Value| {
        world.post("machine", path, body).problem(400, "malformed").json()["pointer"].clone()
    };
    assert_eq!(pointer("/v1/operations", &hold("nonsense")), "/operation");
    let mut wordless = hold(CASES[0]);
    wordless["reason"] = json!(7);
    assert_eq!(pointer("/v1/operations", &wordless), "/reason");
    assert_eq!(
        pointer("/v1/operations/sequence", &json!({"requests": [hold(PALLET), {"station": []}]})),
        "/requests/1/station"
    );
    let both = json!({"requests": [hold(CASES[0]), {"operation": {"type": "hold"}}]});
    assert_eq!(pointer("/v1/operations/sequence", &both), "/requests/1/operation/objects");
    assert_eq!(pointer("/v1/operations", &json!([])), Value::Null, "the whole of it");
}

#[test]
fn few_requests_at_a_time_are_signed() {
    let world = World::new();
    let signed = json!({"reason": "a test", "signature": {"user": "supervisor", "password": PASSWORD},
        "operation": {"type": "hold", "objects": [PALLET]}});
    for path in ["/v1/operations/batch", "/v1/operations/sequence"] {
        world.post("supervisor", path, &json!({"requests": vec![&signed; 9]})).problem(400, "malformed");
    }
    world.post("supervisor", "/v1/operations/batch", &json!({"requests": vec![&signed; 8]})).expect(200);
}
