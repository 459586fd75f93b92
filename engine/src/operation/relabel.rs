//! Relabel: a container gets a new identifier and stays the same container.

use packtree_gs1::Identifier;

use super::plan::Plan;
use crate::fact::{Effect, Level, Status};
use crate::forest::View;
use crate::forest::record::Ix;
use crate::forest::view::is_instance;
use crate::refusal::Reason;

/// A container gets a new identifier and keeps contents, parent and history; the old one is retired.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Relabel {
    /// The identifier that it has.
    pub old: Identifier,
    /// The identifier that it gets, never used before.
    pub new: Identifier,
}

impl Relabel {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if self.old == self.new {
            plan.fault(Reason::ObjectsMustDiffer, &self.new);
            return;
        }
        let old = plan.find(&self.old);
        check_unused(plan, &self.new);
        if let Some(old) = old
            && plan.check_usable(old)
        {
            self.check_kind(plan, old);
        }
        if !plan.has_room(1) {
            plan.fault(Reason::EngineIsFull, &self.new);
        }
        plan.effects.push(Effect::Relabelled { from: self.old.clone(), to: self.new.clone() });
    }

    /// A unit does not become a logistic unit, and nothing becomes another product.
    fn check_kind(&self, plan: &mut Plan<'_>, old: Ix) {
        let record = plan.record(old);
        match (&self.old, &self.new) {
            (Identifier::Sgtin(old), Identifier::Sgtin(new)) if old.gtin != new.gtin => {
                plan.fault(Reason::ProductsDiffer, &self.new);
            }
            (_, Identifier::Sscc(_)) if record.level() == Level::Unit && plan.is_empty(old) => {
                plan.fault(Reason::ObjectIsNotContainer, &self.old);
            }
            _ => {}
        }
    }
}

/// Refuses an identifier that is no object's, or that names or has named one: a label must not lead to two histories.
pub(super) fn check_unused(plan: &mut Plan<'_>, identifier: &Identifier) {
    if !is_instance(identifier) {
        plan.fault(Reason::IdentifierIsNotAnInstance, identifier);
        return;
    }
    let Some(known) = plan.draft.find(identifier) else { return };
    let is_active = plan.record(known).status() == Status::Active;
    plan.fault(if is_active { Reason::ObjectAlreadyCommissioned } else { Reason::IdentifierUsedBefore }, identifier);
}
