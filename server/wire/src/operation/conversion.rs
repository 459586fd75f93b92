//! Operations from JSON to the engine and back.

use packtree::fact::{self, Level, Trust};
use packtree::operation::{self as engine, ContentsFate, Fate, HoldTarget, TakeOutOfUse};

use super::{
    ContainersOperation, ContentsWord, FateWord, Levels, LotData, LotName, Misfit, ObjectsOperation, Operation,
    RootsOperation, Scope,
};
use crate::object::Quantities;
use crate::text::{Date, Id, Text, TrustWord, plain, some, spelled};

impl TryFrom<Operation> for packtree::Operation {
    type Error = Misfit;

    fn try_from(operation: Operation) -> Result<Self, Misfit> {
        Ok(match operation {
            Operation::Commission { objects, level, lot } => Self::Commission(engine::Commission {
                lot: lot.map(fact::Lot::from),
                level: level.0,
                objects: plain(objects),
            }),
            Operation::Pack { parent, parent_level, children, quantities } => Self::Pack(engine::Pack {
                parent: parent.0,
                parent_level: parent_level.map_or(Level::Unknown, |level| level.0),
                children: plain(children),
                quantities: amounts(quantities),
            }),
            Operation::Unpack { parent, children, quantities, everything, trust } => {
                Self::Unpack(unpack(parent, children, quantities, everything, trust)?)
            }
            Operation::Move { into, children } => Self::Move(engine::Move { children: plain(children), into: into.0 }),
            Operation::Replace { old, new, fate } => {
                Self::Replace(engine::Replace { old: old.0, new: new.0, fate: fate.into() })
            }
            Operation::Swap { one, other } => Self::Swap(engine::Swap { one: one.0, other: other.0 }),
            Operation::Relabel { old, new } => Self::Relabel(engine::Relabel { old: old.0, new: new.0 }),
            Operation::Merge { from, into } => Self::Merge(engine::Merge { from: from.0, into: into.0 }),
            Operation::Split { from, children, into } => {
                Self::Split(engine::Split { from: from.0, children: plain(children), into: into.0 })
            }
            Operation::Reset { container, children } => {
                Self::Reset(engine::Reset { container: container.0, children: plain(children) })
            }
            Operation::Close { containers, partial } => {
                Self::Close(engine::Close { containers: plain(containers), partial })
            }
            Operation::Reopen(of) => Self::Reopen(engine::Reopen { containers: plain(of.containers) }),
            Operation::Hold(scope) => Self::Hold(engine::Hold { target: scope.try_into()? }),
            Operation::Release(scope) => Self::Release(engine::Release { target: scope.try_into()? }),
            Operation::Sample(of) => Self::Sample(of.into()),
            Operation::Reject(of) => Self::Reject(of.into()),
            Operation::Destroy(of) => Self::Destroy(of.into()),
            Operation::Decommission { objects, contents } => {
                Self::Decommission(engine::Decommission { objects: plain(objects), contents: contents.into() })
            }
            Operation::CorrectLot { lot, expiry, production, best_before } => {
                Self::CorrectLot(engine::CorrectLot { lot: lot.into(), data: dates(expiry, production, best_before) })
            }
            Operation::Ship(of) => Self::Ship(engine::Ship { roots: plain(of.roots) }),
            Operation::VoidShip(of) => Self::VoidShip(engine::VoidShip { roots: plain(of.roots) }),
            Operation::Receive { roots, trust } => {
                Self::Receive(engine::Receive { roots: plain(roots), trust: trust.0 })
            }
            Operation::Return(of) => Self::Return(engine::Return { objects: plain(of.objects) }),
            Operation::Observe(of) => Self::Observe(engine::Observe { objects: plain(of.objects) }),
        })
    }
}

