//! Split: a part of a container goes into a new one.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::fit::check_fit;
use super::plan::Plan;
use super::relabel::check_unused;
use crate::fact::{Level, Trust};
use crate::forest::record::Ix;
use crate::limits::PACK_CHILDREN_MAX;
use crate::refusal::Reason;

/// A part of a container goes into a new one, which is commissioned by it.
///
/// ```
/// use packtree::{Operation, operation::Split};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, pallet, cases, fresh, .. } = packed_pallet()?;
/// // An order takes one case of the pallet, on a pallet of its own.
/// let split = Split { from: pallet.clone(), children: vec![cases[1].clone()], into: fresh.clone() };
/// engine.perform(&line, Operation::Split(split))?.receipt()?;
///
/// assert_eq!(engine.children(&pallet), Some(vec![cases[0].clone()]));
/// assert_eq!(engine.children(&fresh), Some(vec![cases[1].clone()]));
/// assert_eq!(engine.inspect(&fresh).map(|new| new.units), Some(2));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Split {
    /// The container that gives.
    pub from: Identifier,
    /// The children that go.
    pub children: Vec<Identifier>,
    /// The identifier of the new container.
    pub into: Identifier,
}

impl Split {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if !plan.check_number(self.children.len(), PACK_CHILDREN_MAX) {
            return;
        }
        let from = plan.find(&self.from);
        if let Some(from) = from {
            plan.check_usable(from);
        }
        let children = plan.find_some(&self.children);
        for child in &children {
            check_child(plan, *child, from);
        }
        check_unused(plan, &self.into);
        let Some(from) = from.filter(|_| !plan.is_refused()) else { return };
        let record = plan.record(from);
        // A level that was only concluded is concluded again, from what goes into the new container.
        let level = if record.level_is_inferred() { Level::Unknown } else { record.level() };
        let Some(into) = plan.commission(&self.into, level) else { return };
        plan.leave(from, children.clone(), Trust::Verified, Opening::ByPolicy);
        check_fit(plan, into, &children, true);
        plan.join(into, children);
    }
}

fn check_child(plan: &mut Plan<'_>, child: Ix, from: Option<Ix>) {
    let record = plan.record(child);
    plan.check_movable_as(child, &record);
    match record.parent.known() {
        None => plan.fault_at(Reason::ChildNotInAnyParent, child),
        Some(real) if from.is_some_and(|from| from != real) => {
            plan.fault_at_because(Reason::ChildNotInParent, child, real);
        }
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::Level;
    use crate::operation::table::{after, packaged};
    use crate::policy::{EmptiedContainer, Policy};

    const WORLD: &str = "
            commission  P1                              done
            commission  C1 C2                           done
            commission  U1..U9 lot=L1                   done
            commission  U11 U12 lot=L2                  done
            pack        C1 <- U1 U2 U3 U11              done
            pack        C2 <- U4                        done
            pack        P1 <- C1 C2                     done
    ";

    #[test]
    fn a_part_goes_into_a_new_container() {
        after(WORLD).check(
            "
            close       C1                              done
            split       C1 -> U3 U1 into C9             done
            contents    C1                              U2 U11
            contents    C9                              U3 U1
            level       C9                              case
            parent      C9                              -
            seal        C1                              broken
            seal        C9                              open
            split       P1 -> C2 into P9                done
            level       P9                              pallet
            split       C1 -> U2 U11 into C10           done
            contents    C1                              -
        ",
        );
    }

    #[test]
    fn a_concluded_level_is_concluded_again() {
        after(WORLD).check(
            "
            commission  X1                              done
            pack        X1 <- U5 U6                     done
            split       X1 -> U5 into X2                done
            level       X2                              case
            pack        X2 <- C9                        object_not_found C9
            commission  C3                              done
            pack        X2 <- C3                        done
            level       X2                              pallet
        ",
        );
    }

    #[test]
    fn an_emptied_source_goes_where_the_policy_says_so() {
        let policy = Policy { emptied_container: EmptiedContainer::IsDecommissioned, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            split       C2 -> U4 into C9                done
            status      C2                              decommissioned
            contents    P1                              C1
        ",
        );
    }

    #[test]
    fn everything_named_is_checked() {
        after(WORLD).check("
            split       C1 -> into C9                   nothing_named
            split       C1 -> U1..U25001 into C9        too_many_objects
            split       C1 -> U1 U1 into C9             object_named_twice U1
            split       C77 -> U1 into C9               object_not_found C77
            split       C1 -> U1 U4 U9 U77 U into C9    child_not_in_parent U4/C2, child_not_in_any_parent U9, object_not_found U77, identifier_is_not_an_instance U
            split       C1 -> U1 into C2                object_already_commissioned C2
            split       C1 -> U1 into U                 identifier_is_not_an_instance U
            commission  C3                              done
            decommission C3                             done
            split       C1 -> U1 into C3                identifier_used_before C3
            split       C3 -> U1 into C9                object_not_active C3, child_not_in_parent U1/C1
            hold        U1                              done
            split       C1 -> U1 U2 into C9             object_on_hold U1/U1
            hold        U/L1                            done
            split       C1 -> U2 into C9                lot_on_hold U2
            split       C1 -> U11 into C9               done
            release     U/L1                            done
            hold        P1                              done
            split       C1 -> U2 into C10               object_on_hold C1/P1, object_on_hold U2/P1
            release     P1                              done
            release     U1                              done
            ship        P1                              done
            split       C1 -> U2 into C10               object_is_away C1, object_is_away U2
        ");
    }

    const PALLET: &str = "
            commission  P1                              done
            commission  U1 U2                           done
            pack        P1 <- U1 U2                     done
        ";

    #[test]
    fn the_new_container_obeys_the_packaging() {
        // What was packed under one policy is split under another, so the rules need not fit what is there.
        after(WORLD).switch(&packaged(2, 9, Some(Level::Case))).check(
            "
            split       C1 -> U1 U11 into C9            lots_mixed U11/C9
            split       C1 -> U1 U2 U3 into C9          container_is_full C9
            split       C1 -> U11 into C9               done
        ",
        );
        after(PALLET).switch(&packaged(9, 9, None)).check(
            "
            split       P1 -> U1 into P2                level_not_allowed U1/P2
        ",
        );
    }

    #[test]
    fn a_full_engine_refuses() {
        after("").within(2).check(
            "
            commission  C1                              done
            commission  U1                              done
            pack        C1 <- U1                        done
            split       C1 -> U1 into C2                engine_is_full C2
        ",
        );
    }

    #[test]
    fn a_late_split_changes_nothing() {
        after(WORLD).check(
            "
            unpack      -> U1                           done
            pack        C1 <- U1                        done
            split       C1 -> U1 into C9 at=-15         late
            parent      U1                              C1
        ",
        );
    }
}
