//! Ship: roots leave, with everything under them.

use packtree_gs1::Identifier;

use super::custody::{check_root, set_custody};
use super::plan::Plan;
use crate::fact::{Seal, Status};
use crate::forest::View;
use crate::forest::record::Ix;
use crate::limits::OPERATION_OBJECTS_MAX;
use crate::refusal::Reason;

/// Roots leave, with everything under them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ship {
    /// The roots.
    pub roots: Vec<Identifier>,
}

impl Ship {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.check_number(self.roots.len(), OPERATION_OBJECTS_MAX);
        if plan.is_refused() {
            return;
        }
        let roots = plan.find_or_commission_all(&self.roots);
        for root in &roots {
            check(plan, *root);
        }
        set_custody(plan, roots, true);
    }
}

fn check(plan: &mut Plan<'_>, root: Ix) {
    let record = plan.record(root);
    let may_leave = plan.check_status(root, &record, &[Status::Active])
        && plan.check_here(root, &record)
        && plan.check_not_held(root, &record)
        && check_root(plan, root);
    if may_leave && record.is_container() {
        plan.check_contents_not_held(root);
        check_not_broken(plan, root);
    }
}

/// Faults for each container of a tree that is broken.
fn check_not_broken(plan: &mut Plan<'_>, root: Ix) {
    let draft = plan.draft;
    let mut broken = Vec::new();
    if draft.seal(root) == Seal::Broken {
        broken.push(root);
    }
    draft.for_each_below(root, &mut |below, record| {
        if record.is_container() && draft.container_at(record.link).seal == Seal::Broken {
            broken.push(below);
        }
    });
    for ix in broken {
        plan.fault_at(Reason::ContainerIsBroken, ix);
    }
}
