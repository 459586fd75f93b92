//! What the operations share when they decide: finding objects, checking them, and the consequences of taking something out.

use packtree_gs1::Identifier;

use super::Request;
use crate::fact::{Effect, Level, Microseconds, Quantity, Role, Seal, Status, Trust};
use crate::forest::apply::fresh_record;
use crate::forest::record::{ClassTag, Container, Ix, Record};
use crate::forest::view::{is_instance, known_key};
use crate::forest::{Draft, View};
use crate::limits::{OBJECTS_MAX, OPERATION_OBJECTS_MAX};
use crate::policy::{ClosedContainer, EmptiedContainer, Policy, Uncommissioned};
use crate::refusal::{Fault, Reason};

/// What a decision depends on beside the draft: no clock, no disk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) now: Microseconds,
    pub(crate) role: Role,
    pub(crate) event_time: Microseconds,
    pub(crate) has_reason: bool,
}

impl<'a> Context<'a> {
    pub(crate) fn new(request: &Request, policy: &'a Policy, now: Microseconds) -> Self {
        Self {
            policy,
            now,
            role: request.role,
            event_time: request.event_time.at,
            has_reason: request.reason.is_some(),
        }
    }
}

/// A decision on its way: the faults found so far, and the effects that the operation would have.
///
/// The effects count only if there is no fault. Objects that the operation would commission have places behind the draft's.
pub(crate) struct Plan<'p> {
    pub(crate) draft: &'p Draft<'p>,
    pub(crate) context: Context<'p>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) effects: Vec<Effect<Ix>>,
    fresh: Vec<(Identifier, Level)>,
    /// Children that leave, by parent, so that an emptied container is noticed.
    leaving: Vec<(Ix, u32)>,
}

impl<'p> Plan<'p> {
    pub(crate) fn new(draft: &'p Draft<'p>, context: Context<'p>) -> Self {
        Self { draft, context, faults: Vec::new(), effects: Vec::new(), fresh: Vec::new(), leaving: Vec::new() }
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

    pub(crate) fn fault_of_operation(&mut self, reason: Reason) {
        self.faults.push(Fault::of_operation(reason));
    }

    /// Refuses an operation that names nothing, or more than it may.
    pub(crate) fn check_number(&mut self, objects: usize, most: usize) {
        if objects == 0 {
            self.fault_of_operation(Reason::NothingNamed);
        } else if most < objects {
            self.fault_of_operation(Reason::TooManyObjects);
        }
    }

    pub(crate) fn require_reason(&mut self) {
        if !self.context.has_reason {
            self.fault_of_operation(Reason::ReasonRequired);
        }
    }

    pub(crate) fn require_role(&mut self, roles: &[Role]) {
        if !roles.contains(&self.context.role) {
            self.fault_of_operation(Reason::RoleNotAllowed);
        }
    }

    /// The object of an identifier, or the fault that there is none.
    pub(crate) fn find(&mut self, identifier: &Identifier) -> Option<Ix> {
        let found = self.draft.find(identifier);
        if found.is_none() {
            let reason =
                if is_instance(identifier) { Reason::ObjectNotFound } else { Reason::IdentifierIsNotAnInstance };
            self.fault(reason, identifier);
        }
        found
    }

    /// The objects of a list, in its order; faults for those that are unknown or named twice.
    pub(crate) fn find_all(&mut self, identifiers: &[Identifier]) -> Vec<Ix> {
        self.check_number(identifiers.len(), OPERATION_OBJECTS_MAX);
        if self.is_refused() {
            return Vec::new();
        }
        let mut found = Vec::with_capacity(identifiers.len());
        for identifier in identifiers {
            found.extend(self.find(identifier));
        }
        self.check_distinct(&found);
        found
    }

    /// The object of an identifier; one that was never commissioned is commissioned on sight where the policy says so.
    pub(crate) fn find_or_commission(&mut self, identifier: &Identifier, level: Level) -> Option<Ix> {
        if let Some(ix) = self.draft.find(identifier) {
            return Some(ix);
        }
        if self.policy().uncommissioned == Uncommissioned::Refuse || !is_instance(identifier) {
            return self.find(identifier);
        }
        let known = self.fresh.iter().position(|(other, _)| other == identifier);
        if let Some(place) = known {
            return Some(Ix(self.draft.len() + place as u32));
        }
        self.commission(identifier, level)
    }

    /// Plans an object that does not exist yet.
    pub(crate) fn commission(&mut self, identifier: &Identifier, level: Level) -> Option<Ix> {
        let place = u64::from(self.draft.len()) + self.fresh.len() as u64;
        if u64::from(OBJECTS_MAX) <= place {
            self.fault(Reason::EngineIsFull, identifier);
            return None;
        }
        match self.effects.last_mut() {
            Some(Effect::Commissioned { lot: None, level: same, objects }) if *same == level => {
                objects.push(identifier.clone())
            }
            _ => self.effects.push(Effect::Commissioned { lot: None, level, objects: vec![identifier.clone()] }),
        }
        self.fresh.push((identifier.clone(), level));
        Some(Ix(place as u32))
    }

    fn fresh(&self, ix: Ix) -> Option<&(Identifier, Level)> {
        self.fresh.get(ix.0.checked_sub(self.draft.len())? as usize)
    }

    pub(crate) fn record(&self, ix: Ix) -> Record {
        match self.fresh(ix) {
            Some((identifier, level)) => {
                let tag = known_key(identifier).map_or(ClassTag::Interned, |key| key.class.tag());
                fresh_record(tag, 0, 0, *level)
            }
            None => self.draft.record(ix),
        }
    }

    pub(crate) fn container(&self, ix: Ix) -> Option<Container> {
        if self.fresh(ix).is_some() { None } else { self.draft.container(ix) }
    }

    pub(crate) fn identifier(&self, ix: Ix) -> Identifier {
        self.fresh(ix).map_or_else(|| self.draft.identifier(ix), |(identifier, _)| identifier.clone())
    }

    pub(crate) fn quantities(&self, ix: Ix) -> &'p [Quantity] {
        if self.fresh(ix).is_some() { &[] } else { self.draft.quantities(ix) }
    }

