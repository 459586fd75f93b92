//! Pack: children go into a parent.

use packtree_gs1::Identifier;

use super::fit::{put_in, raise_to};
use super::plan::Plan;
use crate::fact::{Level, Quantity};
use crate::forest::record::Ix;
use crate::limits::PACK_CHILDREN_MAX;

/// Children go into a parent, behind those that are there.
///
/// ```
/// use packtree::fact::{Decimal, Level, Quantity};
/// use packtree::operation::Pack;
/// use packtree::{Identifier, Operation};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, cases, units, .. } = packed_pallet()?;
/// // The loose unit goes into a case, and twelve leaflets that bear no serial number.
/// let leaflets = Quantity { class: Identifier::parse("(01)09521234543220")?, amount: Some(Decimal::whole(12)), unit: None };
/// let (parent, parent_level, children) = (cases[0].clone(), Level::Case, vec![units[4].clone()]);
/// let pack = Pack { parent, parent_level, children, quantities: vec![leaflets.clone()] };
/// engine.perform(&line, Operation::Pack(pack))?.receipt()?;
///
/// let case = engine.inspect(&cases[0]).ok_or("the case is known")?;
/// assert_eq!((case.children, case.quantities), (3, vec![leaflets]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pack {
    /// The parent.
    pub parent: Identifier,
    /// Its level, if the caller knows it and it may still be unknown to the engine.
    pub parent_level: Level,
    /// The children.
    pub children: Vec<Identifier>,
    /// Children that are known by class and quantity only.
    pub quantities: Vec<Quantity>,
}

impl Pack {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if !plan.check_number(self.children.len() + self.quantities.len(), PACK_CHILDREN_MAX) {
            return;
        }
        let parent = plan.find_or_commission(&self.parent, self.parent_level);
        let children = plan.find_or_commission_all(&self.children);
        if let Some(parent) = parent {
            self.state_level(plan, parent);
        }
        put_in(plan, parent, children, plan.policy().child_with_parent);
        if let Some(parent) = parent {
            plan.add_quantities(parent, &self.parent, &self.quantities);
        }
    }
}

