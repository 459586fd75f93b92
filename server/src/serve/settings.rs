//! How a server runs: one file, variables of the environment over it, arguments over both.

mod environment;
mod file;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use packtree::Policy;

pub use environment::VARIABLES;

/// Where it listens unless told otherwise.
pub const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8480);

/// How a server runs. What is in here was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The address and port to listen at.
    pub listen: SocketAddr,
    /// The directory of the engine.
    pub data: Option<PathBuf>,
    /// Whether and how connections are encrypted.
    pub tls: Tls,
    /// Who may read the metrics.
    pub metrics: Metrics,
    /// Label printers by host and port; nothing is printed elsewhere.
    pub printers: Vec<Printer>,
    /// How long people stay signed in.
    pub sessions: Sessions,
    /// How much the server takes.
    pub limits: Limits,
    /// What is logged, and how.
    pub log: Log,
    /// The rules until an administrator sets others.
    pub policy: Preset,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: LISTEN_DEFAULT,
            data: None,
            tls: Tls::Off,
            metrics: Metrics::Closed,
            printers: Vec::new(),
            sessions: Sessions::default(),
            limits: Limits::default(),
            log: Log::default(),
            policy: Preset::StrictLine,
        }
    }
}

/// Whether and how connections are encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: on the loopback interface only.
    #[default]
    Off,
    /// With a certificate that the server makes for itself and keeps in the data directory.
    SelfSigned,
    /// With a certificate of the company's.
    Files {
        /// The chain of certificates, PEM, the server's own first.
        certificate: PathBuf,
        /// Its private key, PEM.
        key: PathBuf,
    },
}

/// Who may read the metrics and the description of the API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Metrics {
    /// Everybody with credentials.
    #[default]
    Closed,
    /// Everybody on this machine, where the server listens to this machine only.
    Open,
}

/// The address of a label printer, `host:port`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Printer(String);

impl Printer {
    /// The address as `host:port`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How long people stay signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sessions {
    /// After so long without a request a session ends.
    pub idle: Duration,
    /// After so long a session ends whatever happens in it.
    pub whole: Duration,
}

impl Default for Sessions {
    /// Half an hour, and twelve hours: a pause and a shift.
    fn default() -> Self {
        Self { idle: Duration::from_mins(30), whole: Duration::from_hours(12) }
    }
}

/// How much the server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time; more are closed as they come.
    pub connections: usize,
    /// Below so many free bytes on the disk the server says that it is not ready.
    pub disk_free_bytes_min: u64,
    /// How long the head of a request may take, also the next one of a connection.
    pub head: Duration,
    /// How long running requests may take to finish when the server stops.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            disk_free_bytes_min: 1 << 30,
            head: Duration::from_secs(20),
            stop: Duration::from_secs(20),
        }
    }
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// In which form.
    pub format: LogFormat,
    /// From which level on.
    pub level: LogLevel,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Auto, level: LogLevel::Info }
    }
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// The least level that is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogLevel {
    /// What failed.
    Error,
    /// And what wants attention.
    Warn,
    /// And every request.
    #[default]
    Info,
    /// And details of the server.
    Debug,
}

/// The rules that a site begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// The strict choice everywhere.
    #[default]
    StrictLine,
    /// For documents from partners.
    PartnerDocuments,
    /// For a warehouse that trusts the last scan.
    LenientWarehouse,
}

impl Preset {
    /// The rules.
    pub fn policy(self) -> Policy {
        match self {
            Self::StrictLine => Policy::strict_line(),
            Self::PartnerDocuments => Policy::partner_documents(),
            Self::LenientWarehouse => Policy::lenient_warehouse(),
        }
    }
}

/// A setting that is wrong: where it stands, what is wrong, and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    place: String,
    what: String,
}

impl Wrong {
    fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl std::error::Error for Wrong {}

/// What the arguments of the command line say over file and environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// Where to listen.
    pub listen: Option<SocketAddr>,
    /// The directory of the engine.
    pub data: Option<PathBuf>,
    /// Whether and how connections are encrypted.
    pub tls: Option<Tls>,
}

impl Settings {
    /// Reads the file, puts the environment over it and the arguments over both, and checks what comes of it.
    ///
    /// # Errors
    /// The first setting that is wrong.
    pub fn read(
        path: Option<&Path>,
        variable: &dyn Fn(&str) -> Option<String>,
        arguments: Arguments,
    ) -> Result<Self, Wrong> {
        let mut listen_said_in = "the default".to_owned();
        let mut settings = Self::default();
        if let Some(path) = path {
            let place = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .map_err(|error| Wrong::new(place.clone(), format!("the settings cannot be read: {error}")))?;
            let folder = path.parent().unwrap_or_else(|| Path::new("."));
            let listen_line = file::read(&text, &place, folder, &mut settings)?;
            listen_said_in = listen_line.unwrap_or(listen_said_in);
        }
        if environment::read(variable, &mut settings)? {
            "PACKTREE_LISTEN".clone_into(&mut listen_said_in);
        }
        if let Some(listen) = arguments.listen {
            settings.listen = listen;
            "--listen".clone_into(&mut listen_said_in);
        }
        settings.data = arguments.data.or(settings.data);
        settings.tls = arguments.tls.unwrap_or(settings.tls);
        settings.check(&listen_said_in)?;
        Ok(settings)
    }

