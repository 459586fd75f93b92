//! Defines what can have happened, and nothing about how it is stored or shown.

mod parking;
mod quantity;
mod signature;

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;
use packtree_gs1::{Gs1Date, Gtin, Identifier, LotNumber};

pub use crate::vocabulary::{
    Entry, EventTime, Level, Microseconds, Name, Note, ReasonText, RequestId, Role, Seal, SettingText, Standing,
    Status, Trust, Verb,
};
pub use parking::{Parking, ParkingEnd};
pub use quantity::{Decimal, Quantity};
pub use signature::Signature;

/// The number of a fact. The first fact of a journal is 1; there are no gaps.
pub use crate::journal::Sequence;

/// The dates of a lot, as far as they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LotData {
    /// AI (17).
    pub expiry: Option<Gs1Date>,
    /// AI (11).
    pub production: Option<Gs1Date>,
    /// AI (15).
    pub best_before: Option<Gs1Date>,
}

/// A lot number with what is known of the lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lot {
    /// AI (10).
    pub number: LotNumber,
    /// Its dates.
    pub data: LotData,
}

/// The name of a lot: lot numbers are unique within a product only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LotName {
    /// The product.
    pub gtin: Gtin,
    /// The lot number.
    pub number: LotNumber,
}

/// How many objects of a lot are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By status, in the order of [`Status::ALL`].
    pub by_status: [u32; Status::ALL.len()],
    /// Those that sit in a container.
    pub packed: u32,
    /// Those that are away, themselves or with a container around them.
    pub away: u32,
}

impl Counts {
    /// How many have this status.
    pub const fn with_status(&self, status: Status) -> u32 {
        self.by_status[status as usize]
    }
}

/// One elementary change of the state. A fact is a short list of them; whatever an operation does is said in these words.
///
/// `O` is how objects are named: by [`Identifier`] in a fact, by index in the arena inside the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect<O> {
    /// Objects began to exist.
    Commissioned {
        /// Their lot; all of them belong to it.
        lot: Option<Lot>,
        /// Their level.
        level: Level,
        /// The objects.
        objects: Vec<Identifier>,
    },
    /// Children went into a parent, behind those that were there.
    Joined {
        /// The parent.
        parent: O,
        /// The children.
        children: Vec<O>,
    },
    /// Children came out of their parent.
    Left {
        /// The parent.
        parent: O,
        /// The children.
        children: Vec<O>,
        /// Whether they were seen.
        trust: Trust,
    },
    /// The contents of a container that are known by class and quantity are now exactly these.
    QuantitiesSet {
        /// The container.
        parent: O,
        /// What it holds.
        quantities: Vec<Quantity>,
    },
    /// The closure of containers changed.
    Sealed {
        /// The containers.
        objects: Vec<O>,
        /// The closure now.
        seal: Seal,
    },
    /// The status of objects changed.
    StatusSet {
        /// The objects.
        objects: Vec<O>,
        /// The status now.
        status: Status,
    },
    /// Objects were put on hold, with everything under them, or released.
    HoldSet {
        /// The objects.
        objects: Vec<O>,
        /// Whether they are on hold now.
        held: bool,
    },
    /// A lot was put on hold or released.
    LotHoldSet {
        /// The lot.
        lot: LotName,
        /// Whether it is on hold now.
        held: bool,
    },
    /// The dates of a lot are now these.
    LotCorrected {
        /// The lot.
        lot: LotName,
        /// Its dates now.
        data: LotData,
    },
    /// A container has a new identifier; the old one is retired.
    Relabelled {
        /// The old identifier.
        from: Identifier,
        /// The new identifier.
        to: Identifier,
    },
    /// Roots left the custody of this engine, or came into it, with everything under them.
    CustodySet {
        /// The roots.
        objects: Vec<O>,
        /// Whether they are away now.
        away: bool,
        /// Whether contents were seen.
        trust: Trust,
    },
    /// The level of a container became known from its contents.
    LevelSet {
        /// The container.
        object: O,
        /// Its level now.
        level: Level,
    },
    /// Something was recorded about objects and changed no state: an observation, or an event that came too late to count.
    Noted {
        /// The objects that the engine knows.
        objects: Vec<O>,
        /// Whether it would have changed the state, had it not been late.
        late: bool,
    },
    /// Objects became known because something named them, before anybody said that they were commissioned.
    Sighted {
        /// Their level, as far as it was said.
        level: Level,
        /// The objects.
        objects: Vec<Identifier>,
    },
    /// Objects that were known on sight only were commissioned, which says what nobody had said before.
    Described {
        /// Their lot.
        lot: Option<Lot>,
        /// Their level; unknown leaves it as it is.
        level: Level,
        /// The objects.
        objects: Vec<O>,
    },
    /// An operation came before an event that it builds on. It waits for that one, and changed no state.
    Parked {
        /// The objects that it names and the engine knows.
        objects: Vec<O>,
        /// What waits, and what for.
        parking: Arc<Parking>,
    },
    /// A parked operation waits no longer. If it was done, the other effects of the fact are what it did.
    Unparked {
        /// The objects that it names and the engine knows, where no other effect of the fact names them.
        objects: Vec<O>,
        /// The fact that parked it.
        parked: Sequence,
        /// What became of it.
        end: ParkingEnd,
    },
    /// A setting has this value now, or none.
    SettingSet {
        /// Its name.
        name: Name,
        /// Its value; `None` where it was removed.
        value: Option<SettingText>,
        /// The fact that set or removed it before; 0 for none.
        previous: Sequence,
    },
    /// Somebody vouched for the operation beside the actor. It stands behind the other effects.
    Signed {
        /// Who.
        by: Name,
        /// In which role.
        role: Role,
    },
}

