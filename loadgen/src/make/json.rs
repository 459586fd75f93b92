//! Documents in JSON-LD, EPCIS 2.0; one event a line.

use std::fmt::{self, Write};

use super::Plan;
use super::event::{Event, Name, Subject};
use super::quirk::Quirk;
use super::spelling::{
    DECLARED, EXTENSION_NAMESPACE, List, MASTER_DATA_NAMESPACE, READ_POINT, RECEIVER, SITE, Spelling, lot, utc, uuid,
};
use super::xml::MASTER_DATA;

/// What closes a document.
pub(super) const END: &str = "\n]}}\n";

/// Writes one document.
#[derive(Debug)]
pub(super) struct Json {
    pub(super) spelling: Spelling,
    has_extensions: bool,
    has_own_prefixes: bool,
    is_first: bool,
}

impl Json {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            spelling: Spelling::new(plan),
            has_extensions: plan.has(Quirk::Extensions),
            has_own_prefixes: plan.has(Quirk::Prefixes),
            is_first: true,
        }
    }

    pub(super) fn begin(&self, out: &mut String, seconds: i64) -> fmt::Result {
        write!(out, r#"{{"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld""#)?;
        if self.has_own_prefixes {
            write!(out, r#",{{"n3":"{MASTER_DATA_NAMESPACE}:"}}"#)?;
        }
        if self.has_extensions {
            write!(out, r#",{{"line":"{EXTENSION_NAMESPACE}"}}"#)?;
        }
        let created = utc(seconds);
        write!(out, r#"],"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"{created}","#)?;
        write!(out, r#""sender":"{SITE}","receiver":"{RECEIVER}","instanceIdentifier":"MADE-1","#)?;
        write!(out, r#""epcisHeader":{{"epcisMasterData":{{"vocabularyList":["#)?;
        for (index, (vocabulary, id, attribute, value)) in MASTER_DATA.into_iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(
                out,
                r#"{comma}{{"type":"urn:epcglobal:epcis:vtype:{vocabulary}","vocabularyElementList":[{{"id":"{id}","#
            )?;
            write!(out, r#""attributes":[{{"id":"{MASTER_DATA_NAMESPACE}#{attribute}","attribute":"{value}"}}]}}]}}"#)?;
        }
        write!(out, r#"]}}}},"epcisBody":{{"eventList":["#)
    }

    pub(super) fn event(&mut self, out: &mut String, event: &Event) -> fmt::Result {
        out.push_str(if self.is_first { "\n" } else { ",\n" });
        self.is_first = false;
        let kind = match event.subject {
            Subject::Objects(_) => "ObjectEvent",
            Subject::Contents { .. } => "AggregationEvent",
        };
        let time = self.spelling.time(event);
        write!(out, r#"{{"type":"{kind}","eventTime":"{}","eventTimeZoneOffset":"{}""#, time.time, time.offset)?;
        if let Some(id) = event.id {
            write!(out, r#","eventID":"{}""#, uuid(id))?;
        }
        if event.is_declaration {
            let reason = self.spelling.word(List::ErrorReason, "did_not_occur");
            write!(out, r#","errorDeclaration":{{"declarationTime":"{DECLARED}","reason":"{reason}"}}"#)?;
        }
        match &event.subject {
            Subject::Objects(objects) => self.list(out, "epcList", objects)?,
            Subject::Contents { parent, children } => {
                if let Some(parent) = parent {
                    out.push_str(r#","parentID":"#);
                    self.name(out, parent)?;
                }
                self.list(out, "childEPCs", children)?;
            }
        }
        write!(out, r#","action":"{}""#, event.action)?;
        self.details(out, event)?;
        out.push('}');
        Ok(())
    }

    fn details(&self, out: &mut String, event: &Event) -> fmt::Result {
        if let Some(step) = event.step {
            write!(out, r#","bizStep":"{}""#, self.spelling.word(List::BizStep, step))?;
        }
        if let Some(disposition) = event.disposition {
            write!(out, r#","disposition":"{}""#, self.spelling.word(List::Disposition, disposition))?;
        }
        write!(out, r#","readPoint":{{"id":"{READ_POINT}"}},"bizLocation":{{"id":"{SITE}"}}"#)?;
        if let Some(leaflets) = event.leaflets {
            write!(out, r#","childQuantityList":[{{"epcClass":""#)?;
            self.spelling.leaflets(out)?;
            write!(out, r#"","quantity":{leaflets}}}]"#)?;
        }
        if let Some(number) = event.lot {
            let (number, expiry) = lot(number);
            let mda = if self.has_own_prefixes { "n3" } else { "cbvmda" };
            write!(out, r#","ilmd":{{"{mda}:lotNumber":"{number}","{mda}:itemExpirationDate":"{expiry}"}}"#)?;
        }
        if self.has_extensions {
            write!(
                out,
                r#","line:batchRecord":{{"line:operator":"A. N. Example","line:speed":[300,{{"line:unit":"upm"}}]}}"#
            )?;
        }
        Ok(())
    }

    fn list(&self, out: &mut String, list: &str, names: &[Name]) -> fmt::Result {
        for part in [",\"", list, "\":["] {
            out.push_str(part);
        }
        for (index, name) in names.iter().enumerate() {
            if 0 < index {
                out.push(',');
            }
            self.name(out, name)?;
        }
        out.push(']');
        Ok(())
    }

    fn name(&self, out: &mut String, name: &Name) -> fmt::Result {
        out.push('"');
        self.spelling.name(out, name)?;
        out.push('"');
        Ok(())
    }
}
