//! Split: a part of a container goes into a new one.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::fit::check_fit;
use super::plan::Plan;
use super::relabel::check_unused;
use crate::fact::{Level, Trust};
use crate::forest::record::Ix;
use crate::limits::PACK_CHILDREN_MAX;
use crate::refusal::Reason;

/// A part of a container goes into a new one, which is commissioned by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Split {
    /// The container that gives.
    pub from: Identifier,
    /// The children that go.
    pub children: Vec<Identifier>,
    /// The identifier of the new container.
    pub into: Identifier,
}

impl Split {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.check_number(self.children.len(), PACK_CHILDREN_MAX);
        if plan.is_refused() {
            return;
        }
        let from = plan.find(&self.from);
        if let Some(from) = from {
            plan.check_usable(from);
        }
        let children = plan.find_all(&self.children);
        for child in &children {
            check_child(plan, *child, from);
        }
        check_unused(plan, &self.into);
        let Some(from) = from.filter(|_| !plan.is_refused()) else { return };
        let record = plan.record(from);
        // A level that was only concluded is concluded again, from what goes into the new container.
        let level = if record.level_is_inferred() { Level::Unknown } else { record.level() };
        let Some(into) = plan.commission(&self.into, level) else { return };
        plan.leave(from, children.clone(), Trust::Verified, Opening::ByPolicy);
        check_fit(plan, into, &children);
        plan.join(into, children);
    }
}

fn check_child(plan: &mut Plan<'_>, child: Ix, from: Option<Ix>) {
    let record = plan.record(child);
    if !plan.check_movable_as(child, &record) {
        return;
    }
    match record.parent.known() {
        None => plan.fault_at(Reason::ChildNotInAnyParent, child),
        Some(real) if from.is_some_and(|from| from != real) => {
            plan.fault_at_because(Reason::ChildNotInParent, child, real);
        }
        Some(_) => {}
    }
}
