//! Writes an image behind the writer of the forest: copied in short turns, encoded and stored between them.

use std::collections::BTreeMap;

use parking_lot::{RwLock, RwLockReadGuard};

use super::coding::{put_lot_changes, put_lots, put_page};
use super::coding_few::{
    put_identifiers, put_notes, put_parked, put_quantities, put_requests, put_times, setting_bytes,
};
use super::layout::{Manifest, Table};
use super::load::requests_page;
use super::pace::Pace;
use super::store::{Store, StoreError, Superseded};
use super::{Beat, Begun, Saved, Status};
use crate::fact::{RequestId, Sequence};
use crate::forest::pages::{PageSet, Pages};
use crate::forest::{Containers, Forest, Records, View as _};
use crate::limits::STATE_PAGES_PER_LOCK;
use crate::requests::Accepted;

struct Write<'a> {
    store: &'a mut Store,
    forest: &'a RwLock<Forest>,
    beat: &'a Beat,
    pace: Pace<'a>,
    changes: Superseded,
    sequence: u64,
}

/// Writes a checkpoint. When this returns it is valid.
pub(super) fn write(store: &mut Store, begun: &Begun, status: &Status, saved: &mut Saved) -> Result<(), StoreError> {
    let sequence = begun.head.sequence.0;
    let Status { beat, is_closing, .. } = status;
    let pace = Pace::new(is_closing);
    let mut write = Write { store, forest: &begun.forest, beat, pace, changes: Superseded::default(), sequence };
    let outline = &begun.outline;
    write.pages(Table::Records, &outline.records, Forest::records_table, |page, values, out| {
        put_page(values, page * Records::PAGE, out);
    })?;
    write.pages(Table::Containers, &outline.containers, Forest::containers_table, |page, values, out| {
        put_page(values, page * Containers::PAGE, out);
    })?;
    write.pages(Table::Lots, &outline.lots, Forest::lots_table, |_, lots, out| put_lots(lots, out))?;
    write.pages(Table::LotChanges, &outline.lot_changes, Forest::lot_changes_table, |_, changes, out| {
        put_lot_changes(changes, out);
    })?;
    write.interned(saved, outline.lengths.interned)?;
    write.pages(Table::Quantities, &outline.quantities, Forest::quantities_table, |_, page, out| {
        put_quantities(page, out);
    })?;
    write.pages(Table::Notes, &outline.notes, Forest::notes_table, |_, page, out| put_notes(page, out))?;
    write.times(saved, outline.lengths.facts)?;
    write.requests(saved, begun)?;
    if let Some(parked) = &outline.parked {
        let mut bytes = Vec::new();
        put_parked(parked, &mut bytes);
        write.put(Table::Parked, 0, &bytes)?;
    }
    for (place, setting) in &outline.settings {
        write.put(Table::Settings, *place, &setting_bytes(setting))?;
    }
    let Write { changes, store, mut pace, .. } = write;
    let (pages, sum) = (store.entries().pages(), store.entries().sum());
    let manifest = Manifest::new(store.next_checkpoint(), begun.head, outline.lengths, pages, sum);
    store.finish(changes, &manifest, &mut pace)
}

impl Write<'_> {
    /// Writes the pages of a table in ascending order, a few under each lock. Those that the writer of the forest had to keep are
    /// encoded as soon as they are seen, so that they take little memory.
    fn pages<T: Pages>(
        &mut self,
        table: Table,
        pages: &PageSet,
        of: fn(&Forest) -> &T,
        encode: impl Fn(u32, &T::Page, &mut Vec<u8>),
    ) -> Result<(), StoreError> {
        let forest = self.forest;
        let mut kept: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
        let mut pages = pages.iter();
        let mut turn = Vec::with_capacity(STATE_PAGES_PER_LOCK);
        loop {
            let guard = forest.read();
            turn.extend(pages.by_ref().take(STATE_PAGES_PER_LOCK).map(|page| (page, of(&guard).copy(page))));
            let taken = of(&guard).take_kept();
            RwLockReadGuard::unlock_fair(guard);
            for (page, copy) in taken {
                let mut bytes = Vec::new();
                encode(page, &copy, &mut bytes);
                kept.insert(page, bytes);
            }
            if turn.is_empty() {
                return Ok(());
            }
            let mut bytes = Vec::new();
            for (page, copy) in turn.drain(..) {
                if let Some(copy) = copy {
                    bytes.clear();
                    encode(page, &copy, &mut bytes);
                } else {
                    // A page that cannot be copied any more was kept, unless nobody waits for the image any more.
                    bytes = kept.remove(&page).ok_or(StoreError::GivenUp)?;
                }
                self.put(table, page, &bytes)?;
            }
        }
    }

    fn put(&mut self, table: Table, page: u32, bytes: &[u8]) -> Result<(), StoreError> {
        self.beat.beat();
        self.pace.rest();
        self.store.put(&mut self.changes, table, page, self.sequence, bytes)
    }

    /// Identifiers are only added, so the last page and those behind it are written.
    fn interned(&mut self, saved: &mut Saved, length: u32) -> Result<(), StoreError> {
        let each = super::INTERNED_PER_PAGE;
        while saved.interned < length {
            let page = saved.interned / each;
            let (from, to) = (page * each, length.min((page + 1) * each));
            let mut bytes = Vec::new();
            put_identifiers(&self.forest.read().interned_from(from)[..(to - from) as usize], &mut bytes);
            self.put(Table::Interned, page, &bytes)?;
            saved.interned = to;
        }
        Ok(())
    }

    fn times(&mut self, saved: &mut Saved, length: u64) -> Result<(), StoreError> {
        let each = super::TIMES_PER_PAGE;
        while saved.times < length {
            let page = saved.times / each;
            let to = length.min((page + 1) * each);
            let mut bytes = Vec::new();
            {
                let forest = self.forest.read();
                put_times((page * each + 1..=to).map(|sequence| forest.time_of(sequence)), &mut bytes);
            }
            self.put(Table::Times, page as u32, &bytes)?;
            saved.times = to;
        }
        Ok(())
    }

    /// Writes the requests since the last checkpoint, and leaves out those that are forgotten.
    fn requests(&mut self, saved: &mut Saved, begun: &Begun) -> Result<(), StoreError> {
        let first_page = super::first_requests_page(Sequence(self.sequence));
        let before = saved.requests_tail.iter().chain(begun.accepted.iter().flatten());
        let all: Vec<&(RequestId, Accepted)> =
            before.filter(|(_, accepted)| first_page <= requests_page(accepted.sequence)).collect();
        let mut bytes = Vec::new();
        for page in all.chunk_by(|one, next| requests_page(one.1.sequence) == requests_page(next.1.sequence)) {
            bytes.clear();
            put_requests(page.iter().copied(), &mut bytes);
            self.put(Table::Requests, requests_page(page[0].1.sequence), &bytes)?;
        }
        self.store.drop_before(&mut self.changes, Table::Requests, first_page);
        let last_page = requests_page(Sequence(self.sequence));
        let tail = all.iter().filter(|(_, accepted)| requests_page(accepted.sequence) == last_page);
        let tail = tail.copied().copied().collect();
        saved.requests_tail = tail;
        Ok(())
    }
}
