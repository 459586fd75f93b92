//! The state of one object in 40 bytes, and what only containers need beside it.

use crate::fact::{Counts, Level, LotData, Microseconds, Seal, Status, Trust};
use crate::limits::SEQUENCE_MAX;

/// The place of an object in the arena. Stable for the life of the object, and meaningless outside the engine that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ix(pub(crate) u32);

impl Ix {
    pub(crate) const NONE: Self = Self(u32::MAX);

    pub(crate) const fn known(self) -> Option<Self> {
        if self.0 == u32::MAX { None } else { Some(self) }
    }
}

/// An identifier as two numbers: the class that it belongs to and the serial within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) class: Class,
    pub(crate) serial: u128,
}

/// What a class is made of, in the top byte of [`Class`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ClassTag {
    /// All SSCCs; the serial is the number.
    Sscc = 1,
    /// The SGTINs of one GTIN; the serial is packed text.
    Sgtin = 2,
    /// The GRAIs of one asset type; the serial is packed text.
    Grai = 3,
    /// Identifiers in the side table; the serial is the place there.
    Interned = 4,
}

impl ClassTag {
    pub(crate) const fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Sscc),
            2 => Some(Self::Sgtin),
            3 => Some(Self::Grai),
            4 => Some(Self::Interned),
            _ => None,
        }
    }
}

/// A class of identifiers: its tag in the top byte, the GTIN or asset type below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Class(pub(crate) u64);

impl Class {
    const SHIFT: u32 = 56;
    pub(crate) const SSCC: Self = Self::new(ClassTag::Sscc, 0);
    pub(crate) const INTERNED: Self = Self::new(ClassTag::Interned, 0);

    pub(crate) const fn new(tag: ClassTag, number: u64) -> Self {
        Self(((tag as u64) << Self::SHIFT) | number)
    }

    /// A class whose number may be too large for one.
    pub(crate) fn try_new(tag: ClassTag, number: u64) -> Option<Self> {
        (number >> Self::SHIFT == 0).then(|| Self::new(tag, number))
    }

    pub(crate) fn tag(self) -> ClassTag {
        ClassTag::from_number((self.0 >> Self::SHIFT) as u8).expect("a class is only made from a tag")
    }

    pub(crate) const fn number(self) -> u64 {
        self.0 & ((1 << Self::SHIFT) - 1)
    }
}

/// The state of one object. 40 bytes, because there are tens of millions of them.
///
/// Children form a ring: the first one's `previous` is the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    // Two halves instead of a `u128`, whose alignment would pad the record to 48 bytes.
    pub(super) serial: [u64; 2],
    /// The lot of a plain object; the place in the container table of one that has held something.
    pub(crate) link: u32,
    pub(crate) parent: Ix,
    pub(crate) next: Ix,
    pub(crate) previous: Ix,
    /// The last fact in the low 40 bits, flags above.
    pub(super) stamp: u64,
}

const _: () = assert!(size_of::<Record>() == 40);

const STATUS_SHIFT: u32 = 40;
const LEVEL_SHIFT: u32 = 43;
const LEVEL_INFERRED: u64 = 1 << 46;
const HELD: u64 = 1 << 47;
const CONTAINER: u64 = 1 << 48;
const AWAY: u64 = 1 << 49;
const INFERRED: u64 = 1 << 50;
const SIGHTED: u64 = 1 << 51;

impl Record {
    /// No object's record; what the first record of a saved page is compared with.
    pub(crate) const EMPTY: Self =
        Self { serial: [0; 2], link: 0, parent: Ix::NONE, next: Ix::NONE, previous: Ix::NONE, stamp: 0 };

    pub(crate) fn new(serial: u128, lot: u32, level: Level) -> Self {
        Self { link: lot, ..Self::EMPTY }.with_serial(serial).with_level(level)
    }

    pub(crate) fn serial(&self) -> u128 {
        (u128::from(self.serial[0]) << 64) | u128::from(self.serial[1])
    }

    pub(crate) fn with_serial(mut self, serial: u128) -> Self {
        self.serial = [(serial >> 64) as u64, serial as u64];
        self
    }

    pub(crate) const fn last_fact(&self) -> u64 {
        self.stamp & SEQUENCE_MAX
    }

    pub(crate) fn with_last_fact(mut self, sequence: u64) -> Self {
        debug_assert!(sequence <= SEQUENCE_MAX);
        self.stamp = (self.stamp & !SEQUENCE_MAX) | sequence;
        self
    }

    pub(crate) fn status(&self) -> Status {
        Status::from_number((self.stamp >> STATUS_SHIFT) as u8 & 0b111)
            .expect("only a status is ever stored in these bits")
    }

    pub(crate) const fn with_status(mut self, status: Status) -> Self {
        self.stamp = (self.stamp & !(0b111 << STATUS_SHIFT)) | ((status as u64) << STATUS_SHIFT);
        self
    }

    pub(crate) fn level(&self) -> Level {
        Level::from_number((self.stamp >> LEVEL_SHIFT) as u8 & 0b111)
            .expect("only a level is ever stored in these bits")
    }

    pub(crate) const fn with_level(mut self, level: Level) -> Self {
        self.stamp = (self.stamp & !(0b111 << LEVEL_SHIFT)) | ((level as u64) << LEVEL_SHIFT);
        self
    }

    /// Whether the level was concluded from the contents, so that it may rise with them.
    pub(crate) const fn level_is_inferred(&self) -> bool {
        self.stamp & LEVEL_INFERRED != 0
    }

    pub(crate) const fn with_level_inferred(self, inferred: bool) -> Self {
        self.with_flag(LEVEL_INFERRED, inferred)
    }

