//! Questions over HTTP: objects, the past, lots, lists, scans, documents and the feed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};

use serde_json::{Value, json};

use crate::support::{Server, request};
use crate::world::{CASES, PALLET, World, in_path, unit};

#[test]
fn an_object_is_found_in_any_spelling() {
    let world = World::new();
    for spelling in
        [in_path(&unit(1)), "010952123454321321A001".to_owned(), "urn:epc:id:sgtin:9521234.054321.A001".to_owned()]
    {
        let found = world.get(&format!("/v1/objects/{spelling}")).expect(200).json();
        assert_eq!(
            (&found["id"], &found["parent"], &found["root"]),
            (&json!(unit(1)), &json!(CASES[0]), &json!(PALLET))
        );
        assert_eq!(found["around"][0], json!({"id": PALLET, "level": "pallet"}), "the outermost first");
    }
}

#[test]
fn several_objects_are_inspected_together() {
    let world = World::new();
    let ask = |objects: &[&str]| world.post("auditor", "/v1/inspect", &json!({ "objects": objects }));
    let found = ask(&[&unit(1), "(00)095212345000000049", PALLET]).expect(200).json();
    let one = world.get(&format!("/v1/objects/{}", in_path(&unit(1)))).expect(200).json();
    assert_eq!((&found["objects"][0], &found["objects"][1]), (&one, &Value::Null));
    assert_eq!(found["objects"][2]["units"], 4, "{found}");
    ask(&["nonsense"]).problem(400, "malformed");
    ask(&[PALLET; 1_001]).problem(400, "malformed");
}

#[test]
fn contents_are_shown_now_and_as_of_a_moment() {
    let world = World::new();
    let packed = world.server.engine.head().sequence;
    world.operate("operator", &json!({"operation": {"type": "unpack", "children": [CASES[0]]}})).expect(200);
    let path = format!("/v1/objects/{}", in_path(PALLET));
    let now = world.get(&format!("{path}/tree")).expect(200).json();
    assert_eq!(now["children"].as_array().map(Vec::len), Some(1));
    let then = world.get(&format!("{path}/tree?at=%23{packed}")).expect(200).json();
    assert_eq!(then["children"][0]["children"][1]["id"], json!(unit(2)));
    let difference = world.get(&format!("{path}/difference?from=%23{packed}")).expect(200).json();
    assert!(difference["went_out"].as_array().is_some_and(|out| out.contains(&json!(CASES[0]))), "{difference}");

    let contents = world.get(&format!("{path}/contents")).expect(200);
    let lines: Vec<Value> = contents.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<&Value> = lines.iter().map(|line| &line["id"]).collect();
    assert_eq!(ids, [&json!(CASES[1]), &json!(unit(3)), &json!(unit(4))]);
    world.get(&format!("{path}/tree?at=yesterday")).problem(400, "malformed");

    let history = world.get(&format!("/v1/objects/{}/history?limit=1", in_path(CASES[0]))).expect(200).json();
    assert_eq!(history["entries"][0]["operation"], "unpack");
    let next =
        world.get(&format!("/v1/objects/{}/history?before={}", in_path(CASES[0]), history["next"])).expect(200).json();
    assert_eq!(next["entries"][0]["operation"], "pack", "{next}");
}

#[test]
fn a_count_is_compared_with_what_is_recorded() {
    let world = World::new();
    let count = json!({"scanned": [unit(1), unit(3)]});
    let found =
        world.post("operator", &format!("/v1/objects/{}/reconcile", in_path(CASES[0])), &count).expect(200).json();
    assert_eq!((&found["present"], &found["missing"]), (&json!([unit(1)]), &json!([unit(2)])));
    assert_eq!(
        (&found["unexpected"][0]["found"], &found["unexpected"][0]["parent"]),
        (&json!("elsewhere"), &json!(CASES[1]))
    );
}

#[test]
fn lots_and_lists_are_shown() {
    let world = World::new();
    let lots = world.get("/v1/lots").expect(200).json();
    assert_eq!((&lots["lots"][0]["number"], &lots["lots"][0]["counts"]["packed"]), (&json!("L1"), &json!(4)), "{lots}");
    world.get("/v1/lots/09521234543213/L1").expect(200);
    world.get("/v1/lots/09521234543213/L2").problem(404, "lot_not_found");
    let open = world.get("/v1/containers?seal=open").expect(200).json();
    assert_eq!(open["objects"].as_array().map(Vec::len), Some(3));
    assert_eq!(world.get("/v1/orphans").expect(200).json()["objects"], json!([unit(5)]));
    assert_eq!(world.get("/v1/parked").expect(200).json(), json!([]));
    let statistics = world.get("/v1/statistics").expect(200).json();
    assert_eq!(statistics["objects"], 8);
    world.get("/v1/facts/1000").problem(404, "fact_not_found");
}

