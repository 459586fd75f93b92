//! Decides whether a request is allowed against a draft, and which effects it would have; touches nothing.
//!
//! One file for each operation holds its input type, its rules and its table tests. This file is the only dispatcher.

mod commission;
pub(crate) mod decide;
mod pack;
pub(crate) mod plan;
mod unpack;

use packtree_gs1::Identifier;

pub use decide::serial_range;

use crate::fact::{
    Entry, EventTime, Level, Lot, LotData, LotName, Name, Note, Quantity, ReasonText, RequestId, Role, Status, Trust,
    Verb,
};

/// Objects begin to exist, with product, lot and expiry; containers too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Commission {
    /// The lot that all of them belong to; only objects with a GTIN can belong to one.
    pub lot: Option<Lot>,
    /// Their level.
    pub level: Level,
    /// The objects; [`serial_range`] makes a list of consecutive ones.
    pub objects: Vec<Identifier>,
}

/// Children go into a parent, behind those that are there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pack {
    /// The parent.
    pub parent: Identifier,
    /// Its level, if the caller knows it and it may still be unknown to the engine.
    pub parent_level: Level,
    /// The children.
    pub children: Vec<Identifier>,
    /// Children that are known by class and quantity only.
    pub quantities: Vec<Quantity>,
}

/// Children come out of their parents.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unpack {
    /// What comes out.
    pub what: Contents,
    /// Whether it was seen.
    pub trust: Trust,
}

/// What is unpacked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Contents {
    /// Everything in the parent, one level.
    All {
        /// The parent.
        parent: Identifier,
    },
    /// Everything under the parent, on every level.
    Recursive {
        /// The outermost container.
        parent: Identifier,
    },
    /// The named children, which may sit in several parents.
    Named {
        /// The parent, if the caller names it; it must match.
        parent: Option<Identifier>,
        /// The children.
        children: Vec<Identifier>,
        /// What comes out that is known by class and quantity only; needs the parent.
        quantities: Vec<Quantity>,
    },
}

/// Children go from wherever they are into another parent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    /// The children.
    pub children: Vec<Identifier>,
    /// The new parent.
    pub into: Identifier,
}

/// An old unit goes out, with its fate, and a new one takes its place; the container keeps its identity and its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Replace {
    /// The unit that goes.
    pub old: Identifier,
    /// The loose unit that comes.
    pub new: Identifier,
    /// What becomes of the old one.
    pub fate: Fate,
}

/// What becomes of a unit that was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It is loose.
    Loose,
    /// It is taken as a sample.
    Sampled,
    /// It is rejected.
    Rejected,
    /// It is destroyed.
    Destroyed,
    /// Its identifier goes out of use.
    Decommissioned,
}

impl Fate {
    /// The status that the old unit takes.
    pub const fn status(self) -> Option<Status> {
        match self {
            Self::Loose => None,
            Self::Sampled => Some(Status::Sampled),
            Self::Rejected => Some(Status::Rejected),
            Self::Destroyed => Some(Status::Destroyed),
            Self::Decommissioned => Some(Status::Decommissioned),
        }
    }
}

/// Two objects change places.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Swap {
    /// One.
    pub one: Identifier,
    /// The other.
    pub other: Identifier,
}

/// A container gets a new identifier and keeps contents, parent and history; the old one is retired.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Relabel {
    /// The identifier that it has.
    pub old: Identifier,
    /// The identifier that it gets, never used before.
    pub new: Identifier,
}

/// Everything in one container goes into another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Merge {
    /// The container that is emptied.
    pub from: Identifier,
    /// The container that takes it.
    pub into: Identifier,
}

/// A part of a container goes into a new one, which is commissioned by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Split {
    /// The container that gives.
    pub from: Identifier,
    /// The children that go.
    pub children: Vec<Identifier>,
    /// The identifier of the new container.
    pub into: Identifier,
}

/// A container holds exactly this set, whatever was recorded before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reset {
    /// The container.
    pub container: Identifier,
    /// What was physically counted in it.
    pub children: Vec<Identifier>,
}

/// Containers are sealed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Close {
    /// The containers.
    pub containers: Vec<Identifier>,
    /// Whether they hold fewer than their packaging says; needs a reason and a role.
    pub partial: bool,
}

/// Closed or broken containers are opened again; needs a reason and a role.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reopen {
    /// The containers.
    pub containers: Vec<Identifier>,
}

/// What is put on hold or released.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HoldTarget {
    /// Objects, each with everything under it.
    Objects(Vec<Identifier>),
    /// A whole lot, in constant time.
    Lot(LotName),
}

/// Puts objects or a lot on hold; needs a reason.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hold {
    /// What.
    pub target: HoldTarget,
}

/// Ends a hold; needs a reason.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Release {
    /// What.
    pub target: HoldTarget,
}

/// Units are taken out of their containers and out of use; needs a reason.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TakeOutOfUse {
    /// The objects.
    pub objects: Vec<Identifier>,
}

/// Identifiers go out of use; needs a reason.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decommission {
    /// The objects.
    pub objects: Vec<Identifier>,
    /// What becomes of the contents of a container.
    pub contents: ContentsFate,
}

/// What becomes of the contents of a container that is decommissioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentsFate {
    /// They are decommissioned too.
    Too,
    /// They come out and stay active.
    StayActive,
}

/// Corrects the dates of a lot, without touching its objects; needs a reason.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CorrectLot {
    /// The lot.
    pub lot: LotName,
    /// The dates that it has from now on.
    pub data: LotData,
}

/// Roots leave, with everything under them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ship {
    /// The roots.
    pub roots: Vec<Identifier>,
}

/// Declares that roots were not shipped after all; needs a reason and a role.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VoidShip {
    /// The roots.
    pub roots: Vec<Identifier>,
}

