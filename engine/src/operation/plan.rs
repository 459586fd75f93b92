//! What the rules are written in: the state that an operation meets, the faults found so far, and the effects planned so far.

use foldhash::fast::FixedState;
use packtree_gs1::Identifier;
use std::collections::HashMap;

use super::Request;
use super::consequence::{Change, Opened};
use crate::fact::{Effect, Level, Microseconds, Role, Status};
use crate::forest::apply::fresh_record;
use crate::forest::record::{Class, ClassTag, Container, Ix, Record};
use crate::forest::view::{is_instance, known_key};
use crate::forest::{Draft, View};
use crate::limits::OPERATION_OBJECTS_MAX;
use crate::policy::{Policy, Uncommissioned};
use crate::refusal::{Fault, Reason};

/// What a decision depends on beside the draft: no clock, no disk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) role: Role,
    /// The role of whoever signed.
    pub(crate) signing_role: Option<Role>,
    pub(crate) event_time: Microseconds,
    pub(crate) has_reason: bool,
    pub(crate) has_note: bool,
    /// Objects that the engine holds at most.
    pub(crate) capacity: u32,
}

impl<'a> Context<'a> {
    pub(crate) fn new(request: &Request, policy: &'a Policy, capacity: u32) -> Self {
        Self {
            policy,
            role: request.role,
            signing_role: request.signature.as_ref().map(|signature| signature.role),
            event_time: request.event_time.at,
            has_reason: request.reason.is_some(),
            has_note: request.note.is_some(),
            capacity,
        }
    }
}

/// A decision on its way.
///
/// The effects count only if there is no fault, so a rule may plan them before its last check. Objects that the operation would
/// commission have places behind the draft's.
pub(crate) struct Plan<'p> {
    pub(crate) draft: &'p Draft<'p>,
    pub(crate) context: Context<'p>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) effects: Vec<Effect<Ix>>,
    /// Objects that began an earlier life under the same identifier.
    pub(super) again: Vec<Ix>,
    fresh: Vec<(Identifier, Level)>,
    fresh_places: HashMap<Identifier, Ix>,
    /// What the planned effects do to containers.
    pub(super) changes: HashMap<Ix, Change, FixedState>,
    /// Containers from which something was taken, in order.
    pub(super) opened: Vec<Opened>,
}

impl<'p> Plan<'p> {
    pub(crate) fn new(draft: &'p Draft<'p>, context: Context<'p>) -> Self {
        Self {
            draft,
            context,
            faults: Vec::new(),
            effects: Vec::new(),
            again: Vec::new(),
            fresh: Vec::new(),
            fresh_places: HashMap::new(),
            changes: HashMap::default(),
            opened: Vec::new(),
        }
    }