    /// Containers around an object of the draft or a planned one, the innermost first.
    pub(crate) fn ancestors(&self, ix: Ix) -> Vec<Ix> {
        if self.fresh(ix).is_some() { Vec::new() } else { self.draft.ancestors(ix).collect() }
    }

    /// Faults for objects that are named more than once.
    pub(crate) fn check_distinct(&mut self, objects: &[Ix]) {
        let mut sorted = objects.to_vec();
        sorted.sort_unstable();
        for pair in sorted.windows(2) {
            if pair[0] == pair[1] {
                let identifier = self.identifier(pair[0]);
                self.fault(Reason::ObjectNamedTwice, &identifier);
            }
        }
    }

    /// Whether the object is in use, here, and on no hold; else the fault.
    pub(crate) fn check_usable(&mut self, ix: Ix) -> bool {
        self.check_in_use(ix) && self.check_not_held(ix)
    }

    /// Whether the object is active and in the custody of this engine; else the fault.
    pub(crate) fn check_in_use(&mut self, ix: Ix) -> bool {
        let record = self.record(ix);
        if record.status() != Status::Active {
            let identifier = self.identifier(ix);
            self.fault(Reason::ObjectNotActive, &identifier);
            return false;
        }
        self.check_here(ix, &record)
    }

    /// Whether the object is in the custody of this engine; else the fault.
    pub(crate) fn check_here(&mut self, ix: Ix, record: &Record) -> bool {
        let away = record.is_away() || (record.parent.known().is_some() && self.draft.is_away(ix));
        if away {
            let identifier = self.identifier(ix);
            self.fault(Reason::ObjectIsAway, &identifier);
        }
        !away
    }

    /// Whether neither the object, nor a container around it, nor its lot is on hold; else the fault.
    pub(crate) fn check_not_held(&mut self, ix: Ix) -> bool {
        if self.draft.holds() == 0 || self.fresh(ix).is_some() {
            return true;
        }
        if let Some(holder) = self.draft.held_by(ix) {
            let identifier = self.identifier(ix);
            self.fault_because(Reason::ObjectOnHold, &identifier, holder);
            return false;
        }
        if self.draft.lot(self.draft.lot_of(&self.record(ix))).held {
            let identifier = self.identifier(ix);
            self.fault(Reason::LotOnHold, &identifier);
            return false;
        }
        true
    }

