//! Appends groups: one write, one sync.

use std::io;
use std::sync::Arc;

use parking_lot::RwLock;

use super::frame::{self, Checksum, Kind};
use super::group::Group;
use super::head::{HeadFile, State};
use super::index::{Mark, SegmentIndex, add_mark, seal};
use super::reader::Reader;
use super::spare::{self, SegmentPreparer, Spare};
use super::{AppendError, Chain, Head, Sequence, segment};
use crate::disk::{DirectoryLock, Disk, DiskFile};
use crate::limits::{SEGMENT_BYTES_DEFAULT, SEGMENT_BYTES_FIRST, SPARE_WANTED_BYTES};

/// How a journal is to be written.
///
/// ```
/// use packtree::journal::Settings;
/// use packtree::{Engine, Options, disk::SimulatedDisk};
///
/// // Segments of 4 MiB, for a site that archives each of them.
/// let journal = Settings { segment_bytes: 4 << 20 };
/// let engine = Engine::open_on(std::sync::Arc::new(SimulatedDisk::new()), Options { journal, ..Options::default() })?;
/// // Nothing is that small.
/// let journal = Settings { segment_bytes: 1 };
/// assert!(Engine::open_on(std::sync::Arc::new(SimulatedDisk::new()), Options { journal, ..Options::default() }).is_err());
/// # engine.close()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The length that segments grow to, in bytes.
    pub segment_bytes: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { segment_bytes: SEGMENT_BYTES_DEFAULT }
    }
}

impl Settings {
    pub(super) fn first_segment_bytes(self) -> u64 {
        self.segment_bytes.min(SEGMENT_BYTES_FIRST)
    }

    fn segment_bytes_after(self, length: u64) -> u64 {
        self.segment_bytes.min(length.saturating_mul(2)).max(self.first_segment_bytes())
    }
}

/// The one writer of a journal.
///
/// After the first failed write or sync it never writes again: the system may have dropped the bytes, and a second
/// sync could report success for what is not on disk. Opening the journal again shows what really is there.
#[derive(Debug)]
pub struct Journal {
    pub(super) disk: Arc<dyn Disk>,
    /// Keeps others out for as long as the journal is open.
    pub(super) _lock: DirectoryLock,
    pub(super) settings: Settings,
    pub(super) identity: [u8; 16],
    pub(super) checksum: Checksum,
    pub(super) head_file: HeadFile,
    pub(super) current: Current,
    /// The newest durable fact; while a group is being written, the newest that was placed.
    pub(super) head: Head,
    pub(super) recorded_at_us: i64,
    /// Since the journal was opened.
    pub(super) appended_bytes: u64,
    pub(super) shared: Arc<Shared>,
    pub(super) spare: Arc<Spare>,
    pub(super) poison: Option<AppendError>,
}

/// The segment that is being written.
#[derive(Debug)]
pub(super) struct Current {
    pub(super) name: String,
    pub(super) file: Arc<dyn DiskFile>,
    pub(super) length: u64,
    /// Where the next frame goes.
    pub(super) offset: u64,
    /// The chain value that the next frame names.
    pub(super) link: Chain,
    /// What it holds, the group that is being written included.
    pub(super) index: SegmentIndex,
    pub(super) sealed: bool,
    /// The file still bears the name of a spare one.
    pub(super) unnamed: bool,
}

/// What readers know: the durable facts and where they are.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) checksum: Checksum,
    pub(super) durable: RwLock<Durable>,
}

#[derive(Debug)]
pub(super) struct Durable {
    pub(super) head: Head,
    /// In ascending order, the one that is being written last; never empty.
    pub(super) segments: Vec<SegmentIndex>,
}

impl Journal {
    /// The newest durable fact.
    pub fn head(&self) -> Head {
        self.head
    }

    /// A reader of the durable facts.
    pub fn reader(&self) -> Reader {
        Reader::new(Arc::clone(&self.shared))
    }

    /// What prepares segments ahead of time, to be given a thread.
    pub fn preparer(&self) -> SegmentPreparer {
        SegmentPreparer::new(Arc::clone(&self.spare))
    }

    /// Makes a group durable, and returns the head that ends with its last fact.
    ///
    /// Its first fact gets the number `first`, which must be the one that follows the head: whoever appends says what
    /// he knows of. `recorded_at_us` is the time, in microseconds since the start of 1970, UTC; where the clock was
    /// set back, the time of the group before counts instead.
    ///
    /// # Errors
    ///
    /// [`AppendError::OutOfTurn`] where `first` is another number; nothing has happened then.
    /// [`AppendError::Poisoned`] where a write or sync failed, now or earlier; whether the group is on disk shows when
    /// the journal is opened again.
    pub fn append(&mut self, first: Sequence, group: &mut Group, recorded_at_us: i64) -> Result<Head, AppendError> {
        if let Some(poison) = &self.poison {
            return Err(poison.clone());
        }
        let next = self.head.sequence.next();
        if first != next {
            return Err(AppendError::OutOfTurn { expected: first, next });
        }
        if group.is_empty() {
            return Ok(self.head);
        }
        self.recorded_at_us = self.recorded_at_us.max(recorded_at_us);
        let durable = self.head;
        match self.write_group(first, group) {
            Ok(filled) => {
                self.appended_bytes += group.bytes() as u64;
                self.publish(filled);
                Ok(self.head)
            }
            Err(failure) => {
                self.head = durable;
                Err(self.poison_with(failure))
            }
        }
    }

