//! Holds who is in what right now, keeps it a forest, and applies facts without failing.
//!
//! [`View`] is what can be asked, [`World`] what can be changed. The [`Forest`] itself is a world, for replay and for facts that
//! are durable; a [`Draft`] is another, laid over a forest that it does not touch, for deciding.

pub(crate) mod apply;
pub(crate) mod arena;
mod draft;
mod image;
mod index;
pub(crate) mod pages;
mod parked;
pub(crate) mod record;
mod restore;
mod settings;
mod times;
pub(crate) mod verify;
pub(crate) mod view;
pub mod walk;

use std::collections::HashMap;
use std::sync::Arc;

use packtree_gs1::Identifier;

use crate::fact::{Microseconds, Parking, Quantity};
use arena::Arena;
pub(crate) use draft::{Changes, Draft};
pub(crate) use image::{Lengths, Outline};
use index::Index;
use pages::{Paged, Sparse};
pub(crate) use parked::{Concern, ParkedTable};
use record::{Class, Container, Ix, Key, LotChange, LotRecord, Record};
pub(crate) use restore::{Parts, Unsound};
use settings::Settings;
pub(crate) use settings::{SettingRecord, bytes_of as settings_bytes_of};
use times::Times;
pub(crate) use view::{View, World};

/// The state that the facts up to its sequence number add up to.
#[derive(Clone, Debug)]
pub(crate) struct Forest {
    tables: Tables,
    lot_places: HashMap<(Class, u128), u32>,
    interned: Vec<Identifier>,
    interned_places: HashMap<Identifier, u32>,
    index: Index,
    quantities: Quantities,
    notes: Notes,
    times: Times,
    parked: ParkedTable,
    /// Whether the next image has to have what is parked.
    parked_changed: bool,
    settings: Settings,
    /// Holds in force, so that nothing is searched for holds while there are none.
    holds: u64,
}

/// The tables that a key is read from, apart from the index that points into them.
#[derive(Clone, Debug)]
struct Tables {
    records: Records,
    containers: Containers,
    lots: Lots,
    lot_changes: LotChanges,
}

// How many values or objects a page has: what is packed into 4 KiB or less, as a rule.
pub(crate) type Records = Paged<Record, 7>;
pub(crate) type Containers = Paged<Container, 7>;
pub(crate) type Lots = Paged<LotRecord, 5>;
pub(crate) type LotChanges = Paged<LotChange, 5>;
pub(crate) type Quantities = Sparse<Vec<Quantity>, 4>;
/// The last fact that noted an object without changing it.
pub(crate) type Notes = Sparse<u64, 7>;

impl Tables {
    fn key(&self, ix: Ix) -> Key {
        let record = self.records.get(ix.0);
        let lot = if record.is_container() { self.containers.get(record.link).lot } else { record.link };
        Key { class: self.lots.get(lot).class, serial: record.serial() }
    }
}

impl Forest {
    /// An empty forest; the seed keeps outsiders from choosing serial numbers that collide.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            tables: Tables {
                records: Paged::saved(Arena::new()),
                containers: Paged::saved(Arena::new()),
                lots: Paged::saved(Arena::new()),
                lot_changes: Paged::saved(Arena::new()),
            },
            lot_places: HashMap::new(),
            interned: Vec::new(),
            interned_places: HashMap::new(),
            index: Index::new(seed),
            quantities: Sparse::saved(HashMap::default()),
            notes: Sparse::saved(HashMap::default()),
            times: Times::default(),
            parked: ParkedTable::default(),
            parked_changed: false,
            settings: Settings::default(),
            holds: 0,
        }
    }

    /// The last fact applied.
    pub(crate) fn sequence(&self) -> u64 {
        self.times.len()
    }

    /// The settings whose names begin so, in the order of their names, those without a value included.
    pub(crate) fn settings<'f>(&'f self, prefix: &'f str) -> impl Iterator<Item = &'f SettingRecord> {
        self.settings.beginning_with(prefix)
    }

    /// Every lot, those without a number included.
    pub(crate) fn lots(&self) -> impl Iterator<Item = LotRecord> + '_ {
        self.tables.lots.iter()
    }

    fn point(&mut self, key: &Key, ix: Ix) {
        let Self { index, tables, .. } = self;
        index.insert(index.hash(key), ix, |other| tables.key(other));
    }
}

impl View for Forest {
    fn len(&self) -> u32 {
        self.tables.records.len()
    }

    fn record(&self, ix: Ix) -> Record {
        self.tables.records.get(ix.0)
    }

    fn containers_len(&self) -> u32 {
        self.tables.containers.len()
    }

    fn container_at(&self, place: u32) -> Container {
        self.tables.containers.get(place)
    }

    fn lots_len(&self) -> u32 {
        self.tables.lots.len()
    }

    fn lot(&self, place: u32) -> LotRecord {
        self.tables.lots.get(place)
    }

    fn lot_place(&self, class: Class, number: u128) -> Option<u32> {
        self.lot_places.get(&(class, number)).copied()
    }

    fn lot_change(&self, place: u32) -> LotChange {
        self.tables.lot_changes.get(place)
    }

    fn has_interned(&self) -> bool {
        !self.interned.is_empty()
    }

