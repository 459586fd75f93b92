//! Each rule that one event must keep: what breaks it, and what is said.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Outcome, read};
use packtree::fact::Decimal;
use packtree_epcis::Event;

/// The fields of an event as JSON, of which each row gives those that differ from a good pack.
fn pack(differences: &str) -> Outcome {
    let mut fields = [
        ("type", r#""AggregationEvent""#.to_owned()),
        ("eventTime", r#""2026-11-23T10:15:30Z""#.to_owned()),
        ("eventTimeZoneOffset", r#""+01:00""#.to_owned()),
        ("action", r#""ADD""#.to_owned()),
        ("parentID", r#""urn:epc:id:sscc:0614141.1234567890""#.to_owned()),
        ("childEPCs", r#"["urn:epc:id:sgtin:0614141.107346.2017"]"#.to_owned()),
    ];
    let mut more = Vec::new();
    for difference in differences.split("; ").filter(|difference| !difference.is_empty()) {
        let (name, value) = difference.split_once('=').unwrap();
        match fields.iter_mut().find(|(known, _)| *known == name) {
            Some(field) => value.clone_into(&mut field.1),
            None => more.push((name, value.to_owned())),
        }
    }
    let members: Vec<_> = fields
        .iter()
        .chain(&more)
        // An empty value leaves the field out.
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    read("pack", format!("{{\"@context\":\"x:y\",{}}}", members.join(",")).as_bytes())
}

/// What is said about the event: faults, or else warnings, or nothing.
fn said(outcome: &Outcome) -> String {
    assert!(outcome.error.is_none(), "{:?}", outcome.error);
    let faults: Vec<_> = outcome.invalid.iter().flatten().map(|fault| fault.problem.to_string()).collect();
    let warnings: Vec<_> = outcome.warnings.iter().map(|warning| warning.notice.to_string()).collect();
    assert_eq!(outcome.events.len() + outcome.invalid.len(), 1);
    if faults.is_empty() { warnings.join("; ") } else { faults.join("; ") }
}

#[track_caller]
fn check(differences: &str, expected: &str) {
    assert_eq!(said(&pack(differences)), expected, "{differences}");
}

#[test]
fn a_pack_names_a_parent_and_children() {
    check("", "");
    check("action=\"DELETE\"", "");
    check("action=\"OBSERVE\"; parentID=", "");
    check("parentID=", "parentID is missing: an event of type AggregationEvent with action ADD must name it");
    check(
        "action=\"DELETE\"; parentID=",
        "parentID is missing: an event of type AggregationEvent with action DELETE must name it",
    );
    let no_children =
        "childEPCs and childQuantityList are both missing or empty: only action DELETE may name no children";
    check("childEPCs=", no_children);
    check("childEPCs=[]", no_children);
    check("childEPCs=; action=\"OBSERVE\"", no_children);
    check("childEPCs=[]; action=\"DELETE\"", "");
    check("childEPCs=; action=\"DELETE\"", "");
    check("childEPCs=; childQuantityList=[{\"epcClass\":\"urn:epc:idpat:sgtin:0614141.107346.*\",\"quantity\":3}]", "");
}

#[test]
fn associations_always_name_a_parent() {
    let kind = "type=\"AssociationEvent\"";
    check(kind, "");
    check(
        &format!("{kind}; action=\"OBSERVE\"; parentID="),
        "parentID is missing: an event of type AssociationEvent with action OBSERVE must name it",
    );
    check(&format!("{kind}; action=\"DELETE\"; childEPCs="), "");
}

#[test]
fn an_object_event_is_about_something() {
    let kind = "type=\"ObjectEvent\"; parentID=; childEPCs=";
    check(&format!("{kind}; epcList=[\"urn:epc:id:sscc:0614141.1234567890\"]"), "");
    let nothing = "the event names no objects: epcList and quantityList are missing or empty";
    check(kind, nothing);
    check(&format!("{kind}; epcList=[]; quantityList=[]"), nothing);
    check(&format!("{kind}; sensorElementList=[{{}}]"), "");
    check(
        &format!("{kind}; epcList=[\"urn:x:1\"]; childEPCs=[\"urn:x:2\"]"),
        "childEPCs does not belong in an event of type ObjectEvent",
    );
    check(
        &format!("{kind}; epcList=[\"urn:x:1\"]; action=\"OBSERVE\"; ilmd={{\"cbvmda:lotNumber\":\"L\"}}"),
        "ilmd does not belong in an event of type ObjectEvent with this action; kept, and not acted upon",
    );
}

#[test]
fn transactions_and_transformations_are_about_something() {
    let transaction = "type=\"TransactionEvent\"; childEPCs=";
    check(transaction, "bizTransactionList is missing or empty: a TransactionEvent names at least one");
    let order = "bizTransactionList=[{\"type\":\"po\",\"bizTransaction\":\"urn:x:1\"}]";
    check(&format!("{transaction}; {order}"), "");
    check(
        &format!("{transaction}; {order}; parentID="),
        "the event names no objects: epcList, quantityList and parentID are missing or empty",
    );
    check(&format!("{transaction}; {order}; parentID=; action=\"DELETE\""), "");

    let transformation = "type=\"TransformationEvent\"; parentID=; childEPCs=; action=";
    let (input, output) = ("inputEPCList=[\"urn:x:1\"]", "outputEPCList=[\"urn:x:2\"]");
    check(&format!("{transformation}; {input}; {output}"), "");
    check(&format!("{transformation}; {input}; transformationID=\"urn:x:3\""), "");
    check(
        &format!("{transformation}; {input}"),
        "the event names no objects: transformationID and the output lists are missing or empty",
    );
    check(
        &format!("{transformation}; {output}"),
        "the event names no objects: transformationID and the input lists are missing or empty",
    );
    check(transformation, "the event names no objects: the input and output lists are missing or empty");
}

#[test]
fn times_are_times() {
    check("eventTime=", "eventTime is missing");
    check(
        "eventTime=\"23.11.2026\"",
        "eventTime \"23.11.2026\" is no time: the form is YYYY-MM-DDThh:mm:ss and a zone",
    );
    check("eventTime=5", "eventTime must be a text");
    check("eventTime=\"\"", "eventTime must be a text that is not empty");
    let range = |time: &str| {
        format!("eventTime \"{time}\" is outside the years that are accepted: check the clock that wrote it")
    };
    check("eventTime=\"9999-12-31T23:59:59Z\"", &range("9999-12-31T23:59:59"));
    check("eventTime=\"2100-01-01T00:00:01Z\"", &range("2100-01-01T00:00:01"));
    check("eventTime=\"1989-12-31T23:59:59Z\"", &range("1989-12-31T23:59:59"));
    check("eventTime=\"0001-01-01T00:00:00Z\"", &range("0001-01-01T00:00:00"));
    check("eventTime=\"2026-11-23T10:15:30\"", "eventTime has no zone; eventTimeZoneOffset is used");
    check("eventTimeZoneOffset=", "eventTimeZoneOffset is missing or unreadable; the zone of eventTime is used");
    check(
        "eventTimeZoneOffset=\"noon\"",
        "eventTimeZoneOffset is missing or unreadable; the zone of eventTime is used",
    );
    check(
        "eventTime=\"2026-11-23T10:15:30\"; eventTimeZoneOffset=",
        "eventTime has no zone and eventTimeZoneOffset is missing or unreadable: the instant is not known",
    );
    check(
        "eventTime=\"2026-11-23T10:15:30Z+01:00\"",
        "eventTime \"2026-11-23T10:15:30Z+01:00\" is not written as the schema says; read as if only the first zone stood there",
    );
}

#[test]
fn a_time_keeps_its_instant_and_its_offset() {
    let time = |differences: &str| match &pack(differences).events[..] {
        [Event::Aggregation(event)] => event.common.time.to_string(),
        other => panic!("{differences}: {other:?}"),
    };
    assert_eq!(time(""), "2026-11-23T11:15:30+01:00");
    assert_eq!(time("eventTime=\"2026-11-23T10:15:30\""), "2026-11-23T10:15:30+01:00");
    assert_eq!(time("eventTimeZoneOffset=\"-08:00\""), "2026-11-23T02:15:30-08:00");
    assert_eq!(time("eventTime=\"2026-11-23T10:15:30-05:00\"; eventTimeZoneOffset="), "2026-11-23T10:15:30-05:00");
}

#[test]
fn identifiers_keep_their_rules() {
    let outcome = pack("childEPCs=[\"https://id.example/01/10614141073465/21/1\", \"urn:epc:id:sgtin:0614141.1.5\"]");
    let said = said(&outcome);
    assert!(
        said.starts_with("childEPCs \"https://id.example/01/10614141073465/21/1\": at offset 35: the check digit is 5"),
        "{said}"
    );
    assert!(said.contains("; childEPCs \"urn:epc:id:sgtin:0614141.1.5\": at offset "), "{said}");
    assert_eq!(outcome.invalid[0].len(), 2);
    check("childEPCs=[\"urn:x:1\", 5, {}]", "childEPCs must be a list of texts; childEPCs must be a list of texts");
    check("childEPCs=5", "childEPCs must be a list of texts");
    check("childEPCs=\"urn:x:1\"", "childEPCs is a single entry instead of a list; read as a list of one");
    check("parentID=[]", "parentID must be a text");
    let long = "x".repeat(5_000);
    check(&format!("parentID=\"urn:x:{long}\""), "parentID is longer than 4096 bytes");
}

#[test]
fn fields_that_stand_twice_are_refused() {
    let twice = "\"ADD\",\"action\":\"DELETE\"";
    check(&format!("action={twice}"), "action is given more than once");
    check("eventID=\"urn:x:1\",\"eventID\":\"urn:x:2\"", "eventID is given more than once; the last one counts");
    check("type=\"AggregationEvent\",\"type\":\"ObjectEvent\"", "type is given more than once");
    check(
        "ilmd={\"cbvmda:lotNumber\":\"A\",\"cbvmda:lotNumber\":\"B\"}; type=\"ObjectEvent\"; epcList=[\"urn:x:1\"]; parentID=; childEPCs=",
        "lotNumber is given more than once",
    );
}

#[test]
fn odd_things_are_said_and_kept() {
    check(
        "bizStep=\"transforming\"",
        "\"transforming\" is not in the list of business steps of CBV 2.0; kept as it is",
    );
    check("bizStep=\"https://example.com/glueing\"", "");
    check(
        "childQuantityList=[{\"epcClass\":\"urn:x:1\",\"quantity\":1,\"uom\":\"kilogram\"}]",
        "uom \"kilogram\" is not a unit code of two or three capitals and digits; kept as it is",
    );
    check(
        "childQuantityList=[{\"epcClass\":\"urn:x:1\",\"quantity\":-1}]",
        "quantity \"-1\" is not a number of at most 18 digits, 9 of them behind the point, that is not negative",
    );
    check("childQuantityList=[{\"quantity\":1}]", "epcClass is missing");
    check("madeUp={\"a\":1}", "\"madeUp\" is not a field of EPCIS here and has no namespace; kept as an extension");
    check(
        "x:y={\"nobody:a\":1}",
        "the prefix of \"x:y\" is not defined before it is used; the name is kept as written",
    );
    check(
        "persistentDisposition={\"set\":[\"damaged\"]}",
        "persistentDisposition does not belong in an event of type AggregationEvent with this action; kept, and not acted upon",
    );
    check("errorDeclaration={\"reason\":\"did_not_occur\"}", "declarationTime is missing");
    check("readPoint={}", "readPoint must be an object with an id");
    check("type=", "type is missing");
    check(
        "type=\"gs1:StrangeEvent\"",
        "\"{https://gs1.org/voc/}StrangeEvent\" is not an event type of EPCIS; recorded as it is",
    );
}

#[test]
fn every_fault_is_named() {
    check(
        "action=\"PACK\"; eventTime=\"now\"; parentID=\"urn:epc:id:sscc:1\"; childEPCs=7",
        "eventTime \"now\" is no time: the form is YYYY-MM-DDThh:mm:ss and a zone; \
         action \"PACK\" is not ADD, OBSERVE or DELETE; \
         parentID \"urn:epc:id:sscc:1\": at offset 16: a company prefix has 6 to 12 digits, and this one has 1; move the dot behind the company prefix; \
         childEPCs must be a list of texts",
    );
}

#[test]
fn the_deprecated_quantity_event_is_read() {
    let xml = "<e:EPCISDocument xmlns:e='urn:epcglobal:epcis:xsd:1' schemaVersion='1.0' creationDate='x'><EPCISBody><EventList>
        <QuantityEvent><eventTime>2010-01-01T00:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>
        <epcClass>urn:epc:idpat:sgtin:0614141.107346.*</epcClass><quantity>200</quantity></QuantityEvent>
        </EventList></EPCISBody></e:EPCISDocument>";
    let outcome = read("old", xml.as_bytes());
    assert_eq!(outcome.summary(), "1 events");
    let Event::Quantity(event) = &outcome.events[0] else { panic!("{outcome:?}") };
    assert_eq!(
        (event.quantity.class.to_string().as_str(), event.quantity.quantity),
        ("(01)10614141073464", Some(Decimal::whole(200)))
    );
}

#[test]
fn fields_may_come_before_the_type_and_the_context_after_everything() {
    let json = r#"{"epcisBody": {"eventList": [{"ext:a": "1", "epcList": ["urn:x:1"], "action": "OBSERVE",
        "eventTimeZoneOffset": "+00:00", "eventTime": "2026-01-01T00:00:00Z", "@context": {"ext": "http://e.example/"},
        "type": "ObjectEvent"}]}, "type": "EPCISDocument", "schemaVersion": "2.0", "@context": []}"#;
    let outcome = read("late", json.as_bytes());
    assert_eq!(outcome.summary(), "1 events");
    assert_eq!(&*outcome.events[0].common().extensions[0].name, "{http://e.example/}a");
}
