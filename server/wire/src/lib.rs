//! The JSON of Packtree: what the HTTP API takes and answers, and what the command line prints with `--json`.
//!
//! Every shape is a type with public members. What is one text in JSON is parsed into the engine's type while it is read ([`Text`]), so
//! that a value that was read is right. Shapes only grow: members may be added, none is renamed. The rest of Packtree knows no JSON.

mod access;
mod action;
mod change;
mod comparison;
mod document;
mod fact;
mod journal;
mod object;
mod operation;
mod parked;
mod print;
mod request;
mod scan;
mod site;
mod text;
pub mod words;

pub use access::{Me, NewPassword, NewUser, Setup, SignIn, User, UserChange, Users};
pub use action::{Action, Actions, Undo, UndoRequest};
pub use change::{
    Answer, Answers, BatchAnswers, Change, Done, FaultJson, Outlook, PreviewAnswer, Problem, Refused, SequenceAnswer,
};
pub use comparison::{Changed, Difference, FoundWord, Moved, Reconciliation, ScannedList, State, Unexpected};
pub use document::{Contradiction, EventPlace, Import, Oddity, RefusedEvent};
pub use fact::FactJson;
pub use journal::{Backup, JournalProblem, Salvage, Verification};
pub use object::{
    Around, ContentLine, HistoryEntry, HistoryPage, HoldWord, Inspection, Inspections, ObjectList, Quantities, Tree,
};
pub use operation::{
    ContainersOperation, ContentsWord, FateWord, Levels, LotData, LotName, Misfit, ObjectsOperation, Operation,
    RootsOperation, Scope,
};
pub use parked::Parked;
pub use print::{Print, Printed, Printers};
pub use request::{Credentials, Request, Requests};
pub use scan::{Advice, Candidate, Need, Reading, ReadingKind, ScanAnswer, ScanRequest, Warning, WarningCode, WhyNot};
pub use site::{Checkpoint, LotCounts, LotPage, LotStatus, ObjectPage, Statistics};
pub use text::{
    Code, Date, DecimalText, EntryWord, GtinText, Id, LevelWord, LotNumberText, NameText, NoteText, RoleWord, SealWord,
    Spelled, StandingWord, StatusWord, Text, Time, TrustWord, VerbWord, Why, event_time,
};
