//! The durable state as it is now.

use std::sync::Arc;

use packtree_gs1::{Identifier, LotNumber};
use parking_lot::RwLockReadGuard;

use super::content::Contents;
use crate::fact::{Counts, Level, Lot, LotData, LotName, Parking, Quantity, Seal, Sequence, Status, Trust};
use crate::forest::record::{Ix, LotRecord, Record};
use crate::forest::view::{class_of, gtin_of};
use crate::forest::{Forest, View as _};

/// The durable state as it is now, while nothing changes it.
///
/// The writer waits as long as one is held, and so does everybody who submits: ask, and let go of it. A thread that holds one must not
/// ask the [`Engine`](crate::Engine) anything else, which could then wait for itself.
///
/// ```
/// # use packtree::{Caller, Engine, Identifier, Operation, Options};
/// use packtree::query::View;
/// # use packtree::fact::Level;
/// # use packtree::operation::Commission;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// # let engine = Engine::open(directory.path(), Options::default())?;
/// # let line = Caller::machine("line-3")?;
/// # let case = Identifier::parse("(00)095212345000000018")?;
/// # let units: Vec<_> = ["(01)09521234543213(21)A001", "(01)09521234543213(21)A002"].iter().map(|text| Identifier::parse(text)).collect::<Result<_, _>>()?;
/// # engine.perform(&line, Operation::Commission(Commission { lot: None, level: Level::Case, objects: vec![case.clone()] }))?;
/// # engine.perform(&line, Operation::Commission(Commission { lot: None, level: Level::Unit, objects: units.clone() }))?;
/// engine.perform(&line, Operation::pack(case.clone(), units.clone()))?;
///
/// let view: View<'_> = engine.view();
/// assert_eq!(view.root(&units[1]), Some(case.clone()));
/// assert_eq!(view.children(&case).map(Iterator::count), Some(2));
/// assert_eq!(view.siblings(&units[1]).map(Iterator::collect), Some(vec![units[0].clone()]));
/// assert_eq!(view.inspect(&case).map(|case| case.units), Some(2));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct View<'e> {
    forest: RwLockReadGuard<'e, Forest>,
}

/// Where an object is.
///
/// ```
/// use packtree::query::Location;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, pallet, cases, units, .. } = packed_pallet()?;
/// let place = Location { parent: Some(cases[0].clone()), root: pallet };
/// assert_eq!(engine.locate(&units[0]), Some(place));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The container that it sits in.
    pub parent: Option<Identifier>,
    /// The outermost container; the object itself when it is loose.
    pub root: Identifier,
}

/// What is known of an object.
///
/// ```
/// use packtree::query::Inspection;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, pallet, .. } = packed_pallet()?;
/// let Inspection { depth, children, units, .. } = engine.inspect(&pallet).ok_or("the pallet is known")?;
/// assert_eq!((depth, children, units), (0, 2, 4));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Its identifier.
    pub id: Identifier,
    /// How far up in the hierarchy it stands.
    pub level: Level,
    /// Where it stands in its life.
    pub status: Status,
    /// The state of its closure; open for what is no container.
    pub seal: Seal,
    /// Whether it has left the custody of this engine, itself or with a container around it.
    pub away: bool,
    /// What it is on hold with: itself, or the innermost container around it that is on hold.
    pub held_by: Option<Identifier>,
    /// Whether its lot is on hold.
    pub lot_on_hold: bool,
    /// Its lot, where it is known.
    pub lot: Option<Lot>,
    /// The container that it sits in.
    pub parent: Option<Identifier>,
    /// The outermost container; the object itself when it is loose.
    pub root: Identifier,
    /// How many containers are around it.
    pub depth: usize,
    /// How many objects sit in it, one level down.
    pub children: u32,
    /// How many units are in it, on any level: objects that hold nothing and are not made to hold anything. 1 for a unit itself.
    pub units: u64,
    /// Contents that are known by class and quantity only.
    pub quantities: Vec<Quantity>,
    /// Whether its contents were seen when it last changed custody, or taken on trust.
    pub trust: Trust,
    /// The last fact that changed it.
    pub last_fact: Sequence,
}

