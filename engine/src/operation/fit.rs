//! Whether objects fit into a container: its closure, and their levels, depth, number and lots.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::plan::Plan;
use crate::fact::{Level, Quantity, Seal, Trust};
use crate::forest::View;
use crate::forest::record::{Class, Ix, Record};
use crate::forest::view::{class_of, gtin_of};
use crate::limits::DEPTH_MAX;
use crate::policy::{ChildWithParent, Packaging, PackagingCheck, Product};
use crate::refusal::Reason;

/// Checks that children may go into a parent and plans it; those in another parent move, or are refused.
pub(super) fn put_in(plan: &mut Plan<'_>, parent: Option<Ix>, children: Vec<Ix>, with_parent: ChildWithParent) {
    let around = parent.map_or_else(Vec::new, |parent| plan.ancestors(parent));
    let mut moving = Vec::new();
    for child in &children {
        if check_place(plan, *child, parent, &around, with_parent) {
            moving.push(*child);
        }
    }
    let Some(parent) = parent else { return };
    // What is no place for anything is not asked whether this fits.
    if check_open(plan, parent) {
        // While another child is at fault, it is not known how many there would be.
        let is_number_known = !plan.is_refused();
        if children.contains(&parent) {
            // What would go into itself is refused for that, and says nothing about the others.
            let others: Vec<Ix> = children.iter().copied().filter(|child| *child != parent).collect();
            check_fit(plan, parent, &others, is_number_known);
        } else {
            check_fit(plan, parent, &children, is_number_known);
        }
    }
    if plan.is_refused() {
        return;
    }
    // After this point nothing is refused but too many quantities.
    plan.take_out(&moving, Trust::Verified, Opening::ByPolicy);
    plan.join(parent, children);
}

/// Checks one child where it is; whether it has to leave another parent first. Of several faults the first reason is reported.
fn check_place(
    plan: &mut Plan<'_>,
    child: Ix,
    parent: Option<Ix>,
    around: &[Ix],
    with_parent: ChildWithParent,
) -> bool {
    if parent == Some(child) {
        plan.fault_at(Reason::ContainerIntoItself, child);
        return false;
    }
    let record = plan.record(child);
    plan.check_movable_as(child, &record);
    if let Some(parent) = parent
        && around.contains(&child)
    {
        plan.fault_at_because(Reason::WouldBeCycle, child, parent);
    }
    let Some(other) = record.parent.known() else { return false };
    if parent == Some(other) {
        plan.fault_at_because(Reason::ChildAlreadyInParent, child, other);
    } else if with_parent == ChildWithParent::Refuse {
        plan.fault_at_because(Reason::ChildHasOtherParent, child, other);
    }
    true
}

/// Whether an object is made to hold others, as far as is known; else the fault.
pub(super) fn check_container(plan: &mut Plan<'_>, ix: Ix, record: &Record) -> bool {
    let is_unit = record.level() == Level::Unit && !record.level_is_inferred();
    if is_unit {
        plan.fault_at(Reason::ObjectIsNotContainer, ix);
    }
    !is_unit
}

/// Whether something may be put into the container as it is; else the fault.
pub(super) fn check_open(plan: &mut Plan<'_>, container: Ix) -> bool {
    let record = plan.record(container);
    if !plan.check_usable_as(container, &record) || !check_container(plan, container, &record) {
        return false;
    }
    let is_closed = matches!(plan.seal(container), Seal::Closed | Seal::ClosedPartial);
    if is_closed {
        plan.fault_at(Reason::ContainerIsClosed, container);
    }
    !is_closed
}

/// Checks levels, depth, packaging and lots of objects that go into a parent, after what is planned so far, and plans the levels
/// that follow from them.
pub(super) fn check_fit(plan: &mut Plan<'_>, parent: Ix, children: &[Ix], is_number_known: bool) {
    let highest = check_each(plan, parent, children);
    let record = plan.record(parent);
    if record.level() == Level::Unknown || record.level_is_inferred() {
        raise_levels(plan, parent, highest);
    }
    if plan.policy().packaging_check == PackagingCheck::AsConfigured && !plan.policy().products.is_empty() {
        check_packaging(plan, parent, children, is_number_known);
    }
}

/// Checks level and depth of each child, and returns the highest level among them.
///
/// A parent's level is above its children's, where both are known. A level that was only concluded rises with the contents.
fn check_each(plan: &mut Plan<'_>, parent: Ix, children: &[Ix]) -> Level {
    let known = plan.record(parent);
    let is_fixed = known.level() != Level::Unknown && !known.level_is_inferred();
    let above = plan.ancestors(parent).len() + 1;
    let mut highest = Level::Unknown;
    for child in children {
        let record = plan.record(*child);
        let level = record.level();
        if is_fixed && known.level() <= level {
            plan.fault_at_because(Reason::LevelNotAbove, *child, parent);
        }
        highest = highest.max(level);
        if DEPTH_MAX < above + 1 + height_at_most(plan, *child, &record, above + 1) {
            plan.fault_at_because(Reason::DepthExceeded, *child, parent);
        }
    }
    highest
}

