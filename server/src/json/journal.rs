//! The journal: `verify`, `salvage`, `backup`, `restore`.

use packtree::journal::{self, Report as JournalReport};
use serde::Serialize;

/// `verify`.
#[derive(Serialize)]
pub(crate) struct Verification {
    whole: bool,
    facts: u64,
    frames: u64,
    head: String,
    problems: Vec<Problem>,
}

#[derive(Serialize)]
struct Problem {
    file: String,
    frame: u64,
    offset: u64,
    what: String,
}

impl From<&JournalReport> for Verification {
    fn from(report: &JournalReport) -> Self {
        let problem = |problem: &journal::Problem| Problem {
            file: problem.segment.clone(),
            frame: problem.frame,
            offset: problem.offset,
            what: problem.what.clone(),
        };
        Self {
            whole: report.whole,
            facts: report.facts,
            frames: report.frames,
            head: report.head.to_string(),
            problems: report.problems.iter().map(problem).collect(),
        }
    }
}

/// `salvage`.
#[derive(Serialize)]
pub(crate) struct Salvage {
    head: String,
    facts: u64,
    known: u64,
    facts_unvouched: u64,
}

impl From<&journal::SalvageReport> for Salvage {
    fn from(report: &journal::SalvageReport) -> Self {
        Self {
            head: report.head.to_string(),
            facts: report.facts,
            known: report.known.0,
            facts_unvouched: report.facts_unvouched,
        }
    }
}

/// `backup` and `restore`.
#[derive(Serialize)]
pub(crate) struct Backup {
    head: String,
    facts: u64,
    segments: usize,
    bytes: u64,
}

impl From<&journal::BackupReport> for Backup {
    fn from(report: &journal::BackupReport) -> Self {
        Self { head: report.head.to_string(), facts: report.facts, segments: report.segments, bytes: report.bytes }
    }
}
