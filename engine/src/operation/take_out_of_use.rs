//! Sample, reject and destroy: objects come out of their containers and go out of use, with everything in them.

use std::collections::HashSet;

use foldhash::fast::FixedState;
use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::plan::Plan;
use crate::fact::{Status, Trust};
use crate::forest::View;
use crate::forest::record::Ix;

/// Units are taken out of their containers and out of use; needs a reason.
///
/// ```
/// use packtree::fact::{ReasonText, Status};
/// use packtree::operation::{Request, TakeOutOfUse};
/// use packtree::Operation;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, cases, units, .. } = packed_pallet()?;
/// // The laboratory takes a unit out of a case.
/// let sample = Operation::Sample(TakeOutOfUse { objects: vec![units[0].clone()] });
/// let reason = Some(ReasonText::new("stability test")?);
/// engine.submit(Request { reason, ..engine.request(&line, sample) })?.receipt()?;
///
/// assert_eq!(engine.inspect(&units[0]).map(|unit| unit.status), Some(Status::Sampled));
/// assert_eq!(engine.children(&cases[0]), Some(vec![units[1].clone()]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TakeOutOfUse {
    /// The objects.
    pub objects: Vec<Identifier>,
}

impl TakeOutOfUse {
    /// Decides a sample, a rejection or a destruction, whichever ends in `status`.
    pub(super) fn decide(&self, plan: &mut Plan<'_>, status: Status) {
        plan.require_reason();
        if status == Status::Destroyed {
            plan.require_role(&plan.policy().authority.destroy);
        }
        let objects = plan.find_all(&self.objects);
        for ix in &objects {
            check_may_end(plan, *ix, status);
        }
        if !plan.is_refused() {
            let outermost = outermost(plan, &objects);
            plan.take_out(&outermost, Trust::Verified, Opening::ByPolicy);
            plan.end_life_of_trees(&outermost, status);
        }
    }
}

/// Checks that an object is here and that what became of it is not final. A hold does not matter: this is how one may end.
pub(super) fn check_may_end(plan: &mut Plan<'_>, ix: Ix, status: Status) {
    let record = plan.record(ix);
    let allowed = if status == Status::Rejected { &[Status::Active][..] } else { &[Status::Active, Status::Rejected] };
    if plan.check_status(ix, &record, allowed) {
        plan.check_here(ix, &record);
    }
}

/// Those that are not inside another of the list.
pub(super) fn outermost(plan: &Plan<'_>, objects: &[Ix]) -> Vec<Ix> {
    let named: HashSet<Ix, FixedState> = objects.iter().copied().collect();
    let is_inside = |ix: &Ix| plan.draft.ancestors(*ix).any(|around| named.contains(&around));
    objects.iter().copied().filter(|ix| !is_inside(ix)).collect()
}

