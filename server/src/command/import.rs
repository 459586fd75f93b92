//! `import`: EPCIS documents become operations.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use packtree::fact::Name;
use packtree::policy::LateEvent;
use packtree::{Engine, Options, Policy};
use packtree_epcis::{Conflict, ConflictKind, Import as Importing, ImportSettings, Place, Report};

use super::Context;
use super::write::{late_event, user};
use packtree_wire as wire;

use crate::failure::Failure;
use crate::output::Output;
use crate::{opening, words};

/// Refused events, conflicts and warnings that are printed for people; `--json` prints all refused ones.
const PRINTED_MAX: usize = 20;

#[derive(clap::Args)]
pub(super) struct Import {
    /// The documents; `-` is standard input. What packs may come before what commissions.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Show what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// In whose name; the name of the system's user where it is left out.
    #[arg(long, value_name = "NAME", value_parser = Name::new)]
    actor: Option<Name>,
    /// What to do with an event out of order: record (a late one), refuse, park (record a late one, keep an early one until its turn).
    #[arg(long, value_name = "WORD", default_value = "record", value_parser = late_event)]
    late: LateEvent,
}

impl Import {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let documents = self.open_documents()?;
        let settings = settings(self.actor.as_ref())?;
        let policy = Policy { late_event: self.late, ..Policy::partner_documents() };
        let data = context.data.as_deref();
        let report = if self.dry_run && !opening::has_data(&opening::directory(data)?) {
            // Looking must not begin a directory, so the engine is one that is thrown away.
            let nowhere =
                tempfile::tempdir().map_err(|error| Failure::cannot(format!("no temporary directory: {error}")))?;
            let options = Options { policy, ..Options::default() };
            let engine = Engine::open(nowhere.path(), options).map_err(Failure::cannot)?;
            import(Importing::rehearsal(&engine, settings), documents)?
        } else {
            let engine = opening::any(data, policy)?;
            let report = if self.dry_run {
                import(Importing::rehearsal(&engine, settings), documents)?
            } else {
                import(Importing::new(&engine, settings), documents)?
            };
            engine.close()?;
            report
        };
        if context.json {
            context.out.json(&wire::Import::from(&report))?;
        } else {
            print(context.out, &report, self.dry_run)?;
        }
        if report.refused.is_empty() { Ok(()) } else { Err(Failure::Answered) }
    }

    /// Opens all documents before the first is read, so that a wrong name is noticed before anything is done.
    fn open_documents(&self) -> Result<Vec<Document>, Failure> {
        self.files.iter().map(|path| open_document(path)).collect()
    }
}

/// How documents are imported from the command line.
fn settings(actor: Option<&Name>) -> Result<ImportSettings, Failure> {
    let actor = match actor {
        Some(actor) => actor.clone(),
        None => user()?,
    };
    ImportSettings::new(actor.as_str()).map_err(Failure::cannot)
}

struct Document {
    name: String,
    bytes: u64,
    source: Box<dyn Read>,
}

fn open_document(path: &Path) -> Result<Document, Failure> {
    if path.as_os_str() == OsStr::new("-") {
        return Ok(Document { name: "standard input".to_owned(), bytes: 0, source: Box::new(io::stdin()) });
    }
    let name = path.display().to_string();
    let unreadable = |error: &dyn std::fmt::Display| {
        Failure::cannot(format!("the document {name} cannot be read: {error}"))
            .remedy("check the path; nothing was imported")
    };
    let found = fs::metadata(path).map_err(|error| unreadable(&error))?;
    if found.is_dir() {
        return Err(unreadable(&"it is a directory"));
    }
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    Ok(Document { name, bytes: found.len(), source: Box::new(file) })
}

fn import(mut importing: Importing<'_>, documents: Vec<Document>) -> Result<Report, Failure> {
    let progress = progress(documents.iter().map(|document| document.bytes).sum());
    for document in documents {
        progress.set_message(document.name.clone());
        importing.read(document.name, progress.wrap_read(document.source))?;
    }
    let report = importing.finish()?;
    progress.finish_and_clear();
    Ok(report)
}

/// A bar that fills with the bytes that are read; shown on a terminal only.
fn progress(bytes: u64) -> ProgressBar {
    const SHOWN: &str = "{bar:40} {bytes}/{total_bytes} {binary_bytes_per_sec} {wide_msg}";
    let style = ProgressStyle::with_template(SHOWN).expect("the template is well formed");
    ProgressBar::new(bytes).with_style(style)
}

/// What came of an import, for people.
pub(super) fn print(out: &mut Output, report: &Report, dry_run: bool) -> Result<(), Failure> {
    let style = out.style;
    let read = format!("{} from {}", words::count(report.events, "event"), words::count(report.documents, "document"));
    let would = if dry_run { " would be" } else { "" };
    let parts = [
        (report.applied, "applied"),
        (report.recorded, "recorded without a change"),
        (report.parked, "parked until what it builds on arrives"),
        (report.repeated, "known already"),
        (report.refused_total(), "refused"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| 0 < *n).map(|(n, what)| format!("{}{would} {what}", words::grouped(*n))).collect();
    writeln!(out, "{read}: {}", if parts.is_empty() { "nothing to do".to_owned() } else { parts.join(", ") })?;
    for refused in report.refused.iter().take(PRINTED_MAX) {
        let event = refused.index.map_or_else(String::new, |index| format!(", event {index}"));
        let id = refused.event_id.as_ref().map_or_else(String::new, |id| format!(" ({id})"));
        writeln!(out, "{} {}, line {}{event}{id}", style.bad("refused:"), refused.file, refused.line)?;
        for line in refused.reason.lines() {
            writeln!(out, "  {line}")?;
        }
        writeln!(out, "  {}  {}", style.faint("code:"), refused.code)?;
    }
    left_out(out, report.refused_total(), "refused event", "; --json lists them")?;
    for conflict in report.conflicts.iter().take(PRINTED_MAX) {
        writeln!(out, "{} {}", style.odd("conflict:"), contradiction(conflict))?;
    }
    left_out(out, report.conflicts.len() as u64 + report.conflicts_more, "conflict", "")?;
    for (file, warning) in report.warnings.iter().take(PRINTED_MAX) {
        writeln!(out, "{} {file}, {warning}", style.odd("warning:"))?;
    }
    left_out(out, report.warnings.len() as u64 + report.warnings_more, "warning", "")
}

/// What two events say of one object that cannot both be so.
fn contradiction(conflict: &Conflict) -> String {
    let object = &conflict.object;
    let said = match &conflict.kind {
        ConflictKind::SeveralParents { first, second } => format!("{object} is put into {first} and into {second}"),
        ConflictKind::Cycle { parent } => format!("{object} is put into {parent}, which it contains"),
    };
    let place = |place: &Place| format!("{}, line {}", place.file, place.line);
    format!("{said}\n  {}\n  {}", place(&conflict.first), place(&conflict.second))
}

fn left_out(out: &mut Output, number: u64, what: &str, remark: &str) -> Result<(), Failure> {
    if let more @ 1.. = number.saturating_sub(PRINTED_MAX as u64) {
        writeln!(out, "and {}{remark}", words::count(more, &format!("more {what}")))?;
    }
    Ok(())
}
