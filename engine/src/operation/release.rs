//! Release: a hold ends.

use packtree_gs1::Identifier;

use super::hold::{HoldTarget, class_of_lot, find_lot};
use super::plan::Plan;
use crate::fact::{Effect, LotName, Status};
use crate::forest::View;
use crate::refusal::{Fault, Reason};

/// Ends a hold; needs a reason.
///
/// ```
/// use packtree::fact::ReasonText;
/// use packtree::operation::{Hold, HoldTarget, Release, Request};
/// use packtree::Operation;
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, cases, units, .. } = packed_pallet()?;
/// let target = HoldTarget::Objects(vec![cases[0].clone()]);
/// let hold = engine.request(&line, Operation::Hold(Hold { target: target.clone() }));
/// engine.submit(Request { reason: Some(ReasonText::new("label not readable")?), ..hold })?.receipt()?;
///
/// let release = engine.request(&line, Operation::Release(Release { target }));
/// engine.submit(Request { reason: Some(ReasonText::new("labelled again")?), ..release })?.receipt()?;
/// assert_eq!(engine.inspect(&units[0]).and_then(|unit| unit.held_by), None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Release {
    /// What.
    pub target: HoldTarget,
}

impl Release {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.require_reason();
        match &self.target {
            HoldTarget::Objects(objects) => release_objects(plan, objects),
            HoldTarget::Lot(lot) => release_lot(plan, *lot),
        }
    }
}

fn release_objects(plan: &mut Plan<'_>, objects: &[Identifier]) {
    let objects = plan.find_all(objects);
    for ix in &objects {
        let record = plan.record(*ix);
        if plan.check_status(*ix, &record, &[Status::Active]) && plan.check_here(*ix, &record) && !record.is_held() {
            // What it is held by, if anything, is what can be released.
            let holder = plan.draft.held_by(*ix).map(|holder| plan.identifier(holder));
            let fault = Fault::of(Reason::ObjectNotOnHold, plan.identifier(*ix)).because_of(holder);
            plan.faults.push(fault);
        }
    }
    plan.effects.push(Effect::HoldSet { objects, held: false });
}

fn release_lot(plan: &mut Plan<'_>, lot: LotName) {
    if find_lot(plan, lot).is_some_and(|known| !known.held) {
        plan.fault(Reason::ObjectNotOnHold, &class_of_lot(lot));
    }
    plan.effects.push(Effect::LotHoldSet { lot, held: false });
}

#[cfg(test)]
mod tests {
    use crate::operation::table::after;

    const WORLD: &str = "
            commission  P1                              done
            commission  C1 C2                           done
            commission  U1..U9 lot=L1                   done
            pack        C1 <- U1 U2                     done
            pack        P1 <- C1                        done
    ";

    #[test]
    fn what_was_put_on_hold_is_released() {
        after(WORLD).check(
            "
            hold        P1 U1                           done
            release     P1                              done
            unpack      -> U2                           done
            unpack      -> U1                           object_on_hold U1/U1
            release     U1                              done
            unpack      -> U1                           done
            hold        U/L1                            done
            release     U/L1                            done
            held        U/L1                            no
            pack        C1 <- U1                        done
        ",
        );
    }

    #[test]
    fn everything_named_is_checked() {
        after(WORLD).check("
            hold        P1                              done
            release     P1 reason=                      reason_required
            release     U/L1 reason=                    reason_required, object_not_on_hold U/L1
            release                                     nothing_named
            release     U1..U100001                     too_many_objects
            release     P1 P1                           object_named_twice P1
            release     P1 U1 U9 U77 U                  object_not_on_hold U1/P1, object_not_on_hold U9, object_not_found U77, identifier_is_not_an_instance U
            sample      U8                              done
            ship        C2                              done
            release     U8 C2                           object_not_active U8, object_is_away C2
            release     U/L9                            lot_not_found U/L9
            release     U/L1                            object_not_on_hold U/L1
        ");
    }

    #[test]
    fn a_late_release_changes_nothing() {
        after(WORLD).check(
            "
            hold        U1                              done
            release     U1 at=-15                       late
            held        U1                              yes
        ",
        );
    }
}
