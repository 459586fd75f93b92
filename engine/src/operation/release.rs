//! Release: a hold ends.

use packtree_gs1::Identifier;

use super::hold::{HoldTarget, class_of_lot, find_lot};
use super::plan::Plan;
use crate::fact::{Effect, LotName, Status};
use crate::forest::View;
use crate::refusal::{Fault, Reason};

/// Ends a hold; needs a reason.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Release {
    /// What.
    pub target: HoldTarget,
}

impl Release {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.require_reason();
        match &self.target {
            HoldTarget::Objects(objects) => release_objects(plan, objects),
            HoldTarget::Lot(lot) => release_lot(plan, *lot),
        }
    }
}

fn release_objects(plan: &mut Plan<'_>, objects: &[Identifier]) {
    let objects = plan.find_all(objects);
    for ix in &objects {
        let record = plan.record(*ix);
        if plan.check_status(*ix, &record, &[Status::Active]) && plan.check_here(*ix, &record) && !record.is_held() {
            // What it is held by, if anything, is what can be released.
            let holder = plan.draft.held_by(*ix).map(|holder| plan.identifier(holder));
            let fault = Fault::of(Reason::ObjectNotOnHold, plan.identifier(*ix)).because_of(holder);
            plan.faults.push(fault);
        }
    }
    plan.effects.push(Effect::HoldSet { objects, held: false });
}

fn release_lot(plan: &mut Plan<'_>, lot: LotName) {
    if find_lot(plan, lot).is_some_and(|known| !known.held) {
        plan.fault(Reason::ObjectNotOnHold, &class_of_lot(lot));
    }
    plan.effects.push(Effect::LotHoldSet { lot, held: false });
}