/// The levels below an object. What is kept may be too high, never too low, so it is computed only where it decides.
fn height_at_most(plan: &Plan<'_>, ix: Ix, record: &Record, depth: usize) -> usize {
    if !record.is_container() {
        return 0;
    }
    let bound = usize::from(plan.draft.container_at(record.link).height);
    if depth + bound <= DEPTH_MAX { bound } else { plan.draft.height(ix) }
}

/// Plans the level that a container takes from what goes into it.
fn raise_levels(plan: &mut Plan<'_>, parent: Ix, highest: Level) {
    if highest != Level::Unknown && !is_above(plan, parent, highest) {
        // A pallet has no level above it, so what holds one is of no level that has a name.
        raise_to(plan, parent, highest.above().unwrap_or(Level::Unknown));
    }
}

/// Plans the level of a container whose level is not fixed, and that of those around it, as far as theirs is no longer above.
pub(super) fn raise_to(plan: &mut Plan<'_>, container: Ix, level: Level) {
    let (mut at, mut level) = (container, level);
    loop {
        // What is above all levels is marked as such, also when its level was not known before.
        let is_marked = level != Level::Unknown || plan.record(at).level_is_inferred();
        if level != plan.level(at) || !is_marked {
            plan.set_level(at, level);
        }
        let Some(around) = plan.record(at).parent.known() else { return };
        if level == Level::Unknown || is_above(plan, around, level) {
            return;
        }
        let record = plan.record(around);
        if record.level() != Level::Unknown && !record.level_is_inferred() {
            plan.fault_at_because(Reason::LevelNotAbove, container, around);
            return;
        }
        (at, level) = (around, level.above().unwrap_or(Level::Unknown));
    }
}

/// Whether a container is known to be above a level. One that was concluded to be of no level that has a name is above all.
fn is_above(plan: &Plan<'_>, container: Ix, level: Level) -> bool {
    match plan.level(container) {
        Level::Unknown => plan.record(container).level_is_inferred(),
        known => level < known,
    }
}

/// Number and level of children, and the lots, as the products' configurations say.
fn check_packaging(plan: &mut Plan<'_>, parent: Ix, children: &[Ix], is_number_known: bool) {
    let level = plan.level(parent);
    let mut is_number_checked = is_number_known;
    let count = plan.count(parent) + children.len() as u32;
    // Lots are compared with what is in there already, else with the first that goes in.
    let reference = plan.first_child(parent).or(children.first().copied()).map(|ix| leaf_lot(plan, ix));
    for child in children {
        let lot = leaf_lot(plan, *child);
        let Some(product) = product_of(plan, lot.class) else { continue };
        if let Some(packaging) = packaging_of(product, level) {
            if packaging.child != plan.level(*child) {
                plan.fault_at_because(Reason::LevelNotAllowed, *child, parent);
            } else if packaging.children < count && is_number_checked {
                plan.fault_at(Reason::ContainerIsFull, parent);
                is_number_checked = false;
            }
        }
        let must_match = product.one_lot_up_to.is_some_and(|highest| level <= highest);
        if must_match && reference != Some(lot) {
            plan.fault_at_because(Reason::LotsMixed, *child, parent);
        }
    }
}

/// What an object is, or what the first thing in it is: its class and lot number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) class: Class,
    number: u128,
}

/// The class and lot of an object, or of the first thing in it that holds nothing.
pub(super) fn leaf_lot(plan: &Plan<'_>, ix: Ix) -> Leaf {
    if plan.is_fresh(ix) {
        return Leaf { class: plan.fresh_class(ix), number: 0 };
    }
    let mut at = ix;
    while let Some(child) = plan.draft.children(at).next() {
        at = child;
    }
    let lot = plan.draft.lot(plan.draft.lot_of(&plan.record(at)));
    Leaf { class: lot.class, number: lot.number }
}

fn product_of<'p>(plan: &Plan<'p>, class: Class) -> Option<&'p Product> {
    plan.policy().products.get(&gtin_of(class)?)
}

fn packaging_of(product: &Product, parent: Level) -> Option<&Packaging> {
    product.packaging.iter().find(|packaging| packaging.parent == parent)
}

/// How many children a full container of this kind has; `None` where no configuration says so.
pub(super) fn full_count(plan: &Plan<'_>, container: Ix) -> Option<u32> {
    if plan.policy().packaging_check == PackagingCheck::Unchecked {
        return None;
    }
    let class = match plan.draft.children(container).next() {
        Some(child) => leaf_lot(plan, child).class,
        None => class_of_quantity(plan.quantities(container).first()?)?,
    };
    packaging_of(product_of(plan, class)?, plan.level(container)).map(|packaging| packaging.children)
}

/// How many children a container has, pieces that are known by quantity included; `None` where a quantity is not in whole pieces.
pub(super) fn pieces(plan: &Plan<'_>, container: Ix) -> Option<u64> {
    let mut sum = u64::from(plan.count(container));
    for quantity in plan.quantities(container) {
        let amount = quantity.amount.filter(|amount| amount.scale == 0 && quantity.unit.is_none())?;
        sum = sum.checked_add(u64::try_from(amount.digits).ok()?)?;
    }
    Some(sum)
}

fn class_of_quantity(quantity: &Quantity) -> Option<Class> {
    match &quantity.class {
        Identifier::Gtin(gtin) => Some(class_of(*gtin)),
        Identifier::Lgtin(lgtin) => Some(class_of(lgtin.gtin)),
        _ => None,
    }
}
