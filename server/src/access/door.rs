//! The door: nothing is answered before it is known who asks, except what is open to everybody.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq as _;

use super::routes::{COOKIE, cookie};
use super::secret::Digest;
use super::sessions::Session;
use super::users::station_names;
use super::{Access, Kind, Principal};
use crate::http::{Code, Problem};

/// The header in which a page shows that it is ours.
const CSRF: &str = "x-packtree-csrf";

/// Who was answered, for the log.
#[derive(Clone, Debug)]
pub(crate) struct Who(pub(crate) Arc<str>);

/// What the door needs to know of the server.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) access: Access,
    /// Whether everybody may read what is at a path: the files of the screen, and what describes the API.
    pub(crate) is_open: fn(&str) -> bool,
}

/// Lets in who is known, and puts who it is into the request.
pub(crate) async fn guard(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let is_known = match door.enter(&mut request) {
        Ok(is_known) => is_known,
        Err(problem) => return unauthorized(problem),
    };
    let who = request.extensions().get::<Principal>().map(|principal| Who(principal.actor.as_str().into()));
    if !is_known && !door.is_open(request.method(), request.uri().path()) {
        let problem = Problem::new(
            Code::CredentialsRequired,
            "this needs credentials",
            "sign in with POST /v1/session, or send an API key as Authorization: Bearer",
        );
        return unauthorized(problem);
    }
    let mut response = next.run(request).await;
    response.extensions_mut().extend(who.map(extension).unwrap_or_default());
    response
}

fn extension(who: Who) -> axum::http::Extensions {
    let mut extensions = axum::http::Extensions::new();
    extensions.insert(who);
    extensions
}

fn unauthorized(problem: Problem) -> Response {
    let mut response = problem.into_response();
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
    }
    response
}

impl Door {
    /// Finds out who asks. A key goes before a cookie; a key that is wrong is not overlooked.
    fn enter(&self, request: &mut Request) -> Result<bool, Problem> {
        let headers = request.headers();
        if let Some(given) = headers.get(header::AUTHORIZATION) {
            let key = given.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
            let principal = key.and_then(|key| self.access.machine(key.trim())).ok_or_else(|| {
                tracing::warn!("a wrong or disabled key");
                Problem::new(
                    Code::WrongCredentials,
                    "the API key is wrong or disabled",
                    "check the key; an administrator can make another one",
                )
            })?;
            request.extensions_mut().insert(principal);
            return Ok(true);
        }
        let is_change = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        if is_change {
            check_origin(headers)?;
        }
        let Some((principal, session)) = cookie(headers).and_then(|token| self.access.person(token)) else {
            return Ok(false);
        };
        if is_change && !self.is_open(request.method(), request.uri().path()) {
            check_csrf(headers, &session)?;
        }
        request.extensions_mut().insert(principal);
        request.extensions_mut().insert(session);
        Ok(true)
    }

    /// Whether everybody may have this. What is not named here needs credentials.
    fn is_open(&self, method: &Method, path: &str) -> bool {
        let is_read = matches!(*method, Method::GET | Method::HEAD);
        match path {
            "/healthz" | "/readyz" => is_read,
            "/v1/session" | "/v1/setup" => *method == Method::POST,
            "/v1/demo/enter" => is_read && self.access.inner.options.demo,
            "/metrics" => is_read && self.access.inner.options.open_metrics,
            _ => is_read && (self.is_open)(path),
        }
    }
}

impl Access {
    /// Who is signed in with this token. A user who was disabled, lost the role or has another password since is not.
    fn person(&self, token: &str) -> Option<(Principal, Session)> {
        let session = self.inner.sessions.find(token, self.now())?;
        let record = self.user(session.user.as_str());
        let lasts = |record: &super::records::UserRecord| {
            !record.disabled && record.roles.contains(&session.role) && Digest::of(&record.password) == session.password
        };
        let Some(record) = record.filter(lasts) else {
            self.inner.sessions.end(token);
            return None;
        };
        let stations = station_names(&record.scopes);
        let principal = Principal { actor: session.user.clone(), kind: Kind::Person, role: session.role, stations };
        Some((principal, session))
    }
}

/// Refuses what a browser says another site has sent.
fn check_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_ours_by_site = text("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    let host = text("host").unwrap_or_default();
    let bare = |origin: &str| origin.split_once("://").map(|(_, host)| host.to_owned());
    let is_ours_by_origin = text("origin").is_none_or(|origin| bare(origin).as_deref() == Some(host));
    if is_ours_by_site && is_ours_by_origin {
        return Ok(());
    }
    tracing::warn!("a change from another site was refused");
    Err(Problem::new(Code::OtherOrigin, "the request comes from another site", "use the screen of this server"))
}

fn check_csrf(headers: &HeaderMap, session: &Session) -> Result<(), Problem> {
    let given = headers.get(CSRF).map_or(&b""[..], |value| value.as_bytes());
    if bool::from(given.ct_eq(session.csrf.as_bytes())) {
        return Ok(());
    }
    let detail = format!("with the cookie {COOKIE} a change needs the header X-Packtree-Csrf");
    Err(Problem::new(Code::Csrf, detail, "send the value that GET /v1/me gives as csrf"))
}
