//! Hold: objects or a lot are blocked until they are released.

use packtree_gs1::{Identifier, Lgtin};

use super::plan::Plan;
use crate::fact::{Effect, LotName, Status};
use crate::forest::View;
use crate::forest::record::LotRecord;
use crate::forest::view::class_of;
use crate::refusal::Reason;

/// What is put on hold or released.
///
/// ```
/// use packtree::fact::{LotName, ReasonText};
/// use packtree::operation::{Hold, HoldTarget, Request};
/// use packtree::Operation;
/// use packtree_gs1::{Gtin, LotNumber};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, units, .. } = packed_pallet()?;
/// // The laboratory doubts a whole lot.
/// let lot = LotName { gtin: Gtin::parse("09521234543213")?, number: LotNumber::parse("L1")? };
/// let hold = Operation::Hold(Hold { target: HoldTarget::Lot(lot) });
/// let reason = Some(ReasonText::new("stability test failed")?);
/// engine.submit(Request { reason, ..engine.request(&line, hold) })?.receipt()?;
///
/// assert_eq!(engine.inspect(&units[0]).map(|unit| unit.lot_on_hold), Some(true));
/// assert_eq!(engine.view().lot(&lot).map(|lot| lot.held), Some(true));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HoldTarget {
    /// Objects, each with everything under it.
    Objects(Vec<Identifier>),
    /// A whole lot, in constant time.
    Lot(LotName),
}

/// Puts objects or a lot on hold; needs a reason.
///
/// ```
/// use packtree::fact::ReasonText;
/// use packtree::operation::{Hold, HoldTarget, Request, Ship};
/// use packtree::{Operation, Reason};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, pallet, units, .. } = packed_pallet()?;
/// // A forklift has hit the pallet; nothing of it leaves before somebody has looked.
/// let hold = Operation::Hold(Hold { target: HoldTarget::Objects(vec![pallet.clone()]) });
/// let reason = Some(ReasonText::new("hit by a forklift")?);
/// engine.submit(Request { reason, ..engine.request(&line, hold) })?.receipt()?;
///
/// assert_eq!(engine.inspect(&units[0]).and_then(|unit| unit.held_by), Some(pallet.clone()));
/// let ship = engine.perform(&line, Operation::Ship(Ship { roots: vec![pallet] }))?;
/// assert_eq!(ship.receipt().map_err(|refusal| refusal.reason()), Err(Reason::ObjectOnHold));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hold {
    /// What.
    pub target: HoldTarget,
}

impl Hold {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.require_reason();
        match &self.target {
            HoldTarget::Objects(objects) => hold_objects(plan, objects),
            HoldTarget::Lot(lot) => hold_lot(plan, *lot),
        }
    }
}

fn hold_objects(plan: &mut Plan<'_>, objects: &[Identifier]) {
    let objects = plan.find_all(objects);
    for ix in &objects {
        let record = plan.record(*ix);
        if !plan.check_status(*ix, &record, &[Status::Active]) || !plan.check_here(*ix, &record) {
            continue;
        }
        if record.is_held() {
            plan.fault_at(Reason::ObjectAlreadyOnHold, *ix);
        }
    }
    plan.effects.push(Effect::HoldSet { objects, held: true });
}

fn hold_lot(plan: &mut Plan<'_>, lot: LotName) {
    if find_lot(plan, lot).is_some_and(|known| known.held) {
        plan.fault(Reason::LotAlreadyOnHold, &class_of_lot(lot));
    }
    plan.effects.push(Effect::LotHoldSet { lot, held: true });
}

/// A lot, or the fault that nothing of it was ever commissioned.
pub(super) fn find_lot(plan: &mut Plan<'_>, lot: LotName) -> Option<LotRecord> {
    let place = plan.draft.lot_place(class_of(lot.gtin), lot.number.value());
    if place.is_none() {
        plan.fault(Reason::LotNotFound, &class_of_lot(lot));
    }
    place.map(|place| plan.draft.lot(place))
}

/// How a lot is named in a fault.
pub(super) const fn class_of_lot(lot: LotName) -> Identifier {
    Identifier::Lgtin(Lgtin { gtin: lot.gtin, lot: lot.number })
}

#[cfg(test)]
mod tests {
    use crate::operation::table::after;

    const WORLD: &str = "
            commission  P1 P2                           done
            commission  C1 C2                           done
            commission  U1..U9 lot=L1                   done
            pack        C1 <- U1 U2                     done
            pack        P1 <- C1                        done
    ";

    #[test]
    fn an_object_is_held_with_everything_under_it() {
        after(WORLD).check(
            "
            hold        P1 U1                           done
            held        P1                              yes
            held        C1                              no
            unpack      -> U2                           object_on_hold U2/P1
            unpack      -> U1                           object_on_hold U1/U1
            hold        C1                              done
            unpack      -> U2                           object_on_hold U2/C1
        ",
        );
    }

    #[test]
    fn a_lot_is_held_whole_and_so_is_what_joins_it() {
        after(WORLD).check(
            "
            hold        U/L1                            done
            held        U/L1                            yes
            pack        C2 <- U9                        lot_on_hold U9
            commission  U10 lot=L1                      done
            pack        C2 <- U10                       lot_on_hold U10
            commission  U11 lot=L2                      done
            pack        C2 <- U11                       done
        ",
        );
    }

    #[test]
    fn everything_named_is_checked() {
        after(WORLD).check(
            "
            hold        U1 reason=                      reason_required
            hold        U/L1 reason=                    reason_required
            hold                                        nothing_named
            hold        U1..U100001                     too_many_objects
            hold        U1 U1                           object_named_twice U1
            hold        U1 U77 U                        object_not_found U77, identifier_is_not_an_instance U
            hold        U1                              done
            hold        U1 U2                           object_already_on_hold U1
            sample      U3                              done
            ship        C2                              done
            hold        U3 C2                           object_not_active U3, object_is_away C2
            hold        U/L9                            lot_not_found U/L9
            hold        U/L1                            done
            hold        U/L1                            lot_already_on_hold U/L1
        ",
        );
    }

    #[test]
    fn a_late_hold_changes_nothing() {
        after(WORLD).check(
            "
            hold        U1 at=-25                       late
            held        U1                              no
        ",
        );
    }
}
