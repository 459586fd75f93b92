//! Reads a checkpoint back: every value checked, every page accounted for, every link followed once.

use std::mem;
use std::sync::Arc;

use super::coding::{read_lot_changes, read_lots, read_page};
use super::coding_few::{
    read_identifiers, read_notes, read_parked, read_quantities, read_requests, read_setting, read_times,
};
use super::layout::{Key, Malformed, Manifest, Table, Value};
use super::store::{Entries, Entry, Kept, Store, StoreError};
use super::{Beat, Image};
use crate::fact::{RequestId, Sequence};
use crate::forest::{Containers, LotChanges, Lots, Parts, Records};
use crate::requests::{Accepted, Requests};

/// What was read of a store for one checkpoint.
struct Load<'a> {
    manifest: &'a Manifest,
    parts: Parts,
    requests: Vec<(RequestId, Accepted)>,
    entries: Entries,
    superseded: Vec<Key>,
    unfinished: Vec<Key>,
    /// The page that is being read, as it was last written so far.
    page: Page,
    buffer: Vec<u8>,
}

#[derive(Default)]
struct Page {
    /// The keys of its values; all of one page and one checkpoint.
    keys: Vec<Key>,
    values: Vec<sled::IVec>,
}

impl Page {
    fn is_at(&self, key: &Key) -> bool {
        self.keys.first().is_some_and(|own| (own.table, own.page) == (key.table, key.page))
    }
}

/// A checkpoint that was loaded, and what the store needs to go on from it.
pub(super) struct LoadedImage {
    pub(super) image: Image,
    pub(super) kept: Kept,
    /// The requests of the last page, which is written again when more come.
    pub(super) requests_tail: Vec<(RequestId, Accepted)>,
}

/// Loads a checkpoint.
pub(super) fn load(store: &Store, manifest: &Manifest, seed: u64, beat: &Beat) -> Result<LoadedImage, StoreError> {
    let mut load = Load {
        manifest,
        parts: Parts { holds: manifest.lengths.holds, ..Parts::default() },
        requests: Vec::new(),
        entries: Entries::default(),
        superseded: Vec::new(),
        unfinished: Vec::new(),
        page: Page::default(),
        buffer: Vec::new(),
    };
    for item in store.values() {
        let (key, value) = item?;
        load.value(Key::read(&key)?, value)?;
        beat.beat();
    }
    load.end_page()?;
    let Load { parts, requests: accepted, entries, superseded, unfinished, .. } = load;
    if entries.pages() != manifest.pages || entries.sum() != manifest.sum || !are_complete(&parts, manifest) {
        return Err(Malformed::Pages.into());
    }
    let forest = parts.into_forest(seed)?;
    beat.beat();
    if forest.lengths() != manifest.lengths {
        return Err(Malformed::Pages.into());
    }
    let mut requests = Requests::default();
    let tail = accepted
        .partition_point(|(_, accepted)| requests_page(accepted.sequence) < requests_page(manifest.head().sequence));
    for (id, accepted) in &accepted {
        requests.remember(*id, *accepted);
    }
    let image = Image { head: manifest.head(), forest, requests };
    let kept = Kept { entries, superseded, unfinished };
    Ok(LoadedImage { image, kept, requests_tail: accepted[tail..].to_vec() })
}

fn are_complete(parts: &Parts, manifest: &Manifest) -> bool {
    let lengths = &manifest.lengths;
    parts.records.len() == lengths.records
        && parts.containers.len() == lengths.containers
        && parts.lots.len() == lengths.lots
        && parts.lot_changes.len() == lengths.lot_changes
        && parts.interned.len() == lengths.interned as usize
        && parts.times.len() as u64 == lengths.facts
        && parts.settings.len() == lengths.settings as usize
}

/// The page of the request of a fact.
pub(super) const fn requests_page(sequence: Sequence) -> u32 {
    (sequence.0 / super::REQUESTS_PER_PAGE) as u32
}

