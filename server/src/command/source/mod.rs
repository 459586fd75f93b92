//! Where the data are that a verb is about: in a directory of this machine, or behind a server. The verbs do not know which.
//!
//! Answers have the shapes of the wire, whichever it is, so that they are printed alike.

mod directory;
mod server;

use std::env;
use std::io::Read;
use std::path::Path;

use packtree::fact::Name;
use packtree::query::Moment;
use packtree::{Identifier, Policy, Receipt, Refusal};
use packtree_wire as wire;

use super::write::Writing;
use crate::failure::Failure;
use directory::Directory;
use server::Server;

/// The variable that names the server where neither `--server` nor `--data` says where the data are.
const SERVER_VARIABLE: &str = "PACKTREE_SERVER";

/// The entries of a history, the newest first.
pub(super) type History<'s> = Box<dyn Iterator<Item = Result<wire::HistoryEntry, Failure>> + 's>;

/// Where the data are. What is not known is `None`.
pub(super) trait Source {
    /// Does an operation, and gives the fact that it made true.
    fn submit(&self, writing: &Writing) -> Result<Result<(wire::FactJson, Receipt), Refusal>, Failure>;

    /// What an operation would do.
    fn preview(&self, writing: &Writing) -> Result<Result<Vec<wire::Outlook>, Refusal>, Failure>;

    /// Imports documents, or says what would happen.
    fn import(&self, documents: Documents<'_>, by: Option<&Name>, is_dry_run: bool) -> Result<wire::Import, Failure>;

    /// Documents must be smaller than this.
    fn document_bytes_max(&self) -> u64;

    /// Everything that is known of an object.
    fn inspect(&self, id: &Identifier) -> Result<Option<wire::Inspection>, Failure>;

    /// What is in an object at a moment, so many levels down; all where there is no number.
    fn tree(&self, id: &Identifier, at: Moment, depth: Option<usize>) -> Result<Option<wire::Tree>, Failure>;

    /// The tree under an object in the DOT language.
    fn dot(&self, id: &Identifier) -> Result<Option<String>, Failure>;

    /// What happened to an object, so many entries at most.
    fn history(&self, id: &Identifier, limit: usize) -> Result<Option<History<'_>>, Failure>;

    /// What waits for what it builds on.
    fn parked(&self) -> Result<Vec<wire::Parked>, Failure>;

    /// What changed under an object between two moments.
    fn difference(&self, id: &Identifier, from: Moment, to: Moment) -> Result<Option<wire::Difference>, Failure>;

    /// What was scanned in a container, compared with what is recorded.
    fn reconcile(&self, id: &Identifier, scanned: &[Identifier]) -> Result<Option<wire::Reconciliation>, Failure>;

    /// Writes a checkpoint; gives the fact that it follows.
    fn checkpoint(&self) -> Result<u64, Failure>;

    /// The number of the newest fact.
    fn newest(&self) -> Result<u64, Failure>;

    /// Ends, and says if something could not be put away in order.
    fn close(&self) -> Result<(), Failure>;
}

/// The documents of an import, each opened.
pub(super) type Documents<'d> = &'d mut dyn ExactSizeIterator<Item = Document>;

/// A document, and what it is called.
pub(super) struct Document {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) content: Box<dyn Read>,
}

/// What is to be done with the data, as far as it matters for getting at them.
#[derive(Default)]
pub(super) struct Purpose {
    /// The rules to decide by in a directory.
    pub(super) policy: Policy,
    /// Whether it may be the first thing that is done in a directory.
    pub(super) begins: bool,
    /// Whether nothing is to change, not even that a directory begins.
    pub(super) is_dry_run: bool,
    /// The options that were given and that a server does not leave to whoever asks.
    pub(super) options: Vec<&'static str>,
}

/// Gets at the data, where the arguments or the environment say that they are: arguments go before the environment.
pub(super) fn open(data: Option<&Path>, server: Option<&str>, purpose: Purpose) -> Result<Box<dyn Source>, Failure> {
    if data.is_some() && server.is_some() {
        return Err(Failure::cannot("--data and --server both say where the data are")
            .remedy("name the directory, or the server that has it open"));
    }
    let variable = || env::var(SERVER_VARIABLE).ok().filter(|value| data.is_none() && !value.is_empty());
    match server.map(str::to_owned).or_else(variable) {
        Some(address) => Ok(Box::new(Server::reach(&address, &purpose)?)),
        None => Ok(Box::new(Directory::open(data, purpose)?)),
    }
}

/// That an object is not there, and what may be.
pub(super) fn unknown(source: &dyn Source, id: &Identifier, at: Moment) -> Failure {
    if at == Moment::Now {
        return Failure::no(format!("{id} is not known"))
            .remedy("check the identifier with `packtree gs1 parse`, or import the document that names it");
    }
    let newest = source.newest().map_or_else(|_| String::new(), |newest| format!("; the newest fact is #{newest}"));
    Failure::no(format!("{id} did not exist at that moment"))
        .remedy(format!("choose a moment since it was commissioned{newest}"))
}
