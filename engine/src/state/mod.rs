//! Keeps in sled what the journal could rebuild, so that opening is fast.
//!
//! A checkpoint is an image of the forest and of the accepted requests that names the fact it follows. One thread writes it
//! behind the committer, page by page, only what changed since the one before, and makes it valid with its manifest, last. One
//! older checkpoint is always kept. Nothing on the line reads the store or waits for it, nothing in it is believed without its
//! checksum, and where it fails the engine goes on without it: losing it costs time, not data.

mod coding;
mod coding_few;
mod layout;
mod load;
mod pace;
mod scribe;
mod store;
mod worker;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam::channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use parking_lot::{Condvar, Mutex, RwLock};

use crate::disk::DirectoryLock;
use crate::fact::{RequestId, Sequence};
use crate::forest::{Forest, Outline};
use crate::journal::Head;
use crate::limits::{CHECKPOINT_REST, REQUESTS_REMEMBERED, STATE_SET_ASIDE_MAX};
use crate::requests::{Accepted, Requests};
pub(crate) use scribe::Scribe;
use worker::Worker;

/// Checkpoints that are kept: the newest and one older.
pub(crate) const CHECKPOINTS_KEPT: usize = 2;

// What a page has, as a rule 4 KiB or less when encoded.
const INTERNED_PER_PAGE: u32 = 32;
const TIMES_PER_PAGE: u64 = 512;
const REQUESTS_PER_PAGE: u64 = 128;

/// The page of the oldest request that is remembered after a fact.
const fn first_requests_page(sequence: Sequence) -> u32 {
    load::requests_page(Sequence(sequence.0.saturating_sub(REQUESTS_REMEMBERED as u64)))
}

/// A checkpoint that was read back.
pub(crate) struct Image {
    pub(crate) head: Head,
    pub(crate) forest: Forest,
    pub(crate) requests: Requests,
}

/// What came of loading a checkpoint.
pub(crate) enum Loaded {
    /// There is none.
    Nothing,
    /// It was read, and everything in it checks.
    Image(Box<Image>),
    /// It cannot be used; why.
    Damaged(String),
}

/// An image that the committer has begun.
struct Begun {
    forest: Arc<RwLock<Forest>>,
    head: Head,
    outline: Outline,
    /// The requests accepted since the image before, in order.
    accepted: Vec<Vec<(RequestId, Accepted)>>,
}

/// How much of the tables that only grow is saved.
#[derive(Debug, Default)]
struct Saved {
    interned: u32,
    times: u64,
    requests_tail: Vec<(RequestId, Accepted)>,
}

enum Command {
    /// Load the newest checkpoint, or one that is so many older.
    Load { older: usize, seed: u64, reply: Sender<Loaded> },
    /// Close the store.
    Close { reply: Sender<()> },
    /// Write a checkpoint.
    Begin(Box<Begun>),
}

/// Shows that the worker is alive.
#[derive(Debug, Default)]
struct Beat(AtomicU64);

