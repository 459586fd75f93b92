//! Void ship: a shipment is declared not to have happened.

use packtree_gs1::Identifier;

use super::custody::{check_away_root, set_custody};
use super::plan::Plan;

/// Declares that roots were not shipped after all; needs a reason and a role.
///
/// ```
/// use packtree::fact::ReasonText;
/// use packtree::operation::{Request, Ship, VoidShip};
/// use packtree::Operation;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, pallet, units, .. } = packed_pallet()?;
/// let roots = vec![pallet];
/// engine.perform(&line, Operation::Ship(Ship { roots: roots.clone() }))?.receipt()?;
///
/// // The wrong pallet was scanned; this one never left.
/// let void = engine.request(&line, Operation::VoidShip(VoidShip { roots }));
/// engine.submit(Request { reason: Some(ReasonText::new("wrong pallet scanned")?), ..void })?.receipt()?;
/// assert_eq!(engine.inspect(&units[0]).map(|unit| unit.away), Some(false));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VoidShip {
    /// The roots.
    pub roots: Vec<Identifier>,
}

impl VoidShip {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.require_reason();
        plan.require_role(&plan.policy().authority.void);
        let roots = plan.find_all(&self.roots);
        for root in &roots {
            check_away_root(plan, *root);
        }
        set_custody(plan, roots, false);
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::Role;
    use crate::operation::table::after;
    use crate::policy::{Authority, Policy};

    const WORLD: &str = "
            commission  P1                              done
            commission  C1 C2                           done
            commission  U1..U9 lot=L1                   done
            pack        C1 <- U1 U2                     done
            pack        P1 <- C1                        done
            ship        P1 U9                           done
    ";

    #[test]
    fn what_was_shipped_is_here_after_all() {
        after(WORLD).check(
            "
            void_ship   P1                              done
            away        U1                              no
            away        U9                              yes
            trust       P1                              verified
            counts      U/L1                            9 2 1
            unpack      P1                              done
        ",
        );
    }

    #[test]
    fn it_needs_a_reason_and_a_role() {
        after(WORLD).check(
            "
            void_ship   P1 reason=                      reason_required
            void_ship   P1 role=operator                role_not_allowed
        ",
        );
        let policy =
            Policy { authority: Authority { void: vec![Role::Operator], ..Authority::default() }, ..Policy::default() };
        after(WORLD).under(&policy).check(
            "
            void_ship   P1                              role_not_allowed
            void_ship   P1 role=operator                done
        ",
        );
    }

    #[test]
    fn everything_named_is_checked() {
        after(WORLD).check("
            void_ship                                   nothing_named
            void_ship   U1..U100001                     too_many_objects
            void_ship   P1 P1                           object_named_twice P1
            void_ship   P1 C1 C2 U8 U77 U               object_in_container C1/P1, object_is_not_away C2, object_is_not_away U8, object_not_found U77, identifier_is_not_an_instance U
        ");
    }

    #[test]
    fn a_late_voiding_changes_nothing() {
        after(WORLD).check(
            "
            void_ship   P1 at=-15                       late
            away        P1                              yes
        ",
        );
    }
}
