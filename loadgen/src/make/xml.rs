//! Documents in XML, EPCIS 1.2 and 2.0. They have the same elements; 1.2 wraps those that 1.0 did not have.

use std::fmt::{self, Write};

use super::event::{Event, Name, Subject};
use super::quirk::Quirk;
use super::spelling::{
    DECLARED, EXTENSION_NAMESPACE, List, MASTER_DATA_NAMESPACE, PRODUCT_NAME, PRODUCT_PATTERN, READ_POINT, RECEIVER,
    SITE, Spelling, lot, utc, uuid,
};
use super::{Format, Plan};

/// Writes one document.
#[derive(Debug)]
pub(super) struct Xml {
    pub(super) spelling: Spelling,
    is_1_2: bool,
    has_extensions: bool,
    /// What stands in front of the names of EPCIS, of the business document header, and of the CBV's master data.
    epcis: &'static str,
    sbdh: &'static str,
    mda: &'static str,
}

impl Xml {
    pub(super) fn new(plan: &Plan) -> Self {
        let (epcis, sbdh, mda) =
            if plan.has(Quirk::Prefixes) { ("n1", "n2", "n3") } else { ("epcis", "sbdh", "cbvmda") };
        Self {
            spelling: Spelling::new(plan),
            is_1_2: plan.format == Format::Xml12,
            has_extensions: plan.has(Quirk::Extensions),
            epcis,
            sbdh,
            mda,
        }
    }

