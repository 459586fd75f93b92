//! Receive: roots arrive, with everything under them.

use packtree_gs1::Identifier;

use super::custody::check_away_root;
use super::plan::Plan;
use crate::fact::{Effect, Trust};
use crate::limits::OPERATION_OBJECTS_MAX;

/// Roots arrive, with everything under them.
///
/// ```
/// use packtree::fact::Trust;
/// use packtree::operation::{Receive, Ship};
/// use packtree::Operation;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, pallet, .. } = packed_pallet()?;
/// let roots = vec![pallet.clone()];
/// engine.perform(&line, Operation::Ship(Ship { roots: roots.clone() }))?.receipt()?;
///
/// // It arrives at the warehouse, where only the label of the pallet is scanned.
/// engine.perform(&line, Operation::Receive(Receive { roots, trust: Trust::Inferred }))?.receipt()?;
/// let pallet = engine.inspect(&pallet).ok_or("the pallet is known")?;
/// assert_eq!((pallet.away, pallet.trust, pallet.units), (false, Trust::Inferred, 4));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Receive {
    /// The roots.
    pub roots: Vec<Identifier>,
    /// Whether the contents were scanned or taken on trust.
    pub trust: Trust,
}

impl Receive {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        if !plan.check_number(self.roots.len(), OPERATION_OBJECTS_MAX) {
            return;
        }
        let roots = plan.find_or_commission_all(&self.roots);
        for root in &roots {
            // What this engine sees for the first time comes from somebody whose facts it never had.
            if !plan.is_fresh(*root) {
                check_away_root(plan, *root);
            }
        }
        plan.effects.push(Effect::CustodySet { objects: roots, away: false, trust: self.trust });
    }
}

#[cfg(test)]
mod tests {
    use crate::operation::table::{after, under};
    use crate::policy::{Policy, Uncommissioned};

    const WORLD: &str = "
            commission  P1 P2                           done
            commission  C1 C2                           done
            commission  U1..U9 lot=L1                   done
            pack        C1 <- U1 U2                     done
            pack        P1 <- C1                        done
            ship        P1 P2 U9                        done
    ";

    #[test]
    fn roots_arrive_with_everything_under_them() {
        after(WORLD).check(
            "
            receive     P1 trust=inferred               done
            away        U1                              no
            trust       P1                              inferred
            receive     U9                              done
            trust       U9                              verified
            counts      U/L1                            9 2 0
            unpack      P1                              done
        ",
        );
    }

    #[test]
    fn everything_named_is_checked() {
        after(WORLD).check("
            receive                                     nothing_named
            receive     U1..U100001                     too_many_objects
            receive     P1 P1                           object_named_twice P1
            receive     P1 C1 C2 U8 U77 U               object_in_container C1/P1, object_is_not_away C2, object_is_not_away U8, object_not_found U77, identifier_is_not_an_instance U
            hold        U/L1                            done
            receive     U9                              done
        ");
    }

    #[test]
    fn what_was_never_commissioned_arrives_where_the_policy_says_so() {
        let policy = Policy { uncommissioned: Uncommissioned::CommissionOnSight, ..Policy::default() };
        under(&policy).check(
            "
            receive     X1 U1 trust=inferred            done
            away        X1                              no
            trust       X1                              inferred
            receive     X1                              object_is_not_away X1
        ",
        );
        under(&policy).within(1).check(
            "
            receive     X1 X2                           engine_is_full X2
        ",
        );
    }

    #[test]
    fn a_late_receipt_changes_nothing() {
        after(WORLD).check(
            "
            receive     P1 at=-15                       late
            away        P1                              yes
        ",
        );
    }
}