    /// Whether only this machine reaches the server.
    pub fn is_local(&self) -> bool {
        self.listen.ip().is_loopback()
    }

    fn check(&self, listen_said_in: &str) -> Result<(), Wrong> {
        if self.tls == Tls::Off && !self.is_local() {
            let what = format!(
                "{} can be reached from other machines, and passwords and cookies would cross the network unencrypted; \
                 allowed are a loopback address such as {LISTEN_DEFAULT}, or tls = \"self-signed\", or a certificate and key",
                self.listen
            );
            return Err(Wrong::new(listen_said_in, what));
        }
        if self.metrics == Metrics::Open && !self.is_local() {
            let what = format!(
                "metrics are open to everybody who reaches {}; allowed is \"open\" on a loopback address only; \
                 give the collector an API key with the role auditor instead",
                self.listen
            );
            return Err(Wrong::new("metrics", what));
        }
        if self.sessions.whole < self.sessions.idle {
            let what = "a session would end before it is idle; idle_minutes must not be longer than hours";
            return Err(Wrong::new("sessions", what));
        }
        Ok(())
    }
}

/// The words of settings that are one of a few.
trait Choice: Sized + Copy + 'static {
    const ALL: &'static [(&'static str, Self)];

    fn from_word(word: &str) -> Result<Self, String> {
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, choice)| *choice).ok_or_else(|| {
            let words: Vec<String> = Self::ALL.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            format!("\"{word}\" is not known; allowed are {}", words.join(", "))
        })
    }
}

impl Choice for Metrics {
    const ALL: &'static [(&'static str, Self)] = &[("closed", Self::Closed), ("open", Self::Open)];
}

impl Choice for LogFormat {
    const ALL: &'static [(&'static str, Self)] = &[("auto", Self::Auto), ("text", Self::Text), ("json", Self::Json)];
}

impl Choice for LogLevel {
    const ALL: &'static [(&'static str, Self)] =
        &[("error", Self::Error), ("warn", Self::Warn), ("info", Self::Info), ("debug", Self::Debug)];
}

impl Choice for Preset {
    const ALL: &'static [(&'static str, Self)] = &[
        ("strict_line", Self::StrictLine),
        ("partner_documents", Self::PartnerDocuments),
        ("lenient_warehouse", Self::LenientWarehouse),
    ];
}

/// An address to listen at.
pub(crate) fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        format!("\"{text}\" is no address and port; allowed are an IP address and a port, such as \"{LISTEN_DEFAULT}\" or \"[::1]:8480\"")
    })
}

impl FromStr for Tls {
    type Err = String;

    /// `off`, `self-signed`, or the files of certificate and key with a comma between them.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            "self-signed" => Ok(Self::SelfSigned),
            _ => match text.split_once(',') {
                Some((certificate, key)) if !certificate.is_empty() && !key.is_empty() => {
                    Ok(Self::Files { certificate: certificate.into(), key: key.into() })
                }
                _ => Err(format!(
                    "\"{text}\" is not known; allowed are off, self-signed, or CERTIFICATE,KEY (two PEM files)"
                )),
            },
        }
    }
}

impl FromStr for Printer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_printer = text.rsplit_once(':').is_some_and(|(host, port)| {
            let of_host = |character: char| character.is_ascii_alphanumeric() || ".-_[]:".contains(character);
            !host.is_empty() && host.chars().all(of_host) && port.parse::<u16>().is_ok_and(|port| 0 < port)
        });
        if is_printer {
            return Ok(Self(text.to_owned()));
        }
        Err(format!("\"{text}\" is no printer; allowed is HOST:PORT, such as \"labels.example.com:9100\""))
    }
}

/// A number of a range.
fn within(number: u64, least: u64, most: u64) -> Result<u64, String> {
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(format!("{number} is out of range; allowed are {least} to {most}"))
}

/// An idle time in minutes, from a minute to a day.
fn idle_minutes(number: u64) -> Result<Duration, String> {
    Ok(Duration::from_mins(within(number, 1, 24 * 60)?))
}

/// The longest time of a session in hours, up to a week.
fn session_hours(number: u64) -> Result<Duration, String> {
    Ok(Duration::from_hours(within(number, 1, 7 * 24)?))
}

/// A number of connections. One process has a few thousand file descriptors to give away.
fn connections(number: u64) -> Result<usize, String> {
    Ok(within(number, 8, 16_384)? as usize)
}