/// Roots arrive, with everything under them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Receive {
    /// The roots.
    pub roots: Vec<Identifier>,
    /// Whether the contents were scanned or taken on trust.
    pub trust: Trust,
}

/// Shipped objects come back; what comes back from inside a shipped container is taken out of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Return {
    /// The objects.
    pub objects: Vec<Identifier>,
}

/// Something was observed that changes no state; the note of the request says what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Observe {
    /// The objects that it concerns; those that the engine does not know are left to the note.
    pub objects: Vec<Identifier>,
}

/// A request to change something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Objects begin to exist.
    Commission(Commission),
    /// Children go into a parent.
    Pack(Pack),
    /// Children come out.
    Unpack(Unpack),
    /// Children change their parent.
    Move(Move),
    /// A unit takes the place of another.
    Replace(Replace),
    /// Two objects change places.
    Swap(Swap),
    /// A container gets a new identifier.
    Relabel(Relabel),
    /// One container goes into another.
    Merge(Merge),
    /// A part goes into a new container.
    Split(Split),
    /// A container is set to what was counted.
    Reset(Reset),
    /// Containers are closed.
    Close(Close),
    /// Containers are reopened.
    Reopen(Reopen),
    /// Objects or a lot go on hold.
    Hold(Hold),
    /// A hold ends.
    Release(Release),
    /// Units are sampled.
    Sample(TakeOutOfUse),
    /// Units are rejected.
    Reject(TakeOutOfUse),
    /// Objects are destroyed.
    Destroy(TakeOutOfUse),
    /// Identifiers go out of use.
    Decommission(Decommission),
    /// The dates of a lot are corrected.
    CorrectLot(CorrectLot),
    /// Roots leave.
    Ship(Ship),
    /// A shipment is declared void.
    VoidShip(VoidShip),
    /// Roots arrive.
    Receive(Receive),
    /// Shipped objects come back.
    Return(Return),
    /// Something is observed.
    Observe(Observe),
}

impl Operation {
    /// Packs children into a parent.
    pub fn pack(parent: Identifier, children: Vec<Identifier>) -> Self {
        Self::Pack(Pack { parent, parent_level: Level::Unknown, children, quantities: Vec::new() })
    }

    /// Takes everything out of a parent, one level.
    pub fn unpack_all(parent: Identifier) -> Self {
        Self::Unpack(Unpack { what: Contents::All { parent }, trust: Trust::Inferred })
    }

    /// Takes children out of wherever they are.
    pub fn unpack(children: Vec<Identifier>) -> Self {
        let what = Contents::Named { parent: None, children, quantities: Vec::new() };
        Self::Unpack(Unpack { what, trust: Trust::Verified })
    }

    /// Objects that it names, by which the committer measures its groups.
    pub(crate) fn objects(&self) -> usize {
        match self {
            Self::Commission(Commission { objects, .. })
            | Self::Sample(TakeOutOfUse { objects })
            | Self::Reject(TakeOutOfUse { objects })
            | Self::Destroy(TakeOutOfUse { objects })
            | Self::Decommission(Decommission { objects, .. })
            | Self::Return(Return { objects })
            | Self::Observe(Observe { objects }) => objects.len(),
            Self::Pack(Pack { children, .. })
            | Self::Move(Move { children, .. })
            | Self::Split(Split { children, .. })
            | Self::Reset(Reset { children, .. })
            | Self::Unpack(Unpack { what: Contents::Named { children, .. }, .. }) => children.len() + 1,
            Self::Ship(Ship { roots }) | Self::VoidShip(VoidShip { roots }) | Self::Receive(Receive { roots, .. }) => {
                roots.len()
            }
            Self::Close(Close { containers, .. }) | Self::Reopen(Reopen { containers }) => containers.len(),
            _ => 2,
        }
    }

    /// The verb of the fact that it would make true.
    pub const fn verb(&self) -> Verb {
        match self {
            Self::Commission(_) => Verb::Commission,
            Self::Pack(_) => Verb::Pack,
            Self::Unpack(_) => Verb::Unpack,
            Self::Move(_) => Verb::Move,
            Self::Replace(_) => Verb::Replace,
            Self::Swap(_) => Verb::Swap,
            Self::Relabel(_) => Verb::Relabel,
            Self::Merge(_) => Verb::Merge,
            Self::Split(_) => Verb::Split,
            Self::Reset(_) => Verb::Reset,
            Self::Close(_) => Verb::Close,
            Self::Reopen(_) => Verb::Reopen,
            Self::Hold(_) => Verb::Hold,
            Self::Release(_) => Verb::Release,
            Self::Sample(_) => Verb::Sample,
            Self::Reject(_) => Verb::Reject,
            Self::Destroy(_) => Verb::Destroy,
            Self::Decommission(_) => Verb::Decommission,
            Self::CorrectLot(_) => Verb::CorrectLot,
            Self::Ship(_) => Verb::Ship,
            Self::VoidShip(_) => Verb::VoidShip,
            Self::Receive(_) => Verb::Receive,
            Self::Return(_) => Verb::Return,
            Self::Observe(_) => Verb::Observe,
        }
    }
}

/// An operation with who asks for it, when, where and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The idempotency key: chosen once, repeated with each retry.
    pub id: RequestId,
    /// Who.
    pub actor: Name,
    /// In which role; the caller vouches for it.
    pub role: Role,
    /// Where.
    pub station: Name,
    /// When it happened.
    pub event_time: EventTime,
    /// How it was entered.
    pub entry: Entry,
    /// Why; some operations need it.
    pub reason: Option<ReasonText>,
    /// What came with it and is to be kept.
    pub note: Option<Note>,
    /// What to change.
    pub operation: Operation,
}
