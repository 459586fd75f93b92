//! Reads the segments in order, checks every frame, and shows those that the caller wants to see.

use super::error::VisitError;
use super::frame::{Fault, Frame};
use super::head::{Slot, State};
use super::index::SegmentIndex;
use super::open::{Opening, TornTail};
use super::scan::{Scan, Step};
use super::segment::{self, Segment};
use super::survey::{Surveyed, io_error};
use super::{Chain, Head, OpenError, Sequence};
use crate::disk::Disk;

pub(super) type Visit<'a> = dyn FnMut(&Frame<'_>) -> Result<(), VisitError> + 'a;

/// What the segments turned out to hold.
#[derive(Debug)]
pub(super) struct Walked {
    pub(super) indexes: Vec<SegmentIndex>,
    pub(super) head: Head,
    pub(super) facts_visited: u64,
    pub(super) recorded_at_us: i64,
    pub(super) tail: Tail,
}

/// Where the last segment ends.
#[derive(Debug)]
pub(super) struct Tail {
    /// Where the next frame goes.
    pub(super) offset: u64,
    /// The chain value that the next frame names.
    pub(super) link: Chain,
    pub(super) sealed: bool,
    /// Everything from here to `offset` was perhaps never made durable.
    pub(super) unvouched: u64,
    pub(super) torn: Option<TornTail>,
}

/// One pass over the segments.
pub(super) struct Walk<'a, 'v> {
    disk: &'a dyn Disk,
    surveyed: &'a [Surveyed],
    slot: &'a Slot,
    opening: &'a Opening,
    visit: &'a mut Visit<'v>,
    /// The newest fact so far, and what vouches for it.
    at: Head,
    recorded_at_us: i64,
    facts_visited: u64,
    /// Where the frame that the head names ends, if it is in the last segment.
    head_end: u64,
}

impl<'a, 'v> Walk<'a, 'v> {
    pub(super) fn new(
        disk: &'a dyn Disk,
        surveyed: &'a [Surveyed],
        slot: &'a Slot,
        opening: &'a Opening,
        visit: &'a mut Visit<'v>,
    ) -> Self {
        let chain = surveyed[0].segment.header_chain;
        Self {
            disk,
            surveyed,
            slot,
            opening,
            visit,
            at: Head { sequence: Sequence(0), chain },
            recorded_at_us: i64::MIN,
            facts_visited: 0,
            head_end: segment::HEADER_BYTES as u64,
        }
    }

    pub(super) fn run(mut self) -> Result<Walked, OpenError> {
        self.check_known(Sequence(0))?;
        let mut indexes = Vec::with_capacity(self.surveyed.len());
        let (last, full) = self.surveyed.split_last().expect("the survey found at least one segment");
        for surveyed in full {
            indexes.push(self.pass(surveyed)?);
        }
        self.head_end = segment::HEADER_BYTES as u64;
        let mut scan = self.scan(&last.segment)?;
        let tail = self.end(&last.segment, &mut scan)?;
        indexes.push(SegmentIndex {
            first: last.segment.header.first,
            last: self.at.sequence,
            chain: self.at.chain,
            end: scan.facts_end,
            marks: std::mem::take(&mut scan.marks),
        });
        self.check_ends()?;
        let Self { at: head, facts_visited, recorded_at_us, .. } = self;
        Ok(Walked { indexes, head, facts_visited, recorded_at_us, tail })
    }

    /// Goes over a segment that is full, reading it only where that is needed.
    fn pass(&mut self, surveyed: &Surveyed) -> Result<SegmentIndex, OpenError> {
        let seal = surveyed.sealed.as_ref().expect("every segment but the last was found sealed");
        let first = surveyed.segment.header.first;
        let last = seal.frame.last();
        let holds = |head: Option<Head>| head.is_some_and(|head| first <= head.sequence && head.sequence < last);
        let applied = self.opening.checkpoint.is_some_and(|checkpoint| last <= checkpoint.sequence);
        if !applied || holds(self.opening.expected) {
            let mut scan = self.scan(&surveyed.segment)?;
            if scan.sealed.is_none() {
                let fault = next_fault(&surveyed.segment, &mut scan)?;
                return Err(damaged(&surveyed.segment, &scan, fault));
            }
        } else {
            self.at = Head { sequence: last, chain: seal.frame.previous };
            self.recorded_at_us = seal.frame.recorded_at_us;
            self.check_known(first)?;
        }
        Ok(seal.index(first))
    }

