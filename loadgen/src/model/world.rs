//! One pallet and everything that was ever on it, as it must be.

use packtree::Identifier;
use packtree::fact::{Level, Seal, Status};
use packtree_gs1::LotNumber;

use crate::target::{LotSeen, Seen};
use crate::workload::{Extra, Maker, Script, Step};

#[derive(Clone, Copy, Debug, Default)]
struct Unit {
    is_known: bool,
    /// What became of it, when it is not active any more.
    ended: Option<Status>,
    case: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Container {
    is_known: bool,
    children: u32,
    seal: Seal,
    /// Whether a case is on the pallet.
    is_inside: bool,
}

impl Container {
    const UNKNOWN: Self = Self { is_known: false, children: 0, seal: Seal::Open, is_inside: false };

    /// Something was taken out: what was closed is broken, and what is empty is open.
    fn open(&mut self) {
        if self.children == 0 {
            self.seal = Seal::Open;
        } else if self.seal != Seal::Open {
            self.seal = Seal::Broken;
        }
    }
}

/// One pallet and everything that was ever on it.
#[derive(Debug)]
pub(crate) struct World<'m> {
    maker: &'m Maker,
    script: &'m Script,
    case_units: u32,
    /// Those of the slots, then the extra ones of the script.
    units: Vec<Unit>,
    cases: Vec<Container>,
    pallet: Container,
    is_held: bool,
}

impl<'m> World<'m> {
    pub(crate) fn new(maker: &'m Maker, script: &'m Script, case_units: u32, cases: u32) -> Self {
        Self {
            maker,
            script,
            case_units,
            units: vec![Unit::default(); (case_units * cases) as usize + script.extras.len()],
            cases: vec![Container::UNKNOWN; cases as usize],
            pallet: Container::UNKNOWN,
            is_held: false,
        }
    }

    fn slots(&self) -> usize {
        self.cases.len() * self.case_units as usize
    }

    fn extra(&mut self, extra: Extra) -> &mut Unit {
        let place = self.script.extras.iter().position(|known| *known == extra);
        let slots = self.slots();
        &mut self.units[slots + place.expect("the script has a unit for each of its steps")]
    }

    /// Does one step.
    pub(crate) fn apply(&mut self, step: Step) {
        match step {
            Step::CommissionUnits => self.units.iter_mut().for_each(|unit| unit.is_known = true),
            Step::CommissionCases => self.cases.iter_mut().for_each(|case| case.is_known = true),
            Step::CommissionPallet => self.pallet.is_known = true,
            Step::Reject { slot } => self.extra(Extra::Reject { slot }).ended = Some(Status::Rejected),
            Step::Pack { case } => self.pack(case),
            // What was done before is not done again, and what is refused changes nothing.
            // A count that agrees is recorded, and changes nothing.
            Step::Repeat { .. } | Step::Malformed { .. } | Step::Count { missing: None } => {}
            Step::Replace { slot } => {
                let old = &mut self.units[slot as usize];
                old.ended = Some(Status::Rejected);
                let case = old.case.take();
                self.extra(Extra::Replacement { slot }).case = case;
            }
            Step::CloseCases => {
                for case in self.cases.iter_mut().filter(|case| 0 < case.children) {
                    case.seal = Seal::Closed;
                }
            }
            Step::PackPallet => {
                for case in self.cases.iter_mut().filter(|case| 0 < case.children) {
                    case.is_inside = true;
                    self.pallet.children += 1;
                }
            }
            Step::ClosePallet => self.pallet.seal = Seal::Closed,
            Step::Break => self.take_off(0..self.cases.len()),
            Step::Sample { slot } => self.sample(slot),
            Step::TakeOff { case } | Step::Count { missing: Some(case) } => {
                self.take_off(case as usize..case as usize + 1);
            }
            Step::Hold => self.is_held = true,
            Step::Release => self.is_held = false,
        }
    }

    fn pack(&mut self, case: u32) {
        let first = (case * self.case_units) as usize;
        for unit in &mut self.units[first..first + self.case_units as usize] {
            unit.case = Some(case);
        }
        self.cases[case as usize].children = self.case_units;
    }

