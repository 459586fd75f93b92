//! Plays packaging lines against the embedded engine, says how long they waited, and checks afterwards that everything that was
//! acknowledged is there.

#![expect(clippy::print_stdout, reason = "a command line prints its report")]

mod command;
mod fill;
mod line;
mod machine;
mod make;
mod memory;
mod open;
mod quantity;
mod report;
mod site;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Play packaging lines against the engine.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Fill a site as fast as it goes: commission units, pack them into cases and the cases onto pallets; then reopen and check.
    Fill {
        /// Units to pack.
        #[arg(long, default_value_t = 1_000_000)]
        units: u64,
        /// Lines that work at the same time.
        #[arg(long, default_value_t = 2)]
        lines: u64,
        /// Operations that each line has in flight.
        #[arg(long, default_value_t = 1_000)]
        in_flight: usize,
        /// Where to work; a folder that must be empty. A temporary one beside the program's working directory if not given.
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// Open a site that was filled before, and say how long it took and how much memory it needs.
    Open {
        /// The folder of the site.
        data: PathBuf,
    },
    /// Fill a site in memory alone, and say what its state takes.
    Memory {
        /// Units to pack.
        #[arg(long, default_value_t = 20_000_000)]
        units: u64,
    },
    /// One line alone, one unit a call, on a fixed schedule; beside it a bare write and fdatasync of the same bytes on the same disk.
    Line {
        /// Units a minute.
        #[arg(long, default_value_t = 6_000)]
        upm: u32,
        /// Units in all.
        #[arg(long, default_value_t = 10_000)]
        units: u64,
        /// Where to work, as for `fill`.
        #[arg(long)]
        data: Option<PathBuf>,
    },
    Report(command::report::Report),
    Compare(command::compare::Compare),
    Make(command::make::Make),
}

fn main() -> Result<ExitCode> {
    match Arguments::parse().what {
        What::Fill { units, lines, in_flight, data } => {
            fill::run(&fill::Plan { units, lines, in_flight }, &site::Folder::take(data)?)
        }
        What::Open { data } => open::run(&data),
        What::Memory { units } => memory::run(units),
        What::Line { upm, units, data } => line::run(&line::Plan { upm, units }, &site::Folder::take(data)?),
        What::Report(report) => return Ok(command::end(report.run(&mut io::stdout(), &mut io::stderr()))),
        What::Compare(compare) => return Ok(command::end(compare.run(&mut io::stdout()))),
        What::Make(make) => return Ok(command::end(make.run(&mut io::stderr()))),
    }?;
    Ok(ExitCode::SUCCESS)
}
