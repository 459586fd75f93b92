//! Swap: two objects change places.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::fit::check_fit;
use super::plan::Plan;
use crate::fact::Trust;
use crate::forest::record::Ix;
use crate::refusal::Reason;

/// Two objects change places.
///
/// ```
/// use packtree::{Operation, operation::Swap};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, cases, units, .. } = packed_pallet()?;
/// // Two units were put into each other's case.
/// let swap = Swap { one: units[1].clone(), other: units[2].clone() };
/// engine.perform(&line, Operation::Swap(swap))?.receipt()?;
///
/// assert_eq!(engine.children(&cases[0]), Some(vec![units[0].clone(), units[2].clone()]));
/// assert_eq!(engine.locate(&units[1]).and_then(|place| place.parent), Some(cases[1].clone()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Swap {
    /// One.
    pub one: Identifier,
    /// The other.
    pub other: Identifier,
}

impl Swap {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if self.one == self.other {
            plan.fault(Reason::ObjectsMustDiffer, &self.other);
            return;
        }
        let (one, other) = (plan.find(&self.one), plan.find(&self.other));
        for ix in [one, other].into_iter().flatten() {
            let record = plan.record(ix);
            plan.check_movable_as(ix, &record);
        }
        let (Some(one), Some(other)) = (one, other) else { return };
        check_pair(plan, one, other);
        if plan.is_refused() {
            return;
        }
        let parents = [plan.record(one).parent.known(), plan.record(other).parent.known()];
        plan.take_out(&[one, other], Trust::Verified, Opening::KeepsPlace);
        for (parent, comes) in parents.into_iter().zip([other, one]) {
            if let Some(parent) = parent {
                check_fit(plan, parent, &[comes], true);
                plan.join(parent, vec![comes]);
            }
        }
    }
}

/// Checks that two objects have places that they can exchange.
fn check_pair(plan: &mut Plan<'_>, one: Ix, other: Ix) {
    let places = (plan.record(one).parent.known(), plan.record(other).parent.known());
    match places {
        (None, None) => [one, other].into_iter().for_each(|ix| plan.fault_at(Reason::ChildNotInAnyParent, ix)),
        (Some(parent), Some(same)) if parent == same => {
            plan.fault_at_because(Reason::ChildAlreadyInParent, other, parent);
        }
        _ => {}
    }
    for (inner, outer) in [(one, other), (other, one)] {
        if plan.ancestors(inner).contains(&outer) {
            plan.fault_at_because(Reason::WouldBeCycle, outer, inner);
            return;
        }
    }
    if plan.record(one).level() != plan.record(other).level() {
        plan.fault_at_because(Reason::ProductsDiffer, other, one);
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::Level;
    use crate::operation::table::{after, check, packaged};
    use crate::policy::{ClosedContainer, EmptiedContainer, Policy};

    const WORLD: &str = "
            commission  P1 P2                           done
            commission  C1 C2 C3                        done
            commission  U1..U9 lot=L1                   done
            commission  U11..U19 lot=L2                 done
            pack        C1 <- U1 U2                     done
            pack        C2 <- U3 U4                     done
            pack        P1 <- C1                        done
            pack        P2 <- C2                        done
    ";

    #[test]
    fn two_objects_change_places() {
        after(WORLD).check(
            "
            close       C1                              done
            swap        U1 U4                           done
            contents    C1                              U2 U4
            contents    C2                              U3 U1
            seal        C1                              broken
            seal        C2                              open
            swap        C1 C2                           done
            contents    P1                              C2
            contents    P2                              C1
            swap        U2 U9                           done
            contents    C1                              U4 U9
            parent      U2                              -
            swap        U2 U9                           done
            parent      U9                              -
        ",
        );
    }

    #[test]
    fn nothing_is_emptied_and_nothing_comes_apart() {
        let policy = Policy {
            emptied_container: EmptiedContainer::IsDecommissioned,
            closed_container: ClosedContainer::AncestorsAreDisbanded,
            ..Policy::default()
        };
        after(WORLD).under(&policy).check(
            "
            close       P1 P2 C1                        done
            swap        C1 C2                           done
            contents    P1                              C2
            seal        P1                              broken
            status      P1                              active
            seal        C1                              closed
        ",
        );
    }

    #[test]
    fn both_are_checked() {
        after(WORLD).check(
            "
            swap        U1 U1                           objects_must_differ U1
            swap        U77 U78                         object_not_found U77, object_not_found U78
            swap        U U1                            identifier_is_not_an_instance U
            swap        U8 U9                           child_not_in_any_parent U8, child_not_in_any_parent U9
            swap        U1 U2                           child_already_in_parent U2/C1
            swap        U1 C1                           would_be_cycle C1/U1
            swap        P1 C1                           would_be_cycle P1/C1
            swap        U1 C2                           products_differ C2/U1
            sample      U5                              done
            swap        U1 U5                           object_not_active U5
            ship        U6                              done
            swap        U6 U1                           object_is_away U6
            hold        C2                              done
            swap        U1 U3                           object_on_hold U3/C2
            release     C2                              done
            hold        U3                              done
            swap        C1 C2                           object_on_hold U3
            hold        U/L1                            done
            swap        U1 U11                          lot_on_hold U1
        ",
        );
    }

    #[test]
    fn a_full_case_stays_full_and_a_lot_stays_alone() {
        let policy = packaged(2, 9, Some(Level::Case));
        after(WORLD).under(&policy).check(
            "
            swap        U1 U3                           done
            contents    C1                              U2 U3
            swap        U2 U11                          lots_mixed U11/C1
            pack        C3 <- U11                       done
            swap        U11 U2                          lots_mixed U11/C1
            commission  C4                              done
            pack        C4 <- U5                        done
            swap        U11 U5                          done
            contents    C3                              U5
        ",
        );
    }

    #[test]
    fn levels_and_depth_hold_in_both_places() {
        check(
            "
            commission  X1 X2 X3 X4 X5 X6 X7 X8 X9      done
            commission  X11 X12                         done
            pack        X1 <- X2                        done
            pack        X2 <- X3                        done
            pack        X3 <- X4                        done
            pack        X4 <- X5                        done
            pack        X5 <- X6                        done
            pack        X6 <- X7                        done
            pack        X7 <- X8                        done
            pack        X11 <- X12                      done
            swap        X8 X11                          depth_exceeded X11/X7
            swap        X7 X11                          done
            contents    X6                              X11
            contents    X7                              X8
            ",
        );
    }

    #[test]
    fn a_late_swap_changes_nothing() {
        after(WORLD).check(
            "
            swap        U1 U3                           done
            swap        U1 U3 at=-15                    late
            parent      U1                              C2
        ",
        );
    }

    const ON_PALLETS: &str = "
            commission  P1 P2                           done
            commission  U1 U2                           done
            pack        P1 <- U1                        done
            pack        P2 <- U2                        done
        ";

    #[test]
    fn rules_that_came_later_apply_in_both_places() {
        after(WORLD).switch(&packaged(1, 9, None)).check(
            "
            swap        U1 U3                           container_is_full C1, container_is_full C2
            ",
        );
        after(ON_PALLETS).switch(&packaged(2, 9, None)).check(
            "
            swap        U1 U2                           level_not_allowed U1/P2, level_not_allowed U2/P1
            ",
        );
    }
}