fn unpack(
    parent: Option<Id>,
    children: Vec<Id>,
    quantities: Vec<Quantities>,
    everything: Option<Levels>,
    trust: Option<TrustWord>,
) -> Result<engine::Unpack, Misfit> {
    let names_some = !children.is_empty() || !quantities.is_empty();
    let (what, usual) = match (everything, parent) {
        (Some(_), _) if names_some => {
            return Err(Misfit::new("/everything", "name children, or say how far everything comes out, not both"));
        }
        (Some(_), None) => return Err(Misfit::new("/parent", "name the parent out of which everything comes")),
        (Some(Levels::OneLevel), Some(parent)) => (engine::Contents::All { parent: parent.0 }, Trust::Inferred),
        (Some(Levels::AllLevels), Some(parent)) => (engine::Contents::Recursive { parent: parent.0 }, Trust::Inferred),
        (None, parent) => {
            let parent = parent.map(|parent| parent.0);
            let (children, quantities) = (plain(children), amounts(quantities));
            (engine::Contents::Named { parent, children, quantities }, Trust::Verified)
        }
    };
    Ok(engine::Unpack { what, trust: trust.map_or(usual, |trust| trust.0) })
}

impl Operation {
    /// An operation of the engine as JSON spells it; `None` for settings, which have routes of their own.
    pub fn of(operation: &packtree::Operation) -> Option<Self> {
        use packtree::Operation as From;
        Some(match operation {
            From::Commission(of) => Self::Commission {
                objects: spelled(&of.objects),
                level: Text(of.level),
                lot: of.lot.as_ref().map(LotData::from),
            },
            From::Pack(of) => Self::Pack {
                parent: Text(of.parent.clone()),
                parent_level: (of.parent_level != Level::Unknown).then_some(Text(of.parent_level)),
                children: spelled(&of.children),
                quantities: of.quantities.iter().map(Quantities::from).collect(),
            },
            From::Unpack(of) => unpack_of(of),
            From::Move(of) => Self::Move { into: Text(of.into.clone()), children: spelled(&of.children) },
            From::Replace(of) => {
                Self::Replace { old: Text(of.old.clone()), new: Text(of.new.clone()), fate: of.fate.into() }
            }
            From::Swap(of) => Self::Swap { one: Text(of.one.clone()), other: Text(of.other.clone()) },
            From::Relabel(of) => Self::Relabel { old: Text(of.old.clone()), new: Text(of.new.clone()) },
            From::Merge(of) => Self::Merge { from: Text(of.from.clone()), into: Text(of.into.clone()) },
            From::Split(of) => Self::Split {
                from: Text(of.from.clone()),
                children: spelled(&of.children),
                into: Text(of.into.clone()),
            },
            From::Reset(of) => Self::Reset { container: Text(of.container.clone()), children: spelled(&of.children) },
            From::Close(of) => Self::Close { containers: spelled(&of.containers), partial: of.partial },
            From::Reopen(of) => Self::Reopen(ContainersOperation { containers: spelled(&of.containers) }),
            From::Hold(of) => Self::Hold((&of.target).into()),
            From::Release(of) => Self::Release((&of.target).into()),
            From::Sample(of) => Self::Sample(objects(&of.objects)),
            From::Reject(of) => Self::Reject(objects(&of.objects)),
            From::Destroy(of) => Self::Destroy(objects(&of.objects)),
            From::Decommission(of) => {
                Self::Decommission { objects: spelled(&of.objects), contents: of.contents.into() }
            }
            From::CorrectLot(of) => Self::CorrectLot {
                lot: of.lot.into(),
                expiry: some(of.data.expiry.as_ref()),
                production: some(of.data.production.as_ref()),
                best_before: some(of.data.best_before.as_ref()),
            },
            From::Ship(of) => Self::Ship(RootsOperation { roots: spelled(&of.roots) }),
            From::VoidShip(of) => Self::VoidShip(RootsOperation { roots: spelled(&of.roots) }),
            From::Receive(of) => Self::Receive { roots: spelled(&of.roots), trust: Text(of.trust) },
            From::Return(of) => Self::Return(objects(&of.objects)),
            From::Observe(of) => Self::Observe(objects(&of.objects)),
            From::Configure(_) => return None,
        })
    }
}

