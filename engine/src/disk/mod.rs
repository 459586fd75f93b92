//! Where bytes live: a directory of files in production, a disk in memory that can tear, drop and fail in tests.
//!
//! Everything that must survive a power cut goes through [`Disk`] and [`DiskFile`], a few byte-level methods, so that
//! a test can be the disk. `std::fs` appears in `real.rs` and nowhere else in the engine, apart from the store of checkpoints,
//! which holds nothing that the journal does not.
//!
//! A disk is one flat directory: a name is a plain file name without separators.

mod real;
mod simulated;

use std::any::Any;
use std::fmt;
use std::io;
use std::sync::Arc;

pub use real::RealDisk;
pub use simulated::{Fault, SimulatedDisk, Survivors};

/// A directory of files.
///
/// # Example
///
/// ```
/// use packtree::disk::{Disk, SimulatedDisk, Survivors};
///
/// # fn main() -> std::io::Result<()> {
/// let disk = SimulatedDisk::new();
/// let file = disk.create("note")?;
/// file.write_at(0, b"kept")?;
/// file.sync()?;
/// disk.sync_directory()?;
/// file.write_at(0, b"lost")?;
///
/// let after = disk.crash(Survivors::Synced);
/// assert_eq!(after.contents("note").as_deref(), Some(&b"kept"[..]));
/// # Ok(())
/// # }
/// ```
pub trait Disk: Send + Sync + fmt::Debug {
    /// Opens an existing file for reading.
    fn open_to_read(&self, name: &str) -> io::Result<Arc<dyn DiskFile>>;

    /// Opens an existing file for reading and writing.
    fn open_to_write(&self, name: &str) -> io::Result<Arc<dyn DiskFile>>;

    /// Creates an empty file, or empties the one that bears the name, and opens it for reading and writing.
    ///
    /// The name is durable only after [`Disk::sync_directory`].
    fn create(&self, name: &str) -> io::Result<Arc<dyn DiskFile>>;

    /// Gives a file another name, replacing the file that bears it.
    ///
    /// Durable only after [`Disk::sync_directory`]; until then a crash may leave either name, never neither.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// The names of all files but that of the lock, in no particular order.
    fn list(&self) -> io::Result<Vec<String>>;

    /// Makes created, renamed and removed names durable.
    fn sync_directory(&self) -> io::Result<()>;

    /// Takes the directory for this process until the returned guard and its clones are dropped.
    ///
    /// # Errors
    ///
    /// [`LockError::Held`] names the process that has the directory.
    fn lock(&self) -> Result<DirectoryLock, LockError>;

    /// Whether another opener holds the directory, found out without leaving a trace in it.
    fn holder(&self) -> io::Result<Option<Holder>>;
}

/// One open file of a [`Disk`].
///
/// Reads and writes name their offset, so any number of threads may read while one writes.
///
/// ```
/// use packtree::disk::{Disk, DiskFile, RealDisk};
/// use std::sync::Arc;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// let disk = RealDisk::create(directory.path())?;
/// let file: Arc<dyn DiskFile> = disk.create("note.preparing")?;
/// file.write_at(4, b"kept")?;
/// file.sync()?;
/// disk.rename("note.preparing", "note")?;
/// disk.sync_directory()?;
///
/// let mut bytes = [0; 8];
/// assert_eq!((file.length()?, file.read_at(0, &mut bytes)?), (8, 8));
/// assert_eq!(&bytes, b"\0\0\0\0kept");
/// assert_eq!(disk.list()?, ["note"]);
/// disk.open_to_write("note")?.write_at(0, b"well")?;
/// assert_eq!((disk.open_to_read("note")?.read_at(0, &mut bytes)?, &bytes), (8, b"wellkept"));
/// disk.remove("note")?;
/// # Ok(())
/// # }
/// ```
pub trait DiskFile: Send + Sync + fmt::Debug {
    /// Writes all of `bytes` at `offset`, extending the file where needed.
    ///
    /// # Errors
    ///
    /// After an error some of the bytes may have been written.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Reads into `into` from `offset` and returns how many bytes were read; fewer only at the end of the file.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize>;

    /// The file's length in bytes.
    fn length(&self) -> io::Result<u64>;

    /// Makes everything written before durable, the file's length included.
    ///
    /// # Errors
    ///
    /// After an error nothing more may be written: the system has dropped the pages, and a second call may report
    /// success for bytes that are not on disk (Rebello et al., "Can Applications Recover from fsync Failures?",
    /// USENIX ATC 2020).
    fn sync(&self) -> io::Result<()>;
}

/// The process that holds a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its process id, or `None` where the lock file does not tell.
    pub pid: Option<u32>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pid {
            Some(pid) => write!(f, "process {pid}"),
            None => f.write_str("another process"),
        }
    }
}

/// The right to write in a directory; dropped with its last clone.
///
/// ```
/// use packtree::disk::{DirectoryLock, Disk, LockError, RealDisk};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// let (one, other) = (RealDisk::create(directory.path())?, RealDisk::open(directory.path())?);
/// let lock: DirectoryLock = one.lock()?;
/// assert!(matches!(other.lock(), Err(LockError::Held { .. })));
/// assert_eq!(other.holder()?.and_then(|holder| holder.pid), Some(std::process::id()));
///
/// drop(lock);
/// assert!(other.lock().is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct DirectoryLock {
    _guard: Arc<dyn Any + Send + Sync>,
}

impl DirectoryLock {
    /// Wraps whatever releases the directory when it is dropped.
    ///
    /// A disk of your own hands it out:
    ///
    /// ```
    /// use packtree::disk::DirectoryLock;
    /// use std::sync::{Arc, Weak};
    ///
    /// let taken = Arc::new(());
    /// let watch: Weak<()> = Arc::downgrade(&taken);
    /// let lock = DirectoryLock::new(taken);
    /// assert!(watch.upgrade().is_some());
    /// drop(lock);
    /// assert!(watch.upgrade().is_none());
    /// ```
    pub fn new(guard: impl Any + Send + Sync) -> Self {
        Self { _guard: Arc::new(guard) }
    }
}

impl fmt::Debug for DirectoryLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DirectoryLock")
    }
}

/// Why a directory could not be taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Somebody else has it.
    #[error("the directory {directory} is in use by {holder}; close that one first")]
    Held {
        /// The directory, as the opener named it.
        directory: String,
        /// Who has it.
        holder: Holder,
    },
    /// The lock file could not be opened, locked or written.
    #[error("the directory {directory} cannot be locked: {source}")]
    Io {
        /// The directory, as the opener named it.
        directory: String,
        /// What the system said.
        source: io::Error,
    },
}
