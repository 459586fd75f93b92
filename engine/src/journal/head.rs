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
    let mut slots = [Err(SlotFault::Damaged); 2];
    for (slot, offset) in slots.iter_mut().zip(SLOT_OFFSETS) {
        let mut bytes = [0; SLOT_BYTES];
        file.read_at(offset, &mut bytes)?;
        *slot = Slot::read(&bytes);
    }
    Ok(newest(slots))
}

fn newest(slots: [Result<Slot, SlotFault>; 2]) -> Result<(Slot, usize), SlotFault> {
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