impl Plan<'_> {
    /// Plans that objects and everything in them goes out of use. What is out of use is in nothing and holds nothing: a later
    /// unpack could not touch it.
    pub(super) fn end_life_of_trees(&mut self, outermost: &[Ix], status: Status) {
        let mut ending = Vec::new();
        let mut containers = Vec::new();
        for ix in outermost {
            ending.push(*ix);
            containers.push(*ix);
            self.draft.for_each_below(*ix, &mut |below, record| {
                ending.push(below);
                if record.is_container() {
                    containers.push(below);
                }
            });
        }
        for container in containers {
            self.empty(container, Trust::Inferred, Opening::OutOfUse);
        }
        self.end_life(ending, status);
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::Role;
    use crate::operation::table::{after, check};
    use crate::policy::{Authority, EmptiedContainer, Policy};

    const WORLD: &str = "
            commission  P1 P2                           done
            commission  C1 C2 C3                        done
            commission  U1..U9 lot=L1                   done
            pack        C1 <- U1 U2 U3                  done
            pack        C2 <- U4 U5 5xV                 done
            pack        P1 <- C1 C2                     done
    ";

    #[test]
    fn a_unit_leaves_its_case_and_the_case_is_broken() {
        after(WORLD).check(
            "
            close       C1 P1                           done
            sample      U1                              done
            reject      U2 U9                           done
            status      U1                              sampled
            status      U2                              rejected
            status      U9                              rejected
            parent      U1                              -
            contents    C1                              U3
            seal        C1                              broken
            seal        P1                              closed
            counts      U/L1                            6 3 0
        ",
        );
    }

    #[test]
    fn a_container_goes_with_everything_in_it() {
        after(WORLD).check(
            "
            close       C1 C2 P1                        done
            destroy     C2 U4                           done
            contents    P1                              C1
            status      C2                              destroyed
            status      U4                              destroyed
            status      U5                              destroyed
            contents    C2                              -
            parent      U5                              -
            destroy     P1                              done
            status      C1                              destroyed
            status      U1                              destroyed
            counts      U/L1                            4 0 0
        ",
        );
    }

    #[test]
    fn an_emptied_container_goes_where_the_policy_says_so() {
        let policy = Policy { emptied_container: EmptiedContainer::IsDecommissioned, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            sample      U1 U2 U3                        done
            status      C1                              decommissioned
            contents    P1                              C2
            destroy     C2                              done
            status      C2                              destroyed
            status      P1                              decommissioned
        ",
        );
    }

    #[test]
    fn what_is_rejected_may_still_be_sampled_or_destroyed_and_the_rest_is_final() {
        after(WORLD).check(
            "
            reject      U1 U2 U3                        done
            reject      U1                              object_not_active U1
            sample      U1                              done
            destroy     U2                              done
            decommission U3                             done
            sample      U1 U2 U3                        object_not_active U1, object_not_active U2, object_not_active U3
            reject      U1 U2 U3                        object_not_active U1, object_not_active U2, object_not_active U3
            destroy     U1 U2 U3                        object_not_active U1, object_not_active U2, object_not_active U3
        ",
        );
    }

    #[test]
    fn a_hold_ends_with_the_object() {
        after(WORLD).check(
            "
            hold        U1 C1 P1                        done
            hold        U/L1                            done
            sample      U1                              done
            held        U1                              no
            destroy     C1                              done
            held        C1                              no
            held        P1                              yes
            release     P1                              done
            release     U/L1                            done
        ",
        );
    }

    #[test]
    fn everything_named_is_checked() {
        after(WORLD).check("
            sample      U1 reason=                      reason_required
            reject      U1 reason=                      reason_required
            destroy     U1 reason=                      reason_required
            destroy     U1 role=operator                role_not_allowed
            sample                                      nothing_named
            reject                                      nothing_named
            destroy                                     nothing_named
            sample      U1..U100001                     too_many_objects
            reject      U1..U100001                     too_many_objects
            destroy     U1..U100001                     too_many_objects
            sample      U1 U1 U77 U                     object_named_twice U1, object_not_found U77, identifier_is_not_an_instance U
            reject      U1 U1 U77 U                     object_named_twice U1, object_not_found U77, identifier_is_not_an_instance U
            destroy     U1 U1 U77 U                     object_named_twice U1, object_not_found U77, identifier_is_not_an_instance U
            ship        C3                              done
            ship        P1                              done
            sample      C3 U1                           object_is_away C3, object_is_away U1
            reject      C3 U1                           object_is_away C3, object_is_away U1
            destroy     C3 U1                           object_is_away C3, object_is_away U1
            sample      U9 role=operator                done
        ");
        let policy = Policy {
            authority: Authority { destroy: vec![Role::Quality], ..Authority::default() },
            ..Policy::default()
        };
        after(WORLD).under(&policy).check(
            "
            destroy     U1                              role_not_allowed
            destroy     U1 role=quality                 done
        ",
        );
    }

    #[test]
    fn more_than_one_fact_can_name_is_refused() {
        check(
            "
            commission  C1 C2 C3                        done
            commission  U1..U40000                      done
            commission  U40001..U80000                  done
            pack        C1 <- U1..U25000                done
            pack        C1 <- U25001..U50000            done
            pack        C2 <- U50001..U75000            done
            pack        C1 <- U75001..U80000            done
            commission  P1                              done
            pack        P1 <- C1 C2                     done
            commission  U80001..U110000                 done
            pack        C3 <- U80001..U105000           done
            pack        P1 <- C3                        done
            commission  X1                              done
            commission  P2                              done
            commission  C4                              done
            commission  U110001                         done
            pack        C4 <- U110001                   done
            pack        P2 <- C4                        done
            pack        X1 <- P1                        done
            replace     P1 by P2 destroyed              too_many_objects
            destroy     P1                              too_many_objects
            sample      P1                              too_many_objects
            reject      P1                              too_many_objects
            unpack      P1                              done
            destroy     C1                              done
            unpack      C2 *                            done
        ",
        );
    }

    #[test]
    fn a_late_end_changes_nothing() {
        after(WORLD).check(
            "
            sample      U1 at=-35                       late
            reject      U1 at=-45                       late
            destroy     C1 at=-45                       late
            status      U1                              active
        ",
        );
    }
}
