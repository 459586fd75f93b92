//! Relabel: a container gets a new identifier and stays the same container.

use packtree_gs1::Identifier;

use super::plan::Plan;
use crate::fact::{Effect, Level, Status};
use crate::forest::View;
use crate::forest::record::Ix;
use crate::forest::view::is_instance;
use crate::refusal::Reason;

/// A container gets a new identifier and keeps contents, parent and history; the old one is retired.
///
/// ```
/// use packtree::{Operation, fact::Status, operation::Relabel};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, pallet, cases, units, fresh, .. } = packed_pallet()?;
/// // The label of a case is torn, and a new one was printed.
/// let relabel = Relabel { old: cases[0].clone(), new: fresh.clone() };
/// engine.perform(&line, Operation::Relabel(relabel))?.receipt()?;
///
/// assert_eq!(engine.children(&fresh), Some(units[..2].to_vec()));
/// assert_eq!(engine.root(&units[0]), Some(pallet));
/// assert_eq!(engine.inspect(&cases[0]).map(|old| old.status), Some(Status::Retired));
/// # Ok(())
/// # }
/// ```
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

#[cfg(test)]
mod tests {
    use crate::operation::table::after;

    const WORLD: &str = "
            commission  P1                              done
            commission  C1 C2                           done
            commission  K1 lot=L1                       done
            commission  U1..U9 lot=L1                   done
            pack        C1 <- U1 U2 5xV                 done
            pack        K1 <- U3                        done
            pack        P1 <- C1 K1                     done
    ";

    #[test]
    fn a_container_keeps_everything_but_its_identifier() {
        after(WORLD).check(
            "
            close       C1                              done
            relabel     C1 as C9                        done
            contents    C9                              U1 U2 5xV
            contents    P1                              C9 K1
            seal        C9                              closed
            level       C9                              case
            status      C1                              retired
            parent      C1                              -
            contents    C1                              -
            parent      U1                              C9
            unpack      C9                              done
            relabel     C9 as C10                       done
            relabel     P1 as P9                        done
            contents    P9                              C10 K1
        ",
        );
    }

    #[test]
    fn a_case_with_an_sgtin_becomes_one_with_an_sscc_and_back() {
        after(WORLD).check(
            "
            counts      K/L1                            1 1 0
            relabel     K1 as X1                        done
            level       X1                              case
            contents    X1                              U3
            counts      K/L1                            0 0 0
            relabel     X1 as K2                        done
            contents    K2                              U3
            relabel     U4 as U44                       done
            counts      U/L1                            9 3 0
            relabel     U1 as U45                       done
            counts      U/L1                            9 3 0
            contents    C1                              U45 U2 5xV
        ",
        );
    }

    #[test]
    fn the_new_identifier_was_never_used() {
        after(WORLD).check(
            "
            relabel     C1 as C1                        objects_must_differ C1
            relabel     C1 as C2                        object_already_commissioned C2
            decommission C2                             done
            relabel     C1 as C2                        identifier_used_before C2
            relabel     C1 as C3                        done
            relabel     C3 as C1                        identifier_used_before C1
            relabel     C3 as U                         identifier_is_not_an_instance U
        ",
        );
    }

    #[test]
    fn the_old_one_is_here_in_use_and_on_no_hold() {
        after(WORLD).check(
            "
            relabel     C77 as C78                      object_not_found C77
            relabel     U as U78                        identifier_is_not_an_instance U
            hold        P1                              done
            relabel     C1 as C9                        object_on_hold C1/P1
            release     P1                              done
            hold        U/L1                            done
            relabel     U1 as U78                       lot_on_hold U1
            release     U/L1                            done
            ship        P1                              done
            relabel     C1 as C9                        object_is_away C1
            destroy     C2                              done
            relabel     C2 as C9                        object_not_active C2
        ",
        );
    }

    #[test]
    fn nothing_becomes_what_it_is_not() {
        after(WORLD).check(
            "
            relabel     U1 as X1                        object_is_not_container U1
            relabel     U1 as V1                        products_differ V1
            relabel     U1 as B1                        products_differ B1
        ",
        );
    }

    #[test]
    fn the_old_identifier_takes_a_place_too() {
        after("").within(1).check(
            "
            commission  C1                              done
            relabel     C1 as C2                        engine_is_full C2
        ",
        );
    }

    #[test]
    fn a_late_relabelling_changes_nothing() {
        after(WORLD).check(
            "
            close       C1                              done
            relabel     C1 as C9 at=-15                 late
            status      C1                              active
        ",
        );
    }
}
