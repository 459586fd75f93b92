//! A world laid over a forest that it does not touch: what a group of operations would make of it.
//!
//! A later operation of the group sees what an earlier one did. When the group is durable its facts are applied to the forest
//! itself and the draft is cleared; when it is not, the draft is cleared and nothing has happened. There is nothing to undo.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use packtree_gs1::Identifier;

use super::record::{Class, Container, Ix, Key, LotChange, LotRecord, Record};
use super::view::{View, World};
use super::{Concern, Forest, ParkedTable, SettingRecord};
use crate::fact::{Microseconds, Name, Parking, Quantity};

/// What differs from the forest. Kept from group to group, so that its memory is too.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    records: Overlay<Record>,
    containers: Overlay<Container>,
    lots: Overlay<LotRecord>,
    lot_past: Overlay<LotChange>,
    lot_places: HashMap<(Class, u128), u32>,
    interned: Vec<Identifier>,
    interned_places: HashMap<Identifier, u32>,
    /// Keys of new objects and of renamed ones.
    index: HashTable<(Key, Ix)>,
    /// Whether an object of the forest has another key here.
    renamed: bool,
    quantities: HashMap<Ix, Vec<Quantity>>,
    notes: HashMap<Ix, u64>,
    times: Vec<Microseconds>,
    parked: ParkedTable,
    /// What the forest has parked and is no longer, with the bytes that each took.
    unparked: BTreeMap<u64, usize>,
    settings: BTreeMap<Name, SettingRecord>,
    holds: u64,
}

impl Changes {
    /// Objects that were touched.
    pub(crate) fn len(&self) -> usize {
        self.records.values.len() + self.records.added.len()
    }

    fn clear(&mut self) {
        self.records.clear();
        self.containers.clear();
        self.lots.clear();
        self.lot_past.clear();
        self.lot_places.clear();
        self.interned.clear();
        self.interned_places.clear();
        self.index.clear();
        self.renamed = false;
        self.quantities.clear();
        self.notes.clear();
        self.times.clear();
        self.parked.clear();
        self.unparked.clear();
        self.settings.clear();
    }
}

/// Values that differ from those of a table below, and those behind its end.
#[derive(Clone, Debug)]
struct Overlay<T> {
    base: u32,
    places: HashMap<u32, u32, FixedState>,
    values: Vec<T>,
    added: Vec<T>,
}

impl<T> Default for Overlay<T> {
    fn default() -> Self {
        Self { base: 0, places: HashMap::default(), values: Vec::new(), added: Vec::new() }
    }
}

impl<T: Copy> Overlay<T> {
    fn get(&self, index: u32) -> Option<T> {
        if let Some(behind) = index.checked_sub(self.base) {
            return Some(self.added[behind as usize]);
        }
        self.places.get(&index).map(|place| self.values[*place as usize])
    }

    fn set(&mut self, index: u32, value: T) {
        if let Some(behind) = index.checked_sub(self.base) {
            self.added[behind as usize] = value;
            return;
        }
        let Self { places, values, .. } = self;
        let place = *places.entry(index).or_insert_with(|| {
            values.push(value);
            values.len() as u32 - 1
        });
        values[place as usize] = value;
    }

    fn push(&mut self, value: T) -> u32 {
        self.added.push(value);
        self.len() - 1
    }

    fn len(&self) -> u32 {
        self.base + self.added.len() as u32
    }

    fn clear(&mut self) {
        self.places.clear();
        self.values.clear();
        self.added.clear();
    }
}

/// A forest with changes laid over it; with `C = &Changes` one that can only be asked.
#[derive(Debug)]
pub(crate) struct Draft<'a, C = &'a mut Changes> {
    forest: &'a Forest,
    changes: C,
}

impl<'a, C: Deref<Target = Changes>> Draft<'a, C> {
    /// A draft with changes that were made over the same forest before.
    pub(crate) fn resume(forest: &'a Forest, changes: C) -> Self {
        Self { forest, changes }
    }
}

impl<'a> Draft<'a> {
    /// A draft without changes.
    pub(crate) fn new(forest: &'a Forest, changes: &'a mut Changes) -> Self {
        let mut draft = Self { forest, changes };
        draft.clear();
        draft
    }

    /// Drops the changes.
    pub(crate) fn clear(&mut self) {
        let Self { forest, changes } = self;
        changes.clear();
        changes.records.base = forest.tables.records.len();
        changes.containers.base = forest.tables.containers.len();
        changes.lots.base = forest.tables.lots.len();
        changes.lot_past.base = forest.tables.lot_changes.len();
        changes.holds = forest.holds;
    }

