//! One event while it is read: both formats put their fields in here, in any order.
//!
//! Nothing is decided before the event is complete, because JSON may name the type last. What is wrong is collected
//! rather than returned, so that a report names every fault of an event and not just the first. Once a limit is
//! exceeded the lists are dropped and the rest of the event passes by without being kept.

use packtree::fact::Decimal;
use packtree_gs1::Identifier;

use crate::error::excerpt;
use crate::event::{Action, ErrorDeclaration, Kind, PersistentDisposition, QuantityElement, TypedUri};
use crate::fault::{Fault, Notice, Problem, Warning};
use crate::field::{Field, Fields};
use crate::kept::{Budget, Value};
use crate::prefixes::Prefixes;
use crate::quantity::parse_quantity;
use crate::time::{WrittenTime, parse_offset};
use crate::{Extension, Limits, Term, Vocabulary};

/// A field outside the standard, before its names get their namespaces.
pub(crate) type Kept = (Box<str>, Value);

/// What has been read of an error declaration.
#[derive(Default)]
pub(crate) struct DraftDeclaration {
    pub(crate) time_us: Option<i64>,
    reason: Option<Term>,
    corrective_event_ids: Vec<Box<str>>,
    pub(crate) extensions: Vec<Extension>,
}

impl DraftDeclaration {
    pub(crate) fn finish(self) -> Option<Box<ErrorDeclaration>> {
        let Self { time_us, reason, corrective_event_ids, extensions } = self;
        Some(Box::new(ErrorDeclaration { time_us: time_us?, reason, corrective_event_ids, extensions }))
    }
}

/// Where an extension was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Event,
    Ilmd,
    ErrorDeclaration,
}

/// What has been read of an event.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) line: u64,
    pub(crate) kind: Option<Kind>,
    /// The name of the type, if it is none of the standard's.
    pub(crate) type_name: Box<str>,
    pub(crate) given: Fields,
    pub(crate) event_id: Option<Box<str>>,
    pub(crate) time: Option<WrittenTime>,
    pub(crate) offset_minutes: Option<i16>,
    pub(crate) record_time: Option<i64>,
    pub(crate) error_declaration: Option<Box<DraftDeclaration>>,
    pub(crate) action: Option<Action>,
    pub(crate) biz_step: Option<Term>,
    pub(crate) disposition: Option<Term>,
    pub(crate) persistent: Option<Box<PersistentDisposition>>,
    pub(crate) read_point: Option<Box<str>>,
    pub(crate) biz_location: Option<Box<str>>,
    pub(crate) biz_transactions: Vec<TypedUri>,
    pub(crate) sources: Vec<TypedUri>,
    pub(crate) destinations: Vec<TypedUri>,
    pub(crate) certifications: Vec<Box<str>>,
    pub(crate) parent: Option<Identifier>,
    /// `epcList`, `childEPCs` or `inputEPCList`.
    pub(crate) objects: Vec<Identifier>,
    pub(crate) outputs: Vec<Identifier>,
    /// `quantityList`, `childQuantityList` or `inputQuantityList`.
    pub(crate) quantities: Vec<QuantityElement>,
    pub(crate) output_quantities: Vec<QuantityElement>,
    pub(crate) transformation_id: Option<Box<str>>,
    /// `epcClass` and `quantity` of the event itself, in EPCIS 1.0.
    pub(crate) class: Option<Identifier>,
    pub(crate) quantity: Option<Decimal>,
    pub(crate) kept: Vec<Kept>,
    pub(crate) ilmd: Vec<Kept>,
    pub(crate) declaration_kept: Vec<Kept>,
    pub(crate) prefixes: Prefixes,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<Warning>,
    more_warnings: u64,
    rank: u8,
    event_bytes: usize,
    pub(crate) budget: Budget,
    /// A limit is exceeded: the event is refused, and nothing more of it is kept.
    overflowed: bool,
}

impl Draft {
    pub(crate) fn new(limits: &Limits, line: u64) -> Self {
        Self { line, budget: Budget::new(limits), ..Self::default() }
    }

    pub(crate) fn fault(&mut self, limits: &Limits, line: u64, problem: Problem) {
        if self.overflowed {
            return;
        }
        if matches!(problem, Problem::TooMany { .. }) {
            self.overflow();
        }
        if self.faults.len() < limits.remarks {
            self.faults.push(Fault { line, problem });
        }
    }

    pub(crate) fn warn(&mut self, limits: &Limits, line: u64, notice: Notice) {
        if self.warnings.len() < limits.remarks {
            self.warnings.push(Warning { line, notice });
        } else {
            self.more_warnings += 1;
        }
    }

