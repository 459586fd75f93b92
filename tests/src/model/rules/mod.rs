//! The rules of each operation: what stands in its way, and what it does.

mod checks;
mod custody;
mod life;
mod overtaken;
mod packing;
mod rework;

use packtree::fact::{Level, LotData, LotName, Microseconds, Role, Seal, Status, Trust};
use packtree::limits::{EVENT_TIME_AHEAD_MAX_US, EVENT_TIME_MIN_US, PACK_CHILDREN_MAX};
use packtree::operation::{Close, Configure, Fate, Operation, Replace};
use packtree::policy::{ChildWithParent, LateEvent, Policy};
use packtree::{Identifier, Reason, Request};
use packtree_gs1::{Gtin, Lgtin};

use crate::model::consequence::Attempt;
use crate::model::{Faults, LotState, Model, Object};

const DAY_US: Microseconds = 24 * 60 * 60 * 1_000_000;

/// The state that a request leads to; `None` when it is recorded as late.
pub(super) fn decide(
    before: &Model,
    request: &Request,
    policy: &Policy,
    now: Microseconds,
) -> Result<Option<Model>, Faults> {
    let time = request.event_time.at;
    if time < EVENT_TIME_MIN_US || now + EVENT_TIME_AHEAD_MAX_US < time {
        return Err(Faults::from([(None, Reason::EventTimeOutOfRange)]));
    }
    let mut attempt = Attempt::new(before, policy, time);
    attempt.check_caller(request);
    attempt.perform(&request.operation, request.note.is_some());
    if attempt.is_refused() {
        let faults = attempt.faults();
        let is_late = policy.late_event != LateEvent::Refuse
            && overtaken::is_overtaken(before, &request.operation, time, &faults);
        return if is_late { Ok(None) } else { Err(faults) };
    }
    attempt.settle();
    let late = attempt.late();
    if late.is_empty() {
        return Ok(Some(attempt.finish()));
    }
    match policy.late_event {
        LateEvent::Record | LateEvent::ParkForMinutes(_) => Ok(None),
        LateEvent::Refuse => {
            for place in &late {
                attempt.fault_of(Reason::EventIsLate, &before.graph[*place].id);
            }
            Err(attempt.faults())
        }
    }
}

