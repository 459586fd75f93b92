//! Where facts are: a few marks for each segment, not one for each frame.

use super::frame::{i64_at, u32_at, u64_at};
use super::segment::HEADER_BYTES;
use super::{Chain, Sequence};
use crate::limits::MARK_DISTANCE_BYTES;

/// A frame that a search can begin at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The first fact of the frame.
    pub(super) first: Sequence,
    /// Where the frame begins in its segment.
    pub(super) offset: u64,
    pub(super) recorded_at_us: i64,
}

impl Mark {
    pub(super) const BYTES: usize = 24;

    fn write(&self, into: &mut [u8]) {
        into[0..8].copy_from_slice(&self.first.0.to_le_bytes());
        into[8..16].copy_from_slice(&self.offset.to_le_bytes());
        into[16..24].copy_from_slice(&self.recorded_at_us.to_le_bytes());
    }

    fn read(from: &[u8]) -> Self {
        Self { first: Sequence(u64_at(from, 0)), offset: u64_at(from, 8), recorded_at_us: i64_at(from, 16) }
    }
}

/// Adds a mark where the last one is far enough behind.
pub(super) fn add_mark(marks: &mut Vec<Mark>, mark: Mark) {
    if marks.last().is_none_or(|last| mark.offset - last.offset >= MARK_DISTANCE_BYTES) {
        marks.push(mark);
    }
}

/// What a reader knows of one segment.
#[derive(Clone, Debug)]
pub(super) struct SegmentIndex {
    pub(super) first: Sequence,
    /// The last fact in it, or the one before `first` where it is empty.
    pub(super) last: Sequence,
    /// The chain value of the frame that ends with `last`; where the journal is empty, that of the header.
    pub(super) chain: Chain,
    /// Where the last frame of facts ends.
    pub(super) end: u64,
    /// In ascending order; the first is the first frame.
    pub(super) marks: Vec<Mark>,
}

impl SegmentIndex {
    /// The index of a segment without frames, where `chain` is that of the frame of facts before it.
    pub(super) fn empty(first: Sequence, chain: Chain) -> Self {
        let last = Sequence(first.0 - 1);
        Self { first, last, chain, end: HEADER_BYTES as u64, marks: Vec::new() }
    }
}

/// The payload of a seal: the number of marks, the marks, zeros up to the segment's length, the seal's own offset.
pub(super) mod seal {
    use super::{Mark, u32_at, u64_at};
    use crate::journal::frame::HEADER_BYTES;

    const COUNT_BYTES: usize = 4;
    pub(in crate::journal) const POINTER_BYTES: usize = 8;

    /// The least room that a seal with so many marks takes, its frame header included.
    pub(in crate::journal) fn frame_bytes_min(marks: usize) -> u64 {
        (HEADER_BYTES + COUNT_BYTES + marks * Mark::BYTES + POINTER_BYTES) as u64
    }

    /// Fills a payload that is zero so far.
    pub(in crate::journal) fn write(payload: &mut [u8], marks: &[Mark], offset: u64) {
        payload[..COUNT_BYTES].copy_from_slice(&(marks.len() as u32).to_le_bytes());
        for (slot, mark) in payload[COUNT_BYTES..].chunks_exact_mut(Mark::BYTES).zip(marks) {
            mark.write(slot);
        }
        let pointer = payload.len() - POINTER_BYTES;
        payload[pointer..].copy_from_slice(&offset.to_le_bytes());
    }

    /// The marks, where the payload is one that `write` could have made.
    pub(in crate::journal) fn read(payload: &[u8], offset: u64) -> Option<Vec<Mark>> {
        let body = payload.len().checked_sub(POINTER_BYTES)?;
        let marks_bytes = Mark::BYTES.checked_mul(u32_at(payload.get(..COUNT_BYTES)?, 0) as usize)?;
        let marks_end = COUNT_BYTES.checked_add(marks_bytes)?;
        let marks = payload[..body].get(COUNT_BYTES..marks_end)?;
        let whole = u64_at(payload, body) == offset && payload[marks_end..body].iter().all(|byte| *byte == 0);
        whole.then(|| marks.chunks_exact(Mark::BYTES).map(Mark::read).collect())
    }
}
