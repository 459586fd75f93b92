//! What came of an import, event by event.

use std::sync::Arc;

use packtree::Refusal;

use super::containment::Conflict;
use super::map::Unfit;
use crate::{Fault, Place, ReadError, Warning};

/// What came of an import.
///
/// `events` is the sum of `applied`, `recorded`, `parked`, `repeated` and the refused ones; `refused` also has an entry for each
/// document that could not be read to its end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Documents that were read, whole or in part.
    pub documents: u64,
    /// Events in them.
    pub events: u64,
    /// Events that changed something.
    pub applied: u64,
    /// Events that are on record and changed nothing: observations, declarations of error, events that came late.
    pub recorded: u64,
    /// Events that came before one that they build on. The engine keeps them and does them once that one has arrived, which may have been
    /// later in the same import.
    pub parked: u64,
    /// Events that the engine had already.
    pub repeated: u64,
    /// Of the recorded events, those that would have changed something if nothing newer had been known.
    pub late: u64,
    /// Of the recorded events, those that declare an earlier event to be wrong. What stands on that event is for people
    /// to decide.
    pub error_declarations: u64,
    /// Entries of master data; they are read and not kept.
    pub master_data: u64,
    /// Objects that events name and no event of the same window commissions. The engine knew them, or commissioned them
    /// on sight if its policy says so, or refused them.
    pub uncommissioned: u64,
    /// Events that were refused, and documents that break off.
    pub refused: Vec<Refused>,
    /// Refused events beyond those that are listed.
    pub refused_more: u64,
    /// Events that contradict each other.
    pub conflicts: Vec<Conflict>,
    /// Conflicts beyond those that are listed.
    pub conflicts_more: u64,
    /// What is odd in the documents, with the name of the document.
    pub warnings: Vec<(Arc<str>, Warning)>,
    /// Warnings beyond those that are listed.
    pub warnings_more: u64,
    /// Objects in `refused`.
    listed_objects: usize,
}

/// An event that was refused, or a document that breaks off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The name of the document.
    pub file: Arc<str>,
    /// How many events stand before it; `None` if it is the document that is refused.
    pub index: Option<u64>,
    /// The line on which it begins, or at which the document breaks off.
    pub line: u64,
    /// Its `eventID`.
    pub event_id: Option<Box<str>>,
    /// A stable name for the reason: the engine's, or that of a fault in the document.
    pub code: &'static str,
    /// What stands in the way, in plain words.
    pub reason: String,
    /// The objects at fault.
    pub objects: Vec<String>,
}

/// Refused events and conflicts that a report lists; a document of any length must not fill the memory with them.
const LISTED_MAX: usize = 10_000;

/// Objects that are listed for one refused event, as long as there is room for so many.
const OBJECTS_MAX: usize = 1_000;

/// Objects that a report lists for all refused events.
const ALL_OBJECTS_MAX: usize = 200_000;

/// Warnings that a report lists.
const WARNINGS_MAX: usize = 1_000;

impl Report {
    /// How many events were refused, listed or not, and documents broke off.
    pub fn refused_total(&self) -> u64 {
        self.refused.len() as u64 + self.refused_more
    }

    pub(super) fn invalid(&mut self, place: &Place, faults: &[Fault]) {
        let reason = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let code = faults.first().map_or("invalid", |fault| fault.problem.code());
        let objects = faults.iter().filter_map(|fault| fault.problem.object()).map(str::to_owned).collect();
        self.refuse(place, code, reason, objects);
    }

    pub(super) fn unfit(&mut self, place: &Place, unfit: &Unfit) {
        self.refuse(place, unfit.code(), unfit.to_string(), Vec::new());
    }

    pub(super) fn refusal(&mut self, place: &Place, refusal: &Refusal) {
        let objects = refusal.faults.iter().filter_map(|fault| fault.object.as_ref());
        let room = OBJECTS_MAX.min(ALL_OBJECTS_MAX - self.listed_objects);
        let objects: Vec<_> = objects.take(room).map(ToString::to_string).collect();
        self.refuse(place, refusal.reason().code(), refusal.to_string(), objects);
    }

    pub(super) fn broken_off(&mut self, error: &ReadError) {
        self.list(Refused {
            file: Arc::clone(&error.file),
            index: None,
            line: error.line,
            event_id: None,
            code: error.problem.code(),
            reason: error.problem.to_string(),
            objects: Vec::new(),
        });
    }

    fn refuse(&mut self, place: &Place, code: &'static str, reason: String, objects: Vec<String>) {
        self.list(Refused {
            file: Arc::clone(&place.file),
            index: Some(place.index),
            line: place.line,
            event_id: place.event_id.clone(),
            code,
            reason,
            objects,
        });
    }

    fn list(&mut self, refused: Refused) {
        if self.refused.len() == LISTED_MAX {
            self.refused_more += 1;
            return;
        }
        self.listed_objects = (self.listed_objects + refused.objects.len()).min(ALL_OBJECTS_MAX);
        self.refused.push(refused);
    }

    pub(super) fn conflict(&mut self, conflict: Conflict) {
        if self.conflicts.len() < LISTED_MAX { self.conflicts.push(conflict) } else { self.conflicts_more += 1 }
    }

    pub(super) fn warning(&mut self, file: &Arc<str>, warning: Warning) {
        if self.warnings.len() < WARNINGS_MAX {
            self.warnings.push((Arc::clone(file), warning));
        } else {
            self.warnings_more += 1;
        }
    }
}
