//! Errors as problem details. RFC 9457.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use packtree::Refusal;
use packtree_wire::FaultJson;
use serde::Serialize;

use super::Code;
use crate::access::Denied;

/// Where the page is that explains all codes.
pub(crate) const PROBLEMS: &str = "/docs/problems";

/// Why a request was not answered as asked: a stable code, a sentence, and what to do.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct Problem(Box<Details>);

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct Details {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
    code: String,
    remedy: String,
    /// For a refusal, the stable number of the first fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u16>,
    /// The member of the request that is meant, as a JSON pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    /// For a refusal, every object at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<FaultJson>,
    #[serde(skip)]
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem with a stable code.
    pub fn new(code: Code, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::named(code.status(), code.word(), detail, remedy)
    }

    fn named(status: StatusCode, code: &str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind: format!("{PROBLEMS}#{code}"),
            title: code.replace('_', " "),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            remedy: remedy.into(),
            number: None,
            pointer: None,
            faults: Vec::new(),
            retry_after: None,
        }))
    }

    /// Adds which member of the request is meant; the whole of it for an empty pointer.
    #[must_use]
    pub(super) fn at(mut self, pointer: String) -> Self {
        self.0.pointer = Some(pointer).filter(|pointer| !pointer.is_empty());
        self
    }

    /// Adds where in the request the part stands that the problem was found in.
    #[must_use]
    pub(super) fn within(mut self, place: &str) -> Self {
        self.0.pointer = self.0.pointer.map(|pointer| format!("{place}{pointer}"));
        self
    }

    /// Adds after how many seconds to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// What happened, as a sentence.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// What to do about it.
    pub(crate) fn remedy(&self) -> &str {
        &self.0.remedy
    }

    /// The problem as one answer among others.
    pub(super) fn to_wire(&self) -> packtree_wire::Problem {
        let Details { kind, title, status, detail, code, remedy, number, pointer, faults, .. } = &*self.0;
        packtree_wire::Problem {
            kind: kind.clone(),
            title: title.clone(),
            status: *status,
            detail: detail.clone(),
            code: code.clone(),
            number: *number,
            faults: faults.clone(),
            pointer: pointer.clone(),
            remedy: remedy.clone(),
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
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
        problem.0.number = Some(reason.number());
        problem.0.faults = refusal.faults.iter().map(FaultJson::from).collect();
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
        let mut response = (self.status(), Json(&self)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if let Some(seconds) = self.0.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