    fn interned(&self, place: u32) -> &Identifier {
        &self.interned[place as usize]
    }

    fn interned_place(&self, identifier: &Identifier) -> Option<u32> {
        self.interned_places.get(identifier).copied()
    }

    fn find_key(&self, key: &Key) -> Option<Ix> {
        self.index.find(self.index.hash(key), |ix| {
            self.tables.records.get(ix.0).serial() == key.serial && self.tables.key(ix).class == key.class
        })
    }

    fn warm(&self, keys: &mut dyn Iterator<Item = Key>) {
        /// Keys in one sweep: what they bring along stays in the processor's first-level cache.
        const SWEEP: usize = 64;
        let mut places = [Ix::NONE; SWEEP];
        loop {
            let mut swept = 0;
            for (place, key) in places.iter_mut().zip(&mut *keys) {
                *place = self.index.candidate(self.index.hash(&key)).unwrap_or(Ix::NONE);
                swept += 1;
            }
            let known = places[..swept].iter().filter_map(|place| place.known());
            std::hint::black_box(known.fold(0, |sum, ix| sum ^ self.record(ix).link));
            if swept < SWEEP {
                return;
            }
        }
    }

    fn quantities(&self, ix: Ix) -> &[Quantity] {
        self.quantities.get(ix).map_or(&[], Vec::as_slice)
    }

    fn last_note(&self, ix: Ix) -> u64 {
        self.notes.get(ix).copied().unwrap_or(0)
    }

    fn time_of(&self, sequence: u64) -> Microseconds {
        self.times.get(sequence)
    }

    fn holds(&self) -> u64 {
        self.holds
    }

    fn next_sequence(&self) -> u64 {
        self.sequence() + 1
    }

    fn parked_len(&self) -> usize {
        self.parked.len()
    }

    fn parked_bytes(&self) -> usize {
        self.parked.bytes()
    }

    fn parking(&self, fact: u64) -> Option<&Arc<Parking>> {
        self.parked.get(fact)
    }

    fn parked_about(&self, object: &Identifier) -> Vec<(u64, Concern)> {
        self.parked.about(object).collect()
    }

    fn for_each_parked(&self, visit: &mut dyn FnMut(u64, &Arc<Parking>)) {
        self.parked.iter().for_each(|(fact, parking)| visit(fact, parking));
    }

    fn setting(&self, name: &str) -> Option<&SettingRecord> {
        self.settings.get(name)
    }

    fn settings_len(&self) -> usize {
        self.settings.len()
    }

    fn settings_bytes(&self) -> usize {
        self.settings.bytes()
    }

    fn for_each_setting(&self, visit: &mut dyn FnMut(&SettingRecord)) {
        self.settings.beginning_with("").for_each(visit);
    }
}

impl World for Forest {
    fn set_record(&mut self, ix: Ix, record: Record) {
        self.tables.records.set(ix.0, record);
    }

    fn push_record(&mut self, record: Record, key: &Key) -> Ix {
        let ix = Ix(self.tables.records.push(record));
        self.point(key, ix);
        ix
    }

    fn rename(&mut self, ix: Ix, record: Record, key: &Key, stand_in: Record) -> Ix {
        let old = self.tables.key(ix);
        let tomb = Ix(self.tables.records.push(stand_in));
        self.index.repoint(self.index.hash(&old), ix, tomb);
        self.tables.records.set(ix.0, record);
        self.point(key, ix);
        tomb
    }

    fn set_container_at(&mut self, place: u32, container: Container) {
        self.tables.containers.set(place, container);
    }

    fn push_container(&mut self, container: Container) -> u32 {
        self.tables.containers.push(container)
    }

    fn set_lot(&mut self, place: u32, lot: LotRecord) {
        self.tables.lots.set(place, lot);
    }

    fn push_lot(&mut self, lot: LotRecord) -> u32 {
        let place = self.tables.lots.push(lot);
        self.lot_places.insert((lot.class, lot.number), place);
        place
    }

    fn push_lot_change(&mut self, change: LotChange) -> u32 {
        self.tables.lot_changes.push(change)
    }

    fn intern(&mut self, identifier: &Identifier) -> u32 {
        if let Some(place) = self.interned_places.get(identifier) {
            return *place;
        }
        let place = self.interned.len() as u32;
        self.interned.push(identifier.clone());
        self.interned_places.insert(identifier.clone(), place);
        place
    }

    fn set_quantities(&mut self, ix: Ix, quantities: Vec<Quantity>) {
        self.quantities.set(ix, (!quantities.is_empty()).then_some(quantities));
    }

    fn set_last_note(&mut self, ix: Ix, sequence: u64) {
        self.notes.set(ix, Some(sequence));
    }

    fn push_time(&mut self, time: Microseconds) {
        self.times.push(time);
    }

    fn park(&mut self, fact: u64, parking: Arc<Parking>) {
        self.parked.insert(fact, parking);
        self.parked_changed = true;
    }

    fn unpark(&mut self, fact: u64) {
        self.parked_changed |= self.parked.remove(fact).is_some();
    }

    fn set_setting(&mut self, setting: SettingRecord) {
        self.settings.set(setting);
    }

    fn set_holds(&mut self, holds: u64) {
        self.holds = holds;
    }
}
