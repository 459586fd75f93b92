//! What is wrong with one event, while the document goes on.

use std::sync::Arc;

use crate::error::Excerpt;
use crate::event::{Action, Kind};
use crate::vocabulary::Vocabulary;

/// Where an event stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the document, as the caller gave it.
    pub file: Arc<str>,
    /// The line on which the event begins, from 1.
    pub line: u64,
    /// How many events stand before it in the document.
    pub index: u64,
    /// Its `eventID`, if it has one and reading got that far.
    pub event_id: Option<Box<str>>,
}

/// A reason why an event cannot be used.
///
/// ```
/// use packtree_epcis::{Fault, Item, Limits, Place, Problem, Reader, Warning};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let document = r#"[{"type": "ObjectEvent", "action": "ADD", "eventTime": "2026-11-23T10:15:30Z", "epcList": ["urn:x:1"]},
///     {"type": "ObjectEvent", "action": "PACK", "eventTime": "2026-11-23T10:15:31Z", "eventTimeZoneOffset": "+01:00",
///     "epcList": ["urn:x:1"]}]"#;
/// for item in Reader::new("line-3.json", document.as_bytes(), Limits::default()) {
///     match item? {
///         Item::Event(_, Place { index, .. }, warnings) => {
///             let [Warning { notice, .. }] = &warnings[..] else { panic!("{warnings:?}") };
///             assert_eq!((index, notice.code()), (0, "no_offset"));
///         }
///         Item::Invalid(Place { file, line, index, .. }, faults) => {
///             assert_eq!((&*file, line, index), ("line-3.json", 2, 1));
///             let [Fault { problem: Problem::Action { text }, .. }] = &faults[..] else { panic!("{faults:?}") };
///             assert_eq!(&**text, "PACK");
///         }
///         _ => {}
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct Fault {
    /// The line that is at fault, from 1.
    pub line: u64,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with an event.
///
/// The rules are those of EPCIS 2.0 sections 7.4 and 9 (1.2: sections 7.4 and 9) and of the XML and JSON schemas, plus
/// those that the standard states and the schemas do not check.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A field that every event of its type has.
    #[error("{field} is missing")]
    Missing {
        /// Its name.
        field: &'static str,
    },
    /// A field that stands there twice; which one counts is anybody's guess.
    #[error("{field} is given more than once")]
    Repeated {
        /// Its name.
        field: &'static str,
    },
    /// A list or an identifier that an event of this type does not have.
    #[error("{field} does not belong in an event of type {kind}")]
    Misplaced {
        /// Its name.
        field: &'static str,
        /// The type of the event.
        kind: Kind,
    },
    /// Not what stands in this field: an object for a text, a text for a list.
    #[error("{field} must be {expected}")]
    Shape {
        /// Its name.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// No time.
    #[error("{field} {} is no time: {why}", Excerpt(.text))]
    Time {
        /// Its name.
        field: &'static str,
        /// What stands there.
        text: Box<str>,
        /// What a time looks like.
        why: &'static str,
    },
    /// A time that cannot be.
    #[error("eventTime {} is outside the years that are accepted: check the clock that wrote it", Excerpt(.text))]
    TimeOutOfRange {
        /// What stands there.
        text: Box<str>,
    },
    /// No zone in the time and no `eventTimeZoneOffset`.
    #[error("eventTime has no zone and eventTimeZoneOffset is missing or unreadable: the instant is not known")]
    NoZone,
    /// No day.
    #[error("{field} {} is no date: write it as YYYY-MM-DD", Excerpt(.text))]
    Date {
        /// Its name.
        field: &'static str,
        /// What stands there.
        text: Box<str>,
    },
    /// Neither ADD, OBSERVE nor DELETE.
    #[error("action {} is not ADD, OBSERVE or DELETE", Excerpt(.text))]
    Action {
        /// What stands there.
        text: Box<str>,
    },
    /// An identifier that breaks a rule of its kind: a check digit, a length, a character.
    #[error("{field} {}: {why}", Excerpt(.text))]
    Identifier {
        /// The field that holds it.
        field: &'static str,
        /// What stands there.
        text: Box<str>,
        /// The rule, and where it is broken.
        why: packtree_gs1::Error,
    },
    /// No quantity.
    #[error("quantity {} is not a number of at most 18 digits, 9 of them behind the point, that is not negative", Excerpt(.text))]
    Quantity {
        /// What stands there.
        text: Box<str>,
    },
    /// An aggregation or association that names no parent.
    #[error("parentID is missing: an event of type {kind} with action {action} must name it")]
    NoParent {
        /// The type of the event.
        kind: Kind,
        /// Its action.
        action: Action,
    },
    /// An aggregation or association that names no children and does not dissolve everything.
    #[error("childEPCs and childQuantityList are both missing or empty: only action DELETE may name no children")]
    NoChildren,
    /// An event about nothing.
    #[error("the event names no objects: {lists} are missing or empty")]
    NoObjects {
        /// The lists that could have named some.
        lists: &'static str,
    },
    /// A transaction event without a transaction.
    #[error("bizTransactionList is missing or empty: a TransactionEvent names at least one")]
    NoTransaction,
    /// More than [`Limits`](crate::Limits) allows.
    #[error("more than {limit} {what} in one event")]
    TooMany {
        /// Of what there is too much.
        what: &'static str,
        /// How much is allowed.
        limit: usize,
    },
    /// A value longer than [`Limits`](crate::Limits) allows.
    #[error("{field} is longer than {limit} bytes")]
    TooLong {
        /// Its name.
        field: &'static str,
        /// How long it may be.
        limit: usize,
    },
}

impl Problem {
    /// The object at fault, as it is written.
    ///
    /// ```
    /// use packtree_epcis::Problem;
    /// use packtree_gs1::Identifier;
    ///
    /// let text = "urn:epc:id:sgtin:0614141.107346";
    /// let why = Identifier::parse(text).expect_err("the serial number is missing");
    /// let problem = Problem::Identifier { field: "epcList", text: text.into(), why };
    /// assert_eq!((problem.object(), Problem::NoChildren.object()), (Some(text), None));
    /// ```
    pub fn object(&self) -> Option<&str> {
        match self {
            Self::Identifier { text, .. } => Some(text),
            _ => None,
        }
    }

    /// A stable name for the kind of problem, for reports that programs read.
    ///
    /// ```
    /// use packtree_epcis::Problem;
    ///
    /// assert_eq!(Problem::NoChildren.code(), "no_children");
    /// ```
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "field_missing",
            Self::Repeated { .. } => "field_repeated",
            Self::Misplaced { .. } => "field_misplaced",
            Self::Shape { .. } => "field_shape",
            Self::Time { .. } => "time_malformed",
            Self::TimeOutOfRange { .. } => "time_out_of_range",
            Self::NoZone => "no_time_zone",
            Self::Date { .. } => "date_malformed",
            Self::Action { .. } => "action_unknown",
            Self::Identifier { .. } => "identifier_malformed",
            Self::Quantity { .. } => "quantity_malformed",
            Self::NoParent { .. } => "no_parent",
            Self::NoChildren => "no_children",
            Self::NoObjects { .. } => "no_objects",
            Self::NoTransaction => "no_transaction",
            Self::TooMany { .. } => "too_many",
            Self::TooLong { .. } => "too_long",
        }
    }
}

