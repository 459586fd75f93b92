//! The records as bincode sees them. Their fields and variants are the format: see `docs/facts.md`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use packtree_gs1::{Gs1Date, Gtin, Identifier, LotNumber};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::list::{Item, read_list};
use super::parking::{StoredEnd, StoredParking};
use super::{CodecError, identifier_of_item, put_identifiers};
use crate::fact::{
    Decimal, Effect, Entry, EventTime, Header, Level, Lot, LotData, LotName, Name, Note, Quantity, ReasonText,
    RequestId, Role, Seal, Sequence, SettingText, Signature, Status, Trust, Verb,
};

/// A byte string; serde would write a slice number by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Bytes<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowed;
        impl<'de> Visitor<'de> for Borrowed {
            type Value = &'de [u8];

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes that can be borrowed")
            }

            fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
                Ok(bytes)
            }
        }
        deserializer.deserialize_bytes(Borrowed).map(Self)
    }
}

/// A list of objects: owned while it is written, borrowed when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct List<'a>(Cow<'a, [u8]>);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for List<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Bytes::deserialize(deserializer).map(|bytes| Self(Cow::Borrowed(bytes.0)))
    }
}

impl List<'_> {
    /// The objects of a list that is there to be read without a state.
    pub(crate) fn all(&self) -> Result<Vec<Identifier>, CodecError> {
        read_list(&self.0, identifier_of_item)
    }

    /// The one object of such a list.
    pub(crate) fn one(&self) -> Result<Identifier, CodecError> {
        only(self, identifier_of_item)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredFact<'a> {
    pub(crate) request: RequestId,
    pub(crate) content: u64,
    actor: &'a str,
    role: Role,
    station: &'a str,
    pub(crate) event_time: EventTime,
    entry: Entry,
    reason: Option<&'a str>,
    note: Option<&'a str>,
    pub(crate) verb: Verb,
    #[serde(borrow)]
    pub(crate) effects: Vec<StoredEffect<'a>>,
    pub(crate) previous: Bytes<'a>,
}

impl<'a> StoredFact<'a> {
    pub(super) fn new(header: &'a Header, verb: Verb, effects: Vec<StoredEffect<'a>>, previous: &'a [u8]) -> Self {
        Self {
            request: header.request,
            content: header.content,
            actor: header.actor.as_str(),
            role: header.role,
            station: header.station.as_str(),
            event_time: header.event_time,
            entry: header.entry,
            reason: header.reason.as_ref().map(ReasonText::as_str),
            note: header.note.as_ref().map(Note::as_str),
            verb,
            effects,
            previous: Bytes(previous),
        }
    }

    pub(super) fn header(&self) -> Result<Header, CodecError> {
        Ok(Header {
            request: self.request,
            content: self.content,
            actor: read_name(self.actor)?,
            role: self.role,
            station: read_name(self.station)?,
            event_time: self.event_time,
            entry: self.entry,
            reason: self.reason.map(ReasonText::new).transpose().map_err(|_| CodecError::Identifier)?,
            note: self.note.map(Note::new).transpose().map_err(|_| CodecError::Identifier)?,
        })
    }
}

/// The dates of a lot, each as `YYYYMMDD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredLotData {
    expiry: Option<u32>,
    production: Option<u32>,
    best_before: Option<u32>,
}

impl StoredLotData {
    pub(crate) fn new(data: &LotData) -> Self {
        Self {
            expiry: data.expiry.map(Gs1Date::number),
            production: data.production.map(Gs1Date::number),
            best_before: data.best_before.map(Gs1Date::number),
        }
    }

