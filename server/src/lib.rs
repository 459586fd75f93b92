//! Packtree for people and machines: the command line, the HTTP API and the warehouse screen around an engine.
//!
//! An application that embeds the engine puts a [`http::Site`] around it and serves line and warehouse from one hierarchy; the binary
//! `packtree` does the same with an engine of its own.

mod command;
mod failure;
mod named;
mod opening;
mod output;
mod words;

pub mod access;
pub mod http;
pub mod label;
pub mod serve;

use std::process::ExitCode;

use clap::Parser;

use crate::command::Arguments;
use crate::output::Output;

/// Does what the arguments of the process ask for: the whole of the binary `packtree`.
///
/// It has no rules of its own: arguments become an operation or a question, the engine answers, the answer is printed. Exit codes: 0
/// done; 1 refused, not found, or not whole; 2 cannot run.
pub fn command_line() -> ExitCode {
    let mut out = Output::standard();
    let result = command::run(Arguments::parse(), &mut out).and_then(|()| Ok(out.finish()?));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(&mut out),
    }
}
