//! Sample, reject and destroy: objects come out of their containers and go out of use, with everything in them.

use std::collections::HashSet;

use foldhash::fast::FixedState;
use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::plan::Plan;
use crate::fact::{Status, Trust};
use crate::forest::View;
use crate::forest::record::Ix;

/// Units are taken out of their containers and out of use; needs a reason.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TakeOutOfUse {
    /// The objects.
    pub objects: Vec<Identifier>,
}

impl TakeOutOfUse {
    /// Decides a sample, a rejection or a destruction, whichever ends in `status`.
    pub(super) fn decide(&self, plan: &mut Plan<'_>, status: Status) {
        plan.require_reason();
        if status == Status::Destroyed {
            plan.require_role(&plan.policy().authority.destroy);
        }
        let objects = plan.find_all(&self.objects);
        for ix in &objects {
            check_may_end(plan, *ix, status);
        }
        if !plan.is_refused() {
            let outermost = outermost(plan, &objects);
            plan.take_out(&outermost, Trust::Verified, Opening::ByPolicy);
            plan.end_life_of_trees(&outermost, status);
        }
    }
}

/// Checks that an object is here and that what became of it is not final. A hold does not matter: this is how one may end.
pub(super) fn check_may_end(plan: &mut Plan<'_>, ix: Ix, status: Status) {
    let record = plan.record(ix);
    let allowed = if status == Status::Rejected { &[Status::Active][..] } else { &[Status::Active, Status::Rejected] };
    if plan.check_status(ix, &record, allowed) {
        plan.check_here(ix, &record);
    }
}

/// Those that are not inside another of the list.
pub(super) fn outermost(plan: &Plan<'_>, objects: &[Ix]) -> Vec<Ix> {
    let named: HashSet<Ix, FixedState> = objects.iter().copied().collect();
    let is_inside = |ix: &Ix| plan.draft.ancestors(*ix).any(|around| named.contains(&around));
    objects.iter().copied().filter(|ix| !is_inside(ix)).collect()
}

impl Plan<'_> {
    /// Plans that objects and everything in them goes out of use. What is out of use is in nothing and holds nothing: a later
    /// unpack could not touch it.
    pub(super) fn end_life_of_trees(&mut self, outermost: &[Ix], status: Status) {
        let mut ending = Vec::new();
        let mut containers = Vec::new();
        for ix in outermost {
            ending.push(*ix);
            containers.push(*ix);
            self.draft.for_each_below(*ix, &mut |below, record| {
                ending.push(below);
                if record.is_container() {
                    containers.push(below);
                }
            });
        }
        for container in containers {
            self.empty(container, Trust::Inferred, Opening::OutOfUse);
        }
        self.end_life(ending, status);
    }
}
