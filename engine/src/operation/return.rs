//! Return: shipped objects come back.

use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::custody::set_custody;
use super::plan::Plan;
use crate::fact::Trust;
use crate::forest::View;
use crate::forest::record::Ix;
use crate::refusal::Reason;

/// Shipped objects come back; what comes back from inside a shipped container is taken out of it.
///
/// ```
/// use packtree::{Operation, operation::{Return, Ship}};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, pallet, units, .. } = packed_pallet()?;
/// engine.perform(&line, Operation::Ship(Ship { roots: vec![pallet.clone()] }))?.receipt()?;
///
/// // A pharmacy sends one unit back.
/// engine.perform(&line, Operation::Return(Return { objects: vec![units[0].clone()] }))?.receipt()?;
/// let unit = engine.inspect(&units[0]).ok_or("the unit is known")?;
/// assert_eq!((unit.away, unit.parent), (false, None));
/// assert_eq!(engine.inspect(&pallet).map(|pallet| (pallet.away, pallet.units)), Some((true, 3)));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Return {
    /// The objects.
    pub objects: Vec<Identifier>,
}

impl Return {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        let objects = plan.find_all(&self.objects);
        for ix in &objects {
            check_away(plan, *ix);
        }
        if plan.is_refused() {
            return;
        }
        // What comes back alone leaves its container while that is still away, which settles how many are away.
        plan.take_out(&objects, Trust::Verified, Opening::KeepsPlace);
        let roots = objects.into_iter().filter(|ix| plan.record(*ix).is_away()).collect();
        set_custody(plan, roots, false);
    }
}

fn check_away(plan: &mut Plan<'_>, ix: Ix) {
    if !plan.draft.is_away(ix) {
        plan.fault_at(Reason::ObjectIsNotAway, ix);
    }
}

#[cfg(test)]
mod tests {
    use crate::operation::table::after;
    use crate::policy::{ClosedContainer, EmptiedContainer, Policy};

    const WORLD: &str = "
            commission  P1 P2                           done
            commission  C1 C2                           done
            commission  U1..U9 lot=L1                   done
            pack        C1 <- U1 U2                     done
            pack        C2 <- U3 U4                     done
            pack        P1 <- C1 C2                     done
            close       C1 C2 P1                        done
            ship        P1 P2 U9                        done
    ";

    #[test]
    fn shipped_objects_come_back() {
        after(WORLD).check(
            "
            return      U9 P1                           done
            away        U9                              no
            away        U1                              no
            contents    P1                              C1 C2
            seal        P1                              closed
            counts      U/L1                            9 4 0
        ",
        );
    }

    #[test]
    fn what_comes_back_alone_leaves_the_container_that_is_away() {
        after(WORLD).check(
            "
            return      U1                              done
            away        U1                              no
            parent      U1                              -
            away        C1                              yes
            seal        C1                              broken
            seal        P1                              closed
            counts      U/L1                            9 3 4
            return      U3 C2 U4                        done
            contents    C2                              -
            away        C2                              no
            contents    P1                              C1
            counts      U/L1                            9 1 2
            return      P1 U2                           done
            counts      U/L1                            9 0 1
            away        C1                              no
        ",
        );
    }

    #[test]
    fn nothing_comes_apart_or_ends_in_somebody_elses_custody() {
        let policy = Policy {
            emptied_container: EmptiedContainer::IsDecommissioned,
            closed_container: ClosedContainer::AncestorsAreDisbanded,
            ..Policy::default()
        };
        after(WORLD).under(&policy).check(
            "
            return      U1 U2                           done
            status      C1                              active
            contents    P1                              C1 C2
            seal        P1                              broken
        ",
        );
    }

    #[test]
    fn a_lot_on_hold_comes_back_all_the_same() {
        after(WORLD).check(
            "
            hold        U/L1                            done
            return      U1 U9                           done
            pack        P2 <- U1                        object_is_away P2, lot_on_hold U1
        ",
        );
    }

    #[test]
    fn everything_named_is_checked() {
        after(WORLD).check("
            return                                      nothing_named
            return      U1..U100001                     too_many_objects
            return      U9 U9                           object_named_twice U9
            return      U9 U8 U77 U                     object_is_not_away U8, object_not_found U77, identifier_is_not_an_instance U
            sample      U7                              done
            return      U7                              object_is_not_away U7
        ");
    }

    #[test]
    fn a_late_return_changes_nothing() {
        after(WORLD).check(
            "
            return      U1 at=-55                       late
            return      P1 at=-35                       late
            away        P1                              yes
        ",
        );
    }
}