    /// The warnings, and how many there were beyond the limit.
    pub(crate) fn take_warnings(&mut self) -> Vec<Warning> {
        let mut warnings = std::mem::take(&mut self.warnings);
        if self.more_warnings > 0 {
            warnings.push(Warning { line: self.line, notice: Notice::More { count: self.more_warnings } });
        }
        warnings
    }

    pub(crate) fn has_overflowed(&self) -> bool {
        self.overflowed
    }

    /// Notes that a field begins. A second one of its name is a fault: nobody can say which of the two counts.
    pub(crate) fn begin(&mut self, limits: &Limits, field: Field, line: u64) {
        if self.given.insert(field) {
            return;
        }
        if field == Field::EventId {
            self.warn(limits, line, Notice::RepeatedId);
        } else {
            self.fault(limits, line, Problem::Repeated { field: field.name() });
        }
    }

    /// Notes where a field stands among the others, which matters to the XML schema alone.
    pub(crate) fn check_order(&mut self, limits: &Limits, field: Field, line: u64) {
        let rank = field.rank();
        if rank == 0 || self.rank == u8::MAX {
            return;
        }
        if rank < self.rank {
            self.warn(limits, line, Notice::Order { field: field.name() });
            // Said once: one field too early makes every later one look wrong.
            self.rank = u8::MAX;
        } else {
            self.rank = rank;
        }
    }

    /// Takes the text of a field that holds nothing else.
    pub(crate) fn text(&mut self, limits: &Limits, field: Field, text: &str, line: u64) -> Result<(), Problem> {
        if self.overflowed {
            return Ok(());
        }
        self.value(limits, field.name(), text)?;
        match field {
            Field::Time => self.time = Some(self.written_time(limits, field, text, line)?),
            Field::RecordTime => self.record_time = Some(self.instant(limits, field, text, line)?),
            Field::Offset => self.offset(limits, text, line),
            Field::EventId => self.event_id = Some(text.into()),
            Field::Certification => return self.certification(limits, text),
            Field::Parent => self.parent = Some(self.identifier(field, text)?),
            Field::Class => self.class = Some(self.identifier(field, text)?),
            Field::Quantity => self.quantity = Some(quantity(text)?),
            Field::TransformationId => self.transformation_id = Some(text.into()),
            Field::Action => {
                let action = Action::parse(text).ok_or_else(|| Problem::Action { text: excerpt(text) })?;
                self.action = Some(action);
            }
            Field::BizStep => self.biz_step = Some(self.term(limits, Vocabulary::BizStep, text, line)),
            Field::Disposition => self.disposition = Some(self.term(limits, Vocabulary::Disposition, text, line)),
            Field::ReadPoint => self.read_point = Some(text.into()),
            Field::BizLocation => self.biz_location = Some(text.into()),
            _ => return Err(Problem::Shape { field: field.name(), expected: "a list or an object" }),
        }
        Ok(())
    }

    /// Takes one entry of a list of identifiers. This is what long documents consist of.
    #[inline]
    pub(crate) fn object(&mut self, limits: &Limits, field: Field, text: &str) -> Result<(), Problem> {
        if self.overflowed {
            return Ok(());
        }
        self.value(limits, field.name(), text)?;
        let object = self.identifier(field, text)?;
        if self.objects.len() + self.outputs.len() == limits.identifiers {
            return Err(Problem::TooMany { what: "identifiers", limit: limits.identifiers });
        }
        if field == Field::OutputEpcs {
            self.outputs.push(object);
        } else {
            self.objects.push(object);
        }
        Ok(())
    }

    /// Takes one entry of a list of quantities.
    pub(crate) fn element(&mut self, limits: &Limits, field: Field, entry: &Entry, line: u64) -> Result<(), Problem> {
        if self.overflowed {
            return Ok(());
        }
        let text = entry.get(Part::Class).ok_or(Problem::Missing { field: "epcClass" })?;
        self.value(limits, "epcClass", text)?;
        let class = self.identifier(Field::Class, text)?;
        let quantity = entry.get(Part::Quantity).map(quantity).transpose()?;
        let unit = entry.get(Part::Unit);
        if let Some(text) = unit {
            self.value(limits, "uom", text)?;
            let is_code = (2..=3).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
            if !is_code {
                self.warn(limits, line, Notice::Unit { text: excerpt(text) });
            }
        }
        let list = if field == Field::OutputQuantities { &mut self.output_quantities } else { &mut self.quantities };
        push(limits, "quantities", list, QuantityElement { class, quantity, unit: unit.map(Into::into) })
    }

