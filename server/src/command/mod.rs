//! What can be asked for on the command line; one file for each group of verbs.

mod backup;
mod checkpoint;
mod compare;
mod demo;
mod draw;
mod gs1;
mod history;
mod import;
mod inspect;
mod journal;
mod key;
mod packing;
mod parked;
mod rework;
mod serve;
mod source;
mod stock;
mod tree;
mod write;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::output::Output;
use source::{Purpose, Source};

/// Which unit is in which case on which pallet, now and at any earlier moment.
///
/// Objects are named in any spelling: '(00)095212345000000018', 095212345000000018, an EPC URN, a GS1 Digital Link URI, or what a
/// scanner sent. `-` reads them from standard input, one a line.
#[derive(Parser)]
#[command(name = "packtree", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 done; 1 refused, not found, or not whole; 2 cannot run.\n\
    Begin with: packtree demo")]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Args)]
struct Common {
    /// The directory that holds the data; or set `PACKTREE_DATA`.
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// The server that has the data open, in place of --data: `http://127.0.0.1:8480`; or set `PACKTREE_SERVER`. `PACKTREE_KEY` holds the
    /// API key, and `PACKTREE_CERTIFICATE` names a file with the certificates to trust.
    #[arg(long, value_name = "URL", global = true)]
    server: Option<String>,
    /// Print JSON for scripts.
    #[arg(long, global = true)]
    json: bool,
}

/// What every command works with.
struct Context<'o> {
    data: Option<PathBuf>,
    server: Option<String>,
    json: bool,
    out: &'o mut Output,
}

impl Context<'_> {
    /// The data, wherever they are.
    fn source(&self, purpose: Purpose) -> Result<Box<dyn Source>, Failure> {
        source::open(self.data.as_deref(), self.server.as_deref(), purpose)
    }
}

#[derive(Subcommand)]
enum Command {
    /// Run a small site: built from EPCIS documents, with lines that pack, people, and a warehouse screen.
    Demo(demo::Demo),
    /// Serve the HTTP API and the warehouse screen until Ctrl-C.
    Serve(serve::Serve),
    /// Check a file of settings and start nothing.
    CheckConfig(serve::CheckConfig),
    /// Read EPCIS documents: 1.2 XML, 2.0 XML, 2.0 JSON-LD.
    Import(import::Import),

    /// Show what is in an object, level by level.
    Tree(tree::Tree),
    /// Show everything that is known of an object.
    Inspect(inspect::Inspect),
    /// Show what happened to an object, the newest first.
    History(history::History),
    /// Show what came before an event that it builds on, and waits for it.
    Parked(parked::Parked),
    /// Show what changed under an object between two moments.
    Diff(compare::Diff),
    /// Compare what was scanned in a container with what is recorded; exit code 1 if they differ.
    Reconcile(compare::Reconcile),
    /// Print the tree under an object in the DOT language of Graphviz.
    Dot(tree::Dot),

    #[command(flatten)]
    Write(Box<write::Verb>),

    /// Write a checkpoint, which makes the next opening fast, also through a server that goes on meanwhile.
    Checkpoint(checkpoint::Checkpoint),
    /// Check every byte of the journal and change nothing; exit code 1 if it is not whole.
    Verify(journal::Verify),
    /// Copy what can be vouched for into a new directory.
    Salvage(journal::Salvage),
    /// Copy the data into a new directory, also while they are in use, and check the copy.
    Backup(backup::Backup),
    /// Put a backup into a new directory, named by --data, and check it.
    Restore(backup::Restore),
    /// API keys of machines, while no server has the data open.
    #[command(subcommand)]
    Key(key::Verb),
    /// Explain GS1 identifiers.
    #[command(subcommand)]
    Gs1(gs1::Gs1),
}

impl Command {
    /// Of a command that no server can do, why so, and what to do instead.
    const fn without_a_server(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Demo(_) => Some((
                "packtree demo makes a site of its own, with a server around it",
                "leave --server out; the other verbs can go to the server of the demo",
            )),
            Self::Serve(_) => Some((
                "packtree serve begins to serve a directory of this machine",
                "name the directory, and leave --server out",
            )),
            Self::Verify(_) => Some((
                "packtree verify reads the files of a directory, which no server gives away",
                "on the machine of the server, make a copy with packtree backup, and verify that with --data COPY",
            )),
            Self::Salvage(_) => Some((
                "packtree salvage reads the files of a directory, which no server gives away",
                "stop the server, and run it on that machine with --data DIR",
            )),
            Self::Backup(_) => Some((
                "packtree backup reads the files of a directory, which no server gives away",
                "run it on the machine of the server with --data DIR, while the server runs",
            )),
            Self::Restore(_) => Some((
                "packtree restore makes a directory, which no server does",
                "run it on the machine that is to serve the data, with --data NEW-DIR",
            )),
            Self::Key(_) => Some((
                "packtree key works on a directory that no server has open",
                "while the server runs an administrator makes and disables keys there; or stop it, and name the directory with --data DIR",
            )),
            _ => None,
        }
    }
}

/// Does what the arguments ask for.
pub(crate) fn run(arguments: Arguments, out: &mut Output) -> Result<(), Failure> {
    let Arguments { common: Common { data, server, json }, command } = arguments;
    if let (Some(_), Some((why, instead))) = (&server, command.without_a_server()) {
        return Err(Failure::cannot(why).remedy(instead));
    }
    let mut context = Context { data, server, json, out };
    let context = &mut context;
    match command {
        Command::Demo(demo) => demo.run(context),
        Command::Serve(serve) => serve.run(context),
        Command::CheckConfig(check) => check.run(context),
        Command::Import(import) => import.run(context),
        Command::Tree(tree) => tree.run(context),
        Command::Inspect(inspect) => inspect.run(context),
        Command::History(history) => history.run(context),
        Command::Parked(parked) => parked.run(context),
        Command::Diff(diff) => diff.run(context),
        Command::Reconcile(reconcile) => reconcile.run(context),
        Command::Dot(dot) => dot.run(context),
        Command::Write(verb) => verb.run(context),
        Command::Checkpoint(checkpoint) => checkpoint.run(context),
        Command::Verify(verify) => verify.run(context),
        Command::Salvage(salvage) => salvage.run(context),
        Command::Backup(backup) => backup.run(context),
        Command::Restore(restore) => restore.run(context),
        Command::Key(key) => key.run(context),
        Command::Gs1(gs1) => gs1.run(context),
    }
}
