//! What is around the events in JSON: the document, its header, its master data.

use std::collections::VecDeque;
use std::io::Read;

use packtree_gs1::CompanyPrefixes;

use super::context::Context;
use super::event::{EventReader, read_context};
use super::tokens::{Shape, Tokens};
use crate::assemble::Assembly;
use crate::document::{DocumentKind, Format, Header, Item, MasterData};
use crate::draft::{Draft, Entry};
use crate::error::{Excerpt, ReadProblem, excerpt};
use crate::fault::{Notice, Warning};
use crate::field::Field;
use crate::input::Input;
use crate::kept::{Budget, Value};
use crate::{AttributeValue, Limits};

/// An object or array that is open around what is being read.
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
}

pub(crate) struct JsonDocument<R> {
    tokens: Tokens<R>,
    context: Context,
    levels: Vec<Level>,
    is_started: bool,
    /// What `type` says, once it has been read.
    type_name: Option<Box<str>>,
    /// Until it has been handed out.
    header: Option<Header>,
    is_body_seen: bool,
    vocabulary: Box<str>,
    assembly: Assembly,
    entry: Entry,
    ready: VecDeque<Item>,
}

impl<R: Read> JsonDocument<R> {
    pub(crate) fn new(input: Input<R>, limits: Limits, assembly: Assembly) -> Self {
        Self {
            tokens: Tokens::new(input, limits),
            context: Context::default(),
            levels: Vec::new(),
            is_started: false,
            type_name: None,
            header: Some(Header::new(Format::JsonLd, DocumentKind::Bare)),
            is_body_seen: false,
            vocabulary: Box::default(),
            assembly,
            entry: Entry::default(),
            ready: VecDeque::new(),
        }
    }

    pub(crate) fn line(&mut self) -> u64 {
        self.tokens.line()
    }

    pub(crate) fn prefixes(&self) -> &CompanyPrefixes {
        self.assembly.prefixes()
    }

