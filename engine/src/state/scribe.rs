//! The committer's end: collects what an image needs beside the forest, and says when the next is due.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::RwLock;

use super::{Begun, Keeper, Patience, STALLED};
use crate::fact::{RequestId, Sequence};
use crate::forest::Forest;
use crate::journal::Head;
use crate::limits::{
    CHECKPOINT_AT_CLOSE_FACTS, CHECKPOINT_AT_CLOSE_PAGES_MAX, CHECKPOINT_FACTS, CHECKPOINT_OBJECTS, REQUESTS_REMEMBERED,
};
use crate::requests::{Accepted, Requests};

/// Requests in one chunk, so that adding one never copies many.
const CHUNK: usize = 4_096;

pub(crate) struct Scribe {
    keeper: Arc<Keeper>,
    is_automatic: bool,
    accepted: VecDeque<Vec<(RequestId, Accepted)>>,
    /// The newest fact that the last image has.
    begun: Sequence,
    /// Objects touched since.
    objects: u64,
    /// With the image that is being written.
    patience: Option<Patience>,
}

impl Scribe {
    /// Goes on from an image, or from nothing, with the requests that the journal had behind it.
    pub(crate) fn new(keeper: Arc<Keeper>, is_automatic: bool, requests: &Requests) -> Self {
        let begun = keeper.newest().unwrap_or_default();
        let mut scribe = Self { keeper, is_automatic, accepted: VecDeque::new(), begun, objects: 0, patience: None };
        requests
            .iter()
            .filter(|(_, accepted)| begun < accepted.sequence)
            .for_each(|(id, accepted)| scribe.accept(id, accepted));
        scribe
    }

    /// Notes an accepted request for the next image.
    pub(crate) fn accept(&mut self, id: RequestId, accepted: Accepted) {
        match self.accepted.back_mut() {
            Some(chunk) if chunk.len() < CHUNK => chunk.push((id, accepted)),
            _ => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push((id, accepted));
                self.accepted.push_back(chunk);
            }
        }
        if REQUESTS_REMEMBERED / CHUNK + 1 < self.accepted.len() {
            self.accepted.pop_front();
        }
    }

    /// Notes how many objects facts have touched.
    pub(crate) fn count(&mut self, objects: usize) {
        self.objects += objects as u64;
    }

    /// Begins an image if one is due; called between groups.
    pub(crate) fn begin_if_due(&mut self, forest: &Arc<RwLock<Forest>>, head: Head) {
        if self.is_writing(forest) {
            return;
        }
        let facts = head.sequence.0 - self.begun.0;
        if !self.is_automatic || (facts < CHECKPOINT_FACTS && self.objects < CHECKPOINT_OBJECTS) {
            return;
        }
        let progress = self.keeper.status.progress.lock();
        let (busy, failed) = (progress.busy, progress.failed.is_some());
        let rests = progress.rests_until.is_some_and(|until| Instant::now() < until);
        drop(progress);
        if failed {
            self.is_automatic = false;
        } else if !busy && !rests {
            self.begin(forest, head);
        }
    }

    /// Begins an image when asked to. `None` when one is being written.
    pub(crate) fn begin_now(&mut self, forest: &Arc<RwLock<Forest>>, head: Head) -> Option<Sequence> {
        if self.keeper.newest() != Some(head.sequence) && !self.begin(forest, head) && self.keeper.failed().is_none() {
            return None;
        }
        Some(head.sequence)
    }

    /// Begins an image before the engine closes, where that saves more time than it takes.
    pub(crate) fn begin_at_close(&mut self, forest: &Arc<RwLock<Forest>>, head: Head) {
        let facts = head.sequence.0 - self.begun.0;
        let is_worth_it = CHECKPOINT_AT_CLOSE_FACTS <= facts || CHECKPOINT_OBJECTS / 4 <= self.objects;
        let is_cheap = forest.read().changed_pages() <= CHECKPOINT_AT_CLOSE_PAGES_MAX;
        if self.is_automatic && is_worth_it && is_cheap && self.keeper.wait_idle().is_ok() {
            self.begin(forest, head);
        }
    }

    /// Begins an image, unless one is being written or the store has failed.
    fn begin(&mut self, forest: &Arc<RwLock<Forest>>, head: Head) -> bool {
        if !self.keeper.try_begin() {
            return false;
        }
        let outline = forest.write().begin_image();
        debug_assert_eq!(outline.lengths.facts, head.sequence.0);
        let accepted = self.accepted.drain(..).collect();
        (self.begun, self.objects, self.patience) = (head.sequence, 0, Some(Patience::new(&self.keeper)));
        self.keeper.begin(Begun { forest: Arc::clone(forest), head, outline, accepted });
        true
    }

    /// Whether an image is being written. One that is not getting on is given up, so that the forest keeps no more pages for it.
    fn is_writing(&mut self, forest: &Arc<RwLock<Forest>>) -> bool {
        let Some(patience) = &mut self.patience else { return false };
        let progress = self.keeper.status.progress.lock();
        let (is_busy, has_failed) = (progress.busy, progress.failed.is_some());
        drop(progress);
        if !is_busy {
            self.patience = None;
        } else if has_failed || patience.is_over(&self.keeper) {
            self.keeper.status.fail(STALLED);
            forest.write().abandon_image();
            (self.patience, self.is_automatic) = (None, false);
        }
        is_busy
    }
}
