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
///
/// ```
/// use packtree::{Operation, operation::Reset};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, cases, units, .. } = packed_pallet()?;
/// // The count found the loose unit in the case, and one of the two that were recorded in it.
/// let counted = vec![units[0].clone(), units[4].clone()];
/// let reset = Reset { container: cases[0].clone(), children: counted.clone() };
/// engine.perform(&line, Operation::Reset(reset))?.receipt()?;
///
/// assert_eq!(engine.children(&cases[0]), Some(counted));
/// assert_eq!(engine.root(&units[1]), Some(units[1].clone()));
/// # Ok(())
/// # }
/// ```
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
        let is_place = check_counted_container(plan, container);
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
        let is_number_known = !plan.is_refused();
        if is_number_known {
            plan_leaving(plan, container, missing, &new);
        }
        if is_place {
            check_fit(plan, container, &new, is_number_known);
        }
        if plan.is_refused() {
            return;
        }
        plan.join(container, new);
        if plan.effects.is_empty() {
            // The count agrees with what was recorded, which is worth recording.
            plan.effects.push(Effect::Noted { objects: vec![container], late: false });
        }
    }
}

/// Plans that what is missing leaves the container, and what is new the places where it was recorded.
fn plan_leaving(plan: &mut Plan<'_>, container: Ix, missing: Vec<Ix>, new: &[Ix]) {
    if !missing.is_empty() {
        plan.leave(container, missing, Trust::Verified, Opening::ByPolicy);
    } else if !new.is_empty() {
        plan.open(container, Opening::ByPolicy);
    }
    plan.take_out(new, Trust::Verified, Opening::ByPolicy);
}

/// Those of the first list that are not in the second.
fn without(some: &[Ix], others: &[Ix]) -> Vec<Ix> {
    let others: HashSet<Ix, FixedState> = others.iter().copied().collect();
    some.iter().copied().filter(|ix| !others.contains(ix)).collect()
}

/// Whether the container is one that can be set to what was counted; else the fault.
fn check_counted_container(plan: &mut Plan<'_>, container: Ix) -> bool {
    let record = plan.record(container);
    if !plan.check_usable_as(container, &record) || !check_container(plan, container, &record) {
        return false;
    }
    let has_quantities = !plan.quantities(container).is_empty();
    if has_quantities {
        plan.fault_at(Reason::QuantitiesInContainer, container);
    }
    !has_quantities
}