impl Beat {
    fn beat(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// What everybody may know of the worker.
#[derive(Debug, Default)]
struct Status {
    beat: Beat,
    /// The engine closes, so nobody waits but for the checkpoint itself.
    is_closing: AtomicBool,
    progress: Mutex<Progress>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Progress {
    busy: bool,
    /// The fact that the newest valid checkpoint follows.
    newest: Option<Sequence>,
    /// Why no more checkpoints are written.
    failed: Option<Arc<str>>,
    /// When the next may begin by itself.
    rests_until: Option<Instant>,
}

impl Status {
    fn fail(&self, reason: &str) {
        self.progress.lock().failed.get_or_insert_with(|| reason.into());
        self.changed.notify_all();
    }
}

/// The store of checkpoints, from outside: commands to its one thread, which is given up when it shows no progress.
#[derive(Debug)]
pub(crate) struct Keeper {
    path: PathBuf,
    status: Arc<Status>,
    commands: Mutex<Option<Sender<Command>>>,
    ended: Receiver<()>,
    /// How long the thread may show no progress.
    stall: Duration,
    /// The directory is ours until the thread has ended.
    lock: Mutex<Option<DirectoryLock>>,
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Notices that the worker shows no progress.
struct Patience {
    beats: u64,
    since: Instant,
}

impl Patience {
    fn new(keeper: &Keeper) -> Self {
        Self { beats: keeper.status.beat.0.load(Ordering::Relaxed), since: Instant::now() }
    }

    fn is_over(&mut self, keeper: &Keeper) -> bool {
        let beats = keeper.status.beat.0.load(Ordering::Relaxed);
        if beats != self.beats {
            *self = Self { beats, since: Instant::now() };
        }
        keeper.stall < self.since.elapsed()
    }
}

const GLANCE: Duration = Duration::from_millis(200);
const STALLED: &str = "sled has shown no progress for too long";

impl Keeper {
    /// Starts the thread that keeps the store at `path`. It creates nothing before the first checkpoint, and is given up when it shows no
    /// progress for the time `stall`.
    pub(crate) fn start(path: &Path, lock: DirectoryLock, stall: Duration) -> std::io::Result<Self> {
        let status = Arc::<Status>::default();
        let (commands, received) = unbounded();
        let (ending, ended) = bounded(0);
        let worker = Worker::new(path, Arc::clone(&status));
        thread::Builder::new().name("packtree-state".to_owned()).spawn(move || {
            worker.run(&received);
            drop(ending);
        })?;
        let (commands, lock) = (Mutex::new(Some(commands)), Mutex::new(Some(lock)));
        Ok(Self { path: path.to_owned(), status, commands, ended, stall, lock })
    }

    /// Loads the newest checkpoint, or one that is so many older, which is only good for reading: the store has to be set aside then.
    pub(crate) fn load(&self, older: usize, seed: u64) -> Loaded {
        if let Some(reason) = self.failed() {
            return Loaded::Damaged(reason.to_string());
        }
        let (reply, loaded) = bounded(1);
        self.send(Command::Load { older, seed, reply });
        self.wait(&loaded).unwrap_or_else(|reason| Loaded::Damaged(reason.to_string()))
    }

    /// Renames the store's directory and starts over with an empty one at the next checkpoint. Returns its new name.
    pub(crate) fn set_aside(&self) -> Option<PathBuf> {
        if self.failed().is_none() {
            let (reply, closed) = bounded(1);
            self.send(Command::Close { reply });
            // Where closing fails the directory can be renamed all the same, and the store is not used again.
            let _ = self.wait(&closed);
        }
        match store::set_aside(&self.path, STATE_SET_ASIDE_MAX) {
            Ok(directory) => Some(directory),
            Err(error) => {
                self.status.fail(&format!("a damaged store cannot be set aside: {error}"));
                None
            }
        }
    }

    /// Waits until the checkpoint of a fact, or a later one, is valid.
    pub(crate) fn wait_written(&self, sequence: Sequence) -> Result<Sequence, Arc<str>> {
        let written = |progress: &Progress| progress.newest.filter(|newest| sequence <= *newest);
        self.wait_until(written)
    }

    /// Waits until no checkpoint is being written and one can be.
    pub(crate) fn wait_idle(&self) -> Result<(), Arc<str>> {
        self.wait_until(|progress| (!progress.busy && progress.failed.is_none()).then_some(()))
    }

    /// The fact that the newest valid checkpoint follows.
    pub(crate) fn newest(&self) -> Option<Sequence> {
        self.status.progress.lock().newest
    }

    /// Waits for what is being written, and ends the thread.
    pub(crate) fn stop(&self) {
        self.status.is_closing.store(true, Ordering::Relaxed);
        self.commands.lock().take();
        // The thread ends without an answer. One that hangs cannot hold the directory for ever.
        if self.failed().as_deref() != Some(STALLED) {
            let _ = self.wait(&self.ended);
        }
        self.lock.lock().take();
    }

    fn failed(&self) -> Option<Arc<str>> {
        self.status.progress.lock().failed.clone()
    }

    fn send(&self, command: Command) {
        if let Some(commands) = &*self.commands.lock() {
            // A worker that has ended has dropped its end of the answer too, which is noticed there.
            let _ = commands.send(command);
        }
    }

    /// Waits for an answer of the worker as long as it shows progress.
    fn wait<A>(&self, answer: &Receiver<A>) -> Result<A, Arc<str>> {
        let mut patience = Patience::new(self);
        loop {
            match answer.recv_timeout(GLANCE) {
                Ok(answer) => return Ok(answer),
                Err(RecvTimeoutError::Disconnected) => return Err("sled has failed with a panic".into()),
                Err(RecvTimeoutError::Timeout) if patience.is_over(self) => {
                    self.status.fail(STALLED);
                    return Err(STALLED.into());
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn wait_until<A>(&self, mut found: impl FnMut(&Progress) -> Option<A>) -> Result<A, Arc<str>> {
        let mut patience = Patience::new(self);
        let mut progress = self.status.progress.lock();
        loop {
            if let Some(answer) = found(&progress) {
                return Ok(answer);
            }
            if let Some(reason) = &progress.failed {
                return Err(Arc::clone(reason));
            }
            self.status.changed.wait_for(&mut progress, GLANCE);
            if patience.is_over(self) {
                progress.failed.get_or_insert_with(|| STALLED.into());
            }
        }
    }

    fn begin(&self, begun: Begun) {
        self.send(Command::Begin(Box::new(begun)));
    }

    /// Whether a checkpoint may begin now; if so, it has to. A store that has failed is not used again, because nobody knows what it
    /// has of the checkpoint that failed.
    fn try_begin(&self) -> bool {
        let mut progress = self.status.progress.lock();
        let may = !progress.busy && progress.failed.is_none();
        progress.busy |= may;
        may
    }

    fn ended_writing(status: &Status, took: Duration, outcome: Result<Sequence, String>) {
        let mut progress = status.progress.lock();
        progress.busy = false;
        progress.rests_until = Some(Instant::now() + took * CHECKPOINT_REST);
        match outcome {
            Ok(sequence) => progress.newest = Some(sequence),
            Err(reason) => {
                progress.failed.get_or_insert_with(|| reason.into());
            }
        }
        drop(progress);
        status.changed.notify_all();
    }
}
