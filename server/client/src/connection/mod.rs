//! One request and its answer over HTTP, sent again where that cannot do harm.

mod events;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fmt::Write as _;
use std::io::Read;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use packtree::Entropy;
use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::http::{Method, Request, Response};
use ureq::{Agent, Body, SendBody};

pub(crate) use events::Events;

use crate::error::{Error, Problem};
use crate::retry::Retries;

/// The largest answer that is read as a whole. The largest that a server gives is a batch of a thousand operations.
const ANSWER_BYTES_MAX: u64 = 64 << 20;

/// What shows who asks.
#[derive(Clone)]
pub(crate) enum Credentials {
    Nobody,
    /// The whole header.
    Key(String),
    /// The cookie of a session, and what goes with it wherever something is changed.
    Session {
        cookie: String,
        csrf: String,
    },
}

/// A server, and how it is reached.
#[derive(Clone)]
pub(crate) struct Connection {
    pub(crate) agent: Agent,
    pub(crate) address: String,
    pub(crate) credentials: Credentials,
    pub(crate) timeout: Duration,
    pub(crate) retries: Retries,
    pub(crate) entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for Connection {
    /// Without the credentials, which are secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("address", &self.address).finish_non_exhaustive()
    }
}

/// An answer that may be a refusal.
pub(crate) enum Answered<T, R> {
    Good(T),
    /// Status 409.
    Refused(R),
}

