//! The head file: what is durable, written down apart from the journal, so that a lost tail is noticed.
//!
//! Two slots of 512 bytes, at offsets 0 and 4096; of those that check, the one with the higher generation counts.
//! Offsets in a slot, in bytes, all numbers little-endian:
//!
//! ```text
//!  0  magic "PTHD"                      16  identity of the journal      [u8; 16]
//!  4  format version             u16    32  newest sequence              u64
//!  6  state: 1, 2, 3             u16    40  its chain value              [u8; 32]
//!  8  generation                 u64    72  zeros
//!                                      508  CRC-32 of bytes 0 to 507     u32
//! ```
//!
//! A slot is overwritten without a sync only while the other one holds a head that was synced, so that there is a
//! good one after any crash.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::frame::{bytes_at, u16_at, u32_at, u64_at};
use super::{Chain, Head, Sequence};
use crate::disk::DiskFile;

pub(super) const NAME: &str = "head";
pub(super) const NAME_PREPARING: &str = "head.preparing";

pub(super) const SLOT_BYTES: usize = 512;
const SLOT_OFFSETS: [u64; 2] = [0, 4096];
pub(super) const FILE_BYTES: u64 = 4096 + SLOT_BYTES as u64;
const MAGIC: [u8; 4] = *b"PTHD";
pub(super) const VERSION: u16 = 1;

/// How often a slot that somebody else writes is looked at before it counts as damaged, and the pause in between: a writer that lost its
/// processor halfway gets it back within a few milliseconds.
const READ_ATTEMPTS: u32 = 20;
const READ_PAUSE: Duration = Duration::from_millis(1);

/// What the journal was doing when it wrote its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The first segment is not there yet, so nothing can have been acknowledged.
    Creating,
    /// Facts may follow that the head does not know yet.
    Open,
    /// Closed in order: no fact follows.
    Closed,
}

impl State {
    fn code(self) -> u16 {
        match self {
            Self::Creating => 1,
            Self::Open => 2,
            Self::Closed => 3,
        }
    }

