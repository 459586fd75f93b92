//! Checks everything, changes nothing.

use std::fmt;
use std::io;

use super::frame::{Fault, Frame, Header};
use super::head::{self, Slot, SlotFault, State};
use super::open::TornTail;
use super::scan::{Scan, Step};
use super::segment::{self, Segment};
use super::survey::{self, Found};
use super::{Chain, Head, OpenError, Sequence, VerifyError, VisitError};
use crate::disk::Disk;
use crate::limits::PROBLEMS_MAX;

/// What [`verify`] found.
///
/// ```
/// use packtree::journal::{Journal, Opening, Problem, Report, verify};
/// # use std::sync::Arc;
/// # use packtree::disk::{Disk, SimulatedDisk};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::new());
/// # let opening = Opening::new([7; 16], 1_700_000_000_000_000);
/// # let (mut journal, _) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
/// # journal.close()?;
/// # let disk = Arc::new(SimulatedDisk::new());
/// # Journal::open(disk.clone(), disk.lock()?, &opening, &mut |_| Ok(()))?.0.close()?;
/// disk.delete("head");
/// let Report { whole, problems, .. } = verify(&*disk)?;
/// let [Problem { segment, what, .. }] = &problems[..] else { panic!("one file is gone") };
/// assert_eq!((whole, segment.as_str()), (false, "head"));
/// assert!(!what.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Everything that was acknowledged is there, and nothing was altered.
    pub whole: bool,
    /// How many facts check, those after a problem included.
    pub facts: u64,
    /// How many frames check.
    pub frames: u64,
    /// The newest fact up to which everything checks.
    pub head: Head,
    /// The newest fact that the head file names, if it can be read.
    pub noted: Option<Head>,
    /// The remains of a group that was never acknowledged, which the next opening will cut. Not a problem.
    pub torn: Option<TornTail>,
    /// What does not check, in the order of the facts.
    pub problems: Vec<Problem>,
    /// How many more problems there are than are listed.
    pub problems_left_out: u64,
}

/// One place where a journal does not check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file's name.
    pub segment: String,
    /// The frame in the segment, counted from 1; 0 is the segment's header, or a file that is not a segment.
    pub frame: u64,
    /// Where it begins.
    pub offset: u64,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} (frame {}): {}", self.segment, self.offset, self.frame, self.what)
    }
}

/// Checks every byte of the journal on `disk`, and changes nothing.
///
/// # Errors
///
/// [`VerifyError`] where it cannot be read at all. That something does not check is not an error but in the report.
///
/// # Example
///
/// ```
/// # use std::sync::Arc;
/// # use packtree::disk::{Disk, SimulatedDisk};
/// # use packtree::journal::{Journal, Opening, verify};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let disk = Arc::new(SimulatedDisk::new());
/// let opening = Opening::new([7; 16], 0);
/// let (journal, _) = Journal::open(disk.clone(), disk.lock()?, &opening, &mut |_| Ok(()))?;
/// journal.close()?;
/// assert!(verify(&*disk)?.whole);
///
/// disk.delete("head");
/// assert!(!verify(&*disk)?.whole);
/// # Ok(())
/// # }
/// ```
pub fn verify(disk: &dyn Disk) -> Result<Report, VerifyError> {
    verify_each(disk, &mut |_| Ok(()))
}

/// Checks as [`verify`] does, and shows each frame up to which everything checks to `visit`, in order.
///
/// What `visit` finds wrong is one more problem of the report; it is shown nothing behind that.
///
/// # Errors
///
/// As for [`verify`].
pub(crate) fn verify_each(disk: &dyn Disk, visit: Visit<'_>) -> Result<Report, VerifyError> {
    Ok(examine(disk, visit)?.report)
}

