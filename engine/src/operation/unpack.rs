//! Unpack: children come out of their parents.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::plan::Plan;
use crate::fact::{Decimal, Quantity, Trust};
use crate::forest::View;
use crate::forest::record::Ix;
use crate::limits::PACK_CHILDREN_MAX;
use crate::policy::WrongParent;
use crate::refusal::Reason;

/// Children come out of their parents.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unpack {
    /// What comes out.
    pub what: Contents,
    /// Whether it was seen.
    pub trust: Trust,
}

/// What is unpacked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Contents {
    /// Everything in the parent, one level.
    All {
        /// The parent.
        parent: Identifier,
    },
    /// Everything under the parent, on every level.
    Recursive {
        /// The outermost container.
        parent: Identifier,
    },
    /// The named children, which may sit in several parents.
    Named {
        /// The parent, if the caller names it; it must match.
        parent: Option<Identifier>,
        /// The children.
        children: Vec<Identifier>,
        /// What comes out that is known by class and quantity only; needs the parent.
        quantities: Vec<Quantity>,
    },
}

impl Unpack {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        match &self.what {
            Contents::All { parent } => unpack_all(plan, parent, self.trust),
            Contents::Recursive { parent } => unpack_recursive(plan, parent, self.trust),
            Contents::Named { parent, children, quantities } => {
                unpack_named(plan, parent.as_ref(), children, quantities, self.trust);
            }
        }
    }
}

/// Finds a container that may be emptied, or plans the faults.
fn find_filled(plan: &mut Plan<'_>, parent: &Identifier) -> Option<Ix> {
    let ix = plan.find(parent)?;
    let record = plan.record(ix);
    if !plan.check_movable_as(ix, &record) {
        return None;
    }
    if plan.is_empty(ix) {
        plan.fault(Reason::ContainerIsEmpty, parent);
        return None;
    }
    Some(ix)
}

fn unpack_all(plan: &mut Plan<'_>, parent: &Identifier, trust: Trust) {
    if let Some(ix) = find_filled(plan, parent) {
        plan.empty(ix, trust, Opening::ByPolicy);
    }
}

/// The outermost container comes apart first, so that each of the others is loose when it is emptied.
fn unpack_recursive(plan: &mut Plan<'_>, parent: &Identifier, trust: Trust) {
    let Some(ix) = find_filled(plan, parent) else { return };
    let mut containers = vec![ix];
    plan.draft.for_each_below(ix, &mut |below, record| {
        if record.is_container() {
            containers.push(below);
        }
    });
    for container in containers {
        plan.empty(container, trust, Opening::ByPolicy);
    }
}

fn unpack_named(
    plan: &mut Plan<'_>,
    parent: Option<&Identifier>,
    children: &[Identifier],
    quantities: &[Quantity],
    trust: Trust,
) {
    plan.check_number(children.len() + quantities.len(), PACK_CHILDREN_MAX);
    if plan.is_refused() {
        return;
    }
    let may_be_wrong = plan.policy().wrong_parent == WrongParent::Ignore && quantities.is_empty();
    let named = match parent {
        Some(parent) if may_be_wrong => plan.draft.find(parent),
        Some(parent) => plan.find(parent),
        None => None,
    };
    let found = plan.find_some(children);
    for child in &found {
        check_child(plan, *child, named.filter(|_| !may_be_wrong));
    }
    if !quantities.is_empty() {
        match named {
            Some(parent) => take_quantities(plan, parent, quantities),
            None if parent.is_none() => plan.fault_of_operation(Reason::QuantityNotThere),
            None => {}
        }
    }
    if !plan.is_refused() {
        plan.take_out(&found, trust, Opening::ByPolicy);
    }
}

fn check_child(plan: &mut Plan<'_>, child: Ix, named: Option<Ix>) {
    let record = plan.record(child);
    if !plan.check_movable_as(child, &record) {
        return;
    }
    match (record.parent.known(), named) {
        (None, _) => plan.fault_at(Reason::ChildNotInAnyParent, child),
        (Some(real), Some(named)) if real != named => plan.fault_at_because(Reason::ChildNotInParent, child, real),
        _ => {}
    }
}

/// Plans that quantities come out; each must be there, of the same class and unit.
fn take_quantities(plan: &mut Plan<'_>, parent: Ix, taken: &[Quantity]) {
    if !plan.check_usable(parent) {
        return;
    }
    let mut left = plan.quantities(parent).to_vec();
    for take in taken {
        let line = left.iter().position(|known| known.class == take.class && known.unit == take.unit);
        let rest = line.and_then(|line| rest_of(&left[line], take));
        match (line, rest) {
            (Some(line), Some(rest)) if rest.digits == 0 => {
                left.remove(line);
            }
            (Some(line), Some(rest)) => left[line].amount = Some(rest),
            _ => plan.fault_because(Reason::QuantityNotThere, &take.class, parent),
        }
    }
    plan.set_quantities(parent, left);
    plan.open(parent, Opening::ByPolicy);
}

/// What is left of a line; `None` when it does not hold that much.
fn rest_of(known: &Quantity, take: &Quantity) -> Option<Decimal> {
    match (known.amount, take.amount) {
        (Some(known), Some(take)) => known.checked_sub(take).filter(|rest| 0 <= rest.digits),
        // Without an amount, all of the class comes out.
        (_, None) => Some(Decimal::whole(0)),
        (None, Some(_)) => None,
    }
}
