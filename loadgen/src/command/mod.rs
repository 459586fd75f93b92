//! What the subcommands share: their exit status, and how they end when something is wrong.

pub(crate) mod compare;
pub(crate) mod crash;
pub(crate) mod find_max;
pub(crate) mod line;
pub(crate) mod make;
pub(crate) mod memory;
pub(crate) mod open;
pub(crate) mod profile;
pub(crate) mod report;
pub(crate) mod run;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;

use crate::machine::Observed;
use crate::report::verdict::{describe, doubts};

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// 0: done, and what was asked for holds.
    Good,
    /// 1: done, and something that was asked for does not hold.
    Failed,
    /// 2: what was given cannot be used.
    Unusable,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Good => 0,
            Status::Failed => 1,
            Status::Unusable => 2,
        })
    }
}

/// Ends a command: an error becomes a sentence and the status for what cannot be used.
pub(crate) fn end(result: Result<Status>) -> ExitCode {
    let status = result.unwrap_or_else(|error| {
        // Whoever closes a pipe has seen enough.
        let is_closed_pipe = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
        if is_closed_pipe.into_iter().any(|cause| cause.kind() == io::ErrorKind::BrokenPipe) {
            return Status::Good;
        }
        // Where there is no standard error nothing can be said.
        let _ = writeln!(io::stderr(), "error: {error:#}");
        Status::Unusable
    });
    status.into()
}

/// Says what the figures that follow are measured on, and what makes them doubtful.
fn print_machine(output: &mut impl Write) -> io::Result<()> {
    let machine = Observed::begin().end();
    writeln!(output, "{}", describe(&machine))?;
    doubts(&machine).iter().try_for_each(|doubt| writeln!(output, "warning: {doubt}"))
}
