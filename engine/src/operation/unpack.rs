//! Unpack: children come out of their parents.

use packtree_gs1::Identifier;

use super::plan::{Emptied, Plan};
use super::{Contents, Unpack};
use crate::fact::{Effect, Quantity, Trust};
use crate::forest::View;
use crate::forest::record::Ix;
use crate::limits::PACK_CHILDREN_MAX;
use crate::policy::WrongParent;
use crate::refusal::Reason;

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
    if !plan.check_usable(ix) {
        return None;
    }
    if plan.draft.count(ix) == 0 && plan.quantities(ix).is_empty() {
        plan.fault(Reason::ContainerIsEmpty, parent);
        return None;
    }
    plan.check_contents_not_held(ix);
    Some(ix)
}

fn unpack_all(plan: &mut Plan<'_>, parent: &Identifier, trust: Trust) {
    let Some(ix) = find_filled(plan, parent) else { return };
    empty(plan, ix, trust);
}

/// Plans that everything comes out of one container, also what is known by quantity only.
fn empty(plan: &mut Plan<'_>, ix: Ix, trust: Trust) {
    if !plan.quantities(ix).is_empty() {
        plan.effects.push(Effect::QuantitiesSet { parent: ix, quantities: Vec::new() });
    }
    let children: Vec<Ix> = plan.draft.children(ix).collect();
    if !children.is_empty() {
        plan.leave(ix, children, trust, Emptied::ByPolicy);
    }
}

/// The innermost containers come apart first, so that each is emptied while it still has its place.
fn unpack_recursive(plan: &mut Plan<'_>, parent: &Identifier, trust: Trust) {
    let Some(ix) = find_filled(plan, parent) else { return };
    let mut containers = vec![ix];
    let draft = plan.draft;
    draft.for_each_below(ix, &mut |below, record| {
        if record.is_container() && (0 < draft.container_at(record.link).count || !draft.quantities(below).is_empty()) {
            containers.push(below);
        }
    });
    for container in containers.into_iter().rev() {
        empty(plan, container, trust);
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
    let found = if children.is_empty() { Vec::new() } else { plan.find_all(children) };
    if plan.is_refused() {
        return;
    }
    for (child, identifier) in found.iter().zip(children) {
        check_child(plan, *child, identifier, named);
    }
    if !quantities.is_empty() {
        match named {
            Some(parent) => take_quantities(plan, parent, quantities),
            None => plan.fault_of_operation(Reason::QuantityNotThere),
        }
    }
    if !plan.is_refused() {
        plan.take_out(&found, trust);
    }
}

fn check_child(plan: &mut Plan<'_>, child: Ix, identifier: &Identifier, named: Option<Ix>) {
    if !plan.check_usable(child) {
        return;
    }
    match (plan.record(child).parent.known(), named) {
        (None, _) => plan.fault(Reason::ChildNotInAnyParent, identifier),
        (Some(real), Some(named)) if real != named && plan.policy().wrong_parent == WrongParent::Refuse => {
            plan.fault_because(Reason::ChildNotInParent, identifier, real);
        }
        _ => {}
    }
}

/// Plans that quantities come out; each must be there, of the same class and unit.
fn take_quantities(plan: &mut Plan<'_>, parent: Ix, taken: &[Quantity]) {
    let mut left = plan.quantities(parent).to_vec();
    for take in taken {
        let line = left.iter().position(|known| known.class == take.class && known.unit == take.unit);
        let rest = line.and_then(|line| match (left[line].amount, take.amount) {
            (Some(known), Some(take)) => known.checked_sub(take).filter(|rest| 0 <= rest.digits),
            // Without an amount, all of the class comes out.
            (_, None) => Some(crate::fact::Decimal::whole(0)),
            (None, Some(_)) => None,
        });
        match (line, rest) {
            (Some(line), Some(rest)) if rest.digits == 0 => {
                left.remove(line);
            }
            (Some(line), Some(rest)) => left[line].amount = Some(rest),
            _ => {
                plan.fault_because(Reason::QuantityNotThere, &take.class, parent);
                return;
            }
        }
    }
    plan.effects.push(Effect::QuantitiesSet { parent, quantities: left });
}
