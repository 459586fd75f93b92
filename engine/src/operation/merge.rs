//! Merge: everything in one container goes into another.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::fit::{check_fit, check_open};
use super::plan::Plan;
use crate::fact::Trust;
use crate::forest::record::Ix;
use crate::refusal::Reason;

/// Everything in one container goes into another.
///
/// ```
/// use packtree::{Operation, operation::Merge};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, cases, units, .. } = packed_pallet()?;
/// // Two half-full cases become one.
/// let merge = Merge { from: cases[1].clone(), into: cases[0].clone() };
/// engine.perform(&line, Operation::Merge(merge))?.receipt()?;
///
/// assert_eq!(engine.children(&cases[0]), Some(units[..4].to_vec()));
/// assert_eq!(engine.children(&cases[1]), Some(vec![]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Merge {
    /// The container that is emptied.
    pub from: Identifier,
    /// The container that takes it.
    pub into: Identifier,
}

impl Merge {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if self.from == self.into {
            plan.fault(Reason::ObjectsMustDiffer, &self.into);
            return;
        }
        let (from, into) = (plan.find(&self.from), plan.find(&self.into));
        if let Some(from) = from {
            check_source(plan, from);
        }
        let is_open = into.is_some_and(|into| check_open(plan, into));
        let (Some(from), Some(into)) = (from, into) else { return };
        if plan.ancestors(into).contains(&from) {
            plan.fault_at_because(Reason::WouldBeCycle, from, into);
        }
        let (children, quantities) = (plan.children(from), plan.quantities(from).to_vec());
        if is_open {
            check_fit(plan, into, &children, true);
        }
        if plan.is_refused() {
            return;
        }
        plan.empty(from, Trust::Inferred, Opening::ByPolicy);
        plan.join(into, children);
        plan.add_quantities(into, &self.into, &quantities);
    }
}

fn check_source(plan: &mut Plan<'_>, from: Ix) {
    let record = plan.record(from);
    if plan.check_movable_as(from, &record) && plan.is_empty(from) {
        plan.fault_at(Reason::ContainerIsEmpty, from);
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::Level;
    use crate::operation::table::{after, check, packaged};
    use crate::policy::{EmptiedContainer, Policy};

    const WORLD: &str = "
            commission  P1 P2                           done
            commission  C1 C2 C3                        done
            commission  U1..U9 lot=L1                   done
            commission  U11..U19 lot=L2                 done
            pack        C1 <- U1 U2 5xU                 done
            pack        C2 <- U3 U4 2xU xV              done
            pack        P1 <- C1 C2                     done
    ";

    #[test]
    fn everything_goes_into_the_other() {
        after(WORLD).check(
            "
            close       C1                              done
            merge       C1 into C2                      done
            contents    C1                              -
            seal        C1                              open
            contents    C2                              U3 U4 U1 U2 7xU xV
            status      C1                              active
            contents    P1                              C1 C2
            merge       P1 into P2                      done
            contents    P2                              C1 C2
            merge       C2 into P2                      done
            contents    P2                              C1 C2 U3 U4 U1 U2 7xU xV
        ",
        );
    }

    #[test]
    fn an_emptied_source_goes_where_the_policy_says_so() {
        let policy = Policy { emptied_container: EmptiedContainer::IsDecommissioned, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            merge       C1 into C2                      done
            status      C1                              decommissioned
            contents    P1                              C2
            merge       C2 into P1                      done
            contents    P1                              U3 U4 U1 U2 7xU xV
            status      C2                              decommissioned
        ",
        );
    }

    #[test]
    fn both_are_checked() {
        after(WORLD).check("
            merge       C1 into C1                      objects_must_differ C1
            merge       C77 into C78                    object_not_found C77, object_not_found C78
            merge       U into C1                       identifier_is_not_an_instance U
            merge       C3 into C1                      container_is_empty C3
            merge       U9 into C1                      container_is_empty U9
            merge       C1 into U9                      object_is_not_container U9
            commission  X1 X2 X3                        done
            pack        X1 <- X2 X3                     done
            merge       X1 into X2                      would_be_cycle X1/X2
            merge       P1 into C1                      would_be_cycle P1/C1, level_not_above C1/C1, level_not_above C2/C1
            close       C2                              done
            merge       C1 into C2                      container_is_closed C2
            hold        U1                              done
            merge       C1 into C3                      object_on_hold U1
            hold        C3                              done
            merge       C2 into C3                      object_on_hold C3/C3
            merge       C3 into C2                      object_on_hold C3/C3, container_is_closed C2
            hold        U/L1                            done
            merge       C2 into P2                      lot_on_hold U3, lot_on_hold U4
            release     U/L1                            done
            release     U1                              done
            ship        P1                              done
            merge       C1 into C2                      object_is_away C1, object_is_away C2
            destroy     P2                              done
            merge       X1 into P2                      object_not_active P2
        ");
    }

    #[test]
    fn the_contents_must_fit() {
        let policy = packaged(3, 9, Some(Level::Case));
        after(WORLD).under(&policy).check(
            "
            merge       C1 into C2                      container_is_full C2
            pack        C3 <- U11                       done
            merge       C1 into C3                      lots_mixed U1/C3, lots_mixed U2/C3
            merge       C1 into P2                      level_not_allowed U1/P2, level_not_allowed U2/P2
        ",
        );
    }

    #[test]
    fn the_tree_stays_within_its_depth() {
        check(
            "
            commission  X1 X2 X3 X4 X5 X6 X7 X8         done
            commission  X11 X12 X13                     done
            pack        X1 <- X2                        done
            pack        X2 <- X3                        done
            pack        X3 <- X4                        done
            pack        X4 <- X5                        done
            pack        X5 <- X6                        done
            pack        X6 <- X7                        done
            pack        X11 <- X12                      done
            pack        X12 <- X13                      done
            merge       X11 into X7                     depth_exceeded X12/X7
            merge       X11 into X6                     done
            ",
        );
    }

    #[test]
    fn one_container_keeps_so_many_quantities() {
        let lots: Vec<String> = (0..1_000).map(|n| format!("1xU/L{n}")).collect();
        check(&format!(
            "
            commission  C1 C2                           done
            pack        C1 <- {}                        done
            pack        C2 <- 1xV                       done
            pack        C1 <- 1xV                       too_many_objects C1
            merge       C2 into C1                      too_many_objects C1
            pack        C1 <- 1xU/L7                    done
        ",
            lots.join(" ")
        ));
    }

    #[test]
    fn a_late_merge_changes_nothing() {
        after(WORLD).check(
            "
            unpack      -> U1                           done
            merge       C2 into C1 at=-25               late
            contents    C1                              U2 5xU
        ",
        );
    }
}
