//! Scans: what a scanner sent, what it is, and what can be done next.

mod actions;
mod reading;

use axum::extract::State;
use axum::{Extension, Json as Answered};
use packtree_wire::{HistoryEntry, Inspection, ReadingKind, ScanAnswer, ScanRequest};

use super::body::{Json, malformed};
use super::{Problem, Site};
use crate::access::Principal;

/// Characters of a scan: the longest symbol holds fewer.
const TEXT_CHARACTERS_MAX: usize = 4_096;

/// Say what a scanned or typed text is, what is known of it, and what can be done with it next.
#[utoipa::path(post, path = "/v1/scan", tag = "objects", request_body = ScanRequest, responses(
    (status = 200, body = ScanAnswer)))]
pub(super) async fn scan(
    State(site): State<Site>,
    Extension(principal): Extension<Principal>,
    Json(scan): Json<ScanRequest>,
) -> Result<Answered<ScanAnswer>, Problem> {
    if TEXT_CHARACTERS_MAX < scan.text.chars().count() {
        return Err(malformed(&format!("a scan has at most {TEXT_CHARACTERS_MAX} characters")));
    }
    site.work(move |engine| {
        let (reading, problem) = reading::read(engine, &scan.text);
        let is_object = reading.kind == ReadingKind::Object;
        let id = reading.id.as_ref().filter(|_| is_object).map(|id| id.0.clone());
        let object = id.as_ref().and_then(|id| Inspection::of(&engine.view(), id));
        let last = match id.as_ref().and_then(|id| engine.history(id).next()) {
            Some(entry) => Some(HistoryEntry::from(&entry?)),
            None => None,
        };
        let actions = match &object {
            Some(object) => actions::possible(engine, &principal, object)?,
            None => Vec::new(),
        };
        Ok(Answered(ScanAnswer { text: scan.text, reading, object, last, actions, problem }))
    })
    .await
}