    pub(crate) fn read(self) -> Result<LotData, CodecError> {
        let date = |number: Option<u32>| {
            number.map(|number| Gs1Date::from_number(number).ok_or(CodecError::Identifier)).transpose()
        };
        Ok(LotData {
            expiry: date(self.expiry)?,
            production: date(self.production)?,
            best_before: date(self.best_before)?,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredLotName {
    gtin: u64,
    number: u128,
}

impl StoredLotName {
    pub(crate) fn new(name: &LotName) -> Self {
        Self { gtin: name.gtin.value(), number: name.number.value() }
    }

    pub(crate) fn read(self) -> Result<LotName, CodecError> {
        let gtin = Gtin::new(self.gtin).map_err(|_| CodecError::Identifier)?;
        Ok(LotName { gtin, number: LotNumber::from_value(self.number).ok_or(CodecError::Identifier)? })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredQuantity {
    class: String,
    amount: Option<Decimal>,
    unit: Option<String>,
}

impl StoredQuantity {
    pub(crate) fn new(quantity: &Quantity) -> Self {
        Self {
            class: quantity.class.to_string(),
            amount: quantity.amount,
            unit: quantity.unit.as_ref().map(|unit| unit.as_str().to_owned()),
        }
    }

    pub(crate) fn read(&self) -> Result<Quantity, CodecError> {
        Ok(Quantity {
            class: Identifier::parse(&self.class).map_err(|_| CodecError::Identifier)?,
            amount: self.amount,
            unit: self.unit.as_deref().map(Name::new).transpose().map_err(|_| CodecError::Identifier)?,
        })
    }
}

/// [`Effect`] with packed lists. The order of variants and fields is the format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum StoredEffect<'a> {
    Commissioned {
        lot: Option<StoredLot>,
        level: Level,
        #[serde(borrow)]
        objects: List<'a>,
    },
    Joined {
        parent: List<'a>,
        children: List<'a>,
    },
    Left {
        parent: List<'a>,
        children: List<'a>,
        trust: Trust,
    },
    QuantitiesSet {
        parent: List<'a>,
        quantities: Vec<StoredQuantity>,
    },
    Sealed {
        objects: List<'a>,
        seal: Seal,
    },
    StatusSet {
        objects: List<'a>,
        status: Status,
    },
    HoldSet {
        objects: List<'a>,
        held: bool,
    },
    LotHoldSet {
        lot: StoredLotName,
        held: bool,
    },
    LotCorrected {
        lot: StoredLotName,
        data: StoredLotData,
    },
    Relabelled {
        from: List<'a>,
        to: List<'a>,
    },
    CustodySet {
        objects: List<'a>,
        away: bool,
        trust: Trust,
    },
    LevelSet {
        object: List<'a>,
        level: Level,
    },
    Noted {
        objects: List<'a>,
        late: bool,
    },
    Sighted {
        level: Level,
        objects: List<'a>,
    },
    Described {
        lot: Option<StoredLot>,
        level: Level,
        objects: List<'a>,
    },
    Parked {
        objects: List<'a>,
        parking: StoredParking<'a>,
    },
    Unparked {
        objects: List<'a>,
        parked: u64,
        end: StoredEnd,
    },
    SettingSet {
        name: &'a str,
        value: Option<&'a str>,
        previous: u64,
    },
    Signed {
        by: &'a str,
        role: Role,
    },
}

/// Who vouched, behind an operation that is parked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredSignature<'a> {
    by: &'a str,
    role: Role,
}

impl<'a> StoredSignature<'a> {
    pub(crate) fn new(signature: &'a Signature) -> Self {
        Self { by: signature.by.as_str(), role: signature.role }
    }

    pub(crate) fn read(self) -> Result<Signature, CodecError> {
        Ok(Signature { by: read_name(self.by)?, role: self.role })
    }
}

/// A lot: its number, and its dates.
type StoredLot = (u128, StoredLotData);

fn stored_lot(lot: &Lot) -> StoredLot {
    (lot.number.value(), StoredLotData::new(&lot.data))
}

fn read_lot((number, data): StoredLot) -> Result<Lot, CodecError> {
    Ok(Lot { number: LotNumber::from_value(number).ok_or(CodecError::Identifier)?, data: data.read()? })
}

/// Packs an effect; `put` writes a list of objects.
pub(super) fn effect<'e, O>(effect: &'e Effect<O>, put: &mut impl FnMut(&[O], &mut Vec<u8>)) -> StoredEffect<'e> {
    let mut list = |objects: &[O]| {
        // Serials of a lot differ little, so three bytes an object is what most lists need.
        let mut bytes = Vec::with_capacity(24 + 3 * objects.len());
        put(objects, &mut bytes);
        List(Cow::Owned(bytes))
    };
    let one = std::slice::from_ref::<O>;
    match effect {
        Effect::Commissioned { lot, level, objects } => {
            StoredEffect::Commissioned { lot: lot.as_ref().map(stored_lot), level: *level, objects: spelled(objects) }
        }
        Effect::Joined { parent, children } => {
            StoredEffect::Joined { parent: list(one(parent)), children: list(children) }
        }
        Effect::Left { parent, children, trust } => {
            StoredEffect::Left { parent: list(one(parent)), children: list(children), trust: *trust }
        }
        Effect::QuantitiesSet { parent, quantities } => StoredEffect::QuantitiesSet {
            parent: list(one(parent)),
            quantities: quantities.iter().map(StoredQuantity::new).collect(),
        },
        Effect::Sealed { objects, seal } => StoredEffect::Sealed { objects: list(objects), seal: *seal },
        Effect::StatusSet { objects, status } => StoredEffect::StatusSet { objects: list(objects), status: *status },
        Effect::HoldSet { objects, held } => StoredEffect::HoldSet { objects: list(objects), held: *held },
        Effect::LotHoldSet { lot, held } => StoredEffect::LotHoldSet { lot: StoredLotName::new(lot), held: *held },
        Effect::LotCorrected { lot, data } => {
            StoredEffect::LotCorrected { lot: StoredLotName::new(lot), data: StoredLotData::new(data) }
        }
        Effect::Relabelled { from, to } => StoredEffect::Relabelled {
            from: spelled(std::slice::from_ref(from)),
            to: spelled(std::slice::from_ref(to)),
        },
        Effect::CustodySet { objects, away, trust } => {
            StoredEffect::CustodySet { objects: list(objects), away: *away, trust: *trust }
        }
        Effect::LevelSet { object, level } => StoredEffect::LevelSet { object: list(one(object)), level: *level },
        Effect::Noted { objects, late } => StoredEffect::Noted { objects: list(objects), late: *late },
        Effect::Sighted { level, objects } => StoredEffect::Sighted { level: *level, objects: spelled(objects) },
        Effect::Described { lot, level, objects } => {
            StoredEffect::Described { lot: lot.as_ref().map(stored_lot), level: *level, objects: list(objects) }
        }
        Effect::Parked { objects, parking } => {
            StoredEffect::Parked { objects: list(objects), parking: StoredParking::new(parking) }
        }
        Effect::Unparked { objects, parked, end } => {
            StoredEffect::Unparked { objects: list(objects), parked: parked.0, end: StoredEnd::new(*end) }
        }
        Effect::SettingSet { name, value, previous } => StoredEffect::SettingSet {
            name: name.as_str(),
            value: value.as_ref().map(SettingText::as_str),
            previous: previous.0,
        },
        Effect::Signed { by, role } => StoredEffect::Signed { by: by.as_str(), role: *role },
    }
}

/// Packs a list of identifiers, of which some may name objects that are not there.
pub(crate) fn spelled(objects: &[Identifier]) -> List<'static> {
    let mut bytes = Vec::new();
    put_identifiers(objects, &mut bytes);
    List(Cow::Owned(bytes))
}

impl StoredEffect<'_> {
    /// Unpacks the effect; `name` turns an item of a list into an object.
    pub(crate) fn read<O>(
        &self,
        name: &mut impl FnMut(Item) -> Result<O, CodecError>,
    ) -> Result<Effect<O>, CodecError> {
        Ok(match self {
            Self::Commissioned { lot, level, objects } => {
                Effect::Commissioned { lot: lot.map(read_lot).transpose()?, level: *level, objects: objects.all()? }
            }
            Self::Joined { parent, children } => {
                Effect::Joined { parent: only(parent, &mut *name)?, children: read_list(&children.0, name)? }
            }
            Self::Left { parent, children, trust } => Effect::Left {
                parent: only(parent, &mut *name)?,
                children: read_list(&children.0, name)?,
                trust: *trust,
            },
            Self::QuantitiesSet { parent, quantities } => Effect::QuantitiesSet {
                parent: only(parent, name)?,
                quantities: quantities.iter().map(StoredQuantity::read).collect::<Result<_, _>>()?,
            },
            Self::Sealed { objects, seal } => Effect::Sealed { objects: read_list(&objects.0, name)?, seal: *seal },
            Self::StatusSet { objects, status } => {
                Effect::StatusSet { objects: read_list(&objects.0, name)?, status: *status }
            }
            Self::HoldSet { objects, held } => Effect::HoldSet { objects: read_list(&objects.0, name)?, held: *held },
            Self::LotHoldSet { lot, held } => Effect::LotHoldSet { lot: lot.read()?, held: *held },
            Self::LotCorrected { lot, data } => Effect::LotCorrected { lot: lot.read()?, data: data.read()? },
            Self::Relabelled { from, to } => Effect::Relabelled { from: from.one()?, to: to.one()? },
            Self::CustodySet { objects, away, trust } => {
                Effect::CustodySet { objects: read_list(&objects.0, name)?, away: *away, trust: *trust }
            }
            Self::LevelSet { object, level } => Effect::LevelSet { object: only(object, name)?, level: *level },
            Self::Noted { objects, late } => Effect::Noted { objects: read_list(&objects.0, name)?, late: *late },
            Self::Sighted { level, objects } => Effect::Sighted { level: *level, objects: objects.all()? },
            Self::Described { lot, level, objects } => Effect::Described {
                lot: lot.map(read_lot).transpose()?,
                level: *level,
                objects: read_list(&objects.0, name)?,
            },
            Self::Parked { objects, parking } => {
                Effect::Parked { objects: read_list(&objects.0, name)?, parking: Arc::new(parking.read()?) }
            }
            Self::Unparked { objects, parked, end } => {
                Effect::Unparked { objects: read_list(&objects.0, name)?, parked: Sequence(*parked), end: end.read()? }
            }
            Self::SettingSet { name, value, previous } => Effect::SettingSet {
                name: read_name(name)?,
                value: value.map(SettingText::new).transpose().map_err(|_| CodecError::Identifier)?,
                previous: Sequence(*previous),
            },
            Self::Signed { by, role } => Effect::Signed { by: read_name(by)?, role: *role },
        })
    }
}

pub(super) fn read_name(text: &str) -> Result<Name, CodecError> {
    Name::new(text).map_err(|_| CodecError::Identifier)
}

/// The one item of a list that has one.
fn only<O>(list: &List<'_>, name: impl FnMut(Item) -> Result<O, CodecError>) -> Result<O, CodecError> {
    let mut items = read_list(&list.0, name)?;
    match (items.pop(), items.is_empty()) {
        (Some(item), true) => Ok(item),
        _ => Err(CodecError::Count),
    }
}
