//! The bytes of an operation that is parked. Their variants and fields are the format: see `docs/facts.md`.

use packtree_gs1::{Identifier, LotNumber};
use serde::{Deserialize, Serialize};

use super::{
    Close, Commission, Configure, Contents, ContentsFate, CorrectLot, Decommission, Fate, Hold, HoldTarget, Merge,
    Move, Observe, Operation, Pack, Receive, Relabel, Release, Reopen, Replace, Reset, Return, Ship, Split, Swap,
    TakeOutOfUse, Unpack, VoidShip,
};
use crate::codec::{self, CodecError, List, StoredLotData, StoredLotName, StoredQuantity, StoredSignature, spelled};
use crate::fact::{Level, Lot, Name, Parking, Quantity, SettingText, Signature, Trust};

/// [`Operation`] with packed lists. Variants stand in the order of `Verb`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Stored<'a> {
    Commission {
        lot: Option<(u128, StoredLotData)>,
        level: Level,
        #[serde(borrow)]
        objects: List<'a>,
    },
    Pack {
        parent: List<'a>,
        parent_level: Level,
        children: List<'a>,
        quantities: Vec<StoredQuantity>,
    },
    Unpack {
        what: StoredContents<'a>,
        trust: Trust,
    },
    Move(List<'a>, List<'a>),
    Replace(List<'a>, List<'a>, Fate),
    Swap(List<'a>, List<'a>),
    Relabel(List<'a>, List<'a>),
    Merge(List<'a>, List<'a>),
    Split(List<'a>, List<'a>, List<'a>),
    Reset(List<'a>, List<'a>),
    Close(List<'a>, bool),
    Reopen(List<'a>),
    Hold(StoredTarget<'a>),
    Release(StoredTarget<'a>),
    Sample(List<'a>),
    Reject(List<'a>),
    Destroy(List<'a>),
    Decommission(List<'a>, ContentsFate),
    CorrectLot(StoredLotName, StoredLotData),
    Ship(List<'a>),
    VoidShip(List<'a>),
    Receive(List<'a>, Trust),
    Return(List<'a>),
    Observe(List<'a>),
    Configure(&'a str, Option<&'a str>),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum StoredContents<'a> {
    All(#[serde(borrow)] List<'a>),
    Recursive(List<'a>),
    Named { parent: Option<List<'a>>, children: List<'a>, quantities: Vec<StoredQuantity> },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum StoredTarget<'a> {
    Objects(#[serde(borrow)] List<'a>),
    Lot(StoredLotName),
}

impl Operation {
    /// The operation that is parked; `None` for one that was written by a later version.
    pub fn of_parked(parking: &Parking) -> Option<Self> {
        Self::from_bytes(&parking.operation).ok().map(|(operation, _)| operation)
    }

    /// Its bytes, and behind them those of who signed it.
    pub(crate) fn to_bytes(&self, signature: Option<&Signature>) -> Box<[u8]> {
        let stored = stored(self);
        match signature {
            Some(signature) => codec::encode_record(&(stored, StoredSignature::new(signature))).into(),
            None => codec::encode_record(&stored).into(),
        }
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<(Self, Option<Signature>), CodecError> {
        if let Ok(stored) = codec::decode_record::<Stored<'_>>(bytes) {
            return Ok((stored.read()?, None));
        }
        let (stored, signature): (Stored<'_>, StoredSignature<'_>) = codec::decode_record(bytes)?;
        Ok((stored.read()?, Some(signature.read()?)))
    }
}

impl Parking {
    /// Who vouched for the operation beside the actor.
    ///
    /// ```
    /// use packtree::fact::{Name, Role, Signature};
    /// use packtree::policy::LateEvent;
    /// use packtree::{Identifier, Operation, Policy};
    ///
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let PackedPallet { engine, line, cases, .. } = packed_pallet()?;
    /// engine.set_policy(Policy { late_event: LateEvent::PARK, ..Policy::default() });
    /// let unknown = Identifier::parse("(01)09521234543213(21)A999")?;
    /// let mut early = engine.request(&line, Operation::pack(cases[0].clone(), vec![unknown]));
    /// early.signature = Some(Signature { by: Name::new("ms-adler")?, role: Role::Quality });
    /// engine.submit(early.clone())?.receipt()?;
    ///
    /// let (_, parking) = engine.view().parked().next().ok_or("it waits for its commissioning")?;
    /// assert_eq!(parking.signature(), early.signature);
    /// # Ok(())
    /// # }
    /// ```
    pub fn signature(&self) -> Option<Signature> {
        Operation::from_bytes(&self.operation).ok().and_then(|(_, signature)| signature)
    }
}

fn stored(operation: &Operation) -> Stored<'_> {
    match operation {
        Operation::Commission(Commission { lot, level, objects }) => Stored::Commission {
            lot: lot.map(|lot| (lot.number.value(), StoredLotData::new(&lot.data))),
            level: *level,
            objects: spelled(objects),
        },
        Operation::Pack(Pack { parent, parent_level, children, quantities }) => Stored::Pack {
            parent: one(parent),
            parent_level: *parent_level,
            children: spelled(children),
            quantities: quantities.iter().map(StoredQuantity::new).collect(),
        },
        Operation::Unpack(Unpack { what, trust }) => Stored::Unpack { what: stored_contents(what), trust: *trust },
        Operation::Move(Move { children, into }) => Stored::Move(spelled(children), one(into)),
        Operation::Replace(Replace { old, new, fate }) => Stored::Replace(one(old), one(new), *fate),
        Operation::Swap(Swap { one: first, other }) => Stored::Swap(one(first), one(other)),
        Operation::Relabel(Relabel { old, new }) => Stored::Relabel(one(old), one(new)),
        Operation::Merge(Merge { from, into }) => Stored::Merge(one(from), one(into)),
        Operation::Split(Split { from, children, into }) => Stored::Split(one(from), spelled(children), one(into)),
        Operation::Reset(Reset { container, children }) => Stored::Reset(one(container), spelled(children)),
        Operation::Close(Close { containers, partial }) => Stored::Close(spelled(containers), *partial),
        Operation::Reopen(Reopen { containers }) => Stored::Reopen(spelled(containers)),
        Operation::Hold(Hold { target }) => Stored::Hold(stored_target(target)),
        Operation::Release(Release { target }) => Stored::Release(stored_target(target)),
        Operation::Sample(TakeOutOfUse { objects }) => Stored::Sample(spelled(objects)),
        Operation::Reject(TakeOutOfUse { objects }) => Stored::Reject(spelled(objects)),
        Operation::Destroy(TakeOutOfUse { objects }) => Stored::Destroy(spelled(objects)),
        Operation::Decommission(Decommission { objects, contents }) => {
            Stored::Decommission(spelled(objects), *contents)
        }
        Operation::CorrectLot(CorrectLot { lot, data }) => {
            Stored::CorrectLot(StoredLotName::new(lot), StoredLotData::new(data))
        }
        Operation::Ship(Ship { roots }) => Stored::Ship(spelled(roots)),
        Operation::VoidShip(VoidShip { roots }) => Stored::VoidShip(spelled(roots)),
        Operation::Receive(Receive { roots, trust }) => Stored::Receive(spelled(roots), *trust),
        Operation::Return(Return { objects }) => Stored::Return(spelled(objects)),
        Operation::Observe(Observe { objects }) => Stored::Observe(spelled(objects)),
        Operation::Configure(Configure { name, value }) => {
            Stored::Configure(name.as_str(), value.as_ref().map(SettingText::as_str))
        }
    }
}

fn stored_contents(what: &Contents) -> StoredContents<'static> {
    match what {
        Contents::All { parent } => StoredContents::All(one(parent)),
        Contents::Recursive { parent } => StoredContents::Recursive(one(parent)),
        Contents::Named { parent, children, quantities } => StoredContents::Named {
            parent: parent.as_ref().map(one),
            children: spelled(children),
            quantities: quantities.iter().map(StoredQuantity::new).collect(),
        },
    }
}

fn stored_target(target: &HoldTarget) -> StoredTarget<'static> {
    match target {
        HoldTarget::Objects(objects) => StoredTarget::Objects(spelled(objects)),
        HoldTarget::Lot(lot) => StoredTarget::Lot(StoredLotName::new(lot)),
    }
}

fn one(object: &Identifier) -> List<'static> {
    spelled(std::slice::from_ref(object))
}

fn quantities(stored: &[StoredQuantity]) -> Result<Vec<Quantity>, CodecError> {
    stored.iter().map(StoredQuantity::read).collect()
}

impl Stored<'_> {
    fn read(&self) -> Result<Operation, CodecError> {
        Ok(match self {
            Self::Commission { lot, level, objects } => {
                let lot = lot.as_ref().map(|(number, data)| {
                    let number = LotNumber::from_value(*number).ok_or(CodecError::Identifier)?;
                    Ok(Lot { number, data: data.read()? })
                });
                Operation::Commission(Commission { lot: lot.transpose()?, level: *level, objects: objects.all()? })
            }
            Self::Pack { parent, parent_level, children, quantities: stored } => Operation::Pack(Pack {
                parent: parent.one()?,
                parent_level: *parent_level,
                children: children.all()?,
                quantities: quantities(stored)?,
            }),
            Self::Unpack { what, trust } => Operation::Unpack(Unpack { what: what.read()?, trust: *trust }),
            Self::Move(children, into) => Operation::Move(Move { children: children.all()?, into: into.one()? }),
            Self::Replace(old, new, fate) => {
                Operation::Replace(Replace { old: old.one()?, new: new.one()?, fate: *fate })
            }
            Self::Swap(one, other) => Operation::Swap(Swap { one: one.one()?, other: other.one()? }),
            Self::Relabel(old, new) => Operation::Relabel(Relabel { old: old.one()?, new: new.one()? }),
            Self::Merge(from, into) => Operation::Merge(Merge { from: from.one()?, into: into.one()? }),
            Self::Split(from, children, into) => {
                Operation::Split(Split { from: from.one()?, children: children.all()?, into: into.one()? })
            }
            Self::Reset(container, children) => {
                Operation::Reset(Reset { container: container.one()?, children: children.all()? })
            }
            Self::Close(containers, partial) => {
                Operation::Close(Close { containers: containers.all()?, partial: *partial })
            }
            Self::Reopen(containers) => Operation::Reopen(Reopen { containers: containers.all()? }),
            Self::Hold(target) => Operation::Hold(Hold { target: target.read()? }),
            Self::Release(target) => Operation::Release(Release { target: target.read()? }),
            Self::Decommission(objects, contents) => {
                Operation::Decommission(Decommission { objects: objects.all()?, contents: *contents })
            }
            Self::CorrectLot(lot, data) => Operation::CorrectLot(CorrectLot { lot: lot.read()?, data: data.read()? }),
            Self::Receive(roots, trust) => Operation::Receive(Receive { roots: roots.all()?, trust: *trust }),
            Self::Sample(objects) => Operation::Sample(TakeOutOfUse { objects: objects.all()? }),
            Self::Reject(objects) => Operation::Reject(TakeOutOfUse { objects: objects.all()? }),
            Self::Destroy(objects) => Operation::Destroy(TakeOutOfUse { objects: objects.all()? }),
            Self::Ship(roots) => Operation::Ship(Ship { roots: roots.all()? }),
            Self::VoidShip(roots) => Operation::VoidShip(VoidShip { roots: roots.all()? }),
            Self::Return(objects) => Operation::Return(Return { objects: objects.all()? }),
            Self::Observe(objects) => Operation::Observe(Observe { objects: objects.all()? }),
            Self::Configure(name, value) => Operation::Configure(Configure {
                name: Name::new(name).map_err(|_| CodecError::Identifier)?,
                value: value.map(SettingText::new).transpose().map_err(|_| CodecError::Identifier)?,
            }),
        })
    }
}

impl StoredContents<'_> {
    fn read(&self) -> Result<Contents, CodecError> {
        Ok(match self {
            Self::All(parent) => Contents::All { parent: parent.one()? },
            Self::Recursive(parent) => Contents::Recursive { parent: parent.one()? },
            Self::Named { parent, children, quantities: stored } => Contents::Named {
                parent: parent.as_ref().map(List::one).transpose()?,
                children: children.all()?,
                quantities: quantities(stored)?,
            },
        })
    }
}

impl StoredTarget<'_> {
    fn read(&self) -> Result<HoldTarget, CodecError> {
        Ok(match self {
            Self::Objects(objects) => HoldTarget::Objects(objects.all()?),
            Self::Lot(lot) => HoldTarget::Lot(lot.read()?),
        })
    }
}

#[cfg(test)]
mod tests;
