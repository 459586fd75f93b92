//! sled, with a guard for each thing that it is known to do wrong; see `docs/state.md`.
//!
//! Its flush does not reach the disk, so its file is synced here. A file that a killed opening left makes it refuse to open, so
//! it is removed. Its large values lie in files that are never synced, so there are none. Whatever it returns is checked.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::layout::{Key, Malformed, Manifest, Table, cut};
use super::pace::Pace;
use crate::limits::STATE_CACHE_BYTES;

/// How long another process that was just killed may still seem to hold the store.
const LOCK_WAIT: Duration = Duration::from_secs(3);

/// Why the store cannot be used any more.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoreError {
    #[error("sled: {0}")]
    Sled(#[from] sled::Error),
    #[error("{doing} {path}: {source}")]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("it holds no finished checkpoint")]
    NoCheckpoint,
    #[error("the checkpoint took too long and was given up")]
    GivenUp,
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error(transparent)]
    Unsound(#[from] crate::forest::Unsound),
}

fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Io { doing, path, source }
}

/// An open store, and which of its values belong to the newest checkpoint.
pub(super) struct Store {
    db: sled::Db,
    path: PathBuf,
    /// Our own handle on sled's file, through which it is synced.
    file: File,
    entries: Entries,
    /// Values that only the checkpoint before the newest one needs, or nobody: removed when the next one is valid.
    superseded: Vec<Key>,
    /// The checkpoints that are valid, the oldest first.
    valid: Vec<u32>,
    /// The number of the next checkpoint.
    next: u32,
}

/// The number of a checkpoint, and its manifest if that can be read.
type Found = (u32, Result<Manifest, Malformed>);

/// The pages of the newest checkpoint: who wrote each, in how many parts, and what vouches for them.
#[derive(Debug, Default)]
pub(super) struct Entries {
    tables: [BTreeMap<u32, Entry>; Table::COUNT],
    sum: u64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) checkpoint: u32,
    pub(super) parts: u16,
    pub(super) sum: u64,
}

impl Entries {
    pub(super) fn insert(&mut self, table: Table, page: u32, entry: Entry) -> Option<Entry> {
        self.sum = self.sum.wrapping_add(entry.sum);
        let before = self.tables[table as usize].insert(page, entry);
        self.sum = self.sum.wrapping_sub(before.map_or(0, |before| before.sum));
        before
    }

    fn remove_first(&mut self, table: Table) -> Option<(u32, Entry)> {
        let (page, entry) = self.tables[table as usize].pop_first()?;
        self.sum = self.sum.wrapping_sub(entry.sum);
        Some((page, entry))
    }

    fn first(&self, table: Table) -> Option<u32> {
        self.tables[table as usize].first_key_value().map(|(page, _)| *page)
    }

    pub(super) const fn sum(&self) -> u64 {
        self.sum
    }

    pub(super) fn pages(&self) -> u64 {
        self.tables.iter().map(|table| table.len() as u64).sum()
    }
}

