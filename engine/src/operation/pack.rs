//! Pack: children go into a parent.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::fit::{check_fit, check_open};
use super::plan::Plan;
use crate::fact::{Level, Quantity, Trust};
use crate::forest::record::Ix;
use crate::limits::PACK_CHILDREN_MAX;
use crate::policy::ChildWithParent;
use crate::refusal::Reason;

/// Children go into a parent, behind those that are there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pack {
    /// The parent.
    pub parent: Identifier,
    /// Its level, if the caller knows it and it may still be unknown to the engine.
    pub parent_level: Level,
    /// The children.
    pub children: Vec<Identifier>,
    /// Children that are known by class and quantity only.
    pub quantities: Vec<Quantity>,
}

impl Pack {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.check_number(self.children.len() + self.quantities.len(), PACK_CHILDREN_MAX);
        if plan.is_refused() {
            return;
        }
        let parent = plan.find_or_commission(&self.parent, self.parent_level);
        let children = plan.find_or_commission_all(&self.children);
        put_in(plan, parent, children, plan.policy().child_with_parent);
        if let Some(parent) = parent {
            plan.add_quantities(parent, &self.parent, &self.quantities);
        }
    }
}

/// Checks that children may go into a parent and plans it; those in another parent move, or are refused.
pub(super) fn put_in(plan: &mut Plan<'_>, parent: Option<Ix>, children: Vec<Ix>, with_parent: ChildWithParent) {
    let around = parent.map_or_else(Vec::new, |parent| plan.ancestors(parent));
    let mut moving = Vec::new();
    for child in &children {
        if check_place(plan, *child, parent, &around, with_parent) {
            moving.push(*child);
        }
    }
    let Some(parent) = parent else { return };
    check_open(plan, parent);
    check_fit(plan, parent, &children);
    if plan.is_refused() {
        return;
    }
    // After this point nothing is refused but too many quantities.
    plan.take_out(&moving, Trust::Verified, Opening::ByPolicy);
    plan.join(parent, children);
}

/// Checks one child where it is; whether it has to leave another parent first.
fn check_place(
    plan: &mut Plan<'_>,
    child: Ix,
    parent: Option<Ix>,
    around: &[Ix],
    with_parent: ChildWithParent,
) -> bool {
    if parent == Some(child) {
        plan.fault_at(Reason::ContainerIntoItself, child);
        return false;
    }
    let record = plan.record(child);
    if !plan.check_movable_as(child, &record) {
        return false;
    }
    if let Some(parent) = parent
        && around.contains(&child)
    {
        plan.fault_at_because(Reason::WouldBeCycle, child, parent);
        return false;
    }
    let Some(other) = record.parent.known() else { return false };
    if parent == Some(other) {
        plan.fault_at_because(Reason::ChildAlreadyInParent, child, other);
    } else if with_parent == ChildWithParent::Refuse {
        plan.fault_at_because(Reason::ChildHasOtherParent, child, other);
    }
    true
}
