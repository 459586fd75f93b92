//! Decommission: identifiers go out of use.

use std::collections::HashSet;

use foldhash::fast::FixedState;
use packtree_gs1::Identifier;

use super::consequence::Opening;
use super::plan::Plan;
use super::take_out_of_use::{check_may_end, outermost};
use crate::fact::{Status, Trust};
use crate::forest::record::Ix;
use crate::policy::DecommissionInside;
use crate::refusal::Reason;

/// Identifiers go out of use; needs a reason.
///
/// ```
/// use packtree::fact::{ReasonText, Status};
/// use packtree::operation::{ContentsFate, Decommission, Request};
/// use packtree::Operation;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, pallet, cases, .. } = packed_pallet()?;
/// // The label of the pallet goes; the cases on it stay in use.
/// let objects = vec![pallet.clone()];
/// let decommission = Operation::Decommission(Decommission { objects, contents: ContentsFate::StayActive });
/// let reason = Some(ReasonText::new("moved to a rack")?);
/// engine.submit(Request { reason, ..engine.request(&line, decommission) })?.receipt()?;
///
/// assert_eq!(engine.inspect(&pallet).map(|pallet| pallet.status), Some(Status::Decommissioned));
/// assert_eq!(engine.root(&cases[0]), Some(cases[0].clone()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decommission {
    /// The objects.
    pub objects: Vec<Identifier>,
    /// What becomes of the contents of a container.
    pub contents: ContentsFate,
}

/// What becomes of the contents of a container that is decommissioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum ContentsFate {
    /// They are decommissioned too.
    Too,
    /// They come out and stay active.
    StayActive,
}

impl Decommission {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.require_reason();
        let objects = plan.find_all(&self.objects);
        for ix in &objects {
            check_may_end(plan, *ix, Status::Decommissioned);
        }
        match self.contents {
            ContentsFate::Too => {
                let outermost = outermost(plan, &objects);
                leave_containers(plan, &outermost);
                if !plan.is_refused() {
                    plan.end_life_of_trees(&outermost, Status::Decommissioned);
                }
            }
            ContentsFate::StayActive => keep_contents(plan, objects),
        }
    }
}

/// Takes objects out of the containers that they are in, or refuses, as the policy says.
fn leave_containers(plan: &mut Plan<'_>, objects: &[Ix]) {
    if plan.policy().decommission_inside == DecommissionInside::Refuse {
        for ix in objects {
            if let Some(parent) = plan.record(*ix).parent.known() {
                plan.fault_at_because(Reason::ObjectInContainer, *ix, parent);
            }
        }
    } else if !plan.is_refused() {
        plan.take_out(objects, Trust::Verified, Opening::ByPolicy);
    }
}

/// Contents come out of the containers that go. They stay in use, so nothing around them or among them may be on hold.
fn keep_contents(plan: &mut Plan<'_>, objects: Vec<Ix>) {
    for ix in &objects {
        let record = plan.record(*ix);
        if record.status() == Status::Active && plan.check_not_held(*ix, &record) {
            plan.check_contents_not_held(*ix);
        }
    }
    let named: HashSet<Ix, FixedState> = objects.iter().copied().collect();
    let staying: Vec<Ix> = objects.iter().copied().filter(|ix| !named.contains(&plan.record(*ix).parent)).collect();
    leave_containers(plan, &staying);
    if plan.is_refused() {
        return;
    }
    for container in &objects {
        plan.empty(*container, Trust::Inferred, Opening::OutOfUse);
    }
    plan.end_life(objects, Status::Decommissioned);
}

#[cfg(test)]
mod tests {
    use crate::operation::table::after;
    use crate::policy::{DecommissionInside, EmptiedContainer, Policy};

    const WORLD: &str = "
            commission  P1 P2                           done
            commission  C1 C2 C3                        done
            commission  U1..U9 lot=L1                   done
            pack        C1 <- U1 U2 U3                  done
            pack        C2 <- U4 U5 5xV                 done
            pack        P1 <- C1 C2                     done
    ";

