//! `verify` and `salvage`: whether everything is there, and what to do when it is not.

use std::io::Write as _;
use std::path::PathBuf;

use packtree::disk::RealDisk;
use packtree::journal;

use super::Context;
use packtree_wire as wire;

use crate::failure::Failure;
use crate::{opening, words};

#[derive(clap::Args)]
pub(super) struct Verify {
    /// The directory, if it is not named by --data.
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
}

impl Verify {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let directory = opening::directory(self.directory.as_deref().or(context.data.as_deref()))?;
        let disk = opening::disk_of_existing(&directory)?;
        let spinner = opening::spinner("checking every byte");
        let report = journal::verify(&disk);
        spinner.finish_and_clear();
        let report = report.map_err(Failure::cannot)?;
        if context.json {
            context.out.json(&wire::Verification::from(&report))?;
        } else {
            print(context, &report, &opening::quoted(directory.as_os_str()))?;
        }
        if report.whole { Ok(()) } else { Err(Failure::Answered) }
    }
}

fn print(context: &mut Context<'_>, report: &journal::Report, directory: &str) -> Result<(), Failure> {
    let style = context.out.style;
    let counted = format!("{} in {}", words::count(report.facts, "fact"), words::count(report.frames, "frame"));
    if report.whole {
        writeln!(context.out, "{} {counted}", style.good("whole:"))?;
    } else {
        writeln!(context.out, "{} {counted} check", style.bad("not whole:"))?;
    }
    for problem in &report.problems {
        writeln!(context.out, "  {problem}")?;
    }
    if 0 < report.problems_left_out {
        writeln!(context.out, "  and {} more", words::count(report.problems_left_out, "problem"))?;
    }
    if let Some(torn) = &report.torn {
        let bytes = words::count(torn.bytes, "byte");
        writeln!(
            context.out,
            "  {bytes} of a write that was interrupted and never acknowledged; the next opening cuts them"
        )?;
    }
    writeln!(context.out, "  {} {}", style.faint("head:"), report.head)?;
    if !report.whole {
        writeln!(context.out, "  {}   packtree salvage --data {directory} NEW-DIR", style.faint("do:"))?;
    }
    Ok(())
}

#[derive(clap::Args)]
pub(super) struct Salvage {
    /// The new directory.
    #[arg(value_name = "NEW-DIR")]
    to: PathBuf,
}

impl Salvage {
    pub(super) fn run(&self, context: &mut Context<'_>) -> Result<(), Failure> {
        let directory = opening::directory(context.data.as_deref())?;
        let from = opening::disk_of_existing(&directory)?;
        let unusable = |error| Failure::cannot(format!("the directory {} cannot be made: {error}", self.to.display()));
        let to = RealDisk::create(&self.to).map_err(unusable)?;
        let spinner = opening::spinner("copying what can be vouched for");
        let report = journal::salvage(&from, &to);
        spinner.finish_and_clear();
        let report = report.map_err(Failure::cannot)?;
        if context.json {
            return context.out.json(&wire::Salvage::from(&report));
        }
        let style = context.out.style;
        let counted = words::count(report.facts, "fact");
        writeln!(context.out, "{} {counted}, up to #{}", style.good("copied:"), report.head.sequence)?;
        if report.head.sequence < report.known {
            let lost = report.known.0 - report.head.sequence.0;
            let lost = format!("{} behind it cannot be vouched for", words::count(lost, "fact"));
            writeln!(context.out, "  {lost}; {} of them check by themselves", report.facts_unvouched)?;
        }
        let to = opening::quoted(self.to.as_os_str());
        Ok(writeln!(context.out, "  {}   packtree verify --data {to}", style.faint("do:"))?)
    }
}
