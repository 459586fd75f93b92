//! A disk in memory that can tear, drop and fail.
//!
//! It keeps what was synced apart from what was not, for the bytes of each file and for the names in the directory,
//! and counts every call that changes or syncs something. A call can be told to fail or to be the moment of a crash;
//! [`SimulatedDisk::crash`] then gives the disk that a machine would find after the power came back. Nothing in it is
//! random but what a seed decides, so a failing run can be repeated.
//!
//! What it assumes of a real disk: a write that was synced is not disturbed by a later one that tears, not even in
//! the same sector ("powersafe overwrite").

mod survival;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

use super::{DirectoryLock, Disk, DiskFile, Holder, LockError};

/// The smallest piece that a crash keeps or drops.
const SECTOR_BYTES: usize = 512;

/// What goes wrong at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The call fails with an input/output error. A sync that fails this way drops the bytes that it should have
    /// made durable, although they can still be read, as kernels do.
    Io,
    /// The call fails because the disk is full.
    NoSpace,
    /// A write stores the first half of its bytes and fails because the disk is full. Other calls fail as with
    /// [`Fault::NoSpace`].
    ShortWrite,
    /// The power goes. This call and all later ones fail; see [`SimulatedDisk::crash`].
    Crash,
}

/// What is left, of all that was not synced, after a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Survivors {
    /// Only what was synced.
    Synced,
    /// Everything that was written, as if only the process had died.
    Written,
    /// Of each sector one of the contents that it had since the last sync, of the changed names some.
    Sectors {
        /// Decides which.
        seed: u64,
    },
    /// Everything in the order in which it was written, up to some byte.
    Prefix {
        /// Decides up to where.
        seed: u64,
    },
}

/// A disk in memory that can tear, drop and fail; clones are the same disk.
///
/// ```
/// use packtree::disk::{Disk, Fault, SimulatedDisk, Survivors};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let disk = SimulatedDisk::from_files([("note".to_owned(), b"old".to_vec())]);
/// disk.fault_at(2, Fault::NoSpace);
/// let file = disk.open_to_write("note")?;
/// file.write_at(0, b"new")?;
/// assert!(file.write_at(3, b"er").is_err());
/// assert_eq!((disk.calls(), disk.writes(), disk.syncs()), (2, 2, 0));
///
/// // Nothing was synced, so a crash takes it.
/// let after = disk.crash(Survivors::Synced);
/// assert_eq!(after.files()["note"], b"old");
/// after.replace("note", b"damaged".to_vec());
/// assert_eq!(after.contents("note").as_deref(), Some(&b"damaged"[..]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct SimulatedDisk {
    state: Arc<Mutex<State>>,
    locked: Arc<AtomicBool>,
}

#[derive(Default)]
struct State {
    files: Vec<Inode>,
    /// The directory as it reads now and as it was last synced: name to position in `files`.
    names: BTreeMap<String, usize>,
    names_synced: BTreeMap<String, usize>,
    names_pending: Vec<Pending<NameChange>>,
    /// Counts pending changes, so that they can be put into the order in which they happened.
    clock: u64,
    writes: u64,
    syncs: u64,
    calls: u64,
    faults: BTreeMap<u64, Fault>,
    crashed: bool,
}

#[derive(Clone, Default)]
struct Inode {
    bytes: Vec<u8>,
    synced: Vec<u8>,
    pending: Vec<Pending<ByteChange>>,
}

/// A change that is not synced yet.
#[derive(Clone)]
struct Pending<T> {
    order: u64,
    change: T,
}

#[derive(Clone)]
enum ByteChange {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate,
}

impl ByteChange {
    fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Self::Write { offset, bytes } => overwrite(file, *offset, bytes),
            Self::Truncate => file.clear(),
        }
    }
}

#[derive(Clone)]
enum NameChange {
    Create { name: String, inode: usize },
    Rename { from: String, to: String },
    Remove { name: String },
}

impl NameChange {
    fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Self::Create { name, inode } => {
                names.insert(name.clone(), *inode);
            }
            Self::Rename { from, to } => {
                if let Some(inode) = names.remove(from) {
                    names.insert(to.clone(), inode);
                }
            }
            Self::Remove { name } => {
                names.remove(name);
            }
        }
    }
}

impl SimulatedDisk {
    /// An empty disk on which nothing fails.
    pub fn new() -> Self {
        Self::default()
    }