    pub(crate) fn policy(&self) -> &'p Policy {
        self.context.policy
    }

    pub(crate) fn is_refused(&self) -> bool {
        !self.faults.is_empty()
    }

    pub(crate) fn fault(&mut self, reason: Reason, object: &Identifier) {
        self.faults.push(Fault::of(reason, object.clone()));
    }

    pub(crate) fn fault_because(&mut self, reason: Reason, object: &Identifier, other: Ix) {
        let other = self.identifier(other);
        self.faults.push(Fault::of(reason, object.clone()).because_of(Some(other)));
    }

    /// A fault of an object that is known by its place.
    pub(crate) fn fault_at(&mut self, reason: Reason, ix: Ix) {
        self.faults.push(Fault::of(reason, self.identifier(ix)));
    }

    /// A fault of an object that is known by its place, and what stands in the way.
    pub(crate) fn fault_at_because(&mut self, reason: Reason, ix: Ix, other: Ix) {
        let fault = Fault::of(reason, self.identifier(ix)).because_of(Some(self.identifier(other)));
        self.faults.push(fault);
    }

    pub(crate) fn fault_of_operation(&mut self, reason: Reason) {
        self.faults.push(Fault::of_operation(reason));
    }

    /// Whether an operation names something, and no more than it may; else the fault.
    pub(crate) fn check_number(&mut self, objects: usize, most: usize) -> bool {
        if objects == 0 {
            self.fault_of_operation(Reason::NothingNamed);
        } else if most < objects {
            self.fault_of_operation(Reason::TooManyObjects);
        }
        (1..=most).contains(&objects)
    }

    pub(crate) fn require_reason(&mut self) {
        if !self.context.has_reason {
            self.fault_of_operation(Reason::ReasonRequired);
        }
    }

    pub(crate) fn require_role(&mut self, roles: &[Role]) {
        let Context { role, signing_role, .. } = self.context;
        if !std::iter::once(role).chain(signing_role).any(|role| roles.contains(&role)) {
            self.fault_of_operation(Reason::RoleNotAllowed);
        }
    }

    /// The object of an identifier, or the fault that there is none.
    pub(crate) fn find(&mut self, identifier: &Identifier) -> Option<Ix> {
        let found = self.draft.find(identifier);
        if found.is_none() {
            self.fault(missing(identifier), identifier);
        }
        found
    }

    /// The objects of a list, in its order; faults for those that are unknown or named twice.
    pub(crate) fn find_all(&mut self, identifiers: &[Identifier]) -> Vec<Ix> {
        if self.check_number(identifiers.len(), OPERATION_OBJECTS_MAX) {
            self.find_some(identifiers)
        } else {
            Vec::new()
        }
    }

    /// As [`Plan::find_all`], for a list that may be empty and whose length is checked already.
    pub(crate) fn find_some(&mut self, identifiers: &[Identifier]) -> Vec<Ix> {
        self.find_each(identifiers, Self::find)
    }

    /// As [`Plan::find_all`]; what was never commissioned is commissioned on sight where the policy says so.
    pub(crate) fn find_or_commission_all(&mut self, identifiers: &[Identifier]) -> Vec<Ix> {
        self.find_each(identifiers, |plan, identifier| plan.find_or_commission(identifier, Level::Unknown))
    }

    fn find_each(
        &mut self,
        identifiers: &[Identifier],
        find: impl Fn(&mut Self, &Identifier) -> Option<Ix>,
    ) -> Vec<Ix> {
        self.draft.warm(&mut identifiers.iter().filter_map(known_key));
        let mut found = Vec::with_capacity(identifiers.len());
        for identifier in identifiers {
            found.extend(find(self, identifier));
        }
        self.check_distinct(&found);
        if found.len() < identifiers.len() {
            self.check_missing_distinct(identifiers);
        }
        found
    }

    /// The object of an identifier; one that was never commissioned is commissioned on sight where the policy says so.
    pub(crate) fn find_or_commission(&mut self, identifier: &Identifier, level: Level) -> Option<Ix> {
        if let Some(ix) = self.draft.find(identifier) {
            return Some(ix);
        }
        if self.policy().uncommissioned == Uncommissioned::Refuse || !is_instance(identifier) {
            self.fault(missing(identifier), identifier);
            return None;
        }
        match self.fresh_places.get(identifier) {
            Some(ix) => Some(*ix),
            None => self.sight(identifier, level),
        }
    }

    /// Whether the engine has room for so many more objects than the draft holds.
    pub(crate) fn has_room(&self, objects: usize) -> bool {
        u64::from(self.draft.len()) + objects as u64 <= u64::from(self.context.capacity)
    }

    /// Plans an object that begins to exist with the operation.
    pub(crate) fn commission(&mut self, identifier: &Identifier, level: Level) -> Option<Ix> {
        let ix = self.begin(identifier, level)?;
        self.effects.push(Effect::Commissioned { lot: None, level, objects: vec![identifier.clone()] });
        Some(ix)
    }

    /// Plans an object that becomes known with the operation.
    fn sight(&mut self, identifier: &Identifier, level: Level) -> Option<Ix> {
        let ix = self.begin(identifier, level)?;
        match self.effects.last_mut() {
            Some(Effect::Sighted { level: same, objects }) if *same == level => objects.push(identifier.clone()),
            _ => self.effects.push(Effect::Sighted { level, objects: vec![identifier.clone()] }),
        }
        Some(ix)
    }

    fn begin(&mut self, identifier: &Identifier, level: Level) -> Option<Ix> {
        if !self.has_room(self.fresh.len() + 1) {
            self.fault(Reason::EngineIsFull, identifier);
            return None;
        }
        let ix = Ix(self.draft.len() + self.fresh.len() as u32);
        self.fresh.push((identifier.clone(), level));
        self.fresh_places.insert(identifier.clone(), ix);
        Some(ix)
    }

    fn fresh(&self, ix: Ix) -> Option<&(Identifier, Level)> {
        self.fresh.get(ix.0.checked_sub(self.draft.len())? as usize)
    }

    /// Whether the operation itself would commission the object.
    pub(crate) fn is_fresh(&self, ix: Ix) -> bool {
        self.draft.len() <= ix.0
    }

    /// The object as it is before the operation.
    pub(crate) fn record(&self, ix: Ix) -> Record {
        match self.fresh(ix) {
            Some((identifier, level)) => {
                let tag = known_key(identifier).map_or(ClassTag::Interned, |key| key.class.tag());
                fresh_record(tag, 0, 0, *level)
            }
            None => self.draft.record(ix),
        }
    }

    /// The class of an object that the operation would commission.
    pub(crate) fn fresh_class(&self, ix: Ix) -> Class {
        let key = self.fresh(ix).and_then(|(identifier, _)| known_key(identifier));
        key.map_or(Class::INTERNED, |key| key.class)
    }

    /// The container as it is before the operation.
    pub(crate) fn container(&self, ix: Ix) -> Option<Container> {
        if self.is_fresh(ix) { None } else { self.draft.container(ix) }
    }

    pub(crate) fn identifier(&self, ix: Ix) -> Identifier {
        self.fresh(ix).map_or_else(|| self.draft.identifier(ix), |(identifier, _)| identifier.clone())
    }

    /// Containers around an object before the operation, the innermost first.
    pub(crate) fn ancestors(&self, ix: Ix) -> Vec<Ix> {
        if self.is_fresh(ix) { Vec::new() } else { self.draft.ancestors(ix).collect() }
    }

    /// The outermost container before the operation.
    pub(crate) fn root(&self, ix: Ix) -> Ix {
        if self.is_fresh(ix) { ix } else { self.draft.root(ix) }
    }

    /// Faults for objects that are named more than once.
    pub(crate) fn check_distinct(&mut self, objects: &[Ix]) {
        if objects.windows(2).all(|pair| pair[0] < pair[1]) {
            return;
        }
        let mut sorted = objects.to_vec();
        sorted.sort_unstable();
        for pair in sorted.windows(2) {
            if pair[0] == pair[1] {
                self.fault_at(Reason::ObjectNamedTwice, pair[0]);
            }
        }
    }

    /// Faults for identifiers without an object that are named more than once.
    fn check_missing_distinct(&mut self, identifiers: &[Identifier]) {
        let mut missing: Vec<&Identifier> =
            identifiers.iter().filter(|identifier| self.draft.find(identifier).is_none()).collect();
        missing.sort_unstable();
        for pair in missing.windows(2) {
            if pair[0] == pair[1] {
                self.fault(Reason::ObjectNamedTwice, pair[0]);
            }
        }
    }

    /// Whether the object is in use, here, and on no hold; else the fault.
    pub(crate) fn check_usable(&mut self, ix: Ix) -> bool {
        let record = self.record(ix);
        self.check_usable_as(ix, &record)
    }

    /// As [`Plan::check_usable`], for a record that was read already.
    pub(crate) fn check_usable_as(&mut self, ix: Ix, record: &Record) -> bool {
        self.check_status(ix, record, &[Status::Active])
            && self.check_here(ix, record)
            && self.check_not_held(ix, record)
    }

    /// Whether the object is usable and nothing in it is on hold, so that it may change its place; else the faults.
    pub(crate) fn check_movable_as(&mut self, ix: Ix, record: &Record) -> bool {
        self.check_usable_as(ix, record) && (!record.is_container() || self.check_contents_not_held(ix))
    }

    /// Whether the object has one of these statuses; else the fault.
    pub(crate) fn check_status(&mut self, ix: Ix, record: &Record, allowed: &[Status]) -> bool {
        let is_allowed = allowed.contains(&record.status());
        if !is_allowed {
            self.fault_at(Reason::ObjectNotActive, ix);
        }
        is_allowed
    }

    /// Whether the object is in the custody of this engine; else the fault.
    pub(crate) fn check_here(&mut self, ix: Ix, record: &Record) -> bool {
        let is_away = record.is_away() || (record.parent.known().is_some() && self.draft.is_away(ix));
        if is_away {
            self.fault_at(Reason::ObjectIsAway, ix);
        }
        !is_away
    }

    /// Whether neither the object, nor a container around it, nor its lot is on hold; else the fault.
    pub(crate) fn check_not_held(&mut self, ix: Ix, record: &Record) -> bool {
        if self.draft.holds() == 0 || self.is_fresh(ix) {
            return true;
        }
        if let Some(holder) = self.draft.held_by(ix) {
            self.fault_at_because(Reason::ObjectOnHold, ix, holder);
            return false;
        }
        let is_held = self.draft.lot(self.draft.lot_of(record)).held;
        if is_held {
            self.fault_at(Reason::LotOnHold, ix);
        }
        !is_held
    }

    /// Whether nothing below an object is on hold or of a lot on hold; else the faults.
    pub(crate) fn check_contents_not_held(&mut self, ix: Ix) -> bool {
        if self.draft.holds() == 0 || self.is_fresh(ix) {
            return true;
        }
        let mut held = Vec::new();
        let draft = self.draft;
        draft.for_each_below(ix, &mut |below, record| {
            if record.is_held() {
                held.push((below, Reason::ObjectOnHold));
            } else if draft.lot(draft.lot_of(record)).held {
                held.push((below, Reason::LotOnHold));
            }
        });
        for (below, reason) in &held {
            self.fault_at(*reason, *below);
        }
        held.is_empty()
    }
}

/// Why there is no object of an identifier.
fn missing(identifier: &Identifier) -> Reason {
    if is_instance(identifier) { Reason::ObjectNotFound } else { Reason::IdentifierIsNotAnInstance }
}
