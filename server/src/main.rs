//! The command line `packtree`: which unit is in which case on which pallet, from a shell.
//!
//! It has no rules of its own: arguments become an operation or a question, the engine answers, the answer is printed. Exit codes: 0
//! done; 1 refused, not found, or not whole; 2 cannot run.

mod command;
mod failure;
mod json;
mod named;
mod opening;
mod output;
mod words;

use std::process::ExitCode;

use clap::Parser;

use crate::command::Arguments;
use crate::output::Output;

fn main() -> ExitCode {
    let mut out = Output::standard();
    let result = command::run(Arguments::parse(), &mut out).and_then(|()| Ok(out.finish()?));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(&mut out),
    }
}
