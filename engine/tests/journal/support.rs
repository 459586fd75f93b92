//! What the tests of the journal share.

use std::sync::Arc;

use packtree::disk::{Disk, SimulatedDisk};
use packtree::journal::{Group, Head, Journal, OpenError, Opening, Recovered, Sequence, Settings};

/// Small segments, so that a few groups fill several.
pub(crate) const SEGMENT_BYTES: u64 = 4096;

pub(crate) fn opening() -> Opening {
    Opening { settings: Settings { segment_bytes: SEGMENT_BYTES }, ..Opening::new([7; 16], 1_000) }
}

/// An opened journal and the facts that it showed.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) journal: Journal,
    pub(crate) recovered: Recovered,
    pub(crate) facts: Vec<Vec<u8>>,
}

pub(crate) fn open_with(disk: &SimulatedDisk, opening: &Opening) -> Result<Opened, OpenError> {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    let mut facts = Vec::new();
    let lock = disk.lock().expect("nobody else holds the simulated disk");
    let (journal, recovered) = Journal::open(disk, lock, opening, &mut |frame| {
        facts.extend(frame.facts().map(|(_, fact)| fact.to_vec()));
        Ok(())
    })?;
    Ok(Opened { journal, recovered, facts })
}

pub(crate) fn open(disk: &SimulatedDisk) -> Result<Opened, OpenError> {
    open_with(disk, &opening())
}

/// Appends facts as one group of one run each.
pub(crate) fn append(journal: &mut Journal, facts: &[Vec<u8>]) -> Result<Head, packtree::journal::AppendError> {
    let mut group = Group::new();
    for fact in facts {
        group.push(&[fact]).expect("the facts of the tests are short");
    }
    let first = journal.head().sequence.next();
    journal.append(first, &mut group, 1_000 + first.0.cast_signed())
}

/// Fact number `sequence` of the tests, of some length that varies with it.
pub(crate) fn fact(sequence: u64) -> Vec<u8> {
    let length = (sequence * 37 % 90) as usize;
    let mut bytes = sequence.to_le_bytes().to_vec();
    bytes.resize(8 + length, sequence as u8);
    bytes
}

/// So many facts from number `first` on.
pub(crate) fn facts_from(first: Sequence, count: u64) -> Vec<Vec<u8>> {
    (first.0..first.0 + count).map(fact).collect()
}
