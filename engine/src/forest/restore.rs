//! A forest from tables that were read back, after a check that nothing in them points nowhere.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::FixedState;
use packtree_gs1::{Gtin, Identifier};

use super::arena::Arena;
use super::index::Index;
use super::pages::{Paged, Sparse};
use super::record::{Class, ClassTag, Container, Ix, LotChange, LotRecord, Record};
use super::settings::Settings;
use super::times::Times;
use super::{Forest, SettingRecord, Tables};
use crate::fact::{Microseconds, Parking, Quantity, Status};

/// The tables of a forest, on their way back into one.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) records: Arena<Record>,
    pub(crate) containers: Arena<Container>,
    pub(crate) lots: Arena<LotRecord>,
    pub(crate) lot_changes: Arena<LotChange>,
    pub(crate) interned: Vec<Identifier>,
    pub(crate) quantities: HashMap<Ix, Vec<Quantity>, FixedState>,
    pub(crate) notes: HashMap<Ix, u64, FixedState>,
    pub(crate) times: Vec<Microseconds>,
    pub(crate) parked: BTreeMap<u64, Arc<Parking>>,
    /// In the order of their places.
    pub(crate) settings: Vec<SettingRecord>,
    pub(crate) holds: u64,
}

/// Tables that no forest has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{table} {place} {wrong}")]
pub(crate) struct Unsound {
    table: &'static str,
    place: u32,
    wrong: &'static str,
}

impl Parts {
    /// The forest of these tables; nothing in it counts as changed.
    ///
    /// # Errors
    /// When the tables do not agree with each other.
    pub(crate) fn into_forest(self, seed: u64) -> Result<Forest, Unsound> {
        self.check()?;
        let Self { records, containers, lots, lot_changes, interned, quantities, .. } = self;
        let Self { notes, times, parked, settings, holds, .. } = self;
        let lot_places = (0..).zip(lots.iter()).map(|(place, lot)| ((lot.class, lot.number), place)).collect();
        let interned_places = interned.iter().cloned().zip(0..).collect();
        let tables = Tables {
            records: Paged::saved(records),
            containers: Paged::saved(containers),
            lots: Paged::saved(lots),
            lot_changes: Paged::saved(lot_changes),
        };
        let mut index = Index::new(seed);
        index.fill(tables.records.len(), |ix| tables.key(ix));
        Ok(Forest {
            tables,
            lot_places,
            interned,
            interned_places,
            index,
            quantities: Sparse::saved(quantities),
            notes: Sparse::saved(notes),
            times: times.into_iter().collect::<Times>(),
            parked: parked.into_iter().collect(),
            parked_changed: false,
            settings: Settings::saved(settings),
            holds,
        })
    }

    /// Checks every place that is named, and what is counted.
    ///
    /// The tables were written by this engine and their checksums are right, so this is not about rules: it makes sure that
    /// whatever went wrong before the checksums, no reader runs out of a table, or in a circle.
    fn check(&self) -> Result<(), Unsound> {
        (0..).zip(self.lots.iter()).try_for_each(|(place, lot)| self.check_lot(place, &lot))?;
        (0..).zip(self.lot_changes.iter()).try_for_each(|(place, change)| self.check_lot_change(place, &change))?;
        let mut check = Check {
            parts: self,
            children: vec![0; self.containers.len() as usize],
            owners: vec![Ix::NONE; self.containers.len() as usize],
            by_lot: vec![([0; Status::ALL.len()], 0); self.lots.len() as usize],
            holds: self.lots.iter().filter(|lot| lot.held).count() as u64,
        };
        (0..).zip(self.records.iter()).try_for_each(|(place, record)| check.record(Ix(place), &record))?;
        check.counts()?;
        let known = |ix: &Ix| ix.0 < self.records.len();
        let noted = |(ix, fact): (&Ix, &u64)| known(ix) && *fact <= self.times.len() as u64;
        if !self.notes.iter().all(noted) || !self.quantities.keys().all(known) {
            return Err(Unsound { table: "object", place: self.records.len(), wrong: "does not exist" });
        }
        self.check_settings()?;
        match self.parked.last_key_value() {
            Some((fact, _)) if (self.times.len() as u64) < *fact => Err(Unsound {
                table: "parking",
                place: self.parked.len() as u32,
                wrong: "names a fact that is not there",
            }),
            _ => Ok(()),
        }
    }

    fn check_settings(&self) -> Result<(), Unsound> {
        let mut names = HashSet::new();
        for (place, setting) in (0..).zip(&self.settings) {
            if !names.insert(&setting.name) || (self.times.len() as u64) < setting.fact {
                return Err(Unsound {
                    table: "setting",
                    place,
                    wrong: "is there twice, or names a fact that is not there",
                });
            }
        }
        Ok(())
    }

