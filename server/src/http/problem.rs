//! Errors as problem details. RFC 9457.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use packtree::Refusal;
use packtree_wire as wire;

use super::Code;
use crate::access::Denied;

/// Where the page is that explains all codes.
pub(crate) const PROBLEMS: &str = "/docs/problems";

/// Why a request was not answered as asked: a stable code, a sentence, and what to do.
#[derive(Clone, Debug)]
pub struct Problem {
    details: Box<wire::Problem>,
    /// Seconds.
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem with a stable code.
    pub fn new(code: Code, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::named(code.status(), code.word(), detail, remedy)
    }

    fn named(status: StatusCode, code: &str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        let details = wire::Problem {
            kind: format!("{PROBLEMS}#{code}"),
            title: code.replace('_', " "),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            number: None,
            faults: Vec::new(),
            pointer: None,
            remedy: remedy.into(),
        };
        Self { details: Box::new(details), retry_after: None }
    }

    /// Adds which member of the request is meant; the whole of it for an empty pointer.
    #[must_use]
    pub(super) fn at(mut self, pointer: String) -> Self {
        self.details.pointer = Some(pointer).filter(|pointer| !pointer.is_empty());
        self
    }

    /// Adds where in the request the part stands that the problem was found in.
    #[must_use]
    pub(super) fn within(mut self, place: &str) -> Self {
        self.details.pointer = self.details.pointer.map(|pointer| format!("{place}{pointer}"));
        self
    }

    /// Adds after how many seconds to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// What happened, as a sentence.
    pub fn detail(&self) -> &str {
        &self.details.detail
    }

    /// What to do about it.
    pub(crate) fn remedy(&self) -> &str {
        &self.details.remedy
    }

    /// The problem as one answer among others.
    pub(super) fn into_wire(self) -> wire::Problem {
        *self.details
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.details.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let (code, remedy) = match denied {
            Denied::Role { .. } => (Code::RoleNotAllowed, "ask somebody with a role that may"),
            Denied::Station { .. } => (Code::StationNotAllowed, "work at a station that was given to you"),
        };
        Self::new(code, denied.to_string(), remedy)
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        let reason = refusal.reason();
        let mut problem =
            Self::named(StatusCode::CONFLICT, reason.code(), capitalised(reason.sentence()), reason.remedy());
        problem.details.number = Some(reason.number());
        problem.details.faults = refusal.faults.iter().map(wire::FaultJson::from).collect();
        problem
    }
}

impl From<packtree::Error> for Problem {
    fn from(error: packtree::Error) -> Self {
        use packtree::Error as E;
        let detail = error.to_string();
        match error {
            E::Busy { .. } => Self::new(Code::Busy, detail, "send the same request again in a moment").retry_after(1),
            E::Poisoned(_) => Self::new(Code::Poisoned, detail, "have the disk looked at, and start the server again"),
            E::Closed => Self::new(Code::Stopping, detail, "send the same request again once the server is back"),
            E::Checkpoint(_) => {
                let remedy = "look at the disk; starting the server again begins a new store of checkpoints";
                Self::new(Code::CheckpointFailed, detail, remedy)
            }
            E::Defect => Self::new(Code::Stopped, detail, "start the server again, and report what its log says"),
            _ => Self::new(Code::Unreadable, detail, "run `packtree verify`"),
        }
    }
}

/// A sentence that begins as one.
fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(&*self.details)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
