//! Close: containers are sealed, full or as partial.

use packtree_gs1::Identifier;

use super::fit::{check_container, full_count, pieces};
use super::plan::Plan;
use crate::fact::{Effect, Seal};
use crate::forest::record::Ix;
use crate::refusal::Reason;

/// Containers are sealed.
///
/// ```
/// use packtree::fact::{ReasonText, Seal};
/// use packtree::operation::{Close, Request};
/// use packtree::{Operation, Reason};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, cases, units, .. } = packed_pallet()?;
/// // One case is full; of the other there was no more in the lot.
/// let close = |at: usize, partial| Operation::Close(Close { containers: vec![cases[at].clone()], partial });
/// engine.perform(&line, close(0, false))?.receipt()?;
/// let reason = Some(ReasonText::new("end of the lot")?);
/// engine.submit(Request { reason, ..engine.request(&line, close(1, true)) })?.receipt()?;
/// assert_eq!(engine.inspect(&cases[1]).map(|case| case.seal), Some(Seal::ClosedPartial));
///
/// let pack = engine.perform(&line, Operation::pack(cases[0].clone(), vec![units[4].clone()]))?;
/// assert_eq!(pack.receipt().map_err(|refusal| refusal.reason()), Err(Reason::ContainerIsClosed));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Close {
    /// The containers.
    pub containers: Vec<Identifier>,
    /// Whether they hold fewer than their packaging says; needs a reason and a role.
    pub partial: bool,
}

impl Close {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if self.partial {
            plan.require_reason();
            plan.require_role(&plan.policy().authority.close_partial);
        }
        let containers = plan.find_all(&self.containers);
        for container in &containers {
            self.check(plan, *container);
        }
        let seal = if self.partial { Seal::ClosedPartial } else { Seal::Closed };
        plan.effects.push(Effect::Sealed { objects: containers, seal });
    }

    fn check(&self, plan: &mut Plan<'_>, container: Ix) {
        let record = plan.record(container);
        if !plan.check_usable_as(container, &record) || !check_container(plan, container, &record) {
            return;
        }
        if plan.is_empty(container) {
            plan.fault_at(Reason::ContainerIsEmpty, container);
            return;
        }
        if matches!(plan.seal(container), Seal::Closed | Seal::ClosedPartial) {
            plan.fault_at(Reason::ContainerIsClosed, container);
            return;
        }
        // Where nobody says how many make it full, the caller's word is taken for it.
        let (Some(full), Some(pieces)) = (full_count(plan, container), pieces(plan, container)) else { return };
        let is_full = u64::from(full) <= pieces;
        match (is_full, self.partial) {
            (false, false) => plan.fault_at(Reason::ContainerIsNotFull, container),
            (true, true) => plan.fault_at(Reason::ContainerIsNotPartial, container),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::{Level, Role};
    use crate::operation::table::{after, packaged};
    use crate::policy::{Authority, PackagingCheck, Policy};

    const WORLD: &str = "
            commission  P1                              done
            commission  C1 C2 C3                        done
            commission  U1..U9 lot=L1                   done
            pack        C1 <- U1 U2 U3                  done
            pack        C2 <- U4 U5                     done
    ";

    #[test]
    fn containers_are_closed_full_or_as_partial() {
        after(WORLD).check(
            "
            close       C1                              done
            seal        C1                              closed
            close_partial C2                            done
            seal        C2                              closed_partial
            pack        P1 <- C1 C2                     done
            close       P1                              done
            unpack      -> C1                           done
            seal        P1                              broken
            close       P1                              done
            seal        P1                              closed
        ",
        );
    }

    #[test]
    fn a_partial_one_needs_a_reason_and_a_role() {
        after(WORLD).check(
            "
            close       C1 reason= role=operator        done
            close_partial C2 reason=                    reason_required
            close_partial C2 role=operator              role_not_allowed
            close_partial C2 C77 reason= role=auditor   reason_required, role_not_allowed, object_not_found C77
            close_partial C2 role=machine               done
        ",
        );
        let policy = Policy {
            authority: Authority { close_partial: vec![Role::Operator], ..Authority::default() },
            ..Policy::default()
        };
        after(WORLD).under(&policy).check(
            "
            close_partial C2                            role_not_allowed
            close_partial C2 role=operator              done
        ",
        );
    }

    #[test]
    fn every_container_is_checked() {
        after(WORLD).check("
            close                                       nothing_named
            close       C1..C100001                     too_many_objects
            close       C1 C1                           object_named_twice C1
            close       C1 C77 U C3 U9                  object_not_found C77, identifier_is_not_an_instance U, container_is_empty C3, object_is_not_container U9
            close       C1                              done
            close       C1 C2                           container_is_closed C1
            close_partial C1                            container_is_closed C1
            hold        C2                              done
            close       C2                              object_on_hold C2/C2
            release     C2                              done
            ship        C2                              done
            close       C2                              object_is_away C2
            decommission C3                             done
            close       C3                              object_not_active C3
            commission  K1 lot=L1                       done
            pack        K1 <- U9                        done
            hold        K/L1                            done
            close       K1                              lot_on_hold K1
        ");
    }

    #[test]
    fn full_is_what_the_packaging_says() {
        after(WORLD).under(&packaged(3, 2, None)).check(
            "
            close       C1 C2                           container_is_not_full C2
            close_partial C1 C2                         container_is_not_partial C1
            close       C1                              done
            close_partial C2                            done
            pack        P1 <- C1                        done
            close       P1                              container_is_not_full P1
            pack        P1 <- C2                        done
            close       P1                              done
        ",
        );
    }

    #[test]
    fn pieces_known_by_quantity_count() {
        after(WORLD).under(&packaged(3, 2, None)).check(
            "
            pack        C2 <- 1xV                       done
            close_partial C2                            container_is_not_partial C2
            close       C2                              done
            pack        C3 <- 2xU/L1                    done
            close       C3                              container_is_not_full C3
            pack        C3 <- 1xU/L1                    done
            close       C3                              done
            commission  C4 C5 C6                        done
            pack        C4 <- xU                        done
            close       C4                              done
            pack        C5 <- 0.5xU                     done
            close_partial C5                            done
            pack        C6 <- 9xU:KGM                   done
            close_partial C6                            done
        ",
        );
    }

    #[test]
    fn what_has_no_packaging_is_closed_as_the_caller_says() {
        after(WORLD).under(&packaged(3, 2, None)).check(
            "
            commission  V1 V2                           done
            pack        C3 <- V1                        done
            close       C3                              done
            commission  X1 level=tote                   done
            pack        X1 <- U9                        done
            close_partial X1                            done
        ",
        );
        let policy = Policy { packaging_check: PackagingCheck::Unchecked, ..packaged(3, 2, Some(Level::Pallet)) };
        after(WORLD).under(&policy).check(
            "
            close_partial C1                            done
            close       C2                              done
        ",
        );
    }

    #[test]
    fn a_late_closing_changes_nothing() {
        after(WORLD).check(
            "
            close       C1 at=-15                       done
            unpack      C1                              done
            pack        C1 <- U1                        done
            close       C1 at=-25                       late
            seal        C1                              open
        ",
        );
    }
}
