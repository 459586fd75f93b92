//! What files there are, and whether the ends of the segments fit together.

use std::io;
use std::sync::Arc;

use super::head::{self, Slot, SlotFault};
use super::scan::{Scan, Step};
use super::segment::{self, HeaderFault, Sealed, Segment};
use super::{OpenError, Sequence, spare};
use crate::disk::{Disk, DiskFile};

/// The journal's files by name.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In ascending order.
    pub(super) segments: Vec<(Sequence, String)>,
    pub(super) head: bool,
    /// Files that an unfinished start or an unfinished segment left behind. They never held anything acknowledged.
    pub(super) leftovers: Vec<String>,
}

/// A segment whose header, and whose seal if it is not the last one, have been checked.
#[derive(Debug)]
pub(super) struct Surveyed {
    pub(super) segment: Segment,
    /// `None` in the last segment only, where a seal is found by reading up to it.
    pub(super) sealed: Option<Sealed>,
}

/// Lists the files, refusing any that looks like a segment but is not named like one.
pub(super) fn list(disk: &dyn Disk) -> Result<Found, OpenError> {
    let names = disk.list().map_err(io_error("listing", "the directory"))?;
    match names.iter().find(|name| segment::is_segment_name(name) && segment::parse_name(name).is_none()) {
        Some(name) => Err(OpenError::SegmentName { file: name.clone() }),
        None => Ok(sort(names)),
    }
}

/// Sorts names into what they stand for. Other files are none of the journal's business.
pub(super) fn sort(names: impl IntoIterator<Item = String>) -> Found {
    let mut found = Found::default();
    for name in names {
        if let Some(first) = segment::parse_name(&name) {
            found.segments.push((first, name));
        } else if name == head::NAME {
            found.head = true;
        } else if name == head::NAME_PREPARING || name == spare::NAME {
            found.leftovers.push(name);
        }
    }
    found.segments.sort();
    found
}

/// Reads the head, and which slot it is in.
pub(super) fn read_head(disk: &dyn Disk) -> Result<(Slot, usize), OpenError> {
    read_head_with(head::read, disk)
}

/// Reads the head of a journal that somebody else may be writing.
pub(super) fn read_head_in_use(disk: &dyn Disk) -> Result<Slot, OpenError> {
    Ok(read_head_with(head::read_in_use, disk)?.0)
}

type ReadSlot = fn(&dyn DiskFile) -> io::Result<Result<(Slot, usize), SlotFault>>;

fn read_head_with(read: ReadSlot, disk: &dyn Disk) -> Result<(Slot, usize), OpenError> {
    let file = disk.open_to_read(head::NAME).map_err(io_error("opening", head::NAME))?;
    read(&*file).map_err(io_error("reading", head::NAME))?.map_err(|fault| match fault {
        SlotFault::Damaged => OpenError::HeadDamaged,
        SlotFault::UnknownVersion(version) => {
            OpenError::UnknownVersion { file: head::NAME.to_owned(), version, known: head::VERSION }
        }
    })
}

/// Checks that the segments are of one journal and follow each other, and that the head can be theirs.
pub(super) fn check(disk: &dyn Disk, found: &Found, slot: &Slot) -> Result<Vec<Surveyed>, OpenError> {
    let mut surveyed: Vec<Surveyed> = Vec::with_capacity(found.segments.len());
    for (index, (first, name)) in found.segments.iter().enumerate() {
        let file = disk.open_to_read(name).map_err(io_error("opening", name))?;
        let segment = read_segment(&*file, *first, name)?;
        if segment.header.journal != slot.journal {
            return Err(OpenError::Foreign { file: name.clone() });
        }
        check_link(surveyed.last(), &segment)?;
        let is_last = index + 1 == found.segments.len();
        let sealed = if is_last { None } else { Some(read_seal(&segment, &file)?) };
        surveyed.push(Surveyed { segment, sealed });
    }
    check_head(&surveyed, slot)?;
    Ok(surveyed)
}

fn read_segment(file: &dyn DiskFile, first: Sequence, name: &str) -> Result<Segment, OpenError> {
    let segment = match Segment::read(name, file).map_err(io_error("reading", name))? {
        Ok(segment) => segment,
        Err(HeaderFault::UnknownVersion(version)) => {
            return Err(OpenError::UnknownVersion { file: name.to_owned(), version, known: segment::VERSION });
        }
        Err(fault) => {
            let reason = fault.to_string();
            return Err(OpenError::Damaged { segment: name.to_owned(), frame: 0, offset: 0, reason });
        }
    };
    if segment.header.first != first {
        return Err(OpenError::SegmentRenamed { segment: name.to_owned(), first: segment.header.first });
    }
    Ok(segment)
}

fn check_link(before: Option<&Surveyed>, segment: &Segment) -> Result<(), OpenError> {
    let seal = before.and_then(|before| before.sealed.as_ref());
    let next = seal.map_or(Sequence::FIRST, |seal| seal.frame.first);
    if segment.header.first > next {
        return Err(OpenError::SegmentMissing { segment: segment::name(next), first: next });
    }
    if segment.header.first < next {
        return Err(OpenError::SegmentOverlaps { segment: segment.name.clone(), next });
    }
    if segment.header.before != seal.map(|seal| seal.chain).unwrap_or_default() {
        return Err(OpenError::SegmentUnlinked { segment: segment.name.clone() });
    }
    Ok(())
}

fn read_seal(segment: &Segment, file: &Arc<dyn DiskFile>) -> Result<Sealed, OpenError> {
    let seal = segment.read_seal(&**file).map_err(io_error("reading", &segment.name))?;
    match seal {
        Some(seal) => Ok(seal),
        None => Err(locate_damage(segment, file)?),
    }
}

/// The first frame that does not check in a segment whose seal does not.
fn locate_damage(segment: &Segment, file: &Arc<dyn DiskFile>) -> Result<OpenError, OpenError> {
    let mut scan = Scan::new(segment, file);
    let reason = loop {
        match scan.step().map_err(io_error("reading", &segment.name))? {
            Step::Facts(_) => {}
            Step::Bad(fault) => break fault.to_string(),
            Step::Seal | Step::End => {
                break String::from("a later segment exists, but this one has no seal at its end");
            }
        }
    };
    Ok(OpenError::Damaged { segment: segment.name.clone(), frame: scan.frame, offset: scan.offset, reason })
}

/// A head is synced before a segment gets its name, so it names the fact before the last segment, or a later one.
fn check_head(surveyed: &[Surveyed], slot: &Slot) -> Result<(), OpenError> {
    let head = slot.head.sequence;
    let Some(last) = surveyed.last() else {
        return Err(OpenError::SegmentMissing { segment: segment::name(Sequence::FIRST), first: Sequence::FIRST });
    };
    let oldest = Sequence(last.segment.header.first.0 - 1);
    if head < oldest {
        return Err(OpenError::HeadBehind { head, oldest });
    }
    Ok(())
}

pub(super) fn io_error(doing: &'static str, file: &str) -> impl FnOnce(io::Error) -> OpenError {
    let file = file.to_owned();
    move |source| OpenError::Io { doing, file, source }
}
