//! Documents: `import`.

use packtree_epcis::Report as ImportReport;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
        Self {
            documents: report.documents,
            events: report.events,
            applied: report.applied,
            recorded: report.recorded,
            parked: report.parked,
            repeated: report.repeated,
            refused: report.refused.iter().map(refused).collect(),
        }
    }
}
