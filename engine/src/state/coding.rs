//! The bytes of pages of the large tables: what is as expected from the value before takes one bit.

use super::layout::Malformed;
use crate::codec::varint::{put_u64, put_u128, read_u64, read_u128, unzigzag, zigzag};
use crate::codec::{self, StoredLotData};
use crate::fact::{Counts, Seal};
use crate::forest::record::{Class, Container, Ix, LotChange, LotRecord, Record};

/// A value of a table that is saved in pages.
pub(super) trait Coded: Copy {
    /// What the first value of a page is compared with.
    const START: Self;

    /// Appends the value; `place` is where it is in the table.
    fn put(&self, before: &Self, place: u32, out: &mut Vec<u8>);

    /// Takes a value off the front of `bytes`.
    fn read(before: &Self, place: u32, bytes: &mut &[u8]) -> Result<Self, Malformed>;
}

/// Appends a page whose first value is at `place`.
pub(super) fn put_page<T: Coded>(values: &[T], place: u32, out: &mut Vec<u8>) {
    let mut before = T::START;
    for (place, value) in (place..).zip(values) {
        value.put(&before, place, out);
        before = *value;
    }
}

/// Reads a page whose first value is at `place`, and gives each value to `take`.
pub(super) fn read_page<T: Coded>(mut bytes: &[u8], place: u32, mut take: impl FnMut(T)) -> Result<(), Malformed> {
    let mut before = T::START;
    let mut place = place;
    while !bytes.is_empty() {
        before = T::read(&before, place, &mut bytes)?;
        take(before);
        place = place.checked_add(1).ok_or(Malformed::Page)?;
    }
    Ok(())
}

fn take_byte(bytes: &mut &[u8]) -> Result<u8, Malformed> {
    let (first, rest) = bytes.split_first().ok_or(Malformed::Page)?;
    *bytes = rest;
    Ok(*first)
}

fn take_u64(bytes: &mut &[u8]) -> Result<u64, Malformed> {
    read_u64(bytes).map_err(|_| Malformed::Page)
}

fn take_u128(bytes: &mut &[u8]) -> Result<u128, Malformed> {
    read_u128(bytes).map_err(|_| Malformed::Page)
}

fn take_u32(bytes: &mut &[u8]) -> Result<u32, Malformed> {
    u32::try_from(take_u64(bytes)?).map_err(|_| Malformed::Page)
}

const SAME_LINK: u8 = 1;
const SAME_PARENT: u8 = 2;
const NEXT_FOLLOWS: u8 = 4;
const PREVIOUS_PRECEDES: u8 = 8;
const SAME_STAMP: u8 = 16;
const SERIAL_FOLLOWS: u8 = 32;

/// The sibling that is expected: the neighbour in the table, or none after one that has none.
const fn neighbour(before: Ix, place: u32) -> Ix {
    if before.0 == Ix::NONE.0 { Ix::NONE } else { Ix(place) }
}

impl Coded for Record {
    const START: Self = Self::EMPTY;

    fn put(&self, before: &Self, place: u32, out: &mut Vec<u8>) {
        let (serial, serial_before) = (self.serial(), before.serial());
        let next = neighbour(before.next, place.wrapping_add(1));
        let previous = neighbour(before.previous, place.wrapping_sub(1));
        let as_expected = [
            (SAME_LINK, self.link == before.link),
            (SAME_PARENT, self.parent == before.parent),
            (NEXT_FOLLOWS, self.next == next),
            (PREVIOUS_PRECEDES, self.previous == previous),
            (SAME_STAMP, self.stamp() == before.stamp()),
            (SERIAL_FOLLOWS, serial == serial_before.wrapping_add(1)),
        ];
        let flags = as_expected.iter().fold(0, |flags, (flag, is)| if *is { flags | flag } else { flags });
        out.push(flags);
        let words = [self.link, self.parent.0, self.next.0, self.previous.0];
        for (word, (_, expected)) in words.into_iter().zip(as_expected) {
            if !expected {
                put_u64(out, u64::from(word));
            }
        }
        if flags & SAME_STAMP == 0 {
            put_u64(out, self.stamp());
        }
        if flags & SERIAL_FOLLOWS == 0 {
            put_u128(out, zigzag(serial.wrapping_sub(serial_before).cast_signed()));
        }
    }

    fn read(before: &Self, place: u32, bytes: &mut &[u8]) -> Result<Self, Malformed> {
        let flags = take_byte(bytes)?;
        let mut word = |flag: u8, expected: u32| if flags & flag == 0 { take_u32(bytes) } else { Ok(expected) };
        let link = word(SAME_LINK, before.link)?;
        let parent = word(SAME_PARENT, before.parent.0)?;
        let next = word(NEXT_FOLLOWS, neighbour(before.next, place.wrapping_add(1)).0)?;
        let previous = word(PREVIOUS_PRECEDES, neighbour(before.previous, place.wrapping_sub(1)).0)?;
        let stamp = if flags & SAME_STAMP == 0 { take_u64(bytes)? } else { before.stamp() };
        let difference = if flags & SERIAL_FOLLOWS == 0 { unzigzag(take_u128(bytes)?).cast_unsigned() } else { 1 };
        let serial = before.serial().wrapping_add(difference);
        Self::from_parts(serial, link, [parent, next, previous].map(Ix), stamp).ok_or(Malformed::Page)
    }
}

