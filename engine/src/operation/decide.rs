//! The one dispatcher: from a request to the effects that it would have, or the refusal.

use std::collections::{HashMap, HashSet};

use packtree_gs1::Identifier;

use super::overtaken::is_overtaken;
use super::plan::{Context, Plan};
use super::{Operation, Request};
use crate::codec::FACT_BYTES_MAX;
use crate::fact::{Effect, Microseconds, Quantity, Signature, Standing, Status, Verb};
use crate::forest::record::Ix;
use crate::forest::view::known_key;
use crate::forest::{Draft, View};
use crate::limits::{EVENT_TIME_AHEAD_MAX_US, EVENT_TIME_MIN_US, NOTE_BYTES_MAX, OBJECTS_MAX};
use crate::policy::{LateEvent, Policy};
use crate::refusal::{Fault, Reason, Refusal};

/// What an accepted operation would make true.
#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) effects: Vec<Effect<Ix>>,
    /// What it came to: where it was late or came too early, the effects change no state.
    pub(crate) standing: Standing,
}

impl Decision {
    /// The decision with who vouched for it.
    pub(super) fn signed(mut self, request: &Request) -> Self {
        self.effects.extend(signed(request));
        self
    }
}

/// Who vouched for a request beside the actor, as the last effect of its fact.
pub(super) fn signed(request: &Request) -> Option<Effect<Ix>> {
    let Signature { by, role } = request.signature.clone()?;
    Some(Effect::Signed { by, role })
}

/// Decides whether a request is allowed on `draft`. Touches nothing, reads no clock and no disk.
pub(crate) fn decide(
    request: &Request,
    policy: &Policy,
    now: Microseconds,
    draft: &Draft<'_>,
) -> Result<Decision, Refusal> {
    decide_within(request, policy, now, draft, OBJECTS_MAX)
}

/// As [`decide`], for an engine that holds so many objects at most.
pub(super) fn decide_within(
    request: &Request,
    policy: &Policy,
    now: Microseconds,
    draft: &Draft<'_>,
    capacity: u32,
) -> Result<Decision, Refusal> {
    decide_unsigned(request, policy, now, draft, capacity).map(|decision| decision.signed(request))
}

fn decide_unsigned(
    request: &Request,
    policy: &Policy,
    now: Microseconds,
    draft: &Draft<'_>,
    capacity: u32,
) -> Result<Decision, Refusal> {
    let context = Context::new(request, policy, capacity);
    if context.event_time < EVENT_TIME_MIN_US || now.saturating_add(EVENT_TIME_AHEAD_MAX_US) < context.event_time {
        return Err(Refusal::of_operation(Reason::EventTimeOutOfRange));
    }
    let mut plan = Plan::new(draft, context);
    request.operation.decide(&mut plan);
    // What follows for containers does not make an operation late, or two stations could not empty the same pallet.
    let own = plan.effects.len();
    if !plan.is_refused() {
        plan.settle();
    }
    if plan.is_refused() {
        let refusal = Refusal { faults: in_order(request, first_of_each(plan.faults)), position: 0 };
        return late_all_the_same(request, policy, draft, &refusal).ok_or(refusal);
    }
    if !fits(draft, &plan.effects) {
        return Err(Refusal::of_operation(Reason::TooManyObjects));
    }
    let late = late_objects(draft, context.event_time, request.operation.verb(), &plan.effects[..own], &plan.again);
    if late.is_empty() {
        return Ok(Decision { effects: plan.effects, standing: Standing::Done });
    }
    match policy.late_event {
        LateEvent::Refuse => {
            let faults = late.iter().map(|ix| Fault::of(Reason::EventIsLate, draft.identifier(*ix))).collect();
            Err(Refusal { faults: in_order(request, faults), position: 0 })
        }
        LateEvent::Record | LateEvent::ParkForMinutes(_) => {
            let objects = objects_named(draft, &plan.effects, &plan.again);
            Ok(Decision { effects: vec![Effect::Noted { objects, late: true }], standing: Standing::Late })
        }
    }
}

