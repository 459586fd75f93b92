//! The journal: `verify`, `salvage`.

use packtree::journal::{self, Report as JournalReport};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What checking every byte of a journal found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verification {
    /// Whether nothing is wrong with it.
    pub whole: bool,
    /// Facts in it.
    pub facts: u64,
    /// Frames in it.
    pub frames: u64,
    /// The newest fact and its chain value.
    pub head: String,
    /// What is wrong with it.
    pub problems: Vec<JournalProblem>,
}

/// Something wrong with a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JournalProblem {
    /// The file.
    pub file: String,
    /// The frame in it.
    pub frame: u64,
    /// The byte at which the frame begins.
    pub offset: u64,
    /// What is wrong.
    pub what: String,
}

impl From<&JournalReport> for Verification {
    fn from(report: &JournalReport) -> Self {
        let problem = |problem: &journal::Problem| JournalProblem {
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

/// What was copied out of a damaged journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Salvage {
    /// The newest fact of the copy and its chain value.
    pub head: String,
    /// Facts in the copy.
    pub facts: u64,
    /// The newest fact that the head file knew.
    pub known: u64,
    /// Facts that were found and could not be vouched for.
    pub facts_unvouched: u64,
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

/// What was copied by a backup, or put back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Backup {
    /// The newest fact of the copy and its chain value.
    pub head: String,
    /// Facts in it.
    pub facts: u64,
    /// Segments in it.
    pub segments: usize,
    /// Bytes that they take.
    pub bytes: u64,
}

impl From<&journal::BackupReport> for Backup {
    fn from(report: &journal::BackupReport) -> Self {
        Self { head: report.head.to_string(), facts: report.facts, segments: report.segments, bytes: report.bytes }
    }
}
