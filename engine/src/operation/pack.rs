//! Pack: children go into a parent.

use packtree_gs1::Identifier;

use super::Pack;
use super::plan::Plan;
use crate::fact::{Effect, Level, Quantity, Seal, Trust};
use crate::forest::View;
use crate::forest::record::{Ix, Record};
use crate::forest::view::gtin_of;
use crate::limits::{DEPTH_MAX, PACK_CHILDREN_MAX, QUANTITIES_MAX};
use crate::policy::{ChildWithParent, PackagingCheck};
use crate::refusal::Reason;

impl Pack {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.check_number(self.children.len() + self.quantities.len(), PACK_CHILDREN_MAX);
        if plan.is_refused() {
            return;
        }
        let Some(parent) = plan.find_or_commission(&self.parent, self.parent_level) else { return };
        let mut children = Vec::with_capacity(self.children.len());
        for child in &self.children {
            if *child == self.parent {
                plan.fault(Reason::ContainerIntoItself, child);
            } else {
                children.extend(plan.find_or_commission(child, Level::Unknown));
            }
        }
        plan.check_distinct(&children);
        check_parent_open(plan, parent, &self.parent);
        if plan.is_refused() {
            return;
        }
        let moving = self.check_children(plan, parent, &children);
        check_fit(plan, parent, &children);
        if plan.is_refused() {
            return;
        }
        // After this point the pack must succeed.
        plan.take_out(&moving, Trust::Verified);
        if !children.is_empty() {
            plan.effects.push(Effect::Joined { parent, children });
        }
        self.add_quantities(plan, parent);
    }

    /// Checks where each child is, and returns those that the policy moves here from another parent.
    fn check_children(&self, plan: &mut Plan<'_>, parent: Ix, children: &[Ix]) -> Vec<Ix> {
        let around = plan.ancestors(parent);
        let mut moving = Vec::new();
        for (child, identifier) in children.iter().zip(&self.children) {
            if !plan.check_usable(*child) {
                continue;
            }
            let record = plan.record(*child);
            if around.contains(child) {
                plan.fault_because(Reason::WouldBeCycle, identifier, parent);
                continue;
            }
            let Some(other) = record.parent.known() else { continue };
            if other == parent {
                plan.fault(Reason::ChildAlreadyInParent, identifier);
            } else if plan.policy().child_with_parent == ChildWithParent::Refuse {
                plan.fault_because(Reason::ChildHasOtherParent, identifier, other);
            } else {
                moving.push(*child);
            }
        }
        moving
    }

    fn add_quantities(&self, plan: &mut Plan<'_>, parent: Ix) {
        if self.quantities.is_empty() {
            return;
        }
        let mut quantities = plan.quantities(parent).to_vec();
        for added in &self.quantities {
            add_quantity(&mut quantities, added);
        }
        if QUANTITIES_MAX < quantities.len() {
            plan.fault(Reason::TooManyObjects, &self.parent);
        }
        plan.effects.push(Effect::QuantitiesSet { parent, quantities });
    }
}

/// Adds to the line of the same class and unit where both amounts are known, else as a line of its own.
fn add_quantity(quantities: &mut Vec<Quantity>, added: &Quantity) {
    let same = quantities
        .iter_mut()
        .find(|known| known.class == added.class && known.unit == added.unit && known.amount.is_some());
    let sum = same.as_ref().and_then(|known| known.amount?.checked_add(added.amount?));
    match (same, sum) {
        (Some(known), Some(sum)) => known.amount = Some(sum),
        _ => quantities.push(added.clone()),
    }
}

/// Checks that children may be put into the parent as it is.
pub(super) fn check_parent_open(plan: &mut Plan<'_>, parent: Ix, identifier: &Identifier) {
    if !plan.check_usable(parent) {
        return;
    }
    let record = plan.record(parent);
    if record.level() == Level::Unit && !record.level_is_inferred() {
        plan.fault(Reason::ObjectIsNotContainer, identifier);
        return;
    }
    match plan.container(parent).map_or(Seal::Open, |container| container.seal) {
        Seal::Open | Seal::Broken => {}
        Seal::Closed | Seal::ClosedPartial => plan.fault(Reason::ContainerIsClosed, identifier),
    }
}

/// Checks levels, depth, packaging and lots of children that go into a parent, and plans the levels that follow from them.
pub(super) fn check_fit(plan: &mut Plan<'_>, parent: Ix, children: &[Ix]) {
    check_levels(plan, parent, children);
    check_depth(plan, parent, children);
    if plan.policy().packaging_check == PackagingCheck::AsConfigured && !plan.policy().products.is_empty() {
        check_packaging(plan, parent, children);
    }
}