#[test]
fn a_scan_says_what_it_is_and_what_can_be_done() {
    let world = World::new();
    let scan = |text: &str| world.post("operator", "/v1/scan", &json!({ "text": text })).expect(200).json();
    for text in [
        "]d2010952123454321321A00117280229\u{1d}10L1",
        "010952123454321321A001{GS}17280229",
        "010952123454321321A001|17280229",
        "(01)09521234543213(21)A001",
    ] {
        let found = scan(text);
        assert_eq!(found["reading"]["id"], json!(unit(1)), "{text:?}: {found}");
    }
    let lost = scan("010952123454321321A0011728022910L1");
    assert_eq!(
        (&lost["reading"]["id"], &lost["reading"]["warnings"][0]["code"]),
        (&json!(unit(1)), &json!("separator_lost"))
    );
    // Digits have no case, so both readings name the same unit.
    let digits = "(01)09521234543213(21)4711001";
    let commission = json!({"type": "commission", "objects": [digits], "level": "unit", "lot": {"number": "L1"}});
    world.operate("machine", &json!({ "operation": commission })).expect(200);
    let lost = scan("01095212345432132147110011728022910L1");
    assert_eq!(
        (&lost["reading"]["id"], &lost["reading"]["warnings"][0]["code"]),
        (&json!(digits), &json!("separator_lost"))
    );
    let swapped = scan("010952123454321321a001");
    assert_eq!(
        (&swapped["reading"]["id"], &swapped["reading"]["warnings"][0]["code"]),
        (&json!(unit(1)), &json!("caps_lock"))
    );
    assert_eq!(scan("PT-CONFIRM")["reading"]["kind"], "command");
    assert_eq!(scan("nonsense")["problem"]["code"], "not_understood");
    assert_eq!(scan("(00)095212345000000049")["problem"]["code"], "object_not_found");

    let pallet = scan(PALLET);
    let action = |name: &str| {
        let actions = pallet["actions"].as_array().unwrap();
        actions.iter().find(|action| action["action"] == name).unwrap().clone()
    };
    assert_eq!(action("break")["allowed"], true, "{pallet}");
    assert_eq!(
        (&action("ship")["allowed"], &action("ship")["why_not"]["code"]),
        (&json!(false), &json!("role_not_allowed"))
    );
    assert_eq!(action("take_out")["why_not"]["code"], "child_not_in_any_parent");
}

/// What a supervisor may do with an object: the word of the rules for each action, or nothing where it is allowed.
fn offered(world: &World, id: &str) -> BTreeMap<String, Option<String>> {
    let answer = world.post("supervisor", "/v1/scan", &json!({ "text": id })).expect(200).json();
    let actions = answer["actions"].as_array().unwrap().iter();
    let why_not = |action: &Value| action["why_not"]["code"].as_str().map(str::to_owned);
    actions.map(|action| (action["action"].as_str().unwrap().to_owned(), why_not(action))).collect()
}

#[test]
fn what_needs_a_second_object_is_offered_where_the_first_allows_it() {
    let world = World::new();
    let check = |id: &str, actions: &[&str], why_not: Option<&str>| {
        let words = offered(&world, id);
        for name in actions {
            assert_eq!(words[*name].as_deref(), why_not, "{name} of {id}: {words:?}");
        }
    };
    let operate = |operation: Value| {
        let request = json!({ "operation": operation, "reason": "to be seen" });
        world.operate("supervisor", &request).expect(200);
    };
    let all = ["relabel", "replace", "swap", "move", "merge", "split", "reset"];
    check(CASES[0], &all, None);
    check(&unit(1), &["replace", "swap", "move"], None);
    check(PALLET, &["replace"], Some("child_not_in_any_parent"));
    check(PALLET, &["swap", "move", "merge", "split", "reset", "relabel"], None);
    operate(json!({"type": "commission", "objects": ["(00)095212345000000049"], "level": "case"}));
    check("(00)095212345000000049", &["merge", "split"], Some("container_is_empty"));
    check("(00)095212345000000049", &["swap", "move", "reset", "relabel"], None);

    operate(json!({"type": "hold", "objects": [CASES[1]]}));
    check(CASES[1], &["swap", "move", "merge", "split", "reset", "relabel"], Some("object_on_hold"));
    check(CASES[1], &["replace"], None);
    check(&unit(3), &["swap", "move", "replace"], Some("object_on_hold"));
    check(PALLET, &["swap", "move", "merge"], Some("object_on_hold"));
    operate(json!({"type": "release", "objects": [CASES[1]]}));

    world.operate("machine", &json!({ "operation": {"type": "ship", "roots": [PALLET]} })).expect(200);
    for id in [PALLET, CASES[0]] {
        check(id, &all, Some("object_is_away"));
    }
    operate(json!({"type": "reject", "objects": [unit(5)]}));
    check(&unit(5), &["replace", "swap", "move"], Some("object_not_active"));
}

