//! Documents: `import`.

use std::sync::Arc;

use packtree_epcis::{Conflict, ConflictKind, Place, Report as ImportReport, Warning};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{Id, Text};

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Import {
    /// Documents that were read, whole or in part.
    pub documents: u64,
    /// Events in them.
    pub events: u64,
    /// Events that changed something.
    pub applied: u64,
    /// Events that are on record and changed nothing.
    pub recorded: u64,
    /// Events that wait for what they build on.
    pub parked: u64,
    /// Events that were known already.
    pub repeated: u64,
    /// Events that were refused, and documents that break off; the first ten thousand.
    pub refused: Vec<RefusedEvent>,
    /// Refused ones beyond those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub refused_more: u64,
    /// Events that contradict each other; the first ten thousand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Contradiction>,
    /// Conflicts beyond those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub conflicts_more: u64,
    /// What is odd in the documents; the first thousand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Oddity>,
    /// Warnings beyond those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub warnings_more: u64,
}

impl Import {
    /// How many events were refused, listed or not, and documents broke off.
    pub fn refused_total(&self) -> u64 {
        self.refused.len() as u64 + self.refused_more
    }

    /// Adds what came of further documents.
    pub fn add(&mut self, further: Self) {
        self.documents += further.documents;
        self.events += further.events;
        self.applied += further.applied;
        self.recorded += further.recorded;
        self.parked += further.parked;
        self.repeated += further.repeated;
        self.refused.extend(further.refused);
        self.refused_more += further.refused_more;
        self.conflicts.extend(further.conflicts);
        self.conflicts_more += further.conflicts_more;
        self.warnings.extend(further.warnings);
        self.warnings_more += further.warnings_more;
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it serializes by reference")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Two events that cannot both be right about one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Contradiction {
    /// The object.
    pub object: Id,
    /// What they say of it, in words.
    pub sentence: String,
    /// The event that comes first.
    pub first: EventPlace,
    /// The event that contradicts it.
    pub second: EventPlace,
}

/// Where an event stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventPlace {
    /// The document.
    pub file: String,
    /// The line on which it begins.
    pub line: u64,
}

impl From<&Place> for EventPlace {
    fn from(place: &Place) -> Self {
        Self { file: place.file.to_string(), line: place.line }
    }
}

impl From<&Conflict> for Contradiction {
    fn from(conflict: &Conflict) -> Self {
        let object = &conflict.object;
        let sentence = match &conflict.kind {
            ConflictKind::SeveralParents { first, second } => format!("{object} is put into {first} and into {second}"),
            ConflictKind::Cycle { parent } => format!("{object} is put into {parent}, which it contains"),
        };
        let (first, second) = (EventPlace::from(&conflict.first), EventPlace::from(&conflict.second));
        Self { object: Text(object.clone()), sentence, first, second }
    }
}

/// Something odd in a document that does not keep it from being used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Oddity {
    /// The document.
    pub file: String,
    /// The line that it concerns.
    pub line: u64,
    /// What is odd there, and what was made of it.
    pub sentence: String,
}

/// An event that was refused, or a document that breaks off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefusedEvent {
    /// The document.
    pub file: String,
    /// How many events stand before it; `null` if it is the document that is refused.
    pub index: Option<u64>,
    /// The line on which it begins, or at which the document breaks off.
    pub line: u64,
    /// Its `eventID`.
    pub event_id: Option<String>,
    /// Why, a stable name.
    pub code: String,
    /// Why, in words.
    pub reason: String,
    /// The objects at fault, as the document spells them.
    pub objects: Vec<String>,
}

impl From<&ImportReport> for Import {
    fn from(report: &ImportReport) -> Self {
        let refused = |refused: &packtree_epcis::Refused| RefusedEvent {
            file: refused.file.to_string(),
            index: refused.index,
            line: refused.line,
            event_id: refused.event_id.as_deref().map(str::to_owned),
            code: refused.code.to_owned(),
            reason: refused.reason.clone(),
            objects: refused.objects.clone(),
        };
        let warning = |(file, warning): &(Arc<str>, Warning)| Oddity {
            file: file.to_string(),
            line: warning.line,
            sentence: warning.notice.to_string(),
        };
        Self {
            documents: report.documents,
            events: report.events,
            applied: report.applied,
            recorded: report.recorded,
            parked: report.parked,
            repeated: report.repeated,
            refused: report.refused.iter().map(refused).collect(),
            refused_more: report.refused_more,
            conflicts: report.conflicts.iter().map(Contradiction::from).collect(),
            conflicts_more: report.conflicts_more,
            warnings: report.warnings.iter().map(warning).collect(),
            warnings_more: report.warnings_more,
        }
    }
}