/// What is known of a lot.
///
/// ```
/// use packtree::fact::{Counts, LotName, Status};
/// use packtree::query::LotStatus;
/// use packtree_gs1::{Gtin, LotNumber};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, .. } = packed_pallet()?;
/// let name = LotName { gtin: Gtin::parse("09521234543213")?, number: LotNumber::parse("L1")? };
/// let LotStatus { held, counts, .. } = engine.view().lot(&name).ok_or("the lot is known")?;
/// let counts: Counts = counts;
/// assert_eq!((held, counts.with_status(Status::Active), counts.packed), (false, 5, 4));
/// assert_eq!(engine.view().lots().map(|lot| lot.name).collect::<Vec<_>>(), [name]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotStatus {
    /// The lot.
    pub name: LotName,
    /// Its dates.
    pub data: LotData,
    /// Whether it is on hold.
    pub held: bool,
    /// How many of its objects are where.
    pub counts: Counts,
}

impl<'e> View<'e> {
    pub(crate) fn new(forest: RwLockReadGuard<'e, Forest>) -> Self {
        Self { forest }
    }

    pub(super) fn forest(&self) -> &Forest {
        &self.forest
    }

    /// The newest fact that the view shows.
    ///
    /// ```
    /// use packtree::Sequence;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let PackedPallet { engine, .. } = packed_pallet()?;
    /// assert_eq!(engine.view().sequence(), Sequence(6));
    /// # Ok(())
    /// # }
    /// ```
    pub fn sequence(&self) -> Sequence {
        Sequence(self.forest.sequence())
    }

    /// Everything that is known of an object; `None` for one that the engine does not know.
    ///
    /// Takes as long as there are objects in it, because its units are counted.
    pub fn inspect(&self, id: &Identifier) -> Option<Inspection> {
        let forest = self.forest();
        let ix = forest.find(id)?;
        let record = forest.record(ix);
        let lot = forest.lot(forest.lot_of(&record));
        Some(Inspection {
            id: forest.identifier(ix),
            level: record.level(),
            status: record.status(),
            seal: forest.seal(ix),
            away: forest.is_away(ix),
            held_by: forest.held_by(ix).map(|held| forest.identifier(held)),
            lot_on_hold: lot.held,
            lot: lot_of(&lot),
            parent: record.parent.known().map(|parent| forest.identifier(parent)),
            root: forest.identifier(forest.root(ix)),
            depth: forest.ancestors(ix).count(),
            children: forest.count(ix),
            units: units(forest, ix, &record),
            quantities: forest.quantities(ix).to_vec(),
            trust: record.trust(),
            last_fact: Sequence(record.last_fact()),
        })
    }

    /// Where an object is: its parent and its root. The fastest question.
    pub fn locate(&self, id: &Identifier) -> Option<Location> {
        let forest = self.forest();
        let ix = forest.find(id)?;
        let parent = forest.record(ix).parent.known();
        Some(Location {
            parent: parent.map(|parent| forest.identifier(parent)),
            root: forest.identifier(parent.map_or(ix, |parent| forest.root(parent))),
        })
    }

