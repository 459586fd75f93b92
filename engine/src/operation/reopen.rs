//! Reopen: closed or broken containers are opened again.

use packtree_gs1::Identifier;

use super::plan::Plan;
use crate::fact::{Effect, Seal};
use crate::refusal::Reason;

/// Closed or broken containers are opened again; needs a reason and a role.
///
/// ```
/// use packtree::fact::{ReasonText, Seal};
/// use packtree::operation::{Close, Reopen, Request};
/// use packtree::Operation;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, cases, units, .. } = packed_pallet()?;
/// let containers = vec![cases[0].clone()];
/// engine.perform(&line, Operation::Close(Close { containers: containers.clone(), partial: false }))?.receipt()?;
///
/// // One more belongs into the case.
/// let reopen = engine.request(&line, Operation::Reopen(Reopen { containers }));
/// engine.submit(Request { reason: Some(ReasonText::new("closed too early")?), ..reopen })?.receipt()?;
/// assert_eq!(engine.inspect(&cases[0]).map(|case| case.seal), Some(Seal::Open));
/// engine.perform(&line, Operation::pack(cases[0].clone(), vec![units[4].clone()]))?.receipt()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reopen {
    /// The containers.
    pub containers: Vec<Identifier>,
}

impl Reopen {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.require_reason();
        plan.require_role(&plan.policy().authority.reopen);
        let containers = plan.find_all(&self.containers);
        for container in &containers {
            if plan.check_usable(*container) && plan.seal(*container) == Seal::Open {
                plan.fault_at(Reason::ContainerIsOpen, *container);
            }
        }
        plan.effects.push(Effect::Sealed { objects: containers, seal: Seal::Open });
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::Role;
    use crate::operation::table::after;
    use crate::policy::{Authority, Policy};

    const WORLD: &str = "
            commission  C1 C2 C3                        done
            commission  U1..U9                          done
            pack        C1 <- U1 U2                     done
            pack        C2 <- U3 U4                     done
            close       C1                              done
            close_partial C2                            done
    ";

    #[test]
    fn what_is_closed_or_broken_is_opened() {
        after(WORLD).check(
            "
            reopen      C1 C2                           done
            seal        C1                              open
            seal        C2                              open
            close       C1                              done
            unpack      -> U1                           done
            seal        C1                              broken
            reopen      C1                              done
            seal        C1                              open
        ",
        );
    }

    #[test]
    fn it_needs_a_reason_and_a_role() {
        after(WORLD).check(
            "
            reopen      C1 reason=                      reason_required
            reopen      C1 role=operator                role_not_allowed
        ",
        );
        let policy = Policy {
            authority: Authority { reopen: vec![Role::Operator], ..Authority::default() },
            ..Policy::default()
        };
        after(WORLD).under(&policy).check(
            "
            reopen      C1                              role_not_allowed
            reopen      C1 role=operator                done
        ",
        );
    }

    #[test]
    fn every_container_is_checked() {
        after(WORLD).check("
            reopen                                      nothing_named
            reopen      C1..C100001                     too_many_objects
            reopen      C1 C1                           object_named_twice C1
            reopen      C1 C3 C77 U U9                  container_is_open C3, object_not_found C77, identifier_is_not_an_instance U, container_is_open U9
            hold        C1                              done
            reopen      C1                              object_on_hold C1/C1
            release     C1                              done
            ship        C2                              done
            reopen      C2                              object_is_away C2
            destroy     C1                              done
            reopen      C1                              object_not_active C1
            commission  K1 lot=L1                       done
            pack        K1 <- U9                        done
            close       K1                              done
            hold        K/L1                            done
            reopen      K1                              lot_on_hold K1
        ");
    }

    #[test]
    fn a_late_reopening_changes_nothing() {
        after(WORLD).check(
            "
            reopen      C1 at=-25                       late
            seal        C1                              closed
        ",
        );
    }
}
