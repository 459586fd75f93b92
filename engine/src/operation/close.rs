//! Close: containers are sealed, full or as partial.

use packtree_gs1::Identifier;

use super::fit::{check_container, full_count, pieces};
use super::plan::Plan;
use crate::fact::{Effect, Seal};
use crate::forest::record::Ix;
use crate::refusal::Reason;

/// Containers are sealed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Close {
    /// The containers.
    pub containers: Vec<Identifier>,
    /// Whether they hold fewer than their packaging says; needs a reason and a role.
    pub partial: bool,
}

impl Close {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if self.partial {
            plan.require_reason();
            plan.require_role(&plan.policy().authority.close_partial);
        }
        let containers = plan.find_all(&self.containers);
        for container in &containers {
            self.check(plan, *container);
        }
        let seal = if self.partial { Seal::ClosedPartial } else { Seal::Closed };
        plan.effects.push(Effect::Sealed { objects: containers, seal });
    }

    fn check(&self, plan: &mut Plan<'_>, container: Ix) {
        let record = plan.record(container);
        if !plan.check_usable_as(container, &record) || !check_container(plan, container, &record) {
            return;
        }
        if plan.is_empty(container) {
            plan.fault_at(Reason::ContainerIsEmpty, container);
            return;
        }
        if matches!(plan.seal(container), Seal::Closed | Seal::ClosedPartial) {
            plan.fault_at(Reason::ContainerIsClosed, container);
            return;
        }
        // Where nobody says how many make it full, the caller's word is taken for it.
        let (Some(full), Some(pieces)) = (full_count(plan, container), pieces(plan, container)) else { return };
        let is_full = u64::from(full) <= pieces;
        match (is_full, self.partial) {
            (false, false) => plan.fault_at(Reason::ContainerIsNotFull, container),
            (true, true) => plan.fault_at(Reason::ContainerIsNotPartial, container),
            _ => {}
        }
    }
}
