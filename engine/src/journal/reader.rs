//! Reads durable facts while the journal goes on appending.

use std::io;
use std::sync::Arc;

use super::frame::{Fault, Frame, HEADER_BYTES, Header, Kind};
use super::index::SegmentIndex;
use super::scan::{CHUNK_BYTES, Window};
use super::writer::Shared;
use super::{Chain, Facts, Head, ReadError, Sequence, segment};
use crate::limits::FRAME_CUT_BYTES;

/// Reads the durable facts of an open journal; clones are cheap, and any number may read at once.
///
/// What it returns was checked against its checksums. Chains were checked when the journal was opened, and
/// [`super::verify`] checks them again.
///
/// ```
/// use packtree::journal::{Fact, Frames, Group, Journal, Opening, OwnedFrame, Reader, Sequence};
/// # use std::sync::Arc;
/// # use packtree::disk::{Disk, SimulatedDisk};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::new());
/// # let opening = Opening::new([7; 16], 1_700_000_000_000_000);
/// # let (mut journal, _) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
/// let mut group = Group::new();
/// group.push(&[b"packed", b"closed"])?;
/// journal.append(Sequence::FIRST, &mut group, opening.now_us)?;
/// let reader: Reader = journal.reader();
/// let mut frames: Frames = reader.frames_from(Sequence::FIRST);
/// let frame: OwnedFrame = frames.next().ok_or("two facts are durable")??;
/// assert_eq!((frame.first(), frame.last(), frame.group_first()), (Sequence(1), Sequence(2), Sequence(1)));
/// assert_eq!(frame.recorded_at_us(), opening.now_us);
/// let Fact { bytes, .. } = reader.fact(Sequence(2))?.ok_or("the fact is durable")?;
/// assert_eq!(bytes, b"closed");
///
/// // Where a moment is among the facts.
/// assert_eq!(reader.sequence_at(opening.now_us)?, Sequence(2));
/// assert_eq!(reader.sequence_at(opening.now_us - 1)?, Sequence(0));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Reader {
    shared: Arc<Shared>,
}

/// One fact as it was journaled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its number.
    pub sequence: Sequence,
    /// When it was recorded, in microseconds since the start of 1970, UTC.
    pub recorded_at_us: i64,
    /// What was journaled.
    pub bytes: Vec<u8>,
}

/// A frame that has been read and checked.
#[derive(Clone, Debug)]
pub struct OwnedFrame {
    header: Header,
    payload: Vec<u8>,
}

impl OwnedFrame {
    /// The number of its first fact.
    pub fn first(&self) -> Sequence {
        self.header.first
    }

    /// The number of its last fact.
    pub fn last(&self) -> Sequence {
        self.header.last()
    }

    /// The number of the first fact that was made durable by the same flush.
    pub fn group_first(&self) -> Sequence {
        self.header.group_first
    }

    /// When its group was recorded, in microseconds since the start of 1970, UTC.
    pub fn recorded_at_us(&self) -> i64 {
        self.header.recorded_at_us
    }

    /// Its facts, in order, each with its number.
    pub fn facts(&self) -> Facts<'_> {
        Frame { header: &self.header, payload: &self.payload, chain: Chain::default() }.facts()
    }
}

impl Reader {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// The newest durable fact.
    pub fn head(&self) -> Head {
        self.shared.durable.read().head
    }

    /// The frames from the one that holds fact `sequence` on.
    ///
    /// The iterator ends where the durable facts end; asked again later, it goes on with those that have come since.
    pub fn frames_from(&self, sequence: Sequence) -> Frames {
        self.frames(sequence, CHUNK_BYTES)
    }

    fn frames(&self, sequence: Sequence, chunk: usize) -> Frames {
        Frames { shared: Arc::clone(&self.shared), next: sequence.max(Sequence::FIRST), place: None, chunk }
    }

    /// The frame that holds a fact, or `None` where there is no fact with this number yet.
    ///
    /// # Errors
    ///
    /// [`ReadError`].
    ///
    /// ```
    /// use packtree::journal::{Group, Journal, Opening, Sequence};
    /// # use std::sync::Arc;
    /// # use packtree::disk::{Disk, SimulatedDisk};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::new());
    /// # let opening = Opening::new([7; 16], 1_700_000_000_000_000);
    /// # let (mut journal, _) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
    /// # let mut group = Group::new();
    /// # group.push(&[b"packed", b"closed"])?;
    /// # journal.append(Sequence::FIRST, &mut group, opening.now_us)?;
    /// let frame = journal.reader().frame(Sequence(2))?.ok_or("the fact is durable")?;
    /// assert_eq!(frame.facts().count(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn frame(&self, sequence: Sequence) -> Result<Option<OwnedFrame>, ReadError> {
        self.frames(sequence, FRAME_CUT_BYTES).next().transpose()
    }

    /// One fact, or `None` where there is none with this number yet.
    ///
    /// # Errors
    ///
    /// [`ReadError`].
    pub fn fact(&self, sequence: Sequence) -> Result<Option<Fact>, ReadError> {
        let Some(frame) = self.frame(sequence)? else { return Ok(None) };
        let fact = frame.facts().find(|(number, _)| *number == sequence);
        Ok(fact.map(|(_, bytes)| Fact { sequence, recorded_at_us: frame.header.recorded_at_us, bytes: bytes.to_vec() }))
    }

    /// The last fact that was recorded at `time_us` or before, in microseconds since the start of 1970, UTC; 0 where
    /// there is none.
    ///
    /// # Errors
    ///
    /// [`ReadError`].
    pub fn sequence_at(&self, time_us: i64) -> Result<Sequence, ReadError> {
        let (mut sequence, start) = {
            let durable = self.shared.durable.read();
            let began = |index: &SegmentIndex| index.marks.first().is_some_and(|mark| mark.recorded_at_us <= time_us);
            let segment = durable.segments.partition_point(began);
            let Some(index) = segment.checked_sub(1).map(|before| &durable.segments[before]) else {
                return Ok(Sequence(0));
            };
            let mark = index.marks.partition_point(|mark| mark.recorded_at_us <= time_us) - 1;
            (Sequence(0), index.marks[mark].first)
        };
        for frame in self.frames_from(start) {
            let frame = frame?;
            if frame.recorded_at_us() > time_us {
                break;
            }
            sequence = frame.last();
        }
        Ok(sequence)
    }
}

