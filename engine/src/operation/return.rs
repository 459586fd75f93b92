//! Return: shipped objects come back.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::custody::set_custody;
use super::plan::Plan;
use crate::fact::Trust;
use crate::forest::View;
use crate::forest::record::Ix;
use crate::refusal::Reason;

/// Shipped objects come back; what comes back from inside a shipped container is taken out of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Return {
    /// The objects.
    pub objects: Vec<Identifier>,
}

impl Return {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        let objects = plan.find_all(&self.objects);
        for ix in &objects {
            check_away(plan, *ix);
        }
        if plan.is_refused() {
            return;
        }
        // What comes back alone leaves its container while that is still away, which settles how many are away.
        plan.take_out(&objects, Trust::Verified, Opening::KeepsPlace);
        let roots = objects.into_iter().filter(|ix| plan.record(*ix).is_away()).collect();
        set_custody(plan, roots, false);
    }
}

fn check_away(plan: &mut Plan<'_>, ix: Ix) {
    if !plan.draft.is_away(ix) {
        plan.fault_at(Reason::ObjectIsNotAway, ix);
    }
}