    fn taking_out() -> Policy {
        Policy { decommission_inside: DecommissionInside::TakeOut, ..Policy::default() }
    }

    #[test]
    fn contents_go_too() {
        after(WORLD).check(
            "
            close       C1                              done
            decommission P1 C1 U1 U9                    done
            status      P1                              decommissioned
            status      C2                              decommissioned
            status      U5                              decommissioned
            status      U9                              decommissioned
            parent      U1                              -
            contents    C2                              -
            counts      U/L1                            3 0 0
        ",
        );
    }

    #[test]
    fn or_contents_stay_active() {
        after(WORLD).check(
            "
            close       C1 P1                           done
            decommission_only P1 C2 U4                  done
            status      C1                              active
            parent      C1                              -
            contents    C1                              U1 U2 U3
            seal        C1                              closed
            status      C2                              decommissioned
            contents    C2                              -
            status      U5                              active
            status      U4                              decommissioned
            parent      U5                              -
        ",
        );
    }

    #[test]
    fn what_sits_in_a_container_is_refused() {
        after(WORLD).check(
            "
            decommission U1 C2 U9                       object_in_container U1/C1, object_in_container C2/P1
            decommission_only U1 C2                     object_in_container U1/C1, object_in_container C2/P1
            decommission_only P1 U1                     object_in_container U1/C1
            decommission P1 U1                          done
        ",
        );
    }

    #[test]
    fn or_taken_out_where_the_policy_says_so() {
        after(WORLD).under(&taking_out()).check(
            "
            close       C1 P1                           done
            decommission U1 C2                          done
            contents    C1                              U2 U3
            contents    P1                              C1
            seal        C1                              broken
            seal        P1                              broken
            status      U4                              decommissioned
            decommission_only C1 U2                     done
            contents    P1                              -
            status      U3                              active
            parent      U3                              -
            status      U2                              decommissioned
        ",
        );
    }

    #[test]
    fn an_emptied_container_goes_where_the_policy_says_so() {
        let policy = Policy { emptied_container: EmptiedContainer::IsDecommissioned, ..taking_out() };
        after(WORLD).under(&policy).check(
            "
            decommission U1 U2 U3                       done
            status      C1                              decommissioned
            decommission_only C2                        done
            status      C2                              decommissioned
            status      P1                              decommissioned
            status      U4                              active
        ",
        );
    }

    #[test]
    fn a_hold_ends_with_the_object_unless_something_stays() {
        after(WORLD).under(&taking_out()).check(
            "
            hold        U1 C1 P1                        done
            decommission_only U1                        object_on_hold U1/U1
            decommission_only C1                        object_on_hold C1/C1
            decommission_only P1                        object_on_hold P1/P1
            release     P1                              done
            decommission_only P1                        object_on_hold C1, object_on_hold U1
            hold        U/L1                            done
            decommission_only C2                        lot_on_hold U4, lot_on_hold U5
            decommission U1                             done
            held        U1                              no
            decommission P1                             done
            held        C1                              no
            release     U/L1                            done
        ",
        );
    }

    #[test]
    fn everything_named_is_checked() {
        after(WORLD).check("
            decommission U9 reason=                     reason_required
            decommission                                nothing_named
            decommission U1..U100001                    too_many_objects
            decommission U9 U9 U77 U                    object_named_twice U9, object_not_found U77, identifier_is_not_an_instance U
            decommission U9                             done
            sample      U8                              done
            reject      U7                              done
            decommission U7 U8 U9                       object_not_active U8, object_not_active U9
            decommission_only U7 U8 U9                  object_not_active U8, object_not_active U9
            decommission U7                             done
            ship        P1                              done
            decommission P1 U1                          object_is_away P1, object_is_away U1
            decommission_only P1                        object_is_away P1
            decommission C3 role=operator               done
        ");
    }

    #[test]
    fn a_late_end_changes_nothing() {
        after(WORLD).check(
            "
            decommission P1 at=-15                      late
            status      P1                              active
        ",
        );
    }
}
