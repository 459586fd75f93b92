//! An event as JSON: what is kept with the fact that it becomes, and what tells one event from another.
//!
//! The names are those of EPCIS 2.0 in JSON, identifiers are Digital Links, and everything stands in one order, so that
//! an event has the same text whichever format it came in.

use std::fmt::{Display, Write};

use packtree::Identifier;
use packtree::limits::NOTE_BYTES_MAX;

use super::map::Unfit;
use crate::kept::write_text;
use crate::{Common, Event, Extension, Ilmd, Place, QuantityElement, Term, TypedUri};

/// The text that tells an event from others: all of it, sorted, and nothing of where it was read.
pub(super) fn content(event: &Event) -> String {
    let mut common = event.common().clone();
    sort(&mut common);
    let mut writer = Writer::begin(event, &common);
    writer.lists(event, usize::MAX);
    writer.end()
}

fn sort(common: &mut Common) {
    for list in [&mut common.biz_transactions, &mut common.sources, &mut common.destinations] {
        list.sort_by(|left, right| left.uri.cmp(&right.uri));
    }
    if let Some(persistent) = &mut common.persistent_disposition {
        persistent.set.sort_by(|left, right| left.as_str().cmp(right.as_str()));
        persistent.unset.sort_by(|left, right| left.as_str().cmp(right.as_str()));
    }
    if let Some(declaration) = &mut common.error_declaration {
        declaration.corrective_event_ids.sort_unstable();
    }
    common.certifications.sort_unstable();
}

/// What is kept with an event whose lists the operation itself holds.
pub(super) fn remainder(event: &Event, place: &Place) -> Result<String, Unfit> {
    let mut writer = Writer::begin(event, event.common());
    writer.place(place);
    // Quantities that go into no container are in no operation.
    if let Event::Object(event) = event {
        writer.list("quantityList", &List::Quantities(&event.quantities), usize::MAX);
    }
    check(writer.end())
}

/// A whole event in one or more texts, each with the objects that it names; more where one cannot hold all.
pub(super) fn whole(event: &Event, place: &Place) -> Result<Vec<(Vec<Identifier>, String)>, Unfit> {
    let mut writer = Writer::begin(event, event.common());
    writer.place(place);
    writer.lists(event, NOTE_BYTES_MAX);
    let objects = std::mem::take(&mut writer.objects);
    let mut parts = std::mem::take(&mut writer.parts);
    parts.push((objects, writer.end()));
    parts.into_iter().map(|(objects, json)| Ok((objects, check(json)?))).collect()
}

fn check(json: String) -> Result<String, Unfit> {
    if json.len() > NOTE_BYTES_MAX {
        return Err(Unfit::TooLarge { bytes: json.len(), most: NOTE_BYTES_MAX });
    }
    Ok(json)
}