    /// Takes one business transaction, source or destination.
    pub(crate) fn typed_uri(&mut self, limits: &Limits, field: Field, entry: &Entry, line: u64) -> Result<(), Problem> {
        if self.overflowed {
            return Ok(());
        }
        let (vocabulary, name) = match field {
            Field::BizTransactions => (Vocabulary::BizTransactionType, "bizTransaction"),
            Field::Sources => (Vocabulary::SourceDestinationType, "source"),
            _ => (Vocabulary::SourceDestinationType, "destination"),
        };
        let uri = entry.get(Part::Uri).ok_or(Problem::Missing { field: name })?;
        self.value(limits, name, uri)?;
        if let Some(kind) = entry.get(Part::Kind) {
            self.value(limits, "type", kind)?;
        }
        let kind = entry.get(Part::Kind).map(|kind| self.term(limits, vocabulary, kind, line));
        let list = match field {
            Field::BizTransactions => &mut self.biz_transactions,
            Field::Sources => &mut self.sources,
            _ => &mut self.destinations,
        };
        push(limits, "entries in one list", list, TypedUri { kind, uri: uri.into() })
    }

    /// Takes one entry of `persistentDisposition`.
    pub(crate) fn persistent(&mut self, limits: &Limits, name: &str, text: &str, line: u64) -> Result<(), Problem> {
        if self.overflowed {
            return Ok(());
        }
        self.value(limits, "persistentDisposition", text)?;
        let term = self.term(limits, Vocabulary::Disposition, text, line);
        let persistent = self.persistent.get_or_insert_default();
        let list = if name == "set" { &mut persistent.set } else { &mut persistent.unset };
        push(limits, "entries in one list", list, term)
    }

    /// Takes a part of `errorDeclaration`.
    pub(crate) fn declaration(&mut self, limits: &Limits, name: &str, text: &str, line: u64) -> Result<(), Problem> {
        if self.overflowed {
            return Ok(());
        }
        match name {
            "declarationTime" => {
                self.value(limits, "declarationTime", text)?;
                let time_us = self.instant(limits, Field::ErrorDeclaration, text, line)?;
                self.error_declaration.get_or_insert_default().time_us = Some(time_us);
            }
            "reason" => {
                self.value(limits, "reason", text)?;
                let reason = self.term(limits, Vocabulary::ErrorReason, text, line);
                self.error_declaration.get_or_insert_default().reason = Some(reason);
            }
            _ => {
                self.value(limits, "correctiveEventID", text)?;
                let ids = &mut self.error_declaration.get_or_insert_default().corrective_event_ids;
                push(limits, "entries in one list", ids, text.into())?;
            }
        }
        Ok(())
    }

    /// Takes a field that the standard does not define.
    pub(crate) fn keep(&mut self, limits: &Limits, section: Section, name: &str, value: Value, line: u64) {
        self.check_budget(limits, line);
        if self.overflowed {
            return;
        }
        let list = match section {
            Section::Event => &mut self.kept,
            Section::Ilmd => &mut self.ilmd,
            Section::ErrorDeclaration => &mut self.declaration_kept,
        };
        list.push((name.into(), value));
    }

    /// Refuses the event if what it keeps has outgrown its budget.
    fn check_budget(&mut self, limits: &Limits, line: u64) {
        if self.budget.is_exceeded() && !self.overflowed {
            let what = "bytes or differently named members of sensor data and extensions";
            self.fault(limits, line, Problem::TooMany { what, limit: limits.kept_bytes });
        }
    }

    fn overflow(&mut self) {
        self.overflowed = true;
        (self.objects, self.outputs) = (Vec::new(), Vec::new());
        (self.quantities, self.output_quantities) = (Vec::new(), Vec::new());
        (self.kept, self.ilmd, self.declaration_kept) = (Vec::new(), Vec::new(), Vec::new());
    }

    /// Counts a value, and refuses one that is too long or one too many.
    #[inline]
    fn value(&mut self, limits: &Limits, field: &'static str, text: &str) -> Result<(), Problem> {
        if text.is_empty() {
            return Err(Problem::Shape { field, expected: "a text that is not empty" });
        }
        if text.len() > limits.value_bytes {
            return Err(Problem::TooLong { field, limit: limits.value_bytes });
        }
        self.event_bytes += text.len();
        if self.event_bytes > limits.event_bytes {
            return Err(Problem::TooMany { what: "bytes of values", limit: limits.event_bytes });
        }
        Ok(())
    }

