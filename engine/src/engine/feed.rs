//! Facts as they become durable, from any number on.

use std::sync::Arc;
use std::time::Duration;

use super::shared::Shared;
use crate::codec;
use crate::error::Error;
use crate::fact::{Fact, Sequence};
use crate::journal::{Frames, OwnedFrame};

/// Facts in order, from the one asked for on; behind the newest it waits. See [`Engine::subscribe`](super::Engine::subscribe).
#[derive(Debug)]
pub struct Feed {
    shared: Arc<Shared>,
    frames: Frames,
    frame: Option<OwnedFrame>,
    next: Sequence,
}

impl Feed {
    pub(super) fn new(shared: Arc<Shared>, from: Sequence) -> Self {
        let next = from.max(Sequence::FIRST);
        let frames = shared.reader.frames_from(next);
        Self { shared, frames, frame: None, next }
    }

    /// The number of the fact that comes next.
    pub fn position(&self) -> Sequence {
        self.next
    }

    /// The next fact, if it is durable.
    ///
    /// # Errors
    /// When what is durable cannot be read back; the feed stays where it is.
    ///
    /// ```
    /// use packtree::{Feed, Sequence};
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let PackedPallet { engine, .. } = packed_pallet()?;
    /// let mut feed: Feed = engine.subscribe(Sequence(6));
    /// assert_eq!(feed.try_next()?.map(|fact| fact.sequence), Some(Sequence(6)));
    /// assert_eq!(feed.try_next()?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_next(&mut self) -> Result<Option<Fact>, Error> {
        if self.frame.as_ref().is_none_or(|frame| frame.last() < self.next) {
            // Nothing behind the applied facts is shown, though the journal may already have it.
            if self.shared.head().sequence < self.next {
                return Ok(None);
            }
            self.frame = self.frames.next().transpose()?;
        }
        let Some(frame) = &self.frame else { return Ok(None) };
        let Some((sequence, bytes)) = frame.facts().find(|(sequence, _)| *sequence == self.next) else {
            return Ok(None);
        };
        let fact = codec::decode(sequence, frame.recorded_at_us(), bytes)
            .map_err(|reason| Error::Unreadable { sequence, reason: reason.to_string() })?;
        self.next = sequence.next();
        Ok(Some(fact))
    }

    /// The next fact, waiting for it up to a time; `None` when there was none by then, or the engine was closed.
    ///
    /// # Errors
    /// When what is durable cannot be read back; the feed stays where it is.
    pub fn next_for(&mut self, time: Duration) -> Result<Option<Fact>, Error> {
        if let Some(fact) = self.try_next()? {
            return Ok(Some(fact));
        }
        self.shared.wait_behind(Sequence(self.next.0 - 1), time);
        self.try_next()
    }
}
