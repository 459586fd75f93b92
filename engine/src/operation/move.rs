//! Move: children go from wherever they are into another parent, in one fact.

use packtree_gs1::Identifier;

use super::pack::put_in;
use super::plan::Plan;
use crate::fact::Level;
use crate::limits::PACK_CHILDREN_MAX;
use crate::policy::ChildWithParent;

/// Children go from wherever they are into another parent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    /// The children.
    pub children: Vec<Identifier>,
    /// The new parent.
    pub into: Identifier,
}

impl Move {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.check_number(self.children.len(), PACK_CHILDREN_MAX);
        if plan.is_refused() {
            return;
        }
        let into = plan.find_or_commission(&self.into, Level::Unknown);
        let children = plan.find_or_commission_all(&self.children);
        put_in(plan, into, children, ChildWithParent::Move);
    }
}
