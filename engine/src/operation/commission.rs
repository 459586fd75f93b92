//! Commission: objects begin to exist.

use std::collections::HashSet;

use foldhash::fast::FixedState;
use packtree_gs1::{Identifier, Serial, Sgtin};

use super::plan::Plan;
use crate::fact::{Effect, Level, Lot, LotData, Microseconds, Status};
use crate::forest::View;
use crate::forest::record::{ClassTag, Ix};
use crate::forest::view::{class_of, is_instance};
use crate::limits::{OBJECTS_MAX, OPERATION_OBJECTS_MAX};
use crate::policy::{ContainerReuse, Recommission};
use crate::refusal::Reason;

const DAY_US: Microseconds = 24 * 60 * 60 * 1_000_000;

/// Objects begin to exist, with product, lot and expiry; containers too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Commission {
    /// The lot that all of them belong to; only objects with a GTIN can belong to one.
    pub lot: Option<Lot>,
    /// Their level.
    pub level: Level,
    /// The objects; [`serial_range`] makes a list of consecutive ones.
    pub objects: Vec<Identifier>,
}

impl Commission {
    pub(super) fn decide(&self, plan: &mut Plan<'_>) {
        plan.check_number(self.objects.len(), OPERATION_OBJECTS_MAX);
        if plan.is_refused() {
            return;
        }
        let mut seen = HashSet::with_capacity_and_hasher(self.objects.len(), FixedState::default());
        for object in &self.objects {
            if seen.insert(object) {
                check_object(plan, object);
            } else {
                plan.fault(Reason::ObjectNamedTwice, object);
            }
        }
        self.check_lots(plan);
        if u64::from(OBJECTS_MAX) < u64::from(plan.draft.len()) + self.objects.len() as u64 {
            plan.fault_of_operation(Reason::EngineIsFull);
        }
        plan.effects.push(Effect::Commissioned { lot: self.lot, level: self.level, objects: self.objects.clone() });
    }

    /// Refuses dates that differ from those that the lot is known with.
    fn check_lots(&self, plan: &mut Plan<'_>) {
        let Some(lot) = self.lot else { return };
        let mut checked = None;
        for object in &self.objects {
            let Identifier::Sgtin(sgtin) = object else { continue };
            if checked == Some(sgtin.gtin) {
                continue;
            }
            checked = Some(sgtin.gtin);
            let known =
                plan.draft.lot_place(class_of(sgtin.gtin), lot.number.value()).map(|place| plan.draft.lot(place).data);
            if known.is_some_and(|known| differ(&known, &lot.data)) {
                plan.fault(Reason::LotDataDiffer, object);
            }
        }
    }
}

fn check_object(plan: &mut Plan<'_>, object: &Identifier) {
    if !is_instance(object) {
        plan.fault(Reason::IdentifierIsNotAnInstance, object);
        return;
    }
    let Some(ix) = plan.draft.find(object) else { return };
    if plan.record(ix).status() == Status::Active {
        plan.fault(Reason::ObjectAlreadyCommissioned, object);
    } else if !may_be_used_again(plan, ix) {
        plan.fault(Reason::IdentifierUsedBefore, object);
    } else {
        plan.again.push(ix);
    }
}

/// Whether the identifier of an object that ended its life may begin another.
fn may_be_used_again(plan: &Plan<'_>, ix: Ix) -> bool {
    let record = plan.record(ix);
    match (record.status(), plan.draft.key(ix).class.tag()) {
        // CBV 2.0, 7.1: sampled and destroyed objects never return.
        (Status::Sampled | Status::Destroyed, _) => false,
        (_, ClassTag::Sscc | ClassTag::Grai) => match plan.policy().container_reuse {
            ContainerReuse::Allow => true,
            ContainerReuse::RefuseForDays(days) => {
                let rested = plan.context.event_time.saturating_sub(plan.draft.time_of(record.last_fact()));
                Microseconds::from(days) * DAY_US <= rested
            }
        },
        (Status::Decommissioned, _) => plan.policy().recommission == Recommission::Allow,
        _ => false,
    }
}

/// Whether a date is known on both sides, and differently.
fn differ(known: &LotData, given: &LotData) -> bool {
    let pairs =
        [(known.expiry, given.expiry), (known.production, given.production), (known.best_before, given.best_before)];
    pairs.iter().any(|(known, given)| known.is_some() && given.is_some() && known != given)
}

/// The serial numbers that follow `first`, as many as asked for, `first` included: the digits at its end count up.
///
/// Returns `None` when the serial does not end in digits or the digits run out.
///
/// ```
/// use packtree::operation::serial_range;
/// use packtree_gs1::Identifier;
///
/// let Ok(Identifier::Sgtin(first)) = Identifier::parse("(01)09521234543213(21)A098") else { panic!("an SGTIN") };
/// let range = serial_range(first, 3).expect("three digits are enough");
/// assert_eq!(range[2].to_string(), "(01)09521234543213(21)A100");
/// ```
pub fn serial_range(first: Sgtin, count: usize) -> Option<Vec<Identifier>> {
    let text = first.serial.to_string();
    let head = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let width = text.len() - head.len();
    let start: u64 = text[head.len()..].parse().ok()?;
    let mut range = Vec::with_capacity(count.min(OPERATION_OBJECTS_MAX));
    for number in start..start.checked_add(count as u64)? {
        let digits = format!("{number:0width$}");
        if width < digits.len() {
            return None;
        }
        let serial = Serial::parse(&format!("{head}{digits}")).ok()?;
        range.push(Identifier::Sgtin(Sgtin { gtin: first.gtin, serial }));
    }
    Some(range)
}