    /// Faults for everything below an object that is on hold or of a lot on hold.
    pub(crate) fn check_contents_not_held(&mut self, ix: Ix) {
        if self.draft.holds() == 0 || self.fresh(ix).is_some() {
            return;
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
        for (below, reason) in held {
            let identifier = self.identifier(below);
            self.fault(reason, &identifier);
        }
    }

    /// Plans that children leave their parents, whichever those are, with what follows for the containers.
    pub(crate) fn take_out(&mut self, children: &[Ix], trust: Trust) {
        let mut by_parent: Vec<(Ix, Vec<Ix>)> = Vec::new();
        for child in children {
            let parent = self.record(*child).parent;
            match by_parent.last_mut() {
                Some((last, group)) if *last == parent => group.push(*child),
                _ => match by_parent.iter_mut().find(|(other, _)| *other == parent) {
                    Some((_, group)) => group.push(*child),
                    None => by_parent.push((parent, vec![*child])),
                },
            }
        }
        for (parent, group) in by_parent {
            if parent.known().is_some() {
                self.leave(parent, group, trust, Emptied::ByPolicy);
            }
        }
    }

    /// Plans that children leave one parent, with what follows for it and for the containers around it.
    pub(crate) fn leave(&mut self, parent: Ix, children: Vec<Ix>, trust: Trust, emptied: Emptied) {
        let container = self.container(parent).unwrap_or_else(|| Container::of_lot(0));
        let leaving = children.len() as u32;
        self.effects.push(Effect::Left { parent, children, trust });
        self.break_seals(parent);
        let gone = match self.leaving.iter_mut().find(|(other, _)| *other == parent) {
            Some((_, gone)) => {
                *gone += leaving;
                *gone
            }
            None => {
                self.leaving.push((parent, leaving));
                leaving
            }
        };
        let is_empty = gone == container.count && self.quantities(parent).is_empty();
        if is_empty
            && emptied == Emptied::ByPolicy
            && self.policy().emptied_container == EmptiedContainer::IsDecommissioned
        {
            if let Some(around) = self.record(parent).parent.known() {
                self.leave(around, vec![parent], Trust::Inferred, Emptied::ByPolicy);
            }
            self.effects.push(Effect::StatusSet { objects: vec![parent], status: Status::Decommissioned });
        }
    }

    /// Plans what follows for closed containers when something is taken out of `parent`.
    fn break_seals(&mut self, parent: Ix) {
        let is_closed = |plan: &Self, ix: Ix| {
            plan.container(ix).is_some_and(|container| matches!(container.seal, Seal::Closed | Seal::ClosedPartial))
        };
        let mut broken = Vec::new();
        if is_closed(self, parent) {
            broken.push(parent);
        }
        match self.policy().closed_container {
            ClosedContainer::BecomesBroken => {}
            ClosedContainer::AncestorsBecomeBroken => {
                broken.extend(self.ancestors(parent).into_iter().filter(|around| is_closed(self, *around)));
            }
            ClosedContainer::AncestorsAreDisbanded => {
                if !broken.is_empty() {
                    self.disband_around(parent);
                }
            }
        }
        broken.retain(|ix| !self.is_broken_already(*ix));
        if !broken.is_empty() {
            self.effects.push(Effect::Sealed { objects: broken, seal: Seal::Broken });
        }
    }

    fn is_broken_already(&self, ix: Ix) -> bool {
        self.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Sealed { objects, seal: Seal::Broken } if objects.contains(&ix)))
    }

    /// Plans that everything comes out of each container around `parent`.
    fn disband_around(&mut self, parent: Ix) {
        for around in self.ancestors(parent) {
            if self.leaving.iter().any(|(other, _)| *other == around) {
                continue;
            }
            let children: Vec<Ix> = self.draft.children(around).collect();
            self.leaving.push((around, children.len() as u32));
            self.effects.push(Effect::Left { parent: around, children, trust: Trust::Inferred });
        }
    }
}

/// Whether a container that loses its last child is treated as emptied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Emptied {
    /// As the policy says.
    ByPolicy,
    /// No: the operation goes on to fill it, or retires it itself.
    Handled,
}