fn check_new(plan: &mut Plan<'_>, child: Ix, container: Ix, around: &[Ix]) {
    if child == container {
        plan.fault_at(Reason::ContainerIntoItself, child);
        return;
    }
    let record = plan.record(child);
    plan.check_movable_as(child, &record);
    if around.contains(&child) {
        plan.fault_at_because(Reason::WouldBeCycle, child, container);
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::Level;
    use crate::operation::table::{after, check, packaged, under};
    use crate::policy::{EmptiedContainer, Policy, Uncommissioned};

    const WORLD: &str = "
            commission  P1 P2                           done
            commission  C1 C2 C3                        done
            commission  U1..U9 lot=L1                   done
            commission  U11 U12 lot=L2                  done
            pack        C1 <- U1 U2 U3                  done
            pack        C2 <- U4 U5                     done
            pack        P1 <- C1 C2                     done
    ";

    #[test]
    fn the_container_holds_what_was_counted() {
        after(WORLD).check(
            "
            close       C1 C2                           done
            reset       C1 = U4 U2 U9                   done
            contents    C1                              U2 U4 U9
            parent      U1                              -
            contents    C2                              U5
            seal        C1                              broken
            seal        C2                              broken
            reset       C3 = U1 U5                      done
            contents    C3                              U1 U5
            contents    C2                              -
            seal        C2                              open
            reset       C1 =                            done
            contents    C1                              -
            seal        C1                              open
        ",
        );
    }

    #[test]
    fn a_count_that_agrees_changes_nothing() {
        after(WORLD).check(
            "
            close       C1                              done
            reset       C1 = U3 U2 U1                   done
            contents    C1                              U1 U2 U3
            seal        C1                              closed
            reset       C3 =                            done
            contents    C3                              -
        ",
        );
    }

    #[test]
    fn a_closed_container_with_one_more_is_broken() {
        after(WORLD).check(
            "
            close       C1                              done
            reset       C1 = U3 U2 U1 U9                done
            seal        C1                              broken
        ",
        );
    }

    #[test]
    fn containers_that_are_emptied_go_where_the_policy_says_so() {
        let policy = Policy { emptied_container: EmptiedContainer::IsDecommissioned, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            reset       C1 = U4 U5                      done
            contents    C1                              U4 U5
            status      C2                              decommissioned
            contents    P1                              C1
            reset       C1 =                            done
            status      C1                              decommissioned
            status      P1                              decommissioned
        ",
        );
    }

    #[test]
    fn everything_counted_is_checked() {
        after(WORLD).check("
            reset       C1 = U1..U25001                 too_many_objects
            reset       C1 = U9 U9                      object_named_twice U9
            reset       C77 = U1                        object_not_found C77
            reset       C1 = U77 U C1 P1 C3             container_into_itself C1, object_not_found U77, identifier_is_not_an_instance U, would_be_cycle P1/C1, level_not_above C3/C1
            reset       U9 = U8                         object_is_not_container U9
            sample      U8                              done
            ship        U7                              done
            reset       C1 = U8 U7                      object_not_active U8, object_is_away U7
            hold        U1                              done
            reset       C1 = U2 U3                      object_on_hold U1/U1
            reset       C1 = U1 U2                      done
            reset       C2 = U1                         object_on_hold U1/U1
            hold        C1                              done
            reset       C1 =                            object_on_hold C1/C1, object_on_hold U1/U1, object_on_hold U2/C1
            hold        U/L1                            done
            reset       C2 = U5                         lot_on_hold U4
            release     U/L1                            done
            pack        C2 <- 5xU                       done
            reset       C2 = U4 U5                      quantities_in_container C2
            decommission C3                             done
            reset       C3 = U9                         object_not_active C3
            release     C1                              done
            release     U1                              done
            ship        P1                              done
            reset       C1 = U2                         object_is_away C1, object_is_away U1
        ");
    }

    #[test]
    fn what_is_counted_must_fit() {
        let policy = packaged(3, 2, Some(Level::Case));
        after(WORLD).under(&policy).check(
            "
            reset       C1 = U1 U2 U3 U4                container_is_full C1
            reset       C1 = U1 U2 U11                  lots_mixed U11/C1
            reset       C1 = U1 U2 U4                   done
            reset       C1 = U11 U12                    done
            reset       P2 = U9                         level_not_allowed U9/P2
        ",
        );
    }

    #[test]
    fn the_tree_stays_within_its_depth() {
        check(
            "
            commission  X1 X2 X3 X4 X5 X6 X7 X8 X9      done
            pack        X1 <- X2                        done
            pack        X2 <- X3                        done
            pack        X3 <- X4                        done
            pack        X4 <- X5                        done
            pack        X5 <- X6                        done
            pack        X6 <- X7                        done
            pack        X8 <- X9                        done
            reset       X7 = X8                         depth_exceeded X8/X7
            ",
        );
    }

    #[test]
    fn what_was_never_commissioned_is_commissioned_on_sight_where_the_policy_says_so() {
        let policy = Policy { uncommissioned: Uncommissioned::CommissionOnSight, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            reset       X1 = U1 U99                     done
            contents    X1                              U1 U99
            reset       X2 =                            done
            contents    X2                              -
        ",
        );
        under(&policy).within(1).check(
            "
            commission  C1                              done
            reset       C1 = U1                         engine_is_full U1
        ",
        );
    }

    #[test]
    fn a_late_count_changes_nothing() {
        after(WORLD).check(
            "
            unpack      -> U1                           done
            reset       C1 = U1 U2 U3 at=-15            late
            parent      U1                              -
        ",
        );
    }

    #[test]
    fn a_container_that_was_counted_and_emptied_by_the_same_count_goes_out_of_its_new_place() {
        let policy = Policy { emptied_container: EmptiedContainer::IsDecommissioned, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            reset       P2 = C2 U4 U5 C1                done
            status      C2                              decommissioned
            parent      C2                              -
            contents    P2                              U4 U5 C1
            status      P1                              decommissioned
        ",
        );
    }
}
