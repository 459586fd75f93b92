//! Operations: what to change.

mod conversion;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::object::Quantities;
use crate::text::{Date, GtinText, Id, LevelWord, LotNumberText, TrustWord};

/// What to change; `type` says which operation it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Operation {
    /// Objects begin to exist.
    Commission {
        /// The objects.
        objects: Vec<Id>,
        /// Their level.
        level: LevelWord,
        /// Their lot; all of them belong to it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<LotData>,
    },
    /// Children go into a parent.
    Pack {
        /// The parent.
        parent: Id,
        /// The level of the parent, where it is new.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent_level: Option<LevelWord>,
        /// The children.
        #[serde(default)]
        children: Vec<Id>,
        /// Contents that are known by class and quantity only.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        quantities: Vec<Quantities>,
    },
    /// Children come out: those that are named, or everything in a parent.
    Unpack {
        /// The parent; with children it must match, with `everything` it is needed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<Id>,
        /// The children, which may sit in several parents.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        children: Vec<Id>,
        /// What comes out that is known by class and quantity only.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        quantities: Vec<Quantities>,
        /// Everything that is in the parent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        everything: Option<Levels>,
        /// Whether it was seen; named children are, everything is not, where it is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trust: Option<TrustWord>,
    },
    /// Children change their parent.
    Move {
        /// The new parent.
        into: Id,
        /// The children.
        children: Vec<Id>,
    },
    /// A unit takes the place of another.
    Replace {
        /// The unit that comes out.
        old: Id,
        /// The unit that goes in.
        new: Id,
        /// What becomes of the old one.
        fate: FateWord,
    },
    /// Two objects change places.
    Swap {
        /// One.
        one: Id,
        /// The other.
        other: Id,
    },
    /// A container gets a new identifier.
    Relabel {
        /// The identifier that it has.
        old: Id,
        /// The identifier that it gets.
        new: Id,
    },
    /// Everything in one container goes into another.
    Merge {
        /// The container that is emptied.
        from: Id,
        /// The container that is filled.
        into: Id,
    },
    /// A part of a container goes into a new one.
    Split {
        /// The container.
        from: Id,
        /// The part.
        children: Vec<Id>,
        /// The new container.
        into: Id,
    },
    /// A container holds exactly what was counted.
    Reset {
        /// The container.
        container: Id,
        /// What was counted in it.
        children: Vec<Id>,
    },
    /// Containers are closed.
    Close {
        /// The containers.
        containers: Vec<Id>,
        /// Whether they are not full.
        #[serde(default)]
        partial: bool,
    },
    /// Containers are opened again.
    Reopen(ContainersOperation),
    /// Objects or a lot go on hold.
    Hold(Scope),
    /// A hold ends.
    Release(Scope),
    /// Units are taken as samples, for good.
    Sample(ObjectsOperation),
    /// Units are rejected.
    Reject(ObjectsOperation),
    /// Objects are destroyed.
    Destroy(ObjectsOperation),
    /// Identifiers go out of use.
    Decommission {
        /// The objects.
        objects: Vec<Id>,
        /// What becomes of the contents of a container.
        contents: ContentsWord,
    },
    /// The dates of a lot are corrected.
    CorrectLot {
        /// The lot.
        lot: LotName,
        /// AI (17).
        #[serde(default)]
        expiry: Option<Date>,
        /// AI (11).
        #[serde(default)]
        production: Option<Date>,
        /// AI (15).
        #[serde(default)]
        best_before: Option<Date>,
    },
    /// Roots leave, with everything under them.
    Ship(RootsOperation),
    /// A shipment is declared void.
    VoidShip(RootsOperation),
    /// Roots arrive, with everything under them.
    Receive {
        /// The roots.
        roots: Vec<Id>,
        /// Whether the contents were seen.
        trust: TrustWord,
    },
    /// Shipped objects come back.
    Return(ObjectsOperation),
    /// Something is observed.
    Observe(ObjectsOperation),
}

/// The objects of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectsOperation {
    /// The objects.
    pub objects: Vec<Id>,
}

/// The containers of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContainersOperation {
    /// The containers.
    pub containers: Vec<Id>,
}

/// The outermost containers of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RootsOperation {
    /// The roots.
    pub roots: Vec<Id>,
}

/// What is put on hold or released: objects, or a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Objects, with everything under them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objects: Option<Vec<Id>>,
    /// A whole lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotName>,
}

/// The name of a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LotName {
    /// The product.
    pub gtin: GtinText,
    /// The lot number.
    pub number: LotNumberText,
}

/// A lot number with what is known of the lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LotData {
    /// The lot number.
    pub number: LotNumberText,
    /// AI (17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Date>,
    /// AI (11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub production: Option<Date>,
    /// AI (15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best_before: Option<Date>,
}

/// How many levels are unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Levels {
    /// What is directly in the parent.
    OneLevel,
    /// Everything under the parent, on every level.
    AllLevels,
}

/// What becomes of a unit that is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FateWord {
    /// It stays active, outside.
    Loose,
    /// It is a sample.
    Sampled,
    /// It is rejected.
    Rejected,
    /// It is destroyed.
    Destroyed,
    /// Its identifier goes out of use.
    Decommissioned,
}

/// What becomes of the contents of a container whose identifier goes out of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContentsWord {
    /// They go out of use too.
    Too,
    /// They stay active.
    StayActive,
}

/// An operation whose members do not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The member, as a JSON pointer inside the operation.
    pub pointer: &'static str,
    /// What is wrong.
    pub detail: &'static str,
}

impl Misfit {
    const fn new(pointer: &'static str, detail: &'static str) -> Self {
        Self { pointer, detail }
    }
}