    /// Writes the head down in its file, without waiting for it to be durable.
    ///
    /// To be called after each group, when its callers have been answered.
    ///
    /// # Errors
    ///
    /// [`AppendError::Poisoned`].
    ///
    /// ```
    /// use packtree::journal::{Group, Journal, Opening, Sequence, verify};
    /// # use std::sync::Arc;
    /// # use packtree::disk::{Disk, SimulatedDisk};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::new());
    /// # let opening = Opening::new([7; 16], 1_700_000_000_000_000);
    /// # let (mut journal, _) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
    /// # let mut group = Group::new();
    /// # group.push(&[b"packed", b"closed"])?;
    /// # journal.append(Sequence::FIRST, &mut group, opening.now_us)?;
    /// journal.note_head()?;
    /// drop(journal);
    /// assert_eq!(verify(&*disk)?.noted.map(|head| head.sequence), Some(Sequence(2)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn note_head(&mut self) -> Result<(), AppendError> {
        if let Some(poison) = &self.poison {
            return Err(poison.clone());
        }
        let noted = self.head_file.note(State::Open, self.head);
        noted.map_err(|error| self.poison_with(Failure::new("writing", super::head::NAME, error)))
    }

    /// Ends the journal in order: its head is durable and says that nothing follows.
    ///
    /// # Errors
    ///
    /// [`AppendError::Poisoned`]; the next opening then works as after a crash.
    pub fn close(mut self) -> Result<Head, AppendError> {
        if let Some(poison) = self.poison.take() {
            return Err(poison);
        }
        self.spare.stop();
        let closed = self.head_file.sync(State::Closed, self.head);
        closed.map_err(|error| self.poison_with(Failure::new("closing", super::head::NAME, error)))?;
        // A spare file that cannot be removed is removed by the next opening.
        let _ = self.disk.remove(spare::NAME);
        Ok(self.head)
    }

    fn poison_with(&mut self, failure: Failure) -> AppendError {
        let Failure { doing, file, cause } = failure;
        let poison = AppendError::Poisoned { doing, file, cause: Arc::new(cause) };
        self.poison = Some(poison.clone());
        poison
    }

    /// Writes and syncs all frames of a group, over as many segments as it takes. Returns the indexes of the segments
    /// that were filled on the way.
    fn write_group(&mut self, first: Sequence, group: &mut Group) -> Result<Vec<SegmentIndex>, Failure> {
        let mut filled = Vec::new();
        let mut written = 0;
        loop {
            let from = group.frames[written].start;
            let offset = self.current.offset;
            while written < group.frames.len() && self.make_room(group, written)? {
                self.place(first, group, written);
                written += 1;
            }
            let to = group.frames.get(written).map_or(group.buffer.len(), |frame| frame.start);
            if to > from {
                self.current.write(offset, &group.buffer[from..to])?;
            }
            if written == group.frames.len() {
                self.sync_current()?;
                return Ok(filled);
            }
            self.seal(first)?;
            filled.push(self.start_segment()?);
        }
    }

    /// Whether the next frame goes into the current segment. An empty segment grows to take it.
    fn make_room(&mut self, group: &Group, index: usize) -> Result<bool, Failure> {
        let bytes = (group.frame_end(index) - group.frames[index].start) as u64;
        let current = &mut self.current;
        let needed = current.offset + bytes + seal::frame_bytes_min(current.index.marks.len() + 1);
        if needed <= current.length || current.sealed {
            return Ok(!current.sealed);
        }
        if current.index.marks.is_empty() {
            segment::fill_with_zeros(&*current.file, current.length, needed)
                .map_err(|error| Failure::new("extending", &current.name, error))?;
            current.length = needed;
            return Ok(true);
        }
        Ok(false)
    }

    /// Fills in the header of a frame, which is the next one of the current segment.
    fn place(&mut self, group_first: Sequence, group: &mut Group, index: usize) {
        let (start, end) = (group.frames[index].start, group.frame_end(index));
        let frame = &mut group.buffer[start..end];
        let header = frame::Header {
            kind: Kind::Facts,
            payload_bytes: (frame.len() - frame::HEADER_BYTES) as u32,
            facts: group.frames[index].facts,
            first: self.head.sequence.next(),
            group_first,
            recorded_at_us: self.recorded_at_us,
            previous: self.current.link,
            payload_checksum: self.checksum.of(&frame[frame::HEADER_BYTES..]),
        };
        header.write(frame, &self.checksum);
        self.head = Head { sequence: header.last(), chain: Chain::of(frame) };
        let current = &mut self.current;
        let mark = Mark { first: header.first, offset: current.offset, recorded_at_us: header.recorded_at_us };
        add_mark(&mut current.index.marks, mark);
        current.offset += frame.len() as u64;
        current.link = self.head.chain;
        current.index.last = self.head.sequence;
        current.index.chain = self.head.chain;
        current.index.end = current.offset;
    }

    /// Makes what was written to the current segment durable, and its name.
    fn sync_current(&mut self) -> Result<(), Failure> {
        let current = &mut self.current;
        current.file.sync().map_err(|error| Failure::new("syncing", &current.name, error))?;
        if current.unnamed {
            self.disk
                .rename(spare::NAME, &current.name)
                .map_err(|error| Failure::new("naming", &current.name, error))?;
            self.disk
                .sync_directory()
                .map_err(|error| Failure::new("syncing the directory of", &current.name, error))?;
            current.unnamed = false;
        }
        Ok(())
    }

    /// Ends the current segment: the rest of the file becomes one last frame, and the file is never written again.
    fn seal(&mut self, group_first: Sequence) -> Result<(), Failure> {
        if self.current.sealed {
            return Ok(());
        }
        let current = &mut self.current;
        let bytes = seal::frame_bytes_min(current.index.marks.len()).max(current.length.saturating_sub(current.offset));
        let mut frame = vec![0; bytes as usize];
        seal::write(&mut frame[frame::HEADER_BYTES..], &current.index.marks, current.offset);
        let header = frame::Header {
            kind: Kind::Seal,
            payload_bytes: (frame.len() - frame::HEADER_BYTES) as u32,
            facts: 0,
            first: self.head.sequence.next(),
            group_first,
            recorded_at_us: self.recorded_at_us,
            previous: current.link,
            payload_checksum: self.checksum.of(&frame[frame::HEADER_BYTES..]),
        };
        header.write(&mut frame, &self.checksum);
        let offset = current.offset;
        current.link = Chain::of(&frame);
        current.offset += bytes;
        current.write(offset, &frame)?;
        self.sync_current()?;
        self.current.sealed = true;
        Ok(())
    }

    /// Goes over to a new segment, and returns the index of the one before.
    ///
    /// The head is synced before the new segment gets its name: wherever there is a segment, the durable head names
    /// the fact before it, or a later one.
    fn start_segment(&mut self) -> Result<SegmentIndex, Failure> {
        let known = self.head;
        self.head_file.sync(State::Open, known).map_err(|error| Failure::new("syncing", super::head::NAME, error))?;
        let wanted = self.settings.segment_bytes_after(self.current.length);
        let (file, length) = self.spare.take(wanted).map_err(|error| Failure::new("preparing", spare::NAME, error))?;
        let header = segment::Header {
            journal: self.identity,
            first: known.sequence.next(),
            before: self.current.link,
            created_at_us: self.recorded_at_us,
        };
        let mut next = Current::new(&header, file, length, known.chain);
        next.unnamed = true;
        next.write(0, &header.write())?;
        Ok(std::mem::replace(&mut self.current, next).index)
    }

    /// Lets readers see what has become durable.
    fn publish(&self, filled: Vec<SegmentIndex>) {
        let mut durable = self.shared.durable.write();
        durable.head = self.head;
        for index in filled {
            durable.replace_last(&index);
            durable.segments.push(SegmentIndex::empty(index.last.next(), index.chain));
        }
        durable.replace_last(&self.current.index);
        drop(durable);
        if self.wants_spare() {
            self.spare.want(self.settings.segment_bytes_after(self.current.length));
        }
    }

    /// Whether it is time to prepare the next segment: early enough for somebody who writes much, and not at all for
    /// somebody who opens the journal to append a few facts and closes it again.
    fn wants_spare(&self) -> bool {
        let length = self.current.length;
        let room = length.saturating_sub(self.current.offset);
        let (much, little) = (length / 8, SPARE_WANTED_BYTES);
        self.appended_bytes >= much || room < length / 4 && self.appended_bytes >= little
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.spare.stop();
    }
}