/// The decision that an operation is late, if what stands in its way is newer and the policy has older events recorded.
fn late_all_the_same(request: &Request, policy: &Policy, draft: &Draft<'_>, refusal: &Refusal) -> Option<Decision> {
    let parks = match policy.late_event {
        LateEvent::Refuse => return None,
        LateEvent::Record => false,
        LateEvent::ParkForMinutes(_) => true,
    };
    if !is_overtaken(refusal, &request.operation, request.event_time.at, parks, draft) {
        return None;
    }
    let effects = vec![Effect::Noted { objects: objects_known(&request.operation, draft), late: true }];
    fits(draft, &effects).then_some(Decision { effects, standing: Standing::Late })
}

impl Operation {
    fn decide(&self, plan: &mut Plan<'_>) {
        match self {
            Self::Commission(operation) => operation.decide(plan),
            Self::Pack(operation) => operation.decide(plan),
            Self::Unpack(operation) => operation.decide(plan),
            Self::Move(operation) => operation.decide(plan),
            Self::Replace(operation) => operation.decide(plan),
            Self::Swap(operation) => operation.decide(plan),
            Self::Relabel(operation) => operation.decide(plan),
            Self::Merge(operation) => operation.decide(plan),
            Self::Split(operation) => operation.decide(plan),
            Self::Reset(operation) => operation.decide(plan),
            Self::Close(operation) => operation.decide(plan),
            Self::Reopen(operation) => operation.decide(plan),
            Self::Hold(operation) => operation.decide(plan),
            Self::Release(operation) => operation.decide(plan),
            Self::Sample(operation) => operation.decide(plan, Status::Sampled),
            Self::Reject(operation) => operation.decide(plan, Status::Rejected),
            Self::Destroy(operation) => operation.decide(plan, Status::Destroyed),
            Self::Decommission(operation) => operation.decide(plan),
            Self::CorrectLot(operation) => operation.decide(plan),
            Self::Ship(operation) => operation.decide(plan),
            Self::VoidShip(operation) => operation.decide(plan),
            Self::Receive(operation) => operation.decide(plan),
            Self::Return(operation) => operation.decide(plan),
            Self::Observe(operation) => operation.decide(plan),
            Self::Configure(operation) => operation.decide(plan),
        }
    }
}

/// Whether the fact of these effects fits into a frame, whatever its identifiers look like.
pub(super) fn fits(draft: &Draft<'_>, effects: &[Effect<Ix>]) -> bool {
    /// A key, the fact before, and a share of the rest of the record.
    const OBJECT_BYTES: usize = 40;
    let spelled = |identifier: &Identifier| match identifier {
        Identifier::Opaque(opaque) => OBJECT_BYTES + opaque.uri().len(),
        _ if known_key(identifier).is_some() => OBJECT_BYTES,
        _ => 2 * OBJECT_BYTES,
    };
    let line_bytes = |line: &Quantity| spelled(&line.class) + line.unit.as_ref().map_or(0, |unit| unit.as_str().len());
    let mut bytes = 2 * NOTE_BYTES_MAX;
    for effect in effects {
        match effect {
            Effect::Commissioned { objects, .. } | Effect::Sighted { objects, .. } => {
                bytes += objects.iter().map(spelled).sum::<usize>();
            }
            Effect::Parked { parking, .. } => {
                let objects = parking.objects.iter().chain(&parking.others);
                bytes += parking.operation.len() + objects.map(spelled).sum::<usize>();
            }
            Effect::QuantitiesSet { quantities, .. } => bytes += quantities.iter().map(line_bytes).sum::<usize>(),
            _ => {}
        }
        effect.for_each_object(|ix| bytes += draft.spelling_bytes(*ix).unwrap_or(0) + OBJECT_BYTES);
    }
    bytes <= FACT_BYTES_MAX as usize
}

/// Faults in the order in which the operation names their objects; what it does not name itself comes last.
fn in_order(request: &Request, mut faults: Vec<Fault>) -> Vec<Fault> {
    if 1 < faults.len() {
        let mut places: HashMap<&Identifier, usize> = HashMap::new();
        let (heads, list) = request.operation.named();
        for (place, identifier) in heads.into_iter().flatten().chain(list).enumerate() {
            places.entry(identifier).or_insert(place);
        }
        let place = |object: &Identifier| places.get(object).copied().unwrap_or(usize::MAX);
        faults.sort_by_key(|fault| fault.object.as_ref().map(place));
    }
    faults
}