    #[inline]
    fn identifier(&mut self, field: Field, text: &str) -> Result<Identifier, Problem> {
        match Identifier::parse_with_prefix(text) {
            Ok((identifier, prefix)) => {
                self.prefixes.learn(prefix);
                Ok(identifier)
            }
            Err(why) => Err(Problem::Identifier { field: field.name(), text: excerpt(text), why }),
        }
    }

    fn written_time(&mut self, limits: &Limits, field: Field, text: &str, line: u64) -> Result<WrittenTime, Problem> {
        let field = if field == Field::ErrorDeclaration { "declarationTime" } else { field.name() };
        let time = WrittenTime::parse(text).map_err(|why| Problem::Time { field, text: excerpt(text), why })?;
        if time.zone_doubled {
            self.warn(
                limits,
                line,
                Notice::LooseTime { field, text: excerpt(text), read: "if only the first zone stood there" },
            );
        } else if time.abbreviated {
            self.warn(limits, line, Notice::LooseTime { field, text: excerpt(text), read: "if nothing were left out" });
        }
        Ok(time)
    }

    /// A time for which only the instant counts; without a zone it is read as UTC.
    fn instant(&mut self, limits: &Limits, field: Field, text: &str, line: u64) -> Result<i64, Problem> {
        let time = self.written_time(limits, field, text, line)?;
        if time.zone_minutes.is_none() {
            let field = if field == Field::ErrorDeclaration { "declarationTime" } else { field.name() };
            self.warn(limits, line, Notice::LooseTime { field, text: excerpt(text), read: "UTC" });
        }
        time.micros(0).ok_or_else(|| Problem::TimeOutOfRange { text: excerpt(text) })
    }

    fn offset(&mut self, limits: &Limits, text: &str, line: u64) {
        self.offset_minutes = parse_offset(text);
        let plain = text.len() == 6 && text.is_ascii();
        if self.offset_minutes.is_some() && !plain {
            let read = "an offset in hours and minutes";
            self.warn(limits, line, Notice::LooseTime { field: Field::Offset.name(), text: excerpt(text), read });
        }
    }

    fn term(&mut self, limits: &Limits, vocabulary: Vocabulary, text: &str, line: u64) -> Term {
        let term = Term::new(vocabulary, text);
        if term.is_misspelt(vocabulary) {
            self.warn(limits, line, Notice::UnknownWord { vocabulary, text: excerpt(text) });
        }
        term
    }

    fn certification(&mut self, limits: &Limits, text: &str) -> Result<(), Problem> {
        push(limits, "entries in one list", &mut self.certifications, text.into())
    }
}

fn push<T>(limits: &Limits, what: &'static str, list: &mut Vec<T>, entry: T) -> Result<(), Problem> {
    if list.len() == limits.list_items {
        return Err(Problem::TooMany { what, limit: limits.list_items });
    }
    list.push(entry);
    Ok(())
}

fn quantity(text: &str) -> Result<Decimal, Problem> {
    parse_quantity(text).ok_or_else(|| Problem::Quantity { text: excerpt(text) })
}

/// The parts of a list entry that has several, in buffers that are used again for the next entry.
#[derive(Default)]
pub(crate) struct Entry {
    parts: [(String, bool); 3],
}

/// A part of a list entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Class,
    Quantity,
    Unit,
    Kind,
    Uri,
}

impl Part {
    /// The part of that name in an entry of a list of quantities.
    pub(crate) fn of_quantity(name: &str) -> Option<Self> {
        match name {
            "epcClass" => Some(Self::Class),
            "quantity" => Some(Self::Quantity),
            "uom" => Some(Self::Unit),
            _ => None,
        }
    }

    /// The part of that name in an entry of a list of business transactions, sources or destinations.
    pub(crate) fn of_typed_uri(name: &str) -> Option<Self> {
        match name {
            "type" => Some(Self::Kind),
            "bizTransaction" | "source" | "destination" => Some(Self::Uri),
            _ => None,
        }
    }

    const fn index(self) -> usize {
        match self {
            Self::Class | Self::Kind => 0,
            Self::Quantity | Self::Uri => 1,
            Self::Unit => 2,
        }
    }
}

impl Entry {
    pub(crate) fn clear(&mut self) {
        self.parts.iter_mut().for_each(|(_, filled)| *filled = false);
    }

    pub(crate) fn fill(&mut self, part: Part, text: &str) {
        let (buffer, filled) = &mut self.parts[part.index()];
        buffer.clear();
        buffer.push_str(text);
        *filled = true;
    }

    fn get(&self, part: Part) -> Option<&str> {
        let (text, filled) = &self.parts[part.index()];
        filled.then_some(text.as_str())
    }
}
