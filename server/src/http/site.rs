//! What every handler works with.

use std::sync::Arc;

use packtree::Engine;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::recent::Recent;
use super::{Code, Problem};
use crate::access::Access;
use crate::serve::settings::Printer;

/// Requests that work on the engine at the same time; one more is told to come again. Each holds a thread and its body.
const WORKING_MAX: usize = 64;

/// Documents that are imported at the same time; each holds a thread for as long as it arrives.
const IMPORTS_MAX: usize = 4;

/// Who waits for a checkpoint at the same time: for the one that is being written, and for the next.
const CHECKPOINTS_MAX: usize = 2;

/// Listeners to the feed; each holds a thread.
const LISTENERS_MAX: usize = 64;

/// An engine with what the server keeps beside it; cheap to clone.
#[derive(Clone, Debug)]
pub struct Site {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    engine: Engine,
    access: Access,
    printers: Vec<Printer>,
    recent: Recent,
    working: Arc<Semaphore>,
    importing: Arc<Semaphore>,
    checkpointing: Arc<Semaphore>,
    listening: Arc<Semaphore>,
}

impl Site {
    /// A site on an engine, which may be in use by others in the same process.
    pub fn new(engine: Engine, access: Access, printers: Vec<Printer>) -> Self {
        let [working, importing, checkpointing, listening] =
            [WORKING_MAX, IMPORTS_MAX, CHECKPOINTS_MAX, LISTENERS_MAX].map(|places| Arc::new(Semaphore::new(places)));
        let recent = Recent::default();
        let inner = Inner { engine, access, printers, recent, working, importing, checkpointing, listening };
        Self { inner: Arc::new(inner) }
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// Who may do what.
    pub(super) fn access(&self) -> &Access {
        &self.inner.access
    }

    /// The label printers.
    pub(super) fn printers(&self) -> &[Printer] {
        &self.inner.printers
    }

    /// What everybody did last.
    pub(super) fn recent(&self) -> &Recent {
        &self.inner.recent
    }

    /// Works with the engine on a thread that may wait for the disk.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.work_in(&self.inner.working, work).await
    }

    /// Imports a document, on a thread that waits for whoever sends it.
    pub(super) async fn import<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.work_in(&self.inner.importing, work).await
    }

    /// Writes a checkpoint, on a thread that waits for the disk for as long as one takes.
    pub(super) async fn checkpoint<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.work_in(&self.inner.checkpointing, work).await
    }

    async fn work_in<T: Send + 'static>(
        &self,
        places: &Arc<Semaphore>,
        work: impl FnOnce(&Engine) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = Arc::clone(places).try_acquire_owned().map_err(|_| busy())?;
        let engine = self.inner.engine.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work(&engine)
        });
        done.await.unwrap_or_else(|_| Err(Problem::from(packtree::Error::Defect)))
    }

    /// A place among the listeners to the feed.
    pub(super) fn listen(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.inner.listening).try_acquire_owned().map_err(|_| busy())
    }
}

fn busy() -> Problem {
    let detail = "the server has as much to do as it takes on at the same time; nothing was done";
    let remedy = "send the same request again in a moment";
    Problem::new(Code::Busy, detail, remedy).retry_after(1)
}
