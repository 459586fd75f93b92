//! The bodies of requests: JSON of a bounded size, with the same answer to every kind of malformed input.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use super::Problem;

/// A batch of a thousand packs of a hundred units takes some MiB.
pub(super) const BODY_BYTES_MAX: usize = 8 << 20;

/// A JSON body in this form.
pub(super) struct Json<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            let detail = "the body must be JSON, and its Content-Type must say so";
            let remedy = "send it with Content-Type: application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail, remedy));
        }
        let bytes = bytes(request, BODY_BYTES_MAX).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| malformed(&error.to_string()))
    }
}

/// The whole body, if it is no longer than this.
pub(super) async fn bytes(request: Request, bytes_max: usize) -> Result<Bytes, Problem> {
    let size = request.headers().get(header::CONTENT_LENGTH).and_then(|size| size.to_str().ok()?.parse::<u64>().ok());
    if size.is_some_and(|size| bytes_max as u64 <= size) {
        return Err(too_large(bytes_max));
    }
    axum::body::to_bytes(request.into_body(), bytes_max).await.map_err(|error| {
        let is_too_long = std::error::Error::source(&error).is_some_and(|source| source.to_string().contains("limit"));
        if is_too_long { too_large(bytes_max) } else { malformed("the body ended before it was whole") }
    })
}

fn too_large(bytes_max: usize) -> Problem {
    let detail = format!("the body has more than {bytes_max} bytes");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail, "send less at a time")
}

/// What could not be understood.
pub(super) fn malformed(detail: &str) -> Problem {
    let remedy = "correct the request; /openapi.json describes what is understood";
    Problem::new(StatusCode::BAD_REQUEST, "malformed", detail, remedy)
}
