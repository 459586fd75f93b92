//! What a fact means for lots: their dates and holds, and how many of their objects are where.

use super::Step;
use crate::fact::{Counts, Lot, LotData, LotName};
use crate::forest::record::{Class, Container, Ix, LotChange, LotRecord, Record};
use crate::forest::view::{World, class_of, gtin_of};

impl Step<'_> {
    pub(super) fn enter_lot<W: World>(&mut self, world: &mut W, ix: Ix, lot: &Lot) {
        let record = world.record(ix);
        let old = world.lot_of(&record);
        let class = world.lot(old).class;
        if gtin_of(class).is_none() {
            return;
        }
        let place = ensure_lot(world, class, lot.number.value());
        self.learn(world, place, Some(lot));
        let one = Counts {
            packed: u32::from(record.parent.known().is_some()),
            away: u32::from(world.is_away(ix)),
            ..Counts::default()
        };
        count(world, old, |counts| {
            counts.by_status[record.status() as usize] -= 1;
            counts.packed -= one.packed;
            counts.away -= one.away;
        });
        count(world, place, |counts| {
            counts.by_status[record.status() as usize] += 1;
            counts.packed += one.packed;
            counts.away += one.away;
        });
        match world.container(ix) {
            Some(container) => world.set_container(ix, Container { lot: place, ..container }),
            None => world.set_record(ix, Record { link: place, ..record }),
        }
    }

    /// Keeps the dates that a lot is commissioned with; those that are known stay.
    pub(super) fn learn<W: World>(&self, world: &mut W, place: u32, lot: Option<&Lot>) {
        let Some(new) = lot.map(|lot| lot.data) else { return };
        let record = world.lot(place);
        if record.number == 0 {
            return;
        }
        let old = record.data;
        let data = LotData {
            expiry: old.expiry.or(new.expiry),
            production: old.production.or(new.production),
            best_before: old.best_before.or(new.best_before),
        };
        self.change_lot(world, place, data, record.held);
    }

    pub(super) fn set_lot_hold<W: World>(&self, world: &mut W, name: LotName, held: bool) {
        let place = ensure_lot(world, class_of(name.gtin), name.number.value());
        let lot = world.lot(place);
        self.change_lot(world, place, lot.data, held);
        count_hold(world, lot.held, held);
    }

    /// Changes what is known of a lot, and keeps what it was before.
    pub(super) fn change_lot<W: World>(&self, world: &mut W, place: u32, data: LotData, held: bool) {
        let lot = world.lot(place);
        if (lot.data, lot.held) == (data, held) {
            return;
        }
        let change = LotChange { fact: self.sequence, before: lot.last_change, data, held };
        let last_change = world.push_lot_change(change);
        world.set_lot(place, LotRecord { data, held, last_change, ..lot });
    }
}

pub(super) fn ensure_lot<W: World>(world: &mut W, class: Class, number: u128) -> u32 {
    world.lot_place(class, number).unwrap_or_else(|| world.push_lot(LotRecord::new(class, number)))
}

pub(super) fn count_hold<W: World>(world: &mut W, was: bool, is: bool) {
    match (was, is) {
        (false, true) => world.set_holds(world.holds() + 1),
        (true, false) => world.set_holds(world.holds() - 1),
        _ => {}
    }
}

pub(super) fn count<W: World>(world: &mut W, place: u32, change: impl FnOnce(&mut Counts)) {
    let mut lot = world.lot(place);
    change(&mut lot.counts);
    world.set_lot(place, lot);
}

/// Counts an object and everything below it as away, or as back.
pub(super) fn count_away<W: World>(world: &mut W, ix: Ix, away: bool) {
    let mut by_lot: Vec<(u32, u32)> = Vec::new();
    let mut add = |lot: u32| match by_lot.iter_mut().find(|(known, _)| *known == lot) {
        Some((_, n)) => *n += 1,
        None => by_lot.push((lot, 1)),
    };
    add(world.lot_of(&world.record(ix)));
    world.for_each_below(ix, &mut |_, record| add(world.lot_of(record)));
    for (lot, n) in by_lot {
        count(world, lot, |counts| if away { counts.away += n } else { counts.away -= n });
    }
}

/// Counts for a run of objects of one lot, written once for the run.
#[derive(Default)]
pub(super) struct Tally {
    lot: u32,
    run: u32,
}

impl Tally {
    pub(super) fn add<W: World>(&mut self, world: &mut W, lot: u32, change: impl FnOnce(&mut Counts, u32)) {
        if lot != self.lot {
            self.flush(world, change);
            self.lot = lot;
        }
        self.run += 1;
    }

    pub(super) fn flush<W: World>(&mut self, world: &mut W, change: impl FnOnce(&mut Counts, u32)) {
        if 0 < self.run {
            count(world, self.lot, |counts| change(counts, self.run));
            self.run = 0;
        }
    }
}
