//! Commission, hold, release, and everything that ends the life of an object.

use packtree::fact::{Level, Lot, LotName, Microseconds, Status};
use packtree::limits::OPERATION_OBJECTS_MAX;
use packtree::operation::{Commission, ContentsFate, Decommission, HoldTarget};
use packtree::policy::{ContainerReuse, DecommissionInside, Recommission};
use packtree::{Identifier, Reason};
use petgraph::stable_graph::NodeIndex;

use super::{DAY_US, class_of, fresh, is_instance, learn, product_of};
use crate::model::Object;
use crate::model::consequence::{Attempt, Opening};

impl Attempt<'_> {
    pub(super) fn commission(&mut self, operation: &Commission) {
        if !self.check_number(operation.objects.len(), OPERATION_OBJECTS_MAX) {
            return;
        }
        self.check_distinct(&operation.objects);
        for id in &operation.objects {
            let known = self.after.places.get(id).copied();
            match known.map(|place| self.after.graph[place].status) {
                _ if !is_instance(id) => self.fault_of(Reason::IdentifierIsNotAnInstance, id),
                Some(_) if known.is_some_and(|place| self.is_described_by(place)) => {
                    self.check_described_level(known.expect("it has a status"), operation.level);
                }
                Some(Status::Active) => self.fault_of(Reason::ObjectAlreadyCommissioned, id),
                Some(status) if !self.may_return(&self.after.graph[known.expect("it has a status")], status) => {
                    self.fault_of(Reason::IdentifierUsedBefore, id);
                }
                _ => {}
            }
        }
        if let Some(lot) = &operation.lot {
            self.check_dates(lot, &operation.objects);
        }
        if self.is_refused() {
            return;
        }
        for id in &operation.objects {
            let lot = operation.lot.and_then(|lot| Some(LotName { gtin: product_of(id)?, number: lot.number }));
            if let (Some(name), Some(given)) = (lot, operation.lot) {
                learn(self.after.lots.entry(name).or_default(), &given.data);
            }
            let object = fresh(id, operation.level, lot);
            match self.after.places.get(id).copied() {
                None => {
                    self.create(object);
                }
                Some(place) if self.is_described_by(place) => self.describe(place, operation.level, lot),
                Some(place) => {
                    let was = self.after.graph[place].clone();
                    let time = self.time;
                    self.change(place, true, |known| {
                        *known = Object {
                            settled: if was.was_container { was.settled.max(time) } else { was.settled },
                            newest: was.newest,
                            custody: was.custody,
                            was_container: was.was_container,
                            ..object
                        };
                    });
                }
            }
        }
    }

    /// Whether a commissioning now says what was not known of an object that is known on sight.
    fn is_described_by(&self, place: NodeIndex) -> bool {
        let object = &self.after.graph[place];
        object.sighted && (object.status == Status::Active || self.time < object.newest)
    }

    /// A level that is said of what was known on sight agrees with what is in it and around it.
    fn check_described_level(&mut self, place: NodeIndex, level: Level) {
        if level == Level::Unknown {
            return;
        }
        let children = self.after.children_of(place);
        if !children.is_empty() && !level.holds_others() {
            self.fault(Reason::ObjectIsNotContainer, place);
            return;
        }
        if let Some(child) = children.into_iter().find(|child| level <= self.after.graph[*child].level) {
            self.fault(Reason::LevelNotAbove, child);
        }
        let around = self.after.parent_of(place).map(|around| self.after.graph[around].level);
        if around.is_some_and(|around| around != Level::Unknown && around <= level) {
            self.fault(Reason::LevelNotAbove, place);
        }
    }

    fn describe(&mut self, place: NodeIndex, level: Level, lot: Option<LotName>) {
        self.change(place, false, |known| {
            known.sighted = false;
            known.lot = lot.or(known.lot);
            if level != Level::Unknown {
                known.level = level;
                known.level_is_inferred = false;
            }
        });
    }

    /// Whether an identifier may begin another life.
    pub(super) fn may_return(&self, object: &Object, status: Status) -> bool {
        match (status, &object.id) {
            (Status::Decommissioned | Status::Retired, Identifier::Sscc(_) | Identifier::Grai(_)) => {
                match self.policy.container_reuse {
                    ContainerReuse::Allow => true,
                    ContainerReuse::RefuseForDays(days) => {
                        Microseconds::from(days) * DAY_US <= self.time - object.newest
                    }
                }
            }
            (Status::Decommissioned, _) => self.policy.recommission == Recommission::Allow,
            _ => false,
        }
    }

    pub(super) fn check_dates(&mut self, lot: &Lot, objects: &[Identifier]) {
        for gtin in objects.iter().filter_map(product_of) {
            let name = LotName { gtin, number: lot.number };
            let Some(known) = self.after.lots.get(&name) else { continue };
            let pairs = [
                (known.data.expiry, lot.data.expiry),
                (known.data.production, lot.data.production),
                (known.data.best_before, lot.data.best_before),
            ];
            if pairs.iter().any(|pair| matches!(pair, (Some(known), Some(given)) if known != given)) {
                self.fault_of(Reason::LotDataDiffer, &class_of(name));
            }
        }
    }

    pub(super) fn find_lot(&mut self, lot: LotName) -> bool {
        let is_known = self.after.lots.contains_key(&lot);
        if !is_known {
            self.fault_of(Reason::LotNotFound, &class_of(lot));
        }
        is_known
    }

    pub(super) fn set_hold(&mut self, target: &HoldTarget, held: bool) {
        let (object_reason, lot_reason) = if held {
            (Reason::ObjectAlreadyOnHold, Reason::LotAlreadyOnHold)
        } else {
            (Reason::ObjectNotOnHold, Reason::ObjectNotOnHold)
        };
        match target {
            HoldTarget::Lot(lot) => {
                if self.find_lot(*lot) {
                    if self.after.lots[lot].held == held {
                        self.fault_of(lot_reason, &class_of(*lot));
                    }
                    self.after.lots.entry(*lot).or_default().held = held;
                }
            }
            HoldTarget::Objects(objects) => {
                let objects = self.find_all(objects);
                for place in &objects {
                    let is_here = self.check_status(*place, &[Status::Active]) && self.check_here(*place);
                    if is_here && self.after.graph[*place].held == held {
                        self.fault(object_reason, *place);
                    }
                }
                for place in &objects {
                    self.change(*place, true, |object| object.held = held);
                }
            }
        }
    }

    pub(super) fn check_may_end(&mut self, place: NodeIndex, status: Status) {
        let allowed =
            if status == Status::Rejected { &[Status::Active][..] } else { &[Status::Active, Status::Rejected] };
        if self.check_status(place, allowed) {
            self.check_here(place);
        }
    }

    /// Those that are not inside another of them.
    pub(super) fn outermost(&self, places: &[NodeIndex]) -> Vec<NodeIndex> {
        let is_inside =
            |place: &NodeIndex| self.after.ancestors_of(*place).iter().any(|around| places.contains(around));
        places.iter().copied().filter(|place| !is_inside(place)).collect()
    }

    pub(super) fn take_out_of_use(&mut self, objects: &[Identifier], status: Status) {
        let objects = self.find_all(objects);
        for place in &objects {
            self.check_may_end(*place, status);
        }
        if !self.is_refused() {
            let outermost = self.outermost(&objects);
            self.take_out(&outermost, Opening::ByPolicy);
            self.end_trees(&outermost, status);
        }
    }

    pub(super) fn decommission(&mut self, Decommission { objects, contents }: &Decommission) {
        let objects = self.find_all(objects);
        for place in &objects {
            self.check_may_end(*place, Status::Decommissioned);
            let is_active = self.after.graph[*place].status == Status::Active;
            if *contents == ContentsFate::StayActive && is_active && self.check_not_held(*place) {
                self.check_contents_not_held(*place);
            }
        }
        let leaving: Vec<_> = match contents {
            ContentsFate::Too => self.outermost(&objects),
            ContentsFate::StayActive => {
                let is_in_named =
                    |place: &NodeIndex| self.after.parent_of(*place).is_some_and(|at| objects.contains(&at));
                objects.iter().copied().filter(|place| !is_in_named(place)).collect()
            }
        };
        if self.policy.decommission_inside == DecommissionInside::Refuse {
            for place in &leaving {
                if self.after.parent_of(*place).is_some() {
                    self.fault(Reason::ObjectInContainer, *place);
                }
            }
        }
        if self.is_refused() {
            return;
        }
        self.take_out(&leaving, Opening::ByPolicy);
        match contents {
            ContentsFate::Too => self.end_trees(&leaving, Status::Decommissioned),
            ContentsFate::StayActive => {
                for place in &objects {
                    self.empty(*place, Opening::OutOfUse);
                }
                self.end(&objects, Status::Decommissioned);
            }
        }
    }
}
