//! From settings to a server that runs: TLS, listening, logs, health, metrics, and an end in order.

mod around;
mod assets;
mod banner;
mod documentation;
mod guard;
mod health;
pub(crate) mod logs;
mod metrics;
pub mod settings;
mod tls;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::http::{Method, Uri};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsAcceptor;
use packtree::Engine;
use packtree::journal::Head;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) use banner::{Banner, first_administrator};
pub use settings::Settings;

use crate::access::{self, Access, Door, guard as door};
use crate::http::{self, Code, Problem, Site};
use around::{Around, around};
use guard::Guard;
use health::Health;
use metrics::Metrics;

/// The server's own folder inside the data directory: its certificate, and what the first administrator shows.
const FOLDER: &str = "server";

/// A head of a request is a few hundred bytes in a handful of lines; a browser's is a few thousand.
const HEADERS_MAX: usize = 64;
const HEAD_BYTES_MAX: usize = 32 * 1024;

/// A client that takes nothing of an answer for so long is gone.
const STALL_MAX: Duration = Duration::from_secs(30);

/// A handshake that is not done by then ends the connection.
const HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// Why a server cannot run.
#[derive(Debug)]
pub struct Error {
    what: String,
    remedy: String,
}

impl Error {
    fn new(what: &impl ToString, remedy: impl Into<String>) -> Self {
        Self { what: what.to_string(), remedy: remedy.into() }
    }

    /// What to do about it.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Error {}

/// A server that runs.
#[derive(Debug)]
pub struct Running {
    engine: Engine,
    access: Access,
    address: SocketAddr,
    /// The SHA-256 of the certificate, and the file that clients may trust where the server made it.
    certificate: Option<(String, Option<PathBuf>)>,
    handle: Handle<SocketAddr>,
    serving: JoinHandle<std::io::Result<()>>,
    stop_max: Duration,
}

/// Begins to serve an engine that was opened in a directory. It must be called inside a tokio runtime.
///
/// An application that embeds the engine goes on using it beside the server.
///
/// # Errors
/// When it cannot listen, or has no certificate to work with.
pub async fn start(
    engine: Engine,
    directory: &Path,
    settings: &Settings,
    options: access::Options,
) -> Result<Running, Error> {
    start_with(engine, directory, settings, options, Router::new()).await
}

/// As [`start`], with further routes behind the same door.
pub(crate) async fn start_with(
    engine: Engine,
    directory: &Path,
    settings: &Settings,
    options: access::Options,
    further: Router,
) -> Result<Running, Error> {
    let encryption = tls::encryption(&settings.tls, &directory.join(FOLDER), settings.listen)
        .map_err(|error| Error::new(&error, "correct tls in the settings; `packtree check-config FILE` checks them"))?;
    let access = Access::new(engine.clone(), options);
    let listener = TcpListener::bind(settings.listen).await.map_err(|error| {
        let what = format!("cannot listen at {}: {error}", settings.listen);
        Error::new(&what, "end what listens there, or choose another address with `listen` or --listen")
    })?;
    let cannot_listen = |error| Error::new(&error, "try again");
    let address = listener.local_addr().map_err(cannot_listen)?;
    let is_encrypted = encryption.is_some();
    let app = app(&engine, directory, settings, &access).merge(further);
    let app = behind_the_door(app, &engine, directory, &access, is_encrypted);
    let handle = Handle::new();
    let mut builder = axum_server::from_tcp(listener.into_std().map_err(cannot_listen)?).map_err(cannot_listen)?;
    builder
        .http_builder()
        .http1()
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .header_read_timeout(settings.limits.head);
    let guard = Guard::new(settings.limits.connections, STALL_MAX);
    let server =
        builder.http1_only().first_request_timeout(settings.limits.head).handle(handle.clone()).acceptor(guard.clone());
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    let (serving, certificate) = match encryption {
        None => (tokio::spawn(server.serve(service)), None),
        Some(encryption) => {
            let acceptor = RustlsAcceptor::new(encryption.config).handshake_timeout(HANDSHAKE_MAX).acceptor(guard);
            let certificate = (encryption.fingerprint, encryption.own_certificate);
            (tokio::spawn(server.acceptor(acceptor).serve(service)), Some(certificate))
        }
    };
    tracing::info!(%address, encrypted = is_encrypted, "listening");
    Ok(Running { engine, access, address, certificate, handle, serving, stop_max: settings.limits.stop })
}

/// Everything that is answered.
fn app(engine: &Engine, directory: &Path, settings: &Settings, access: &Access) -> Router {
    let health = Health {
        engine: engine.clone(),
        directory: directory.to_owned(),
        disk_free_bytes_min: settings.limits.disk_free_bytes_min,
    };
    let health =
        Router::new().route("/healthz", get(health::alive)).route("/readyz", get(health::ready)).with_state(health);
    let site = Site::new(engine.clone(), access.clone(), settings.printers.clone());
    let (routes, description) = access::routes(access.clone()).merge(http::routes(site)).split_for_parts();
    let routes = routes.merge(documentation::routes(description));
    let demo = if access.is_demo() { access::entrance(access.clone()) } else { Router::new() };
    routes.merge(health).merge(demo).fallback(assets::answer).method_not_allowed_fallback(wrong_method)
}

fn behind_the_door(app: Router, engine: &Engine, directory: &Path, access: &Access, is_encrypted: bool) -> Router {
    let metrics = Metrics::new(engine.clone(), directory.to_owned(), access.clone());
    let scraped = Router::new().route("/metrics", get(metrics::scrape)).with_state(metrics.clone());
    app.merge(scraped)
        .layer(from_fn_with_state(Door { access: access.clone(), is_open }, door))
        .layer(from_fn_with_state(Around { metrics, is_encrypted }, around))
}

/// There is something at this address, and it is used otherwise; the header Allow says how.
async fn wrong_method(method: Method, uri: Uri) -> Problem {
    let detail = format!("{} is not used with {method}", uri.path());
    Problem::new(Code::MethodNotAllowed, detail, "use a method that the header Allow names")
}

/// Whether everybody may read what is at a path.
fn is_open(path: &str) -> bool {
    assets::is_asset(path) || documentation::describes(path)
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Who may do what.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// The file with the certificate that clients may trust, where the server made it.
    pub fn own_certificate(&self) -> Option<&Path> {
        self.certificate.as_ref()?.1.as_deref()
    }

    /// Where a browser finds it.
    pub fn url(&self) -> String {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        let address = if self.address.ip().is_unspecified() {
            format!("localhost:{}", self.address.port())
        } else {
            self.address.to_string()
        };
        format!("{scheme}://{address}")
    }

    /// Stops: takes no more connections, finishes what runs, closes the engine.
    ///
    /// # Errors
    /// When the engine's disk failed.
    pub async fn stop(self) -> Result<Head, packtree::Error> {
        tracing::info!("stopping");
        self.handle.graceful_shutdown(Some(self.stop_max));
        match self.serving.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the listener ended with an error"),
            Err(error) => tracing::error!(%error, "the listener ended by a defect"),
        }
        let engine = self.engine;
        let closed = tokio::task::spawn_blocking(move || engine.close()).await;
        let closed = closed.unwrap_or(Err(packtree::Error::Defect));
        match &closed {
            Ok(head) => tracing::info!(fact = head.sequence.0, "stopped"),
            Err(error) => tracing::error!(%error, "the engine was not closed in order"),
        }
        closed
    }
}

/// Waits until somebody wants the process to end: Ctrl-C, or the system's SIGTERM.
pub(crate) async fn wish_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => {
                terminated.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