/// A list that can be long.
enum List<'a> {
    Objects(&'a [Identifier]),
    Quantities(&'a [QuantityElement]),
}

fn parent(event: &Event) -> Option<&Identifier> {
    match event {
        Event::Aggregation(event) => event.parent.as_ref(),
        Event::Association(event) => Some(&event.parent),
        Event::Transaction(event) => event.parent.as_ref(),
        Event::Other(event) => event.parent.as_ref(),
        Event::Object(_) | Event::Transformation(_) | Event::Quantity(_) => None,
    }
}

fn lists(event: &Event) -> Vec<(&'static str, List<'_>)> {
    match event {
        Event::Object(event) => {
            vec![("epcList", List::Objects(&event.objects)), ("quantityList", List::Quantities(&event.quantities))]
        }
        Event::Aggregation(event) => vec![
            ("childEPCs", List::Objects(&event.children)),
            ("childQuantityList", List::Quantities(&event.quantities)),
        ],
        Event::Association(event) => vec![
            ("childEPCs", List::Objects(&event.children)),
            ("childQuantityList", List::Quantities(&event.quantities)),
        ],
        Event::Transaction(event) => {
            vec![("epcList", List::Objects(&event.objects)), ("quantityList", List::Quantities(&event.quantities))]
        }
        Event::Transformation(event) => vec![
            ("inputEPCList", List::Objects(&event.inputs)),
            ("inputQuantityList", List::Quantities(&event.input_quantities)),
            ("outputEPCList", List::Objects(&event.outputs)),
            ("outputQuantityList", List::Quantities(&event.output_quantities)),
        ],
        Event::Quantity(event) => {
            vec![("quantityList", List::Quantities(std::slice::from_ref(&event.quantity)))]
        }
        Event::Other(event) => {
            vec![("epcList", List::Objects(&event.objects)), ("quantityList", List::Quantities(&event.quantities))]
        }
    }
}

/// A JSON object on its way.
struct Writer {
    json: String,
    /// The objects that the text names so far.
    objects: Vec<Identifier>,
    /// Texts that are full.
    parts: Vec<(Vec<Identifier>, String)>,
}

/// Room for closing what is open.
const CLOSING_BYTES: usize = 2;

impl Writer {
    /// Begins with everything but the lists that can be long.
    fn begin(event: &Event, common: &Common) -> Self {
        let mut writer = Self { json: String::from("{\"type\":"), objects: Vec::new(), parts: Vec::new() };
        match event {
            Event::Other(other) => write_text(&mut writer.json, &other.type_name),
            _ => write_text(&mut writer.json, &event.kind().to_string()),
        }
        writer.common(common);
        match event {
            Event::Object(event) => writer.ilmd(&event.ilmd),
            Event::Transformation(event) => writer.ilmd(&event.ilmd),
            _ => {}
        }
        if let Event::Transformation(event) = event {
            writer.text("transformationID", event.transformation_id.as_deref());
        }
        let action = match event {
            Event::Object(event) => Some(event.action),
            Event::Aggregation(event) => Some(event.action),
            Event::Association(event) => Some(event.action),
            Event::Transaction(event) => Some(event.action),
            Event::Other(event) => event.action,
            Event::Transformation(_) | Event::Quantity(_) => None,
        };
        writer.shown("action", action.as_ref());
        writer
    }

    fn end(mut self) -> String {
        self.json.push('}');
        self.json
    }

    fn common(&mut self, common: &Common) {
        self.text("eventID", common.event_id.as_deref());
        self.shown("eventTime", Some(&common.time));
        self.shown("recordTimeUs", common.record_time_us.as_ref());
        if let Some(declaration) = &common.error_declaration {
            self.json.push_str(",\"errorDeclaration\":{\"reason\":");
            write_text(&mut self.json, declaration.reason.as_ref().map_or("", Term::as_str));
            self.shown("declarationTimeUs", Some(&declaration.time_us));
            let ids = declaration.corrective_event_ids.iter();
            self.texts("correctiveEventIDs", ids.map(|id| &**id));
            self.extensions(&declaration.extensions);
            self.json.push('}');
        }
        self.text("bizStep", common.biz_step.as_ref().map(Term::as_str));
        self.text("disposition", common.disposition.as_ref().map(Term::as_str));
        if let Some(persistent) = &common.persistent_disposition {
            self.texts("persistentDisposition.set", persistent.set.iter().map(Term::as_str));
            self.texts("persistentDisposition.unset", persistent.unset.iter().map(Term::as_str));
        }
        self.text("readPoint", common.read_point.as_deref());
        self.text("bizLocation", common.biz_location.as_deref());
        self.typed_uris("bizTransactionList", "bizTransaction", &common.biz_transactions);
        self.typed_uris("sourceList", "source", &common.sources);
        self.typed_uris("destinationList", "destination", &common.destinations);
        self.texts("certificationInfo", common.certifications.iter().map(AsRef::as_ref));
        self.extensions(&common.extensions);
    }

    fn ilmd(&mut self, ilmd: &Ilmd) {
        self.text("lotNumber", ilmd.lot.as_deref());
        self.shown("itemExpirationDate", ilmd.expiry.as_ref());
        self.shown("bestBeforeDate", ilmd.best_before.as_ref());
        self.shown("productionDate", ilmd.production.as_ref());
        self.extensions(&ilmd.other);
    }

    fn place(&mut self, place: &Place) {
        self.text("document", Some(&place.file));
        self.shown("documentIndex", Some(&place.index));
    }

    /// Writes the parent and the lists, these in an order of their own: the lists of EPCIS have none.
    fn lists(&mut self, event: &Event, most: usize) {
        if let Some(parent) = parent(event) {
            self.name("parentID");
            write_link(&mut self.json, parent);
            self.objects.push(parent.clone());
        }
        for (name, list) in lists(event) {
            match list {
                List::Objects(objects) if !objects.is_sorted() => {
                    let mut sorted = objects.to_vec();
                    sorted.sort_unstable();
                    self.list(name, &List::Objects(&sorted), most);
                }
                List::Quantities(quantities) => {
                    let mut sorted = quantities.to_vec();
                    sorted.sort_by(|left, right| (&left.class, &left.unit).cmp(&(&right.class, &right.unit)));
                    self.list(name, &List::Quantities(&sorted), most);
                }
                List::Objects(_) => self.list(name, &list, most),
            }
        }
    }

    fn name(&mut self, name: &str) {
        // Nothing has been written yet where an object has just been opened.
        if !self.json.ends_with('{') {
            self.json.push(',');
        }
        write_text(&mut self.json, name);
        self.json.push(':');
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.name(name);
            write_text(&mut self.json, text);
        }
    }

    fn shown(&mut self, name: &str, value: Option<&impl Display>) {
        if let Some(value) = value {
            self.name(name);
            write_shown(&mut self.json, value);
        }
    }

    fn texts<'a>(&mut self, name: &str, texts: impl Iterator<Item = &'a str>) {
        let mut texts = texts.peekable();
        if texts.peek().is_none() {
            return;
        }
        self.name(name);
        let mut before = '[';
        for text in texts {
            self.json.push(before);
            write_text(&mut self.json, text);
            before = ',';
        }
        self.json.push(']');
    }

    fn typed_uris(&mut self, name: &str, uri_name: &str, list: &[TypedUri]) {
        let mut before = '[';
        for entry in list {
            if before == '[' {
                self.name(name);
            }
            self.json.push(before);
            self.json.push('{');
            self.text("type", entry.kind.as_ref().map(Term::as_str));
            self.text(uri_name, Some(&entry.uri));
            self.json.push('}');
            before = ',';
        }
        self.json.push_str(if before == '[' { "" } else { "]" });
    }

    fn extensions(&mut self, extensions: &[Extension]) {
        for extension in extensions {
            self.name(&extension.name);
            self.json.push_str(&extension.json);
        }
    }

    /// Writes a list; when the text would become longer than `most`, it goes on in the next one.
    fn list(&mut self, name: &str, list: &List<'_>, most: usize) {
        let length = match list {
            List::Objects(objects) => objects.len(),
            List::Quantities(quantities) => quantities.len(),
        };
        for index in 0..length {
            let before = self.json.len();
            if index == 0 {
                self.name(name);
            }
            self.json.push(if index == 0 { '[' } else { ',' });
            let entry = self.json.len();
            match list {
                List::Objects(objects) => write_link(&mut self.json, &objects[index]),
                List::Quantities(quantities) => self.quantity(&quantities[index]),
            }
            if self.json.len() + CLOSING_BYTES > most {
                self.next_part(name, before, entry, index > 0);
            }
            if let List::Objects(objects) = list {
                self.objects.push(objects[index].clone());
            }
        }
        self.json.push_str(if length > 0 { "]" } else { "" });
    }

    /// Ends the text before the entry that made it too long, and begins the next one with that.
    fn next_part(&mut self, name: &str, before: usize, entry: usize, is_list_open: bool) {
        let text = self.json.split_off(entry);
        self.json.truncate(before);
        self.json.push_str(if is_list_open { "]}" } else { "}" });
        let full = std::mem::replace(&mut self.json, String::from("{"));
        self.parts.push((std::mem::take(&mut self.objects), full));
        let continues = self.parts.len();
        self.shown("continues", Some(&continues));
        self.name(name);
        self.json.push('[');
        self.json.push_str(&text);
    }

    fn quantity(&mut self, element: &QuantityElement) {
        self.json.push('{');
        self.name("epcClass");
        write_link(&mut self.json, &element.class);
        self.shown("quantity", element.quantity.as_ref());
        self.text("uom", element.unit.as_deref());
        self.json.push('}');
    }
}

fn write_link(json: &mut String, identifier: &Identifier) {
    match identifier {
        Identifier::Opaque(opaque) => write_text(json, opaque.uri()),
        _ => write_shown(json, &identifier.digital_link()),
    }
}

/// Writes what prints without anything that JSON would have to escape.
fn write_shown(json: &mut String, value: &impl Display) {
    let start = json.len() + 1;
    write!(json, "\"{value}\"").expect("writing to a String does not fail");
    debug_assert!(
        !json[start..json.len() - 1].contains(['"', '\\']),
        "identifiers, times and numbers hold nothing to escape"
    );
}
