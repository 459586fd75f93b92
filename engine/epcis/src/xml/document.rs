//! What is around the events in XML: the document, its header, its master data.

use std::collections::VecDeque;
use std::io::Read;

use packtree_gs1::CompanyPrefixes;

use super::event::EventReader;
use super::names::Owner;
use super::tags::{Tag, Tags};
use crate::Limits;
use crate::assemble::Assembly;
use crate::document::{DocumentKind, Format, Header, Item, MasterData};
use crate::draft::Entry;
use crate::error::{Excerpt, ReadProblem};
use crate::event::Kind;
use crate::fault::{Notice, Warning};
use crate::input::Input;
use crate::kept::{Budget, Value};
use crate::{AttributeValue, Extension};

/// An element that is open around what is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Document,
    Header,
    MasterData,
    VocabularyList,
    Vocabulary,
    ElementList,
    Body,
    Results,
    ResultsBody,
    EventList,
    /// `extension`: looks like the level around it.
    Wrapper,
}

pub(crate) struct XmlDocument<R> {
    tags: Tags<R>,
    levels: Vec<Level>,
    /// Until it has been handed out.
    header: Option<Header>,
    header_budget: Budget,
    vocabulary: Box<str>,
    assembly: Assembly,
    entry: Entry,
    ready: VecDeque<Item>,
}

impl<R: Read> XmlDocument<R> {
    pub(crate) fn new(input: Input<R>, limits: Limits, assembly: Assembly) -> Self {
        Self {
            levels: Vec::new(),
            header: None,
            header_budget: Budget::new(&limits),
            vocabulary: Box::default(),
            assembly,
            entry: Entry::default(),
            ready: VecDeque::new(),
            tags: Tags::new(input, limits),
        }
    }

    pub(crate) fn line(&mut self) -> u64 {
        self.tags.line()
    }

    pub(crate) fn prefixes(&self) -> &CompanyPrefixes {
        self.assembly.prefixes()
    }

