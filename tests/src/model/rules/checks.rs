//! Finding objects, and what stands in the way of using them.

use packtree::fact::{Level, Seal, Status};
use packtree::limits::OPERATION_OBJECTS_MAX;
use packtree::policy::Uncommissioned;
use packtree::{Identifier, Reason};
use petgraph::stable_graph::NodeIndex;

use super::{fresh, is_instance};
use crate::model::Object;
use crate::model::consequence::Attempt;

impl Attempt<'_> {
    pub(super) fn check_number(&mut self, objects: usize, most: usize) -> bool {
        if objects == 0 {
            self.fault_of_operation(Reason::NothingNamed);
        } else if most < objects {
            self.fault_of_operation(Reason::TooManyObjects);
        }
        (1..=most).contains(&objects)
    }

    pub(super) fn find(&mut self, id: &Identifier) -> Option<NodeIndex> {
        let found = self.after.places.get(id).copied();
        if found.is_none() {
            let reason = if is_instance(id) { Reason::ObjectNotFound } else { Reason::IdentifierIsNotAnInstance };
            self.fault_of(reason, id);
        }
        found
    }

    pub(super) fn find_all(&mut self, ids: &[Identifier]) -> Vec<NodeIndex> {
        if !self.check_number(ids.len(), OPERATION_OBJECTS_MAX) {
            return Vec::new();
        }
        self.check_distinct(ids);
        let mut found: Vec<_> = ids.iter().filter_map(|id| self.find(id)).collect();
        found.dedup();
        found
    }

    pub(super) fn check_distinct(&mut self, ids: &[Identifier]) {
        for (place, id) in ids.iter().enumerate() {
            if ids[..place].contains(id) {
                self.fault_of(Reason::ObjectNamedTwice, id);
            }
        }
    }

    pub(super) fn find_or_commission(&mut self, id: &Identifier, level: Level) -> Option<NodeIndex> {
        let is_known = self.after.places.contains_key(id);
        if is_known || self.policy.uncommissioned == Uncommissioned::Refuse || !is_instance(id) {
            return self.find(id);
        }
        Some(self.create(Object { sighted: true, ..fresh(id, level, None) }))
    }

    pub(super) fn find_or_commission_all(&mut self, ids: &[Identifier]) -> Vec<NodeIndex> {
        self.check_distinct(ids);
        ids.iter().filter_map(|id| self.find_or_commission(id, Level::Unknown)).collect()
    }

    /// In use, here, and on no hold.
    pub(super) fn check_usable(&mut self, place: NodeIndex) -> bool {
        self.check_status(place, &[Status::Active]) && self.check_here(place) && self.check_not_held(place)
    }

    /// Usable, and nothing in it on hold.
    pub(super) fn check_movable(&mut self, place: NodeIndex) -> bool {
        self.check_usable(place) && self.check_contents_not_held(place)
    }

    pub(super) fn check_status(&mut self, place: NodeIndex, allowed: &[Status]) -> bool {
        let is_allowed = allowed.contains(&self.after.graph[place].status);
        if !is_allowed {
            self.fault(Reason::ObjectNotActive, place);
        }
        is_allowed
    }

    pub(super) fn check_here(&mut self, place: NodeIndex) -> bool {
        let is_away = self.after.is_away_at(place);
        if is_away {
            self.fault(Reason::ObjectIsAway, place);
        }
        !is_away
    }

    pub(super) fn check_not_held(&mut self, place: NodeIndex) -> bool {
        let around = self.after.ancestors_of(place);
        if std::iter::once(&place).chain(&around).any(|at| self.after.graph[*at].held) {
            self.fault(Reason::ObjectOnHold, place);
            return false;
        }
        let is_held = self.after.lot_is_held(place);
        if is_held {
            self.fault(Reason::LotOnHold, place);
        }
        !is_held
    }

    pub(super) fn check_contents_not_held(&mut self, place: NodeIndex) -> bool {
        let mut is_free = true;
        for below in self.after.below(place) {
            if self.after.graph[below].held {
                self.fault(Reason::ObjectOnHold, below);
                is_free = false;
            } else if self.after.lot_is_held(below) {
                self.fault(Reason::LotOnHold, below);
                is_free = false;
            }
        }
        is_free
    }

    /// May hold others, as far as anybody said.
    pub(super) fn check_container(&mut self, place: NodeIndex) -> bool {
        let object = &self.after.graph[place];
        let is_unit = object.level == Level::Unit && !object.level_is_inferred;
        if is_unit {
            self.fault(Reason::ObjectIsNotContainer, place);
        }
        !is_unit
    }

    /// A place for something: usable, made to hold others, and not closed.
    pub(super) fn check_open(&mut self, container: NodeIndex) -> bool {
        let is_closed = matches!(self.after.graph[container].seal, Seal::Closed | Seal::ClosedPartial);
        let is_place = self.check_usable(container) && self.check_container(container);
        if is_place && is_closed {
            self.fault(Reason::ContainerIsClosed, container);
        }
        is_place && !is_closed
    }

    /// A label that no object has or had.
    pub(super) fn check_unused(&mut self, id: &Identifier) {
        let known = self.after.places.get(id).map(|place| self.after.graph[*place].status);
        match known {
            _ if !is_instance(id) => self.fault_of(Reason::IdentifierIsNotAnInstance, id),
            Some(Status::Active) => self.fault_of(Reason::ObjectAlreadyCommissioned, id),
            Some(_) => self.fault_of(Reason::IdentifierUsedBefore, id),
            None => {}
        }
    }

    pub(super) fn check_root(&mut self, place: NodeIndex) -> bool {
        let is_root = self.after.parent_of(place).is_none();
        if !is_root {
            self.fault(Reason::ObjectInContainer, place);
        }
        is_root
    }
}