impl Durable {
    /// Brings the index of the last segment up to date, copying only the marks that are new.
    fn replace_last(&mut self, index: &SegmentIndex) {
        let last = self.segments.last_mut().expect("a journal has at least one segment");
        debug_assert_eq!(last.first, index.first);
        last.last = index.last;
        last.chain = index.chain;
        last.end = index.end;
        let known = last.marks.len();
        last.marks.extend_from_slice(&index.marks[known..]);
    }
}

impl Current {
    /// A segment without frames.
    pub(super) fn new(header: &segment::Header, file: Arc<dyn DiskFile>, length: u64, chain: Chain) -> Self {
        Self {
            name: segment::name(header.first),
            file,
            length,
            offset: segment::HEADER_BYTES as u64,
            link: Chain::of(&header.write()),
            index: SegmentIndex::empty(header.first, chain),
            sealed: false,
            unnamed: false,
        }
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> Result<(), Failure> {
        self.file.write_at(offset, bytes).map_err(|error| Failure::new("writing", &self.name, error))
    }
}

/// A call to the disk that failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) doing: &'static str,
    pub(super) file: String,
    pub(super) cause: io::Error,
}

impl Failure {
    pub(super) fn new(doing: &'static str, file: &str, cause: io::Error) -> Self {
        Self { doing, file: file.to_owned(), cause }
    }
}