    /// The next item; `None` after the end of the document.
    pub(crate) fn next(&mut self) -> Result<Option<Item>, ReadProblem> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Ok(Some(item));
            }
            let Some(level) = self.levels.last().copied() else {
                if self.is_started {
                    self.tokens.end()?;
                    return Ok(None);
                }
                self.start()?;
                continue;
            };
            let is_array = matches!(level, Level::VocabularyList | Level::ElementList | Level::EventList);
            let more = if is_array { self.tokens.entry()? } else { self.tokens.member()? };
            if !more {
                self.levels.pop();
                self.leave(level)?;
                continue;
            }
            match level {
                Level::EventList => self.event()?,
                Level::ElementList => self.vocabulary_element()?,
                Level::VocabularyList => self.vocabulary()?,
                Level::Document => self.document_member()?,
                Level::Header => self.go_into(&[("epcisMasterData", Level::MasterData)])?,
                Level::MasterData => self.go_into(&[("vocabularyList", Level::VocabularyList)])?,
                Level::Body => self.body_member()?,
                Level::Results => self.go_into(&[("resultsBody", Level::ResultsBody)])?,
                Level::ResultsBody => {
                    self.go_into(&[("eventList", Level::EventList), ("vocabularyList", Level::VocabularyList)])?;
                }
                Level::Vocabulary => self.vocabulary_member()?,
            }
        }
    }

    /// The document is an object; a list is one of bare events.
    fn start(&mut self) -> Result<(), ReadProblem> {
        self.is_started = true;
        let is_object = self.tokens.shape()? == Shape::Object;
        self.tokens.enter()?;
        if !is_object {
            self.hand_out_header();
        }
        self.levels.push(if is_object { Level::Document } else { Level::EventList });
        Ok(())
    }

    fn leave(&mut self, level: Level) -> Result<(), ReadProblem> {
        if level != Level::Document {
            return Ok(());
        }
        match self.type_name.as_deref() {
            Some(_) if self.is_body_seen || self.header.is_none() => {}
            Some("EPCISDocument" | "EPCISQueryDocument" | "EPCISMasterDataDocument") => self.hand_out_header(),
            _ => return Err(ReadProblem::not_epcis("an object without the type EPCISDocument and without events")),
        }
        if !self.context.is_given {
            let line = self.tokens.line();
            self.ready.push_back(Item::Warning(Warning { line, notice: Notice::NoContext }));
        }
        Ok(())
    }

    fn document_member(&mut self) -> Result<(), ReadProblem> {
        match self.tokens.key.as_str() {
            "@context" => read_context(&mut self.tokens, &mut self.context),
            "type" | "@type" | "isA" => self.document_type(),
            "epcisHeader" => self.go_into(&[("epcisHeader", Level::Header)]),
            "epcisBody" => {
                self.is_body_seen = true;
                self.hand_out_header();
                self.go_into(&[("epcisBody", Level::Body)])
            }
            "schemaVersion" | "creationDate" | "sender" | "receiver" | "instanceIdentifier" => self.header_member(),
            name if Field::named(name).is_some() && self.header.is_some() => self.bare_event(None),
            _ => self.tokens.skip(),
        }
    }

    fn document_type(&mut self) -> Result<(), ReadProblem> {
        if self.tokens.shape()? != Shape::Text {
            return Err(ReadProblem::not_epcis("the type of the document is not a text"));
        }
        let name: Box<str> = self.tokens.scalar()?.into();
        let kind = match &*name {
            "EPCISDocument" => DocumentKind::Events,
            "EPCISQueryDocument" => DocumentKind::QueryResults,
            "EPCISMasterDataDocument" => DocumentKind::MasterData,
            event if event.contains(':') || event.ends_with("Event") => {
                return self.bare_event(Some(name));
            }
            _ => return Err(ReadProblem::not_epcis(format_args!("its type is {}", Excerpt(&name)))),
        };
        if let Some(header) = &mut self.header {
            header.kind = kind;
        }
        self.type_name = Some(name);
        Ok(())
    }

    fn header_member(&mut self) -> Result<(), ReadProblem> {
        let name = self.tokens.key.clone();
        if !matches!(self.tokens.shape()?, Shape::Text | Shape::Number) {
            return self.tokens.skip();
        }
        let line = self.tokens.line();
        let limit = self.tokens.limits.value_bytes;
        let text = self.tokens.scalar()?;
        if text.len() > limit {
            return Err(ReadProblem::Limit { what: "bytes in one value", limit });
        }
        let text: Box<str> = text.into();
        let Some(header) = &mut self.header else { return Ok(()) };
        let slot = match name.as_str() {
            "schemaVersion" => &mut header.schema_version,
            "creationDate" => &mut header.creation_date,
            "sender" => &mut header.sender,
            "receiver" => &mut header.receiver,
            _ => &mut header.instance_identifier,
        };
        *slot = Some(text);
        if name == "schemaVersion" && !header.has_known_version() {
            let text = header.schema_version.as_deref().map(excerpt).unwrap_or_default();
            self.ready.push_back(Item::Warning(Warning { line, notice: Notice::SchemaVersion { text } }));
        }
        Ok(())
    }

    fn hand_out_header(&mut self) {
        self.ready.extend(self.header.take().map(|header| Item::Header(Box::new(header))));
    }

    fn body_member(&mut self) -> Result<(), ReadProblem> {
        if self.tokens.key == "event" {
            return self.event();
        }
        self.go_into(&[
            ("eventList", Level::EventList),
            ("queryResults", Level::Results),
            ("vocabularyList", Level::VocabularyList),
        ])
    }

    /// Goes into the member if it is one of these; passes over any other.
    fn go_into(&mut self, members: &[(&str, Level)]) -> Result<(), ReadProblem> {
        let Some((_, level)) = members.iter().find(|(name, _)| *name == self.tokens.key) else {
            return self.tokens.skip();
        };
        let is_array = matches!(level, Level::VocabularyList | Level::EventList);
        let expected = if is_array { Shape::Array } else { Shape::Object };
        if self.tokens.shape()? != expected {
            let what = if is_array { "a list" } else { "an object" };
            return Err(ReadProblem::not_epcis(format_args!("{} is not {what}", self.tokens.key)));
        }
        self.tokens.enter()?;
        self.levels.push(*level);
        Ok(())
    }

    fn event(&mut self) -> Result<(), ReadProblem> {
        let line = self.tokens.line();
        if self.tokens.shape()? != Shape::Object {
            return Err(ReadProblem::not_epcis("an entry of the list of events is not an object"));
        }
        self.tokens.enter()?;
        let mut draft = self.assembly.begin(&self.tokens.limits, line);
        let outer = self.context.len();
        self.event_reader(&mut draft).read()?;
        self.finish_event(draft);
        self.context.leave(outer);
        Ok(())
    }

    /// The document is one event; `kind` was read as its type, or the name of one of its fields has just been read.
    fn bare_event(&mut self, kind: Option<Box<str>>) -> Result<(), ReadProblem> {
        self.hand_out_header();
        let line = self.tokens.line();
        let mut draft = self.assembly.begin(&self.tokens.limits, line);
        let mut reader = self.event_reader(&mut draft);
        match kind {
            Some(name) => reader.name_kind(&name, line),
            None => reader.member()?,
        }
        reader.read()?;
        self.levels.pop();
        self.finish_event(draft);
        Ok(())
    }

    fn event_reader<'a>(&'a mut self, draft: &'a mut Draft) -> EventReader<'a, R> {
        EventReader { tokens: &mut self.tokens, context: &mut self.context, draft, entry: &mut self.entry }
    }

    fn finish_event(&mut self, draft: Draft) {
        let context = &self.context;
        let item = self.assembly.finish(draft, &self.tokens.limits, &|name| context.full_name(name));
        self.ready.push_back(item);
    }

    fn vocabulary(&mut self) -> Result<(), ReadProblem> {
        if self.tokens.shape()? != Shape::Object {
            return Err(ReadProblem::not_epcis("an entry of vocabularyList is not an object"));
        }
        self.vocabulary = Box::default();
        self.tokens.enter()?;
        self.levels.push(Level::Vocabulary);
        Ok(())
    }

    fn vocabulary_member(&mut self) -> Result<(), ReadProblem> {
        let shape = self.tokens.shape()?;
        match (self.tokens.key.as_str(), shape) {
            ("type" | "isA" | "@type", Shape::Text) => {
                self.vocabulary = self.value()?;
                Ok(())
            }
            ("vocabularyElementList", Shape::Array) => {
                if self.vocabulary.is_empty() {
                    let line = self.tokens.line();
                    self.ready.push_back(Item::Warning(Warning { line, notice: Notice::NoVocabularyType }));
                }
                self.tokens.enter()?;
                self.levels.push(Level::ElementList);
                Ok(())
            }
            _ => self.tokens.skip(),
        }
    }

    fn vocabulary_element(&mut self) -> Result<(), ReadProblem> {
        if self.tokens.shape()? != Shape::Object {
            return Err(ReadProblem::not_epcis("an entry of vocabularyElementList is not an object"));
        }
        let mut entry = MasterData {
            vocabulary: self.vocabulary.clone(),
            id: Box::default(),
            attributes: Vec::new(),
            children: Vec::new(),
            line: self.tokens.line(),
        };
        let mut budget = Budget::new(&self.tokens.limits);
        self.tokens.enter()?;
        while self.tokens.member()? {
            let shape = self.tokens.shape()?;
            match (self.tokens.key.as_str(), shape) {
                ("id" | "@id", Shape::Text) => entry.id = self.value()?,
                ("children", _) => {
                    if let Value::List(children) = self.tokens.tree(&mut budget)? {
                        entry.children = children.into_iter().filter_map(Value::into_text).collect();
                    }
                }
                ("attributes", Shape::Array) => {
                    self.tokens.enter()?;
                    while self.tokens.entry()? {
                        let attribute = self.tokens.tree(&mut budget)?;
                        entry.attributes.extend(self.attribute(attribute));
                    }
                }
                _ => self.tokens.skip()?,
            }
        }
        if budget.is_exceeded() {
            let what = "bytes or differently named members in a master data entry";
            return Err(ReadProblem::Limit { what, limit: self.tokens.limits.kept_bytes });
        }
        self.ready.push_back(Item::MasterData(Box::new(entry)));
        Ok(())
    }

    /// `{"id": name, "attribute": value}`
    fn attribute(&self, attribute: Value) -> Option<(Box<str>, AttributeValue)> {
        let Value::Map(members) = attribute else { return None };
        let (mut id, mut value) = (None, None);
        for (name, content) in members {
            match &*name {
                "id" | "@id" => id = content.into_text(),
                "attribute" => value = Some(content),
                _ => {}
            }
        }
        let value = match value? {
            Value::Text(text) => AttributeValue::Text(text),
            other => {
                let mut json = String::new();
                other.write(&mut json, &mut |name| self.context.full_name(name).unwrap_or_else(|| name.into()));
                AttributeValue::Json(json.into())
            }
        };
        Some((id?, value))
    }

    fn value(&mut self) -> Result<Box<str>, ReadProblem> {
        let limit = self.tokens.limits.value_bytes;
        let text = self.tokens.scalar()?;
        if text.len() > limit {
            return Err(ReadProblem::Limit { what: "bytes in one value", limit });
        }
        Ok(text.trim().into())
    }
}
