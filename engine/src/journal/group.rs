//! What one flush makes durable, collected in one buffer that is written as it is.

use std::io;

use super::frame::{FACT_PREFIX_BYTES, HEADER_BYTES};
use crate::limits::{FRAME_CUT_BYTES, RUN_BYTES_MAX};

/// Facts on their way to the journal; reuse it, so that its buffer is allocated once.
///
/// Facts come in runs. A run is never split over frames, so after a crash all of it is there or nothing.
///
/// # Example
///
/// ```
/// use packtree::journal::Group;
///
/// let mut group = Group::new();
/// let mut run = group.run();
/// run.fact(|bytes| bytes.extend(b"packed"));
/// run.fact(|bytes| bytes.extend(b"closed"));
/// run.commit()?;
///
/// let mut refused = group.run();
/// refused.fact(|bytes| bytes.extend(b"half of something"));
/// drop(refused); // Leaves no trace.
///
/// assert_eq!(group.facts(), 2);
/// # Ok::<(), packtree::journal::RunTooLarge>(())
/// ```
#[derive(Debug, Default)]
pub struct Group {
    /// Frames one behind the other, each with room for its header, which the journal fills in.
    pub(super) buffer: Vec<u8>,
    pub(super) frames: Vec<Span>,
    facts: u64,
}

/// One frame in the buffer of a group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) facts: u32,
}

/// The facts of a run take more bytes than one frame can hold.
///
/// ```
/// use packtree::journal::{Group, Run, RunTooLarge};
///
/// let mut group = Group::new();
/// let mut run: Run<'_> = group.run();
/// run.fact(|bytes| bytes.extend(&vec![0; 100_000_000]));
/// let RunTooLarge { bytes } = run.commit().expect_err("no frame holds that much");
/// assert_eq!((bytes, group.facts()), (100_000_004, 0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the facts of one operation take {bytes} bytes, more than the {RUN_BYTES_MAX} that the journal keeps together; split the operation"
)]
pub struct RunTooLarge {
    /// How many bytes they take, their lengths included.
    pub bytes: usize,
}

impl Group {
    /// A group without facts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets the facts and keeps the buffer.
    ///
    /// ```
    /// let mut group = packtree::journal::Group::new();
    /// group.push(&[b"packed"])?;
    /// assert!(6 < group.bytes());
    /// group.clear();
    /// assert!(group.is_empty());
    /// # Ok::<(), packtree::journal::RunTooLarge>(())
    /// ```
    pub fn clear(&mut self) {
        self.buffer.clear();
        self.frames.clear();
        self.facts = 0;
    }

    /// How many facts it has.
    pub fn facts(&self) -> u64 {
        self.facts
    }

    /// Whether it has no facts.
    pub fn is_empty(&self) -> bool {
        self.facts == 0
    }

    /// How many bytes it will take in the journal, frame headers included.
    pub fn bytes(&self) -> usize {
        self.buffer.len()
    }

    /// Begins a run of facts, which counts only once it is committed.
    pub fn run(&mut self) -> Run<'_> {
        let (undo, starts_frame) = self.begin();
        let start = self.buffer.len();
        Run { group: self, undo, starts_frame, start, facts: 0 }
    }

    /// Makes room for a run. Returns where the buffer ended, and whether a frame was begun for it.
    fn begin(&mut self) -> (usize, bool) {
        let undo = self.buffer.len();
        let starts_frame = self.frames.last().is_none_or(|frame| undo - frame.start - HEADER_BYTES >= FRAME_CUT_BYTES);
        if starts_frame {
            self.frames.push(Span { start: undo, facts: 0 });
            self.buffer.extend_from_slice(&[0; HEADER_BYTES]);
        }
        (undo, starts_frame)
    }

    /// Adds a run of facts that are encoded already.
    ///
    /// # Errors
    ///
    /// [`RunTooLarge`], and the group is as it was before.
    pub fn push(&mut self, facts: &[&[u8]]) -> Result<(), RunTooLarge> {
        let mut run = self.run();
        for fact in facts {
            run.fact(|bytes| bytes.extend(fact));
        }
        run.commit()
    }

    /// Where frame number `index` ends in the buffer.
    pub(super) fn frame_end(&self, index: usize) -> usize {
        self.frames.get(index + 1).map_or(self.buffer.len(), |next| next.start)
    }
}

/// A run of facts that is being added to a [`Group`]; dropped without [`Run::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Run<'a> {
    group: &'a mut Group,
    undo: usize,
    starts_frame: bool,
    start: usize,
    facts: u32,
}

impl Run<'_> {
    /// Adds a fact, which `encode` writes straight into the group's buffer.
    pub fn fact<T>(&mut self, encode: impl FnOnce(&mut FactBytes<'_>) -> T) -> T {
        let buffer = &mut self.group.buffer;
        let at = buffer.len();
        buffer.extend_from_slice(&[0; FACT_PREFIX_BYTES]);
        let result = encode(&mut FactBytes(buffer));
        // A length that does not fit is over the limit by far, and `commit` refuses the run.
        let length = (buffer.len() - at - FACT_PREFIX_BYTES) as u32;
        buffer[at..at + FACT_PREFIX_BYTES].copy_from_slice(&length.to_le_bytes());
        self.facts += 1;
        result
    }

    /// Makes the run a part of its group.
    ///
    /// # Errors
    ///
    /// [`RunTooLarge`], and the group is as it was before the run began.
    pub fn commit(mut self) -> Result<(), RunTooLarge> {
        self.keep()
    }

    /// Whether a fact of so many bytes can be added without making the run too large.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        self.group.buffer.len() - self.start + FACT_PREFIX_BYTES + bytes <= RUN_BYTES_MAX
    }

    /// Commits what was added so far, and goes on as another run of the same group.
    ///
    /// # Errors
    ///
    /// As for [`Run::commit`], and the run is as it was before.
    pub(crate) fn divide(&mut self) -> Result<(), RunTooLarge> {
        self.keep()?;
        (self.undo, self.starts_frame) = self.group.begin();
        (self.start, self.facts) = (self.group.buffer.len(), 0);
        Ok(())
    }

    fn keep(&mut self) -> Result<(), RunTooLarge> {
        let bytes = self.group.buffer.len() - self.start;
        if bytes > RUN_BYTES_MAX {
            return Err(RunTooLarge { bytes });
        }
        if self.facts > 0
            && let Some(frame) = self.group.frames.last_mut()
        {
            frame.facts += self.facts;
            self.group.facts += u64::from(self.facts);
            self.undo = self.group.buffer.len();
            self.starts_frame = false;
        }
        Ok(())
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        self.group.buffer.truncate(self.undo);
        if self.starts_frame {
            self.group.frames.pop();
        }
    }
}

/// Where the bytes of one fact go.
///
/// ```
/// use packtree::journal::{FactBytes, Group};
/// use std::io::Write;
///
/// let mut group = Group::new();
/// let mut run = group.run();
/// run.fact(|bytes: &mut FactBytes<'_>| write!(bytes, "case {} was packed", 7))?;
/// run.commit()?;
/// assert_eq!(group.facts(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FactBytes<'a>(&'a mut Vec<u8>);

impl FactBytes<'_> {
    /// Adds these bytes to the fact.
    pub fn extend(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

impl io::Write for FactBytes<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
