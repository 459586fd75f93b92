//! From a key to its place in the arena: hash tables that store the place only, five bytes an entry.

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;
use std::thread;

use super::record::{Ix, Key};

/// Tables. A table that grows rehashes its own entries only, so that no call waits for millions of them.
const SHARDS: usize = 4_096;

/// Where each key is.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    shards: Vec<HashTable<u32>>,
    hasher: FixedState,
}

impl Index {
    pub(crate) fn new(seed: u64) -> Self {
        Self { shards: vec![HashTable::new(); SHARDS], hasher: FixedState::with_seed(seed) }
    }

    pub(crate) fn hash(&self, key: &Key) -> u64 {
        self.hasher.hash_one(key)
    }

    pub(crate) fn find(&self, hash: u64, mut is_it: impl FnMut(Ix) -> bool) -> Option<Ix> {
        self.shards[shard(hash)].find(hash, |place| is_it(Ix(*place))).map(|place| Ix(*place))
    }

    /// The place that a key of this hash is most likely at, without looking at its record.
    pub(crate) fn candidate(&self, hash: u64) -> Option<Ix> {
        self.find(hash, |_| true)
    }

    /// Adds a place; `key_of` answers for the places that are there when the table has to grow.
    pub(crate) fn insert(&mut self, hash: u64, ix: Ix, key_of: impl Fn(Ix) -> Key) {
        let Self { shards, hasher } = self;
        shards[shard(hash)].insert_unique(hash, ix.0, |place| hasher.hash_one(key_of(Ix(*place))));
    }

    /// Points the entry of a key to another place.
    pub(crate) fn repoint(&mut self, hash: u64, from: Ix, to: Ix) {
        if let Some(place) = self.shards[shard(hash)].find_mut(hash, |place| *place == from.0) {
            *place = to.0;
        }
    }

    /// Adds the places from 0 up to `places` to an empty index, on two threads, each with half of the tables.
    pub(crate) fn fill(&mut self, places: u32, key_of: impl Fn(Ix) -> Key + Sync) {
        let Self { shards, hasher } = self;
        let hasher = &*hasher;
        let each = places as usize / SHARDS;
        let fill = |first: usize, tables: &mut [HashTable<u32>]| {
            for table in &mut *tables {
                *table = HashTable::with_capacity(each + each / 16);
            }
            for place in 0..places {
                let hash = hasher.hash_one(key_of(Ix(place)));
                if let Some(table) = shard(hash).checked_sub(first).and_then(|at| tables.get_mut(at)) {
                    table.insert_unique(hash, place, |other| hasher.hash_one(key_of(Ix(*other))));
                }
            }
        };
        let (low, high) = shards.split_at_mut(SHARDS / 2);
        thread::scope(|scope| {
            scope.spawn(|| fill(SHARDS / 2, high));
            fill(0, low);
        });
    }
}

/// The table of a hash. hashbrown takes its buckets from the low bits and its tags from the top seven, so take others.
const fn shard(hash: u64) -> usize {
    (hash >> 40) as usize % SHARDS
}
