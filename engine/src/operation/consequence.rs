//! What planned effects do to containers, and what follows when something is taken out of one.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;
use packtree_gs1::Identifier;

use super::plan::Plan;
use crate::fact::{Effect, Level, Quantity, Seal, Status, Trust};
use crate::forest::View;
use crate::forest::record::Ix;
use crate::limits::QUANTITIES_MAX;
use crate::policy::{ClosedContainer, EmptiedContainer};
use crate::refusal::Reason;

/// What the effects planned so far do to one object, as far as later rules of the same operation depend on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    came: u32,
    gone: u32,
    /// The parent from now on, for containers only.
    parent: Option<Ix>,
    seal: Option<Seal>,
    level: Option<Level>,
    quantities: Option<Vec<Quantity>>,
    has_ended: bool,
}

/// What follows for a container when something leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// Its seal breaks; the policy says what follows for those around it, and for it when it is empty.
    ByPolicy,
    /// Seals break, but it stays where it is: something else takes the place, or it is in somebody else's custody.
    KeepsPlace,
    /// Nothing: it goes out of use with the same fact.
    OutOfUse,
}

/// A container from which something was taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opened {
    container: Ix,
    opening: Opening,
    /// Whether the one around it comes apart, though this one was not closed: something deeper in it was.
    disbands: bool,
}

/// The state after the effects planned so far.
impl Plan<'_> {
    pub(crate) fn count(&self, ix: Ix) -> u32 {
        let before = self.container(ix).map_or(0, |container| container.count);
        self.changes.get(&ix).map_or(before, |change| before + change.came - change.gone)
    }

    pub(crate) fn seal(&self, ix: Ix) -> Seal {
        let planned = self.changes.get(&ix).and_then(|change| change.seal);
        planned.or_else(|| Some(self.container(ix)?.seal)).unwrap_or(Seal::Open)
    }

    pub(crate) fn level(&self, ix: Ix) -> Level {
        let planned = self.changes.get(&ix).and_then(|change| change.level);
        planned.unwrap_or_else(|| self.record(ix).level())
    }

    pub(crate) fn quantities(&self, ix: Ix) -> &[Quantity] {
        let planned = self.changes.get(&ix).and_then(|change| change.quantities.as_deref());
        planned.unwrap_or_else(|| if self.is_fresh(ix) { &[] } else { self.draft.quantities(ix) })
    }

    /// Whether the container holds neither objects nor quantities.
    pub(crate) fn is_empty(&self, ix: Ix) -> bool {
        self.count(ix) == 0 && self.quantities(ix).is_empty()
    }

    /// The children, in their order. Where something came or went, it looks through the planned effects.
    pub(crate) fn children(&self, ix: Ix) -> Vec<Ix> {
        let mut children: Vec<Ix> = if self.is_fresh(ix) { Vec::new() } else { self.draft.children(ix).collect() };
        if self.has_its_children(ix) {
            return children;
        }
        for effect in &self.effects {
            match effect {
                Effect::Left { parent, children: left, .. } if *parent == ix => {
                    let left: HashSet<Ix, FixedState> = left.iter().copied().collect();
                    children.retain(|child| !left.contains(child));
                }
                Effect::Joined { parent, children: joined } if *parent == ix => children.extend(joined),
                _ => {}
            }
        }
        children
    }

    /// The first child, in constant time unless something came or went.
    pub(crate) fn first_child(&self, ix: Ix) -> Option<Ix> {
        match (self.has_its_children(ix), self.is_fresh(ix)) {
            (false, _) => self.children(ix).first().copied(),
            (true, true) => None,
            (true, false) => self.draft.children(ix).next(),
        }
    }

    /// Whether the children are those from before the operation.
    fn has_its_children(&self, ix: Ix) -> bool {
        self.changes.get(&ix).is_none_or(|change| change.gone == 0 && change.came == 0)
    }

    /// The parent of a container.
    fn parent(&self, ix: Ix) -> Option<Ix> {
        let planned = self.changes.get(&ix).and_then(|change| change.parent);
        planned.unwrap_or_else(|| self.record(ix).parent).known()
    }
}

