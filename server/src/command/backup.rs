//! `backup` and `restore`: a copy of the data, made while they are in use, and put back.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use packtree::backup;
use packtree::journal::{BackupError, BackupReport};

use super::Context;
use crate::failure::Failure;
use crate::{json, opening, words};

#[derive(clap::Args)]
pub(super) struct Backup {
    /// The new directory that becomes the copy.
    #[arg(value_name = "TO")]
    to: PathBuf,
}

impl Backup {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let directory = opening::directory(context.data.as_deref())?;
        let report = copy(&directory, &self.to)?;
        if context.json {
            return context.out.json(&json::Backup::from(&report));
        }
        print(context, &report)?;
        let (style, to) = (context.out.style, opening::quoted(self.to.as_os_str()));
        Ok(writeln!(
            context.out,
            "  {}   keep the head elsewhere; packtree restore {to} --data NEW-DIR",
            style.faint("do:")
        )?)
    }
}

#[derive(clap::Args)]
pub(super) struct Restore {
    /// The directory that `packtree backup` made.
    #[arg(value_name = "FROM")]
    from: PathBuf,
}

impl Restore {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let directory = opening::directory(context.data.as_deref())?;
        if opening::has_data(&directory) {
            return Err(Failure::cannot(format!("there are data in {} already", directory.display()))
                .remedy("name a new directory with --data; nothing was changed"));
        }
        let report = copy(&self.from, &directory)?;
        if context.json {
            return context.out.json(&json::Backup::from(&report));
        }
        print(context, &report)?;
        let style = context.out.style;
        Ok(writeln!(context.out, "  {}   compare the head with the one that you kept", style.faint("do:"))?)
    }
}

fn copy(from: &Path, to: &Path) -> Result<BackupReport, Failure> {
    opening::disk_of_existing(from)?;
    let spinner = opening::spinner("copying and checking every byte");
    let report = backup(from, to);
    spinner.finish_and_clear();
    report.map_err(|error| {
        let failure = Failure::cannot(&error);
        match error {
            BackupError::Check(_) => failure.remedy(format!(
                "packtree verify {} lists every place; the copy was not finished and does not open",
                opening::quoted(from.as_os_str())
            )),
            _ => failure,
        }
    })
}

fn print(context: &mut Context<'_>, report: &BackupReport) -> Result<(), Failure> {
    let style = context.out.style;
    let facts = words::count(report.facts, "fact");
    let segments = words::count(report.segments as u64, "segment");
    let bytes = words::count(report.bytes, "byte");
    writeln!(context.out, "{} {facts} in {segments}, {bytes}, every byte checked", style.good("copied:"))?;
    Ok(writeln!(context.out, "  {} {}", style.faint("head:"), report.head)?)
}