const SAME_COUNT: u8 = 1;
const SAME_LOT: u8 = 2;
const SAME_SEAL: u8 = 4;
const SAME_HEIGHT: u8 = 8;
const SAME_SETTLED: u8 = 16;
const SAME_NEWEST: u8 = 32;
const SAME_CUSTODY: u8 = 64;

impl Coded for Container {
    const START: Self = Self::new(0, 0);

    fn put(&self, before: &Self, _place: u32, out: &mut Vec<u8>) {
        let same = [
            (SAME_COUNT, self.count == before.count),
            (SAME_LOT, self.lot == before.lot),
            (SAME_SEAL, self.seal == before.seal),
            (SAME_HEIGHT, self.height == before.height),
            (SAME_SETTLED, self.settled == before.settled),
            (SAME_NEWEST, self.newest == before.newest),
            (SAME_CUSTODY, self.custody == before.custody),
        ];
        let flags = same.iter().fold(0, |flags, (flag, is)| if *is { flags | flag } else { flags });
        out.push(flags);
        put_u128(out, zigzag(i128::from(self.first.0) - i128::from(before.first.0)));
        let words = [u64::from(self.count), u64::from(self.lot), self.seal as u64, u64::from(self.height)];
        for (word, (_, same)) in words.into_iter().zip(same) {
            if !same {
                put_u64(out, word);
            }
        }
        // A time is most often near that of the container before, or no time at all.
        let times = [(self.settled, before.settled), (self.newest, before.newest), (self.custody, before.custody)];
        for ((time, before), (_, same)) in times.into_iter().zip(&same[4..]) {
            if !same {
                put_u128(out, zigzag(i128::from(time) - i128::from(before)));
            }
        }
    }

    fn read(before: &Self, _place: u32, bytes: &mut &[u8]) -> Result<Self, Malformed> {
        let flags = take_byte(bytes)?;
        let first = i128::from(before.first.0).checked_add(unzigzag(take_u128(bytes)?)).ok_or(Malformed::Page)?;
        let mut word = |flag: u8, expected: u32| if flags & flag == 0 { take_u32(bytes) } else { Ok(expected) };
        let count = word(SAME_COUNT, before.count)?;
        let lot = word(SAME_LOT, before.lot)?;
        let seal = word(SAME_SEAL, before.seal as u32)?;
        let height = word(SAME_HEIGHT, u32::from(before.height))?;
        let mut time = |flag: u8, before: i64| {
            if flags & flag != 0 {
                return Ok(before);
            }
            let time = i128::from(before).checked_add(unzigzag(take_u128(bytes)?));
            time.and_then(|time| i64::try_from(time).ok()).ok_or(Malformed::Page)
        };
        let settled = time(SAME_SETTLED, before.settled)?;
        let newest = time(SAME_NEWEST, before.newest)?;
        let custody = time(SAME_CUSTODY, before.custody)?;
        Ok(Self {
            first: Ix(u32::try_from(first).map_err(|_| Malformed::Page)?),
            count,
            lot,
            seal: u8::try_from(seal).ok().and_then(Seal::from_number).ok_or(Malformed::Page)?,
            height: u8::try_from(height).map_err(|_| Malformed::Page)?,
            settled,
            newest,
            custody,
        })
    }
}

/// A lot as it is written; the order of the fields is the format.
#[derive(serde::Serialize, serde::Deserialize)]
struct StoredLot {
    class: u64,
    number: u128,
    data: StoredLotData,
    held: bool,
    by_status: Vec<u32>,
    packed: u32,
    away: u32,
    last_change: u32,
}

/// Appends a page of lots.
pub(super) fn put_lots(lots: &[LotRecord], out: &mut Vec<u8>) {
    let stored: Vec<StoredLot> = lots
        .iter()
        .map(|lot| StoredLot {
            class: lot.class.0,
            number: lot.number,
            data: StoredLotData::new(&lot.data),
            held: lot.held,
            by_status: lot.counts.by_status.to_vec(),
            packed: lot.counts.packed,
            away: lot.counts.away,
            last_change: lot.last_change,
        })
        .collect();
    out.extend(codec::encode_record(&stored));
}

/// Reads a page of lots.
pub(super) fn read_lots(bytes: &[u8], mut take: impl FnMut(LotRecord)) -> Result<(), Malformed> {
    let stored: Vec<StoredLot> = codec::decode_record(bytes).map_err(|_| Malformed::Page)?;
    for StoredLot { class, number, data, held, by_status, packed, away, last_change } in stored {
        let mut counts = Counts { packed, away, ..Counts::default() };
        // A status that a later release adds stands behind those that were known.
        counts.by_status.get_mut(..by_status.len()).ok_or(Malformed::Page)?.copy_from_slice(&by_status);
        let data = data.read().map_err(|_| Malformed::Page)?;
        take(LotRecord { class: Class(class), number, data, held, counts, last_change });
    }
    Ok(())
}

