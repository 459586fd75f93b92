//! Void ship: a shipment is declared not to have happened.

use packtree_gs1::Identifier;

use super::custody::{check_away_root, set_custody};
use super::plan::Plan;

/// Declares that roots were not shipped after all; needs a reason and a role.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VoidShip {
    /// The roots.
    pub roots: Vec<Identifier>,
}

impl VoidShip {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.require_reason();
        plan.require_role(&plan.policy().authority.void);
        let roots = plan.find_all(&self.roots);
        for root in &roots {
            check_away_root(plan, *root);
        }
        set_custody(plan, roots, false);
    }
}