impl<O> Effect<O> {
    /// Whether it changes no state of the objects that it names. Facts that only note an object form a chain beside those that change it.
    pub(crate) const fn only_notes(&self) -> bool {
        matches!(self, Self::Noted { .. } | Self::Parked { .. } | Self::Unparked { .. } | Self::Signed { .. })
    }

    /// Calls `visit` for each object that the effect names as one that is there, parents first.
    pub(crate) fn for_each_object<'e>(&'e self, mut visit: impl FnMut(&'e O)) {
        match self {
            Self::Commissioned { .. }
            | Self::Sighted { .. }
            | Self::LotHoldSet { .. }
            | Self::LotCorrected { .. }
            | Self::SettingSet { .. }
            | Self::Signed { .. }
            | Self::Relabelled { .. } => {}
            Self::Joined { parent, children } | Self::Left { parent, children, .. } => {
                visit(parent);
                children.iter().for_each(visit);
            }
            Self::QuantitiesSet { parent: object, .. } | Self::LevelSet { object, .. } => visit(object),
            Self::Sealed { objects, .. }
            | Self::StatusSet { objects, .. }
            | Self::HoldSet { objects, .. }
            | Self::CustodySet { objects, .. }
            | Self::Described { objects, .. }
            | Self::Noted { objects, .. }
            | Self::Parked { objects, .. }
            | Self::Unparked { objects, .. } => objects.iter().for_each(visit),
        }
    }

    /// The same effect with objects named another way.
    pub(crate) fn map<P, E>(self, mut name: impl FnMut(O) -> Result<P, E>) -> Result<Effect<P>, E> {
        let mut all = |objects: Vec<O>| objects.into_iter().map(&mut name).collect::<Result<Vec<P>, E>>();
        Ok(match self {
            Self::Commissioned { lot, level, objects } => Effect::Commissioned { lot, level, objects },
            Self::Joined { parent, children } => {
                let children = all(children)?;
                Effect::Joined { parent: name(parent)?, children }
            }
            Self::Left { parent, children, trust } => {
                let children = all(children)?;
                Effect::Left { parent: name(parent)?, children, trust }
            }
            Self::QuantitiesSet { parent, quantities } => Effect::QuantitiesSet { parent: name(parent)?, quantities },
            Self::Sealed { objects, seal } => Effect::Sealed { objects: all(objects)?, seal },
            Self::StatusSet { objects, status } => Effect::StatusSet { objects: all(objects)?, status },
            Self::HoldSet { objects, held } => Effect::HoldSet { objects: all(objects)?, held },
            Self::LotHoldSet { lot, held } => Effect::LotHoldSet { lot, held },
            Self::LotCorrected { lot, data } => Effect::LotCorrected { lot, data },
            Self::Relabelled { from, to } => Effect::Relabelled { from, to },
            Self::CustodySet { objects, away, trust } => Effect::CustodySet { objects: all(objects)?, away, trust },
            Self::LevelSet { object, level } => Effect::LevelSet { object: name(object)?, level },
            Self::Noted { objects, late } => Effect::Noted { objects: all(objects)?, late },
            Self::Sighted { level, objects } => Effect::Sighted { level, objects },
            Self::Described { lot, level, objects } => Effect::Described { lot, level, objects: all(objects)? },
            Self::Parked { objects, parking } => Effect::Parked { objects: all(objects)?, parking },
            Self::Unparked { objects, parked, end } => Effect::Unparked { objects: all(objects)?, parked, end },
            Self::SettingSet { name, value, previous } => Effect::SettingSet { name, value, previous },
            Self::Signed { by, role } => Effect::Signed { by, role },
        })
    }
}

