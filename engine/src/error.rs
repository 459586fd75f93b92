//! Why the engine cannot, as opposed to why the rules say no.

use std::sync::Arc;

use crate::disk::LockError;
use crate::journal;

/// Why the engine cannot do what it is asked.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// More operations wait than may; nothing was done. Try again in a moment, with the same request id.
    #[error("the engine is busy: {waiting} operations are waiting already; try again with the same request id")]
    Busy {
        /// Operations that are waiting.
        waiting: usize,
    },
    /// The disk failed. The engine takes no more operations and still answers questions; open it again to go on.
    #[error("the engine has stopped taking operations, because its disk failed: {0}")]
    Poisoned(journal::AppendError),
    /// The engine was closed.
    #[error("the engine is closed; open it again to go on")]
    Closed,
    /// The engine found itself in a state that cannot be, and stopped before it could write anything wrong.
    #[error(
        "the engine has stopped because of a defect in it; what it acknowledged is durable; open it again, and report what its log says"
    )]
    Defect,
    /// What is durable could not be read back.
    #[error(transparent)]
    Read(#[from] journal::ReadError),
    /// A fact on disk is none that this release understands.
    #[error("fact {sequence} cannot be read: {reason}; open it with a release that knows its format")]
    Unreadable {
        /// The fact.
        sequence: journal::Sequence,
        /// What is wrong with it.
        reason: String,
    },
    /// The store of checkpoints failed. Nothing is lost; opening takes longer until a checkpoint succeeds.
    #[error("the checkpoint was not written: {0}")]
    Checkpoint(Arc<str>),
}

/// Why an engine was not opened.
///
/// ```
/// use packtree::disk::{Holder, LockError};
/// use packtree::{Engine, OpenError, Options};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// let engine = Engine::open(directory.path(), Options::default())?;
/// let error = Engine::open(directory.path(), Options::default()).expect_err("one process at a time has it");
///
/// let OpenError::Lock(LockError::Held { holder, .. }) = error else { panic!("{error}") };
/// assert_eq!(holder, Holder { pid: Some(std::process::id()) });
/// # engine.close()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The directory is in use, or cannot be locked.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The directory cannot be made or read.
    #[error("the directory {directory} cannot be opened: {source}")]
    Directory {
        /// The directory, as the opener named it.
        directory: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The journal does not check.
    #[error(transparent)]
    Journal(#[from] journal::OpenError),
    /// A thread could not be started.
    #[error("a thread of the engine cannot be started: {0}")]
    Thread(std::io::Error),
}
