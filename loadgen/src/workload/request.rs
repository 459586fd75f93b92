//! Writes a step as the request that is sent.

use packtree::fact::{Entry, EventTime, Level, Lot, LotData, LotName, ReasonText, Trust};
use packtree::operation::{
    Close, Commission, Contents, Fate, Hold, HoldTarget, Release, Replace, Request, Reset, TakeOutOfUse, Unpack,
};
use packtree::{Caller, Identifier, Operation, RequestId};
use packtree_gs1::{Gs1Date, LotNumber};

use super::script::{Extra, Script};
use super::step::{Malformed, Step};
use crate::profile::Profile;
use crate::random::mix;
use crate::site::{Numbers, PRODUCT};

/// Makes the requests of one line and of the people who work on its pallets.
#[derive(Clone, Debug)]
pub(crate) struct Maker {
    pub(crate) numbers: Numbers,
    seed: u64,
    line: u64,
    case_units: u32,
    cases: u32,
    lot_pallets: u64,
    machine: Caller,
    person: Caller,
    reason: ReasonText,
}

impl Maker {
    pub(crate) fn new(profile: &Profile, seed: u64, line: u64) -> Self {
        let named = |name: String| Caller::machine(&name).expect("the name is short");
        Self {
            numbers: Numbers::of_line(line, u64::from(profile.lines.get())),
            seed,
            line,
            case_units: profile.case.get(),
            cases: profile.pallet.get(),
            lot_pallets: u64::from(profile.lot.get()),
            machine: named(format!("line-{}", line + 1)),
            person: Caller { entry: Entry::Scan, ..named(format!("warehouse-{}", line + 1)) },
            reason: ReasonText::new("played by the load generator").expect("it is short"),
        }
    }

    /// How many pallets the line can number.
    pub(crate) fn pallets_max(&self) -> u64 {
        self.numbers.pallets(self.stride(), u64::from(self.cases))
    }

    /// Numbers set aside for the units of a pallet: one, a replacement and a reject for each slot, and one that never begins to exist.
    fn stride(&self) -> u64 {
        3 * u64::from(self.pallet_units()) + 1
    }

    pub(crate) fn pallet_units(&self) -> u32 {
        self.case_units * self.cases
    }

    /// The unit that is packed into a slot at first.
    pub(crate) fn unit(&self, pallet: u64, slot: u32) -> Identifier {
        self.numbers.unit(pallet * self.stride() + u64::from(slot))
    }

    pub(crate) fn extra(&self, pallet: u64, extra: Extra) -> Identifier {
        let units = self.pallet_units();
        match extra {
            Extra::Replacement { slot } => self.unit(pallet, units + slot),
            Extra::Reject { slot } => self.unit(pallet, 2 * units + slot),
        }
    }

    pub(crate) fn case(&self, pallet: u64, case: u32) -> Identifier {
        self.numbers.case(pallet * u64::from(self.cases) + u64::from(case))
    }

    pub(crate) fn pallet(&self, pallet: u64) -> Identifier {
        self.numbers.pallet(pallet)
    }

    /// The lot of the units of a pallet.
    pub(crate) fn lot(&self, pallet: u64) -> Lot {
        let name = format!("L{}-{}", self.line + 1, pallet / self.lot_pallets + 1);
        let expiry = Gs1Date::new(2029, 5, 31);
        let data = LotData { expiry, ..LotData::default() };
        Lot { number: LotNumber::parse(&name).expect("a lot number of at most 20 characters"), data }
    }

    pub(crate) fn lot_name(&self, pallet: u64) -> LotName {
        LotName { gtin: *PRODUCT, number: self.lot(pallet).number }
    }

    /// The units of the slots of a pallet, to be shared by the requests about it.
    pub(crate) fn units(&self, pallet: u64) -> Vec<Identifier> {
        (0..self.pallet_units()).map(|slot| self.unit(pallet, slot)).collect()
    }

    /// The request for the step at `index`; `units` are those of [`Maker::units`], `left_out` the cases that were never packed.
    pub(crate) fn request(&self, script: &Script, index: usize, units: &[Identifier], left_out: &[u32]) -> Request {
        let step = script.steps[index].step;
        let caller = if step.is_of_warehouse() { &self.person } else { &self.machine };
        let needs_reason = match step {
            Step::Malformed { what, .. } => what != Malformed::WithoutReason,
            _ => true,
        };
        Request {
            id: self.id_of(script, index),
            actor: caller.actor.clone(),
            role: caller.role,
            station: caller.station.clone(),
            // The moment when it is sent, which is not known yet.
            event_time: EventTime::utc(0),
            entry: caller.entry,
            reason: needs_reason.then(|| self.reason.clone()),
            note: None,
            signature: None,
            operation: self.operation(script, step, units, left_out),
        }
    }