/// Something odd that does not keep an event, or a document, from being used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {notice}")]
pub struct Warning {
    /// The line that it concerns, from 1.
    pub line: u64,
    /// What is odd there.
    pub notice: Notice,
}

/// What is odd about an event or a document, and what was made of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Notice {
    /// A version that no release of the standard has.
    #[error("schemaVersion {} is not 1.0, 1.1, 1.2 or 2.0; read by what the document looks like", Excerpt(.text))]
    SchemaVersion {
        /// What stands there.
        text: Box<str>,
    },
    /// JSON-LD without a context.
    #[error("@context is missing; the names are read as those of EPCIS 2.0")]
    NoContext,
    /// A document type declaration that declares nothing.
    #[error("the empty DOCTYPE is ignored; EPCIS documents have none")]
    EmptyDoctype,
    /// `eventTimeZoneOffset` is missing or unreadable.
    #[error("eventTimeZoneOffset is missing or unreadable; the zone of eventTime is used")]
    NoOffset,
    /// `eventTime` has no zone.
    #[error("eventTime has no zone; eventTimeZoneOffset is used")]
    NoZone,
    /// A time that was written loosely.
    #[error("{field} {} is not written as the schema says; read as {read}", Excerpt(.text))]
    LooseTime {
        /// Its name.
        field: &'static str,
        /// What stands there.
        text: Box<str>,
        /// What was made of it.
        read: &'static str,
    },
    /// A word that looks like the CBV's and is not.
    #[error("{} is not in the list of {vocabulary} of CBV 2.0; kept as it is", Excerpt(.text))]
    UnknownWord {
        /// The list that it should be in.
        vocabulary: Vocabulary,
        /// What stands there.
        text: Box<str>,
    },
    /// An event type that the standard does not have.
    #[error("{} is not an event type of EPCIS; recorded as it is", Excerpt(.name))]
    UnknownEvent {
        /// What it is called.
        name: Box<str>,
    },
    /// A field that the standard does not have and that names no namespace of its own.
    #[error("{} is not a field of EPCIS here and has no namespace; kept as an extension", Excerpt(.name))]
    UnknownField {
        /// What it is called.
        name: Box<str>,
    },
    /// A field that has no place in an event of this type; kept, and not acted upon.
    #[error("{field} does not belong in an event of type {kind} with this action; kept, and not acted upon")]
    Misplaced {
        /// Its name.
        field: &'static str,
        /// The type of the event.
        kind: Kind,
    },
    /// Two event ids.
    #[error("eventID is given more than once; the last one counts")]
    RepeatedId,
    /// One entry where a list should be.
    #[error("{field} is a single entry instead of a list; read as a list of one")]
    Single {
        /// Its name.
        field: &'static str,
    },
    /// Fields in an order that the XML schema does not allow.
    #[error("{field} comes later than the schema says; read nevertheless")]
    Order {
        /// The first field that is out of order.
        field: &'static str,
    },
    /// A unit of measure that is no code of UN/CEFACT Recommendation 20.
    #[error("uom {} is not a unit code of two or three capitals and digits; kept as it is", Excerpt(.text))]
    Unit {
        /// What stands there.
        text: Box<str>,
    },
    /// A date in certification details that cannot be read.
    #[error("{} {} is no date; kept as it is", Excerpt(.name), Excerpt(.text))]
    CertificationDate {
        /// What it is called.
        name: Box<str>,
        /// What stands there.
        text: Box<str>,
    },
    /// A namespace prefix that the document has not explained so far.
    #[error("the prefix of {} is not defined before it is used; the name is kept as written", Excerpt(.name))]
    UnknownPrefix {
        /// The whole name.
        name: Box<str>,
    },
    /// Entries of a vocabulary stand before the name of the vocabulary.
    #[error("the type of the vocabulary is missing or comes after its entries; they are read without it")]
    NoVocabularyType,
    /// Something outside the events that the standard does not have.
    #[error("{} is not a part of an EPCIS document; passed over", Excerpt(.name))]
    PassedOver {
        /// What it is called.
        name: Box<str>,
    },
    /// Further warnings were not kept.
    #[error("{count} further warnings are not shown")]
    More {
        /// How many.
        count: u64,
    },
}

