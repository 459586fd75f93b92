//! One event in XML, field by field.

use std::io::Read;

use super::names::Owner;
use super::tags::{Tag, Tags};
use crate::draft::{Draft, Entry, Part, Section};
use crate::error::{ReadProblem, excerpt};
use crate::fault::{Notice, Problem};
use crate::field::Field;

/// Reads the fields of the event whose tag was opened last, to its end.
pub(super) struct EventReader<'a, R> {
    pub(super) tags: &'a mut Tags<R>,
    pub(super) draft: &'a mut Draft,
    pub(super) entry: &'a mut Entry,
}

impl<R: Read> EventReader<'_, R> {
    pub(super) fn read(&mut self) -> Result<(), ReadProblem> {
        let mut wrappers = 0;
        loop {
            match self.tags.next()? {
                Tag::Open if self.is_wrapper() => wrappers += 1,
                Tag::Open => self.field()?,
                Tag::Close if wrappers > 0 => wrappers -= 1,
                Tag::Close | Tag::End => return Ok(()),
            }
        }
    }

    /// EPCIS 1.2 section 9.1 puts later additions into wrappers; 2.0 has taken most of them away again.
    fn is_wrapper(&self) -> bool {
        self.tags.owner == Owner::Epcis && matches!(self.tags.local(), "extension" | "baseExtension")
    }

    fn field(&mut self) -> Result<(), ReadProblem> {
        let line = self.tags.line();
        let field = match self.tags.owner {
            Owner::Epcis => Field::named(self.tags.local()),
            _ => None,
        };
        let Some(field) = field else { return self.keep(Section::Event, line) };
        self.draft.begin(&self.tags.limits, field, line);
        self.draft.check_order(&self.tags.limits, field, line);
        match field {
            Field::Epcs | Field::ChildEpcs | Field::InputEpcs | Field::OutputEpcs => self.objects(field),
            Field::Quantities | Field::ChildQuantities | Field::InputQuantities | Field::OutputQuantities => {
                self.quantities(field)
            }
            Field::BizTransactions | Field::Sources | Field::Destinations => self.typed_uris(field),
            Field::ReadPoint | Field::BizLocation => self.location(field),
            Field::PersistentDisposition => self.persistent_disposition(),
            Field::ErrorDeclaration => self.error_declaration(),
            Field::Ilmd => self.ilmd(),
            Field::Sensors => {
                let value = self.tags.tree(&mut self.draft.budget)?;
                self.draft.keep(&self.tags.limits, Section::Event, field.name(), value, line);
                Ok(())
            }
            _ => self.text(field),
        }
    }

    fn text(&mut self, field: Field) -> Result<(), ReadProblem> {
        if !self.leaf(field.name())? {
            return Ok(());
        }
        let line = self.tags.line();
        let result = self.draft.text(&self.tags.limits, field, self.tags.text(), line);
        self.report(result);
        Ok(())
    }

    fn objects(&mut self, field: Field) -> Result<(), ReadProblem> {
        while self.tags.next()? == Tag::Open {
            if !self.is("epc") {
                self.unknown()?;
            } else if self.leaf(field.name())? {
                let result = self.draft.object(&self.tags.limits, field, self.tags.text());
                self.report(result);
            }
        }
        Ok(())
    }

    fn quantities(&mut self, field: Field) -> Result<(), ReadProblem> {
        while self.tags.next()? == Tag::Open {
            if !self.is("quantityElement") {
                self.unknown()?;
                continue;
            }
            self.entry.clear();
            let line = self.tags.line();
            while self.tags.next()? == Tag::Open {
                let Some(part) = Part::of_quantity(self.tags.local()) else {
                    self.unknown()?;
                    continue;
                };
                // An element without text says nothing, as xsi:nil does.
                if self.leaf(field.name())? && !self.tags.text().is_empty() {
                    self.entry.fill(part, self.tags.text());
                }
            }
            let result = self.draft.element(&self.tags.limits, field, self.entry, line);
            self.report(result);
        }
        Ok(())
    }

    fn typed_uris(&mut self, field: Field) -> Result<(), ReadProblem> {
        while self.tags.next()? == Tag::Open {
            if !(self.is("bizTransaction") || self.is("source") || self.is("destination")) {
                self.unknown()?;
                continue;
            }
            self.entry.clear();
            let line = self.tags.line();
            if let Some(kind) = self.tags.attribute("type") {
                self.entry.fill(Part::Kind, kind.trim());
            }
            if self.leaf(field.name())? {
                self.entry.fill(Part::Uri, self.tags.text());
                let result = self.draft.typed_uri(&self.tags.limits, field, self.entry, line);
                self.report(result);
            }
        }
        Ok(())
    }

    /// A read point or business location: its id, and what others put beside it.
    fn location(&mut self, field: Field) -> Result<(), ReadProblem> {
        let line = self.tags.line();
        let mut found = false;
        let mut wrappers = 0;
        loop {
            match self.tags.next()? {
                Tag::Open if self.is("id") => {
                    found = true;
                    self.text(field)?;
                }
                Tag::Open if self.is_wrapper() => wrappers += 1,
                Tag::Open => {
                    let name = format!("{}/{}", field.name(), self.tags.full_name()?);
                    let value = self.tags.tree(&mut self.draft.budget)?;
                    self.draft.keep(&self.tags.limits, Section::Event, &name, value, line);
                }
                Tag::Close if wrappers > 0 => wrappers -= 1,
                Tag::Close | Tag::End => break,
            }
        }
        if !found {
            self.draft.fault(&self.tags.limits, line, Problem::Shape { field: field.name(), expected: "an id" });
        }
        Ok(())
    }

    fn persistent_disposition(&mut self) -> Result<(), ReadProblem> {
        while self.tags.next()? == Tag::Open {
            let name = match self.tags.local() {
                "set" => "set",
                "unset" => "unset",
                _ => {
                    self.unknown()?;
                    continue;
                }
            };
            if self.leaf(name)? {
                let line = self.tags.line();
                let result = self.draft.persistent(&self.tags.limits, name, self.tags.text(), line);
                self.report(result);
            }
        }
        Ok(())
    }

    fn error_declaration(&mut self) -> Result<(), ReadProblem> {
        // Wrappers around extensions and the list of corrective events are both seen through.
        let mut inside = 0;
        loop {
            match self.tags.next()? {
                Tag::Open if self.is_wrapper() || self.is("correctiveEventIDs") => inside += 1,
                Tag::Open => {
                    let line = self.tags.line();
                    let name =
                        ["declarationTime", "reason", "correctiveEventID"].into_iter().find(|name| self.is(name));
                    match name {
                        Some(name) => self.declaration_text(name)?,
                        None => self.keep(Section::ErrorDeclaration, line)?,
                    }
                }
                Tag::Close if inside > 0 => inside -= 1,
                Tag::Close | Tag::End => return Ok(()),
            }
        }
    }

    fn declaration_text(&mut self, name: &'static str) -> Result<(), ReadProblem> {
        if self.leaf(name)? {
            let line = self.tags.line();
            let result = self.draft.declaration(&self.tags.limits, name, self.tags.text(), line);
            self.report(result);
        }
        Ok(())
    }

    fn ilmd(&mut self) -> Result<(), ReadProblem> {
        let mut wrappers = 0;
        loop {
            match self.tags.next()? {
                Tag::Open if self.is_wrapper() => wrappers += 1,
                Tag::Open => {
                    let line = self.tags.line();
                    self.keep(Section::Ilmd, line)?;
                }
                Tag::Close if wrappers > 0 => wrappers -= 1,
                Tag::Close | Tag::End => return Ok(()),
            }
        }
    }

    /// Keeps an element that the standard does not define here.
    fn keep(&mut self, section: Section, line: u64) -> Result<(), ReadProblem> {
        if self.tags.owner == Owner::Epcis {
            let name = excerpt(self.tags.local());
            self.draft.warn(&self.tags.limits, line, Notice::UnknownField { name });
        }
        let name = self.tags.full_name()?;
        let value = self.tags.tree(&mut self.draft.budget)?;
        self.draft.keep(&self.tags.limits, section, &name, value, line);
        Ok(())
    }

    /// An element in the middle of a list that has no business there.
    fn unknown(&mut self) -> Result<(), ReadProblem> {
        let line = self.tags.line();
        self.keep(Section::Event, line)
    }

    fn is(&self, name: &str) -> bool {
        self.tags.owner == Owner::Epcis && self.tags.local() == name
    }

    /// Reads on to the end of an element of text; notes a fault, and gives false, if it holds elements.
    fn leaf(&mut self, field: &'static str) -> Result<bool, ReadProblem> {
        let is_leaf = self.tags.leaf()?;
        if !is_leaf {
            let line = self.tags.line();
            self.draft.fault(
                &self.tags.limits,
                line,
                Problem::Shape { field, expected: "a text without elements in it" },
            );
        }
        Ok(is_leaf)
    }

    #[inline]
    fn report(&mut self, result: Result<(), Problem>) {
        if let Err(problem) = result {
            let line = self.tags.line();
            self.draft.fault(&self.tags.limits, line, problem);
        }
    }
}
