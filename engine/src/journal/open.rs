//! Opens a journal: checks what is on disk, shows it to a visitor, and cuts what a crash left unfinished.

use std::io;
use std::sync::Arc;

use parking_lot::RwLock;

use super::error::VisitError;
use super::frame::{Checksum, Frame};
use super::head::{self, HeadFile, Slot, State};
use super::segment::{self, Segment};
use super::spare::{self, Spare};
use super::survey::{self, Found, io_error};
use super::walk::{Tail, Walk, Walked};
use super::writer::{Current, Durable, Journal, Settings, Shared};
use super::{Chain, Head, OpenError, Sequence};
use crate::disk::{DirectoryLock, Disk, DiskFile};
use crate::limits::SEGMENT_BYTES;

/// How much is copied at once.
const COPY_BYTES: usize = 1 << 20;

/// What the opener of a journal knows and wants.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// How to write from now on.
    pub settings: Settings,
    /// A head that the caller knows this journal to have reached, kept apart from its directory. With it, an older
    /// copy of the whole directory is noticed.
    pub expected: Option<Head>,
    /// The head that the caller has already applied. Frames up to it are not visited, and segments that end before it
    /// are checked by their ends alone; [`super::verify`] checks everything.
    pub checkpoint: Option<Head>,
    /// The identity that the journal gets if it is created now: 16 random bytes.
    pub identity: [u8; 16],
    /// The time now, in microseconds since the start of 1970, UTC.
    pub now_us: i64,
}

impl Opening {
    /// Opens with the default settings, visiting everything.
    pub fn new(identity: [u8; 16], now_us: i64) -> Self {
        Self { settings: Settings::default(), expected: None, checkpoint: None, identity, now_us }
    }
}

/// What was found on opening a journal.
///
/// ```
/// use packtree::journal::{Group, Journal, Opening, Recovered, Sequence, TornTail};
/// # use std::sync::Arc;
/// # use packtree::disk::{Disk, SimulatedDisk};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::new());
/// # let opening = Opening::new([7; 16], 1_700_000_000_000_000);
/// # let (mut journal, _) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
/// # let mut group = Group::new();
/// # group.push(&[b"packed", b"closed"])?;
/// # journal.append(Sequence::FIRST, &mut group, opening.now_us)?;
/// drop(journal);
/// // A crash left the beginning of a frame behind.
/// let segment = disk.list()?.into_iter().find(|name| name.ends_with(".segment")).ok_or("there is one")?;
/// # let end = journal_end(&*disk, &segment)?;
/// disk.open_to_write(&segment)?.write_at(end, b"PTFR")?;
///
/// let (_, recovered) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
/// let Recovered { head, created, torn, .. } = recovered;
/// assert_eq!((head.sequence, created), (Sequence(2), false));
/// let TornTail { offset, bytes, .. } = torn.ok_or("something was cut")?;
/// assert_eq!((offset, bytes), (end, 4));
/// # Ok(())
/// # }
/// # fn journal_end(disk: &dyn Disk, segment: &str) -> std::io::Result<u64> {
/// #     let file = disk.open_to_read(segment)?;
/// #     let mut bytes = vec![0; file.length()? as usize];
/// #     file.read_at(0, &mut bytes)?;
/// #     Ok(bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last as u64 + 1))
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The newest fact.
    pub head: Head,
    /// The journal did not exist and was created.
    pub created: bool,
    /// It had been closed in order.
    pub closed: bool,
    /// How many facts were visited.
    pub facts_visited: u64,
    /// What a crash had left unfinished, and what was therefore cut.
    pub torn: Option<TornTail>,
}

/// The remains of a group that was never acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornTail {
    /// The segment's file name.
    pub segment: String,
    /// Where it began.
    pub offset: u64,
    /// How many bytes were set to zero.
    pub bytes: u64,
}

