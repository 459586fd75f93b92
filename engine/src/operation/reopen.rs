//! Reopen: closed or broken containers are opened again.

use packtree_gs1::Identifier;

use super::plan::Plan;
use crate::fact::{Effect, Seal};
use crate::refusal::Reason;

/// Closed or broken containers are opened again; needs a reason and a role.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reopen {
    /// The containers.
    pub containers: Vec<Identifier>,
}

impl Reopen {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.require_reason();
        plan.require_role(&plan.policy().authority.reopen);
        let containers = plan.find_all(&self.containers);
        for container in &containers {
            if plan.check_usable(*container) && plan.seal(*container) == Seal::Open {
                plan.fault_at(Reason::ContainerIsOpen, *container);
            }
        }
        plan.effects.push(Effect::Sealed { objects: containers, seal: Seal::Open });
    }
}