/// The frames of a journal from some fact on; see [`Reader::frames_from`].
#[derive(Debug)]
pub struct Frames {
    shared: Arc<Shared>,
    /// The next frame holds this fact.
    next: Sequence,
    place: Option<Place>,
    /// How much is read at once.
    chunk: usize,
}

/// Where the next frame to look at begins.
#[derive(Debug)]
struct Place {
    segment: Sequence,
    /// The last durable fact of the segment when its end was looked up.
    last: Sequence,
    offset: u64,
    window: Window,
}

impl Iterator for Frames {
    type Item = Result<OwnedFrame, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}

impl Frames {
    fn advance(&mut self) -> Result<Option<OwnedFrame>, ReadError> {
        if self.place.as_ref().is_none_or(|place| place.last < self.next) && !self.find()? {
            return Ok(None);
        }
        let next = self.next;
        let place = self.place.as_mut().expect("a place was found");
        loop {
            let header = place.header(&self.shared)?;
            let frame_bytes = header.frame_bytes();
            if header.last() < next {
                place.offset += frame_bytes;
                continue;
            }
            if header.first > next {
                let fault = Fault::WrongSequence { expected: next.0, found: header.first.0 };
                return Err(place.damaged(fault));
            }
            let payload = place.payload(&header, &self.shared)?;
            place.offset += frame_bytes;
            self.next = header.last().next();
            return Ok(Some(OwnedFrame { header, payload }));
        }
    }

    /// Looks up where the next fact is, as far as it is durable.
    fn find(&mut self) -> Result<bool, ReadError> {
        let durable = self.shared.durable.read();
        if self.next > durable.head.sequence {
            return Ok(false);
        }
        let position = durable.segments.partition_point(|index| index.first <= self.next) - 1;
        let index = &durable.segments[position];
        let (segment, last, end) = (index.first, index.last, index.end);
        if let Some(place) = self.place.as_mut().filter(|place| place.segment == segment) {
            place.last = last;
            place.window.extend_to(end);
            return Ok(true);
        }
        let mark = index.marks.partition_point(|mark| mark.first <= self.next) - 1;
        let offset = index.marks[mark].offset;
        drop(durable);
        let name = segment::name(segment);
        let file = self.shared.disk.open_to_read(&name).map_err(|error| io_error(name, error))?;
        self.place = Some(Place { segment, last, offset, window: Window::new(file, end, self.chunk) });
        Ok(true)
    }
}

impl Place {
    fn header(&mut self, shared: &Shared) -> Result<Header, ReadError> {
        let name = || segment::name(self.segment);
        let bytes = self.window.view(self.offset, HEADER_BYTES).map_err(|error| io_error(name(), error))?;
        if bytes.len() < HEADER_BYTES {
            return Err(self.damaged(Fault::PastEnd));
        }
        match Header::read(bytes, &shared.checksum) {
            Ok(header) if header.kind == Kind::Facts => Ok(header),
            Ok(_) => Err(self.damaged(Fault::Seal)),
            Err(fault) => Err(self.damaged(fault)),
        }
    }

    fn payload(&mut self, header: &Header, shared: &Shared) -> Result<Vec<u8>, ReadError> {
        let frame_bytes = header.frame_bytes() as usize;
        let name = segment::name(self.segment);
        let bytes = self.window.view(self.offset, frame_bytes).map_err(|error| io_error(name, error))?;
        if bytes.len() < frame_bytes {
            return Err(self.damaged(Fault::PastEnd));
        }
        let payload = bytes[HEADER_BYTES..].to_vec();
        header.check_payload(&payload, &shared.checksum).map_err(|fault| self.damaged(fault))?;
        Ok(payload)
    }

    fn damaged(&self, fault: Fault) -> ReadError {
        ReadError::Damaged { segment: segment::name(self.segment), offset: self.offset, reason: fault.to_string() }
    }
}

fn io_error(segment: String, cause: io::Error) -> ReadError {
    ReadError::Io { segment, cause: Arc::new(cause) }
}
