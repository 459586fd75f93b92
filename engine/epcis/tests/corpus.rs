//! Every document of the corpus gives what `corpus.txt` says, and its XML and JSON twins give the same events.
//!
//! The corpus stands beside the workspace and is no part of it; without it these tests say so and pass.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "whoever runs the tests should know what was not tested")]

mod common;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{Outcome, read};
use packtree::disk::SimulatedDisk;
use packtree::refusal::Reason;
use packtree::{Engine, Options, Policy};
use packtree_epcis::{Common, Event, Import, ImportSettings, Report};

/// Documents in the corpus, and events that they hold: what keeps these tests from passing by reading nothing.
const DOCUMENTS: usize = 417;
const EVENTS: usize = 624;

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("{} is absent: the documents of the corpus are not tested", folder.display());
    None
}

/// The documents by their path below the corpus.
fn documents(corpus: &Path) -> BTreeMap<String, PathBuf> {
    let mut documents = BTreeMap::new();
    let mut folders = vec![corpus.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(corpus).unwrap().to_str().unwrap().to_owned();
            let is_document = path.extension().is_some_and(|kind| kind == "xml" || kind == "json" || kind == "jsonld");
            // The schemas are no documents.
            if path.is_dir() && !name.starts_with("gs1-schemas") {
                folders.push(path);
            } else if is_document && path.is_file() {
                documents.insert(name, path);
            }
        }
    }
    documents
}

/// `corpus.txt`: what is expected, then a bar, then the document.
fn expectations() -> BTreeMap<String, String> {
    let table = include_str!("corpus.txt");
    let rows = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.map(|row| {
        let (expected, name) = row.split_once(" | ").unwrap();
        (name.to_owned(), expected.trim().to_owned())
    })
    .collect()
}