impl Pack {
    /// Plans the level that the caller states, if the engine does not know better.
    fn state_level(&self, plan: &mut Plan<'_>, parent: Ix) {
        let record = plan.record(parent);
        let is_known = record.level() != Level::Unknown || record.level_is_inferred();
        if !is_known && self.parent_level != Level::Unknown {
            raise_to(plan, parent, self.parent_level);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::table::{after, check, packaged, under};
    use crate::policy::{ChildWithParent, EmptiedContainer, PackagingCheck, Policy, Uncommissioned};

    const WORLD: &str = "
            commission  P1 P2                           done
            commission  C1 C2                           done
            commission  U1..U9 lot=L1                   done
    ";

    #[test]
    fn a_unit_sits_in_one_case_at_a_time() {
        after(WORLD).check(
            "
            pack        C1 <- U1 U2                     done
            pack        C2 <- U1                        child_has_other_parent U1/C1
            unpack      C1 -> U1                        done
            pack        C2 <- U1                        done
            parent      U1                              C2
            contents    C1                              U2
            counts      U/L1                            9 2 0
        ",
        );
    }

    #[test]
    fn children_stay_in_the_order_in_which_they_went_in() {
        after(WORLD).check(
            "
            pack        C1 <- U3 U1                     done
            pack        C1 <- U2                        done
            contents    C1                              U3 U1 U2
            unpack      -> U1                           done
            pack        C1 <- U1                        done
            contents    C1                              U3 U2 U1
            unpack      -> U3                           done
            contents    C1                              U2 U1
        ",
        );
    }

    #[test]
    fn refuses_lists_that_are_wrong_in_themselves() {
        after(WORLD).check(
            "
            pack        C1 <-                           nothing_named
            pack        C1 <- U1..U25001                too_many_objects
            pack        C1 <- U1 U2 U1                  object_named_twice U1
            pack        C1 <- U88 U88                   object_named_twice U88
            pack        C1 <- U1 U                      identifier_is_not_an_instance U
            pack        U/L1 <- U1                         identifier_is_not_an_instance U/L1
        ",
        );
    }

    #[test]
    fn a_bad_child_is_reported_for_the_right_reason_and_every_bad_one_is() {
        after(WORLD).check("
            pack        C2 <- U2                        done
            sample      U3                              done
            hold        U4                              done
            ship        U5                              done
            pack        C1 <- U1 U2 U77 U3 U4 U5 P1     child_has_other_parent U2/C2, object_not_found U77, object_not_active U3, object_on_hold U4/U4, object_is_away U5, level_not_above P1/C1
            pack        C1 <- U1                        done
            pack        C1 <- U1 U6                     child_already_in_parent U1/C1
            pack        C99 <- U1 U2 U77                object_not_found C99, child_has_other_parent U1/C1, child_has_other_parent U2/C2, object_not_found U77
        ");
    }

    #[test]
    fn a_container_is_not_packed_into_itself() {
        after(WORLD).check(
            "
            pack        C1 <- C1                        container_into_itself C1
            pack        C1 <- U1 C1                     container_into_itself C1
        ",
        );
    }

    #[test]
    fn a_into_b_and_then_b_into_a_is_no_cycle() {
        check(
            "
            commission  X1 X2 X3                        done
            pack        X2 <- X1                        done
            pack        X1 <- X2                        would_be_cycle X2/X1
            pack        X3 <- X2                        done
            pack        X1 <- X3                        would_be_cycle X3/X1
            ",
        );
    }

    #[test]
    fn what_is_closed_is_reopened_first_and_what_is_broken_can_be_completed() {
        after(WORLD).check(
            "
            pack        C1 <- U1 U2                     done
            close       C1                              done
            pack        C1 <- U3                        container_is_closed C1
            unpack      -> U1                           done
            seal        C1                              broken
            pack        C1 <- U3                        done
            seal        C1                              broken
        ",
        );
    }

    #[test]
    fn holds_block_what_is_held_what_is_in_it_and_what_is_around_it() {
        after(WORLD).check(
            "
            pack        C1 <- U1                        done
            hold        U1                              done
            pack        P1 <- C1                        object_on_hold U1
            release     U1                              done
            hold        U/L1                            done
            pack        P1 <- C1                        lot_on_hold U1
            pack        C2 <- U2                        lot_on_hold U2
            release     U/L1                            done
            hold        C2                              done
            pack        C2 <- U2                        object_on_hold C2/C2
            pack        P1 <- C2                        object_on_hold C2/C2
        ",
        );
    }

    #[test]
    fn the_parent_must_be_here_and_in_use_and_a_container() {
        after(WORLD).check(
            "
            pack        U1 <- U2                        object_is_not_container U1
            ship        C1                              done
            pack        C1 <- U2                        object_is_away C1
            decommission C2                             done
            pack        C2 <- U2                        object_not_active C2
        ",
        );
    }

    #[test]
    fn levels_rise_from_child_to_parent() {
        after(WORLD).check(
            "
            commission  X1 X2 X3 X4 X5                  done
            pack        C1 <- C2                        level_not_above C2/C1
            pack        C1 <- P1                        level_not_above P1/C1
            pack        C1 <- X1                        done
            pack        X1 <- U1                        level_not_above X1/C1
            pack        X2 <- U2                        done
            level       X2                              case
            pack        X3 <- X2                        done
            level       X3                              pallet
            pack        X2 <- C2                        done
            level       X2                              pallet
            level       X3                              unknown
            pack        X3 <- U3                        done
            level       X3                              unknown
            pack        X4 <- X3                        done
            level       X4                              unknown
            pack        X5 <- P1                        done
            pack        X5 <- U4                        done
            level       X5                              unknown
        ",
        );
    }

    #[test]
    fn the_caller_may_state_a_level_that_is_not_known() {
        after(WORLD).check(
            "
            commission  X1 X2                           done
            pack        X1 <- U1 level=pallet           done
            level       X1                              pallet
            pack        X1 <- U2 level=case             done
            level       X1                              pallet
            pack        C1 <- X2                        done
            pack        X2 <- U3 level=pallet           level_not_above X2/C1
            pack        P1 <- C2 level=case             done
            level       P1                              pallet
        ",
        );
    }

    #[test]
    fn a_case_with_an_sgtin_holds_units() {
        after(WORLD).check(
            "
            commission  K1 level=unknown                done
            level       K1                              unit
            pack        K1 <- U1 U2                     done
            level       K1                              case
        ",
        );
    }

    #[test]
    fn a_tree_has_eight_levels() {
        check(
            "
            commission  X1 X2 X3 X4 X5 X6 X7 X8 X9      done
            pack        X1 <- X2                        done
            pack        X2 <- X3                        done
            pack        X3 <- X4                        done
            pack        X4 <- X5                        done
            pack        X6 <- X7                        done
            pack        X7 <- X8                        done
            pack        X8 <- X9                        done
            pack        X5 <- X6                        depth_exceeded X6/X5
            unpack      -> X9                           done
            pack        X5 <- X6                        done
            pack        X8 <- X9                        depth_exceeded X9/X8
            ",
        );
    }

    const PACKAGED: &str = "
            commission  P1 P2                           done
            commission  C1 C2 C3                        done
            commission  U1..U9 lot=L1                   done
            commission  U11..U19 lot=L2                 done
            commission  V1                              done
            commission  B1                              done
    ";

    #[test]
    fn a_container_holds_as_many_as_its_packaging_says() {
        after(PACKAGED).under(&packaged(3, 2, Some(Level::Case))).check(
            "
            pack        C1 <- U1..U4                    container_is_full C1
            pack        C1 <- U1 U2                     done
            pack        C1 <- U3 U4                     container_is_full C1
            pack        C1 <- U3                        done
            pack        C2 <- U4..U6                    done
            pack        C3 <- U7..U9                    done
            pack        P1 <- C1 C2 C3                  container_is_full P1
            pack        P1 <- C1 C2                     done
            pack        P1 <- C3                        container_is_full P1
        ",
        );
    }

    #[test]
    fn a_container_holds_the_level_that_its_packaging_says() {
        after(PACKAGED).under(&packaged(3, 2, Some(Level::Case))).check(
            "
            pack        P1 <- U1                        level_not_allowed U1/P1
            pack        P1 <- V1                        done
        ",
        );
    }

    #[test]
    fn a_case_holds_one_lot_and_a_pallet_several() {
        after(PACKAGED).under(&packaged(3, 2, Some(Level::Case))).check(
            "
            pack        C1 <- U1 U11                    lots_mixed U11/C1
            pack        C1 <- U11 U1                    lots_mixed U1/C1
            pack        C1 <- U1                        done
            pack        C1 <- U11                       lots_mixed U11/C1
            pack        C2 <- U11                       done
            pack        P1 <- C1 C2                     done
        ",
        );
    }

    #[test]
    fn nothing_of_the_packaging_is_checked_where_the_policy_says_so() {
        let policy = Policy { packaging_check: PackagingCheck::Unchecked, ..packaged(3, 2, Some(Level::Case)) };
        after(PACKAGED).under(&policy).check(
            "
            pack        C1 <- U1..U4 U11                done
            pack        P1 <- U5                        done
        ",
        );
    }

    #[test]
    fn a_child_moves_where_the_policy_says_so() {
        let policy = Policy { child_with_parent: ChildWithParent::Move, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            pack        C1 <- U1 U2 U3                  done
            close       C1                              done
            pack        C2 <- U4 U1 U5 U3               done
            contents    C1                              U2
            contents    C2                              U4 U1 U5 U3
            seal        C1                              broken
            pack        C2 <- U4                        child_already_in_parent U4/C2
        ",
        );
    }

    #[test]
    fn an_emptied_source_goes_by_policy() {
        let policy = Policy {
            child_with_parent: ChildWithParent::Move,
            emptied_container: EmptiedContainer::IsDecommissioned,
            ..Policy::default()
        };
        after(WORLD).under(&policy).check(
            "
            pack        C1 <- U1                        done
            pack        P1 <- C1                        done
            pack        P1 <- C2                        done
            pack        C2 <- U1                        done
            status      C1                              decommissioned
            parent      C1                              -
            contents    P1                              C2
            pack        P2 <- C2                        done
            status      P1                              decommissioned
        ",
        );
    }

    #[test]
    fn what_was_never_commissioned_is_refused_or_commissioned_on_sight() {
        after(WORLD).check(
            "
            pack        C9 <- U1                        object_not_found C9
            pack        C1 <- U99                       object_not_found U99
        ",
        );
        let policy = Policy { uncommissioned: Uncommissioned::CommissionOnSight, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            pack        X9 <- U98 U1 U99 S1 G1 T1       done
            contents    X9                              U98 U1 U99 S1 G1 T1
            level       X9                              case
            level       U99                             unit
            pack        X8 <- X9 X7 level=pallet        done
            level       X8                              pallet
            pack        X6 <- U51 U51                   object_named_twice U51
            pack        X6 <- X6                        container_into_itself X6
            pack        X6 <- U                         identifier_is_not_an_instance U
        ",
        );
    }

    #[test]
    fn a_full_engine_commissions_nothing_on_sight() {
        let policy = Policy { uncommissioned: Uncommissioned::CommissionOnSight, ..Policy::default() };
        under(&policy).within(3).check(
            "
            commission  C1                              done
            pack        C1 <- U1 U2 U3                  engine_is_full U3
            pack        C1 <- U1 U2                     done
            pack        C2 <- U1                        engine_is_full C2, child_has_other_parent U1/C1
            ",
        );
    }

    #[test]
    fn contents_by_quantity_add_up() {
        after(WORLD).check(
            "
            pack        C1 <- U1 5xU 2.5xV:KGM          done
            pack        C1 <- 7xU 1xV                   done
            pack        C1 <- xU xU                     done
            contents    C1                              U1 12xU 2.5xV:KGM 1xV xU xU
            pack        C2 <- 5xU/L1                    done
        ",
        );
    }

    #[test]
    fn a_late_pack_is_recorded_and_changes_nothing() {
        after(WORLD).check(
            "
            pack        C1 <- U1 U2                     done
            unpack      C1                              done
            pack        C1 <- U3 at=-15                 late
            pack        C2 <- U1 at=-25                 late
            pack        C2 <- U4 at=-100                late
            contents    C1                              -
        ",
        );
    }

    #[test]
    fn two_stations_with_different_clocks_fill_the_same_pallet() {
        after(WORLD).check(
            "
            pack        P1 <- C1                        done
            pack        P1 <- C2 at=-15                 done
            contents    P1                              C1 C2
        ",
        );
    }

    #[test]
    fn a_late_event_is_refused_where_the_policy_says_so() {
        let policy = Policy { late_event: crate::policy::LateEvent::Refuse, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            pack        C1 <- U1 U2                     done
            unpack      -> U1                           done
            pack        C2 <- U3 U1 U2 at=-15           child_has_other_parent U2/C1
            pack        C2 <- U3 U1 at=-25              event_is_late U1
        ",
        );
    }
}