impl Journal {
    /// Opens the journal on `disk`, or creates it where the disk is empty.
    ///
    /// Each frame after the checkpoint is shown to `visit` once, in order, after it was checked. Bytes behind the last
    /// whole frame are cut if they can be the remains of a group that was never acknowledged; everything else that
    /// does not check is an error, and then the journal is left as it was.
    ///
    /// # Errors
    ///
    /// [`OpenError`] says which segment, which frame, what is wrong and what to do.
    ///
    /// # Example
    ///
    /// ```
    /// use std::sync::Arc;
    /// use packtree::disk::{Disk, SimulatedDisk};
    /// use packtree::journal::{Group, Journal, Opening, Sequence};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::new());
    /// let opening = Opening::new([7; 16], 1_700_000_000_000_000);
    ///
    /// let (mut journal, _) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
    /// let mut group = Group::new();
    /// group.push(&[b"case 1 was packed"])?;
    /// let head = journal.append(Sequence::FIRST, &mut group, opening.now_us)?;
    /// drop(journal); // As in a crash.
    ///
    /// let mut facts = Vec::new();
    /// let (_, recovered) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |frame| {
    ///     facts.extend(frame.facts().map(|(_, fact)| fact.to_vec()));
    ///     Ok(())
    /// })?;
    /// assert_eq!(recovered.head, head);
    /// assert_eq!(facts, [b"case 1 was packed"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn open(
        disk: Arc<dyn Disk>,
        lock: DirectoryLock,
        opening: &Opening,
        visit: &mut dyn FnMut(&Frame<'_>) -> Result<(), VisitError>,
    ) -> Result<(Self, Recovered), OpenError> {
        let bytes = opening.settings.segment_bytes;
        if !SEGMENT_BYTES.contains(&bytes) {
            let (min, max) = (*SEGMENT_BYTES.start(), *SEGMENT_BYTES.end());
            return Err(OpenError::SegmentLength { bytes, min, max });
        }
        let found = survey::list(&*disk)?;
        let slot = found.head.then(|| survey::read_head(&*disk)).transpose()?;
        let unfinished = slot.is_none_or(|(slot, _)| slot.state == State::Creating);
        let created = found.segments.is_empty() && unfinished;
        if created {
            check_nothing_known(opening)?;
            create(&*disk, opening)?;
        }
        let (found, slot) = match slot {
            _ if created => (survey::list(&*disk)?, survey::read_head(&*disk)?),
            Some(slot) => (found, slot),
            None => return Err(OpenError::HeadMissing),
        };
        let surveyed = survey::check(&*disk, &found, &slot.0)?;
        let walked = Walk::new(&*disk, &surveyed, &slot.0, opening, visit).run()?;
        let recovered = Recovered {
            head: walked.head,
            created,
            closed: slot.0.state == State::Closed,
            facts_visited: walked.facts_visited,
            torn: walked.tail.torn.clone(),
        };
        let last = &surveyed[surveyed.len() - 1].segment;
        let ground = Ground { disk, lock, found, slot, settings: opening.settings };
        Ok((ground.settle(last, walked)?, recovered))
    }
}

/// Refuses to start an empty journal where the caller knows of facts.
fn check_nothing_known(opening: &Opening) -> Result<(), OpenError> {
    let end = Sequence(0);
    if let Some(expected) = opening.expected {
        return Err(OpenError::ExpectedAhead { expected: expected.sequence, end });
    }
    match opening.checkpoint {
        Some(checkpoint) => Err(OpenError::CheckpointAhead { checkpoint: checkpoint.sequence, end }),
        None => Ok(()),
    }
}

/// Starts a journal on an empty disk. The head comes first and says that nothing can be missing yet.
fn create(disk: &dyn Disk, opening: &Opening) -> Result<(), OpenError> {
    let header = segment::Header {
        journal: opening.identity,
        first: Sequence::FIRST,
        before: Chain::default(),
        created_at_us: opening.now_us,
    };
    let header = header.write();
    let head = Head { sequence: Sequence(0), chain: Chain::of(&header) };
    let slot = Slot { state: State::Creating, generation: 1, journal: opening.identity, head };
    create_file(disk, head::NAME_PREPARING, head::NAME, &slot.write(), head::FILE_BYTES)?;
    let length = opening.settings.first_segment_bytes();
    create_file(disk, spare::NAME, &segment::name(Sequence::FIRST), &header, length)
}

