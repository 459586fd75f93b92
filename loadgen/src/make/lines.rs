//! The lines whose records are made up: units are commissioned, packed, reworked, put onto pallets and shipped.

use std::ops::Range;

use packtree::Identifier;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

use super::Plan;
use super::event::Event;
use super::fault::{self, FaultKind};
use super::quirk::{Quirk, apply};
use crate::site::Numbers;

/// 2025-01-06T06:00:00Z. Long enough ago that no clock takes it for the future.
const START_SECONDS: i64 = 1_736_143_200;

/// Pallets in a lorry.
const LORRY_PALLETS: usize = 26;

/// Units that one event names where events are huge.
const HUGE_UNITS: u64 = 100_000;

/// The numbers of everything that is made up.
fn numbers() -> Numbers {
    Numbers::of_line(0, 1)
}

/// The events of a few pallets, and what is in what after them.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) events: Vec<Event>,
    pub(crate) pallets: Vec<Pallet>,
}

/// A pallet with its contents.
#[derive(Clone, Debug)]
pub(crate) struct Pallet {
    pub(crate) identifier: Identifier,
    pub(crate) cases: Vec<Case>,
}

/// A case with its contents.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) identifier: Identifier,
    pub(crate) lot: u64,
    pub(crate) units: Vec<Identifier>,
}

