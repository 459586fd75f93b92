//! One event in JSON, member by member.

use std::io::Read;

use super::context::Context;
use super::tokens::{Shape, Tokens};
use crate::Limits;
use crate::draft::{Draft, Entry, Part, Section};
use crate::error::{ReadProblem, excerpt};
use crate::event::Kind;
use crate::fault::{Notice, Problem};
use crate::field::Field;

/// Reads the members of an event into a draft.
pub(super) struct EventReader<'a, R> {
    pub(super) tokens: &'a mut Tokens<R>,
    pub(super) context: &'a mut Context,
    pub(super) draft: &'a mut Draft,
    pub(super) entry: &'a mut Entry,
}

/// The parts of the entries of a list, and where an entry goes.
struct Parts {
    named: fn(&str) -> Option<Part>,
    take: fn(&mut Draft, &Limits, Field, &Entry, u64) -> Result<(), Problem>,
}

impl<R: Read> EventReader<'_, R> {
    /// Reads the members of the object that was entered last, to its end.
    pub(super) fn read(&mut self) -> Result<(), ReadProblem> {
        while self.tokens.member()? {
            self.member()?;
        }
        Ok(())
    }

    /// Reads the member whose name was read last.
    pub(super) fn member(&mut self) -> Result<(), ReadProblem> {
        let line = self.tokens.line();
        match self.tokens.key.as_str() {
            "type" | "@type" | "isA" => return self.kind(line),
            "@context" => return read_context(self.tokens, self.context),
            _ => {}
        }
        let field = match self.tokens.key.as_str() {
            // What the context of EPCIS calls eventID is the `@id` of JSON-LD.
            "id" | "@id" => Some(Field::EventId),
            name => Field::named(name),
        };
        let Some(field) = field else { return self.keep(Section::Event, line) };
        self.draft.begin(&self.tokens.limits, field, line);
        match field {
            Field::Epcs | Field::ChildEpcs | Field::InputEpcs | Field::OutputEpcs => self.objects(field),
            Field::Quantities | Field::ChildQuantities | Field::InputQuantities | Field::OutputQuantities => {
                self.entries(field, &Parts { named: Part::of_quantity, take: Draft::element })
            }
            Field::BizTransactions | Field::Sources | Field::Destinations => {
                self.entries(field, &Parts { named: Part::of_typed_uri, take: Draft::typed_uri })
            }
            Field::ReadPoint | Field::BizLocation => self.location(field),
            Field::PersistentDisposition => self.persistent_disposition(),
            Field::ErrorDeclaration => self.error_declaration(),
            Field::Certification => self.certification(),
            Field::Ilmd => self.ilmd(),
            Field::Sensors => {
                let value = self.tokens.tree(&mut self.draft.budget)?;
                self.draft.keep(&self.tokens.limits, Section::Event, field.name(), value, line);
                Ok(())
            }
            _ => self.text(field),
        }
    }

    fn kind(&mut self, line: u64) -> Result<(), ReadProblem> {
        if self.is_text("type", "a text")? {
            let name: Box<str> = self.tokens.text()?.into();
            self.name_kind(&name, line);
        }
        Ok(())
    }

    /// Takes the type of the event.
    pub(super) fn name_kind(&mut self, name: &str, line: u64) {
        if self.draft.kind.is_some() {
            self.draft.fault(&self.tokens.limits, line, Problem::Repeated { field: "type" });
            return;
        }
        if name.len() > self.tokens.limits.value_bytes {
            let problem = Problem::TooLong { field: "type", limit: self.tokens.limits.value_bytes };
            self.draft.fault(&self.tokens.limits, line, problem);
            return;
        }
        let kind = Kind::named(name.strip_prefix("epcis:").unwrap_or(name));
        self.draft.kind = Some(kind.unwrap_or(Kind::Other));
        if kind.is_none() {
            let name = self.context.full_name(name).unwrap_or_else(|| name.into());
            self.draft.warn(&self.tokens.limits, line, Notice::UnknownEvent { name: excerpt(&name) });
            self.draft.type_name = name;
        }
    }

    fn text(&mut self, field: Field) -> Result<(), ReadProblem> {
        let is_number = self.tokens.shape()? == Shape::Number && field == Field::Quantity;
        if is_number {
            self.tokens.scalar()?;
        } else if !self.is_text(field.name(), "a text")? {
            return Ok(());
        }
        let line = self.tokens.line();
        let result = self.draft.text(&self.tokens.limits, field, self.tokens.text()?.trim(), line);
        self.report(result);
        Ok(())
    }

    fn objects(&mut self, field: Field) -> Result<(), ReadProblem> {
        if !self.is_array()? {
            self.single(field);
            return self.object(field);
        }
        while self.tokens.entry()? {
            self.object(field)?;
        }
        Ok(())
    }

    #[inline]
    fn object(&mut self, field: Field) -> Result<(), ReadProblem> {
        if self.is_text(field.name(), "a list of texts")? {
            let result = self.draft.object(&self.tokens.limits, field, self.tokens.text()?.trim());
            self.report(result);
        }
        Ok(())
    }

    /// Reads a list of objects that have one text in each part.
    fn entries(&mut self, field: Field, parts: &Parts) -> Result<(), ReadProblem> {
        if !self.is_array()? {
            self.single(field);
            return self.parts(field, parts);
        }
        while self.tokens.entry()? {
            self.parts(field, parts)?;
        }
        Ok(())
    }

    fn parts(&mut self, field: Field, parts: &Parts) -> Result<(), ReadProblem> {
        let line = self.tokens.line();
        if !self.is_object(field.name(), "a list of objects")? {
            return Ok(());
        }
        self.entry.clear();
        while self.tokens.member()? {
            let Some(part) = (parts.named)(&self.tokens.key) else {
                self.unknown(field)?;
                continue;
            };
            if self.is_scalar_for(part, field.name())? {
                self.entry.fill(part, self.tokens.text()?.trim());
            }
        }
        let result = (parts.take)(self.draft, &self.tokens.limits, field, self.entry, line);
        self.report(result);
        Ok(())
    }

    /// A read point or business location: its id, and what others put beside it.
    fn location(&mut self, field: Field) -> Result<(), ReadProblem> {
        if !self.is_object(field.name(), "an object with an id")? {
            return Ok(());
        }
        let mut found = false;
        while self.tokens.member()? {
            if matches!(self.tokens.key.as_str(), "id" | "@id") {
                found = true;
                self.text(field)?;
            } else {
                self.unknown(field)?;
            }
        }
        if !found {
            self.fault(Problem::Shape { field: field.name(), expected: "an object with an id" });
        }
        Ok(())
    }

    fn persistent_disposition(&mut self) -> Result<(), ReadProblem> {
        if !self.is_object(Field::PersistentDisposition.name(), "an object")? {
            return Ok(());
        }
        while self.tokens.member()? {
            let name = match self.tokens.key.as_str() {
                "set" => "set",
                "unset" => "unset",
                _ => {
                    self.unknown(Field::PersistentDisposition)?;
                    continue;
                }
            };
            if !self.is_array()? {
                self.single(Field::PersistentDisposition);
                self.persistent(name)?;
                continue;
            }
            while self.tokens.entry()? {
                self.persistent(name)?;
            }
        }
        Ok(())
    }

    fn persistent(&mut self, name: &'static str) -> Result<(), ReadProblem> {
        if self.is_text(Field::PersistentDisposition.name(), "lists of texts")? {
            let line = self.tokens.line();
            let result = self.draft.persistent(&self.tokens.limits, name, self.tokens.text()?.trim(), line);
            self.report(result);
        }
        Ok(())
    }

    fn error_declaration(&mut self) -> Result<(), ReadProblem> {
        if !self.is_object("errorDeclaration", "an object")? {
            return Ok(());
        }
        while self.tokens.member()? {
            let line = self.tokens.line();
            match self.tokens.key.as_str() {
                "declarationTime" => self.declaration_text("declarationTime")?,
                "reason" => self.declaration_text("reason")?,
                "correctiveEventIDs" => {
                    if !self.is_array()? {
                        self.single(Field::ErrorDeclaration);
                        self.declaration_text("correctiveEventID")?;
                        continue;
                    }
                    while self.tokens.entry()? {
                        self.declaration_text("correctiveEventID")?;
                    }
                }
                _ => self.keep(Section::ErrorDeclaration, line)?,
            }
        }
        Ok(())
    }

    fn declaration_text(&mut self, name: &'static str) -> Result<(), ReadProblem> {
        if self.is_text(name, "a text")? {
            let line = self.tokens.line();
            let result = self.draft.declaration(&self.tokens.limits, name, self.tokens.text()?.trim(), line);
            self.report(result);
        }
        Ok(())
    }

    /// One URI, a list of them, or structured details of certificates, which are kept.
    fn certification(&mut self) -> Result<(), ReadProblem> {
        let field = Field::Certification;
        match self.tokens.shape()? {
            Shape::Array => {
                self.tokens.enter()?;
                while self.tokens.entry()? {
                    if self.tokens.shape()? == Shape::Object { self.details()? } else { self.text(field)? }
                }
                Ok(())
            }
            Shape::Object => self.details(),
            _ => self.text(field),
        }
    }

    fn details(&mut self) -> Result<(), ReadProblem> {
        let line = self.tokens.line();
        let value = self.tokens.tree(&mut self.draft.budget)?;
        if let Some((name, text)) = value.bad_date() {
            let notice = Notice::CertificationDate { name: excerpt(name), text: excerpt(text) };
            self.draft.warn(&self.tokens.limits, line, notice);
        }
        self.draft.keep(&self.tokens.limits, Section::Event, Field::Certification.name(), value, line);
        Ok(())
    }

    fn ilmd(&mut self) -> Result<(), ReadProblem> {
        if !self.is_object(Field::Ilmd.name(), "an object")? {
            return Ok(());
        }
        while self.tokens.member()? {
            let line = self.tokens.line();
            self.keep(Section::Ilmd, line)?;
        }
        Ok(())
    }

    /// Keeps the member whose name was read last.
    fn keep(&mut self, section: Section, line: u64) -> Result<(), ReadProblem> {
        let name = self.tokens.key.clone();
        if !name.contains(':') {
            self.draft.warn(&self.tokens.limits, line, Notice::UnknownField { name: excerpt(&name) });
        }
        let value = self.tokens.tree(&mut self.draft.budget)?;
        self.draft.keep(&self.tokens.limits, section, &name, value, line);
        Ok(())
    }

    /// Keeps a member of a part of the event that has no such member.
    fn unknown(&mut self, field: Field) -> Result<(), ReadProblem> {
        let line = self.tokens.line();
        let name = self.tokens.key.clone();
        if !name.contains(':') {
            self.draft.warn(&self.tokens.limits, line, Notice::UnknownField { name: excerpt(&name) });
        }
        let name = match field {
            Field::ReadPoint | Field::BizLocation => {
                let full = self.context.full_name(&name).unwrap_or_else(|| name.as_str().into());
                format!("{}/{full}", field.name())
            }
            _ => name,
        };
        let value = self.tokens.tree(&mut self.draft.budget)?;
        self.draft.keep(&self.tokens.limits, Section::Event, &name, value, line);
        Ok(())
    }

    /// Reads the next value if it is a text; passes over it, with a fault, if not.
    fn is_text(&mut self, field: &'static str, expected: &'static str) -> Result<bool, ReadProblem> {
        if self.tokens.shape()? == Shape::Text {
            self.tokens.scalar()?;
            return Ok(true);
        }
        self.misshapen(field, expected)
    }

    fn is_scalar_for(&mut self, part: Part, field: &'static str) -> Result<bool, ReadProblem> {
        match (self.tokens.shape()?, part) {
            (Shape::Text, _) | (Shape::Number, Part::Quantity) => {
                self.tokens.scalar()?;
                Ok(true)
            }
            _ => self.misshapen(field, "a list of objects with texts"),
        }
    }

    /// Enters the next value if it is an array.
    fn is_array(&mut self) -> Result<bool, ReadProblem> {
        let is_array = self.tokens.shape()? == Shape::Array;
        if is_array {
            self.tokens.enter()?;
        }
        Ok(is_array)
    }

    /// JSON-LD writes a list of one as the one; EPCIS does not.
    fn single(&mut self, field: Field) {
        let line = self.tokens.line();
        self.draft.warn(&self.tokens.limits, line, Notice::Single { field: field.name() });
    }

    fn is_object(&mut self, field: &'static str, expected: &'static str) -> Result<bool, ReadProblem> {
        if self.tokens.shape()? == Shape::Object {
            self.tokens.enter()?;
            return Ok(true);
        }
        self.misshapen(field, expected)
    }

    fn misshapen(&mut self, field: &'static str, expected: &'static str) -> Result<bool, ReadProblem> {
        self.fault(Problem::Shape { field, expected });
        self.tokens.skip()?;
        Ok(false)
    }

    fn fault(&mut self, problem: Problem) {
        let line = self.tokens.line();
        self.draft.fault(&self.tokens.limits, line, problem);
    }

    #[inline]
    fn report(&mut self, result: Result<(), Problem>) {
        if let Err(problem) = result {
            self.fault(problem);
        }
    }
}

/// Reads `@context`: the prefixes that objects in it define. URIs in it are names of contexts, which are known.
pub(super) fn read_context<R: Read>(tokens: &mut Tokens<R>, context: &mut Context) -> Result<(), ReadProblem> {
    context.is_given = true;
    match tokens.shape()? {
        Shape::Array => {
            tokens.enter()?;
            while tokens.entry()? {
                if tokens.shape()? == Shape::Object { read_prefixes(tokens, context)? } else { tokens.skip()? }
            }
            Ok(())
        }
        Shape::Object => read_prefixes(tokens, context),
        _ => tokens.skip(),
    }
}

fn read_prefixes<R: Read>(tokens: &mut Tokens<R>, context: &mut Context) -> Result<(), ReadProblem> {
    tokens.enter()?;
    while tokens.member()? {
        if tokens.shape()? != Shape::Text {
            tokens.skip()?;
            continue;
        }
        let prefix = tokens.key.clone();
        let limits = tokens.limits.clone();
        let namespace = tokens.scalar()?;
        context.define(&limits, &prefix, namespace)?;
    }
    Ok(())
}
