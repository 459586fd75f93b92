//! A tree as of a moment.

use packtree_gs1::Identifier;
use parking_lot::RwLock;

use super::facts::Facts;
use super::past::Past;
use super::view::lot_of;
use crate::error::Error;
use crate::fact::{Level, Lot, Microseconds, Quantity, Seal, Sequence, Status};
use crate::forest::record::Ix;
use crate::forest::view::class_of;
use crate::forest::{Forest, View as _};
use crate::journal::Reader;

/// A moment in the history of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The newest durable state.
    Now,
    /// Directly behind a fact; 0 is before the first, and a number that no fact has yet is now.
    Fact(Sequence),
    /// As it was recorded by then, in microseconds since 1970-01-01T00:00:00Z.
    Time(Microseconds),
}

/// An object with what was in it at a moment; see [`Engine::tree`](crate::Engine::tree).
///
/// ```
/// use packtree::query::{Moment, Tree};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, pallet, units, .. } = packed_pallet()?;
/// let Tree { children, .. } = engine.tree(&pallet, Moment::Now, 2)?.ok_or("the pallet is known")?;
/// assert_eq!(children[1].children[0].id, units[2]);
///
/// // Before its first fact there was nothing.
/// assert_eq!(engine.tree(&pallet, Moment::Time(0), 2)?, None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// The identifier that it had then.
    pub id: Identifier,
    /// How far up in the hierarchy it stood.
    pub level: Level,
    /// Where it stood in its life.
    pub status: Status,
    /// The state of its closure; open for what was no container.
    pub seal: Seal,
    /// Its lot, with the dates that were known then.
    pub lot: Option<Lot>,
    /// Whether that lot was on hold.
    pub lot_on_hold: bool,
    /// Whether it had left, itself or with a container around it.
    pub away: bool,
    /// Whether it was on hold, itself or with a container around it.
    pub held: bool,
    /// What sat in it, in the order in which it went in; empty below the depth that was asked for.
    pub children: Vec<Tree>,
    /// Contents that were known by class and quantity only.
    pub quantities: Vec<Quantity>,
}

/// Where the answers come from: the state as it is now, and the facts.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) forest: &'a RwLock<Forest>,
    pub(crate) reader: &'a Reader,
    /// The newest fact that is durable and applied.
    pub(crate) newest: Sequence,
}

/// What an object inherits from what is around it.
#[derive(Clone, Copy)]
struct Around {
    away: bool,
    held: bool,
}

impl Source<'_> {
    /// The number of the last fact that counts at a moment.
    pub(crate) fn sequence_at(&self, moment: Moment) -> Result<Sequence, Error> {
        Ok(match moment {
            Moment::Now => self.newest,
            Moment::Fact(sequence) => sequence.min(self.newest),
            Moment::Time(time) => self.reader.sequence_at(time)?.min(self.newest),
        })
    }

    /// The tree of an object as of a moment, down to `depth` levels; `None` if it did not exist.
    pub(crate) fn tree(&self, id: &Identifier, moment: Moment, depth: usize) -> Result<Option<Tree>, Error> {
        if moment == Moment::Now {
            let forest = self.forest.read();
            let Some(ix) = forest.find(id) else { return Ok(None) };
            let around = Around { away: forest.is_away(ix), held: forest.held_by(ix).is_some() };
            return Ok(Some(tree_now(&forest, ix, around, depth)));
        }
        let at = self.sequence_at(moment)?;
        self.tree_then(&mut Facts::new(self.reader.clone()), id, at, depth)
    }

    pub(super) fn tree_then(
        &self,
        facts: &mut Facts,
        id: &Identifier,
        at: Sequence,
        depth: usize,
    ) -> Result<Option<Tree>, Error> {
        let Some(past) = self.past(facts, id, at)? else { return Ok(None) };
        let outer = self.around(facts, id, at)?;
        let around = Around { away: outer.iter().any(|outer| outer.away), held: outer.iter().any(|outer| outer.held) };
        self.grow(facts, past, around, at, depth).map(Some)
    }

    fn grow(&self, facts: &mut Facts, past: Past, around: Around, at: Sequence, depth: usize) -> Result<Tree, Error> {
        let around = Around { away: around.away || past.away, held: around.held || past.held };
        let mut children = Vec::new();
        if 0 < depth {
            for (child, joined) in &past.children {
                if let Some(child) = self.child_then(facts, child, *joined, at)? {
                    children.push(self.grow(facts, child, around, at, depth - 1)?);
                }
            }
        }
        let (lot, lot_on_hold) = self.lot_then(&past, at);
        Ok(Tree {
            lot,
            lot_on_hold,
            id: past.id,
            level: past.level,
            status: past.status,
            seal: past.seal,
            away: around.away,
            held: around.held,
            children,
            quantities: past.quantities,
        })
    }

    /// The lot of an object as of a fact, and whether it was on hold.
    fn lot_then(&self, past: &Past, at: Sequence) -> (Option<Lot>, bool) {
        let (Some(number), Identifier::Sgtin(sgtin)) = (past.lot, &past.id) else { return (None, false) };
        let forest = self.forest.read();
        match forest.lot_place(class_of(sgtin.gtin), number.value()) {
            Some(place) => {
                let (data, held) = forest.lot_then(place, at.0);
                (Some(Lot { number, data }), held)
            }
            None => (None, false),
        }
    }
}

fn tree_now(forest: &Forest, ix: Ix, around: Around, depth: usize) -> Tree {
    let record = forest.record(ix);
    let around = Around { away: around.away || record.is_away(), held: around.held || record.is_held() };
    let lot = forest.lot(forest.lot_of(&record));
    let below = if depth == 0 { None } else { Some(forest.children(ix)) };
    Tree {
        id: forest.identifier(ix),
        level: record.level(),
        status: record.status(),
        seal: forest.seal(ix),
        lot: lot_of(&lot),
        lot_on_hold: lot.held,
        away: around.away,
        held: around.held,
        children: below.into_iter().flatten().map(|child| tree_now(forest, child, around, depth - 1)).collect(),
        quantities: forest.quantities(ix).to_vec(),
    }
}