    /// The request id of a step: that of the pack for its retry, and for another operation that pretends to be it.
    fn id_of(&self, script: &Script, index: usize) -> RequestId {
        let original = match script.steps[index].step {
            Step::Repeat { case } | Step::Malformed { case, what: Malformed::OtherContent } => {
                let is_pack = |step: Step| step == Step::Pack { case };
                script.steps.iter().position(|scheduled| is_pack(scheduled.step)).unwrap_or(index)
            }
            _ => index,
        };
        let half = |salt| u128::from(mix(&[self.seed, self.line, script.pallet, original as u64, salt]));
        RequestId(half(1) << 64 | half(2))
    }

    fn operation(&self, script: &Script, step: Step, units: &[Identifier], left_out: &[u32]) -> Operation {
        let number = script.pallet;
        let pallet = || self.pallet(number);
        let cases = || -> Vec<Identifier> {
            (0..self.cases).filter(|case| !left_out.contains(case)).map(|case| self.case(number, case)).collect()
        };
        match step {
            Step::CommissionUnits => self.commission_units(script, units),
            Step::CommissionCases => {
                let objects = (0..self.cases).map(|case| self.case(number, case)).collect();
                Operation::Commission(Commission { lot: None, level: Level::Case, objects })
            }
            Step::CommissionPallet => {
                Operation::Commission(Commission { lot: None, level: Level::Pallet, objects: vec![pallet()] })
            }
            Step::Reject { slot } => {
                Operation::Reject(TakeOutOfUse { objects: vec![self.extra(number, Extra::Reject { slot })] })
            }
            Step::Pack { case } | Step::Repeat { case } => {
                Operation::pack(self.case(number, case), self.units_of(units, case).to_vec())
            }
            Step::Malformed { case, what } => self.malformed(number, case, what, self.units_of(units, case)),
            Step::Replace { slot } => Operation::Replace(Replace {
                old: units[slot as usize].clone(),
                new: self.extra(number, Extra::Replacement { slot }),
                fate: Fate::Rejected,
            }),
            Step::CloseCases => Operation::Close(Close { containers: cases(), partial: false }),
            Step::PackPallet => Operation::pack(pallet(), cases()),
            Step::ClosePallet => Operation::Close(Close { containers: vec![pallet()], partial: false }),
            Step::Break => Operation::unpack_all(pallet()),
            Step::TakeOff { case } => Operation::unpack(vec![self.case(number, case)]),
            Step::Count { missing } => {
                let is_there = |case: &Identifier| missing.is_none_or(|gone| *case != self.case(number, gone));
                let children = cases().into_iter().filter(is_there).collect();
                Operation::Reset(Reset { container: pallet(), children })
            }
            Step::Sample { slot } => Operation::Sample(TakeOutOfUse { objects: vec![self.unit(number, slot)] }),
            Step::Hold => Operation::Hold(Hold { target: HoldTarget::Objects(vec![pallet()]) }),
            Step::Release => Operation::Release(Release { target: HoldTarget::Objects(vec![pallet()]) }),
        }
    }

    fn units_of<'u>(&self, units: &'u [Identifier], case: u32) -> &'u [Identifier] {
        let first = (case * self.case_units) as usize;
        &units[first..first + self.case_units as usize]
    }

    fn commission_units(&self, script: &Script, units: &[Identifier]) -> Operation {
        let mut objects = units.to_vec();
        objects.extend(script.extras.iter().map(|extra| self.extra(script.pallet, *extra)));
        Operation::Commission(Commission { lot: Some(self.lot(script.pallet)), level: Level::Unit, objects })
    }

    /// A request that must be refused, about a case that was just packed with `units`.
    fn malformed(&self, pallet: u64, case: u32, what: Malformed, units: &[Identifier]) -> Operation {
        let first = || vec![units[0].clone()];
        let case = || self.case(pallet, case);
        match what {
            Malformed::PackedTwice => Operation::pack(case(), first()),
            Malformed::Unknown => Operation::pack(case(), vec![self.unit(pallet, 3 * self.pallet_units())]),
            Malformed::WrongParent => {
                let what =
                    Contents::Named { parent: Some(self.pallet(pallet)), children: first(), quantities: Vec::new() };
                Operation::Unpack(Unpack { what, trust: Trust::Verified })
            }
            Malformed::IntoItself => Operation::pack(case(), vec![case()]),
            Malformed::Nothing | Malformed::OtherContent => Operation::pack(case(), Vec::new()),
            Malformed::CommissionedTwice => {
                Operation::Commission(Commission { lot: Some(self.lot(pallet)), level: Level::Unit, objects: first() })
            }
            Malformed::WithoutReason => Operation::Reject(TakeOutOfUse { objects: first() }),
        }
    }
}
