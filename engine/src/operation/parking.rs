//! Events that come before what they build on: which of them wait, and when they are decided again.
//!
//! An operation that is refused only for reasons that [may pass](Reason::may_pass) is parked under a policy that parks: accepted as a
//! fact that changes nothing. It is decided again after each fact that touches an object that it concerns. Whatever was newer than it
//! already when it came can no longer let it pass, so then it is recorded as late.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;
use packtree_gs1::Identifier;

use super::decide::{Decision, decide_within, fits, objects_known, signed};
use super::overtaken::{is_overtaken, receiver};
use super::{Operation, Request};
use crate::fact::{Effect, Header, Microseconds, Parking, ParkingEnd, Sequence, Standing};
use crate::forest::record::Ix;
use crate::forest::{Concern, Draft, View};
use crate::limits::{OBJECTS_MAX, PARKED_BYTES_MAX, PARKED_MAX, PARKED_OBJECTS_MAX};
use crate::policy::{LateEvent, Policy};
use crate::refusal::{Fault, Reason, Refusal};

const MINUTE_US: Microseconds = 60 * 1_000_000;

/// Decides as [`decide`](super::decide::decide) does, and parks an event that came too early where the policy says so.
///
/// For single operations: those of a sequence are done all or none, and none of them waits.
pub(crate) fn decide_or_park(
    request: &Request,
    policy: &Policy,
    now: Microseconds,
    draft: &Draft<'_>,
) -> Result<Decision, Refusal> {
    decide_or_park_within(request, policy, now, draft, OBJECTS_MAX)
}

/// As [`decide_or_park`], for an engine that holds so many objects at most.
pub(super) fn decide_or_park_within(
    request: &Request,
    policy: &Policy,
    now: Microseconds,
    draft: &Draft<'_>,
    capacity: u32,
) -> Result<Decision, Refusal> {
    let decided = decide_within(request, policy, now, draft, capacity);
    let LateEvent::ParkForMinutes(minutes) = policy.late_event else { return decided };
    let time = request.event_time.at;
    let refusal = match decided {
        Ok(decision) => match waits_behind(&request.operation, time, u64::MAX, &decision, draft) {
            None => return Ok(decision),
            Some(refusal) => refusal,
        },
        Err(refusal) if !may_pass(&refusal) => return Err(refusal),
        Err(refusal) => refusal,
    };
    park(request, now, now.saturating_add(Microseconds::from(minutes) * MINUTE_US), draft, refusal)
}

fn may_pass(refusal: &Refusal) -> bool {
    refusal.faults.iter().all(|fault| fault.reason.may_pass())
}

/// The objects about which an earlier event is parked, as a refusal; none where the operation need not wait.
fn waits_behind(
    operation: &Operation,
    time: Microseconds,
    number: u64,
    decision: &Decision,
    draft: &Draft<'_>,
) -> Option<Refusal> {
    if draft.parked_len() == 0 || decision.effects.iter().all(Effect::only_notes) {
        return None;
    }
    let receiver = receiver(operation);
    let is_behind = |object: &Identifier| {
        draft.parked_about(object).into_iter().any(|(fact, concern)| {
            let waits = match concern {
                Concern::Named => true,
                Concern::Receives => receiver != Some(object),
                Concern::StandsInTheWay => false,
            };
            waits && draft.parking(fact).is_some_and(|parking| (parking.header.event_time.at, fact) < (time, number))
        })
    };
    let mut objects: Vec<Identifier> = named(operation).cloned().collect();
    for effect in &decision.effects {
        effect.for_each_object(|ix| {
            if ix.0 < draft.len() {
                objects.push(draft.identifier(*ix));
            }
        });
    }
    let mut seen: HashSet<&Identifier, RandomState> = HashSet::default();
    let behind = objects.iter().filter(|object| seen.insert(object) && is_behind(object));
    let faults: Vec<Fault> = behind.map(|object| Fault::of(Reason::EarlierEventIsParked, object.clone())).collect();
    (!faults.is_empty()).then_some(Refusal { faults, position: 0 })
}

