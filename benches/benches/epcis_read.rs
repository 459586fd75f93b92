//! How fast EPCIS documents become events: bytes a second, by format and by length of the lists.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use packtree_benches::{pack_as_xml, xml_document};
use packtree_epcis::{Item, Limits, Reader};

/// Bytes of each generated document, at least.
const DOCUMENT_BYTES: usize = 8 << 20;

/// Packs of `children` units each, as EPCIS 1.2 in XML: what contract manufacturers send most of.
fn packs_as_xml(children: u32) -> String {
    let mut events = String::new();
    for number in 0.. {
        if DOCUMENT_BYTES <= events.len() {
            break;
        }
        events.push_str(&pack_as_xml(number, children));
    }
    xml_document(&events)
}

/// The same packs as EPCIS 2.0 in JSON-LD.
fn packs_as_json(children: u32) -> String {
    let mut document = String::from(concat!(
        r#"{"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],"type":"EPCISDocument","#,
        r#""schemaVersion":"2.0","creationDate":"2026-11-23T12:00:00Z","epcisBody":{"eventList":["#,
    ));
    let mut event = 0;
    while document.len() < DOCUMENT_BYTES {
        let _ = write!(
            document,
            r#"{}{{"type":"AggregationEvent","eventTime":"2026-11-23T10:15:30Z","eventTimeZoneOffset":"+01:00",
"eventID":"urn:uuid:0f8a0000-0000-4000-8000-{event:012}","parentID":"urn:epc:id:sscc:4099999.{event:010}",
"action":"ADD","bizStep":"packing","disposition":"in_progress","childEPCs":["#,
            if event == 0 { "" } else { "," }
        );
        for child in 0..children {
            let serial = event * children + child;
            let comma = if child == 0 { "" } else { "," };
            let _ = write!(document, "{comma}\n\"urn:epc:id:sgtin:4099999.012345.{serial:012}\"");
        }
        document.push_str("]}\n");
        event += 1;
    }
    document.push_str("]}}\n");
    document
}

fn read(document: &str) -> usize {
    let events = Reader::new("bench", document.as_bytes(), Limits::default()).map(|item| match item {
        Ok(Item::Event(event, ..)) => usize::from(black_box(event).common().event_id.is_some()),
        Ok(Item::Header(_)) => 0,
        other => panic!("the generated documents are spotless: {other:?}"),
    });
    events.sum()
}

fn epcis_read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("epcis_read");
    group.sample_size(20);
    for children in [20, 2_000] {
        for (format, document) in [("xml_1.2", packs_as_xml(children)), ("json_2.0", packs_as_json(children))] {
            group.throughput(Throughput::Bytes(document.len() as u64));
            group.bench_with_input(BenchmarkId::new(format, children), &document, |bencher, document| {
                bencher.iter(|| read(document));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, epcis_read);
criterion_main!(benches);