    fn check_lot(&self, place: u32, lot: &LotRecord) -> Result<(), Unsound> {
        let is_class = match ClassTag::from_number((lot.class.0 >> 56) as u8) {
            Some(ClassTag::Sgtin) => Gtin::new(lot.class.number()).is_ok(),
            Some(_) => true,
            None => false,
        };
        if !is_class {
            return Err(Unsound { table: "lot", place, wrong: "is of no class" });
        }
        if lot.last_change != LotRecord::UNCHANGED && self.lot_changes.len() <= lot.last_change {
            return Err(Unsound { table: "lot", place, wrong: "names a change that is not there" });
        }
        Ok(())
    }

    /// Each change names an older one, so no one is in a circle.
    fn check_lot_change(&self, place: u32, change: &LotChange) -> Result<(), Unsound> {
        let is_behind = change.before == LotRecord::UNCHANGED || change.before < place;
        if is_behind && change.fact <= self.times.len() as u64 {
            return Ok(());
        }
        Err(Unsound { table: "change of a lot", place, wrong: "names a change or a fact that is not there" })
    }
}

/// What is added up on the way through the records.
struct Check<'p> {
    parts: &'p Parts,
    children: Vec<u32>,
    owners: Vec<Ix>,
    /// Objects by status, and those that are packed.
    by_lot: Vec<([u32; Status::ALL.len()], u32)>,
    holds: u64,
}

impl Check<'_> {
    fn record(&mut self, ix: Ix, record: &Record) -> Result<(), Unsound> {
        let parts = self.parts;
        let unsound = |wrong| Err(Unsound { table: "object", place: ix.0, wrong });
        let mut lot = record.link;
        let mut height = 0;
        if record.is_container() {
            let Some(owner) = self.owners.get_mut(record.link as usize).filter(|owner| **owner == Ix::NONE) else {
                return unsound("is a container that does not exist, or that is another object");
            };
            *owner = ix;
            let container = parts.containers.get(record.link);
            (lot, height) = (container.lot, container.height);
        }
        let Some((by_status, packed)) = self.by_lot.get_mut(lot as usize) else {
            return unsound("belongs to a lot that does not exist");
        };
        by_status[record.status() as usize] += 1;
        *packed += u32::from(record.parent != Ix::NONE);
        self.holds += u64::from(record.is_held());
        if (parts.times.len() as u64) < record.last_fact() {
            return unsound("names a fact that is not there");
        }
        let class = parts.lots.get(lot).class;
        if class == Class::INTERNED && parts.interned.len() as u128 <= record.serial() {
            return unsound("has an identifier that is not there");
        }
        match [record.parent, record.next, record.previous].map(|ix| ix.known().is_some()) {
            [false, false, false] => Ok(()),
            [true, true, true] if self.sits_well(ix, record, height) => Ok(()),
            _ => unsound("is not linked to its parent and siblings as they are to it"),
        }
    }

    /// Whether parent and siblings exist, and agree. Heights fall from parents to children, so no one is in a circle.
    fn sits_well(&mut self, ix: Ix, record: &Record, height: u8) -> bool {
        let Parts { records, containers, .. } = self.parts;
        let [parent, next, previous] = [record.parent, record.next, record.previous].map(|ix| ix.0);
        if records.len() <= parent.max(next).max(previous) {
            return false;
        }
        let around = records.get(parent);
        let (next, previous) = (records.get(next), records.get(previous));
        if !around.is_container() || containers.len() <= around.link {
            return false;
        }
        self.children[around.link as usize] += 1;
        height < containers.get(around.link).height
            && next.parent == record.parent
            && next.previous == ix
            && previous.parent == record.parent
            && previous.next == ix
    }

    fn counts(&self) -> Result<(), Unsound> {
        let Parts { records, containers, lots, .. } = self.parts;
        for (place, container) in (0..).zip(containers.iter()) {
            let first = container.first.known();
            let begins = match first {
                Some(first) => first.0 < records.len() && records.get(first.0).parent == self.owners[place as usize],
                None => true,
            };
            let owned = self.owners[place as usize] != Ix::NONE;
            if !begins || !owned || self.children[place as usize] != container.count {
                return Err(Unsound { table: "container", place, wrong: "does not hold what it counts" });
            }
            if first.is_some() != (0 < container.count) {
                return Err(Unsound { table: "container", place, wrong: "has a first child and no children" });
            }
        }
        for ((place, lot), (by_status, packed)) in (0..).zip(lots.iter()).zip(&self.by_lot) {
            if lot.counts.by_status != *by_status || lot.counts.packed != *packed {
                return Err(Unsound { table: "lot", place, wrong: "does not count its objects right" });
            }
        }
        if self.holds != self.parts.holds {
            return Err(Unsound { table: "hold", place: self.parts.holds as u32, wrong: "is not in force" });
        }
        Ok(())
    }
}
