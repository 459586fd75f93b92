//! Documents: `import`.

use packtree_epcis::Report as ImportReport;
use serde::Serialize;

/// `import`.
#[derive(Serialize)]
pub(crate) struct Import {
    documents: u64,
    events: u64,
    applied: u64,
    recorded: u64,
    parked: u64,
    repeated: u64,
    refused: Vec<RefusedEvent>,
}

#[derive(Serialize)]
struct RefusedEvent {
    file: String,
    index: Option<u64>,
    line: u64,
    event_id: Option<String>,
    code: &'static str,
    reason: String,
    objects: Vec<String>,
}

impl From<&ImportReport> for Import {
    fn from(report: &ImportReport) -> Self {
        let refused = |refused: &packtree_epcis::Refused| RefusedEvent {
            file: refused.file.to_string(),
            index: refused.index,
            line: refused.line,
            event_id: refused.event_id.as_deref().map(str::to_owned),
            code: refused.code,
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