/// What looks at a frame, and says what is wrong with it.
type Visit<'v> = &'v mut dyn FnMut(&Frame<'_>) -> Result<(), VisitError>;

/// A report, and what of the journal can be vouched for.
#[derive(Debug)]
pub(super) struct Examination {
    pub(super) report: Report,
    pub(super) kept: Vec<Kept>,
    pub(super) identity: Option<[u8; 16]>,
    /// The newest fact that checks by itself.
    pub(super) newest: Sequence,
}

/// The part of a segment up to which everything checks.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) name: String,
    /// Where the last good frame ends.
    pub(super) bytes: u64,
    pub(super) length: u64,
}

pub(super) fn examine(disk: &dyn Disk, visit: Visit<'_>) -> Result<Examination, VerifyError> {
    if let Some(holder) = disk.holder().map_err(io_error("looking for", "the lock"))? {
        return Err(VerifyError::InUse(holder));
    }
    let mut examiner = Examiner::new(visit);
    let found = examiner.list(disk)?;
    examiner.read_head(disk, &found)?;
    for (index, (first, name)) in found.segments.iter().enumerate() {
        let is_last = index + 1 == found.segments.len();
        examiner.segment(disk, *first, name, is_last)?;
    }
    Ok(examiner.finish(&found))
}

struct Examiner<'v> {
    visit: Visit<'v>,
    /// Nothing is shown behind the first frame that the visitor found wrong.
    visiting: bool,
    examination: Examination,
    slot: Option<Slot>,
    /// Everything up to here checks.
    trusted: bool,
    /// What the next segment must begin with and name, as far as that is known.
    next: Option<Sequence>,
    link: Option<Chain>,
    recorded_at_us: i64,
    head_holds: bool,
}

impl<'v> Examiner<'v> {
    fn new(visit: Visit<'v>) -> Self {
        let head = Head { sequence: Sequence(0), chain: Chain::default() };
        let report = Report {
            whole: true,
            facts: 0,
            frames: 0,
            head,
            noted: None,
            torn: None,
            problems: Vec::new(),
            problems_left_out: 0,
        };
        Self {
            visit,
            visiting: true,
            examination: Examination { report, kept: Vec::new(), identity: None, newest: Sequence(0) },
            slot: None,
            trusted: true,
            next: Some(Sequence::FIRST),
            link: Some(Chain::default()),
            recorded_at_us: i64::MIN,
            head_holds: false,
        }
    }

    fn report(&mut self) -> &mut Report {
        &mut self.examination.report
    }

    fn problem(&mut self, segment: &str, frame: u64, offset: u64, what: String) {
        let report = self.report();
        report.whole = false;
        if report.problems.len() < PROBLEMS_MAX {
            report.problems.push(Problem { segment: segment.to_owned(), frame, offset, what });
        } else {
            report.problems_left_out += 1;
        }
    }

    fn list(&mut self, disk: &dyn Disk) -> Result<Found, VerifyError> {
        let names = disk.list().map_err(io_error("listing", "the directory"))?;
        for name in names.iter().filter(|name| segment::is_segment_name(name)) {
            if segment::parse_name(name).is_none() {
                self.problem(name, 0, 0, OpenError::SegmentName { file: name.clone() }.to_string());
            }
        }
        Ok(survey::sort(names))
    }

    fn read_head(&mut self, disk: &dyn Disk, found: &Found) -> Result<(), VerifyError> {
        if !found.head {
            if !found.segments.is_empty() {
                self.problem(head::NAME, 0, 0, OpenError::HeadMissing.to_string());
            }
            return Ok(());
        }
        let file = disk.open_to_read(head::NAME).map_err(io_error("opening", head::NAME))?;
        match head::read(&*file).map_err(io_error("reading", head::NAME))? {
            Ok((slot, _)) => {
                self.report().noted = Some(slot.head);
                self.slot = Some(slot);
            }
            Err(SlotFault::Damaged) => self.problem(head::NAME, 0, 0, OpenError::HeadDamaged.to_string()),
            Err(SlotFault::UnknownVersion(version)) => {
                let file = head::NAME.to_owned();
                let error = OpenError::UnknownVersion { file, version, known: head::VERSION };
                self.problem(head::NAME, 0, 0, error.to_string());
            }
        }
        Ok(())
    }