fn unpack_of(of: &engine::Unpack) -> Operation {
    let (parent, children, quantities, everything) = match &of.what {
        engine::Contents::All { parent } => (Some(parent), Vec::new(), Vec::new(), Some(Levels::OneLevel)),
        engine::Contents::Recursive { parent } => (Some(parent), Vec::new(), Vec::new(), Some(Levels::AllLevels)),
        engine::Contents::Named { parent, children, quantities } => {
            (parent.as_ref(), spelled(children), quantities.iter().map(Quantities::from).collect(), None)
        }
    };
    Operation::Unpack { parent: some(parent), children, quantities, everything, trust: Some(Text(of.trust)) }
}

fn objects(ids: &[packtree::Identifier]) -> ObjectsOperation {
    ObjectsOperation { objects: spelled(ids) }
}

fn amounts(quantities: Vec<Quantities>) -> Vec<fact::Quantity> {
    quantities.into_iter().map(fact::Quantity::from).collect()
}

fn dates(expiry: Option<Date>, production: Option<Date>, best_before: Option<Date>) -> fact::LotData {
    let date = |date: Option<Date>| date.map(|date| date.0);
    fact::LotData { expiry: date(expiry), production: date(production), best_before: date(best_before) }
}

impl From<ObjectsOperation> for TakeOutOfUse {
    fn from(of: ObjectsOperation) -> Self {
        Self { objects: plain(of.objects) }
    }
}

impl TryFrom<Scope> for HoldTarget {
    type Error = Misfit;

    fn try_from(scope: Scope) -> Result<Self, Misfit> {
        match (scope.objects, scope.lot) {
            (Some(objects), None) => Ok(Self::Objects(plain(objects))),
            (None, Some(lot)) => Ok(Self::Lot(lot.into())),
            (None, None) => Err(Misfit::new("/objects", "name objects or a lot")),
            (Some(_), Some(_)) => Err(Misfit::new("/lot", "name objects or a lot, not both")),
        }
    }
}

impl From<&HoldTarget> for Scope {
    fn from(target: &HoldTarget) -> Self {
        match target {
            HoldTarget::Objects(objects) => Self { objects: Some(spelled(objects)), lot: None },
            HoldTarget::Lot(lot) => Self { objects: None, lot: Some((*lot).into()) },
        }
    }
}

impl From<LotName> for fact::LotName {
    fn from(lot: LotName) -> Self {
        Self { gtin: lot.gtin.0, number: lot.number.0 }
    }
}

impl From<fact::LotName> for LotName {
    fn from(lot: fact::LotName) -> Self {
        Self { gtin: Text(lot.gtin), number: Text(lot.number) }
    }
}

impl From<LotData> for fact::Lot {
    fn from(lot: LotData) -> Self {
        Self { number: lot.number.0, data: dates(lot.expiry, lot.production, lot.best_before) }
    }
}

impl From<&fact::Lot> for LotData {
    fn from(lot: &fact::Lot) -> Self {
        Self {
            number: Text(lot.number),
            expiry: some(lot.data.expiry.as_ref()),
            production: some(lot.data.production.as_ref()),
            best_before: some(lot.data.best_before.as_ref()),
        }
    }
}

macro_rules! same_words {
    ($wire:ident = $engine:ident { $($word:ident),* }) => {
        impl From<$wire> for $engine {
            fn from(word: $wire) -> Self {
                match word { $( $wire::$word => Self::$word, )* }
            }
        }

        impl From<$engine> for $wire {
            fn from(word: $engine) -> Self {
                match word { $( $engine::$word => Self::$word, )* }
            }
        }
    };
}

same_words!(FateWord = Fate { Loose, Sampled, Rejected, Destroyed, Decommissioned });
same_words!(ContentsWord = ContentsFate { Too, StayActive });