    /// The next item; `None` after the end of the root element.
    pub(crate) fn next(&mut self) -> Result<Option<Item>, ReadProblem> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Ok(Some(item));
            }
            match self.tags.next()? {
                Tag::Open => self.open()?,
                Tag::Close => {
                    self.levels.pop();
                }
                Tag::End => {
                    self.hand_out_header();
                    if self.ready.is_empty() {
                        return Ok(None);
                    }
                }
            }
            let notice = self.tags.notice.take();
            self.ready.extend(notice.map(Item::Warning));
        }
    }

    fn open(&mut self) -> Result<(), ReadProblem> {
        let around = self.levels.iter().rev().copied().find(|level| *level != Level::Wrapper);
        let Some(level) = around else { return self.open_root() };
        if self.tags.owner == Owner::Epcis && self.tags.local() == "extension" {
            self.levels.push(Level::Wrapper);
            return Ok(());
        }
        let inner = match (level, self.tags.local()) {
            (Level::EventList, _) => return self.event(),
            (Level::ElementList, "VocabularyElement") => return self.vocabulary_element(),
            (Level::Header, "StandardBusinessDocumentHeader") => return self.business_header(),
            (Level::Document, "EPCISHeader") => Level::Header,
            (Level::Document, "EPCISBody") => Level::Body,
            (Level::Header, "EPCISMasterData") => Level::MasterData,
            (Level::Header | Level::MasterData | Level::Body | Level::ResultsBody, "VocabularyList") => {
                Level::VocabularyList
            }
            (Level::VocabularyList, "Vocabulary") => {
                self.vocabulary = self.value(self.tags.attribute("type").unwrap_or_default())?;
                Level::Vocabulary
            }
            (Level::Vocabulary, "VocabularyElementList") => Level::ElementList,
            // Some repositories leave out the body and the results around the results' body.
            (Level::Document | Level::Body, "QueryResults") => Level::Results,
            (Level::Document | Level::Results, "resultsBody") => Level::ResultsBody,
            (Level::Document | Level::Results, "queryName" | "subscriptionID") => return self.tags.skip(),
            (Level::Body | Level::ResultsBody, "EventList") => Level::EventList,
            (Level::Body | Level::ResultsBody, _) if self.tags.owner == Owner::Epcis => return Err(self.not_events()),
            (Level::Header, _) => return self.header_extension(),
            _ => return self.pass_over(),
        };
        if matches!(inner, Level::Body | Level::Results | Level::ResultsBody) {
            self.hand_out_header();
        }
        self.levels.push(inner);
        Ok(())
    }

    fn open_root(&mut self) -> Result<(), ReadProblem> {
        let local = self.tags.local();
        let is_epcis = self.tags.owner == Owner::Epcis;
        let (kind, level) = match local {
            "EPCISDocument" if is_epcis => (DocumentKind::Events, Level::Document),
            "EPCISQueryDocument" if is_epcis => (DocumentKind::QueryResults, Level::Document),
            "EPCISMasterDataDocument" if is_epcis => (DocumentKind::MasterData, Level::Document),
            "VocabularyList" if is_epcis => (DocumentKind::Bare, Level::VocabularyList),
            "EventList" | "extension" if is_epcis => (DocumentKind::Bare, Level::EventList),
            "QueryResults" if is_epcis => (DocumentKind::QueryResults, Level::Results),
            _ if Kind::named(local).is_some() || (!is_epcis && local.ends_with("Event")) => {
                return self.bare_event();
            }
            _ => {
                let name = self.tags.full_name()?;
                return Err(ReadProblem::not_epcis(format_args!("its root element is {}", Excerpt(&name))));
            }
        };
        self.start_header(kind)?;
        if level != Level::Document {
            self.hand_out_header();
        }
        self.levels.push(level);
        Ok(())
    }

    fn bare_event(&mut self) -> Result<(), ReadProblem> {
        self.start_header(DocumentKind::Bare)?;
        self.hand_out_header();
        self.event()
    }

    fn start_header(&mut self, kind: DocumentKind) -> Result<(), ReadProblem> {
        let mut header = Header::new(Format::Xml, kind);
        let attribute = |name| self.tags.attribute(name).map(|text| self.value(text)).transpose();
        header.schema_version = attribute("schemaVersion")?;
        header.creation_date = attribute("creationDate")?;
        if !header.has_known_version() {
            let text = header.schema_version.clone().unwrap_or_default();
            let line = self.tags.line();
            self.ready.push_back(Item::Warning(Warning { line, notice: Notice::SchemaVersion { text } }));
        }
        self.header = Some(header);
        Ok(())
    }

    fn hand_out_header(&mut self) {
        if let Some(mut header) = self.header.take() {
            header.extensions.sort_by(|left, right| left.name.cmp(&right.name));
            self.ready.push_back(Item::Header(Box::new(header)));
        }
    }

    fn event(&mut self) -> Result<(), ReadProblem> {
        let line = self.tags.line();
        let mut draft = self.assembly.begin(&self.tags.limits, line);
        let known = if self.tags.owner == Owner::Epcis { Kind::named(self.tags.local()) } else { None };
        draft.kind = Some(known.unwrap_or(Kind::Other));
        if known.is_none() {
            let name: Box<str> = self.tags.full_name()?.into();
            draft.warn(&self.tags.limits, line, Notice::UnknownEvent { name: name.clone() });
            draft.type_name = name;
        }
        EventReader { tags: &mut self.tags, draft: &mut draft, entry: &mut self.entry }.read()?;
        let item = self.assembly.finish(draft, &self.tags.limits, &|name| Some(name.into()));
        self.ready.push_back(item);
        Ok(())
    }

    fn business_header(&mut self) -> Result<(), ReadProblem> {
        let outside = self.tags.depth - 1;
        let mut is_sender = true;
        while self.tags.depth > outside {
            if self.tags.next()? != Tag::Open {
                continue;
            }
            let is_instance = self.tags.local() == "InstanceIdentifier";
            match self.tags.local() {
                "Sender" => is_sender = true,
                "Receiver" => is_sender = false,
                "Identifier" | "InstanceIdentifier" => self.business_identifier(is_instance, is_sender)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn business_identifier(&mut self, is_instance: bool, is_sender: bool) -> Result<(), ReadProblem> {
        if !self.tags.leaf()? {
            return Ok(());
        }
        let text = self.value(self.tags.text())?;
        if let Some(header) = &mut self.header {
            let slot = match (is_instance, is_sender) {
                (true, _) => &mut header.instance_identifier,
                (false, true) => &mut header.sender,
                (false, false) => &mut header.receiver,
            };
            *slot = Some(text);
        }
        Ok(())
    }

    fn header_extension(&mut self) -> Result<(), ReadProblem> {
        let name = self.tags.full_name()?;
        let value = self.tags.tree(&mut self.header_budget)?;
        self.check_budget()?;
        if let Some(header) = &mut self.header {
            header.extensions.push(Extension { name: name.into(), json: value.to_json() });
        }
        Ok(())
    }

    fn vocabulary_element(&mut self) -> Result<(), ReadProblem> {
        self.header_budget = Budget::new(&self.tags.limits);
        let mut entry = MasterData {
            vocabulary: self.vocabulary.clone(),
            id: self.value(self.tags.attribute("id").unwrap_or_default())?,
            attributes: Vec::new(),
            children: Vec::new(),
            line: self.tags.line(),
        };
        let outside = self.tags.depth - 1;
        while self.tags.depth > outside {
            if self.tags.next()? != Tag::Open {
                continue;
            }
            match self.tags.local() {
                "attribute" => {
                    let id = self.value(self.tags.attribute("id").unwrap_or_default())?;
                    entry.attributes.push((id, self.attribute_value()?));
                }
                "id" => entry.children.extend(self.child_id()?),
                _ => {}
            }
            self.check_budget()?;
        }
        self.ready.push_back(Item::MasterData(Box::new(entry)));
        Ok(())
    }

    fn child_id(&mut self) -> Result<Option<Box<str>>, ReadProblem> {
        if !self.tags.leaf()? {
            return Ok(None);
        }
        let id = self.value(self.tags.text())?;
        self.header_budget.take(id.len());
        Ok(Some(id))
    }

    fn attribute_value(&mut self) -> Result<AttributeValue, ReadProblem> {
        let value = match self.tags.tree(&mut self.header_budget)? {
            // The attribute's own id comes first.
            Value::Map(mut members) => {
                members.retain(|(name, _)| &**name != "id");
                match members.pop() {
                    Some((name, text)) if members.is_empty() && &*name == "#text" => text,
                    last => {
                        members.extend(last);
                        Value::Map(members)
                    }
                }
            }
            other => other,
        };
        Ok(match value {
            Value::Text(text) => AttributeValue::Text(text),
            Value::Map(members) if members.is_empty() => AttributeValue::Text(Box::default()),
            other => AttributeValue::Json(other.to_json()),
        })
    }

    /// An element that has no business here; nothing below it is an event.
    fn pass_over(&mut self) -> Result<(), ReadProblem> {
        let name = self.tags.full_name()?.into();
        let line = self.tags.line();
        self.ready.push_back(Item::Warning(Warning { line, notice: Notice::PassedOver { name } }));
        self.tags.skip()
    }

    fn not_events(&self) -> ReadProblem {
        let local = self.tags.local();
        let what = match local {
            "Poll" | "Subscribe" | "Unsubscribe" => " (a query)",
            _ if local.starts_with("Get") => " (a query)",
            _ if local.ends_with("Exception") => " (the report of a failure)",
            _ => "",
        };
        ReadProblem::NotEvents { found: format!("{}{what}", Excerpt(local)).into() }
    }

    fn check_budget(&self) -> Result<(), ReadProblem> {
        if self.header_budget.is_exceeded() {
            let what = "bytes or differently named members in the header or in a master data entry";
            return Err(ReadProblem::Limit { what, limit: self.tags.limits.kept_bytes });
        }
        Ok(())
    }

    fn value(&self, text: &str) -> Result<Box<str>, ReadProblem> {
        if text.len() > self.tags.limits.value_bytes {
            return Err(ReadProblem::Limit { what: "bytes in one value", limit: self.tags.limits.value_bytes });
        }
        Ok(text.trim().into())
    }
}
