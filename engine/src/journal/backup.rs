//! Copies a journal that may be in use into a new directory.
//!
//! A journal only grows, and whatever its head file names is durable. So the copy takes that head, and everything up to it, while the
//! owner of the directory goes on: nothing that is read is ever written again. What nobody uses is copied up to its last whole frame, as
//! an opening would find it.

use std::io;

use super::head::{self, Slot, State};
use super::open::create_file;
use super::salvage::copy;
use super::scan::{Scan, Step};
use super::segment::Segment;
use super::survey::{self, Found, Surveyed};
use super::verify::Kept;
use super::walk::Walk;
use super::{BackupError, Head, OpenError, Opening, Sequence};
use crate::disk::Disk;

/// What [`backup`] copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupReport {
    /// The newest fact of the copy, and what vouches for all of it.
    pub head: Head,
    /// How many facts were copied: all from the first on.
    pub facts: u64,
    /// How many segments.
    pub segments: usize,
    /// How many bytes the segments take.
    pub bytes: u64,
}

/// Copies the journal on `from`, which may be in use, to the empty disk `to`.
///
/// Segments that are full are copied as they are, the last one up to the newest fact that the head file names. The copy is read back and
/// checked frame by frame, made durable, and gets its head file last: one that was not finished is refused when it is opened.
///
/// # Errors
///
/// [`BackupError`].
///
/// # Example
///
/// ```
/// # use std::sync::Arc;
/// # use packtree::disk::{Disk, SimulatedDisk};
/// # use packtree::journal::{Group, Journal, Opening, Sequence, backup, verify};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (disk, copy) = (Arc::new(SimulatedDisk::new()), SimulatedDisk::new());
/// let (mut journal, _) = Journal::open(disk.clone(), disk.lock()?, &Opening::new([7; 16], 0), &mut |_| Ok(()))?;
/// let mut group = Group::new();
/// group.push(&[b"case 1 was packed"])?;
/// let head = journal.append(Sequence::FIRST, &mut group, 0)?;
/// journal.note_head()?;
///
/// assert_eq!(backup(&*disk, &copy)?.head, head);
/// assert!(verify(&copy)?.whole);
/// # Ok(())
/// # }
/// ```
pub fn backup(from: &dyn Disk, to: &dyn Disk) -> Result<BackupReport, BackupError> {
    let names = to.list().map_err(io_error("listing", "the new directory"))?;
    if let Some(file) = names.into_iter().next() {
        return Err(BackupError::NotEmpty { file });
    }
    let source = Source::find(from)?;
    let mut bytes = 0;
    for kept in source.kept() {
        copy(from, to, &kept).map_err(io_error("copying", &kept.name))?;
        bytes += kept.length;
    }
    to.sync_directory().map_err(io_error("syncing", "the new directory"))?;
    let head = source.end.head;
    let slot = Slot { state: State::Closed, generation: 1, ..source.slot };
    let slot = Slot { head, ..slot };
    check(to, &slot)?;
    source.check_unchanged(from)?;
    create_file(to, head::NAME_PREPARING, head::NAME, &slot.write(), head::FILE_BYTES)?;
    Ok(BackupReport { head, facts: head.sequence.0, segments: source.surveyed.len(), bytes })
}

/// What is to be copied.
struct Source {
    slot: Slot,
    surveyed: Vec<Surveyed>,
    end: End,
    is_in_use: bool,
}

/// Where the copy ends: the newest fact, and the end of its frame in the last segment.
struct End {
    head: Head,
    offset: u64,
}

