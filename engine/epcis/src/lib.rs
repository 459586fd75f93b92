//! EPCIS documents: from bytes to typed events, and into the engine.
//!
//! EPCIS is how trading partners tell each other what happened to which object: commissioned, packed, shipped.
//! [`Reader`] reads every format that is in use and gives one set of types for all of them; [`Import`] makes operations
//! of events and submits them. What is in which container, and what is allowed, is the engine's business.
//!
//! Nothing here guesses, everything that is refused is refused with its place, and no event is dropped silently.

mod assemble;
mod check;
mod document;
mod draft;
mod error;
mod event;
mod fault;
mod field;
mod ilmd;
mod import;
mod input;
mod json;
mod kept;
mod limits;
mod prefixes;
mod quantity;
mod reader;
mod time;
mod vocabulary;
mod xml;

pub use document::{AttributeValue, DocumentKind, Format, Header, Item, MasterData};
pub use error::{ReadError, ReadProblem};
pub use event::{
    Action, AggregationEvent, AssociationEvent, Common, ErrorDeclaration, Event, Kind, ObjectEvent, OtherEvent,
    PersistentDisposition, QuantityElement, QuantityEvent, TransactionEvent, TransformationEvent, TypedUri,
};
pub use fault::{Fault, Notice, Place, Problem, Warning};
pub use ilmd::Ilmd;
pub use import::{Conflict, ConflictKind, Custody, DocumentPolicy, Holding, Import, ImportSettings, Refused, Report};
pub use kept::Extension;
pub use limits::Limits;
pub use reader::Reader;
pub use vocabulary::{Term, Vocabulary};