impl Store {
    /// Opens the store, or creates it.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(path).map_err(io_error("creating", path))?;
        remove_unfinished_snapshots(path)?;
        let config = sled::Config::default()
            .path(path)
            .cache_capacity(STATE_CACHE_BYTES)
            .flush_every_ms(None)
            .use_compression(false);
        let since = Instant::now();
        let db = loop {
            match config.open() {
                Err(error) if is_locked(&error) && since.elapsed() < LOCK_WAIT => thread::sleep(LOCK_WAIT / 100),
                opened => break opened?,
            }
        };
        let name = path.join("db");
        let file = File::open(&name).map_err(io_error("opening", &name))?;
        sync_directory(path)?;
        if let Some(parent) = path.parent() {
            sync_directory(parent)?;
        }
        let path = path.to_owned();
        let (entries, superseded, valid) = (Entries::default(), Vec::new(), Vec::new());
        Ok(Self { db, path, file, entries, superseded, valid, next: 1 })
    }

    /// The manifests with the numbers of their checkpoints, the newest first, each if it can be read.
    pub(super) fn manifests(&self) -> Result<Vec<Found>, StoreError> {
        let mut manifests = Vec::new();
        for item in self.db.scan_prefix([Table::Manifests as u8]) {
            let (key, value) = item?;
            let key = Key::read(&key)?;
            manifests.push((key.checkpoint, Manifest::read(&key, &value)));
        }
        manifests.reverse();
        Ok(manifests)
    }

    /// All values that are no manifests, in the order of their keys.
    pub(super) fn values(&self) -> impl Iterator<Item = Result<(sled::IVec, sled::IVec), sled::Error>> {
        self.db.range([Table::Records as u8]..)
    }

    /// Goes on from a checkpoint that was loaded. Values that belong to none are removed at once, so that none of a checkpoint
    /// that was never finished is taken for one of a later. `valid` are the checkpoints that are valid, the oldest first.
    pub(super) fn go_on(&mut self, valid: Vec<u32>, kept: Kept) -> Result<(), StoreError> {
        let Kept { entries, superseded, unfinished } = kept;
        let newest = unfinished.iter().map(|key| key.checkpoint).chain(valid.iter().copied()).max();
        self.next = newest.unwrap_or(0).saturating_add(1);
        (self.valid, self.entries, self.superseded) = (valid, entries, superseded);
        self.remove(&unfinished)
    }

    pub(super) const fn next_checkpoint(&self) -> u32 {
        self.next
    }

    /// Writes a page of the checkpoint that is being written.
    pub(super) fn put(
        &mut self,
        changes: &mut Superseded,
        table: Table,
        page: u32,
        sequence: u64,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        let key = Key { table, page, checkpoint: self.next, part: 0 };
        let db = &self.db;
        let (parts, sum) = cut(key, sequence, bytes, |key, value| db.insert(key.to_bytes(), value).map(drop))?;
        let entry = Entry { checkpoint: self.next, parts, sum };
        if let Some(before) = self.entries.insert(table, page, entry) {
            changes.add(table, page, before);
        }
        Ok(())
    }

    /// Leaves the pages of a table up to `page` out of the checkpoint that is being written.
    pub(super) fn drop_before(&mut self, changes: &mut Superseded, table: Table, page: u32) {
        while self.entries.first(table).is_some_and(|first| first < page) {
            let (first, entry) = self.entries.remove_first(table).expect("there is a first page");
            changes.add(table, first, entry);
        }
    }

    pub(super) const fn entries(&self) -> &Entries {
        &self.entries
    }

    /// Makes the checkpoint valid: its pages durable first, then the manifest. Then removes what no valid checkpoint needs.
    pub(super) fn finish(
        &mut self,
        changes: Superseded,
        manifest: &Manifest,
        pace: &mut Pace<'_>,
    ) -> Result<(), StoreError> {
        self.make_durable()?;
        let db = &self.db;
        let put = |key: &Key, value: &[u8]| db.insert(key.to_bytes(), value).map(drop);
        cut(Manifest::key(manifest.checkpoint), manifest.head().sequence.0, &manifest.to_bytes(), put)?;
        self.make_durable()?;
        self.valid.push(manifest.checkpoint);
        self.next = manifest.checkpoint.saturating_add(1);
        let superseded = std::mem::replace(&mut self.superseded, changes.0);
        for key in &superseded {
            pace.rest();
            self.db.remove(key.to_bytes())?;
        }
        while super::CHECKPOINTS_KEPT < self.valid.len() {
            self.db.remove(Manifest::key(self.valid.remove(0)).to_bytes())?;
        }
        Ok(())
    }

    fn remove(&self, keys: &[Key]) -> Result<(), StoreError> {
        for key in keys {
            self.db.remove(key.to_bytes())?;
        }
        Ok(())
    }

    fn make_durable(&self) -> Result<(), StoreError> {
        self.db.flush()?;
        self.file.sync_data().map_err(io_error("syncing", &self.path))
    }
}

/// What a store holds besides the pages themselves, as it was found when a checkpoint was loaded.
pub(super) struct Kept {
    pub(super) entries: Entries,
    /// Values that the loaded checkpoint does not need.
    pub(super) superseded: Vec<Key>,
    /// Values of later checkpoints.
    pub(super) unfinished: Vec<Key>,
}

/// Values that a checkpoint replaces.
#[derive(Debug, Default)]
pub(super) struct Superseded(Vec<Key>);

impl Superseded {
    fn add(&mut self, table: Table, page: u32, Entry { checkpoint, parts, .. }: Entry) {
        self.0.extend((0..parts).map(|part| Key { table, page, checkpoint, part }));
    }
}

fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(error) if error.to_string().starts_with("could not acquire lock"))
}

/// Removes what a process left that was killed while opening; sled would take it for a damaged snapshot.
fn remove_unfinished_snapshots(path: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(path).map_err(io_error("reading", path))? {
        let entry = entry.map_err(io_error("reading", path))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(entry.path()).map_err(io_error("removing", &entry.path()))?;
        }
    }
    Ok(())
}

pub(super) fn sync_directory(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|directory| directory.sync_all()).map_err(io_error("syncing", path))
}

/// Renames the store's directory, so that somebody can look at it, and returns its new name. The oldest of many is removed.
pub(super) fn set_aside(path: &Path, keep: u32) -> Result<PathBuf, StoreError> {
    let named = |n: u32| path.with_added_extension(format!("damaged-{n}"));
    let parent = path.parent().unwrap_or(Path::new("."));
    let prefix = format!("{}.damaged-", path.file_name().unwrap_or_default().to_string_lossy());
    let mut numbers = Vec::new();
    for entry in fs::read_dir(parent).map_err(io_error("reading", parent))? {
        let name = entry.map_err(io_error("reading", parent))?.file_name();
        numbers.extend(name.to_string_lossy().strip_prefix(&prefix).and_then(|n| n.parse::<u32>().ok()));
    }
    numbers.sort_unstable();
    let free = numbers.last().map_or(1, |last| last.saturating_add(1));
    for n in &numbers[..numbers.len().saturating_sub(keep as usize - 1)] {
        fs::remove_dir_all(named(*n)).map_err(io_error("removing", &named(*n)))?;
    }
    fs::rename(path, named(free)).map_err(io_error("renaming", path))?;
    sync_directory(parent)?;
    Ok(named(free))
}