impl Connection {
    /// Asks.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        match self.ask(&Method::GET, path, &())? {
            Answered::Good(answer) => Ok(answer),
            Answered::Refused(problem) => Err(Error::Rejected(problem)),
        }
    }

    /// Asks for something that is no JSON.
    pub(crate) fn bytes(&self, path: &str) -> Result<Vec<u8>, Error> {
        let mut response = self.persistently(|| self.send(&Method::GET, path, &[]))?;
        let bytes = self.whole(&mut response)?;
        match response.status().as_u16() {
            409 => Err(Error::of_problem(Problem::read(409, &bytes))),
            _ => Ok(bytes),
        }
    }

    /// Asks something that takes more than a line to say.
    pub(crate) fn post<T: DeserializeOwned>(&self, path: &str, question: &impl Serialize) -> Result<T, Error> {
        self.told(&Method::POST, path, question)
    }

    /// Says something that has an answer and no refusal by the rules.
    pub(crate) fn told<T: DeserializeOwned>(
        &self,
        method: &Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Error> {
        match self.ask(method, path, body)? {
            Answered::Good(answer) => Ok(answer),
            Answered::Refused(problem) => Err(Error::Rejected(problem)),
        }
    }

    /// Says something that is answered with nothing.
    pub(crate) fn tell(&self, method: &Method, path: &str, body: Option<&impl Serialize>) -> Result<(), Error> {
        let body = body.map(|body| self.written(body)).transpose()?.unwrap_or_default();
        let mut response = self.persistently(|| self.send(method, path, &body))?;
        let bytes = self.whole(&mut response)?;
        match response.status().as_u16() {
            409 => Err(Error::of_problem(Problem::read(409, &bytes))),
            _ => Ok(()),
        }
    }

    /// Says who one is, and gives the connection of the session that begins with the answer. What showed who asked before is not sent.
    pub(crate) fn begin_session(&self, path: &str, body: &impl Serialize) -> Result<Self, Error> {
        let anew = Self { credentials: Credentials::Nobody, ..self.clone() };
        let body = anew.written(body)?;
        let mut response = anew.persistently(|| anew.send(&Method::POST, path, &body))?;
        let bytes = anew.whole(&mut response)?;
        if response.status().as_u16() == 409 {
            return Err(Error::of_problem(Problem::read(409, &bytes)));
        }
        let cookie = response.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok()?.split(';').next());
        let me = serde_json::from_slice::<packtree_wire::Me>(&bytes);
        match (cookie, me) {
            (Some(cookie), Ok(packtree_wire::Me { csrf: Some(csrf), .. })) => {
                Ok(Self { credentials: Credentials::Session { cookie: cookie.to_owned(), csrf }, ..anew })
            }
            _ => Err(anew.nonsense(format!("POST {path}: no session began"))),
        }
    }

    /// Sends JSON, and again while there is no answer: only for questions, and for operations that carry their request ids.
    pub(crate) fn ask<T: DeserializeOwned, R: DeserializeOwned>(
        &self,
        method: &Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Answered<T, R>, Error> {
        let body = if *method == Method::GET { Vec::new() } else { self.written(body)? };
        let mut response = self.persistently(|| self.send(method, path, &body))?;
        let bytes = self.whole(&mut response)?;
        let is_refused = response.status().as_u16() == 409;
        let read = if is_refused {
            serde_json::from_slice(&bytes).map(Answered::Refused)
        } else {
            serde_json::from_slice(&bytes).map(Answered::Good)
        };
        read.map_err(|error| self.nonsense(format!("{method} {path}: {error}")))
    }

    /// Asks once for what takes long, and waits so long for it.
    pub(crate) fn patiently<T: DeserializeOwned>(&self, path: &str, time: Duration) -> Result<T, Error> {
        let request = self.request(&Method::POST, path).header("content-type", "application/json").body("{}");
        let request = request.map_err(|error| self.nonsense(error.to_string()))?;
        let request = self.agent.configure_request(request).timeout_global(Some(time)).build();
        let mut response = self.checked(self.agent.run(request).map_err(|error| self.failed(&error))?)?;
        let bytes = self.whole(&mut response)?;
        serde_json::from_slice(&bytes).map_err(|error| self.nonsense(format!("POST {path}: {error}")))
    }

    /// Sends a body that is read while it is sent, once. The answer is JSON.
    pub(crate) fn upload<T: DeserializeOwned>(&self, path: &str, kind: &str, body: &mut dyn Read) -> Result<T, Error> {
        let request = self.request(&Method::POST, path).header("content-type", kind).body(SendBody::from_reader(body));
        let request = request.map_err(|error| self.nonsense(error.to_string()))?;
        let request =
            self.agent.configure_request(request).timeout_global(None).timeout_per_read(Some(self.timeout)).build();
        let mut response = self.checked(self.agent.run(request).map_err(|error| self.failed(&error))?)?;
        let bytes = self.whole(&mut response)?;
        serde_json::from_slice(&bytes).map_err(|error| self.nonsense(format!("POST {path}: {error}")))
    }

    /// Opens an answer that is read while it comes. Each part must come within the time that is allowed.
    pub(crate) fn open(&self, path: &str, headers: &[(&str, &str)]) -> Result<Body, Error> {
        let open = || {
            let mut request = self.request(&Method::GET, path);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(()).map_err(|error| self.nonsense(error.to_string()))?;
            let request =
                self.agent.configure_request(request).timeout_global(None).timeout_per_read(Some(self.timeout)).build();
            self.agent.run(request).map_err(|error| self.failed(&error))
        };
        Ok(self.persistently(open)?.into_body())
    }

    /// How long until the next try, if there is one.
    pub(crate) fn wait(&self, times: u32, told: Option<Duration>) -> Option<Duration> {
        self.retries.wait(times, told, self.entropy.as_ref())
    }

    /// Tries until there is an answer or it was often enough.
    fn persistently(&self, attempt: impl Fn() -> Result<Response<Body>, Error>) -> Result<Response<Body>, Error> {
        let mut times = 0;
        loop {
            let (error, told) = match attempt() {
                Ok(response) => {
                    let told = response.headers().get("retry-after").and_then(|told| told.to_str().ok()?.parse().ok());
                    match self.checked(response) {
                        Ok(response) => return Ok(response),
                        Err(error) => (error, told.map(Duration::from_secs)),
                    }
                }
                Err(error) => (error, None),
            };
            let Some(wait) = self.wait(times, told).filter(|_| error.may_pass()) else { return Err(error) };
            thread::sleep(wait);
            times += 1;
        }
    }

    fn send(&self, method: &Method, path: &str, body: &[u8]) -> Result<Response<Body>, Error> {
        let request = self.request(method, path);
        let sent = if body.is_empty() {
            request.body(()).map(|request| self.agent.run(request))
        } else {
            // Receipts are made of what the shortest answer says.
            let request = request.header("content-type", "application/json").header("prefer", "return=minimal");
            request.body(body).map(|request| self.agent.run(request))
        };
        sent.map_err(|error| self.nonsense(error.to_string()))?.map_err(|error| self.failed(&error))
    }

    fn request(&self, method: &Method, path: &str) -> ureq::http::request::Builder {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.address));
        match &self.credentials {
            Credentials::Nobody => request,
            Credentials::Key(key) => request.header("authorization", key),
            Credentials::Session { cookie, .. } if *method == Method::GET => request.header("cookie", cookie),
            Credentials::Session { cookie, csrf } => request.header("cookie", cookie).header("x-packtree-csrf", csrf),
        }
    }

    fn written(&self, body: &impl Serialize) -> Result<Vec<u8>, Error> {
        serde_json::to_vec(body).map_err(|error| self.nonsense(format!("the request has no JSON: {error}")))
    }

    /// The body of an answer.
    fn whole(&self, response: &mut Response<Body>) -> Result<Vec<u8>, Error> {
        let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX);
        body.read_to_vec().map_err(|error| self.failed(&error))
    }

    /// The answer if it is good or a refusal.
    fn checked(&self, mut response: Response<Body>) -> Result<Response<Body>, Error> {
        let status = response.status();
        if status.is_success() || status.as_u16() == 409 {
            return Ok(response);
        }
        // What cannot be read says nothing, and the status is known.
        let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec().unwrap_or_default();
        if status.is_redirection() {
            return Err(self.nonsense(format!("it sends elsewhere, with the status {status}")));
        }
        Err(Error::of_problem(Problem::read(status.as_u16(), &body)))
    }

    /// What went wrong below HTTP.
    pub(crate) fn failed(&self, error: &ureq::Error) -> Error {
        let server = self.address.clone();
        match error {
            ureq::Error::Timeout(_) => Error::Timeout { server },
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => Error::Timeout { server },
            ureq::Error::Http(_) | ureq::Error::BadUri(_) | ureq::Error::BodyExceedsLimit(_) => {
                self.nonsense(error.to_string())
            }
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => distrusted(&server, error),
            // The handshake happens while something is written or read.
            ureq::Error::Io(error) if is_of_certificate(error) => distrusted(&server, error),
            _ => Error::Unreachable { server, reason: error.to_string() },
        }
    }

    pub(crate) fn nonsense(&self, reason: String) -> Error {
        Error::Nonsense { server: self.address.clone(), reason }
    }
}

/// Whether it is the certificate of the other side that is wrong.
fn is_of_certificate(error: &std::io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(inner, Some(rustls::Error::InvalidCertificate(_)))
}

/// Certificates do not become right by trying again.
fn distrusted(server: &str, error: &dyn fmt::Display) -> Error {
    Error::Settings(format!(
        "the server at {server} cannot be trusted: {error}; give its certificate, or that of its authority"
    ))
}

/// A text as one segment of a path.
pub(crate) fn segment(text: &str) -> String {
    let mut segment = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            segment.push(byte as char);
        } else {
            // Writing to a text cannot fail.
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    segment
}