impl Source {
    fn find(from: &dyn Disk) -> Result<Self, BackupError> {
        let is_in_use = is_in_use(from)?;
        // The head is read before the segments are listed, so each segment that it needs is among them.
        let slot =
            if survey::list(from)?.head { survey::read_head_in_use(from)? } else { return Err(headless(from)?) };
        if slot.state == State::Creating {
            return Err(BackupError::Nothing);
        }
        let mut found = survey::list(from)?;
        if is_in_use {
            keep_up_to(&mut found, slot.head.sequence);
        }
        let surveyed = survey::check(from, &found, &slot)?;
        let end = if is_in_use {
            let last = surveyed.last().expect("the survey found at least one segment");
            end_at(from, &last.segment, slot.head)?
        } else {
            let opening = Opening::new(slot.journal, 0);
            let walked = Walk::new(from, &surveyed, &slot, &opening, &mut |_| Ok(())).run()?;
            End { head: walked.head, offset: walked.tail.offset }
        };
        Ok(Self { slot, surveyed, end, is_in_use })
    }

    /// The parts of segments that are copied; what is left of a segment's length is zeros.
    fn kept(&self) -> impl Iterator<Item = Kept> {
        let last = self.surveyed.len() - 1;
        self.surveyed.iter().enumerate().map(move |(place, surveyed)| {
            let Segment { name, length, .. } = &surveyed.segment;
            let bytes = if place == last { self.end.offset } else { *length };
            Kept { name: name.clone(), bytes, length: *length }
        })
    }

    /// Whoever opens a directory that nobody used may cut what follows its head. Then what was copied must be below that head by now.
    fn check_unchanged(&self, from: &dyn Disk) -> Result<(), BackupError> {
        if self.is_in_use || !is_in_use(from)? {
            return Ok(());
        }
        let slot = survey::read_head_in_use(from)?;
        if slot.head.sequence < self.end.head.sequence { Err(BackupError::Opened) } else { Ok(()) }
    }
}

/// Why a directory without a head file is not copied.
fn headless(from: &dyn Disk) -> Result<BackupError, BackupError> {
    let is_empty = survey::list(from)?.segments.is_empty();
    Ok(if is_empty { BackupError::Nothing } else { OpenError::HeadMissing.into() })
}

fn is_in_use(disk: &dyn Disk) -> Result<bool, BackupError> {
    Ok(disk.holder().map_err(io_error("looking for", "the lock"))?.is_some())
}

/// Leaves out segments that begin behind a fact.
fn keep_up_to(found: &mut Found, newest: Sequence) {
    found.segments.retain(|(first, _)| *first <= newest.max(Sequence::FIRST));
}

/// Where the frame ends that a head names, in the segment that holds it.
fn end_at(disk: &dyn Disk, segment: &Segment, head: Head) -> Result<End, BackupError> {
    let file = disk.open_to_read(&segment.name).map_err(io_error("opening", &segment.name))?;
    let mut scan = Scan::new(segment, &file);
    let mut at = Sequence(segment.header.first.0 - 1);
    while at < head.sequence {
        let (frame, offset) = (scan.frame, scan.offset);
        match scan.step().map_err(io_error("reading", &segment.name))? {
            Step::Facts(facts) => at = facts.last(),
            Step::Bad(fault) => {
                let reason = fault.to_string();
                return Err(OpenError::Damaged { segment: segment.name.clone(), frame, offset, reason }.into());
            }
            Step::Seal | Step::End => return Err(OpenError::HeadAhead { head: head.sequence, end: at }.into()),
        }
    }
    Ok(End { head, offset: scan.offset })
}

/// Reads a copy back, and checks every frame, the chain through all of them, and that it ends with the head.
fn check(disk: &dyn Disk, slot: &Slot) -> Result<(), BackupError> {
    let found = survey::list(disk)?;
    let surveyed = survey::check(disk, &found, slot)?;
    let opening = Opening::new(slot.journal, 0);
    Walk::new(disk, &surveyed, slot, &opening, &mut |_| Ok(())).run()?;
    Ok(())
}

fn io_error(doing: &'static str, file: &str) -> impl FnOnce(io::Error) -> BackupError {
    let file = file.to_owned();
    move |source| BackupError::Io { doing, file, source }
}
