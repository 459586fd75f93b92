//! Documents about units and containers with short names, and engines to import them into.

use std::sync::Arc;

use packtree::disk::SimulatedDisk;
use packtree::fact::{Fact, Sequence, Verb};
use packtree::{Engine, Options, Policy};
use packtree_epcis::{Import, ImportSettings, Report};

pub(crate) fn engine_with(policy: Policy) -> Engine {
    Engine::open_on(Arc::new(SimulatedDisk::new()), Options { policy, ..Options::default() }).unwrap()
}

pub(crate) fn engine() -> Engine {
    engine_with(Policy::partner_documents())
}

pub(crate) fn settings() -> ImportSettings {
    ImportSettings::new("partner").unwrap()
}

pub(crate) fn import(engine: &Engine, documents: &[String]) -> Report {
    run(Import::new(engine, settings()), documents)
}

pub(crate) fn run(mut import: Import<'_>, documents: &[String]) -> Report {
    for (index, document) in documents.iter().enumerate() {
        import.read(format!("{index}.json"), document.as_bytes()).unwrap();
    }
    let report = import.finish().unwrap();
    let events = report.applied + report.recorded + report.parked + report.repeated;
    let refused = report.refused.iter().filter(|refused| refused.index.is_some()).count() as u64;
    assert_eq!(report.events, events + refused, "every event is one of the five: {report:?}");
    report
}

/// A document of events, each given by its members without the time zone.
pub(crate) fn document(events: &[String]) -> String {
    let events: Vec<_> = events.iter().map(|event| format!(r#"{{"eventTimeZoneOffset":"+00:00",{event}}}"#)).collect();
    format!(
        r#"{{"@context":"https://ref.gs1.org/standards/epcis/epcis-context.jsonld","type":"EPCISDocument","schemaVersion":"2.0","epcisBody":{{"eventList":[{}]}}}}"#,
        events.join(",")
    )
}

/// A unit such as `u1`, or a container such as `c1`, as a document spells it.
pub(crate) fn epc(name: &str) -> String {
    let (kind, number) = name.split_at(1);
    match kind {
        "u" => format!("urn:epc:id:sgtin:0614141.107346.{number}"),
        _ => format!("urn:epc:id:sscc:0614141.1{number:0>9}"),
    }
}

pub(crate) fn epcs(names: &str) -> String {
    let list: Vec<_> =
        names.split(' ').filter(|name| !name.is_empty()).map(|name| format!("\"{}\"", epc(name))).collect();
    format!("[{}]", list.join(","))
}

pub(crate) fn at(minute: u32) -> String {
    format!(r#""eventTime":"2025-11-23T10:{minute:02}:00Z""#)
}

pub(crate) fn object(minute: u32, action: &str, step: &str, objects: &str) -> String {
    let (time, objects) = (at(minute), epcs(objects));
    format!(r#""type":"ObjectEvent",{time},"action":"{action}","bizStep":"{step}","epcList":{objects}"#)
}

pub(crate) fn commission(minute: u32, objects: &str) -> String {
    object(minute, "ADD", "commissioning", objects)
}

pub(crate) fn aggregation(minute: u32, action: &str, parent: &str, children: &str) -> String {
    let (time, parent, children) = (at(minute), epc(parent), epcs(children));
    format!(r#""type":"AggregationEvent",{time},"action":"{action}","parentID":"{parent}","childEPCs":{children}"#)
}

pub(crate) fn pack(minute: u32, parent: &str, children: &str) -> String {
    aggregation(minute, "ADD", parent, children)
}

pub(crate) fn unpack(minute: u32, parent: &str, children: &str) -> String {
    aggregation(minute, "DELETE", parent, children)
}

pub(crate) fn facts(engine: &Engine) -> Vec<Fact> {
    let mut feed = engine.subscribe(Sequence::FIRST);
    std::iter::from_fn(|| feed.try_next().unwrap()).collect()
}

pub(crate) fn verbs(engine: &Engine) -> Vec<Verb> {
    facts(engine).iter().map(|fact| fact.verb).collect()
}

/// The refused events: index, code, objects.
pub(crate) fn refused(report: &Report) -> Vec<(u64, &str, usize)> {
    report.refused.iter().map(|refused| (refused.index.unwrap(), refused.code, refused.objects.len())).collect()
}

pub(crate) fn fixture(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}
