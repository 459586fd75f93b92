//! Correct lot: the dates of a lot are now others.

use super::hold::find_lot;
use super::plan::Plan;
use crate::fact::{Effect, LotData, LotName};

/// Corrects the dates of a lot, without touching its objects; needs a reason.
///
/// ```
/// use packtree::fact::{LotData, LotName, ReasonText};
/// use packtree::operation::{CorrectLot, Request};
/// use packtree::Operation;
/// use packtree_gs1::{Gs1Date, Gtin, LotNumber};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, units, .. } = packed_pallet()?;
/// // The expiry date of a lot was entered wrong.
/// let lot = LotName { gtin: Gtin::parse("09521234543213")?, number: LotNumber::parse("L1")? };
/// let data = LotData { expiry: Gs1Date::new(2028, 2, 0), ..LotData::default() };
/// let correct = engine.request(&line, Operation::CorrectLot(CorrectLot { lot, data }));
/// engine.submit(Request { reason: Some(ReasonText::new("typing error")?), ..correct })?.receipt()?;
///
/// let unit = engine.inspect(&units[0]).ok_or("the unit is known")?;
/// assert_eq!(unit.lot.and_then(|lot| lot.data.expiry), Gs1Date::parse_iso("2028-02"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CorrectLot {
    /// The lot.
    pub lot: LotName,
    /// The dates that it has from now on.
    pub data: LotData,
}

impl CorrectLot {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.require_reason();
        find_lot(plan, self.lot);
        plan.effects.push(Effect::LotCorrected { lot: self.lot, data: self.data });
    }
}

#[cfg(test)]
mod tests {
    use crate::operation::table::check;

    #[test]
    fn the_dates_of_a_lot_are_corrected_without_touching_its_objects() {
        check(
            "
            commission  U1 lot=L1 expiry=2027-12-31     done
            correct_lot U/L1 expiry=2028-01-31          done
            expiry      U/L1                            20280131
            commission  U2 lot=L1 expiry=2027-12-31     lot_data_differ U/L1
            commission  U2 lot=L1 expiry=2028-01-31     done
            correct_lot U/L1                            done
            expiry      U/L1                            -
            correct_lot U/L1 expiry=2028-01-31 at=-500  done
        ",
        );
    }

    #[test]
    fn it_needs_a_reason_and_a_known_lot() {
        check(
            "
            commission  U1 lot=L1                       done
            correct_lot U/L1 reason=                    reason_required
            correct_lot U/L2                            lot_not_found U/L2
            correct_lot V/L1                            lot_not_found V/L1
        ",
        );
    }
}
