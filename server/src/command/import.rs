//! `import`: EPCIS documents become operations.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use packtree::Policy;
use packtree::fact::Name;
use packtree::policy::LateEvent;
use packtree_wire as wire;

use super::Context;
use super::source::{Document, Purpose};
use super::write::late_event;
use crate::failure::Failure;
use crate::output::Output;
use crate::words;

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
    /// What to do with an event out of order: record (a late one), refuse, park (record a late one, keep an early one until its turn)
    /// [default: record].
    #[arg(long, value_name = "WORD", value_parser = late_event)]
    late: Option<LateEvent>,
}

impl Import {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let documents = self.open_documents()?;
        let source = context.source(self.purpose())?;
        let bytes_max = source.document_bytes_max();
        if let Some(large) = documents.iter().find(|document| bytes_max <= document.bytes) {
            let (name, gib) = (&large.name, bytes_max >> 30);
            return Err(Failure::cannot(format!("the document {name} is too large: a server takes {gib} GiB at most"))
                .remedy("divide it, or stop the server and import it there with --data DIR"));
        }
        let progress = progress(documents.iter().map(|document| document.bytes).sum());
        let mut shown = documents.into_iter().map(|Document { name, bytes, content }| {
            progress.set_message(name.clone());
            Document { name, bytes, content: Box::new(progress.wrap_read(content)) }
        });
        let report = source.import(&mut shown, self.actor.as_ref(), self.dry_run)?;
        progress.finish_and_clear();
        source.close()?;
        if context.json {
            context.out.json(&report)?;
        } else {
            print(context.out, &report, self.dry_run)?;
        }
        if report.refused.is_empty() { Ok(()) } else { Err(Failure::Answered) }
    }

    fn purpose(&self) -> Purpose {
        let late_event = self.late.unwrap_or(LateEvent::Record);
        let given = [("--actor", self.actor.is_some()), ("--late", self.late.is_some())];
        Purpose {
            policy: Policy { late_event, ..Policy::partner_documents() },
            begins: true,
            is_dry_run: self.dry_run,
            options: given.iter().filter(|(_, is_given)| *is_given).map(|(option, _)| *option).collect(),
        }
    }

    /// Opens all documents before the first is read, so that a wrong name is noticed before anything is done.
    fn open_documents(&self) -> Result<Vec<Document>, Failure> {
        self.files.iter().map(|path| open_document(path)).collect()
    }
}

fn open_document(path: &Path) -> Result<Document, Failure> {
    if path.as_os_str() == OsStr::new("-") {
        return Ok(Document { name: "standard input".to_owned(), bytes: 0, content: Box::new(io::stdin()) });
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
    Ok(Document { name, bytes: found.len(), content: Box::new(file) })
}

/// A bar that fills with the bytes that are read; shown on a terminal only.
fn progress(bytes: u64) -> ProgressBar {
    const SHOWN: &str = "{bar:40} {bytes}/{total_bytes} {binary_bytes_per_sec} {wide_msg}";
    let style = ProgressStyle::with_template(SHOWN).expect("the template is well formed");
    ProgressBar::new(bytes).with_style(style)
}

/// What came of an import, for people.
pub(super) fn print(out: &mut Output, report: &wire::Import, dry_run: bool) -> Result<(), Failure> {
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
        let place = |place: &wire::EventPlace| format!("{}, line {}", place.file, place.line);
        let (first, second) = (place(&conflict.first), place(&conflict.second));
        writeln!(out, "{} {}\n  {first}\n  {second}", style.odd("conflict:"), conflict.sentence)?;
    }
    left_out(out, report.conflicts.len() as u64 + report.conflicts_more, "conflict", "")?;
    for wire::Oddity { file, line, sentence } in report.warnings.iter().take(PRINTED_MAX) {
        writeln!(out, "{} {file}, line {line}: {sentence}", style.odd("warning:"))?;
    }
    left_out(out, report.warnings.len() as u64 + report.warnings_more, "warning", "")
}

fn left_out(out: &mut Output, number: u64, what: &str, remark: &str) -> Result<(), Failure> {
    if let more @ 1.. = number.saturating_sub(PRINTED_MAX as u64) {
        writeln!(out, "and {}{remark}", words::count(more, &format!("more {what}")))?;
    }
    Ok(())
}
