//! Receive: roots arrive, with everything under them.

use packtree_gs1::Identifier;

use super::custody::check_away_root;
use super::plan::Plan;
use crate::fact::{Effect, Trust};
use crate::limits::OPERATION_OBJECTS_MAX;

/// Roots arrive, with everything under them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Receive {
    /// The roots.
    pub roots: Vec<Identifier>,
    /// Whether the contents were scanned or taken on trust.
    pub trust: Trust,
}

impl Receive {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.check_number(self.roots.len(), OPERATION_OBJECTS_MAX);
        if plan.is_refused() {
            return;
        }
        let roots = plan.find_or_commission_all(&self.roots);
        for root in &roots {
            // What this engine sees for the first time comes from somebody whose facts it never had.
            if !plan.is_fresh(*root) {
                check_away_root(plan, *root);
            }
        }
        plan.effects.push(Effect::CustodySet { objects: roots, away: false, trust: self.trust });
    }
}
