//! What shipping, receiving and returning share: custody belongs to roots, and what is inside follows.

use super::plan::Plan;
use crate::fact::{Effect, Trust};
use crate::forest::record::Ix;
use crate::refusal::Reason;

/// Whether the object is outermost; else the fault that names its root.
pub(super) fn check_root(plan: &mut Plan<'_>, ix: Ix) -> bool {
    let root = plan.root(ix);
    if root != ix {
        plan.fault_at_because(Reason::ObjectInContainer, ix, root);
    }
    root == ix
}

/// Whether the object is an outermost one that is away; else the fault.
pub(super) fn check_away_root(plan: &mut Plan<'_>, ix: Ix) {
    if check_root(plan, ix) && !plan.record(ix).is_away() {
        plan.fault_at(Reason::ObjectIsNotAway, ix);
    }
}

/// Plans that custody of roots changes, and what is known of their contents does not.
pub(super) fn set_custody(plan: &mut Plan<'_>, roots: Vec<Ix>, away: bool) {
    let (verified, inferred): (Vec<Ix>, Vec<Ix>) =
        roots.into_iter().partition(|ix| plan.record(*ix).trust() == Trust::Verified);
    for (objects, trust) in [(verified, Trust::Verified), (inferred, Trust::Inferred)] {
        if !objects.is_empty() {
            plan.effects.push(Effect::CustodySet { objects, away, trust });
        }
    }
}
