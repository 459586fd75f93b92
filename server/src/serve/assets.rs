//! The files of the warehouse screen, which are part of the program.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, DirEntry, include_dir};
use sha2::{Digest as _, Sha256};

use crate::http::{Code, Problem};

static SCREEN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/screen");

/// The kinds of files that belong to the screen. Others in its folder are for those who work on it.
const KINDS: &[(&str, &str)] = &[
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("ico", "image/x-icon"),
    ("webmanifest", "application/manifest+json"),
    ("txt", "text/plain; charset=utf-8"),
];

/// Lets a service worker that lies in a folder look after the whole screen.
const SERVICE_WORKER_ALLOWED: HeaderName = HeaderName::from_static("service-worker-allowed");

#[derive(Debug)]
struct Asset {
    kind: &'static str,
    content: &'static [u8],
    tag: HeaderValue,
}

/// The files by their path.
static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let mut assets = BTreeMap::new();
    collect(&SCREEN, &mut assets);
    assets
});

fn collect(folder: &'static Dir<'static>, assets: &mut BTreeMap<String, Asset>) {
    for entry in folder.entries() {
        let file = match entry {
            DirEntry::Dir(folder) => {
                collect(folder, assets);
                continue;
            }
            DirEntry::File(file) => file,
        };
        let ending = file.path().extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == ending) else { continue };
        let path = format!("/{}", file.path().display());
        assets.insert(path, Asset { kind, content: file.contents(), tag: tag(file.contents()) });
    }
}

/// An entity tag: the beginning of the content's SHA-256, which is the same on every machine.
fn tag(content: &[u8]) -> HeaderValue {
    let mut text = String::from("\"");
    for byte in &Sha256::digest(content)[..16] {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
    HeaderValue::from_str(&text).expect("hexadecimal digits may stand in a header")
}

fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.get(if path == "/" { "/index.html" } else { path })
}

/// Whether a path leads to a file of the screen, which everybody may load.
pub(crate) fn is_asset(path: &str) -> bool {
    find(path).is_some()
}

/// Answers with a file of the screen, or that there is nothing.
pub(super) async fn answer(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let Some(asset) = find(uri.path()) else {
        let detail = format!("there is nothing at {}", uri.path());
        return Problem::new(Code::NotFound, detail, "the API is described at /docs/").into_response();
    };
    if method != Method::GET && method != Method::HEAD {
        let problem = Problem::new(Code::MethodNotAllowed, "files are only read", "use GET");
        return ([(header::ALLOW, "GET, HEAD")], problem).into_response();
    }
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).unwrap_or_default();
    let own = asset.tag.to_str().unwrap_or_default();
    let is_known = known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == own);
    let (status, body) = match () {
        () if is_known => (StatusCode::NOT_MODIFIED, Body::empty()),
        () => (StatusCode::OK, Body::from(asset.content)),
    };
    let mut response = (status, body).into_response();
    let found = response.headers_mut();
    found.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    found.insert(header::ETAG, asset.tag.clone());
    // A new release is seen at the next load, at the price of a question.
    found.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if uri.path().ends_with("worker.js") || uri.path().ends_with("/sw.js") {
        found.insert(SERVICE_WORKER_ALLOWED, HeaderValue::from_static("/"));
    }
    response
}
