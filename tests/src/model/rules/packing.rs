//! Pack, move, unpack, merge, split and reset: who is in what.

use packtree::fact::Level;
use packtree::limits::PACK_CHILDREN_MAX;
use packtree::operation::{Contents, Merge, Reset, Split};
use packtree::policy::{ChildWithParent, WrongParent};
use packtree::{Identifier, Reason};
use petgraph::stable_graph::NodeIndex;

use super::fresh;
use crate::model::consequence::{Attempt, Opening};

impl Attempt<'_> {
    pub(super) fn put_in(&mut self, parent: Option<NodeIndex>, children: &[NodeIndex], with_parent: ChildWithParent) {
        let around = parent.map_or_else(Vec::new, |parent| self.after.ancestors_of(parent));
        for child in children {
            if Some(*child) == parent {
                self.fault(Reason::ContainerIntoItself, *child);
                continue;
            }
            self.check_movable(*child);
            match self.after.parent_of(*child) {
                Some(other) if Some(other) == parent => self.fault(Reason::ChildAlreadyInParent, *child),
                Some(_) if with_parent == ChildWithParent::Refuse => {
                    self.fault(Reason::ChildHasOtherParent, *child);
                }
                _ => {}
            }
            if around.contains(child) {
                self.fault(Reason::WouldBeCycle, *child);
            }
        }
        let Some(parent) = parent else { return };
        if self.check_open(parent) {
            let others: Vec<_> = children.iter().copied().filter(|child| *child != parent).collect();
            self.check_fit(parent, &others);
        }
        if !self.is_refused() {
            self.take_out(children, Opening::ByPolicy);
            self.join(parent, children);
        }
    }

    pub(super) fn unpack(&mut self, what: &Contents) {
        match what {
            Contents::All { parent } => {
                if let Some(parent) = self.find_filled(parent) {
                    self.empty(parent, Opening::ByPolicy);
                }
            }
            Contents::Recursive { parent } => {
                if let Some(parent) = self.find_filled(parent) {
                    let below = self.after.below(parent);
                    self.empty(parent, Opening::ByPolicy);
                    for place in below {
                        self.empty(place, Opening::ByPolicy);
                    }
                }
            }
            Contents::Named { parent, children, .. } => self.unpack_named(parent.as_ref(), children),
        }
    }

    /// A container that may be emptied.
    pub(super) fn find_filled(&mut self, id: &Identifier) -> Option<NodeIndex> {
        let place = self.find(id)?;
        if !self.check_movable(place) {
            return None;
        }
        if self.after.count(place) == 0 {
            self.fault(Reason::ContainerIsEmpty, place);
            return None;
        }
        Some(place)
    }

    pub(super) fn unpack_named(&mut self, parent: Option<&Identifier>, children: &[Identifier]) {
        if !self.check_number(children.len(), PACK_CHILDREN_MAX) {
            return;
        }
        let counts = self.policy.wrong_parent == WrongParent::Refuse;
        let named = parent.filter(|_| counts).and_then(|parent| self.find(parent));
        let children = self.find_all(children);
        for child in &children {
            self.check_movable(*child);
            match self.after.parent_of(*child) {
                None => self.fault(Reason::ChildNotInAnyParent, *child),
                Some(real) if named.is_some_and(|named| named != real) => {
                    self.fault(Reason::ChildNotInParent, *child);
                }
                Some(_) => {}
            }
        }
        if !self.is_refused() {
            self.take_out(&children, Opening::ByPolicy);
        }
    }

    pub(super) fn merge(&mut self, Merge { from, into }: &Merge) {
        if from == into {
            self.fault_of(Reason::ObjectsMustDiffer, into);
            return;
        }
        let (from, into) = (self.find(from), self.find(into));
        if let Some(from) = from
            && self.check_movable(from)
            && self.after.count(from) == 0
        {
            self.fault(Reason::ContainerIsEmpty, from);
        }
        let is_open = into.is_some_and(|into| self.check_open(into));
        let (Some(from), Some(into)) = (from, into) else { return };
        if self.after.ancestors_of(into).contains(&from) {
            self.fault(Reason::WouldBeCycle, from);
        }
        let children = self.after.children_of(from);
        if is_open {
            self.check_fit(into, &children);
        }
        if !self.is_refused() {
            self.empty(from, Opening::ByPolicy);
            self.join(into, &children);
        }
    }

    pub(super) fn split(&mut self, Split { from, children, into }: &Split) {
        if !self.check_number(children.len(), PACK_CHILDREN_MAX) {
            return;
        }
        let from = self.find(from);
        if let Some(from) = from {
            self.check_usable(from);
        }
        let children = self.find_all(children);
        for child in &children {
            self.check_movable(*child);
            match self.after.parent_of(*child) {
                None => self.fault(Reason::ChildNotInAnyParent, *child),
                Some(real) if from.is_some_and(|from| from != real) => {
                    self.fault(Reason::ChildNotInParent, *child);
                }
                Some(_) => {}
            }
        }
        self.check_unused(into);
        let Some(from) = from.filter(|_| !self.is_refused()) else { return };
        let giver = &self.after.graph[from];
        let level = if giver.level_is_inferred { Level::Unknown } else { giver.level };
        let into = self.create(fresh(into, level, None));
        self.leave(from, &children, Opening::ByPolicy);
        self.check_fit(into, &children);
        self.join(into, &children);
    }

    pub(super) fn reset(&mut self, Reset { container, children }: &Reset) {
        if PACK_CHILDREN_MAX < children.len() {
            self.fault_of_operation(Reason::TooManyObjects);
            return;
        }
        let container = self.find_or_commission(container, Level::Unknown);
        let counted = self.find_or_commission_all(children);
        let Some(container) = container else { return };
        let is_place = self.check_usable(container) && self.check_container(container);
        let present = self.after.children_of(container);
        let missing: Vec<_> = present.iter().copied().filter(|place| !counted.contains(place)).collect();
        let new: Vec<_> = counted.iter().copied().filter(|place| !present.contains(place)).collect();
        for place in &missing {
            self.check_movable(*place);
        }
        let around = self.after.ancestors_of(container);
        for place in &new {
            if *place == container {
                self.fault(Reason::ContainerIntoItself, *place);
                continue;
            }
            self.check_movable(*place);
            if around.contains(place) {
                self.fault(Reason::WouldBeCycle, *place);
            }
        }
        if !self.is_refused() {
            if !missing.is_empty() {
                self.leave(container, &missing, Opening::ByPolicy);
            } else if !new.is_empty() {
                self.open(container, Opening::ByPolicy);
            }
            self.take_out(&new, Opening::ByPolicy);
        }
        if is_place {
            self.check_fit(container, &new);
        }
        if !self.is_refused() {
            self.join(container, &new);
        }
    }
}
