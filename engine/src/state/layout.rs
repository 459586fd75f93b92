//! What a key and a value of the store look like, and the manifest that makes a checkpoint valid.
//!
//! | part | bytes | |
//! |---|---|---|
//! | key | 1 | the table |
//! | | 4 | the page, big-endian |
//! | | 4 | the checkpoint that wrote it, big-endian |
//! | | 2 | the part of the page, big-endian |
//! | value | | a part of the page's bytes |
//! | | 2 | how many parts the page has, little-endian |
//! | | 8 | the fact that the checkpoint follows, little-endian |
//! | | 4 | CRC-32 of the key and all of the value before |
//!
//! The manifest of a checkpoint is a page of a table of its own.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::codec;
use crate::forest::Lengths;
use crate::journal::{Chain, Head, Sequence};
use crate::limits::STATE_VALUE_BYTES_MAX;

/// The version of all of this, and of the pages' coding. A store of another version is set aside and rebuilt from the journal.
const FORMAT: u32 = 3;

const KEY_BYTES: usize = 11;
const TRAILER_BYTES: usize = 14;

/// The bytes of a page that one value takes.
const PART_BYTES: usize = STATE_VALUE_BYTES_MAX - TRAILER_BYTES;

/// What a page belongs to. The numbers are the first byte of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Table {
    Manifests = 0,
    Records = 1,
    Containers = 2,
    Lots = 3,
    Interned = 4,
    Quantities = 5,
    Notes = 6,
    Times = 7,
    Requests = 8,
    LotChanges = 9,
    Parked = 10,
    Settings = 11,
}

impl Table {
    pub(super) const COUNT: usize = 12;

    const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::Manifests,
            1 => Self::Records,
            2 => Self::Containers,
            3 => Self::Lots,
            4 => Self::Interned,
            5 => Self::Quantities,
            6 => Self::Notes,
            7 => Self::Times,
            8 => Self::Requests,
            9 => Self::LotChanges,
            10 => Self::Parked,
            11 => Self::Settings,
            _ => return None,
        })
    }
}

/// Bytes of the store that are not what this engine writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("a key is none of this format")]
    Key,
    #[error("a value does not match its checksum")]
    Checksum,
    #[error("a page is not complete")]
    Incomplete,
    #[error("a page cannot be read")]
    Page,
    #[error("a manifest is none of this format")]
    Manifest,
    #[error("the pages are not those that the manifest counts")]
    Pages,
}

/// Where a value is. Keys sort by table, page, checkpoint and part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) table: Table,
    pub(super) page: u32,
    pub(super) checkpoint: u32,
    pub(super) part: u16,
}

impl Key {
    pub(super) fn to_bytes(self) -> [u8; KEY_BYTES] {
        let mut bytes = [0; KEY_BYTES];
        bytes[0] = self.table as u8;
        bytes[1..5].copy_from_slice(&self.page.to_be_bytes());
        bytes[5..9].copy_from_slice(&self.checkpoint.to_be_bytes());
        bytes[9..].copy_from_slice(&self.part.to_be_bytes());
        bytes
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let bytes: &[u8; KEY_BYTES] = bytes.try_into().map_err(|_| Malformed::Key)?;
        let word = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
        Ok(Self {
            table: Table::from_number(bytes[0]).ok_or(Malformed::Key)?,
            page: word(1),
            checkpoint: word(5),
            part: u16::from_be_bytes([bytes[9], bytes[10]]),
        })
    }
}

/// One value: a part of a page.
pub(super) struct Value<'a> {
    pub(super) part: &'a [u8],
    pub(super) parts: u16,
    pub(super) sequence: u64,
    crc: u32,
}

impl<'a> Value<'a> {
    /// Reads a value, after its checksum.
    pub(super) fn read(key: &Key, bytes: &'a [u8]) -> Result<Self, Malformed> {
        let (body, crc) = bytes.split_last_chunk().ok_or(Malformed::Checksum)?;
        let crc = u32::from_le_bytes(*crc);
        if crc != checksum(key, body) {
            return Err(Malformed::Checksum);
        }
        let (rest, sequence) = body.split_last_chunk().ok_or(Malformed::Checksum)?;
        let (part, parts) = rest.split_last_chunk().ok_or(Malformed::Checksum)?;
        Ok(Self { part, parts: u16::from_le_bytes(*parts), sequence: u64::from_le_bytes(*sequence), crc })
    }

    pub(super) fn vouch(&self, key: &Key) -> u64 {
        vouch(key, self.crc)
    }
}

fn checksum(key: &Key, body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&key.to_bytes());
    hasher.update(body);
    hasher.finalize()
}

/// A number that stands for one value at one place; the manifest has the sum of all that belong to the checkpoint.
fn vouch(key: &Key, crc: u32) -> u64 {
    let digest = Sha256::new().chain_update(key.to_bytes()).chain_update(crc.to_le_bytes()).finalize();
    u64::from_le_bytes(digest[..8].try_into().expect("eight bytes"))
}

