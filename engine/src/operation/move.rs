//! Move: children go from wherever they are into another parent, in one fact.

use packtree_gs1::Identifier;

use super::fit::put_in;
use super::plan::Plan;
use crate::fact::Level;
use crate::limits::PACK_CHILDREN_MAX;
use crate::policy::ChildWithParent;

/// Children go from wherever they are into another parent.
///
/// ```
/// use packtree::{Operation, operation::Move};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, cases, units, .. } = packed_pallet()?;
/// // One from the other case and one from the table, in one fact.
/// let children = vec![units[2].clone(), units[4].clone()];
/// engine.perform(&line, Operation::Move(Move { children, into: cases[0].clone() }))?.receipt()?;
///
/// assert_eq!(engine.inspect(&cases[0]).map(|case| case.children), Some(4));
/// assert_eq!(engine.children(&cases[1]), Some(vec![units[3].clone()]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    /// The children.
    pub children: Vec<Identifier>,
    /// The new parent.
    pub into: Identifier,
}

impl Move {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if !plan.check_number(self.children.len(), PACK_CHILDREN_MAX) {
            return;
        }
        let into = plan.find_or_commission(&self.into, Level::Unknown);
        let children = plan.find_or_commission_all(&self.children);
        put_in(plan, into, children, ChildWithParent::Move);
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::Level;
    use crate::operation::table::{after, check, packaged, under};
    use crate::policy::{ClosedContainer, EmptiedContainer, Policy, Uncommissioned};

    const WORLD: &str = "
            commission  P1 P2                           done
            commission  C1 C2 C3                        done
            commission  U1..U9 lot=L1                   done
            pack        C1 <- U1 U2 U3                  done
            pack        C2 <- U4 U5                     done
            pack        P1 <- C1 C2                     done
    ";

    #[test]
    fn children_go_from_wherever_they_are() {
        after(WORLD).check(
            "
            close       C1                              done
            move        C3 <- U5 U1 U9 U4               done
            contents    C3                              U5 U1 U9 U4
            contents    C1                              U2 U3
            contents    C2                              -
            seal        C1                              broken
            move        P2 <- C1 C2                     done
            contents    P2                              C1 C2
            contents    P1                              -
            move        P1 <- U2                        done
            contents    P1                              U2
        ",
        );
    }

    #[test]
    fn every_bad_child_is_named() {
        after(WORLD).check("
            hold        U5                              done
            sample      U6                              done
            ship        U7                              done
            move        C1 <- U1 U4 U5 U6 U7 U77 C1 C3 P1 U container_into_itself C1, child_already_in_parent U1/C1, object_on_hold U5/U5, object_not_active U6, object_is_away U7, object_not_found U77, level_not_above C3/C1, would_be_cycle P1/C1, identifier_is_not_an_instance U
            move        C1 <- U4 U4                     object_named_twice U4
            move        C1 <-                           nothing_named
            move        C1 <- U1..U25001                too_many_objects
            move        C99 <- U1                       object_not_found C99
            move        P2 <- C2                        object_on_hold U5
        ");
    }

    #[test]
    fn the_target_must_be_open_here_and_on_no_hold() {
        after(WORLD).check(
            "
            move        U9 <- U1                        object_is_not_container U9
            close       C2                              done
            move        C2 <- U1                        container_is_closed C2
            hold        C2                              done
            move        C2 <- U1                        object_on_hold C2/C2
            hold        U/L1                            done
            move        C3 <- U1                        lot_on_hold U1
            release     U/L1                            done
            ship        C3                              done
            move        C3 <- U1                        object_is_away C3
            decommission P2                             done
            move        P2 <- U1                        object_not_active P2
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
            move        X7 <- X8                        depth_exceeded X8/X7
            move        X6 <- X8                        done
            ",
        );
    }

    #[test]
    fn an_unknown_target_is_commissioned_on_sight_where_the_policy_says_so() {
        let policy = Policy { uncommissioned: Uncommissioned::CommissionOnSight, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            move        X1 <- U1 U99                    done
            contents    X1                              U1 U99
            level       X1                              case
        ",
        );
        under(&policy).within(2).check(
            "
            commission  C1 C2                           done
            move        C3 <- C1                        engine_is_full C3
        ",
        );
    }

    #[test]
    fn a_late_move_changes_nothing() {
        after(WORLD).check(
            "
            unpack      -> U1                           done
            move        C3 <- U1 at=-15                 late
            move        C1 <- U4 at=-25                 late
            parent      U1                              -
            parent      U4                              C2
        ",
        );
    }

    #[test]
    fn the_children_must_fit() {
        const PACKAGED: &str = "
            commission  P1                              done
            commission  C1 C2                           done
            commission  U1..U9 lot=L1                   done
            commission  U11 lot=L2                      done
            pack        C1 <- U1 U2 U3                  done
            pack        C2 <- U4                        done
        ";
        after(PACKAGED).under(&packaged(3, 2, Some(Level::Case))).check(
            "
            move        C2 <- U1 U2 U3                  container_is_full C2
            move        C2 <- U1 U11                    lots_mixed U11/C2
            move        P1 <- U1                        level_not_allowed U1/P1
            move        C2 <- U1 U2                     done
            ",
        );
    }

    #[test]
    fn a_container_that_moves_beside_its_last_child_is_an_emptied_one() {
        const NESTED: &str = "
            commission  P1                              done
            commission  C1                              done
            commission  U1                              done
            pack        C1 <- U1                        done
            close       C1                              done
        ";
        after(NESTED).check(
            "
            move        P1 <- C1 U1                     done
            contents    P1                              C1 U1
            seal        C1                              open
            ",
        );
        let policy = Policy { emptied_container: EmptiedContainer::IsDecommissioned, ..Policy::default() };
        after(NESTED).under(&policy).check(
            "
            move        P1 <- C1 U1                     done
            contents    P1                              U1
            status      C1                              decommissioned
            ",
        );
    }

    #[test]
    fn what_comes_apart_around_the_target_comes_apart_once() {
        let policy = Policy {
            emptied_container: EmptiedContainer::IsDecommissioned,
            closed_container: ClosedContainer::AncestorsAreDisbanded,
            ..Policy::default()
        };
        under(&policy).check(
            "
            commission  P1                              done
            commission  C1 C2                           done
            commission  X1                              done
            pack        C1 <- X1                        done
            pack        P1 <- C2                        done
            close       P1                              done
            move        X1 <- P1 C2                     done
            parent      C2                              -
            status      P1                              decommissioned
            status      X1                              decommissioned
            status      C1                              decommissioned
            ",
        );
    }
}