    /// Reads all good frames of a segment.
    fn scan(&mut self, segment: &Segment) -> Result<Scan, OpenError> {
        let file = self.disk.open_to_read(&segment.name).map_err(io_error("opening", &segment.name))?;
        let mut scan = Scan::new(segment, &file);
        scan.recorded_at_us = self.recorded_at_us;
        loop {
            let (number, offset) = (scan.frame, scan.offset);
            match scan.step().map_err(io_error("reading", &segment.name))? {
                Step::Facts(frame) => {
                    let chain = frame.chain;
                    self.at = Head { sequence: frame.last(), chain };
                    self.check_known(frame.first())?;
                    self.show(&frame).map_err(|source| {
                        let segment = segment.name.clone();
                        OpenError::Visit { segment, frame: number, offset, source }
                    })?;
                }
                Step::Seal | Step::End | Step::Bad(_) => break,
            }
            if self.at.sequence == self.slot.head.sequence {
                self.head_end = scan.offset;
            }
        }
        self.recorded_at_us = scan.recorded_at_us;
        Ok(scan)
    }

    fn show(&mut self, frame: &Frame<'_>) -> Result<(), VisitError> {
        let applied = self.opening.checkpoint.map_or(Sequence(0), |checkpoint| checkpoint.sequence);
        if frame.last() <= applied {
            return Ok(());
        }
        self.facts_visited += u64::from(frame.header.facts);
        (self.visit)(frame)
    }

    /// Holds what is known against the frame, or the frames, from `first` to where the walk is.
    fn check_known(&self, first: Sequence) -> Result<(), OpenError> {
        let differs = |known: Head| (first..=self.at.sequence).contains(&known.sequence) && known != self.at;
        if differs(self.slot.head) {
            return Err(OpenError::HeadDiffers { sequence: self.slot.head.sequence });
        }
        if let Some(expected) = self.opening.expected.filter(|expected| differs(*expected)) {
            return Err(OpenError::ExpectedDiffers { sequence: expected.sequence });
        }
        if let Some(checkpoint) = self.opening.checkpoint.filter(|checkpoint| differs(*checkpoint)) {
            return Err(OpenError::CheckpointDiffers { sequence: checkpoint.sequence });
        }
        Ok(())
    }

    /// Judges what follows the last good frame of the last segment.
    fn end(&self, segment: &Segment, scan: &mut Scan) -> Result<Tail, OpenError> {
        let fault = next_fault(segment, scan)?;
        let offset = scan.offset;
        let data_end = scan.end_of_data().map_err(io_error("reading", &segment.name))?;
        if scan.sealed.is_some() && offset < segment.length {
            return Err(damaged(segment, scan, fault));
        }
        let mut torn = None;
        if data_end > offset {
            // What the head vouches for was durable once, and after an orderly close nothing is unfinished.
            let vouched = self.slot.head.sequence > self.at.sequence || self.slot.state == State::Closed;
            if vouched || !scan.can_be_torn(fault).map_err(io_error("reading", &segment.name))? {
                return Err(damaged(segment, scan, fault));
            }
            torn = Some(TornTail { segment: segment.name.clone(), offset, bytes: data_end - offset });
        }
        Ok(Tail { offset, link: scan.link, sealed: scan.sealed.is_some(), unvouched: self.head_end.min(offset), torn })
    }

    /// Holds what is known against where the journal ends.
    fn check_ends(&self) -> Result<(), OpenError> {
        let (head, end) = (self.slot.head.sequence, self.at.sequence);
        if head > end {
            return Err(OpenError::HeadAhead { head, end });
        }
        if self.slot.state == State::Closed && head < end {
            return Err(OpenError::HeadBehind { head, oldest: end });
        }
        if let Some(expected) = self.opening.expected.filter(|expected| expected.sequence > end) {
            return Err(OpenError::ExpectedAhead { expected: expected.sequence, end });
        }
        if let Some(checkpoint) = self.opening.checkpoint.filter(|checkpoint| checkpoint.sequence > end) {
            return Err(OpenError::CheckpointAhead { checkpoint: checkpoint.sequence, end });
        }
        Ok(())
    }
}

/// What is wrong where the good frames of a segment end.
fn next_fault(segment: &Segment, scan: &mut Scan) -> Result<Fault, OpenError> {
    match scan.step().map_err(io_error("reading", &segment.name))? {
        Step::Bad(fault) => Ok(fault),
        _ => Ok(Fault::NoMagic),
    }
}

fn damaged(segment: &Segment, scan: &Scan, fault: Fault) -> OpenError {
    OpenError::Damaged {
        segment: segment.name.clone(),
        frame: scan.frame,
        offset: scan.offset,
        reason: fault.to_string(),
    }
}
