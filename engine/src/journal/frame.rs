//! A frame: some facts, their numbers, and what ties them to everything before.
//!
//! The header's offsets, in bytes, all numbers little-endian:
//!
//! ```text
//!  0  magic "PTFR"                    24  first sequence of its group   u64
//!  4  format version          u16     32  recorded at, microseconds     i64
//!  6  kind: 0 facts, 1 seal   u16     40  SHA-256 of the frame before   [u8; 32]
//!  8  payload length          u32     72  CRC-32 of the payload         u32
//! 12  number of facts         u32     76  CRC-32 of bytes 0 to 75       u32
//! 16  first sequence          u64     80  payload
//! ```
//!
//! Both checksums start from the journal's identity, so that a frame of another journal, or bytes inside a fact that
//! look like a frame, are not taken for one.

use std::fmt;

use super::{Chain, Head, Sequence};
use crate::limits::FRAME_PAYLOAD_BYTES_MAX;

pub(super) const HEADER_BYTES: usize = 80;
pub(super) const MAGIC: [u8; 4] = *b"PTFR";
pub(super) const VERSION: u16 = 1;

/// Bytes before each fact in a payload: its length, as a `u32`.
pub(super) const FACT_PREFIX_BYTES: usize = 4;

/// CRC-32 (IEEE 802.3), started from the identity of a journal.
#[derive(Clone, Debug)]
pub(super) struct Checksum(crc32fast::Hasher);

impl Checksum {
    pub(super) fn new(journal: &[u8; 16]) -> Self {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(journal);
        Self(hasher)
    }

    pub(super) fn of(&self, bytes: &[u8]) -> u32 {
        let mut hasher = self.0.clone();
        hasher.update(bytes);
        hasher.finalize()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The payload is facts.
    Facts,
    /// The last frame of a segment; the payload is the segment's index.
    Seal,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) payload_bytes: u32,
    pub(super) facts: u32,
    /// Of a seal: the sequence of the fact that comes next.
    pub(super) first: Sequence,
    pub(super) group_first: Sequence,
    pub(super) recorded_at_us: i64,
    pub(super) previous: Chain,
    pub(super) payload_checksum: u32,
}

/// What is wrong with the bytes where a frame should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NoMagic,
    HeaderChecksum,
    UnknownVersion(u16),
    UnknownKind(u16),
    PastEnd,
    PayloadTooLong,
    PayloadChecksum,
    PayloadShape,
    WrongSequence { expected: u64, found: u64 },
    WrongGroup,
    WrongChain,
    WrongTime,
    Seal,
}

impl Fault {
    /// Whether a write that was cut short can look like this.
    pub(super) fn can_be_torn(self) -> bool {
        matches!(self, Self::NoMagic | Self::HeaderChecksum | Self::PayloadChecksum)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::NoMagic => "no frame begins here",
            Self::HeaderChecksum => "the frame header does not match its checksum",
            Self::UnknownVersion(version) => {
                return write!(f, "the frame has format version {version}, this program reads version {VERSION}");
            }
            Self::UnknownKind(kind) => return write!(f, "the frame is of the unknown kind {kind}"),
            Self::PastEnd => "the frame does not end within the file",
            Self::PayloadTooLong => "the frame is longer than frames may be",
            Self::PayloadChecksum => "the facts do not match their checksum",
            Self::PayloadShape => "the lengths of the facts do not add up",
            Self::WrongSequence { expected, found } => {
                return write!(f, "fact {expected} should come next, but the frame begins with fact {found}");
            }
            Self::WrongGroup => "the frame names a group that it cannot belong to",
            Self::WrongChain => "the frame does not follow the one before it: their chain is broken",
            Self::WrongTime => "the frame was recorded before the one before it",
            Self::Seal => "the seal does not describe its segment",
        };
        f.write_str(text)
    }
}

impl Header {
    pub(super) fn frame_bytes(&self) -> u64 {
        HEADER_BYTES as u64 + u64::from(self.payload_bytes)
    }

    /// The sequence of the last fact up to the end of this frame.
    pub(super) fn last(&self) -> Sequence {
        Sequence(self.first.0 + u64::from(self.facts) - 1)
    }

    /// Writes the header to the first bytes of `frame`.
    pub(super) fn write(&self, frame: &mut [u8], checksum: &Checksum) {
        let kind: u16 = match self.kind {
            Kind::Facts => 0,
            Kind::Seal => 1,
        };
        let header = &mut frame[..HEADER_BYTES];
        header[0..4].copy_from_slice(&MAGIC);
        header[4..6].copy_from_slice(&VERSION.to_le_bytes());
        header[6..8].copy_from_slice(&kind.to_le_bytes());
        header[8..12].copy_from_slice(&self.payload_bytes.to_le_bytes());
        header[12..16].copy_from_slice(&self.facts.to_le_bytes());
        header[16..24].copy_from_slice(&self.first.0.to_le_bytes());
        header[24..32].copy_from_slice(&self.group_first.0.to_le_bytes());
        header[32..40].copy_from_slice(&self.recorded_at_us.to_le_bytes());
        header[40..72].copy_from_slice(&self.previous.0);
        header[72..76].copy_from_slice(&self.payload_checksum.to_le_bytes());
        let sum = checksum.of(&header[..76]);
        header[76..80].copy_from_slice(&sum.to_le_bytes());
    }