    pub(super) fn begin(&self, out: &mut String, seconds: i64) -> fmt::Result {
        let (epcis, sbdh, mda) = (self.epcis, self.sbdh, self.mda);
        let (version, number) = if self.is_1_2 { ("1.2", 1) } else { ("2.0", 2) };
        let created = utc(seconds);
        writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        write!(out, r#"<{epcis}:EPCISDocument xmlns:{epcis}="urn:epcglobal:epcis:xsd:{number}""#)?;
        write!(out, r#" xmlns:{sbdh}="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader""#)?;
        write!(out, r#" xmlns:{mda}="{MASTER_DATA_NAMESPACE}""#)?;
        if self.has_extensions {
            write!(out, r#" xmlns:line="{EXTENSION_NAMESPACE}""#)?;
        }
        writeln!(out, r#" schemaVersion="{version}" creationDate="{created}">"#)?;
        writeln!(out, "<EPCISHeader>")?;
        self.business_header(out, &created)?;
        writeln!(out, "<extension>")?;
        master_data(out)?;
        writeln!(out, "</extension>\n</EPCISHeader>\n<EPCISBody>\n<EventList>")
    }

    fn business_header(&self, out: &mut String, created: &str) -> fmt::Result {
        let sbdh = self.sbdh;
        let partner = |role: &str, id: &str| {
            format!("<{sbdh}:{role}><{sbdh}:Identifier Authority=\"GS1\">{id}</{sbdh}:Identifier></{sbdh}:{role}>")
        };
        writeln!(out, "<{sbdh}:StandardBusinessDocumentHeader>")?;
        writeln!(out, "<{sbdh}:HeaderVersion>1.0</{sbdh}:HeaderVersion>")?;
        writeln!(out, "{}\n{}", partner("Sender", SITE), partner("Receiver", RECEIVER))?;
        writeln!(out, "<{sbdh}:DocumentIdentification>")?;
        for (name, value) in [
            ("Standard", "EPCglobal"),
            ("TypeVersion", "1.0"),
            ("InstanceIdentifier", "MADE-1"),
            ("Type", "Events"),
            ("CreationDateAndTime", created),
        ] {
            writeln!(out, "<{sbdh}:{name}>{value}</{sbdh}:{name}>")?;
        }
        writeln!(out, "</{sbdh}:DocumentIdentification>\n</{sbdh}:StandardBusinessDocumentHeader>")
    }

    pub(super) fn end(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "</EventList>\n</EPCISBody>\n</{}:EPCISDocument>", self.epcis)
    }

    pub(super) fn event(&self, out: &mut String, event: &Event) -> fmt::Result {
        let kind = match event.subject {
            Subject::Objects(_) => "ObjectEvent",
            Subject::Contents { .. } => "AggregationEvent",
        };
        let time = self.spelling.time(event);
        writeln!(out, "<{kind}>\n<eventTime>{}</eventTime>", time.time)?;
        writeln!(out, "<eventTimeZoneOffset>{}</eventTimeZoneOffset>", time.offset)?;
        self.identity(out, event)?;
        match &event.subject {
            Subject::Objects(objects) => self.list(out, "epcList", objects)?,
            Subject::Contents { parent, children } => {
                if let Some(parent) = parent {
                    self.element(out, "parentID", parent)?;
                }
                self.list(out, "childEPCs", children)?;
            }
        }
        writeln!(out, "<action>{}</action>", event.action)?;
        if let Some(step) = event.step {
            writeln!(out, "<bizStep>{}</bizStep>", self.spelling.word(List::BizStep, step))?;
        }
        if let Some(disposition) = event.disposition {
            writeln!(out, "<disposition>{}</disposition>", self.spelling.word(List::Disposition, disposition))?;
        }
        writeln!(out, "<readPoint><id>{READ_POINT}</id></readPoint>\n<bizLocation><id>{SITE}</id></bizLocation>")?;
        self.details(out, event)?;
        if self.has_extensions {
            writeln!(out, "<line:batchRecord line:revision=\"3\"><line:operator>A. N. Example</line:operator>")?;
            writeln!(out, "<line:speed unit=\"upm\">300</line:speed></line:batchRecord>")?;
        }
        writeln!(out, "</{kind}>")
    }

    /// The event id and the declaration that it was recorded in error, which 1.2 has in an extension.
    fn identity(&self, out: &mut String, event: &Event) -> fmt::Result {
        if event.id.is_none() && !event.is_declaration {
            return Ok(());
        }
        let (open, close) = if self.is_1_2 { ("<baseExtension>\n", "</baseExtension>\n") } else { ("", "") };
        out.write_str(open)?;
        if let Some(id) = event.id {
            writeln!(out, "<eventID>{}</eventID>", uuid(id))?;
        }
        if event.is_declaration {
            let reason = self.spelling.word(List::ErrorReason, "did_not_occur");
            writeln!(out, "<errorDeclaration>\n<declarationTime>{DECLARED}</declarationTime>")?;
            writeln!(out, "<reason>{reason}</reason>\n</errorDeclaration>")?;
        }
        out.write_str(close)
    }

    /// Lots and quantities, which 1.2 has in an extension.
    fn details(&self, out: &mut String, event: &Event) -> fmt::Result {
        if event.lot.is_none() && event.leaflets.is_none() {
            return Ok(());
        }
        let (open, close) = if self.is_1_2 { ("<extension>\n", "</extension>\n") } else { ("", "") };
        out.write_str(open)?;
        if let Some(leaflets) = event.leaflets {
            write!(out, "<childQuantityList>\n<quantityElement>\n<epcClass>")?;
            self.spelling.leaflets(out)?;
            writeln!(out, "</epcClass>\n<quantity>{leaflets}</quantity>\n</quantityElement>\n</childQuantityList>")?;
        }
        if let Some(number) = event.lot {
            let (mda, (number, expiry)) = (self.mda, lot(number));
            writeln!(out, "<ilmd>\n<{mda}:lotNumber>{number}</{mda}:lotNumber>")?;
            writeln!(out, "<{mda}:itemExpirationDate>{expiry}</{mda}:itemExpirationDate>\n</ilmd>")?;
        }
        out.write_str(close)
    }

    fn list(&self, out: &mut String, list: &str, names: &[Name]) -> fmt::Result {
        writeln!(out, "<{list}>")?;
        for name in names {
            self.element(out, "epc", name)?;
        }
        writeln!(out, "</{list}>")
    }

    fn element(&self, out: &mut String, element: &str, name: &Name) -> fmt::Result {
        for part in ["<", element, ">"] {
            out.push_str(part);
        }
        self.spelling.name(out, name)?;
        for part in ["</", element, ">\n"] {
            out.push_str(part);
        }
        Ok(())
    }
}

fn master_data(out: &mut String) -> fmt::Result {
    writeln!(out, "<EPCISMasterData>\n<VocabularyList>")?;
    for (vocabulary, id, attribute, value) in MASTER_DATA {
        writeln!(out, "<Vocabulary type=\"urn:epcglobal:epcis:vtype:{vocabulary}\">\n<VocabularyElementList>")?;
        writeln!(out, "<VocabularyElement id=\"{id}\">")?;
        writeln!(out, "<attribute id=\"{MASTER_DATA_NAMESPACE}#{attribute}\">{value}</attribute>")?;
        writeln!(out, "</VocabularyElement>\n</VocabularyElementList>\n</Vocabulary>")?;
    }
    writeln!(out, "</VocabularyList>\n</EPCISMasterData>")
}

/// Vocabulary, identifier, attribute and value.
pub(super) const MASTER_DATA: [(&str, &str, &str, &str); 3] = [
    ("EPCClass", PRODUCT_PATTERN, "regulatedProductName", PRODUCT_NAME),
    ("Location", SITE, "name", "Example packaging site"),
    ("Location", RECEIVER, "name", "Example warehouse"),
];
