//! Turns facts into bytes and back: the only place that knows bincode.
//!
//! A fact is a bincode record whose lists are byte strings of their own coding (see `list`). Records are only read from slices,
//! after the frame's checksum, with a limit, and with nothing behind them. Enum variants and fields are only ever added at the end,
//! with a new format version of the frame; golden bytes in the tests pin every record.

#[cfg(test)]
mod golden;
mod list;
mod parking;
mod stored;
pub(crate) mod varint;

use bincode::Options as _;
use packtree_gs1::Identifier;
use serde::{Deserialize, Serialize};

pub(crate) use list::Item;
pub(crate) use parking::StoredParking;
pub(crate) use stored::{List, StoredFact, StoredLotData, StoredLotName, StoredQuantity, StoredSignature, spelled};

use crate::fact::{Effect, Fact, Header, Microseconds, Sequence};
use crate::forest::View;
use crate::forest::record::{Class, Ix, Key};
use crate::forest::view::{identifier_of, known_key};

/// Bytes that one fact may take: a frame's payload, less its lengths.
pub(crate) const FACT_BYTES_MAX: u64 = 8 * 1_024 * 1_024 - 64;

/// Bytes that are not a fact, although their checksum is right: written by another version, or by a defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CodecError {
    /// The bytes end too early.
    #[error("the record ends too early")]
    Short,
    /// A number is out of its range.
    #[error("a number is out of range")]
    Number,
    /// A count does not agree with the bytes.
    #[error("a count does not agree with the bytes")]
    Count,
    /// An identifier, name or date breaks its rules.
    #[error("an identifier, a name or a date breaks its rules")]
    Identifier,
    /// The record ends a parking that no earlier fact began, or that has ended.
    #[error("the record ends a parking that does not exist")]
    UnknownParking,
    /// The record names another fact as the one that set a setting before.
    #[error("the record does not name the fact that set the setting before")]
    UnknownSetting,
    /// The record names an object that no earlier fact commissioned.
    #[error("the record names an object that does not exist")]
    UnknownObject,
    /// The record is none of this format version.
    #[error("the record is none of this format version")]
    Record,
}

/// The one way in which bincode is used: variable-length numbers, a limit, nothing behind the record.
fn options() -> impl bincode::Options {
    bincode::DefaultOptions::new().with_limit(FACT_BYTES_MAX).reject_trailing_bytes()
}

/// The bytes of a record of the state.
pub(crate) fn encode_record(record: &impl Serialize) -> Vec<u8> {
    options().serialize(record).expect("a record of the state is small and has nothing that bincode refuses")
}

/// Reads what [`encode_record`] wrote.
pub(crate) fn decode_record<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> Result<T, CodecError> {
    options().deserialize(bytes).map_err(|_| CodecError::Record)
}

/// What of a fact is known before it has a number.
pub(crate) struct Draught<'a> {
    pub(crate) header: &'a Header,
    pub(crate) verb: crate::fact::Verb,
    pub(crate) effects: &'a [Effect<Ix>],
    pub(crate) previous: &'a [u64],
}

/// Appends the bytes of a fact whose effects were applied to `view`.
///
/// # Errors
/// When the fact is larger than [`FACT_BYTES_MAX`].
pub(crate) fn encode(fact: &Draught<'_>, view: &impl View, out: &mut Vec<u8>) -> Result<(), CodecError> {
    let mut keys = Vec::new();
    let lists = fact
        .effects
        .iter()
        .map(|effect| {
            stored::effect(effect, &mut |objects: &[Ix], bytes: &mut Vec<u8>| {
                keys.clear();
                keys.extend(objects.iter().map(|ix| view.key(*ix)));
                list::put_list(bytes, &keys, |place| view.interned(place));
            })
        })
        .collect();
    let mut previous = Vec::new();
    list::put_numbers(&mut previous, fact.previous);
    let stored = StoredFact::new(fact.header, fact.verb, lists, &previous);
    options().serialize_into(out, &stored).map_err(|_| CodecError::Count)
}

/// Reads the record of a fact, without naming its objects yet.
pub(crate) fn decode_stored(bytes: &[u8]) -> Result<StoredFact<'_>, CodecError> {
    options().deserialize(bytes).map_err(|_| CodecError::Record)
}

/// Reads a fact.
pub(crate) fn decode(sequence: Sequence, recorded_at: Microseconds, bytes: &[u8]) -> Result<Fact, CodecError> {
    let stored = decode_stored(bytes)?;
    let mut effects = Vec::with_capacity(stored.effects.len());
    for effect in &stored.effects {
        effects.push(effect.read(&mut identifier_of_item)?);
    }
    Ok(Fact {
        sequence,
        recorded_at,
        header: stored.header()?,
        verb: stored.verb,
        effects,
        previous: list::read_numbers(stored.previous.0)?,
    })
}

fn identifier_of_item(item: Item) -> Result<Identifier, CodecError> {
    match item {
        Item::Key(key) => identifier_of(&key).ok_or(CodecError::Identifier),
        Item::Spelled(identifier) => Ok(identifier),
    }
}

/// Appends a list of identifiers.
fn put_identifiers(objects: &[Identifier], out: &mut Vec<u8>) {
    let keys: Vec<Key> = objects
        .iter()
        .enumerate()
        .map(|(place, object)| known_key(object).unwrap_or(Key { class: Class::INTERNED, serial: place as u128 }))
        .collect();
    list::put_list(out, &keys, |place| &objects[place as usize]);
}