    fn segment(&mut self, disk: &dyn Disk, first: Sequence, name: &str, is_last: bool) -> Result<(), VerifyError> {
        let file = disk.open_to_read(name).map_err(io_error("opening", name))?;
        let segment = match Segment::read(name, &*file).map_err(io_error("reading", name))? {
            Ok(segment) => segment,
            Err(fault) => {
                self.problem(name, 0, 0, fault.to_string());
                (self.trusted, self.next, self.link) = (false, None, None);
                return Ok(());
            }
        };
        if let Some(error) = self.header_problem(first, &segment) {
            self.problem(name, 0, 0, error.to_string());
            self.trusted = false;
        }
        if self.trusted {
            self.examination.identity = Some(segment.header.journal);
        }
        let mut scan = Scan::new(&segment, &file);
        self.frames(&segment, &mut scan, is_last).map_err(io_error("reading", name))
    }

    fn header_problem(&self, first: Sequence, segment: &Segment) -> Option<OpenError> {
        let identity = self.examination.identity.or(self.slot.map(|slot| slot.journal));
        let (name, header) = (segment.name.clone(), &segment.header);
        if identity.is_some_and(|identity| identity != header.journal) {
            return Some(OpenError::Foreign { file: name });
        }
        if header.first != first {
            return Some(OpenError::SegmentRenamed { segment: name, first: header.first });
        }
        match self.next {
            Some(next) if first > next => {
                return Some(OpenError::SegmentMissing { segment: segment::name(next), first: next });
            }
            Some(next) if first < next => return Some(OpenError::SegmentOverlaps { segment: name, next }),
            _ => {}
        }
        let linked = self.link.is_none_or(|link| link == header.before);
        (!linked).then_some(OpenError::SegmentUnlinked { segment: name })
    }

    fn frames(&mut self, segment: &Segment, scan: &mut Scan, is_last: bool) -> io::Result<()> {
        scan.recorded_at_us = self.recorded_at_us;
        if self.trusted {
            if segment.header.first == Sequence::FIRST {
                self.at(Head { sequence: Sequence(0), chain: segment.header_chain });
            }
            let (name, length) = (segment.name.clone(), segment.length);
            self.examination.kept.push(Kept { name, bytes: segment::HEADER_BYTES as u64, length });
        }
        loop {
            let fault = match scan.step()? {
                Step::Facts(frame) => {
                    let (head, facts, bytes) = (frame.head(), frame.header.facts, frame.header.frame_bytes());
                    let found = if self.trusted && self.visiting { (self.visit)(&frame) } else { Ok(()) };
                    if let Err(error) = found {
                        self.visiting = false;
                        self.problem(&segment.name, scan.frame - 1, scan.offset - bytes, error.to_string());
                    }
                    self.good_frame(head, u64::from(facts), scan.offset);
                    continue;
                }
                Step::Seal => {
                    self.report().frames += 1;
                    self.keep_to(scan.offset);
                    self.keep_nothing_behind();
                    continue;
                }
                Step::End => None,
                Step::Bad(fault) => Some(fault),
            };
            if !self.pass_fault(segment, scan, fault, is_last)? {
                break;
            }
        }
        self.recorded_at_us = scan.recorded_at_us;
        self.next = scan.sealed.as_ref().map(|_| scan.next);
        self.link = scan.sealed.as_ref().map(|_| scan.link);
        Ok(())
    }

    fn good_frame(&mut self, head: Head, facts: u64, end: u64) {
        let report = self.report();
        report.frames += 1;
        report.facts += facts;
        self.examination.newest = self.examination.newest.max(head.sequence);
        if self.trusted {
            self.at(head);
            self.keep_to(end);
        }
    }

