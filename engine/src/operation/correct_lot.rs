//! Correct lot: the dates of a lot are now others.

use super::hold::find_lot;
use super::plan::Plan;
use crate::fact::{Effect, LotData, LotName};

/// Corrects the dates of a lot, without touching its objects; needs a reason.
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
