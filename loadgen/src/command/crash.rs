//! `loadgen crash`: kills the process with the engine at random moments, and proves that nothing is lost and nothing invented.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use packtree::{Entropy as _, SystemEntropy};

use super::Status;
use super::run::stop_on_signal;
use crate::crash::{Cycles, Server, Start, Victim, child};
use crate::site::Folder;
use crate::target::TargetName;

/// From one line of progress to the next.
const TELL_EVERY: u64 = 10;

/// Kill the process with the engine at random moments, open what is left, and prove that every acknowledged operation is there and
/// nothing else is.
#[derive(Debug, Args)]
pub(crate) struct CrashArguments {
    /// How often.
    #[arg(long, default_value_t = 200)]
    cycles: u64,
    /// Plays the same again as another run with this seed; the moments of the kills fall where the machine lets them.
    #[arg(long)]
    seed: Option<u64>,
    /// embedded:DIR keeps the data in the empty folder DIR. In a temporary folder in the working directory if not given.
    #[arg(long)]
    target: Option<TargetName>,
    /// Kill a server instead: PROGRAM is the program packtree. It is played against over HTTP.
    #[arg(long, value_name = "PROGRAM")]
    server: Option<PathBuf>,
}

impl CrashArguments {
    pub(crate) fn run(&self, output: &mut impl Write, complaints: &mut impl Write) -> Result<Status> {
        let seed = self.seed.unwrap_or_else(|| SystemEntropy.next() as u64);
        let named = match &self.target {
            Some(TargetName::Embedded(folder)) => Some(folder.clone()),
            Some(TargetName::Server(_)) => {
                bail!(
                    "a process of another cannot be killed; start one with --server PROGRAM, and name a folder: embedded:DIR"
                )
            }
            None => None,
        };
        let folder = Folder::take(named)?;
        let victim = match &self.server {
            Some(program) => Victim::Server(Server::new(program.clone(), folder.path())?),
            None => Victim::Engine(std::env::current_exe().context("this program does not know where it is")?),
        };
        let mut cycles = Cycles::new(seed, folder.path().to_owned(), victim);
        let stop = stop_on_signal()?;
        writeln!(output, "seed {seed}, {}", folder.path().display())?;
        cycles.run(self.cycles, &stop, |survived| {
            if survived.cycles.is_multiple_of(TELL_EVERY) {
                let (done, acknowledged) = (survived.cycles, survived.acknowledged);
                // Where nobody reads it, the proof goes on.
                let _ = writeln!(
                    output,
                    "{done} cycles, {acknowledged} operations acknowledged, nothing lost, nothing invented"
                );
            }
        })?;
        let was_right = cycles.survived().problems.is_empty();
        let survived = cycles.finish()?;
        writeln!(
            output,
            "{} cycles ({} killed while opening), {} operations acknowledged, {} objects",
            survived.cycles, survived.killed_while_opening, survived.acknowledged, survived.objects
        )?;
        if survived.problems.is_empty() {
            writeln!(output, "nothing lost, nothing invented")?;
            return Ok(Status::Good);
        }
        let when = if was_right { "in the last comparison of everything" } else { "after a kill" };
        writeln!(complaints, "failed {when}, with --seed {seed}, in cycle {}:", survived.cycles + 1)?;
        survived.problems.iter().try_for_each(|problem| writeln!(complaints, "  {problem}"))?;
        Ok(Status::Failed)
    }
}

/// The process that `crash` kills. It reads where to begin from its standard input.
#[derive(Debug, Args)]
pub(crate) struct ChildArguments {
    folder: PathBuf,
}

impl ChildArguments {
    pub(crate) fn run(&self, pipe: &mut impl Write) -> Result<Status> {
        let start: Start = serde_json::from_reader(io::stdin().lock()).context("where to begin cannot be read")?;
        child(&self.folder, &start, pipe)?;
        Ok(Status::Good)
    }
}
