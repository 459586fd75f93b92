//! Errors as problem details. RFC 9457.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::access::Denied;

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
    #[serde(skip)]
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem with a stable code.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind: format!("/docs/problems#{code}"),
            title: code.replace('_', " "),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            remedy: remedy.into(),
            retry_after: None,
        }))
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

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let (code, remedy) = match denied {
            Denied::Role { .. } => ("role_not_allowed", "ask somebody with a role that may"),
            Denied::Station { .. } => ("station_not_allowed", "work at a station that was given to you"),
        };
        Self::new(StatusCode::FORBIDDEN, code, denied.to_string(), remedy)
    }
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