/// One fault for each object: its first reason.
fn first_of_each(faults: Vec<Fault>) -> Vec<Fault> {
    let mut places: HashMap<Identifier, usize> = HashMap::new();
    let mut first: Vec<Fault> = Vec::new();
    for fault in faults {
        let Some(object) = &fault.object else {
            first.push(fault);
            continue;
        };
        match places.get(object) {
            Some(place) if first[*place].reason.precedes(fault.reason) => {}
            Some(place) => first[*place] = fault,
            None => {
                places.insert(object.clone(), first.len());
                first.push(fault);
            }
        }
    }
    first
}

/// The objects for which a newer event is recorded.
///
/// What an object's own place, closure, status or custody depends on counts, and custody changes for everything in a container at
/// once. A container does not become newer by one more child: only emptying, closing and the like settle it, or two stations with
/// slightly different clocks could not fill the same pallet.
fn late_objects(draft: &Draft<'_>, time: Microseconds, verb: Verb, effects: &[Effect<Ix>], again: &[Ix]) -> Vec<Ix> {
    let mut newest = Newest { draft, fact: (0, Microseconds::MIN), around: (Ix::NONE, Microseconds::MIN) };
    let mut late = Vec::new();
    let mut check = |ix: &Ix| {
        if ix.0 < draft.len() && time < newest.of(*ix) {
            late.push(*ix);
        }
    };
    again.iter().for_each(&mut check);
    let mut filled = Vec::new();
    for effect in effects {
        match effect {
            Effect::Joined { parent, children } => {
                children.iter().for_each(&mut check);
                filled.push(*parent);
            }
            Effect::Left { children, .. } => children.iter().for_each(&mut check),
            Effect::QuantitiesSet { parent, .. } => filled.push(*parent),
            Effect::Sealed { objects, .. } if matches!(verb, Verb::Close | Verb::Reopen) => {
                objects.iter().for_each(&mut check);
            }
            Effect::StatusSet { objects, .. }
            | Effect::HoldSet { objects, .. }
            | Effect::CustodySet { objects, .. } => {
                objects.iter().for_each(&mut check);
            }
            Effect::Relabelled { from, .. } => draft.find(from).iter().for_each(&mut check),
            _ => {}
        }
    }
    let settled = |ix: Ix| draft.container(ix).map_or(Microseconds::MIN, |container| container.settled);
    let is_settled_later = |ix: &Ix| ix.0 < draft.len() && time < settled(*ix).max(draft.custody_around(*ix));
    late.extend(filled.into_iter().filter(is_settled_later));
    late.sort_unstable();
    late.dedup();
    late
}

/// The event time of the newest event of objects. Neighbours most often share their last fact and their container.
struct Newest<'d> {
    draft: &'d Draft<'d>,
    /// The last fact of a plain object, and its time.
    fact: (u64, Microseconds),
    /// The container of an object, and when the custody of what is in it last changed.
    around: (Ix, Microseconds),
}

impl Newest<'_> {
    fn of(&mut self, ix: Ix) -> Microseconds {
        let record = self.draft.record(ix);
        if record.parent != self.around.0 {
            let custody = record.parent.known().map_or(Microseconds::MIN, |parent| self.draft.custody_around(parent));
            self.around = (record.parent, custody);
        }
        let own = if record.is_container() {
            self.draft.newest_of(&record)
        } else {
            if record.last_fact() != self.fact.0 {
                self.fact = (record.last_fact(), self.draft.newest_of(&record));
            }
            self.fact.1
        };
        own.max(self.around.1)
    }
}

/// The objects of the draft that an operation names, each once, in its order.
pub(super) fn objects_known(operation: &Operation, draft: &Draft<'_>) -> Vec<Ix> {
    let (heads, list) = operation.named();
    let mut seen = HashSet::new();
    let known = heads.into_iter().flatten().chain(list).filter_map(|object| draft.find(object));
    known.filter(|ix| seen.insert(*ix)).collect()
}

/// The objects of the draft that effects name, each once, in the order of first mention.
fn objects_named(draft: &Draft<'_>, effects: &[Effect<Ix>], again: &[Ix]) -> Vec<Ix> {
    let mut seen = HashSet::new();
    let mut objects = Vec::new();
    let mut add = |ix: Ix| {
        if ix.0 < draft.len() && seen.insert(ix) {
            objects.push(ix);
        }
    };
    for ix in again {
        add(*ix);
    }
    for effect in effects {
        effect.for_each_object(|ix| add(*ix));
        if let Effect::Relabelled { from, .. } = effect {
            draft.find(from).into_iter().for_each(&mut add);
        }
    }
    objects
}