    /// Reads a header from exactly [`HEADER_BYTES`] bytes.
    pub(super) fn read(bytes: &[u8], checksum: &Checksum) -> Result<Self, Fault> {
        if bytes[0..4] != MAGIC {
            return Err(Fault::NoMagic);
        }
        if u32_at(bytes, 76) != checksum.of(&bytes[..76]) {
            return Err(Fault::HeaderChecksum);
        }
        let version = u16_at(bytes, 4);
        if version != VERSION {
            return Err(Fault::UnknownVersion(version));
        }
        let kind = match u16_at(bytes, 6) {
            0 => Kind::Facts,
            1 => Kind::Seal,
            other => return Err(Fault::UnknownKind(other)),
        };
        let header = Self {
            kind,
            payload_bytes: u32_at(bytes, 8),
            facts: u32_at(bytes, 12),
            first: Sequence(u64_at(bytes, 16)),
            group_first: Sequence(u64_at(bytes, 24)),
            recorded_at_us: i64_at(bytes, 32),
            previous: Chain(bytes_at(bytes, 40)),
            payload_checksum: u32_at(bytes, 72),
        };
        header.check()?;
        Ok(header)
    }

    /// Checks what a header with a good checksum can still have wrong, so that later arithmetic cannot overflow.
    fn check(&self) -> Result<(), Fault> {
        match self.kind {
            Kind::Facts if self.payload_bytes as usize > FRAME_PAYLOAD_BYTES_MAX => return Err(Fault::PayloadTooLong),
            Kind::Facts if self.facts == 0 => return Err(Fault::PayloadShape),
            Kind::Seal if self.facts != 0 => return Err(Fault::Seal),
            _ => {}
        }
        let past_last = self.first.0.checked_add(u64::from(self.facts));
        if self.group_first.0 == 0 || self.group_first > self.first || past_last.is_none() {
            return Err(Fault::WrongGroup);
        }
        Ok(())
    }

    /// Checks a payload of the right length against the header.
    pub(super) fn check_payload(&self, payload: &[u8], checksum: &Checksum) -> Result<(), Fault> {
        if checksum.of(payload) != self.payload_checksum {
            return Err(Fault::PayloadChecksum);
        }
        if self.kind == Kind::Facts && !shape_holds(payload, self.facts) {
            return Err(Fault::PayloadShape);
        }
        Ok(())
    }
}

/// Whether a payload is exactly so many facts, each behind its length.
fn shape_holds(mut payload: &[u8], facts: u32) -> bool {
    for _ in 0..facts {
        let Some((_, rest)) = split_fact(payload) else { return false };
        payload = rest;
    }
    payload.is_empty()
}

fn split_fact(payload: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = payload.split_first_chunk::<FACT_PREFIX_BYTES>()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}

/// Some facts that were written together and checked together.
///
/// ```
/// use packtree::journal::{Facts, Frame, Group, Journal, Opening, Sequence, VisitError};
/// # use std::sync::Arc;
/// # use packtree::disk::{Disk, SimulatedDisk};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let disk: Arc<dyn Disk> = Arc::new(SimulatedDisk::new());
/// # let opening = Opening::new([7; 16], 1_700_000_000_000_000);
/// # let (mut journal, _) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut |_| Ok(()))?;
/// # let mut group = Group::new();
/// # group.push(&[b"packed", b"closed"])?;
/// # journal.append(Sequence::FIRST, &mut group, opening.now_us)?;
/// let head = journal.close()?;
/// let mut visit = |frame: &Frame<'_>| -> Result<(), VisitError> {
///     let mut facts: Facts<'_> = frame.facts();
///     assert_eq!(facts.next(), Some((frame.first(), &b"packed"[..])));
///     assert_eq!((frame.group_first(), frame.last(), frame.head()), (Sequence(1), Sequence(2), head));
///     assert_eq!(frame.recorded_at_us(), opening.now_us);
///     Ok(())
/// };
/// let (_, recovered) = Journal::open(Arc::clone(&disk), disk.lock()?, &opening, &mut visit)?;
/// assert_eq!(recovered.facts_visited, 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub(super) header: &'a Header,
    pub(super) payload: &'a [u8],
    pub(super) chain: Chain,
}

impl<'a> Frame<'a> {
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

    /// The head of a journal that ends with this frame.
    pub fn head(&self) -> Head {
        Head { sequence: self.last(), chain: self.chain }
    }

    /// When its group was recorded, in microseconds since the start of 1970, UTC; never less than in a frame before.
    pub fn recorded_at_us(&self) -> i64 {
        self.header.recorded_at_us
    }

    /// Its facts, in order, each with its number.
    pub fn facts(&self) -> Facts<'a> {
        Facts { next: self.header.first, payload: self.payload }
    }
}

/// The facts of one frame, each with its number.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    next: Sequence,
    payload: &'a [u8],
}

impl<'a> Iterator for Facts<'a> {
    type Item = (Sequence, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (fact, rest) = split_fact(self.payload)?;
        let sequence = self.next;
        self.payload = rest;
        self.next = sequence.next();
        Some((sequence, fact))
    }
}

pub(super) fn bytes_at<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().expect("a range of N bytes fits an array of N bytes")
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes_at(bytes, at))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes_at(bytes, at))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes_at(bytes, at))
}

pub(super) fn i64_at(bytes: &[u8], at: usize) -> i64 {
    i64::from_le_bytes(bytes_at(bytes, at))
}