    pub(crate) const fn is_held(&self) -> bool {
        self.stamp & HELD != 0
    }

    pub(crate) const fn with_held(self, held: bool) -> Self {
        self.with_flag(HELD, held)
    }

    /// Whether `link` is a place in the container table.
    pub(crate) const fn is_container(&self) -> bool {
        self.stamp & CONTAINER != 0
    }

    pub(crate) const fn with_container(mut self, place: u32) -> Self {
        self.link = place;
        self.with_flag(CONTAINER, true)
    }

    pub(crate) const fn is_away(&self) -> bool {
        self.stamp & AWAY != 0
    }

    pub(crate) const fn with_away(self, away: bool) -> Self {
        self.with_flag(AWAY, away)
    }

    /// Whether the object arrived with contents that nobody has seen.
    pub(crate) const fn trust(&self) -> Trust {
        if self.stamp & INFERRED != 0 { Trust::Inferred } else { Trust::Verified }
    }

    pub(crate) const fn with_trust(self, trust: Trust) -> Self {
        self.with_flag(INFERRED, matches!(trust, Trust::Inferred))
    }

    /// Whether the object is known because something named it, and nobody said yet that it was commissioned.
    pub(crate) const fn is_sighted(&self) -> bool {
        self.stamp & SIGHTED != 0
    }

    pub(crate) const fn with_sighted(self, sighted: bool) -> Self {
        self.with_flag(SIGHTED, sighted)
    }

    pub(crate) const fn unlinked(mut self) -> Self {
        self.parent = Ix::NONE;
        self.next = Ix::NONE;
        self.previous = Ix::NONE;
        self
    }

    const fn with_flag(mut self, flag: u64, on: bool) -> Self {
        self.stamp = if on { self.stamp | flag } else { self.stamp & !flag };
        self
    }

    /// Flags and the last fact, as they are saved.
    pub(crate) const fn stamp(&self) -> u64 {
        self.stamp
    }

    /// The record of parts that were saved: parent, next, previous. `None` when the stamp is none.
    pub(crate) fn from_parts(serial: u128, link: u32, [parent, next, previous]: [Ix; 3], stamp: u64) -> Option<Self> {
        Status::from_number((stamp >> STATUS_SHIFT) as u8 & 0b111)?;
        Level::from_number((stamp >> LEVEL_SHIFT) as u8 & 0b111)?;
        Some(Self { serial: [0; 2], link, parent, next, previous, stamp }.with_serial(serial))
    }
}

/// What a container needs beside its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Container {
    pub(crate) first: Ix,
    pub(crate) count: u32,
    /// The lot, which `Record::link` no longer has room for.
    pub(crate) lot: u32,
    pub(crate) seal: Seal,
    /// An upper bound of the levels below; exact while nothing deep was taken out.
    pub(crate) height: u8,
    /// The event time of the last change that a later child must not precede: emptying, closing, status.
    pub(crate) settled: Microseconds,
    /// The newest event time of all facts that touched it. An older event of a child may be recorded later, so the last fact does not tell.
    pub(crate) newest: Microseconds,
    /// The event time of the last change of custody, its own or that of a container that it was in then.
    pub(crate) custody: Microseconds,
}

impl Container {
    /// An empty container; `newest` is the event time of the last fact that touched the object before it became one.
    pub(crate) const fn new(lot: u32, newest: Microseconds) -> Self {
        Self {
            first: Ix::NONE,
            count: 0,
            lot,
            seal: Seal::Open,
            height: 0,
            settled: Microseconds::MIN,
            newest,
            custody: Microseconds::MIN,
        }
    }
}

/// What objects of one lot share. Every class has a lot without a number for objects whose lot is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LotRecord {
    pub(crate) class: Class,
    /// The packed lot number; 0 for none.
    pub(crate) number: u128,
    pub(crate) data: LotData,
    pub(crate) held: bool,
    pub(crate) counts: Counts,
    /// The place of the last change of its dates or its hold; [`LotRecord::UNCHANGED`] for none.
    pub(crate) last_change: u32,
}

impl LotRecord {
    pub(crate) const UNCHANGED: u32 = u32::MAX;

    /// A lot of which nothing is known but its number; 0 for the lot without one.
    pub(crate) fn new(class: Class, number: u128) -> Self {
        let (data, counts) = (LotData::default(), Counts::default());
        Self { class, number, data, held: false, counts, last_change: Self::UNCHANGED }
    }
}

/// What a lot was from a fact on. Lots are few and change seldom, so what they were is kept in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LotChange {
    /// The fact that made it so.
    pub(crate) fact: u64,
    /// The place of the change of the same lot before it.
    pub(crate) before: u32,
    pub(crate) data: LotData,
    pub(crate) held: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_keeps_what_it_is_given() {
        let record = Record::new(u128::MAX - 5, 7, Level::Case)
            .with_last_fact(SEQUENCE_MAX)
            .with_status(Status::Retired)
            .with_held(true)
            .with_level(Level::Pallet)
            .with_away(true)
            .with_away(false)
            .with_trust(Trust::Inferred);
        assert_eq!(record.serial(), u128::MAX - 5);
        assert_eq!(
            (record.last_fact(), record.status(), record.level()),
            (SEQUENCE_MAX, Status::Retired, Level::Pallet)
        );
        assert_eq!((record.is_held(), record.is_away(), record.is_container()), (true, false, false));
        assert_eq!(record.trust(), Trust::Inferred);
        let links = [record.parent, record.next, record.previous];
        assert_eq!(Record::from_parts(record.serial(), record.link, links, record.stamp()), Some(record));
        assert_eq!(Record::from_parts(0, 0, links, u64::MAX), None);
    }
}
