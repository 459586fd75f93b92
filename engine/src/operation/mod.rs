//! Decides whether a request is allowed against a draft, and which effects it would have; touches nothing.
//!
//! One file for each operation holds its input type, its rules and its table tests. `decide` is the only dispatcher; `plan` is
//! what the rules are written in, `fit` and `consequence` what several of them share. The rules in plain words are in
//! `docs/rules.md`.
//!
//! ```
//! use packtree::fact::{Level, ReasonText};
//! use packtree::operation::{Commission, Fate, Replace};
//! use packtree::{Caller, Engine, Identifier, Operation, Options, Outcome, Reason};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! let engine = Engine::open(directory.path(), Options::default())?;
//! let line = Caller::machine("line-3")?;
//! let case = Identifier::parse("(00)095212345000000018")?;
//! let torn = Identifier::parse("(01)09521234543213(21)A001")?;
//! let spare = Identifier::parse("(01)09521234543213(21)A002")?;
//! let commission = |level, objects| Operation::Commission(Commission { lot: None, level, objects });
//! engine.perform(&line, commission(Level::Case, vec![case.clone()]))?;
//! engine.perform(&line, commission(Level::Unit, vec![torn.clone(), spare.clone()]))?;
//! engine.perform(&line, Operation::pack(case, vec![torn.clone()]))?;
//!
//! let replace = Operation::Replace(Replace { old: torn.clone(), new: spare, fate: Fate::Rejected });
//! let mut request = engine.request(&line, replace);
//! let Outcome::Refused(refusal) = engine.submit(request.clone())? else { panic!("no reason was given") };
//! assert_eq!(refusal.reason(), Reason::ReasonRequired);
//!
//! request.reason = Some(ReasonText::new("torn carton")?);
//! let Outcome::Done(_) = engine.submit(request)? else { panic!("now it has one") };
//! # Ok(())
//! # }
//! ```

mod close;
mod commission;
mod configure;
mod consequence;
mod correct_lot;
mod custody;
pub(crate) mod decide;
mod decommission;
mod digest;
mod fit;
mod hold;
mod merge;
mod r#move;
mod observe;
mod overtaken;
mod pack;
pub(crate) mod parking;
pub(crate) mod plan;
mod receive;
mod relabel;
mod release;
mod reopen;
mod replace;
mod reset;
mod r#return;
mod ship;
mod split;
mod stored;
mod swap;
#[cfg(test)]
pub(crate) mod table;
mod take_out_of_use;
mod unpack;
mod void_ship;

use packtree_gs1::Identifier;

pub use close::Close;
pub use commission::{Commission, serial_range};
pub use configure::Configure;
pub use correct_lot::CorrectLot;
pub use decommission::{ContentsFate, Decommission};
pub use hold::{Hold, HoldTarget};
pub use merge::Merge;
pub use r#move::Move;
pub use observe::Observe;
pub use pack::Pack;
pub use receive::Receive;
pub use relabel::Relabel;
pub use release::Release;
pub use reopen::Reopen;
pub use replace::{Fate, Replace};
pub use reset::Reset;
pub use r#return::Return;
pub use ship::Ship;
pub use split::Split;
pub use swap::Swap;
pub use take_out_of_use::TakeOutOfUse;
pub use unpack::{Contents, Unpack};
pub use void_ship::VoidShip;

use crate::fact::{Entry, EventTime, Header, Level, Name, Note, ReasonText, RequestId, Role, Signature, Trust, Verb};

/// A request to change something.
///
/// ```
/// use packtree::{Identifier, Operation, fact::Verb};
///
/// let case = Identifier::parse("(00)095212345000000018")?;
/// let unit = Identifier::parse("(01)09521234543213(21)A001")?;
/// assert_eq!(Operation::pack(case.clone(), vec![unit.clone()]).verb(), Verb::Pack);
/// assert_eq!(Operation::unpack(vec![unit]).verb(), Operation::unpack_all(case).verb());
/// # Ok::<(), packtree_gs1::Error>(())
/// ```
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
    /// A setting gets a value, or none.
    Configure(Configure),
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
        let (heads, list) = self.named();
        heads.iter().flatten().count() + list.len()
    }

    /// The objects that it names: up to two that are named by themselves, and a list.
    fn named(&self) -> ([Option<&Identifier>; 2], &[Identifier]) {
        match self {
            Self::Commission(Commission { objects: list, .. })
            | Self::Close(Close { containers: list, .. })
            | Self::Reopen(Reopen { containers: list })
            | Self::Hold(Hold { target: HoldTarget::Objects(list) })
            | Self::Release(Release { target: HoldTarget::Objects(list) })
            | Self::Sample(TakeOutOfUse { objects: list })
            | Self::Reject(TakeOutOfUse { objects: list })
            | Self::Destroy(TakeOutOfUse { objects: list })
            | Self::Decommission(Decommission { objects: list, .. })
            | Self::Ship(Ship { roots: list })
            | Self::VoidShip(VoidShip { roots: list })
            | Self::Receive(Receive { roots: list, .. })
            | Self::Return(Return { objects: list })
            | Self::Observe(Observe { objects: list }) => ([None, None], list),
            Self::Pack(Pack { parent, children, .. })
            | Self::Move(Move { into: parent, children })
            | Self::Reset(Reset { container: parent, children }) => ([Some(parent), None], children),
            Self::Split(Split { from, children, into }) => ([Some(from), Some(into)], children),
            Self::Unpack(Unpack { what, .. }) => match what {
                Contents::All { parent } | Contents::Recursive { parent } => ([Some(parent), None], &[]),
                Contents::Named { parent, children, .. } => ([parent.as_ref(), None], children),
            },
            Self::Replace(Replace { old: one, new: other, .. })
            | Self::Swap(Swap { one, other })
            | Self::Relabel(Relabel { old: one, new: other })
            | Self::Merge(Merge { from: one, into: other }) => ([Some(one), Some(other)], &[]),
            Self::Hold(Hold { target: HoldTarget::Lot(_) })
            | Self::Release(Release { target: HoldTarget::Lot(_) })
            | Self::CorrectLot(_)
            | Self::Configure(_) => ([None, None], &[]),
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
            Self::Configure(_) => Verb::Configure,
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
    /// Who vouches for it beside the actor. Where an operation needs a role, that of whoever signs counts as well.
    pub signature: Option<Signature>,
    /// What to change.
    pub operation: Operation,
}

impl Request {
    /// A digest of what it asks for and of who signed it, by which a repetition is told from another request.
    pub(crate) fn content(&self) -> u64 {
        digest::content_digest(&self.operation, self.signature.as_ref())
    }

    /// What of its fact does not depend on the operation.
    pub(crate) fn header(&self) -> Header {
        Header {
            request: self.id,
            content: self.content(),
            actor: self.actor.clone(),
            role: self.role,
            station: self.station.clone(),
            event_time: self.event_time,
            entry: self.entry,
            reason: self.reason.clone(),
            note: self.note.clone(),
        }
    }
}