    fn from_code(code: u16) -> Option<Self> {
        [Self::Creating, Self::Open, Self::Closed].into_iter().find(|state| state.code() == code)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) state: State,
    pub(super) generation: u64,
    pub(super) journal: [u8; 16],
    pub(super) head: Head,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlotFault {
    Damaged,
    UnknownVersion(u16),
}

type Slots = [Result<Slot, SlotFault>; 2];

impl Slot {
    pub(super) fn write(&self) -> [u8; SLOT_BYTES] {
        let mut bytes = [0; SLOT_BYTES];
        bytes[0..4].copy_from_slice(&MAGIC);
        bytes[4..6].copy_from_slice(&VERSION.to_le_bytes());
        bytes[6..8].copy_from_slice(&self.state.code().to_le_bytes());
        bytes[8..16].copy_from_slice(&self.generation.to_le_bytes());
        bytes[16..32].copy_from_slice(&self.journal);
        bytes[32..40].copy_from_slice(&self.head.sequence.0.to_le_bytes());
        bytes[40..72].copy_from_slice(&self.head.chain.0);
        let sum = crc32fast::hash(&bytes[..508]);
        bytes[508..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    pub(super) fn read(bytes: &[u8; SLOT_BYTES]) -> Result<Self, SlotFault> {
        if bytes[0..4] != MAGIC || u32_at(bytes, 508) != crc32fast::hash(&bytes[..508]) {
            return Err(SlotFault::Damaged);
        }
        let version = u16_at(bytes, 4);
        if version != VERSION {
            return Err(SlotFault::UnknownVersion(version));
        }
        // No journal gets anywhere near, and counting on from here must not overflow.
        let generation = Some(u64_at(bytes, 8)).filter(|generation| *generation < u64::MAX / 2);
        Ok(Self {
            state: State::from_code(u16_at(bytes, 6)).ok_or(SlotFault::Damaged)?,
            generation: generation.ok_or(SlotFault::Damaged)?,
            journal: bytes_at(bytes, 16),
            head: Head { sequence: Sequence(u64_at(bytes, 32)), chain: Chain(bytes_at(bytes, 40)) },
        })
    }
}

/// Reads the slot that counts, and which one it is.
pub(super) fn read(file: &dyn DiskFile) -> io::Result<Result<(Slot, usize), SlotFault>> {
    Ok(newest(read_slots(file)?))
}

/// Reads the slot that counts while the owner of the file goes on writing.
///
/// The system shows a reader half of a write now and then. The other slot would count then, and it is as old as the segment. So a slot
/// that does not check is read again: one that is being written checks in a moment, one that a crash damaged stays as it is.
pub(super) fn read_in_use(file: &dyn DiskFile) -> io::Result<Result<(Slot, usize), SlotFault>> {
    for _ in 0..READ_ATTEMPTS {
        let slots = read_slots(file)?;
        if !slots.contains(&Err(SlotFault::Damaged)) {
            return Ok(newest(slots));
        }
        thread::sleep(READ_PAUSE);
    }
    read(file)
}

fn read_slots(file: &dyn DiskFile) -> io::Result<Slots> {
    let mut slots = [Err(SlotFault::Damaged); 2];
    for (slot, offset) in slots.iter_mut().zip(SLOT_OFFSETS) {
        let mut bytes = [0; SLOT_BYTES];
        file.read_at(offset, &mut bytes)?;
        *slot = Slot::read(&bytes);
    }
    Ok(slots)
}

fn newest(slots: Slots) -> Result<(Slot, usize), SlotFault> {
    match slots {
        [Ok(first), Ok(second)] if second.generation > first.generation => Ok((second, 1)),
        // A slot of a newer format must not be passed over for the older one beside it.
        [Ok(first), Ok(_) | Err(SlotFault::Damaged)] => Ok((first, 0)),
        [Err(SlotFault::Damaged), second] => second.map(|second| (second, 1)),
        [Err(fault), _] | [_, Err(fault)] => Err(fault),
    }
}

/// The head file of a journal that is being written.
#[derive(Debug)]
pub(super) struct HeadFile {
    file: Arc<dyn DiskFile>,
    journal: [u8; 16],
    generation: u64,
    /// The slot that must not be overwritten, because what it holds was synced and the other was perhaps not.
    synced_slot: usize,
}

impl HeadFile {
    pub(super) fn new(file: Arc<dyn DiskFile>, slot: &Slot, synced_slot: usize) -> Self {
        Self { file, journal: slot.journal, generation: slot.generation, synced_slot }
    }

    /// Writes the head, durable whenever the system gets round to it.
    pub(super) fn note(&mut self, state: State, head: Head) -> io::Result<()> {
        self.generation += 1;
        let slot = Slot { state, generation: self.generation, journal: self.journal, head };
        self.file.write_at(SLOT_OFFSETS[1 - self.synced_slot], &slot.write())
    }

    /// Writes the head and makes it durable.
    pub(super) fn sync(&mut self, state: State, head: Head) -> io::Result<()> {
        self.note(state, head)?;
        self.file.sync()?;
        self.synced_slot = 1 - self.synced_slot;
        Ok(())
    }

    pub(super) fn slot_offset(slot: usize) -> u64 {
        SLOT_OFFSETS[slot]
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    use scopeguard::defer;

    use super::*;
    use crate::disk::{Disk, RealDisk};

    /// Notes heads as fast as the system takes them, so that one of some hundred readings meets a write.
    #[test]
    fn a_reader_beside_the_writer_is_never_shown_an_older_head() {
        let directory = tempfile::tempdir().unwrap();
        let disk = RealDisk::open(directory.path()).unwrap();
        let head = |number| Head { sequence: Sequence(number), chain: Chain([number as u8; 32]) };
        let slot = Slot { state: State::Open, generation: 0, journal: [7; 16], head: head(0) };
        let mut written = HeadFile::new(disk.create(NAME).unwrap(), &slot, 0);
        written.sync(State::Open, head(0)).unwrap();
        written.note(State::Open, head(0)).unwrap();

        let (noted, is_done) = (AtomicU64::new(0), AtomicBool::new(false));
        thread::scope(|scope| {
            defer!(is_done.store(true, Ordering::Relaxed));
            scope.spawn(|| {
                for number in 1.. {
                    written.note(State::Open, head(number)).unwrap();
                    noted.store(number, Ordering::Release);
                    if is_done.load(Ordering::Relaxed) {
                        return;
                    }
                }
            });
            let file = disk.open_to_read(NAME).unwrap();
            let behind = (0..20_000).find_map(|_| {
                let known = noted.load(Ordering::Acquire);
                let (slot, _) = read_in_use(&*file).unwrap().unwrap();
                (slot.head.sequence.0 < known).then_some((slot.head.sequence, known))
            });
            assert_eq!(behind, None);
        });
    }
}
