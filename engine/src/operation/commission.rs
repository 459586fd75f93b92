//! Commission: objects begin to exist.

use std::collections::HashSet;

use packtree_gs1::{Identifier, Serial, Sgtin};

use super::hold::class_of_lot;
use super::plan::Plan;
use crate::fact::{Effect, Level, Lot, LotData, LotName, Microseconds, Status};
use crate::forest::View;
use crate::forest::record::{ClassTag, Ix};
use crate::forest::view::{class_of, is_instance, known_key};
use crate::limits::OPERATION_OBJECTS_MAX;
use crate::policy::{ContainerReuse, Recommission};
use crate::refusal::Reason;

const DAY_US: Microseconds = 24 * 60 * 60 * 1_000_000;

/// Objects begin to exist, with product, lot and expiry; containers too.
///
/// ```
/// use packtree::fact::{Level, Lot, LotData};
/// use packtree::operation::Commission;
/// use packtree::{Identifier, Operation};
/// use packtree_gs1::{Gs1Date, LotNumber};
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, line, .. } = packed_pallet()?;
/// let data = LotData { expiry: Gs1Date::parse_iso("2028-02-29"), ..LotData::default() };
/// let lot = Some(Lot { number: LotNumber::parse("L2")?, data });
/// let unit = Identifier::parse("(01)09521234543213(21)B001")?;
/// let commission = Commission { lot, level: Level::Unit, objects: vec![unit.clone()] };
/// engine.perform(&line, Operation::Commission(commission))?.receipt()?;
///
/// assert_eq!(engine.inspect(&unit).map(|unit| (unit.level, unit.lot)), Some((Level::Unit, lot)));
/// # Ok(())
/// # }
/// ```
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
        if !plan.check_number(self.objects.len(), OPERATION_OBJECTS_MAX) {
            return;
        }
        self.check_distinct(plan);
        plan.draft.warm(&mut self.objects.iter().filter_map(known_key));
        let mut sighted = Vec::new();
        let mut objects = Vec::with_capacity(self.objects.len());
        for object in &self.objects {
            match check_object(plan, object) {
                Some(ix) => sighted.push(ix),
                None => objects.push(object.clone()),
            }
        }
        self.check_lots(plan);
        if !plan.has_room(objects.len() - plan.again.len()) {
            plan.fault_of_operation(Reason::EngineIsFull);
        }
        let (lot, level) = (self.lot, self.level);
        if !objects.is_empty() {
            plan.effects.push(Effect::Commissioned { lot, level, objects });
        }
        if !sighted.is_empty() {
            for ix in &sighted {
                self.check_level(plan, *ix);
            }
            plan.effects.push(Effect::Described { lot, level, objects: sighted });
        }
    }

    /// Refuses a level that what was known on sight cannot have, with what is in it and around it.
    fn check_level(&self, plan: &mut Plan<'_>, ix: Ix) {
        if self.level == Level::Unknown {
            return;
        }
        let draft = plan.draft;
        let has_contents = 0 < draft.count(ix) || !draft.quantities(ix).is_empty();
        if has_contents && !self.level.holds_others() {
            plan.fault_at(Reason::ObjectIsNotContainer, ix);
            return;
        }
        let too_high = draft.children(ix).find(|child| self.level <= draft.record(*child).level());
        if let Some(child) = too_high {
            plan.fault_at_because(Reason::LevelNotAbove, child, ix);
        }
        let around = draft.record(ix).parent.known();
        let too_low = around.filter(|around| (Level::Unit..=self.level).contains(&draft.record(*around).level()));
        if let Some(around) = too_low {
            plan.fault_at_because(Reason::LevelNotAbove, ix, around);
        }
    }

    /// Faults for objects that are named more than once. Lists are most often in order, which shows it without a search.
    fn check_distinct(&self, plan: &mut Plan<'_>) {
        if self.objects.windows(2).all(|pair| pair[0] < pair[1]) {
            return;
        }
        let mut seen = HashSet::with_capacity_and_hasher(self.objects.len(), foldhash::fast::RandomState::default());
        for object in &self.objects {
            if !seen.insert(object) {
                plan.fault(Reason::ObjectNamedTwice, object);
            }
        }
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
            let place = plan.draft.lot_place(class_of(sgtin.gtin), lot.number.value());
            if place.is_some_and(|place| differ(&plan.draft.lot(place).data, &lot.data)) {
                plan.fault(Reason::LotDataDiffer, &class_of_lot(LotName { gtin: sgtin.gtin, number: lot.number }));
            }
        }
    }
}