/// Every object that an operation names, in its order.
fn named(operation: &Operation) -> impl Iterator<Item = &Identifier> {
    let (heads, list) = operation.named();
    heads.into_iter().flatten().chain(list)
}

fn park(
    request: &Request,
    since: Microseconds,
    until: Microseconds,
    draft: &Draft<'_>,
    refusal: Refusal,
) -> Result<Decision, Refusal> {
    let objects: Vec<Identifier> = named(&request.operation).cloned().collect();
    let others = in_the_way(&refusal, &objects, draft);
    if PARKED_OBJECTS_MAX < objects.len() || PARKED_OBJECTS_MAX < others.len() {
        return Err(refusal);
    }
    let parking = Parking {
        header: Header { note: None, ..request.header() },
        verb: request.operation.verb(),
        since,
        until,
        reasons: reasons(&refusal),
        objects,
        others,
        operation: request.operation.to_bytes(request.signature.as_ref()),
    };
    if draft.parked_len() == PARKED_MAX || PARKED_BYTES_MAX < draft.parked_bytes() + parking.bytes() {
        let mut faults = vec![Fault::of_operation(Reason::ParkingIsFull)];
        faults.extend(refusal.faults);
        return Err(Refusal { faults, ..refusal });
    }
    let effect = Effect::Parked { objects: objects_known(&request.operation, draft), parking: Arc::new(parking) };
    let effects = vec![effect];
    if !fits(draft, &effects) {
        return Err(refusal);
    }
    Ok(Decision { effects, standing: Standing::Parked }.signed(request))
}

/// The reasons of a refusal, each once, in order of precedence.
fn reasons(refusal: &Refusal) -> Vec<Reason> {
    let given: HashSet<Reason> = refusal.faults.iter().map(|fault| fault.reason).collect();
    Reason::ALL.iter().copied().filter(|reason| given.contains(reason)).collect()
}

/// What stands in the way beside the objects that the operation names: those at fault, what they are in, and what is around that.
fn in_the_way(refusal: &Refusal, objects: &[Identifier], draft: &Draft<'_>) -> Vec<Identifier> {
    let mut seen: HashSet<Identifier, RandomState> = objects.iter().cloned().collect();
    let mut others = Vec::new();
    for object in refusal.faults.iter().flat_map(|fault| fault.object.iter().chain(&fault.other)) {
        let around = draft.find(object).into_iter().flat_map(|ix| draft.ancestors(ix));
        let around = around.map(|ix| draft.identifier(ix));
        others.extend(std::iter::once(object.clone()).chain(around).filter(|object| seen.insert(object.clone())));
    }
    others
}

/// What became of a parked operation: a fact that is to be applied before the next is asked for.
pub(crate) struct Released {
    pub(crate) parking: Arc<Parking>,
    pub(crate) effects: Vec<Effect<Ix>>,
}

impl Released {
    /// When it happened.
    pub(crate) fn time(&self) -> Microseconds {
        self.parking.header.event_time.at
    }
}

/// Parked operations that are to be decided again, by event time, then by the facts that parked them.
#[derive(Debug, Default)]
pub(crate) struct Due {
    queue: BTreeSet<(Microseconds, u64)>,
}

impl Due {
    /// Everything that is parked.
    pub(crate) fn all(draft: &Draft<'_>) -> Self {
        Self::those(|_| true, draft)
    }

    /// What has waited long enough.
    pub(crate) fn overdue(now: Microseconds, draft: &Draft<'_>) -> Self {
        Self::those(|parking| parking.until <= now, draft)
    }

    fn those(is_due: impl Fn(&Parking) -> bool, draft: &Draft<'_>) -> Self {
        let mut due = Self::default();
        draft.for_each_parked(&mut |fact, parking| {
            if is_due(parking) {
                due.queue.insert((parking.header.event_time.at, fact));
            }
        });
        due
    }

