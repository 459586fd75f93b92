//! Plays packaging lines against a target, says how long they waited, and checks afterwards that everything that was acknowledged is
//! there.

mod command;
mod crash;
mod machine;
mod make;
mod measure;
mod model;
mod play;
mod profile;
mod quantity;
mod random;
mod report;
mod setting;
mod site;
mod target;
mod workload;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Play packaging lines against an engine, and check the answer.
///
/// Exit status: 0 all is as it must be; 1 something is not, and the report says what; 2 it could not run.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Run(command::run::RunArguments),
    FindMax(command::find_max::FindMaxArguments),
    Crash(command::crash::CrashArguments),
    #[command(hide = true)]
    CrashChild(command::crash::ChildArguments),
    Profile(command::profile::ProfileArguments),
    Line(command::line::LineArguments),
    Memory(command::memory::MemoryArguments),
    Open(command::open::OpenArguments),
    Report(command::report::Report),
    Compare(command::compare::Compare),
    Make(command::make::Make),
}

fn main() -> ExitCode {
    let (output, complaints) = (&mut io::stdout(), &mut io::stderr());
    command::end(match Arguments::parse().what {
        What::Run(run) => run.run(output, complaints),
        What::FindMax(find_max) => find_max.run(output, complaints),
        What::Crash(crash) => crash.run(output, complaints),
        What::CrashChild(child) => child.run(output),
        What::Profile(profile) => profile.run(output),
        What::Line(line) => line.run(output),
        What::Memory(memory) => memory.run(output),
        What::Open(open) => open.run(output),
        What::Report(report) => report.run(output, complaints),
        What::Compare(compare) => compare.run(output),
        What::Make(make) => make.run(complaints),
    })
}