/// The effects that several operations plan.
impl Plan<'_> {
    /// Plans that children leave their parents, whichever those are; the loose ones are passed over.
    pub(crate) fn take_out(&mut self, children: &[Ix], trust: Trust, opening: Opening) {
        let mut places: HashMap<Ix, usize, FixedState> = HashMap::default();
        let mut by_parent: Vec<(Ix, Vec<Ix>)> = Vec::new();
        for child in children {
            let Some(parent) = self.record(*child).parent.known() else { continue };
            let place = *places.entry(parent).or_insert_with(|| {
                by_parent.push((parent, Vec::new()));
                by_parent.len() - 1
            });
            by_parent[place].1.push(*child);
        }
        for (parent, group) in by_parent {
            self.leave(parent, group, trust, opening);
        }
    }

    /// Plans that children leave one parent.
    pub(crate) fn leave(&mut self, parent: Ix, children: Vec<Ix>, trust: Trust, opening: Opening) {
        self.set_parent(&children, Ix::NONE);
        self.changes.entry(parent).or_default().gone += children.len() as u32;
        self.effects.push(Effect::Left { parent, children, trust });
        self.open(parent, opening);
    }

    /// Plans that everything leaves a container, also what is known by quantity only.
    pub(crate) fn empty(&mut self, container: Ix, trust: Trust, opening: Opening) {
        let children = self.children(container);
        if !self.quantities(container).is_empty() {
            self.set_quantities(container, Vec::new());
            if children.is_empty() {
                self.open(container, opening);
            }
        }
        if !children.is_empty() {
            self.leave(container, children, trust, opening);
        }
    }

    /// Plans that children go into a parent.
    pub(crate) fn join(&mut self, parent: Ix, children: Vec<Ix>) {
        if children.is_empty() {
            return;
        }
        // Where nothing was opened, nobody will ask what is around a container.
        if !self.opened.is_empty() {
            self.set_parent(&children, parent);
        }
        self.changes.entry(parent).or_default().came += children.len() as u32;
        self.effects.push(Effect::Joined { parent, children });
    }

    /// Keeps where containers are from now on: what follows for one that was opened may follow for those around it.
    fn set_parent(&mut self, children: &[Ix], parent: Ix) {
        for child in children {
            // What never held anything becomes a container when this operation puts something into it.
            if self.record(*child).is_container() || self.changes.contains_key(child) {
                self.changes.entry(*child).or_default().parent = Some(parent);
            }
        }
    }

    pub(crate) fn set_level(&mut self, object: Ix, level: Level) {
        self.changes.entry(object).or_default().level = Some(level);
        self.effects.push(Effect::LevelSet { object, level });
    }

    pub(crate) fn set_quantities(&mut self, parent: Ix, quantities: Vec<Quantity>) {
        self.changes.entry(parent).or_default().quantities = Some(quantities.clone());
        self.effects.push(Effect::QuantitiesSet { parent, quantities });
    }

    /// Plans that quantities go into a container.
    pub(crate) fn add_quantities(&mut self, parent: Ix, identifier: &Identifier, added: &[Quantity]) {
        if added.is_empty() {
            return;
        }
        let mut quantities = self.quantities(parent).to_vec();
        for quantity in added {
            add_quantity(&mut quantities, quantity);
        }
        if QUANTITIES_MAX < quantities.len() {
            self.fault(Reason::TooManyObjects, identifier);
        }
        self.set_quantities(parent, quantities);
    }

    /// Plans that objects go out of use; a hold ends with them, or it would stay in force for ever.
    pub(crate) fn end_life(&mut self, objects: Vec<Ix>, status: Status) {
        if self.draft.holds() != 0 {
            let held: Vec<Ix> = objects.iter().copied().filter(|ix| self.record(*ix).is_held()).collect();
            if !held.is_empty() {
                self.effects.push(Effect::HoldSet { objects: held, held: false });
            }
        }
        for object in &objects {
            if self.record(*object).is_container() {
                self.changes.entry(*object).or_default().has_ended = true;
            }
        }
        self.effects.push(Effect::StatusSet { objects, status });
    }
}