impl Notice {
    /// A stable name for the kind of oddity, for reports that programs read.
    ///
    /// ```
    /// use packtree_epcis::Notice;
    ///
    /// assert_eq!(Notice::NoContext.code(), "no_context");
    /// ```
    pub fn code(&self) -> &'static str {
        match self {
            Self::SchemaVersion { .. } => "schema_version",
            Self::NoContext => "no_context",
            Self::EmptyDoctype => "empty_doctype",
            Self::NoOffset => "no_offset",
            Self::NoZone => "no_zone",
            Self::LooseTime { .. } => "loose_time",
            Self::UnknownWord { .. } => "word_unknown",
            Self::UnknownEvent { .. } => "event_unknown",
            Self::UnknownField { .. } => "field_unknown",
            Self::Misplaced { .. } => "field_misplaced",
            Self::RepeatedId => "event_id_repeated",
            Self::Single { .. } => "single_entry",
            Self::Order { .. } => "field_order",
            Self::Unit { .. } => "unit_malformed",
            Self::CertificationDate { .. } => "certification_date",
            Self::UnknownPrefix { .. } => "prefix_unknown",
            Self::NoVocabularyType => "no_vocabulary_type",
            Self::PassedOver { .. } => "passed_over",
            Self::More { .. } => "more",
        }
    }
}
