//! The life of one pallet, from the commissioning of its units to what the warehouse does with it.

use super::step::{Malformed, Step};
use crate::profile::Profile;
use crate::random::{happens, mix};
use crate::setting::Share;

/// A step and when it is due, in units that have passed since the pallet was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scheduled {
    pub(crate) step: Step,
    pub(crate) at: u64,
}

/// A unit beside those that are packed at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extra {
    /// It takes the place of the one in the slot.
    Replacement { slot: u32 },
    /// It is rejected on its way into the slot.
    Reject { slot: u32 },
}

/// Everything that happens to one pallet, in the order in which it happens. The same for the same seed, line and pallet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    pub(crate) pallet: u64,
    pub(crate) steps: Vec<Scheduled>,
    /// How many of the steps the line does; the rest is done in the warehouse while the line fills the next pallet.
    pub(crate) of_line: usize,
    pub(crate) extras: Vec<Extra>,
}

/// What randomness is asked for.
#[derive(Clone, Copy)]
enum Purpose {
    Reject = 1,
    Rework,
    Retry,
    IsMalformed,
    Malformed,
    Warehouse,
    Which,
    HowMany,
    Second,
    Slot,
}

/// Draws what happens to one pallet.
struct Dice<'p> {
    profile: &'p Profile,
    seed: u64,
    line: u64,
    pallet: u64,
}

impl Dice<'_> {
    fn draw(&self, purpose: Purpose, place: u32) -> u64 {
        mix(&[self.seed, self.line, self.pallet, purpose as u64, u64::from(place)])
    }

    fn happens(&self, share: Share, purpose: Purpose, place: u32) -> bool {
        share != Share::default() && happens(share, self.draw(purpose, place))
    }
}

impl Script {
    pub(crate) fn new(profile: &Profile, seed: u64, line: u64, pallet: u64) -> Self {
        let dice = Dice { profile, seed, line, pallet };
        let mut script = Self { pallet, steps: Vec::new(), of_line: 0, extras: Vec::new() };
        for step in [Step::CommissionUnits, Step::CommissionCases, Step::CommissionPallet] {
            script.add(step, 0);
        }
        for case in 0..profile.pallet.get() {
            script.fill_case(&dice, case);
        }
        let full = u64::from(profile.pallet_units());
        for step in [Step::CloseCases, Step::PackPallet, Step::ClosePallet] {
            script.add(step, full);
        }
        // Stable, so that what is due at the same moment keeps the order in which it was written.
        script.steps.sort_by_key(|scheduled| scheduled.at);
        script.of_line = script.steps.len();
        script.visit_warehouse(&dice, full + full / 2, full + 3 * full / 4);
        script
    }

    fn add(&mut self, step: Step, at: u64) {
        self.steps.push(Scheduled { step, at });
    }

    /// The units of a case pass, some are rejected; it is packed when the last one is there; some are replaced later.
    fn fill_case(&mut self, dice: &Dice<'_>, case: u32) {
        let Profile { case: units, reject, rework, malformed, retries, .. } = dice.profile;
        let units = units.get();
        let slots = case * units..(case + 1) * units;
        for slot in slots.clone().filter(|slot| dice.happens(*reject, Purpose::Reject, *slot)) {
            self.extras.push(Extra::Reject { slot });
            self.add(Step::Reject { slot }, u64::from(slot));
        }
        let full = u64::from(slots.end);
        self.add(Step::Pack { case }, full);
        if dice.happens(*retries, Purpose::Retry, case) {
            self.add(Step::Repeat { case }, full);
        }
        if dice.happens(*malformed, Purpose::IsMalformed, case) {
            let draw = dice.draw(Purpose::Malformed, case) as usize;
            self.add(Step::Malformed { case, what: Malformed::ALL[draw % Malformed::ALL.len()] }, full);
        }
        let later = (full + u64::from(units / 2)).min(u64::from(dice.profile.pallet_units()));
        for slot in slots.filter(|slot| dice.happens(*rework, Purpose::Rework, *slot)) {
            self.extras.push(Extra::Replacement { slot });
            self.add(Step::Replace { slot }, later);
        }
    }

    /// What is done with the finished pallet, at most one thing.
    fn visit_warehouse(&mut self, dice: &Dice<'_>, at: u64, later: u64) {
        let warehouse = &dice.profile.warehouse;
        let cases = dice.profile.pallet.get();
        let mut draw = dice.draw(Purpose::Warehouse, 0) % u64::from(Share::ALL);
        let mut falls_to = |share: Share| {
            let share = u64::from(share.millionths());
            let is_hit = draw < share;
            draw = if is_hit { u64::MAX } else { draw.saturating_sub(share) };
            is_hit
        };
        let which = dice.draw(Purpose::Which, 0) as u32 % cases;
        let is_second = dice.draw(Purpose::Second, 0).is_multiple_of(2);
        if falls_to(warehouse.r#break) {
            self.add(Step::Break, at);
        } else if falls_to(warehouse.take) {
            let number = 1 + dice.draw(Purpose::HowMany, 0) as u32 % 5.min(cases);
            let first = which.min(cases - number);
            // One after the other, as hands take them.
            for taken in 0..number {
                let then = at + (later - at) * u64::from(taken) / u64::from(number);
                self.add(Step::TakeOff { case: first + taken }, then);
            }
        } else if falls_to(warehouse.count) {
            self.add(Step::Count { missing: is_second.then_some(which) }, at);
        } else if falls_to(warehouse.sample) {
            if let Some(slot) = self.packed_slot(dice, which) {
                self.add(Step::Sample { slot }, at);
            }
        } else if falls_to(warehouse.hold) {
            self.add(Step::Hold, at);
            if is_second {
                self.add(Step::Release, later);
            }
        }
    }

