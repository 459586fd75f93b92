//! Reset: a container holds exactly what was counted in it.

use std::collections::HashSet;

use foldhash::fast::FixedState;
use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::fit::{check_container, check_fit};
use super::plan::Plan;
use crate::fact::{Effect, Level, Trust};
use crate::forest::record::Ix;
use crate::limits::PACK_CHILDREN_MAX;
use crate::refusal::Reason;

/// A container holds exactly this set, whatever was recorded before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reset {
    /// The container.
    pub container: Identifier,
    /// What was physically counted in it.
    pub children: Vec<Identifier>,
}

impl Reset {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if PACK_CHILDREN_MAX < self.children.len() {
            plan.fault_of_operation(Reason::TooManyObjects);
            return;
        }
        let container = plan.find_or_commission(&self.container, Level::Unknown);
        let counted = plan.find_or_commission_all(&self.children);
        let Some(container) = container else { return };
        check_counted_container(plan, container);
        let present = plan.children(container);
        let (missing, new) = (without(&present, &counted), without(&counted, &present));
        for child in &missing {
            let record = plan.record(*child);
            plan.check_movable_as(*child, &record);
        }
        let around = plan.ancestors(container);
        for child in &new {
            check_new(plan, *child, container, &around);
        }
        if plan.is_refused() {
            return;
        }
        if !missing.is_empty() {
            plan.leave(container, missing.clone(), Trust::Verified, Opening::ByPolicy);
        } else if !new.is_empty() {
            plan.open(container, Opening::ByPolicy);
        }
        plan.take_out(&new, Trust::Verified, Opening::ByPolicy);
        check_fit(plan, container, &new);
        plan.join(container, new);
        if plan.effects.is_empty() {
            // The count agrees with what was recorded, which is worth recording.
            plan.effects.push(Effect::Noted { objects: vec![container], late: false });
        }
    }
}

/// Those of the first list that are not in the second.
fn without(some: &[Ix], others: &[Ix]) -> Vec<Ix> {
    let others: HashSet<Ix, FixedState> = others.iter().copied().collect();
    some.iter().copied().filter(|ix| !others.contains(ix)).collect()
}

fn check_counted_container(plan: &mut Plan<'_>, container: Ix) {
    let record = plan.record(container);
    if !plan.check_usable_as(container, &record) || !check_container(plan, container, &record) {
        return;
    }
    if !plan.quantities(container).is_empty() {
        plan.fault_at(Reason::QuantitiesInContainer, container);
    }
}

fn check_new(plan: &mut Plan<'_>, child: Ix, container: Ix, around: &[Ix]) {
    if child == container {
        plan.fault_at(Reason::ContainerIntoItself, child);
        return;
    }
    let record = plan.record(child);
    if plan.check_movable_as(child, &record) && around.contains(&child) {
        plan.fault_at_because(Reason::WouldBeCycle, child, container);
    }
}