/// A parent's level is above its children's, where both are known. A level that was only concluded rises with the contents.
fn check_levels(plan: &mut Plan<'_>, parent: Ix, children: &[Ix]) {
    let known = plan.record(parent);
    let fixed = known.level() != Level::Unknown && !known.level_is_inferred();
    let mut highest = Level::Unknown;
    for child in children {
        let level = plan.record(*child).level();
        if fixed && known.level() <= level {
            let identifier = plan.identifier(*child);
            plan.fault_because(Reason::LevelNotAbove, &identifier, parent);
        }
        highest = highest.max(level);
    }
    if !fixed {
        raise_levels(plan, parent, highest);
    }
}

fn raise_levels(plan: &mut Plan<'_>, from: Ix, highest: Level) {
    let (mut at, mut below) = (from, highest);
    loop {
        let record = plan.record(at);
        if below == Level::Unknown || below < record.level() {
            return;
        }
        if record.level() != Level::Unknown && !record.level_is_inferred() {
            let identifier = plan.identifier(from);
            plan.fault_because(Reason::LevelNotAbove, &identifier, at);
            return;
        }
        // A pallet has no level above it, so what holds one is of no level that has a name.
        let level = below.above().unwrap_or(Level::Unknown);
        if level != record.level() {
            plan.effects.push(Effect::LevelSet { object: at, level });
        }
        match record.parent.known() {
            Some(around) if level != Level::Unknown => (at, below) = (around, level),
            _ => return,
        }
    }
}

fn check_depth(plan: &mut Plan<'_>, parent: Ix, children: &[Ix]) {
    let above = plan.ancestors(parent).len() + 1;
    for child in children {
        let record = plan.record(*child);
        let container = record.is_container().then(|| plan.draft.container_at(record.link));
        // The kept height may be too high, never too low, so it is computed only where it decides.
        let bound = container.map_or(0, |container| usize::from(container.height));
        let height = if above + 1 + bound <= DEPTH_MAX { bound } else { plan.draft.height(*child) };
        if DEPTH_MAX < above + 1 + height {
            let identifier = plan.identifier(*child);
            plan.fault_because(Reason::DepthExceeded, &identifier, parent);
        }
    }
}

/// Number and level of children, and the lots, as the products' configurations say.
fn check_packaging(plan: &mut Plan<'_>, parent: Ix, children: &[Ix]) {
    let level = planned_level(plan, parent);
    let already = plan.container(parent).map_or(0, |container| container.count);
    for child in children {
        let record = plan.record(*child);
        let Some(product) = product_of(plan, *child, &record) else { continue };
        if let Some(packaging) = product.packaging.iter().find(|packaging| packaging.parent == level) {
            let identifier = plan.identifier(*child);
            if packaging.child != record.level() {
                plan.fault_because(Reason::LevelNotAllowed, &identifier, parent);
            } else if packaging.children < already + children.len() as u32 {
                let parent = plan.identifier(parent);
                plan.fault(Reason::ContainerIsFull, &parent);
                return;
            }
        }
        if product.one_lot_up_to.is_some_and(|highest| level <= highest) {
            check_one_lot(plan, parent, *child, children[0]);
        }
    }
}

fn check_one_lot(plan: &mut Plan<'_>, parent: Ix, child: Ix, first: Ix) {
    let reference = if plan.record(parent).is_container() { plan.draft.children(parent).next() } else { None };
    if leaf_lot(plan, child) != leaf_lot(plan, reference.unwrap_or(first)) {
        let identifier = plan.identifier(child);
        plan.fault_because(Reason::LotsMixed, &identifier, parent);
    }
}

/// The lot of an object, or of the first thing in it that has one.
fn leaf_lot(plan: &Plan<'_>, ix: Ix) -> u32 {
    let mut at = ix;
    while plan.record(at).is_container() {
        match plan.draft.children(at).next() {
            Some(child) => at = child,
            None => break,
        }
    }
    plan.draft.lot_of(&plan.record(at))
}

/// The level that the parent has once the plan is applied.
fn planned_level(plan: &Plan<'_>, parent: Ix) -> Level {
    let planned = plan.effects.iter().rev().find_map(|effect| match effect {
        Effect::LevelSet { object, level } if *object == parent => Some(*level),
        _ => None,
    });
    planned.unwrap_or_else(|| plan.record(parent).level())
}

pub(super) fn product_of<'p>(plan: &Plan<'p>, ix: Ix, record: &Record) -> Option<&'p crate::policy::Product> {
    if plan.draft.len() <= ix.0 {
        return None;
    }
    let class = plan.draft.lot(plan.draft.lot_of(record)).class;
    plan.policy().products.get(&gtin_of(class)?)
}