    /// A disk that holds these files, all of them durable.
    pub fn from_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let disk = Self::new();
        for (name, bytes) in files {
            disk.replace(&name, bytes);
        }
        disk
    }

    /// All files and their bytes as they read now.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let state = self.state.lock();
        state.names.iter().map(|(name, inode)| (name.clone(), state.files[*inode].bytes.clone())).collect()
    }

    /// The bytes of a file as they read now.
    pub fn contents(&self, name: &str) -> Option<Vec<u8>> {
        let state = self.state.lock();
        state.names.get(name).map(|inode| state.files[*inode].bytes.clone())
    }

    /// Puts a file there, durable at once and not counted as a call: damage done behind the engine's back.
    pub fn replace(&self, name: &str, bytes: Vec<u8>) {
        let mut state = self.state.lock();
        let inode = state.files.len();
        state.files.push(Inode { bytes: bytes.clone(), synced: bytes, pending: Vec::new() });
        state.names.insert(name.to_owned(), inode);
        state.names_synced.insert(name.to_owned(), inode);
    }

    /// Takes a file away, durably and not counted as a call.
    pub fn delete(&self, name: &str) {
        let mut state = self.state.lock();
        state.names.remove(name);
        state.names_synced.remove(name);
    }

    /// Makes call number `call` (the first is 1) go wrong; see [`SimulatedDisk::calls`].
    pub fn fault_at(&self, call: u64, fault: Fault) {
        self.state.lock().faults.insert(call, fault);
    }

    /// How many calls changed or synced something so far, those that failed included.
    pub fn calls(&self) -> u64 {
        self.state.lock().calls
    }

    /// How many writes there were so far.
    pub fn writes(&self) -> u64 {
        self.state.lock().writes
    }

    /// How many syncs of files there were so far.
    pub fn syncs(&self) -> u64 {
        self.state.lock().syncs
    }

    /// The disk that is found after a crash at this moment, unlocked, with its calls counted from zero.
    ///
    /// This disk is left as it is, so that several choices of what survives can be tried.
    #[must_use]
    pub fn crash(&self, survivors: Survivors) -> Self {
        let state = self.state.lock();
        Self { state: Arc::new(Mutex::new(survival::survive(&state, survivors))), locked: Arc::default() }
    }
}

impl fmt::Debug for SimulatedDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state.lock();
        f.debug_struct("SimulatedDisk")
            .field("names", &state.names.keys())
            .field("calls", &state.calls)
            .finish_non_exhaustive()
    }
}

impl State {
    /// Counts a call and says what goes wrong with it.
    fn begin(&mut self) -> Result<Option<Fault>, io::Error> {
        self.check_power()?;
        self.calls += 1;
        let fault = self.faults.get(&self.calls).copied();
        if fault == Some(Fault::Crash) {
            self.crashed = true;
        }
        Ok(fault)
    }

    fn check_power(&self) -> io::Result<()> {
        if self.crashed { Err(io::Error::other("the simulated disk has lost power")) } else { Ok(()) }
    }

    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    fn inode_of(&self, name: &str) -> io::Result<usize> {
        self.check_power()?;
        self.names.get(name).copied().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("no file {name}")))
    }

    fn truncate(&mut self, inode: usize) -> io::Result<()> {
        let fault = self.begin()?;
        if fault.is_none_or(|fault| fault == Fault::Crash) {
            self.change_bytes(inode, ByteChange::Truncate);
        }
        fail(fault)
    }

    fn change_bytes(&mut self, inode: usize, change: ByteChange) {
        let order = self.tick();
        let file = &mut self.files[inode];
        change.apply(&mut file.bytes);
        file.pending.push(Pending { order, change });
    }

    fn change_names(&mut self, change: NameChange) -> io::Result<()> {
        // A crash at this call may leave the change done or not done.
        let fault = self.begin()?;
        if fault.is_none_or(|fault| fault == Fault::Crash) {
            change.apply(&mut self.names);
            let order = self.tick();
            self.names_pending.push(Pending { order, change });
        }
        fail(fault)
    }
}

fn fail(fault: Option<Fault>) -> io::Result<()> {
    match fault {
        None => Ok(()),
        Some(Fault::Io) => Err(io::Error::other("simulated input/output error")),
        Some(Fault::NoSpace | Fault::ShortWrite) => {
            Err(io::Error::new(io::ErrorKind::StorageFull, "simulated: no space left on device"))
        }
        Some(Fault::Crash) => Err(io::Error::other("the simulated disk has lost power")),
    }
}

