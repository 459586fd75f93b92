//! Replace, swap, relabel, close and reopen.

use packtree::fact::{Level, Seal, Status};
use packtree::operation::{Close, Fate, Relabel, Replace, Swap};
use packtree::{Identifier, Reason};
use petgraph::stable_graph::NodeIndex;

use super::{fresh, product_of};
use crate::model::consequence::{Attempt, Opening};

impl Attempt<'_> {
    pub(super) fn replace(&mut self, operation: &Replace) {
        if operation.old == operation.new {
            self.fault_of(Reason::ObjectsMustDiffer, &operation.new);
            return;
        }
        let (old, new) = (self.find(&operation.old), self.find(&operation.new));
        let parent = old.and_then(|old| self.check_replaced(old, operation.fate));
        if let Some(new) = new {
            self.check_movable(new);
            self.check_replacement(new, old, parent);
        }
        let (Some(old), Some(new), Some(parent)) = (old, new, parent) else { return };
        self.leave(parent, &[old], Opening::KeepsPlace);
        self.check_fit(parent, &[new]);
        if self.is_refused() {
            return;
        }
        self.join(parent, &[new]);
        if let Some(status) = operation.fate.status() {
            self.end_trees(&[old], status);
        }
    }

    pub(super) fn check_replaced(&mut self, old: NodeIndex, fate: Fate) -> Option<NodeIndex> {
        let may_go = match fate {
            Fate::Loose => self.check_movable(old),
            _ => self.check_status(old, &[Status::Active]) && self.check_here(old),
        };
        if !may_go {
            return None;
        }
        let parent = self.after.parent_of(old);
        match parent {
            None => self.fault(Reason::ChildNotInAnyParent, old),
            Some(parent) => {
                if !self.check_usable(parent) {
                    return None;
                }
            }
        }
        parent
    }

    pub(super) fn check_replacement(&mut self, new: NodeIndex, old: Option<NodeIndex>, parent: Option<NodeIndex>) {
        if let Some(other) = self.after.parent_of(new) {
            let is_same = parent == Some(other);
            self.fault(if is_same { Reason::ChildAlreadyInParent } else { Reason::ChildHasOtherParent }, new);
        }
        if parent.is_some_and(|parent| parent == new || self.after.ancestors_of(parent).contains(&new)) {
            self.fault(Reason::WouldBeCycle, new);
        }
        if let Some(old) = old {
            let same_level = self.after.graph[new].level == self.after.graph[old].level;
            let (one, other) = (self.after.leaf_class(new), self.after.leaf_class(old));
            if !same_level || !one.is_of_the_same_product_as(&other) {
                self.fault(Reason::ProductsDiffer, new);
            }
        }
    }

    pub(super) fn swap(&mut self, Swap { one, other }: &Swap) {
        if one == other {
            self.fault_of(Reason::ObjectsMustDiffer, other);
            return;
        }
        let (one, other) = (self.find(one), self.find(other));
        for place in [one, other].into_iter().flatten() {
            self.check_movable(place);
        }
        let (Some(one), Some(other)) = (one, other) else { return };
        let places = [self.after.parent_of(one), self.after.parent_of(other)];
        match places {
            [None, None] => [one, other].into_iter().for_each(|at| self.fault(Reason::ChildNotInAnyParent, at)),
            [Some(parent), Some(same)] if parent == same => self.fault(Reason::ChildAlreadyInParent, other),
            _ => {}
        }
        for (inner, outer) in [(one, other), (other, one)] {
            if self.after.ancestors_of(inner).contains(&outer) {
                // Of two levels they are in any case.
                self.fault(Reason::WouldBeCycle, outer);
                return;
            }
        }
        if self.after.graph[one].level != self.after.graph[other].level {
            self.fault(Reason::ProductsDiffer, other);
        }
        if self.is_refused() {
            return;
        }
        self.take_out(&[one, other], Opening::KeepsPlace);
        for (parent, comes) in places.into_iter().zip([other, one]) {
            if let Some(parent) = parent {
                self.check_fit(parent, &[comes]);
                self.join(parent, &[comes]);
            }
        }
    }

    pub(super) fn relabel(&mut self, Relabel { old, new }: &Relabel) {
        if old == new {
            self.fault_of(Reason::ObjectsMustDiffer, new);
            return;
        }
        let place = self.find(old);
        self.check_unused(new);
        let Some(place) = place else { return };
        if self.check_usable(place) {
            match (old, new) {
                (Identifier::Sgtin(old), Identifier::Sgtin(other)) if old.gtin != other.gtin => {
                    self.fault_of(Reason::ProductsDiffer, new);
                }
                (_, Identifier::Sscc(_))
                    if self.after.graph[place].level == Level::Unit && self.after.count(place) == 0 =>
                {
                    self.fault(Reason::ObjectIsNotContainer, place);
                }
                _ => {}
            }
        }
        if self.is_refused() {
            return;
        }
        let mut retired = fresh(old, Level::Unknown, self.after.graph[place].lot);
        retired.level = self.after.graph[place].level;
        retired.level_is_inferred = false;
        retired.status = Status::Retired;
        self.change(place, true, |object| {
            object.id = new.clone();
            object.sighted = false;
            object.lot = object.lot.filter(|lot| product_of(new) == Some(lot.gtin));
        });
        let time = self.time;
        self.change(place, false, |object| {
            if object.was_container {
                object.settled = object.settled.max(time);
            }
        });
        self.after.places.insert(new.clone(), place);
        self.create(retired);
    }

    pub(super) fn close(&mut self, Close { containers, partial }: &Close) {
        let containers = self.find_all(containers);
        for container in &containers {
            if !self.check_usable(*container) || !self.check_container(*container) {
                continue;
            }
            let children = self.after.count(*container);
            if children == 0 {
                self.fault(Reason::ContainerIsEmpty, *container);
            } else if matches!(self.after.graph[*container].seal, Seal::Closed | Seal::ClosedPartial) {
                self.fault(Reason::ContainerIsClosed, *container);
            } else if let Some(full) = self.full_count(*container) {
                match (full <= children, partial) {
                    (false, false) => self.fault(Reason::ContainerIsNotFull, *container),
                    (true, true) => self.fault(Reason::ContainerIsNotPartial, *container),
                    _ => {}
                }
            }
        }
        let seal = if *partial { Seal::ClosedPartial } else { Seal::Closed };
        for container in &containers {
            self.seal(*container, seal, true);
        }
    }

    pub(super) fn reopen(&mut self, containers: &[Identifier]) {
        let containers = self.find_all(containers);
        for container in &containers {
            if self.check_usable(*container) && self.after.graph[*container].seal == Seal::Open {
                self.fault(Reason::ContainerIsOpen, *container);
            }
        }
        for container in &containers {
            self.seal(*container, Seal::Open, true);
        }
    }
}
