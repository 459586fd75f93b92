//! Labels that go to a printer.

use std::io::Read as _;
use std::net::TcpListener;
use std::thread;

use packtree_server::serve::Settings;
use serde_json::json;

use crate::world::{CASES, World, in_path, unit};

#[test]
fn a_label_reaches_the_printer_and_nobody_else() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let settings = Settings { printers: vec![address.parse().unwrap()], ..Settings::default() };
    let world = World::with(settings);
    let paper = thread::spawn(move || {
        let mut printed = String::new();
        listener.accept().unwrap().0.read_to_string(&mut printed).unwrap();
        printed
    });
    assert_eq!(world.get("/v1/printers").expect(200).json(), json!({ "printers": [address] }));
    let path = format!("/v1/labels/{}/print", in_path(CASES[0]));
    world.post("auditor", &path, &json!({})).problem(403, "role_not_allowed");
    let elsewhere = world.post("operator", &path, &json!({"printer": "192.0.2.1:9100"}));
    let remedy = elsewhere.problem(404, "printer_not_found").json()["remedy"].clone();
    assert_eq!(remedy, json!(format!("choose one of {address}")));
    world.post("operator", &path, &json!({"copies": 9})).problem(400, "malformed");
    world.post("operator", &path, &json!({"size": "a4"})).problem(400, "malformed");
    let of_unit = format!("/v1/labels/{}/print", in_path(&unit(1)));
    world.post("operator", &of_unit, &json!({})).problem(400, "not_an_sscc");

    let done = world.post("operator", &path, &json!({"copies": 2, "dpi": 300})).expect(200).json();
    assert_eq!(done, json!({"printer": address, "copies": 2}));
    let taken = paper.join().unwrap();
    let alone = world.get(&format!("/v1/labels/{}.zpl?dpi=300", in_path(CASES[0]))).expect(200).body;
    assert_eq!(taken, alone.repeat(2));
}

#[test]
fn a_printer_that_is_off_is_said_to_be() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let settings = Settings { printers: vec![address.parse().unwrap()], ..Settings::default() };
    let world = World::with(settings);
    let path = format!("/v1/labels/{}/print", in_path(CASES[0]));
    let problem = world.post("operator", &path, &json!({})).problem(502, "printer_failed").json();
    assert!(problem["detail"].as_str().unwrap().contains(&address), "{problem}");
    let none = World::new().post("operator", &path, &json!({})).problem(404, "printer_not_found").json();
    assert!(none["remedy"].as_str().unwrap().contains("in the settings"), "{none}");
}
