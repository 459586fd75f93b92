//! Ship: roots leave, with everything under them.

use packtree_gs1::Identifier;

use super::custody::{check_root, set_custody};
use super::plan::Plan;
use crate::fact::{Seal, Status};
use crate::forest::View;
use crate::forest::record::Ix;
use crate::limits::OPERATION_OBJECTS_MAX;
use crate::refusal::Reason;

/// Roots leave, with everything under them.
///
/// ```
/// use packtree::{Operation, Reason, operation::Ship};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, pallet, units, .. } = packed_pallet()?;
/// engine.perform(&line, Operation::Ship(Ship { roots: vec![pallet] }))?.receipt()?;
/// assert_eq!(engine.inspect(&units[0]).map(|unit| unit.away), Some(true));
///
/// // What is with somebody else cannot be changed here.
/// let unpack = engine.perform(&line, Operation::unpack(vec![units[0].clone()]))?;
/// assert_eq!(unpack.receipt().map_err(|refusal| refusal.reason()), Err(Reason::ObjectIsAway));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ship {
    /// The roots.
    pub roots: Vec<Identifier>,
}

impl Ship {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if !plan.check_number(self.roots.len(), OPERATION_OBJECTS_MAX) {
            return;
        }
        let roots = plan.find_or_commission_all(&self.roots);
        for root in &roots {
            check(plan, *root);
        }
        set_custody(plan, roots, true);
    }
}

fn check(plan: &mut Plan<'_>, root: Ix) {
    let record = plan.record(root);
    let may_leave = plan.check_status(root, &record, &[Status::Active])
        && plan.check_here(root, &record)
        && plan.check_not_held(root, &record)
        && check_root(plan, root);
    if may_leave && record.is_container() {
        plan.check_contents_not_held(root);
        check_not_broken(plan, root);
    }
}

/// Faults for each container of a tree that is broken.
fn check_not_broken(plan: &mut Plan<'_>, root: Ix) {
    let draft = plan.draft;
    let mut broken = Vec::new();
    if draft.seal(root) == Seal::Broken {
        broken.push(root);
    }
    draft.for_each_below(root, &mut |below, record| {
        if record.is_container() && draft.container_at(record.link).seal == Seal::Broken {
            broken.push(below);
        }
    });
    for ix in broken {
        plan.fault_at(Reason::ContainerIsBroken, ix);
    }
}

#[cfg(test)]
mod tests {
    use crate::operation::table::{after, under};
    use crate::policy::{Policy, Uncommissioned};

    const WORLD: &str = "
            commission  P1 P2                           done
            commission  C1 C2 C3                        done
            commission  U1..U9 lot=L1                   done
            pack        C1 <- U1 U2 U3                  done
            pack        C2 <- U4 U5                     done
            pack        P1 <- C1 C2                     done
    ";

    #[test]
    fn roots_leave_with_everything_under_them() {
        after(WORLD).check(
            "
            ship        P1 U9                           done
            away        P1                              yes
            away        U1                              yes
            away        U9                              yes
            away        U8                              no
            counts      U/L1                            9 5 6
            parent      U1                              C1
        ",
        );
    }

    #[test]
    fn what_is_known_of_the_contents_stays_known() {
        after(WORLD).check(
            "
            ship        P1 C3                           done
            receive     P1 trust=inferred               done
            receive     C3 trust=verified               done
            ship        P1 C3                           done
            trust       P1                              inferred
            trust       C3                              verified
        ",
        );
    }

    #[test]
    fn everything_named_is_checked() {
        after(WORLD).check("
            ship                                        nothing_named
            ship        U1..U100001                     too_many_objects
            ship        P1 P1                           object_named_twice P1
            ship        P1 U77 U C1 U4                  object_not_found U77, identifier_is_not_an_instance U, object_in_container C1/P1, object_in_container U4/P1
            ship        U9                              done
            sample      U8                              done
            ship        U8 U9                           object_not_active U8, object_is_away U9
        ");
    }

    #[test]
    fn nothing_on_hold_leaves() {
        after(WORLD).check("
            hold        U1                              done
            ship        P1                              object_on_hold U1
            hold        C2                              done
            ship        P1                              object_on_hold U1, object_on_hold C2
            hold        P1                              done
            ship        P1                              object_on_hold P1/P1
            release     P1 C2 U1                        done
            hold        U/L1                            done
            ship        P1 U9                           lot_on_hold U9, lot_on_hold U1, lot_on_hold U2, lot_on_hold U3, lot_on_hold U4, lot_on_hold U5
            release     U/L1                            done
            ship        P1 U9                           done
        ");
    }

    #[test]
    fn nothing_broken_leaves_and_open_containers_may() {
        after(WORLD).check(
            "
            close       C1 C2                           done
            unpack      -> U1 U4                        done
            ship        P1                              container_is_broken C1, container_is_broken C2
            close_partial C1                            done
            ship        P1                              container_is_broken C2
            reopen      C2                              done
            close       P1                              done
            unpack      -> C2                           done
            ship        P1                              container_is_broken P1
            close       P1                              done
            ship        P1                              done
        ",
        );
    }

    #[test]
    fn what_was_never_commissioned_leaves_where_the_policy_says_so() {
        let policy = Policy { uncommissioned: Uncommissioned::CommissionOnSight, ..Policy::default() };
        under(&policy).check(
            "
            ship        X1 U1                           done
            away        X1                              yes
            ship        X2 X2                           object_named_twice X2
        ",
        );
        under(&policy).within(1).check(
            "
            ship        X1 X2                           engine_is_full X2
        ",
        );
    }

    #[test]
    fn a_late_shipment_changes_nothing() {
        after(WORLD).check(
            "
            ship        P1 at=-15                       late
            away        P1                              no
        ",
        );
    }
}
