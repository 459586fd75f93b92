//! Counters that the committer keeps of its groups, cheap enough to be kept always.

use std::sync::atomic::{AtomicU64, Ordering};

/// Buckets of a distribution. Sixteen doublings reach from 64 microseconds to two seconds, and from one operation to any group.
const BUCKETS: usize = 16;

/// How often something took how much: a bucket for each doubling.
///
/// ```
/// # use packtree::{Engine, Operation, Identifier, fact::Level, operation::Commission};
/// use packtree::Distribution;
///
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/packed_pallet.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let PackedPallet { engine, .. } = packed_pallet()?;
/// let stats = engine.stats();
/// let operations: Distribution = stats.group_operations;
/// assert_eq!(operations.count(), stats.groups, "each group is counted once");
/// assert_eq!(operations.sum, stats.facts);
/// let single = operations.bounded().next();
/// assert_eq!(single, Some((Some(1), 6)), "each of the six was waited for, so each was a group of its own");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// The upper bound of the first bucket; that of each further one is twice the bound before.
    pub first_bound: u64,
    /// How many were at most their bucket's bound and above the bound before. The last bucket has no bound.
    pub buckets: [u64; BUCKETS],
    /// All of them added up.
    pub sum: u64,
}

impl Distribution {
    /// How many there were.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// The bounds with the numbers of their buckets; the last has none.
    pub fn bounded(&self) -> impl Iterator<Item = (Option<u64>, u64)> + '_ {
        let bound = |index: usize| (index + 1 < BUCKETS).then(|| self.first_bound << index);
        self.buckets.iter().enumerate().map(move |(index, number)| (bound(index), *number))
    }
}

/// A distribution that one thread adds to while others read it.
#[derive(Debug)]
pub(super) struct Measure {
    first_bound: u64,
    buckets: [AtomicU64; BUCKETS],
    sum: AtomicU64,
}

impl Measure {
    pub(super) fn new(first_bound: u64) -> Self {
        Self { first_bound, buckets: Default::default(), sum: AtomicU64::new(0) }
    }

    pub(super) fn add(&self, value: u64) {
        let doublings = value.saturating_sub(1) / self.first_bound;
        let bucket = (u64::BITS - doublings.leading_zeros()) as usize;
        self.buckets[bucket.min(BUCKETS - 1)].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> Distribution {
        let buckets = std::array::from_fn(|index| self.buckets[index].load(Ordering::Relaxed));
        Distribution { first_bound: self.first_bound, buckets, sum: self.sum.load(Ordering::Relaxed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_in_the_first_bucket_that_holds_it() {
        let measure = Measure::new(64);
        for value in [0, 1, 64, 65, 128, 129, 1 << 20, u64::MAX >> 8] {
            measure.add(value);
        }
        let read = measure.read();
        assert_eq!(read.count(), 8);
        for (bound, number) in read.bounded() {
            let expected = match bound {
                Some(64) => 3,
                Some(128) => 2,
                Some(256 | 1_048_576) | None => 1,
                _ => 0,
            };
            assert_eq!(number, expected, "bucket up to {bound:?}");
        }
        assert_eq!(read.bounded().last().map(|(bound, _)| bound), Some(None));
    }

    #[test]
    fn operations_of_a_group_count_from_one() {
        let measure = Measure::new(1);
        for value in [1, 2, 3, 4, 5] {
            measure.add(value);
        }
        let read = measure.read();
        assert_eq!(read.buckets[..4], [1, 1, 2, 1]);
        assert_eq!(read.sum, 15);
    }
}
