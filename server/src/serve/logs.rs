//! Log lines on standard error: text on a terminal, JSON elsewhere. They name who, what and how long; never a body or a secret.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::filter::LevelFilter;

use super::settings::{Log, LogFormat, LogLevel};

/// Begins to log. The first call of a process counts.
pub(crate) fn begin(log: &Log) {
    let level = match log.level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let is_text = match log.format {
        LogFormat::Auto => io::stderr().is_terminal(),
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    // Debug is about this server: what the libraries below it say at that level may hold bytes of bodies.
    let filter = tracing_subscriber::EnvFilter::new(format!("warn,packtree_server={level}"));
    let subscriber = tracing_subscriber::fmt().with_writer(io::stderr).with_env_filter(filter).with_target(false);
    let begun =
        if is_text { subscriber.compact().try_init() } else { subscriber.json().flatten_event(true).try_init() };
    if begun.is_err() {
        tracing::debug!("log lines go where they went before");
    }
}
