//! Replace: an old unit goes out, a new one takes its place.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::fit::{check_fit, leaf_lot};
use super::plan::Plan;
use crate::fact::{Status, Trust};
use crate::forest::record::Ix;
use crate::refusal::Reason;

/// An old unit goes out, with its fate, and a new one takes its place; the container keeps its identity and its place.
///
/// ```
/// use packtree::fact::{ReasonText, Status};
/// use packtree::operation::{Fate, Replace, Request};
/// use packtree::Operation;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, cases, units, .. } = packed_pallet()?;
/// // A carton is crushed; a good one takes its place in the case.
/// let replace = Replace { old: units[0].clone(), new: units[4].clone(), fate: Fate::Rejected };
/// let reason = Some(ReasonText::new("crushed carton")?);
/// engine.submit(Request { reason, ..engine.request(&line, Operation::Replace(replace)) })?.receipt()?;
///
/// assert_eq!(engine.children(&cases[0]), Some(vec![units[1].clone(), units[4].clone()]));
/// assert_eq!(engine.inspect(&units[0]).map(|old| old.status), Fate::Rejected.status());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Replace {
    /// The unit that goes.
    pub old: Identifier,
    /// The loose unit that comes.
    pub new: Identifier,
    /// What becomes of the old one.
    pub fate: Fate,
}

/// What becomes of a unit that was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Fate {
    /// It is loose.
    Loose,
    /// It is taken as a sample.
    Sampled,
    /// It is rejected.
    Rejected,
    /// It is destroyed.
    Destroyed,
    /// Its identifier goes out of use.
    Decommissioned,
}

impl Fate {
    /// The status that the old unit takes.
    pub const fn status(self) -> Option<Status> {
        match self {
            Self::Loose => None,
            Self::Sampled => Some(Status::Sampled),
            Self::Rejected => Some(Status::Rejected),
            Self::Destroyed => Some(Status::Destroyed),
            Self::Decommissioned => Some(Status::Decommissioned),
        }
    }
}

impl Replace {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if self.fate != Fate::Loose {
            plan.require_reason();
        }
        if self.fate == Fate::Destroyed {
            plan.require_role(&plan.policy().authority.destroy);
        }
        if self.old == self.new {
            plan.fault(Reason::ObjectsMustDiffer, &self.new);
            return;
        }
        let (old, new) = (plan.find(&self.old), plan.find(&self.new));
        let parent = old.and_then(|old| self.check_old(plan, old));
        if let Some(new) = new {
            check_new(plan, new, old, parent);
        }
        let (Some(old), Some(new), Some(parent)) = (old, new, parent) else { return };
        plan.leave(parent, vec![old], Trust::Verified, Opening::KeepsPlace);
        check_fit(plan, parent, &[new], true);
        plan.join(parent, vec![new]);
        if let Some(status) = self.fate.status() {
            plan.end_life_of_trees(&[old], status);
        }
    }

    /// Checks the object that goes, and returns the container that it is in.
    fn check_old(&self, plan: &mut Plan<'_>, old: Ix) -> Option<Ix> {
        let record = plan.record(old);
        // A hold on the object itself ends with its life; it only keeps it from going loose.
        let may_go = match self.fate {
            Fate::Loose => plan.check_movable_as(old, &record),
            _ => plan.check_status(old, &record, &[Status::Active]) && plan.check_here(old, &record),
        };
        if !may_go {
            return None;
        }
        let Some(parent) = record.parent.known() else {
            plan.fault_at(Reason::ChildNotInAnyParent, old);
            return None;
        };
        plan.check_usable(parent).then_some(parent)
    }
}

