//! `serve` and `check-config`: a server around an engine.

use std::env;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::Context;
use crate::failure::Failure;
use crate::serve::settings::{self, Metrics, Tls};
use crate::serve::{self, Banner, Settings};
use crate::{access, opening};

#[derive(clap::Args)]
pub(super) struct Serve {
    /// The directory that holds the data, made if it does not exist; or --data, the settings, or `PACKTREE_DATA`.
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
    /// The settings, a TOML file; variables of the environment go before it, and these arguments before both.
    #[arg(long, value_name = "FILE", env = "PACKTREE_SETTINGS")]
    settings: Option<PathBuf>,
    /// The address and port to listen at [default: 127.0.0.1:8480].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// off (on this machine only), self-signed, or CERTIFICATE,KEY (two PEM files) [default: off].
    #[arg(long, value_name = "HOW")]
    tls: Option<Tls>,
}

impl Serve {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<(), Failure> {
        let data = self.directory.or_else(|| context.data.clone());
        let arguments = settings::Arguments { listen: self.listen, data, tls: self.tls };
        let settings = Settings::read(self.settings.as_deref(), &variable, arguments).map_err(wrong)?;
        let directory = opening::directory(settings.data.as_deref())?;
        serve::logs::begin(&settings.log);
        let engine = opening::any(Some(&directory), settings.policy.policy())?;
        runtime()?.block_on(async {
            let options = options(&settings);
            let started = serve::start(engine.clone(), &directory, &settings, options).await;
            let running = started.map_err(|error| Failure::cannot(&error).remedy(error.remedy()))?;
            writeln!(context.out, "Packtree serves")?;
            Banner { running: &running, directory: &directory, style: context.out.style }.write(context.out)?;
            serve::first_administrator(&running, &directory, context.out)?;
            context.out.finish()?;
            serve::wish_to_stop().await;
            running.stop().await?;
            Ok(())
        })
    }
}

/// How access is checked, by the settings.
pub(super) fn options(settings: &Settings) -> access::Options {
    access::Options {
        idle: settings.sessions.idle,
        whole: settings.sessions.whole,
        open_metrics: settings.metrics == Metrics::Open,
        ..access::Options::default()
    }
}

pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::cannot(format!("no threads can be started: {error}")))
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

fn wrong(wrong: settings::Wrong) -> Failure {
    Failure::cannot(wrong)
        .remedy("correct the setting; `packtree check-config FILE` checks a file without starting anything")
}

#[derive(clap::Args)]
pub(super) struct CheckConfig {
    /// The settings, a TOML file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl CheckConfig {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let read = Settings::read(Some(&self.file), &variable, settings::Arguments::default()).map_err(wrong)?;
        let style = context.out.style;
        writeln!(context.out, "{} {}", style.good("right:"), self.file.display())?;
        let encryption = match &read.tls {
            Tls::Off => "not encrypted".to_owned(),
            Tls::SelfSigned => "encrypted with a certificate of its own".to_owned(),
            Tls::Files { certificate, .. } => format!("encrypted with {}", certificate.display()),
        };
        writeln!(context.out, "  listens at {}, {encryption}", read.listen)?;
        let data = read.data.as_ref().map_or_else(|| "named elsewhere".to_owned(), |data| data.display().to_string());
        writeln!(context.out, "  data: {data}")?;
        Ok(())
    }
}
