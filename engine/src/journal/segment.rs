//! A segment: a file of frames behind a header of its own.
//!
//! The header's offsets, in bytes, all numbers little-endian:
//!
//! ```text
//!  0  magic "PACKTREE"                  24  identity of the journal      [u8; 16]
//!  8  format version             u16    40  chain before it              [u8; 32]
//! 10  zero                       u16    72  created at, microseconds     i64
//! 12  zero                       u32    80  zeros
//! 16  first sequence             u64   124  CRC-32 of bytes 0 to 123     u32
//! ```

use std::fmt;
use std::io;

use super::frame::{self, Checksum, bytes_at, i64_at, u16_at, u32_at, u64_at};
use super::index::{Mark, SegmentIndex, seal};
use super::{Chain, Sequence};
use crate::disk::DiskFile;

pub(super) const HEADER_BYTES: usize = 128;
const MAGIC: [u8; 8] = *b"PACKTREE";
pub(super) const VERSION: u16 = 1;

const SUFFIX: &str = ".segment";
const DIGITS: usize = 20;

/// The file name of the segment that begins with this fact.
pub(super) fn name(first: Sequence) -> String {
    format!("{:020}{SUFFIX}", first.0)
}

/// Whether a file is meant to be a segment.
pub(super) fn is_segment_name(name: &str) -> bool {
    name.ends_with(SUFFIX)
}

/// The first fact of the segment with this file name, or `None` where it is not one that [`name`] gives.
pub(super) fn parse_name(name: &str) -> Option<Sequence> {
    let digits = name.strip_suffix(SUFFIX)?;
    if digits.len() != DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|first| *first > 0).map(Sequence)
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) journal: [u8; 16],
    pub(super) first: Sequence,
    /// The chain value of the seal of the segment before; zeros in the first segment.
    pub(super) before: Chain,
    pub(super) created_at_us: i64,
}

/// What is wrong with a segment's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderFault {
    Short,
    NoMagic,
    Checksum,
    UnknownVersion(u16),
}

impl fmt::Display for HeaderFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short => f.write_str("the file is shorter than a segment's header"),
            Self::NoMagic => f.write_str("the file does not begin like a segment"),
            Self::Checksum => f.write_str("the segment's header does not match its checksum"),
            Self::UnknownVersion(version) => {
                write!(f, "the segment has format version {version}, this program reads version {VERSION}")
            }
        }
    }
}

impl Header {
    pub(super) fn write(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0..8].copy_from_slice(&MAGIC);
        bytes[8..10].copy_from_slice(&VERSION.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.first.0.to_le_bytes());
        bytes[24..40].copy_from_slice(&self.journal);
        bytes[40..72].copy_from_slice(&self.before.0);
        bytes[72..80].copy_from_slice(&self.created_at_us.to_le_bytes());
        let sum = crc32fast::hash(&bytes[..124]);
        bytes[124..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    pub(super) fn read(bytes: &[u8; HEADER_BYTES]) -> Result<Self, HeaderFault> {
        if bytes[0..8] != MAGIC {
            return Err(HeaderFault::NoMagic);
        }
        if u32_at(bytes, 124) != crc32fast::hash(&bytes[..124]) {
            return Err(HeaderFault::Checksum);
        }
        let version = u16_at(bytes, 8);
        if version != VERSION {
            return Err(HeaderFault::UnknownVersion(version));
        }
        Ok(Self {
            journal: bytes_at(bytes, 24),
            first: Sequence(u64_at(bytes, 16)),
            before: Chain(bytes_at(bytes, 40)),
            created_at_us: i64_at(bytes, 72),
        })
    }
}

/// A segment whose header was read and checked. It does not keep its file open: there can be thousands.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) name: String,
    pub(super) length: u64,
    pub(super) header: Header,
    /// The chain value of the header, which the first frame names.
    pub(super) header_chain: Chain,
    pub(super) checksum: Checksum,
}

impl Segment {
    pub(super) fn read(name: &str, file: &dyn DiskFile) -> io::Result<Result<Self, HeaderFault>> {
        let mut bytes = [0; HEADER_BYTES];
        let length = file.length()?;
        if file.read_at(0, &mut bytes)? < HEADER_BYTES {
            return Ok(Err(HeaderFault::Short));
        }
        Ok(Header::read(&bytes).map(|header| Self {
            name: name.to_owned(),
            length,
            checksum: Checksum::new(&header.journal),
            header_chain: Chain::of(&bytes),
            header,
        }))
    }

    /// The seal at the end of the file, where there is a good one.
    pub(super) fn read_seal(&self, file: &dyn DiskFile) -> io::Result<Option<Sealed>> {
        let mut pointer = [0; seal::POINTER_BYTES];
        let pointer_at = self.length - seal::POINTER_BYTES as u64;
        file.read_at(pointer_at, &mut pointer)?;
        let offset = u64::from_le_bytes(pointer);
        if offset < HEADER_BYTES as u64 || offset > pointer_at {
            return Ok(None);
        }
        let mut header = [0; frame::HEADER_BYTES];
        file.read_at(offset, &mut header)?;
        let Ok(header) = frame::Header::read(&header, &self.checksum) else { return Ok(None) };
        // Only now is it known that what is read next is a frame, and not most of a large file.
        if header.frame_bytes() != self.length - offset {
            return Ok(None);
        }
        let mut payload = vec![0; header.payload_bytes as usize];
        file.read_at(offset + frame::HEADER_BYTES as u64, &mut payload)?;
        Ok(Sealed::new(header, &payload, offset, &self.checksum))
    }
}

/// What a seal tells of its segment.
#[derive(Clone, Debug)]
pub(super) struct Sealed {
    pub(super) frame: frame::Header,
    /// The chain value of the seal itself, which the next segment's header names.
    pub(super) chain: Chain,
    pub(super) offset: u64,
    pub(super) marks: Vec<Mark>,
}

impl Sealed {
    pub(super) fn new(header: frame::Header, payload: &[u8], offset: u64, checksum: &Checksum) -> Option<Self> {
        if header.kind != frame::Kind::Seal || header.check_payload(payload, checksum).is_err() {
            return None;
        }
        let marks = seal::read(payload, offset)?;
        let mut whole = vec![0; frame::HEADER_BYTES];
        header.write(&mut whole, checksum);
        whole.extend_from_slice(payload);
        Some(Self { chain: Chain::of(&whole), frame: header, offset, marks })
    }

    pub(super) fn index(&self, first: Sequence) -> SegmentIndex {
        SegmentIndex {
            first,
            last: self.frame.last(),
            chain: self.frame.previous,
            end: self.offset,
            marks: self.marks.clone(),
        }
    }
}

/// Writes zeros, so that later writes to the same place change nothing but bytes.
///
/// In pieces that are synced one by one, so that an append on the same disk never waits behind all of them.
pub(super) fn fill_with_zeros(file: &dyn DiskFile, from: u64, to: u64) -> io::Result<()> {
    const PIECE_BYTES: u64 = 1 << 20;
    let zeros = vec![0; PIECE_BYTES.min(to - from) as usize];
    let mut at = from;
    while at < to {
        let piece = PIECE_BYTES.min(to - at);
        file.write_at(at, &zeros[..piece as usize])?;
        file.sync()?;
        at += piece;
    }
    Ok(())
}
