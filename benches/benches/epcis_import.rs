//! How fast EPCIS documents become durable facts, from bytes to the journal on a real disk.

use std::fmt::Write;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use packtree::{Engine, Options, Policy};
use packtree_epcis::{Import, ImportSettings};
use tempfile::TempDir;

/// Units in each generated document.
const UNITS: usize = 100_000;

/// A shift of a packaging line as EPCIS 1.2 in XML: units are commissioned in lists of a thousand and packed in cases.
fn shift(units_per_case: usize) -> String {
    let mut document = String::from(concat!(
        r#"<?xml version="1.0" encoding="UTF-8"?>"#,
        "\n",
        r#"<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2" "#,
        r#"creationDate="2025-11-23T12:00:00Z">"#,
        "\n  <EPCISBody>\n    <EventList>\n",
    ));
    let cases = UNITS / units_per_case;
    for block in 0..UNITS.div_ceil(1_000) {
        let units = (block * 1_000..(block + 1) * 1_000).map(unit);
        event(&mut document, "ObjectEvent", "", "epcList", units, "commissioning");
    }
    event(&mut document, "ObjectEvent", "", "epcList", (0..cases).map(case), "commissioning");
    for number in 0..cases {
        let parent = format!("        <parentID>{}</parentID>\n", case(number));
        let units = (number * units_per_case..(number + 1) * units_per_case).map(unit);
        event(&mut document, "AggregationEvent", &parent, "childEPCs", units, "packing");
    }
    document.push_str("    </EventList>\n  </EPCISBody>\n</epcis:EPCISDocument>\n");
    document
}

fn unit(number: usize) -> String {
    format!("urn:epc:id:sgtin:4099999.012345.{number:012}")
}

fn case(number: usize) -> String {
    format!("urn:epc:id:sscc:4099999.{number:010}")
}

fn event(
    document: &mut String,
    kind: &str,
    parent: &str,
    list: &str,
    objects: impl Iterator<Item = String>,
    step: &str,
) {
    let number = document.len();
    let _ = write!(
        document,
        "      <{kind}>
        <eventTime>2025-11-23T10:15:30Z</eventTime>
        <eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
        <baseExtension><eventID>urn:uuid:0f8a0000-0000-4000-8000-{number:012}</eventID></baseExtension>
{parent}        <{list}>\n"
    );
    for object in objects {
        let _ = writeln!(document, "          <epc>{object}</epc>");
    }
    let _ = write!(
        document,
        "        </{list}>
        <action>ADD</action>
        <bizStep>urn:epcglobal:cbv:bizstep:{step}</bizStep>
        <disposition>urn:epcglobal:cbv:disp:in_progress</disposition>
        <readPoint><id>urn:epc:id:sgln:4099999.00001.L1</id></readPoint>
      </{kind}>\n"
    );
}

fn empty_engine() -> (TempDir, Engine) {
    let directory = tempfile::tempdir().expect("there is room for a directory");
    let options = Options { policy: Policy::partner_documents(), ..Options::default() };
    let engine = Engine::open(directory.path(), options).expect("the directory is empty");
    (directory, engine)
}

fn import(engine: &Engine, document: &str) {
    let settings = ImportSettings::new("bench").expect("the name is short");
    let mut import = Import::new(engine, settings);
    import.read("bench.xml", document.as_bytes()).expect("the engine goes on");
    let report = import.finish().expect("the engine goes on");
    assert_eq!(report.applied, report.events, "the generated documents are spotless: {:?}", report.refused.first());
}

fn epcis_import(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("epcis_import");
    group.sample_size(10);
    for units_per_case in [20, 1_000] {
        let document = shift(units_per_case);
        group.throughput(Throughput::Bytes(document.len() as u64));
        group.bench_with_input(BenchmarkId::new("xml_1.2", units_per_case), &document, |bencher, document| {
            bencher.iter_batched(
                empty_engine,
                |(directory, engine)| {
                    import(&engine, document);
                    // Closing the engine is not a part of importing.
                    (directory, engine)
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, epcis_import);
criterion_main!(benches);