/// Checks one object; its place if it is known on sight, so that this says what was not known of it.
fn check_object(plan: &mut Plan<'_>, object: &Identifier) -> Option<Ix> {
    if !is_instance(object) {
        plan.fault(Reason::IdentifierIsNotAnInstance, object);
        return None;
    }
    let ix = plan.draft.find(object)?;
    let record = plan.record(ix);
    let is_active = record.status() == Status::Active;
    // What ended its life and is commissioned later than that begins another one.
    if record.is_sighted() && (is_active || plan.context.event_time < plan.draft.newest_of(&record)) {
        return Some(ix);
    }
    if is_active {
        plan.fault(Reason::ObjectAlreadyCommissioned, object);
    } else if !may_be_used_again(plan, ix) {
        plan.fault(Reason::IdentifierUsedBefore, object);
    } else {
        plan.again.push(ix);
    }
    None
}

/// Whether the identifier of an object that ended its life may begin another.
fn may_be_used_again(plan: &Plan<'_>, ix: Ix) -> bool {
    let record = plan.record(ix);
    match (record.status(), plan.draft.key(ix).class.tag()) {
        (Status::Decommissioned | Status::Retired, ClassTag::Sscc | ClassTag::Grai) => {
            match plan.policy().container_reuse {
                ContainerReuse::Allow => true,
                ContainerReuse::RefuseForDays(days) => {
                    let rested = plan.context.event_time.saturating_sub(plan.draft.time_of(record.last_fact()));
                    Microseconds::from(days) * DAY_US <= rested
                }
            }
        }
        (Status::Decommissioned, _) => plan.policy().recommission == Recommission::Allow,
        // CBV 2.0, 7.1: sampled and destroyed objects never return. A rejected one still carries its identifier.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::table::{after, check, under};
    use crate::policy::Policy;

    #[test]
    fn objects_begin_to_exist() {
        check(
            "
            commission  P1                              done
            commission  U1..U3 lot=L1 expiry=2027-12-31 done
            commission  X1                              done
            status      U3                              active
            level       P1                              pallet
            level       X1                              unknown
            expiry      U/L1                            20271231
            counts      U/L1                            3 0 0
            ",
        );
    }

    #[test]
    fn refuses_lists_that_are_wrong_in_themselves() {
        check("
            commission                                  nothing_named
            commission  U1..U100001                     too_many_objects
            commission  U1001..U101000                  done
            commission  U1 U2 U1 U1                     object_named_twice U1
            commission  U1 U U/L1                       identifier_is_not_an_instance U, identifier_is_not_an_instance U/L1
            commission  U1 at=too_far                   event_time_out_of_range
            commission  U1 at=too_early                 event_time_out_of_range
            commission  U1 at=latest                    done
            commission  U2 at=earliest                  done
            ");
    }

    #[test]
    fn names_every_object_that_exists() {
        check(
            "
            commission  U1..U3                          done
            commission  U0 U1 U2 U4                     object_already_commissioned U1, object_already_commissioned U2
            commission  U0 U4                           done
            ",
        );
    }

    #[test]
    fn an_identifier_is_used_once() {
        check("
            commission  U1..U5                          done
            commission  C1 C2                           done
            decommission U1                             done
            destroy     U2                              done
            sample      U3                              done
            reject      U4                              done
            decommission C1                             done
            relabel     C2 as C3                        done
            commission  U1 U2 U3 U4                     identifier_used_before U1, identifier_used_before U2, identifier_used_before U3, identifier_used_before U4
            commission  C1 C2                           identifier_used_before C1, identifier_used_before C2
            commission  U5 U1                           object_already_commissioned U5, identifier_used_before U1
            ");
    }

    #[test]
    fn a_decommissioned_serial_begins_again_where_the_policy_allows_it() {
        let policy = Policy { recommission: Recommission::Allow, ..Policy::default() };
        under(&policy).check("
            commission  U1..U5 lot=L1                   done
            decommission U1                             done
            destroy     U2                              done
            sample      U3                              done
            reject      U4                              done
            commission  U1 lot=L2                       done
            status      U1                              active
            counts      U/L1                            1 0 0
            counts      U/L2                            1 0 0
            commission  U2 U3 U4                        identifier_used_before U2, identifier_used_before U3, identifier_used_before U4
            ");
    }

    #[test]
    fn a_serial_that_begins_again_is_as_new() {
        let policy = Policy { recommission: Recommission::Allow, ..Policy::default() };
        under(&policy).check(
            "
            commission  K1 lot=L1                       done
            commission  U1 U2                           done
            pack        K1 <- U1 U2                     done
            close       K1                              done
            hold        K1                              done
            decommission K1                             done
            status      U1                              decommissioned
            commission  K1 lot=L2 level=bundle          done
            held        K1                              no
            seal        K1                              open
            level       K1                              bundle
            contents    K1                              -
            ",
        );
    }

    #[test]
    fn a_recommissioning_may_be_late() {
        let policy = Policy { recommission: Recommission::Allow, ..Policy::default() };
        under(&policy).check(
            "
            commission  U1                              done
            decommission U1                             done
            commission  U1 at=-15                       late
            status      U1                              decommissioned
            ",
        );
    }

    #[test]
    fn a_container_identifier_rests_before_it_is_used_again() {
        const YEAR_AGO: &str = "
            commission  C1 C2 at=-600000                done
            decommission C1 at=-525610                  done
            decommission C2 at=-525570                  done
            commission  C1                              done
            commission  C2                              identifier_used_before C2
            commission  C2                              done
        ";
        check(YEAR_AGO);
        let policy = Policy { container_reuse: ContainerReuse::Allow, ..Policy::default() };
        under(&policy).check(
            "
            commission  C1 T1                           done
            commission  C2                              done
            decommission C1 T1                          done
            destroy     C2                              done
            commission  C1 T1                           done
            commission  C2                              identifier_used_before C2
            ",
        );
    }

    #[test]
    fn a_lot_has_one_set_of_dates() {
        check(
            "
            commission  U1 lot=L1                       done
            expiry      U/L1                            -
            commission  U2 lot=L1 expiry=2027-12-31     done
            expiry      U/L1                            20271231
            commission  U3 lot=L1                       done
            commission  U4 V4 lot=L1 expiry=2028-01-31  lot_data_differ U/L1
            commission  V4 lot=L1 expiry=2028-01-31     done
            expiry      U/L1                            20271231
            ",
        );
    }

    #[test]
    fn what_was_known_on_sight_is_described_by_its_commissioning() {
        under(&Policy::partner_documents()).check(
            "
            pack        X1 <- U1 U2                     done
            pack        X2 <- X1 U3                     done
            ship        X2                              done
            commission  U1..U4 lot=L1 expiry=2027-12-31 at=-500  done
            expiry      U/L1                            20271231
            counts      U/L1                            4 3 3
            parent      U1                              X1
            away        U1                              yes
            commission  U1 U5 lot=L1                    object_already_commissioned U1
            receive     X2                              done
            unpack      X1 -> U1 at=-25                 late
            parent      U1                              X1
            ",
        );
    }

    #[test]
    fn a_described_level_agrees_with_what_is_in_it_and_around_it() {
        under(&Policy::partner_documents()).check(
            "
            pack        X1 <- U1                        done
            pack        X2 <- X1                        done
            commission  X1 level=unit                   object_is_not_container X1
            commission  X2 level=case                   level_not_above X1/X2
            commission  X1 level=pallet                 level_not_above X1/X2
            commission  U1 level=case                   level_not_above U1/X1
            commission  X2 level=pallet at=-500         done
            level       X2                              pallet
            commission  X1 level=bundle at=-500         done
            level       X1                              bundle
            seal        X1                              open
            close       X2                              done
            commission  X2                              object_already_commissioned X2
            ",
        );
    }

    #[test]
    fn a_life_that_ended_is_described_and_another_one_begins() {
        let policy = Policy { recommission: Recommission::Allow, ..Policy::partner_documents() };
        under(&policy).check(
            "
            pack        X1 <- U1 U2                     done
            decommission U1 U2                          done
            commission  U1 lot=L1 at=-500               done
            status      U1                              decommissioned
            commission  U1 U2 lot=L2                    done
            status      U1                              active
            counts      U/L1                            0 0 0
            counts      U/L2                            2 0 0
            ",
        );
    }

    #[test]
    fn a_full_engine_refuses() {
        after("").within(3).check(
            "
            commission  U1 U2 U3 U4                     engine_is_full
            commission  U1 U2                           done
            commission  U3 U4                           engine_is_full
            commission  U3                              done
            commission  U4                              engine_is_full
            ",
        );
    }

    #[test]
    fn ranges_count_up_and_keep_their_width() {
        let first = |text: &str| match Identifier::parse(text) {
            Ok(Identifier::Sgtin(sgtin)) => sgtin,
            other => panic!("{other:?}"),
        };
        let range = |text: &str, count| serial_range(first(text), count).map(|range| range[count - 1].to_string());
        assert_eq!(range("(01)09521234543213(21)A008", 3), Some("(01)09521234543213(21)A010".into()));
        assert_eq!(range("(01)09521234543213(21)99", 2), None, "the digits run out");
        assert_eq!(range("(01)09521234543213(21)A", 1), None, "no digits");
        assert_eq!(range("(01)09521234543213(21)99999999999999999999", 1), None, "more than 64 bits");
    }
}
