//! The bytes of pages of the smaller tables: identifiers spelled out, quantities, notes, event times, accepted requests.

use std::sync::Arc;

use packtree_gs1::Identifier;

use super::layout::Malformed;
use crate::codec::varint::{put_u64, put_u128, read_u64, read_u128, unzigzag, zigzag};
use crate::codec::{self, StoredParking, StoredQuantity};
use crate::fact::{Microseconds, Name, Parking, Quantity, RequestId, Sequence, SettingText, Standing};
use crate::forest::SettingRecord;
use crate::forest::record::Ix;
use crate::limits::SEQUENCE_MAX;
use crate::operation::Operation;
use crate::requests::Accepted;

pub(super) fn put_identifiers(identifiers: &[Identifier], out: &mut Vec<u8>) {
    let spelled: Vec<String> = identifiers.iter().map(Identifier::to_string).collect();
    out.extend(codec::encode_record(&spelled));
}

pub(super) fn read_identifiers(bytes: &[u8], into: &mut Vec<Identifier>) -> Result<(), Malformed> {
    let spelled: Vec<&str> = codec::decode_record(bytes).map_err(|_| Malformed::Page)?;
    for spelling in spelled {
        into.push(Identifier::parse(spelling).map_err(|_| Malformed::Page)?);
    }
    Ok(())
}

/// Each object's quantities are a record of their own, which is no larger than the fact that set them.
pub(super) fn put_quantities(page: &[(Ix, Vec<Quantity>)], out: &mut Vec<u8>) {
    for (ix, quantities) in page {
        let stored: Vec<StoredQuantity> = quantities.iter().map(StoredQuantity::new).collect();
        let record = codec::encode_record(&stored);
        put_u64(out, u64::from(ix.0));
        put_u64(out, record.len() as u64);
        out.extend(record);
    }
}

pub(super) fn read_quantities(mut bytes: &[u8], mut take: impl FnMut(Ix, Vec<Quantity>)) -> Result<(), Malformed> {
    while !bytes.is_empty() {
        let ix = u32::try_from(take_u64(&mut bytes)?).map_err(|_| Malformed::Page)?;
        let length = usize::try_from(take_u64(&mut bytes)?).map_err(|_| Malformed::Page)?;
        let (record, rest) = bytes.split_at_checked(length).ok_or(Malformed::Page)?;
        bytes = rest;
        let stored: Vec<StoredQuantity> = codec::decode_record(record).map_err(|_| Malformed::Page)?;
        let quantities: Result<_, _> = stored.iter().map(StoredQuantity::read).collect();
        take(Ix(ix), quantities.map_err(|_| Malformed::Page)?);
    }
    Ok(())
}

pub(super) fn put_notes(page: &[(Ix, u64)], out: &mut Vec<u8>) {
    for (ix, fact) in page {
        put_u64(out, u64::from(ix.0));
        put_u64(out, *fact);
    }
}

pub(super) fn read_notes(mut bytes: &[u8], mut take: impl FnMut(Ix, u64)) -> Result<(), Malformed> {
    while !bytes.is_empty() {
        let ix = take_u64(&mut bytes)?;
        take(Ix(u32::try_from(ix).map_err(|_| Malformed::Page)?), take_u64(&mut bytes)?);
    }
    Ok(())
}

pub(super) fn put_times(times: impl IntoIterator<Item = Microseconds>, out: &mut Vec<u8>) {
    let mut before = 0;
    for time in times {
        put_u128(out, zigzag(i128::from(time) - i128::from(before)));
        before = time;
    }
}

pub(super) fn read_times(mut bytes: &[u8], into: &mut Vec<Microseconds>) -> Result<(), Malformed> {
    let mut before = 0;
    while !bytes.is_empty() {
        let difference = unzigzag(read_u128(&mut bytes).map_err(|_| Malformed::Page)?);
        let time = i128::from(before).checked_add(difference).ok_or(Malformed::Page)?;
        before = Microseconds::try_from(time).map_err(|_| Malformed::Page)?;
        into.push(before);
    }
    Ok(())
}

/// Each parked operation is a record of its own, which is no larger than the fact that parked it.
pub(super) fn put_parked(parked: &[(u64, Arc<Parking>)], out: &mut Vec<u8>) {
    for (fact, parking) in parked {
        let record = codec::encode_record(&StoredParking::new(parking));
        put_u64(out, *fact);
        put_u64(out, record.len() as u64);
        out.extend(record);
    }
}

pub(super) fn read_parked(mut bytes: &[u8], mut take: impl FnMut(u64, Parking)) -> Result<(), Malformed> {
    while !bytes.is_empty() {
        let fact = take_u64(&mut bytes)?;
        let length = usize::try_from(take_u64(&mut bytes)?).map_err(|_| Malformed::Page)?;
        let (record, rest) = bytes.split_at_checked(length).ok_or(Malformed::Page)?;
        bytes = rest;
        let stored: StoredParking<'_> = codec::decode_record(record).map_err(|_| Malformed::Page)?;
        let parking = stored.read().map_err(|_| Malformed::Page)?;
        Operation::of_parked(&parking).ok_or(Malformed::Page)?;
        take(fact, parking);
    }
    Ok(())
}

/// A setting is a page of its own.
pub(super) fn setting_bytes(setting: &SettingRecord) -> Vec<u8> {
    let SettingRecord { name, value, fact } = setting;
    codec::encode_record(&(name.as_str(), value.as_ref().map(SettingText::as_str), fact))
}

