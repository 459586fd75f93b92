//! `loadgen profile`: prints a built-in profile, to be changed and used as a file.

use std::io::Write;

use anyhow::Result;
use clap::Args;

use super::Status;
use crate::profile::Profile;

/// Print a built-in profile, to be changed and given to `run --profile FILE`.
#[derive(Debug, Args)]
pub(crate) struct ProfileArguments {
    /// Its name: bottle, vial or site. All names if not given.
    name: Option<String>,
}

impl ProfileArguments {
    pub(crate) fn run(&self, output: &mut impl Write) -> Result<Status> {
        match &self.name {
            Some(name) => write!(output, "{}", Profile::built_in(name)?)?,
            None => writeln!(output, "{}", Profile::names())?,
        }
        Ok(Status::Good)
    }
}
