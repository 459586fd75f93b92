//! Replace: an old unit goes out, a new one takes its place.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::fit::{check_fit, leaf_lot};
use super::plan::Plan;
use crate::fact::{Status, Trust};
use crate::forest::record::Ix;
use crate::refusal::Reason;

/// An old unit goes out, with its fate, and a new one takes its place; the container keeps its identity and its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Replace {
    /// The unit that goes.
    pub old: Identifier,
    /// The loose unit that comes.
    pub new: Identifier,
    /// What becomes of the old one.
    pub fate: Fate,
}

/// What becomes of a unit that was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It is loose.
    Loose,
    /// It is taken as a sample.
    Sampled,
    /// It is rejected.
    Rejected,
    /// It is destroyed.
    Destroyed,
    /// Its identifier goes out of use.
    Decommissioned,
}

impl Fate {
    /// The status that the old unit takes.
    pub const fn status(self) -> Option<Status> {
        match self {
            Self::Loose => None,
            Self::Sampled => Some(Status::Sampled),
            Self::Rejected => Some(Status::Rejected),
            Self::Destroyed => Some(Status::Destroyed),
            Self::Decommissioned => Some(Status::Decommissioned),
        }
    }
}

impl Replace {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if self.fate != Fate::Loose {
            plan.require_reason();
        }
        if self.fate == Fate::Destroyed {
            plan.require_role(&plan.policy().authority.destroy);
        }
        if self.old == self.new {
            plan.fault(Reason::ObjectsMustDiffer, &self.new);
            return;
        }
        let (old, new) = (plan.find(&self.old), plan.find(&self.new));
        let parent = old.and_then(|old| self.check_old(plan, old));
        if let Some(new) = new {
            check_new(plan, new, old, parent);
        }
        let (Some(old), Some(new), Some(parent)) = (old, new, parent) else { return };
        plan.leave(parent, vec![old], Trust::Verified, Opening::KeepsPlace);
        check_fit(plan, parent, &[new]);
        plan.join(parent, vec![new]);
        if let Some(status) = self.fate.status() {
            plan.end_life_of_trees(&[old], status);
        }
    }

    /// Checks the object that goes, and returns the container that it is in.
    fn check_old(&self, plan: &mut Plan<'_>, old: Ix) -> Option<Ix> {
        let record = plan.record(old);
        // A hold on the object itself ends with its life; it only keeps it from going loose.
        let may_go = match self.fate {
            Fate::Loose => plan.check_movable_as(old, &record),
            _ => plan.check_status(old, &record, &[Status::Active]) && plan.check_here(old, &record),
        };
        if !may_go {
            return None;
        }
        let Some(parent) = record.parent.known() else {
            plan.fault_at(Reason::ChildNotInAnyParent, old);
            return None;
        };
        plan.check_usable(parent).then_some(parent)
    }
}

/// Checks the object that comes: usable, loose, and of the same kind as the one that goes.
fn check_new(plan: &mut Plan<'_>, new: Ix, old: Option<Ix>, parent: Option<Ix>) {
    let record = plan.record(new);
    if !plan.check_movable_as(new, &record) {
        return;
    }
    if let Some(other) = record.parent.known() {
        let reason = if parent == Some(other) { Reason::ChildAlreadyInParent } else { Reason::ChildHasOtherParent };
        plan.fault_at_because(reason, new, other);
        return;
    }
    if let Some(parent) = parent
        && plan.root(parent) == new
    {
        plan.fault_at_because(Reason::WouldBeCycle, new, parent);
    }
    if let Some(old) = old
        && (record.level() != plan.record(old).level() || leaf_lot(plan, new).class != leaf_lot(plan, old).class)
    {
        plan.fault_at_because(Reason::ProductsDiffer, new, old);
    }
}
