//! The one thread that touches sled. Whatever sled does to it, a panic included, stays in it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crossbeam::channel::Receiver;

use super::store::{Store, StoreError};
use super::{Begun, Command, Image, Keeper, Loaded, Saved, Status, load, write};

pub(super) struct Worker {
    path: PathBuf,
    status: Arc<Status>,
    store: Option<Store>,
    saved: Saved,
}

impl Worker {
    pub(super) fn new(path: &Path, status: Arc<Status>) -> Self {
        Self { path: path.to_owned(), status, store: None, saved: Saved::default() }
    }

    /// Does what is asked until nobody can ask any more.
    pub(super) fn run(mut self, commands: &Receiver<Command>) {
        for command in commands {
            match command {
                Command::Load { older, seed, reply } => {
                    let loaded = match guarded(|| self.load(older, seed)) {
                        Ok(Some(image)) => Loaded::Image(Box::new(image)),
                        Ok(None) => Loaded::Nothing,
                        Err(reason) => Loaded::Damaged(reason),
                    };
                    let _ = reply.send(loaded);
                }
                Command::Close { reply } => {
                    self.close();
                    self.saved = Saved::default();
                    self.status.progress.lock().newest = None;
                    let _ = reply.send(());
                }
                Command::Begin(begun) => self.begin(&begun),
            }
        }
        self.close();
    }

    fn close(&mut self) {
        let store = self.store.take();
        // What sled still does when it is dropped can fail; nothing that counts depends on it.
        let _ = guarded(|| {
            drop(store);
            Ok(())
        });
    }

    fn load(&mut self, older: usize, seed: u64) -> Result<Option<Image>, StoreError> {
        if !self.path.exists() {
            return Ok(None);
        }
        let store = match self.store.take() {
            Some(store) => self.store.insert(store),
            None => self.store.insert(Store::open(&self.path)?),
        };
        self.status.beat.beat();
        let manifests = store.manifests()?;
        let Some((_, manifest)) = manifests.get(older) else {
            return if older == 0 { Err(StoreError::NoCheckpoint) } else { Ok(None) };
        };
        let manifest = manifest.as_ref().map_err(|malformed| *malformed)?;
        let image = load::load(store, manifest, seed, &self.status.beat)?;
        if older == 0 {
            let valid = manifests.iter().rev().map(|(checkpoint, _)| *checkpoint).collect();
            store.go_on(valid, image.kept)?;
            self.saved = Saved {
                interned: manifest.lengths.interned,
                times: manifest.lengths.facts,
                requests_tail: image.requests_tail,
            };
            self.status.progress.lock().newest = Some(manifest.head().sequence);
        }
        Ok(Some(image.image))
    }

    fn begin(&mut self, begun: &Begun) {
        let since = Instant::now();
        let outcome = guarded(|| self.write(begun));
        if outcome.is_err() {
            begun.forest.write().abandon_image();
            self.close();
        }
        Keeper::ended_writing(&self.status, since.elapsed(), outcome.map(|()| begun.head.sequence));
    }

    fn write(&mut self, begun: &Begun) -> Result<(), StoreError> {
        let Self { path, status, store, saved } = self;
        let store = match store {
            Some(store) => store,
            None => store.insert(Store::open(path)?),
        };
        write::write(store, begun, status, saved)
    }
}

/// Runs what may fail with an error or a panic.
fn guarded<A>(run: impl FnOnce() -> Result<A, StoreError>) -> Result<A, String> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(_) => Err("sled has failed with a panic".to_owned()),
    }
}