/// A change of a lot as it is written: fact, the change before, dates, hold.
type StoredLotChange = (u64, u32, StoredLotData, bool);

/// Appends a page of changes of lots.
pub(super) fn put_lot_changes(changes: &[LotChange], out: &mut Vec<u8>) {
    let stored = |change: &LotChange| (change.fact, change.before, StoredLotData::new(&change.data), change.held);
    out.extend(codec::encode_record(&changes.iter().map(stored).collect::<Vec<StoredLotChange>>()));
}

/// Reads a page of changes of lots.
pub(super) fn read_lot_changes(bytes: &[u8], mut take: impl FnMut(LotChange)) -> Result<(), Malformed> {
    let stored: Vec<StoredLotChange> = codec::decode_record(bytes).map_err(|_| Malformed::Page)?;
    for (fact, before, data, held) in stored {
        take(LotChange { fact, before, data: data.read().map_err(|_| Malformed::Page)?, held });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fact::{Level, Status};

    fn records() -> impl Strategy<Value = Vec<Record>> {
        let serial = prop_oneof![any::<u128>(), 0_u128..5];
        let word = || prop_oneof![Just(u32::MAX), 0_u32..300, any::<u32>()];
        let one = (serial, word(), [word(), word(), word()], 0_u64..1 << 40, 0..Status::ALL.len());
        let one = one.prop_map(|(serial, link, links, fact, status)| {
            let stamp = Record::new(0, 0, Level::Case).with_status(Status::ALL[status]).with_last_fact(fact).stamp();
            Record::from_parts(serial, link, links.map(Ix), stamp).unwrap()
        });
        prop::collection::vec(one, 0..130)
    }

    fn containers() -> impl Strategy<Value = Vec<Container>> {
        let times = [any::<i64>(), any::<i64>(), any::<i64>()];
        let one = (any::<u32>(), 0_u32..3, any::<u32>(), 0..Seal::ALL.len(), any::<u8>(), times);
        let one = one.prop_map(|(first, count, lot, seal, height, [settled, newest, custody])| Container {
            first: Ix(first),
            count,
            lot,
            seal: Seal::ALL[seal],
            height,
            settled,
            newest,
            custody,
        });
        prop::collection::vec(one, 0..130)
    }

    fn read_all<T: Coded>(bytes: &[u8], place: u32) -> Result<Vec<T>, Malformed> {
        let mut values = Vec::new();
        read_page(bytes, place, |value| values.push(value))?;
        Ok(values)
    }

    proptest! {
        #[test]
        fn pages_come_back(records in records(), containers in containers(), place in 0_u32..1_000_000) {
            let mut bytes = Vec::new();
            put_page(&records, place, &mut bytes);
            prop_assert_eq!(read_all::<Record>(&bytes, place), Ok(records));
            bytes.clear();
            put_page(&containers, place, &mut bytes);
            prop_assert_eq!(read_all::<Container>(&bytes, place), Ok(containers));
        }

        #[test]
        fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..300), place: u32) {
            let _ = read_all::<Record>(&bytes, place);
            let _ = read_all::<Container>(&bytes, place);
            let _ = read_lots(&bytes, |_| {});
            let _ = read_lot_changes(&bytes, |_| {});
        }
    }

    #[test]
    fn a_case_of_units_in_order_takes_about_a_byte_a_unit() {
        let unit = |n: u32| {
            let links = [7, 1 + (n + 1) % 48, 1 + (n + 47) % 48].map(Ix);
            Record::from_parts(u128::from(n), 3, links, Record::EMPTY.stamp()).unwrap()
        };
        let mut bytes = Vec::new();
        put_page(&(0..48).map(unit).collect::<Vec<_>>(), 1, &mut bytes);
        assert!(bytes.len() < 64, "{} bytes", bytes.len());
    }

    #[test]
    fn lots_come_back() {
        let mut lot = LotRecord {
            class: Class::SSCC,
            number: 5,
            data: crate::fact::LotData::default(),
            held: true,
            counts: Counts { packed: 3, away: 2, ..Counts::default() },
            last_change: 7,
        };
        lot.counts.by_status[1] = 9;
        let mut bytes = Vec::new();
        put_lots(&[lot, lot], &mut bytes);
        let mut back = Vec::new();
        read_lots(&bytes, |lot| back.push(lot)).unwrap();
        assert_eq!(back, [lot, lot]);

        let data = crate::fact::LotData { expiry: packtree_gs1::Gs1Date::new(2027, 12, 31), ..lot.data };
        let change = LotChange { fact: 9, before: LotRecord::UNCHANGED, data, held: true };
        bytes.clear();
        put_lot_changes(&[change, change], &mut bytes);
        let mut back = Vec::new();
        read_lot_changes(&bytes, |change| back.push(change)).unwrap();
        assert_eq!(back, [change, change]);
    }
}