#[test]
fn a_document_is_imported_once_by_those_who_may() {
    let world = World::new();
    let document = include_str!("../../demo/1-packaging-line.xml");
    let send = |who: &str, path: &str| {
        let headers = world.everybody[who].headers();
        let mut bytes = format!("POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", world.server.address);
        for (name, value) in &headers {
            bytes.extend([name, ": ", value, "\r\n"]);
        }
        let length = document.len().to_string();
        bytes.extend(["Content-Type: application/xml\r\nContent-Length: ", &length, "\r\n\r\n", document]);
        world.server.raw(bytes.as_bytes())
    };
    send("operator", "/v1/import").problem(403, "role_not_allowed");
    let dry = send("machine", "/v1/import?dry_run=true").expect(200).json();
    let before = world.server.engine.head();
    let done = send("machine", "/v1/import").expect(200).json();
    assert_eq!(dry["events"], done["events"]);
    assert_ne!(world.server.engine.head(), before);
    let again = send("machine", "/v1/import").expect(200).json();
    assert_eq!(again["applied"], 0, "{again}");
}

#[test]
fn a_document_is_imported_while_it_arrives() {
    // The site of the others has the objects of the document already.
    let server = Server::start();
    let everybody = server.everybody();
    let document = include_str!("../../demo/1-packaging-line.xml");
    let head = |length: u64| {
        let mut head = format!("POST /v1/import HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", server.address);
        for (name, value) in everybody["machine"].headers() {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head + &format!("Content-Type: application/xml\r\nContent-Length: {length}\r\n\r\n")
    };
    server.raw(head((4 << 30) + 1).as_bytes()).problem(413, "body_too_large");

    // Somebody sends the half of it and is gone.
    let mut stream = server.connect();
    let half = &document[..document.len() / 2];
    stream.write_all((head(document.len() as u64) + half).as_bytes()).unwrap();
    drop(stream);

    let whole = server.raw((head(document.len() as u64) + document).as_bytes()).expect(200).json();
    assert_eq!(whole["refused"], json!([]), "{whole}");
    let again = server.raw((head(document.len() as u64) + document).as_bytes()).expect(200).json();
    assert_eq!((&again["applied"], &again["events"]), (&json!(0), &whole["events"]));
}

#[test]
fn the_feed_goes_on_where_it_was_cut() {
    let world = World::new();
    let listen = |last: u64, facts: usize| -> Vec<u64> {
        let headers = world.everybody["auditor"].headers();
        let last = last.to_string();
        let mut headers: Vec<(&str, &str)> = headers.clone();
        headers.push(("Last-Event-ID", &last));
        let mut stream = world.server.connect();
        stream.write_all(request(world.server.address, "GET", "/v1/feed", &headers, None).as_bytes()).unwrap();
        let lines = BufReader::new(stream).lines().map(Result::unwrap);
        lines.filter_map(|line| line.strip_prefix("id: ").and_then(|id| id.parse().ok())).take(facts).collect()
    };
    let head = world.server.engine.head().sequence.0;
    assert_eq!(listen(head - 4, 2), [head - 3, head - 2]);
    assert_eq!(listen(head - 2, 2), [head - 1, head], "the connection was cut, and nothing is lost");
}

#[test]
fn labels_and_symbols_are_drawn() {
    let world = World::new();
    let picture = world.get(&format!("/v1/labels/{}.svg?size=4x6", in_path(CASES[0]))).expect(200);
    assert_eq!(picture.header("content-type"), Some("image/svg+xml"));
    assert!(picture.body.contains("<svg") && picture.body.contains("L1"), "one lot is in the case");
    let printed = world.get(&format!("/v1/labels/{}.zpl?copy=2", in_path(CASES[0]))).expect(200);
    assert!(printed.body.starts_with("^XA"), "{printed:?}");
    world.get(&format!("/v1/labels/{}.svg", in_path(&unit(1)))).problem(400, "not_an_sscc");
    world.get("/v1/labels/commands.svg?language=de").expect(200);
    world.get("/v1/barcodes?kind=code_128&text=PT-CONFIRM").expect(200);
    world.get("/v1/barcodes?kind=gs1_128&text=PT-CONFIRM").problem(400, "malformed");
}
