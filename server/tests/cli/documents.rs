//! Documents: what is imported, known already, refused, interrupted.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::support::Site;

fn demo_document(name: &str) -> String {
    format!("{}/demo/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn documents_are_imported_and_known_the_second_time() {
    let site = Site::empty();
    let all = ["1-packaging-line.xml", "2-rework.jsonld", "3-shipment.xml"].map(demo_document).join(" ");
    site.check(&format!(
        "
        import {all} --dry-run => 0 14 events from 3 documents: 13 would be applied, 1 would be recorded
        import {all}           => 0 14 events from 3 documents: 13 applied, 1 recorded without a change
        import {all}           => 0 14 events from 3 documents: 14 known already
        import {all} --dry-run => 0 14 would be known already
        verify                 => 0 whole: 14 facts
        "
    ));
}

#[test]
fn a_dry_run_does_not_begin_a_directory() {
    let site = Site::empty();
    site.check(&format!("import {} --dry-run => 0 9 would be applied", demo_document("1-packaging-line.xml")));
    assert!(!site.data().exists());
}

#[test]
fn what_is_wrong_with_a_document_is_told_with_its_place() {
    let site = Site::demo();
    site.write("half.xml", "<?xml version=\"1.0\"?>\n<epcis:EPCISDocument xmlns:epcis=\"urn:epcglobal:epcis:xsd:1\" schemaVersion=\"1.2\">\n<EPCISBody>");
    site.write("letter.txt", "dear all");
    site.write("empty.json", "");
    site.write(
        "parentless.json",
        "[{\"type\": \"AggregationEvent\", \"action\": \"ADD\",\n \"eventTime\": \"2025-03-04T10:00:00Z\", \"eventTimeZoneOffset\": \"+00:00\", \"childEPCs\": [\"urn:epc:id:sgtin:9521234.054321.A0001\"]}]",
    );
    fs::create_dir(site.folder().join("folder")).unwrap();
    site.check(
        "
        import half.xml         => 1 refused: half.xml, line 3
        import letter.txt       => 1 refused: letter.txt, line 1
        import empty.json       => 1 refused: empty.json
        import parentless.json  => 1 refused: parentless.json, line 1, event 0
        import missing.xml      => 2 the document missing.xml cannot be read
        import folder           => 2 it is a directory
        import half.xml missing.xml => 2 nothing was imported
        verify                  => 0 whole: 14 facts
        ",
    );
}

/// Commissions of 2,000 units each, as one document.
fn many_events(events: u32) -> Vec<String> {
    let mut parts = vec!["{\"@context\": [\"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld\"], \"type\": \"EPCISDocument\", \"schemaVersion\": \"2.0\", \"creationDate\": \"2025-03-03T10:00:00Z\", \"epcisBody\": {\"eventList\": [".to_owned()];
    for event in 0..events {
        let comma = if event == 0 { "" } else { "," };
        let mut text = format!(
            "{comma}{{\"type\": \"ObjectEvent\", \"action\": \"ADD\", \"bizStep\": \"commissioning\", \"eventTime\": \"2025-03-03T10:00:00Z\", \"eventTimeZoneOffset\": \"+00:00\", \"epcList\": ["
        );
        for unit in 0..2_000 {
            let comma = if unit == 0 { "" } else { "," };
            write!(text, "{comma}\"urn:epc:id:sgtin:9521234.054321.K{event}-{unit}\"").unwrap();
        }
        text.push_str("]}\n");
        parts.push(text);
    }
    parts.push("]}}\n".to_owned());
    parts
}

/// How far the segments of a journal are written; behind that they are zeros.
fn written(data: &Path) -> usize {
    let segments = fs::read_dir(data).into_iter().flatten().map(|entry| entry.unwrap().path());
    let segments = segments.filter(|path| path.extension().is_some_and(|ending| ending == "segment"));
    segments.map(|path| fs::read(path).unwrap().iter().rposition(|byte| *byte != 0).unwrap_or(0)).sum()
}

#[test]
fn an_import_that_is_killed_goes_on_where_it_was() {
    const EVENTS: u32 = 130;
    let site = Site::empty();
    let parts = many_events(EVENTS);
    let mut child = site.command("import -").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // More than two windows of 100,000 objects, so that something is durable while the import still reads.
    for part in &parts[..110] {
        input.write_all(part.as_bytes()).unwrap();
    }
    while written(&site.data()) < 10_000 {
        assert!(child.try_wait().unwrap().is_none(), "the import ended early");
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();

    site.write("all.json", &parts.concat());
    let report = site.json("import all.json");
    let number = |key: &str| report[key].as_u64().unwrap();
    assert_eq!(report["refused"], json!([]));
    assert!(1 <= number("repeated"), "{report}");
    assert!(20 <= number("applied"), "{report}");
    assert_eq!(number("repeated") + number("applied"), u64::from(EVENTS), "{report}");
    site.check(
        "
        verify         => 0 whole: 130 facts
        import all.json => 0 130 known already
        ",
    );
}
