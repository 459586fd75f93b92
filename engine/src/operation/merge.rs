//! Merge: everything in one container goes into another.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::fit::{check_fit, check_open};
use super::plan::Plan;
use crate::fact::Trust;
use crate::forest::record::Ix;
use crate::refusal::Reason;

/// Everything in one container goes into another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Merge {
    /// The container that is emptied.
    pub from: Identifier,
    /// The container that takes it.
    pub into: Identifier,
}

impl Merge {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if self.from == self.into {
            plan.fault(Reason::ObjectsMustDiffer, &self.into);
            return;
        }
        let (from, into) = (plan.find(&self.from), plan.find(&self.into));
        if let Some(from) = from {
            check_source(plan, from);
        }
        let is_open = into.is_some_and(|into| check_open(plan, into));
        let (Some(from), Some(into)) = (from, into) else { return };
        if plan.ancestors(into).contains(&from) {
            plan.fault_at_because(Reason::WouldBeCycle, from, into);
        }
        let (children, quantities) = (plan.children(from), plan.quantities(from).to_vec());
        if is_open {
            check_fit(plan, into, &children);
        }
        if plan.is_refused() {
            return;
        }
        plan.empty(from, Trust::Inferred, Opening::ByPolicy);
        plan.join(into, children);
        plan.add_quantities(into, &self.into, &quantities);
    }
}

fn check_source(plan: &mut Plan<'_>, from: Ix) {
    let record = plan.record(from);
    if plan.check_movable_as(from, &record) && plan.is_empty(from) {
        plan.fault_at(Reason::ContainerIsEmpty, from);
    }
}