/// Plays the lines, a few pallets at a time, so that memory does not grow with the document.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    plan: &'a Plan,
    random: Xoshiro256PlusPlus,
    pallets_done: u64,
    /// When the next event takes place.
    clock: i64,
    /// Units that took the place of others so far.
    pub(crate) replaced: u64,
    /// Units until the next one that is reworked.
    until_rework: u64,
    unshipped: Vec<Identifier>,
    faults_planted: u64,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Self {
        let mut lines = Self {
            plan,
            random: Xoshiro256PlusPlus::seed_from_u64(plan.seed),
            pallets_done: 0,
            clock: START_SECONDS,
            replaced: 0,
            until_rework: 0,
            unshipped: Vec::new(),
            faults_planted: 0,
        };
        lines.until_rework = lines.units_until(plan.rework);
        lines
    }

    /// Units that pass until one is picked, when each is picked with a chance.
    fn units_until(&mut self, chance: f64) -> u64 {
        if chance <= 0.0 {
            return u64::MAX;
        }
        let passed = (self.random.random::<f64>().max(f64::MIN_POSITIVE).ln() / (1.0 - chance).ln()).floor();
        #[expect(
            clippy::cast_sign_loss,
            reason = "both logarithms are negative; a cast of what is too large saturates"
        )]
        let passed = passed as u64;
        passed
    }

    fn is_reworked(&mut self) -> bool {
        if 0 < self.until_rework {
            self.until_rework -= u64::from(self.until_rework != u64::MAX);
            return false;
        }
        self.until_rework = self.units_until(self.plan.rework);
        true
    }

    /// The time of the next event, each a second after the one before.
    fn tick(&mut self) -> i64 {
        self.clock += 1;
        self.clock
    }

    /// The time of an event that belongs to the filling of a pallet.
    fn fill_tick(&mut self) -> i64 {
        if self.plan.has(Quirk::SameTimes) { self.clock } else { self.tick() }
    }

    fn block(&mut self, numbers: Range<u64>) -> Block {
        let is_last = numbers.end == self.plan.pallets();
        let mut pallets: Vec<Pallet> = numbers.map(|number| self.empty_pallet(number)).collect();
        let mut events = Vec::new();
        self.tick();
        self.commission(&pallets, &mut events);
        for pallet in &mut pallets {
            self.fill(pallet, &mut events);
        }
        self.plant_faults(&pallets, &mut events);
        for pallet in &pallets {
            self.unshipped.push(pallet.identifier.clone());
            if self.unshipped.len() == LORRY_PALLETS {
                self.ship(&mut events);
            }
        }
        if is_last {
            self.ship(&mut events);
        }
        if !self.plan.has(Quirk::NoIds) {
            for event in &mut events {
                event.id = Some(self.random.random());
            }
        }
        let events = apply(self.plan, events, &mut self.random);
        Block { events, pallets }
    }

    /// A pallet with the units that are meant for it.
    fn empty_pallet(&self, number: u64) -> Pallet {
        let plan = self.plan;
        let cases = (number * plan.pallet..plan.cases().min((number + 1) * plan.pallet)).map(|number| Case {
            identifier: numbers().case(number),
            lot: number * plan.lots / plan.cases(),
            units: (number * plan.case..plan.units.min((number + 1) * plan.case))
                .map(|number| numbers().unit(number))
                .collect(),
        });
        Pallet { identifier: numbers().pallet(number), cases: cases.collect() }
    }

    fn commission(&mut self, pallets: &[Pallet], events: &mut Vec<Event>) {
        let cases: Vec<&Case> = pallets.iter().flat_map(|pallet| &pallet.cases).collect();
        for same_lot in cases.chunk_by(|one, other| one.lot == other.lot) {
            let units = same_lot.iter().flat_map(|case| case.units.iter().cloned()).collect();
            let mut event = Event::object(self.fill_tick(), "ADD", "commissioning", units);
            event.lot = same_lot.first().map(|case| case.lot);
            events.push(event);
        }
        let containers =
            cases.iter().map(|case| &case.identifier).chain(pallets.iter().map(|pallet| &pallet.identifier));
        events.push(Event::object(self.fill_tick(), "ADD", "commissioning", containers.cloned().collect()));
    }

    fn fill(&mut self, pallet: &mut Pallet, events: &mut Vec<Event>) {
        let mut reworked = Vec::new();
        for (position, case) in pallet.cases.iter().enumerate() {
            let mut event = Event::contents(self.fill_tick(), "ADD", case.identifier.clone(), case.units.clone());
            event.leaflets = self.plan.has(Quirk::Quantities).then_some(case.units.len() as u64);
            events.push(event);
            let picked: Vec<usize> = (0..case.units.len()).filter(|_| self.is_reworked()).collect();
            if !picked.is_empty() {
                reworked.push((position, picked));
            }
        }
        let cases = pallet.cases.iter().map(|case| case.identifier.clone()).collect();
        let onto_pallet = Event::contents(self.fill_tick(), "ADD", pallet.identifier.clone(), cases);
        events.push(onto_pallet);
        for (position, picked) in reworked {
            self.rework(&mut pallet.cases[position], &picked, events);
        }
    }

    /// Takes units out of a case, ends them, and puts new ones in their place.
    fn rework(&mut self, case: &mut Case, picked: &[usize], events: &mut Vec<Event>) {
        let new: Vec<Identifier> = picked.iter().map(|_| self.next_replacement()).collect();
        let old: Vec<Identifier> =
            picked.iter().zip(&new).map(|(at, new)| std::mem::replace(&mut case.units[*at], new.clone())).collect();
        let end = if self.random.random() { "decommissioning" } else { "destroying" };
        events.push(Event::contents(self.tick(), "DELETE", case.identifier.clone(), old.clone()));
        events.push(Event::object(self.tick(), "DELETE", end, old));
        let mut commissioned = Event::object(self.tick(), "ADD", "commissioning", new.clone());
        commissioned.lot = Some(case.lot);
        events.push(commissioned);
        events.push(Event::contents(self.tick(), "ADD", case.identifier.clone(), new));
    }

    /// A unit with a number that no line has used.
    fn next_replacement(&mut self) -> Identifier {
        self.replaced += 1;
        numbers().unit(self.plan.units + self.replaced - 1)
    }

    fn ship(&mut self, events: &mut Vec<Event>) {
        let pallets = std::mem::take(&mut self.unshipped);
        if self.plan.ship && !pallets.is_empty() {
            events.push(Event::object(self.tick(), "OBSERVE", "shipping", pallets));
        }
    }

    /// Plants so many faults that their share of the events is about the one that was asked for. The kinds take turns.
    fn plant_faults(&mut self, pallets: &[Pallet], events: &mut Vec<Event>) {
        let count = (0..events.len()).filter(|_| self.random.random::<f64>() < self.plan.faults).count();
        for _ in 0..count {
            let pallet = &pallets[self.random.random_range(0..pallets.len())];
            let kinds = FaultKind::possible(self.plan, pallet);
            let kind = kinds[self.faults_planted as usize % kinds.len()];
            let unknown = numbers().pallet(self.plan.pallets() + self.faults_planted);
            self.faults_planted += 1;
            let seconds = self.tick();
            events.push(fault::event(kind, pallet, unknown, seconds, &mut self.random));
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        let from = self.pallets_done;
        if from == self.plan.pallets() {
            return None;
        }
        let pallet_units = self.plan.case * self.plan.pallet;
        let together = if self.plan.has(Quirk::HugeEvents) { (HUGE_UNITS / pallet_units).max(1) } else { 1 };
        self.pallets_done = self.plan.pallets().min(from + together);
        Some(self.block(from..self.pallets_done))
    }
}
