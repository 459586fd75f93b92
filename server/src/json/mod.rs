//! What `--json` prints. These shapes are for scripts, and apart from the engine's types: fields may be added, none is renamed.

mod change;
mod comparison;
mod document;
mod journal;
mod object;
mod parked;

use packtree::Identifier;
use packtree::fact::EventTime;

pub(crate) use change::{Done, Refused};
pub(crate) use comparison::{Difference, Reconciliation};
pub(crate) use document::Import;
pub(crate) use journal::{Backup, Salvage, Verification};
pub(crate) use object::{HistoryEntry, Inspection, Tree};
pub(crate) use parked::Parked;

fn spelled(ids: &[Identifier]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// A time as every command writes it.
pub(crate) fn time(microseconds: i64) -> String {
    EventTime::utc(microseconds).to_string()
}