impl Disk for SimulatedDisk {
    fn open_to_read(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        let inode = self.state.lock().inode_of(name)?;
        Ok(Arc::new(SimulatedFile { state: Arc::clone(&self.state), inode, writable: false }))
    }

    fn open_to_write(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        let inode = self.state.lock().inode_of(name)?;
        Ok(Arc::new(SimulatedFile { state: Arc::clone(&self.state), inode, writable: true }))
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        let mut state = self.state.lock();
        let existing = state.names.get(name).copied();
        let inode = existing.unwrap_or(state.files.len());
        if existing.is_some() {
            state.truncate(inode)?;
        } else {
            state.files.push(Inode::default());
            state.change_names(NameChange::Create { name: name.to_owned(), inode })?;
        }
        Ok(Arc::new(SimulatedFile { state: Arc::clone(&self.state), inode, writable: true }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.state.lock();
        state.inode_of(from)?;
        state.change_names(NameChange::Rename { from: from.to_owned(), to: to.to_owned() })
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut state = self.state.lock();
        state.inode_of(name)?;
        state.change_names(NameChange::Remove { name: name.to_owned() })
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let state = self.state.lock();
        state.check_power()?;
        Ok(state.names.keys().cloned().collect())
    }

    fn sync_directory(&self) -> io::Result<()> {
        let mut state = self.state.lock();
        let fault = state.begin()?;
        if fault.is_none() {
            state.names_synced = state.names.clone();
            state.names_pending.clear();
        }
        fail(fault)
    }

    fn lock(&self) -> Result<DirectoryLock, LockError> {
        let directory = String::from("(simulated)");
        if self.locked.swap(true, Ordering::AcqRel) {
            return Err(LockError::Held { directory, holder: Holder { pid: Some(std::process::id()) } });
        }
        Ok(DirectoryLock::new(SimulatedLock(Arc::clone(&self.locked))))
    }

    fn holder(&self) -> io::Result<Option<Holder>> {
        let held = self.locked.load(Ordering::Acquire);
        Ok(held.then(|| Holder { pid: Some(std::process::id()) }))
    }
}

struct SimulatedLock(Arc<AtomicBool>);

impl Drop for SimulatedLock {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

struct SimulatedFile {
    state: Arc<Mutex<State>>,
    inode: usize,
    writable: bool,
}

impl fmt::Debug for SimulatedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedFile").field("inode", &self.inode).finish_non_exhaustive()
    }
}

impl SimulatedFile {
    fn check_writable(&self) -> io::Result<()> {
        if self.writable {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file was opened for reading"))
    }
}

impl DiskFile for SimulatedFile {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.check_writable()?;
        let mut state = self.state.lock();
        state.writes += 1;
        let fault = state.begin()?;
        // The power may go in the middle of a write, so that its bytes are among those that may survive.
        let stored = match fault {
            None | Some(Fault::Crash) => bytes,
            Some(Fault::ShortWrite) => &bytes[..bytes.len() / 2],
            Some(Fault::Io | Fault::NoSpace) => &[],
        };
        if !stored.is_empty() {
            state.change_bytes(self.inode, ByteChange::Write { offset: offset as usize, bytes: stored.to_vec() });
        }
        fail(fault)
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let state = self.state.lock();
        state.check_power()?;
        let bytes = &state.files[self.inode].bytes;
        let start = bytes.len().min(offset as usize);
        let end = bytes.len().min(start + into.len());
        into[..end - start].copy_from_slice(&bytes[start..end]);
        Ok(end - start)
    }

    fn length(&self) -> io::Result<u64> {
        let state = self.state.lock();
        state.check_power()?;
        Ok(state.files[self.inode].bytes.len() as u64)
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.state.lock();
        state.syncs += 1;
        let fault = state.begin()?;
        let file = &mut state.files[self.inode];
        match fault {
            None => file.sync(),
            Some(Fault::Crash) => {}
            Some(Fault::Io | Fault::NoSpace | Fault::ShortWrite) => file.pending.clear(),
        }
        fail(fault)
    }
}

impl Inode {
    fn sync(&mut self) {
        for Pending { change, .. } in self.pending.drain(..) {
            change.apply(&mut self.synced);
        }
    }
}

fn overwrite(file: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[offset..end].copy_from_slice(bytes);
}
