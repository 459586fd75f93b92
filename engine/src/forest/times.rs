//! The event time of each fact, about four bytes each, so that a late event is told without reading the journal.

use crate::fact::Microseconds;

const BLOCK: usize = 256;

/// Event times by sequence number; number 0 is no fact.
#[derive(Clone, Debug, Default)]
pub(crate) struct Times {
    blocks: Vec<Block>,
    length: u64,
}

#[derive(Clone, Debug)]
enum Block {
    /// Offsets from the first, in microseconds: facts that follow each other within 71 minutes.
    Near { base: Microseconds, offsets: Vec<i32> },
    /// Times as they are.
    Far(Vec<Microseconds>),
}

impl Times {
    /// Facts that have a time.
    pub(crate) const fn len(&self) -> u64 {
        self.length
    }

    /// The event time of a fact; the earliest time for number 0.
    pub(crate) fn get(&self, sequence: u64) -> Microseconds {
        let Some(place) = sequence.checked_sub(1) else { return Microseconds::MIN };
        let (block, within) = (place as usize / BLOCK, place as usize % BLOCK);
        match &self.blocks[block] {
            Block::Near { base, offsets } => base + i64::from(offsets[within]),
            Block::Far(times) => times[within],
        }
    }

    /// Adds the time of the next fact.
    pub(crate) fn push(&mut self, time: Microseconds) {
        if (self.length as usize).is_multiple_of(BLOCK) {
            self.blocks.push(Block::Near { base: time, offsets: Vec::with_capacity(BLOCK) });
        }
        self.length += 1;
        let block = self.blocks.last_mut().expect("a block was pushed for the first of its facts");
        match block {
            Block::Near { base, offsets } => {
                if let Ok(offset) = i32::try_from(time.saturating_sub(*base)) {
                    offsets.push(offset);
                } else {
                    let mut times: Vec<_> = offsets.iter().map(|offset| *base + i64::from(*offset)).collect();
                    times.push(time);
                    *block = Block::Far(times);
                }
            }
            Block::Far(times) => times.push(time),
        }
    }
}

impl FromIterator<Microseconds> for Times {
    fn from_iter<I: IntoIterator<Item = Microseconds>>(times: I) -> Self {
        let mut all = Self::default();
        times.into_iter().for_each(|time| all.push(time));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_and_far_times_come_back() {
        let given: Vec<Microseconds> = (0..1_000)
            .map(|n| if n % 300 == 299 { n * 10_000_000_000 } else { 1_700_000_000_000_000 + n * 999 })
            .collect();
        let mut times = Times::default();
        for time in &given {
            times.push(*time);
        }
        for (place, time) in given.iter().enumerate() {
            assert_eq!(times.get(place as u64 + 1), *time);
        }
        assert_eq!(times.get(0), Microseconds::MIN);
        assert_eq!(times.len(), 1_000);
    }
}
