//! What a contender must be able to do, and who contends.

use std::fmt::Debug;
use std::path::Path;

use anyhow::Result;

use crate::machine;
use crate::workload::{Level, Object, Pack, Size};

/// Keeps a packaging hierarchy. Whatever a call of it does is durable when the call returns, unless it says that it lives in memory.
///
/// Keys are made outside of the time that is counted, so that nobody pays for writing identifiers down in another's way.
pub(crate) trait Contender: Sized {
    /// How it is handed an identifier.
    type Key: Clone + Debug + PartialEq;

    /// Whether everything is gone when the process ends.
    const IN_MEMORY: bool = false;

    /// Opens it in a folder, which is empty at first.
    fn open(folder: &Path, size: Size) -> Result<Self>;

    fn key(&self, object: Object) -> Self::Key;

    /// Objects begin to exist, units in the lot. In transactions of [`crate::workload::GROUP_OBJECTS`] where it has transactions.
    fn commission(&mut self, level: Level, objects: Vec<Self::Key>) -> Result<()>;

    /// Whatever a good administrator has done after much was commissioned; not counted.
    fn settle(&mut self) -> Result<()> {
        Ok(())
    }

    /// Children go into their parents, in transactions as above; one that is in a parent already is an error.
    fn pack(&mut self, packs: Vec<Pack<Self::Key>>) -> Result<()>;

    /// One child goes into a parent, in a transaction of its own.
    fn pack_one(&mut self, parent: Self::Key, child: Self::Key) -> Result<()>;

    /// One child comes out of wherever it is, in a transaction of its own.
    fn unpack_one(&mut self, child: Self::Key) -> Result<()>;

    /// Everything below a container comes out of what it is in, in one transaction.
    fn unpack_below(&mut self, container: Self::Key) -> Result<()>;

    /// The lot goes on hold, or off.
    fn hold_lot(&mut self, held: bool) -> Result<()>;

    /// Whether an object's lot is on hold.
    fn is_held(&mut self, object: &Self::Key) -> Result<bool>;

    /// The outermost container of an object; the object itself when it is loose.
    fn root(&mut self, object: &Self::Key) -> Result<Self::Key>;

    /// Everything below a container.
    fn contents(&mut self, container: &Self::Key) -> Result<Vec<Self::Key>>;

    /// How many objects there are.
    fn objects(&mut self) -> Result<u64>;

    /// Closes it in order.
    fn close(self) -> Result<()>;

    /// Memory that it takes now, in bytes: what is resident of this process.
    fn memory(&self) -> Result<u64> {
        machine::resident_bytes()
    }

    /// Bytes of its files; what they take when it has just been opened the first time is not counted.
    fn disk(folder: &Path) -> Result<u64> {
        machine::allocated_bytes(folder)
    }
}

/// Why a contender cannot take part on this machine; not a failure of the comparison.
#[derive(Debug)]
pub(crate) struct Absent(pub(crate) String);

impl std::fmt::Display for Absent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Absent {}
