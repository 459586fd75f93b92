//! What the committer and all handles share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex, RwLock};

use super::measure::Measure;
use crate::error::Error;
use crate::forest::Forest;
use crate::journal::{Head, Reader, Sequence};
use crate::policy::Policy;
use crate::requests::Requests;
use crate::surroundings::{Clock, Entropy};

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) forest: Arc<RwLock<Forest>>,
    /// What was accepted. The committer writes it while it decides, and never waits for the forest meanwhile.
    pub(super) requests: RwLock<Requests>,
    pub(super) reader: Reader,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    policy: RwLock<Arc<Policy>>,
    progress: Mutex<Progress>,
    advanced: Condvar,
    groups: AtomicU64,
    refusals: AtomicU64,
    /// In microseconds.
    pub(super) commit_times: Measure,
    pub(super) group_operations: Measure,
}

#[derive(Debug)]
struct Progress {
    head: Head,
    /// Why nothing more will come.
    ended: Option<Error>,
}

impl Shared {
    pub(super) fn new(
        forest: Forest,
        requests: Requests,
        reader: Reader,
        policy: Policy,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let head = reader.head();
        Self {
            forest: Arc::new(RwLock::new(forest)),
            requests: RwLock::new(requests),
            reader,
            clock,
            entropy,
            policy: RwLock::new(Arc::new(policy)),
            progress: Mutex::new(Progress { head, ended: None }),
            advanced: Condvar::new(),
            groups: AtomicU64::new(0),
            refusals: AtomicU64::new(0),
            commit_times: Measure::new(64),
            group_operations: Measure::new(1),
        }
    }

    pub(super) fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.policy.read())
    }

    pub(super) fn set_policy(&self, policy: Policy) {
        *self.policy.write() = Arc::new(policy);
    }

    /// Lets everybody know what is durable and applied.
    pub(super) fn publish(&self, head: Head) {
        self.groups.fetch_add(1, Ordering::Relaxed);
        self.progress.lock().head = head;
        self.advanced.notify_all();
    }

    pub(super) fn count_refusal(&self) {
        self.refusals.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn groups(&self) -> u64 {
        self.groups.load(Ordering::Relaxed)
    }

    pub(super) fn refusals(&self) -> u64 {
        self.refusals.load(Ordering::Relaxed)
    }

    pub(super) fn head(&self) -> Head {
        self.progress.lock().head
    }

    /// Lets everybody know that nothing more will come, and why; the first reason stays.
    pub(super) fn end(&self, error: Error) {
        self.progress.lock().ended.get_or_insert(error);
        self.advanced.notify_all();
    }

    /// Why nothing more will be made durable, if so.
    pub(super) fn ended(&self) -> Option<Error> {
        self.progress.lock().ended.clone()
    }

    /// Waits until a fact behind `sequence` is durable, the engine ends, or the time is up. Says whether there is such a fact.
    pub(super) fn wait_behind(&self, sequence: Sequence, time: Duration) -> bool {
        let mut progress = self.progress.lock();
        self.advanced.wait_while_for(
            &mut progress,
            |progress| progress.head.sequence <= sequence && progress.ended.is_none(),
            time,
        );
        sequence < progress.head.sequence
    }
}