    /// Objects that were touched.
    pub(crate) fn touched(&self) -> usize {
        self.changes.len()
    }
}

impl<C: Deref<Target = Changes>> View for Draft<'_, C> {
    fn len(&self) -> u32 {
        self.changes.records.len()
    }

    fn record(&self, ix: Ix) -> Record {
        self.changes.records.get(ix.0).unwrap_or_else(|| self.forest.record(ix))
    }

    fn containers_len(&self) -> u32 {
        self.changes.containers.len()
    }

    fn container_at(&self, place: u32) -> Container {
        self.changes.containers.get(place).unwrap_or_else(|| self.forest.container_at(place))
    }

    fn lots_len(&self) -> u32 {
        self.changes.lots.len()
    }

    fn lot(&self, place: u32) -> LotRecord {
        self.changes.lots.get(place).unwrap_or_else(|| self.forest.lot(place))
    }

    fn lot_place(&self, class: Class, number: u128) -> Option<u32> {
        self.forest.lot_place(class, number).or_else(|| self.changes.lot_places.get(&(class, number)).copied())
    }

    fn lot_change(&self, place: u32) -> LotChange {
        self.changes.lot_past.get(place).unwrap_or_else(|| self.forest.lot_change(place))
    }

    fn has_interned(&self) -> bool {
        self.forest.has_interned() || !self.changes.interned.is_empty()
    }

    fn interned(&self, place: u32) -> &Identifier {
        match (place as usize).checked_sub(self.forest.interned.len()) {
            Some(behind) => &self.changes.interned[behind],
            None => self.forest.interned(place),
        }
    }

    fn interned_place(&self, identifier: &Identifier) -> Option<u32> {
        self.forest.interned_place(identifier).or_else(|| self.changes.interned_places.get(identifier).copied())
    }

    fn find_key(&self, key: &Key) -> Option<Ix> {
        if !self.changes.index.is_empty() {
            let hash = self.forest.index.hash(key);
            if let Some((_, ix)) = self.changes.index.find(hash, |(other, _)| other == key) {
                return Some(*ix);
            }
        }
        let ix = self.forest.find_key(key)?;
        if self.changes.renamed && self.key(ix) != *key {
            return None;
        }
        Some(ix)
    }

    fn warm(&self, keys: &mut dyn Iterator<Item = Key>) {
        self.forest.warm(keys);
    }

    fn quantities(&self, ix: Ix) -> &[Quantity] {
        self.changes.quantities.get(&ix).map_or_else(|| self.forest.quantities(ix), Vec::as_slice)
    }

    fn last_note(&self, ix: Ix) -> u64 {
        self.changes.notes.get(&ix).copied().unwrap_or_else(|| self.forest.last_note(ix))
    }

    fn time_of(&self, sequence: u64) -> Microseconds {
        match sequence.checked_sub(self.forest.sequence() + 1) {
            Some(behind) => self.changes.times[behind as usize],
            None => self.forest.time_of(sequence),
        }
    }

    fn holds(&self) -> u64 {
        self.changes.holds
    }

    fn next_sequence(&self) -> u64 {
        self.forest.next_sequence() + self.changes.times.len() as u64
    }

    fn parked_len(&self) -> usize {
        self.forest.parked_len() + self.changes.parked.len() - self.changes.unparked.len()
    }

    fn parked_bytes(&self) -> usize {
        let unparked: usize = self.changes.unparked.values().sum();
        self.forest.parked_bytes() + self.changes.parked.bytes() - unparked
    }

    fn parking(&self, fact: u64) -> Option<&Arc<Parking>> {
        let below = || self.forest.parking(fact).filter(|_| !self.changes.unparked.contains_key(&fact));
        self.changes.parked.get(fact).or_else(below)
    }

    fn parked_about(&self, object: &Identifier) -> Vec<(u64, Concern)> {
        let mut facts = self.forest.parked_about(object);
        facts.retain(|(fact, _)| !self.changes.unparked.contains_key(fact));
        facts.extend(self.changes.parked.about(object));
        facts
    }

    fn for_each_parked(&self, visit: &mut dyn FnMut(u64, &Arc<Parking>)) {
        self.forest.for_each_parked(&mut |fact, parking| {
            if !self.changes.unparked.contains_key(&fact) {
                visit(fact, parking);
            }
        });
        self.changes.parked.iter().for_each(|(fact, parking)| visit(fact, parking));
    }

    fn setting(&self, name: &str) -> Option<&SettingRecord> {
        self.changes.settings.get(name).or_else(|| self.forest.setting(name))
    }

    fn settings_len(&self) -> usize {
        let is_new = |name: &&Name| self.forest.setting(name.as_str()).is_none();
        self.forest.settings_len() + self.changes.settings.keys().filter(is_new).count()
    }

    fn settings_bytes(&self) -> usize {
        let mut bytes = self.forest.settings_bytes();
        for setting in self.changes.settings.values() {
            bytes -= self.forest.setting(setting.name.as_str()).map_or(0, SettingRecord::bytes);
            bytes += setting.bytes();
        }
        bytes
    }

    fn for_each_setting(&self, visit: &mut dyn FnMut(&SettingRecord)) {
        let below = self.forest.settings("").map(|setting| (&setting.name, setting));
        let mut all: BTreeMap<&Name, &SettingRecord> = below.collect();
        all.extend(&self.changes.settings);
        all.into_values().for_each(visit);
    }
}

