//! Swap: two objects change places.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::fit::check_fit;
use super::plan::Plan;
use crate::fact::Trust;
use crate::forest::record::Ix;
use crate::refusal::Reason;

/// Two objects change places.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Swap {
    /// One.
    pub one: Identifier,
    /// The other.
    pub other: Identifier,
}

impl Swap {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if self.one == self.other {
            plan.fault(Reason::ObjectsMustDiffer, &self.other);
            return;
        }
        let (one, other) = (plan.find(&self.one), plan.find(&self.other));
        for ix in [one, other].into_iter().flatten() {
            let record = plan.record(ix);
            plan.check_movable_as(ix, &record);
        }
        let (Some(one), Some(other)) = (one, other) else { return };
        check_pair(plan, one, other);
        if plan.is_refused() {
            return;
        }
        let parents = [plan.record(one).parent.known(), plan.record(other).parent.known()];
        plan.take_out(&[one, other], Trust::Verified, Opening::KeepsPlace);
        for (parent, comes) in parents.into_iter().zip([other, one]) {
            if let Some(parent) = parent {
                check_fit(plan, parent, &[comes]);
                plan.join(parent, vec![comes]);
            }
        }
    }
}

/// Checks that two objects have places that they can exchange.
fn check_pair(plan: &mut Plan<'_>, one: Ix, other: Ix) {
    let places = (plan.record(one).parent.known(), plan.record(other).parent.known());
    match places {
        (None, None) => [one, other].into_iter().for_each(|ix| plan.fault_at(Reason::ChildNotInAnyParent, ix)),
        (Some(parent), Some(same)) if parent == same => {
            plan.fault_at_because(Reason::ChildAlreadyInParent, other, parent);
        }
        _ => {}
    }
    for (inner, outer) in [(one, other), (other, one)] {
        if plan.ancestors(inner).contains(&outer) {
            plan.fault_at_because(Reason::WouldBeCycle, outer, inner);
        }
    }
    if plan.record(one).level() != plan.record(other).level() {
        plan.fault_at_because(Reason::ProductsDiffer, other, one);
    }
}