/// Cuts a page into values, gives each to `put`, and returns how many there are and the sum that vouches for them.
pub(super) fn cut<E>(
    first: Key,
    sequence: u64,
    page: &[u8],
    mut put: impl FnMut(&Key, &[u8]) -> Result<(), E>,
) -> Result<(u16, u64), E> {
    let parts = page.len().div_ceil(PART_BYTES).max(1) as u16;
    let mut sum: u64 = 0;
    let mut value = Vec::with_capacity(page.len().min(PART_BYTES) + TRAILER_BYTES);
    for part in 0..parts {
        let key = Key { part, ..first };
        let start = usize::from(part) * PART_BYTES;
        value.clear();
        value.extend_from_slice(&page[start..page.len().min(start + PART_BYTES)]);
        value.extend_from_slice(&parts.to_le_bytes());
        value.extend_from_slice(&sequence.to_le_bytes());
        let crc = checksum(&key, &value);
        value.extend_from_slice(&crc.to_le_bytes());
        put(&key, &value)?;
        sum = sum.wrapping_add(vouch(&key, crc));
    }
    Ok((parts, sum))
}

/// What makes a checkpoint valid; written last, after everything else is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    format: u32,
    pub(super) checkpoint: u32,
    sequence: u64,
    chain: [u8; 32],
    pub(super) lengths: Lengths,
    /// Pages that belong to the checkpoint, and the sum that vouches for them.
    pub(super) pages: u64,
    pub(super) sum: u64,
}

impl Manifest {
    pub(super) fn new(checkpoint: u32, head: Head, lengths: Lengths, pages: u64, sum: u64) -> Self {
        let Head { sequence, chain } = head;
        Self { format: FORMAT, checkpoint, sequence: sequence.0, chain: chain.0, lengths, pages, sum }
    }

    pub(super) fn head(&self) -> Head {
        Head { sequence: Sequence(self.sequence), chain: Chain(self.chain) }
    }

    pub(super) const fn key(checkpoint: u32) -> Key {
        Key { table: Table::Manifests, page: 0, checkpoint, part: 0 }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        codec::encode_record(self)
    }

    pub(super) fn read(key: &Key, bytes: &[u8]) -> Result<Self, Malformed> {
        let value = Value::read(key, bytes)?;
        let manifest: Self = codec::decode_record(value.part).map_err(|_| Malformed::Manifest)?;
        let agrees = manifest.format == FORMAT
            && manifest.checkpoint == key.checkpoint
            && manifest.sequence == manifest.lengths.facts
            && manifest.sequence == value.sequence;
        if agrees { Ok(manifest) } else { Err(Malformed::Manifest) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key { table: Table::Records, page: 0x0102_0304, checkpoint: 5, part: 0 };

    #[test]
    fn keys_sort_by_table_page_checkpoint_and_part() {
        assert_eq!(KEY.to_bytes(), [1, 1, 2, 3, 4, 0, 0, 0, 5, 0, 0]);
        assert_eq!(Key::read(&KEY.to_bytes()), Ok(KEY));
        assert_eq!(Key::read(&[Table::COUNT as u8; KEY_BYTES]), Err(Malformed::Key));
        let mut keys = [
            Key { table: Table::Lots, page: 0, ..KEY },
            Key { page: u32::MAX, ..KEY },
            Key { checkpoint: 300, ..KEY },
            Key { part: 300, ..KEY },
        ];
        keys.sort();
        let mut sorted = keys.map(Key::to_bytes);
        sorted.sort_unstable();
        assert_eq!(sorted, keys.map(Key::to_bytes));
    }

    fn values(page: &[u8]) -> Vec<(Key, Vec<u8>)> {
        let mut values = Vec::new();
        let put = |key: &Key, value: &[u8]| {
            values.push((*key, value.to_vec()));
            Ok::<(), ()>(())
        };
        let (parts, _) = cut(KEY, 7, page, put).unwrap();
        assert_eq!(usize::from(parts), values.len());
        values
    }

    #[test]
    fn a_page_is_cut_into_values_of_4_kib_and_comes_back() {
        for length in [0, 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES] {
            let page: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let mut back: Vec<u8> = Vec::new();
            for (key, value) in values(&page) {
                assert!(value.len() <= STATE_VALUE_BYTES_MAX);
                let value = Value::read(&key, &value).unwrap();
                assert_eq!(value.sequence, 7);
                back.extend(value.part);
            }
            assert_eq!(back, page);
        }
    }

    #[test]
    fn a_value_is_good_at_its_place_only_and_with_every_bit() {
        let (key, value) = values(b"page").remove(0);
        let check = |key: &Key, value: &[u8]| Value::read(key, value).map(|value| value.part.to_vec());
        assert_eq!(check(&key, &value), Ok(b"page".to_vec()));
        assert_eq!(check(&Key { page: 1, ..key }, &value), Err(Malformed::Checksum));
        for bit in 0..value.len() * 8 {
            let mut damaged = value.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(check(&key, &damaged), Err(Malformed::Checksum), "bit {bit}");
        }
        for length in 0..value.len() {
            assert_eq!(check(&key, &value[..length]), Err(Malformed::Checksum), "{length} bytes");
        }
    }

    #[test]
    fn a_manifest_of_another_format_is_refused() {
        let head = Head { sequence: Sequence(3), chain: Chain([1; 32]) };
        let lengths = Lengths { facts: 3, ..Lengths::default() };
        let manifest = Manifest::new(2, head, lengths, 4, 5);
        let value = |manifest: &Manifest| {
            let mut bytes = Vec::new();
            cut::<()>(Manifest::key(2), 3, &manifest.to_bytes(), |_, value| {
                bytes.extend(value);
                Ok(())
            })
            .unwrap();
            bytes
        };
        assert_eq!(Manifest::read(&Manifest::key(2), &value(&manifest)), Ok(manifest.clone()));
        let later = Manifest { format: FORMAT + 1, ..manifest };
        assert_eq!(Manifest::read(&Manifest::key(2), &value(&later)), Err(Malformed::Manifest));
    }
}