#[test]
fn every_document_gives_what_is_expected_of_it() {
    let Some(corpus) = corpus() else { return };
    let documents = documents(&corpus);
    let mut expectations = expectations();
    let mut events = 0;
    let mut wrong = Vec::new();
    for (name, path) in &documents {
        let outcome = read(name, File::open(path).unwrap());
        events += outcome.events.len();
        let expected = expectations.remove(name);
        let found = outcome.summary();
        if expected.as_deref() != Some(found.as_str()) {
            wrong.push(format!("{found} | {name}\n    instead of {expected:?}"));
        }
        assert!(!name.contains("Invalid/") || !is_spotless(&outcome), "{name} is invalid, and nobody says so");
    }
    assert!(wrong.is_empty(), "{} documents:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(expectations, BTreeMap::new(), "documents that are not there");
    assert_eq!((documents.len(), events), (DOCUMENTS, EVENTS));
}

fn is_spotless(outcome: &Outcome) -> bool {
    outcome.invalid.is_empty() && outcome.warnings.is_empty() && outcome.error.is_none()
}

/// What both formats can say alike: not the extensions, whose numbers and times each format spells its own way.
fn essence(event: &Event) -> Event {
    let mut event = event.clone();
    let common: &mut Common = event.common_mut();
    common.extensions.clear();
    for typed in [&mut common.biz_transactions, &mut common.sources, &mut common.destinations] {
        typed.sort_by(|left, right| left.uri.cmp(&right.uri));
    }
    if let Some(declaration) = &mut common.error_declaration {
        declaration.extensions.clear();
    }
    match &mut event {
        Event::Object(event) => event.ilmd.other.clear(),
        Event::Transformation(event) => event.ilmd.other.clear(),
        _ => {}
    }
    event
}

/// Documents whose twin says something else: another declaration time, another spelling of a place, another fault.
const DIFFERENT: [&str; 5] = [
    "Capture/Documents/Combination_of_different_event.xml",
    "Capture/Documents/epcisDocWithSensorComponent.xml",
    "Capture/Events/TransformationEvent.xml",
    "Query/Combination_of_different_event.xml",
    "Query/Invalid/QueryDocument_with_invalid_eventType.xml",
];

#[test]
fn twins_in_xml_and_json_give_the_same_events() {
    let Some(corpus) = corpus() else { return };
    let documents = documents(&corpus);
    let mut twins = 0;
    let mut wrong = Vec::new();
    for (name, path) in documents.iter().filter(|(name, _)| name.contains("2.0/EPCIS/XML/")) {
        let Some(twin) = documents.get(&name.replace("/XML/", "/JSON/").replace(".xml", ".json")) else { continue };
        let xml = read(name, File::open(path).unwrap());
        let json = read("twin", File::open(twin).unwrap());
        twins += 1;
        let [xml, json] = [xml, json].map(|outcome| outcome.events.iter().map(essence).collect::<Vec<_>>());
        let is_different = DIFFERENT.iter().any(|different| name.ends_with(different));
        if (xml != json) != is_different {
            let pair = xml.iter().zip(&json).find(|(xml, json)| xml != json);
            wrong.push(format!("{name}: {} and {} events, {pair:#?}", xml.len(), json.len()));
        }
    }
    assert!(wrong.is_empty(), "{} of {twins}: {}", wrong.len(), wrong.join("\n"));
    assert_eq!(twins, 54);
}

/// Imports a document into an engine of its own.
fn import(name: &str, path: &Path) -> Report {
    let options = Options { policy: Policy::partner_documents(), ..Options::default() };
    let engine = Engine::open_on(Arc::new(SimulatedDisk::new()), options).unwrap();
    let mut import = Import::new(&engine, ImportSettings::new("partner").unwrap());
    import.read(name, File::open(path).unwrap()).unwrap();
    import.finish().unwrap()
}

/// Each document alone in an engine: what the engine refuses, beside what the reader does.
#[test]
fn every_document_is_imported() {
    let Some(corpus) = corpus() else { return };
    let mut refused = Vec::new();
    let mut sums = [0; 4];
    for (name, path) in documents(&corpus) {
        let report = import(&name, &path);
        let refused_events: Vec<_> = report.refused.iter().filter(|refused| refused.index.is_some()).collect();
        let counted = report.applied + report.recorded + report.repeated + refused_events.len() as u64;
        assert_eq!(report.events, counted, "{name}: {report:?}");
        let known = Reason::ALL.iter().map(|reason| reason.code());
        let codes = known.filter(|code| refused_events.iter().any(|refused| refused.code == *code));
        let short = name.replace("openepcis-test-resources/core/src/main/resources", "openepcis");
        refused.extend(codes.map(|code| (code, short.clone())));
        for (sum, count) in sums.iter_mut().zip([report.events, report.applied, report.recorded, report.repeated]) {
            *sum += count;
        }
    }
    let refused: Vec<_> = refused.iter().map(|(code, name)| (*code, name.as_str())).collect();
    assert_eq!(refused, REFUSED_BY_THE_ENGINE);
    assert_eq!(sums, [656, 184, 404, 20], "events, applied, recorded, repeated");
}

/// What an engine refuses that knows nothing but the document: unpacking and decommissioning what it never saw, shipping
/// what is away because the declaration that it was not shipped is for people to act upon, a serial that is commissioned twice.
const REFUSED_BY_THE_ENGINE: &[(&str, &str)] = &[
    ("object_not_found", "RalphTro-event-hash/tests/examples/epcisDocWithVariousEventTypes.jsonld"),
    ("object_not_found", "RalphTro-event-hash/tests/examples/epcisDocWithVariousEventTypes.xml"),
    ("object_not_found", "gs1-EPCIS/JSON-simple-context/PersistentDisposition-example.jsonld"),
    ("object_not_found", "gs1-EPCIS/XML/Example-PersistentDisposition.xml"),
    ("object_not_found", "openepcis/1.2/EPCIS/XML/Capture/Documents/All_eventTypes_in_single_document.xml"),
    ("object_is_away", "openepcis/1.2/EPCIS/XML/Capture/Documents/ObjectEvent_with_baseExtension_errorDeclaration.xml"),
    ("object_not_found", "openepcis/2.0/EPCIS/JSON/Capture/Documents/AggregationEvent_with_persistentDisposition.json"),
    ("object_not_found", "openepcis/2.0/EPCIS/JSON/Capture/Documents/Combination_of_different_event.json"),
    (
        "object_already_commissioned",
        "openepcis/2.0/EPCIS/JSON/Capture/Invalid/Combination_of_multiple_invalid_fields.json",
    ),
    ("object_not_found", "openepcis/2.0/EPCIS/JSON/Query/Combination_of_different_event.json"),
    ("object_not_found", "openepcis/2.0/EPCIS/XML/Capture/Documents/AggregationEvent_with_persistentDisposition.xml"),
    ("object_not_found", "openepcis/2.0/EPCIS/XML/Capture/Documents/Combination_of_different_event.xml"),
    ("object_not_found", "openepcis/2.0/EPCIS/XML/Query/Combination_of_different_event.xml"),
    ("object_not_found", "openepcis/2.0/EPCIS/XML/Query/Documents/QueryResultsDocument.xml"),
];

/// Documents whose events are one event each time, written in different ways; other spellings of numbers are another
/// matter, since sensor data is kept as it is written.
#[test]
fn equal_events_are_recognised() {
    let Some(corpus) = corpus() else { return };
    let mut compared = 0;
    for (name, path) in documents(&corpus).iter().filter(|(name, _)| name.contains("/expected_equal/")) {
        if name.ends_with("numberPrecision.xml") {
            continue;
        }
        let report = import(name, path);
        compared += 1;
        assert_eq!(report.repeated, report.events - 1, "{name}: {report:?}");
    }
    assert_eq!(compared, 10);
}
