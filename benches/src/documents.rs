//! EPCIS documents to read.

use std::fmt::Write;

/// A pack of units as an EPCIS 1.2 event in XML: what contract manufacturers send most of. No two numbers share a unit.
pub fn pack_as_xml(number: u32, children: u32) -> String {
    let mut event = format!(
        "      <AggregationEvent>
        <eventTime>2026-11-23T10:15:30Z</eventTime>
        <eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
        <baseExtension><eventID>urn:uuid:0f8a0000-0000-4000-8000-{number:012}</eventID></baseExtension>
        <parentID>urn:epc:id:sscc:4099999.{number:010}</parentID>
        <childEPCs>\n"
    );
    for child in 0..children {
        let serial = number * children + child;
        let _ = writeln!(event, "          <epc>urn:epc:id:sgtin:4099999.012345.{serial:012}</epc>");
    }
    event.push_str(
        "        </childEPCs>
        <action>ADD</action>
        <bizStep>urn:epcglobal:cbv:bizstep:packing</bizStep>
        <disposition>urn:epcglobal:cbv:disp:in_progress</disposition>
        <readPoint><id>urn:epc:id:sgln:4099999.00001.L1</id></readPoint>
      </AggregationEvent>\n",
    );
    event
}

/// An EPCIS 1.2 document of events.
pub fn xml_document(events: &str) -> String {
    let head = concat!(
        r#"<?xml version="1.0" encoding="UTF-8"?>"#,
        "\n",
        r#"<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2" "#,
        r#"creationDate="2026-11-23T12:00:00Z">"#,
        "\n  <EPCISBody>\n    <EventList>\n",
    );
    [head, events, "    </EventList>\n  </EPCISBody>\n</epcis:EPCISDocument>\n"].concat()
}
