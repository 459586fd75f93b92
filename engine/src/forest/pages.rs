//! Tables in pages, which know what has changed since the last image of them and keep what an image still needs.
//!
//! An image is begun under the write lock and copied page by page under read locks, while the writer goes on. A page that the
//! writer is about to change before it was copied is kept first, so that the image shows all tables as they were when it was begun.

use std::collections::HashMap;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::fast::FixedState;
use parking_lot::Mutex;

use super::arena::Arena;
use super::record::Ix;

/// Numbers of pages, one bit each.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageSet(Vec<u64>);

impl PageSet {
    fn insert(&mut self, page: u32) {
        let (word, bit) = place(page);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= bit;
    }

    /// How many pages are in it.
    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The pages in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0_u32..).zip(&self.0).flat_map(|(at, word)| {
            (0..u64::BITS).filter(move |bit| word & (1 << bit) != 0).map(move |bit| at * u64::BITS + bit)
        })
    }
}

const fn place(page: u32) -> (usize, u64) {
    (page as usize / u64::BITS as usize, 1 << (page % u64::BITS))
}

/// The pages of one table: what changed, and what the image that is being taken still needs. `P` is the copy of a page.
#[derive(Debug)]
struct Track<P> {
    changed: PageSet,
    /// The pages of the image that were not copied yet. The image takes bits away under a read lock.
    pending: Vec<AtomicU64>,
    /// Pages as the image needs them, copied because they were about to change.
    kept: Mutex<Vec<(u32, P)>>,
}

impl<P> Default for Track<P> {
    fn default() -> Self {
        Self { changed: PageSet::default(), pending: Vec::new(), kept: Mutex::default() }
    }
}

impl<P> Track<P> {
    /// Notes a change. Says whether the page has to be kept before.
    fn change(&mut self, page: u32) -> bool {
        self.changed.insert(page);
        let (word, bit) = place(page);
        let Some(pending) = self.pending.get_mut(word) else { return false };
        let pending = pending.get_mut();
        let must_keep = *pending & bit != 0;
        *pending &= !bit;
        must_keep
    }

    fn keep(&mut self, page: u32, copy: P) {
        self.kept.get_mut().push((page, copy));
    }

    /// Begins an image of what changed since the last one.
    fn begin(&mut self) -> PageSet {
        let empty = PageSet(vec![0; self.changed.0.len()]);
        let pages = mem::replace(&mut self.changed, empty);
        self.pending = pages.0.iter().copied().map(AtomicU64::new).collect();
        *self.kept.get_mut() = Vec::new();
        pages
    }

    fn abandon(&mut self) {
        self.pending = Vec::new();
        *self.kept.get_mut() = Vec::new();
    }

    /// Takes a page off what the image needs; `false` when it was kept instead.
    fn claim(&self, page: u32) -> bool {
        let (word, bit) = place(page);
        self.pending.get(word).is_some_and(|pending| pending.fetch_and(!bit, Ordering::Relaxed) & bit != 0)
    }
}

/// A table that an image can be taken of. What is changed in it is noted page by page.
pub(crate) trait Pages {
    /// The copy of a page.
    type Page;

    /// The page as the image needs it; `None` when it had to be kept.
    fn copy(&self, page: u32) -> Option<Self::Page>;

    /// The pages that had to be kept since this was asked last.
    fn take_kept(&self) -> Vec<(u32, Self::Page)>;
}

/// An arena in pages of two to the power of `SHIFT` values.
#[derive(Debug)]
pub(crate) struct Paged<T, const SHIFT: u32> {
    values: Arena<T>,
    track: Track<Vec<T>>,
    /// Values that the image has.
    image_length: u32,
}

impl<T: Copy, const SHIFT: u32> Paged<T, SHIFT> {
    pub(crate) const PAGE: u32 = 1 << SHIFT;

    /// A table of which everything is saved already.
    pub(crate) fn saved(values: Arena<T>) -> Self {
        Self { values, track: Track::default(), image_length: 0 }
    }

    pub(crate) const fn len(&self) -> u32 {
        self.values.len()
    }

    #[inline]
    pub(crate) fn get(&self, index: u32) -> T {
        self.values.get(index)
    }

    #[inline]
    pub(crate) fn set(&mut self, index: u32, value: T) {
        let page = index >> SHIFT;
        if self.track.change(page) {
            let copy = self.copy_of(page);
            self.track.keep(page, copy);
        }
        self.values.set(index, value);
    }

    #[inline]
    pub(crate) fn push(&mut self, value: T) -> u32 {
        let index = self.values.push(value);
        // What the image has of the page stays as it is, so there is nothing to keep.
        self.track.changed.insert(index >> SHIFT);
        index
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.values.iter()
    }

    pub(super) fn begin_image(&mut self) -> PageSet {
        self.image_length = self.values.len();
        self.track.begin()
    }

    pub(super) fn abandon_image(&mut self) {
        self.track.abandon();
    }

    pub(super) fn changed(&self) -> usize {
        self.track.changed.len()
    }

    pub(super) fn change_all(&mut self) {
        (0..self.values.len()).step_by(1 << SHIFT).for_each(|index| self.track.changed.insert(index >> SHIFT));
    }