    /// A slot of a case whose unit is the one that was packed at first, if there is any.
    fn packed_slot(&self, dice: &Dice<'_>, case: u32) -> Option<u32> {
        let units = dice.profile.case.get();
        let first = dice.draw(Purpose::Slot, 0) as u32 % units;
        let mut slots = (0..units).map(|place| case * units + (first + place) % units);
        slots.find(|slot| !self.extras.contains(&Extra::Replacement { slot: *slot }))
    }

    /// The steps that must have been done for the step at `index` to make sense.
    pub(crate) fn needs(&self, index: usize, case_units: u32) -> Vec<usize> {
        let mut needed: Vec<Step> = vec![Step::CommissionUnits, Step::CommissionCases, Step::CommissionPallet];
        match self.steps[index].step {
            Step::CommissionUnits | Step::CommissionCases | Step::CommissionPallet => return Vec::new(),
            Step::Reject { .. } | Step::Pack { .. } | Step::CloseCases | Step::PackPallet => {}
            Step::Repeat { case } | Step::Malformed { case, .. } => needed.push(Step::Pack { case }),
            Step::Replace { slot } | Step::Sample { slot } => needed.push(Step::Pack { case: slot / case_units }),
            Step::ClosePallet | Step::Break | Step::Count { .. } | Step::Hold => needed.push(Step::PackPallet),
            Step::TakeOff { case } => needed.extend([Step::Pack { case }, Step::PackPallet]),
            Step::Release => needed.push(Step::Hold),
        }
        let of = |step: &Step| self.steps[..index].iter().position(|scheduled| scheduled.step == *step);
        needed.iter().filter_map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Profile {
        Profile::read("site").unwrap()
    }

    #[test]
    fn the_same_seed_writes_the_same_script() {
        let profile = site();
        let script = |seed, line, pallet| Script::new(&profile, seed, line, pallet).steps;
        assert_eq!(script(1, 2, 3), script(1, 2, 3));
        assert_ne!(script(1, 2, 3), script(2, 2, 3));
        assert_ne!(script(1, 2, 3), script(1, 1, 3));
        assert_ne!(script(1, 2, 3), script(1, 2, 4));
    }

    #[test]
    fn shares_are_kept_and_steps_are_in_order() {
        let profile = site();
        let (mut rejects, mut replaced, mut repeats, mut visits, pallets) = (0, 0, 0, 0, 500_u32);
        for pallet in 0..pallets {
            let script = Script::new(&profile, 7, 0, u64::from(pallet));
            assert!(script.steps.is_sorted_by_key(|scheduled| scheduled.at));
            let count = |is: fn(&Step) -> bool| script.steps.iter().filter(|scheduled| is(&scheduled.step)).count();
            assert_eq!(count(|step| matches!(step, Step::Pack { .. })), 40);
            rejects += count(|step| matches!(step, Step::Reject { .. }));
            replaced += count(|step| matches!(step, Step::Replace { .. }));
            repeats += count(|step| matches!(step, Step::Repeat { .. }));
            visits += usize::from(script.of_line < script.steps.len());
        }
        let of_units = |number: usize| number as f64 / f64::from(pallets * profile.pallet_units());
        assert!((0.009..0.011).contains(&of_units(rejects)), "{rejects}");
        assert!((0.0025..0.0035).contains(&of_units(replaced)), "{replaced}");
        assert!((0.008..0.012).contains(&(repeats as f64 / f64::from(pallets * 40))), "{repeats}");
        assert!((0.29..0.39).contains(&(visits as f64 / f64::from(pallets))), "{visits}");
    }

    #[test]
    fn a_step_needs_what_it_builds_on() {
        let profile = Profile { rework: "100%".parse().unwrap(), ..Profile::default() };
        let script = Script::new(&profile, 1, 0, 0);
        let index = |step| script.steps.iter().position(|scheduled| scheduled.step == step).unwrap();
        let pack = index(Step::Pack { case: 3 });
        assert_eq!(script.needs(index(Step::Replace { slot: 3 * 48 }), 48), [0, 1, 2, pack]);
        assert_eq!(script.needs(index(Step::ClosePallet), 48), [0, 1, 2, index(Step::PackPallet)]);
        assert_eq!(script.needs(0, 48), [0; 0]);
    }
}
