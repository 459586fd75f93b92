//! A server for each test, and a client that sends what it is told to.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use packtree::fact::Microseconds;
use packtree::{Clock, Engine, Policy, SystemClock};
use packtree_server::access::Options;
use packtree_server::serve::{self, Running, Settings};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The password of everybody in these tests.
pub(crate) const PASSWORD: &str = "many good words";

/// A clock that a test moves.
#[derive(Debug)]
pub(crate) struct Moved(AtomicI64);

impl Clock for Moved {
    fn now(&self) -> Microseconds {
        self.0.load(Ordering::Relaxed)
    }
}

/// A server that runs for one test.
pub(crate) struct Server {
    pub(crate) engine: Engine,
    pub(crate) address: SocketAddr,
    pub(crate) directory: TempDir,
    pub(crate) clock: Arc<Moved>,
    pub(crate) running: Option<Running>,
    pub(crate) runtime: Runtime,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// Reads an answer as it came over the wire, after which the connection was closed.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let is_chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        let body = if is_chunked { unchunked(body) } else { body.to_owned() };
        Self { status: status.expect("an answer has a status"), headers, body }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// A problem with this code.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer:?}");
        let problem = answer.json();
        assert_eq!(problem["code"], code, "{problem}");
        for member in ["type", "title", "detail", "remedy"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member} of {problem}");
        }
        answer
    }
}

fn unchunked(body: &str) -> String {
    let mut whole = String::new();
    let mut rest = body;
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).expect("a chunk has a size");
        whole.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
        if size == 0 {
            break;
        }
    }
    whole
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(Settings::default(), |_| {})
    }

    pub(crate) fn start_with(settings: Settings, change: impl FnOnce(&mut Options)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let engine = Engine::open(
            directory.path(),
            packtree::Options { policy: Policy::default(), ..packtree::Options::default() },
        )
        .unwrap();
        Self::start_on(engine, directory, settings, change)
    }

    /// A server around an engine, with a directory for what is its own.
    pub(crate) fn start_on(
        engine: Engine,
        directory: TempDir,
        mut settings: Settings,
        change: impl FnOnce(&mut Options),
    ) -> Self {
        let clock = Arc::new(Moved(AtomicI64::new(SystemClock.now())));
        settings.listen.set_port(0);
        let mut options = Options { clock: Arc::clone(&clock) as Arc<dyn Clock>, ..Options::default() };
        change(&mut options);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let running = runtime.block_on(serve::start(engine.clone(), directory.path(), &settings, options)).unwrap();
        let address = running.address();
        Self { engine, address, directory, clock, running: Some(running), runtime }
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.clock.0.fetch_add(i64::try_from(time.as_micros()).unwrap(), Ordering::Relaxed);
    }

    /// Sends bytes and reads until the server closes the connection.
    pub(crate) fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // The server may answer and close before it has read everything.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Answer::read(&answer)
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        stream
    }

    /// Sends a request with these headers and this body.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        self.raw(request(self.address, method, path, headers, body).as_bytes())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[], Some(body))
    }

    /// Makes the first administrator and signs in as them.
    pub(crate) fn administrator(&self) -> Person<'_> {
        let token = self.running.as_ref().unwrap().access().first_administrator().expect("there is none yet");
        let body = json!({"token": token, "user": "ada", "name": "Ada", "password": PASSWORD});
        Person::of(self, &self.post("/v1/setup", &body).expect(200))
    }

    pub(crate) fn sign_in(&self, user: &str) -> Person<'_> {
        Person::of(self, &self.post("/v1/session", &json!({"user": user, "password": PASSWORD})).expect(200))
    }

    /// Users of every role, named after it, and an API key.
    pub(crate) fn everybody(&self) -> BTreeMap<&'static str, Credentials> {
        let administrator = self.administrator();
        let mut everybody = BTreeMap::new();
        for role in ["operator", "supervisor", "quality", "auditor"] {
            administrator.add_user(role, &[role]);
            everybody.insert(role, self.sign_in(role).credentials);
        }
        let key = administrator.post("/v1/keys", &json!({"id": "line-3"})).expect(201).json();
        everybody.insert("machine", Credentials::key(key["secret"].as_str().unwrap()));
        everybody.insert("administrator", administrator.credentials);
        everybody
    }

    /// Stops the server and gives its directory.
    pub(crate) fn stop(mut self) -> TempDir {
        let running = self.running.take().unwrap();
        self.runtime.block_on(running.stop()).unwrap();
        self.directory
    }
}

/// The bytes of a request, after which the connection is to be closed.
pub(crate) fn request(
    host: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        text.extend([name, ": ", value, "\r\n"]);
    }
    let body = body.map(ToString::to_string).unwrap_or_default();
    if !body.is_empty() {
        text += "Content-Type: application/json\r\n";
    }
    text + &format!("Content-Length: {}\r\n\r\n{body}", body.len())
}

/// What somebody shows with each request.
#[derive(Clone, Debug)]
pub(crate) struct Credentials(pub(crate) Vec<(String, String)>);

impl Credentials {
    pub(crate) fn key(key: &str) -> Self {
        Self(vec![("Authorization".to_owned(), format!("Bearer {key}"))])
    }

    pub(crate) fn headers(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

/// Somebody who is signed in.
pub(crate) struct Person<'s> {
    pub(crate) server: &'s Server,
    pub(crate) credentials: Credentials,
}

impl<'s> Person<'s> {
    pub(crate) fn of(server: &'s Server, answer: &Answer) -> Self {
        let cookie = answer.header("set-cookie").expect("a session has a cookie");
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let csrf = answer.json()["csrf"].as_str().unwrap().to_owned();
        let headers = vec![("Cookie".to_owned(), cookie), ("X-Packtree-Csrf".to_owned(), csrf)];
        Self { server, credentials: Credentials(headers) }
    }

    pub(crate) fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.server.send(method, path, &self.credentials.headers(), body)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body))
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, Some(body))
    }

    pub(crate) fn add_user(&self, user: &str, roles: &[&str]) {
        self.post("/v1/users", &json!({"user": user, "roles": roles, "password": PASSWORD})).expect(201);
    }
}
