//! The bodies of requests: JSON of a bounded size, with the same answer to every kind of malformed input.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::{Code, Problem};

/// A batch of a thousand packs of a hundred units takes some MiB.
pub(super) const BODY_BYTES_MAX: usize = 8 << 20;

/// A JSON body in this form.
pub(super) struct Json<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        parsed(&json(request, BODY_BYTES_MAX).await?).map(Self)
    }
}

/// The bytes of a JSON document, if the request says that it is one and it is no longer than this.
pub(crate) async fn json(request: Request, bytes_max: usize) -> Result<Bytes, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        let detail = "the body must be JSON, and its Content-Type must say so";
        return Err(Problem::new(Code::MediaType, detail, "send it with Content-Type: application/json"));
    }
    bytes(request, bytes_max).await
}

/// A JSON document in this form.
pub(crate) fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| malformed(&error.inner().to_string()).at(pointer(error.path())))?;
    reader.end().map_err(|error| malformed(&error.to_string()))?;
    Ok(value)
}

/// A path in a document as a JSON pointer. RFC 6901.
fn pointer(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        let part = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            // The name of a variant is a value, and what lies behind an unknown part has no name.
            Segment::Enum { .. } | Segment::Unknown => continue,
        };
        pointer.extend(["/", &part]);
    }
    pointer
}

/// The whole body, if it is no longer than this.
pub(super) async fn bytes(request: Request, bytes_max: usize) -> Result<Bytes, Problem> {
    if announced(&request).is_some_and(|size| bytes_max as u64 <= size) {
        return Err(too_large(bytes_max as u64));
    }
    axum::body::to_bytes(request.into_body(), bytes_max).await.map_err(|error| {
        let is_too_long = std::error::Error::source(&error).is_some_and(|source| source.to_string().contains("limit"));
        if is_too_long { too_large(bytes_max as u64) } else { malformed("the body ended before it was whole") }
    })
}

/// How many bytes the body is said to have.
pub(super) fn announced(request: &Request) -> Option<u64> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

pub(super) fn too_large(bytes_max: u64) -> Problem {
    let detail = format!("the body has more than {bytes_max} bytes");
    Problem::new(Code::BodyTooLarge, detail, "send less at a time")
}

/// What could not be understood.
pub(crate) fn malformed(detail: &str) -> Problem {
    Problem::new(Code::Malformed, detail, "correct the request; /docs describes what is understood")
}