/// Creates a file of zeros that begins with these bytes, and gives it its name when it is complete.
pub(super) fn create_file(
    disk: &dyn Disk,
    before: &str,
    name: &str,
    begin: &[u8],
    length: u64,
) -> Result<(), OpenError> {
    let make = || -> io::Result<()> {
        let file = disk.create(before)?;
        segment::fill_with_zeros(&*file, 0, length)?;
        file.write_at(0, begin)?;
        file.sync()?;
        disk.rename(before, name)?;
        disk.sync_directory()
    };
    make().map_err(io_error("creating", name))
}

/// A journal that has been checked and is about to be written again.
struct Ground {
    disk: Arc<dyn Disk>,
    lock: DirectoryLock,
    found: Found,
    slot: (Slot, usize),
    settings: Settings,
}

impl Ground {
    /// Makes everything that was found durable, whatever the last process left in the system's memory.
    fn settle(self, last: &Segment, walked: Walked) -> Result<Journal, OpenError> {
        let Self { disk, lock, found, slot: (slot, slot_index), settings } = self;
        let file = disk.open_to_write(&last.name).map_err(io_error("opening", &last.name))?;
        settle_tail(&*file, &walked.tail).map_err(io_error("repairing", &last.name))?;
        for name in &found.leftovers {
            disk.remove(name).map_err(io_error("removing", name))?;
        }
        disk.sync_directory().map_err(io_error("syncing", "the directory"))?;
        let head_file = settle_head(&*disk, &slot, slot_index, walked.head).map_err(io_error("writing", head::NAME))?;

        let index = walked.indexes.last().expect("a journal has at least one segment").clone();
        let current = Current {
            name: last.name.clone(),
            file,
            length: last.length,
            offset: walked.tail.offset,
            link: walked.tail.link,
            index,
            sealed: walked.tail.sealed,
            unnamed: false,
        };
        let durable = RwLock::new(Durable { head: walked.head, segments: walked.indexes });
        let checksum = Checksum::new(&slot.journal);
        let shared = Shared { disk: Arc::clone(&disk), checksum: checksum.clone(), durable };
        Ok(Journal {
            spare: Arc::new(Spare::new(Arc::clone(&disk))),
            disk,
            _lock: lock,
            settings,
            identity: slot.journal,
            checksum,
            head_file,
            current,
            head: walked.head,
            recorded_at_us: walked.recorded_at_us,
            appended_bytes: 0,
            shared: Arc::new(shared),
            poison: None,
        })
    }
}

/// Writes again what may never have reached the disk, and zeros over what a crash left unfinished.
///
/// After a failed sync the system can go on showing bytes that it will never write. They count only because they are
/// written, and synced, once more.
fn settle_tail(file: &dyn DiskFile, tail: &Tail) -> io::Result<()> {
    let mut at = tail.unvouched;
    let mut buffer = vec![0; COPY_BYTES.min((tail.offset - at) as usize)];
    while at < tail.offset {
        let piece = COPY_BYTES.min((tail.offset - at) as usize);
        let read = file.read_at(at, &mut buffer[..piece])?;
        file.write_at(at, &buffer[..read])?;
        at += read as u64;
    }
    if let Some(torn) = &tail.torn {
        segment::fill_with_zeros(file, torn.offset, torn.offset + torn.bytes)?;
    }
    file.sync()
}

/// Makes the slot that counts durable before the other one is overwritten.
fn settle_head(disk: &dyn Disk, slot: &Slot, slot_index: usize, head: Head) -> io::Result<HeadFile> {
    let file = disk.open_to_write(head::NAME)?;
    file.write_at(HeadFile::slot_offset(slot_index), &slot.write())?;
    file.sync()?;
    let mut head_file = HeadFile::new(file, slot, slot_index);
    head_file.sync(State::Open, head)?;
    Ok(head_file)
}