impl Load<'_> {
    /// Takes the next value. Of each page, the newest checkpoint up to the one that is loaded counts.
    fn value(&mut self, key: Key, value: sled::IVec) -> Result<(), StoreError> {
        if self.manifest.checkpoint < key.checkpoint {
            self.unfinished.push(key);
            return Ok(());
        }
        if !self.page.is_at(&key) {
            self.end_page()?;
        }
        if self.page.keys.last().is_some_and(|last| last.checkpoint != key.checkpoint) {
            self.superseded.append(&mut self.page.keys);
            self.page.values.clear();
        }
        self.page.keys.push(key);
        self.page.values.push(value);
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), StoreError> {
        let Some(first) = self.page.keys.first().copied() else { return Ok(()) };
        let mut buffer = mem::take(&mut self.buffer);
        buffer.clear();
        let mut sum: u64 = 0;
        for ((part, key), value) in (0..).zip(&self.page.keys).zip(&self.page.values) {
            let value = Value::read(key, value)?;
            if key.part != part || usize::from(value.parts) != self.page.keys.len() {
                return Err(Malformed::Incomplete.into());
            }
            if self.manifest.head().sequence.0 < value.sequence {
                return Err(Malformed::Page.into());
            }
            sum = sum.wrapping_add(value.vouch(key));
            buffer.extend_from_slice(value.part);
        }
        if self.is_dropped(&first) {
            self.superseded.append(&mut self.page.keys);
        } else {
            let entry = Entry { checkpoint: first.checkpoint, parts: self.page.keys.len() as u16, sum };
            self.entries.insert(first.table, first.page, entry);
            self.read(first.table, first.page, &buffer)?;
        }
        self.page.keys.clear();
        self.page.values.clear();
        self.buffer = buffer;
        Ok(())
    }

    /// Whether the page belongs to an older checkpoint only: requests that are old enough are forgotten.
    fn is_dropped(&self, first: &Key) -> bool {
        first.table == Table::Requests && first.page < super::first_requests_page(self.manifest.head().sequence)
    }

    fn read(&mut self, table: Table, page: u32, bytes: &[u8]) -> Result<(), Malformed> {
        let parts = &mut self.parts;
        let in_order = |length: u32, page_length: u32| {
            if page.checked_mul(page_length) == Some(length) { Ok(length) } else { Err(Malformed::Incomplete) }
        };
        match table {
            Table::Manifests => Err(Malformed::Key),
            Table::Records => {
                let place = in_order(parts.records.len(), Records::PAGE)?;
                read_page(bytes, place, |record| {
                    parts.records.push(record);
                })
            }
            Table::Containers => {
                let place = in_order(parts.containers.len(), Containers::PAGE)?;
                read_page(bytes, place, |container| {
                    parts.containers.push(container);
                })
            }
            Table::Lots => {
                in_order(parts.lots.len(), Lots::PAGE)?;
                read_lots(bytes, |lot| {
                    parts.lots.push(lot);
                })
            }
            Table::LotChanges => {
                in_order(parts.lot_changes.len(), LotChanges::PAGE)?;
                read_lot_changes(bytes, |change| {
                    parts.lot_changes.push(change);
                })
            }
            Table::Interned => {
                in_order(parts.interned.len() as u32, super::INTERNED_PER_PAGE)?;
                read_identifiers(bytes, &mut parts.interned)
            }
            Table::Quantities => read_quantities(bytes, |ix, quantities| {
                parts.quantities.insert(ix, quantities);
            }),
            Table::Notes => read_notes(bytes, |ix, fact| {
                parts.notes.insert(ix, fact);
            }),
            Table::Times => {
                if parts.times.len() as u64 != u64::from(page) * super::TIMES_PER_PAGE {
                    return Err(Malformed::Incomplete);
                }
                read_times(bytes, &mut parts.times)
            }
            Table::Requests => read_requests(bytes, |id, accepted| self.requests.push((id, accepted))),
            Table::Parked => read_parked(bytes, |fact, parking| {
                parts.parked.insert(fact, Arc::new(parking));
            }),
            Table::Settings => {
                in_order(parts.settings.len() as u32, 1)?;
                parts.settings.push(read_setting(bytes)?);
                Ok(())
            }
        }
    }
}
