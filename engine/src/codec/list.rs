//! Lists of identifiers and of fact numbers, delta-coded: consecutive ones take a byte or two each.

use packtree_gs1::Identifier;

use super::CodecError;
use super::varint::{put_u64, put_u128, read_u64, read_u128, unzigzag, zigzag};
use crate::forest::record::{Class, ClassTag, Key};
use crate::limits::OPERATION_OBJECTS_MAX;

/// An identifier in a list: by key, or spelled out when it has none that is the same everywhere.
pub(crate) enum Item {
    Key(Key),
    Spelled(Identifier),
}

impl Item {
    pub(crate) const fn key(&self) -> Option<Key> {
        match self {
            Self::Key(key) => Some(*key),
            Self::Spelled(_) => None,
        }
    }
}

/// The tag of a class stands below its number, so that small numbers stay small.
const TAG_BITS: u32 = 3;
const TAG_MASK: u8 = (1 << TAG_BITS) - 1;

/// Writes the number of keys, then runs of one class: the class, how many, and each serial as the difference to the one before.
/// A key of the side table is spelled out instead, by `spell`: its length and its canonical spelling.
pub(super) fn put_list<'i>(out: &mut Vec<u8>, keys: &[Key], spell: impl Fn(u32) -> &'i Identifier) {
    put_u64(out, keys.len() as u64);
    for run in keys.chunk_by(|one, next| one.class == next.class) {
        let class = run[0].class;
        put_u64(out, class.number() << TAG_BITS | class.tag() as u64);
        put_u64(out, run.len() as u64);
        if class == Class::INTERNED {
            for key in run {
                let spelling = spell(key.serial as u32).to_string();
                put_u64(out, spelling.len() as u64);
                out.extend_from_slice(spelling.as_bytes());
            }
        } else {
            let mut before = 0;
            for key in run {
                put_u128(out, zigzag(key.serial.wrapping_sub(before).cast_signed()));
                before = key.serial;
            }
        }
    }
}

/// Reads what [`put_list`] wrote, item by item.
pub(super) fn read_list<O>(
    mut bytes: &[u8],
    mut name: impl FnMut(Item) -> Result<O, CodecError>,
) -> Result<Vec<O>, CodecError> {
    let total = read_u64(&mut bytes)? as usize;
    // Every item takes a byte at least, so a wrong count cannot claim memory that the bytes do not back.
    if 2 * OPERATION_OBJECTS_MAX < total || bytes.len() < total {
        return Err(CodecError::Count);
    }
    let mut items = Vec::with_capacity(total);
    while items.len() < total {
        let class = read_class(&mut bytes)?;
        let run = read_u64(&mut bytes)? as usize;
        if run == 0 || total - items.len() < run {
            return Err(CodecError::Count);
        }
        let mut before: u128 = 0;
        for _ in 0..run {
            let item = if class == Class::INTERNED {
                Item::Spelled(read_spelled(&mut bytes)?)
            } else {
                before = before.wrapping_add(unzigzag(read_u128(&mut bytes)?).cast_unsigned());
                Item::Key(Key { class, serial: before })
            };
            items.push(name(item)?);
        }
    }
    if bytes.is_empty() { Ok(items) } else { Err(CodecError::Count) }
}

fn read_class(bytes: &mut &[u8]) -> Result<Class, CodecError> {
    let number = read_u64(bytes)?;
    let tag = ClassTag::from_number(number as u8 & TAG_MASK).ok_or(CodecError::Identifier)?;
    Class::try_new(tag, number >> TAG_BITS).ok_or(CodecError::Identifier)
}

fn read_spelled(bytes: &mut &[u8]) -> Result<Identifier, CodecError> {
    let length = read_u64(bytes)? as usize;
    let (spelling, rest) = bytes.split_at_checked(length).ok_or(CodecError::Short)?;
    *bytes = rest;
    let spelling = std::str::from_utf8(spelling).map_err(|_| CodecError::Identifier)?;
    Identifier::restore(spelling).map_err(|_| CodecError::Identifier)
}

/// Writes fact numbers as runs: the difference to the number before, and how often it stands there.
pub(super) fn put_numbers(out: &mut Vec<u8>, numbers: &[u64]) {
    let mut before: u64 = 0;
    for run in numbers.chunk_by(|one, next| one == next) {
        put_u128(out, zigzag(i128::from(run[0]) - i128::from(before)));
        put_u64(out, run.len() as u64);
        before = run[0];
    }
}

/// Reads what [`put_numbers`] wrote.
pub(super) fn read_numbers(mut bytes: &[u8]) -> Result<Vec<u64>, CodecError> {
    let mut numbers = Vec::new();
    let mut before: u64 = 0;
    while !bytes.is_empty() {
        let number = i128::from(before).checked_add(unzigzag(read_u128(&mut bytes)?)).ok_or(CodecError::Number)?;
        before = u64::try_from(number).map_err(|_| CodecError::Number)?;
        let run = read_u64(&mut bytes)? as usize;
        if 4 * OPERATION_OBJECTS_MAX < numbers.len().saturating_add(run) {
            return Err(CodecError::Count);
        }
        numbers.resize(numbers.len() + run, before);
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(bytes: &[u8]) -> Result<Vec<Key>, CodecError> {
        read_list(bytes, |item| match item {
            Item::Key(key) => Ok(key),
            Item::Spelled(_) => Err(CodecError::Identifier),
        })
    }

    proptest! {
        #[test]
        fn lists_come_back(given in prop::collection::vec((0_u64..3, any::<u128>()), 0..50)) {
            let keys: Vec<Key> =
                given.iter().map(|(n, serial)| Key { class: Class::new(ClassTag::Sgtin, *n), serial: *serial }).collect();
            let mut out = Vec::new();
            put_list(&mut out, &keys, |_| unreachable!("nothing is interned here"));
            prop_assert_eq!(names(&out), Ok(keys));
        }

        #[test]
        fn numbers_come_back(given in prop::collection::vec(any::<u64>(), 0..50)) {
            let mut out = Vec::new();
            put_numbers(&mut out, &given);
            prop_assert_eq!(read_numbers(&out), Ok(given));
        }

        #[test]
        fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = names(&bytes);
            let _ = read_numbers(&bytes);
        }
    }

    #[test]
    fn consecutive_serials_take_one_byte_each() {
        let keys: Vec<Key> = (0..100).map(|n| Key { class: Class::SSCC, serial: 1_000_000 + n }).collect();
        let mut out = Vec::new();
        put_list(&mut out, &keys, |_| unreachable!("nothing is interned here"));
        assert!(out.len() < 120, "{} bytes", out.len());
    }

    #[test]
    fn a_count_that_the_bytes_do_not_back_is_refused() {
        assert_eq!(names(&[0xff, 0x7f, 0]), Err(CodecError::Count));
    }
}