    /// Adds what a fact, which is applied to the draft, may have released.
    pub(crate) fn after(&mut self, effects: &[Effect<Ix>], draft: &Draft<'_>) {
        if draft.parked_len() == 0 {
            return;
        }
        for effect in effects.iter().filter(|effect| !effect.only_notes()) {
            match effect {
                Effect::Commissioned { objects, .. } | Effect::Sighted { objects, .. } => {
                    for object in objects {
                        self.about(object, draft);
                    }
                }
                Effect::Relabelled { from, to } => [from, to].into_iter().for_each(|object| self.about(object, draft)),
                _ => effect.for_each_object(|ix| self.about(&draft.identifier(*ix), draft)),
            }
        }
    }

    fn about(&mut self, object: &Identifier, draft: &Draft<'_>) {
        for (fact, _) in draft.parked_about(object) {
            self.queue.extend(draft.parking(fact).map(|parking| (parking.header.event_time.at, fact)));
        }
    }

    /// The next that waits no longer. The others are left as they are.
    pub(crate) fn next(&mut self, policy: &Policy, now: Microseconds, draft: &Draft<'_>) -> Option<Released> {
        self.next_within(policy, now, draft, OBJECTS_MAX)
    }

    /// As [`Due::next`], for an engine that holds so many objects at most.
    pub(super) fn next_within(
        &mut self,
        policy: &Policy,
        now: Microseconds,
        draft: &Draft<'_>,
        capacity: u32,
    ) -> Option<Released> {
        while let Some((_, fact)) = self.queue.pop_first() {
            let Some(parking) = draft.parking(fact).map(Arc::clone) else { continue };
            if let Some(effects) = decide_again(fact, &parking, policy, now, draft, capacity) {
                // Whatever the end, nothing has to wait behind it any more.
                parking.objects.iter().for_each(|object| self.about(object, draft));
                return Some(Released { parking, effects });
            }
        }
        None
    }
}

/// What a parked operation comes to now; `None` while it waits on.
fn decide_again(
    fact: u64,
    parking: &Parking,
    policy: &Policy,
    now: Microseconds,
    draft: &Draft<'_>,
    capacity: u32,
) -> Option<Vec<Effect<Ix>>> {
    let request = request_of(parking);
    let time = request.event_time.at;
    let objects = || objects_known(&request.operation, draft);
    let ended = |end, objects| Effect::Unparked { objects, parked: Sequence(fact), end };
    let only = |end| std::iter::once(ended(end, objects())).chain(signed(&request)).collect();
    let refusal = match decide_within(&request, policy, now, draft, capacity) {
        Ok(decision) => {
            let Some(refusal) = waits_behind(&request.operation, time, fact, &decision, draft) else {
                let is_late = decision.standing == Standing::Late;
                let end = if is_late { ParkingEnd::Late } else { ParkingEnd::Done };
                return Some(std::iter::once(ended(end, Vec::new())).chain(decision.effects).collect());
            };
            refusal
        }
        // What is parked ends as it began, whatever the policy says by now.
        Err(refusal) if is_overtaken(&refusal, &request.operation, time, true, draft) => {
            let noted = Effect::Noted { objects: objects(), late: true };
            let effects = [ended(ParkingEnd::Late, Vec::new()), noted].into_iter();
            return Some(effects.chain(signed(&request)).collect());
        }
        Err(refusal) if !may_pass(&refusal) => return Some(only(ParkingEnd::Refused(refusal.reason()))),
        Err(refusal) => refusal,
    };
    (parking.until <= now).then(|| only(ParkingEnd::Expired(refusal.reason())))
}

/// The request that was parked, without its note, which no operation that is ever parked depends on.
fn request_of(parking: &Parking) -> Request {
    let Header { request, actor, role, station, event_time, entry, reason, .. } = parking.header.clone();
    let operation = Operation::of_parked(parking).expect("what is parked was checked when it was read");
    let signature = parking.signature();
    Request { id: request, actor, role, station, event_time, entry, reason, note: None, signature, operation }
}

#[cfg(test)]
mod tests;
