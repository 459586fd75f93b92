//! The server that is killed: the program `packtree` on a free port, with a key to play with.

use std::io::{BufRead as _, BufReader, Write};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::child::{Start, play, write_checkpoints};
use crate::target::Http;

/// A server that is started again and again on the same folder.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    program: PathBuf,
    folder: PathBuf,
    key: String,
}

impl Server {
    /// Makes the key, in a folder in which there is nothing yet; nothing is started.
    ///
    /// # Errors
    /// When the program cannot be run, or makes no key.
    pub(crate) fn new(program: PathBuf, folder: &Path) -> Result<Self> {
        let mut command = command(&program);
        command.args(["key", "make", "loadgen", "--data"]).arg(folder);
        let output = command.output().with_context(|| cannot_start(&program))?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{} makes no key: {}", program.display(), complaint.trim());
        let key = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(Self { program, folder: folder.to_owned(), key })
    }

    pub(super) fn spawn(&self) -> Result<Child> {
        let mut command = command(&self.program);
        command.args(["serve", "--listen", "127.0.0.1:0"]).arg(&self.folder).env("PACKTREE_LOG_LEVEL", "warn");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().with_context(|| cannot_start(&self.program))
    }

    /// Waits until the server says where it listens, compares what is there, and plays until it is killed.
    pub(super) fn play(&self, banner: ChildStdout, start: &Start, pipe: &mut impl Write) -> Result<()> {
        // It is held to the end: a server whose output is closed stops.
        let mut banner = BufReader::new(banner);
        let mut line = String::new();
        let address = loop {
            line.clear();
            ensure!(banner.read_line(&mut line)? != 0, "the server ended before it said where it listens");
            if let Some(("screen", address)) = line.trim().split_once(' ') {
                break address.trim();
            }
        };
        let target = Http::new(address, &|name| (name == "PACKTREE_KEY").then(|| self.key.clone()))?;
        let client = target.client().clone();
        write_checkpoints(start, move || client.checkpoint().is_ok());
        play(&target, start, pipe)
    }
}

/// The program, without the settings of whoever runs this one.
fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    // Ctrl-C is for the one who kills: a group of its own keeps it from the program.
    command.env_clear().process_group(0);
    command
}

fn cannot_start(program: &Path) -> String {
    format!("{} cannot be started; name the program packtree with --server", program.display())
}
