//! What `--json` prints, exactly: scripts depend on it.

use serde_json::{Value, json};

use crate::support::Site;

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn import() {
    let site = Site::empty();
    let good = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/1-packaging-line.xml");
    let report = site.json(&format!("import {good}"));
    assert_eq!(
        report,
        json!({"documents": 1, "events": 9, "applied": 9, "recorded": 0, "parked": 0, "repeated": 0, "refused": []})
    );
    let bad = site.write(
        "bad.json",
        r#"[{"type": "AggregationEvent", "eventID": "urn:uuid:5a1e0000-0000-4000-8000-0000000000ff", "action": "ADD",
            "eventTime": "2025-03-04T10:00:00Z", "eventTimeZoneOffset": "+00:00", "bizStep": "packing",
            "parentID": "urn:epc:id:sscc:9521234.0500000001", "childEPCs": ["urn:epc:id:sgtin:9521234.054321.A0007"]}]"#,
    );
    let report = site.json(&format!("import {}", bad.display()));
    let refused = &report["refused"][0];
    assert_eq!(keys(refused), ["code", "event_id", "file", "index", "line", "objects", "reason"]);
    assert_eq!(refused["file"], bad.to_str().unwrap());
    assert_eq!((&refused["index"], &refused["line"]), (&json!(0), &json!(1)));
    assert_eq!(refused["event_id"], "urn:uuid:5a1e0000-0000-4000-8000-0000000000ff");
    assert_eq!(refused["code"], "child_has_other_parent");
    assert_eq!(refused["objects"], json!(["(01)09521234543213(21)A0007"]));
}

#[test]
fn tree() {
    let site = Site::demo();
    assert_eq!(
        site.json("tree U1"),
        json!({"id": "(01)09521234543213(21)A0001", "level": "unit", "status": "active", "seal": "open",
            "lot": "L2503A", "expiry": "2028-02-29", "children": [], "quantities": []})
    );
    let pallet = site.json("tree P1");
    assert_eq!(keys(&pallet), ["children", "expiry", "id", "level", "lot", "quantities", "seal", "status"]);
    assert_eq!(pallet["children"][1]["children"][5]["id"], "(01)09521234543213(21)A0013");
    assert_eq!(site.json("tree P1 --depth 1")["children"][0]["children"], json!([]));
    let then = site.json("tree P1 --at #9");
    assert_eq!(then["children"][1]["children"][2]["id"], "(01)09521234543213(21)A0009");
}

#[test]
fn quantities_are_shown() {
    let site = Site::empty();
    let document = site.write(
        "bulk.json",
        r#"[{"type": "AggregationEvent", "action": "ADD", "eventTime": "2025-03-04T10:00:00Z", "eventTimeZoneOffset": "+00:00",
            "bizStep": "packing", "parentID": "urn:epc:id:sscc:9521234.0500000001", "childQuantityList":
            [{"epcClass": "urn:epc:class:lgtin:9521234.054321.BULK", "quantity": 12.5, "uom": "KGM"}]}]"#,
    );
    site.check(&format!("import {} => 0 1 event from 1 document: 1 applied", document.display()));
    let expected = json!([{"class": "(01)09521234543213(10)BULK", "quantity": "12.5", "uom": "KGM"}]);
    assert_eq!(site.json("tree C1")["quantities"], expected);
    site.check("tree C1 => 0 12.5 KGM of (01)09521234543213(10)BULK");
}

#[test]
fn inspect() {
    let unit = Site::demo().json("inspect U1");
    for key in ["id", "status", "parent", "root", "children", "units", "lot", "expiry", "last_fact"] {
        assert!(unit.get(key).is_some(), "{key} is missing");
    }
    assert_eq!(unit["parent"], "(00)095212345000000018");
    assert_eq!(unit["root"], "(00)095212345000001008");
    assert_eq!((&unit["children"], &unit["units"], &unit["last_fact"]), (&json!(0), &json!(1), &json!(4)));
}

#[test]
fn history() {
    let site = Site::demo();
    let history = site.json("history U9");
    let facts: Vec<u64> = history.as_array().unwrap().iter().map(|entry| entry["fact"].as_u64().unwrap()).collect();
    assert_eq!(facts, [12, 11, 10, 8, 5, 1]);
    let newest = &history[0];
    assert_eq!(newest["operation"], "destroy");
    assert_eq!(newest["time"], "2025-03-03T09:45:00+01:00");
    assert_eq!(newest["actor"], "demo");
    assert!(newest["reason"].as_str().unwrap().contains("destroying"));
}

#[test]
fn verify() {
    let site = Site::demo();
    let report = site.json("verify");
    assert_eq!(keys(&report), ["facts", "frames", "head", "problems", "whole"]);
    assert_eq!((&report["whole"], &report["facts"], &report["problems"]), (&json!(true), &json!(14), &json!([])));
    assert!(report["head"].as_str().unwrap().starts_with("14:"));
}

#[test]
fn checkpoint() {
    let site = Site::demo();
    assert_eq!(site.json("checkpoint"), json!({"checkpoint": 14}));
}

#[test]
fn parked() {
    let site = Site::demo();
    assert_eq!(site.json("parked"), json!([]));
    let done = site.json("pack C2 U1 --late park --request-id early --time 2025-03-04T10:00:00Z");
    assert_eq!((&done["outcome"], &done["parked"]), (&json!("done"), &json!(true)));
    let parked = site.json("parked");
    let keys_of_one = [
        "actor",
        "fact",
        "objects",
        "operation",
        "others",
        "reasons",
        "request",
        "role",
        "since",
        "station",
        "time",
        "until",
    ];
    assert_eq!(keys(&parked[0]), keys_of_one);
    assert_eq!((&parked[0]["fact"], &parked[0]["operation"]), (&done["fact"], &json!("pack")));
    assert_eq!(parked[0]["reasons"], json!(["child_has_other_parent"]));
}

#[test]
fn operations() {
    let site = Site::demo();
    let done = site.json("unpack C1");
    assert_eq!(
        done,
        json!({"outcome": "done", "fact": 15, "operation": "unpack", "repeated": false, "late": false, "parked": false, "changes": [
            {"what": "left", "parent": "(00)095212345000001008", "objects": ["(00)095212345000000018"], "now": null}]})
    );
}