impl World for Draft<'_> {
    fn set_record(&mut self, ix: Ix, record: Record) {
        self.changes.records.set(ix.0, record);
    }

    fn push_record(&mut self, record: Record, key: &Key) -> Ix {
        let ix = Ix(self.changes.records.push(record));
        self.point(key, ix);
        ix
    }

    fn rename(&mut self, ix: Ix, record: Record, key: &Key, stand_in: Record) -> Ix {
        let old = self.key(ix);
        let tomb = Ix(self.changes.records.push(stand_in));
        self.set_record(ix, record);
        self.changes.renamed = true;
        self.point(&old, tomb);
        self.point(key, ix);
        tomb
    }

    fn set_container_at(&mut self, place: u32, container: Container) {
        self.changes.containers.set(place, container);
    }

    fn push_container(&mut self, container: Container) -> u32 {
        self.changes.containers.push(container)
    }

    fn set_lot(&mut self, place: u32, lot: LotRecord) {
        self.changes.lots.set(place, lot);
    }

    fn push_lot(&mut self, lot: LotRecord) -> u32 {
        let place = self.changes.lots.push(lot);
        self.changes.lot_places.insert((lot.class, lot.number), place);
        place
    }

    fn push_lot_change(&mut self, change: LotChange) -> u32 {
        self.changes.lot_past.push(change)
    }

    fn intern(&mut self, identifier: &Identifier) -> u32 {
        if let Some(place) = self.interned_place(identifier) {
            return place;
        }
        let place = (self.forest.interned.len() + self.changes.interned.len()) as u32;
        self.changes.interned.push(identifier.clone());
        self.changes.interned_places.insert(identifier.clone(), place);
        place
    }

    fn set_quantities(&mut self, ix: Ix, quantities: Vec<Quantity>) {
        self.changes.quantities.insert(ix, quantities);
    }

    fn set_last_note(&mut self, ix: Ix, sequence: u64) {
        self.changes.notes.insert(ix, sequence);
    }

    fn push_time(&mut self, time: Microseconds) {
        self.changes.times.push(time);
    }

    fn park(&mut self, fact: u64, parking: Arc<Parking>) {
        self.changes.parked.insert(fact, parking);
    }

    fn unpark(&mut self, fact: u64) {
        if self.changes.parked.remove(fact).is_none()
            && let Some(parking) = self.forest.parking(fact)
        {
            self.changes.unparked.insert(fact, parking.bytes());
        }
    }

    fn set_setting(&mut self, setting: SettingRecord) {
        self.changes.settings.insert(setting.name.clone(), setting);
    }

    fn set_holds(&mut self, holds: u64) {
        self.changes.holds = holds;
    }
}

impl Draft<'_> {
    /// Points a key to a place, also when an earlier change of the draft pointed it elsewhere.
    fn point(&mut self, key: &Key, ix: Ix) {
        // The forest's seeded hash, so that nobody can choose serial numbers that collide.
        let index = &self.forest.index;
        let hash = index.hash(key);
        match self.changes.index.find_mut(hash, |(other, _)| other == key) {
            Some(entry) => entry.1 = ix,
            None => {
                self.changes.index.insert_unique(hash, (*key, ix), |(other, _)| index.hash(other));
            }
        }
    }
}