/// What follows for containers.
impl Plan<'_> {
    /// Notes that a container was opened, for [`Plan::settle`].
    pub(crate) fn open(&mut self, container: Ix, opening: Opening) {
        if opening != Opening::OutOfUse {
            self.opened.push(Opened { container, opening, disbands: false });
        }
    }

    /// Plans what follows for the containers that were opened, once everything else is planned: one that was emptied and filled
    /// again by the same operation is not an emptied one. What follows may open others.
    pub(super) fn settle(&mut self) {
        let mut place = 0;
        while let Some(opened) = self.opened.get(place).copied() {
            place += 1;
            let was_closed = self.is_closed(opened.container);
            self.break_seals_around(opened, was_closed);
            let disbands = self.policy().closed_container == ClosedContainer::AncestorsAreDisbanded
                && opened.opening == Opening::ByPolicy
                && (was_closed || opened.disbands);
            if disbands {
                self.disband_around(opened.container);
            }
            self.settle_one(opened, was_closed);
        }
    }

    /// An emptied container is open, or goes out of use; one that was closed and still holds something is broken.
    fn settle_one(&mut self, opened: Opened, was_closed: bool) {
        let Opened { container, opening, .. } = opened;
        let has_ended = self.changes.get(&container).is_some_and(|change| change.has_ended);
        if has_ended {
            return;
        }
        let is_empty = self.is_empty(container);
        let goes = self.policy().emptied_container == EmptiedContainer::IsDecommissioned;
        if is_empty && goes && opening == Opening::ByPolicy {
            if let Some(around) = self.parent(container) {
                self.leave(around, vec![container], Trust::Inferred, Opening::ByPolicy);
            }
            self.end_life(vec![container], Status::Decommissioned);
        } else if is_empty && self.seal(container) != Seal::Open {
            self.set_seal(vec![container], Seal::Open);
        } else if was_closed {
            self.set_seal(vec![container], Seal::Broken);
        }
    }

    /// Plans that closed containers around an opened one are broken, where the policy says so.
    fn break_seals_around(&mut self, opened: Opened, was_closed: bool) {
        let spreads = match self.policy().closed_container {
            ClosedContainer::BecomesBroken => false,
            ClosedContainer::AncestorsBecomeBroken => true,
            // Where they would be dissolved but the container keeps its place in them, they are at least broken.
            ClosedContainer::AncestorsAreDisbanded => opened.opening == Opening::KeepsPlace && was_closed,
        };
        if !spreads {
            return;
        }
        let mut broken = Vec::new();
        let mut at = opened.container;
        while let Some(around) = self.parent(at) {
            if self.is_closed(around) {
                broken.push(around);
            }
            at = around;
        }
        if !broken.is_empty() {
            self.set_seal(broken, Seal::Broken);
        }
    }

    /// Plans that everything comes out of the container around another; it goes on outwards, whether or not that one was closed.
    fn disband_around(&mut self, container: Ix) {
        let Some(around) = self.parent(container) else { return };
        let next = self.opened.len();
        self.empty(around, Trust::Inferred, Opening::ByPolicy);
        for opened in &mut self.opened[next..] {
            opened.disbands = true;
        }
    }

    fn is_closed(&self, ix: Ix) -> bool {
        matches!(self.seal(ix), Seal::Closed | Seal::ClosedPartial)
    }

    fn set_seal(&mut self, objects: Vec<Ix>, seal: Seal) {
        for ix in &objects {
            self.changes.entry(*ix).or_default().seal = Some(seal);
        }
        self.effects.push(Effect::Sealed { objects, seal });
    }
}

/// Adds to the line of the same class and unit where both amounts are known, else as a line of its own.
fn add_quantity(quantities: &mut Vec<Quantity>, added: &Quantity) {
    let same = quantities
        .iter_mut()
        .find(|known| known.class == added.class && known.unit == added.unit && known.amount.is_some());
    let sum = same.as_ref().and_then(|known| known.amount?.checked_add(added.amount?));
    match (same, sum) {
        (Some(known), Some(sum)) => known.amount = Some(sum),
        _ => quantities.push(added.clone()),
    }
}