impl Effect<Identifier> {
    /// Calls `visit` for each object that the effect names, new and relabelled ones included, parents first.
    pub(crate) fn for_each_named<'e>(&'e self, mut visit: impl FnMut(&'e Identifier)) {
        match self {
            Self::Commissioned { objects, .. } | Self::Sighted { objects, .. } => objects.iter().for_each(visit),
            Self::Relabelled { from, to } => {
                visit(from);
                visit(to);
            }
            // Whoever took nothing in and gave nothing out was not touched.
            Self::Joined { children, .. } | Self::Left { children, .. } if children.is_empty() => {}
            _ => self.for_each_object(visit),
        }
    }
}

/// Who asked for an operation, when and how: the part of a fact that does not depend on the operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The caller's idempotency key.
    pub request: RequestId,
    /// A digest of the content of the request, by which a repetition is told from a reuse of the id.
    pub content: u64,
    /// Who.
    pub actor: Name,
    /// In which role.
    pub role: Role,
    /// Where.
    pub station: Name,
    /// When it happened.
    pub event_time: EventTime,
    /// How it was entered.
    pub entry: Entry,
    /// Why.
    pub reason: Option<ReasonText>,
    /// What came with it.
    pub note: Option<Note>,
}

/// What an accepted operation made true: immutable, numbered, journaled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its number.
    pub sequence: Sequence,
    /// When it was recorded.
    pub recorded_at: Microseconds,
    /// Who, when, where, why.
    pub header: Header,
    /// The operation.
    pub verb: Verb,
    /// What changed, in order.
    pub effects: Vec<Effect<Identifier>>,
    /// For each object that it touches, in the order of first mention, the fact before it in the object's history; 0 for none.
    pub previous: Vec<u64>,
}

/// One object that a fact touched; see [`Fact::touched`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touched<'f> {
    /// The object.
    pub object: &'f Identifier,
    /// Whether the fact only noted it. Facts that note an object form a chain beside those that change it.
    pub noted: bool,
    /// The fact before it in the same chain; 0 for none.
    pub previous: Sequence,
}

impl Fact {
    /// The objects that the fact touched, each with the fact before it in the object's history.
    ///
    /// An object that it both changed and noted comes twice, once for each chain.
    ///
    /// ```
    /// # use packtree::{Caller, Engine, Identifier, Operation, Options, Sequence};
    /// # use packtree::fact::{Level, Touched};
    /// # use packtree::operation::Commission;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// # let engine = Engine::open(directory.path(), Options::default())?;
    /// # let line = Caller::machine("line-3")?;
    /// # let case = Identifier::parse("(00)095212345000000018")?;
    /// # let unit = Identifier::parse("(01)09521234543213(21)A001")?;
    /// engine.perform(&line, Operation::Commission(Commission { lot: None, level: Level::Case, objects: vec![case.clone()] }))?;
    /// engine.perform(&line, Operation::Commission(Commission { lot: None, level: Level::Unit, objects: vec![unit.clone()] }))?;
    /// engine.perform(&line, Operation::pack(case.clone(), vec![unit.clone()]))?;
    ///
    /// let fact = engine.fact(Sequence(3))?.ok_or("three operations were accepted")?;
    /// let touched: Vec<_> = fact.touched().map(|Touched { object, previous, .. }| (object, previous)).collect();
    /// assert_eq!(touched, [(&case, Sequence(1)), (&unit, Sequence(2))]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn touched(&self) -> impl Iterator<Item = Touched<'_>> {
        let mut changed: HashSet<&Identifier, RandomState> = HashSet::default();
        let mut noted: HashSet<&Identifier, RandomState> = HashSet::default();
        let mut touched = Vec::with_capacity(self.previous.len());
        for effect in &self.effects {
            let only_noted = effect.only_notes();
            let seen = if only_noted { &mut noted } else { &mut changed };
            effect.for_each_named(|object| {
                if seen.insert(object) {
                    touched.push((object, only_noted));
                }
            });
        }
        let previous = self.previous.iter().copied().chain(std::iter::repeat(0));
        touched.into_iter().zip(previous).map(|((object, noted), previous)| Touched {
            object,
            noted,
            previous: Sequence(previous),
        })
    }
}