    fn copy_of(&self, page: u32) -> Vec<T> {
        let from = page << SHIFT;
        self.values.slice(from, self.image_length.min(from.saturating_add(1 << SHIFT))).to_vec()
    }
}

impl<T: Copy, const SHIFT: u32> Pages for Paged<T, SHIFT> {
    type Page = Vec<T>;

    fn copy(&self, page: u32) -> Option<Vec<T>> {
        self.track.claim(page).then(|| self.copy_of(page))
    }

    fn take_kept(&self) -> Vec<(u32, Vec<T>)> {
        mem::take(&mut self.track.kept.lock())
    }
}

impl<T: Copy, const SHIFT: u32> Clone for Paged<T, SHIFT> {
    fn clone(&self) -> Self {
        let mut clone = Self::saved(self.values.clone());
        clone.change_all();
        clone
    }
}

/// Values of few objects, in pages of two to the power of `SHIFT` objects.
#[derive(Debug)]
pub(crate) struct Sparse<T, const SHIFT: u32> {
    values: HashMap<Ix, T, FixedState>,
    track: Track<Vec<(Ix, T)>>,
}

impl<T: Clone, const SHIFT: u32> Sparse<T, SHIFT> {
    /// A table of which everything is saved already.
    pub(crate) fn saved(values: HashMap<Ix, T, FixedState>) -> Self {
        Self { values, track: Track::default() }
    }

    pub(crate) fn get(&self, ix: Ix) -> Option<&T> {
        self.values.get(&ix)
    }

    /// Sets or removes the value of an object.
    pub(crate) fn set(&mut self, ix: Ix, value: Option<T>) {
        let page = ix.0 >> SHIFT;
        if self.track.change(page) {
            let copy = self.copy_of(page);
            self.track.keep(page, copy);
        }
        match value {
            Some(value) => self.values.insert(ix, value),
            None => self.values.remove(&ix),
        };
    }

    pub(super) fn begin_image(&mut self) -> PageSet {
        self.track.begin()
    }

    pub(super) fn abandon_image(&mut self) {
        self.track.abandon();
    }

    pub(super) fn change_all(&mut self) {
        let Self { values, track } = self;
        for ix in values.keys() {
            track.changed.insert(ix.0 >> SHIFT);
        }
    }

    fn copy_of(&self, page: u32) -> Vec<(Ix, T)> {
        let from = page << SHIFT;
        (from..=from | ((1 << SHIFT) - 1))
            .filter_map(|place| Some((Ix(place), self.values.get(&Ix(place))?.clone())))
            .collect()
    }
}

impl<T: Clone, const SHIFT: u32> Pages for Sparse<T, SHIFT> {
    type Page = Vec<(Ix, T)>;

    fn copy(&self, page: u32) -> Option<Self::Page> {
        self.track.claim(page).then(|| self.copy_of(page))
    }

    fn take_kept(&self) -> Vec<(u32, Self::Page)> {
        mem::take(&mut self.track.kept.lock())
    }
}

impl<T: Clone, const SHIFT: u32> Clone for Sparse<T, SHIFT> {
    fn clone(&self) -> Self {
        let mut clone = Self::saved(self.values.clone());
        clone.change_all();
        clone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(table: &Paged<u32, 2>, pages: &PageSet) -> Vec<(u32, Vec<u32>)> {
        let mut image: Vec<_> = pages.iter().filter_map(|page| Some((page, table.copy(page)?))).collect();
        image.extend(table.take_kept());
        image.sort();
        image
    }

    #[test]
    fn an_image_shows_what_was_when_it_was_begun() {
        let mut table = Paged::<u32, 2>::saved(Arena::new());
        (0..10).for_each(|value| {
            table.push(value);
        });
        let pages = table.begin_image();
        table.set(1, 100);
        table.set(1, 101);
        table.push(10);
        table.set(8, 102);
        table.push(11);
        let first = [(0, vec![0, 1, 2, 3]), (1, vec![4, 5, 6, 7]), (2, vec![8, 9])];
        assert_eq!(image(&table, &pages), first);

        let pages = table.begin_image();
        assert_eq!(image(&table, &pages), [(0, vec![0, 101, 2, 3]), (2, vec![102, 9, 10, 11])], "only what changed");
        let pages = table.begin_image();
        assert_eq!(pages.len(), 0);
    }

    #[test]
    fn an_image_of_few_values_shows_what_was() {
        let mut table = Sparse::<u32, 2>::saved(HashMap::default());
        table.set(Ix(1), Some(1));
        table.set(Ix(6), Some(6));
        let pages = table.begin_image();
        table.set(Ix(2), Some(2));
        table.set(Ix(6), None);
        let copied: Vec<_> = pages.iter().map(|page| table.copy(page)).collect();
        assert_eq!(copied, [None, None], "both pages had to be kept");
        assert_eq!(table.take_kept(), [(0, vec![(Ix(1), 1)]), (1, vec![(Ix(6), 6)])]);
        assert_eq!(table.begin_image().iter().collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn what_an_abandoned_image_needed_is_dropped() {
        let mut table = Paged::<u32, 2>::saved(Arena::new());
        table.push(1);
        table.begin_image();
        table.abandon_image();
        table.set(0, 2);
        assert_eq!(table.take_kept(), []);
    }
}