    /// The containers around an object, the innermost first.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let PackedPallet { engine, pallet, cases, units, .. } = packed_pallet()?;
    /// let view = engine.view();
    /// let around = view.ancestors(&units[0]).ok_or("the unit is known")?;
    /// assert_eq!(around.collect::<Vec<_>>(), [cases[0].clone(), pallet]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ancestors(&self, id: &Identifier) -> Option<impl Iterator<Item = Identifier> + '_> {
        let forest = self.forest();
        let ix = forest.find(id)?;
        Some(forest.ancestors(ix).map(|ancestor| forest.identifier(ancestor)))
    }

    /// The outermost container; the object itself when it is loose.
    pub fn root(&self, id: &Identifier) -> Option<Identifier> {
        let forest = self.forest();
        Some(forest.identifier(forest.root(forest.find(id)?)))
    }

    /// What sits in an object, one level down, in the order in which it went in.
    pub fn children(&self, id: &Identifier) -> Option<impl Iterator<Item = Identifier> + '_> {
        let forest = self.forest();
        let ix = forest.find(id)?;
        Some(forest.children(ix).map(|child| forest.identifier(child)))
    }

    /// What is under an object, down to `depth` levels, each container before what is in it.
    pub fn contents(&self, id: &Identifier, depth: usize) -> Option<Contents<'_>> {
        let forest = self.forest();
        Some(Contents::new(forest, forest.find(id)?, depth))
    }

    /// The units under an object, on any level: what holds nothing and is not made to hold anything.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let PackedPallet { engine, pallet, units, .. } = packed_pallet()?;
    /// let view = engine.view();
    /// let below = view.units_under(&pallet).ok_or("the pallet is known")?;
    /// assert_eq!(below.collect::<Vec<_>>(), units[..4]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn units_under(&self, id: &Identifier) -> Option<impl Iterator<Item = Identifier> + '_> {
        let forest = self.forest();
        let below = Contents::new(forest, forest.find(id)?, usize::MAX);
        Some(below.places().filter(|ix| is_unit(forest, *ix)).map(|ix| forest.identifier(ix)))
    }

    /// What sits in the same container beside an object; nothing for one that is loose.
    pub fn siblings(&self, id: &Identifier) -> Option<impl Iterator<Item = Identifier> + '_> {
        let forest = self.forest();
        let ix = forest.find(id)?;
        let parent = forest.record(ix).parent.known();
        let beside = parent.into_iter().flat_map(|parent| forest.children(parent)).filter(move |other| *other != ix);
        Some(beside.map(|other| forest.identifier(other)))
    }

    /// What is known of a lot; `None` for one that the engine does not know.
    pub fn lot(&self, name: &LotName) -> Option<LotStatus> {
        let place = self.forest().lot_place(class_of(name.gtin), name.number.value())?;
        self.lot_status(&self.forest().lot(place))
    }

    /// Every lot, in the order in which the engine learned of it.
    pub fn lots(&self) -> impl Iterator<Item = LotStatus> + '_ {
        self.forest().lots().filter_map(|lot| self.lot_status(&lot))
    }

    /// Operations that are parked, each with the fact that parked it, the oldest first.
    pub fn parked(&self) -> impl Iterator<Item = (Sequence, Arc<Parking>)> + use<> {
        let mut parked = Vec::with_capacity(self.forest().parked_len());
        self.forest().for_each_parked(&mut |fact, parking| parked.push((Sequence(fact), Arc::clone(parking))));
        parked.into_iter()
    }

    fn lot_status(&self, lot: &LotRecord) -> Option<LotStatus> {
        let name = self.forest().lot_name(lot)?;
        Some(LotStatus { name, data: lot.data, held: lot.held, counts: lot.counts })
    }
}

/// The lot that a record of one stands for; `None` where the number is not known.
pub(super) fn lot_of(lot: &LotRecord) -> Option<Lot> {
    gtin_of(lot.class)?;
    Some(Lot { number: LotNumber::from_value(lot.number)?, data: lot.data })
}

fn is_unit(forest: &Forest, ix: Ix) -> bool {
    forest.count(ix) == 0 && !forest.record(ix).level().holds_others()
}

fn units(forest: &Forest, ix: Ix, record: &Record) -> u64 {
    if forest.count(ix) == 0 {
        return u64::from(!record.level().holds_others());
    }
    let mut units = 0;
    forest.for_each_below(ix, &mut |below, _| units += u64::from(is_unit(forest, below)));
    units
}