pub(super) fn read_setting(bytes: &[u8]) -> Result<SettingRecord, Malformed> {
    let (name, value, fact): (&str, Option<&str>, u64) = codec::decode_record(bytes).map_err(|_| Malformed::Page)?;
    let name = Name::new(name).map_err(|_| Malformed::Page)?;
    let value = value.map(SettingText::new).transpose().map_err(|_| Malformed::Page)?;
    Ok(SettingRecord { name, value, fact })
}

/// Above the bits of a fact's number and of late, where stores that were written before operations could be parked have 0.
const PARKED: u64 = 1 << 42;

const _: () = assert!(SEQUENCE_MAX < PARKED >> 1);

pub(super) fn put_requests<'r>(requests: impl IntoIterator<Item = &'r (RequestId, Accepted)>, out: &mut Vec<u8>) {
    for (id, accepted) in requests {
        let standing = match accepted.standing {
            Standing::Done => 0,
            Standing::Late => 1,
            Standing::Parked => PARKED,
        };
        put_u64(out, accepted.sequence.0 << 1 | standing);
        out.extend_from_slice(&id.0.to_le_bytes());
        out.extend_from_slice(&accepted.content.to_le_bytes());
    }
}

pub(super) fn read_requests(mut bytes: &[u8], mut take: impl FnMut(RequestId, Accepted)) -> Result<(), Malformed> {
    while !bytes.is_empty() {
        let number = take_u64(&mut bytes)?;
        let (id, rest) = bytes.split_first_chunk().ok_or(Malformed::Page)?;
        let (content, rest) = rest.split_first_chunk().ok_or(Malformed::Page)?;
        bytes = rest;
        let standing = match (number & PARKED != 0, number & 1 == 1) {
            (false, false) => Standing::Done,
            (false, true) => Standing::Late,
            (true, false) => Standing::Parked,
            (true, true) => return Err(Malformed::Page),
        };
        let sequence = Sequence((number & !PARKED) >> 1);
        let accepted = Accepted { content: u64::from_le_bytes(*content), sequence, standing };
        take(RequestId(u128::from_le_bytes(*id)), accepted);
    }
    Ok(())
}

fn take_u64(bytes: &mut &[u8]) -> Result<u64, Malformed> {
    read_u64(bytes).map_err(|_| Malformed::Page)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fact::Decimal;

    proptest! {
        #[test]
        fn pages_come_back(
            times: Vec<i64>,
            notes in prop::collection::vec((any::<u32>().prop_map(Ix), any::<u64>()), 0..50),
            requests in prop::collection::vec((any::<u128>(), any::<u64>(), 0_u64..1 << 40, 0_usize..3), 0..50),
        ) {
            let mut bytes = Vec::new();
            put_times(times.iter().copied(), &mut bytes);
            let mut back = Vec::new();
            read_times(&bytes, &mut back).unwrap();
            prop_assert_eq!(back, times);

            bytes.clear();
            put_notes(&notes, &mut bytes);
            let mut back = Vec::new();
            read_notes(&bytes, |ix, fact| back.push((ix, fact))).unwrap();
            prop_assert_eq!(back, notes);

            bytes.clear();
            let requests: Vec<_> = requests
                .into_iter()
                .map(|(id, content, sequence, standing)| {
                    let standing = Standing::ALL[standing];
                    (RequestId(id), Accepted { content, sequence: Sequence(sequence), standing })
                })
                .collect();
            put_requests(&requests, &mut bytes);
            let mut back = Vec::new();
            read_requests(&bytes, |id, accepted| back.push((id, accepted))).unwrap();
            prop_assert_eq!(back, requests);
        }

        #[test]
        fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_identifiers(&bytes, &mut Vec::new());
            let _ = read_quantities(&bytes, |_, _| {});
            let _ = read_notes(&bytes, |_, _| {});
            let _ = read_times(&bytes, &mut Vec::new());
            let _ = read_requests(&bytes, |_, _| {});
            let _ = read_parked(&bytes, |_, _| {});
            let _ = read_setting(&bytes);
        }
    }

    #[test]
    fn settings_come_back() {
        let name = Name::new("user/ada").unwrap();
        for value in [None, SettingText::new("{}").ok()] {
            let setting = SettingRecord { name: name.clone(), value, fact: 1 << 39 };
            assert_eq!(read_setting(&setting_bytes(&setting)), Ok(setting));
        }
    }

    #[test]
    fn identifiers_and_quantities_come_back() {
        let identifiers =
            ["https://example.com/obj/1", "(8004)952123450001"].map(|text| Identifier::parse(text).unwrap());
        let mut bytes = Vec::new();
        put_identifiers(&identifiers, &mut bytes);
        let mut back = Vec::new();
        read_identifiers(&bytes, &mut back).unwrap();
        assert_eq!(back, identifiers);

        let class = Identifier::parse("(01)09521234543213").unwrap();
        let quantity = Quantity { class, amount: Decimal::parse("2.5"), unit: Name::new("KGM").ok() };
        let page = vec![(Ix(4), vec![quantity.clone(), quantity]), (Ix(9), vec![])];
        bytes.clear();
        put_quantities(&page, &mut bytes);
        let mut back = Vec::new();
        read_quantities(&bytes, |ix, quantities| back.push((ix, quantities))).unwrap();
        assert_eq!(back, page);
    }
}
