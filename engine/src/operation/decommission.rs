//! Decommission: identifiers go out of use.

use std::collections::HashSet;

use foldhash::fast::FixedState;
use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::plan::Plan;
use super::take_out_of_use::{check_may_end, outermost};
use crate::fact::{Status, Trust};
use crate::forest::record::Ix;
use crate::policy::DecommissionInside;
use crate::refusal::Reason;

/// Identifiers go out of use; needs a reason.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decommission {
    /// The objects.
    pub objects: Vec<Identifier>,
    /// What becomes of the contents of a container.
    pub contents: ContentsFate,
}

/// What becomes of the contents of a container that is decommissioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentsFate {
    /// They are decommissioned too.
    Too,
    /// They come out and stay active.
    StayActive,
}

impl Decommission {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.require_reason();
        let objects = plan.find_all(&self.objects);
        for ix in &objects {
            check_may_end(plan, *ix, Status::Decommissioned);
        }
        match self.contents {
            ContentsFate::Too => {
                let outermost = outermost(plan, &objects);
                leave_containers(plan, &outermost);
                if !plan.is_refused() {
                    plan.end_life_of_trees(&outermost, Status::Decommissioned);
                }
            }
            ContentsFate::StayActive => keep_contents(plan, objects),
        }
    }
}

/// Takes objects out of the containers that they are in, or refuses, as the policy says.
fn leave_containers(plan: &mut Plan<'_>, objects: &[Ix]) {
    if plan.policy().decommission_inside == DecommissionInside::Refuse {
        for ix in objects {
            if let Some(parent) = plan.record(*ix).parent.known() {
                plan.fault_at_because(Reason::ObjectInContainer, *ix, parent);
            }
        }
    } else if !plan.is_refused() {
        plan.take_out(objects, Trust::Verified, Opening::ByPolicy);
    }
}

/// Contents come out of the containers that go. They stay in use, so nothing around them or among them may be on hold.
fn keep_contents(plan: &mut Plan<'_>, objects: Vec<Ix>) {
    for ix in &objects {
        let record = plan.record(*ix);
        if record.status() == Status::Active && plan.check_not_held(*ix, &record) {
            plan.check_contents_not_held(*ix);
        }
    }
    let named: HashSet<Ix, FixedState> = objects.iter().copied().collect();
    let staying: Vec<Ix> = objects.iter().copied().filter(|ix| !named.contains(&plan.record(*ix).parent)).collect();
    leave_containers(plan, &staying);
    if plan.is_refused() {
        return;
    }
    for container in &objects {
        plan.empty(*container, Trust::Inferred, Opening::OutOfUse);
    }
    plan.end_life(objects, Status::Decommissioned);
}
