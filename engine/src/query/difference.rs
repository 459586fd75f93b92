//! What changed under an object between two moments.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use packtree_gs1::Identifier;

use super::facts::Facts;
use super::tree::{Moment, Source, Tree};
use crate::error::Error;
use crate::fact::{Level, Seal, Sequence, Status};

/// What changed under an object between two moments; see [`Engine::difference`](crate::Engine::difference).
///
/// ```
/// use packtree::fact::Seal;
/// use packtree::operation::{Close, Move, Operation};
/// use packtree::query::{Changed, Difference, Moment, Moved, State};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, pallet, cases, units, .. } = packed_pallet()?;
/// let before = Moment::Fact(engine.head().sequence);
/// let children = vec![units[2].clone()];
/// engine.perform(&line, Operation::Move(Move { children, into: cases[0].clone() }))?.receipt()?;
/// let close = Close { containers: vec![cases[0].clone()], partial: false };
/// engine.perform(&line, Operation::Close(close))?.receipt()?;
///
/// let Difference { moved, changed, .. } = engine.difference(&pallet, before, Moment::Now)?.ok_or("it was there")?;
/// assert_eq!(moved, [Moved { id: units[2].clone(), from: cases[1].clone(), to: cases[0].clone() }]);
/// let [Changed { before: State { seal: Seal::Open, .. }, after }] = &changed[..] else { panic!("{changed:?}") };
/// assert_eq!((&after.id, after.seal), (&cases[0], Seal::Closed));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What is under it at the later moment only, each container before what is in it.
    pub came_in: Vec<Identifier>,
    /// What was under it at the earlier moment only.
    pub went_out: Vec<Identifier>,
    /// What is under it at both, in another container.
    pub moved: Vec<Moved>,
    /// What is there at both, the object itself included, with another state.
    pub changed: Vec<Changed>,
}

/// Something that changed its container and stayed under the same object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// What moved, by its later identifier.
    pub id: Identifier,
    /// The container that it was in.
    pub from: Identifier,
    /// The container that it is in.
    pub to: Identifier,
}

/// Something whose state is another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its state at the earlier moment.
    pub before: State,
    /// Its state at the later moment.
    pub after: State,
}

/// The state of an object, apart from its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The identifier that it had.
    pub id: Identifier,
    /// How far up in the hierarchy it stood.
    pub level: Level,
    /// Where it stood in its life.
    pub status: Status,
    /// The state of its closure.
    pub seal: Seal,
    /// Whether it was on hold, itself or with a container around it.
    pub held: bool,
    /// Whether it had left, itself or with a container around it.
    pub away: bool,
}

/// Everything in a tree, by its identifier: state, container, position.
type Flat = HashMap<Identifier, (State, Option<Identifier>, usize), RandomState>;

impl Source<'_> {
    /// What changed between two moments; `None` if the object existed at neither.
    pub(crate) fn difference(&self, id: &Identifier, one: Moment, other: Moment) -> Result<Option<Difference>, Error> {
        let (one, other) = (self.sequence_at(one)?, self.sequence_at(other)?);
        let (from, to) = (one.min(other), one.max(other));
        let mut facts = Facts::new(self.reader.clone());
        let Some(later_id) = self.name_then(&mut facts, id, from, to)? else { return Ok(None) };
        let before = self.tree_then(&mut facts, id, from, usize::MAX)?;
        let after = self.tree_then(&mut facts, &later_id, to, usize::MAX)?;
        let mut before = before.map_or_else(Flat::default, flatten);
        let after = after.map_or_else(Flat::default, flatten);
        self.rename(&mut facts, &mut before, &after, from, to)?;
        Ok(Some(compare(&before, &after)))
    }

    /// The identifier at the fact `to` of what bore `id` at the fact `from`, or bears it now.
    fn name_then(
        &self,
        facts: &mut Facts,
        id: &Identifier,
        from: Sequence,
        to: Sequence,
    ) -> Result<Option<Identifier>, Error> {
        Ok(self.past_since(facts, id.clone(), from, to)?.map(|past| past.id))
    }

    /// Gives what was relabelled in between its later identifier, also where it is named as a container.
    fn rename(
        &self,
        facts: &mut Facts,
        before: &mut Flat,
        after: &Flat,
        from: Sequence,
        to: Sequence,
    ) -> Result<(), Error> {
        let mut renamed: HashMap<Identifier, Identifier, RandomState> = HashMap::default();
        for id in before.keys().filter(|id| !after.contains_key(*id)) {
            if let Some(later) = self.name_then(facts, id, from, to)?.filter(|later| later != id) {
                renamed.insert(id.clone(), later);
            }
        }
        for (old, new) in &renamed {
            if let Some(entry) = before.remove(old) {
                before.insert(new.clone(), entry);
            }
        }
        for (_, parent, _) in before.values_mut() {
            if let Some(new) = parent.as_ref().and_then(|parent| renamed.get(parent)) {
                *parent = Some(new.clone());
            }
        }
        Ok(())
    }
}

fn flatten(tree: Tree) -> Flat {
    let mut flat = Flat::default();
    add(&mut flat, tree, None);
    flat
}

fn add(flat: &mut Flat, tree: Tree, parent: Option<&Identifier>) {
    let Tree { id, level, status, seal, held, away, children, .. } = tree;
    let state = State { id: id.clone(), level, status, seal, held, away };
    flat.insert(id.clone(), (state, parent.cloned(), flat.len()));
    for child in children {
        add(flat, child, Some(&id));
    }
}

fn compare(before: &Flat, after: &Flat) -> Difference {
    let mut difference = Difference::default();
    for (id, (state, parent, _)) in in_order(after) {
        let Some((old, old_parent, _)) = before.get(id) else {
            difference.came_in.push(id.clone());
            continue;
        };
        if let (Some(from), Some(to)) = (old_parent, parent)
            && from != to
        {
            difference.moved.push(Moved { id: id.clone(), from: from.clone(), to: to.clone() });
        }
        if old != state {
            difference.changed.push(Changed { before: old.clone(), after: state.clone() });
        }
    }
    let gone = in_order(before).filter(|(id, _)| !after.contains_key(*id));
    difference.went_out = gone.map(|(_, (state, ..))| state.id.clone()).collect();
    difference
}

fn in_order(flat: &Flat) -> impl Iterator<Item = (&Identifier, &(State, Option<Identifier>, usize))> {
    let mut entries: Vec<_> = flat.iter().collect();
    entries.sort_unstable_by_key(|(_, (.., position))| *position);
    entries.into_iter()
}
