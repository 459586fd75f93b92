//! Hold: objects or a lot are blocked until they are released.

use packtree_gs1::{Identifier, Lgtin};

use super::plan::Plan;
use crate::fact::{Effect, LotName, Status};
use crate::forest::View;
use crate::forest::record::LotRecord;
use crate::forest::view::class_of;
use crate::refusal::Reason;

/// What is put on hold or released.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HoldTarget {
    /// Objects, each with everything under it.
    Objects(Vec<Identifier>),
    /// A whole lot, in constant time.
    Lot(LotName),
}

/// Puts objects or a lot on hold; needs a reason.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hold {
    /// What.
    pub target: HoldTarget,
}

impl Hold {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.require_reason();
        match &self.target {
            HoldTarget::Objects(objects) => hold_objects(plan, objects),
            HoldTarget::Lot(lot) => hold_lot(plan, *lot),
        }
    }
}

fn hold_objects(plan: &mut Plan<'_>, objects: &[Identifier]) {
    let objects = plan.find_all(objects);
    for ix in &objects {
        let record = plan.record(*ix);
        if !plan.check_status(*ix, &record, &[Status::Active]) || !plan.check_here(*ix, &record) {
            continue;
        }
        if record.is_held() {
            plan.fault_at(Reason::ObjectAlreadyOnHold, *ix);
        }
    }
    plan.effects.push(Effect::HoldSet { objects, held: true });
}

fn hold_lot(plan: &mut Plan<'_>, lot: LotName) {
    if find_lot(plan, lot).is_some_and(|known| known.held) {
        plan.fault(Reason::LotAlreadyOnHold, &class_of_lot(lot));
    }
    plan.effects.push(Effect::LotHoldSet { lot, held: true });
}

/// A lot, or the fault that nothing of it was ever commissioned.
pub(super) fn find_lot(plan: &mut Plan<'_>, lot: LotName) -> Option<LotRecord> {
    let place = plan.draft.lot_place(class_of(lot.gtin), lot.number.value());
    if place.is_none() {
        plan.fault(Reason::LotNotFound, &class_of_lot(lot));
    }
    place.map(|place| plan.draft.lot(place))
}

/// How a lot is named in a fault.
pub(super) const fn class_of_lot(lot: LotName) -> Identifier {
    Identifier::Lgtin(Lgtin { gtin: lot.gtin, lot: lot.number })
}
