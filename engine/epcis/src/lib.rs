//! EPCIS documents: from bytes to typed events.
//!
//! EPCIS is how trading partners tell each other what happened to which object: commissioned, packed, shipped. This
//! crate reads every format that is in use and gives one set of types for all of them. It does not know what is
//! in which container; that is the engine's business.
//!
//! It refuses rather than guesses, names the place of everything that it refuses, and drops no event silently.

mod assemble;
mod check;
mod document;
mod draft;
mod error;
mod event;
mod fault;
mod field;
mod ilmd;
mod input;
mod json;
mod kept;
mod limits;
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
pub use kept::Extension;
pub use limits::Limits;
pub use reader::Reader;
pub use vocabulary::{Term, Vocabulary};