impl Attempt<'_> {
    /// Whether the caller may, and says why.
    fn check_caller(&mut self, request: &Request) {
        let authority = &self.policy.authority;
        let everybody: &[Role] = Role::ALL;
        let (needs_reason, roles) = match &request.operation {
            Operation::Close(Close { partial: true, .. }) => (true, &authority.close_partial[..]),
            Operation::Reopen(_) => (true, &authority.reopen[..]),
            Operation::VoidShip(_) => (true, &authority.void[..]),
            Operation::Destroy(_) | Operation::Replace(Replace { fate: Fate::Destroyed, .. }) => {
                (true, &authority.destroy[..])
            }
            Operation::Replace(Replace { fate, .. }) => (*fate != Fate::Loose, everybody),
            Operation::Hold(_)
            | Operation::Release(_)
            | Operation::Sample(_)
            | Operation::Reject(_)
            | Operation::Decommission(_)
            | Operation::CorrectLot(_) => (true, everybody),
            Operation::Configure(_) => (false, &authority.configure[..]),
            _ => (false, everybody),
        };
        if needs_reason && request.reason.is_none() {
            self.fault_of_operation(Reason::ReasonRequired);
        }
        let signing = request.signature.as_ref().map(|signature| &signature.role);
        if !std::iter::once(&request.role).chain(signing).any(|role| roles.contains(role)) {
            self.fault_of_operation(Reason::RoleNotAllowed);
        }
    }

    fn perform(&mut self, operation: &Operation, has_note: bool) {
        match operation {
            Operation::Commission(operation) => self.commission(operation),
            Operation::Pack(pack) => {
                if !self.check_number(pack.children.len(), PACK_CHILDREN_MAX) {
                    return;
                }
                let parent = self.find_or_commission(&pack.parent, pack.parent_level);
                let children = self.find_or_commission_all(&pack.children);
                if let Some(parent) = parent {
                    self.state_level(parent, pack.parent_level);
                }
                self.put_in(parent, &children, self.policy.child_with_parent);
            }
            Operation::Move(operation) => {
                if !self.check_number(operation.children.len(), PACK_CHILDREN_MAX) {
                    return;
                }
                let into = self.find_or_commission(&operation.into, Level::Unknown);
                let children = self.find_or_commission_all(&operation.children);
                self.put_in(into, &children, ChildWithParent::Move);
            }
            Operation::Unpack(unpack) => self.unpack(&unpack.what),
            Operation::Replace(operation) => self.replace(operation),
            Operation::Swap(operation) => self.swap(operation),
            Operation::Relabel(operation) => self.relabel(operation),
            Operation::Merge(operation) => self.merge(operation),
            Operation::Split(operation) => self.split(operation),
            Operation::Reset(operation) => self.reset(operation),
            Operation::Close(operation) => self.close(operation),
            Operation::Reopen(operation) => self.reopen(&operation.containers),
            Operation::Hold(operation) => self.set_hold(&operation.target, true),
            Operation::Release(operation) => self.set_hold(&operation.target, false),
            Operation::Sample(operation) => self.take_out_of_use(&operation.objects, Status::Sampled),
            Operation::Reject(operation) => self.take_out_of_use(&operation.objects, Status::Rejected),
            Operation::Destroy(operation) => self.take_out_of_use(&operation.objects, Status::Destroyed),
            Operation::Decommission(operation) => self.decommission(operation),
            Operation::CorrectLot(operation) => {
                if self.find_lot(operation.lot) {
                    self.after.lots.entry(operation.lot).or_default().data = operation.data;
                }
            }
            Operation::Ship(operation) => self.ship(&operation.roots),
            Operation::VoidShip(operation) => {
                let roots = self.find_all(&operation.roots);
                for root in &roots {
                    self.check_away_root(*root);
                }
                self.set_custody(&roots, false, None);
            }
            Operation::Receive(operation) => self.receive(&operation.roots, operation.trust),
            Operation::Return(operation) => self.bring_back(&operation.objects),
            Operation::Observe(operation) => {
                if operation.objects.is_empty() && !has_note {
                    self.fault_of_operation(Reason::NothingNamed);
                }
            }
            Operation::Configure(Configure { name, value }) => {
                let settings = &mut self.after.settings;
                let before = match value {
                    Some(value) => settings.insert(name.clone(), value.clone()),
                    None => settings.remove(name),
                };
                if value.is_none() && before.is_none() {
                    self.fault_of_operation(Reason::SettingNotFound);
                }
            }
        }
    }
}

/// Keeps the dates that were not known.
fn learn(lot: &mut LotState, given: &LotData) {
    let known = &mut lot.data;
    known.expiry = known.expiry.or(given.expiry);
    known.production = known.production.or(given.production);
    known.best_before = known.best_before.or(given.best_before);
}

/// An object that begins to exist. A serialized product of unknown level is taken for a unit until something is in it.
fn fresh(id: &Identifier, level: Level, lot: Option<LotName>) -> Object {
    let is_concluded = level == Level::Unknown && matches!(id, Identifier::Sgtin(_));
    Object {
        id: id.clone(),
        level: if is_concluded { Level::Unit } else { level },
        level_is_inferred: is_concluded,
        status: Status::Active,
        seal: Seal::Open,
        held: false,
        away: false,
        trust: Trust::Verified,
        lot,
        sighted: false,
        newest: Microseconds::MIN,
        settled: Microseconds::MIN,
        custody: Microseconds::MIN,
        was_container: false,
    }
}

fn product_of(id: &Identifier) -> Option<Gtin> {
    match id {
        Identifier::Sgtin(sgtin) => Some(sgtin.gtin),
        _ => None,
    }
}

fn class_of(lot: LotName) -> Identifier {
    Identifier::Lgtin(Lgtin { gtin: lot.gtin, lot: lot.number })
}

/// Whether an identifier names one object.
fn is_instance(id: &Identifier) -> bool {
    match id {
        Identifier::Sscc(_) | Identifier::Sgtin(_) | Identifier::Giai(_) | Identifier::Opaque(_) => true,
        Identifier::Grai(grai) => grai.serial.is_some(),
        _ => false,
    }
}