/// Checks the object that comes: usable, loose, and of the same kind as the one that goes.
fn check_new(plan: &mut Plan<'_>, new: Ix, old: Option<Ix>, parent: Option<Ix>) {
    let record = plan.record(new);
    plan.check_movable_as(new, &record);
    if let Some(other) = record.parent.known() {
        let reason = if parent == Some(other) { Reason::ChildAlreadyInParent } else { Reason::ChildHasOtherParent };
        plan.fault_at_because(reason, new, other);
    }
    if let Some(parent) = parent
        && plan.root(parent) == new
    {
        plan.fault_at_because(Reason::WouldBeCycle, new, parent);
    }
    if let Some(old) = old
        && (record.level() != plan.record(old).level() || leaf_lot(plan, new).class != leaf_lot(plan, old).class)
    {
        plan.fault_at_because(Reason::ProductsDiffer, new, old);
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::Level;
    use crate::operation::table::{after, check, packaged};
    use crate::policy::{Authority, ClosedContainer, EmptiedContainer, Policy};

    const WORLD: &str = "
            commission  P1                              done
            commission  C1 C2 C3                        done
            commission  U1..U9 lot=L1                   done
            commission  U11..U19 lot=L2                 done
            commission  V1                              done
            pack        C1 <- U1 U2 U3                  done
            pack        P1 <- C1                        done
    ";

    #[test]
    fn the_case_keeps_its_identity_and_its_place() {
        after(WORLD).check(
            "
            close       C1 P1                           done
            replace     U2 by U9 rejected               done
            contents    C1                              U1 U3 U9
            contents    P1                              C1
            seal        C1                              broken
            seal        P1                              closed
            status      U2                              rejected
            parent      U2                              -
            replace     U1 by U8                        done
            status      U1                              active
            replace     U3 by U7 sampled                done
            status      U3                              sampled
            replace     U9 by U6 destroyed              done
            status      U9                              destroyed
            replace     U8 by U5 decommissioned         done
            status      U8                              decommissioned
            contents    C1                              U7 U6 U5
        ",
        );
    }

    #[test]
    fn a_single_child_is_replaced_without_emptying_the_container() {
        let policy = Policy { emptied_container: EmptiedContainer::IsDecommissioned, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            pack        C2 <- U4                        done
            replace     U4 by U5                        done
            status      C2                              active
            contents    C2                              U5
        ",
        );
    }

    #[test]
    fn what_is_around_is_broken_and_never_comes_apart() {
        for closed_container in [ClosedContainer::AncestorsBecomeBroken, ClosedContainer::AncestorsAreDisbanded] {
            let policy = Policy { closed_container, ..Policy::default() };
            after(WORLD).under(&policy).check(
                "
                close       C1 P1                           done
                replace     U1 by U9                        done
                seal        C1                              broken
                seal        P1                              broken
                contents    P1                              C1
            ",
            );
        }
    }

    #[test]
    fn a_case_is_replaced_with_what_is_in_it() {
        after(WORLD).check(
            "
            pack        C2 <- U4                        done
            replace     C1 by C2 destroyed              done
            contents    P1                              C2
            status      U1                              destroyed
            parent      U1                              -
            replace     C2 by C3                        products_differ C3/C2
        ",
        );
    }

    #[test]
    fn a_fate_needs_a_reason_and_destruction_a_role() {
        after(WORLD).check(
            "
            replace     U1 by U9 rejected reason=       reason_required
            replace     U1 by U9 destroyed role=operator role_not_allowed
            replace     U1 by U9 reason= role=operator  done
            replace     U2 by U8 rejected role=operator done
        ",
        );
        let policy = Policy {
            authority: Authority { destroy: vec![crate::fact::Role::Operator], ..Authority::default() },
            ..Policy::default()
        };
        after(WORLD).under(&policy).check(
            "
            replace     U1 by U9 destroyed              role_not_allowed
            replace     U1 by U9 destroyed role=operator done
        ",
        );
    }

    #[test]
    fn both_are_checked() {
        after(WORLD).check(
            "
            replace     U1 by U1                        objects_must_differ U1
            replace     U77 by U78                      object_not_found U77, object_not_found U78
            replace     U by U9                         identifier_is_not_an_instance U
            replace     U4 by U5                        child_not_in_any_parent U4
            replace     U1 by U2                        child_already_in_parent U2/C1
            pack        C2 <- U5                        done
            replace     U1 by U5                        child_has_other_parent U5/C2
            replace     U1 by V1                        products_differ V1/U1
            replace     U1 by C3                        level_not_above C3/C1
            replace     C1 by P1                        would_be_cycle P1/P1
            sample      U4                              done
            replace     U1 by U4                        object_not_active U4
            ship        U6                              done
            replace     U1 by U6                        object_is_away U6
            replace     U4 by U6                        object_not_active U4, object_is_away U6
        ",
        );
    }

    #[test]
    fn a_hold_on_the_old_one_keeps_it_from_going_loose_only() {
        after(WORLD).check(
            "
            hold        U1                              done
            replace     U1 by U9                        object_on_hold U1/U1
            replace     U1 by U9 rejected               done
            held        U1                              no
            hold        C1                              done
            replace     U2 by U8 rejected               object_on_hold C1/C1
            release     C1                              done
            hold        U/L1                            done
            replace     U2 by U8 rejected               lot_on_hold U8
            replace     U2 by U11 rejected              done
        ",
        );
    }

    #[test]
    fn the_new_one_must_fit() {
        after(WORLD).under(&packaged(3, 9, Some(Level::Case))).check(
            "
            replace     U1 by U11                       lots_mixed U11/C1
            replace     U1 by U9                        done
        ",
        );
        after(WORLD).under(&packaged(3, 9, None)).check(
            "
            replace     U1 by U11                       done
        ",
        );
    }

    #[test]
    fn the_only_one_may_be_of_another_lot() {
        let policy = packaged(3, 9, Some(Level::Case));
        after(WORLD).under(&policy).check(
            "
            pack        C2 <- U4                        done
            replace     U4 by U11                       done
        ",
        );
    }

    #[test]
    fn a_late_replacement_changes_nothing() {
        after(WORLD).check(
            "
            replace     U1 by U9 at=-25                 late
            contents    C1                              U1 U2 U3
        ",
        );
    }

    const ON_A_PALLET: &str = "
            commission  P1                              done
            commission  U1 U2                           done
            pack        P1 <- U1                        done
        ";

    #[test]
    fn rules_that_came_later_apply_to_the_new_one() {
        after(WORLD).switch(&packaged(2, 9, None)).check(
            "
            replace     U1 by U9                        container_is_full C1
            ",
        );
        after(ON_A_PALLET).switch(&packaged(2, 9, None)).check(
            "
            replace     U1 by U2                        level_not_allowed U2/P1
            ",
        );
    }

    #[test]
    fn the_tree_stays_within_its_depth() {
        check(
            "
            commission  X1 X2 X3 X4 X5 X6 X7 X8         done
            commission  X11 X12                         done
            pack        X1 <- X2                        done
            pack        X2 <- X3                        done
            pack        X3 <- X4                        done
            pack        X4 <- X5                        done
            pack        X5 <- X6                        done
            pack        X6 <- X7                        done
            pack        X7 <- X8                        done
            pack        X11 <- X12                      done
            replace     X8 by X11                       depth_exceeded X11/X7
            replace     X7 by X11                       done
            ",
        );
    }
}