    /// A unit is taken out of its case, which is broken by that; what is around the case is not.
    fn sample(&mut self, slot: u32) {
        let unit = &mut self.units[slot as usize];
        unit.ended = Some(Status::Sampled);
        if let Some(case) = unit.case.take() {
            let case = &mut self.cases[case as usize];
            case.children -= 1;
            case.open();
        }
    }

    fn take_off(&mut self, cases: std::ops::Range<usize>) {
        for case in self.cases[cases].iter_mut().filter(|case| case.is_inside) {
            case.is_inside = false;
            self.pallet.children -= 1;
            // A case that is found missing or taken off is not opened; the pallet is.
            self.pallet.open();
        }
    }

    /// Every object, and what must be known of it; `None` for one that must not be known.
    pub(crate) fn objects(&self, mut with: impl FnMut(Identifier, Option<Seen>)) {
        let number = self.script.pallet;
        let pallet = self.maker.pallet(number);
        let lot = self.maker.lot(number).number;
        let cases: Vec<Identifier> = (0..self.cases.len() as u32).map(|case| self.maker.case(number, case)).collect();
        for (place, unit) in self.units.iter().enumerate() {
            let id = match place.checked_sub(self.slots()) {
                None => self.maker.unit(number, place as u32),
                Some(extra) => self.maker.extra(number, self.script.extras[extra]),
            };
            with(id, unit.is_known.then(|| self.unit_seen(*unit, &cases, &pallet, lot)));
        }
        for (case, id) in self.cases.iter().zip(&cases) {
            with(id.clone(), case.is_known.then(|| self.case_seen(*case, &pallet)));
        }
        let seen = Seen {
            level: Level::Pallet,
            status: Status::Active,
            seal: self.pallet.seal,
            held_by: self.is_held.then(|| pallet.clone()),
            lot_on_hold: false,
            away: false,
            lot: None,
            parent: None,
            children: self.pallet.children,
            units: self.cases.iter().filter(|case| case.is_inside).map(|case| u64::from(case.children)).sum(),
        };
        with(pallet, self.pallet.is_known.then_some(seen));
    }

    fn unit_seen(&self, unit: Unit, cases: &[Identifier], pallet: &Identifier, lot: LotNumber) -> Seen {
        let is_held = self.is_held && unit.case.is_some_and(|case| self.cases[case as usize].is_inside);
        Seen {
            level: Level::Unit,
            status: unit.ended.unwrap_or(Status::Active),
            seal: Seal::Open,
            held_by: is_held.then(|| pallet.clone()),
            lot_on_hold: false,
            away: false,
            lot: Some(lot),
            parent: unit.case.map(|case| cases[case as usize].clone()),
            children: 0,
            units: 1,
        }
    }

    fn case_seen(&self, case: Container, pallet: &Identifier) -> Seen {
        Seen {
            level: Level::Case,
            status: Status::Active,
            seal: case.seal,
            held_by: (self.is_held && case.is_inside).then(|| pallet.clone()),
            lot_on_hold: false,
            away: false,
            lot: None,
            parent: case.is_inside.then(|| pallet.clone()),
            children: case.children,
            units: u64::from(case.children),
        }
    }

    /// How many objects there must be.
    pub(crate) fn known(&self) -> u64 {
        let units = self.units.iter().filter(|unit| unit.is_known).count();
        let containers = self.cases.iter().chain([&self.pallet]).filter(|container| container.is_known).count();
        (units + containers) as u64
    }

    /// How many units of the lot must be where.
    pub(crate) fn of_lot(&self) -> LotSeen {
        let count = |is: fn(&Unit) -> bool| self.units.iter().filter(|unit| unit.is_known && is(unit)).count() as u32;
        LotSeen {
            active: count(|unit| unit.ended.is_none()),
            rejected: count(|unit| unit.ended == Some(Status::Rejected)),
            packed: count(|unit| unit.case.is_some()),
        }
    }
}
