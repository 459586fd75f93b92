//! One site told in every format: the events are the same, and they are what the fixtures say.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::io::Cursor;

use common::{Outcome, read};
use packtree::Identifier;
use packtree_epcis::{
    Action, AttributeValue, DocumentKind, Event, Extension, Format, Header, Item, Kind, Limits, Reader, Term,
};

const FIXTURES: [&str; 3] = ["site-1.2.xml", "site-2.0.xml", "site-2.0.jsonld"];

fn fixture(name: &str) -> String {
    fs::read_to_string(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn outcome(name: &str) -> Outcome {
    let outcome = read(name, fixture(name).as_bytes());
    assert!(outcome.error.is_none() && outcome.invalid.is_empty(), "{name}: {}", outcome.summary());
    outcome
}

/// Sensor data is spelt in two ways even where it says the same.
fn without_sensors(mut event: Event) -> Event {
    event.common_mut().extensions.retain(|extension| &*extension.name != "sensorElementList");
    event
}

#[test]
fn every_format_tells_the_same_events() {
    let [old, new, json] = FIXTURES.map(outcome);
    assert_eq!(old.events, new.events);
    let [old, json] = [old, json].map(|outcome| outcome.events.into_iter().map(without_sensors));
    for (index, (xml, json)) in old.zip(json).enumerate() {
        assert_eq!(xml, json, "event {index}");
    }
}

#[test]
fn every_type_of_event_is_read() {
    for name in FIXTURES {
        let outcome = outcome(name);
        let kinds: Vec<_> = outcome.events.iter().map(Event::kind).collect();
        let expected = [
            Kind::Object,
            Kind::Aggregation,
            Kind::Aggregation,
            Kind::Object,
            Kind::Object,
            Kind::Transaction,
            Kind::Transformation,
            Kind::Association,
            Kind::Other,
        ];
        assert_eq!(kinds, expected, "{name}");
        let codes: Vec<_> = outcome.warnings.iter().map(|warning| warning.notice.code()).collect();
        assert_eq!(codes, ["event_unknown"], "{name}");
    }
}

#[test]
fn a_commissioning_event_is_read_whole() {
    for name in FIXTURES {
        let Event::Object(event) = outcome(name).events.swap_remove(0) else { panic!("{name}") };
        let objects: Vec<_> = event.objects.iter().map(ToString::to_string).collect();
        assert_eq!(objects, ["(01)04099999123452(21)A1", "(01)04099999123452(21)A/2", "(00)140999990000000019"]);
        assert_eq!(event.action, Action::Add);
        assert_eq!(event.ilmd.lot.as_deref(), Some("LOT-7"));
        assert_eq!(event.ilmd.expiry.unwrap().to_string(), "2028-11-30");
        let shift = Extension { name: "{http://line.example/}shift".into(), json: "\"night\"".into() };
        assert_eq!(event.ilmd.other, [shift]);

        let common = event.common;
        assert_eq!(common.event_id.as_deref(), Some("urn:uuid:0f8a0000-0000-4000-8000-000000000001"));
        assert_eq!(common.time.to_string(), "2026-11-23T09:00:00.25+01:00");
        assert_eq!(common.record_time_us, Some(1_795_420_805_000_000));
        assert_eq!(common.biz_step, Some(Term::Cbv("commissioning")));
        assert_eq!(common.disposition, Some(Term::Cbv("active")));
        assert_eq!(common.read_point.as_deref(), Some("urn:epc:id:sgln:4099999.00001.L1"));
        assert_eq!(common.extensions.len(), 1);
        assert_eq!(&*common.extensions[0].name, "{http://line.example/}machine");
        assert_eq!(&*common.extensions[0].json, r#"{"id":"M1","{http://line.example/}speed":["300","310"]}"#);
    }
}

#[test]
fn containers_hold_classes_by_quantity() {
    for name in FIXTURES {
        let Event::Aggregation(event) = outcome(name).events.swap_remove(1) else { panic!("{name}") };
        let quantities: Vec<_> = event
            .quantities
            .iter()
            .map(|element| (element.class.to_string(), element.quantity.unwrap().to_string(), element.unit.as_deref()))
            .collect();
        let expected = [
            ("(01)04099999543212(10)BULK".to_owned(), "12.5".to_owned(), Some("KGM")),
            ("(01)04099999123452".to_owned(), "3".to_owned(), None),
        ];
        assert_eq!(quantities, expected);
        assert_eq!(event.children.len(), 2);
    }
}

#[test]
fn an_error_declaration_is_told_from_the_event_it_declares() {
    for name in FIXTURES {
        let event = outcome(name).events.swap_remove(4);
        let declaration = event.common().error_declaration.as_deref().unwrap();
        assert_eq!(declaration.reason, Some(Term::Cbv("did_not_occur")));
        assert_eq!(declaration.corrective_event_ids.len(), 2);
        assert_eq!(declaration.extensions.len(), 1);
        assert_eq!(event.common().event_id.as_deref(), Some("urn:uuid:0f8a0000-0000-4000-8000-000000000005"));
    }
}

fn header(name: &str) -> Header {
    let text = fixture(name);
    let mut items = Reader::new(name, text.as_bytes(), Limits::default());
    let header = items.find_map(|item| match item.unwrap() {
        Item::Header(header) => Some(*header),
        _ => None,
    });
    header.unwrap()
}

#[test]
fn the_header_and_its_master_data_are_read() {
    for (name, format) in FIXTURES.into_iter().zip([Format::Xml, Format::Xml, Format::JsonLd]) {
        let header = header(name);
        assert_eq!((header.format, header.kind), (format, DocumentKind::Events));
        assert_eq!(header.sender.as_deref(), Some("urn:epc:id:sgln:4099999.00001.0"));
        assert_eq!(header.receiver.as_deref(), Some("urn:epc:id:sgln:4088888.00001.0"));
        assert_eq!(header.instance_identifier.as_deref(), Some("SHIP-1"));
        assert_eq!(header.creation_date.as_deref(), Some("2026-11-23T12:00:00Z"));

        let master_data = outcome(name).master_data;
        assert_eq!(master_data.len(), 1);
        assert_eq!(&*master_data[0].vocabulary, "urn:epcglobal:epcis:vtype:EPCClass");
        assert_eq!(&*master_data[0].id, "urn:epc:idpat:sgtin:4099999.012345.*");
        let name = ("urn:epcglobal:cbv:mda#regulatedProductName".into(), AttributeValue::Text("Tablets & more".into()));
        assert_eq!(master_data[0].attributes[0], name);
        assert_eq!(master_data[0].attributes.len(), 2);
    }
}

#[test]
fn the_lengths_of_company_prefixes_are_learned() {
    let text = fixture("site-1.2.xml");
    let mut reader = Reader::new("site", text.as_bytes(), Limits::default());
    let unit = Identifier::parse("(01)04099999123452(21)Z9").unwrap();
    assert!(unit.urn(reader.company_prefixes()).is_err());
    assert!(reader.find(|item| matches!(item, Ok(Item::Event(..)))).is_some());
    let urn = "urn:epc:id:sgtin:4099999.012345.Z9";
    assert_eq!(unit.urn(reader.company_prefixes()).unwrap().to_string(), urn);
    assert!(reader.all(|item| item.is_ok()));
    assert_eq!(unit.urn(reader.company_prefixes()).unwrap().to_string(), urn);
}

#[test]
fn encodings_and_spacing_change_nothing() {
    for name in FIXTURES {
        let text = fixture(name);
        let expected = outcome(name).events;
        let ascii = text.replace("encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"");
        let wide = text.replace("encoding=\"UTF-8\"", "encoding=\"UTF-16\"");
        let utf16: Vec<u8> =
            std::iter::once('\u{FEFF}').chain(wide.chars()).flat_map(|c| (c as u16).to_le_bytes()).collect();
        let compact: String = text.lines().map(str::trim).collect::<Vec<_>>().join(" ").replace("> <", "><");
        let spellings = [
            ascii.into_bytes(),
            utf16,
            format!("\u{FEFF}{text}").into_bytes(),
            text.replace('\n', "\r\n").into_bytes(),
            compact.into_bytes(),
        ];
        for (index, bytes) in spellings.into_iter().enumerate() {
            let outcome = read(name, Cursor::new(bytes));
            assert_eq!(outcome.events, expected, "{name}, spelling {index}: {}", outcome.summary());
        }
    }
}

#[test]
fn places_are_lines_and_indices() {
    for (name, line) in [("site-1.2.xml", 32), ("site-2.0.jsonld", 21)] {
        let text = fixture(name);
        let place = Reader::new(name, text.as_bytes(), Limits::default())
            .find_map(|item| match item.unwrap() {
                Item::Event(_, place, _) => Some(place),
                _ => None,
            })
            .unwrap();
        assert_eq!((&*place.file, place.line, place.index), (name, line, 0));
        assert_eq!(place.event_id.as_deref(), Some("urn:uuid:0f8a0000-0000-4000-8000-000000000001"));
    }
}