    fn at(&mut self, head: Head) {
        self.report().head = head;
        self.head_holds |= self.slot.is_some_and(|slot| slot.head == head);
    }

    fn keep_to(&mut self, end: u64) {
        if let Some(kept) = self.examination.kept.last_mut().filter(|_| self.trusted) {
            kept.bytes = end;
        }
    }

    /// Behind a seal there is nothing, or nothing that belongs there.
    fn keep_nothing_behind(&mut self) {
        if let Some(kept) = self.examination.kept.last_mut().filter(|_| self.trusted) {
            kept.length = kept.bytes;
        }
    }

    /// Judges the end of a segment's good frames, and says whether more were found behind what is bad.
    fn pass_fault(
        &mut self,
        segment: &Segment,
        scan: &mut Scan,
        fault: Option<Fault>,
        is_last: bool,
    ) -> io::Result<bool> {
        let offset = scan.offset;
        if scan.sealed.is_some() {
            if offset < segment.length {
                self.fault(segment, scan, "there are bytes behind the seal");
            }
            return Ok(false);
        }
        let data_end = scan.end_of_data()?;
        if data_end == offset {
            if !is_last {
                self.fault(segment, scan, "a later segment exists, but this one has no seal at its end");
            }
            return Ok(false);
        }
        let fault = fault.unwrap_or(Fault::NoMagic);
        if is_last && self.nothing_vouches_for(scan.next) && scan.can_be_torn(fault)? {
            let torn = TornTail { segment: segment.name.clone(), offset, bytes: data_end - offset };
            self.report().torn = Some(torn);
            return Ok(false);
        }
        let Some((at, header)) = scan.find_later()? else {
            self.fault(segment, scan, &fault.to_string());
            return Ok(false);
        };
        let lost = lost_between(scan.next, &header);
        self.fault(segment, scan, &format!("{fault}{lost}"));
        scan.resume(at, &header);
        Ok(true)
    }

    fn fault(&mut self, segment: &Segment, scan: &Scan, what: &str) {
        self.problem(&segment.name, scan.frame, scan.offset, what.to_owned());
        self.trusted = false;
    }

    /// Whether fact `next` can never have been acknowledged, as far as the head tells.
    fn nothing_vouches_for(&self, next: Sequence) -> bool {
        let open = |slot: Slot| slot.state != State::Closed && slot.head.sequence < next;
        self.trusted && self.slot.is_some_and(open)
    }

    fn finish(mut self, found: &Found) -> Examination {
        if let Some(error) = self.head_problem(found) {
            self.problem(head::NAME, 0, 0, error.to_string());
        }
        self.examination
    }

    /// What is wrong between the head file and the segments, where those are good.
    fn head_problem(&self, found: &Found) -> Option<OpenError> {
        let slot = self.slot?;
        let (head, end) = (slot.head.sequence, self.examination.report.head.sequence);
        let Some((first, _)) = found.segments.last() else {
            let first = Sequence::FIRST;
            let missing = OpenError::SegmentMissing { segment: segment::name(first), first };
            return (slot.state != State::Creating).then_some(missing);
        };
        if !self.trusted {
            return None;
        }
        let oldest = if slot.state == State::Closed { end } else { Sequence(first.0 - 1) };
        if head > end {
            Some(OpenError::HeadAhead { head, end })
        } else if head < oldest {
            Some(OpenError::HeadBehind { head, oldest })
        } else {
            (!self.head_holds).then_some(OpenError::HeadDiffers { sequence: head })
        }
    }
}

fn lost_between(next: Sequence, header: &Header) -> String {
    if header.first <= next {
        return String::new();
    }
    format!("; facts {} to {} cannot be read", next, header.first.0 - 1)
}

pub(super) fn io_error(doing: &'static str, file: &str) -> impl FnOnce(io::Error) -> VerifyError {
    let file = file.to_owned();
    move |source| VerifyError::Io { doing, file, source }
}
