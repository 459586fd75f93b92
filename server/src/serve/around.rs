//! What happens around every request: a number for the log, a time limit, headers that keep browsers safe, a log line, a metric.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;

use super::metrics::Metrics;
use crate::access::Who;
use crate::http::{Code, Problem};

/// The number of a request in the log and in its answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a page may do: load from here, send here, and be in no frame.
const POLICY: &str = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// A request that is not answered by then will not be; the caller repeats it with the same request id.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// Large documents come over slow lines too; it is imported while it arrives.
const IMPORT_MAX: Duration = Duration::from_mins(15);

/// What every answer needs to know of the server.
#[derive(Clone)]
pub(super) struct Around {
    pub(super) metrics: Metrics,
    pub(super) is_encrypted: bool,
}

/// Numbers, limits, logs and counts a request, and adds the headers to its answer.
pub(super) async fn around(State(around): State<Around>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = request_id();
    let method = request.method().as_str().to_owned();
    // The path of the demo's link holds nothing secret, and queries are left out.
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let limit = if path == "/v1/import" { IMPORT_MAX } else { ANSWER_MAX };
    let span = tracing::info_span!("request", id, method, path);
    let mut response = async move {
        match tokio::time::timeout(limit, next.run(request)).await {
            Ok(response) => response,
            Err(_) => too_slow(limit).into_response(),
        }
    }
    .instrument(span.clone())
    .await;
    let time = begun.elapsed();
    let who = response.extensions_mut().remove::<Who>().map(|who| who.0);
    span.in_scope(|| {
        let (status, milliseconds) = (response.status().as_u16(), time.as_secs_f64() * 1e3);
        let who = who.as_deref().unwrap_or("-");
        if response.status().is_server_error() {
            tracing::error!(status, milliseconds, who, "failed");
        } else if response.status().is_client_error() {
            tracing::info!(status, milliseconds, who, "turned down");
        } else {
            // What was changed is on record in the journal; lines would fill disks with saying so again.
            tracing::debug!(status, milliseconds, who, "answered");
        }
    });
    around.metrics.answered(&method, &route, response.status(), time);
    add_headers(&mut response, &id, path.starts_with("/v1"), around.is_encrypted);
    response
}

fn too_slow(limit: Duration) -> Problem {
    let detail =
        format!("the request was not answered within {} s, and it may or may not have been done", limit.as_secs());
    let remedy = "send it again with the same request id";
    Problem::new(Code::TooSlow, detail, remedy)
}

fn add_headers(response: &mut Response, id: &str, is_api: bool, is_encrypted: bool) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    let mut add = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    add(header::CONTENT_SECURITY_POLICY, POLICY);
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(header::REFERRER_POLICY, "no-referrer");
    add(header::X_FRAME_OPTIONS, "DENY");
    add(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if is_encrypted {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if is_api {
        add(header::CACHE_CONTROL, "no-store");
    }
}

/// Sixteen digits that nobody else has at the same time.
fn request_id() -> String {
    let mut bytes = [0; 8];
    // Without randomness the number says nothing, and the request is answered all the same.
    let _ = getrandom::fill(&mut bytes);
    format!("{:016x}", u64::from_le_bytes(bytes))
}
